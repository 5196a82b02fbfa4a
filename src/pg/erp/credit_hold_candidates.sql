-- Who should get no more credit, and what would change that.

CREATE FUNCTION _number_of(attributes jsonb, name text) RETURNS numeric
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN pg_catalog.jsonb_typeof(attributes OPERATOR(pg_catalog.->) name) OPERATOR(pg_catalog.=) 'number'::text
            THEN (attributes OPERATOR(pg_catalog.->>) name)::numeric END;
COMMENT ON FUNCTION _number_of(jsonb, text) IS 'internal: an attribute that is a number; NULL when it is anything else';

-- Its steps: exposed, what each customer has open, credits netted; known, with its limits; judged, over which of them
-- it is; held, who is listed. $2 and $3 are the least share and the least count of regular disputes.
CREATE FUNCTION _hold_query(source text, as_of date) RETURNS text
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT @extschema@._with_customers(_hold_query.source, _hold_query.as_of, NULL::text) || $query$
, exposed AS (
    SELECT i.customer_id,
        coalesce(sum(i.open_amount) FILTER (WHERE i.is_open AND (i.nettable OR i.open_amount > 0)), 0) AS open_amount
    FROM items AS i GROUP BY i.customer_id
), known AS (
    SELECT e.customer_id, e.open_amount, c.customer_name, c.segment, c.profile,
        @extschema@._number_of(c.attributes, 'credit_limit'::text) AS credit_limit,
        @extschema@._number_of(c.attributes, 'insured_amount'::text) AS insured_amount
    FROM exposed AS e LEFT JOIN customers AS c ON c.customer_id = e.customer_id
), judged AS (
    SELECT k.*, @extschema@.dispute_share(k.profile) AS share, @extschema@.disputed_count(k.profile) AS disputed,
        @extschema@.item_count(k.profile) - @extschema@.credit_count(k.profile) AS items,
        k.open_amount > k.credit_limit AS over_limit, k.open_amount > k.insured_amount AS over_insured
    FROM known AS k
), held AS (
    SELECT j.*, coalesce(j.share >= $2 AND j.disputed >= $3, false) AS disputes FROM judged AS j
)
SELECT h.customer_id, h.customer_name, h.segment, h.open_amount, h.credit_limit, h.insured_amount, h.share,
    concat_ws('; ',
        CASE WHEN h.disputes THEN format('disputes regularly: %s of %s invoices', h.disputed, h.items) END,
        CASE WHEN h.over_limit THEN format('%s open, credit limit %s', h.open_amount, h.credit_limit) END,
        CASE WHEN h.over_insured THEN format('%s open, insured %s', h.open_amount, h.insured_amount) END),
    concat_ws(' and ',
        CASE WHEN h.disputes THEN format('fewer than %s %% of the invoices of the history are disputed, or fewer than %s',
                                         round($2::numeric * 100), $3) END,
        CASE WHEN h.over_limit OR h.over_insured THEN
            format('%s is paid, or covered by a higher %s', h.open_amount - least(h.credit_limit, h.insured_amount),
                   CASE WHEN h.over_limit AND h.over_insured THEN 'limit and insurance'
                        WHEN h.over_limit THEN 'limit' ELSE 'insured amount' END) END)
FROM held AS h WHERE h.disputes OR h.over_limit OR h.over_insured$query$
$$;
COMMENT ON FUNCTION _hold_query(text, date) IS
    'SQL text of the query behind credit_hold_candidates; takes the day, and the least share and count of disputes';

CREATE FUNCTION credit_hold_candidates(source text, as_of date, min_dispute_share double precision DEFAULT 0.5,
        min_disputed integer DEFAULT 3)
    RETURNS TABLE (customer_id text, customer_name text, segment text, open_amount numeric, credit_limit numeric,
                   insured_amount numeric, dispute_share double precision, reason text, released_when text)
    LANGUAGE plpgsql STABLE COST 100000 ROWS 100
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    least_share double precision := coalesce(min_dispute_share, 0.5);
    least_count integer := coalesce(min_disputed, 3);
BEGIN
    IF NOT least_share BETWEEN 0 AND 1 OR least_count < 1 THEN
        RAISE EXCEPTION 'regular disputes cannot be a share of % and a count of %', least_share, least_count
            USING ERRCODE = 'invalid_parameter_value',
                HINT = 'The share lies between 0 and 1, the count is at least 1.';
    END IF;
    PERFORM @extschema@._check_report(source, as_of, 'a credit check'::text);
    BEGIN
        RETURN QUERY EXECUTE @extschema@._hold_query(source, as_of) USING as_of, least_share, least_count;
    EXCEPTION WHEN OTHERS THEN
        PERFORM @extschema@._blame(source, as_of, SQLSTATE, SQLERRM);
        RAISE;
    END;
END;
$$;
COMMENT ON FUNCTION credit_hold_candidates(text, date, double precision, integer) IS
    'customers of a source who should get no more credit, with the reason and the condition that would release them: at least min_dispute_share of their invoices disputed and at least min_disputed of them, more open (credits netted) than attribute credit_limit or than attribute insured_amount; attributes that are no number are unknown; amounts in the currency of the source';
