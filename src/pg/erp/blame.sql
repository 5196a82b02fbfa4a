-- Errors of a source's own expressions, and of sums that are too large, do not say whose they are.

-- The customers are told apart by a hash: half of them after half, until one hash value is left.
CREATE FUNCTION _reads(source text, as_of date, first_hash integer, last_hash integer) RETURNS boolean
    LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    EXECUTE 'SELECT count(w.items), count(w.profiles) FROM ('
        || @extschema@._with_items(source, as_of, ' AND hashtext(r.customer_id) BETWEEN $1 AND $2'::text, NULL::text, false)
        || ' SELECT (SELECT count(i) FROM items AS i) AS items, (SELECT count(p.profile) FROM ('
        || @extschema@._profiles_query(source, as_of) || ') AS p) AS profiles) AS w' USING first_hash, last_hash;
    RETURN true;
EXCEPTION WHEN OTHERS THEN
    RETURN false;
END;
$$;
COMMENT ON FUNCTION _reads(text, date, integer, integer) IS
    'internal: whether the items of the customers with these hash values can be read and summed without an error';

CREATE FUNCTION _failing_customer(source text, as_of date) RETURNS text
    LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    low bigint := -2147483648;
    high bigint := 2147483647;
    middle bigint;
    culprit text;
BEGIN
    -- An error whoever is asked for.
    IF NOT @extschema@._reads(source, as_of, high::integer, low::integer) THEN RETURN NULL; END IF;
    WHILE low < high LOOP
        middle := low + (high - low) / 2;
        IF @extschema@._reads(source, as_of, low::integer, middle::integer) THEN
            low := middle + 1;
        ELSE
            high := middle;
        END IF;
    END LOOP;
    EXECUTE 'SELECT min(r.customer_id) FROM (' || @extschema@._source_query(source, NULL::text)
        || ') AS r WHERE hashtext(r.customer_id) = $1' INTO culprit USING low::integer;
    RETURN culprit;
END;
$$;
COMMENT ON FUNCTION _failing_customer(text, date) IS
    'internal: the first customer, by hash, whose items cannot be read or summed; NULL when there is none, or it cannot be told';

CREATE FUNCTION _blame(source text, as_of date, state text, message text) RETURNS void
    LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    customer text;
BEGIN
    IF state IN ('42P01', '42883') THEN
        RAISE EXCEPTION '%', message
            USING ERRCODE = state, DETAIL = format('While source "%s" was read.', source),
                HINT = 'A function that the view calls runs with the search_path pg_catalog, pg_temp: let it SET search_path, or write the schema of what it uses.';
    END IF;
    IF left(state, 2) IN ('21', '22', '23', 'P0') AND NOT @extschema@._reads(source, as_of, -2147483648, 2147483647) THEN
        customer := @extschema@._failing_customer(source, as_of);
        RAISE EXCEPTION '%', message
            USING ERRCODE = state, DETAIL = CASE WHEN customer IS NULL THEN format('While source "%s" was read.', source)
                                               ELSE format('Customer "%s" of source "%s".', customer, source) END;
    END IF;
END;
$$;
COMMENT ON FUNCTION _blame(text, date, text, text) IS
    'internal: raises an error of reading the source again, with the source, the customer where it is one''s data, and a hint where a function of the view does not find its tables; nothing when it is another error, which the caller raises';
