-- Registering a source, and taking it away.

CREATE FUNCTION _check_setting(name text, setting text, fits boolean, possible text) RETURNS void
    LANGUAGE plpgsql IMMUTABLE
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF NOT fits THEN
        RAISE EXCEPTION 'source "%" cannot have %', name, setting
            USING ERRCODE = 'invalid_parameter_value', HINT = format('Possible is %s.', possible);
    END IF;
END;
$$;
COMMENT ON FUNCTION _check_setting(text, text, boolean, text) IS
    'step of register_source: an error when a setting has a value that it cannot have; else nothing';

CREATE FUNCTION _check_new_source(name text, relation regclass, history_months integer,
        minimum_stay_days integer, prior text)
    RETURNS void
    LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
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
    IF EXISTS (SELECT FROM @extschema@.sources AS s WHERE s.name = _check_new_source.name) THEN
        RAISE EXCEPTION 'source "%" is there already', name
            USING ERRCODE = 'duplicate_object',
                HINT = 'Change its row in sources, or call unregister_source first; that keeps the history.';
    END IF;
    PERFORM @extschema@.check_source_relation(relation);
    IF EXISTS (SELECT FROM pg_class AS c WHERE c.oid = relation AND c.relpersistence = 't') THEN
        RAISE EXCEPTION '% is temporary: no other session could read it', relation
            USING ERRCODE = 'wrong_object_type';
    END IF;
    PERFORM @extschema@._check_setting(name, format('history_months %s', history_months), history_months BETWEEN 1 AND 1200, '1 to 1200'::text),
        @extschema@._check_setting(name, format('minimum_stay_days %s', minimum_stay_days), minimum_stay_days BETWEEN 0 AND 3660, '0 to 3660'::text),
        @extschema@._check_setting(name, format('prior "%s"', prior), prior IN ('none', 'segment', 'portfolio'), 'none, segment or portfolio'::text);
END;
$$;
COMMENT ON FUNCTION _check_new_source(text, regclass, integer, integer, text) IS
    'step of register_source: an error when there cannot be such a source; else nothing';

-- A policy or calendar that is named must be there. A foreign key would say so too, but not where to put it.
CREATE FUNCTION _check_named(kind text, value_name text, is_there boolean, stored_in text) RETURNS void
    LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF value_name IS NOT NULL AND NOT is_there THEN
        RAISE EXCEPTION 'there is no % "%"', kind, value_name
            USING ERRCODE = 'undefined_object', HINT = format('Put it into table %s first.', stored_in);
    END IF;
END;
$$;
COMMENT ON FUNCTION _check_named(text, text, boolean, text) IS
    'step of register_source: an error when a name is given and not there; else nothing';

CREATE FUNCTION _warn_of_view(relation regclass, materialized boolean) RETURNS void
    LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF materialized THEN
        RAISE WARNING 'materialized view % holds the rows that its owner saw', relation
            USING DETAIL = 'Row-level security of the tables below it does not hold for those who read it.';
    ELSE
        RAISE WARNING 'view % reads with the rights of its owner', relation
            USING DETAIL = 'Row-level security of the tables below it does not hold for those who read the view.',
                HINT = format('ALTER VIEW %s SET (security_invoker = true);', relation);
    END IF;
END;
$$;
COMMENT ON FUNCTION _warn_of_view(regclass, boolean) IS 'step of register_source: the warning for one view';

-- A view reads what its rules depend on; one that is read with the rights of its owner, or holds its rows, may stand
-- below others.
CREATE FUNCTION _warn_of_owner_rights(relation regclass) RETURNS void
    LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    found record;
BEGIN
    FOR found IN
        WITH RECURSIVE read AS (
            SELECT relation::oid AS oid
            UNION
            SELECT d.refobjid FROM read AS r
                JOIN pg_class AS c ON c.oid = r.oid AND c.relkind = 'v'
                JOIN pg_rewrite AS w ON w.ev_class = r.oid
                JOIN pg_depend AS d ON d.classid = 'pg_rewrite'::regclass AND d.objid = w.oid AND d.refclassid = 'pg_class'::regclass
        )
        SELECT c.oid::regclass AS name, c.relkind FROM read AS r JOIN pg_class AS c ON c.oid = r.oid
        WHERE c.relnamespace NOT IN ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)
            AND (c.relkind = 'm' OR c.relkind = 'v'
                AND NOT coalesce((SELECT o.option_value::boolean FROM pg_options_to_table(c.reloptions) AS o
                                  WHERE o.option_name = 'security_invoker'), false))
        ORDER BY c.oid <> relation, c.oid::regclass::text COLLATE "C"
    LOOP
        PERFORM @extschema@._warn_of_view(found.name, found.relkind = 'm');
    END LOOP;
