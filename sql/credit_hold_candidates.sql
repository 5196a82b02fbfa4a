-- Who gets no more credit, against the same counted out customer by customer; and what people decided.
SET client_min_messages = warning;
CREATE SCHEMA IF NOT EXISTS receivables;
CREATE EXTENSION IF NOT EXISTS receivables SCHEMA receivables;
SET search_path = receivables, public;
SET datestyle = 'ISO';
\set SHOW_CONTEXT never

CREATE SCHEMA hold_test;
CREATE FUNCTION hold_test.h(i int, k int, salt int)
    RETURNS int LANGUAGE sql IMMUTABLE RETURN (hashint8extended(i * 1000 + salt, 19) % k + k) % k;
-- Two hundred customers: some dispute most of what they get, some have limits, orders and insurance, some stop paying.
CREATE TABLE hold_test.item AS
SELECT 'C' || c AS customer_id,
    'Customer ' || c AS customer_name,
    'I' || i AS invoice_id,
    d AS invoice_date,
    d + 30 AS due_date,
    CASE
        WHEN NOT (c % 7 = 0 AND d > '2025-07-01') AND hold_test.h(i, 25, 3) > 0
            THEN d + 28 + hold_test.h(c, 20, 4) + hold_test.h(i, 1 + c % 30, 5)
    END AS paid_date,
    a AS amount,
    a AS open_amount,
    hold_test.h(i, CASE WHEN c % 11 = 0 THEN 2 ELSE 30 END, 8) = 0 AS disputed,
    CASE WHEN hold_test.h(i, 20, 11) = 0 THEN d + 30 + hold_test.h(i, 90, 12) END AS not_before,
    CASE c % 4
        WHEN 0
            THEN jsonb_build_object(
                'credit_limit', 300 + 11 * c, 'open_orders',
                CASE c % 3 WHEN 0 THEN to_jsonb(c) WHEN 1 THEN '"many"' END)
        WHEN 1
            THEN jsonb_build_object(
                'credit_limit', NULL, 'insured_amount',
                CASE c % 3 WHEN 0 THEN to_jsonb(400) WHEN 1 THEN '"much"' ELSE to_jsonb(900) END)
        WHEN 2
            THEN jsonb_build_object(
                'credit_limit', 200 + 7 * c, 'insured_amount', 700)
    END AS attributes
FROM generate_series(1, 4000) AS i,
    LATERAL (
        SELECT hold_test.h(i, 200, 1) AS c,
            date '2024-06-01' + hold_test.h(i, 560, 2) AS d,
            CASE WHEN hold_test.h(i, 20, 6) = 0 THEN -1 ELSE 1 END * (3 + hold_test.h(
                i, 40000, 7) / 100.0)::numeric(12, 2) AS a
    ) AS t;
UPDATE hold_test.item SET open_amount = CASE WHEN paid_date IS NULL THEN amount ELSE 0 END;
SELECT register_source('hold', 'hold_test.item');
-- Some have promised, and broken it.
INSERT INTO promises (source, invoice_id, customer_id, made_on, promised_date, open_amount)
SELECT 'hold', invoice_id, customer_id, '2025-06-01', '2025-06-10', amount
FROM hold_test.item
WHERE amount > 0
    AND paid_date IS NULL
    AND due_date < '2025-06-01'
    AND hold_test.h(substr(invoice_id, 2)::int, 2, 20) = 0;

-- What is owed of each invoice: the credits of the customer go to the oldest, what nobody claims now comes last.
CREATE FUNCTION hold_test.owed(customer text, as_of date)
    RETURNS TABLE (net numeric, late int, disputed bool, held bool) LANGUAGE plpgsql AS $$
DECLARE
    i record;
    credit numeric := (
        SELECT coalesce(-sum(t.amount), 0)
        FROM hold_test.item AS t
        WHERE t.customer_id = customer
            AND t.amount < 0
            AND (t.paid_date IS NULL OR t.paid_date > as_of)
            AND t.invoice_date <= as_of
    );
BEGIN
    FOR i IN
        SELECT t.*, t.disputed OR coalesce(t.not_before > as_of, false) AS held
        FROM hold_test.item AS t
        WHERE t.customer_id = customer
            AND t.amount > 0
            AND (t.paid_date IS NULL OR t.paid_date > as_of)
            AND t.invoice_date <= as_of
        ORDER BY held, t.due_date, t.invoice_id COLLATE "C"
    LOOP
        net := i.amount - least(credit, i.amount); late := as_of - i.due_date; disputed := i.disputed; held := i.held;
        credit := credit - least(credit, i.amount);
        IF net > 0 THEN RETURN NEXT; END IF;
    END LOOP;
