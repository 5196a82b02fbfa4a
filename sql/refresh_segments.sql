-- refresh_segments against the plain query and against a slow loop that goes day by day, customer by customer.
SET client_min_messages = warning;
CREATE SCHEMA IF NOT EXISTS receivables;
CREATE EXTENSION IF NOT EXISTS receivables SCHEMA receivables;
SET search_path = receivables, public;
SET DateStyle = ISO;
\set SHOW_CONTEXT never
CREATE SCHEMA erp;

-- Seventy customers whose habits differ and change, with everything a source can have: disputes, credits,
-- write-offs, items that nobody will ever pay, due dates that are missing, attributes that come and go.
CREATE TABLE erp.bill AS
SELECT c AS customer_id,
    100 * c + n AS invoice_id,
    d AS invoice_date,
    CASE WHEN (n * 7 + c) % 97 <> 0 THEN d + 10 + c % 3 * 10 END AS due_date,
    CASE
        WHEN (n * 31 + c * 17) % 23 <> 0
            THEN d + 10 + c % 3 * 10 + CASE
                WHEN d > date '2024-05-01' + c THEN (n * c) % 43
                ELSE (n + c) % 5
            END - 2
    END AS paid_date,
    CASE
        WHEN (n + c) % 19 = 0 THEN -50.25
        ELSE ((n * 137 + c * 61) % 900 + (n % 4) * 0.25)
    END::numeric(12, 2) AS amount,
    NULL::numeric AS open_amount,
    CASE WHEN (n * 3 + c) % 11 = 0 THEN NULL ELSE (n * 5 + c) % 29 = 0 END AS disputed,
    (n * 13 + c * 5) % 31 = 0 AS was_disputed,
    CASE (n * 11 + c) % 17
        WHEN 0 THEN 'credit'
        WHEN 1 THEN 'write_off'
        WHEN 2 THEN NULL
        ELSE 'payment'
    END AS settled_by,
    CASE
        WHEN c % 4 > 0
            THEN jsonb_build_object(
                'size', c % 10, 'sector', CASE WHEN c % 5 = 0 THEN 'public' ELSE 'private' END)
    END AS attributes,
    CASE WHEN n > 1 THEN 'name of ' || c END AS customer_name,
    CASE WHEN c % 3 > 0 THEN 'collector ' || c % 3 END AS collector,
    CASE WHEN c % 5 = 0 THEN c / 10 END AS parent_id
FROM generate_series(1, 70) AS c,
    generate_series(1, 40) AS n,
    LATERAL (SELECT date '2023-06-01' + (n * 53 + c * 11) % (200 + c * 9)) AS x (d)
WHERE n <= 10 + c % 31;
INSERT INTO segment_policies VALUES ('ours', '[
    {"segment": "gone",    "when": "item_count = 0"},
    {"segment": "late",    "when": "overdue_amount(20) > 300", "stay": "overdue_amount(20) > 100"},
    {"segment": "key",     "when": "attribute.sector = ''public'' and timed_count > 3"},
    {"segment": "slow",    "when": "late_share(3) > 0.5", "stay": "late_share(3) > 0.3"},
    {"segment": "new",     "when": "timed_count < 3"},
    {"segment": "fine",    "when": "attribute.size < 8 and median_days_late < 3"}]');
SELECT count(*) AS items,
    count(*) - count(paid_date) AS never_paid,
    count(DISTINCT settled_by),
    count(*) FILTER (WHERE disputed) AS disputed,
    count(*) FILTER (WHERE amount < 0) AS credits
FROM erp.bill;

UPDATE erp.bill SET open_amount = CASE WHEN paid_date IS NULL THEN amount ELSE 0 END;

-- What a user would write by hand.
CREATE FUNCTION pg_temp.by_hand(day date, months int)
    RETURNS TABLE (
        customer_id text, profile payment_profile, attributes jsonb, customer_name text,
        collector text, parent_id text) LANGUAGE sql AS $$
    SELECT b.customer_id::text,
        payment_profile(
            invoice_date, coalesce(due_date, CASE WHEN amount < 0 THEN invoice_date END), paid_date,
            amount, disputed IS TRUE OR was_disputed IS TRUE, day, NULL, settled_by),
        max(b.attributes::text)::jsonb,
        max(b.customer_name),
        max(b.collector),
        max(b.parent_id)::text
    FROM erp.bill AS b
    WHERE NOT coalesce(
        paid_date <= day
            AND coalesce(due_date, invoice_date) < (day - make_interval(months => months))::date,
        false)
    GROUP BY b.customer_id
