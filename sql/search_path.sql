-- Nobody's code runs under a call of ours: every function of the extension has a body that was resolved when it was
-- made, or a search_path of pg_catalog and pg_temp alone; and overloads planted in every schema are never called.
SET client_min_messages = warning;
CREATE SCHEMA IF NOT EXISTS receivables;
CREATE EXTENSION IF NOT EXISTS receivables SCHEMA receivables;
SET search_path = receivables, public;
\set SHOW_CONTEXT never

CREATE TEMP VIEW member AS
SELECT p.*
FROM pg_proc AS p
JOIN pg_depend AS d ON d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e'
WHERE d.refobjid = (SELECT oid FROM pg_extension WHERE extname = 'receivables');
SELECT m.oid::regprocedure AS open_to_others
FROM member AS m
JOIN pg_language AS l ON l.oid = m.prolang
WHERE l.lanname IN ('sql', 'plpgsql')
    AND m.prosqlbody IS NULL
    AND NOT coalesce(m.proconfig @> ARRAY['search_path=pg_catalog, pg_temp'], false)
    AND NOT (m.prokind = 'p'
        AND m.prosrc ~ ('^\s*(DECLARE.*)?BEGIN\s+PERFORM pg_catalog.set_config'
            || '\(''search_path'', ''pg_catalog, pg_temp'', true\);'))
ORDER BY 1::text;
-- a procedure that commits sets it in each transaction but the last, which goes on in the caller:
-- nothing is looked up there
SELECT m.oid::regprocedure AS forgets
FROM member AS m
WHERE m.prokind = 'p'
    AND (SELECT count(*) FROM regexp_matches(m.prosrc, 'set_config', 'g')) < (
        SELECT count(*) FROM regexp_matches(m.prosrc, 'COMMIT;', 'g')
    ) - 1;
-- nothing compares values of our types by what the search path finds
SELECT m.oid::regprocedure AS compares
FROM member AS m
WHERE m.prosrc ~* 'profile\s+IS\s+(NOT\s+)?DISTINCT'
    OR m.prosrc ~* 'nullif\([a-z.]*(profile|policy|calendar)'
    OR m.prosrc ~* ('(profile|policy|calendar)\)?\s*(=|<>)\s*'
        || '(?!excluded)[a-z]+\.(profile|policy|calendar)');
SELECT m.oid::regprocedure AS definer FROM member AS m WHERE m.prosecdef;

-- What a caller of everything would be glad to run: whoever may create in a schema of the path, or of ours, plants an
-- overload of every function of ours and of every one of pg_catalog that our bodies name, with fewer, more and other
-- arguments, and of every operator, for the types that we use. Each raises an alarm.
CREATE SCHEMA plant_test;
CREATE TABLE plant_test.called AS
SELECT DISTINCT w[1] AS name
FROM member AS m, regexp_matches(m.prosrc, '([a-z_0-9]+)\(', 'g') AS w
WHERE EXISTS (
    SELECT FROM pg_proc AS p
    WHERE p.proname = w[1]
        AND p.pronamespace IN ('pg_catalog'::regnamespace, 'receivables'::regnamespace)
);
SELECT count(*) > 60 AS called, count(*) FILTER (WHERE name LIKE '\_%') > 20 AS of_ours FROM plant_test.called;
CREATE PROCEDURE plant_test.plant(place text) LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE
    f record;
    body text := $body$ LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''planted: %s''; END'$body$;
