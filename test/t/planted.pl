# What lies in the schema before the extension comes: bodies that are resolved when they are made bind
# to the best match there is, and whoever may create in the schema may have put a better one there than
# ours or that of pg_catalog. None of the extension's objects may use any of it.
use strict;
use warnings;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = PostgreSQL::Test::Cluster->new('main');
$node->init;
$node->start;
$node->safe_psql('postgres', "CREATE ROLE planter; CREATE DATABASE clean; CREATE DATABASE erp");
$node->safe_psql('clean', 'CREATE SCHEMA receivables; CREATE EXTENSION receivables SCHEMA receivables');

# What is resolved at once: bodies of functions and views, conditions and defaults of tables.
my $statements = $node->safe_psql('clean', q{
SET search_path = receivables;
CREATE TEMP TABLE body AS
SELECT pg_get_function_sqlbody(p.oid) AS text
FROM pg_proc AS p
WHERE p.pronamespace = 'receivables'::regnamespace
UNION ALL
SELECT pg_get_viewdef(c.oid)
FROM pg_class AS c
WHERE c.relnamespace = 'receivables'::regnamespace AND c.relkind = 'v'
UNION ALL
SELECT pg_get_constraintdef(c.oid)
FROM pg_constraint AS c
WHERE c.connamespace = 'receivables'::regnamespace AND c.contype = 'c'
UNION ALL
SELECT pg_get_expr(d.adbin, d.adrelid)
FROM pg_attrdef AS d
JOIN pg_class AS c ON c.oid = d.adrelid
WHERE c.relnamespace = 'receivables'::regnamespace;
CREATE TEMP TABLE called AS
SELECT DISTINCT p.proname,
    p.proargtypes::oid[] AS args,
    p.pronargs,
    p.pronamespace = 'receivables'::regnamespace AS ours,
    CASE
        WHEN p.prorettype = ANY ('{numeric,integer,bigint,float8,text,jsonb,boolean}'::regtype[])
            THEN p.prorettype::regtype
        ELSE 'text'
    END AS result
FROM body AS b, regexp_matches(b.text, '([a-z_0-9]+)\(', 'gi') AS w
JOIN pg_proc AS p ON p.proname = lower(w[1])
WHERE p.pronamespace IN ('pg_catalog'::regnamespace, 'receivables'::regnamespace)
    AND p.pronargs <= 4;
CREATE TEMP TABLE pool AS
SELECT t::regtype AS type
FROM unnest('{text,varchar,integer,bigint,numeric,float8,date,jsonb,date[],
    numeric[],float8[],bigint[],boolean}'::text[]) AS t;
-- each argument is of its type, or of one that an expression may have in its place
CREATE TEMP TABLE planted AS
WITH RECURSIVE chosen AS (
    SELECT c.proname, c.args, c.pronargs, c.result, ARRAY[]::text[] AS types FROM called AS c
    UNION ALL
    SELECT c.proname, c.args, c.pronargs, c.result, c.types || o.type
    FROM chosen AS c,
        LATERAL (
            SELECT p.type::text
            FROM pool AS p
            WHERE c.pronargs < 3 OR p.type = ANY ('{integer,numeric,text,date}'::regtype[])
            UNION
            SELECT CASE
                WHEN t.typtype = 'p' AND t.oid <> 'cstring'::regtype
                    OR t.typnamespace = 'receivables'::regnamespace THEN 'anyelement'
                ELSE format_type(t.oid, NULL)
            END
            FROM pg_type AS t
            WHERE t.oid = c.args[cardinality(c.types)]
        ) AS o (type)
    WHERE cardinality(c.types) < c.pronargs
)
SELECT DISTINCT c.proname, array_to_string(c.types, ', ') AS args, min(c.result::text) AS result
FROM chosen AS c
WHERE cardinality(c.types) = c.pronargs
GROUP BY 1, 2
UNION
SELECT 'jsonb_build_object', array_to_string(ARRAY['text', a, 'text', b], ', '), 'jsonb'
FROM unnest('{text,jsonb,date,numeric}'::text[]) AS a,
    unnest('{text,jsonb,date,numeric}'::text[]) AS b;
SELECT format(
    'CREATE FUNCTION receivables.%I(%s) RETURNS %s LANGUAGE plpgsql AS '
        '$$BEGIN RAISE EXCEPTION ''planted''; END$$;',
    p.proname, p.args, p.result)
FROM planted AS p
WHERE NOT EXISTS (
    SELECT FROM called AS c
    WHERE c.ours
        AND c.proname = p.proname
        AND p.args = (
            SELECT coalesce(string_agg(format_type(t, NULL), ', ' ORDER BY n), '')
            FROM unnest(c.args) WITH ORDINALITY AS a (t, n)
        )
);
SELECT format(
    'CREATE FUNCTION receivables.planted_operator(%s, %s) RETURNS %s LANGUAGE plpgsql AS '
        '$$BEGIN RAISE EXCEPTION ''planted''; END$$;',
    l, r,
    CASE
        WHEN r IN ('date', 'text', 'varchar', 'date[]', 'anyelement') THEN 'boolean'
        WHEN r LIKE '%[]' THEN 'numeric'
        ELSE r
    END)
FROM (SELECT type::text FROM pool UNION SELECT 'anyelement') AS a (l),
    (SELECT type::text FROM pool UNION SELECT 'anyelement') AS b (r);
SELECT format(
    'CREATE OPERATOR receivables.%s (FUNCTION = receivables.planted_operator, LEFTARG = %s, RIGHTARG = %s);',
    o.op, l, r)
FROM (
    SELECT DISTINCT w[1]
    FROM body AS b, regexp_matches(b.text, '([-+*/<>=|%~!@#&^]+)', 'g') AS w
    WHERE w[1] IN (SELECT oprname FROM pg_operator)
) AS o (op),
    (SELECT type::text FROM pool UNION SELECT 'anyelement') AS a (l),
    (SELECT type::text FROM pool UNION SELECT 'anyelement') AS b (r)});

