-- Histories: one set of items has one history, byte for byte, however it is put together.
SET client_min_messages = warning;
CREATE SCHEMA IF NOT EXISTS receivables;
CREATE EXTENSION IF NOT EXISTS receivables SCHEMA receivables;
SET search_path = receivables, public;
SET DateStyle = 'ISO, YMD';
\getenv folder PG_ABS_SRCDIR
\set file :folder '/test/sql/helpers.sql'
\i :file
\pset null 'NULL'

SELECT invoice_history(invoice_date, due_date, paid_date, amount, disputed)
FROM (VALUES (date '2025-01-01', date '2025-01-31', date '2025-02-03', 12.50, false),
    ('2025-01-05', '2025-02-04', NULL, NULL, NULL),
             (NULL, '2025-01-31', '2025-01-30', -3, true), ('2025-01-05', NULL, NULL, 7, false)) v (invoice_date,
             due_date, paid_date, amount, disputed);
-- customers side by side, each with its own items
SELECT rollup(h), invoice_count(rollup(h)), customer_count(rollup(h))
FROM (VALUES
    ('[[{"due": "2025-01-31", "amount": 1}],
       [{"due": "2025-01-31", "amount": 2},
        {"due": "2025-01-30", "paid": "2025-01-31"}]]'::invoice_history),
    (NULL),
    ('[[{"due": "2024-01-31", "amount": 1.0}]]')) v (h);
-- an item beyond the narrow record
SELECT invoice_history(NULL, due, NULL, amount)
FROM (VALUES (date '2025-01-31', 1.00), ('5874897-12-31', 99999999999999999999999999999999999999)) v (due, amount);
SELECT '[[{"due":"2025-01-31","amount":1}]]'::invoice_history::json,
    '[[{"due":"2025-01-31"}]]'::invoice_history::jsonb -> 0 -> 0 ->> 'due';
SELECT invoice_history(invoice_date, due_date, paid_date, amount) IS NULL AS nothing,
    rollup(NULL::invoice_history) IS NULL AS nothing_either
FROM (VALUES (NULL::date, NULL::date, NULL::date, 1.0)) v (invoice_date, due_date, paid_date, amount);

-- errors
\set VERBOSITY sqlstate
SELECT ''::invoice_history;
SELECT '[]'::invoice_history;
SELECT '[[]]'::invoice_history;
SELECT '{"due": "2025-01-31"}'::invoice_history;
SELECT '[{"due": "2025-01-31"}]'::invoice_history;
SELECT '[[{"paid": "2025-01-31"}]]'::invoice_history;
SELECT '[[{"due": "2025-01-31", "owner": 1}]]'::invoice_history;
SELECT '[[{"due": "2025-02-30"}]]'::invoice_history;
SELECT invoice_history(NULL, 'infinity'::date, NULL, 1);
SELECT invoice_history(NULL, '2025-01-31'::date, '-infinity', 1);
SELECT invoice_history(NULL, '2025-01-31'::date, NULL, 'NaN');
\set VERBOSITY default
SELECT '[[{"due": "2025-01-31"}], []]'::invoice_history;

-- every kind of item, customers of 1 to 4000 of them
CREATE TABLE ih_item AS
SELECT n, CASE WHEN n <= 4000 THEN 0 WHEN n <= 7000 THEN 1 + n % 100 ELSE n END AS customer,
    CASE WHEN n % 11 > 0 THEN due - (n % 4) * 15 END AS invoice_date,
    CASE WHEN n % 97 > 0 THEN due END AS due_date,
    CASE WHEN n % 9 > 0 THEN due - 10 + n % 50 + CASE WHEN n % 1009 = 0 THEN 100000 ELSE 0 END END AS paid_date,
    CASE WHEN n % 13 > 0 THEN round((n::bigint * 104729 % 1000003) / 7.0, n % 5) * CASE WHEN n % 29 = 0 THEN -1
        ELSE 1 END END AS amount,
    n % 17 = 0 AS disputed
