-- How a row of a source is read as of a day: what is open of it, what is disputed, what its credits meet; which rows
-- are set aside; and which errors stop a run, with whose they are.
SET client_min_messages = warning;
CREATE SCHEMA IF NOT EXISTS receivables;
CREATE EXTENSION IF NOT EXISTS receivables SCHEMA receivables;
SET search_path = receivables, public;
SET datestyle = ISO;
\set SHOW_CONTEXT never

CREATE SCHEMA item_test;
CREATE TABLE item_test.item (
    customer_id text, invoice_id text, invoice_date date DEFAULT '2025-01-01',
    due_date date DEFAULT '2025-01-31', paid_date date, amount numeric DEFAULT 100,
    open_amount numeric, settled_by text, disputed boolean, disputed_from date, disputed_until date,
    credited_on date, written_off_on date, nettable boolean, credited_invoice text,
    last_level integer, last_reminder_date date, reminder_count integer, not_before date,
    attributes jsonb);
SELECT register_source('items', 'item_test.item');
CREATE FUNCTION item_test.rows(as_of date, what text) RETURNS SETOF text LANGUAGE plpgsql AS $$
BEGIN
    RETURN QUERY EXECUTE _with_balances('items', as_of, NULL) || what USING as_of;
END $$;

-- One row each; on the day, and a month before.
INSERT INTO item_test.item (customer_id, invoice_id, amount, open_amount, paid_date) VALUES
    ('a', 'open', 100, 100, NULL),
    ('a', 'open, nobody says how much', 100, NULL, NULL),
    ('a', 'partly open', 100, 40, NULL),
    ('a', 'settled, nobody knows when', 100, 0, NULL),
    ('a', 'nothing', 0, 0, NULL),
    ('a', 'nothing, and open', 0, NULL, NULL),
    ('a', 'paid before', 100, 0, '2025-03-01'),
    ('a', 'paid later', 100, 0, '2025-03-02'),
    ('a', 'a rest in a paid row', 100, 30, '2025-02-10'),
    ('a', 'a credit', -20, -20, NULL),
    ('a', 'a rest of a credit', -20, -5, NULL),
    ('a', 'with a fee', 100, 110, NULL);
INSERT INTO item_test.item (customer_id, invoice_id, open_amount, credited_on) VALUES
    ('a', 'credited', 0, '2025-03-01'), ('a', 'credited later', 0, '2025-03-02');
INSERT INTO item_test.item (customer_id, invoice_id, open_amount, written_off_on) VALUES
    ('a', 'written off', NULL, '2025-02-01'), ('a', 'written off later', 0, '2025-04-01');
SELECT *
FROM item_test.rows(
    '2025-03-01',
    $$
        SELECT format(
            '%s: %s, settled %s by %s', invoice_id,
            CASE WHEN is_open THEN open_amount || ' open' ELSE 'not open' END,
            settled_on, settled_by)
        FROM items$$)
ORDER BY 1;
-- the profile says the same
SELECT *
FROM item_test.rows(
    '2025-03-01',
    $$
        SELECT 'open, and in credits: ' || sum(open_amount) FILTER (WHERE is_open AND amount > 0)
            || ', ' || -sum(open_amount) FILTER (WHERE is_open AND amount < 0)
        FROM items
        WHERE settled_on IS NULL OR settled_on > '2025-03-01'$$);
SELECT *
FROM item_test.rows(
    '2025-03-01',
    format(
        $$
            SELECT 'open, and in credits: '
                || (open_amount(p.profile) + credit_open_amount(p.profile)) || ', '
                || credit_open_amount(p.profile)
            FROM (%s) AS p$$,
        _profiles_query('items', '2025-03-01')));
SELECT *
FROM item_test.rows(
    '2025-01-15',
    $$
        SELECT format(
            '%s: %s', invoice_id, CASE WHEN is_open THEN open_amount || ' open' ELSE 'not open' END)
        FROM items$$)
ORDER BY 1;
TRUNCATE item_test.item;

-- In dispute: by the dates, both inclusive, or by the flag.
INSERT INTO item_test.item (customer_id, invoice_id, disputed, disputed_from, disputed_until) VALUES
    ('a', 'flag', true, NULL, NULL),
    ('a', 'no flag', NULL, NULL, NULL),
    ('a', 'from', NULL, '2025-03-01', NULL),
    ('a', 'from tomorrow', true, '2025-03-02', NULL),
    ('a', 'until', NULL, '2025-02-01', '2025-03-01'),
    ('a', 'until yesterday', true, '2025-02-01', '2025-02-28'),
    ('a', 'only until', NULL, NULL, '2025-03-01');