$node->safe_psql('erp', 'CREATE SCHEMA receivables AUTHORIZATION planter');
$node->psql('erp', "SET ROLE planter; BEGIN; $statements; COMMIT", on_error_stop => 1);
cmp_ok(
    $node->safe_psql('erp', q{SELECT count(*) FROM pg_proc WHERE proowner = 'planter'::regrole}),
    '>', 2000, 'functions lie in the schema');
cmp_ok(
    $node->safe_psql(
        'erp',
        q{SELECT count(*) FROM pg_operator WHERE oprowner = 'planter'::regrole}),
    '>', 1500, 'and operators');

is(($node->psql('erp', 'CREATE EXTENSION receivables SCHEMA receivables'))[2], '', 'the extension goes in');
my $uses = q{
    SELECT DISTINCT pg_describe_object(d.classid, d.objid, d.objsubid) || ' uses '
        || pg_describe_object(d.refclassid, d.refobjid, 0)
    FROM pg_depend AS d
    WHERE (d.refclassid, d.refobjid) IN (
            SELECT 'pg_proc'::regclass, oid FROM pg_proc WHERE proowner = 'planter'::regrole
            UNION ALL
            SELECT 'pg_operator'::regclass, oid FROM pg_operator WHERE oprowner = 'planter'::regrole
        )
        AND NOT (d.classid = 'pg_operator'::regclass
            AND d.objid IN (SELECT oid FROM pg_operator WHERE oprowner = 'planter'::regrole))
    ORDER BY 1};
is($node->safe_psql('erp', $uses), '', 'and nothing of the extension uses them');
is(
    $node->safe_psql(
        'erp',
        q{
            SELECT receivables.dso(100::numeric, 1000::numeric, 365, NULL::numeric),
                receivables._round_quotient(1::numeric, 3::numeric, 2)}),
    '36.5|0.33', 'which works as ever');
# that this would have been seen
$node->safe_psql(
    'erp',
    q{
        SET search_path = receivables, pg_temp;
        CREATE FUNCTION public.careless(n numeric) RETURNS numeric LANGUAGE sql RETURN n * 2});
is(
    $node->safe_psql('erp', $uses),
    'function careless(numeric) uses operator receivables.*(numeric,integer)',
    'a body that is not written so does');

$node->stop;
done_testing();
