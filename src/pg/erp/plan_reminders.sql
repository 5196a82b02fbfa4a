-- The plan of a source: what to remind on a day, one row an invoice or one letter a customer.

-- The query behind plans, reviews and letters. Its parameters: $1 as_of, $2 dunning policy, $3 calendar,
-- $4 name of the source.
--   customer how each customer pays, and its segment
--   prior    how the customers of each segment pay together
--   item     what is open on as_of, one row an invoice; an item paid after that day is open on it
--   sent     the reminders that are recorded
--   logged   the last of them for each invoice, and how many there were
--   contact  the last reminder of each customer, about any invoice; notices are no reminders
--   known    with the customer; is_held: in dispute, put off, or promised: no letter claims it
-- The ERP's own last_level and last_reminder_date win over the table; a level 0 without a date is none.
-- By customer, an invoice is judged by all that is overdue, less the credits; one that is due on as_of itself
-- is claimed only when it is reminded, so it adds itself.
-- A caller who sees all rows of the source reads what the last refresh left and all that was sent; for another,
-- profiles, segments and priors are worked out from the rows that he sees (customer_query), and he reads what was
-- sent about his invoices.
CREATE FUNCTION reminder_query(source text, as_of date, by_customer boolean) RETURNS text
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, @extschema@, pg_temp
AS $$
    SELECT format($query$
WITH customer AS (
    %2$s
), prior AS (
    %6$s
), sent AS %7$s
    WHERE source = $4 AND reminder_date <= $1
), item AS (
    SELECT customer_id, invoice_id, min(due_date) AS due_date,
        sum(CASE WHEN paid_date > $1 THEN amount ELSE coalesce(open_amount, amount) END) AS open_amount,
        coalesce(bool_or(disputed), false) AS disputed,
        max(CASE WHEN last_level <> 0 OR last_reminder_date IS NOT NULL THEN last_level END) AS last_level,
        max(last_reminder_date) AS last_reminder_date, max(reminder_count) AS reminder_count,
        max(not_before) AS not_before, max(promised_date) AS promised_date, max(channel) AS channel
    FROM (%1$s) AS source_item
    WHERE (paid_date IS NULL OR paid_date > $1 OR open_amount <> 0)
        AND (invoice_date IS NULL OR invoice_date <= $1)
        AND customer_id IS NOT NULL AND invoice_id IS NOT NULL
    GROUP BY customer_id, invoice_id
), logged AS (
    SELECT DISTINCT ON (customer_id, invoice_id) customer_id, invoice_id, level, reminder_date,
        count(*) FILTER (WHERE NOT notice) OVER (PARTITION BY customer_id, invoice_id)::integer AS reminder_count
    FROM sent
    ORDER BY customer_id, invoice_id, reminder_date DESC, level DESC
), contact AS (
    SELECT customer_id, max(day) AS day FROM (
        SELECT customer_id, reminder_date AS day FROM sent WHERE NOT notice
        UNION ALL
        SELECT customer_id, last_reminder_date
        FROM (%1$s) AS source_item WHERE last_reminder_date <= $1 AND last_reminder_date >= due_date
    ) AS reminded GROUP BY customer_id
), known AS (
    SELECT item.*, customer.segment, customer.profile, logged.level AS logged_level,
        logged.reminder_date AS logged_date, logged.reminder_count AS logged_count, contact.day AS contact_date,
        item.disputed OR coalesce(item.not_before > $1, false) OR coalesce(item.promised_date >= $1, false)
            AS is_held
    FROM item
        LEFT JOIN customer ON customer.customer_id = item.customer_id
        LEFT JOIN logged ON logged.customer_id = item.customer_id AND logged.invoice_id = item.invoice_id
        LEFT JOIN contact ON contact.customer_id = item.customer_id
), judged AS (
    SELECT *, %3$s AS reminded_amount FROM known
)
SELECT judged.customer_id, judged.invoice_id, judged.segment, judged.due_date, judged.open_amount, judged.is_held,
    next_reminder($2, judged.due_date, judged.reminded_amount, $1,
        segment => judged.segment, profile => judged.profile, prior => %4$s, calendar => $3,
        last_level => coalesce(judged.last_level, judged.logged_level),
        last_reminder_date => CASE
            WHEN judged.last_level IS NULL OR judged.last_level = judged.logged_level
                THEN coalesce(judged.last_reminder_date, judged.logged_date)
            ELSE judged.last_reminder_date END,
        reminder_count => CASE
            WHEN judged.last_level IS NULL THEN judged.logged_count
            WHEN judged.reminder_count IS NOT NULL THEN judged.reminder_count
            WHEN judged.logged_count > judged.last_level THEN judged.logged_count END,
        last_contact_date => judged.contact_date,
        disputed => judged.disputed OR coalesce(judged.not_before = 'infinity', false),
        not_before => nullif(judged.not_before, 'infinity'), promised_date => judged.promised_date,
        channel => judged.channel) AS reminder
