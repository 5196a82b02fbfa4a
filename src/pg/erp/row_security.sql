-- Row-level security of a source holds for all that was learnt from it: what is known of its customers is
-- shown to those who see all its rows, and for everybody else it is worked out from the rows they see.

-- A view that asks who is there may answer differently to each. Literals and quoted names are taken out of its
-- text first; a quoted name before a bracket is a function, though: CURRENT_USER of an old dump is "current_user"().
CREATE FUNCTION asks_who_reads(view_oid oid) RETURNS boolean
    LANGUAGE sql STABLE PARALLEL SAFE
RETURN regexp_replace(regexp_replace(pg_get_viewdef(view_oid), '"([a-z_]+)"\(', '\1(', 'g'),
        '''([^'']|'''')*''|"([^"]|"")*"', ' ', 'g')
    ~ ('\m((CURRENT_|SESSION_|SYSTEM_)?USER|CURRENT_ROLE|CURRENT_SCHEMA|pg_settings|pg_stat_activity)\M'
       || '|\m((current_|session_|system_)?user|current_role|current_schemas?|current_setting|set_config|pg_has_role'
       || '|has_\w+_privilege|row_security_active|getpgusername|pg_backend_pid|inet_client_\w+|pg_show_all_settings'
       || '|pg_stat_get_activity|pg_my_temp_schema|to_reg\w+|\w+_to_xml\w*)\(');
COMMENT ON FUNCTION asks_who_reads(oid) IS
    'whether a view asks for the user, a setting or another property of the session, so that it may show different rows to different callers; functions in it are not looked into';

-- Whether the policies of a table show a role every row: one that applies to it is USING (true), and no restrictive
-- one that applies says anything else.
CREATE FUNCTION policies_show_all(relation oid, role oid) RETURNS boolean
    LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT coalesce(bool_or(p.polpermissive AND p.is_true), false) AND NOT coalesce(bool_or(NOT p.polpermissive AND NOT p.is_true), false)
    FROM (SELECT polpermissive, coalesce(pg_get_expr(polqual, polrelid) = 'true', false) AS is_true
          FROM pg_policy
          WHERE polrelid = policies_show_all.relation AND polcmd IN ('r', '*')
              AND EXISTS (SELECT FROM unnest(polroles) AS named (role)
                          WHERE CASE named.role WHEN 0 THEN true
                                ELSE pg_has_role(policies_show_all.role, named.role, 'USAGE') END)) AS p;
END;
COMMENT ON FUNCTION policies_show_all(oid, oid) IS
    'whether the row-level security policies of a table let a role read every row because one says USING (true) and none restricts it';

-- Who reads what, from the caller down. Below a plain view its owner reads. Below one with security_invoker
-- it is the caller again, whoever owns the views above it. Row-level security applies to a reader as the
-- server decides it: not to superusers and BYPASSRLS, nor to the owner of a table unless it is forced. A foreign
-- server on which roles have accounts of their own may show different rows to each, also below a partitioned table,
-- whose partitions have no row-level security of their own when they are read through it. What a view reads of a table
-- is known by columns, but for a whole row (attribute 0), which needs the right to all of them.
CREATE FUNCTION sees_all_rows(relation regclass) RETURNS boolean
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN (
        WITH RECURSIVE caller AS (
            SELECT r.oid AS role FROM pg_roles AS r WHERE r.rolname = current_user
        ), reading (relation, role, may_read) AS (
            SELECT c.oid, caller.role, has_schema_privilege(caller.role, c.relnamespace, 'USAGE')
                AND has_table_privilege(caller.role, c.oid, 'SELECT')
            FROM caller, pg_class AS c WHERE c.oid = sees_all_rows.relation
            UNION
            SELECT c.oid, below.role,
                CASE WHEN w.ev_action::text LIKE '%:varattno 0 %' THEN has_table_privilege(below.role, c.oid, 'SELECT')
                     WHEN d.refobjsubid > 0
                     THEN has_column_privilege(below.role, c.oid, d.refobjsubid::smallint, 'SELECT')
                     ELSE has_any_column_privilege(below.role, c.oid, 'SELECT') END
            FROM reading AS r
                CROSS JOIN caller
                JOIN pg_class AS v ON v.oid = r.relation AND v.relkind = 'v'
                JOIN pg_rewrite AS w ON w.ev_class = v.oid AND w.ev_type = '1'
                JOIN pg_depend AS d ON d.classid = 'pg_rewrite'::regclass AND d.objid = w.oid
                    AND d.refclassid = 'pg_class'::regclass AND d.refobjid <> v.oid
                JOIN pg_class AS c ON c.oid = d.refobjid AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
                CROSS JOIN LATERAL (
                    SELECT CASE WHEN EXISTS (SELECT FROM pg_options_to_table(v.reloptions)
                                             WHERE option_name = 'security_invoker' AND option_value::boolean)
                                THEN caller.role ELSE v.relowner END AS role) AS below
        ), with_parts (relation) AS (
            SELECT r.relation FROM reading AS r
            UNION
            SELECT i.inhrelid FROM with_parts AS w JOIN pg_inherits AS i ON i.inhparent = w.relation
        )
        SELECT coalesce(bool_and(coalesce(r.may_read, false) AND CASE c.relkind
            WHEN 'v' THEN NOT @extschema@.asks_who_reads(c.oid)
            ELSE NOT c.relrowsecurity OR role.rolsuper OR role.rolbypassrls
                OR pg_has_role(r.role, c.relowner, 'USAGE') AND NOT c.relforcerowsecurity
                OR @extschema@.policies_show_all(c.oid, r.role)
            END), false)
            AND NOT EXISTS (SELECT FROM with_parts AS w JOIN pg_foreign_table AS f ON f.ftrelid = w.relation
                                JOIN pg_user_mappings AS m ON m.srvid = f.ftserver
                            GROUP BY f.ftrelid HAVING count(*) > 1)
        FROM reading AS r
            JOIN pg_class AS c ON c.oid = r.relation
            JOIN pg_roles AS role ON role.oid = r.role
    );
