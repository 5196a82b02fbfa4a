-- Customers as they were known at the end of each month, what they did before and after, and the
-- policies to compare.
INSERT INTO invoice
    SELECT 'ibm', customer, to_date(invoice_date, 'MM/DD/YYYY'), to_date(due_date, 'MM/DD/YYYY'),
           to_date(paid_date, 'MM/DD/YYYY'), amount, disputed = 'Yes' FROM ibm
    UNION ALL
    SELECT 'sample', customer, invoice_date, due_date, paid_date, amount, disputed FROM sample;

-- Month ends: from a year after the first invoice on. `judged` are the seven after which half a year of
-- due dates is in the data.
CREATE TABLE month AS
    SELECT data, (first + interval '1 month' * (12 + n) - interval '1 day')::date AS as_of, n <= 6 AS judged
    FROM (SELECT data, date_trunc('month', min(invoice_date)) AS first FROM invoice GROUP BY data) AS d,
         generate_series(0, 11) AS n
    WHERE data = 'sample' OR n < 11;

CREATE TABLE known AS
    SELECT data, as_of, customer,
           payment_profile(invoice_date, due_date, paid_date, amount, disputed, as_of) AS profile
    FROM invoice JOIN month USING (data) GROUP BY data, as_of, customer;
DELETE FROM known WHERE profile IS NULL;

-- Days late of the undisputed invoices that are paid: n, sum and sum of squares of those paid by then,
-- and of those that fell due in the half year after.
CREATE TABLE outcome AS
    SELECT data, as_of, customer, h.*
    FROM month JOIN invoice USING (data), LATERAL (SELECT paid_date - due_date AS late) AS l,
         LATERAL (VALUES ('past', paid_date <= as_of), ('next', due_date > as_of AND due_date <= as_of + interval '6 months'))
             AS w(half, counts), LATERAL (SELECT w.half, late WHERE counts AND amount >= 0 AND NOT disputed) AS h
    WHERE paid_date IS NOT NULL;
CREATE TABLE behaviour AS
    SELECT data, as_of, customer, half, count(*) AS n, sum(late)::float8 AS s, sum(late * late)::float8 AS q,
           count(*) FILTER (WHERE late > 30) AS over_30
    FROM outcome GROUP BY data, as_of, customer, half;

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

CREATE TABLE variant (place serial, threshold text, value text, segment text, policy segment_policy);
INSERT INTO variant (threshold, value, segment, policy) VALUES ('the standard policy', '', NULL, standard_segment_policy());

-- threshold, the segment it makes, the text to change, what stands there now, and what else to try.
CREATE FUNCTION try(threshold text, segment text, pattern text, now text, VARIADIC others text[]) RETURNS void LANGUAGE sql
BEGIN ATOMIC
    INSERT INTO variant (threshold, value, segment, policy)
        SELECT threshold, CASE WHEN value = now THEN 'standard ' ELSE '' END || value, segment,
               changed(replace(pattern, '?', now), replace(pattern, '?', value))
        FROM unnest(now || others) AS value;
END;
CREATE FUNCTION try_without(threshold text, segment text, part text) RETURNS void LANGUAGE sql
BEGIN ATOMIC
    INSERT INTO variant (threshold, value, segment, policy)
        VALUES (threshold, 'no such rule', segment, without_rule(part));
END;

-- Where everybody is at each month end, each from where it was the month before.
CREATE FUNCTION walk(policy segment_policy) RETURNS TABLE (data text, as_of date, customer text, segment text)
LANGUAGE sql AS $$
    WITH RECURSIVE step AS (
        SELECT data, as_of, customer, profile, lag(as_of) OVER (PARTITION BY data, customer ORDER BY as_of) AS before
        FROM known
    ), walk AS (
        SELECT data, as_of, customer, assign_segment(policy, profile, as_of) AS segment FROM step WHERE before IS NULL
        UNION ALL
        SELECT s.data, s.as_of, s.customer, assign_segment(policy, s.profile, s.as_of, current_segment => w.segment)
        FROM walk AS w JOIN step AS s ON (s.data, s.customer, s.before) = (w.data, w.customer, w.as_of)
    )
    SELECT data, as_of, customer, coalesce(segment, 'none') FROM walk