FROM (SELECT n, date '2022-01-01' + (n::bigint * 7907 % 1500)::int AS due FROM generate_series(1, 8000) n) d;
CREATE TABLE ih_whole AS SELECT rollup(h) AS h FROM (
    SELECT invoice_history(invoice_date, due_date, paid_date, amount, disputed) AS h FROM ih_item GROUP BY customer) c;
SELECT invoice_count(h) = (SELECT count(due_date) FROM ih_item) AS items,
    customer_count(h) = (SELECT count(DISTINCT customer) FROM ih_item WHERE due_date IS NOT NULL) AS customers
FROM ih_whole;
-- item by item what went in
SELECT count(*) FILTER (WHERE a IS NULL) AS invented, count(*) FILTER (WHERE b IS NULL) AS lost,
    count(*) > 7900 AS all_of_them
FROM (SELECT coalesce(e ->> 'invoice', '-') || ' ' || (e ->> 'due') || coalesce(' ' || (e ->> 'paid'), '') || ' '
    || coalesce(e ->> 'amount', '?') || coalesce(e ->> 'disputed', 'false') AS a,
          row_number() OVER (PARTITION BY e) AS i FROM ih_whole, json_array_elements(h::json) c,
              json_array_elements(c) w, LATERAL (SELECT w::jsonb AS e) x) x
FULL JOIN (SELECT coalesce(invoice_date::text, '-') || ' ' || due_date || coalesce(' ' || paid_date, '') || ' '
    || coalesce(amount::text, '?') || (disputed AND coalesce(amount, 0) >= 0) AS b,
          row_number() OVER (PARTITION BY invoice_date, due_date, paid_date, amount, disputed
              AND coalesce(amount, 0) >= 0) AS i FROM ih_item WHERE due_date IS NOT NULL) y ON a = b AND x.i = y.i;

-- in any order, in parts, through text and binary, in parallel
CREATE TABLE ih_again (how text, h invoice_history);
INSERT INTO ih_again SELECT 'other order', rollup(h ORDER BY invoice_count(h) % 7, h) FROM (
    SELECT invoice_history(invoice_date, due_date, paid_date, amount, disputed ORDER BY amount, n DESC) AS h
    FROM ih_item
    GROUP BY customer) c;
INSERT INTO ih_again SELECT 'in two steps', rollup(h) FROM (SELECT rollup(h) AS h FROM (
    SELECT customer, invoice_history(invoice_date, due_date, paid_date, amount, disputed) AS h FROM ih_item
        GROUP BY customer) c
    GROUP BY customer % 5) d;
INSERT INTO ih_again SELECT 'text', h::text::invoice_history FROM ih_whole;
\copy ih_whole TO 'invoice_history.bin' (FORMAT binary)
CREATE TABLE ih_received (h invoice_history);
\copy ih_received FROM 'invoice_history.bin' (FORMAT binary)
INSERT INTO ih_again SELECT 'binary', h FROM ih_received;
SET max_parallel_workers_per_gather = 3;
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
ANALYZE ih_item;
SELECT pg_temp.plan_has(
    'SELECT invoice_history(invoice_date, due_date, paid_date, amount, disputed) FROM ih_item',
    'Partial') AS partial;
CREATE TABLE ih_customer AS SELECT customer, invoice_history(invoice_date, due_date, paid_date, amount, disputed) AS h
FROM ih_item
GROUP BY customer;
SET parallel_leader_participation = off;
INSERT INTO ih_again SELECT 'parallel customers', rollup(h) FROM (
    SELECT invoice_history(invoice_date, due_date, paid_date, amount, disputed) AS h FROM ih_item GROUP BY customer) c;
