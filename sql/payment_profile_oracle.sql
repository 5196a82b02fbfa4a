-- Every metric against PostgreSQL's own aggregates on the same rows, customer by customer, over
-- generated customers: up to 60 items, around the 255 at which the stored layout changes,
-- and many more.
SET client_min_messages = warning;
CREATE SCHEMA IF NOT EXISTS receivables;
CREATE EXTENSION IF NOT EXISTS receivables SCHEMA receivables;
SET search_path = receivables, public;
SET DateStyle = 'ISO, YMD';
\getenv folder PG_ABS_SRCDIR
\set file :folder '/test/sql/helpers.sql'
\i :file


-- (a, b): equal up to 1e-12, relative and near zero absolute
CREATE FUNCTION pg_temp.near(a double precision, b double precision,
                             tolerance double precision = 1e-12) RETURNS boolean
    LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN a IS NULL OR b IS NULL THEN a IS NULL AND b IS NULL
                ELSE abs(a - b) <= tolerance * greatest(abs(a), abs(b), 1) END
$$;

CREATE TEMP TABLE customer AS
SELECT c AS customer, CASE WHEN c <= 3000 THEN (pg_temp.hash(c, 1) % 16)::int ELSE 16 + c % 3 END AS kind,
    CASE WHEN c % 500 = 250 THEN 5000 + pg_temp.hash(c, 3) % 7000
         WHEN pg_temp.hash(c, 2) % 12 = 0 THEN 240 + pg_temp.hash(c, 3) % 40
         WHEN pg_temp.hash(c, 2) % 60 = 1 THEN 300 + pg_temp.hash(c, 3) % 1500
         WHEN pg_temp.hash(c, 2) % 12 = 2 THEN 1 + pg_temp.hash(c, 3) % 3
         ELSE 1 + pg_temp.hash(c, 3) % 60 END::int AS items,
    date '2022-06-30' + (pg_temp.hash(c, 4) % 700)::int AS as_of
FROM generate_series(1, 3600) c;

