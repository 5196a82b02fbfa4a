-- What is known of an open invoice besides its own columns: promises, decisions, treatments.

-- CTEs: promises_made, the latest recorded promise of an invoice; holds, one row an invoice of which there is anything:
--   promise_date, promise_until, earlier_promises   the promise that counts is the latest recorded one, or that of the source
--                 where its day is a later one; from the third for an invoice on, a promise holds nothing back; and what
--                 the dunning policy does not take does not either
--   decision, left_until    of review_decisions
--   stopped_by    the treatment that stops it; that of an insolvent customer stops all of its invoices
-- They are few, which the planner takes for granted of what lies BETWEEN two values.
CREATE FUNCTION _with_holds(source text) RETURNS text
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format($query$
, promises_made AS (
    SELECT p.invoice_id COLLATE "C" AS invoice_id, count(*) AS times,
        (array_agg(p.promised_date ORDER BY p.made_on DESC))[1] AS promised_date
    FROM %2$s AS p WHERE p.source = %1$L AND p.made_on <= $1 GROUP BY p.invoice_id
), decided AS (
    SELECT d.invoice_id COLLATE "C" AS invoice_id, d.decision, d.until
    FROM %3$s AS d WHERE d.source = %1$L AND d.decided_on <= $1
), insolvent AS (
    SELECT DISTINCT i.customer_id FROM invoices AS i WHERE i.treatment = 'insolvent'
), stated AS (
    SELECT i.invoice_id, i.customer_id, i.due_date, d.decision, d.until AS left_until,
        greatest(i.promised_date, m.promised_date) AS promise_date,
        coalesce(m.times - CASE WHEN i.promised_date > m.promised_date THEN 0 ELSE 1 END, 0)::integer AS earlier_promises,
        CASE WHEN n.customer_id IS NOT NULL THEN 'insolvent' ELSE nullif(i.treatment, 'normal') END AS stopped_by
    FROM invoices AS i
        LEFT JOIN promises_made AS m ON m.invoice_id = i.invoice_id
        LEFT JOIN decided AS d ON d.invoice_id = i.invoice_id
        LEFT JOIN insolvent AS n ON n.customer_id = i.customer_id
    WHERE num_nonnulls(i.promised_date, m.promised_date, d.decision, n.customer_id, i.treatment) BETWEEN 1 AND 5
), holds AS (
    SELECT s.*, CASE WHEN s.earlier_promises < 2 AND s.promise_date IS NOT NULL
                     THEN %4$s((SELECT %5$s(%1$L)), c.segment, s.due_date, s.promise_date) END AS promise_until
    FROM stated AS s LEFT JOIN customers AS c ON c.customer_id = s.customer_id
)$query$, _with_holds.source, '@extschema@.promises', '@extschema@.review_decisions', '@extschema@._promise_until',
        '@extschema@._dunning_policy_of')
$$;
COMMENT ON FUNCTION _with_holds(text) IS
    'internal: SQL text: CTE holds of _with_balances: promises, decisions and treatments of the open invoices; takes the day as $1';
