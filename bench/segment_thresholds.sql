-- Customers as they were known at the end of each month, what they did before and after, and the
-- policies to compare.
INSERT INTO invoice
    SELECT 'ibm', customer, to_date(invoice_date, 'MM/DD/YYYY'), to_date(due_date, 'MM/DD/YYYY'),
           to_date(paid_date, 'MM/DD/YYYY'), amount, disputed = 'Yes' FROM ibm
    UNION ALL
    SELECT 'highradius', customer, NULL, due_date, paid_date, amount, false FROM highradius
    UNION ALL
    SELECT 'sample', customer, invoice_date, due_date, paid_date, amount, disputed FROM sample;

-- Month ends: from `history` months after the first due date on, `judged` those after which half a year of due
-- dates is in the data.
CREATE TABLE month AS
SELECT data,
    (date '2000-01-01' + make_interval(months => first + n) - interval '1 day')::date AS as_of,
    n <= last_judged AS judged
FROM (VALUES
    ('ibm', date '2013-01-01', 6, 10), ('highradius', '2019-07-01', 4, 8),
    ('sample', '2025-01-01', 6, 11)) AS d(data, start, last_judged, last),
    LATERAL (
        SELECT (extract(year FROM start)::int - 2000) * 12 + extract(month FROM start)::int - 1 AS
            first
    ) AS f,
    generate_series(0, last) AS n;

CREATE TABLE known AS
    SELECT data, as_of, customer,
           payment_profile(invoice_date, due_date, paid_date, amount, disputed, as_of) AS profile
    FROM invoice JOIN month USING (data) GROUP BY data, as_of, customer;
DELETE FROM known WHERE profile IS NULL;

-- Days late of the undisputed invoices that are paid: n, sum and sum of squares of those paid by then,
-- and of those that fell due in the half year after.
CREATE TABLE outcome AS
SELECT data, as_of, customer, h.*
FROM month
JOIN invoice USING (data),
    LATERAL (SELECT paid_date - due_date AS late) AS l,
    LATERAL (VALUES
        ('past', paid_date <= as_of),
        ('next', due_date > as_of AND due_date <= as_of + interval '6 months')) AS w(half, counts),
    LATERAL (SELECT w.half, late WHERE counts AND amount >= 0 AND NOT disputed) AS h
WHERE paid_date IS NOT NULL;
CREATE TABLE behaviour AS
    SELECT data, as_of, customer, half, floored, count(*) AS n, sum(d)::float8 AS s, sum(d * d)::float8 AS q,
           count(*) FILTER (WHERE late > 30) AS over_30
    FROM outcome, LATERAL (VALUES (false, late), (true, greatest(late, 0))) AS f(floored, d)
    GROUP BY data, as_of, customer, half, floored;

-- The standard policy with one thing changed in its text.
CREATE FUNCTION changed(what text, into_what text) RETURNS segment_policy LANGUAGE plpgsql AS $$
DECLARE
    old text := standard_segment_policy();
BEGIN
    IF old NOT LIKE '%' || replace(what, '_', '\_') || '%' THEN
        RAISE EXCEPTION 'the standard policy has no %', what;
    END IF;
    RETURN replace(old, what, into_what);
END $$;
-- Without the rules whose condition contains a text.
CREATE FUNCTION without_rule(part text) RETURNS segment_policy LANGUAGE sql
    RETURN (SELECT segment_policy(place::int, rule ->> 'segment', rule ->> 'when', rule ->> 'stay')
            FROM jsonb_array_elements(standard_segment_policy()::jsonb) WITH ORDINALITY AS r(rule, place)
            WHERE strpos(coalesce(rule ->> 'when', ''), part) = 0);
CREATE FUNCTION without_stay() RETURNS segment_policy LANGUAGE sql
    RETURN (SELECT segment_policy(place::int, rule ->> 'segment', rule ->> 'when')
            FROM jsonb_array_elements(standard_segment_policy()::jsonb) WITH ORDINALITY AS r(rule, place));

-- Where everybody is on the days of a table of profiles, each from where it was the time before.
CREATE TABLE daily AS
    SELECT data, as_of, customer, payment_profile(invoice_date, due_date, paid_date, amount, disputed, as_of) AS profile
    FROM invoice, LATERAL (SELECT date '2025-12-31' - n AS as_of FROM generate_series(0, 60) AS n) AS d
    WHERE data = 'sample' GROUP BY data, as_of, customer;
DELETE FROM daily WHERE profile IS NULL;
CREATE FUNCTION walk(policy segment_policy, days boolean DEFAULT false)
RETURNS TABLE (data text, as_of date, customer text, segment text) LANGUAGE sql AS $$
    WITH RECURSIVE step AS (
        SELECT data, as_of, customer, profile, lag(as_of) OVER (PARTITION BY data, customer ORDER BY as_of) AS before
        FROM (SELECT * FROM known WHERE NOT days UNION ALL SELECT * FROM daily WHERE days) AS k
    ), walk AS (
        SELECT data, as_of, customer, assign_segment(policy, profile, as_of) AS segment FROM step WHERE before IS NULL
        UNION ALL
        SELECT s.data, s.as_of, s.customer, assign_segment(policy, s.profile, s.as_of, current_segment => w.segment)
        FROM walk AS w JOIN step AS s ON (s.data, s.customer, s.before) = (w.data, w.customer, w.as_of)
    )
    SELECT data, as_of, customer, coalesce(segment, 'none') FROM walk