SELECT *
FROM item_test.rows(
    '2025-03-01',
    $$SELECT format('%s: now %s, ever %s', invoice_id, disputed, was_disputed) FROM items$$)
ORDER BY 1;
TRUNCATE item_test.item;

-- The ERP's own level of a later day is not there yet.
INSERT INTO item_test.item (customer_id, invoice_id, last_level, last_reminder_date, reminder_count) VALUES
    ('a', 'today', 2, '2025-03-01', 3), ('a', 'tomorrow', 2, '2025-03-02', 3), ('a', 'no day', 2, NULL, 3);
SELECT *
FROM item_test.rows(
    '2025-03-01',
    $$
        SELECT format(
            '%s: level %s of %s, %s in all', invoice_id, last_level, last_reminder_date,
            reminder_count)
        FROM items$$)
ORDER BY 1;
TRUNCATE item_test.item;

-- Credits: one that names an invoice meets that first, the others the oldest; what must not be netted is left out.
INSERT INTO item_test.item (customer_id, invoice_id, due_date, amount, credited_invoice, nettable) VALUES
    ('named', 'n1', '2025-01-01', 100, NULL, NULL),
    ('named', 'n2', '2025-02-01', 100, NULL, NULL),
    ('named', 'c1', NULL, -30, 'n2', true),
    ('oldest', 'o1', '2025-01-01', 100, NULL, NULL),
    ('oldest', 'o2', '2025-02-01', 100, NULL, NULL),
    ('oldest', 'c2', NULL, -130, NULL, true),
    ('too much', 't1', '2025-01-01', 100, NULL, NULL),
    ('too much', 't2', '2025-02-01', 100, NULL, NULL),
    ('too much', 'c3', NULL, -120, 't2', NULL),
    ('elsewhere', 'e1', '2025-01-01', 100, NULL, NULL),
    ('elsewhere', 'c4', NULL, -30, 'n1', true),
    ('elsewhere', 'c5', NULL, -30, 'gone', true),
    ('deposit', 'd1', '2025-01-01', 100, NULL, NULL),
    ('deposit', 'c6', NULL, -130, NULL, false),
    ('nothing owed', 'k1', '2025-01-01', 100, NULL, NULL),
    ('nothing owed', 'c7', '2025-01-01', -100, NULL, NULL),
    ('for several', 'f1', '2025-01-01', 100, NULL, NULL),
    ('for several', 'f2', '2025-02-01', 100, NULL, NULL),
    ('for several', 'f3', '2025-02-02', 100, NULL, NULL),
    ('for several', 'c8', NULL, -30, 'f2', NULL),
    ('for several', 'c8', NULL, -50, 'f3', NULL),
    ('for several', 'c8', NULL, -5, NULL, NULL);
SELECT *
FROM item_test.rows(
    '2025-03-01',
    $$
        SELECT format('%s %s: %s', customer_id, invoice_id, net)
        FROM balances
        WHERE rest > 0 OR net > 0$$)
ORDER BY 1;
CALL refresh_segments('items', '2025-03-01');
SELECT customer_id, amount, overdue_amount, credit_amount FROM plan_letters('items', '2025-03-01') ORDER BY 1;
SELECT customer_id, overdue_amount, oldest_overdue_days
FROM customers_to_watch('items', '2025-03-01', everybody => true)
ORDER BY 1;

-- The same for two hundred customers, one invoice and one credit after the other.
TRUNCATE item_test.item;
CREATE FUNCTION item_test.h(i int, k int, salt int)
    RETURNS int LANGUAGE sql IMMUTABLE RETURN (hashint8extended(i * 1000 + salt, 13) % k + k) % k;
INSERT INTO item_test.item (
    customer_id, invoice_id, invoice_date, due_date, amount, open_amount, credited_invoice,
    nettable, disputed)
SELECT 'C' || i % 200,
    'I' || i,
    '2025-01-01',
    CASE WHEN a > 0 OR item_test.h(i, 9, 1) > 0 THEN date '2025-01-10' + item_test.h(i, 90, 2) END,
    a,
    a,
    CASE
        WHEN a < 0 AND item_test.h(i, 3, 3) > 0
            THEN 'I' || 200 * item_test.h(i, 15, 4) + i % 200
    END,
    item_test.h(i, 8, 5) > 0,
    a > 0 AND item_test.h(i, 6, 6) = 0
