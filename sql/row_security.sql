-- Who sees all rows of a source: sees_all_rows against reading the relation, over generated stacks of views; then
-- what is read with what, and what the views on the extension's tables look like to the planner.
SET client_min_messages = warning;
CREATE SCHEMA IF NOT EXISTS receivables;
CREATE EXTENSION IF NOT EXISTS receivables SCHEMA receivables;
SET search_path = receivables, public;
\set VERBOSITY terse

CREATE ROLE regress_owner;
CREATE ROLE regress_other;
CREATE ROLE regress_member IN ROLE regress_owner;
CREATE ROLE regress_stranger NOINHERIT IN ROLE regress_owner;
CREATE ROLE regress_bypass BYPASSRLS;
CREATE ROLE regress_super SUPERUSER;
GRANT USAGE ON SCHEMA receivables TO PUBLIC;

-- One case: a table, perhaps with row-level security that hides every row, and up to four views over each other,
-- with owners, grants and security_invoker as the number of the case says. h(i, k, salt) is a fixed pseudo-random
-- number below k.
CREATE FUNCTION pg_temp.h(i int, k int, salt int) RETURNS int LANGUAGE sql IMMUTABLE
    RETURN ((hashint8extended(i * 1000 + salt, 11) % k + k) % k)::int;
CREATE PROCEDURE pg_temp.make_case(i int) LANGUAGE plpgsql AS $$
DECLARE
    roles text[] := '{regress_owner,regress_other,regress_member,regress_stranger,regress_bypass,regress_super}';
    reader text;
    below text := 'c0';
BEGIN
    DROP SCHEMA IF EXISTS row_case CASCADE;
    CREATE SCHEMA row_case;
    FOREACH reader IN ARRAY roles LOOP
        IF pg_temp.h(i, 12, length(reader) * 10 + 1) > 0 THEN
            EXECUTE format('GRANT USAGE ON SCHEMA row_case TO %I', reader);
        END IF;
    END LOOP;
    CREATE TABLE row_case.c0 (id int, a int, b int);
    INSERT INTO row_case.c0 VALUES (1, 1, 1), (2, 2, 2), (3, 3, 3);
    IF pg_temp.h(i, 3, 2) > 0 THEN
        ALTER TABLE row_case.c0 ENABLE ROW LEVEL SECURITY;
        CREATE POLICY hidden ON row_case.c0 USING (false);
    END IF;
    IF pg_temp.h(i, 3, 2) > 1 THEN
        ALTER TABLE row_case.c0 FORCE ROW LEVEL SECURITY;
    END IF;
    FOR layer IN 0 .. pg_temp.h(i, 5, 3) LOOP
        IF layer > 0 THEN
            EXECUTE format('CREATE VIEW row_case.c%s %s AS SELECT id, a, %s AS b FROM row_case.%I', layer,
                CASE WHEN pg_temp.h(i, 2, 10 + layer) > 0 THEN 'WITH (security_invoker)' END,
                CASE WHEN pg_temp.h(i, 3, 20 + layer) > 0 THEN 'b' ELSE '0' END, below);
            below := 'c' || layer;
        END IF;
        EXECUTE format('ALTER TABLE row_case.%I OWNER TO %I', below, roles[1 + pg_temp.h(i, 6, 30 + layer)]);
        FOREACH reader IN ARRAY roles LOOP
            EXECUTE CASE pg_temp.h(i, 9, length(reader) * 10 + 40 + layer)
                WHEN 0 THEN format('REVOKE ALL ON row_case.%I FROM %I', below, reader)
                WHEN 1 THEN format('GRANT SELECT (id, a) ON row_case.%I TO %I', below, reader)
                ELSE format('GRANT SELECT ON row_case.%I TO %I', below, reader) END;
        END LOOP;
    END LOOP;
END $$;
-- What a role gets that reads it all: all three rows, or not.
CREATE FUNCTION pg_temp.reads_all(relation regclass) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    rows_seen int;
BEGIN
    EXECUTE format('SELECT count(*) FROM (SELECT * FROM %s OFFSET 0) AS c WHERE id + a + b >= 0', relation) INTO rows_seen;
    RETURN rows_seen = 3;
EXCEPTION WHEN insufficient_privilege THEN
    RETURN false;
END $$;
CREATE TEMPORARY TABLE outcome (i int, reader text, says boolean, reads boolean);
DO $$
DECLARE
    reader text;
    top regclass;
    says boolean;
    reads boolean;
