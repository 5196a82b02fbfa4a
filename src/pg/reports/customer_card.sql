-- customer_card: everything on one customer. Each part reads the rows of this customer alone, so that an index on the
-- customer's column of the source serves all of it.

-- What it owes, and how it has paid until the day: one row, none where the caller sees no item of it.
CREATE FUNCTION _card_query(source text, as_of date, only_customer text) RETURNS text
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT @extschema@._with_items(_card_query.source, _card_query.as_of, ''::text, only_customer, true)
        || ', fresh AS (' || @extschema@._profiles_query(_card_query.source, _card_query.as_of)
        || '), customers AS (' || @extschema@._customers_query(_card_query.source, _card_query.as_of, only_customer) || $query$
), account AS (
    SELECT count(*) AS rows, array_agg(DISTINCT i.invoice_id COLLATE "default") AS invoice_ids, max(i.customer_name) AS customer_name, max(i.collector) AS collector, max(i.parent_id) AS parent_id,
        @extschema@.customer_attributes(i.attributes) AS attributes,
        @extschema@.aging(i.due_date, i.open_amount, $1, '{30,60,90}'::integer[], i.disputed) FILTER (WHERE i.is_open) AS aging,
        coalesce(sum(i.open_amount) FILTER (WHERE i.is_open AND (i.nettable OR i.open_amount > 0)), 0) AS exposure,
        max($1 - i.due_date) FILTER (WHERE i.is_open AND i.open_amount > 0 AND i.due_date < $1) AS oldest_overdue_days
    FROM items AS i
)
SELECT a.*, f.profile AS fresh_profile, c.segment, c.profile, s.*
FROM account AS a
    LEFT JOIN fresh AS f ON true LEFT JOIN customers AS c ON true
    LEFT JOIN LATERAL @extschema@.aging_summary(a.aging) AS s ON true
WHERE a.rows > 0$query$
$$;
COMMENT ON FUNCTION _card_query(text, date, text) IS
    'SQL text that reads what one customer owes on a day ($1), and how it has paid';

-- Why it is where it is: its last move, for who may read that; else the rule that is true now.
CREATE FUNCTION _card_segment(source text, only_customer text, as_of date, segment text, profile payment_profile, attributes jsonb)
    RETURNS jsonb
    LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    card jsonb := jsonb_build_object('segment', segment);
    policy @extschema@.segment_policy;
    told jsonb;
BEGIN
    IF @extschema@._may_read('@extschema@.customer_segments'::regclass) THEN
        card := card || (SELECT coalesce(jsonb_object_agg('since', c.since), '{}') FROM @extschema@.customer_segments AS c
                         WHERE c.source = _card_segment.source AND c.customer_id = only_customer);
    END IF;
    IF @extschema@._may_read('@extschema@.segment_changes'::regclass) THEN
        SELECT jsonb_build_object('from_segment', m.from_segment, 'condition', m.condition, 'facts', m.facts) INTO told
        FROM @extschema@.segment_changes AS m
        WHERE m.source = _card_segment.source AND m.customer_id = only_customer AND m.changed_on <= as_of
        ORDER BY m.changed_on DESC LIMIT 1;
    END IF;
    IF told IS NULL THEN
        SELECT coalesce(p.policy, @extschema@.standard_segment_policy()) INTO STRICT policy
        FROM @extschema@.sources AS s LEFT JOIN @extschema@.segment_policies AS p ON p.name = s.segment_policy
        WHERE s.name = _card_segment.source;
        SELECT jsonb_build_object('condition', e.condition, 'facts', e.facts) INTO told
        FROM @extschema@.explain_segment(policy, profile, as_of, attributes, NULL::text) AS e WHERE e.chosen;
    END IF;
    RETURN card || coalesce(told, '{}');
END;
$$;
COMMENT ON FUNCTION _card_segment(text, text, date, text, payment_profile, jsonb) IS
    'internal: the segment of a customer, since when, and why, as customer_card has it';

-- Each open invoice with its next reminder, and what they bring in by when. With a prior of others that the caller may not
-- read, those must be read, too.
CREATE FUNCTION _card_invoices(source text, only_customer text, as_of date, OUT invoices jsonb, OUT expected jsonb)
    LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    taken record := @extschema@._plan_settings(source, as_of);
BEGIN
    EXECUTE @extschema@._with_plan(source, as_of, CASE WHEN taken.prior = 'none' THEN only_customer
                                                       ELSE @extschema@._only_customer(only_customer) END) || $query$
