-- One letter a customer instead of one reminder an invoice.

CREATE FUNCTION plan_letters(source text, as_of date)
    RETURNS TABLE (customer_id text, segment text, level integer, channel text, template text,
                   amount numeric, overdue_amount numeric, credit_amount numeric, fee numeric,
                   invoice_count integer, oldest_due_date date, invoices jsonb, reason text)
    LANGUAGE plpgsql STABLE ROWS 1000
    SET search_path = pg_catalog, @extschema@, pg_temp
AS $$
DECLARE
    taken record := reminder_query_values(source, as_of);
BEGIN
    RETURN QUERY EXECUTE format($query$
WITH planned AS MATERIALIZED (
    SELECT p.*, (p.reminder).reminder_date <= $1 AS is_due FROM (%s) AS p
), letter AS (
    SELECT DISTINCT ON (p.customer_id) p.customer_id, p.segment, p.due_date > $1 AS is_notice, p.reminder
    FROM planned AS p WHERE p.is_due
    ORDER BY p.customer_id, p.due_date > $1, (p.reminder).level DESC, p.due_date, p.invoice_id
), line AS (
    SELECT p.customer_id, p.invoice_id, p.due_date, p.open_amount, p.is_due, l.is_notice, p.reminder,
        p.open_amount > 0 AND (l.is_notice OR p.due_date <= $1) AS is_claimed
    FROM planned AS p JOIN letter AS l USING (customer_id)
    WHERE p.is_due OR NOT l.is_notice
        AND (p.open_amount < 0 OR p.due_date < $1 AND p.open_amount > 0 AND NOT p.is_held)
), content AS (
    SELECT customer_id,
        coalesce(sum(open_amount) FILTER (WHERE is_claimed AND NOT is_notice), 0) AS overdue_amount,
        coalesce(sum(open_amount) FILTER (WHERE open_amount < 0), 0) AS credit_amount,
        sum(open_amount) FILTER (WHERE is_claimed OR open_amount < 0) AS amount,
        (count(*) FILTER (WHERE is_claimed))::integer AS invoice_count,
        min(due_date) FILTER (WHERE is_claimed) AS oldest_due_date,
        jsonb_agg(jsonb_build_object('invoice_id', invoice_id, 'due_date', due_date,
            'days_late', $1 - due_date, 'amount', open_amount,
            'level', CASE WHEN is_due THEN (reminder).level END)
            ORDER BY due_date, invoice_id) AS invoices
    FROM line GROUP BY customer_id
)
SELECT l.customer_id, l.segment, (l.reminder).level, (l.reminder).channel, (l.reminder).template,
    c.amount, c.overdue_amount, c.credit_amount, (l.reminder).fee, c.invoice_count, c.oldest_due_date, c.invoices, (l.reminder).reason
FROM letter AS l JOIN content AS c USING (customer_id)$query$, reminder_query(source, as_of, true))
        USING as_of, taken.policy, taken.calendar, source;
EXCEPTION WHEN datetime_field_overflow OR numeric_value_out_of_range THEN
    PERFORM blame_item(source, SQLSTATE, SQLERRM);
    RAISE;
END;
$$;
COMMENT ON FUNCTION plan_letters(text, date) IS
    'the letters of a source that are due on as_of, one row a customer: the step of its overdue invoice with the highest level that is due, all its overdue invoices that are not in dispute, put off (not_before) or promised, its open credits taken off; minimum amounts look at that sum, and the interval at the last contact with the customer; a notice before the due date that is due goes with it, and makes a letter alone when nothing is overdue; amounts in the currency of the source';
