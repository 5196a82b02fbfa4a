-- Days sales outstanding and its relatives, against plain SQL.
SET client_min_messages = warning;
CREATE SCHEMA IF NOT EXISTS receivables;
CREATE EXTENSION IF NOT EXISTS receivables SCHEMA receivables;
RESET client_min_messages;
SET search_path = receivables, public;
SET DateStyle = 'ISO, YMD';

-- a published example
SELECT dso(1.2e6, 10e6), best_possible_dso(0.8e6, 10e6), average_days_delinquent(1.2e6, 0.8e6, 10e6);
SELECT dso(300, 900, 90) AS "90 days",
    dso(300, 900, 90, 150) AS mean_balance,
    dso(300, 900, NULL, NULL) AS defaults,
    dso(-9, 900, 90) AS credit,
    collection_effectiveness_index(500, 1000, 600, 400) AS cei,
    collection_effectiveness_index(500, 1000, 400, 400) AS all_of_it;
-- nothing to say
SELECT dso(300, 0),
    dso(300, -1),
    dso(300, 900, 0),
    dso(NULL, 900),
    dso(300, NULL),
    best_possible_dso(300, 0),
    best_possible_dso(NULL, 1),
    average_days_delinquent(300, 100, 0),
    average_days_delinquent(300, 100, 10, -1),
    collection_effectiveness_index(0, 0, 0, 0),
    collection_effectiveness_index(10, 20, NULL, 5);
-- delinquent days are the difference of the two
SELECT count(*),
    count(*) FILTER (WHERE abs(average_days_delinquent(r, c, s, d)
        - (dso(r, s, d) - best_possible_dso(c, s, d))) > 1e-9) AS differ
FROM (SELECT setseed(0.1)) seed,
    generate_series(1, 2000) i,
    LATERAL (
        SELECT (random() * 1e6 + i)::numeric(12, 2) AS r,
            (random() * 1e5)::numeric(12, 2) AS c,
            (random() * 1e7 + 1)::numeric(12, 2) AS s,
            1 + i % 400 AS d
    ) v;

-- count-back: 30 days of June, 31 of May, and 40 of 120 in April's 30 days
CREATE TABLE dso_month (month date, sales numeric);
INSERT INTO dso_month VALUES
    ('2026-06-01', 100), ('2026-05-31', 50), ('2026-04-01', 120), ('2026-05-01', 30),
    ('2026-07-01', 999), (NULL, 999), ('2026-06-01', NULL);
SELECT countback_dso(month, sales, 220, '2026-06-30') AS counted_back,
    countback_dso(month, sales, 50, '2026-06-15') AS within_the_month,
    countback_dso(month, sales, 100, '2026-06-30') AS "June",
    countback_dso(month, sales, 300, '2026-06-30') AS all_sales,
    countback_dso(month, sales, 300.01, '2026-06-30') AS more_than_known,
    countback_dso(month, sales, 0, '2026-06-30') AS nothing_open,
    countback_dso(month, sales, -1, '2026-06-30') AS credit,
    countback_dso(month, sales, NULL, '2026-06-30') AS "unknown",
    countback_dso(month, sales, 5, '2020-06-30') AS later_sales
FROM dso_month;
-- a month without sales counts its days; credit notes add to what earlier months cover
SELECT countback_dso(month, sales, 150, '2026-03-31') AS gap
FROM (VALUES (date '2026-03-01', 100), ('2026-01-01', 100)) v (month, sales);
SELECT countback_dso(month, sales, 100, '2026-03-31') AS credit
FROM (VALUES (date '2026-03-01', 50), ('2026-02-01', -20), ('2026-01-01', 140)) v (month, sales);
SELECT countback_dso(NULL, NULL, 100, '2026-03-31') IS NULL AS nothing;
-- errors
SELECT countback_dso(month, sales, sales, '2026-03-31') FROM dso_month;
SELECT countback_dso('2026-01-01', 1, 1, as_of) FROM (VALUES (date '2026-03-31'), ('2026-03-30')) v (as_of);
SELECT countback_dso('1700-01-01', 1, 1, '2026-03-31');
SELECT countback_dso('infinity', 1, 1, '2026-03-31');
SELECT countback_dso('2026-01-01', 'NaN', 1, '2026-03-31');
SELECT countback_dso('2026-01-01', s, 1, '2026-03-31') FROM (VALUES (9e37), (9e37)) v (s);

