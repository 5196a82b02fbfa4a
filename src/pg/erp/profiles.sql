-- How each customer of a source pays, from its items. The aggregate is called here and nowhere else.

CREATE FUNCTION _customer_attributes_larger(jsonb, jsonb) RETURNS jsonb
    AS 'MODULE_PATHNAME', 'customer_attributes_larger' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION _customer_attributes_larger(jsonb, jsonb) IS 'aggregate transition and combine function';

CREATE AGGREGATE customer_attributes(jsonb) (
    SFUNC = _customer_attributes_larger, STYPE = jsonb,
    COMBINEFUNC = _customer_attributes_larger, PARALLEL = SAFE
);
COMMENT ON AGGREGATE customer_attributes(jsonb) IS
    'the attributes that all rows of a customer carry; where they differ, the last in the order of jsonb; NULLs are ignored';

-- What a source says of a customer in every row. A column that it does not have costs nothing.
CREATE FUNCTION _master_column(source text, column_name text) RETURNS text
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format(CASE WHEN @extschema@._source_has_column(_master_column.source, _master_column.column_name)
                       THEN 'max(i.%1$I COLLATE "C") AS %1$I' ELSE 'NULL::text AS %I' END, _master_column.column_name)
$$;
COMMENT ON FUNCTION _master_column(text, text) IS
    'internal: SQL text: what the rows of a customer say in a column of text; where they differ, the last in byte order';

-- How a customer keeps its promises stands beside its attributes, where any promise is recorded.
CREATE FUNCTION _promise_join(source text, as_of date) RETURNS text
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT CASE WHEN EXISTS (SELECT FROM @extschema@.promises AS p WHERE p.source = _promise_join.source) THEN format($query$
        LEFT JOIN (
            SELECT r.customer_id COLLATE "C" AS promiser, jsonb_build_object('promise', jsonb_strip_nulls(jsonb_build_object(
                'count', r.promises, 'moved', r.moved, 'broken', r.broken, 'kept_share', r.kept_share,
                'days_after', r.days_after))) AS promise
            FROM %s(%L::text, %L::date) AS r) AS w ON w.promiser = g.customer_id$query$,
            '@extschema@.promise_record', _promise_join.source, _promise_join.as_of)
        ELSE ', (SELECT NULL::jsonb AS promise) AS w' END
$$;
COMMENT ON FUNCTION _promise_join(text, date) IS
    'internal: SQL text: joins the promise record of a customer, for its attribute promise, to _profiles_query; NULL where the source has no promises';

-- What is settled leaves the history by its due date; what is open stays. What a credit note or a write-off settled is no
-- payment: it counts in the amounts and in no delay, from the day on which it did; until then it is open. Where more is
-- open than the amount (fees that were added), that is the amount. A credit without a due date has that of its invoice; one
-- that must not be netted is left out while it is open.
CREATE FUNCTION _profiles_query(source text, as_of date) RETURNS text
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format($query$
    SELECT g.customer_id COLLATE "default" AS customer_id, g.profile,
        CASE WHEN w.promise IS NULL THEN g.attributes ELSE coalesce(g.attributes, '{}') || w.promise END AS attributes,
        g.customer_name COLLATE "default" AS customer_name,
        g.collector COLLATE "default" AS collector, g.parent_id COLLATE "default" AS parent_id
    FROM (
        SELECT i.customer_id, %4$s(i.attributes) AS attributes, %5$s, %6$s, %7$s,
            %3$s(i.invoice_date,
                CASE WHEN i.amount < 0 THEN coalesce(i.due_date, i.invoice_date, %1$L::date) ELSE i.due_date END,
                CASE WHEN i.is_settled THEN i.settled_on END,
                CASE WHEN i.settled_on IS NULL AND i.amount <> 0 AND abs(i.open_amount) > abs(i.amount) THEN i.open_amount
                     ELSE i.amount END, i.was_disputed, %1$L::date,
                CASE WHEN i.settled_on IS NULL AND i.amount <> 0 THEN i.open_amount END,
                CASE WHEN i.is_credit_note THEN 'credit'
                     WHEN NOT i.is_settled OR i.settled_by IS NULL OR i.settled_by = 'payment' THEN 'payment'
                     WHEN i.settled_by = 'credit' THEN 'credit' ELSE 'write_off' END) AS profile
        FROM items AS i
        WHERE (coalesce(i.due_date, i.invoice_date) >= %2$L::date OR i.is_open)
            AND (i.nettable OR NOT i.is_open OR i.open_amount > 0)
        GROUP BY i.customer_id) AS g%8$s
    WHERE g.profile IS NOT NULL$query$,
        _profiles_query.as_of, (_profiles_query.as_of - make_interval(months => s.history_months))::date,
        '@extschema@.payment_profile', '@extschema@.customer_attributes',
        @extschema@._master_column(s.name, 'customer_name'::text), @extschema@._master_column(s.name, 'collector'::text),
        @extschema@._master_column(s.name, 'parent_id'::text),
        @extschema@._promise_join(s.name, _profiles_query.as_of))
    FROM @extschema@.sources AS s
    WHERE s.name = _profiles_query.source
$$;
COMMENT ON FUNCTION _profiles_query(text, date) IS
    'SQL text that aggregates the CTE items of a source: customer_id, profile, attributes, customer_name, collector, parent_id';