$$;

-- Eta squared, the share of the variance that lies between the segments: over invoices (weight n), and
-- over customers and their means.
CREATE FUNCTION separation(policy segment_policy)
    RETURNS TABLE (data text, past float8, next float8, next_customers float8) LANGUAGE sql AS $$
    WITH placed AS MATERIALIZED (
        SELECT data, as_of, segment, half, n, s, q, s / n AS mean
        FROM (SELECT data, as_of, customer, assign_segment(policy, profile, as_of) AS segment FROM known) AS k
        JOIN behaviour USING (data, as_of, customer) JOIN month USING (data, as_of)
        WHERE judged
    ), by_segment AS (
        SELECT data, as_of, half, segment, sum(n) AS n, sum(s) AS s, sum(q) AS q,
               count(*) AS customers, sum(mean) AS means, sum(mean * mean) AS squares
        FROM placed GROUP BY data, as_of, half, segment
    ), by_date AS (
        SELECT data, as_of, half,
               (sum(s * s / n) - sum(s) * sum(s) / sum(n)) / (sum(q) - sum(s) * sum(s) / sum(n)) AS items,
               (sum(means * means / customers) - sum(means) * sum(means) / sum(customers))
                   / (sum(squares) - sum(means) * sum(means) / sum(customers)) AS customers
        FROM by_segment GROUP BY data, as_of, half
    )
    SELECT data, avg(items) FILTER (WHERE half = 'past'), avg(items) FILTER (WHERE half = 'next'),
           avg(customers) FILTER (WHERE half = 'next')
    FROM by_date GROUP BY data
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

\o /dev/null
SELECT try('overdue for more than ... days', 'at risk', 'overdue_amount(?)', '60', '30', '90');
SELECT try('... of the last year''s amount', 'at risk', '> ? * amount_last_year', '0.1', '0.05', '0.2');
SELECT try_without('overdue', 'at risk', 'overdue_amount');
SELECT try('recent median of ... days', 'at risk', 'recent_median_days_late >= ?', '30', '20', '45');
SELECT try_without('recent median', 'at risk', 'recent_median_days_late >= 30');
SELECT try('fewer than ... paid invoices', 'new', 'timed_count < ?', '3', '2', '5', '8');
SELECT try('disputed share', 'disputing', 'dispute_share >= ?', '0.5', '0.3', '0.4', '0.7');
SELECT try('disputed invoices', 'disputing', 'disputed_count >= ?', '3', '2', '5');
SELECT try_without('disputes', 'disputing', 'dispute_share');
SELECT try('later than usual by ... days', 'deteriorating', 'median_days_late >= ? and', '7', '5', '10', '14');
SELECT try('... of the spread', 'deteriorating', '? * spread_days_late', '0.5', '0.25', '1');
SELECT try_without('deteriorating', 'deteriorating', 'recent_median_days_late - median_days_late');
SELECT try('days of the month: share, payments', 'payment day', 'payment_day? is not null', '', '(0.5, 5)', '(0.7, 5)', '(0.6, 8)');
SELECT try_without('payment day', 'payment day', 'payment_day is not null');
SELECT try('late is more than ... days', 'prompt', 'late_share(?)', '3', '0', '1', '5', '7');
SELECT try('prompt up to a late share of', 'prompt', 'late_share(3) <= ?', '0.2', '0.1', '0.15', '0.3');
SELECT try('structural median', 'structural', 'median_days_late between ?', '4 and 14', '1 and 14', '4 and 10', '4 and 21', '4 and 29');
SELECT try('structural spread, at most ... days', 'structural', 'spread_days_late <= ?', '10', '5', '15');
SELECT try_without('structural', 'structural', 'median_days_late between');
SELECT try('slow from a late share of', 'slow', 'late_share(3) >= ?', '0.75', '0.6', '0.9');
SELECT try('occasional up to a late share of', 'occasional', 'late_share(3) <= ?', '0.4', '0.3', '0.5');
\o