FROM generate_series(200, 3199) AS i,
    LATERAL (
        SELECT CASE
            WHEN item_test.h(i, 3, 7) = 0 THEN -1
            ELSE 1
        END * (1 + item_test.h(i, 500, 8)) AS a
    ) AS x;
-- some credit notes are for several invoices, in a row each
INSERT INTO item_test.item (
    customer_id, invoice_id, invoice_date, due_date, amount, open_amount, credited_invoice,
    nettable, disputed)
SELECT t.customer_id,
    t.invoice_id,
    t.invoice_date,
    t.due_date,
    -a,
    -a,
    'I' || 200 * item_test.h(a, 15, n) + substr(t.customer_id, 2)::integer,
    t.nettable,
    t.disputed
FROM item_test.item AS t,
    generate_series(1, 2) AS n,
    LATERAL (SELECT 1 + item_test.h(substr(t.invoice_id, 2)::integer, 200, 10 + n) AS a) AS x
WHERE t.amount < 0 AND item_test.h(substr(t.invoice_id, 2)::integer, 4, 9) = 0;
CREATE FUNCTION item_test.by_hand() RETURNS TABLE (invoice_id text, net numeric) LANGUAGE plpgsql AS $$
DECLARE
    credit record;
    invoice record;
    pool numeric;
    taken numeric;
    customer text;
BEGIN
    CREATE TEMP TABLE hand AS
    SELECT i.ctid AS row, i.customer_id, i.invoice_id, i.due_date, i.amount AS rest, i.credited_invoice, i.disputed
    FROM item_test.item AS i
    WHERE i.amount > 0 OR i.nettable;
    FOR credit IN
        SELECT *
        FROM hand AS h
        WHERE h.rest < 0 AND h.credited_invoice IS NOT NULL
        ORDER BY h.due_date, h.invoice_id COLLATE "C"
    LOOP
        SELECT h.rest
        INTO taken
        FROM hand AS h
        WHERE h.invoice_id = credit.credited_invoice
            AND h.customer_id = credit.customer_id
            AND h.rest > 0;
        taken := least(coalesce(taken, 0), -credit.rest);
        UPDATE hand AS h SET rest = h.rest - taken WHERE h.invoice_id = credit.credited_invoice;
        UPDATE hand AS h SET rest = h.rest + taken WHERE h.row = credit.row;
    END LOOP;
    FOR customer IN SELECT DISTINCT h.customer_id FROM hand AS h LOOP
        pool := (SELECT coalesce(-sum(h.rest), 0) FROM hand AS h WHERE h.customer_id = customer AND h.rest < 0);
        FOR invoice IN
            SELECT *
            FROM hand AS h
            WHERE h.customer_id = customer AND h.rest > 0
            ORDER BY h.disputed, h.due_date, h.invoice_id COLLATE "C"
        LOOP
            taken := least(pool, invoice.rest);
            pool := pool - taken;
            invoice_id := invoice.invoice_id; net := invoice.rest - taken;
            RETURN NEXT;
        END LOOP;
    END LOOP;
    DROP TABLE hand;
END $$;
SELECT count(*) > 1500 AS invoices,
    count(*) FILTER (WHERE b.net = h.net) = count(*) AS same,
    count(*) FILTER (WHERE h.net = 0) > 200 AS met,
    count(*) FILTER (WHERE h.net > 0) > 200 AS owed
FROM (
    SELECT split_part(r, ' ', 1) AS invoice_id, split_part(r, ' ', 2)::numeric AS net
    FROM item_test.rows(
        '2025-06-01', $$SELECT invoice_id || ' ' || net FROM balances WHERE rest > 0$$) AS r
) AS b
FULL JOIN (SELECT * FROM item_test.by_hand()) AS h USING (invoice_id);
-- what a customer owes is what he owes on balance
SELECT count(*) > 100 AS customers, bool_and(net = greatest(0, balance)) AS same
FROM (
    SELECT customer_id, sum(amount) FILTER (WHERE amount > 0 OR nettable) AS balance
    FROM item_test.item
    GROUP BY 1
) AS a
JOIN (
    SELECT split_part(r, ' ', 1) AS customer_id, sum(split_part(r, ' ', 2)::numeric) AS net
    FROM item_test.rows('2025-06-01', $$SELECT customer_id || ' ' || net FROM balances$$) AS r
    GROUP BY 1
) AS b USING (customer_id);
SELECT count(*) > 100 AS for_several
FROM (
    SELECT
    FROM item_test.item
    WHERE amount < 0
    GROUP BY invoice_id
    HAVING count(DISTINCT credited_invoice) > 1
) AS c;
TRUNCATE item_test.item;

