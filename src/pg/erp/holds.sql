-- What is known of an open invoice besides its own columns: promises, decisions, treatments.

-- CTEs: promises_made, the latest recorded promise of an invoice; decided, of review_decisions; insolvent, customers who
-- are left alone; rests, what the credits that name an invoice leave open of it, and what stops it:
--   promise_date, earlier_promises   the promise that counts is the latest recorded one, or that of the source where its
--                 day is a later one; from the third for an invoice on, a promise holds nothing back; and what the dunning
--                 policy does not take does not either
--   decision, left_until    what was decided
--   stopped_by    the treatment that stops it; that of an insolvent customer stops all of its invoices
--   is_held       nobody claims it now: in dispute, put off, promised, left, given up, stopped
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
), rests AS (
    SELECT i.*, i.open_amount + coalesce(m.amount, 0) AS rest, d.decision, d.until AS left_until, h.promise_date,
        h.earlier_promises, h.stopped_by,
        i.disputed OR h.stopped_by IS NOT NULL OR coalesce(d.decision = 'give_up', false)
            OR coalesce(i.not_before > $1, false) OR coalesce(d.until > $1, false)
            OR coalesce(CASE WHEN h.earlier_promises < 2 AND h.promise_date IS NOT NULL
                THEN %4$s((SELECT %5$s(%1$L)), c.segment, i.due_date, h.promise_date) > $1 END, false) AS is_held
    FROM invoices AS i
        LEFT JOIN matched AS m ON m.invoice_id = i.invoice_id
        LEFT JOIN promises_made AS p ON p.invoice_id = i.invoice_id
        LEFT JOIN decided AS d ON d.invoice_id = i.invoice_id
        LEFT JOIN insolvent AS n ON n.customer_id = i.customer_id
        LEFT JOIN customers AS c ON c.customer_id = i.customer_id
        CROSS JOIN LATERAL (SELECT greatest(i.promised_date, p.promised_date) AS promise_date,
            coalesce(p.times - CASE WHEN i.promised_date > p.promised_date THEN 0 ELSE 1 END, 0)::integer AS earlier_promises,
            CASE WHEN n.customer_id IS NOT NULL THEN 'insolvent' ELSE nullif(i.treatment, 'normal') END AS stopped_by) AS h
)$query$, _with_holds.source, '@extschema@.promises', '@extschema@.review_decisions', '@extschema@._promise_until',
        '@extschema@._dunning_policy_of')
$$;
COMMENT ON FUNCTION _with_holds(text) IS
    'internal: SQL text: CTE rests of _with_balances: the open invoices with what promises, decisions and treatments say of them; takes the day as $1';
