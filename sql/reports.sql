-- The reports of a source against plain SQL over its rows: aging, days sales outstanding, and how they went.
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

-- before the first refresh nobody knows a segment; days sales outstanding need none
SELECT count(*) FROM aging_report('report', '2025-06-30');
SELECT count(*) FROM dso_report('report', '2025-06-30');
SET client_min_messages = warning;
CALL refresh_segments('report', '2025-06-30');
RESET client_min_messages;

-- every row of the portfolio can be used, but those that lack a due date
SELECT reason, count(*) FROM unusable_items('report') GROUP BY reason;
SELECT count(*) AS rows, count(*) FILTER (WHERE open < 0) AS credits,
    count(*) FILTER (WHERE open > 0 AND disputed) AS disputed,
    count(*) FILTER (WHERE open > 0 AND open < amount) AS partly_open,
    count(*) FILTER (WHERE open > 0 AND due_date IS NULL) AS undated FROM report_test.rows_on('2025-06-30');

-- the aging, customer by customer, on three days, with three kinds of bounds: the bucket of every item by hand
CREATE TABLE report_test.asked AS SELECT day, bounds FROM unnest('{2023-12-31,2025-06-30,2026-02-28}'::date[]) AS day,
    (VALUES ('{30,60,90}'::integer[]), ('{-31,0,45}'), ('{}')) AS b (bounds);
CREATE TABLE report_test.told AS SELECT a.day, a.bounds, r.*
FROM report_test.asked AS a, aging_report('report', a.day, 'customer', a.bounds) AS r;
CREATE TABLE report_test.expected AS
SELECT a.day, a.bounds, r.customer_id, count(*) FILTER (WHERE r.open <> 0) AS items,
    sum(r.open) FILTER (WHERE r.open > 0 AND NOT r.disputed AND r.due_date >= a.day) AS not_due,
        sum(r.open) FILTER (WHERE r.open > 0 AND NOT r.disputed AND r.due_date < a.day) AS overdue,
    sum(r.open) FILTER (WHERE r.open > 0 AND NOT r.disputed AND r.due_date IS NULL) AS undated,
        sum(r.open) FILTER (WHERE r.open > 0 AND r.disputed) AS disputed,
    sum(r.open) FILTER (WHERE r.open < 0) AS credit, sum(r.open) AS open
FROM report_test.asked AS a, report_test.rows_on(a.day) AS r WHERE r.open <> 0 GROUP BY a.day, a.bounds, r.customer_id;
SELECT count(*) AS rows,
    count(*) FILTER (WHERE t.customers IS DISTINCT FROM 1 OR t.item_count IS DISTINCT FROM e.items) AS items,
    count(*) FILTER (WHERE t.not_due_amount IS DISTINCT FROM coalesce(e.not_due, 0)) AS not_due,
    count(*) FILTER (WHERE t.overdue_amount IS DISTINCT FROM coalesce(e.overdue, 0)) AS overdue,
        count(*) FILTER (WHERE t.no_due_date_amount IS DISTINCT FROM coalesce(e.undated, 0)) AS undated,
    count(*) FILTER (WHERE t.disputed_amount IS DISTINCT FROM coalesce(e.disputed, 0)) AS disputed,
        count(*) FILTER (WHERE t.credit_amount IS DISTINCT FROM coalesce(e.credit, 0)) AS credit,
    count(*) FILTER (WHERE t.open_amount IS DISTINCT FROM e.open) AS open
FROM report_test.told AS t
FULL JOIN report_test.expected AS e ON e.day = t.day AND e.bounds = t.bounds AND e.customer_id = t.part;
SELECT count(*) AS buckets,
    count(*) FILTER (WHERE b.open_amount <> coalesce(o.open, 0) OR b.amount <> coalesce(o.amount, 0)) AS differ
FROM report_test.told AS t, aging_buckets(t.aging) AS b,
    LATERAL (SELECT sum(r.open) AS open, sum(r.open) FILTER (WHERE r.open > 0 AND NOT r.disputed) AS amount
    FROM report_test.rows_on(t.day) AS r
    WHERE r.customer_id = t.part AND CASE WHEN b.bucket = 'no due date' THEN r.due_date IS NULL
        ELSE t.day - r.due_date >= coalesce(b.from_days, -100000)
        AND t.day - r.due_date <= coalesce(b.to_days, 100000) END) AS o