$$;

-- A single refresh is the plain query, whatever the size of the batches.
SELECT register_source('once', 'erp.bill') \g /dev/null
CREATE TEMP TABLE difference (day date, months int, different int, customers int);
DO $$
DECLARE
    day date;
    months int;
BEGIN
    FOREACH day IN ARRAY '{2023-10-15,2024-06-30,2025-02-28}'::date[] LOOP
        FOREACH months IN ARRAY '{24,1,13,1200}'::int[] LOOP
            UPDATE sources SET history_months = months WHERE name = 'once';
            DELETE FROM customer_segments;
            DELETE FROM refresh_runs;
            CALL refresh_segments('once', day, months);
            INSERT INTO difference
            SELECT day,
                months,
                count(*) FILTER (WHERE NOT (
                    h.profile, h.attributes, h.customer_name, h.collector, h.parent_id, day,
                    assign_segment(standard_segment_policy(), h.profile, day, h.attributes))
                    IS NOT DISTINCT FROM (
                        s.profile, s.attributes, s.customer_name, s.collector, s.parent_id, s.since,
                        s.segment)),
                count(s.customer_id)
            FROM (SELECT * FROM pg_temp.by_hand(day, months) AS b WHERE b.profile IS NOT NULL) AS h
            FULL JOIN customer_segments AS s USING (customer_id);
        END LOOP;
    END LOOP;
END $$;
SELECT * FROM difference;
SELECT unregister_source('once', true) \g /dev/null

-- Daily over months: two sources side by side, one of them with a minimum stay and a policy of its own.
SELECT register_source('main', 'erp.bill') \g /dev/null
SELECT register_source('calm', 'erp.bill', 'ours', history_months => 12, minimum_stay_days => 20) \g /dev/null
CREATE TEMP TABLE expected_segment (
    source text, customer_id text, segment text, since date, profile payment_profile,
    attributes jsonb, customer_name text, collector text, parent_id text);
CREATE TEMP TABLE expected_change (
    source text, customer_id text, from_segment text, from_since date, to_segment text,
    changed_on date, rule int, condition text, facts jsonb);
CREATE TEMP TABLE today (
    customer_id text, profile payment_profile, attributes jsonb, customer_name text, collector text,
    parent_id text);
CREATE PROCEDURE pg_temp.one_day(name text, rules text, months int, stay int, day date) LANGUAGE plpgsql AS $$
DECLARE
    known text;
    item record;
    state expected_segment;
    assigned text;
    why record;
    policy segment_policy := coalesce(
        (SELECT p.policy FROM segment_policies AS p WHERE p.name = rules),
        standard_segment_policy());
BEGIN
    TRUNCATE today;
    INSERT INTO today SELECT * FROM pg_temp.by_hand(day, months);
    FOR known IN
        SELECT b.customer_id::text FROM erp.bill AS b
        UNION SELECT e.customer_id FROM expected_segment AS e
    LOOP
        SELECT * INTO state FROM expected_segment AS e WHERE e.source = name AND e.customer_id = known;
        SELECT * INTO item FROM today WHERE customer_id = known;
        IF state.source IS NULL AND item.profile IS NULL THEN CONTINUE; END IF;
        IF item.profile IS NULL THEN
            SELECT state.attributes, state.customer_name, state.collector, state.parent_id
                INTO item.attributes, item.customer_name, item.collector, item.parent_id;
        END IF;
        assigned := assign_segment(policy, item.profile, day, item.attributes, state.segment);
        IF state.source IS NULL THEN
            INSERT INTO expected_segment VALUES (name, known, assigned, day, item.profile, item.attributes,
                item.customer_name, item.collector, item.parent_id);
            CONTINUE;
        END IF;
        IF assigned IS DISTINCT FROM state.segment AND day >= state.since + stay THEN
            SELECT *
            INTO why
            FROM explain_segment(policy, item.profile, day, item.attributes, state.segment)
            WHERE chosen;
            INSERT INTO expected_change
            VALUES (name, known, state.segment, state.since, assigned, day, why.rule, why.condition, why.facts);
            UPDATE expected_segment AS e
            SET segment = assigned, since = day
            WHERE e.source = name AND e.customer_id = known;
        END IF;
        UPDATE expected_segment AS e
        SET profile = item.profile,
            attributes = item.attributes,
            customer_name = item.customer_name,
            collector = item.collector,
            parent_id = item.parent_id
        WHERE e.source = name AND e.customer_id = known;
    END LOOP;
