-- What ERPs really hold: zeros for nothing, one number for two customers, a rest in a paid row, promises, holds,
-- rows without a customer. Each case by hand.
SET client_min_messages = warning;
CREATE SCHEMA IF NOT EXISTS receivables;
CREATE EXTENSION IF NOT EXISTS receivables SCHEMA receivables;
RESET client_min_messages;
SET search_path = receivables, public;
SET datestyle = 'ISO';
\set VERBOSITY terse
\set SHOW_CONTEXT never

CREATE SCHEMA odd_test;
CREATE TABLE odd_test.item (
    customer_id text, invoice_id text, invoice_date date, due_date date, paid_date date,
    amount numeric, open_amount numeric, disputed boolean, last_level int, last_reminder_date date,
    reminder_count int, not_before date, promised_date date);
INSERT INTO dunning_policies VALUES
    (
        'odd',
        '{"steps": [{"level": 1, "after_days": 0},
                    {"level": 2,
                     "after_days": 7,
                     "from": "previous_reminder",
                     "repeat_every_days": 14}],
          "max_reminders": 4}');
SELECT register_source('odd', 'odd_test.item', dunning_policy => 'odd');
-- a row: customer, invoice, due date, amount, and what else the case needs
CREATE FUNCTION odd_test.row(customer text, invoice text, due date, amount numeric)
    RETURNS odd_test.item LANGUAGE sql
    RETURN ROW(
        customer, invoice, due - 30, due, NULL, amount, amount, false, NULL, NULL, NULL, NULL, NULL)::odd_test.item;
INSERT INTO odd_test.item SELECT (odd_test.row(c, i, d, a)).* FROM (VALUES
    -- credits outweigh what is due today; the other way round; with something overdue beside it
    ('credit', 'c1', date '2025-10-01', 100), ('credit', 'c2', '2025-09-01', -200),
    ('netted', 'n1', '2025-10-01', 300), ('netted', 'n2', '2025-09-01', -200),
    ('both', 'b1', '2025-10-01', 100), ('both', 'b2', '2025-09-20', 150), ('both', 'b3', '2025-09-01', -200),
    -- two customers with an invoice of the same number
    ('same a', 'dup', '2025-09-20', 10), ('same b', 'dup', '2025-09-20', 20),
    -- a promise, a hold for a while, a hold for ever, each beside a plain invoice
    ('promise', 'p1', '2025-09-20', 100), ('promise', 'p2', '2025-09-20', 7),
    ('hold', 'h1', '2025-09-20', 100), ('hold', 'h2', '2025-09-20', 8),
    ('never', 'v1', '2025-09-20', 100), ('never', 'v2', '2025-09-20', 9),
    -- a level 0, a rest in a paid row, no open amount, no customer, no number
    ('zero', 'z1', '2025-09-20', 100), ('rest', 'r1', '2025-09-20', 100), ('unknown', 'u1', '2025-09-20', 100),
    (NULL, 'x1', '2025-09-20', 100), ('nameless', NULL, '2025-09-20', 100)) AS v (c, i, d, a);
UPDATE odd_test.item SET promised_date = '2025-10-20' WHERE invoice_id = 'p1';
UPDATE odd_test.item SET not_before = '2025-12-01' WHERE invoice_id = 'h1';
UPDATE odd_test.item SET not_before = 'infinity' WHERE invoice_id = 'v1';
UPDATE odd_test.item SET last_level = 0 WHERE invoice_id = 'z1';
UPDATE odd_test.item SET paid_date = '2025-09-15', open_amount = 40 WHERE invoice_id = 'r1';
UPDATE odd_test.item SET open_amount = NULL WHERE invoice_id = 'u1';
SET client_min_messages = warning;
CALL refresh_segments('odd', '2025-10-01');
RESET client_min_messages;
SELECT customer_id, invoice_id, level, reminder_date, amount FROM plan_reminders('odd', '2025-10-01') ORDER BY 1, 2;
SELECT customer_id, level, amount, overdue_amount, credit_amount, invoice_count
FROM plan_letters('odd', '2025-10-01')
ORDER BY 1;
-- what is left out, and why
SELECT * FROM unusable_items('odd');
-- the day after, more is overdue
SELECT customer_id, amount, overdue_amount, credit_amount, invoice_count FROM plan_letters('odd', '2025-10-02')
WHERE customer_id IN ('credit', 'netted', 'both') ORDER BY 1;
-- after the promise and the first hold everything is claimed again
SELECT customer_id, amount, invoice_count
FROM plan_letters('odd', '2025-12-02')
WHERE customer_id IN ('promise', 'hold', 'never')
ORDER BY 1;

