-- The watch list against the same counted out customer by customer, and what a person does with it.
SET client_min_messages = warning;
CREATE SCHEMA IF NOT EXISTS receivables;
CREATE EXTENSION IF NOT EXISTS receivables SCHEMA receivables;
SET search_path = receivables, public;
SET datestyle = 'ISO';
\set SHOW_CONTEXT never

CREATE SCHEMA watch_test;
CREATE FUNCTION watch_test.h(i int, k int, salt int)
    RETURNS int LANGUAGE sql IMMUTABLE RETURN (hashint8extended(i * 1000 + salt, 17) % k + k) % k;
-- Two hundred customers with habits of their own, some of whom stop paying; credits, disputes,
-- promises, holds, deadlines.
CREATE TABLE watch_test.item AS
SELECT 'C' || c AS customer_id,
    'Customer ' || c AS customer_name,
    CASE c % 3 WHEN 0 THEN 'eve' WHEN 1 THEN 'tom' END AS collector,
    c / 10 AS parent_id,
    'I' || i AS invoice_id,
    d AS invoice_date,
    d + 30 AS due_date,
    CASE
        WHEN NOT (c % 7 = 0 AND d > '2025-07-01') AND watch_test.h(i, 25, 3) > 0
            THEN d + 28 + watch_test.h(c, 20, 4) + watch_test.h(i, 1 + c % 30, 5)
    END AS paid_date,
    a AS amount,
    a AS open_amount,
    watch_test.h(i, 30, 8) = 0 AS disputed,
    CASE WHEN watch_test.h(i, 9, 9) = 0 THEN d + 30 + watch_test.h(i, 60, 10) END AS promised_date,
    CASE WHEN watch_test.h(i, 20, 11) = 0 THEN d + 30 + watch_test.h(i, 90, 12) END AS not_before,
    CASE WHEN watch_test.h(i, 3, 13) = 0 THEN d + 90 END AS notify_insurer_by,
    CASE
        WHEN watch_test.h(i, 40, 14) = 0 THEN d + 200
        WHEN watch_test.h(i, 41, 15) = 0 THEN 'infinity'::date
    END AS limitation_date
FROM generate_series(1, 4000) AS i,
    LATERAL (
        SELECT watch_test.h(i, 200, 1) AS c,
            date '2024-06-01' + watch_test.h(i, 560, 2) AS d,
            CASE WHEN watch_test.h(i, 20, 6) = 0 THEN -1 ELSE 1 END * (3 + watch_test.h(
                i, 40000, 7) / 100.0)::numeric(12, 2) AS a
    ) AS t;
CREATE INDEX ON watch_test.item (customer_id);
UPDATE watch_test.item SET open_amount = CASE WHEN paid_date IS NULL THEN amount ELSE 0 END;
ANALYZE watch_test.item;
SELECT register_source('watch', 'watch_test.item');

-- What is owed of each invoice: the credits of the customer go to the oldest, what nobody claims now comes last.
CREATE FUNCTION watch_test.owed(customer text, as_of date)
    RETURNS TABLE (
        due date, net numeric, late int, overdue bool, free bool, broken date, insurer date,
        limitation date) LANGUAGE plpgsql AS $$
DECLARE
    i record;
    credit numeric := (
        SELECT coalesce(-sum(t.amount), 0)
        FROM watch_test.item AS t
        WHERE t.customer_id = customer
            AND t.amount < 0
            AND (t.paid_date IS NULL OR t.paid_date > as_of)
            AND t.invoice_date <= as_of
    );
BEGIN
    FOR i IN
        SELECT t.*,
            t.disputed
                OR coalesce(t.not_before > as_of, false)
                OR coalesce(t.promised_date >= as_of, false) AS held
        FROM watch_test.item AS t
        WHERE t.customer_id = customer
            AND t.amount > 0
            AND (t.paid_date IS NULL OR t.paid_date > as_of)
            AND t.invoice_date <= as_of
        ORDER BY 1, held, t.due_date, t.invoice_id COLLATE "C"
    LOOP
        due := i.due_date; net := i.amount - least(credit, i.amount); late := as_of - due;
        credit := credit - least(credit, i.amount);
        overdue := late > 0 AND NOT i.disputed;
        free := late > 14 AND NOT i.held;
        broken := NULL; insurer := NULL; limitation := NULL;
        IF as_of - i.promised_date BETWEEN 3 AND 60 THEN broken := i.promised_date; END IF;
        IF i.notify_insurer_by - as_of BETWEEN 0 AND 14 THEN insurer := i.notify_insurer_by; END IF;
        IF isfinite(i.limitation_date) AND i.limitation_date - as_of BETWEEN 0 AND 90 THEN limitation
            := i.limitation_date; END
            IF;
        IF net > 0 THEN RETURN NEXT; END IF;
    END LOOP;