END $$;
DO $$
DECLARE
    day date;
BEGIN
    FOR day IN SELECT d::date FROM generate_series(date '2024-09-01', '2024-11-20', '1 day') AS d LOOP
        IF day = '2024-10-10' THEN  -- a new name, another collector, no group any more
            UPDATE erp.bill
            SET customer_name = 'once ' || customer_name,
                collector = 'collector 9',
                parent_id = NULL
            WHERE customer_id % 7 = 0;
        END IF;
        CALL refresh_segments('main', day);
        CALL refresh_segments('calm', day, 30);
        CALL pg_temp.one_day('main', NULL, 24, 0, day);
        CALL pg_temp.one_day('calm', 'ours', 12, 20, day);
    END LOOP;
END $$;
CREATE VIEW pg_temp.segment_difference AS
    SELECT source, count(*) AS customers, count(*) FILTER (WHERE NOT e IS NOT DISTINCT FROM s) AS different
    FROM expected_segment AS e FULL JOIN customer_segments AS s USING (source, customer_id) GROUP BY source;
CREATE VIEW pg_temp.change_difference AS
SELECT source,
    count(*) AS changes,
    count(*) FILTER (WHERE NOT e IS NOT DISTINCT FROM (
        c.source, c.customer_id, c.from_segment, c.from_since, c.to_segment, c.changed_on, c.rule,
        c.condition, c.facts)) AS different
FROM expected_change AS e
FULL JOIN segment_changes AS c USING (source, customer_id, changed_on)
GROUP BY source;
SELECT * FROM pg_temp.segment_difference ORDER BY source;
SELECT * FROM pg_temp.change_difference ORDER BY source;
-- the history is one: what a change comes from is what the one before it went to
SELECT count(*) AS broken
FROM (
    SELECT from_segment IS DISTINCT FROM lag(to_segment) OVER w
            OR from_since <> lag(changed_on) OVER w AS wrong,
        row_number() OVER w AS n
    FROM segment_changes
    WINDOW w AS (PARTITION BY source, customer_id ORDER BY changed_on)
) AS x
WHERE n > 1 AND wrong;
SELECT count(*) AS broken
FROM customer_segments AS s
JOIN (
    SELECT DISTINCT ON (source, customer_id) *
    FROM segment_changes
    ORDER BY source, customer_id, changed_on DESC
) AS c USING (source, customer_id)
WHERE (s.segment, s.since) IS DISTINCT FROM (c.to_segment, c.changed_on);
SELECT source,
    min(changed_on - from_since) >= 20 AS stayed_20_days,
    count(to_segment) < count(*) AS some_without,
    count(rule) < count(*) AS no_rule,
    bool_and((to_segment IS NULL) = (rule IS NULL AND facts IS NULL)) AS facts_with_rules,
    count(DISTINCT to_segment) AS segments
FROM segment_changes
GROUP BY source
ORDER BY source;
SELECT customer_id, from_segment, from_since, to_segment, changed_on, rule, condition, facts
FROM segment_changes WHERE source = 'calm' ORDER BY changed_on, customer_id LIMIT 3;

-- segment_profiles are the rollup
SELECT count(*) > 8 AS segments,
    count(*) FILTER (WHERE NOT (p.customers, p.profile)
        IS NOT DISTINCT FROM (s.customers, s.profile)) AS different
FROM segment_profiles AS p
FULL JOIN (
    SELECT source, segment, count(*) AS customers, rollup(profile) AS profile
    FROM customer_segments
    GROUP BY source, segment
) AS s ON p.source = s.source AND p.segment IS NOT DISTINCT FROM s.segment;

-- The same day again writes nothing.
CREATE TEMP TABLE before AS
SELECT 'customer' AS what,
    xmin::text AS written_by,
    ctid AS place,
    concat(source, customer_id) AS key
