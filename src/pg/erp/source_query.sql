-- Reading a source: which columns it must have and may have, of what types, and the text of the query that reads them.

CREATE FUNCTION source_columns()
    RETURNS TABLE (column_name name, needed boolean, accepted regtype[])
    LANGUAGE sql STABLE PARALLEL SAFE COST 10 ROWS 31
BEGIN ATOMIC
    SELECT c.column_name::name, c.needed, c.accepted::regtype[] FROM (VALUES
        ('customer_id', true, NULL),
        ('invoice_id', true, NULL),
        ('invoice_date', true, '{date}'),
        ('due_date', true, '{date}'),
        ('paid_date', true, '{date}'),
        ('amount', true, '{numeric, integer, bigint, smallint}'),
        ('open_amount', true, '{numeric, integer, bigint, smallint}'),
        ('customer_name', false, '{text, varchar, bpchar, name}'),
        ('collector', false, '{text, varchar, bpchar, name}'),
        ('parent_id', false, NULL),
        ('currency', false, '{text, varchar, bpchar, name}'),
        ('disputed', false, '{boolean}'),
        ('was_disputed', false, '{boolean}'),
        ('disputed_from', false, '{date}'),
        ('disputed_until', false, '{date}'),
        ('settled_by', false, '{text, varchar, bpchar, name}'),
        ('credited_on', false, '{date}'),
        ('written_off_on', false, '{date}'),
        ('nettable', false, '{boolean}'),
        ('credited_invoice', false, NULL),
        ('attributes', false, '{jsonb}'),
        ('last_level', false, '{integer, smallint}'),
        ('last_reminder_date', false, '{date}'),
        ('reminder_count', false, '{integer, smallint}'),
        ('not_before', false, '{date}'),
        ('promised_date', false, '{date}'),
        ('dispute_reason', false, '{text, varchar, bpchar, name}'),
        ('notify_insurer_by', false, '{date}'),
        ('limitation_date', false, '{date}'),
        ('channel', false, '{text, varchar, bpchar, name}'),
        ('treatment', false, '{text, varchar, bpchar, name}')
    ) AS c (column_name, needed, accepted);
END;
COMMENT ON FUNCTION source_columns() IS
    'the columns of a source: whether it must have them, and the types that they may have (the first is the one to cast to; NULL: any, read as text)';

CREATE FUNCTION check_source_relation(relation regclass) RETURNS void
    LANGUAGE plpgsql STABLE STRICT
    SET search_path = pg_catalog, pg_temp
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
    FROM @extschema@.source_columns() WITH ORDINALITY AS c
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

CREATE FUNCTION source_relation(source text) RETURNS regclass
    LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    wanted text;
    relation regclass;
BEGIN
    SELECT format('%I.%I', s.relation_schema, s.relation_name) INTO wanted
    FROM @extschema@.sources AS s WHERE s.name = source_relation.source;
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
    PERFORM @extschema@.check_source_relation(relation);
    IF NOT has_any_column_privilege(relation, 'SELECT') THEN
        RAISE EXCEPTION 'permission denied for %', relation
            USING ERRCODE = 'insufficient_privilege', DETAIL = format('It holds the invoices of source "%s".', source),
                HINT = format('GRANT SELECT ON %s TO %I;', relation, current_user);
    END IF;
    RETURN relation;
END;
$$;
COMMENT ON FUNCTION source_relation(text) IS
    'the relation of a source, checked again: an error when it is gone or no longer has the columns';

-- Days before and after those of the years 1 to 9999 must still fit into type date.
CREATE FUNCTION _check_day(as_of date, what text) RETURNS void
    LANGUAGE plpgsql IMMUTABLE
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF as_of IS NULL OR as_of NOT BETWEEN date '0001-01-01' AND date '9999-12-31' THEN
        RAISE EXCEPTION '% needs a day of the years 1 to 9999, not %', what, coalesce(as_of::text, 'NULL')
            USING ERRCODE = CASE WHEN as_of IS NULL THEN 'null_value_not_allowed' ELSE 'datetime_field_overflow' END;
    END IF;
