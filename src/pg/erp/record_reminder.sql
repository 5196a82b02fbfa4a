-- What was sent, for ERPs without a dunning log of their own.

CREATE FUNCTION _check_reminder(customer_id text, invoice_id text, level integer, reminder_date date, notice boolean, amount numeric)
    RETURNS void
    LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF customer_id IS NULL OR invoice_id IS NULL OR level IS NULL OR reminder_date IS NULL THEN
        RAISE EXCEPTION 'a reminder needs customer, invoice, level and date'
            USING ERRCODE = 'null_value_not_allowed',
                DETAIL = format('Given: %s, %s, %s, %s.', coalesce(customer_id, 'NULL'),
                    coalesce(invoice_id, 'NULL'), coalesce(level::text, 'NULL'),
                    coalesce(reminder_date::text, 'NULL'));
    END IF;
    IF NOT isfinite(reminder_date) THEN
        RAISE EXCEPTION 'the reminder of invoice "%" has the date %', invoice_id, reminder_date
            USING ERRCODE = 'datetime_field_overflow';
    END IF;
    IF reminder_date > current_date + 1 THEN
        RAISE EXCEPTION 'the reminder of invoice "%" has the date %, which has not come yet', invoice_id, reminder_date
            USING ERRCODE = 'invalid_parameter_value', HINT = 'What is recorded was sent. Until that day no plan could be recorded.';
    END IF;
    IF customer_id = '' OR invoice_id = '' THEN
        RAISE EXCEPTION 'a reminder needs the names of its customer and its invoice, not "%" and "%"', customer_id, invoice_id
            USING ERRCODE = 'invalid_parameter_value';
    END IF;
    IF level NOT BETWEEN (CASE WHEN notice THEN -99 ELSE 1 END) AND 999 THEN
        RAISE EXCEPTION 'the reminder of invoice "%" has the level %', invoice_id, level
            USING ERRCODE = 'numeric_value_out_of_range', HINT = 'Dunning levels are 1 to 999, those of notices -99 to 999, as in dunning policies.';
    END IF;
    IF amount IN ('NaN', 'Infinity', '-Infinity') THEN
        RAISE EXCEPTION 'the reminder of invoice "%" has the amount %', invoice_id, amount
            USING ERRCODE = 'numeric_value_out_of_range';
    END IF;
END;
$$;
COMMENT ON FUNCTION _check_reminder(text, text, integer, date, boolean, numeric) IS
    'step of record_reminder: an error when there cannot have been such a reminder; else nothing';

CREATE FUNCTION record_reminder(source text, customer_id text, invoice_id text, level integer,
        reminder_date date, channel text DEFAULT NULL, amount numeric DEFAULT NULL,
        notice boolean DEFAULT false)
    RETURNS boolean
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM @extschema@.source_relation(source),
        @extschema@._check_reminder(customer_id, invoice_id, level, reminder_date, notice, amount);
    INSERT INTO @extschema@.reminders AS r (source, customer_id, invoice_id, level, reminder_date, notice, channel, amount)
    VALUES (source, customer_id, invoice_id, level, reminder_date, coalesce(notice, false), channel, amount)
    ON CONFLICT DO NOTHING;
    RETURN FOUND;
END;
$$;
COMMENT ON FUNCTION record_reminder(text, text, text, integer, date, text, numeric, boolean) IS
    'writes one reminder that was sent into table reminders; false when it is there already (same invoice, level and date), so that it can be called again; a date later than tomorrow is an error; whether the source has the invoice is not asked, so that it may come later';