WHERE t.day = '2025-06-30' AND t.bounds = '{30,60,90}';
-- by segment, by an attribute and all together: the sums of its customers
SELECT by,
    count(*) AS rows,
    sum(customers) AS customers,
    sum(r.open_amount) = sum(r.not_due_amount + r.overdue_amount + r.no_due_date_amount + r.disputed_amount
        + r.credit_amount) AS adds_up,
    sum(r.open_amount) = (SELECT sum(open) FROM report_test.rows_on('2025-06-30')) AS all_there,
    rollup(r.aging) = (
        SELECT rollup(aging)
        FROM report_test.told
        WHERE day = '2025-06-30' AND bounds = '{30,60,90}'
    ) AS same
FROM unnest('{all,segment,collector,parent,attribute.region,attribute.none,NULL}'::text[]) AS by,
    aging_report('report', '2025-06-30', by) AS r
GROUP BY by
ORDER BY by;
SELECT count(*) AS segments,
    count(*) FILTER (WHERE r.open_amount IS DISTINCT FROM o.open OR r.customers <> o.customers) AS differ
FROM aging_report('report', '2025-06-30', 'segment') AS r
FULL JOIN (SELECT c.segment, sum(e.open) AS open, count(*) AS customers FROM report_test.expected AS e
    JOIN customer_segments AS c ON c.source = 'report' AND c.customer_id = e.customer_id
    WHERE day = '2025-06-30' AND bounds = '{}' GROUP BY c.segment) AS o ON o.segment = r.part;
SELECT part, customers,
    open_amount = (SELECT sum(open) FROM report_test.rows_on('2025-06-30') AS o
        WHERE o.attributes ->> 'region' IS NOT DISTINCT FROM part) AS right
FROM aging_report('report', '2025-06-30', 'attribute.region')
ORDER BY part;
SELECT part, customers,
    open_amount = (SELECT sum(open) FROM report_test.rows_on('2025-06-30') AS o
        WHERE o.collector IS NOT DISTINCT FROM part) AS right
FROM aging_report('report', '2025-06-30', 'collector')
ORDER BY part;
SELECT count(*) AS parents,
    count(*) FILTER (WHERE open_amount IS DISTINCT FROM (SELECT sum(open)
        FROM report_test.rows_on('2025-06-30') AS o WHERE coalesce(o.parent_id, o.customer_id) = part)) AS differ
FROM aging_report('report', '2025-06-30', 'parent');
SELECT count(*) FILTER (WHERE r.customer_name <> 'Customer ' || substr(r.part, 2)
    OR r.segment IS DISTINCT FROM c.segment OR r.collector IS DISTINCT FROM c.collector) AS differ
FROM aging_report('report', '2025-06-30') AS r
JOIN customer_segments AS c ON c.source = 'report' AND c.customer_id = r.part;
SELECT bool_and(open_amount >= next) AS largest_first
FROM (SELECT open_amount, lead(open_amount) OVER () AS next FROM aging_report('report', '2025-06-30')) AS r;

-- days sales outstanding, each figure by hand
CREATE FUNCTION report_test.owed(day date,
    undisputed boolean DEFAULT false) RETURNS numeric LANGUAGE sql STABLE RETURN (SELECT sum(open)
FROM report_test.rows_on(day)
WHERE open > 0 AND NOT (undisputed AND disputed));
CREATE FUNCTION report_test.sales(after date, until date) RETURNS numeric LANGUAGE sql STABLE
    RETURN (SELECT sum(amount)
    FROM report_test.item
    WHERE invoice_date > after AND invoice_date <= until AND (amount > 0 OR settled_by = 'credit'));
CREATE FUNCTION report_test.count_back(day date) RETURNS numeric LANGUAGE plpgsql STABLE AS $$
DECLARE rest numeric := report_test.owed(day); month_end date := day; month_start date := date_trunc('month',
    day); sold numeric; days numeric := 0;
BEGIN
    LOOP
        EXIT WHEN rest <= 0;
        IF month_end < '2021-12-01' THEN RETURN NULL; END IF;
        sold := coalesce(report_test.sales(month_start - 1, month_end), 0);
        IF sold >= rest THEN RETURN days + (month_end - month_start + 1) * rest / sold; END IF;
        days := days + (month_end - month_start + 1); rest := rest - sold;
        month_end := month_start - 1; month_start := date_trunc('month', month_end);
    END LOOP;
    RETURN days;