BEGIN
    -- the same names, for arguments that fit unknown literals and casts
    FOR f IN
        SELECT n.name, a.args
        FROM plant_test.called AS n,
            (VALUES
                (''), ('text'), ('varchar'), ('name'), ('text, text'), ('text, varchar'),
                ('varchar, varchar'), ('text, date'), ('text, name, name'), ('text, text, text'),
                ('varchar, date'), ('text, date, text'), ('text, date, varchar'),
                ('VARIADIC text[]'), ('VARIADIC anyarray'), ('anyelement'),
                ('anyelement, anyelement'), ('text, text, VARIADIC text[]'), ('integer'),
                ('bigint, text'), ('regclass'), ('regclass, text'), ('date'),
                ('text, text, text, text'), ('text, anyelement'),
                ('bigint, varchar, bigint, bigint, bigint'), ('text, text, boolean, varchar'),
                ('regclass, varchar'), ('text, date, integer, integer'),
                ('text, date, bigint, bigint')) AS a (args)
    LOOP
        BEGIN
            EXECUTE format('CREATE FUNCTION %s.%I(%s) RETURNS text', place, f.name, f.args) || format(body, f.name);
        EXCEPTION WHEN duplicate_function
            OR invalid_function_definition
            OR datatype_mismatch
            OR ambiguous_function
            OR wrong_object_type THEN NULL;
        END;
    END LOOP;
    -- operators, for every pair of types that meet in our bodies
    FOR f IN
        SELECT o.op, t.l, t.r
        FROM unnest('{=,<>,<,>,<=,>=,+,-,*,/,||,->,->>,@>,&,~}'::text[]) AS o (op),
            (VALUES
                ('text', 'text'),
                ('text', 'varchar'),
                ('varchar', 'text'),
                ('varchar', 'varchar'),
                ('name', 'text'),
                ('text', 'name'),
                ('date', 'date'),
                ('date', 'integer'),
                ('date', 'text'),
                ('numeric', 'integer'),
                ('numeric', 'numeric'),
                ('integer', 'integer'),
                ('bigint', 'integer'),
                ('bigint', 'bigint'),
                ('double precision', 'integer'),
                ('double precision', 'double precision'),
                ('double precision', 'numeric'),
                ('jsonb', 'text'),
                ('jsonb', 'varchar'),
                ('jsonb', 'jsonb'),
                ('boolean', 'boolean'),
                ('oid', 'regclass'),
                ('tid', 'tid'),
                ('"char"', 'text'),
                ('integer', 'text'),
                ('regclass', 'regclass'),
                ('receivables.payment_profile', 'receivables.payment_profile'),
                ('receivables.payment_profile', 'text'),
                ('anyelement', 'anyelement'),
                ('numeric', 'double precision'),
                ('numeric', 'bigint'),
                ('bigint', 'numeric')) AS t (l, r)
    LOOP
        BEGIN
            EXECUTE format(
                'CREATE OPERATOR %s.%s (FUNCTION = %s.planted_operator, LEFTARG = %s, RIGHTARG = %s)',
                place, f.op, place, f.l, f.r);
        EXCEPTION WHEN undefined_function THEN
            EXECUTE format(
                    'CREATE FUNCTION %s.planted_operator(%s, %s) RETURNS boolean', place, f.l, f.r)
                || format(body, 'operator ' || f.op);
            BEGIN
                EXECUTE format(
                    'CREATE OPERATOR %s.%s (FUNCTION = %s.planted_operator, LEFTARG = %s, RIGHTARG = %s)',
                    place, f.op, place, f.l, f.r);
            EXCEPTION WHEN duplicate_function OR undefined_function OR ambiguous_function THEN NULL;
            END;
        WHEN duplicate_function OR ambiguous_function THEN NULL;
        END;
    END LOOP;
END $$;
CREATE TABLE plant_test.item (
    customer_id integer, invoice_id bigint, invoice_date date, due_date date, paid_date date,
    amount integer, open_amount numeric, currency varchar(3), disputed boolean, attributes jsonb,
    last_level smallint, last_reminder_date date, credited_invoice bigint, credited_on date);
INSERT INTO plant_test.item
SELECT n % 20,
    n,
    d,
    d + 30,
    CASE WHEN n % 4 > 0 THEN d + 30 + n % 20 END,
    CASE WHEN n % 37 = 0 THEN -5 ELSE 10 + n % 90 END,
    CASE WHEN n % 4 > 0 THEN 0 WHEN n % 37 = 0 THEN -5 ELSE 10 + n % 90 END,
    'EUR',
    n % 11 = 0,
    '{"credit_limit": 100}',
    CASE WHEN n % 60 = 0 THEN 1 END,
    CASE WHEN n % 60 = 0 THEN d + 40 END,
    CASE WHEN n % 74 = 0 THEN n - 4 END
