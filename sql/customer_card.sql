-- Everything on one customer, against plain SQL over its rows, and against what is said of all customers together.
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
UPDATE report_test.item
SET attributes = attributes || jsonb_build_object('credit_limit', 20000, 'open_orders', 1000)
WHERE substr(customer_id, 2)::integer % 3 = 0;

CREATE INDEX ON report_test.item (customer_id);
ANALYZE report_test.item;
SELECT count(*) FROM customer_card('report', 'C7', '2025-06-30');
SET client_min_messages = warning;
CALL refresh_segments('report', '2025-03-31');
CALL refresh_segments('report', '2025-06-30');
RESET client_min_messages;
INSERT INTO reminders (source, customer_id, invoice_id, level, reminder_date)
SELECT 'report', 'somebody who had it before', invoice_id, 1 + report_test.draw(n, 50, 3),
    date '2025-06-20' + report_test.draw(n, 51, 20)
FROM report_test.item, LATERAL (SELECT substr(invoice_id, 2)::integer AS n) AS i
WHERE invoice_date BETWEEN '2025-01-01' AND '2025-06-15' AND report_test.draw(n, 52, 4) = 0;
-- Every third open invoice is promised, some twice; a few customers were called.
SELECT count(
    record_promise('report', invoice_id, made_on + 5 + report_test.draw(n, 60, 30), NULL, made_on)
) > 30 AS promised
FROM report_test.rows_on('2025-06-30') AS r,
    LATERAL (SELECT substr(r.invoice_id, 2)::integer AS n) AS i,
    LATERAL (
        SELECT date '2025-06-01' + 10 * k AS made_on FROM generate_series(0, report_test.draw(n, 61, 2)) AS k
    ) AS m
WHERE r.open > 0
    AND r.due_date IS NOT NULL
    AND r.invoice_date < '2025-05-31'
    AND report_test.draw(n, 62, 3) = 0;
SELECT count(record_contact('report', 'C' || k, 'called', '2025-07-05', '2025-06-28'))
FROM generate_series(1, 90, 7) AS k;

-- the cards of all customers on two days
CREATE TABLE report_test.card AS
SELECT day, c.customer_id, t.*
FROM unnest('{2025-06-30,2024-02-15}'::date[]) AS day,
    (SELECT DISTINCT customer_id FROM report_test.item) AS c,
    LATERAL customer_card('report', c.customer_id, day) AS t;