END $$;
CREATE TABLE report_test.by_hand AS SELECT day, days, f.*
FROM (VALUES (date '2025-06-30', 365), ('2024-02-29', 90), ('2023-09-30', 30), ('2022-03-15', 365),
    ('2026-06-30', 180)) AS v (day, days),
    LATERAL (SELECT report_test.owed(day) AS owed, report_test.owed(day, true) AS undisputed,
        coalesce(report_test.owed(day - days), 0) AS opening,
        nullif(coalesce(report_test.sales(day - days, day), 0), 0) AS sales,
        (SELECT coalesce(sum(open), 0) FROM report_test.rows_on(day) WHERE open > 0 AND due_date >= day) AS not_due,
            (SELECT sum(open) FROM report_test.rows_on(day)) AS net) AS h,
    LATERAL (VALUES ('dso', owed / sales * days, owed), ('dso_net', net / sales * days, net),
        ('dso_undisputed', undisputed / sales * days, undisputed),
        ('dso_mean_balance', (owed + opening) / 2 / sales * days, (owed + opening) / 2),
        ('countback_dso', report_test.count_back(day), owed),
            ('best_possible_dso', not_due / sales * days, not_due),
            ('average_days_delinquent', (owed - not_due) / sales * days, owed - not_due),
        ('collection_effectiveness_index', (opening + coalesce(sales, 0) - owed) / nullif(opening + coalesce(sales,
        0) - not_due, 0) * 100, owed)) AS f (figure,
            value, receivables);
SELECT day, days, count(*) AS figures, count(r.value) AS "not NULL",
    count(*) FILTER (WHERE r.figure IS NULL OR (r.value IS NULL) <> (h.value IS NULL)
        OR abs(r.value - h.value) > 1e-9 OR r.receivables <> h.receivables) AS differ
FROM report_test.by_hand AS h
FULL JOIN (SELECT DISTINCT day, days FROM report_test.by_hand) AS d USING (day, days)
LEFT JOIN LATERAL dso_report('report', day, days) AS r ON r.figure = h.figure
GROUP BY day, days
ORDER BY day;
SELECT figure, value IS NULL AS no_value, receivables, sales, formula <> '' AND difference <> '' AS explained
FROM dso_report('report', '2021-01-01');

-- the trend: each period by hand, as it looked on its last day
CREATE TABLE report_test.trend AS SELECT step, t.*
FROM (VALUES ('month', date '2022-11-10', date '2025-06-15'), ('quarter', '2023-01-01', '2025-12-31'),
    ('week', '2023-07-05', '2023-10-03'), ('year', '2020-01-01', '2026-12-31')) AS v (step, from_date, to_date),
    portfolio_trend('report', from_date, to_date, step) AS t;
SELECT step, count(*) AS periods, min(first_day), max(last_day),
    bool_and(last_day >= first_day) AND sum(last_day - first_day + 1) = max(last_day) - min(first_day) + 1 AS no_gap
FROM report_test.trend
GROUP BY step
ORDER BY step;
SELECT step,
    count(*) FILTER (WHERE open_amount <> (SELECT coalesce(sum(open), 0)
        FROM report_test.rows_on(last_day))) AS open,
    count(*) FILTER (WHERE credit_amount <> (SELECT coalesce(sum(open), 0) FROM report_test.rows_on(last_day)
        WHERE open < 0)) AS credit,
    count(*) FILTER (WHERE invoiced_amount <> coalesce(report_test.sales(first_day - 1, last_day), 0)) AS invoiced,
        count(*) FILTER (WHERE invoiced_count <> (SELECT count(*) FROM report_test.item
        WHERE invoice_date BETWEEN first_day AND last_day AND amount > 0)) AS invoices,
    count(*) FILTER (WHERE abs(dso - report_test.owed(last_day) / report_test.sales(last_day - 365,
        last_day) * 365) > 1e-9) AS dso,
    count(*) FILTER (WHERE open_amount <> before + invoiced_amount - paid_amount + other_amount) AS adds_up
FROM (SELECT *, lag(open_amount) OVER (PARTITION BY step ORDER BY first_day) AS before FROM report_test.trend) AS t
GROUP BY step
ORDER BY step;
-- payments are of the day on which both they and their invoice are known; a dispute that began
-- after one does not touch it
SELECT step, count(*) AS periods,
    count(*) FILTER (WHERE t.timed_count <> o.timed OR t.timed_count IS NULL) AS timed,
    count(*) FILTER (WHERE abs(t.mean_days_late - o.mean) > 1e-9
        OR (o.mean IS NULL) <> (t.mean_days_late IS NULL)) AS mean,
    count(*) FILTER (WHERE t.median_days_late IS DISTINCT FROM o.median) AS median,
        count(*) FILTER (WHERE abs(t.late_share - o.late) > 1e-12
        OR (o.late IS NULL) <> (t.late_share IS NULL)) AS late,
        count(*) FILTER (WHERE t.paid_amount <> o.paid) AS paid, sum(t.timed_count) > 100 AS many
