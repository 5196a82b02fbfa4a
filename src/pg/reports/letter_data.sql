-- letter_data: what a letter needs so that it can be paid at once.

-- What each line costs for being late; a credit that is older than the letter takes its part of the interest off.
CREATE FUNCTION _letter_lines(invoices jsonb, as_of date, rates rate_schedule, compensation numeric[], business boolean,
        dates jsonb) RETURNS jsonb
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT jsonb_agg(jsonb_build_object('invoice_id', i.invoice_id, 'invoice_date', dates -> i.invoice_id, 'due_date', i.due_date,
            'days_late', i.days_late, 'amount', i.amount, 'level', i.level,
            'interest', @extschema@.late_payment_interest(i.amount, i.due_date, as_of, rates, 'actual/365'::text, 2, business, false),
            'compensation', CASE WHEN i.amount > 0 THEN @extschema@.late_payment_compensation(i.amount, i.due_date, as_of, compensation,
                                                                                             business, false) END)
        ORDER BY i.due_date, i.invoice_id)
    FROM jsonb_to_recordset(invoices) AS i (invoice_id text, due_date date, days_late integer, amount numeric, level integer)
$$;
COMMENT ON FUNCTION _letter_lines(jsonb, date, rate_schedule, numeric[], boolean, jsonb) IS
    'internal: the lines of a letter of plan_letters, each with the interest and the compensation until as_of';

-- Of the customer of a letter: its attributes, the currency, and the dates of its open invoices.
CREATE FUNCTION _letter_customer(source text, only_customer text, as_of date,
        OUT attributes jsonb, OUT currency text, OUT collector text, OUT dates jsonb)
    LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    EXECUTE @extschema@._with_items(source, as_of, ''::text, only_customer, false) || $query$
SELECT @extschema@.customer_attributes(i.attributes), max(i.currency), max(i.collector),
    jsonb_object_agg(i.invoice_id, i.invoice_date) FILTER (WHERE i.is_open)
FROM items AS i$query$ INTO attributes, currency, collector, dates;
END;
$$;
COMMENT ON FUNCTION _letter_customer(text, text, date) IS
    'internal: what letter_data says of the customer besides the letter';

-- What the payer writes: the invoices, where they fit, else the customer.
CREATE FUNCTION _letter_reference(invoices jsonb, customer_id text) RETURNS text
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT CASE WHEN length(string_agg(i ->> 'invoice_id', ' ')) <= 140 AND count(*) > 1 THEN string_agg(i ->> 'invoice_id', ' ' ORDER BY n)
                WHEN count(*) = 1 THEN left(min(i ->> 'invoice_id'), 140) ELSE left(customer_id, 140) END
    FROM jsonb_array_elements(invoices) WITH ORDINALITY AS t (i, n) WHERE (i ->> 'amount')::numeric > 0
$$;
COMMENT ON FUNCTION _letter_reference(jsonb, text) IS
    'internal: the numbers of the invoices that a letter asks for, as the reference of the payment, or the customer where they are too long';

CREATE FUNCTION letter_data(source text, customer_id text, as_of date, rates rate_schedule DEFAULT NULL,
        compensation numeric[] DEFAULT NULL, beneficiary text DEFAULT NULL, iban text DEFAULT NULL, bic text DEFAULT NULL)
    RETURNS jsonb
    LANGUAGE plpgsql STABLE COST 10000
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    taken record;
    letter record;
    customer record;
    lines jsonb;
    business boolean;
    interest numeric;
    flat numeric;
    total numeric;
    reference text;
BEGIN
    PERFORM @extschema@._check_customer(source, as_of, customer_id);
    taken := @extschema@._plan_settings(source, as_of);
    PERFORM @extschema@._check_booked(source, as_of, s.booked_until, s.max_unbooked_days, taken.calendar)
    FROM @extschema@.sources AS s WHERE s.name = source;
    EXECUTE 'SELECT l.* FROM (' || @extschema@._letters_query(source, as_of, CASE WHEN taken.prior = 'none' THEN customer_id
            ELSE @extschema@._only_customer(customer_id) END)
        || ') AS l (customer_id, customer_name, segment, level, channel, template, amount, overdue_amount, credit_amount, fee,
            invoice_count, oldest_due_date, invoices, reason) WHERE l.customer_id = $8'
        INTO letter
        USING as_of, source, taken.policy, taken.calendar, taken.prior, '{true}'::boolean[], taken.first_day, customer_id;
    IF letter.customer_id IS NULL THEN RETURN NULL; END IF;
    customer := @extschema@._letter_customer(source, customer_id, as_of);
    business := customer.attributes -> 'business' IS DISTINCT FROM 'false'::jsonb;
    lines := @extschema@._letter_lines(letter.invoices, as_of, rates, CASE WHEN compensation IS NOT NULL THEN compensation ELSE '{}' END,
                                       business, customer.dates);
    SELECT coalesce(sum((l ->> 'interest')::numeric), 0), coalesce(sum((l ->> 'compensation')::numeric), 0) INTO interest, flat
    FROM jsonb_array_elements(lines) AS l;
    interest := greatest(interest, 0);
    total := letter.amount + round(coalesce(letter.fee, 0), 2) + interest + flat;
    reference := @extschema@._letter_reference(lines, customer_id);
    RETURN jsonb_build_object('source', source, 'as_of', as_of, 'customer_id', customer_id, 'customer_name', letter.customer_name,
        'collector', customer.collector, 'segment', letter.segment, 'attributes', customer.attributes, 'currency', customer.currency,
        'level', letter.level, 'channel', letter.channel, 'template', letter.template, 'reason', letter.reason,
        'items', (SELECT coalesce(jsonb_agg(l), '[]') FROM jsonb_array_elements(lines) AS l WHERE (l ->> 'amount')::numeric > 0),
        'credits', (SELECT coalesce(jsonb_agg(l), '[]') FROM jsonb_array_elements(lines) AS l WHERE (l ->> 'amount')::numeric < 0),
        'invoice_count', letter.invoice_count, 'oldest_due_date', letter.oldest_due_date,
        'amount', letter.amount, 'overdue_amount', letter.overdue_amount, 'credit_amount', letter.credit_amount,
        'fee', round(letter.fee, 2), 'interest', interest, 'compensation', flat, 'total', total,
        'reference', reference,
        'qr_text', CASE WHEN total >= 0.01 AND coalesce(customer.currency, 'EUR') = 'EUR'
                        THEN @extschema@.payment_qr_text(beneficiary, iban, round(total, 2), reference, bic) END);
END;
$$;
COMMENT ON FUNCTION letter_data(text, text, date, rate_schedule, numeric[], text, text, text) IS
    'all that the letter of plan_letters to one customer needs, for any mail merge: NULL when no letter is due on as_of; else customer, level, channel, template and reason; items and credits, each with invoice date, due date, days late, amount, level, interest and compensation; amount (items less credits), fee, interest and compensation until as_of, and total, their sum; reference and qr_text for paying. Interest where rates are given (simple, actual/365, each line rounded to 2 decimals; less that of credits, not below 0), compensation where its pairs are given, as in late_payment_compensation; neither for a customer with the attribute business false. qr_text where beneficiary and iban are given and the currency is none or EUR';
