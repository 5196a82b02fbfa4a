-- The expected credit loss of a source against plain SQL over its rows: which past items count, to
-- which segment, what was lost of them, and what is left of the exposure.
SET client_min_messages = warning;
CREATE SCHEMA IF NOT EXISTS receivables;
CREATE EXTENSION IF NOT EXISTS receivables SCHEMA receivables;
RESET client_min_messages;
SET search_path = receivables, public;
SET datestyle = ISO;
\set VERBOSITY terse
\set ECHO none
\getenv folder PG_ABS_SRCDIR
\set file :folder '/test/reports/portfolio.sql'
\i :file
\set ECHO all

-- A published example through a source: a matrix of 100,000, exposures beside it, no segment known of the past.
CREATE TABLE report_test.example (customer_id text, invoice_id text, invoice_date date, due_date date,
    paid_date date, amount numeric, open_amount numeric);
INSERT INTO report_test.example SELECT 'past', 'p' || n, '2023-12-01', '2024-01-31', date '2024-01-31' + late,
    amount, CASE WHEN late IS NULL THEN amount ELSE 0 END
    FROM (VALUES (1, 0, 50000), (2, 15, 27000), (3, 45, 15000), (4, 75, 6000), (5, NULL, 2000)) AS v (n, late, amount);
INSERT INTO report_test.example SELECT 'now', 'n' || due, '2026-01-01', due, NULL, amount, amount
    FROM (VALUES (date '2026-07-15', 300000), ('2026-06-10', 140000), ('2026-05-15', 60000), ('2026-04-15', 23000),
        ('2026-01-31', 3000)) AS v (due, amount);
SELECT register_source('example', 'report_test.example');
SELECT count(*) FROM ecl_report('example', '2026-06-30');
SET client_min_messages = warning;
CALL refresh_segments('example', '2026-06-30');
RESET client_min_messages;
SELECT bucket, exposure_amount, net_amount, past_items AS past, round(loss_rate::numeric, 4) AS rate,
    round(lost_share_low::numeric, 2) AS low, round(lost_share_high::numeric, 2) AS high, expected_loss, is_borrowed
FROM ecl_report('example', '2026-06-30', 'all');
SELECT sum(exposure_amount), sum(expected_loss), sum(past_items) AS own_items, bool_and(is_borrowed) AS borrowed
FROM ecl_report('example', '2026-06-30');

-- the generated portfolio, with a segment known from three refreshes on
SET client_min_messages = warning;
CALL refresh_segments('report', '2023-03-31');
CREATE TABLE report_test.known AS SELECT date '2023-03-31' AS day, customer_id, segment
FROM customer_segments
WHERE source = 'report';
CALL refresh_segments('report', '2023-09-30');
INSERT INTO report_test.known SELECT '2023-09-30', customer_id, segment FROM customer_segments WHERE source = 'report';
CALL refresh_segments('report', '2024-05-31');
INSERT INTO report_test.known SELECT '2024-05-31', customer_id, segment FROM customer_segments WHERE source = 'report';
CALL refresh_segments('report', '2025-06-30');
INSERT INTO report_test.known SELECT '2025-06-30', customer_id, segment FROM customer_segments WHERE source = 'report';
RESET client_min_messages;
SELECT count(*) > 20 AS many_moved FROM segment_changes WHERE source = 'report';