END;
$$;
COMMENT ON FUNCTION sees_all_rows(regclass) IS
    'whether the caller may read the table or view and no row-level security, of it or of what it reads below, can keep rows from him (policies USING (true) cannot); false when a view on the way asks who is there (CURRENT_USER, current_setting() and the like), when a foreign server, also of a partition, has several user mappings, for NULL and for a relation that is gone; functions in views are not looked into';

-- The catalogs find the relation without an error for those who may not look into its schema.
CREATE VIEW source_visibility AS
    SELECT s.name,
        sees_all_rows((SELECT c.oid FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
                       WHERE c.relname = s.relation_name AND n.nspname = s.relation_schema)::regclass) AS is_whole
    FROM sources AS s;
COMMENT ON VIEW source_visibility IS 'whether the caller sees all rows of a source, for each source';
COMMENT ON COLUMN source_visibility.name IS 'name of the source';
COMMENT ON COLUMN source_visibility.is_whole IS 'whether sees_all_rows() is true of its relation';

-- They read with the rights of their owner, while functions in them run as the caller. An array, so that each
-- source is looked at once a query and not once a row, whatever the planner thinks; IS NOT NULL, because of that it
-- expects nearly every row, and so plans as it would without the condition.
CREATE VIEW visible_customer_segments WITH (security_barrier = true) AS
    SELECT t.source, t.customer_id, t.segment, t.since, t.profile, t.attributes
    FROM customer_segments AS t
    WHERE nullif(t.source = ANY (ARRAY(SELECT s.name FROM source_visibility AS s WHERE s.is_whole)), false) IS NOT NULL;
COMMENT ON VIEW visible_customer_segments IS 'customer_segments of the sources of which the caller sees all rows';

CREATE VIEW visible_segment_changes WITH (security_barrier = true) AS
    SELECT t.change_id, t.source, t.customer_id, t.from_segment, t.from_since, t.to_segment, t.changed_on,
        t.rule, t.condition, t.facts
    FROM segment_changes AS t
    WHERE nullif(t.source = ANY (ARRAY(SELECT s.name FROM source_visibility AS s WHERE s.is_whole)), false) IS NOT NULL;
COMMENT ON VIEW visible_segment_changes IS 'segment_changes of the sources of which the caller sees all rows';

CREATE VIEW visible_segment_profiles WITH (security_barrier = true) AS
    SELECT t.source, t.segment, t.customers, t.profile
    FROM segment_profiles AS t
    WHERE nullif(t.source = ANY (ARRAY(SELECT s.name FROM source_visibility AS s WHERE s.is_whole)), false) IS NOT NULL;
COMMENT ON VIEW visible_segment_profiles IS 'segment_profiles of the sources of which the caller sees all rows';

CREATE VIEW visible_source_reminders WITH (security_barrier = true) AS
    SELECT t.reminder_id, t.source, t.customer_id, t.invoice_id, t.level, t.reminder_date, t.notice, t.channel,
        t.amount, t.recorded_at, t.recorded_by
    FROM reminders AS t
    WHERE nullif(t.source = ANY (ARRAY(SELECT s.name FROM source_visibility AS s WHERE s.is_whole)), false) IS NOT NULL;