BEGIN
    FOR i IN 1 .. 400 LOOP
        CALL pg_temp.make_case(i);
        top := format('row_case.c%s', pg_temp.h(i, 5, 3))::regclass;
        FOREACH reader IN ARRAY '{regress_owner,regress_other,regress_member,regress_stranger,regress_bypass,regress_super}'::text[] LOOP
            PERFORM set_config('role', reader, true);
            says := receivables.sees_all_rows(top);
            reads := CASE WHEN has_schema_privilege('row_case', 'USAGE') THEN pg_temp.reads_all(top) ELSE false END;
            PERFORM set_config('role', 'none', true);
            INSERT INTO outcome VALUES (i, reader, says, reads);
        END LOOP;
    END LOOP;
    DROP SCHEMA row_case CASCADE;
END $$;
SELECT count(*) AS cases, count(*) FILTER (WHERE says IS DISTINCT FROM reads) AS differ,
    count(*) FILTER (WHERE reads) > 300 AS many_see_all, count(*) FILTER (WHERE NOT reads) > 300 AS many_do_not
FROM outcome;
SELECT i, reader, says, reads FROM outcome WHERE says IS DISTINCT FROM reads ORDER BY i, reader LIMIT 5;
SELECT reader, count(*) FILTER (WHERE reads) > 20 AS sees, count(*) FILTER (WHERE NOT reads) > 20 AS does_not
FROM outcome GROUP BY reader ORDER BY reader;

-- no relation, one that is gone, one without row-level security, a materialized view of one that has it
CREATE SCHEMA row_test;
CREATE TABLE row_test.plain (id int, "user" text, "CURRENT_USER" text);
CREATE TABLE row_test.guarded (id int);
ALTER TABLE row_test.guarded ENABLE ROW LEVEL SECURITY;
CREATE MATERIALIZED VIEW row_test.stored AS SELECT * FROM row_test.guarded;
CREATE TABLE row_test.parts (id int) PARTITION BY LIST (id);
GRANT USAGE ON SCHEMA row_test TO PUBLIC;
GRANT SELECT ON ALL TABLES IN SCHEMA row_test TO PUBLIC;
SET ROLE regress_other;
SELECT sees_all_rows(NULL) AS "null", sees_all_rows(1::oid::regclass) AS gone, sees_all_rows('row_test.plain') AS plain,
    sees_all_rows('row_test.guarded') AS guarded, sees_all_rows('row_test.stored') AS stored, sees_all_rows('row_test.parts') AS parts;
RESET ROLE;
-- two tables in one view, and one in a subquery of it
CREATE VIEW row_test.two WITH (security_invoker) AS SELECT p.id FROM row_test.plain AS p LEFT JOIN row_test.guarded AS g USING (id);
CREATE VIEW row_test.sub WITH (security_invoker) AS SELECT p.id FROM row_test.plain AS p WHERE NOT EXISTS (SELECT FROM row_test.guarded);
-- views that ask who is there, below another one too, and for a superuser; names and literals do not ask
CREATE FUNCTION pg_temp.asks(condition text) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE 'CREATE OR REPLACE VIEW row_test.asking AS SELECT id FROM row_test.plain WHERE ' || condition;
    CREATE OR REPLACE VIEW row_test.above AS SELECT * FROM row_test.asking;
    RETURN NULLIF(NOT sees_all_rows('row_test.above'), sees_all_rows('row_test.asking'));
END $$;
SELECT condition, pg_temp.asks(condition) FROM (VALUES ('"user" = user'), ('"user" = current_user'), ('"user" = session_user'),
    ('"user" = current_role'), ('"user" = current_setting(''erp.user'', true)'), ('pg_has_role(''regress_owner'', ''MEMBER'')'),
    ('has_table_privilege(''row_test.guarded'', ''SELECT'')'), ('"user" = current_schema'), ('"user" = ANY (current_schemas(false))'),
    ('"user" = current_schema()'), ('"user" = "current_user"()'), ('EXISTS (SELECT FROM pg_show_all_settings() AS p (name) WHERE name = ''x'')'),
    ('id = pg_my_temp_schema()::int'), ('row_security_active(''row_test.guarded'')'), ('EXISTS (SELECT FROM pg_settings WHERE name = ''x'')'), ('id = pg_backend_pid()'),
    ('"user" = ''USER'''), ('"CURRENT_USER" = ''it''''s CURRENT_USER'''), ('"user" = E''\\'' OR "user" = ''current_setting()'''),
    ('id > extract(day FROM current_date)'), ('"user" = current_catalog'), ('true')) AS c (condition);