FROM judged%5$s
OFFSET 0$query$,
        source_query(s.name), customer_query(s.name, as_of),
        CASE WHEN by_customer THEN $amount$CASE WHEN open_amount > 0 AND due_date <= $1
            THEN coalesce(sum(open_amount) FILTER (WHERE open_amount < 0 OR (due_date < $1 AND NOT is_held))
                OVER (PARTITION BY customer_id), 0) + CASE WHEN due_date = $1 OR is_held THEN open_amount ELSE 0 END
            ELSE open_amount END$amount$ ELSE 'open_amount' END,
        CASE s.prior WHEN 'segment' THEN 'prior.profile' WHEN 'portfolio' THEN '(SELECT rollup(profile) FROM prior)'
            ELSE 'NULL' END,
        CASE s.prior WHEN 'segment' THEN '
    LEFT JOIN prior ON prior.segment = judged.segment' END,
        CASE WHEN sight.is_whole THEN 'SELECT segment, profile FROM visible_segment_profiles WHERE source = $4'
             ELSE 'SELECT segment, rollup(profile) AS profile FROM customer GROUP BY segment' END,
        CASE WHEN sight.is_whole THEN 'NOT MATERIALIZED (' ELSE 'MATERIALIZED (' END || '
    SELECT customer_id, invoice_id, level, reminder_date, notice
    FROM ' || CASE WHEN NOT sight.is_whole THEN 'visible_reminders'
                   WHEN has_table_privilege('reminders', 'SELECT') THEN 'reminders'
                   ELSE 'visible_source_reminders' END)
    FROM sources AS s
        CROSS JOIN LATERAL (SELECT sees_all_rows(source_relation(s.name)) AS is_whole OFFSET 0) AS sight
    WHERE s.name = reminder_query.source
$$;
COMMENT ON FUNCTION reminder_query(text, date, boolean) IS
    'SQL text of the query behind plan_reminders and plan_letters: every open item of a source with its next reminder; by_customer: an overdue invoice is judged by all overdue invoices of the customer together, less its credits';

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
        OUT policy dunning_policy, OUT calendar business_calendar)
    LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, @extschema@, pg_temp
AS $$
BEGIN
    IF as_of IS NULL OR NOT isfinite(as_of) THEN
        RAISE EXCEPTION 'a plan needs a day, not %', coalesce(as_of::text, 'NULL')
            USING ERRCODE = CASE WHEN as_of IS NULL THEN 'null_value_not_allowed'
                                 ELSE 'datetime_field_overflow' END;
    END IF;
    PERFORM source_relation(source);
    SELECT coalesce(d.policy, standard_dunning_policy()), c.calendar
        INTO STRICT reminder_query_values.policy, reminder_query_values.calendar
    FROM sources AS s
        LEFT JOIN dunning_policies AS d ON d.name = s.dunning_policy
        LEFT JOIN business_calendars AS c ON c.name = s.calendar
    WHERE s.name = reminder_query_values.source;
    PERFORM check_refreshed(source);
END;
$$;
COMMENT ON FUNCTION reminder_query_values(text, date) IS
    'dunning policy and calendar of a source, for reminder_query; an error when there is no such source, its relation is gone, it has never been refreshed, or as_of is NULL or infinite';

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
    IF days_ahead NOT BETWEEN 0 AND 3660 THEN
        RAISE EXCEPTION 'the horizon of a plan is between 0 and 3660 days, not %', days_ahead
            USING ERRCODE = 'invalid_parameter_value';
    END IF;
    taken := reminder_query_values(source, as_of);
    RETURN QUERY EXECUTE format(
        'SELECT p.customer_id, p.invoice_id, p.segment, (p.reminder).level, (p.reminder).reminder_date,
                (p.reminder).channel, (p.reminder).template, p.open_amount, (p.reminder).fee, p.due_date,
                $1 - p.due_date, (p.reminder).reason
         FROM (%s) AS p
         WHERE (p.reminder).reminder_date <= $1 + $5', reminder_query(source, as_of, false))
        USING as_of, taken.policy, taken.calendar, source, days_ahead;
EXCEPTION WHEN datetime_field_overflow OR numeric_value_out_of_range THEN
    PERFORM blame_item(source, SQLSTATE, SQLERRM);
    RAISE;
END;
$$;
COMMENT ON FUNCTION plan_reminders(text, date, integer) IS
    'the reminders of a source that are due on as_of, or become due within horizon days if nothing is paid until then: one row an invoice, with the segment and profile of the last refresh, or worked out from the rows that the caller sees where these are not all; amount is what is open, in the currency of the source; days_late is as_of - due_date; for horizon 0 exactly the open invoices for which is_reminder_due';

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
         FROM (%s) AS p WHERE (p.reminder).status = ''review''', reminder_query(source, as_of, false))
        USING as_of, taken.policy, taken.calendar, source;
EXCEPTION WHEN datetime_field_overflow OR numeric_value_out_of_range THEN
    PERFORM blame_item(source, SQLSTATE, SQLERRM);
    RAISE;
END;
$$;
COMMENT ON FUNCTION invoices_to_review(text, date) IS
    'open invoices too old for a first reminder, by the "start" of the dunning policy: the backlog on the day of installation, for a person to look at; no plan raises them, though a letter that goes out for another invoice lists them';
