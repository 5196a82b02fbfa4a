-- The customers of a source as a report reads them: as the last refresh left them for who may read that, else worked
-- out from the rows that the caller sees. The right to read the whole table decides, and chooses the text.

CREATE FUNCTION _may_read(relation regclass) RETURNS boolean
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT has_table_privilege(relation, 'SELECT')
$$;
COMMENT ON FUNCTION _may_read(regclass) IS 'internal: whether the caller may read the whole table';

-- Without the log every invoice would begin with its first reminder again.
CREATE FUNCTION _check_log_rights() RETURNS void
    LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    log regclass;
BEGIN
    FOREACH log IN ARRAY ARRAY['@extschema@.reminders', '@extschema@.promises', '@extschema@.review_decisions',
                               '@extschema@.contacts']::regclass[] LOOP
        IF NOT @extschema@._may_read(log) THEN
            RAISE EXCEPTION 'permission denied for table %', log
                USING ERRCODE = 'insufficient_privilege',
                    DETAIL = 'Without what was sent, promised, decided and spoken, every invoice would begin with its first reminder again.',
                    HINT = format('GRANT SELECT ON %s TO %I;', log, current_user);
        END IF;
    END LOOP;
END;
$$;
COMMENT ON FUNCTION _check_log_rights() IS
    'internal: an error 42501, with the GRANT as hint, for a caller who may not read what was sent, promised, decided and spoken; else nothing';

-- CTE customers: customer_id, segment, profile, attributes, customer_name, collector, parent_id. Worked out, a segment is that of a first refresh: there
-- is no segment before it that the caller may know of.
CREATE FUNCTION _customers_query(source text, as_of date, only_customer text) RETURNS text
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT CASE WHEN @extschema@._may_read('@extschema@.customer_segments'::regclass)
        THEN format('
    SELECT c.customer_id, c.segment, c.profile, c.attributes, c.customer_name, c.collector, c.parent_id
    FROM %s AS c WHERE c.source = %L%s',
            '@extschema@.customer_segments', s.name, ' AND c.customer_id = ' || quote_literal(_customers_query.only_customer))
        ELSE format('
    SELECT p.customer_id, %s(%L::%s, p.profile, %L::date, p.attributes, NULL::text) AS segment, p.profile, p.attributes,
        p.customer_name, p.collector, p.parent_id
    FROM (%s) AS p', '@extschema@.assign_segment', @extschema@._segment_policy_of(s.name),
            '@extschema@.segment_policy', as_of, @extschema@._profiles_query(s.name, _customers_query.as_of))
        END
    FROM @extschema@.sources AS s WHERE s.name = _customers_query.source
$$;
COMMENT ON FUNCTION _customers_query(text, date, text) IS
    'SQL text that reads the customers of a source, or one of them: customer_id, segment, profile, attributes, customer_name, collector, parent_id; as the last refresh left them for a caller who may read customer_segments, else worked out from the CTE items, without a segment before';

-- CTE segments: how the customers of each pay together.
CREATE FUNCTION _with_customers(source text, as_of date, only_customer text) RETURNS text
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT @extschema@._with_items(_with_customers.source, _with_customers.as_of, ''::text, _with_customers.only_customer, false)
        -- A table that is read twice is cheaper than a copy of all its profiles.
        || ', customers AS ' || CASE WHEN @extschema@._may_read('@extschema@.customer_segments'::regclass)
                                     THEN 'NOT MATERIALIZED ' ELSE '' END
        || '(' || @extschema@._customers_query(_with_customers.source, _with_customers.as_of, _with_customers.only_customer)
        || '
), segments AS ('
        || CASE WHEN @extschema@._may_read('@extschema@.segment_profiles'::regclass)
            THEN format('
    SELECT s.segment, s.profile FROM %s AS s WHERE s.source = %L', '@extschema@.segment_profiles', _with_customers.source)
            ELSE '
    SELECT c.segment, ' || '@extschema@.rollup(c.profile) AS profile FROM customers AS c GROUP BY c.segment'
            END || '
)'
$$;
COMMENT ON FUNCTION _with_customers(text, date, text) IS
    'internal: SQL text: the head of a query, with the CTEs of _with_items, customers, and segments (how the customers of each pay together)';
