-- The plan of a source: what to remind on a day, one row an invoice.

-- What was sent, as a table of its own to the planner: statistics may not know the log of a source yet, and one
-- reminder of an unknown customer after the other would be looked for in the whole source.
CREATE FUNCTION _sent(source text, as_of date)
    RETURNS TABLE (customer_id text, invoice_id text, level integer, reminder_date date, notice boolean)
    LANGUAGE plpgsql STABLE PARALLEL RESTRICTED COST 10000 ROWS 100000
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN QUERY SELECT r.customer_id, r.invoice_id, r.level, r.reminder_date, r.notice
    FROM @extschema@.reminders AS r
    WHERE r.source = _sent.source AND r.reminder_date <= _sent.as_of;
END;
$$;
COMMENT ON FUNCTION _sent(text, date) IS 'internal: the reminders of a source that are recorded until that day';

-- Who was spoken to when. CTEs:
--   sent      the reminders that are recorded
--   logged    the last of them for each invoice, and how many there were; notices are no reminders
--   owners    who has the invoices of the log now: the customer of its open rows, else of all its rows, where that is one
--   spoken    the other contacts that are recorded
--   days      a day on which something went out to a customer, about whichever of its invoices, is one contact, and so is
--             each that is recorded. A reminder counts for the customer who has the invoice now, one of the ERP's own for
--             the customer of its row. Notices are contacts, but no interval begins with them.
--   contacts  of each customer
CREATE FUNCTION _with_contacts(source text, as_of date, only_customer text) RETURNS text
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT @extschema@._with_balances(_with_contacts.source, _with_contacts.as_of, _with_contacts.only_customer) || $query$
, sent AS MATERIALIZED (
    SELECT s.customer_id, s.invoice_id COLLATE "C" AS invoice_id, s.level, s.reminder_date, s.notice
    FROM $query$ || CASE WHEN _with_contacts.only_customer IS NULL THEN '@extschema@._sent($2, $1) AS s'
                         ELSE $query$@extschema@.reminders AS s
    WHERE s.source = $2 AND s.reminder_date <= $1
        AND s.invoice_id IN (SELECT i.invoice_id COLLATE "default" FROM items AS i)$query$ END || $query$
), logged AS (
    SELECT DISTINCT ON (s.invoice_id) s.invoice_id, s.level, s.reminder_date,
        count(*) FILTER (WHERE NOT s.notice) OVER (PARTITION BY s.invoice_id)::integer AS reminder_count
    FROM sent AS s ORDER BY s.invoice_id, s.reminder_date DESC, s.level DESC
), owners AS (
    SELECT i.invoice_id, CASE WHEN bool_or(i.is_open) THEN min(i.customer_id) FILTER (WHERE i.is_open)
                              WHEN max(i.customer_id) <= min(i.customer_id) THEN min(i.customer_id) END AS customer_id
    FROM items AS i WHERE i.invoice_id IN (SELECT s.invoice_id FROM sent AS s) GROUP BY i.invoice_id
), spoken AS (
    SELECT c.customer_id COLLATE "C" AS customer_id, c.contacted_on, c.contact_id, c.next_date
    FROM @extschema@.contacts AS c WHERE c.source = $2 AND c.contacted_on <= $1$query$
        || coalesce(' AND c.customer_id = ' || quote_literal(only_customer), '') || $query$
), reminded AS (
    SELECT coalesce(o.customer_id, s.customer_id) AS customer_id, s.reminder_date AS day, s.notice
    FROM sent AS s LEFT JOIN owners AS o ON o.invoice_id = s.invoice_id
    UNION ALL
    SELECT i.customer_id, i.last_reminder_date, i.last_reminder_date < i.due_date FROM items AS i
    WHERE i.last_reminder_date IS NOT NULL
), days AS (
    SELECT r.customer_id, r.day, bool_or(NOT r.notice) AS counts FROM reminded AS r GROUP BY r.customer_id, r.day
    UNION ALL
    SELECT s.customer_id, s.contacted_on, true FROM spoken AS s
), contacts AS (
    SELECT d.customer_id, max(d.day) FILTER (WHERE d.counts) AS last_day,
        array_agg(d.day) FILTER (WHERE d.day > $1 - 366) AS days
    FROM days AS d GROUP BY d.customer_id
), agreed AS (
    SELECT DISTINCT ON (s.customer_id) s.customer_id, s.next_date FROM spoken AS s
    ORDER BY s.customer_id, s.contacted_on DESC, s.contact_id DESC
)$query$
$$;
COMMENT ON FUNCTION _with_contacts(text, date, text) IS
    'internal: SQL text: the head of a query, with the CTEs of _with_balances, what was sent (logged), and when the customers were spoken to (contacts, agreed); takes the day as $1 and the source as $2';

