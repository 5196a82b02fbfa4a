-- The plan of a source: what to remind on a day, one row an invoice or one letter a customer.

-- The query behind plans, reviews and letters. Its parameters: $1 as_of, $2 dunning policy, $3 calendar,
-- $4 name of the source, $5 the profile of the portfolio where that is the prior.
--   item     what is open on as_of, one row an invoice; an item paid after that day is open on it
--   logged   the last reminder of each invoice in table reminders, and how many there were
--   contact  the last reminder of each customer, about any invoice; notices are no reminders
-- The ERP's own last_level and last_reminder_date win over the table.
CREATE FUNCTION reminder_query(source text, by_customer boolean) RETURNS text
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, @extschema@, pg_temp
AS $$
    SELECT format($query$
WITH item AS (
    SELECT customer_id, invoice_id, min(due_date) AS due_date,
        sum(CASE WHEN paid_date IS NULL THEN open_amount ELSE amount END) AS open_amount,
        coalesce(bool_or(disputed), false) AS disputed, max(last_level) AS last_level,
        max(last_reminder_date) AS last_reminder_date, max(not_before) AS not_before,
        max(promised_date) AS promised_date, max(channel) AS channel
    FROM (%1$s) AS source_item
    WHERE (paid_date IS NULL OR paid_date > $1) AND (invoice_date IS NULL OR invoice_date <= $1)
    GROUP BY customer_id, invoice_id
), logged AS (
    SELECT DISTINCT ON (invoice_id) invoice_id, level, reminder_date,
        count(*) FILTER (WHERE NOT notice) OVER (PARTITION BY invoice_id)::integer AS reminder_count
    FROM reminders WHERE source = $4 AND reminder_date <= $1
    ORDER BY invoice_id, reminder_date DESC, level DESC
), contact AS (
    SELECT customer_id, max(day) AS day FROM (
        SELECT customer_id, reminder_date AS day
        FROM reminders WHERE source = $4 AND reminder_date <= $1 AND NOT notice
        UNION ALL
        SELECT customer_id, last_reminder_date
        FROM (%1$s) AS source_item WHERE last_reminder_date <= $1 AND last_reminder_date >= due_date
    ) AS reminded GROUP BY customer_id
), known AS (
    SELECT item.*, customer.segment, customer.profile, logged.level AS logged_level,
        logged.reminder_date AS logged_date, logged.reminder_count, contact.day AS contact_date,
        %2$s AS reminded_amount
    FROM item
        LEFT JOIN customer_segments AS customer
            ON customer.source = $4 AND customer.customer_id = item.customer_id
        LEFT JOIN logged ON logged.invoice_id = item.invoice_id
        LEFT JOIN contact ON contact.customer_id = item.customer_id
)
SELECT known.customer_id, known.invoice_id, known.segment, known.due_date, known.open_amount,
    known.disputed, known.reminded_amount,
    next_reminder($2, known.due_date, known.reminded_amount, $1,
        segment => known.segment, profile => known.profile, prior => %3$s, calendar => $3,
        last_level => coalesce(known.last_level, known.logged_level),
        last_reminder_date => CASE
            WHEN known.last_level IS NULL OR known.last_level = known.logged_level
                THEN coalesce(known.last_reminder_date, known.logged_date)
            ELSE known.last_reminder_date END,
        reminder_count => CASE WHEN known.last_level IS NULL THEN known.reminder_count END,
        last_contact_date => known.contact_date, disputed => known.disputed,
        not_before => known.not_before, promised_date => known.promised_date,
        channel => known.channel) AS reminder
FROM known%4$s
OFFSET 0$query$,
        source_query(s.name),
        CASE WHEN by_customer THEN $amount$CASE WHEN item.due_date < $1 AND item.open_amount > 0
            THEN coalesce(sum(item.open_amount) FILTER
                (WHERE item.open_amount < 0 OR (item.due_date < $1 AND NOT item.disputed))
                OVER (PARTITION BY item.customer_id), 0)
            ELSE item.open_amount END$amount$ ELSE 'item.open_amount' END,
        CASE s.prior WHEN 'segment' THEN 'prior.profile' ELSE '$5' END,
        CASE s.prior WHEN 'segment' THEN '
    LEFT JOIN segment_profiles AS prior ON prior.source = $4 AND prior.segment = known.segment' END)
    FROM sources AS s WHERE s.name = reminder_query.source
$$;
COMMENT ON FUNCTION reminder_query(text, boolean) IS
    'SQL text of the query behind plan_reminders and plan_letters: every open item of a source with its next reminder; by_customer: amounts are those of all overdue invoices of the customer together, less its credits';

CREATE FUNCTION check_refreshed(source text) RETURNS void
    LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, @extschema@, pg_temp
AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM refresh_runs AS r
                   WHERE r.source = check_refreshed.source AND r.phase = 'finished') THEN
        RAISE EXCEPTION 'source "%" has never been refreshed', source
            USING ERRCODE = 'object_not_in_prerequisite_state',
                DETAIL = 'Nothing is known yet of how its customers pay.',
                HINT = format('CALL refresh_segments(%L, current_date);', source);
    END IF;