-- kinds: 0-2 ordinary, 3 all equal, 4 all open, 5 early, 6 40,000 days late, 7 NULLs everywhere,
-- 8 credits, 9 disputes, 10 amounts from 0.000001 to 10^15 in mixed scales, 11 wide ranges,
-- 12 neither amounts nor invoice dates, 13 fixed days of the month or week, 14 zeros of mixed scales,
-- 15 the extremes of dates and amounts; with what is open and by what it was settled: 16 partly open,
-- 17 credits of both sorts and write-offs, 18 everything
CREATE TEMP TABLE invoice AS
WITH hashed AS MATERIALIZED (
    SELECT customer, kind, items, n,
        pg_temp.hash(customer * 16384 + n, 11) AS a, pg_temp.hash(customer * 16384 + n, 12) AS b,
        pg_temp.hash(customer * 16384 + n, 13) AS c, pg_temp.hash(customer * 16384 + n, 14) AS d,
        pg_temp.hash(customer * 16384 + n, 15) AS e
    FROM customer, generate_series(1, items) n
), dated AS MATERIALIZED (
    SELECT *,
        CASE kind WHEN 3 THEN date '2021-03-31'
                  WHEN 11 THEN date '2020-01-01' + (a % 40000000)::int
                  WHEN 13 THEN date '2021-01-01' + (a % 1200)::int
                  WHEN 15 THEN date '5000-01-01' + (a % 100000000)::int
                  ELSE date '2020-06-01' + (a % 1100)::int END AS due,
        CASE kind WHEN 3 THEN 7
                  WHEN 5 THEN -1 - (b % 60)::int
                  WHEN 6 THEN 39990 + (b % 21)::int
                  WHEN 11 THEN (b % 200001)::int - 100000
                  WHEN 15 THEN (b % 2000001)::int - 1000000
                  ELSE (b % 46)::int - 10 END AS days_late
    FROM hashed
)
SELECT customer, n,
    CASE WHEN kind = 12 OR (kind = 7 AND c % 2 = 0) THEN NULL
         WHEN kind = 15 THEN due - (c % 3000001)::int
         ELSE due - (ARRAY[0, 14, 30, 60])[1 + c % 4] END AS invoice_date,
    CASE WHEN kind = 7 AND d % 5 = 0 THEN NULL ELSE due END AS due_date,
    CASE WHEN kind = 4 OR (kind <> 3 AND e % 10 = 0) OR (kind >= 16 AND e % 2 = 0) OR (kind = 7 AND e % 3 = 0) THEN NULL
         WHEN kind = 13 AND customer % 8 = 5 THEN
             due + 7 - extract(isodow FROM due)::int + (b % 4 = 0)::int * (b % 17)::int
         WHEN kind = 13 THEN
             (date_trunc('month', due) + CASE customer % 4 WHEN 0 THEN interval '1 month'
                 WHEN 1 THEN interval '1 month 14 days' WHEN 2 THEN interval '1 month 24 days'
                 ELSE interval '2 months -1 day' END)::date + (b % 5 = 0)::int * (b % 17)::int
         ELSE due + days_late END AS paid_date,
    CASE WHEN kind = 12 OR (kind = 7 AND d % 3 = 0) THEN NULL
         WHEN kind = 18 AND c % 11 = 0 THEN CASE WHEN c % 2 = 0 THEN 0.0 END
         WHEN kind = 14 THEN (ARRAY[0, 0.0, 0.00, 0.000])[1 + d % 4]
         WHEN kind = 15 THEN (d::numeric * 100000000000000000000 + e) / 1.0
         WHEN kind = 10 THEN CASE d % 4
             WHEN 0 THEN trunc(e::numeric * 200000 + c)
             WHEN 1 THEN (e::numeric * 200000 + c % 200000 + 0.000001)
             WHEN 2 THEN e / 100.00
             ELSE round(0.000001 * (1 + e % 1000), 6) END
         ELSE round(e / 100.0, 2) * CASE WHEN d % CASE kind WHEN 8 THEN 2 WHEN 17 THEN 3 WHEN 18 THEN 5 ELSE 33 END = 1
                                         THEN -1 ELSE 1 END END AS amount,
    CASE WHEN kind = 7 AND b % 2 = 0 THEN NULL
         WHEN kind = 9 THEN c % 7 < 4 WHEN kind = 18 THEN c % 3 = 0 ELSE c % 19 = 5 END AS disputed,
    CASE WHEN kind >= 16 AND b % 4 < 3 THEN (b % 5) / 4.0 END AS open_share,
    CASE WHEN kind >= 17 AND a % 2 = 0 THEN (ARRAY['payment', 'credit', 'write_off'])[1 + a % 3] END AS settled_by
FROM dated;
ALTER TABLE invoice ADD open_amount numeric;
UPDATE invoice SET open_amount = CASE WHEN amount IS NULL THEN open_share ELSE round(amount * open_share, 2) END
WHERE open_share IS NOT NULL;

CREATE TEMP TABLE profile AS
SELECT customer,
    as_of,
    CASE
        WHEN customer <= 3000
            THEN payment_profile(invoice_date, due_date, paid_date, amount, disputed)
        ELSE payment_profile(
            invoice_date, due_date, paid_date, amount, disputed, NULL, open_amount, settled_by)
    END AS p
FROM invoice
JOIN customer USING (customer)
GROUP BY customer, as_of;
-- what is not said is as before
SELECT count(*) FILTER (WHERE payment_profile_send(p) IS DISTINCT FROM payment_profile_send(same))
    AS differ
FROM profile
JOIN (
    SELECT customer,
        payment_profile(
            invoice_date, due_date, paid_date, amount, disputed, NULL, NULL, NULL) AS same
    FROM invoice
    WHERE customer <= 3000
    GROUP BY customer
) o USING (customer);