-- Rows that cannot be used, each with its reason; the others go on.
INSERT INTO item_test.item (customer_id, invoice_id) SELECT 'good', 'g' || n FROM generate_series(1, 5) AS n;
INSERT INTO item_test.item (customer_id, invoice_id, invoice_date) VALUES
    ('bad', '01', 'infinity'), ('bad', '02', '-infinity'), ('bad', '03', '0001-01-01 BC');
INSERT INTO item_test.item (customer_id, invoice_id, due_date) VALUES ('bad', '04', '5874897-12-31');
INSERT INTO item_test.item (customer_id, invoice_id, paid_date) VALUES ('bad', '05', 'infinity');
INSERT INTO item_test.item (customer_id, invoice_id, amount) VALUES
    ('bad', '06', 'NaN'), ('bad', '07', 'Infinity'), ('bad', '08', round(0::numeric, 40)),
    ('bad', '09', 1e40), ('bad', '10', 1e200);
INSERT INTO item_test.item (customer_id, invoice_id, open_amount) VALUES ('bad', '11', '-Infinity'), ('bad', '12', -5);
INSERT INTO item_test.item (customer_id, invoice_id, amount, open_amount) VALUES
    ('bad', '23', 1e37, 0.00), ('bad', '24', 0.01, 1e37);
INSERT INTO item_test.item (customer_id, invoice_id) VALUES
    (repeat('x', 501), '13'), ('bad', repeat('1', 501)), (repeat('x', 500), repeat('2', 500)),
    (NULL, '14'), ('bad', NULL), ('', '25'), ('bad', '');
INSERT INTO item_test.item (customer_id, invoice_id, attributes) VALUES
    ('bad', '15', '[]'), ('bad', '16', '1'), ('bad', '17', 'null');
INSERT INTO item_test.item (customer_id, invoice_id, not_before) VALUES
    ('bad', '18', '-infinity'), ('bad', '19', 'infinity');
INSERT INTO item_test.item (customer_id, invoice_id, last_level, reminder_count) VALUES
    ('bad', '20', 1000, NULL), ('bad', '21', 1, -1);
INSERT INTO item_test.item (customer_id, invoice_id, credited_on) VALUES ('bad', '22', 'infinity');
-- one number, two customers: both open, one open, none open
INSERT INTO item_test.item (customer_id, invoice_id, paid_date) VALUES
    ('one', 's1', NULL), ('two', 's1', NULL), ('one', 's2', NULL), ('two', 's2', '2025-01-10'),
    ('one', 's3', '2025-01-10'), ('two', 's3', '2025-01-11');
RESET client_min_messages;
CALL refresh_segments('items', '2025-03-02');
SET client_min_messages = warning;
SELECT left(customer_id, 10) AS customer_id, left(invoice_id, 10) AS invoice_id, reason FROM unusable_items('items');
SELECT left(customer_id, 10) AS customer_id, left(invoice_id, 10) AS invoice_id, amount
FROM plan_reminders('items', '2025-03-02')
ORDER BY 1, 2;
SELECT count(*) = 8 AS letters FROM plan_letters('items', '2025-03-02'), jsonb_array_elements(invoices);
-- What is usable stops nothing: every row that has no fault gives a profile, whatever stands in its columns.
TRUNCATE item_test.item;
INSERT INTO item_test.item (
    customer_id, invoice_id, amount, open_amount, due_date, paid_date, credited_on, settled_by)
SELECT 'k' || row_number() OVER (),
    'i' || row_number() OVER (),
    a::numeric,
    o::numeric,
    d::date,
    p::date,
    c::date,
    s