-- An invoice with all that is known of it and of its customer, as often as there are ways to remind it: by itself, or
-- as a line of a letter (by_letter). A customer that nothing is known of, or whom a policy hides from the caller, is an
-- unknown one. In a letter an invoice is judged by all that is overdue, less the credits; one that is due on as_of
-- itself is claimed only when it is reminded, so it adds itself.
CREATE FUNCTION _with_known(source text, as_of date, only_customer text) RETURNS text
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT @extschema@._with_contacts(_with_known.source, _with_known.as_of, _with_known.only_customer) || $query$
, segment_priors AS (
    SELECT s.segment, s.profile FROM segments AS s WHERE $5 = 'segment'
), portfolio_prior AS (
    SELECT @extschema@.rollup(s.profile) AS profile FROM segments AS s WHERE $5 = 'portfolio'
), known AS (
    SELECT b.*, m.by_letter, c.customer_name, c.segment, c.profile,
        coalesce(p.profile, (SELECT o.profile FROM portfolio_prior AS o)) AS prior,
        l.level AS logged_level, l.reminder_date AS logged_date, l.reminder_count AS logged_count,
        t.last_day AS contact_date, t.days AS contact_dates, nullif(b.not_before, 'infinity') AS set_date, a.next_date,
        CASE WHEN m.by_letter AND b.rest > 0 AND b.due_date <= $1
             THEN b.overdue_rests + CASE WHEN b.due_date = $1 OR b.is_held THEN b.rest ELSE 0 END
             ELSE b.net END AS judged_amount,
        CASE WHEN b.stopped_by IN ('insolvent', 'at_collection', 'direct_debit') THEN format('treatment: %s', b.stopped_by)
             WHEN b.stopped_by IS NOT NULL THEN format('treatment "%s" is none that is known', b.stopped_by)
             WHEN b.decision = 'give_up' THEN 'given up'
             WHEN b.not_before = 'infinity' AND NOT b.disputed THEN 'put off for ever' END AS stopped
    FROM balances AS b
        CROSS JOIN unnest($6) AS m (by_letter)
        LEFT JOIN customers AS c ON c.customer_id = b.customer_id
        LEFT JOIN segment_priors AS p ON p.segment = c.segment
        LEFT JOIN logged AS l ON l.invoice_id = b.invoice_id
        LEFT JOIN contacts AS t ON t.customer_id = b.customer_id
        LEFT JOIN agreed AS a ON a.customer_id = b.customer_id
)$query$
$$;
COMMENT ON FUNCTION _with_known(text, date, text) IS
    'internal: SQL text: the head of a query, with the CTEs of _with_contacts, and known: every open invoice of a source with all that its next reminder depends on';

-- The query behind plans, reviews, letters and what is held back. Its parameters: $1 as_of, $2 name of the source,
-- $3 dunning policy, $4 calendar, $5 which prior the source has, $6 by_letter or not or both, $7 the first business
-- day from as_of on. The ERP's own last_level and last_reminder_date win over the log; a level 0 without a date is none.
-- Columns of planned besides those of next_reminder:
--   sends_on   when it goes out: reminder_date; on a day that is no business day, not before the next one; a notice that
--              would have to wait until the due date goes out no more
CREATE FUNCTION _with_plan(source text, as_of date, only_customer text) RETURNS text
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT @extschema@._with_known(_with_plan.source, _with_plan.as_of, _with_plan.only_customer) || $query$
, planned AS (
    SELECT k.by_letter, k.customer_id, k.customer_name, k.invoice_id, k.segment, k.due_date, k.open_amount, k.rest, k.net,
        k.credit, k.is_held, k.disputed, k.dispute_reason, k.disputed_from, k.promise_date, k.stopped_by, k.stopped,
        k.decision, k.left_until, k.set_date, k.next_date, n.level, n.channel AS sent_by, n.template, n.fee, n.status,
        n.reminder_date, n.wanted_date, n.held_by,
        n.reason || CASE WHEN k.earlier_promises >= 2 AND k.promise_date >= $1
                         THEN format('; the promise to pay on %s is number %s for this invoice and holds nothing back',
                                     k.promise_date, k.earlier_promises + 1) ELSE '' END AS reason,
        CASE WHEN $7 <= $1 OR n.reminder_date IS NULL OR n.reminder_date >= $7 THEN n.reminder_date
             WHEN n.reminder_date >= k.due_date OR k.due_date > $7 THEN $7 END AS sends_on
    FROM known AS k
        CROSS JOIN LATERAL @extschema@.next_reminder($3, k.due_date, k.judged_amount, $1,
            segment => k.segment, profile => k.profile, prior => k.prior, calendar => $4,
            last_level => coalesce(k.last_level, k.logged_level),
            last_reminder_date => CASE WHEN k.last_level IS NULL OR k.last_level = k.logged_level
                                       THEN coalesce(k.last_reminder_date, k.logged_date)
                                       ELSE k.last_reminder_date END,
            reminder_count => CASE WHEN k.last_level IS NULL THEN k.logged_count
                                   WHEN k.reminder_count IS NOT NULL THEN k.reminder_count
                                   WHEN k.logged_count > k.last_level THEN k.logged_count END,
            last_contact_date => k.contact_date, contact_dates => k.contact_dates,
            disputed => k.disputed OR k.stopped IS NOT NULL,
            not_before => greatest(k.set_date, k.left_until, k.next_date),
            promised_date => CASE WHEN k.earlier_promises >= 2 THEN NULL ELSE k.promise_date END,
            reviewed => k.decision = 'dunn', channel => k.channel) AS n
)$query$
$$;
COMMENT ON FUNCTION _with_plan(text, date, text) IS
    'internal: SQL text: the head of a query, with the CTEs of _with_known and planned: every open invoice of a source with its next reminder';