SELECT count(*) AS customers, count(p) AS profiles, count(*) FILTER (WHERE item_count(p) <= 255) AS listed,
    count(*) FILTER (WHERE item_count(p) > 255) AS tabled, count(*) FILTER (WHERE item_count(p) = 255) > 0 AS at_most,
    count(*) FILTER (WHERE item_count(p) = 256) > 0 AS one_more, max(item_count(p)), sum(item_count(p))
FROM profile;

-- the oracle: each metric from the rows, by its definition
CREATE TEMP TABLE item AS
SELECT *, NOT payment OR disputed AS untimed, CASE WHEN payment AND NOT disputed THEN paid_date - due_date END AS late,
    CASE WHEN NOT settled THEN coalesce(open_amount, amount) END AS still_open
FROM (SELECT *, paid_date IS NOT NULL OR open_amount IS NOT DISTINCT FROM 0 AS settled,
          NOT credit AND NOT zero AND paid_date IS NOT NULL AND by = 'payment' AS payment,
          given_disputed AND NOT credit AND NOT zero AS disputed
      FROM (SELECT customer, n, invoice_date, due_date, paid_date, amount,
                CASE WHEN amount IS NOT NULL OR open_amount = 0 THEN open_amount END AS open_amount,
                coalesce(amount < 0, false) AS credit, coalesce(amount = 0, false) AS zero,
                coalesce(disputed, false) AS given_disputed, coalesce(settled_by, 'payment') AS by
            FROM invoice WHERE due_date IS NOT NULL) r) i;
CREATE INDEX ON item (customer);
ANALYZE customer, invoice, profile, item;

CREATE TEMP TABLE recent AS
SELECT customer, late, row_number() OVER w AS place,
    min(CASE WHEN late <= 0 THEN 1 END) OVER (w ROWS UNBOUNDED PRECEDING) IS NULL AS in_streak
FROM item WHERE NOT untimed
WINDOW w AS (PARTITION BY customer ORDER BY due_date DESC, late DESC, amount DESC NULLS LAST, n);
CREATE INDEX ON recent (customer, place);
ANALYZE recent;

-- The windows of three days that payment_day looks at, in the order of preference: read from the
-- start of the month, then from its end (-1 is the last day) and across it.
CREATE TEMP TABLE month_window AS
SELECT d AS preference, ARRAY[d, d + 1, d + 2] AS days FROM generate_series(1, 29) d
UNION ALL SELECT 100 + d, ARRAY[d, d + 1, d + 2] FROM generate_series(-31, -3) d
UNION ALL VALUES (198, ARRAY[-2, -1, 1]), (199, ARRAY[-1, 1, 2]);

CREATE TEMP TABLE payment AS
SELECT DISTINCT customer, paid_date, extract(day FROM paid_date)::int AS from_start,
    paid_date - (date_trunc('month', paid_date) + interval '1 month')::date AS from_end,
    extract(isodow FROM paid_date)::int AS weekday
FROM item WHERE NOT untimed;

CREATE TEMP TABLE month_day AS
SELECT customer, day, count(*) AS held
FROM (SELECT customer, from_start AS day FROM payment UNION ALL SELECT customer, from_end FROM payment) d
GROUP BY customer, day;
CREATE INDEX ON month_day (customer, day);
ANALYZE month_day;

CREATE TEMP TABLE best_day AS
SELECT DISTINCT ON (customer) customer, held, days
FROM (SELECT customer, preference, days, sum(held) AS held, max(held) AS most
      FROM month_window JOIN month_day ON day = ANY (days) GROUP BY customer, preference, days) w
ORDER BY customer, held DESC, most DESC, preference;

CREATE TEMP TABLE best_weekday AS
SELECT DISTINCT ON (customer) customer, weekday, count(*) AS held
FROM payment GROUP BY customer, weekday ORDER BY customer, held DESC, weekday;

