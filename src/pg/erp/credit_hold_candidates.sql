-- Who should get no more credit, and what would change that.

CREATE FUNCTION _number_of(attributes jsonb, name text) RETURNS numeric
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN pg_catalog.jsonb_typeof(attributes OPERATOR(pg_catalog.->) name) OPERATOR(pg_catalog.=) 'number'::text
            THEN (attributes OPERATOR(pg_catalog.->>) name)::numeric END;
COMMENT ON FUNCTION _number_of(jsonb, text) IS 'internal: an attribute that is a number; NULL when it is anything else';

-- CTEs, $1 is as_of, $2 the source:
--   debts     the open invoices, and which of them are overdue by more than the least that can be beyond a habit
--   exposures the sums of each customer
--   figures   with what is known of the customer; known, with its habit, at least 30 days
--   beyond    what is overdue beyond it
CREATE FUNCTION _with_exposure(source text, as_of date, only_customer text) RETURNS text
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT @extschema@._with_balances(_with_exposure.source, _with_exposure.as_of, _with_exposure.only_customer) || $query$
, debts AS (
    SELECT b.customer_id, b.rest, b.net, $1 - b.due_date AS days_late, b.net > 0 AND b.due_date < $1 AND NOT b.disputed AS is_overdue,
        b.net > 0 AND b.due_date < $1 - 30 AND NOT b.is_held AS is_late
    FROM balances AS b
), exposures AS (
    SELECT d.customer_id, sum(d.rest) AS open_amount, coalesce(sum(d.net) FILTER (WHERE d.is_overdue), 0) AS overdue_amount
    FROM debts AS d GROUP BY d.customer_id
), prior AS (
    SELECT @extschema@.percentile_days_late(@extschema@.rollup(s.profile), 0.9::double precision) AS days FROM segments AS s
), figures AS MATERIALIZED (
    SELECT coalesce(c.customer_id, s.customer_id) AS customer_id, c.customer_name, c.collector, c.parent_id, c.segment,
        s.customer_id IS NOT NULL AS is_open, coalesce(s.open_amount, 0) AS open_amount, coalesce(s.overdue_amount, 0) AS overdue_amount,
        @extschema@._number_of(c.attributes, 'credit_limit'::text) AS credit_limit,
        @extschema@._number_of(c.attributes, 'insured_amount'::text) AS insured_amount,
        @extschema@._number_of(c.attributes, 'open_orders'::text) AS open_orders,
        @extschema@._number_of(c.attributes -> 'promise', 'broken'::text) AS broken,
        @extschema@._number_of(c.attributes -> 'promise', 'count'::text) AS promises,
        @extschema@.dispute_share(c.profile) AS share, @extschema@.disputed_count(c.profile) AS disputed,
        @extschema@.item_count(c.profile) - @extschema@.credit_count(c.profile) AS items,
        @extschema@.amount_last_year(c.profile, $1) AS last_year, @extschema@.timed_count(c.profile) AS payments,
        @extschema@.percentile_days_late(c.profile, 0.9::double precision) AS own_days
    FROM customers AS c FULL JOIN exposures AS s ON s.customer_id = c.customer_id
), known AS MATERIALIZED (
    SELECT f.*, f.open_amount + greatest(0, f.open_orders) AS used,
        floor(greatest(30, @extschema@._usual_days_late(f.payments, f.own_days, p.days))) AS usual_days
    FROM figures AS f CROSS JOIN prior AS p
), beyond AS (
    SELECT k.customer_id, sum(d.net) AS amount, count(*) AS n
    FROM known AS k JOIN debts AS d ON d.customer_id = k.customer_id
    WHERE d.is_late AND d.days_late > k.usual_days GROUP BY k.customer_id
)$query$
$$;
COMMENT ON FUNCTION _with_exposure(text, date, text) IS
    'internal: SQL text: the head of a query, with the CTEs of _with_balances, what each customer has open (known) and what of it is overdue beyond its habit (beyond); takes the day and the source';

