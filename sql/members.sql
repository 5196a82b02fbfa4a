-- What the extension consists of. Whoever changes this list changes what upgrade scripts have to do.
SET client_min_messages = warning;
CREATE SCHEMA IF NOT EXISTS receivables;
CREATE EXTENSION IF NOT EXISTS receivables SCHEMA receivables;
SET search_path = receivables, public;

-- (from 17 on the array and row types that PostgreSQL makes itself count as members)
CREATE TEMP TABLE member AS
SELECT classid, objid, pg_describe_object(classid, objid, 0) AS member,
       coalesce(obj_description(objid, classid::regclass::name), '') AS comment
FROM pg_depend WHERE refclassid = 'pg_extension'::regclass AND deptype = 'e'
    AND refobjid = (SELECT oid FROM pg_extension WHERE extname = 'receivables')
    AND NOT EXISTS (
        SELECT FROM pg_type WHERE oid = objid AND classid = 'pg_type'::regclass
            AND (typelem <> 0 AND typlen = -1 AND typcategory = 'A'
                 OR typrelid IN (SELECT oid FROM pg_class WHERE relkind <> 'c')));

-- every object has a comment
SELECT member AS without_comment FROM member WHERE comment = '' ORDER BY member COLLATE "C";

-- everything lies in the extension's schema, belongs to its owner and takes no rights beyond its caller's
SELECT member AS outside_or_definer
FROM member JOIN pg_proc ON oid = objid AND classid = 'pg_proc'::regclass
WHERE pronamespace <> 'receivables'::regnamespace OR prosecdef ORDER BY member COLLATE "C";

-- What nobody calls: the functions an aggregate is made of, the support functions of operator classes, and what
-- its comment calls so ("internal: ...", a step of something else, the text of a query).
CREATE TEMP TABLE internal AS
SELECT aggtransfn::oid AS oid FROM pg_aggregate UNION SELECT aggfinalfn FROM pg_aggregate
UNION SELECT aggcombinefn FROM pg_aggregate UNION SELECT aggserialfn FROM pg_aggregate
UNION SELECT aggdeserialfn FROM pg_aggregate UNION SELECT aggmtransfn FROM pg_aggregate
UNION SELECT aggminvtransfn FROM pg_aggregate UNION SELECT aggmfinalfn FROM pg_aggregate
UNION SELECT amproc FROM pg_amproc
UNION SELECT objid FROM member WHERE classid = 'pg_proc'::regclass
    AND comment ~ '^internal: |(transition|combine|final) function|^step of |^SQL text ';
-- Its name begins with _, and no other name does.
CREATE FUNCTION pg_temp.well_named(internal boolean, member text) RETURNS boolean LANGUAGE sql AS
$$ SELECT internal = (member ~ '^[a-z ]+ _') $$;
SELECT member AS wrongly_named FROM member
WHERE NOT pg_temp.well_named(classid = 'pg_proc'::regclass AND objid IN (SELECT oid FROM internal), member)
ORDER BY member COLLATE "C";
-- (it would see a wrong name either way)
SELECT pg_temp.well_named(true, 'function _a(b)') AS yes, pg_temp.well_named(false, 'operator class a_b') AS too,
    pg_temp.well_named(true, 'function a(_b)') AS no, pg_temp.well_named(false, 'type _a') AS nor;

-- the list
\t on
\pset format unaligned
SELECT member FROM member ORDER BY member COLLATE "C";
