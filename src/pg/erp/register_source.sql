-- The columns of a source: which it must have, which it may have, of what types.

CREATE FUNCTION source_columns()
    RETURNS TABLE (column_name name, needed boolean, accepted regtype[])
    LANGUAGE sql STABLE PARALLEL SAFE ROWS 18
BEGIN ATOMIC
    SELECT c.column_name::name, c.needed, c.accepted::regtype[] FROM (VALUES
        ('customer_id', true, NULL),
        ('invoice_id', true, NULL),
        ('invoice_date', true, '{date}'),
        ('due_date', true, '{date}'),
        ('paid_date', true, '{date}'),
        ('amount', true, '{numeric, integer, bigint, smallint}'),
        ('open_amount', true, '{numeric, integer, bigint, smallint}'),
        ('currency', false, '{text, varchar, bpchar, name}'),
        ('disputed', false, '{boolean}'),
        ('was_disputed', false, '{boolean}'),
        ('settled_by', false, '{text, varchar, bpchar, name}'),
        ('attributes', false, '{jsonb}'),
        ('last_level', false, '{integer, smallint}'),
        ('last_reminder_date', false, '{date}'),
        ('reminder_count', false, '{integer, smallint}'),
        ('not_before', false, '{date}'),
        ('promised_date', false, '{date}'),
        ('channel', false, '{text, varchar, bpchar, name}')
    ) AS c (column_name, needed, accepted);
END;
COMMENT ON FUNCTION source_columns() IS
    'the columns of a source: whether it must have them, and the types that they may have (the first is the one to cast to; NULL: any, read as text)';

CREATE FUNCTION check_source_relation(relation regclass) RETURNS void
    LANGUAGE plpgsql STABLE STRICT
    SET search_path = pg_catalog, @extschema@, pg_temp
AS $$
DECLARE
    missing text;
    unfit text;
BEGIN
    IF NOT EXISTS (SELECT FROM pg_class WHERE oid = relation AND relkind IN ('r', 'v', 'm', 'f', 'p')) THEN
        RAISE EXCEPTION '% is no table or view', relation USING ERRCODE = 'wrong_object_type';
    END IF;
    -- A domain counts as the type below it, also below another domain.
    WITH RECURSIVE column_type AS (
        SELECT a.attname, a.atttypid, a.atttypmod, a.atttypid AS base
        FROM pg_attribute AS a WHERE a.attrelid = relation AND a.attnum > 0 AND NOT a.attisdropped
        UNION ALL
        SELECT c.attname, c.atttypid, c.atttypmod, t.typbasetype
        FROM column_type AS c JOIN pg_type AS t ON t.oid = c.base WHERE t.typbasetype <> 0
    )
    SELECT string_agg(c.column_name, ', ' ORDER BY c.ordinality) FILTER (WHERE a.attname IS NULL AND c.needed),
        string_agg(format('%s has type %s, %s is needed', c.column_name,
                          format_type(a.atttypid, a.atttypmod), c.accepted[1]), '; ' ORDER BY c.ordinality)
            FILTER (WHERE NOT a.base = ANY (c.accepted::oid[]))
        INTO missing, unfit
    FROM source_columns() WITH ORDINALITY AS c
        LEFT JOIN column_type AS a
            ON a.attname = c.column_name AND NOT EXISTS (SELECT FROM pg_type WHERE oid = a.base AND typbasetype <> 0);
    IF missing IS NOT NULL OR unfit IS NOT NULL THEN
        RAISE EXCEPTION '% cannot be a source of invoices', relation
            USING ERRCODE = CASE WHEN missing IS NULL THEN 'datatype_mismatch' ELSE 'undefined_column' END,
                DETAIL = concat_ws('; ', 'missing: ' || missing, unfit) || '.',
                HINT = 'Make a view that names and casts the columns so; source_columns() lists them.';
    END IF;
END;
$$;
COMMENT ON FUNCTION check_source_relation(regclass) IS
    'an error that lists every column that is missing or has an unfit type, when the relation cannot be a source; else nothing';