FROM unnest(('{NULL,0,0.00,-0.0,1,-1,100.5,1e37,-1e37,9.9e37,1e38,0.1e-30,1e-38,1e-39,'
        || '99999999999999999999999999999999999999,NaN,-Infinity}')::text[]) AS a,
    unnest('{NULL,0,0.00,1,-1,100.5,200,1e37,1e-37,9.9e37,-0.01,0.1e-30,Infinity}'::text[]) AS o,
    unnest('{NULL,0001-01-01,2025-01-31,9999-12-31,infinity}'::text[]) AS d,
    unnest('{NULL,0001-01-01,2025-01-31,9999-12-31}'::text[]) AS p,
    unnest('{NULL,2025-02-01}'::text[]) AS c,
    unnest('{NULL,credit,odd}'::text[]) AS s;
SELECT count(*) > 25000 AS rows FROM item_test.item;
SELECT r::integer > 6000 AS profiles
FROM item_test.rows(
    '2025-03-01',
    format('SELECT count(p.profile)::text FROM (%s) AS p', _profiles_query('items', '2025-03-01'))
) AS r;
SELECT r::integer > 3000 AS planned
FROM item_test.rows(
    '2025-03-01',
    $$
        SELECT count(n.reason)::text
        FROM balances AS b,
            LATERAL next_reminder(standard_dunning_policy(), b.due_date, b.net, '2025-03-01') AS n$$
) AS r;
TRUNCATE item_test.item;

-- A reminder counts for the customer who has the invoice now; who is new starts anew.
INSERT INTO item_test.item (customer_id, invoice_id, due_date) VALUES
    ('before', 'm1', '2025-02-20'), ('before', 'm2', '2025-02-25');
CALL refresh_segments('items', '2025-03-02');
SELECT record_reminder('items', 'before', 'm1', 1, '2025-03-02');
UPDATE item_test.item SET customer_id = 'merged', due_date = due_date + 1;
CALL refresh_segments('items', '2025-03-03');
SELECT customer_id, since, item_count(profile)
FROM customer_segments
WHERE source = 'items' AND customer_id IN ('before', 'merged')
ORDER BY 1;
SELECT customer_id, invoice_id, level, reminder_date FROM plan_reminders('items', '2025-03-03', 60) ORDER BY 2;
SELECT customer_id, invoice_id, level FROM reminders WHERE source = 'items';
-- also when the invoice has been paid since
UPDATE item_test.item SET paid_date = '2025-03-02' WHERE invoice_id = 'm1';
SELECT customer_id, invoice_id, level, reminder_date FROM plan_reminders('items', '2025-03-03', 60) ORDER BY 2;
TRUNCATE item_test.item;

-- What stops a run names the source and whose it is: two currencies, an expression of the source, a sum, a function.
CREATE TABLE item_test.more (LIKE item_test.item INCLUDING DEFAULTS);
ALTER TABLE item_test.more ADD currency text, ADD divisor integer DEFAULT 1;
INSERT INTO item_test.more (customer_id, invoice_id, currency)
SELECT 'C' || n % 50, n, 'EUR'
FROM generate_series(1, 500) AS n;
CREATE FUNCTION item_test.finds_nothing(text)
    RETURNS text LANGUAGE plpgsql AS $$ BEGIN RETURN (SELECT x.a FROM elsewhere AS x); END $$;
CREATE VIEW item_test.divided WITH (security_invoker) AS
SELECT customer_id, invoice_id, invoice_date, due_date, paid_date, amount / divisor AS amount,
    open_amount, currency
FROM item_test.more;
CREATE VIEW item_test.looks WITH (security_invoker) AS
SELECT customer_id,
    invoice_id,
    invoice_date,
    due_date,
    paid_date,
    amount,
    open_amount,
    item_test.finds_nothing(customer_id) AS channel,
    item_test.finds_nothing(customer_id) AS settled_by
