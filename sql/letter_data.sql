-- What a letter needs: that of plan_letters, with interest, compensation and the text of the QR code for paying.
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
ALTER TABLE report_test.item ADD currency text;
CREATE INDEX ON report_test.item (customer_id);
UPDATE report_test.item SET currency = 'EUR',
    attributes = attributes || jsonb_build_object('business', substr(customer_id, 2)::integer % 4 <> 0);
INSERT INTO dunning_policies VALUES ('letter data', '{"steps": [
    {"level": 0, "after_days": -3, "channel": "email", "template": "notice"},
    {"level": 1, "after_days": 3, "channel": "letter", "template": "first", "fee_percent": 1.5}]}');
UPDATE sources SET dunning_policy = 'letter data' WHERE name = 'report';
SELECT letter_data('report', 'C7', '2025-06-30');
SET client_min_messages = warning;
CALL refresh_segments('report', '2025-06-30');
RESET client_min_messages;

\set old_rate '{"from": "2000-01-01", "percent": 9}'
\set rates '''{"kind": "floating", "rates": [' :old_rate ', {"from": "2025-01-01", "percent": 11}]}'''
CREATE TABLE report_test.letter AS
SELECT c.customer_id,
    letter_data('report', c.customer_id, '2025-06-30', :rates, '{{0,40},{1000,70}}', 'Müller & Söhne',
        'AT611904300234573201') AS data
FROM (SELECT DISTINCT customer_id FROM report_test.item) AS c;
-- the letter is the planned one, and who gets none has none
SELECT count(*) AS customers, count(p.customer_id) AS letters,
    count(*) FILTER (WHERE (data IS NULL) <> (p.customer_id IS NULL)) AS there,
    count(*) FILTER (WHERE (data ->> 'level', data ->> 'channel', data ->> 'template', data ->> 'reason',
        data ->> 'customer_name', data ->> 'segment')
        IS DISTINCT FROM (p.level::text, p.channel, p.template, p.reason, p.customer_name, p.segment)) AS words,
    count(*) FILTER (WHERE ((data ->> 'amount')::numeric, (data ->> 'overdue_amount')::numeric,
        (data ->> 'credit_amount')::numeric,
            (data ->> 'fee')::numeric, (data ->> 'invoice_count')::integer)
        IS DISTINCT FROM (p.amount, p.overdue_amount, p.credit_amount, round(p.fee, 2), p.invoice_count)) AS amounts,
    count(*) FILTER (WHERE jsonb_array_length(data -> 'credits') > 0) > 0 AS with_credits
FROM report_test.letter AS l LEFT JOIN plan_letters('report', '2025-06-30') AS p ON p.customer_id = l.customer_id;
-- every line of it, with its interest by hand: whole days of each rate, by 365
CREATE TABLE report_test.line AS
SELECT l.customer_id, i.*, substr(l.customer_id, 2)::integer % 4 <> 0 AS business FROM report_test.letter AS l,
    LATERAL (SELECT data -> 'items' UNION ALL SELECT data -> 'credits') AS x (lines),
    LATERAL jsonb_to_recordset(lines) AS i (invoice_id text, invoice_date date, due_date date, days_late integer,
        amount numeric, level integer, interest numeric, compensation numeric);
SELECT count(*) > 300 AS many,
    count(*) FILTER (WHERE (p.due_date, p.amount, p.level) IS DISTINCT FROM (i.due_date, i.amount,
        i.level)) AS lines,
    count(*) FILTER (WHERE i.invoice_date IS DISTINCT FROM t.invoice_date) AS dates,
    count(*) FILTER (WHERE i.interest IS DISTINCT FROM CASE WHEN i.business AND i.due_date IS NOT NULL THEN
        round(i.amount * (greatest(least(date '2025-06-30', '2024-12-31') - i.due_date, 0) * 9
            + (date '2025-06-30' - least(greatest(i.due_date, '2024-12-31'), '2025-06-30')) * 11) / 36500,
                2) END) AS interest,
    count(*) FILTER (WHERE i.compensation IS DISTINCT FROM CASE WHEN i.business AND i.amount > 0 THEN
        CASE WHEN i.due_date >= '2025-06-30' THEN 0 WHEN i.amount < 1000 THEN 40 ELSE 70 END END) AS compensation,
    count(DISTINCT i.compensation) AS sums
FROM report_test.line AS i
    FULL JOIN (SELECT x.* FROM plan_letters('report', '2025-06-30') AS l,
        jsonb_to_recordset(l.invoices) AS x (invoice_id text, due_date date, amount numeric,
            level integer)) AS p ON p.invoice_id = i.invoice_id
    LEFT JOIN report_test.item AS t ON t.invoice_id = i.invoice_id;
-- it adds up, and the code says so
SELECT count(*) FILTER (WHERE (data ->> 'total')::numeric <> (data ->> 'amount')::numeric + (data ->> 'fee')::numeric
        + (data ->> 'interest')::numeric + (data ->> 'compensation')::numeric) AS total,
    count(*) FILTER (WHERE (data ->> 'interest')::numeric <> greatest(0,
        (SELECT coalesce(sum(interest), 0) FROM report_test.line AS i
        WHERE i.customer_id = l.customer_id))) AS interest,
    count(*) FILTER (WHERE (data ->> 'total')::numeric > 0
        AND split_part(data ->> 'qr_text', E'\n', 8) IS DISTINCT FROM 'EUR' || round((data ->> 'total')::numeric,
        2)) AS code,
    count(*) FILTER (WHERE split_part(data ->> 'qr_text', E'\n', 11) <> data ->> 'reference') AS reference,
    count(*) FILTER (WHERE jsonb_array_length(data -> 'items') = 1
        AND data ->> 'reference' <> data #>> '{items,0,invoice_id}') AS one_item
FROM report_test.letter AS l WHERE data IS NOT NULL;

-- without rates, pairs and account; in another currency
SELECT data ->> 'interest' AS interest, data ->> 'compensation' AS compensation, data ->> 'qr_text' AS qr_text,
    (data ->> 'total')::numeric > 0 AS total
FROM letter_data('report', 'C7', '2025-06-30') AS data;
UPDATE report_test.item SET currency = 'GBP';
SELECT letter_data(
    'report', 'C7', '2025-06-30', beneficiary => 'A', iban => 'AT611904300234573201')
    -> 'qr_text' AS qr_text;
SELECT letter_data('report', 'C7000', '2025-06-30');
SELECT letter_data('report', NULL, '2025-06-30');
SELECT letter_data('report', 'C7', NULL);
SELECT letter_data('absent', 'C7', '2025-06-30');
UPDATE report_test.item SET currency = NULL;
SELECT letter_data('report', 'C7', '2025-06-30', beneficiary => 'A', iban => 'AT621904300234573201');

SET client_min_messages = warning;
SELECT unregister_source('report', true);
DELETE FROM dunning_policies WHERE name = 'letter data';
DROP SCHEMA report_test CASCADE;