-- Two that send at the same time would both plan the same: the lock makes the second see what the first
-- recorded. What was sent later cannot be known to a plan of an earlier day, which would double it. REPEATABLE READ would
-- go on reading the log as it was before the lock; SERIALIZABLE notices by itself that it has changed.
CREATE FUNCTION _start_recording(source text, as_of date) RETURNS void
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    latest date;
BEGIN
    IF current_setting('transaction_isolation') = 'repeatable read' THEN
        RAISE EXCEPTION 'what is sent cannot be recorded in a REPEATABLE READ transaction'
            USING ERRCODE = 'invalid_transaction_state', DETAIL = 'It would not see what another one records at the same time.',
                HINT = 'BEGIN ISOLATION LEVEL READ COMMITTED, or SERIALIZABLE, which may have to be tried again.';
    END IF;
    PERFORM @extschema@.source_relation(source), @extschema@._check_log_rights(),
        pg_advisory_xact_lock('@extschema@.reminders'::regclass::oid::integer, hashtext(source));
    SELECT max(r.reminder_date) INTO latest FROM @extschema@.reminders AS r WHERE r.source = _start_recording.source;
    IF latest > as_of THEN
        RAISE EXCEPTION 'source "%" has reminders of % already: a plan of % cannot be recorded any more', source, latest, as_of
            USING ERRCODE = 'invalid_parameter_value', HINT = 'What a missed day would have sent is in the plan of today.';
    END IF;
END;
$$;
COMMENT ON FUNCTION _start_recording(text, date) IS
    'internal: holds off others that record reminders of the source until the end of the transaction; an error when reminders after as_of are recorded, or under REPEATABLE READ';

CREATE FUNCTION record_reminders(source text, as_of date)
    RETURNS TABLE (customer_id text, customer_name text, invoice_id text, segment text, level integer,
                   reminder_date date, channel text, template text, amount numeric, fee numeric, due_date date,
                   days_late integer, reason text)
    LANGUAGE plpgsql ROWS 10000
    SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
BEGIN
    PERFORM @extschema@._start_recording(record_reminders.source, record_reminders.as_of);
    RETURN QUERY
    WITH planned AS MATERIALIZED (
        SELECT * FROM @extschema@.plan_reminders(record_reminders.source, record_reminders.as_of, 0)
    ), written AS (
        INSERT INTO @extschema@.reminders AS r (source, customer_id, invoice_id, level, reminder_date, notice, channel, amount)
        SELECT record_reminders.source, p.customer_id, p.invoice_id, p.level, record_reminders.as_of,
            p.due_date > record_reminders.as_of, p.channel, p.amount
        FROM planned AS p
        ON CONFLICT DO NOTHING
        RETURNING r.invoice_id
    )
    SELECT p.* FROM planned AS p JOIN written AS w ON w.invoice_id = p.invoice_id;
END;
$$;
COMMENT ON FUNCTION record_reminders(text, date) IS
    'writes the plan of the day into table reminders, as sent on as_of, and returns what it wrote, as plan_reminders does: send just that, in the same transaction; a second call on the day, also at the same time, returns what has come since';

CREATE FUNCTION record_letters(source text, as_of date)
    RETURNS TABLE (customer_id text, customer_name text, segment text, level integer, channel text, template text,
                   amount numeric, overdue_amount numeric, credit_amount numeric, fee numeric,
                   invoice_count integer, oldest_due_date date, invoices jsonb, reason text)
    LANGUAGE plpgsql ROWS 1000
    SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
BEGIN
    PERFORM @extschema@._start_recording(record_letters.source, record_letters.as_of);
    RETURN QUERY
    WITH planned AS MATERIALIZED (
        SELECT * FROM @extschema@.plan_letters(record_letters.source, record_letters.as_of)
    ), written AS (
        INSERT INTO @extschema@.reminders AS r (source, customer_id, invoice_id, level, reminder_date, notice, channel, amount)
        SELECT record_letters.source, l.customer_id, i.invoice_id, i.level, record_letters.as_of,
            i.due_date > record_letters.as_of, l.channel, i.amount
        FROM planned AS l,
            jsonb_to_recordset(l.invoices) AS i (invoice_id text, level integer, due_date date, amount numeric)
        WHERE i.level IS NOT NULL
        ON CONFLICT DO NOTHING
        RETURNING r.customer_id
    )
    SELECT l.* FROM planned AS l WHERE l.customer_id IN (SELECT w.customer_id FROM written AS w);
END;
$$;
COMMENT ON FUNCTION record_letters(text, date) IS
    'writes the invoices whose level the letters of the day raise into table reminders, as sent on as_of, and returns the letters, as plan_letters does: send just those, in the same transaction; a second call on the day, also at the same time, returns what has come since';
