-- One reading of a row: what a customer owes on balance is the same to the refresh (its profile),
-- the plan, the letters, the list of customers and the credit holds, whatever stands in the source.
-- One customer a case; the right values were worked out by hand.
SET client_min_messages = warning;
CREATE SCHEMA IF NOT EXISTS receivables;
CREATE EXTENSION IF NOT EXISTS receivables SCHEMA receivables;
SET search_path = receivables, public;
SET datestyle = ISO;
\set SHOW_CONTEXT never

CREATE SCHEMA reader_test;
CREATE TABLE reader_test.item (
    customer_id text, invoice_id text, amount numeric, open_amount numeric, paid_date date,
    settled_by text, credited_invoice text, nettable boolean, invoice_date date, due_date date,
    credited_on date, written_off_on date, attributes jsonb, currency text);
CREATE TABLE reader_test.expected (customer_id text, owed numeric, open_invoices integer);
-- what differs from an invoice of January that nobody has paid
INSERT INTO reader_test.item
SELECT r.*
FROM (VALUES
    ('1000, of which 400 are open', 'a1', 1000, 400, '{}'),
    ('nothing open, and no date', 'b1', 500, 0, '{}'),
    ('nobody says how much is open', 'c1', 500, NULL, '{}'),
    ('money on account of the same amount', 'd1', 300, 300, '{}'),
    ('money on account of the same amount', 'd2', -300, -300, '{"due_date": null}'),
    ('money on account of less', 'e1', 300, 300, '{}'),
    ('money on account of less',
     'e2',
     -100,
     -100,
     '{"settled_by": "payment", "nettable": true, "due_date": null}'),
    ('a credit note larger than its invoice', 'f1', 100, 100, '{}'),
    ('a credit note larger than its invoice',
     'f2',
     -150,
     -150,
     '{"settled_by": "credit", "credited_invoice": "f1"}'),
    ('what is left of it meets another', 'g1', 100, 100, '{}'),
    ('what is left of it meets another', 'g2', 100, 100, '{}'),
    ('what is left of it meets another',
     'g3',
     -150,
     -150,
     '{"settled_by": "credit", "credited_invoice": "g2"}'),
    ('a credit note of which a rest is open', 'h1', 100, 100, '{}'),
    ('a credit note of which a rest is open',
     'h2',
     -150,
     -20,
     '{"settled_by": "credit", "credited_invoice": "elsewhere"}'),
    ('a credit note that is used up', 'i1', 100, 100, '{}'),
    ('a credit note that is used up', 'i2', -150, 0, '{"settled_by": "credit"}'),
    ('a credit note for two invoices', 'j1', 100, 100, '{}'),
    ('a credit note for two invoices', 'j2', 100, 100, '{}'),
    ('a credit note for two invoices',
     'j3',
     -30,
     -30,
     '{"settled_by": "credit", "credited_invoice": "j1"}'),
    ('a credit note for two invoices',
     'j3',
     -100,
     -100,
     '{"settled_by": "credit", "credited_invoice": "j2"}'),
    ('nothing but a credit', 'k1', -50, -50, '{}'),
    ('a zero invoice', 'l1', 0, 0, '{}'),
    ('a zero invoice, and open', 'm1', 0, NULL, '{}'),
    ('a zero invoice beside another', 'n1', 0, 0, '{}'),
    ('a zero invoice beside another', 'n2', 100.10, 100.10, '{}'),
    ('fees were added', 'o1', 100, 110, '{}'),
    ('paid tomorrow', 'p1', 100, 0, '{"paid_date": "2025-03-02"}'),
    ('paid today', 'q1', 100, 0, '{"paid_date": "2025-03-01"}'),
    ('credited tomorrow', 'r1', 100, 0, '{"credited_on": "2025-03-02"}'),
    ('credited today', 's1', 100, NULL, '{"credited_on": "2025-03-01"}'),
    ('written off today', 't1', 100, NULL, '{"written_off_on": "2025-03-01"}'),
    ('one number in two rows', 'u1', 60, 60, '{}'),
    ('one number in two rows', 'u1', 40, 15, '{}'),
    ('paid in part, in a row of its own', 'v1', 60, 0, '{"paid_date": "2025-02-10"}'),
    ('paid in part, in a row of its own', 'v1', 40, 40, '{}'),
    ('cents', 'w1', 100.03, 100.03, '{}'),
    ('cents', 'w2', -0.01, -0.01, '{}'),
    ('a deposit', 'x1', 100, 100, '{}'),
    ('a deposit', 'x2', -40, -40, '{"nettable": false}'))
    AS v (customer_id, invoice_id, amount, open_amount, more),
    jsonb_populate_record(
        NULL::reader_test.item,
        '{"invoice_date": "2025-01-01",
          "due_date": "2025-01-31",
          "attributes": {"credit_limit": 0},
          "currency": "EUR"}' || to_jsonb(v) || v.more::jsonb) AS r;