CREATE TEMP TABLE oracle AS
WITH base AS (
    SELECT customer,
        count(*) AS item_count,
        count(*) FILTER (WHERE NOT credit AND NOT zero AND settled) AS paid_count,
        count(*) FILTER (WHERE NOT credit AND NOT zero AND NOT settled) AS open_count,
        count(*) FILTER (WHERE credit) AS credit_count,
        count(*) FILTER (WHERE disputed) AS disputed_count,
        count(late) AS timed_count,
        count(DISTINCT paid_date) FILTER (WHERE NOT untimed) AS payment_count,
        sum(amount) AS total_amount,
        CASE
            WHEN count(amount) > 0
                THEN coalesce(sum(amount - coalesce(still_open, 0)), 0)
        END AS paid_amount,
        CASE WHEN count(amount) > 0 THEN coalesce(sum(still_open), 0) END AS open_amount,
        CASE
            WHEN count(amount) > 0
                THEN -coalesce(sum(still_open) FILTER (WHERE credit), 0)
        END AS credit_open_amount,
        CASE
            WHEN count(amount) > 0
                THEN coalesce(
                    sum(still_open) FILTER (WHERE disputed), 0)
        END AS disputed_open_amount,
        avg(late)::float8 AS mean_days_late,
        stddev_samp(late)::float8 AS stddev_days_late,
        count(late)::numeric AS k,
        sum(late)::numeric AS s1,
        sum(late::numeric ^ 2) AS s2,
        sum(late::numeric ^ 3) AS s3,
        sum(late::numeric ^ 4) AS s4,
        sum((due_date - date '2000-01-01')::numeric) FILTER (WHERE NOT untimed) AS sx,
        sum((due_date - date '2000-01-01')::numeric ^ 2) FILTER (WHERE NOT untimed) AS sxx,
        sum((due_date - date '2000-01-01')::numeric * late) FILTER (WHERE NOT untimed) AS sxy,
        regr_slope(late, due_date - date '2020-01-01') FILTER (WHERE NOT untimed) AS slope,
        min(late) AS min_days_late,
        max(late) AS max_days_late,
        percentile_cont(ARRAY[0.1, 0.25, 0.5, 0.75, 0.9]) WITHIN GROUP (ORDER BY late::float8) AS q,
        (sum(amount * late) FILTER (WHERE NOT untimed)
            / nullif(sum(amount) FILTER (WHERE NOT untimed), 0))::float8 AS weighted_days_late,
        avg((late > 0)::int)::float8 AS late_share,
        (coalesce(sum(amount) FILTER (WHERE late > 0), 0)
            / nullif(sum(amount) FILTER (WHERE NOT untimed), 0))::float8 AS late_amount_share,
        (count(*) FILTER (WHERE disputed))::float8
            / nullif(count(*) FILTER (WHERE NOT credit AND NOT zero), 0) AS dispute_share,
        avg(paid_date - invoice_date) FILTER (WHERE NOT untimed)::float8 AS mean_days_to_pay,
        avg(due_date - invoice_date) FILTER (WHERE NOT credit
            AND NOT zero)::float8 AS mean_terms_days,
        avg(CASE
            WHEN late IS NOT NULL THEN late
            WHEN NOT credit AND NOT zero AND NOT disputed AND NOT settled AND due_date < as_of
                THEN as_of - due_date
        END)::float8 AS days_late_so_far,
        CASE
            WHEN count(amount) > 0
                THEN coalesce(
                    sum(still_open) FILTER (WHERE NOT credit
                        AND NOT zero
                        AND NOT disputed
                        AND NOT settled
                        AND due_date < as_of),
                    0)
        END AS overdue_amount,
        count(*) FILTER (WHERE NOT credit
            AND NOT zero
            AND NOT disputed
            AND NOT settled
            AND due_date < as_of) AS overdue_count,
        max(as_of - due_date) FILTER (WHERE NOT credit
            AND NOT zero
            AND NOT disputed
            AND NOT settled
            AND due_date < as_of) AS oldest_overdue_days,
        CASE
            WHEN count(amount) > 0
                THEN coalesce(
                    sum(amount) FILTER (WHERE (amount > 0 OR by = 'credit')
                        AND due_date > as_of - 365
                        AND due_date <= as_of),
                    0)
        END AS amount_last_year,
        min(due_date) FILTER (WHERE NOT credit AND NOT zero) AS first_due_date,
        max(due_date) FILTER (WHERE NOT credit AND NOT zero) AS last_due_date,
        min(invoice_date) FILTER (WHERE NOT credit AND NOT zero) AS first_invoice_date,
        max(invoice_date) FILTER (WHERE NOT credit AND NOT zero) AS last_invoice_date,
        max(paid_date) FILTER (WHERE payment) AS last_paid_date,
        count(invoice_date) FILTER (WHERE NOT credit AND NOT zero) AS invoices
    FROM item
    JOIN customer USING (customer)
    GROUP BY customer
)
SELECT base.*,
    overdue_amount + greatest(-overdue_amount, -credit_open_amount) AS net_overdue_amount,
    CASE
        WHEN k * s2 > s1 ^ 2
            THEN (k ^ 2 * s3 - 3 * k * s1 * s2 + 2 * s1 ^ 3)::float8 / (k * s2 - s1 ^ 2)::float8 ^
                1.5
    END AS skewness_days_late,
    CASE
        WHEN k * s2 > s1 ^ 2
            THEN ((k ^ 3 * s4 - 4 * k ^ 2 * s1 * s3 + 6 * k * s1 ^ 2 * s2 - 3 * s1 ^ 4)
                / (k * s2 - s1 ^ 2) ^ 2)::float8 - 3
    END AS kurtosis_days_late,
    q[1] AS p10_days_late,
    q[2] AS p25_days_late,
    q[3] AS median_days_late,
    q[4] AS p75_days_late,
    q[5] AS p90_days_late,
    q[4] - q[2] AS spread_days_late,
    (
        SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY late)
        FROM recent r
        WHERE r.customer = base.customer AND place <= 5
    ) AS recent_median_days_late,
    (
        SELECT count(*) FROM recent r WHERE r.customer = base.customer AND place <= 12 AND in_streak
    ) AS late_streak,
    ((k * sxy - sx * s1) / nullif(k * sxx - sx ^ 2, 0))::float8 * 365.25 AS trend_days_late_per_year,
    -- that due dates do not explain it is payment_run's business (test/unit/payment_run_test.cpp):
    -- what must hold for it
    CASE
        WHEN d.held >= 5 AND d.held::float8 / payment_count >= 0.6 AND payment_day(p) = ANY (d.days)
            THEN payment_day(p)
    END AS payment_day,
    d.held::float8 / payment_count AS payment_day_share,
    CASE
        WHEN w.held >= 8
            AND w.held::float8 / payment_count >= 0.6
            AND payment_weekday(p) = w.weekday THEN w.weekday
    END AS payment_weekday,
    w.held::float8 / payment_count AS payment_weekday_share,
    CASE
        WHEN timed_count >= 8 AND q[4] - q[2] <= 5 AND q[3] > 0
            THEN floor(q[3] + 0.5)::int
    END AS structural_days_late,
    CASE
        WHEN invoices >= 2
            THEN (last_invoice_date - first_invoice_date)::float8 / (invoices - 1)
    END AS invoice_interval_days,
    (
        SELECT CASE
            WHEN v <= -30 THEN 100
            WHEN v <= -20 THEN 90 + (-20 - v)
            WHEN v <= 0 THEN 80 - v / 2
            WHEN v <= 15 THEN 80 - v * 10 / 15
            WHEN v <= 22 THEN 70 - (v - 15) * 10 / 7
            WHEN v <= 30 THEN 60 - (v - 22) * 10 / 8
            WHEN v <= 60 THEN 50 - (v - 30) / 3
            WHEN v <= 90 THEN 40 - (v - 60) / 3
            WHEN v <= 120 THEN 30 - (v - 90) / 3
            WHEN v <= 180 THEN 20 - (v - 120) / 3
            WHEN v > 180 THEN 0
        END
        FROM (VALUES (weighted_days_late)) s(v)
    ) AS prompt_payment_score