CREATE FUNCTION _check_refreshed(source text) RETURNS void
    LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM @extschema@.refresh_runs AS r
                   WHERE r.source = _check_refreshed.source AND r.phase = 'finished') THEN
        RAISE EXCEPTION 'source "%" has never been refreshed', source
            USING ERRCODE = 'object_not_in_prerequisite_state',
                DETAIL = 'Nothing is known yet of how its customers pay.',
                HINT = format('CALL refresh_segments(%L, current_date);', source);
    END IF;
END;
$$;
COMMENT ON FUNCTION _check_refreshed(text) IS
    'internal: an error when no refresh of the source has been finished; else nothing';

CREATE FUNCTION _check_report(source text, as_of date, what text) RETURNS void
    LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM @extschema@._check_day(as_of, what), @extschema@.source_relation(source), @extschema@._check_log_rights(),
        @extschema@._check_refreshed(source), @extschema@._check_currency(source, as_of);
END;
$$;
COMMENT ON FUNCTION _check_report(text, date, text) IS
    'internal: what every plan, letter and list checks first: an error when there is no such source, its relation is gone, it has never been refreshed or has two currencies, the caller may not read what was sent, or as_of is NULL or infinite';

-- A plan of the morning has the payments of the business day before.
CREATE FUNCTION _check_booked(source text, as_of date, booked_until date, max_unbooked_days integer,
        calendar business_calendar)
    RETURNS void
    LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    missing integer := coalesce(@extschema@.business_days_between(calendar, booked_until + 1, as_of), as_of - booked_until - 1);
BEGIN
    IF missing > max_unbooked_days THEN
        RAISE EXCEPTION 'payments of source "%" are booked until %, which is % business days before %', source, booked_until,
                missing, as_of
            USING ERRCODE = 'object_not_in_prerequisite_state',
                DETAIL = format('The source allows %s (max_unbooked_days): customers who have paid would be reminded.', max_unbooked_days),
                HINT = format('UPDATE sources SET booked_until = ... WHERE name = %L; once the payments are booked.', source);
    ELSIF missing > 0 THEN
        RAISE NOTICE 'payments of source "%" are booked until %: those of % business day% before % are not known', source,
            booked_until, missing, CASE missing WHEN 1 THEN '' ELSE 's' END, as_of;
    END IF;
END;
$$;
COMMENT ON FUNCTION _check_booked(text, date, date, integer, business_calendar) IS
    'internal: a notice when business days before as_of are not booked yet, an error when they are more than max_unbooked_days; nothing where booked_until is NULL';

CREATE FUNCTION _plan_settings(source text, as_of date, OUT policy @extschema@.dunning_policy,
        OUT calendar @extschema@.business_calendar, OUT prior text, OUT first_day date)
    LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    SELECT s.prior INTO STRICT _plan_settings.prior FROM @extschema@.sources AS s WHERE s.name = _plan_settings.source;
    policy := @extschema@._dunning_policy_of(source);
    calendar := @extschema@._calendar_of(source);
    first_day := coalesce(@extschema@.roll_date(calendar, as_of, 'following'::text), as_of);
