-- Provision matrix, roll rates and expected credit loss, against published examples and plain SQL.
SET client_min_messages = warning;
CREATE SCHEMA IF NOT EXISTS receivables;
CREATE EXTENSION IF NOT EXISTS receivables SCHEMA receivables;
RESET client_min_messages;
SET search_path = receivables, public;
SET DateStyle = 'ISO, YMD';

-- an aging with these amounts in its buckets
CREATE FUNCTION pg_temp.open_by_bucket(amounts numeric[], bounds integer[]) RETURNS aging LANGUAGE sql AS $$
    SELECT receivables.aging(
        date '2026-06-30' - CASE WHEN i = 1 THEN 0 ELSE (ARRAY[0] || bounds)[i - 1] + 1 END::int,
        amounts[i], '2026-06-30', bounds)
    FROM generate_subscripts(amounts, 1) i $$;

-- IFRS 9, illustrative example 12: 580,000
SELECT bucket, exposure_amount, loss_rate, applied_rate, expected_loss
FROM pg_temp.open_by_bucket('{15000000,7500000,4000000,2500000,1000000}', '{30,60,90}') a,
    expected_credit_loss_at_rates(a, '{0.003,0.016,0.036,0.066,0.106}');
SELECT sum(expected_loss) FROM pg_temp.open_by_bucket('{15000000,7500000,4000000,2500000,1000000}', '{30,60,90}') a,
    expected_credit_loss_at_rates(a, '{0.003,0.016,0.036,0.066,0.106}');
-- rates from history: 27,567.39
CREATE TABLE ecl_past (days_late int, amount numeric);
INSERT INTO ecl_past VALUES (0, 50000), (15, 27000), (45, 15000), (75, 6000), (NULL, 2000);
SELECT bucket, item_count, open_amount, paid_amount, lost_amount, roll_rate, round(loss_rate::numeric, 4) AS loss_rate,
    round(lost_share_low::numeric, 3) AS low, round(lost_share_high::numeric, 3) AS high
FROM (SELECT provision_matrix(days_late, amount, '{30,60,90}') AS m FROM ecl_past) x, roll_rates(m);
SELECT bucket, exposure_amount, expected_loss, item_count, is_borrowed
FROM (SELECT provision_matrix(days_late, amount, '{30,60,90}') AS m FROM ecl_past) x,
    pg_temp.open_by_bucket('{300000,140000,60000,23000,5000}', '{30,60,90}') a, expected_credit_loss(a, m);
SELECT rounding, sum(expected_loss)
FROM (SELECT provision_matrix(days_late, amount, '{30,60,90}') AS m FROM ecl_past) x,
    pg_temp.open_by_bucket('{300000,140000,60000,23000,5000}', '{30,60,90}') a,
    generate_series(-1, 3) rounding,
    expected_credit_loss(a, m, rounding => rounding)
GROUP BY rounding
ORDER BY rounding;
-- 112.5 is 113, not 112
SELECT expected_loss
FROM pg_temp.open_by_bucket('{2500}', '{30}') a,
    expected_credit_loss_at_rates(a, '{0.045,0,0}', rounding => 0);
-- a factor, a least rate, and no rate above 1; disputed amounts are exposed, credits are not taken
-- off, no due date goes with the first
SELECT e.*
FROM (
    SELECT aging(due, amount, '2026-06-30', '{30}', disputed) AS a
    FROM (VALUES
        (date '2026-07-01', 1000, false), ('2026-06-10', 200, true), ('2026-06-10', -50, false),
        ('2026-01-01', 300, false), (NULL, 100, false)) v (due, amount, disputed)
) x,
    expected_credit_loss_at_rates(a, '{0.001,0.1,0.9}', '{1,1.25,1.2}', '{0.005,0,0}') e;
-- dilution: taken back, neither paid nor lost
SELECT bucket, open_amount, paid_amount, credited_amount, lost_amount, loss_rate
FROM (
    SELECT provision_matrix(days_late, amount, '{30}', credited) AS m
    FROM (VALUES
        (5, 900, NULL), (40, 500, true), (NULL, 100, false), (NULL, 70, true))
        v (days_late, amount, credited)
) x,
    roll_rates(m);
