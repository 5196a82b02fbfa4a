-- What the extension consists of. Whoever changes this list changes what upgrade scripts have to do.
SET client_min_messages = warning;
CREATE SCHEMA IF NOT EXISTS receivables;
CREATE EXTENSION IF NOT EXISTS receivables SCHEMA receivables;
SET search_path = receivables, public;

-- every object has a comment (from 17 on the array and row types that PostgreSQL makes itself count as members)
SELECT pg_describe_object(classid, objid, 0) AS without_comment
FROM pg_depend WHERE refclassid = 'pg_extension'::regclass AND deptype = 'e'
    AND refobjid = (SELECT oid FROM pg_extension WHERE extname = 'receivables')
    AND NOT EXISTS (SELECT FROM pg_type WHERE oid = objid AND classid = 'pg_type'::regclass AND (typelem <> 0 AND typlen = -1 AND typcategory = 'A' OR typrelid IN (SELECT oid FROM pg_class WHERE relkind <> 'c')))
    AND coalesce(obj_description(objid, classid::regclass::name), '') = ''
ORDER BY pg_describe_object(classid, objid, 0) COLLATE "C";

-- everything lies in the extension's schema, belongs to its owner and takes no rights beyond its caller's
SELECT oid::regprocedure AS outside_or_definer FROM pg_proc
WHERE oid IN (SELECT objid FROM pg_depend WHERE classid = 'pg_proc'::regclass AND deptype = 'e'
              AND refobjid = (SELECT oid FROM pg_extension WHERE extname = 'receivables'))
    AND (pronamespace <> 'receivables'::regnamespace OR prosecdef);

-- the list
\t on
\pset format unaligned
SELECT pg_describe_object(classid, objid, 0)
FROM pg_depend WHERE refclassid = 'pg_extension'::regclass AND deptype = 'e'
    AND refobjid = (SELECT oid FROM pg_extension WHERE extname = 'receivables')
    AND NOT EXISTS (SELECT FROM pg_type WHERE oid = objid AND classid = 'pg_type'::regclass AND (typelem <> 0 AND typlen = -1 AND typcategory = 'A' OR typrelid IN (SELECT oid FROM pg_class WHERE relkind <> 'c')))
ORDER BY pg_describe_object(classid, objid, 0) COLLATE "C";