FROM customer_segments
UNION ALL SELECT 'change', xmin::text, ctid, change_id::text FROM segment_changes
UNION ALL SELECT 'profile', xmin::text, ctid, concat(source, segment) FROM segment_profiles;
CALL refresh_segments('main', '2024-11-20');
CALL refresh_segments('calm', '2024-11-20', 1);
SELECT what, count(*) > 0 AS some, count(*) FILTER (WHERE b.key IS NULL OR a.key IS NULL) AS written
FROM before AS b
FULL JOIN (
    SELECT 'customer' AS what,
        xmin::text AS written_by,
        ctid AS place,
        concat(source, customer_id) AS key
    FROM customer_segments
    UNION ALL SELECT 'change', xmin::text, ctid, change_id::text FROM segment_changes
    UNION ALL SELECT 'profile', xmin::text, ctid, concat(source, segment) FROM segment_profiles
) AS a USING (what, written_by, place)
GROUP BY what
ORDER BY what COLLATE "C";
SELECT source, phase, customers = customers_done AS all_done, changes FROM refresh_progress ORDER BY source;
-- and the next day writes only what differs
SELECT count(*) AS before_next_day FROM customer_segments WHERE source = 'main' \gset
CALL refresh_segments('main', '2024-11-21');
SELECT count(*) BETWEEN 1 AND :before_next_day / 2 AS few
FROM customer_segments AS s
WHERE source = 'main'
    AND NOT EXISTS (
        SELECT FROM before AS b
        WHERE b.what = 'customer'
            AND b.key = concat('main', s.customer_id)
            AND b.written_by = s.xmin::text
    );
CALL refresh_segments('calm', '2024-11-21');
CALL pg_temp.one_day('main', NULL, 24, 0, '2024-11-21');
CALL pg_temp.one_day('calm', 'ours', 12, 20, '2024-11-21');

-- Customers vanish and come back; a policy is changed between two runs; days are left out.
CREATE TABLE erp.kept AS SELECT * FROM erp.bill WHERE customer_id % 7 = 0;
DELETE FROM erp.bill WHERE customer_id % 7 = 0;
CALL refresh_segments('main', '2025-01-04');
CALL refresh_segments('calm', '2025-01-04');
CALL pg_temp.one_day('main', NULL, 24, 0, '2025-01-04');
CALL pg_temp.one_day('calm', 'ours', 12, 20, '2025-01-04');
SELECT source, count(*), count(profile) AS profiles, count(attributes) > 0 AS attributes_kept FROM customer_segments
WHERE customer_id::int % 7 = 0 GROUP BY source ORDER BY source;
SELECT count(*) > 0 AS some_are_new
FROM segment_changes
WHERE source = 'main' AND changed_on = '2025-01-04' AND to_segment = 'new';
UPDATE sources SET segment_policy = 'ours', minimum_stay_days = 3 WHERE name = 'main';
INSERT INTO erp.bill SELECT * FROM erp.kept;
CALL refresh_segments('main', '2025-01-08');
CALL refresh_segments('calm', '2025-01-08');
CALL pg_temp.one_day('main', 'ours', 24, 3, '2025-01-08');
CALL pg_temp.one_day('calm', 'ours', 12, 20, '2025-01-08');
UPDATE segment_policies
SET policy = '[{"segment": "few", "when": "item_count < 9"}, {"segment": "many"}]'
WHERE name = 'ours';
CALL refresh_segments('main', '2025-01-09');
CALL refresh_segments('calm', '2025-01-09');
CALL pg_temp.one_day('main', 'ours', 24, 3, '2025-01-09');
CALL pg_temp.one_day('calm', 'ours', 12, 20, '2025-01-09');
SELECT * FROM pg_temp.segment_difference ORDER BY source;
SELECT * FROM pg_temp.change_difference ORDER BY source;

-- The last run of a day counts, as if it had been the only one: source "twice" runs each day on other data and by
-- another policy first.
SELECT register_source('single', 'erp.bill', 'ours') \g /dev/null
SELECT register_source('twice', 'erp.bill', 'ours') \g /dev/null
DO $$
DECLARE
    day date;
