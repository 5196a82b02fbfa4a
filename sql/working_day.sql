-- What a person at work adds to the plan: promises, decisions, calls; and what stops letters. A few invoices, each with
-- its answer written down.
SET client_min_messages = warning;
CREATE SCHEMA IF NOT EXISTS receivables;
CREATE EXTENSION IF NOT EXISTS receivables SCHEMA receivables;
RESET client_min_messages;
SET search_path = receivables, public;
SET datestyle = 'ISO';
\set VERBOSITY terse
\set SHOW_CONTEXT never

CREATE SCHEMA day_test;
CREATE TABLE day_test.item (customer_id text, invoice_id text, invoice_date date, due_date date, paid_date date,
    amount numeric, open_amount numeric, disputed boolean, not_before date, promised_date date, treatment text,
    settled_by text);
CREATE FUNCTION day_test.add(customer text, invoice text, due date, amount numeric) RETURNS void LANGUAGE sql AS
$$ INSERT INTO day_test.item VALUES (customer, invoice, due - 30, due, NULL, amount, amount, false) $$;
INSERT INTO business_calendars VALUES ('day', '{"holidays": ["2025-12-25", "2025-12-26"]}');
INSERT INTO dunning_policies VALUES ('day', '{"steps": [{"level": 1, "after_days": 3, "channel": "email"},
    {"level": 2, "after_days": 7, "from": "previous_reminder", "channel": "letter"},
    {"level": 3, "after_days": 7, "from": "previous_reminder", "channel": "letter", "statutory": true}],
    "min_interval_days": 2, "max_contacts": {"count": 2, "within_days": 14}, "min_amount": 25,
    "promise_max_days": 30,
    "start": {"older_than_days": 90}}');
SELECT register_source('day', 'day_test.item', NULL, 'day', 'day');
SELECT count(day_test.add(c, i, d::date, a)) AS invoices
FROM (VALUES ('ann', 'a1', '2025-12-01', 100), ('bob', 'b1', '2025-12-01', 10), ('bob', 'b2', '2025-12-02', 20),
    ('cid', 'c1', '2025-12-01', 100), ('dot', 'd1', '2025-12-01', 100), ('eve', 'e1', '2025-12-01', 100),
    ('fay', 'f1', '2025-07-01', 100), ('gus', 'g1', '2025-12-01', 100), ('hal', 'h1', '2025-12-01', 100),
    ('ida', 'i1', '2025-12-01', 100), ('ida', 'i2', '2025-12-01', 100), ('jon', 'j1', '2025-12-01', 100)
) AS v (c, i, d, a);
UPDATE day_test.item SET disputed = true WHERE invoice_id = 'd1';
UPDATE day_test.item SET not_before = '2025-12-20' WHERE invoice_id = 'e1';
INSERT INTO day_test.item VALUES ('cid', 'c0', '2025-11-01', '2025-11-01', NULL, -120, -120, false);
UPDATE day_test.item SET treatment = 'direct_debit' WHERE invoice_id = 'g1';
UPDATE day_test.item SET treatment = 'bankrupt' WHERE invoice_id = 'h1';
UPDATE day_test.item SET treatment = 'insolvent' WHERE invoice_id = 'i1';
SET client_min_messages = warning;
CALL refresh_segments('day', '2025-12-01');
RESET client_min_messages;

-- On Saturday nothing goes out; on Monday it does, and what does not says why.
SELECT count(*) AS saturday, (SELECT count(*) FROM plan_letters('day', '2025-12-06')) AS letters
FROM plan_reminders('day', '2025-12-06');
SELECT invoice_id, held_from, held_by, until, reason
FROM held_back('day', '2025-12-06') WHERE invoice_id = 'a1';
SELECT invoice_id, level, reminder_date FROM plan_reminders('day', '2025-12-06', 2) ORDER BY 1;
SELECT invoice_id, level, reminder_date FROM plan_reminders('day', '2025-12-08') ORDER BY 1;
SELECT customer_id, amount, invoice_count FROM plan_letters('day', '2025-12-08') ORDER BY 1;
SELECT invoice_id, held_from, level, amount, days_late, held_by, until, reason
FROM held_back('day', '2025-12-08') ORDER BY 1;
-- a credit is nothing that could go out, nor is what is not due yet
SELECT string_agg(invoice_id, ' ' ORDER BY invoice_id) AS held FROM held_back('day', '2025-11-15');