FROM item_test.more;
SELECT register_source('more', 'item_test.divided');
CALL refresh_segments('more', '2025-03-01');
UPDATE item_test.more SET currency = 'USD' WHERE invoice_id = '77';
CALL refresh_segments('more', '2025-03-02');
SELECT count(*) FROM plan_letters('more', '2025-03-02');
UPDATE item_test.more SET currency = NULL, divisor = 0 WHERE invoice_id = '77';
CALL refresh_segments('more', '2025-03-02');
SELECT count(*) FROM plan_reminders('more', '2025-03-02');
SELECT count(*) FROM credit_hold_candidates('more', '2025-03-02');
UPDATE item_test.more SET divisor = 1;
UPDATE item_test.more SET amount = 9e37, open_amount = NULL WHERE customer_id = 'C13';
CALL refresh_segments('more', '2025-03-02');
-- a sum of the customers of a segment, or of all: before anything is written
UPDATE item_test.more SET amount = 100 WHERE customer_id = 'C13';
UPDATE item_test.more SET amount = 1e36 WHERE customer_id = 'C14';
CALL refresh_segments('more', '2025-03-03');
SELECT count(*) AS written, max(since) AS latest
FROM customer_segments
WHERE source = 'more' AND total_amount(profile) > 1e36;
INSERT INTO item_test.item (customer_id, invoice_id, amount) VALUES ('large', '1', 1e37);
INSERT INTO item_test.item (customer_id, invoice_id, amount, due_date, paid_date)
SELECT 'small', 'p' || n, 0.01, d, d
FROM generate_series(1, 9) AS n, LATERAL (SELECT date '2025-01-01' + n AS d) AS x;
CALL refresh_segments('items', '2025-03-04');
UPDATE item_test.item SET amount = 1 WHERE customer_id = 'small';
CALL refresh_segments('items', '2025-03-04');
SELECT segment, customers, total_amount(profile)
FROM segment_profiles
WHERE source = 'items' AND item_count(profile) > 0
ORDER BY 1;
SELECT register_source('looks', 'item_test.looks');
CALL refresh_segments('looks', '2025-03-02');

-- Columns with collations of their own are texts like others.
CREATE TABLE item_test.collated (
    customer_id text COLLATE "POSIX", invoice_id varchar(20) COLLATE "ucs_basic", invoice_date date,
    due_date date, paid_date date, amount numeric, open_amount numeric,
    currency text COLLATE "POSIX", channel text COLLATE "ucs_basic",
    settled_by text COLLATE "POSIX", credited_invoice text COLLATE "POSIX");
INSERT INTO item_test.collated (
    customer_id, invoice_id, invoice_date, due_date, amount, currency, channel, credited_invoice)
VALUES
    ('a', 'n', '2025-01-01', '2025-01-31', 100, 'EUR', 'post', NULL),
    ('b', 'n', '2025-01-01', '2025-01-31', 100, 'EUR', 'post', NULL),
    ('a', '2', '2025-01-01', '2025-01-31', 100, 'EUR', 'post', NULL),
    ('a', '3', '2025-01-01', '2025-01-31', -10, 'EUR', 'post', '2'),
    ('', '4', '2025-01-01', '2025-01-31', 1, 'EUR', NULL, NULL);
SELECT register_source('collated', 'item_test.collated');
CALL refresh_segments('collated', '2025-03-02');
SELECT * FROM unusable_items('collated');
SELECT invoice_id, channel, amount FROM plan_reminders('collated', '2025-03-02');
SELECT customer_id, amount FROM plan_letters('collated', '2025-03-02');
SELECT customer_id, overdue_amount FROM customers_to_watch('collated', '2025-03-02', everybody => true) ORDER BY 1;
SELECT count(*) FROM credit_hold_candidates('collated', '2025-03-02');

-- The first and the last day that a source may have are days like others; beyond them there is none to ask for.
TRUNCATE item_test.item;
INSERT INTO item_test.item (customer_id, invoice_id, invoice_date, due_date, paid_date) VALUES
    ('a', '1', '0001-01-01', '0001-01-01', NULL), ('a', '2', '9999-12-31', '9999-12-31', NULL),
    ('b', '3', '0001-01-01', '9999-12-31', '0001-01-01'), ('b', '4', '9999-12-01', '0001-01-01', '9999-12-31');
SELECT register_source('ends', 'item_test.item', history_months => 1200, prior => 'portfolio');
CALL refresh_segments('ends', '0001-01-01');
SELECT count(*) AS planned FROM plan_reminders('ends', '0001-01-01', 3660);
CALL refresh_segments('ends', '9999-12-31');
SELECT invoice_id, days_late FROM invoices_to_review('ends', '9999-12-31');
SELECT count(*) AS planned FROM plan_reminders('ends', '9999-12-31', 3660);
SELECT count(*) AS letters FROM plan_letters('ends', '9999-12-31');
CALL refresh_segments('ends', '0001-01-01 BC');
CALL refresh_segments('ends', '10000-01-01');
SELECT count(*) FROM plan_reminders('ends', '10000-01-01');

SELECT unregister_source(name, true) FROM sources ORDER BY name;
DROP SCHEMA item_test CASCADE;