END $$;
CREATE VIEW watch_test.payment AS
SELECT customer_id, paid_date, paid_date - due_date AS late
FROM watch_test.item
WHERE amount > 0 AND NOT disputed AND paid_date IS NOT NULL;
CREATE FUNCTION watch_test.expected(as_of date)
    RETURNS TABLE (
        customer_id text, at_stake numeric, overdue numeric, oldest int, reasons text[])
        LANGUAGE plpgsql AS $$
DECLARE
    prior float8 := (
        SELECT percentile_cont(0.9) WITHIN GROUP (ORDER BY p.late)  -- those of the made-up segments, too

        FROM (
            SELECT p.late FROM watch_test.payment AS p WHERE p.paid_date <= as_of
            UNION ALL VALUES (1), (3), (9)
        ) AS p
    );
    own record;
    sums record;
    moved bool;
    stopped bool;
BEGIN
    FOR customer_id IN SELECT DISTINCT i.customer_id FROM watch_test.item AS i WHERE i.invoice_date <= as_of LOOP
        SELECT count(*) AS n,
            percentile_cont(0.9) WITHIN GROUP (ORDER BY p.late) AS p90,
            max(p.paid_date) AS last_paid
        INTO own
        FROM watch_test.payment AS p
        WHERE p.customer_id = expected.customer_id AND p.paid_date <= as_of;
        own.p90 := greatest(0, CASE WHEN own.n < 3 THEN prior ELSE (own.n * own.p90 + 5 * prior) / (own.n + 5) END);
        own.last_paid := (
            SELECT max(i.paid_date)
            FROM watch_test.item AS i
            WHERE i.customer_id = expected.customer_id AND i.paid_date <= as_of AND i.amount > 0
        );
        SELECT sum(o.net) AS open,
            sum(o.net) FILTER (WHERE o.overdue) AS overdue,
            count(*) FILTER (WHERE o.overdue) AS n_overdue,
            max(o.late) FILTER (WHERE o.overdue) AS oldest,
            count(*) FILTER (WHERE o.free AND o.late > own.p90 + 7) AS late,
            min(o.broken) AS broken,
            min(o.insurer) AS insurer,
            min(o.limitation) AS limitation,
            sum(o.net) FILTER (WHERE o.free AND o.late > own.p90 + 7
                OR num_nonnulls(o.broken, o.insurer, o.limitation) > 0) AS told,
            sum(o.net) FILTER (WHERE o.overdue
                OR num_nonnulls(o.broken, o.insurer, o.limitation) > 0) AS told_or_overdue
        INTO sums
        FROM watch_test.owed(customer_id, as_of) AS o;
        moved := sums.open > 0
            AND EXISTS (
                SELECT FROM segment_changes AS c
                WHERE c.source = 'watch'
                    AND c.customer_id = expected.customer_id
                    AND c.changed_on BETWEEN as_of - 6 AND as_of
                    AND c.to_segment = 'worse'
            );
        stopped := sums.n_overdue >= 2
            AND sums.late > 0
            AND coalesce(own.last_paid < as_of - sums.oldest + round(own.p90)::int, true);
        reasons := '{}';
        IF moved THEN reasons := reasons || 'moved'::text; END IF;
        IF stopped THEN reasons := reasons || 'stopped paying'::text; END IF;
        IF sums.late > 0 THEN reasons := reasons || 'later than usual'::text; END IF;
        IF sums.broken IS NOT NULL THEN reasons := reasons || 'promise not kept'::text; END IF;
        IF sums.insurer IS NOT NULL THEN reasons := reasons || 'insurer'::text; END IF;
        IF sums.limitation IS NOT NULL THEN reasons := reasons || 'limitation'::text; END IF;
        at_stake := coalesce(
            CASE
                WHEN moved THEN sums.open
                WHEN stopped THEN sums.told_or_overdue
                ELSE sums.told
            END,
            0);
        overdue := coalesce(sums.overdue, 0);
        oldest := sums.oldest;
        RETURN NEXT;
    END LOOP;