END;
$$;
COMMENT ON FUNCTION _check_day(date, text) IS
    'internal: an error when a report or a run is asked for no day, an infinite one or one outside the years 1 to 9999; else nothing';

CREATE FUNCTION _is_input_of(value text, type_name text) RETURNS boolean
    LANGUAGE plpgsql IMMUTABLE
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    EXECUTE format('SELECT %L::%s', value, type_name);
    RETURN true;
EXCEPTION WHEN data_exception THEN
    RETURN false;
END;
$$;
COMMENT ON FUNCTION _is_input_of(text, text) IS 'internal: whether a text can be read as a value of the type';

-- Compared in its own type, so that an index on the column serves; its text is compared as well, because two texts can be
-- one number. A type that is not in the list is compared as text alone.
CREATE FUNCTION _customer_condition(relation regclass, customer_id text) RETURNS text
    LANGUAGE sql STABLE STRICT
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format(' WHERE item.customer_id::text = %L', _customer_condition.customer_id)
        || CASE WHEN NOT t.type_name = ANY ('{integer,bigint,smallint,numeric,uuid}'::text[]) THEN ''
                WHEN @extschema@._is_input_of(_customer_condition.customer_id, t.type_name)
                THEN format(' AND item.customer_id = %L::%s', _customer_condition.customer_id, t.type_name)
                ELSE ' AND false' END
    FROM (SELECT format_type(a.atttypid, NULL) AS type_name FROM pg_attribute AS a
          WHERE a.attrelid = relation AND a.attname = 'customer_id' AND NOT a.attisdropped) AS t
$$;
COMMENT ON FUNCTION _customer_condition(regclass, text) IS
    'internal: SQL text: the condition that a row of a source is of the customer; NULL: of any';

-- A query of all columns of source_columns() in their first type, whichever of them the relation has. Texts have the
-- collation of the database: those of the columns could not be compared with others. The relation is looked up once, not at
-- every mention of it.
CREATE FUNCTION _source_query(source text, only_customer text) RETURNS text
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
    WITH r AS MATERIALIZED (SELECT @extschema@.source_relation(_source_query.source) AS relation)
    SELECT format('SELECT %s FROM %s AS item%s',
        string_agg(format(CASE WHEN a.attnum IS NULL THEN 'NULL::%s AS %I'
                               WHEN coalesce(c.accepted[1], 'text'::regtype) = 'text'::regtype THEN 'item.%2$I::text COLLATE "default" AS %2$I'
                               ELSE 'item.%2$I::%1$s AS %2$I' END,
                          coalesce(c.accepted[1], 'text'::regtype), c.column_name), ', ' ORDER BY c.ordinality),
        r.relation, @extschema@._customer_condition(r.relation, _source_query.only_customer))
    FROM r
        CROSS JOIN @extschema@.source_columns() WITH ORDINALITY AS c
        LEFT JOIN pg_attribute AS a ON a.attrelid = r.relation AND a.attname = c.column_name
            AND a.attnum > 0 AND NOT a.attisdropped
    GROUP BY r.relation
$$;
COMMENT ON FUNCTION _source_query(text, text) IS
    'SQL text that reads the items of a source, or of one customer of it, with every column of source_columns(), NULL where the relation does not have it; runs with the rights of the caller';

CREATE FUNCTION _source_has_column(source text, column_name text) RETURNS boolean
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT EXISTS (SELECT FROM pg_attribute AS a
                   WHERE a.attrelid = @extschema@.source_relation(_source_has_column.source) AND a.attnum > 0
                       AND a.attname = _source_has_column.column_name AND NOT a.attisdropped)
$$;
COMMENT ON FUNCTION _source_has_column(text, text) IS 'internal: whether the relation of a source has a column';