-- generated: firms with gaps, credit months, mixed decimals, up to 60 months, several rows a month
CREATE TABLE dso_sale AS
SELECT f, (date '2026-06-30' - (random() * (f % 60 + 1) * 30)::int) AS day,
    round((random() * 1000 - CASE WHEN f % 4 = 0 THEN 300 ELSE 0 END)::numeric, f % 4) AS sales
FROM (SELECT setseed(0.3)) seed, generate_series(1, 2000) f, LATERAL generate_series(1, 1 + f % 37) n;
CREATE INDEX ON dso_sale (f);
CREATE TABLE dso_firm AS
SELECT f,
    date '2026-06-30' - f % 45 AS as_of,
    round((random() * 500 * (f % 37 + 1))::numeric, f % 3) AS receivables
FROM generate_series(1, 2000) f;
-- the oracle: a running balance over every month of the calendar
CREATE FUNCTION pg_temp.oracle(firm int) RETURNS double precision LANGUAGE plpgsql AS $$
DECLARE
    today date := (SELECT as_of FROM dso_firm WHERE f = firm);
    balance numeric := (SELECT receivables FROM dso_firm WHERE f = firm);
    first_month date := (SELECT date_trunc('month', min(day)) FROM dso_sale WHERE f = firm AND day <= today);
    month date := date_trunc('month', today);
    counted int := 0;
    sold numeric; length int;
BEGIN
    IF balance = 0 THEN RETURN CASE WHEN first_month IS NOT NULL THEN 0 END; END IF;
    WHILE month >= first_month LOOP
        sold := (
            SELECT coalesce(sum(sales), 0)
            FROM dso_sale
            WHERE f = firm AND day >= month AND day < month + interval '1 month' AND day <= today
        );
        length := least((month + interval '1 month')::date, today + 1) - month;
        IF sold >= balance THEN RETURN counted + balance / sold * length; END IF;
        balance := balance - sold;
        counted := counted + length;
        month := month - interval '1 month';
    END LOOP;
    RETURN NULL;
END $$;
CREATE TABLE dso_result AS
SELECT f, countback_dso(day, sales, receivables, as_of) AS days, pg_temp.oracle(f) AS expected
FROM dso_firm
JOIN dso_sale USING (f)
GROUP BY f;
SELECT count(*) AS firms,
    count(*) FILTER (WHERE (days IS NULL) <> (expected IS NULL)
        OR abs(days - expected) > 1e-9) AS differ,
    count(days) BETWEEN 500 AND 1900 AS both_kinds
FROM dso_result;
-- in any order, and by workers
SELECT count(*) FILTER (WHERE r.days IS DISTINCT FROM x.days) AS other_order
FROM dso_result r
JOIN (
    SELECT f, countback_dso(day, sales, receivables, as_of ORDER BY day DESC, sales) AS days
    FROM dso_firm
    JOIN dso_sale USING (f)
    GROUP BY f
) x USING (f);
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
SET max_parallel_workers_per_gather = 2;
ANALYZE dso_sale;
EXPLAIN (COSTS OFF) SELECT countback_dso(day, sales, 70000, '2026-06-30') FROM dso_sale;
CREATE TABLE dso_workers AS SELECT countback_dso(day, sales, 7000000, '2026-06-30') AS days FROM dso_sale;
SET max_parallel_workers_per_gather = 0;
SELECT w.days = (
        SELECT countback_dso(day, sales, 7000000, '2026-06-30') FROM dso_sale
    ) AS same_by_workers,
    days > 31 AS counts
FROM dso_workers w;
