-- Everything that somebody on the phone wants to know of one customer, in words: a topic a row.

CREATE FUNCTION _explain_segment(source text, as_of date, customer_id text) RETURNS TABLE (topic text, explanation text)
    LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
BEGIN
    RETURN QUERY EXECUTE @extschema@._with_customers(source, as_of, @extschema@._only_customer(customer_id)) || $query$
, one AS (
    SELECT c.* FROM customers AS c WHERE c.customer_id = $3
), told AS (
    SELECT o.*, e.rule, e.segment AS judged, e.condition, e.facts FROM one AS o
        LEFT JOIN LATERAL @extschema@.explain_segment($4, o.profile, $1, o.attributes, o.segment) AS e ON e.chosen
), prior AS (
    SELECT @extschema@.percentile_days_late(@extschema@.rollup(s.profile), 0.9::double precision) AS days FROM segments AS s
)
SELECT 'customer', concat_ws('; ', format('%s%s', t.customer_id, ', ' || t.customer_name), 'looked after by ' || t.collector,
    'belongs to ' || t.parent_id) FROM told AS t
UNION ALL
SELECT 'segment', CASE WHEN t.rule IS NULL THEN format('%s: no rule is true', coalesce(t.segment, 'none'))
    ELSE format('%s%s: rule %s, %s; %s', coalesce(t.segment, 'none'),
        CASE WHEN t.judged <> t.segment OR t.segment IS NULL THEN format(' since the last refresh, on %s it would be %s', $1, t.judged) END,
        t.rule, coalesce(t.condition, 'what is left'), coalesce(nullif(t.facts, '{}')::text, 'no facts')) END FROM told AS t
UNION ALL
SELECT 'habit', CASE WHEN @extschema@.timed_count(t.profile) > 0 THEN
        format('%s payments, in the median %s days late, nine in ten at most %s (below 0: early), the last on %s; up to %s are usual',
            @extschema@.timed_count(t.profile), round(@extschema@.median_days_late(t.profile))::integer,
            round(@extschema@.percentile_days_late(t.profile, 0.9::double precision))::integer, @extschema@.last_paid_date(t.profile),
            round(@extschema@._usual_days_late(@extschema@.timed_count(t.profile),
                @extschema@.percentile_days_late(t.profile, 0.9::double precision), (SELECT p.days FROM prior AS p))))
    ELSE 'no payment of it is known' END FROM told AS t
UNION ALL
SELECT 'promises', format('%s made, %s broken', @extschema@._number_of(t.attributes -> 'promise', 'count'::text),
    coalesce(@extschema@._number_of(t.attributes -> 'promise', 'broken'::text), 0))
FROM told AS t WHERE jsonb_typeof(t.attributes -> 'promise' -> 'count') = 'number'$query$
        USING as_of, source, customer_id, @extschema@._segment_policy_of(source);
END;
$$;
COMMENT ON FUNCTION _explain_segment(text, date, text) IS
    'step of explain_customer: who it is, why it is in its segment, how it pays, what it promised; the segment is that of the last refresh';

-- An invoice is told by itself; what a letter would do with it, held_back says.
CREATE FUNCTION _explain_invoices(source text, as_of date, customer_id text) RETURNS TABLE (topic text, explanation text)
    LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
DECLARE
    calendar @extschema@.business_calendar := @extschema@._calendar_of(source);
    prior text := (SELECT s.prior FROM @extschema@.sources AS s WHERE s.name = source);
BEGIN
    RETURN QUERY EXECUTE @extschema@._with_plan(source, as_of, @extschema@._only_customer(customer_id)) || $query$
, ours AS (
    SELECT p.*, row_number() OVER (ORDER BY p.due_date, p.invoice_id) AS place FROM planned AS p
    WHERE p.customer_id = $8 AND (p.open_amount > 0 OR p.open_amount IS NULL)
)
SELECT 'open', CASE WHEN count(*) = 0 THEN 'nothing' ELSE format('%s of %s, %s overdue%s', @extschema@._invoices(count(*)), sum(o.net),
        coalesce(sum(o.net) FILTER (WHERE o.due_date < $1), 0), CASE WHEN min(o.credit) < 0 THEN format('; credits of %s are taken off', -min(o.credit)) END) END
FROM ours AS o
UNION ALL
SELECT 'dispute', format('invoice %s of %s: %s%s', o.invoice_id, o.net, coalesce(o.dispute_reason, 'the reason is not known'),
    CASE WHEN o.disputed_from <= $1 THEN format(', since %s, %s days', o.disputed_from, $1 - o.disputed_from) END)
