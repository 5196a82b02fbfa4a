-- What is open by how long it has been due, against plain SQL.
SET client_min_messages = warning;
CREATE SCHEMA IF NOT EXISTS receivables;
CREATE EXTENSION IF NOT EXISTS receivables SCHEMA receivables;
RESET client_min_messages;
SET search_path = receivables, public;
SET DateStyle = 'ISO, YMD';

-- a published example, with a credit, a disputed item and one without a due date besides
CREATE TABLE ag_item (due date, amount numeric(12, 2), disputed boolean);
INSERT INTO ag_item VALUES
    ('2018-01-15', 500, NULL), ('2017-12-15', 1000, false), ('2017-11-15', 2000, false),
    ('2017-10-15', 4000, NULL), ('2017-09-15', 8000, NULL), ('2017-08-15', 160000, NULL),
    ('2017-11-20', -250.50, true), ('2017-12-01', 300, true), (NULL, 70, NULL),
    ('2017-12-01', 0, NULL), ('2017-12-01', NULL, NULL);
SELECT b.*
FROM (SELECT aging(due, amount, '2017-12-31', '{30,60,90,120}', disputed) AS a FROM ag_item) x,
    aging_buckets(a) b;
SELECT s.*
FROM (SELECT aging(due, amount, '2017-12-31', '{30,60,90,120}', disputed) AS a FROM ag_item) x,
    aging_summary(a) s;
SELECT aging_amount(a, 'not due') AS not_due, aging_amount(a, '31-60') AS "31-60", aging_amount(a, 'over 120') AS older,
    aging_amount(a, 'no due date') AS no_due_date
FROM (SELECT aging(due, amount, '2017-12-31', '{30,60,90,120}', disputed) AS a FROM ag_item) x;
SELECT aging(due, amount, '2017-12-31', '{30}') FROM ag_item;

-- bounds: each day in one bucket, none between them
SELECT days,
    aging_bucket(days) AS usual,
    aging_bucket(days, '{-31,0,15,16}') AS "with days to go",
    aging_bucket(days, '{}') AS "no bounds",
    aging_bucket(days, '{0,60}') AS "0 given"
FROM unnest(ARRAY[
    -60, -45, -31, -30, -29, -1, 0, 1, 15, 16, 17, 29, 30, 31, 60, 61, 90, 91, 2147483647, NULL])
    days;
SELECT aging_bucket(5, NULL), aging_bucket(-2147483648, '{-1000000}'), aging_bucket(-2, '{-3,-2}');

-- nothing to say, and nothing but zeros
SELECT aging(NULL, NULL, '2017-12-31', '{30}') IS NULL AS nothing, aging(NULL, 0.00, '2017-12-31', '{}') AS zeros;

-- errors
SELECT aging_bucket(1, '{30,30}');
SELECT aging_bucket(1, '{0,0}');
SELECT aging_bucket(1, '{30,0}');
SELECT aging_bucket(1, '{-5,0,0}');
SELECT aging_bucket(1, '{30,NULL}');
SELECT aging_bucket(1, '{{30},{60}}');
SELECT aging_bucket(1, '{1000001}');
SELECT aging_bucket(1, (SELECT array_agg(i) FROM generate_series(1, 61) i));
SELECT aging('infinity', 1, '2017-12-31', '{30}');
SELECT aging('2017-12-31', 1, '-infinity', '{30}');
SELECT aging('2017-12-31', 1, NULL, '{30}');
SELECT aging('2017-12-31', 'NaN', '2017-12-31', '{30}');
SELECT aging('2017-12-31', amount, '2017-12-31', '{30}') FROM (VALUES (9e37), (9e37)) v (amount);
SELECT aging('2017-12-31', 1, as_of, '{30}') FROM (VALUES (date '2017-12-31'), ('2018-01-01')) v (as_of);
SELECT aging('2017-12-31', 1, '2017-12-31', bounds) FROM (VALUES ('{30}'::int[]), ('{30,60}')) v (bounds);
SELECT rollup(a)
FROM (
    SELECT aging(due, amount, as_of, '{30}') AS a
    FROM ag_item, (VALUES (date '2017-12-31'), ('2018-01-01')) v (as_of)
    GROUP BY as_of
) x;
SELECT rollup(a)
FROM (
    SELECT aging(due, amount, '2017-12-31', bounds) AS a
    FROM ag_item, (VALUES ('{30}'::int[]), ('{31}')) v (bounds)
    GROUP BY bounds
) x;
SELECT aging_amount(a, '1-31') FROM (SELECT aging(due, amount, '2017-12-31', '{30,60}') AS a FROM ag_item) x;
SELECT '{"as_of": "2017-12-31", "bounds": [30]}'::aging;
SELECT '{"as_of": "2017-12-31", "bounds": [30, 20], "buckets": []}'::aging;
SELECT '{"as_of": "2017-12-31", "bounds": [30], "buckets": []}'::aging;
CREATE FUNCTION pg_temp.change(what text, into_what text)
    RETURNS aging LANGUAGE sql
    RETURN (
        SELECT replace(
            aging(due, amount, '2017-12-31', '{30}')::text, what, into_what)::receivables.aging
        FROM ag_item
    );