CREATE FUNCTION register_source(name text, relation regclass, segment_policy text DEFAULT NULL,
        dunning_policy text DEFAULT NULL, calendar text DEFAULT NULL, history_months integer DEFAULT 24,
        minimum_stay_days integer DEFAULT 0, prior text DEFAULT 'none')
    RETURNS void
    LANGUAGE plpgsql
    SET search_path = pg_catalog, @extschema@, pg_temp
AS $$
#variable_conflict use_variable
DECLARE
    source_schema name;
    source_relation name;
BEGIN
    IF coalesce(name, '') = '' THEN
        RAISE EXCEPTION 'a source needs a name' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    IF octet_length(name) > 255 THEN
        RAISE EXCEPTION 'the name of a source can have 255 bytes, not %', octet_length(name)
            USING ERRCODE = 'name_too_long';
    END IF;
    IF relation IS NULL THEN
        RAISE EXCEPTION 'source "%" needs a relation', name USING ERRCODE = 'null_value_not_allowed';
    END IF;
    IF EXISTS (SELECT FROM sources AS s WHERE s.name = register_source.name) THEN
        RAISE EXCEPTION 'source "%" is there already', name
            USING ERRCODE = 'duplicate_object',
                HINT = 'Change its row in sources, or call unregister_source first; that keeps the history.';
    END IF;
    PERFORM check_source_relation(relation);
    IF EXISTS (SELECT FROM pg_class AS c WHERE c.oid = relation AND c.relpersistence = 't') THEN
        RAISE EXCEPTION '% is temporary: no other session could read it', relation
            USING ERRCODE = 'wrong_object_type';
    END IF;
    IF history_months NOT BETWEEN 1 AND 1200 OR minimum_stay_days NOT BETWEEN 0 AND 3660
       OR prior NOT IN ('none', 'segment', 'portfolio') THEN
        RAISE EXCEPTION 'source "%" cannot have history_months %, minimum_stay_days %, prior "%"', name,
                history_months, minimum_stay_days, prior
            USING ERRCODE = 'invalid_parameter_value',
                HINT = 'history_months is 1 to 1200, minimum_stay_days 0 to 3660, prior none, segment or portfolio.';
    END IF;
    PERFORM check_named('segment policy', segment_policy, 'segment_policies'),
        check_named('dunning policy', dunning_policy, 'dunning_policies'),
        check_named('calendar', calendar, 'business_calendars');
    SELECT n.nspname, c.relname INTO STRICT source_schema, source_relation
    FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace WHERE c.oid = relation;
    IF EXISTS (SELECT FROM pg_class AS c WHERE c.oid = relation AND c.relkind = 'v'
               AND NOT coalesce((SELECT option_value::boolean FROM pg_options_to_table(c.reloptions)
                                 WHERE option_name = 'security_invoker'), false)) THEN
        RAISE WARNING 'view % reads with the rights of its owner', relation
            USING DETAIL = 'Row-level security of the tables below it does not hold for those who read the view.',
                HINT = format('ALTER VIEW %s SET (security_invoker = true);', relation);
    END IF;
    INSERT INTO sources (name, relation_schema, relation_name, segment_policy, dunning_policy, calendar,
                         history_months, minimum_stay_days, prior)
    VALUES (name, source_schema, source_relation, segment_policy, dunning_policy, calendar,
            coalesce(history_months, 24), coalesce(minimum_stay_days, 0), coalesce(prior, 'none'));
END;
$$;
COMMENT ON FUNCTION register_source(text, regclass, text, text, text, integer, integer, text) IS
    'makes a table or view with the columns of source_columns() a source; policies and calendar are names in segment_policies, dunning_policies and business_calendars, NULL is the standard policy or no calendar; an error lists every column that is missing or has an unfit type';

CREATE FUNCTION check_named(kind text, value_name text, stored_in text) RETURNS void
    LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, @extschema@, pg_temp
AS $$
DECLARE
    found boolean;
BEGIN
    IF value_name IS NULL THEN RETURN; END IF;
    EXECUTE format('SELECT EXISTS (SELECT FROM %I WHERE name = $1)', stored_in) INTO found USING value_name;
    IF NOT found THEN
        RAISE EXCEPTION 'there is no % "%"', kind, value_name
            USING ERRCODE = 'undefined_object', HINT = format('Put it into table %s first.', stored_in);
    END IF;