-- Promises. The policy takes none that is later than 30 days after the due date: such a one holds nothing back, in no
-- letter either.
SELECT record_promise('day', 'a1', '2025-12-12', made_on => '2025-12-05') > 0 AS first;
SELECT invoice_id, held_by, until, reason FROM held_back('day', '2025-12-08') WHERE invoice_id = 'a1';
SELECT invoice_id FROM plan_reminders('day', '2025-12-12') WHERE invoice_id = 'a1';
SELECT record_promise('day', 'a1', '2026-02-01', made_on => '2025-12-08') > 0 AS too_far;
SELECT reason FROM plan_reminders('day', '2025-12-08') WHERE invoice_id = 'a1';
SELECT customer_id FROM plan_letters('day', '2025-12-08') WHERE customer_id = 'ann';
-- the same day again takes its place; the third promise pauses nothing
SELECT record_promise('day', 'a1', '2025-12-19', made_on => '2025-12-08') > 0 AS again;
SELECT invoice_id FROM plan_reminders('day', '2025-12-09') WHERE invoice_id = 'a1';
SELECT record_promise('day', 'a1', '2025-12-30', made_on => '2025-12-09') > 0 AS third;
SELECT invoice_id, reason FROM plan_reminders('day', '2025-12-09') WHERE invoice_id = 'a1';
SELECT customer_id, amount FROM plan_letters('day', '2025-12-09') WHERE customer_id = 'ann';
-- one of the source counts too, and a later one than ours is another promise
UPDATE day_test.item SET promised_date = '2025-12-15' WHERE invoice_id = 'j1';
SELECT held_by, until FROM held_back('day', '2025-12-08') WHERE invoice_id = 'j1';
SELECT record_promise('day', 'j1', '2025-12-10', made_on => '2025-12-04') > 0 AS one,
    record_promise('day', 'j1', '2025-12-11', made_on => '2025-12-05') > 0 AS another;
SELECT invoice_id FROM plan_reminders('day', '2025-12-08') WHERE invoice_id = 'j1';
UPDATE day_test.item SET promised_date = '2025-12-10' WHERE invoice_id = 'j1';
SELECT held_by, until FROM held_back('day', '2025-12-08') WHERE invoice_id = 'j1';

-- What became of promises. One for Saturday is one for Monday, and two business days more are kept.
DELETE FROM promises;
SELECT day_test.add('kay', 'k' || n, '2025-11-20', 100) FROM generate_series(1, 8) AS n;
SELECT count(record_promise('day', 'k' || n, '2025-12-06', made_on => '2025-12-01'))
FROM generate_series(1, 7) AS n;
SELECT record_promise('day', 'k6', '2025-12-20', made_on => '2025-12-06') > 0 AS moved,
    record_promise('day', 'k8', '2025-12-06', 40, '2025-12-01') > 0 AS a_part;
UPDATE day_test.item SET paid_date = '2025-12-10', open_amount = 0 WHERE invoice_id = 'k1';
UPDATE day_test.item SET paid_date = '2025-12-11', open_amount = 0 WHERE invoice_id = 'k2';
UPDATE day_test.item SET open_amount = 75 WHERE invoice_id = 'k3';
UPDATE day_test.item SET paid_date = '2025-12-09', open_amount = 0, settled_by = 'credit'
WHERE invoice_id = 'k4';
UPDATE day_test.item SET paid_date = '2025-12-09', open_amount = 0, settled_by = 'write_off'
WHERE invoice_id = 'k5';
UPDATE day_test.item SET open_amount = 60 WHERE invoice_id = 'k8';
SELECT invoice_id, promised_date, keep_by, amount, paid_amount, earlier_promises AS earlier, state,
    kept_share, days_after
FROM promise_states('day', '2025-12-15') ORDER BY invoice_id, made_on;
SELECT state, count(*) FROM promise_states('day', '2025-12-10') GROUP BY 1 ORDER BY 1;
SELECT count(*) FROM promise_states('day', '2025-11-30');
SELECT * FROM promise_record('day', '2025-12-15');
-- the refresh tells it to the policies, as of its day
INSERT INTO segment_policies VALUES ('day',
    '[{"segment": "breaks its word", "when": "attribute.promise.kept_share < 0.5"}, {"segment": "other"}]');
UPDATE sources SET segment_policy = 'day' WHERE name = 'day';
SET client_min_messages = warning;
CALL refresh_segments('day', '2025-12-10');
SELECT segment, attributes FROM customer_segments WHERE source = 'day' AND customer_id = 'kay';
CALL refresh_segments('day', '2025-12-15');
RESET client_min_messages;
SELECT segment, count(*), jsonb_agg(attributes) FILTER (WHERE attributes IS NOT NULL) AS attributes
FROM customer_segments WHERE source = 'day' GROUP BY 1 ORDER BY 1;
SELECT record_promise('day', 'nobody', '2025-12-06', made_on => '2025-12-01');
SELECT record_promise('day', 'k1', '2025-12-20', made_on => '2025-12-12');
SELECT record_promise('day', 'k3', '2025-12-01', made_on => '2025-12-12');
SELECT record_promise('day', 'k3', '2025-12-20', 0, '2025-12-12');
SELECT record_promise('day', 'k3', 'infinity', made_on => '2025-12-01');
SELECT count(*) FROM promise_states('day', NULL);
DELETE FROM promises;
DELETE FROM day_test.item WHERE customer_id = 'kay';

-- The backlog is settled: dunned, left, given up.
SELECT day_test.add('fay', 'f2', '2025-07-02', 100), day_test.add('fay', 'f3', '2025-07-03', 100),
    day_test.add('fay', 'f4', '2025-07-04', 100);