BEGIN
    FOR day IN SELECT d::date FROM generate_series(date '2025-02-01', '2025-02-10', '1 day') AS d LOOP
        UPDATE erp.bill SET paid_date = paid_date + 40, customer_id = customer_id + 3 WHERE customer_id < 90;
        UPDATE segment_policies
        SET policy = CASE
            WHEN extract(day FROM day) > 3
                THEN '[{"segment": "few", "when": "item_count < 12", "stay": "item_count < 20"},
                       {"segment": "other"}]'
            ELSE standard_segment_policy()::text::segment_policy
        END
        WHERE name = 'ours';
        CALL refresh_segments('twice', day);
        UPDATE erp.bill SET paid_date = paid_date - 40, customer_id = customer_id - 3 WHERE customer_id > 3;
        IF extract(day FROM day) <> 6 THEN UPDATE segment_policies
        SET policy = standard_segment_policy()
        WHERE name = 'ours'; END
            IF;
        CALL refresh_segments('twice', day);
        CALL refresh_segments('single', day);
    END LOOP;
END $$;
SELECT count(*),
    count(*) FILTER (WHERE NOT (a.segment, a.since, a.profile, a.attributes)
        IS NOT DISTINCT FROM (b.segment, b.since, b.profile, b.attributes)) AS different
FROM (SELECT * FROM customer_segments WHERE source = 'single') AS a
FULL JOIN (SELECT * FROM customer_segments WHERE source = 'twice') AS b USING (customer_id);
SELECT count(*),
    count(*) FILTER (WHERE NOT (
        a.from_segment, a.from_since, a.to_segment, a.rule, a.condition, a.facts)
        IS NOT DISTINCT FROM (
            b.from_segment, b.from_since, b.to_segment, b.rule, b.condition, b.facts)) AS different
FROM (SELECT * FROM segment_changes WHERE source = 'single') AS a
FULL JOIN (
    SELECT * FROM segment_changes WHERE source = 'twice'
) AS b USING (customer_id, changed_on);

-- Boundaries: history_months counts the due date that lies exactly as far back; what is settled
-- otherwise is open before.
CREATE TABLE erp.edge (
    customer_id text, invoice_id int, invoice_date date, due_date date, paid_date date,
    amount numeric, open_amount numeric, settled_by text, disputed boolean, attributes jsonb);
INSERT INTO erp.edge (customer_id, invoice_id, invoice_date, due_date, paid_date, amount, settled_by, disputed) VALUES
    ('due on the edge', 1, '2023-01-01', '2023-02-28', '2023-03-01', 1, 'payment', NULL),
    ('due before it', 2, '2023-01-01', '2023-02-27', '2023-03-01', 1, 'payment', NULL),
    ('old and open', 3, '2003-01-01', '2003-02-27', NULL, 1, NULL, NULL),
    ('old, paid later', 4, '2003-01-01', '2003-02-27', '2025-03-01', 1, 'payment', NULL),
    ('old, paid today', 5, '2003-01-01', '2003-02-27', '2025-02-28', 1, 'payment', NULL),
    ('credited today', 6, '2025-01-01', '2025-01-15', '2025-02-28', 1, 'credit', NULL),
    ('credited later', 7, '2025-01-01', '2025-01-15', '2025-03-01', 1, 'credit', NULL),
    ('written off, no day', 8, '2025-01-01', '2025-01-15', NULL, 1, 'write_off', NULL),
    ('settled, nobody says how', 9, '2025-01-01', '2025-01-15', '2025-01-20', 1, NULL, NULL),
    ('disputed', 10, '2025-01-01', '2025-01-15', '2025-01-20', 1, 'payment', true),
    ('no due date', 11, '2025-01-01', NULL, '2025-01-20', 1, 'payment', NULL),
    ('of tomorrow', 12, '2025-03-01', '2025-03-15', NULL, 1, 'payment', NULL),
    (NULL, 13, '2025-01-01', '2025-01-15', '2025-01-20', 1, 'payment', NULL),
    ('', 14, '2025-01-01', '2025-01-15', '2025-01-20', 1, 'payment', NULL);
SELECT register_source('edge', 'erp.edge') \g /dev/null
CALL refresh_segments('edge', '2025-02-28');
SELECT customer_id, open_count(profile) AS open, timed_count(profile) AS timed, disputed_count(profile) AS disputed
FROM customer_segments WHERE source = 'edge' ORDER BY customer_id COLLATE "C";