END $$;
CREATE VIEW hold_test.payment AS
SELECT customer_id, paid_date, paid_date - due_date AS late
FROM hold_test.item
WHERE amount > 0 AND NOT disputed AND paid_date IS NOT NULL;
CREATE FUNCTION hold_test.expected(as_of date, share float8, least_count int, warned numeric)
    RETURNS TABLE (
        customer_id text, proposal text, open numeric, beyond numeric, reasons text)
        LANGUAGE plpgsql AS $$
DECLARE
    prior float8 := (
        SELECT percentile_cont(0.9) WITHIN GROUP (ORDER BY p.late)
        FROM hold_test.payment AS p
        WHERE p.paid_date <= as_of
    );
    own record; sums record; late record; past record; a jsonb; used numeric; in_use numeric; broken bigint;
BEGIN
    FOR customer_id, a IN
        SELECT DISTINCT i.customer_id, i.attributes
        FROM hold_test.item AS i
        WHERE i.invoice_date <= as_of
    LOOP
        SELECT count(*) AS n, percentile_cont(0.9) WITHIN GROUP (ORDER BY p.late) AS p90 INTO own
        FROM hold_test.payment AS p WHERE p.customer_id = expected.customer_id AND p.paid_date <= as_of;
        own.p90 := greatest(30, CASE WHEN own.n < 3 THEN prior ELSE (own.n * own.p90 + 5 * prior) / (own.n + 5) END);
        SELECT coalesce(
                sum(amount) FILTER (WHERE paid_date IS NULL OR paid_date > as_of), 0) AS open,
            count(*) FILTER (WHERE amount > 0) AS n,
            count(*) FILTER (WHERE amount > 0 AND disputed) AS disputed,
            sum(amount) FILTER (WHERE amount > 0
                AND due_date > as_of - 365
                AND due_date <= as_of) AS year
        INTO past
        FROM hold_test.item AS i
        WHERE i.customer_id = expected.customer_id AND i.invoice_date <= as_of;
        SELECT coalesce(sum(o.net) FILTER (WHERE o.late > 0 AND NOT o.disputed), 0) AS overdue,
            coalesce(sum(o.net) FILTER (WHERE NOT o.held AND o.late > own.p90), 0) AS beyond,
            count(*) FILTER (WHERE NOT o.held AND o.late > own.p90) AS n
        INTO sums
        FROM hold_test.owed(customer_id, as_of) AS o;
        broken := (SELECT count(*) FROM promises AS p JOIN hold_test.item AS i USING (invoice_id)
                   WHERE i.customer_id = expected.customer_id AND p.made_on <= as_of AND as_of > '2025-06-12');
        open := past.open; beyond := sums.beyond;
        in_use := past.open + CASE
            WHEN jsonb_typeof(a -> 'open_orders') = 'number' THEN (a ->> 'open_orders')::numeric
            ELSE 0
        END;
        reasons := concat_ws(
            ', ',
            CASE
                WHEN sums.n > 0
                    AND sums.beyond > CASE
                        WHEN sums.n >= 2 THEN 0.1
                        ELSE 0.3
                    END * coalesce(past.year, 0) THEN 'late'
            END,
            CASE WHEN broken >= 2 AND sums.overdue > 0 THEN 'promises' END,
            CASE WHEN in_use > (a ->> 'credit_limit')::numeric THEN 'limit' END,
            CASE
                WHEN jsonb_typeof(a -> 'insured_amount') = 'number'
                    THEN CASE
                        WHEN past.open > (a ->> 'insured_amount')::numeric THEN 'insured'
                    END
            END,
            CASE
                WHEN past.disputed >= least_count AND past.disputed >= share * past.n
                    THEN 'disputes'
            END);
        proposal := CASE
            WHEN reasons <> '' THEN 'hold'
            WHEN in_use > warned * (a ->> 'credit_limit')::numeric THEN 'warn'
        END;
        IF proposal IS NOT NULL THEN RETURN NEXT; END IF;
    END LOOP;