-- What became of past items by hand: the segment is that of the last refresh by the due date; each
-- part settled is as many days late as it is, and a part that nobody says when it was settled was
-- in time.
CREATE FUNCTION report_test.past(day date, by text, first_due date, last_due date) RETURNS TABLE (part text,
    is_known boolean, days_late integer, credited boolean, settled numeric, lost numeric) LANGUAGE sql STABLE AS $$
    SELECT CASE by WHEN 'segment' THEN k.segment WHEN 'attribute.region' THEN r.attributes ->> 'region'
        WHEN 'collector' THEN r.collector END,
        by <> 'segment' OR k.day IS NOT NULL,
        CASE WHEN r.settled_on IS NULL THEN 0 ELSE r.settled_on - r.due_date END, r.settled_by = 'credit',
        CASE WHEN r.settled_by IS NOT NULL AND r.settled_by NOT IN ('payment', 'credit') THEN 0
        ELSE r.amount - coalesce(r.open, 0) END,
        CASE WHEN r.settled_by IS NOT NULL AND r.settled_by NOT IN ('payment', 'credit') THEN r.amount
        ELSE coalesce(r.open, 0) END
    FROM report_test.rows_on(past.day) AS r
    LEFT JOIN LATERAL (SELECT * FROM report_test.known AS k WHERE k.customer_id = r.customer_id
        AND k.day <= r.due_date AND k.day <= past.day ORDER BY k.day DESC LIMIT 1) AS k ON true
    WHERE r.amount > 0 AND r.due_date BETWEEN first_due AND last_due
$$;
CREATE TABLE report_test.asked (id serial, by text, bounds integer[], months integer, first_due date, last_due date);
INSERT INTO report_test.asked (by, bounds, months, first_due, last_due) VALUES ('all', '{30,60,90}', 36,
    '2021-04-02', '2024-04-01'),
    ('segment', '{30,60,90}', 36, '2021-04-02', '2024-04-01'),
    ('segment', '{-10,20}', 12, '2023-06-11', '2024-06-10'),
        ('attribute.region', '{60}', 24, '2022-05-02', '2024-05-01'),
        ('collector', '{60}', 24, '2022-05-02', '2024-05-01'), ('segment', '{}', 18, '2022-12-31', '2024-06-30');
CREATE TABLE report_test.told AS SELECT a.id, r.*
FROM report_test.asked AS a, ecl_report('report', '2025-06-30', a.by, a.bounds, cohort_months => a.months) AS r;
-- the buckets as days, from the aging of a single item of each
CREATE TABLE report_test.bucket AS SELECT a.id, b.bucket, coalesce(b.from_days, -100000) AS from_days,
    coalesce(b.to_days, 100000) AS to_days
FROM report_test.asked AS a,
    LATERAL (SELECT aging(v.due, 1, '2025-06-30', v.bounds) AS aging
        FROM (SELECT date '2025-01-01' AS due, a.bounds) AS v) AS x,
        aging_buckets(x.aging) AS b
    WHERE b.bucket <> 'no due date';
CREATE TABLE report_test.rate AS
SELECT a.id, b.bucket, p.part, p.is_known, count(*) FILTER (WHERE q.amount > 0) AS items,
    coalesce(sum(q.amount), 0) AS reached, coalesce(sum(q.amount) FILTER (WHERE q.is_lost), 0) AS lost,
    count(*) FILTER (WHERE q.amount > 0 AND q.is_lost) AS lost_items
FROM report_test.asked AS a
JOIN report_test.bucket AS b USING (id), report_test.past('2025-06-30', a.by, a.first_due, a.last_due) AS p,
    LATERAL (VALUES (p.settled, false), (p.lost, true)) AS q (amount, is_lost)
WHERE q.is_lost OR p.days_late >= b.from_days AND p.credited IS NOT TRUE
GROUP BY a.id, b.bucket, p.part, p.is_known;
CREATE TABLE report_test.rate_of_all AS SELECT id, bucket, sum(items) AS items, sum(reached) AS reached,
    sum(lost) AS lost, sum(lost_items) AS lost_items
FROM report_test.rate
GROUP BY id, bucket;
SELECT a.by, a.bounds, count(*) AS rows, count(*) FILTER (WHERE t.is_borrowed) AS borrowed,
    count(*) FILTER (WHERE t.past_items <> coalesce(o.items, 0)) AS items,
    count(*) FILTER (WHERE t.is_borrowed <> (coalesce(o.items, 0) < 30)) AS who_borrows,
    count(*) FILTER (WHERE t.loss_rate IS NULL OR abs(t.loss_rate - u.lost / u.reached) > 1e-12) AS rate,
        count(*) FILTER (WHERE NOT t.lost_share_low <= u.lost_items / u.items
        OR NOT t.lost_share_high >= u.lost_items / u.items) AS interval,
    count(*) FILTER (WHERE t.expected_loss <> round(t.net_amount * u.lost / u.reached, 2)) AS loss