SELECT count(*) AS cards,
    count(*) FILTER (WHERE c.open_amount <> coalesce(o.open, 0)
        OR (card #>> '{account,open_amount}')::numeric <> c.open_amount) AS open,
    count(*) FILTER (WHERE c.overdue_amount <> coalesce(o.overdue, 0)) AS overdue,
    count(*) FILTER (WHERE c.disputed_amount <> coalesce(o.disputed, 0)) AS disputed,
    count(*) FILTER (WHERE c.credit_amount <> coalesce(o.credit, 0)) AS credit,
    count(*) FILTER (WHERE c.oldest_overdue_days IS DISTINCT FROM o.oldest) AS oldest,
    count(*) FILTER (WHERE c.limit_used IS DISTINCT FROM
        CASE WHEN substr(c.customer_id, 2)::integer % 3 = 0 THEN round((coalesce(o.open, 0) + 1000) / 20000,
        4) END) AS limit_used,
    count(*) FILTER (WHERE c.customer_name <> 'Customer ' || substr(c.customer_id, 2)) AS names
FROM report_test.card AS c, LATERAL (
    SELECT sum(open) AS open, sum(open) FILTER (WHERE open > 0 AND due_date < c.day AND NOT disputed) AS overdue,
        sum(open) FILTER (WHERE open > 0 AND disputed) AS disputed, sum(open) FILTER (WHERE open < 0) AS credit,
        max(c.day - due_date) FILTER (WHERE open > 0 AND due_date < c.day) AS oldest
    FROM report_test.rows_on(c.day) AS r WHERE r.customer_id = c.customer_id) AS o;
SELECT count(*) AS buckets,
    count(*) FILTER (WHERE (b.cell ->> 'open_amount')::numeric <> a.open_amount
        OR (b.cell ->> 'amount')::numeric <> a.amount) AS differ
FROM aging_report('report', '2025-06-30') AS r, aging_buckets(r.aging) AS a, report_test.card AS c,
    LATERAL jsonb_array_elements(c.card #> '{account,buckets}') AS b (cell)
WHERE c.day = '2025-06-30' AND c.customer_id = r.part AND b.cell ->> 'bucket' = a.bucket;

-- how it pays: on the day of the refresh what the refresh found
SELECT count(*) AS customers,
    count(*) FILTER (WHERE c.median_days_late IS DISTINCT FROM median_days_late(s.profile))
        AS median,
    count(*) FILTER (WHERE (c.card -> 'payment') - 'habit' - 'sparkline'
        <> to_jsonb(profile_summary(s.profile, '2025-06-30'))) AS metrics,
    count(*) FILTER (WHERE c.card #>> '{payment,sparkline}' IS DISTINCT FROM sparkline(s.profile))
        AS sparkline,
    count(*) FILTER (WHERE c.card #>> '{payment,habit}' IS DISTINCT FROM payment_habit(s.profile))
        AS habit,
    count(*) FILTER (WHERE c.segment IS DISTINCT FROM s.segment
        OR c.card #>> '{segment,since}' <> s.since::text) AS segment
FROM report_test.card AS c
JOIN customer_segments AS s ON s.source = 'report' AND s.customer_id = c.customer_id
WHERE c.day = '2025-06-30';
-- why it is where it is: who moved by the move, the others by the rule that is true
SELECT m.customer_id IS NOT NULL AS moved, count(*) > 0 AS some,
    count(*) FILTER (WHERE c.card #> '{segment,facts}' IS DISTINCT FROM coalesce(m.facts, e.facts)
                     OR c.card #>> '{segment,condition}' IS DISTINCT FROM coalesce(m.condition, e.condition)
                     OR c.card #>> '{segment,from_segment}' IS DISTINCT FROM m.from_segment) AS differ
FROM report_test.card AS c
    JOIN customer_segments AS s ON s.source = 'report' AND s.customer_id = c.customer_id
    LEFT JOIN segment_changes AS m ON m.source = 'report' AND m.customer_id = c.customer_id,
    LATERAL explain_segment(standard_segment_policy(), s.profile, c.day, s.attributes, NULL) AS e
WHERE c.day = '2025-06-30' AND e.chosen
GROUP BY 1 ORDER BY 1;

-- the quarters add up to those of all customers
SELECT q ->> 'first_day' AS first_day,
    sum((q ->> 'invoiced_amount')::numeric) = t.invoiced_amount AS invoiced,
    sum((q ->> 'paid_amount')::numeric) = t.paid_amount AS paid,
    sum((q ->> 'open_amount')::numeric) = t.open_amount AS open,
    sum((q ->> 'timed_count')::bigint) = t.timed_count AS timed,
    abs(sum((q ->> 'timed_count')::bigint * (q ->> 'mean_days_late')::numeric) / t.timed_count
        - t.mean_days_late::numeric) < 1e-9 AS mean
FROM report_test.card AS c,
    jsonb_array_elements(c.card -> 'quarters') AS q,
    portfolio_trend('report', '2023-07-01', '2025-06-30', 'quarter') AS t
WHERE c.day = '2025-06-30' AND t.first_day = (q ->> 'first_day')::date
GROUP BY 1, t.first_day, t.invoiced_amount, t.paid_amount, t.open_amount, t.timed_count,
    t.mean_days_late
ORDER BY 1;

-- the invoices are those of all, net as all have them
CREATE FUNCTION report_test.balances(day date) RETURNS TABLE (customer_id text, invoice_id text, due_date date,
    open numeric, net numeric, disputed boolean)
LANGUAGE plpgsql AS $$
BEGIN
    RETURN QUERY EXECUTE _with_balances('report',
        day, NULL) || 'SELECT customer_id, invoice_id, due_date, open_amount, net, disputed FROM balances' USING day;
END $$;
SELECT c.day,
    count(*) AS invoices,
    count(*) FILTER (WHERE b.net > 0 AND b.net < b.open) AS netted,
    count(*) FILTER (WHERE b.customer_id IS DISTINCT FROM c.customer_id
        OR b.due_date IS DISTINCT FROM c.due_date
        OR b.open <> c.open_amount
        OR b.net <> c.net_amount
        OR b.disputed <> c.disputed
        OR c.day - c.due_date <> c.days_late) AS differ
FROM (
    SELECT day, customer_id, i.*
    FROM report_test.card,
        jsonb_to_recordset(card -> 'invoices') AS i (
            invoice_id text, due_date date, days_late integer, open_amount numeric,
            net_amount numeric, disputed boolean)
) AS c
FULL JOIN (
    SELECT d.day AS on_day, b.*
    FROM (SELECT DISTINCT day FROM report_test.card) AS d, report_test.balances(d.day) AS b
) AS b ON b.on_day = c.day AND b.invoice_id = c.invoice_id
GROUP BY c.day
ORDER BY c.day;
-- each with its next reminder, as the plan has it; who needs attention, as the list says; promises, as all have them
SELECT count(*) > 100 AS many, count(*) FILTER (WHERE (i.level, i.reminder_date, i.channel, i.reason)
        IS DISTINCT FROM (p.level, p.reminder_date, p.channel, p.reason)) AS differ
FROM (SELECT i.* FROM report_test.card, jsonb_to_recordset(card -> 'invoices')
          AS i (invoice_id text, level integer, reminder_date date, channel text, reason text)
      WHERE day = '2025-06-30' AND i.reminder_date IS NOT NULL) AS i
    FULL JOIN plan_reminders('report', '2025-06-30', 3660) AS p ON p.invoice_id = i.invoice_id;
SELECT count(*) AS customers,
    count(*) FILTER (WHERE w.reason <> 'pays as usual') > 20 AS many,
    count(*) FILTER (
        WHERE c.amount_at_stake <> w.amount_at_stake
            OR c.reason IS DISTINCT FROM nullif(w.reason, 'pays as usual')
            OR c.card #> '{watch,reasons}' <> to_jsonb(w.reasons)
    ) AS differ
FROM report_test.card AS c
JOIN customers_to_watch('report', '2025-06-30', everybody => true) AS w ON w.customer_id = c.customer_id
WHERE c.day = '2025-06-30';
SELECT count(*) FILTER (WHERE r.promises > 0) > 20 AS many,
    count(*) FILTER (
        WHERE (
                (c.card #>> '{promises,count}')::bigint,
                (c.card #>> '{promises,moved}')::bigint,
                (c.card #>> '{promises,broken}')::bigint
            ) IS DISTINCT FROM (coalesce(r.promises, 0), coalesce(r.moved, 0), coalesce(r.broken, 0))
            OR (c.card #>> '{promises,kept_share}')::numeric IS DISTINCT FROM r.kept_share
            OR jsonb_array_length(c.card #> '{promises,promises}') <> coalesce(r.promises, 0)
    ) AS differ
FROM report_test.card AS c
LEFT JOIN promise_record('report', '2025-06-30') AS r ON r.customer_id = c.customer_id
WHERE c.day = '2025-06-30';
-- and the reminders those of its invoices, whoever had them when they were sent
SELECT c.day, sum(jsonb_array_length(c.card -> 'reminders')) AS reminders,
    count(*) FILTER (WHERE jsonb_array_length(c.card -> 'reminders') <> o.reminders) AS differ
FROM report_test.card AS c,
    LATERAL (SELECT count(*) AS reminders FROM reminders AS r JOIN report_test.item AS i USING (invoice_id)
    WHERE r.source = 'report' AND i.customer_id = c.customer_id AND r.reminder_date <= c.day) AS o
GROUP BY c.day ORDER BY c.day;

-- nobody, somebody without a card, a customer of tomorrow
SELECT count(*) FROM customer_card('report', 'C1000', '2025-06-30');
SELECT count(*) FROM customer_card('report', NULL, '2025-06-30');
SELECT count(*) FROM customer_card('report', '', '2025-06-30');
SELECT count(*) FROM customer_card('report', 'C7', '2000-01-01');
SELECT open_amount, limit_used, median_days_late, card -> 'invoices' AS invoices,
    card #>> '{payment,timed_count}' AS timed, jsonb_array_length(card -> 'quarters') AS quarters
FROM customer_card('report',
    (SELECT customer_id FROM report_test.item WHERE invoice_date IS NULL ORDER BY customer_id LIMIT 1),
    '2021-01-01');
SELECT count(*) FROM customer_card('absent', 'C7', '2025-06-30');
SELECT count(*) FROM customer_card('report', 'C7', 'infinity');

-- Whatever type the column has, one text is one customer, and an index on the column serves.
CREATE FUNCTION report_test.plan(source text, customer text) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE line text;
BEGIN
    FOR line IN EXECUTE 'EXPLAIN (COSTS OFF) ' || _source_query(source, customer) LOOP
        IF line ~ 'Index Cond|Scan' THEN RETURN NEXT regexp_replace(line, '^.*->', ''); END IF;
    END LOOP;
END $$;
SET enable_seqscan = off;
SET enable_bitmapscan = off;
DO $$
DECLARE
    kind text;
BEGIN
    FOREACH kind IN ARRAY '{integer,bigint,smallint,numeric,uuid,text,varchar,"varchar(20)"}'::text[] LOOP
        EXECUTE format(
            'CREATE TABLE report_test.%I AS
             SELECT %s::%s AS customer_id, 10 * n AS invoice_id, date ''2025-01-01'' AS invoice_date,
                 date ''2025-01-31'' AS due_date, NULL::date AS paid_date,
                 100 + n AS amount, 100 + n AS open_amount
             FROM generate_series(1, 40) AS n',
            'type ' || kind,
            CASE kind WHEN 'uuid' THEN 'lpad(n::text, 32, ''0'')' ELSE 'n::text' END,
            kind);
        EXECUTE format('CREATE INDEX ON report_test.%I (customer_id)', 'type ' || kind);
        PERFORM receivables.register_source('type ' || kind, format('report_test.%I', 'type ' || kind)::regclass);
    END LOOP;
END $$;
INSERT INTO report_test."type numeric" SELECT 7.0, 1, invoice_date, due_date, NULL, 1000, 1000
FROM report_test."type numeric" LIMIT 1;
SELECT kind, report_test.plan('type ' || kind, '7')
FROM unnest('{integer,bigint,smallint,numeric,text,varchar,varchar(20)}'::text[]) AS kind;
SELECT report_test.plan('type uuid', '00000000-0000-0000-0000-000000000007');
RESET enable_seqscan;
RESET enable_bitmapscan;
SET client_min_messages = warning;
CALL refresh_segments('type integer', '2025-06-30');
CALL refresh_segments('type numeric', '2025-06-30');
CALL refresh_segments('type uuid', '2025-06-30');
CALL refresh_segments('type varchar', '2025-06-30');
RESET client_min_messages;
SELECT kind, customer, c.open_amount
FROM (VALUES ('integer', '7'), ('integer', '07'), ('integer', 'x'), ('integer', '99999999999999999999'),
    ('numeric', '7'), ('numeric', '7.0'), ('numeric', '7.00'),
    ('uuid', '00000000-0000-0000-0000-000000000007'), ('uuid', '00000000000000000000000000000007'), ('uuid', '7'),
        ('varchar', '7'), ('varchar', ' 7')) AS v (kind, customer)
    LEFT JOIN LATERAL customer_card('type ' || kind, customer, '2025-06-30') AS c ON true;

SET client_min_messages = warning;
SELECT unregister_source(name, true) FROM sources WHERE name = 'report' OR name LIKE 'type %';
DROP SCHEMA report_test CASCADE;