SELECT string_agg(invoice_id, ' ' ORDER BY invoice_id) AS to_review
FROM invoices_to_review('day', '2025-12-08');
SELECT settle_review('day', 'f1', 'dunn', decided_on => '2025-12-08'),
    settle_review('day', 'f2', 'leave_until', '2025-12-15', '2025-12-08'),
    settle_review('day', 'f3', 'give_up', decided_on => '2025-12-08');
SELECT d.day,
    (SELECT string_agg(invoice_id, ' ' ORDER BY invoice_id)
        FROM invoices_to_review('day', d.day)) AS to_review,
    (SELECT string_agg(invoice_id || ':' || level, ' ' ORDER BY invoice_id)
        FROM plan_reminders('day', d.day) WHERE customer_id = 'fay') AS planned,
    (SELECT string_agg(i ->> 'invoice_id', ' ' ORDER BY i ->> 'invoice_id')
        FROM plan_letters('day', d.day) AS l, jsonb_array_elements(l.invoices) AS i
     WHERE l.customer_id = 'fay') AS letter
FROM (VALUES (date '2025-12-05'), ('2025-12-08'), ('2025-12-12'), ('2025-12-15')) AS d (day);
SELECT invoice_id, held_by, reason FROM held_back('day', '2025-12-08') WHERE customer_id = 'fay' ORDER BY 1;
SELECT settle_review('day', 'f3', 'dunn', decided_on => '2025-12-09');
SELECT string_agg(invoice_id, ' ' ORDER BY invoice_id) AS planned
FROM plan_reminders('day', '2025-12-09') WHERE customer_id = 'fay';
SELECT settle_review('day', 'f1', 'forget');
SELECT settle_review('day', 'f1', 'leave_until', decided_on => '2025-12-08');
SELECT settle_review('day', 'f1', 'leave_until', '2025-12-08', '2025-12-08');
SELECT settle_review('day', 'f1', 'dunn', '2025-12-20', '2025-12-08');
SELECT settle_review('day', 'nobody', 'dunn', decided_on => '2025-12-08');

-- Contacts count, whatever they were: two within 14 days are the limit, which a statutory notice does not mind.
DELETE FROM day_test.item WHERE customer_id <> 'ann';
SELECT count(*) FROM record_reminders('day', '2025-12-04');
SELECT record_contact('day', 'ann', 'called, pays soon', contacted_on => '2025-12-09') > 0 AS called;
SELECT level, reminder_date, reason FROM plan_reminders('day', '2025-12-11', 30);
SELECT held_by, until FROM held_back('day', '2025-12-11');
-- nothing goes out before the day that was agreed; the latest contact says which
SELECT record_contact('day', 'ann', 'called again', '2025-12-22', '2025-12-10') > 0 AS agreed;
SELECT held_by, until, reason FROM held_back('day', '2025-12-11');
DELETE FROM contacts WHERE outcome = 'called again';
UPDATE reminders SET level = 2 WHERE source = 'day';
SELECT level, reminder_date FROM plan_reminders('day', '2025-12-11');
SELECT record_contact('day', 'nobody', 'called');
SELECT record_contact('day', 'ann', NULL, contacted_on => '2025-12-09');
SELECT record_contact('day', 'ann', 'called', '2025-12-01', '2025-12-09');
-- a call counts for the interval
DELETE FROM reminders; DELETE FROM contacts;
SELECT record_contact('day', 'ann', 'called', contacted_on => '2025-12-08') > 0 AS called;
SELECT held_by, until, reason FROM held_back('day', '2025-12-08');

-- Payments that are not booked yet: a notice, or an error.
UPDATE sources SET booked_until = '2025-12-05' WHERE name = 'day';
SELECT count(*) FROM plan_reminders('day', '2025-12-10');
SELECT count(*) FROM plan_letters('day', '2025-12-08');
UPDATE sources SET max_unbooked_days = 1 WHERE name = 'day';
SELECT count(*) FROM plan_letters('day', '2025-12-09');
\set VERBOSITY default
SELECT count(*) FROM record_letters('day', '2025-12-10');
\set VERBOSITY terse
UPDATE sources SET booked_until = NULL;

-- A reminder belongs to who has the open invoice, whatever settled rows say; one that has not been sent yet is none.
DELETE FROM contacts;
INSERT INTO day_test.item SELECT 'zoe', 'a1', '2025-01-01', '2025-02-01', '2025-02-01', 50, 0;
SELECT day_test.add('ann', 'a2', '2025-12-05', 100);
SELECT record_reminder('day', 'zoe', 'a1', 1, '2025-12-08');
SELECT held_by, until FROM held_back('day', '2025-12-09') WHERE invoice_id = 'a2';
SELECT record_reminder('day', 'ann', 'a1', 2, '9999-12-31');
BEGIN ISOLATION LEVEL REPEATABLE READ;
SELECT count(*) FROM record_letters('day', '2025-12-10');
ROLLBACK;
BEGIN ISOLATION LEVEL SERIALIZABLE;
SELECT count(*) FROM record_letters('day', '2025-12-10');
ROLLBACK;

SET client_min_messages = warning;
DROP SCHEMA day_test CASCADE;
SELECT unregister_source('day', true);
DELETE FROM dunning_policies; DELETE FROM business_calendars; DELETE FROM segment_policies;
