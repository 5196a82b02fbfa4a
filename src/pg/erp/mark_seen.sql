-- Who has looked at a customer of the watch list, and for how long that keeps it quiet.

CREATE TABLE seen_customers (
    source text NOT NULL,
    customer_id text NOT NULL,
    seen_on date NOT NULL,
    until date NOT NULL CHECK (until > seen_on),
    reasons text[] NOT NULL,
    amount_at_stake numeric NOT NULL,
    recorded_at timestamp with time zone NOT NULL DEFAULT now(),
    recorded_by name NOT NULL DEFAULT current_user,
    PRIMARY KEY (source, customer_id, seen_on)
);
COMMENT ON TABLE seen_customers IS 'customers of the watch list that somebody has looked at, written by mark_seen';
COMMENT ON COLUMN seen_customers.source IS 'name of the source';
COMMENT ON COLUMN seen_customers.customer_id IS 'customer, as the source named it on that day';
COMMENT ON COLUMN seen_customers.seen_on IS 'the day on which it was looked at';
COMMENT ON COLUMN seen_customers.until IS 'the first day on which the same reasons put it on the list again';
COMMENT ON COLUMN seen_customers.reasons IS 'the reasons that it was on the list for';
COMMENT ON COLUMN seen_customers.amount_at_stake IS 'what was at stake, in the currency of the source';
COMMENT ON COLUMN seen_customers.recorded_at IS 'when it was recorded';
COMMENT ON COLUMN seen_customers.recorded_by IS 'who recorded it';

CREATE FUNCTION mark_seen(source text, customer_id text, until date DEFAULT NULL, as_of date DEFAULT NULL)
    RETURNS boolean
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
DECLARE
    day date := coalesce(as_of, current_date);
    quiet_until date := coalesce(until, day + 30);
    watched record;
BEGIN
    IF customer_id IS NULL OR NOT isfinite(day) OR NOT isfinite(quiet_until) OR quiet_until <= day THEN
        RAISE EXCEPTION 'customer "%" cannot be marked as seen on % until %', customer_id, day, quiet_until
            USING ERRCODE = 'invalid_parameter_value', HINT = 'Until is a day after as_of.';
    END IF;
    SELECT w.reasons, w.amount_at_stake INTO watched
    FROM @extschema@._watch_one(source, day, customer_id) AS w WHERE w.reasons <> '{}'::text[];
    IF NOT FOUND THEN RETURN false; END IF;
    INSERT INTO @extschema@.seen_customers AS s (source, customer_id, seen_on, until, reasons, amount_at_stake)
    VALUES (source, customer_id, day, quiet_until, watched.reasons, watched.amount_at_stake)
    ON CONFLICT ON CONSTRAINT seen_customers_pkey DO UPDATE
        SET until = excluded.until, reasons = excluded.reasons, amount_at_stake = excluded.amount_at_stake,
            recorded_at = excluded.recorded_at, recorded_by = excluded.recorded_by;
    RETURN true;
END;
$$;
COMMENT ON FUNCTION mark_seen(text, text, date, date) IS
    'somebody has looked at a customer of the watch list: customers_to_watch leaves it out from as_of (today) on, until the day until (the first on which it comes back; default 30 days after as_of), or a reason that it was not on the list for, or a quarter more at stake; written into table seen_customers; false when there is no reason to watch the customer on as_of, and then nothing is written';