FROM base
LEFT JOIN profile USING (customer)
LEFT JOIN best_day d USING (customer)
LEFT JOIN best_weekday w USING (customer);

-- Each metric, by function and in profile_summary: how many customers differ from the oracle, and
-- of how many it is known. Doubles may differ by 1e-12; percentiles and shares of counts not at all.
CREATE FUNCTION pg_temp.compare(metric text, OUT name text, OUT known bigint, OUT differ bigint)
    LANGUAGE plpgsql AS $$
DECLARE
    type text := (SELECT format_type(atttypid, NULL) FROM pg_attribute
                  WHERE attrelid = 'profile_metrics'::regclass AND attname = metric);
    timed text := CASE WHEN metric ~ 'overdue|last_year|so_far' THEN ', as_of' ELSE '' END;
    direct text := format('%I(p%s)', metric, timed);
    same text;
BEGIN
    name := metric;
    IF metric ~ '^p[0-9]+_' THEN
        direct := format('percentile_days_late(p, 0.%s)', substr(metric, 2, 2));
    END IF;
    same := CASE
        WHEN metric = 'total_amount' THEN '%1$s::text IS NOT DISTINCT FROM o.%2$I::text'
        WHEN type <> 'double precision' OR metric ~ '^p[0-9]|median|spread'
            THEN '%1$s IS NOT DISTINCT FROM o.%2$I'
        ELSE 'pg_temp.near(%1$s, o.%2$I)' END;
    EXECUTE format('SELECT count(o.%1$I), count(*) FILTER (WHERE NOT (%2$s AND %3$s))'
                   ' FROM profile JOIN oracle o USING (customer), profile_summary(p, as_of) s',
                   metric, format(same, direct, metric), format(same, 's.' || metric, metric))
        INTO known, differ;