, own AS MATERIALIZED (
    SELECT p.*, row_number() OVER (ORDER BY p.due_date, p.invoice_id) AS place FROM planned AS p WHERE p.customer_id = $8
), weeks AS (
    SELECT w.n, round(sum(o.net::double precision * coalesce(@extschema@.payment_probability(
        o.profile, o.due_date, $1 + 7 * w.n, $1, o.prior, $4, true), 0))::numeric, 2) AS amount
    FROM known AS o CROSS JOIN generate_series(1, 8) AS w (n) WHERE o.customer_id = $8 AND o.net > 0 GROUP BY w.n
)
SELECT (SELECT coalesce(jsonb_agg(jsonb_build_object('invoice_id', p.invoice_id, 'due_date', p.due_date, 'days_late', $1 - p.due_date,
        'open_amount', p.open_amount, 'net_amount', p.net, 'disputed', p.disputed, 'promised_date', p.promise_date,
        'level', p.level, 'reminder_date', p.sends_on, 'channel', p.sent_by, 'status', p.status, 'reason', p.reason)
        ORDER BY p.place), '[]') FROM own AS p WHERE p.place <= 200),
    (SELECT coalesce(jsonb_agg(jsonb_build_object('until', $1 + 7 * w.n, 'amount', w.amount) ORDER BY w.n), '[]') FROM weeks AS w)$query$
        INTO invoices, expected
        USING as_of, source, taken.policy, taken.calendar, taken.prior, '{false}'::boolean[], taken.first_day, only_customer;
END;
$$;
COMMENT ON FUNCTION _card_invoices(text, text, date) IS
    'internal: the open invoices of a customer, the 200 oldest, net of its credits, each with its next reminder, and what all of them are expected to bring in by the end of each of eight weeks, as customer_card has them';

CREATE FUNCTION _card_promises(source text, only_customer text, as_of date) RETURNS jsonb
    LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    card jsonb;
BEGIN
    EXECUTE $query$
SELECT jsonb_build_object('count', count(*), 'moved', count(*) FILTER (WHERE p.state = 'moved'),
    'broken', count(*) FILTER (WHERE p.state IN ('broken', 'kept in part')), 'kept_share', round(avg(p.kept_share), 4),
    'days_after', round(avg(p.days_after), 2),
    'promises', coalesce(jsonb_agg(jsonb_build_object('invoice_id', p.invoice_id, 'made_on', p.made_on,
        'promised_date', p.promised_date, 'amount', p.amount, 'paid_amount', p.paid_amount, 'state', p.state)
        ORDER BY p.made_on DESC, p.invoice_id), '[]'))
FROM ($query$ || @extschema@._promises_query(source, as_of, only_customer) || $query$) AS p WHERE p.state <> 'void'$query$
        INTO card USING as_of, source, @extschema@._calendar_of(source);
    RETURN card;
END;
$$;
COMMENT ON FUNCTION _card_promises(text, text, date) IS
    'internal: what a customer promised and how it kept that, as customer_card has it';

-- The quarter of the day and the seven before it.
CREATE FUNCTION _card_quarters(source text, only_customer text, as_of date) RETURNS jsonb
    LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    card jsonb;