END;
$$;
COMMENT ON FUNCTION check_refreshed(text) IS
    'an error when no refresh of the source has been finished; else nothing';

-- The values that the query takes, and the first check of every function of the plan.
CREATE FUNCTION reminder_query_values(source text, as_of date,
        OUT policy dunning_policy, OUT calendar business_calendar, OUT prior payment_profile)
    LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, @extschema@, pg_temp
AS $$
DECLARE
    kind_of_prior text;
BEGIN
    IF as_of IS NULL OR NOT isfinite(as_of) THEN
        RAISE EXCEPTION 'a plan needs a day, not %', coalesce(as_of::text, 'NULL')
            USING ERRCODE = CASE WHEN as_of IS NULL THEN 'null_value_not_allowed'
                                 ELSE 'datetime_field_overflow' END;
    END IF;
    PERFORM source_relation(source);
    SELECT coalesce(d.policy, standard_dunning_policy()), c.calendar, s.prior
        INTO STRICT reminder_query_values.policy, reminder_query_values.calendar, kind_of_prior
    FROM sources AS s
        LEFT JOIN dunning_policies AS d ON d.name = s.dunning_policy
        LEFT JOIN business_calendars AS c ON c.name = s.calendar
    WHERE s.name = reminder_query_values.source;
    PERFORM check_refreshed(source);
    IF kind_of_prior = 'portfolio' THEN
        SELECT rollup(p.profile) INTO reminder_query_values.prior
        FROM segment_profiles AS p WHERE p.source = reminder_query_values.source;
    END IF;
END;
$$;
COMMENT ON FUNCTION reminder_query_values(text, date) IS
    'dunning policy, calendar and prior of a source, for reminder_query; an error when there is no such source, its relation is gone, it has never been refreshed, or as_of is NULL or infinite';

CREATE FUNCTION plan_reminders(source text, as_of date, horizon integer DEFAULT 0)
    RETURNS TABLE (customer_id text, invoice_id text, segment text, level integer, reminder_date date,
                   channel text, template text, amount numeric, fee numeric, due_date date,
                   days_late integer, reason text)
    LANGUAGE plpgsql STABLE ROWS 10000
    SET search_path = pg_catalog, @extschema@, pg_temp
AS $$
DECLARE
    taken record;
    days_ahead integer := coalesce(horizon, 0);
BEGIN
    IF days_ahead < 0 THEN
        RAISE EXCEPTION 'the horizon of a plan is % days, it cannot be negative', days_ahead
            USING ERRCODE = 'invalid_parameter_value';
    END IF;
    taken := reminder_query_values(source, as_of);
    RETURN QUERY EXECUTE format(
        'SELECT p.customer_id, p.invoice_id, p.segment, (p.reminder).level, (p.reminder).reminder_date,
                (p.reminder).channel, (p.reminder).template, p.open_amount, (p.reminder).fee, p.due_date,
                $1 - p.due_date, (p.reminder).reason
         FROM (%s) AS p
         WHERE (p.reminder).reminder_date <= $1 + $6', reminder_query(source, false))
        USING as_of, taken.policy, taken.calendar, source, taken.prior, days_ahead;
END;
$$;
COMMENT ON FUNCTION plan_reminders(text, date, integer) IS
    'the reminders of a source that are due on as_of, or become due within horizon days if nothing is paid until then: one row an invoice, with the segment and profile of the last refresh; amount is what is open, in the currency of the source; days_late is as_of - due_date; for horizon 0 exactly the open invoices for which is_reminder_due';

CREATE FUNCTION invoices_to_review(source text, as_of date)
    RETURNS TABLE (customer_id text, invoice_id text, segment text, amount numeric, due_date date,
                   days_late integer, reason text)
    LANGUAGE plpgsql STABLE ROWS 1000
    SET search_path = pg_catalog, @extschema@, pg_temp
AS $$
DECLARE
    taken record := reminder_query_values(source, as_of);
BEGIN
    RETURN QUERY EXECUTE format(
        'SELECT p.customer_id, p.invoice_id, p.segment, p.open_amount, p.due_date, $1 - p.due_date,
                (p.reminder).reason
         FROM (%s) AS p WHERE (p.reminder).status = ''review''', reminder_query(source, false))
        USING as_of, taken.policy, taken.calendar, source, taken.prior;
END;
$$;
COMMENT ON FUNCTION invoices_to_review(text, date) IS
    'open invoices too old for a first reminder, by the "start" of the dunning policy: the backlog on the day of installation, for a person to look at; no plan contains them';