SET ROLE regress_other;
SELECT sees_all_rows('row_test.two') AS two, sees_all_rows('row_test.sub') AS sub;
RESET ROLE;
SELECT sees_all_rows('row_test.two') AS two, sees_all_rows('row_test.sub') AS sub;
-- a foreign server on which everybody has the same account, and one with accounts of their own
CREATE FOREIGN DATA WRAPPER regress_wrapper;
CREATE SERVER regress_far FOREIGN DATA WRAPPER regress_wrapper;
CREATE FOREIGN TABLE row_test.far (id int) SERVER regress_far;
SELECT sees_all_rows('row_test.far') AS no_account;
CREATE USER MAPPING FOR PUBLIC SERVER regress_far;
SELECT sees_all_rows('row_test.far') AS one_account;
CREATE USER MAPPING FOR regress_other SERVER regress_far;
SELECT sees_all_rows('row_test.far') AS own_accounts;
-- also of a partition
CREATE FOREIGN TABLE row_test.old_parts PARTITION OF row_test.parts FOR VALUES IN (1) SERVER regress_far;
CREATE VIEW row_test.all_parts WITH (security_invoker) AS SELECT * FROM row_test.parts;
SELECT sees_all_rows('row_test.parts') AS parts, sees_all_rows('row_test.all_parts') AS view_of_parts;
DROP FOREIGN TABLE row_test.old_parts;
SELECT sees_all_rows('row_test.parts') AS parts;
-- a right to some columns is none to the whole row
CREATE TABLE row_test.customer (name text, secret text);
CREATE VIEW row_test.whole_row WITH (security_invoker) AS SELECT to_jsonb(c) AS attributes FROM row_test.customer AS c;
CREATE VIEW row_test.one_column WITH (security_invoker) AS SELECT c.name FROM row_test.customer AS c;
GRANT SELECT ON row_test.whole_row, row_test.one_column TO regress_other;
GRANT SELECT (name) ON row_test.customer TO regress_other;
SET ROLE regress_other;
SELECT sees_all_rows('row_test.whole_row') AS whole_row, sees_all_rows('row_test.one_column') AS one_column;
RESET ROLE;
-- policies that show everything
CREATE FUNCTION pg_temp.sees_all_under(policies text) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    says boolean;
    reads boolean;
BEGIN
    CREATE TABLE row_test.held AS SELECT n FROM generate_series(1, 3) AS n;
    ALTER TABLE row_test.held ENABLE ROW LEVEL SECURITY;
    GRANT SELECT ON row_test.held TO regress_other;
    EXECUTE policies;
    SET LOCAL ROLE regress_other;
    says := sees_all_rows('row_test.held');
    reads := (SELECT count(*) FROM row_test.held) = 3;
    RESET ROLE;
    DROP TABLE row_test.held;
    IF says AND NOT reads THEN RAISE EXCEPTION 'not all rows'; END IF;
    RETURN says;
END $$;
SELECT policies, pg_temp.sees_all_under(policies) FROM (VALUES
    ('CREATE POLICY a ON row_test.held USING (true)'),
    ('CREATE POLICY a ON row_test.held TO regress_other USING (true)'),
    ('CREATE POLICY a ON row_test.held TO regress_owner USING (true)'),
    ('CREATE POLICY a ON row_test.held FOR SELECT USING (true)'),
    ('CREATE POLICY a ON row_test.held FOR UPDATE USING (true)'),
    ('CREATE POLICY a ON row_test.held USING (n > 0)'),
    ('CREATE POLICY a ON row_test.held USING (n > 1); CREATE POLICY b ON row_test.held USING (true)'),
    ('CREATE POLICY a ON row_test.held USING (true); CREATE POLICY b ON row_test.held AS RESTRICTIVE USING (n > 1)'),
    ('CREATE POLICY a ON row_test.held USING (true); CREATE POLICY b ON row_test.held AS RESTRICTIVE TO regress_owner USING (n > 1)'),
    ('CREATE POLICY a ON row_test.held USING (true); CREATE POLICY b ON row_test.held AS RESTRICTIVE USING (true)'),
    ('CREATE POLICY b ON row_test.held AS RESTRICTIVE USING (true)')) AS p (policies);
-- a catalog view that does the asking itself
CREATE VIEW row_test.catalog AS SELECT 1 AS id FROM information_schema.tables;
SELECT sees_all_rows('row_test.catalog') AS catalog;

-- The views: the key of the table is used, and each source is looked at once.
CREATE FUNCTION pg_temp.plan(query text) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
    line text;
BEGIN
    FOR line IN EXECUTE 'EXPLAIN (COSTS OFF) ' || query LOOP
        IF line ~ 'Scan using (customer_segments|segment_changes|segment_profiles|reminders)|Index Cond: \(.*source = ''x''|^\s*InitPlan' THEN
            RETURN NEXT regexp_replace(ltrim(line), '^->  |_key on|(?<=InitPlan).*', '', 'g');
        END IF;
    END LOOP;