BEGIN
    EXECUTE 'SELECT jsonb_agg(jsonb_build_object(''first_day'', t.first_day, ''invoiced_amount'', t.invoiced, ''paid_amount'', t.paid,
        ''open_amount'', t.open, ''timed_count'', t.timed, ''mean_days_late'', t.mean, ''median_days_late'', t.median, ''late_share'', t.late)
        ORDER BY t.first_day) FROM (' || @extschema@._trend_query(source, as_of, only_customer)
        || ') AS t (first_day, last_day, items, invoiced, paid, other, open, credit, timed, mean, median, late, dso, moved)'
        INTO card USING (date_trunc('quarter', as_of::timestamp) - interval '21 months')::date, as_of, 'quarter', source;
    RETURN card;
END;
$$;
COMMENT ON FUNCTION _card_quarters(text, text, date) IS
    'internal: how the last eight quarters of a customer went, as customer_card has them';

-- A reminder counts for the customer who has the invoice now.
CREATE FUNCTION _card_reminders(source text, invoice_ids text[], as_of date) RETURNS jsonb
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT coalesce(jsonb_agg(jsonb_build_object('invoice_id', r.invoice_id, 'level', r.level, 'reminder_date', r.reminder_date,
        'channel', r.channel, 'amount', r.amount) ORDER BY r.reminder_date DESC, r.invoice_id, r.level DESC), '[]')
    FROM (SELECT * FROM @extschema@.reminders AS r
          WHERE r.source = _card_reminders.source AND r.invoice_id = ANY (invoice_ids) AND r.reminder_date <= as_of
          ORDER BY r.reminder_date DESC, r.invoice_id, r.level DESC LIMIT 50) AS r
$$;
COMMENT ON FUNCTION _card_reminders(text, text[], date) IS
    'internal: the reminders that were sent about these invoices until the day, the last 50, as customer_card has them';

CREATE FUNCTION _card_limit(exposure numeric, attributes jsonb) RETURNS jsonb
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT jsonb_build_object('exposure', exposure, 'open_orders', n.orders, 'credit_limit', n.most, 'insured_amount', n.insured,
        'limit_used', round((exposure + coalesce(n.orders, 0)) / nullif(n.most, 0), 4))
    FROM (SELECT @extschema@._number_of(attributes, 'credit_limit'::text) AS most,
              @extschema@._number_of(attributes, 'insured_amount'::text) AS insured,
              @extschema@._number_of(attributes, 'open_orders'::text) AS orders) AS n
$$;
COMMENT ON FUNCTION _card_limit(numeric, jsonb) IS
    'internal: how much of its limit a customer uses, as customer_card has it';

CREATE FUNCTION _card_payment(profile payment_profile, as_of date) RETURNS jsonb
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT to_jsonb(@extschema@.profile_summary(profile, as_of)) || jsonb_build_object('sparkline', @extschema@.sparkline(profile),
        'habit', @extschema@.payment_habit(profile, NULL::double precision, NULL::integer))
$$;
COMMENT ON FUNCTION _card_payment(payment_profile, date) IS
    'internal: how a customer pays, as customer_card has it: all metrics, the sparkline, and its payment run in words';

CREATE FUNCTION customer_card(source text, customer_id text, as_of date)
    RETURNS TABLE (customer_name text, segment text, open_amount numeric, overdue_amount numeric,
                   disputed_amount numeric, credit_amount numeric, oldest_overdue_days integer, limit_used numeric,
                   median_days_late double precision, next_reminder_date date, amount_at_stake numeric,
                   reason text, card jsonb)
    LANGUAGE plpgsql STABLE COST 10000 ROWS 1
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    a record;
    quota jsonb;
    open record;
    watch record;
BEGIN
    PERFORM @extschema@._check_day(as_of, 'a card'::text), @extschema@._check_log_rights(), @extschema@.source_relation(source),
        @extschema@._check_refreshed(source);
    EXECUTE @extschema@._card_query(source, as_of, coalesce(customer_id, '')) INTO a USING as_of;
    IF a.rows IS NULL THEN RETURN; END IF;
    quota := @extschema@._card_limit(a.exposure, a.attributes);
    open := @extschema@._card_invoices(source, customer_id, as_of);
    watch := @extschema@._watch_one(source, as_of, customer_id);
    RETURN QUERY SELECT a.customer_name, a.segment, coalesce(a.open_amount, 0), coalesce(a.overdue_amount, 0),
        coalesce(a.disputed_amount, 0), coalesce(a.credit_amount, 0), a.oldest_overdue_days, (quota ->> 'limit_used')::numeric,
        @extschema@.median_days_late(a.fresh_profile),
        (SELECT min((i ->> 'reminder_date')::date) FROM jsonb_array_elements(open.invoices) AS i),
        coalesce(watch.amount_at_stake, 0), nullif(watch.why, ''),
        jsonb_build_object(
            'customer', jsonb_build_object('customer_id', customer_id, 'customer_name', a.customer_name, 'collector', a.collector,
                                           'parent_id', a.parent_id, 'attributes', a.attributes),
            'segment', @extschema@._card_segment(source, customer_id, as_of, a.segment, a.profile, a.attributes),
            'account', (SELECT jsonb_build_object('as_of', as_of, 'open_amount', coalesce(a.open_amount, 0),
                                'item_count', coalesce(a.item_count, 0), 'buckets', coalesce(jsonb_agg(to_jsonb(b) - 'share'), '[]'))
                        FROM @extschema@.aging_buckets(a.aging) AS b),
            'limit', quota,
            'payment', @extschema@._card_payment(a.fresh_profile, as_of),
            'quarters', @extschema@._card_quarters(source, customer_id, as_of),
            'invoices', open.invoices,
            'expected', open.expected,
            'promises', @extschema@._card_promises(source, customer_id, as_of),
            'watch', jsonb_build_object('reasons', coalesce(watch.reasons, '{}'), 'reason', nullif(watch.why, ''),
                'amount_at_stake', coalesce(watch.amount_at_stake, 0), 'seen_on', watch.seen_on, 'quiet_until', watch.until),
            'reminders', @extschema@._card_reminders(source, a.invoice_ids, as_of));
END;
$$;
COMMENT ON FUNCTION customer_card(text, text, date) IS
    'everything on one customer of a source on a day, one row; none where the caller sees no item of it: name, segment, what is open, overdue and not disputed, disputed, credits (0 or below), the age of the oldest overdue item, the share of the credit limit (attribute credit_limit) that open items, credits taken off, and attribute open_orders use, the median of its days late, when it will next be reminded, why and with how much at stake it needs attention; and card, a jsonb with: customer; segment, since when and why; account, the aging by bucket; limit; payment, all metrics of its profile on the day with sparkline and payment run; quarters, how the last eight went; invoices, the 200 oldest that are open, net of credits, each with its next reminder and why; expected, how much of them is expected by the end of each of the next eight weeks if nothing is done, without what no history tells of; promises, and how it kept them; watch, why it needs attention; reminders, the last 50 that were sent. Only the rows of the customer are read, in the type of the column: with an index on it a card takes milliseconds';