END;
$$;
COMMENT ON FUNCTION check_named(text, text, text) IS
    'an error when the table has no value of that name; NULL is no name and no error';

CREATE FUNCTION unregister_source(name text, forget boolean DEFAULT false) RETURNS void
    LANGUAGE plpgsql
    SET search_path = pg_catalog, @extschema@, pg_temp
AS $$
BEGIN
    IF NOT pg_try_advisory_xact_lock('refresh_runs'::regclass::oid::integer, hashtext(name)) THEN
        PERFORM refresh_is_running(name, (SELECT l.pid FROM refresh_locks(name) AS l WHERE l.granted));
    END IF;
    DELETE FROM sources AS s WHERE s.name = unregister_source.name;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'there is no source "%"', name USING ERRCODE = 'undefined_object';
    END IF;
    IF coalesce(forget, false) THEN
        DELETE FROM customer_segments AS t WHERE t.source = unregister_source.name;
        DELETE FROM segment_changes AS t WHERE t.source = unregister_source.name;
        DELETE FROM segment_profiles AS t WHERE t.source = unregister_source.name;
        DELETE FROM reminders AS t WHERE t.source = unregister_source.name;
        DELETE FROM refresh_runs AS t WHERE t.source = unregister_source.name;
    END IF;
END;
$$;
COMMENT ON FUNCTION unregister_source(text, boolean) IS
    'takes the source away; its segments, changes and reminders stay, and a source registered by the same name goes on with them, unless forget is true';

CREATE FUNCTION source_relation(source text) RETURNS regclass
    LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, @extschema@, pg_temp
AS $$
DECLARE
    wanted text;
    relation regclass;
BEGIN
    SELECT format('%I.%I', s.relation_schema, s.relation_name) INTO wanted
    FROM sources AS s WHERE s.name = source_relation.source;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'there is no source "%"', source
            USING ERRCODE = 'undefined_object', HINT = 'Table sources lists them; register_source makes one.';
    END IF;
    relation := to_regclass(wanted);
    IF relation IS NULL THEN
        RAISE EXCEPTION 'relation % of source "%" does not exist', wanted, source
            USING ERRCODE = 'undefined_table',
                HINT = 'Make it again, or change relation_schema and relation_name in table sources.';
    END IF;
    PERFORM check_source_relation(relation);
    RETURN relation;
END;
$$;
COMMENT ON FUNCTION source_relation(text) IS
    'the relation of a source, checked again: an error when it is gone or no longer has the columns';

-- A query of all columns of source_columns() in their first type, whichever of them the relation has.
CREATE FUNCTION source_query(source text) RETURNS text
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, @extschema@, pg_temp
AS $$
    SELECT format('SELECT %s FROM %s AS item',
        string_agg(format(CASE WHEN a.attnum IS NULL THEN 'NULL::%s AS %I' ELSE 'item.%2$I::%1$s AS %2$I' END,
                          coalesce(c.accepted[1], 'text'::regtype), c.column_name), ', ' ORDER BY c.ordinality),
        format('%I.%I', r.nspname, r.relname))
    FROM (SELECT s.relation, n.nspname, c.relname
          FROM (SELECT source_relation(source_query.source) AS relation) AS s
              JOIN pg_class AS c ON c.oid = s.relation JOIN pg_namespace AS n ON n.oid = c.relnamespace) AS r
        CROSS JOIN source_columns() WITH ORDINALITY AS c
        LEFT JOIN pg_attribute AS a ON a.attrelid = r.relation AND a.attname = c.column_name
            AND a.attnum > 0 AND NOT a.attisdropped
    GROUP BY r.nspname, r.relname
$$;
COMMENT ON FUNCTION source_query(text) IS
    'SQL text that reads the items of a source with every column of source_columns(), NULL where the relation does not have it; runs with the rights of the caller';

CREATE FUNCTION source_has_column(source text, column_name text) RETURNS boolean
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, @extschema@, pg_temp
AS $$
    SELECT EXISTS (SELECT FROM pg_attribute AS a
                   WHERE a.attrelid = source_relation(source_has_column.source) AND a.attnum > 0
                       AND a.attname = source_has_column.column_name AND NOT a.attisdropped)
$$;
COMMENT ON FUNCTION source_has_column(text, text) IS 'whether the relation of a source has a column';