-- CTEs: judged, which reasons there are ($3 and $4 are the least share and count of regular disputes, $5 the share of
-- the limit that is warned of); held, the reasons and the releases in words.
CREATE FUNCTION _with_held(source text, as_of date, only_customer text) RETURNS text
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT @extschema@._with_exposure(_with_held.source, _with_held.as_of, _with_held.only_customer)
        || ', decisions AS (' || @extschema@._decisions_query() || $query$
), judged AS (
    SELECT k.*, b.amount AS late_amount, b.n AS late_count,
        coalesce(k.share >= $3 AND k.disputed >= $4, false) AS disputes,
        coalesce(k.used > k.credit_limit, false) AS over_limit, coalesce(k.used > $5::numeric * k.credit_limit, false) AS near_limit,
        coalesce(k.open_amount > k.insured_amount, false) AS over_insured,
        coalesce(b.amount > CASE WHEN b.n > 1 THEN 0.1 ELSE 0.3 END * coalesce(k.last_year, 0), false) AS is_late,
        coalesce(k.broken >= 2 AND k.overdue_amount > 0, false) AS breaks_promises,
        d.decision, d.reason AS decision_reason, d.decided_on, d.decided_by
    FROM known AS k LEFT JOIN beyond AS b ON b.customer_id = k.customer_id
        LEFT JOIN decisions AS d ON d.customer_id = k.customer_id
), held AS (
    SELECT j.*, disputes OR over_limit OR over_insured OR is_late OR breaks_promises AS is_held,
        concat_ws('; ',
            CASE WHEN is_late THEN format('%s of %s overdue by more than %s days', @extschema@._invoices(late_count), late_amount, usual_days) END,
            CASE WHEN breaks_promises THEN format('%s of %s promises broken, and %s is overdue', broken, promises, overdue_amount) END,
            CASE WHEN over_limit OR near_limit THEN format('%s open%s, %scredit limit %s', open_amount, CASE WHEN open_orders > 0 THEN format(' and %s ordered', open_orders) END,
                CASE WHEN NOT over_limit THEN format('%s %% of the ', trim_scale(floor(1000 * used / credit_limit) / 10)) END, credit_limit) END,
            CASE WHEN over_insured THEN format('%s open, insured %s', open_amount, insured_amount) END,
            CASE WHEN disputes THEN format('disputes regularly: %s of %s invoices', disputed, items) END) AS why,
        concat_ws(' and ',
            CASE WHEN is_late THEN format('%s is paid, all that is overdue by more than %s days', late_amount, usual_days) END,
            CASE WHEN breaks_promises THEN format('%s is paid, all that is overdue', overdue_amount) END,
            CASE WHEN over_limit OR near_limit THEN format('%s is paid%s, or the limit is at least %s',
                CASE WHEN over_limit THEN used - credit_limit ELSE trim_scale(used - $5::numeric * credit_limit) END,
                CASE WHEN open_orders > 0 THEN ' or no longer ordered' END,
                CASE WHEN over_limit THEN used ELSE trim_scale(ceil(100 * used / $5::numeric) / 100) END) END,
            CASE WHEN over_insured THEN format('%s is paid, or insured as well', open_amount - insured_amount) END,
            CASE WHEN disputes THEN format('fewer than %s %% of the invoices of the history are disputed, or fewer than %s',
                trim_scale($3::numeric * 100), $4) END) AS released_when
    FROM judged AS j
)$query$
$$;
COMMENT ON FUNCTION _with_held(text, date, text) IS
    'internal: SQL text: the head of a query, with the CTE held: every customer with the reasons for a credit hold, what releases it, and the last decision; takes the day, the source, the least share and count of disputes, and the share of the limit that is warned of';

CREATE FUNCTION credit_hold_candidates(source text, as_of date, min_dispute_share double precision DEFAULT 0.5,
        min_disputed integer DEFAULT 3, warning_share double precision DEFAULT 0.9)
    RETURNS TABLE (customer_id text, customer_name text, collector text, parent_id text, segment text, proposal text,
                   open_amount numeric, open_orders numeric, credit_limit numeric, insured_amount numeric,
                   overdue_beyond_habit numeric, dispute_share double precision, reason text, released_when text,
                   decision text, decision_reason text, decided_on date, decided_by text)
    LANGUAGE plpgsql STABLE COST 100000 ROWS 100
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    least_share double precision := coalesce(min_dispute_share, 0.5);
    least_count integer := coalesce(min_disputed, 3);
    warned_share double precision := coalesce(warning_share, 0.9);
BEGIN
    IF NOT least_share BETWEEN 0 AND 1 OR least_count < 1 OR NOT (warned_share > 0 AND warned_share <= 1) THEN
        RAISE EXCEPTION 'regular disputes cannot be a share of % and a count of %, nor is a share of % of the limit warned of',
                least_share, least_count, warned_share
            USING ERRCODE = 'invalid_parameter_value',
                HINT = 'Shares lie between 0 and 1, that of the limit above 0; the count is at least 1.';
    END IF;
    PERFORM @extschema@._check_report(source, as_of, 'a credit check'::text);
    BEGIN
        -- Who has nothing open is listed only to who sees an invoice of his.
        RETURN QUERY EXECUTE @extschema@._with_held(source, as_of, NULL::text) || $query$
, listed AS (
    SELECT h.* FROM held AS h WHERE h.is_held OR h.near_limit OR h.decision = 'hold'
), present AS (
    SELECT DISTINCT i.customer_id FROM items AS i
    WHERE i.customer_id IN (SELECT l.customer_id FROM listed AS l WHERE NOT l.is_open)
)
SELECT h.customer_id, h.customer_name, h.collector, h.parent_id, h.segment,
    CASE WHEN h.is_held THEN 'hold' WHEN h.near_limit THEN 'warn' ELSE 'release' END, h.open_amount, h.open_orders,
    h.credit_limit, h.insured_amount, coalesce(h.late_amount, 0), h.share,
    coalesce(nullif(h.why, ''), 'no reason is left'), nullif(h.released_when, ''),
    h.decision, h.decision_reason, h.decided_on, h.decided_by
FROM listed AS h WHERE h.is_open OR h.customer_id IN (SELECT p.customer_id FROM present AS p)
ORDER BY h.used DESC, h.customer_id$query$ USING as_of, source, least_share, least_count, warned_share;
    EXCEPTION WHEN OTHERS THEN
        PERFORM @extschema@._blame(source, as_of, SQLSTATE, SQLERRM);
        RAISE;
    END;
END;
$$;
COMMENT ON FUNCTION credit_hold_candidates(text, date, double precision, integer, double precision) IS
    'customers of a source who should get no more credit, most money first, with the reason and the condition that would release each. proposal is hold: more than 10 % of what was invoiced in a year is overdue beyond the customer''s habit in two invoices or more, or more than 30 % (the habit as in customers_to_watch, at least 30 days); two promises or more broken and something overdue; more open (credits taken off) and ordered than attribute credit_limit; more open than attribute insured_amount; at least min_dispute_share of the invoices disputed and at least min_disputed of them. warn: more than warning_share of the limit is used. release: the last decision is a hold, and no reason is left. Attributes that are no number are unknown; amounts in the currency of the source. The last decision of record_decision stands beside the proposal, for who may read credit_decisions';