-- Recording returns what is to be sent; the same day again, only what has come since.
SELECT count(*) AS sent, count(*) FILTER (WHERE customer_id LIKE 'same%') AS of_both
FROM record_letters('odd', '2025-10-01');
INSERT INTO odd_test.item SELECT (odd_test.row('late', 'l1', date '2025-10-01', 50)).*;
SELECT customer_id, amount FROM record_letters('odd', '2025-10-01');
SELECT customer_id, invoice_id FROM record_reminders('odd', '2025-10-01');
SELECT count(*) FROM record_letters('odd', '2025-09-30');
SELECT count(*) FROM record_reminders('odd', '2025-09-30');
-- a level 0 of the ERP does not hide the log: level 2 a week later
SELECT invoice_id, level, reminder_date
FROM plan_reminders('odd', '2025-10-01', 30)
WHERE customer_id IN ('zero', 'same a', 'same b')
ORDER BY 1, 2;

-- An ERP with its own level and date: without a count the repeated level could go on for ever; its own count, or
-- ours where we recorded more, stops it.
CREATE FUNCTION odd_test.sent(counted boolean) RETURNS int LANGUAGE plpgsql AS $$
DECLARE
    day date;
    times int := 0;
    planned record;
BEGIN
    DELETE FROM odd_test.item;
    DELETE FROM reminders WHERE source = 'odd';
    INSERT INTO odd_test.item SELECT (odd_test.row('erp', 'e1', date '2025-01-10', 100)).*;
    FOR day IN SELECT date '2025-01-10' + n FROM generate_series(0, 300) AS n LOOP
        FOR planned IN SELECT * FROM record_reminders('odd', day) LOOP
            times := times + 1;
            UPDATE odd_test.item SET last_level = planned.level, last_reminder_date = day,
                reminder_count = CASE WHEN counted THEN times END;
        END LOOP;
        IF counted THEN DELETE FROM reminders WHERE source = 'odd'; END IF;
    END LOOP;
    RETURN times;
END;
$$;
SELECT odd_test.sent(true) AS by_its_count, odd_test.sent(false) AS by_ours;

-- Values that nobody can use: their rows are set aside, and listed with the reason.
TRUNCATE odd_test.item;
INSERT INTO odd_test.item SELECT (odd_test.row('bad', 'i1', date '2025-09-20', 100)).*;
UPDATE odd_test.item SET promised_date = 'infinity';
\set VERBOSITY default
SELECT count(*) FROM plan_reminders('odd', '2025-10-01');
SELECT * FROM unusable_items('odd');
UPDATE odd_test.item SET promised_date = NULL, last_reminder_date = '-infinity', last_level = 1;
SELECT count(*) FROM plan_letters('odd', '2025-10-01');
SELECT * FROM unusable_items('odd');
UPDATE odd_test.item SET last_reminder_date = NULL, last_level = NULL, open_amount = 'NaN';
SELECT count(*) FROM invoices_to_review('odd', '2025-10-01');
SELECT * FROM unusable_items('odd');
\set VERBOSITY terse

-- A customer whose old segment is empty now, or who had none, has moved all the same.
INSERT INTO segment_policies VALUES
    (
        'odd',
        '[{"segment": "bad", "when": "overdue_amount(1) > 0"},
          {"segment": "fine", "when": "item_count > 0"}]');
UPDATE sources SET segment_policy = 'odd' WHERE name = 'odd';
TRUNCATE odd_test.item;
DELETE FROM refresh_runs; DELETE FROM customer_segments; DELETE FROM segment_changes;
INSERT INTO odd_test.item SELECT (odd_test.row('only', 'o1', date '2025-07-01', 100)).*;
SET client_min_messages = error;
CALL refresh_segments('odd', '2025-06-30');
CALL refresh_segments('odd', '2025-07-10');
RESET client_min_messages;
SELECT customer_id, segment, needs_attention, reason FROM customers_to_watch('odd', '2025-07-10');
UPDATE segment_changes SET from_segment = NULL;
SELECT customer_id, segment, needs_attention, reason FROM customers_to_watch('odd', '2025-07-10');
SELECT count(*) FROM customers_to_watch('odd', '2025-07-10', days => -5);
SELECT count(*) FROM plan_reminders('odd', '2025-07-05', 2147483647);

-- Who would lose most customers is warned.
TRUNCATE odd_test.item;
CALL refresh_segments('odd', '2025-07-11');

-- Registering what cannot work.
CREATE TEMPORARY TABLE fleeting (LIKE odd_test.item);
SELECT register_source('fleeting', 'fleeting');
SELECT register_source('x', 'odd_test.item', prior => 'bogus');
SELECT register_source('x', 'odd_test.item', history_months => 0);

SET client_min_messages = warning;
DROP SCHEMA odd_test CASCADE;
SELECT unregister_source('odd', true);
DELETE FROM dunning_policies; DELETE FROM segment_policies;
