-- What the customers of a source are to the caller.

CREATE FUNCTION customer_query(source text, as_of date) RETURNS text
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, @extschema@, pg_temp
AS $$
    SELECT format('SELECT customer_id, segment, profile, attributes FROM customer_segments WHERE source = %L', customer_query.source)
$$;
COMMENT ON FUNCTION customer_query(text, date) IS
    'SQL text that reads the customers of a source: customer_id, segment, profile, attributes';