COMMENT ON VIEW visible_source_reminders IS 'reminders of the sources of which the caller sees all rows';

-- A source that the caller cannot read, or that is no source any more, has nothing for him. He may see one row of an
-- invoice and not another, so what it amounted to in all is not shown.
CREATE FUNCTION visible_invoices(source text) RETURNS TABLE (customer_id text, invoice_id text)
    LANGUAGE plpgsql STABLE ROWS 10000
    SET search_path = pg_catalog, @extschema@, pg_temp
AS $$
BEGIN
    RETURN QUERY EXECUTE format('SELECT DISTINCT i.customer_id, i.invoice_id FROM (%s) AS i', source_query(source));
EXCEPTION WHEN insufficient_privilege OR undefined_object OR undefined_table OR undefined_column OR datatype_mismatch THEN
    RETURN;
END;
$$;
COMMENT ON FUNCTION visible_invoices(text) IS
    'customer and number of every invoice of the source of which the caller sees a row; none when the caller may not read the source, or its relation is gone';

CREATE VIEW visible_invoice_reminders WITH (security_barrier = true) AS
    SELECT t.reminder_id, t.source, t.customer_id, t.invoice_id, t.level, t.reminder_date, t.notice, t.channel,
        NULL::numeric AS amount, t.recorded_at, t.recorded_by
    FROM source_visibility AS s
        CROSS JOIN LATERAL visible_invoices(s.name) AS i
        JOIN reminders AS t ON t.source = s.name AND t.customer_id = i.customer_id AND t.invoice_id = i.invoice_id
    WHERE NOT s.is_whole;
COMMENT ON VIEW visible_invoice_reminders IS
    'reminders of the invoices of which the caller sees a row, in the sources of which he does not see all rows; without their amounts, which may be those of other rows as well';

-- Each half has a barrier of its own: the planner takes a UNION ALL apart, and the barrier around it is lost.
CREATE VIEW visible_reminders WITH (security_barrier = true) AS
    SELECT * FROM visible_source_reminders UNION ALL SELECT * FROM visible_invoice_reminders;
COMMENT ON VIEW visible_reminders IS
    'reminders of the sources of which the caller sees all rows, and of the invoices of which he sees a row in the others, these without amounts';

DO $$
DECLARE
    shown record;
BEGIN
    FOR shown IN
        SELECT v.view_name, a.attname, pg_catalog.col_description(a.attrelid, a.attnum) AS meaning
        FROM (VALUES ('visible_customer_segments', 'customer_segments'), ('visible_segment_changes', 'segment_changes'),
                     ('visible_segment_profiles', 'segment_profiles'), ('visible_source_reminders', 'reminders'),
                     ('visible_invoice_reminders', 'reminders'), ('visible_reminders', 'reminders')) AS v (view_name, table_name)
            JOIN pg_catalog.pg_attribute AS a
                ON a.attrelid = pg_catalog.format('@extschema@.%I', v.table_name)::pg_catalog.regclass::pg_catalog.oid
                    AND a.attnum > 0
    LOOP
        EXECUTE pg_catalog.format('COMMENT ON COLUMN @extschema@.%I.%I IS %L', shown.view_name, shown.attname, shown.meaning);
    END LOOP;
END;
$$;

-- Who sees all rows may as well read the table itself where he has the right to: behind a barrier the planner
-- does not know that the key is unique. The segment of a customer of whom the caller sees some rows is that of a
-- first refresh: there is no segment before it that he may know of.
CREATE FUNCTION customer_query(source text, as_of date) RETURNS text
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, @extschema@, pg_temp
AS $$
    SELECT CASE WHEN sees_all_rows(source_relation(s.name))
        THEN format('SELECT customer_id, segment, profile, attributes FROM %s WHERE source = %L',
            CASE WHEN has_table_privilege('customer_segments', 'SELECT') THEN 'customer_segments'
                 ELSE 'visible_customer_segments' END, s.name)
        ELSE format('SELECT customer_id, assign_segment(%L::segment_policy, profile, %L::date, attributes) AS segment,
        profile, attributes
    FROM (%s) AS item OFFSET 0', coalesce(p.policy, standard_segment_policy()), as_of, profile_query(s.name, as_of)) END
    FROM sources AS s LEFT JOIN segment_policies AS p ON p.name = s.segment_policy
    WHERE s.name = customer_query.source
$$;
COMMENT ON FUNCTION customer_query(text, date) IS
    'SQL text that reads the customers of a source: customer_id, segment, profile, attributes; as the last refresh left them for a caller who sees all rows of the source, else worked out from the rows that he sees on as_of, without a segment before';