SELECT provision_matrix(days_late, amount, '{}') FROM ecl_past;
SELECT provision_matrix(NULL, NULL, '{}') IS NULL AS nothing, provision_matrix(3, -5, '{}') IS NULL AS credit;
-- a small cohort borrows
SELECT bucket, loss_rate, expected_loss, item_count, is_borrowed
FROM (SELECT provision_matrix(days_late, amount, '{30}') AS m FROM ecl_past) x,
    (SELECT provision_matrix(CASE WHEN i % 10 > 0 THEN i - 60 END, 100, '{30}') AS p FROM generate_series(1, 120) i) y,
    pg_temp.open_by_bucket('{1000,1000,1000}', '{30}') a, expected_credit_loss(a, m, portfolio => p, least_items => 4);
-- errors, and nothing to say
SELECT count(*) FROM pg_temp.open_by_bucket('{1}', '{30}') a, expected_credit_loss_at_rates(a, '{0.1,0.1}');
SELECT count(*) FROM pg_temp.open_by_bucket('{1}', '{30}') a, expected_credit_loss_at_rates(a, '{0.1,0.1,1.1}');
SELECT count(*) FROM pg_temp.open_by_bucket('{1}', '{30}') a, expected_credit_loss_at_rates(a, '{0.1,0.1,NULL}');
SELECT count(*)
FROM pg_temp.open_by_bucket('{1}', '{30}') a,
    expected_credit_loss_at_rates(a, '{0.1,0.1,0.1}', '{1,-1,1}');
SELECT count(*)
FROM pg_temp.open_by_bucket('{1}', '{30}') a,
    (SELECT provision_matrix(1, 1, '{60}') AS m) x,
    expected_credit_loss(a, m);
SELECT count(*)
FROM pg_temp.open_by_bucket('{1,1,1}', '{30}') a,
    (SELECT provision_matrix(1, 1, '{30}') AS m) x,
    expected_credit_loss(a, m);
SELECT bucket, loss_rate, applied_rate, expected_loss
FROM pg_temp.open_by_bucket('{1,1,1}', '{30}') a,
    (SELECT provision_matrix(1, 1, '{30}') AS m) x,
    expected_credit_loss(a, m, least_rates => '{0,0,0.5}');
SELECT count(*)
FROM pg_temp.open_by_bucket('{1}', '{30}') a,
    (SELECT provision_matrix(1, 1, '{30}') AS m, provision_matrix(1, 1, '{31}') AS p) x,
    expected_credit_loss(a, m, portfolio => p);
SELECT provision_matrix(1, 1, b) FROM (VALUES ('{30}'::int[]), ('{31}')) v (b);
SELECT count(*) FROM expected_credit_loss_at_rates(NULL, '{0.1}');
SELECT count(*) FROM expected_credit_loss(NULL, NULL);
SELECT aging_send(provision_matrix(1, 1, '{30}')::text::aging);
SELECT replace(provision_matrix(1, 1, '{30}')::text, 'never paid', 'no due date')::provision_matrix;

-- generated: past items of 400 cohorts; the oracle asks every item whether it was open as a bucket began
CREATE TABLE ecl_item AS
SELECT c, i, CASE WHEN random() < 0.1 THEN NULL ELSE (random() * 200 - 40)::int END AS days_late,
    round((random() * 10000 - 500)::numeric, c % 4) AS amount, random() < 0.05 AS credited
FROM (SELECT setseed(0.6)) seed, generate_series(1, 400) c, LATERAL generate_series(1, 1 + c % 90) i;
CREATE TABLE ecl_bound AS
SELECT c,
    (ARRAY['{30,60,90}', '{15,45}', '{7,14,30,60,120}', '{}']::text[])[c % 4 + 1]::int[] AS bounds
FROM generate_series(1, 400) c;
CREATE TABLE ecl_matrix AS
SELECT c, provision_matrix(days_late, amount, bounds, credited) AS m
FROM ecl_item
JOIN ecl_bound USING (c)
GROUP BY c;
SELECT count(*) AS buckets,
    count(*) FILTER (WHERE (
        r.item_count, r.open_amount, r.lost_count, r.lost_amount, r.paid_amount)
        IS DISTINCT FROM (o.items, o.open, o.lost_count, o.lost, o.paid)) AS differ,
    count(*) FILTER (WHERE abs(r.loss_rate - o.lost / nullif(o.open, 0)) > 1e-14
        OR (r.loss_rate IS NULL) <> (o.open = 0)) AS loss_rate,
    count(*) FILTER (WHERE abs(r.roll_rate - (o.open - o.paid) / nullif(o.open, 0))
        > 1e-14) AS roll_rate,
    count(*) FILTER (WHERE NOT r.lost_share_low <= r.lost_count::float8 / nullif(r.item_count, 0)
        OR NOT r.lost_share_high >= r.lost_count::float8 / nullif(r.item_count, 0)) AS interval