END $$;
CREATE FUNCTION hold_test.differences(
    day date, share float8, least_count int, warned numeric, OUT listed bigint, OUT kinds bigint,
    OUT warns bigint, OUT wrong bigint)
    LANGUAGE sql AS $$
    SELECT count(h.customer_id),
        count(DISTINCT e.reasons),
        count(*) FILTER (WHERE h.proposal = 'warn'),
        count(*) FILTER (WHERE NOT (h.customer_id IS NOT NULL
                AND (h.proposal, h.open_amount, h.overdue_beyond_habit, h.said)
                    IS NOT DISTINCT FROM (e.proposal, e.open, e.beyond, e.reasons))
            OR h.released_when IS NULL
            OR h.reason = '')
    FROM (
        SELECT *,
            concat_ws(
                ', ', CASE WHEN reason ~ 'overdue by more' THEN 'late' END,
                CASE WHEN reason ~ 'promises broken' THEN 'promises' END,
                CASE WHEN reason ~ ', credit limit' THEN 'limit' END,
                CASE WHEN reason ~ 'insured' THEN 'insured' END,
                CASE WHEN reason ~ 'disputes regularly' THEN 'disputes' END) AS said
        FROM credit_hold_candidates('hold', day, share, least_count, warned)
    ) AS h
    FULL JOIN hold_test.expected(day, share, least_count, warned) AS e USING (customer_id)
$$;
CALL refresh_segments('hold', '2025-05-30');
SELECT listed > 40 AS listed, kinds, warns > 0 AS warns, wrong FROM hold_test.differences('2025-05-30', 0.5, 3, 0.9);
CALL refresh_segments('hold', '2025-10-01');
SELECT listed > 40 AS listed, kinds > 10 AS kinds, warns > 0 AS warns, wrong
FROM hold_test.differences('2025-10-01', 0.5, 3, 0.9);
SELECT listed > 40 AS listed, kinds > 10 AS kinds, warns > 0 AS warns, wrong
FROM hold_test.differences('2025-10-01', 0.125, 1, 0.75);
SELECT listed > 40 AS listed, kinds > 10 AS kinds, warns, wrong FROM hold_test.differences('2025-10-01', 0, 2, 1);
-- the most money first
SELECT count(*) AS wrong_order
FROM (
    SELECT open_amount + coalesce(greatest(open_orders, 0), 0) AS used,
        lag(open_amount + coalesce(greatest(open_orders, 0), 0)) OVER (ORDER BY place) AS before
    FROM credit_hold_candidates('hold', '2025-10-01') WITH ORDINALITY AS t (
        a, b, c, d, e, f, open_amount, open_orders, g, h, i, j, k, l, m, n, o, p, place)
) AS x
WHERE before < used;

-- In words, and what releases: when just that happens, the customer is gone; a cent less, and it is not.
CREATE TABLE hold_test.small (
    customer_id text, invoice_id text, invoice_date date DEFAULT '2025-01-01',
    due_date date DEFAULT '2025-02-01', paid_date date, amount numeric, open_amount numeric,
    disputed boolean, attributes jsonb);
INSERT INTO hold_test.small (
    customer_id, invoice_id, due_date, paid_date, amount, open_amount, disputed, attributes)
SELECT 'disputes', 'd' || n, date '2025-02-01', date '2025-02-01', 100, 0, n = 1, NULL::jsonb
FROM generate_series(1, 8) AS n
UNION ALL
SELECT 'limit',
    'l1',
    '2025-03-01',
    NULL,
    1000,
    1000,
    false,
    '{"credit_limit": 900, "open_orders": 50.5}'
UNION ALL SELECT 'warned', 'w1', '2025-03-01', NULL, 999.99, 999.99, false, '{"credit_limit": 1000}'
UNION ALL
SELECT 'insured',
    'i1',
    '2025-03-01',
    NULL,
    500,
    500,
    false,
    '{"insured_amount": 400, "open_orders": 10000}'
UNION ALL
SELECT 'late', 'b' || n, '2025-01-10', NULL, 70, 70, false, NULL::jsonb
FROM generate_series(1, 2) AS n
UNION ALL SELECT 'fine', 'f1', '2025-03-01', NULL, 900, 900, false, '{"credit_limit": 1000}';
SELECT register_source('small', 'hold_test.small');
CALL refresh_segments('small', '2025-02-20');
CREATE FUNCTION hold_test.small_list() RETURNS SETOF text LANGUAGE sql AS $$
    SELECT format('%s %s: %s | %s', proposal, customer_id, reason, released_when)
    FROM credit_hold_candidates('small', '2025-02-20', 0.125, 1) $$;