END $$;
-- Segments whose customers pay at once and late: everybody is in one of them, and some go from one to the other.
INSERT INTO segment_policies VALUES ('watch', '[{"segment": "any"}]');
UPDATE sources SET segment_policy = 'watch' WHERE name = 'watch';
CREATE TABLE watch_test.day (as_of date, customers bigint, listed bigint, differences bigint, wrong_order bigint);
CREATE FUNCTION watch_test.compare(as_of date) RETURNS void LANGUAGE sql AS $$
    INSERT INTO watch_test.day
    SELECT as_of,
        count(*),
        count(*) FILTER (WHERE w.needs_attention),
        count(*) FILTER (WHERE NOT (w.customer_id IS NOT NULL
                AND e.customer_id IS NOT NULL
                AND (
                    w.amount_at_stake, w.overdue_amount, w.oldest_overdue_days, w.reasons,
                    w.needs_attention, w.reason <> 'pays as usual')
                    IS NOT DISTINCT FROM (
                        e.at_stake, e.overdue, e.oldest, e.reasons, e.at_stake > 0,
                        e.reasons <> '{}')
                AND (NOT w.needs_attention
                    OR (
                        l.amount_at_stake, l.overdue_amount, l.oldest_overdue_days, l.reasons,
                        l.reason)
                        IS NOT DISTINCT FROM (
                            w.amount_at_stake, w.overdue_amount, w.oldest_overdue_days, w.reasons,
                            w.reason)))
            OR l.customer_id IS NOT NULL AND NOT w.needs_attention),
        count(*) FILTER (WHERE l.place IS DISTINCT FROM CASE WHEN e.at_stake > 0 THEN e.place END)
    FROM customers_to_watch('watch', as_of, everybody => true) AS w
    FULL JOIN (
        SELECT x.*, row_number() OVER (ORDER BY x.at_stake DESC, x.customer_id COLLATE "C") AS place
        FROM watch_test.expected(as_of) AS x
    ) AS e USING (customer_id)
    FULL JOIN (
        SELECT *, row_number() OVER () AS place FROM customers_to_watch('watch', as_of, 1000)
    ) AS l USING (customer_id)
$$;
DO $$
BEGIN
    FOR n IN 0 .. 5 LOOP
        CALL refresh_segments('watch', date '2025-07-01' + 29 * n);
        COMMIT;
        INSERT INTO segment_profiles VALUES
            ('watch',
             'better',
             1,
             (SELECT payment_profile(d, d + 1) FROM (VALUES (date '2025-01-01')) AS t (d))),
            ('watch',
             'hardly better',
             1,
             (SELECT payment_profile(d, d + 3) FROM (VALUES (date '2025-01-01')) AS t (d))),
            ('watch',
             'worse',
             1,
             (SELECT payment_profile(d, d + 9) FROM (VALUES (date '2025-01-01')) AS t (d)));
        INSERT INTO segment_changes (
            source, customer_id, from_segment, to_segment, changed_on, condition)
        SELECT 'watch',
            'C' || c,
            (ARRAY['better', 'worse', 'hardly better'])[1 + c % 3],
            (ARRAY['worse', 'better', 'better'])[1 + c % 3],
            date '2025-07-01' + 29 * n - c % 8,
            'made up'
        FROM generate_series(n, 199, 5) AS c;
        PERFORM watch_test.compare(date '2025-07-01' + 29 * n);
        DELETE FROM segment_profiles AS p WHERE p.segment <> 'any';
        DELETE FROM segment_changes;
    END LOOP;
END $$;
SELECT as_of, customers, listed BETWEEN 10 AND 150 AS listed, differences, wrong_order FROM watch_test.day;
SELECT reason, count(*) > 0 AS there, bool_and(reason = ANY (reasons)) AS said
FROM customers_to_watch('watch', '2025-11-23', everybody => true)
    AS w (c, n, l, p, s, a, m, o, d, reasons, r),
    unnest(reasons) AS reason
