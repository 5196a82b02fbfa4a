-- What was sent, for ERPs without a dunning log of their own.

CREATE FUNCTION record_reminder(source text, customer_id text, invoice_id text, level integer,
        reminder_date date, channel text DEFAULT NULL, amount numeric DEFAULT NULL,
        notice boolean DEFAULT false)
    RETURNS boolean
    LANGUAGE plpgsql
    SET search_path = pg_catalog, @extschema@, pg_temp
AS $$
BEGIN
    PERFORM source_relation(source);
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
    INSERT INTO reminders AS r (source, customer_id, invoice_id, level, reminder_date, notice, channel, amount)
    VALUES (source, customer_id, invoice_id, level, reminder_date, coalesce(notice, false), channel, amount)
    ON CONFLICT DO NOTHING;
    RETURN FOUND;
END;
$$;
COMMENT ON FUNCTION record_reminder(text, text, text, integer, date, text, numeric, boolean) IS
    'writes one reminder that was sent into table reminders; false when it is there already (same invoice, level and date), so that it can be called again';

CREATE FUNCTION record_reminders(source text, as_of date) RETURNS bigint
    LANGUAGE plpgsql
    SET search_path = pg_catalog, @extschema@, pg_temp
AS $$
DECLARE
    recorded bigint;
BEGIN
    INSERT INTO reminders (source, customer_id, invoice_id, level, reminder_date, notice, channel, amount)
    SELECT record_reminders.source, p.customer_id, p.invoice_id, p.level, record_reminders.as_of,
        p.due_date > record_reminders.as_of, p.channel, p.amount
    FROM plan_reminders(record_reminders.source, record_reminders.as_of) AS p
    ON CONFLICT DO NOTHING;
    GET DIAGNOSTICS recorded = ROW_COUNT;
    RETURN recorded;
END;
$$;
COMMENT ON FUNCTION record_reminders(text, date) IS
    'writes all that plan_reminders(source, as_of) says into table reminders, as sent on as_of; the number written. What is recorded is no longer planned: call it in the transaction that sends';

CREATE FUNCTION record_letters(source text, as_of date) RETURNS bigint
    LANGUAGE plpgsql
    SET search_path = pg_catalog, @extschema@, pg_temp
AS $$
DECLARE
    recorded bigint;
BEGIN
    INSERT INTO reminders (source, customer_id, invoice_id, level, reminder_date, notice, channel, amount)
    SELECT record_letters.source, l.customer_id, i.invoice_id, i.level, record_letters.as_of,
        i.due_date > record_letters.as_of, l.channel, i.amount
    FROM plan_letters(record_letters.source, record_letters.as_of) AS l,
        jsonb_to_recordset(l.invoices) AS i (invoice_id text, level integer, due_date date, amount numeric)
    WHERE i.level IS NOT NULL
    ON CONFLICT DO NOTHING;
    GET DIAGNOSTICS recorded = ROW_COUNT;
    RETURN recorded;
END;
$$;
COMMENT ON FUNCTION record_letters(text, date) IS
    'writes the invoices whose level the letters of plan_letters(source, as_of) raise into table reminders, as sent on as_of; the number written';