FROM report_test.told AS t
JOIN report_test.asked AS a USING (id)
JOIN report_test.rate_of_all AS p ON p.id = t.id AND p.bucket = t.bucket
LEFT JOIN report_test.rate AS o ON o.id = t.id AND o.bucket = t.bucket AND o.part IS NOT DISTINCT FROM t.part
    AND o.is_known,
    LATERAL (SELECT CASE WHEN t.is_borrowed THEN p.lost ELSE o.lost END AS lost,
        CASE WHEN t.is_borrowed THEN p.reached ELSE o.reached END AS reached,
        CASE WHEN t.is_borrowed THEN p.items ELSE o.items END::numeric AS items,
        CASE WHEN t.is_borrowed THEN p.lost_items ELSE o.lost_items END AS lost_items) AS u
GROUP BY a.id, a.by, a.bounds ORDER BY a.id;

-- The exposure: all that is owed, bucket by bucket; what bears no loss, customer by customer.
CREATE TABLE report_test.debtor AS
SELECT o.*,
    CASE WHEN jsonb_typeof(c.attributes -> 'provided_amount') = 'number' THEN least(total,
        trunc((c.attributes ->> 'provided_amount')::numeric, 2)) ELSE 0 END AS provided,
    c.segment, c.collector, c.attributes
FROM (SELECT customer_id,
    sum(open) AS total FROM report_test.rows_on('2025-06-30') WHERE open > 0 GROUP BY customer_id) AS o
JOIN customer_segments AS c ON c.source = 'report' AND c.customer_id = o.customer_id;
ALTER TABLE report_test.debtor ADD insured numeric; UPDATE report_test.debtor SET insured = least(total - provided,
    coalesce((attributes ->> 'insured_amount')::numeric, 0));
SELECT a.by, a.bounds, sum(t.exposure) = (SELECT sum(total) FROM report_test.debtor) AS exposure,
    sum(t.provided) = (SELECT sum(provided) FROM report_test.debtor) AS provided,
    sum(t.insured) = (SELECT sum(insured) FROM report_test.debtor) AS insured,
    sum(t.provided) > 0 AND sum(t.insured) > 0 AND sum(t.tax) > 0 AS each_there, bool_and(t.adds_up) AS adds_up,
        count(*) FILTER (WHERE t.exposure IS DISTINCT FROM o.exposure) AS parts_differ
FROM (SELECT id, part, sum(exposure_amount) AS exposure, sum(provided_amount) AS provided,
    sum(insured_amount) AS insured, sum(recoverable_tax_amount) AS tax,
        bool_and(net_amount = exposure_amount - provided_amount - insured_amount - recoverable_tax_amount
        AND least(net_amount, provided_amount, insured_amount, recoverable_tax_amount) >= 0) AS adds_up
        FROM report_test.told
        GROUP BY id, part) AS t
    JOIN report_test.asked AS a USING (id),
        LATERAL (SELECT sum(total) AS exposure FROM report_test.debtor AS d WHERE a.by = 'all'
        OR t.part IS NOT DISTINCT FROM CASE a.by WHEN 'segment' THEN d.segment WHEN 'collector' THEN d.collector
        ELSE d.attributes ->> 'region' END) AS o
GROUP BY a.id, a.by, a.bounds ORDER BY a.id;
-- and in proportion: within a cent an item
SELECT count(*) AS buckets,
    count(*) FILTER (WHERE t.exposure_amount <> o.open) AS exposure,
    count(*) FILTER (WHERE abs(t.provided_amount - o.provided) > 0.01 * o.items) AS provided,
    count(*) FILTER (WHERE abs(t.insured_amount - o.insured) > 0.02 * o.items) AS insured,
    count(*) FILTER (WHERE abs(t.recoverable_tax_amount - o.tax) > 0.02 * o.items) AS tax