ANALYZE ih_customer;
SELECT pg_temp.plan_has('SELECT rollup(h) FROM ih_customer', 'Partial') AS partial;
INSERT INTO ih_again SELECT 'parallel rollup', rollup(h) FROM ih_customer;
SELECT h = (SELECT _invoice_history_final(_invoice_history_combine(NULL,
    invoice_history(invoice_date, due_date, paid_date, amount, disputed ORDER BY n)))
FROM ih_item) AS one_customer_in_parallel
FROM (SELECT invoice_history(invoice_date, due_date, paid_date, amount, disputed) AS h FROM ih_item) x;
RESET parallel_leader_participation;
SET max_parallel_workers_per_gather = 0;
SELECT how, a.h = w.h AS equal, invoice_history_send(a.h) = invoice_history_send(w.h) AS to_the_byte
FROM ih_again a, ih_whole w
ORDER BY how;
SELECT count(*) FILTER (WHERE h::text::invoice_history <> h) AS differ, count(DISTINCT h) > 1 AS several
FROM ih_customer;
-- what is appended to a history is one customer more, and one item more is another history
SELECT customer_count(rollup(h)) = 2 * max(customer_count(h))
FROM (SELECT h FROM ih_whole UNION ALL SELECT h FROM ih_whole) x;
SELECT bool_and(a.h <> b.h) FROM ih_customer a, ih_customer b WHERE a.customer = 1 AND b.customer = 2;

-- the support functions with stored values: nothing is changed in place, no working value gets out damaged
SELECT invoice_count(_invoice_history_transition(h, '2025-01-01', '2025-01-31', NULL, 5)) - invoice_count(h),
    customer_count(_invoice_history_transition(h, NULL, '2025-01-31', NULL, 5)),
    _invoice_history_transition(NULL, NULL, NULL, NULL, 5) IS NULL, _invoice_history_combine(NULL, NULL) IS NULL,
        _invoice_history_append(NULL, NULL) IS NULL
FROM ih_customer WHERE customer = 1;
SELECT _invoice_history_final(_invoice_history_combine(a.h, b.h)) = (SELECT invoice_history(invoice_date, due_date,
    paid_date, amount, disputed)
FROM ih_item
WHERE customer IN (1, 2)) AS one_customer,
    _invoice_history_append(a.h, b.h) = _invoice_history_append(b.h, a.h) AS in_any_order,
        customer_count(_invoice_history_append(a.h, b.h)) AS two
FROM ih_customer a, ih_customer b WHERE a.customer = 1 AND b.customer = 2;
CREATE TABLE ih_working AS SELECT _invoice_history_append(a.h, b.h) AS h
FROM ih_customer a, ih_customer b
WHERE a.customer = 0 AND b.customer = 2;
SELECT h = h::text::invoice_history AS compares,
    (simulate_policy(standard_dunning_policy(), h, '2026-01-01')).items > 1000 AS is_read
FROM ih_working;

-- damaged binary forms are refused
\set VERBOSITY sqlstate
\set ON_ERROR_STOP off
\copy (SELECT ''::bytea) TO 'invoice_history.bin' (FORMAT binary)
\copy ih_received FROM 'invoice_history.bin' (FORMAT binary)
\copy (SELECT '\x200000000100000000000000'::bytea) TO 'invoice_history.bin' (FORMAT binary)
\copy ih_received FROM 'invoice_history.bin' (FORMAT binary)
\copy (SELECT '\x100000000100000000000000'::bytea) TO 'invoice_history.bin' (FORMAT binary)
\copy ih_received FROM 'invoice_history.bin' (FORMAT binary)
COPY (
    SELECT '\x100000000100000000000000ffffffffffffffffffffffffffffffff'::bytea
) TO STDOUT (FORMAT binary) \g invoice_history.bin
\copy ih_received FROM 'invoice_history.bin' (FORMAT binary)
COPY (
    SELECT set_byte(invoice_history_send(h), 0, 17) FROM ih_customer WHERE customer = 1
) TO STDOUT (FORMAT binary) \g invoice_history.bin
\copy ih_received FROM 'invoice_history.bin' (FORMAT binary)
COPY (
    SELECT substr(invoice_history_send(h), 1, 40) FROM ih_customer WHERE customer = 1
) TO STDOUT (FORMAT binary) \g invoice_history.bin
\copy ih_received FROM 'invoice_history.bin' (FORMAT binary)
\! rm -f invoice_history.bin

DROP TABLE ih_item, ih_whole, ih_again, ih_received, ih_customer, ih_working;
