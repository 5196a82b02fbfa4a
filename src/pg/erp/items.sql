-- The items of a source as they stood on a day: what every refresh, plan and list reads, and what it sets aside.

CREATE FUNCTION _item_fault(customer_id text, invoice_id text, invoice_date date, due_date date, paid_date date,
        amount numeric, open_amount numeric, attributes jsonb, last_level integer, last_reminder_date date,
        reminder_count integer, not_before date, promised_date date, disputed_from date, disputed_until date,
        credited_on date, written_off_on date)
    RETURNS text
    AS 'MODULE_PATHNAME', 'item_fault' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10;
COMMENT ON FUNCTION _item_fault(text, text, date, date, date, numeric, numeric, jsonb, integer, date, integer, date,
    date, date, date, date, date) IS
    'internal: why a row of a source cannot be used, NULL when it can: customer_id or invoice_id missing, empty or longer than 500 bytes, due_date missing where the amount is above 0, a date that is infinite (not_before may be infinity) or not in the years 1 to 9999, an amount that is NaN, infinite or has more than 38 digits, amount and open_amount that have more of them when both are written with the same number of digits after the point, a last_level not between -99 and 999, a reminder_count not between 0 and 100000, an open_amount of another sign than the amount in a row without paid_date, attributes that are no object';

-- The head of every query: CTE source_rows, the source as it is, and CTE items, its usable rows as of the day.
-- Columns of items that differ from those of the source:
--   settled_on    the day on which it was paid, credited or written off, whichever came first, also a later day
--   is_settled    that day has come
--   settled_by    by what, where it is settled
--   is_credit_note  a credit that says that it is one; others are money on account
--   is_open       something of it is open
--   open_amount   how much. Of what is settled later, all; of what was paid, a rest that the source says is open;
--                 nothing of what has been credited or written off; of the others what the source says, or all
--   disputed      in dispute on that day: by its dates where the source has them, else by its flag
--   was_disputed  at any time until then
--   last_level, last_reminder_date, reminder_count    not yet there when the date is a later one
-- A row is usable when its fault is NULL; asked by IS NULL, the planner would take usable rows for rare.
-- A condition that narrows the items down goes into only_rows; rows of the source are called r there. Figures that must
-- add up to the ledger ask for what is owed without a due date, too (undated): nobody can remind it, but it is owed.
CREATE FUNCTION _with_items(source text, as_of date, only_rows text, only_customer text, undated boolean) RETURNS text
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format($query$
WITH source_rows AS NOT MATERIALIZED (
    %1$s
), items AS NOT MATERIALIZED (
    SELECT r.customer_id COLLATE "C" AS customer_id, r.customer_name, r.collector, r.parent_id,
        r.invoice_id COLLATE "C" AS invoice_id, r.invoice_date, r.due_date, r.paid_date, r.amount, r.attributes,
        r.disputed_from, r.not_before, r.promised_date, r.channel, r.currency, r.treatment,
        r.dispute_reason, r.notify_insurer_by, r.limitation_date,
        coalesce(r.nettable, true) AS nettable, r.credited_invoice COLLATE "C" AS credited_invoice,
        d.settled_on, coalesce(d.settled_on <= %2$L::date, false) AS is_settled,
        CASE WHEN d.settled_on > %2$L::date THEN NULL WHEN r.credited_on = d.settled_on THEN 'credit'
             WHEN r.written_off_on = d.settled_on THEN 'write_off' ELSE r.settled_by END AS settled_by,
        coalesce(r.amount < 0 AND r.settled_by = 'credit', false) AS is_credit_note,
        (r.amount <> 0 OR r.amount IS NULL) AND (d.settled_on > %2$L::date
            OR r.open_amount <> 0 AND (d.settled_on IS NULL OR d.settled_on = r.paid_date)
            OR d.settled_on IS NULL AND r.open_amount IS NULL) AS is_open,
        CASE WHEN d.settled_on > %2$L::date THEN r.amount
             WHEN d.settled_on IS NULL THEN coalesce(r.open_amount, r.amount)
             WHEN d.settled_on = r.paid_date THEN coalesce(r.open_amount, 0) ELSE 0 END AS open_amount,
        CASE WHEN r.disputed_from IS NULL AND r.disputed_until IS NULL THEN coalesce(r.disputed, false)
             ELSE coalesce(r.disputed_from <= %2$L::date, true) AND coalesce(r.disputed_until >= %2$L::date, true)
             END AS disputed,
        CASE WHEN r.disputed_from IS NULL AND r.disputed_until IS NULL
             THEN coalesce(r.was_disputed, false) OR coalesce(r.disputed, false)
             ELSE coalesce(r.disputed_from <= %2$L::date, true) END AS was_disputed,
        CASE WHEN r.last_reminder_date > %2$L::date THEN NULL ELSE r.last_level END AS last_level,
        CASE WHEN r.last_reminder_date <= %2$L::date THEN r.last_reminder_date END AS last_reminder_date,
        CASE WHEN r.last_reminder_date > %2$L::date THEN NULL ELSE r.reminder_count END AS reminder_count
    FROM source_rows AS r
        CROSS JOIN LATERAL (SELECT %3$s AS settled_on) AS d
    WHERE num_nulls(%4$s(r.customer_id, r.invoice_id, r.invoice_date, %6$s, r.paid_date, r.amount, r.open_amount,
            r.attributes, r.last_level, r.last_reminder_date, r.reminder_count, r.not_before, r.promised_date,
            r.disputed_from, r.disputed_until, r.credited_on, r.written_off_on)) <> 0
        AND (r.invoice_date <= %2$L::date OR r.invoice_date IS NULL)%5$s
)$query$,
        @extschema@._source_query(_with_items.source, _with_items.only_customer), _with_items.as_of,
        -- What the source does not have is left out, so that the planner knows paid_date for what it is.
        CASE WHEN @extschema@._source_has_column(_with_items.source, 'credited_on'::text)
                  OR @extschema@._source_has_column(_with_items.source, 'written_off_on'::text)
             THEN 'least(r.paid_date, r.credited_on, r.written_off_on)' ELSE 'r.paid_date' END,
        '@extschema@._item_fault', _with_items.only_rows,
        CASE WHEN undated THEN 'coalesce(r.due_date, date ''2000-01-01'')' ELSE 'r.due_date' END)