FROM generate_series(1, 600) AS n, LATERAL (SELECT date '2025-01-01' + n * 37 % 300 AS d) AS x;
INSERT INTO segment_policies VALUES
    (
        'ours',
        '[{"segment": "late", "when": "late_share(3) > 0.5", "stay": "late_share(3) > 0.3"},
          {"segment": "other"}]');
INSERT INTO dunning_policies VALUES ('ours', standard_dunning_policy());
INSERT INTO business_calendars VALUES ('ours', '{"holidays": ["2025-12-25"]}');

SELECT register_source('t', 'plant_test.item', 'ours', 'ours', 'ours', prior => 'segment');
SELECT register_source('plain', 'plant_test.item', prior => 'portfolio');

CREATE ROLE regress_reader;
GRANT USAGE ON SCHEMA receivables, plant_test TO regress_reader;
GRANT SELECT ON sources,
    segment_policies,
    dunning_policies,
    business_calendars,
    refresh_runs,
    reminders,
    promises,
    review_decisions,
    contacts,
    plant_test.item TO regress_reader;
CREATE ROLE regress_planter;
GRANT USAGE, CREATE ON SCHEMA receivables, public TO regress_planter;
GRANT USAGE ON SCHEMA plant_test TO regress_planter;
GRANT SELECT ON plant_test.called TO regress_planter;
SET ROLE regress_planter;
CALL plant_test.plant('receivables');
CALL plant_test.plant('public');
CALL plant_test.plant('pg_temp');
RESET ROLE;
SELECT count(*) > 3000 AS functions FROM pg_proc WHERE prosrc LIKE '%planted: %';
SELECT count(*) > 500 AS operators FROM pg_operator WHERE oprcode::regproc::text LIKE '%planted_operator';
-- who looks for a name in these schemas would find them
SET search_path = receivables, pg_temp;
SELECT _source_query(varchar 'x', NULL);
SELECT varchar 'a' OPERATOR(receivables.=) varchar 'b';
-- not even where these schemas come before pg_catalog
SET search_path = receivables, public, pg_temp, pg_catalog;
SELECT 1::bigint > 0::integer;
CALL receivables.refresh_segments('t'::text, '2025-09-01'::date, 7::integer);

-- Everything is called with the types that it has, so that the call itself is ours.
SET search_path = pg_catalog;
CALL receivables.refresh_segments('t'::text, '2025-10-01'::date, 7::integer);
CALL receivables.refresh_segments('t'::text, '2025-11-01'::date, 1000::integer);
CALL receivables.refresh_segments('t'::text, '2025-11-01'::date, 1000::integer);
CALL receivables.refresh_segments('plain'::text, '2025-11-01'::date, 1000::integer);
SELECT receivables.record_promise(
        't'::text, '4'::text, '2025-11-10'::date, 5::numeric, '2025-10-30'::date) > 0 AS promised,
    receivables.settle_review('t'::text, '8'::text, 'dunn'::text, NULL::date, '2025-10-30'::date),
    receivables.record_contact(
        't'::text, '4'::text, 'called'::text, NULL::date, '2025-10-30'::date) > 0 AS called;
