-- What a person decided of an invoice that is too old for a first reminder, or of any other.

CREATE TABLE review_decisions (
    source text NOT NULL,
    invoice_id text NOT NULL CHECK (invoice_id <> ''),
    decision text NOT NULL CHECK (decision IN ('dunn', 'leave_until', 'give_up')),
    until date CHECK (isfinite(until)),
    decided_on date NOT NULL CHECK (isfinite(decided_on)),
    decided_at timestamp with time zone NOT NULL DEFAULT now(),
    decided_by name NOT NULL DEFAULT current_user,
    PRIMARY KEY (source, invoice_id),
    CHECK ((decision = 'leave_until') = (until IS NOT NULL))
);
COMMENT ON TABLE review_decisions IS 'what was decided of an invoice of invoices_to_review, or of another; written by settle_review; to take it back, delete the row';
COMMENT ON COLUMN review_decisions.source IS 'name of the source';
COMMENT ON COLUMN review_decisions.invoice_id IS 'invoice or instalment, as the source names it';
COMMENT ON COLUMN review_decisions.decision IS
    'dunn: it is reminded like any other, however old; leave_until: nothing goes out before until, then it is on the list again; give_up: nothing goes out any more';
COMMENT ON COLUMN review_decisions.until IS 'of leave_until: the first day on which it is on the list or may be reminded again';
COMMENT ON COLUMN review_decisions.decided_on IS 'the day from which the decision holds';
COMMENT ON COLUMN review_decisions.decided_at IS 'when it was recorded';
COMMENT ON COLUMN review_decisions.decided_by IS 'who recorded it';

CREATE FUNCTION settle_review(source text, invoice_id text, decision text, until date DEFAULT NULL, decided_on date DEFAULT NULL)
    RETURNS void
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    day date := coalesce(decided_on, current_date);
BEGIN
    IF decision IS NULL OR decision NOT IN ('dunn', 'leave_until', 'give_up') THEN
        RAISE EXCEPTION 'invoice "%" cannot be settled with "%"', invoice_id, coalesce(decision, 'NULL')
            USING ERRCODE = 'invalid_parameter_value', HINT = 'A decision is dunn, leave_until or give_up.';
    END IF;
    IF (decision = 'leave_until') <> (until IS NOT NULL) OR NOT isfinite(until) OR until <= day OR NOT isfinite(day) THEN
        RAISE EXCEPTION '% of invoice "%" on % cannot have the day %', decision, invoice_id, day, coalesce(until::text, 'NULL')
            USING ERRCODE = 'invalid_parameter_value', HINT = 'leave_until needs a later day, and the other decisions have none.';
    END IF;
    PERFORM @extschema@._invoice(source, invoice_id, day);
    INSERT INTO @extschema@.review_decisions AS d (source, invoice_id, decision, until, decided_on)
    VALUES (settle_review.source, settle_review.invoice_id, settle_review.decision, settle_review.until, day)
    ON CONFLICT ON CONSTRAINT review_decisions_pkey DO UPDATE
        SET decision = excluded.decision, until = excluded.until, decided_on = excluded.decided_on,
            decided_at = now(), decided_by = current_user;
END;
$$;
COMMENT ON FUNCTION settle_review(text, text, text, date, date) IS
    'writes into table review_decisions what is decided of an invoice: dunn, it is reminded however old it is; leave_until, nothing goes out before the day until, on which it is on invoices_to_review again; give_up, nothing goes out any more; it holds from decided_on (NULL: today) on, and takes the place of an earlier decision; an error when the source has no such invoice';
