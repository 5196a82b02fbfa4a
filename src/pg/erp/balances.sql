-- What each customer owes, invoice by invoice, once its credits are taken off.

-- CTEs, one row an invoice each:
--   invoices  what is open on the day, credits too. Rows of one number are one invoice with the earliest of their due
--             dates. A number that several customers have open is nobody's (unusable_items() lists it; "<=" is "=" here,
--             which the planner would take for rare), and a credit that is not nettable is left out.
--   credit_parts  the rows of a credit by the invoice that each names: one credit note may be for several
--   credits   how much of each is open: all of it, unless other rows of the number are above 0
--   named     how much of a credit goes to the invoice that it names, where that is open: the oldest credit first
CREATE FUNCTION _with_invoices(source text, as_of date, only_customer text) RETURNS text
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT @extschema@._with_customers(_with_invoices.source, _with_invoices.as_of, _with_invoices.only_customer) || $query$
, invoices AS (
    SELECT i.invoice_id, min(i.customer_id) AS customer_id, min(i.due_date) AS due_date, sum(i.open_amount) AS open_amount,
        bool_or(i.disputed) AS disputed,
        max(CASE WHEN i.last_level <> 0 OR i.last_reminder_date IS NOT NULL THEN i.last_level END) AS last_level,
        max(i.last_reminder_date) AS last_reminder_date, max(i.reminder_count) AS reminder_count,
        max(i.not_before) AS not_before, max(i.promised_date) AS promised_date, max(i.channel) AS channel,
        max(i.dispute_reason) AS dispute_reason, min(i.disputed_from) AS disputed_from,
        min(i.notify_insurer_by) AS notify_insurer_by, min(i.limitation_date) AS limitation_date,
        max(i.treatment) AS treatment
    FROM items AS i
    WHERE i.is_open AND (i.nettable OR i.open_amount > 0)
    GROUP BY i.invoice_id
    HAVING max(i.customer_id) <= min(i.customer_id)
), credit_parts AS (
    SELECT i.invoice_id, i.credited_invoice, -sum(i.open_amount) AS amount FROM items AS i
    WHERE i.is_open AND i.nettable AND i.open_amount < 0 AND i.credited_invoice IS NOT NULL
    GROUP BY i.invoice_id, i.credited_invoice
), credits AS (
    SELECT i.invoice_id, i.customer_id, i.due_date, p.credited_invoice,
        least(p.amount, greatest(0, -i.open_amount - coalesce(sum(p.amount) OVER (
            PARTITION BY p.invoice_id ORDER BY p.credited_invoice
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0))) AS amount
    FROM credit_parts AS p JOIN invoices AS i ON i.invoice_id = p.invoice_id
    WHERE i.open_amount < 0
), named AS (
    SELECT credit.invoice_id, invoice.invoice_id AS invoice_met,
        least(credit.amount, greatest(0, invoice.open_amount - coalesce(sum(credit.amount) OVER (
            PARTITION BY invoice.invoice_id ORDER BY credit.due_date, credit.invoice_id
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0))) AS met
    FROM credits AS credit
        JOIN invoices AS invoice ON invoice.invoice_id = credit.credited_invoice AND invoice.customer_id = credit.customer_id
    WHERE invoice.open_amount > 0
), matched AS (
    SELECT m.invoice_id, sum(m.amount) AS amount
    FROM (SELECT n.invoice_id, n.met AS amount FROM named AS n
          UNION ALL SELECT n.invoice_met, -n.met FROM named AS n) AS m
    GROUP BY m.invoice_id
)$query$
$$;
COMMENT ON FUNCTION _with_invoices(text, date, text) IS
    'internal: SQL text: the head of a query, with the CTEs of _with_customers, the open invoices, and what of the credits goes to the invoices that they name (matched)';

-- And these:
--   rests     what these credits leave open, and what stops it (_with_holds)
--   balances  net: what is still owed when the other credits have gone to the oldest invoices. What nobody claims now
--             (is_held) comes last.
--             overdue_rests: all of the customer that is overdue and not held, less its credits
CREATE FUNCTION _with_balances(source text, as_of date, only_customer text) RETURNS text
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT @extschema@._with_invoices(_with_balances.source, _with_balances.as_of, _with_balances.only_customer)
        || @extschema@._with_holds(_with_balances.source) || $query$
, sums AS (
    SELECT r.*, coalesce(sum(r.rest) FILTER (WHERE r.rest < 0) OVER customer, 0) AS credit,
        coalesce(sum(r.rest) FILTER (WHERE r.rest > 0) OVER older, 0) AS older,
        coalesce(sum(r.rest) FILTER (WHERE r.rest < 0 OR r.due_date < $1 AND NOT r.is_held) OVER customer, 0) AS overdue_rests
    FROM rests AS r
    WINDOW customer AS (PARTITION BY r.customer_id),
        older AS (PARTITION BY r.customer_id ORDER BY r.is_held, r.due_date, r.invoice_id
                  ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
), balances AS (
    SELECT s.*, CASE WHEN s.rest > 0 THEN least(s.rest, greatest(0, s.older + s.rest + s.credit))
                     WHEN s.rest <= 0 THEN 0 END AS net
    FROM sums AS s
)$query$
$$;
COMMENT ON FUNCTION _with_balances(text, date, text) IS
    'internal: SQL text: the head of a query, with the CTEs of _with_invoices and _with_holds and the open invoices of each customer, net of its credits (balances); takes the day as $1, too';
