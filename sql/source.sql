-- Sources: what can be one, and the values stored for them.
SET client_min_messages = warning;
CREATE SCHEMA IF NOT EXISTS receivables;
CREATE EXTENSION IF NOT EXISTS receivables SCHEMA receivables;
SET search_path = receivables, public;
\set SHOW_CONTEXT never
CREATE SCHEMA erp;

-- the columns that a source must have, and those that it may have
SELECT * FROM source_columns();

-- everything that is wrong, at once
CREATE TABLE erp.nothing ();
SELECT register_source('erp', 'erp.nothing');
CREATE TABLE erp.wrong (
    customer_id integer, invoice_id uuid, invoice_date timestamp, due_date text, paid_date date,
    amount double precision, disputed integer, attributes json, last_level bigint, channel varchar(10), currency xml
);
SELECT register_source('erp', 'erp.wrong');
ALTER TABLE erp.wrong ADD open_amount money;
SELECT register_source('erp', 'erp.wrong');
-- each needed column by itself, and each column in a wrong type
CREATE FUNCTION pg_temp.attempt(columns text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    detail text;
BEGIN
    EXECUTE 'CREATE TABLE erp.attempt (' || columns || ')';
    PERFORM check_source_relation('erp.attempt');
    DROP TABLE erp.attempt;
    RETURN 'fits';
EXCEPTION WHEN undefined_column OR datatype_mismatch THEN
    GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL;
    RETURN SQLSTATE || ' ' || detail;
END $$;
SELECT w.column_name AS without,
    pg_temp.attempt(string_agg(
        format('%I %s', c.column_name, coalesce(c.accepted[1], 'text')), ', '))
FROM source_columns() AS w
JOIN source_columns() AS c ON c.column_name <> w.column_name
WHERE w.needed
GROUP BY w.column_name
ORDER BY w.column_name COLLATE "C";
SELECT pg_temp.attempt(string_agg(
    format(
        '%I %s', c.column_name,
        CASE
            WHEN c.column_name = w.column_name THEN 'point'
            ELSE coalesce(c.accepted[1], 'text')::text
        END),
    ', ')) AS unfit
FROM source_columns() AS w
CROSS JOIN source_columns() AS c
GROUP BY w.column_name
ORDER BY w.column_name COLLATE "C";
-- every accepted type fits, and what is read has the first of them
SELECT pg_temp.attempt(string_agg(
    format('%I %s', c.column_name, coalesce(c.accepted[least(n, cardinality(c.accepted))], 'text')),
    ', '))
FROM generate_series(1, 4) AS n
CROSS JOIN source_columns() AS c
GROUP BY n;
-- domains count as what is below them
CREATE DOMAIN erp.day AS date;
CREATE DOMAIN erp.past_day AS erp.day CHECK (VALUE < '2030-01-01');
CREATE DOMAIN erp.number_text AS text;
SELECT pg_temp.attempt('customer_id erp.number_text, invoice_id int, invoice_date erp.day,
    due_date erp.past_day, paid_date date, amount int, open_amount int');
SELECT pg_temp.attempt('customer_id int, invoice_id int, invoice_date erp.number_text,
    due_date erp.past_day, paid_date date, amount int, open_amount int');
-- what is no table or view
CREATE SEQUENCE erp.counter;
SELECT register_source('erp', 'erp.counter');
SELECT register_source('erp', 'erp.missing');
SELECT register_source('erp', NULL);

-- a table with the needed columns only, and a view with everything
CREATE TABLE erp.invoice (
    customer_id integer, invoice_id bigint, invoice_date date, due_date date, paid_date date,
    amount integer, open_amount smallint);
INSERT INTO erp.invoice VALUES (7, 1, '2025-01-01', '2025-01-31', NULL, 100, 40);
CREATE VIEW erp.plain AS SELECT * FROM erp.invoice;
CREATE VIEW erp.company_b WITH (security_invoker = true) AS
    SELECT customer_id, invoice_id, invoice_date, due_date, paid_date, amount, open_amount, 'EUR'::char(5) AS currency,
        false AS disputed, true AS was_disputed, 'payment'::varchar AS settled_by, '{"a": 1}'::jsonb AS attributes,
        2::smallint AS last_level, date '2025-02-01' AS last_reminder_date, NULL::date AS not_before,
        NULL::date AS promised_date, 'email'::name AS channel, 'more' AS other
    FROM erp.invoice;
SELECT register_source('a', 'erp.invoice');
SELECT register_source('b', 'erp.company_b', history_months => 12, minimum_stay_days => 30, prior => 'segment');
-- a view that reads with the rights of its owner gets a warning
SELECT register_source('plain', 'erp.plain');
SELECT * FROM sources ORDER BY name;
SELECT unregister_source('plain');
-- also one level down or more, and so does a view that holds the rows, but no table below that
CREATE VIEW erp.upper WITH (security_invoker = true) AS
SELECT *
FROM (SELECT * FROM erp.plain) AS p
WHERE EXISTS (SELECT FROM pg_tables);
CREATE MATERIALIZED VIEW erp.held AS SELECT * FROM erp.upper;
CREATE VIEW erp.top WITH (security_invoker) AS SELECT u.* FROM erp.upper AS u UNION ALL SELECT h.* FROM erp.held AS h;
SELECT register_source('upper', 'erp.upper');
SELECT register_source('held', 'erp.held');
SELECT register_source('top', 'erp.top');
SET client_min_messages = error;
SELECT unregister_source(name) FROM unnest('{upper,held,top}'::text[]) AS s (name);
DROP VIEW erp.plain CASCADE;
SET client_min_messages = warning;
SELECT source_relation('a'), source_relation('b');
CREATE FUNCTION pg_temp.first_item(source text) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
    item jsonb;
BEGIN
    EXECUTE format('SELECT to_jsonb(item) FROM (%s) AS item', _source_query(source, NULL)) INTO item;
    RETURN item;
END $$;
SELECT pg_temp.first_item('a');
SELECT pg_temp.first_item('b');

-- names: none, twice, unknown, too long; NULL for a default is the default
SELECT register_source('', 'erp.invoice');
SELECT register_source(NULL, 'erp.invoice');
SELECT register_source('a', 'erp.invoice');
SELECT register_source(repeat('x', 256), 'erp.invoice');
SELECT source_relation('c');
SELECT _source_query('c', NULL);
SELECT unregister_source('c');
SELECT register_source('c', 'erp.invoice', NULL, NULL, NULL, NULL, NULL, NULL);
SELECT history_months, minimum_stay_days, prior FROM sources WHERE name = 'c';
SELECT unregister_source('c');
SELECT register_source('c', 'erp.invoice', history_months => 0);
SELECT register_source('c', 'erp.invoice', minimum_stay_days => -1);
SELECT register_source('c', 'erp.invoice', prior => 'nobody');

-- named policies and calendars: plain rows, checked by their types
SELECT register_source('c', 'erp.invoice', segment_policy => 'ours');
SELECT register_source('c', 'erp.invoice', dunning_policy => 'ours');
SELECT register_source('c', 'erp.invoice', calendar => 'ours');
INSERT INTO segment_policies VALUES ('ours', '[{"segment": "late", "when": "late_shar(3) > 0.3"}]');
INSERT INTO segment_policies VALUES
    ('ours', '[{"segment": "late", "when": "late_share(3) > 0.3"}, {"segment": "other"}]');
INSERT INTO dunning_policies VALUES ('ours', '{"steps": [{"level": 0}]}');
INSERT INTO dunning_policies VALUES ('ours', '{"steps": [{"level": 1, "after_days": 5}]}');
INSERT INTO business_calendars VALUES ('ours', '{"holidays": ["2025-02-30"]}');
INSERT INTO business_calendars VALUES ('ours', '{"holidays": ["2025-12-25"]}');
SELECT register_source('c', 'erp.invoice', 'ours', 'ours', 'ours');
UPDATE segment_policies SET policy = '[{"segment": "x", "when": "select 1"}]' WHERE name = 'ours';
UPDATE segment_policies SET name = 'theirs' WHERE name = 'ours';
SELECT segment_policy, dunning_policy, calendar FROM sources WHERE name = 'c';
DELETE FROM dunning_policies WHERE name = 'ours';

-- a view that is dropped and made again stays the source; one that lost a column is none
DROP VIEW erp.company_b;
SELECT source_relation('b');
SELECT _source_query('b', NULL);
CREATE VIEW erp.company_b WITH (security_invoker = true) AS
SELECT customer_id, invoice_id, invoice_date, due_date, paid_date, amount
FROM erp.invoice;
SELECT source_relation('b');
DROP VIEW erp.company_b;
CREATE VIEW erp.company_b WITH (security_invoker = true) AS SELECT * FROM erp.invoice;
SELECT source_relation('b');
ALTER TABLE erp.invoice RENAME TO bill;
SELECT source_relation('a');
ALTER TABLE erp.bill RENAME TO invoice;

-- the log takes no level or date that a plan could not read
\set VERBOSITY terse
INSERT INTO reminders (source, customer_id, invoice_id, level, reminder_date) VALUES
    ('a', '7', '1', 1000, '2025-02-10');
INSERT INTO reminders (source, customer_id, invoice_id, level, reminder_date) VALUES ('a', '7', '1', 1, 'infinity');
\set VERBOSITY default

-- history stays when a source is taken away, unless it is to be forgotten
CALL refresh_segments('a', '2025-03-01');
CALL refresh_segments('b', '2025-03-01');
SELECT unregister_source('a');
SELECT source, customer_id, segment, since FROM customer_segments ORDER BY source;
CALL refresh_segments('a', '2025-03-02');
SELECT register_source('a', 'erp.invoice');
CALL refresh_segments('a', '2025-02-28');
CALL refresh_segments('a', '2025-03-02');
SELECT source, customer_id, segment, since FROM customer_segments ORDER BY source;
SELECT unregister_source('a', forget => true);
SELECT source, customer_id FROM customer_segments;
SELECT source FROM refresh_runs;
SELECT source FROM segment_profiles;

-- names are data
CREATE TABLE erp."in""voice'; DROP TABLE erp.invoice; --" AS SELECT * FROM erp.invoice;
SELECT register_source(name, 'erp."in""voice''; DROP TABLE erp.invoice; --"')
FROM (VALUES ('''; DROP TABLE erp.invoice; --'), ('$$'), ('%s%I%L'), ('\'), ('"')) AS evil (name);
SELECT name, source_relation(name), pg_temp.first_item(name) ->> 'amount' AS amount
FROM sources
WHERE name NOT IN ('a', 'b', 'c')
ORDER BY name COLLATE "C";
SELECT unregister_source(name) FROM sources;
SELECT _check_named('kind', ''' OR true --', false, 'segment_policies');
SELECT count(*) FROM erp.invoice;

DELETE FROM customer_segments;
DELETE FROM segment_profiles;
DELETE FROM refresh_runs;
DELETE FROM segment_policies;
DELETE FROM dunning_policies;
DELETE FROM business_calendars;
DROP SCHEMA erp CASCADE;
