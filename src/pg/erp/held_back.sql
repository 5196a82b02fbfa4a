-- What is open and goes out neither today nor on a later day of its own.

-- Its steps: held, an invoice whose day has come, or that has none, for each way to remind it (by itself, as a line of
-- a letter), with what keeps it; told, both ways in one row.
CREATE FUNCTION _held_query(source text, as_of date) RETURNS text
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT @extschema@._with_plan(_held_query.source, _held_query.as_of, NULL::text) || $query$
, held AS (
    SELECT p.customer_id, p.customer_name, p.invoice_id, p.segment, p.level, p.net, p.due_date, p.by_letter, p.sends_on,
        CASE WHEN p.stopped_by IS NOT NULL THEN 'treatment' WHEN p.decision = 'give_up' THEN 'review'
             WHEN p.stopped IS NOT NULL THEN 'not_before' WHEN p.status = 'settled' THEN 'credit'
             WHEN p.status = 'review' THEN 'review'
             WHEN p.reminder_date <= $1 THEN 'calendar'
             WHEN p.held_by = 'not_before' AND p.left_until >= greatest(p.set_date, p.next_date, p.left_until) THEN 'review'
             ELSE p.held_by END AS held_by,
        CASE WHEN p.stopped IS NOT NULL THEN p.stopped
             WHEN p.status = 'settled' AND p.rest <= 0 THEN 'a credit that names it covers it'
             WHEN p.status = 'settled' THEN format('credits of the customer cover it: %s', -p.credit)
             WHEN p.status = 'review' AND p.left_until > $1 THEN format('left until %s', p.left_until)
             WHEN p.reminder_date <= $1 THEN format('%s; %s is no business day', p.reason, $1)
             ELSE p.reason END AS reason
    FROM planned AS p
    WHERE (p.open_amount > 0 OR p.open_amount IS NULL)
        AND (p.status <> 'scheduled' OR p.wanted_date <= $1 AND (p.sends_on > $1 OR p.sends_on IS NULL))
), told AS (
    SELECT h.customer_id, h.customer_name, h.invoice_id, h.segment, h.level, h.net, h.due_date, count(*) OVER invoice AS ways, h.by_letter,
        h.sends_on, h.held_by, h.reason, lead(h.reason) OVER invoice AS letter_reason
    FROM held AS h
    WINDOW invoice AS (PARTITION BY h.invoice_id ORDER BY h.by_letter ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)
)
SELECT t.customer_id, t.customer_name, t.invoice_id, t.segment,
    CASE WHEN t.ways = 2 THEN 'both' WHEN t.by_letter THEN 'letters' ELSE 'reminders' END,
    t.level, t.net, t.due_date, $1 - t.due_date, t.held_by, t.sends_on,
    t.reason || CASE WHEN t.letter_reason <> t.reason THEN '; as a letter: ' || t.letter_reason ELSE '' END
FROM told AS t WHERE NOT t.by_letter OR t.ways = 1$query$
$$;
COMMENT ON FUNCTION _held_query(text, date) IS
    'SQL text of the query behind held_back; takes the parameters of _with_plan';

CREATE FUNCTION held_back(source text, as_of date)
    RETURNS TABLE (customer_id text, customer_name text, invoice_id text, segment text, held_from text, level integer, amount numeric,
                   due_date date, days_late integer, held_by text, until date, reason text)
    LANGUAGE plpgsql STABLE COST 100000 ROWS 1000
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    taken record := @extschema@._plan_values(source, as_of);
BEGIN
    RETURN QUERY EXECUTE @extschema@._held_query(source, as_of)
        USING as_of, source, taken.policy, taken.calendar, taken.prior, '{false,true}'::boolean[], taken.first_day;
EXCEPTION WHEN OTHERS THEN
    PERFORM @extschema@._blame(source, as_of, SQLSTATE, SQLERRM);
    RAISE;
END;
$$;
COMMENT ON FUNCTION held_back(text, date) IS
    'the open invoices of a source that do not go out on as_of although their day by the steps and habits has come, and those that have no day, one row each: held_from says from what (reminders, letters or both), held_by by what in one word (credit, minimum, interval, contacts, not_before, promise, calendar, dispute, treatment, review, hold, no_reminder, final), until the day on which it goes out if nothing changes, reason the sentence; amount is what is open when the credits of the customer are taken off; an invoice that is neither here nor in the plan of the day has a later day in the plan';