$$;
COMMENT ON FUNCTION _with_items(text, date, text, text, boolean) IS
    'internal: SQL text: the head of a query, with the CTEs source_rows (the source as it is) and items (its usable rows as of the day; undated: those too that lack nothing but a due date), or those of one customer; runs with the rights of the caller';

CREATE FUNCTION unusable_items(source text)
    RETURNS TABLE (customer_id text, invoice_id text, reason text)
    LANGUAGE plpgsql STABLE COST 100000 ROWS 100
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN QUERY EXECUTE @extschema@._with_items(source, 'infinity'::date, ''::text, NULL::text, false) || $query$
, numbers AS (
    SELECT i.invoice_id, min(i.customer_id) AS one, max(i.customer_id) AS other, coalesce(bool_or(i.is_open), false) AS is_open
    FROM items AS i GROUP BY i.invoice_id HAVING min(i.customer_id) <> max(i.customer_id)
), faults AS (
    SELECT r.customer_id, r.invoice_id, r.paid_date IS NULL AS is_open,
        @extschema@._item_fault(r.customer_id, r.invoice_id, r.invoice_date, r.due_date, r.paid_date, r.amount,
            r.open_amount, r.attributes, r.last_level, r.last_reminder_date, r.reminder_count, r.not_before,
            r.promised_date, r.disputed_from, r.disputed_until, r.credited_on, r.written_off_on) AS fault
    FROM source_rows AS r
), found AS (
    SELECT f.customer_id, f.invoice_id, f.is_open, f.fault FROM faults AS f WHERE f.fault IS NOT NULL
    UNION ALL
    SELECT DISTINCT i.customer_id, i.invoice_id, n.is_open, 'invoice_id is that of an invoice of customer "'
        || CASE WHEN i.customer_id = n.one THEN n.other ELSE n.one END || '" too'
    FROM numbers AS n JOIN items AS i ON i.invoice_id = n.invoice_id
)
SELECT f.customer_id, f.invoice_id, f.fault FROM found AS f
ORDER BY f.is_open DESC, f.customer_id, f.invoice_id, f.fault$query$;
END;
$$;
COMMENT ON FUNCTION unusable_items(text) IS
    'the rows of a source that refresh, plans and lists leave out, each with the reason, those of open invoices first; and the invoices whose number another customer has too: no plan or list has them while more than one of the customers has it open';

-- Numbers are looked for among the open rows: two of them make every reminder ambiguous. Those that settled rows
-- have too are listed by unusable_items(), which takes longer than a refresh may.
CREATE FUNCTION _count_unusable(source text, as_of date) RETURNS bigint
    LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    unusable bigint;
BEGIN
    EXECUTE @extschema@._with_items(source, as_of, ''::text, NULL::text, false) || $query$
, shared AS (
    SELECT i.invoice_id FROM items AS i WHERE i.is_open
    GROUP BY i.invoice_id HAVING min(i.customer_id) < max(i.customer_id)
)
SELECT (SELECT count(*) FROM shared) + (SELECT count(*) FROM source_rows AS r
    WHERE @extschema@._item_fault(r.customer_id, r.invoice_id, r.invoice_date, r.due_date, r.paid_date, r.amount,
            r.open_amount, r.attributes, r.last_level, r.last_reminder_date, r.reminder_count, r.not_before,
            r.promised_date, r.disputed_from, r.disputed_until, r.credited_on, r.written_off_on) IS NOT NULL)$query$
        INTO unusable;
    RETURN unusable;
END;
$$;
COMMENT ON FUNCTION _count_unusable(text, date) IS
    'step of refresh_segments: how many rows of the source cannot be used, and how many numbers several customers have open';

CREATE FUNCTION _check_currency(source text, as_of date) RETURNS void
    LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    first_one text;
    last_one text;
BEGIN
    IF NOT @extschema@._source_has_column(source, 'currency'::text) THEN RETURN; END IF;
    BEGIN
        EXECUTE @extschema@._with_items(source, as_of, ''::text, NULL::text, false)
            || 'SELECT min(i.currency COLLATE "C"), max(i.currency COLLATE "C") FROM items AS i' INTO first_one, last_one;
    EXCEPTION WHEN OTHERS THEN
        PERFORM @extschema@._blame(source, as_of, SQLSTATE, SQLERRM);
        RAISE;
    END;
    IF first_one <> last_one THEN
        RAISE EXCEPTION 'source "%" has amounts in % and in %', source, first_one, last_one
            USING ERRCODE = 'invalid_parameter_value',
                HINT = 'One source has one currency: make a view for each, or one that converts.';
    END IF;
END;
$$;
COMMENT ON FUNCTION _check_currency(text, date) IS
    'internal: an error that names two of them when a source has amounts in more than one currency; else nothing; rows that name none do not count';
