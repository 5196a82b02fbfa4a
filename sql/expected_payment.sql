-- When an open invoice is paid: the SQL face of the forecast. Its mathematics is tested in test/unit/outlook_test.cpp.
SET client_min_messages = warning;
CREATE SCHEMA IF NOT EXISTS receivables;
CREATE EXTENSION IF NOT EXISTS receivables SCHEMA receivables;
RESET client_min_messages;
SET search_path = receivables, public;
SET DateStyle = 'ISO, YMD';

CREATE FUNCTION pg_temp.hash(seed int, k int) RETURNS int LANGUAGE sql IMMUTABLE AS
$$ SELECT (hashint8extended(seed::bigint * 1000003 + k, 7) & 2147483647)::int $$;
-- 1,500 customers with 1 to 40 invoices, every twentieth with 300; 1 to 3 years, the last ones open.
CREATE TABLE forecast_invoice AS
SELECT c AS customer, due_date, due_date + days AS paid_date, pg_temp.hash(i, 3) % 9 = 0 AS disputed
FROM generate_series(1, 1500) AS c,
    generate_series(c * 1000, c * 1000 + CASE WHEN c % 20 = 0 THEN 300 ELSE pg_temp.hash(c, 1) % 40 END) AS i,
    LATERAL (SELECT date '2025-02-01' - pg_temp.hash(i, 1) % (365 + c % 700) AS due_date,
                 pg_temp.hash(i, 2) % (1 + c % 50) - c % 20 AS days) AS d;
CREATE TABLE forecast_profile AS
SELECT customer, payment_profile(due_date - 30, due_date, paid_date, 10, disputed, '2025-01-01') AS profile
FROM forecast_invoice GROUP BY customer HAVING min(due_date - 30) <= '2025-01-01';
\set calendar 'make_business_calendar(''{2025-01-06}''::date[])'
\set prior '(SELECT rollup(profile) FROM forecast_profile WHERE customer <= 100)'

-- Never before as_of, on a business day, growing with the fraction; the probability agrees, and grows with the day.
CREATE TABLE forecast_answer AS
SELECT f.customer, f.due_date, q.fraction, f.with_prior,
    expected_payment_date(f.profile, f.due_date, '2025-01-01', q.fraction, f.prior, :calendar) AS day,
    payment_probability(f.profile, f.due_date, '2025-01-20', '2025-01-01', f.prior, :calendar) AS by_20th
FROM (SELECT p.customer, p.profile, date '2025-01-01' + 10 * n AS due_date, w.with_prior,
          CASE WHEN w.with_prior THEN :prior END AS prior
      FROM forecast_profile AS p, generate_series(-3, 3, 3) AS n, (VALUES (true), (false)) AS w(with_prior)) AS f,
    (VALUES (0.1), (0.5), (0.9)) AS q(fraction);
SELECT count(*) > 20000 AS many, count(day) > 15000 AS answered, bool_and(day > '2025-01-01') AS later,
    bool_and(is_business_day(:calendar, day)) AS on_business_days,
    bool_and(day >= coalesce(before, day)) AS monotone,
    bool_and((by_20th >= fraction - 1e-9) = (day <= '2025-01-20') OR day IS NULL) AS agree
FROM (SELECT *, lag(day) OVER (PARTITION BY customer, due_date, with_prior ORDER BY fraction) AS before
      FROM forecast_answer) AS a;
SELECT bool_and(share BETWEEN 0 AND 1 AND share >= coalesce(before, 0)) AS grows,
    bool_and(share = 0) FILTER (WHERE ahead <= 0) AS not_yet
FROM (
    SELECT ahead, share, lag(share) OVER (PARTITION BY customer ORDER BY ahead) AS before
    FROM forecast_profile,
        generate_series(-5, 100, 7) AS ahead,
        LATERAL (
            SELECT payment_probability(
                profile, '2025-01-10', date '2025-01-01' + ahead, '2025-01-01') AS share
        ) AS s
) AS x;
-- Who has history needs no prior, who has none is given its words.
SELECT count(*) FILTER (WHERE day IS NULL AND with_prior) AS without_answer,
    count(*) FILTER (WHERE day IS NULL) > 0 AS without_prior
FROM forecast_answer
WHERE fraction = 0.5;
-- Later payers have later dates.
SELECT corr(
    expected_days_late(profile, '2025-03-01', '2025-01-01', :prior),
    days_late_so_far(profile, '2025-01-01')) > 0.9 AS as_they_pay
FROM forecast_profile
WHERE timed_count(profile) >= 20;