END;
$$;
COMMENT ON FUNCTION _plan_settings(text, date) IS
    'internal: dunning policy, calendar and prior of a source and its first business day from as_of on, for _with_plan';

CREATE FUNCTION _plan_values(source text, as_of date, OUT policy @extschema@.dunning_policy,
        OUT calendar @extschema@.business_calendar, OUT prior text, OUT first_day date)
    LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    s @extschema@.sources;
BEGIN
    PERFORM @extschema@._check_report(source, as_of, 'a plan'::text);
    SELECT * INTO STRICT s FROM @extschema@.sources AS t WHERE t.name = _plan_values.source;
    SELECT p.policy, p.calendar, p.prior, p.first_day
        INTO _plan_values.policy, _plan_values.calendar, _plan_values.prior, _plan_values.first_day
    FROM @extschema@._plan_settings(source, as_of) AS p;
    PERFORM @extschema@._check_booked(source, as_of, s.booked_until, s.max_unbooked_days, calendar);
END;
$$;
COMMENT ON FUNCTION _plan_values(text, date) IS
    'internal: the values of _plan_settings, after the checks of _check_report and _check_booked';

CREATE FUNCTION plan_reminders(source text, as_of date, horizon integer DEFAULT 0)
    RETURNS TABLE (customer_id text, customer_name text, invoice_id text, segment text, level integer,
                   reminder_date date, channel text, template text, amount numeric, fee numeric, due_date date,
                   days_late integer, reason text)
    LANGUAGE plpgsql STABLE COST 100000 ROWS 1000
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    days_ahead integer := coalesce(horizon, 0);
    taken record;
BEGIN
    IF days_ahead NOT BETWEEN 0 AND 3660 THEN
        RAISE EXCEPTION 'the horizon of a plan is between 0 and 3660 days, not %', days_ahead
            USING ERRCODE = 'invalid_parameter_value';
    END IF;
    taken := @extschema@._plan_values(source, as_of);
    BEGIN
        RETURN QUERY EXECUTE @extschema@._with_plan(source, as_of, NULL::text) || $query$
SELECT p.customer_id, p.customer_name, p.invoice_id, p.segment, p.level, p.sends_on, p.sent_by, p.template,
    p.net, p.fee, p.due_date, $1 - p.due_date, p.reason
FROM planned AS p WHERE p.sends_on <= $1 + $8$query$
            USING as_of, source, taken.policy, taken.calendar, taken.prior, '{false}'::boolean[], taken.first_day, days_ahead;
    EXCEPTION WHEN OTHERS THEN
        PERFORM @extschema@._blame(source, as_of, SQLSTATE, SQLERRM);
        RAISE;
    END;
END;
$$;
COMMENT ON FUNCTION plan_reminders(text, date, integer) IS
    'the reminders of a source that are due on as_of, or become due within horizon days if nothing is paid until then; on a day that is no business day of its calendar nothing is due before the next one: one row an invoice, with the segment and profile of the last refresh, or worked out from the rows that the caller sees where he may not read these; amount is what is open when the credits of the customer are taken off, the oldest invoice first, in the currency of the source; days_late is as_of - due_date; a horizon of NULL is 0';

CREATE FUNCTION invoices_to_review(source text, as_of date)
    RETURNS TABLE (customer_id text, customer_name text, invoice_id text, segment text, amount numeric,
                   due_date date, days_late integer, reason text)
    LANGUAGE plpgsql STABLE COST 100000 ROWS 1000
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    taken record := @extschema@._plan_values(source, as_of);
BEGIN
    RETURN QUERY EXECUTE @extschema@._with_plan(source, as_of, NULL::text) || $query$
SELECT p.customer_id, p.customer_name, p.invoice_id, p.segment, p.net, p.due_date, $1 - p.due_date, p.reason
FROM planned AS p WHERE p.status = 'review' AND (p.left_until <= $1 OR p.left_until IS NULL)$query$
        USING as_of, source, taken.policy, taken.calendar, taken.prior, '{false}'::boolean[], taken.first_day;
EXCEPTION WHEN OTHERS THEN
    PERFORM @extschema@._blame(source, as_of, SQLSTATE, SQLERRM);
    RAISE;
END;
$$;
COMMENT ON FUNCTION invoices_to_review(text, date) IS
    'open invoices too old for a first reminder, by the "start" of the dunning policy: the backlog on the day of installation, for a person to look at; no plan raises them until settle_review says so, though a letter that goes out for another invoice lists them; amount is what is open when the credits of the customer are taken off';
