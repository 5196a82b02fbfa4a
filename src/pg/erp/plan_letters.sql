-- One letter a customer instead of one reminder an invoice.

-- Its steps: letter is the step of each customer's letter (a notice only where nothing else is due); line what it
-- lists, where is_claimed is what it asks for; content the sums of the lines.
CREATE FUNCTION _letters_query(source text, as_of date, only_customer text) RETURNS text
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT @extschema@._with_plan(_letters_query.source, _letters_query.as_of, _letters_query.only_customer) || $query$
, letter AS (
    SELECT DISTINCT ON (p.customer_id) p.*, p.due_date > $1 AS is_notice
    FROM planned AS p WHERE p.sends_on <= $1
    ORDER BY p.customer_id, p.due_date > $1, p.level DESC, p.due_date, p.invoice_id
), line AS (
    SELECT p.customer_id, p.invoice_id, p.due_date, p.rest, p.level, p.sends_on <= $1 AS is_due, l.is_notice,
        p.rest > 0 AND (l.is_notice OR p.due_date <= $1) AS is_claimed
    FROM planned AS p JOIN letter AS l ON l.customer_id = p.customer_id
    WHERE p.sends_on <= $1 OR NOT l.is_notice
        AND (p.rest < 0 OR p.due_date < $1 AND p.rest > 0 AND NOT p.is_held)
), content AS (
    SELECT i.customer_id,
        coalesce(sum(i.rest) FILTER (WHERE i.is_claimed AND NOT i.is_notice), 0) AS overdue_amount,
        coalesce(sum(i.rest) FILTER (WHERE i.rest < 0), 0) AS credit_amount,
        sum(i.rest) FILTER (WHERE i.is_claimed OR i.rest < 0) AS amount,
        (count(*) FILTER (WHERE i.is_claimed))::integer AS invoice_count,
        min(i.due_date) FILTER (WHERE i.is_claimed) AS oldest_due_date,
        jsonb_agg(jsonb_build_object('invoice_id', i.invoice_id, 'due_date', i.due_date,
            'days_late', $1 - i.due_date, 'amount', i.rest, 'level', CASE WHEN i.is_due THEN i.level END)
            ORDER BY i.due_date, i.invoice_id) AS invoices
    FROM line AS i GROUP BY i.customer_id
)
SELECT l.customer_id, l.customer_name, l.segment, l.level, l.sent_by, l.template, c.amount, c.overdue_amount,
    c.credit_amount, l.fee, c.invoice_count, c.oldest_due_date, c.invoices, l.reason
FROM letter AS l JOIN content AS c ON c.customer_id = l.customer_id$query$
$$;
COMMENT ON FUNCTION _letters_query(text, date, text) IS
    'SQL text of the query behind plan_letters, of all customers or of one; takes the parameters of _with_plan';

CREATE FUNCTION plan_letters(source text, as_of date)
    RETURNS TABLE (customer_id text, customer_name text, segment text, level integer, channel text, template text,
                   amount numeric, overdue_amount numeric, credit_amount numeric, fee numeric,
                   invoice_count integer, oldest_due_date date, invoices jsonb, reason text)
    LANGUAGE plpgsql STABLE COST 100000 ROWS 1000
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    taken record := @extschema@._plan_values(source, as_of);
BEGIN
    RETURN QUERY EXECUTE @extschema@._letters_query(source, as_of, NULL::text)
        USING as_of, source, taken.policy, taken.calendar, taken.prior, '{true}'::boolean[], taken.first_day;
EXCEPTION WHEN OTHERS THEN
    PERFORM @extschema@._blame(source, as_of, SQLSTATE, SQLERRM);
    RAISE;
END;
$$;
COMMENT ON FUNCTION plan_letters(text, date) IS
    'the letters of a source that are due on as_of, none on a day that is no business day of its calendar, one row a customer: the step of its overdue invoice with the highest level that is due, all its overdue invoices that nothing holds (dispute, not_before, a promise that the policy honours, a decision, a treatment), its open credits taken off; minimum amounts look at that sum, and the interval at the last contact with the customer; a notice before the due date that is due goes with it, and makes a letter alone when nothing is overdue; amounts in the currency of the source';