GROUP BY reason
ORDER BY 1;

-- In words.
SELECT customer_id,
    customer_name,
    collector,
    parent_id,
    segment,
    amount_at_stake,
    overdue_amount,
    oldest_overdue_days,
    string_to_table(reason, '; ') AS reason
FROM customers_to_watch('watch', '2025-11-23', 4);
-- The rest is counted: the parts are the whole.
SELECT count(*),
    sum(amount_at_stake) = (
        SELECT sum(amount_at_stake) FROM customers_to_watch('watch', '2025-11-23', 1000)
    ) AS same_amount,
    sum(overdue_amount) = (
        SELECT sum(overdue_amount) FROM customers_to_watch('watch', '2025-11-23', 1000)
    ) AS same_overdue,
    split_part(max(reason) FILTER (WHERE customer_id IS NULL), ' ', 1)::int + 20
        = (SELECT count(*) FROM customers_to_watch('watch', '2025-11-23', 1000)) AS counted
FROM customers_to_watch('watch', '2025-11-23', NULL, NULL, NULL, NULL);
SELECT count(*) FILTER (WHERE customer_id IS NULL) AS rests FROM customers_to_watch('watch', '2025-11-23', 1000);
SELECT collector, count(*) > 0 AS listed
FROM customers_to_watch('watch', '2025-11-23', 1000, only_collector => 'eve')
GROUP BY 1;
SELECT count(*) FROM customers_to_watch('watch', '2025-11-23', only_collector => 'nobody');
-- A least amount.
SELECT amount_at_stake AS least FROM customers_to_watch('watch', '2025-11-23', 3) OFFSET 2 LIMIT 1 \gset
UPDATE sources SET least_amount_to_watch = :least WHERE name = 'watch';
SELECT count(*), min(amount_at_stake) = :least AS least_is_there FROM customers_to_watch('watch', '2025-11-23');
SELECT count(*) FILTER (WHERE needs_attention) AS needs,
    count(*) FILTER (WHERE reason LIKE 'less than % at stake: %') > 5 AS less
FROM customers_to_watch('watch', '2025-11-23', everybody => true);
UPDATE sources SET least_amount_to_watch = 0 WHERE name = 'watch';
UPDATE sources SET least_amount_to_watch = 'NaN' WHERE name = 'watch';
UPDATE sources SET least_amount_to_watch = -1 WHERE name = 'watch';

-- Seen: quiet until a day, another reason, or a quarter more. One customer, who owes 1000 of an old invoice.
CREATE TABLE watch_test.small (
    customer_id text, invoice_id text, invoice_date date DEFAULT '2025-01-01',
    due_date date DEFAULT '2025-02-01', paid_date date, amount numeric, open_amount numeric,
    promised_date date);
INSERT INTO watch_test.small (customer_id, invoice_id, amount) VALUES ('a', 'a1', 1000), ('b', 'b1', 500);
SELECT register_source('seen', 'watch_test.small');
CALL refresh_segments('seen', '2025-03-10');
CREATE FUNCTION watch_test.seen(as_of date)
    RETURNS SETOF text
    LANGUAGE sql AS $$
        SELECT format('%s: %s at stake, %s', customer_id, amount_at_stake, reason)
        FROM customers_to_watch('seen', as_of)$$;
SELECT watch_test.seen('2025-03-10');
SELECT mark_seen('seen', 'a', '2025-03-20', '2025-03-10');
SELECT customer_id, seen_on, until, reasons, amount_at_stake FROM seen_customers;
SELECT d, count(w)
FROM unnest('{2025-03-09,2025-03-10,2025-03-19,2025-03-20}'::date[]) AS d,
    LATERAL watch_test.seen(d) AS w