-- On the run: who pays on the first 25th after the due date.
CREATE TABLE forecast_run AS
SELECT payment_profile(d - 30, d, paid, 100) AS profile
FROM (
    SELECT d::date,
        (CASE
            WHEN extract(day FROM d) <= 25 THEN date_trunc('month', d)
            ELSE date_trunc('month', d) + interval '1 month'
        END + interval '24 days')::date AS paid
    FROM generate_series(date '2023-01-03', '2024-11-30', '23 days') AS d
) AS x;
SELECT due,
    expected_payment_date(profile, due, '2024-12-01') AS day,
    expected_payment_date(profile, due, '2024-12-01', 0.8) AS most
FROM forecast_run, unnest('{2024-12-05,2024-12-24,2024-12-28}'::date[]) AS due
ORDER BY due;

-- In words.
SELECT explain_expected_payment_date(profile, '2024-12-05', '2024-12-01') FROM forecast_run;
SELECT explain_payment_probability(profile, '2025-01-10', '2025-01-20', '2025-01-01', :prior, :calendar)
FROM forecast_profile WHERE customer = 7;
SELECT explain_expected_days_late(profile, '2025-01-10', '2025-01-01', :prior)
FROM forecast_profile
WHERE customer = 20;
SELECT explain_expected_payment_date(NULL, '2025-01-10', '2025-01-01', 0.5, :prior);
SELECT explain_expected_payment_date(payment_profile('2024-01-01', '2024-01-05') , '2025-01-10', '2025-01-01', 0.99999);

-- What is disputed counts, or not.
SELECT expected_payment_date(p, '2025-01-10', '2025-01-01') AS counted,
    expected_payment_date(p, '2025-01-10', '2025-01-01', disputed => false) AS left_out
FROM (
    SELECT payment_profile(
        '2024-01-01'::date, '2024-02-01'::date + n,
        '2024-02-01'::date + n + CASE WHEN n % 3 > 0 THEN 40 END, 1, n % 3 = 1) + payment_profile(
        '2024-01-01'::date, '2024-02-01'::date + n, '2024-02-01'::date + n + 4, 1, false) AS p
    FROM generate_series(1, 30) AS n
    WHERE n % 3 < 2
) AS x;

-- NULL and errors.
SELECT expected_payment_date(NULL, '2025-01-10', '2025-01-01') IS NULL AS nobody,
    expected_payment_date(profile, NULL, '2025-01-01') IS NULL AS no_due,
    expected_payment_date(profile, '2025-01-10', NULL) IS NULL AS no_day,
    payment_probability(profile, '2025-01-10', NULL, '2025-01-01') IS NULL AS by_no_day,
    expected_days_late(profile, '2025-01-10', NULL) IS NULL AS no_mean,
    explain_payment_probability(NULL, '2025-01-10', '2025-01-10', '2025-01-01') IS NULL AS no_words,
    expected_payment_date(profile, '2025-01-10', '2025-01-01', NULL, disputed => NULL)
        = expected_payment_date(profile, '2025-01-10', '2025-01-01') AS defaults
FROM forecast_profile
WHERE customer = 7;
SELECT expected_payment_date(profile, '2025-01-10', '2025-01-01', 0) FROM forecast_run;
SELECT expected_payment_date(profile, '2025-01-10', '2025-01-01', 1) FROM forecast_run;
SELECT expected_payment_date(profile, '2025-01-10', '2025-01-01', 'NaN') FROM forecast_run;
SELECT expected_payment_date(profile, 'infinity', '2025-01-01') FROM forecast_run;
SELECT payment_probability(profile, '2025-01-10', '-infinity', '2025-01-01') FROM forecast_run;
SELECT expected_payment_date(profile, '5874897-12-31', '5874897-12-31') FROM forecast_run;

-- In parallel workers the same.
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
SET max_parallel_workers_per_gather = 2;
CREATE FUNCTION pg_temp.digest()
    RETURNS double precision
    LANGUAGE sql AS $$
        SELECT round(
            sum(expected_days_late(profile, '2025-01-10', '2025-01-01'))::numeric,
            3)::double precision
        FROM forecast_profile$$;
EXPLAIN (COSTS OFF) SELECT sum(expected_days_late(profile, '2025-01-10', '2025-01-01')) FROM forecast_profile;
SELECT pg_temp.digest() AS parallel \gset
SET max_parallel_workers_per_gather = 0;
SELECT pg_temp.digest() = :parallel AS equal;
SELECT count(*) AS parallel_safe
FROM pg_proc
WHERE proname ~ '^(explain_)?(expected_payment_date|payment_probability|expected_days_late)$'
    AND proparallel = 's'
    AND provolatile = 'i';
DROP TABLE forecast_invoice, forecast_profile, forecast_answer, forecast_run;
