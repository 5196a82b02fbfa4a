-- What belongs to the tables when a trusted extension is installed by the owner of a database: the tables
-- are the bootstrap superuser's, so their use is granted to the owner of the schema, who may grant it on (no more
-- than their use: a trigger of his would run with the rights of whoever writes, a reference would lock them);
-- and their rows go into dumps, as do the numbers that their identity columns have reached. A name of the
-- schema could be taken by somebody else's object, so only members of the extension are touched, and the
-- names of operators and functions are written out.

DO $$
DECLARE
    member record;
BEGIN
    FOR member IN
        SELECT c.oid, c.relkind, pg_catalog.format('%I.%I', n.nspname, c.relname) AS name,
            pg_catalog.pg_get_userbyid(n.nspowner) AS owner
        FROM pg_catalog.pg_depend AS d
            JOIN pg_catalog.pg_extension AS e ON e.oid OPERATOR(pg_catalog.=) d.refobjid
            JOIN pg_catalog.pg_class AS c ON c.oid OPERATOR(pg_catalog.=) d.objid
            JOIN pg_catalog.pg_namespace AS n ON n.oid OPERATOR(pg_catalog.=) c.relnamespace
        WHERE d.classid OPERATOR(pg_catalog.=) 'pg_catalog.pg_class'::pg_catalog.regclass
            AND d.refclassid OPERATOR(pg_catalog.=) 'pg_catalog.pg_extension'::pg_catalog.regclass
            AND d.deptype OPERATOR(pg_catalog.=) 'e' AND e.extname OPERATOR(pg_catalog.=) 'receivables'
            AND c.relkind OPERATOR(pg_catalog.=) ANY (ARRAY['r', 'S', 'v']::pg_catalog."char"[])
    LOOP
        IF member.owner OPERATOR(pg_catalog.<>) current_user THEN
            EXECUTE pg_catalog.format('GRANT %s TO %I WITH GRANT OPTION',
                CASE WHEN member.relkind OPERATOR(pg_catalog.=) 'S' THEN 'USAGE, SELECT, UPDATE ON SEQUENCE '
                     WHEN member.relkind OPERATOR(pg_catalog.=) 'v' THEN 'SELECT ON TABLE '
                     ELSE 'SELECT, INSERT, UPDATE, DELETE, TRUNCATE ON TABLE ' END
                OPERATOR(pg_catalog.||) member.name, member.owner);
        END IF;
        IF member.relkind OPERATOR(pg_catalog.<>) 'v' THEN
            PERFORM pg_catalog.pg_extension_config_dump(member.oid, '');
        END IF;
    END LOOP;
END;
$$;