-- Attributes: when the rows of a customer differ, the answer does not depend on their order.
CREATE TABLE erp.torn AS
SELECT 'c' || n % 3 AS customer_id,
    n AS invoice_id,
    date '2025-01-01' AS invoice_date,
    date '2025-02-01' AS due_date,
    NULL::date AS paid_date,
    1 AS amount,
    1 AS open_amount,
    CASE
        WHEN n > 3
            THEN jsonb_build_object('a', n % 7, repeat('long', 1000), n % 2)
    END AS attributes
FROM generate_series(1, 30) AS n;
SELECT customer_id,
    customer_attributes(attributes ORDER BY invoice_id)
        = customer_attributes(attributes ORDER BY -invoice_id) AS same,
    customer_attributes(attributes) = (array_agg(attributes ORDER BY attributes DESC NULLS LAST))[1]
        AS the_last
FROM erp.torn
GROUP BY customer_id
ORDER BY customer_id;
SELECT customer_attributes(a) FROM (VALUES (NULL::jsonb), (NULL)) AS v (a);

-- What cannot be refreshed is an error that says what, and nothing is written; what cannot be used is set aside.
CALL refresh_segments(NULL, '2025-03-01');
CALL refresh_segments('edge', NULL);
CALL refresh_segments('edge', 'infinity');
CALL refresh_segments('edge', '-infinity');
CALL refresh_segments('edge', '2025-03-01', 0);
CALL refresh_segments('edge', '2025-02-27');
CALL refresh_segments('nowhere', '2025-03-01');
BEGIN;
CALL refresh_segments('edge', '2025-03-01');
ROLLBACK;
INSERT INTO erp.edge (customer_id, invoice_id, invoice_date, due_date, amount) VALUES
    ('it''s "infinite"', 20, '2025-01-01', 'infinity', 1);
CALL refresh_segments('edge', '2025-03-01');
SELECT * FROM unusable_items('edge');
UPDATE erp.edge SET due_date = '2025-01-15', amount = 'NaN' WHERE invoice_id = 20;
CALL refresh_segments('edge', '2025-03-01');
SELECT * FROM unusable_items('edge');
UPDATE erp.edge SET amount = 1, attributes = '[1]' WHERE invoice_id = 20;
CALL refresh_segments('edge', '2025-03-01');
SELECT * FROM unusable_items('edge');
UPDATE erp.edge SET attributes = 'null' WHERE invoice_id = 20;
SELECT as_of, phase, running, customers_done FROM refresh_progress WHERE source = 'edge';
SELECT max(since) FROM customer_segments WHERE source = 'edge';
CALL refresh_segments('edge', '2025-03-01', NULL);
SELECT as_of, phase, running, customers_done FROM refresh_progress WHERE source = 'edge';
-- the caller's own settings are as they were
SHOW search_path;
SHOW enable_seqscan;
SELECT to_regclass('pg_temp.receivables_refresh'), to_regclass('pg_temp.receivables_profiles');

