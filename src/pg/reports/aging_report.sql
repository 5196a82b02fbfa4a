-- aging_report: what is open, by how long it has been due, for each customer, segment or attribute.

-- Its steps: aged, the aging of each customer; divided, with what the customer counts to. $2 are the bounds, $3 is by.
CREATE FUNCTION _aging_query(source text, as_of date) RETURNS text
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT @extschema@._with_ledger(_aging_query.source, _aging_query.as_of) || $query$
, aged AS (
    SELECT i.customer_id, @extschema@.aging(i.due_date, i.open_amount, $1, $2, i.disputed) AS aging
    FROM items AS i WHERE i.is_open GROUP BY i.customer_id
), divided AS (
    SELECT @extschema@._part($3, a.customer_id COLLATE "default", c.segment, c.collector, c.parent_id, c.attributes) AS part,
        $3 = 'customer' AS alone, c.customer_name, c.segment, c.collector, a.aging
    FROM aged AS a LEFT JOIN customers AS c ON c.customer_id = a.customer_id
    WHERE a.aging IS NOT NULL
), summed AS (
    SELECT d.part, max(d.customer_name) FILTER (WHERE d.alone) AS customer_name, max(d.segment) FILTER (WHERE d.alone) AS segment,
        max(d.collector) FILTER (WHERE d.alone) AS collector, count(*) AS customers, @extschema@.rollup(d.aging) AS aging
    FROM divided AS d GROUP BY d.part
)
SELECT s.part, s.customer_name, s.segment, s.collector, s.customers, t.item_count, t.not_due_amount, t.overdue_amount,
    t.no_due_date_amount, t.disputed_amount, t.credit_amount, t.open_amount, s.aging
FROM summed AS s CROSS JOIN LATERAL @extschema@.aging_summary(s.aging) AS t
ORDER BY t.open_amount DESC, s.part$query$
$$;
COMMENT ON FUNCTION _aging_query(text, date) IS
    'SQL text of the query behind aging_report; takes the day, the bounds, and by what it divides';

CREATE FUNCTION aging_report(source text, as_of date, by text DEFAULT 'customer', bounds integer[] DEFAULT '{30,60,90}')
    RETURNS TABLE (part text, customer_name text, segment text, collector text, customers bigint, item_count bigint,
                   not_due_amount numeric, overdue_amount numeric, no_due_date_amount numeric, disputed_amount numeric,
                   credit_amount numeric, open_amount numeric, aging @extschema@.aging)
    LANGUAGE plpgsql STABLE COST 100000 ROWS 10000
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    divided_by text := coalesce(by, 'customer');
BEGIN
    PERFORM @extschema@._check_day(as_of, 'an aging'::text), @extschema@._check_division(divided_by),
        @extschema@.source_relation(source), @extschema@._check_refreshed(source), @extschema@._check_currency(source, as_of);
    BEGIN
        RETURN QUERY EXECUTE @extschema@._aging_query(source, as_of) USING as_of, coalesce(bounds, '{30,60,90}'), divided_by;
    EXCEPTION WHEN OTHERS THEN
        PERFORM @extschema@._blame(source, as_of, SQLSTATE, SQLERRM);
        RAISE;
    END;
END;
$$;
COMMENT ON FUNCTION aging_report(text, date, text, integer[]) IS
    'what is open of a source on a day, the largest amount first: one row for each customer that has something open (by: customer; with name, segment and collector), each segment, collector or parent (who has none is its own), each value of an attribute (attribute.NAME), or one (all); part is which of them; how many customers and items; what is owed and not disputed, by not due, overdue, without due date; what is disputed; credits (0 or below); the open amount, which is their sum; and the aging itself, with bounds (as in aging_bucket), for aging_buckets, aging_amount and rollup; what has no due date is in it; segments and attributes are those of the last refresh, or worked out from the rows that the caller sees where he may not read these; the open amounts of all rows add up to what is open in the source, rows apart that cannot be used; amounts in the currency of the source';