FROM ecl_matrix
JOIN ecl_bound USING (c),
    roll_rates(m) r,
    LATERAL (
        SELECT count(*) AS items,
            coalesce(sum(amount), 0) AS open,
            count(*) FILTER (WHERE days_late IS NULL) AS lost_count,
            coalesce(sum(amount) FILTER (WHERE days_late IS NULL), 0) AS lost,
            coalesce(sum(amount) FILTER (WHERE days_late <= coalesce(r.to_days, 10000)), 0) AS paid
        FROM ecl_item i
        WHERE i.c = ecl_matrix.c
            AND amount > 0
            AND NOT credited
            AND (days_late IS NULL OR days_late >= coalesce(r.from_days, -10000))
    ) o;
-- and the loss, bucket by bucket, adding up in every rounding
CREATE TABLE ecl_aging AS
SELECT c,
    aging(
        date '2026-06-30' - coalesce(days_late, 50 + i), amount, '2026-06-30', bounds, i % 9 = 0)
        AS a
FROM ecl_item
JOIN ecl_bound USING (c)
GROUP BY c;
SELECT count(*) AS buckets,
    count(*) FILTER (WHERE e.expected_loss <> round(
        least(
            e.exposure_amount,
            greatest(
                e.exposure_amount * 0.002,
                e.exposure_amount * r.lost_amount * 1.1 / nullif(r.open_amount, 0))),
        e.rounding)) AS differ,
    count(*) FILTER (WHERE e.applied_rate > 1) AS above_one,
    count(*) FILTER (WHERE e.exposure_amount <> b.amount + b.disputed_amount) AS exposure
FROM (
    SELECT c, a, m, c % 4 AS rounding, cardinality(bounds) + 2 AS n
    FROM ecl_matrix
    JOIN ecl_aging USING (c)
    JOIN ecl_bound USING (c)
) x,
    LATERAL (
        SELECT x.rounding, e.*
        FROM expected_credit_loss(
            a, m, array_fill(1.1, ARRAY[n]), array_fill(0.002, ARRAY[n]), x.rounding) e
    ) e
JOIN LATERAL roll_rates(m) r USING (bucket)
JOIN LATERAL aging_buckets(a) b USING (bucket);
-- to the byte the same in any order and in parts, through text and binary
SELECT count(*) AS matrices,
    count(*) FILTER (WHERE NOT m = o) AS other_order,
    count(*) FILTER (WHERE NOT m = r) AS parts,
    count(*) FILTER (WHERE NOT m::text::provision_matrix = m) AS text
FROM ecl_matrix
JOIN (
    SELECT c, provision_matrix(days_late, amount, bounds, credited ORDER BY i DESC) AS o
    FROM ecl_item
    JOIN ecl_bound USING (c)
    GROUP BY c
) x USING (c)
JOIN (
    SELECT c, rollup(p) AS r
    FROM (
        SELECT c, provision_matrix(days_late, amount, bounds, credited) AS p
        FROM ecl_item
        JOIN ecl_bound USING (c)
        GROUP BY c, i % 3
    ) y
    GROUP BY c
) y USING (c);
CREATE TABLE ecl_copy (c int, m provision_matrix);
\copy ecl_matrix TO 'matrix.bin' (FORMAT binary)
\copy ecl_copy FROM 'matrix.bin' (FORMAT binary)
SELECT count(*) FILTER (WHERE NOT x.m = y.m) AS binary FROM ecl_matrix x JOIN ecl_copy y USING (c);
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
SET max_parallel_workers_per_gather = 2;
ANALYZE ecl_item;
EXPLAIN (COSTS OFF) SELECT provision_matrix(days_late, amount, '{30}', credited) FROM ecl_item;
CREATE TABLE ecl_workers AS SELECT provision_matrix(days_late, amount, '{30}', credited) AS m FROM ecl_item;
SET max_parallel_workers_per_gather = 0;
SELECT m = (
    SELECT provision_matrix(days_late, amount, '{30}', credited) FROM ecl_item
) AS same_by_workers
FROM ecl_workers;