END $$;
SET enable_seqscan = off;
SET enable_bitmapscan = off;
SELECT * FROM pg_temp.plan('SELECT * FROM visible_customer_segments WHERE source = ''x'' AND customer_id = ''y''');
SELECT * FROM pg_temp.plan('SELECT * FROM visible_segment_changes WHERE source = ''x'' AND changed_on = ''2025-01-01''');
SELECT * FROM pg_temp.plan('SELECT * FROM visible_segment_profiles WHERE source = ''x''');
SELECT * FROM pg_temp.plan('SELECT * FROM visible_source_reminders WHERE source = ''x'' AND customer_id = ''y''');
SELECT * FROM pg_temp.plan('SELECT * FROM visible_reminders WHERE source = ''x''') WHERE plan !~ 'InitPlan';
RESET enable_seqscan;
RESET enable_bitmapscan;
-- they show all columns of their tables, in their order, with their comments
SELECT v.relname FROM (VALUES ('customer_segments'), ('segment_changes'), ('segment_profiles'), ('reminders')) AS t (name)
    JOIN pg_class AS v ON v.relname IN ('visible_' || t.name, 'visible_' || replace(t.name, 'reminders', 'source_reminders'),
                                                'visible_' || replace(t.name, 'reminders', 'invoice_reminders'))
        AND v.relnamespace = 'receivables'::regnamespace
WHERE (SELECT array_agg((attname, atttypid, col_description(attrelid, attnum))::text ORDER BY attnum) FROM pg_attribute WHERE attrelid = v.oid AND attnum > 0)
    <> (SELECT array_agg((attname, atttypid, col_description(attrelid, attnum))::text ORDER BY attnum) FROM pg_attribute
        WHERE attrelid = ('receivables.' || t.name)::regclass AND attnum > 0);
SELECT count(*) AS barriers FROM pg_class WHERE relname LIKE 'visible\_%' AND relkind = 'v' AND reloptions @> '{security_barrier=true}'
    AND NOT reloptions::text LIKE '%security_invoker%';

-- a source whose relation is gone, or was never readable, hides nothing else
CREATE TABLE row_test.item (customer_id text, invoice_id text, invoice_date date, due_date date, paid_date date, amount int, open_amount int);
INSERT INTO row_test.item VALUES ('A', '1', '2025-01-01', '2025-01-31', '2025-02-20', 10, 0), ('B', '2', '2025-01-01', '2025-01-31', NULL, 20, 20);
GRANT SELECT ON row_test.item TO regress_other;
GRANT SELECT ON sources, visible_customer_segments, visible_reminders TO regress_other;
CREATE VIEW row_test.brief WITH (security_invoker) AS SELECT * FROM row_test.item;
SELECT register_source('stays', 'row_test.item'), register_source('goes', 'row_test.brief');
CALL refresh_segments('stays', '2025-03-01');
CALL refresh_segments('goes', '2025-03-01');
SELECT record_reminder(s, 'B', '2', 1, '2025-02-10') FROM unnest('{stays,goes}'::text[]) AS s;
DROP VIEW row_test.brief;
SELECT source, customer_id FROM visible_customer_segments ORDER BY source, customer_id;
SET ROLE regress_other;
SELECT source, customer_id FROM visible_customer_segments ORDER BY source, customer_id;
SELECT source, customer_id, invoice_id FROM visible_reminders ORDER BY source;
RESET ROLE;
ALTER TABLE row_test.item ENABLE ROW LEVEL SECURITY;
CREATE POLICY open ON row_test.item USING (paid_date IS NULL);
SET ROLE regress_other;
SELECT source, customer_id FROM visible_customer_segments ORDER BY source, customer_id;
SELECT source, customer_id, invoice_id FROM visible_reminders ORDER BY source;
RESET ROLE;
REVOKE SELECT ON row_test.item FROM regress_other;
SET ROLE regress_other;
SELECT source, customer_id, invoice_id FROM visible_reminders ORDER BY source;
RESET ROLE;

SET client_min_messages = warning;
SELECT unregister_source(name, true) FROM sources ORDER BY name;
DROP SCHEMA row_test CASCADE;
DROP FOREIGN DATA WRAPPER regress_wrapper CASCADE;
REVOKE USAGE ON SCHEMA receivables FROM PUBLIC;
DROP OWNED BY regress_owner, regress_other, regress_member, regress_stranger, regress_bypass, regress_super;
DROP ROLE regress_owner, regress_other, regress_member, regress_stranger, regress_bypass, regress_super;