SELECT pg_temp.change('1-30', '1-31');
SELECT pg_temp.change('"items": 1', '"items": 0');
SELECT pg_temp.change('"credit_amount": -', '"credit_amount": ');
SELECT pg_temp.change('"items"', '"entries"');
SELECT pg_temp.change('"no due date"', '"no date"');

-- generated portfolios: bounds of all kinds, amounts of mixed decimals, part payments, credits, disputes, gaps
CREATE TABLE ag_generated AS
SELECT p, n, CASE WHEN random() < 0.05 THEN NULL ELSE date '2024-06-30' + (random() * 500 - 350)::int END AS due,
    CASE WHEN random() < 0.03 THEN NULL WHEN random() < 0.05 THEN 0
         ELSE round((random() * 10000 - 1500)::numeric, (random() * 4)::int) END AS amount,
    CASE WHEN random() < 0.1 THEN NULL ELSE random() < 0.15 END AS disputed
FROM (SELECT setseed(0.25)) seed, generate_series(1, 3000) p, LATERAL generate_series(1, 1 + p % 41) n;
CREATE TABLE ag_portfolio AS
SELECT p,
    date '2024-06-30' - p % 100 AS as_of,
    (
        SELECT coalesce(array_agg(DISTINCT b ORDER BY b), '{}')
        FROM (
            SELECT (random() * 260 - CASE WHEN p % 3 = 0 THEN 130 ELSE 0 END)::int AS b
            FROM generate_series(1, p % 9)
            WHERE p > 0
        ) x
    ) AS bounds
FROM generate_series(1, 3000) p;
CREATE TABLE ag_aging AS
SELECT p, aging(due, amount, as_of, bounds, disputed) AS a FROM ag_portfolio JOIN ag_generated USING (p) GROUP BY p;

-- the oracle: every item compared with the first and last day of every bucket, by hand
CREATE TABLE ag_oracle AS
WITH bucket AS (
    SELECT p,
        as_of,
        lag(b) OVER (PARTITION BY p ORDER BY b NULLS LAST) + 1 AS from_days,
        b AS to_days,
        false AS dateless
    FROM ag_portfolio, LATERAL (SELECT unnest(bounds) AS b UNION SELECT 0 UNION SELECT NULL) x
    UNION ALL SELECT p, as_of, NULL, NULL, true FROM ag_portfolio
)
SELECT p,
    dateless,
    from_days,
    to_days,
    count(nullif(amount, 0)) AS items,
    coalesce(sum(amount) FILTER (WHERE amount > 0 AND disputed IS NOT TRUE), 0) AS amount,
    coalesce(sum(amount) FILTER (WHERE amount > 0 AND disputed), 0) AS disputed,
    coalesce(sum(amount) FILTER (WHERE amount < 0), 0) AS credit
FROM bucket
JOIN ag_generated g USING (p)
WHERE CASE
    WHEN dateless THEN due IS NULL
    ELSE as_of - due >= coalesce(from_days, -100000)
        AND as_of - due <= coalesce(to_days, 100000)
END
GROUP BY p, dateless, from_days, to_days;
SELECT count(*) AS buckets_with_items,
    count(*) FILTER (WHERE b.item_count IS DISTINCT FROM o.items) AS items,
    count(*) FILTER (WHERE b.amount IS DISTINCT FROM o.amount) AS amount,
    count(*) FILTER (WHERE b.disputed_amount IS DISTINCT FROM o.disputed) AS disputed,
    count(*) FILTER (WHERE b.credit_amount IS DISTINCT FROM o.credit) AS credit,
    count(*) FILTER (WHERE b.open_amount IS DISTINCT FROM o.amount + o.disputed + o.credit) AS sums
FROM (SELECT * FROM ag_oracle WHERE items > 0) o
FULL JOIN (SELECT p, b.* FROM ag_aging, aging_buckets(a) b WHERE b.item_count > 0) b
    ON o.p = b.p
        AND o.dateless = (b.bucket = 'no due date')
        AND coalesce(o.from_days, -999) = coalesce(b.from_days, -999)
        AND coalesce(o.to_days, 999) = coalesce(b.to_days, 999);