SELECT * FROM hold_test.small_list();
UPDATE hold_test.small SET open_amount = open_amount - 150.5 WHERE invoice_id = 'l1';
UPDATE hold_test.small SET open_amount = open_amount - 99.98 WHERE invoice_id = 'w1';
UPDATE hold_test.small SET open_amount = open_amount - 99.99 WHERE invoice_id = 'i1';
SELECT * FROM hold_test.small_list();
UPDATE hold_test.small SET open_amount = 800 WHERE invoice_id = 'l1';
UPDATE hold_test.small SET open_amount = 400 WHERE invoice_id = 'i1';
UPDATE hold_test.small SET open_amount = 900 WHERE invoice_id = 'w1';
UPDATE hold_test.small SET open_amount = 0, paid_date = '2025-02-20' WHERE customer_id = 'late';
UPDATE hold_test.small SET disputed = false;
CALL refresh_segments('small', '2025-02-20');
SELECT * FROM hold_test.small_list();
-- a higher limit does it, too, also one that is rounded
UPDATE hold_test.small SET open_amount = 999.99, attributes = '{"credit_limit": 1111.10}' WHERE invoice_id = 'w1';
CALL refresh_segments('small', '2025-02-20');
SELECT * FROM hold_test.small_list();
UPDATE hold_test.small SET attributes = '{"credit_limit": 1111.09}' WHERE invoice_id = 'w1';
CALL refresh_segments('small', '2025-02-20');
SELECT * FROM hold_test.small_list();
-- a limit of 0 is one
UPDATE hold_test.small SET attributes = '{"credit_limit": 0}' WHERE invoice_id = 'w1';
CALL refresh_segments('small', '2025-02-20');
SELECT * FROM hold_test.small_list();
UPDATE hold_test.small SET attributes = NULL WHERE invoice_id = 'w1';
CALL refresh_segments('small', '2025-02-20');

-- What people decide stands beside the proposal; a hold without a reason any more can be released.
SELECT record_decision('small', 'fine', 'hold', 'asked for by sales', 'Eve', '2025-02-10') > 0 AS number;
SELECT record_decision('small', 'limit', 'leave', 'pays tomorrow', decided_on => '2025-02-20') > 0 AS number;
SELECT customer_id, proposal, reason, released_when, decision, decision_reason, decided_on,
    decided_by
FROM credit_hold_candidates('small', '2025-02-20');
UPDATE hold_test.small SET open_amount = 1000 WHERE invoice_id = 'l1';
SELECT customer_id, proposal, decision, decided_on, decided_by = current_user AS by_me
FROM credit_hold_candidates('small', '2025-02-20');
SELECT customer_id, proposal, decision FROM credit_hold_candidates('small', '2025-02-09');
SELECT record_decision('small', 'fine', 'release', 'paid', 'Eve', '2025-02-10') > 0 AS later_on_the_day;
SELECT customer_id, proposal, decision FROM credit_hold_candidates('small', '2025-02-20');
SELECT customer_id, decision, decided_on FROM credit_decisions ORDER BY decision_id;
SELECT record_decision('small', 'fine', 'perhaps', 'x');
SELECT record_decision('small', 'fine', NULL, 'x');
SELECT record_decision('small', 'fine', 'hold', ' ');
SELECT record_decision('small', 'fine', 'hold', 'x', '');
SELECT record_decision('small', 'nobody', 'hold', 'x');
SELECT record_decision('small', NULL, 'hold', 'x');
SELECT record_decision('small', 'fine', 'hold', 'x', decided_on => 'infinity');
SELECT * FROM credit_hold_candidates('small', '2025-02-20', 1.5);
SELECT * FROM credit_hold_candidates('small', '2025-02-20', min_disputed => 0);
SELECT * FROM credit_hold_candidates('small', '2025-02-20', warning_share => 0);
SELECT * FROM credit_hold_candidates('small', '2025-02-20', warning_share => 'NaN');

DROP SCHEMA hold_test CASCADE;
SELECT unregister_source('hold', true), unregister_source('small', true);
SELECT count(*) FROM credit_decisions;