PREPARE reports AS
SELECT s.name,
    (
        SELECT count(*) > 0 FROM receivables.plan_reminders(s.name, '2025-11-01'::date, 30::integer)
    ) AS plan,
    (SELECT count(*) > 0 FROM receivables.plan_letters(s.name, '2025-11-01'::date)) AS letters,
    (SELECT count(*) > 0 FROM receivables.held_back(s.name, '2025-11-01'::date)) AS held,
    (SELECT count(*) FROM receivables.promise_states(s.name, '2025-11-01'::date)) AS promises,
    (SELECT count(*) FROM receivables.promise_record(s.name, '2025-11-01'::date)) AS promising,
    (SELECT count(*) > 0 FROM receivables.invoices_to_review(s.name, '2025-11-01'::date)) AS review,
    (
        SELECT count(*)
        FROM receivables.customers_to_watch(
            s.name, '2025-11-01'::date, 20::integer, 60::integer, NULL::text, true)
    ) AS watch,
    (
        SELECT count(*)
        FROM receivables.customers_to_watch(
            s.name, '2025-11-01'::date, 4::integer, 60::integer, NULL::text, false)
    ) AS list,
    (
        SELECT count(*) > 0
        FROM receivables.credit_hold_candidates(
            s.name, '2025-11-01'::date, 0.1::double precision, 1::integer, 0.9::double precision)
    ) AS hold,
    (SELECT count(*) FROM receivables.unusable_items(s.name)) AS unusable,
    (
        SELECT count(*) > 0
        FROM receivables.aging_report(s.name, '2025-11-01'::date, 'segment'::text, '{30}'::integer[])
    ) AS aging,
    (SELECT count(*) FROM receivables.dso_report(s.name, '2025-11-01'::date, 365::integer)) AS dso,
    (
        SELECT count(*) > 0
        FROM receivables.portfolio_trend(
            s.name, '2025-10-01'::date, '2025-11-01'::date, 'month'::text)
    ) AS trend,
    (
        SELECT count(*) > 0
        FROM receivables.ecl_report(
            s.name, '2026-11-01'::date, 'segment'::text, '{30}'::integer[], NULL::numeric[],
            '{0.1,0.1,0.1}'::numeric[], 36::integer, 30::bigint, 2::integer)
    ) AS ecl,
    (SELECT count(*) FROM receivables.customer_card(s.name, '7'::text, '2025-11-01'::date)) AS card,
    receivables.payment_qr_text(
        'A'::text, 'BE68539007547034'::text, 1::numeric, 'RF18539007547034'::text,
        'BPOTBEB1'::text) IS NOT NULL AS qr
FROM receivables.sources AS s
ORDER BY s.name;
EXECUTE reports;
SET ROLE regress_reader;
EXECUTE reports;
RESET ROLE;
SELECT count(*) > 5 AS explained
FROM receivables.explain_customer('plain'::text, '1'::text, '2025-11-01'::date);
SELECT receivables.record_decision(
    'plain'::text, '1'::text, 'hold'::text, 'why'::text, 'who'::text, '2025-10-30'::date) > 0 AS decided;
SELECT receivables.mark_seen('plain'::text, w.customer_id, NULL::date, '2025-11-01'::date)
FROM receivables.customers_to_watch(
    'plain'::text, '2025-11-01'::date, 1::integer, 7::integer, NULL::text, false) AS w
WHERE w.customer_id IS NOT NULL;
SELECT receivables.record_reminder(
    't'::text, '1'::text, '1'::text, 1::integer, '2025-10-30'::date, 'email'::text, 1::numeric,
    false::boolean);
SELECT count(*) > 0 AS recorded FROM receivables.record_letters('t'::text, '2025-11-03'::date);
SELECT count(*) > 0 AS recorded FROM receivables.record_reminders('plain'::text, '2025-11-03'::date);
SELECT source, as_of, phase, customers, running FROM receivables.refresh_progress ORDER BY source;
SELECT receivables.register_source(
    'u'::text, 'plant_test.item'::regclass, NULL::text, 'ours'::text, NULL::text, 12::integer,
    0::integer, 'none'::text);
SELECT receivables.unregister_source('u'::text, true::boolean);
SELECT receivables.source_relation('t'::text);
SELECT receivables.unregister_source('plain'::text, true::boolean),
    receivables.unregister_source('t'::text, true::boolean);
-- a few at a time: each object that is dropped is a lock
DO $$
DECLARE
    planted record;
    dropped integer := 0;
BEGIN
    FOR planted IN
        SELECT p.oid::regprocedure AS name
        FROM pg_proc AS p
        WHERE p.proowner = 'regress_planter'::regrole
    LOOP
        EXECUTE format('DROP FUNCTION %s CASCADE', planted.name);
        dropped := dropped + 1;
        IF dropped % 200 = 0 THEN COMMIT; END IF;
    END LOOP;
END $$;
DROP OWNED BY regress_planter, regress_reader CASCADE;
DROP ROLE regress_planter, regress_reader;
SET search_path = receivables, public;

SET client_min_messages = error;
DELETE FROM segment_policies; DELETE FROM dunning_policies; DELETE FROM business_calendars;
DROP SCHEMA plant_test CASCADE;