END $$;
SELECT c.* FROM pg_attribute, pg_temp.compare(attname) c
WHERE attrelid = 'profile_metrics'::regclass AND attnum > 0 ORDER BY attnum;

-- regr_slope itself is in floating point
SELECT count(*) AS differ_from_regr_slope FROM profile JOIN oracle USING (customer)
WHERE NOT pg_temp.near(trend_days_late_per_year(p), slope * 365.25, 1e-9);

-- a customer whose rows are all ignored has no profile
SELECT count(*) AS without_profile, count(o.customer) AS with_items
FROM profile LEFT JOIN oracle o USING (customer) WHERE p IS NULL;

-- metrics with arguments
SELECT tolerance, count(*) FILTER (WHERE NOT pg_temp.near(late_share(p, tolerance), share)) AS late_share,
    count(*) FILTER (WHERE NOT pg_temp.near(late_amount_share(p, tolerance), amount_share)) AS late_amount_share
FROM profile JOIN (
    SELECT customer, tolerance, avg((late > tolerance)::int)::float8 AS share,
        (coalesce(sum(amount) FILTER (WHERE late > tolerance), 0) /
            nullif(sum(amount) FILTER (WHERE NOT untimed), 0))::float8 AS amount_share
    FROM item, unnest(ARRAY[-2147483647, -30, -1, 1, 3, 7, 30, 40000, 2147483647]) tolerance
    GROUP BY customer, tolerance) o USING (customer)
GROUP BY tolerance ORDER BY tolerance;