FROM ours AS o WHERE o.disputed AND o.place <= 20
UNION ALL
SELECT 'reminder', format('invoice %s of %s, due on %s: %s', o.invoice_id, o.net, o.due_date,
    CASE WHEN o.stopped IS NOT NULL THEN 'none, ' || o.stopped
         WHEN o.status = 'settled' AND o.rest <= 0 THEN 'none, a credit that names it covers it'
         WHEN o.status = 'settled' THEN format('none, credits of the customer cover it: %s', -o.credit)
         WHEN o.status = 'review' AND o.left_until > $1 THEN format('none, left until %s', o.left_until)
         WHEN o.sends_on IS NOT NULL THEN format('level %s on %s, %s', o.level, o.sends_on, o.reason)
         ELSE 'none, ' || o.reason END)
FROM ours AS o WHERE o.place <= 20
UNION ALL
SELECT 'reminder', format('%s more', @extschema@._invoices(count(*))) FROM ours AS o WHERE o.place > 20 HAVING count(*) > 0$query$
        USING as_of, source, @extschema@._dunning_policy_of(source), calendar, prior, '{false}'::boolean[],
            coalesce(@extschema@.roll_date(calendar, as_of, 'following'::text), as_of), customer_id;
END;
$$;
COMMENT ON FUNCTION _explain_invoices(text, date, text) IS
    'step of explain_customer: what is open, what is in dispute, and the next reminder of each invoice or why there is none; the 20 oldest invoices';

CREATE FUNCTION _explain_lists(source text, as_of date, customer_id text) RETURNS TABLE (topic text, explanation text)
    LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
DECLARE
    watched record := @extschema@._watch_one(source, as_of, customer_id);
    least_amount numeric := (SELECT s.least_amount_to_watch FROM @extschema@.sources AS s WHERE s.name = source);
BEGIN
    RETURN QUERY SELECT 'watch list', CASE WHEN coalesce(watched.why, '') = '' THEN 'not on it: pays as usual'
        WHEN watched.is_quiet THEN format('not on it, seen on %s, quiet until %s: %s', watched.seen_on, watched.until, watched.why)
        WHEN watched.amount_at_stake < least_amount THEN format('not on it, less than %s at stake: %s', least_amount, watched.why)
        ELSE format('%s at stake: %s', watched.amount_at_stake, watched.why) END;
    RETURN QUERY EXECUTE @extschema@._with_held(source, as_of, @extschema@._only_customer(customer_id)) || $query$
SELECT 'credit', concat_ws('; ', CASE WHEN h.is_held THEN 'to be held: ' WHEN h.near_limit THEN 'to be warned of: ' END
        || h.why || '; until ' || h.released_when, CASE WHEN NOT (h.is_held OR h.near_limit) THEN 'no reason for a hold' END,
    CASE WHEN h.decision IS NOT NULL THEN format('%s decided on %s: %s, %s', h.decided_by, h.decided_on, h.decision, h.decision_reason) END)
FROM held AS h WHERE h.customer_id = $6$query$ USING as_of, source, 0.5::double precision, 3, 0.9::double precision, customer_id;
END;
$$;
COMMENT ON FUNCTION _explain_lists(text, date, text) IS
    'step of explain_customer: why it is on the watch list or not, and whether it should get credit';

CREATE FUNCTION explain_customer(source text, customer_id text, as_of date) RETURNS TABLE (topic text, explanation text)
    LANGUAGE plpgsql STABLE COST 100000 ROWS 20
    SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
BEGIN
    PERFORM @extschema@._check_customer(source, as_of, customer_id);
    RETURN QUERY SELECT e.topic, e.explanation FROM @extschema@._explain_segment(source, as_of, customer_id) AS e;
    RETURN QUERY SELECT e.topic, e.explanation FROM @extschema@._explain_invoices(source, as_of, customer_id) AS e;
    RETURN QUERY SELECT e.topic, e.explanation FROM @extschema@._explain_lists(source, as_of, customer_id) AS e;
END;
$$;
COMMENT ON FUNCTION explain_customer(text, text, date) IS
    'one customer in words, a topic a row: who it is, why it is in its segment (that of the last refresh, by the facts of as_of), how it pays, what is open and in dispute, the next reminder of each invoice or why there is none (the 20 oldest), why it is on the watch list or not, and whether it should get credit, with the defaults of the lists. It reads the rows of this customer alone, through an index on customer_id where the source has one; so an invoice whose number another customer has too is told here and on no list, and a reminder for an invoice that another customer has now counts for the one it went to. An error when the source has no such customer; a caller who may not read customer_segments and segment_profiles waits for all rows to be read';