INSERT INTO reader_test.expected VALUES
    ('1000, of which 400 are open', 400, 1),
    ('nothing open, and no date', 0, 0),
    ('nobody says how much is open', 500, 1),
    ('money on account of the same amount', 0, 0),
    ('money on account of less', 200, 1),
    ('a credit note larger than its invoice', 0, 0),
    ('what is left of it meets another', 50, 1),
    ('a credit note of which a rest is open', 80, 1),
    ('a credit note that is used up', 100, 1),
    ('a credit note for two invoices', 70, 1),
    ('nothing but a credit', 0, 0),
    ('a zero invoice', 0, 0),
    ('a zero invoice, and open', 0, 0),
    ('a zero invoice beside another', 100.10, 1),
    ('fees were added', 110, 1),
    ('paid tomorrow', 100, 1),
    ('paid today', 0, 0),
    ('credited tomorrow', 100, 1),
    ('credited today', 0, 0),
    ('written off today', 0, 0),
    ('one number in two rows', 75, 1),
    ('paid in part, in a row of its own', 40, 1),
    ('cents', 100.02, 1),
    ('a deposit', 100, 1);
SELECT register_source('read', 'reader_test.item');
CALL refresh_segments('read', '2025-03-01');

CREATE VIEW reader_test.read AS
SELECT e.customer_id,
    e.owed,
    coalesce(net_overdue_amount(s.profile, '2025-03-01'), 0) AS refreshed,
    coalesce(p.amount, 0) AS planned,
    coalesce(l.amount, 0) AS in_a_letter,
    coalesce(w.overdue_amount, 0) AS watched,
    coalesce(h.open_amount, 0) AS held,
    e.open_invoices,
    coalesce(p.invoices, 0) AS planned_invoices,
    coalesce(l.invoices, 0) AS invoices_in_a_letter
FROM reader_test.expected AS e
LEFT JOIN customer_segments AS s ON s.source = 'read' AND s.customer_id = e.customer_id
LEFT JOIN (
    SELECT customer_id, sum(amount) AS amount, count(DISTINCT invoice_id) AS invoices
    FROM plan_reminders('read', '2025-03-01')
    GROUP BY 1
) AS p ON p.customer_id = e.customer_id
LEFT JOIN (
    SELECT customer_id,
        sum(amount) AS amount,
        sum((
            SELECT count(*) FROM jsonb_array_elements(l.invoices) AS i WHERE i->'level' <> 'null'
        )) AS invoices
    FROM plan_letters('read', '2025-03-01') AS l
    GROUP BY 1
) AS l ON l.customer_id = e.customer_id
LEFT JOIN customers_to_watch('read', '2025-03-01', everybody => true) AS w
    ON w.customer_id = e.customer_id
LEFT JOIN credit_hold_candidates('read', '2025-03-01') AS h ON h.customer_id = e.customer_id;
SELECT * FROM reader_test.read ORDER BY customer_id COLLATE "C";
SELECT count(*) AS cases,
    bool_and(owed = ALL (ARRAY[refreshed, planned, in_a_letter, watched, held])) AS amounts_agree,
    bool_and(open_invoices = planned_invoices
        AND open_invoices = invoices_in_a_letter) AS invoices_agree
FROM reader_test.read;

-- Two customers become one: it owes what both owed, and what was sent counts for it.
SELECT count(*) > 10 AS letters FROM record_letters('read', '2025-03-01');
UPDATE reader_test.item SET customer_id = 'merged' WHERE invoice_id IN ('a1', 'c1');
INSERT INTO reader_test.expected VALUES ('merged', 900, 2);
CALL refresh_segments('read', '2025-03-02');
SELECT net_overdue_amount(profile, '2025-03-02') AS refreshed
FROM customer_segments
WHERE source = 'read' AND customer_id = 'merged';
SELECT overdue_amount AS watched
FROM customers_to_watch('read', '2025-03-02', everybody => true)
WHERE customer_id = 'merged';
SELECT open_amount AS held FROM credit_hold_candidates('read', '2025-03-02') WHERE customer_id = 'merged';
SELECT count(*) AS planned_today FROM plan_reminders('read', '2025-03-02') WHERE customer_id = 'merged';
SELECT count(*) AS letters_today FROM plan_letters('read', '2025-03-02') WHERE customer_id = 'merged';
SELECT invoice_id, level, amount FROM plan_reminders('read', '2025-03-02', 60) WHERE customer_id = 'merged' ORDER BY 1;
SELECT amount, jsonb_path_query_array(invoices, '$[*].level') AS levels
FROM plan_letters('read', '2025-03-20')
WHERE customer_id = 'merged';

-- Two currencies: nobody adds them up.
UPDATE reader_test.item SET currency = 'USD' WHERE invoice_id = 'w1';
CALL refresh_segments('read', '2025-03-02');
SELECT * FROM plan_reminders('read', '2025-03-02');
SELECT * FROM plan_letters('read', '2025-03-02');
SELECT * FROM customers_to_watch('read', '2025-03-02', everybody => true);
SELECT * FROM credit_hold_candidates('read', '2025-03-02');
SELECT * FROM invoices_to_review('read', '2025-03-02');

SELECT unregister_source('read', true);
DROP SCHEMA reader_test CASCADE;