SELECT count(*) AS percentiles_differ
FROM profile JOIN (
    SELECT customer, percentile_cont(f) WITHIN GROUP (ORDER BY late::float8) AS q
    FROM item, (SELECT array_agg(i / 97.0 ORDER BY i) || ARRAY[0, 1, 0.5, 1e-300, 0.999999999999] AS f
                FROM generate_series(0, 97) i) f
    GROUP BY customer, f) o USING (customer),
    (SELECT array_agg(i / 97.0 ORDER BY i) || ARRAY[0, 1, 0.5, 1e-300, 0.999999999999] AS f
     FROM generate_series(0, 97) i) f
WHERE percentile_days_late(p, f) IS DISTINCT FROM q
    OR percentile_days_late(p, f[18]) IS DISTINCT FROM q[18];

SELECT items, count(*) FILTER (WHERE recent_median_days_late(p, items) IS DISTINCT FROM median) AS differ
FROM profile CROSS JOIN generate_series(1, 12) items
LEFT JOIN LATERAL (
    SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY late) AS median FROM recent r
    WHERE r.customer = profile.customer AND place <= items) o ON true
WHERE customer % 5 = 0 GROUP BY items ORDER BY items;

SELECT share,
    payments,
    count(payment_day(p, share, payments)) FILTER (WHERE payment_count <= 255
        AND NOT (d.held >= payments
            AND d.held::float8 / payment_count >= share
            AND payment_day(p, share, payments) = ANY (d.days))) AS payment_day,
    count(payment_weekday(p, share, payments)) FILTER (WHERE payment_count <= 255
        AND NOT (w.held >= payments
            AND w.held::float8 / payment_count >= share
            AND payment_weekday(p, share, payments) = w.weekday)) AS payment_weekday,
    count(payment_day(p, share, payments)) AS days,
    count(payment_weekday(p, share, payments)) AS weekdays
FROM profile
LEFT JOIN oracle USING (customer)
LEFT JOIN best_day d USING (customer)
LEFT JOIN best_weekday w USING (customer),
    (VALUES (0, 1), (0.2, 1), (0.5, 3), (0.75, 4), (1, 1)) v(share, payments)
GROUP BY share, payments
ORDER BY share, payments;

SELECT items,
    spread,
    count(*) FILTER (WHERE structural_days_late(p, items, spread) IS DISTINCT FROM CASE
        WHEN timed_count >= items AND q[4] - q[2] <= spread AND q[3] > 0
            THEN floor(q[3] + 0.5)::int
    END) AS differ,
    count(structural_days_late(p, items, spread)) AS known
FROM profile
LEFT JOIN oracle USING (customer),
    (VALUES (1, 0), (1, 22.75), (20, 25), (300, 1e6)) v(items, spread)
GROUP BY items, spread
ORDER BY items, spread;

SELECT older,
    count(*) FILTER (WHERE overdue_amount(p, as_of, older)
        IS DISTINCT FROM o.amount) AS overdue_amount,
    count(*) FILTER (WHERE net_overdue_amount(p, as_of, older)
        IS DISTINCT FROM o.amount + greatest(-o.amount, -credit_open_amount(p)))
        AS net_overdue_amount,
    count(*) FILTER (WHERE overdue_count(p, as_of, older) IS DISTINCT FROM o.count) AS overdue_count
FROM profile
JOIN (
    SELECT customer,
        older,
        CASE
            WHEN count(amount) > 0
                THEN coalesce(sum(still_open) FILTER (WHERE overdue), 0)
        END AS amount,
        count(*) FILTER (WHERE overdue) AS count
    FROM (
        SELECT *,
            NOT credit
                AND NOT zero
                AND NOT disputed
                AND NOT settled
                AND as_of - due_date > older AS overdue
        FROM item
        JOIN customer USING (customer),
            unnest(ARRAY[-2147483647, -30, 0, 1, 30, 365, 2147483647]) older
    ) i
    GROUP BY customer, older
) o USING (customer)
GROUP BY older
ORDER BY older;