FROM report_test.trend AS t, LATERAL (
    SELECT count(days) AS timed, avg(days) AS mean, percentile_cont(0.5) WITHIN GROUP (ORDER BY days) AS median,
        avg((days > 0)::integer) AS late, coalesce(sum(paid), 0) AS paid
    FROM (SELECT CASE WHEN NOT CASE WHEN i.disputed_from IS NULL THEN i.disputed
        ELSE i.disputed_from <= r.settled_on END THEN r.settled_on - r.due_date END AS days,
        r.amount - coalesce(r.open, 0) AS paid
        FROM report_test.rows_on(t.last_day) AS r
        JOIN report_test.item AS i USING (invoice_id)
        WHERE r.settled_by = 'payment' AND r.settled_on IS NOT NULL AND r.amount > 0
            AND greatest(r.settled_on, r.invoice_date) BETWEEN t.first_day AND t.last_day) AS p) AS o
GROUP BY step ORDER BY step;
-- no look-ahead: a period is what it is, whenever it is asked for
SELECT count(*) AS months, count(*) FILTER (WHERE t.* IS DISTINCT FROM u.*) AS differ
FROM portfolio_trend('report', '2022-11-10', '2025-06-15') AS t
    JOIN LATERAL (SELECT * FROM portfolio_trend('report', '2022-11-10', t.last_day)
        ORDER BY first_day DESC LIMIT 1) AS u ON true
    WHERE t.first_day < '2023-06-01';
-- customers who moved, each once a period
SET client_min_messages = warning;
CALL refresh_segments('report', '2025-07-15'); CALL refresh_segments('report',
    '2025-07-30'); CALL refresh_segments('report', '2025-09-01');
RESET client_min_messages;
SELECT count(*) AS months, sum(t.moved_customers) > 5 AS some,
    count(*) FILTER (WHERE t.moved_customers <> (SELECT count(DISTINCT customer_id) FROM segment_changes
        WHERE source = 'report' AND changed_on BETWEEN t.first_day AND t.last_day)) AS differ
FROM portfolio_trend('report', '2025-05-01', '2025-09-30') AS t;
-- nothing there
SELECT first_day, invoiced_count, invoiced_amount, paid_amount, other_amount, open_amount, credit_amount,
    timed_count, mean_days_late, dso, moved_customers
FROM portfolio_trend('report', '2010-01-01', '2010-02-15');

-- errors
SELECT count(*) FROM aging_report('absent', '2025-06-30');
SELECT count(*) FROM aging_report('report', NULL);
SELECT count(*) FROM aging_report('report', 'infinity');
SELECT count(*) FROM aging_report('report', '2025-06-30', 'region');
SELECT count(*) FROM aging_report('report', '2025-06-30', 'attribute.');
SELECT count(*) FROM aging_report('report', '2025-06-30', 'all', '{30,20}');
SELECT count(*) FROM dso_report('report', '2025-06-30', 0);
SELECT count(*) FROM dso_report('absent', '2025-06-30');
SELECT count(*) FROM portfolio_trend('report', '2025-06-30', '2025-06-29');
SELECT count(*) FROM portfolio_trend('report', '2025-06-30', NULL);
SELECT count(*) FROM portfolio_trend('report', '-infinity', '2025-06-29');
SELECT count(*) FROM portfolio_trend('report', '2025-01-01', '2025-06-29', 'day');
SELECT count(*) FROM portfolio_trend('report', '1925-01-01', '2025-06-29', 'week');
-- one customer with more than fits is named, and two currencies are
UPDATE report_test.item SET amount = 9e37, open_amount = 9e37, paid_date = NULL, credited_on = NULL,
    written_off_on = NULL, due_date = '2024-01-31', settled_by = NULL, disputed = false
WHERE invoice_id IN (SELECT min(invoice_id) FROM report_test.item
    WHERE customer_id = 'C7' UNION SELECT max(invoice_id) FROM report_test.item WHERE customer_id = 'C7');
\set VERBOSITY default
\set SHOW_CONTEXT never
SELECT count(*) FROM aging_report('report', '2025-06-30');
ALTER TABLE report_test.item ADD currency text; UPDATE report_test.item SET currency = CASE
    WHEN customer_id = 'C7' THEN 'GBP' ELSE 'EUR' END;
SELECT count(*) FROM aging_report('report', '2025-06-30');
SELECT count(*) FROM dso_report('report', '2025-06-30');
SELECT count(*) FROM portfolio_trend('report', '2025-06-01', '2025-06-30');

SET client_min_messages = warning;
SELECT unregister_source('report', true);
DROP SCHEMA report_test CASCADE;
