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

-- The query behind plans, reviews and letters. Its parameters: $1 as_of, $2 name of the source, $3 dunning policy,
-- $4 calendar, $5 which prior the source has, $6 whether letters are planned, one a customer.
--   sent      the reminders that are recorded
--   logged    the last of them for each invoice, and how many there were; notices are no reminders
--   owners    who has the invoices of the log now
--   reminded  who was reminded when: a reminder counts for the customer who has the invoice now, one of the ERP's own
--             for the customer of its row
--   contacts  the last time that each customer was reminded, about any invoice
--   known     an invoice with all that is known of it and of its customer. A customer that nothing is known of, or whom
--             a policy hides from the caller, is an unknown one.
--   planned   with its next reminder
-- The ERP's own last_level and last_reminder_date win over the log; a level 0 without a date is none. In a letter an
-- invoice is judged by all that is overdue, less the credits; one that is due on as_of itself is claimed only when it
-- is reminded, so it adds itself.
CREATE FUNCTION _with_plan(source text, as_of date) RETURNS text
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT @extschema@._with_balances(_with_plan.source, _with_plan.as_of, NULL::text) || $query$
, sent AS MATERIALIZED (
    SELECT s.customer_id, s.invoice_id COLLATE "C" AS invoice_id, s.level, s.reminder_date, s.notice
    FROM @extschema@._sent($2, $1) AS s
), logged AS (
    SELECT DISTINCT ON (s.invoice_id) s.invoice_id, s.level, s.reminder_date,
        count(*) FILTER (WHERE NOT s.notice) OVER (PARTITION BY s.invoice_id)::integer AS reminder_count
    FROM sent AS s ORDER BY s.invoice_id, s.reminder_date DESC, s.level DESC
), owners AS (
    SELECT i.invoice_id, max(i.customer_id) AS customer_id FROM items AS i
    WHERE i.invoice_id IN (SELECT s.invoice_id FROM sent AS s) GROUP BY i.invoice_id
), reminded AS (
    SELECT coalesce(o.customer_id, s.customer_id) AS customer_id, s.reminder_date AS day
    FROM sent AS s LEFT JOIN owners AS o ON o.invoice_id = s.invoice_id WHERE NOT s.notice
    UNION ALL
    SELECT i.customer_id, i.last_reminder_date FROM items AS i WHERE i.last_reminder_date >= i.due_date
), contacts AS (
    SELECT r.customer_id, max(r.day) AS day FROM reminded AS r GROUP BY r.customer_id
), segment_priors AS (
    SELECT s.segment, s.profile FROM segments AS s WHERE $5 = 'segment'
), portfolio_prior AS (
    SELECT @extschema@.rollup(s.profile) AS profile FROM segments AS s WHERE $5 = 'portfolio'
), known AS (
    SELECT b.*, c.customer_name, c.segment, c.profile,
        coalesce(p.profile, (SELECT o.profile FROM portfolio_prior AS o)) AS prior,
        l.level AS logged_level, l.reminder_date AS logged_date, l.reminder_count AS logged_count, t.day AS contact_date,
        CASE WHEN $6 AND b.rest > 0 AND b.due_date <= $1
             THEN b.overdue_rests + CASE WHEN b.due_date = $1 OR b.is_held THEN b.rest ELSE 0 END
             ELSE b.net END AS judged_amount
    FROM balances AS b
        LEFT JOIN customers AS c ON c.customer_id = b.customer_id
        LEFT JOIN segment_priors AS p ON p.segment = c.segment
        LEFT JOIN logged AS l ON l.invoice_id = b.invoice_id
        LEFT JOIN contacts AS t ON t.customer_id = b.customer_id
), planned AS (
    SELECT k.customer_id, k.customer_name, k.invoice_id, k.segment, k.due_date, k.rest, k.net, k.is_held, n.level,
        n.reminder_date, n.channel, n.template, n.fee, n.status, n.reason
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
            last_contact_date => k.contact_date,
            disputed => k.disputed OR coalesce(k.not_before = 'infinity', false),
            not_before => nullif(k.not_before, 'infinity'), promised_date => k.promised_date,
            channel => k.channel) AS n
)$query$
$$;
COMMENT ON FUNCTION _with_plan(text, date) IS
    'internal: SQL text: the head of a query, with the CTEs of _with_balances and planned: every open invoice of a source with its next reminder';

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

CREATE FUNCTION _plan_values(source text, as_of date,
        OUT policy @extschema@.dunning_policy, OUT calendar @extschema@.business_calendar, OUT prior text)
    LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM @extschema@._check_report(source, as_of, 'a plan'::text);
    SELECT @extschema@._dunning_policy_of(s.name), @extschema@._calendar_of(s.name), s.prior
        INTO STRICT _plan_values.policy, _plan_values.calendar, _plan_values.prior
    FROM @extschema@.sources AS s WHERE s.name = _plan_values.source;
END;
$$;
COMMENT ON FUNCTION _plan_values(text, date) IS
    'internal: dunning policy, calendar and prior of a source, for _with_plan, after the checks of _check_report';

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
        RETURN QUERY EXECUTE @extschema@._with_plan(source, as_of) || $query$
SELECT p.customer_id, p.customer_name, p.invoice_id, p.segment, p.level, p.reminder_date, p.channel, p.template,
    p.net, p.fee, p.due_date, $1 - p.due_date, p.reason
FROM planned AS p WHERE p.reminder_date <= $1 + $7$query$
            USING as_of, source, taken.policy, taken.calendar, taken.prior, false, days_ahead;
    EXCEPTION WHEN OTHERS THEN
        PERFORM @extschema@._blame(source, as_of, SQLSTATE, SQLERRM);
        RAISE;
    END;
END;
$$;
COMMENT ON FUNCTION plan_reminders(text, date, integer) IS
    'the reminders of a source that are due on as_of, or become due within horizon days if nothing is paid until then: one row an invoice, with the segment and profile of the last refresh, or worked out from the rows that the caller sees where he may not read these; amount is what is open when the credits of the customer are taken off, the oldest invoice first, in the currency of the source; days_late is as_of - due_date; a horizon of NULL is 0';

CREATE FUNCTION invoices_to_review(source text, as_of date)
    RETURNS TABLE (customer_id text, customer_name text, invoice_id text, segment text, amount numeric,
                   due_date date, days_late integer, reason text)
    LANGUAGE plpgsql STABLE COST 100000 ROWS 1000
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    taken record := @extschema@._plan_values(source, as_of);
BEGIN
    RETURN QUERY EXECUTE @extschema@._with_plan(source, as_of) || $query$
SELECT p.customer_id, p.customer_name, p.invoice_id, p.segment, p.net, p.due_date, $1 - p.due_date, p.reason
FROM planned AS p WHERE p.status = 'review'$query$
        USING as_of, source, taken.policy, taken.calendar, taken.prior, false;
EXCEPTION WHEN OTHERS THEN
    PERFORM @extschema@._blame(source, as_of, SQLSTATE, SQLERRM);
    RAISE;
END;
$$;
COMMENT ON FUNCTION invoices_to_review(text, date) IS
    'open invoices too old for a first reminder, by the "start" of the dunning policy: the backlog on the day of installation, for a person to look at; no plan raises them, though a letter that goes out for another invoice lists them; amount is what is open when the credits of the customer are taken off';