GROUP BY d
ORDER BY d;
SELECT reason FROM customers_to_watch('seen', '2025-03-11', everybody => true) WHERE customer_id = 'a';
-- a cent less than a quarter more, and a quarter more
UPDATE watch_test.small SET amount = 1249.99 WHERE invoice_id = 'a1';
SELECT count(*) FROM watch_test.seen('2025-03-11');
UPDATE watch_test.small SET amount = 1250 WHERE invoice_id = 'a1';
SELECT watch_test.seen('2025-03-11');
UPDATE watch_test.small SET amount = 1000 WHERE invoice_id = 'a1';
-- another reason; marked again, the last mark counts
UPDATE watch_test.small SET promised_date = '2025-03-12' WHERE invoice_id = 'a1';
SELECT watch_test.seen('2025-03-15');
SELECT mark_seen('seen', 'a', as_of => '2025-03-15');
SELECT count(*) FROM watch_test.seen('2025-03-15');
SELECT seen_on, until, reasons FROM seen_customers ORDER BY seen_on;
SELECT count(*) AS by_the_first_mark FROM watch_test.seen('2025-03-14');
-- one that was recorded, after others that were broken; two business days later it has not come
INSERT INTO business_calendars VALUES ('watch', make_business_calendar('{}'::date[]));
UPDATE sources SET calendar = 'watch' WHERE name = 'seen';
SELECT count(record_promise('seen', 'b1', d + 4, 500, d))
FROM unnest('{2025-02-01,2025-02-08,2025-03-03}'::date[]) AS d;
CALL refresh_segments('seen', '2025-03-11');
SELECT d, reason
FROM unnest('{2025-03-11,2025-03-12}'::date[]) AS d, LATERAL customers_to_watch('seen', d)
WHERE customer_id = 'b';
DELETE FROM promises;
CALL refresh_segments('seen', '2025-03-12');
UPDATE sources SET calendar = NULL WHERE name = 'seen';
-- a move after it was seen; one before it is seen, too
INSERT INTO segment_profiles VALUES
    (
        'seen', 'worse', 1,
        (SELECT payment_profile(d, d + 9) FROM (VALUES (date '2025-01-01')) AS t (d)));
INSERT INTO segment_changes (source, customer_id, to_segment, changed_on) VALUES ('seen', 'a', 'worse', '2025-03-15');
SELECT count(*) FROM watch_test.seen('2025-03-16');
UPDATE segment_changes SET changed_on = '2025-03-16' WHERE source = 'seen';
SELECT watch_test.seen('2025-03-16');
DELETE FROM segment_changes;
-- who is merged into another starts anew
UPDATE watch_test.small SET customer_id = 'c' WHERE customer_id = 'a';
SELECT watch_test.seen('2025-03-16');
-- who has no reason cannot be seen, who is not there even less
INSERT INTO watch_test.small (customer_id, invoice_id, due_date, amount) VALUES ('d', 'd1', '2025-04-01', 10);
SELECT mark_seen('seen', 'd', as_of => '2025-03-16'), mark_seen('seen', 'c', '2025-03-17', '2025-03-16');
SELECT mark_seen('seen', 'e', as_of => '2025-03-16');
SELECT mark_seen('seen', NULL, as_of => '2025-03-16');
SELECT mark_seen('seen', 'b', '2025-03-16', '2025-03-16');
SELECT mark_seen('seen', 'b', 'infinity', '2025-03-16');
SELECT mark_seen('nowhere', 'b');
SELECT * FROM customers_to_watch('watch', '2025-11-23', 0);
SELECT * FROM customers_to_watch('watch', '2025-11-23', days => 0);
-- who may not read what was seen gets a list without it
CREATE ROLE watcher;
GRANT USAGE ON SCHEMA receivables, watch_test TO watcher;
GRANT SELECT ON watch_test.small,
    sources,
    segment_policies,
    dunning_policies,
    business_calendars,
    refresh_runs,
    reminders,
    promises,
    review_decisions,
    contacts,
    customer_segments,
    segment_profiles,
    segment_changes TO watcher;
SET ROLE watcher;
SELECT customer_id, amount_at_stake FROM customers_to_watch('seen', '2025-03-16');
SELECT mark_seen('seen', 'b', as_of => '2025-03-16');
RESET ROLE;
GRANT SELECT ON seen_customers TO watcher;
SET ROLE watcher;
SELECT customer_id, amount_at_stake FROM customers_to_watch('seen', '2025-03-16');
RESET ROLE;
DROP OWNED BY watcher;
DROP ROLE watcher;

SET client_min_messages = warning;
DROP SCHEMA watch_test CASCADE;
SELECT unregister_source('watch', true), unregister_source('seen', true);
SELECT count(*) FROM seen_customers;
DELETE FROM business_calendars;
DELETE FROM segment_policies;
