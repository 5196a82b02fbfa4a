-- What a source says of a customer: its name, who looks after it, its group. The name stands beside
-- the id in every list.
SET client_min_messages = warning;
CREATE SCHEMA IF NOT EXISTS receivables;
CREATE EXTENSION IF NOT EXISTS receivables SCHEMA receivables;
SET search_path = receivables, public;
SET datestyle = ISO;
\set SHOW_CONTEXT never

CREATE SCHEMA name_test;
-- Ann's three invoices say two names, and one says none; bert's say none; group numbers may be numbers.
CREATE TABLE name_test.item (
    customer_id text, customer_name varchar, collector name, parent_id integer, invoice_id text,
    invoice_date date, due_date date, paid_date date, amount numeric, open_amount numeric,
    attributes jsonb);
INSERT INTO name_test.item
SELECT c,
    CASE
        WHEN c = 'ann'
            THEN nullif((ARRAY['Ann''s Bakery', 'ann''s bakery', ''])[1 + n % 3], '')
    END,
    CASE c WHEN 'ann' THEN 'eve' END,
    CASE c WHEN 'ann' THEN 7 END,
    c || n,
    d,
    d + 30,
    CASE WHEN n < 20 THEN d + 30 END,
    100,
    CASE WHEN n < 20 THEN 0 ELSE 100 END,
    '{"credit_limit": 50}'
FROM unnest('{ann,bert}'::text[]) AS c,
    generate_series(1, 24) AS n,
    LATERAL (SELECT date '2024-01-10' + 30 * n AS d) AS x;
INSERT INTO name_test.item
SELECT 'ann', 'Ann''s Bakery', NULL, NULL, 'old', '2024-01-01', '2024-02-01', NULL, 10, 10,
    '{"credit_limit": 50}';
SELECT register_source('names', 'name_test.item');
CALL refresh_segments('names', '2025-12-31');
SELECT customer_id, customer_name, collector, parent_id FROM customer_segments ORDER BY 1;

CREATE FUNCTION name_test.lists()
    RETURNS TABLE (list text, customer_id text, customer_name text, n bigint) LANGUAGE sql AS $$
    SELECT l.list, l.customer_id, l.customer_name, count(*)
    FROM (
        SELECT 'plan_reminders' AS list, p.customer_id, p.customer_name
        FROM plan_reminders('names', '2025-12-31', 100) AS p
        UNION ALL
        SELECT 'plan_letters', p.customer_id, p.customer_name
        FROM plan_letters('names', '2025-12-31') AS p
        UNION ALL
        SELECT 'invoices_to_review', p.customer_id, p.customer_name
        FROM invoices_to_review('names', '2025-12-31') AS p
        UNION ALL
        SELECT 'customers_to_watch', p.customer_id, p.customer_name
        FROM customers_to_watch('names', '2025-12-31') AS p
        UNION ALL
        SELECT 'credit_hold_candidates', p.customer_id, p.customer_name
        FROM credit_hold_candidates('names', '2025-12-31') AS p
    ) AS l
    GROUP BY l.list, l.customer_id, l.customer_name
$$;
SELECT * FROM name_test.lists() ORDER BY list, customer_id;
-- the same for who may not read what the refresh has stored
CREATE TEMP TABLE told AS SELECT * FROM name_test.lists();
CREATE ROLE name_reader;
GRANT USAGE ON SCHEMA receivables, name_test TO name_reader;
GRANT SELECT ON name_test.item,
    sources,
    refresh_runs,
    reminders,
    promises,
    review_decisions,
    contacts,
    segment_policies,
    dunning_policies,
    business_calendars TO name_reader;
GRANT SELECT ON told TO name_reader;
SET ROLE name_reader;
SELECT count(*) FROM customer_segments;
SELECT count(*) AS same
FROM name_test.lists()
JOIN told USING (list, customer_id, customer_name, n)
WHERE customer_id = 'ann';
RESET ROLE;
-- who sends records the same rows
BEGIN;
SELECT DISTINCT customer_id, customer_name FROM record_reminders('names', '2025-12-31') ORDER BY 1;
ROLLBACK;
BEGIN;
SELECT DISTINCT customer_id, customer_name FROM record_letters('names', '2025-12-31') ORDER BY 1;
ROLLBACK;
-- a new name is there with the next refresh, and a name that is gone is gone
UPDATE name_test.item SET customer_name = CASE WHEN customer_id = 'bert' THEN 'Bert' END;
CALL refresh_segments('names', '2025-12-31');
SELECT customer_id, customer_name, collector, parent_id FROM customer_segments ORDER BY 1;
-- also when the source has the columns no more
ALTER TABLE name_test.item DROP COLUMN customer_name, DROP COLUMN collector, DROP COLUMN parent_id;
CALL refresh_segments('names', '2025-12-31');
SELECT customer_id, customer_name, collector, parent_id FROM customer_segments ORDER BY 1;

SELECT unregister_source('names', true);
DROP OWNED BY name_reader;
DROP ROLE name_reader;
DROP SCHEMA name_test CASCADE;
