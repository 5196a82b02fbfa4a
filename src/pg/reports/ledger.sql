-- What the reports have in common: what they check, and how they divide a portfolio.

-- How a portfolio is divided: all, customer, segment, collector, parent, or attribute.NAME.
CREATE FUNCTION _check_division(by text) RETURNS void
    LANGUAGE plpgsql IMMUTABLE STRICT
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF by NOT IN ('all', 'customer', 'segment', 'collector', 'parent') AND by !~ '^attribute\..' THEN
        RAISE EXCEPTION 'a portfolio cannot be divided by "%"', by
            USING ERRCODE = 'invalid_parameter_value',
                HINT = 'It is all, customer, segment, collector, parent, or attribute.NAME with the name of an attribute of the source.';
    END IF;
END;
$$;
COMMENT ON FUNCTION _check_division(text) IS
    'internal: an error when a portfolio cannot be divided so; else nothing';

CREATE FUNCTION _part(by text, customer_id text, segment text, collector text, parent_id text, attributes jsonb) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE by WHEN 'all' THEN NULL WHEN 'customer' THEN customer_id WHEN 'segment' THEN segment WHEN 'collector' THEN collector
               WHEN 'parent' THEN coalesce(parent_id, customer_id) ELSE attributes ->> substr(by, 11) END;
COMMENT ON FUNCTION _part(text, text, text, text, text, jsonb) IS
    'internal: to which part of a portfolio that is divided so a customer counts; a customer without a parent is its own';

-- CTEs of _with_items with what has no due date, and customers. For who may not read what was learnt the profiles are
-- worked out, for which an item without a due date is none.
CREATE FUNCTION _with_ledger(source text, as_of date) RETURNS text
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT @extschema@._with_items(_with_ledger.source, _with_ledger.as_of, ''::text, NULL::text, true)
        || ', customers AS (' || @extschema@._customers_query(_with_ledger.source, _with_ledger.as_of, NULL::text) || '
)'
$$;
COMMENT ON FUNCTION _with_ledger(text, date) IS
    'internal: SQL text: the head of a query, with the CTEs of _with_items, what has no due date among them, and customers';