END;
$$;
COMMENT ON FUNCTION _warn_of_owner_rights(regclass) IS
    'step of register_source: a warning for each view without security_invoker, and each materialized view, that the relation is or reads';

CREATE FUNCTION register_source(name text, relation regclass, segment_policy text DEFAULT NULL,
        dunning_policy text DEFAULT NULL, calendar text DEFAULT NULL, history_months integer DEFAULT 24,
        minimum_stay_days integer DEFAULT 0, prior text DEFAULT 'none')
    RETURNS void
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
BEGIN
    PERFORM @extschema@._check_new_source(name, relation, history_months, minimum_stay_days, prior);
    PERFORM @extschema@._check_named('segment policy'::text, segment_policy,
            EXISTS (SELECT FROM @extschema@.segment_policies AS p WHERE p.name = segment_policy), 'segment_policies'::text),
        @extschema@._check_named('dunning policy'::text, dunning_policy,
            EXISTS (SELECT FROM @extschema@.dunning_policies AS p WHERE p.name = dunning_policy), 'dunning_policies'::text),
        @extschema@._check_named('calendar'::text, calendar,
            EXISTS (SELECT FROM @extschema@.business_calendars AS c WHERE c.name = register_source.calendar), 'business_calendars'::text);
    PERFORM @extschema@._warn_of_owner_rights(relation);
    INSERT INTO @extschema@.sources (name, relation_schema, relation_name, segment_policy, dunning_policy, calendar,
                                     history_months, minimum_stay_days, prior)
    SELECT name, n.nspname, c.relname, segment_policy, dunning_policy, calendar,
        coalesce(history_months, 24), coalesce(minimum_stay_days, 0), coalesce(prior, 'none')
    FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace WHERE c.oid = relation;
END;
$$;
COMMENT ON FUNCTION register_source(text, regclass, text, text, text, integer, integer, text) IS
    'makes a table or view with the columns of source_columns() a source; policies and calendar are names in segment_policies, dunning_policies and business_calendars, NULL is the standard policy or no calendar; an error lists every column that is missing or has an unfit type';

CREATE FUNCTION _forget_source(name text) RETURNS void
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    DELETE FROM @extschema@.customer_segments AS t WHERE t.source = _forget_source.name;
    DELETE FROM @extschema@.segment_changes AS t WHERE t.source = _forget_source.name;
    DELETE FROM @extschema@.segment_profiles AS t WHERE t.source = _forget_source.name;
    DELETE FROM @extschema@.reminders AS t WHERE t.source = _forget_source.name;
    DELETE FROM @extschema@.seen_customers AS t WHERE t.source = _forget_source.name;
    DELETE FROM @extschema@.credit_decisions AS t WHERE t.source = _forget_source.name;
    DELETE FROM @extschema@.promises AS t WHERE t.source = _forget_source.name;
    DELETE FROM @extschema@.review_decisions AS t WHERE t.source = _forget_source.name;
    DELETE FROM @extschema@.contacts AS t WHERE t.source = _forget_source.name;
    DELETE FROM @extschema@.refresh_runs AS t WHERE t.source = _forget_source.name;
END;
$$;
COMMENT ON FUNCTION _forget_source(text) IS
    'step of unregister_source: deletes what was learnt of a source and what was sent';

CREATE FUNCTION unregister_source(name text, forget boolean DEFAULT false) RETURNS void
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM @extschema@._take_refresh_lock(name);
    DELETE FROM @extschema@.sources AS s WHERE s.name = unregister_source.name;
    -- What is left of a source that is none any more can be forgotten later, too.
    IF NOT FOUND AND NOT (coalesce(forget, false) AND EXISTS (
            SELECT FROM @extschema@.refresh_runs AS r WHERE r.source = unregister_source.name UNION ALL
            SELECT FROM @extschema@.reminders AS r WHERE r.source = unregister_source.name)) THEN
        RAISE EXCEPTION 'there is no source "%"', name
            USING ERRCODE = 'undefined_object', HINT = 'Table sources lists them.';
    END IF;
    IF coalesce(forget, false) THEN PERFORM @extschema@._forget_source(name); END IF;
END;
$$;
COMMENT ON FUNCTION unregister_source(text, boolean) IS
    'takes the source away; its segments, changes and reminders stay, and a source registered by the same name goes on with them, unless forget is true';