SELECT count(*) AS histograms_differ FROM profile
WHERE (SELECT array_agg((h.days_late, h.items, h.amount)::text) FROM delay_histogram(p) h) IS DISTINCT FROM
    (SELECT array_agg((late, items, amount)::text ORDER BY late)
     FROM (SELECT late, count(*) AS items,
               CASE WHEN total_amount(p) IS NOT NULL THEN
                   round(coalesce(sum(amount), 0), scale(total_amount(p))) END AS amount
           FROM item i WHERE i.customer = profile.customer AND NOT untimed GROUP BY late) h);

-- as_of looks at no later invoice and no later payment
SELECT count(*) AS customers, count(a) AS profiles, count(*) FILTER (WHERE a IS DISTINCT FROM b) AS differ,
    count(*) FILTER (WHERE open_count(a) > open_count(c)) AS with_later_payments
FROM (SELECT customer, payment_profile(invoice_date, due_date, paid_date, amount, disputed, as_of) AS a,
          payment_profile(invoice_date, due_date, CASE WHEN paid_date <= as_of THEN paid_date END, amount, disputed)
              FILTER (WHERE invoice_date <= as_of OR invoice_date IS NULL) AS b,
          payment_profile(invoice_date, due_date, paid_date, amount, disputed) AS c
      FROM invoice JOIN customer USING (customer) GROUP BY customer) x;

SELECT count(*) AS customers,
    count(*) FILTER (WHERE a IS DISTINCT FROM b) AS differ,
    count(*) FILTER (WHERE open_amount(a) > open_amount(c)) AS with_later_payments
FROM (
    SELECT customer,
        payment_profile(
            invoice_date, due_date, paid_date, amount, disputed, as_of, open_amount, settled_by)
            AS a,
        payment_profile(
            invoice_date, due_date,
            CASE WHEN paid_date <= as_of THEN paid_date END,
            amount, disputed, NULL,
            CASE WHEN paid_date <= as_of OR paid_date IS NULL THEN open_amount END,
            settled_by) FILTER (WHERE invoice_date <= as_of OR invoice_date IS NULL) AS b,
        payment_profile(
            invoice_date, due_date, paid_date, amount, disputed, NULL, open_amount, settled_by) AS c
    FROM invoice
    JOIN customer USING (customer)
    WHERE customer > 3000
    GROUP BY customer
) x;

-- the shorter forms are the long one with NULLs
SELECT count(*) FILTER (WHERE a <> b) AS four_differ, count(*) FILTER (WHERE c <> d) AS two_differ
FROM (SELECT payment_profile(invoice_date, due_date, paid_date, amount) AS a,
          payment_profile(invoice_date, due_date, paid_date, amount, false, NULL) AS b,
          payment_profile(due_date, paid_date) AS c,
          payment_profile(NULL, due_date, paid_date, NULL, NULL) AS d
      FROM invoice GROUP BY customer) x;

-- Far from zero no digit is lost: 40,000 or a million days late, or a million early, spread,
-- skewness and kurtosis are those of the same days near zero.
SELECT away,
    items,
    stddev_days_late(far) = stddev_days_late(near) AS stddev,
    skewness_days_late(far) = skewness_days_late(near) AS skewness,
    kurtosis_days_late(far) = kurtosis_days_late(near) AS kurtosis,
    pg_temp.near(stddev_days_late(far), stddev) AS oracle,
    pg_temp.near(trend_days_late_per_year(far), trend_days_late_per_year(near)) AS trend
FROM (
    SELECT away,
        items,
        stddev_samp(days)::float8 AS stddev,
        payment_profile(date '2020-01-01' + n, date '2020-01-01' + n + away + days) AS far,
        payment_profile(date '2020-01-01' + n, date '2020-01-01' + n + days) AS near
    FROM unnest(ARRAY[40000, 1000000, -1000000]) away,
        unnest(ARRAY[40, 4000]) items,
        LATERAL (
            SELECT n, (pg_temp.hash(n, 3) % 9)::int - (n % 11 = 0)::int * 5 AS days
            FROM generate_series(1, items) n
        ) d
    GROUP BY away, items
) x
ORDER BY away, items;