$$;
-- Day by day: the share of customers where they were the day before, moves, and moves back within 14 days to a segment
-- that was left.
CREATE FUNCTION steadiness(policy segment_policy)
    RETURNS TABLE (same float8, moves bigint, back bigint) LANGUAGE sql AS $$
    WITH w AS MATERIALIZED (
        SELECT *, lag(segment) OVER (PARTITION BY customer ORDER BY as_of) AS before
        FROM walk(policy, true)
    )
    SELECT avg((segment = before)::int)::float8,
        count(*) FILTER (WHERE segment <> before),
        count(*) FILTER (WHERE segment <> before
            AND EXISTS (
                SELECT FROM w AS e
                WHERE e.customer = w.customer
                    AND e.segment <> e.before
                    AND e.before = w.segment
                    AND e.as_of < w.as_of
                    AND e.as_of >= w.as_of - 14
            ))
    FROM w
    WHERE before IS NOT NULL
$$;
-- The sample at its end: who is where, and where their kind asks for.
CREATE FUNCTION by_kind(policy segment_policy)
    RETURNS TABLE (kind text, asked_for text, segment text, customers bigint) LANGUAGE sql AS $$
    SELECT k.kind, k.segment, w.segment, count(*)
    FROM walk(policy, true) AS w
    JOIN kind AS k USING (customer)
    WHERE as_of = '2025-12-31'
    GROUP BY 1, 2, 3
$$;

-- Eta squared, the share of the variance that lies between groups: of invoices (weight n), and of customers and
-- their means. `placed_in` says which group everybody is in.
CREATE TABLE placed_in (data text, as_of date, customer text, segment text);
CREATE FUNCTION separation_of_placed()
    RETURNS TABLE (
        data text, half text, floored boolean, items float8, customers float8) LANGUAGE sql AS $$
    WITH by_segment AS (
        SELECT b.data, b.as_of, half, floored, segment, sum(n) AS n, sum(s) AS s, sum(q) AS q,
               count(*) AS customers, sum(s / n) AS means, sum((s / n) * (s / n)) AS squares
        FROM placed_in JOIN behaviour AS b USING (data, as_of, customer) JOIN month AS m USING (data, as_of)
        WHERE judged GROUP BY b.data, b.as_of, half, floored, segment
    ), by_date AS (
        SELECT data, as_of, half, floored,
               (sum(s * s / n) - sum(s) * sum(s) / sum(n)) / (sum(q) - sum(s) * sum(s) / sum(n)) AS items,
               (sum(means * means / customers) - sum(means) * sum(means) / sum(customers))
                   / (sum(squares) - sum(means) * sum(means) / sum(customers)) AS customers
        FROM by_segment GROUP BY data, as_of, half, floored
    )
    SELECT data, half, floored, avg(items), avg(customers) FROM by_date GROUP BY data, half, floored
$$;
CREATE FUNCTION separation(policy segment_policy)
    RETURNS TABLE (
        data text, half text, floored boolean, items float8, customers float8) LANGUAGE sql AS $$
    TRUNCATE placed_in;
    INSERT INTO placed_in
    SELECT data, as_of, customer, coalesce(assign_segment(policy, profile, as_of), 'none')
    FROM known;
    SELECT * FROM separation_of_placed()
$$;
-- The plain rule beside it: four quantiles of the past mean, those without one apart.
CREATE FUNCTION separation_of_quartiles()
    RETURNS TABLE (
        data text, half text, floored boolean, items float8, customers float8) LANGUAGE sql AS $$
    TRUNCATE placed_in;
    INSERT INTO placed_in
    SELECT data,
        as_of,
        customer,
        CASE
            WHEN mean IS NULL THEN 'none'
            ELSE ntile(4) OVER (PARTITION BY data, as_of, mean IS NULL ORDER BY mean)::text
        END
    FROM (SELECT data, as_of, customer, mean_days_late(profile) AS mean FROM known) AS k;
    SELECT * FROM separation_of_placed()
$$;

-- The share of customers that are in another segment at a month end than at the one before.
CREATE FUNCTION movement(policy segment_policy) RETURNS TABLE (data text, moved float8, moves bigint, back bigint)
LANGUAGE sql AS $$
    SELECT data, avg((segment <> before)::int)::float8, count(*) FILTER (WHERE segment <> before),
           count(*) FILTER (WHERE segment <> before AND segment = before2)
    FROM (SELECT data, segment, lag(segment) OVER w AS before, lag(segment, 2) OVER w AS before2 FROM walk(policy)
          WINDOW w AS (PARTITION BY data, customer ORDER BY as_of)) AS m
    WHERE before IS NOT NULL GROUP BY data
$$;