FROM report_test.told AS t
JOIN report_test.bucket AS b USING (id, bucket),
    LATERAL (
        SELECT count(*) AS items,
            coalesce(sum(r.open), 0) AS open,
            coalesce(sum(r.open * d.provided / d.total), 0) AS provided,
            coalesce(sum(r.open * d.insured / d.total), 0) AS insured,
            coalesce(
                sum(r.open * (d.total - d.provided - d.insured) / d.total * coalesce(
                    (d.attributes ->> 'recoverable_tax_share')::numeric, 0)),
                0) AS tax
        FROM report_test.rows_on('2025-06-30') AS r
        JOIN report_test.debtor AS d USING (customer_id)
        WHERE r.open > 0 AND date '2025-06-30' - r.due_date BETWEEN b.from_days AND b.to_days
    ) AS o
WHERE t.id = 1;
SELECT t.exposure_amount = (SELECT sum(open) FROM report_test.rows_on('2025-06-30') WHERE open > 0
    AND due_date IS NULL) AS undated,
    t.applied_rate = f.applied_rate AS rate_of_the_first
FROM report_test.told AS t, report_test.told AS f
WHERE t.id = 1 AND t.bucket = 'no due date' AND f.id = 1 AND f.bucket = 'not due';
-- shares of generated amounts: none below 0 or above its amount, all together the part
SELECT count(*) AS parts, count(*) FILTER (WHERE least < 0 OR most > 0) AS out_of_bounds,
    count(*) FILTER (WHERE shares <> least(total, trunc(part, 2))) AS sums
FROM (SELECT n, part, sum(amount) AS total, sum(share) AS shares, min(share) AS least, max(share - amount) AS most
    FROM (SELECT n, i, amount, part,
        _share_of(part, amount, sum(amount) OVER (PARTITION BY n ORDER BY i), sum(amount) OVER (PARTITION BY n),
        2) AS share
        FROM generate_series(1, 3000) AS n, generate_series(1, 1 + n % 17) AS i,
            LATERAL (SELECT (1 + report_test.draw(n, i, CASE WHEN n % 3 = 0 THEN 3
            ELSE 100000 END)) / 100.0::numeric(20, 2) AS amount,
            report_test.draw(n, 99, 1000000) / 700.0 AS part) AS a) AS s
    GROUP BY n, part) AS t;
-- factors and floors, decimals, least items
SELECT sum(e.expected_loss) = sum(round(least(r.net_amount,
    greatest(r.net_amount * r.loss_rate::numeric * 1.2, r.net_amount * 0.3)), 0)) AS right,
    bool_and(e.applied_rate BETWEEN 0.3 AND 1) AS bounded
FROM ecl_report('report', '2025-06-30', 'all', '{45}', '{1.2,1.2,1.2}', '{0.3,0.3,0.3}', rounding => 0) AS e
JOIN ecl_report('report', '2025-06-30', 'all', '{45}') AS r USING (bucket);
SELECT bool_or(is_borrowed) AS borrows FROM ecl_report('report', '2025-06-30', 'attribute.region', least_items => 0);

-- errors
SELECT count(*) FROM ecl_report('report', '2025-06-30', 'customer');
SELECT count(*) FROM ecl_report('report', '2025-06-30', cohort_months => 0);
SELECT count(*) FROM ecl_report('report', '2025-06-30', bounds => '{30,30}');
SELECT count(*) FROM ecl_report('report', '2025-06-30', least_rates => '{0.1}');
SELECT count(*) FROM ecl_report('report', 'infinity');
SELECT count(*) FROM ecl_report('absent', '2025-06-30');
\set VERBOSITY default
\set SHOW_CONTEXT never
SELECT count(*) FROM ecl_report('report', '2022-06-30');

SET client_min_messages = warning;
SELECT unregister_source('report', true), unregister_source('example', true);
DROP SCHEMA report_test CASCADE;