-- Text is data, wherever it comes from: names, relations, columns, the values in the rows, policies.
CREATE TEMP TABLE evil AS
SELECT *
FROM (VALUES
    (1, '''; DROP TABLE erp.canary; --'), (2, '$$; DROP TABLE erp.canary; $$'),
    (3, '$query$; DROP TABLE erp.canary; $query$'), (4, '%1$s %2$L %I %s %%'),
    (5, E'\\\'; DROP TABLE erp.canary; --'), (6, '"; DROP TABLE erp.canary; --'),
    (7, ') AS item; DROP TABLE erp.canary; --'), (8, '*/ DROP TABLE erp.canary; /*'),
    (9, E'line\nfeed\ttab'), (10, '{"a": 1}'), (11, repeat('long ', 40)), (12, 'ça ü €'))
    AS v (n, value);
CREATE TABLE erp.canary AS SELECT 'alive' AS canary;
DO $$
DECLARE
    bad evil;
    relation text;
BEGIN
    FOR bad IN SELECT * FROM evil LOOP
        relation := format('erp.%I', bad.value || ' ' || bad.n);
        EXECUTE format(
            'CREATE TABLE %s AS
             SELECT %L || n AS customer_id, %L || n AS invoice_id,
                 date ''2025-01-01'' AS invoice_date, date ''2025-02-01'' AS due_date,
                 date ''2025-01-31'' + n AS paid_date, 10 AS amount, 0 AS open_amount,
                 %L AS settled_by, %L AS currency, jsonb_build_object(%L, %L) AS attributes
             FROM generate_series(1, 5) AS n',
            relation, bad.value, bad.value, 'payment', bad.value, bad.value, bad.value);
        INSERT INTO segment_policies VALUES (
            bad.value,
            json_build_array(
                json_build_object('segment', bad.value || ' early', 'when', 'max_days_late < 3'),
                json_build_object('segment', bad.value))::text::segment_policy);
        PERFORM register_source(bad.value, relation::regclass, bad.value);
        COMMIT;
        CALL refresh_segments(bad.value, '2025-03-01');
        EXECUTE format('UPDATE %s SET paid_date = paid_date + 1', relation);
        COMMIT;
        CALL refresh_segments(bad.value, '2025-03-02');
    END LOOP;
END $$;
SELECT count(DISTINCT source) AS sources,
    count(*) AS customers,
    bool_and(segment = CASE
        WHEN right(customer_id, 1) < '3' THEN value || ' early'
        ELSE value
    END) AS right_segment,
    bool_and(customer_id = value || right(customer_id, 1)
        AND attributes ->> value = value) AS right_texts
FROM customer_segments
JOIN evil ON value = source;
SELECT count(*) AS changes,
    bool_and(from_segment = value || ' early' AND to_segment = value AND rule = 2) AS right_texts
FROM segment_changes
JOIN evil ON value = source;
-- every function with a text argument; a syntax error would tell that the text was taken for SQL
CREATE FUNCTION pg_temp.outcome(call text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE 'SELECT ' || call;
    RETURN 'fine';
EXCEPTION WHEN OTHERS THEN
    RETURN SQLSTATE;
END $$;
SELECT f.name, string_agg(DISTINCT pg_temp.outcome(format(f.call, e.value || ' ')), ' ') AS outcome
FROM evil AS e
CROSS JOIN (VALUES
    ('source_relation', 'source_relation(%1$L)'),
    ('_source_query', '_source_query(%1$L, NULL)'),
    ('_source_has_column', '_source_has_column(%1$L, %1$L)'),
    ('_source_has_column of a source', '_source_has_column(''edge'', %1$L)'),
    ('_profiles_query', '_profiles_query(%1$L, ''2025-01-01'')'),
    ('register_source', 'register_source(%1$L, %1$L)'),
    ('segment_policy', 'register_source(''x'', ''erp.edge'', %1$L)'),
    ('dunning_policy', 'register_source(''x'', ''erp.edge'', NULL, %1$L)'),
    ('calendar', 'register_source(''x'', ''erp.edge'', NULL, NULL, %1$L)'),
    ('prior', 'register_source(''x'', ''erp.edge'', prior => %1$L)'),
    ('_check_named', '_check_named(%1$L, %1$L, false, %1$L)'),
    ('check_source_relation', 'check_source_relation(%1$L)'),
    ('unregister_source', 'unregister_source(%1$L)'),
    ('_refresh_locks', 'count(*) FROM _refresh_locks(%1$L)'),
    ('_refresh_is_running', '_refresh_is_running(%1$L, 1)'),
    ('_take_over_refresh', '_take_over_refresh(%1$L)'),
    ('_start_refresh', '_start_refresh(%1$L, ''2025-01-01'', 1)'),
    ('_continue_refresh', '_continue_refresh(1, %1$L, 1, 1, 1)'),
    ('_blame', '_blame(''edge'', ''2025-01-01'', ''22008'', %1$L)'),
    ('_blame of a source', '_blame(%1$L, ''2025-01-01'', ''22008'', %1$L)'),
    ('_with_plan', '_with_plan(%1$L, ''2025-01-01'', NULL)'),
    ('unusable_items', 'unusable_items(%1$L)'),
    ('_with_held', '_with_held(%1$L, ''2025-01-01'', NULL)')) AS f (name, call)
GROUP BY f.name
ORDER BY f.name COLLATE "C";
SELECT * FROM erp.canary;

DELETE FROM customer_segments;
DELETE FROM segment_changes;
DELETE FROM segment_profiles;
DELETE FROM refresh_runs;
DELETE FROM sources;
DELETE FROM segment_policies;
SET client_min_messages = error;
DROP SCHEMA erp CASCADE;