-- the parts add up to what is open, with the decimals of a sum; each bucket's name is that of aging_bucket
SELECT count(*) AS portfolios,
    count(*) FILTER (WHERE s.open_amount::text <> o.total::text) AS total,
    count(*) FILTER (WHERE s.not_due_amount + s.overdue_amount + s.no_due_date_amount + s.disputed_amount
        + s.credit_amount <> o.total) AS parts,
    count(*) FILTER (WHERE s.overdue_amount <> o.overdue) AS overdue,
    count(*) FILTER (WHERE s.not_due_amount <> o.not_due) AS not_due,
    count(*) FILTER (WHERE s.item_count <> o.items) AS items
FROM ag_aging
JOIN (
        SELECT p,
            sum(amount) AS total,
            count(nullif(amount, 0)) AS items,
            coalesce(
                sum(amount) FILTER (WHERE due < as_of AND amount > 0 AND disputed IS NOT TRUE),
                0) AS overdue,
            coalesce(
                sum(amount) FILTER (WHERE due >= as_of AND amount > 0 AND disputed IS NOT TRUE),
                0) AS not_due
        FROM ag_generated
        JOIN ag_portfolio USING (p)
        GROUP BY p
    ) o USING (p),
    aging_summary(a) s;
SELECT count(*) AS buckets, count(*) FILTER (WHERE aging_bucket(d, bounds) <> bucket) AS other_name,
    count(*) FILTER (WHERE aging_amount(a, bucket) <> amount) AS other_amount
FROM ag_aging JOIN ag_portfolio USING (p), aging_buckets(a), LATERAL (VALUES (from_days), (to_days)) v (d)
WHERE d IS NOT NULL OR bucket = 'no due date';
-- shares
SELECT count(*) AS agings,
    count(*) FILTER (WHERE total > 0 AND abs(share - 1) > 1e-12
        OR total = 0 AND share IS NOT NULL) AS wrong
FROM (
    SELECT p, sum(b.share) AS share, sum(b.amount) AS total
    FROM ag_aging, aging_buckets(a) b
    GROUP BY p
) x;

-- the same to the byte in any order and in parts; through text and binary
SELECT count(*) AS agings,
    count(*) FILTER (WHERE NOT o.a = w.a) AS other_order,
    count(*) FILTER (WHERE NOT r.a = w.a) AS parts,
    count(*) FILTER (WHERE NOT w.a::text::aging = w.a) AS text,
    count(DISTINCT w.a) AS different
FROM ag_aging w
JOIN (
    SELECT p, aging(due, amount, as_of, bounds, disputed ORDER BY n DESC) AS a
    FROM ag_portfolio
    JOIN ag_generated USING (p)
    GROUP BY p
) o USING (p)
JOIN (
    SELECT p, rollup(a) AS a
    FROM (
        SELECT p, aging(due, amount, as_of, bounds, disputed) AS a
        FROM ag_portfolio
        JOIN ag_generated USING (p)
        GROUP BY p, n % 3
    ) x
    GROUP BY p
) r USING (p);
CREATE TABLE ag_binary (p int, a aging);
\copy ag_aging TO 'aging.bin' (FORMAT binary)
\copy ag_binary FROM 'aging.bin' (FORMAT binary)
SELECT count(*) AS agings, count(*) FILTER (WHERE NOT b.a = w.a) AS binary FROM ag_aging w JOIN ag_binary b USING (p);
CREATE TABLE ag_received (a aging);
\copy (SELECT '\x02'::bytea || '{}') TO 'aging.bin' (FORMAT binary)
\copy ag_received FROM 'aging.bin' (FORMAT binary)
CREATE TABLE ag_parallel AS SELECT due, amount, disputed FROM ag_generated;
ANALYZE ag_parallel;
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
SET max_parallel_workers_per_gather = 2;
EXPLAIN (COSTS OFF) SELECT aging(due, amount, '2024-06-30', '{30,60,90}', disputed) FROM ag_parallel;
CREATE TABLE ag_by_workers AS SELECT aging(due, amount, '2024-06-30', '{30,60,90}', disputed) AS a FROM ag_parallel;
SET max_parallel_workers_per_gather = 0;
SELECT a = (
    SELECT aging(due, amount, '2024-06-30', '{30,60,90}', disputed) FROM ag_parallel
) AS same_by_workers
FROM ag_by_workers;

