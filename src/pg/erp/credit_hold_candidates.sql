-- Who should get no more credit, and what would change that.

CREATE FUNCTION credit_hold_candidates(source text, as_of date, min_dispute_share double precision DEFAULT 0.5,
        min_disputed integer DEFAULT 3)
    RETURNS TABLE (customer_id text, segment text, open_amount numeric, credit_limit numeric,
                   insured_amount numeric, dispute_share double precision, reason text, released_when text)
    LANGUAGE plpgsql STABLE ROWS 100
    SET search_path = pg_catalog, @extschema@, pg_temp
AS $$
DECLARE
    least_share double precision := coalesce(min_dispute_share, 0.5);
    least_count integer := coalesce(min_disputed, 3);
BEGIN
    IF as_of IS NULL OR NOT isfinite(as_of) THEN
        RAISE EXCEPTION 'a credit check needs a day, not %', coalesce(as_of::text, 'NULL')
            USING ERRCODE = CASE WHEN as_of IS NULL THEN 'null_value_not_allowed'
                                 ELSE 'datetime_field_overflow' END;
    END IF;
    IF NOT least_share BETWEEN 0 AND 1 OR least_count < 1 THEN
        RAISE EXCEPTION 'regular disputes cannot be a share of % and a count of %', least_share, least_count
            USING ERRCODE = 'invalid_parameter_value',
                HINT = 'The share lies between 0 and 1, the count is at least 1.';
    END IF;
    PERFORM source_relation(source), check_refreshed(source);
    RETURN QUERY EXECUTE format($query$
WITH exposed AS (
    SELECT i.customer_id,
        coalesce(sum(CASE WHEN i.paid_date > $1 THEN i.amount ELSE coalesce(i.open_amount, i.amount) END) FILTER (
            WHERE (i.paid_date IS NULL OR i.paid_date > $1 OR i.open_amount <> 0)
                AND (i.invoice_date IS NULL OR i.invoice_date <= $1)), 0) AS open_amount
    FROM (%1$s) AS i GROUP BY i.customer_id
), known AS (
    SELECT e.customer_id, c.segment, e.open_amount, c.profile,
        CASE WHEN jsonb_typeof(c.attributes -> 'credit_limit') = 'number'
             THEN (c.attributes ->> 'credit_limit')::numeric END AS credit_limit,
        CASE WHEN jsonb_typeof(c.attributes -> 'insured_amount') = 'number'
             THEN (c.attributes ->> 'insured_amount')::numeric END AS insured_amount
    FROM exposed AS e
        LEFT JOIN (%2$s) AS c ON c.customer_id = e.customer_id
), judged AS (
    SELECT k.*, dispute_share(k.profile) AS share, disputed_count(k.profile) AS disputed,
        item_count(k.profile) - credit_count(k.profile) AS items,
        k.open_amount > k.credit_limit AS over_limit, k.open_amount > k.insured_amount AS over_insured
    FROM known AS k
), held AS (
    SELECT j.*, coalesce(j.share >= $2 AND j.disputed >= $3, false) AS disputes FROM judged AS j
)
SELECT h.customer_id, h.segment, h.open_amount, h.credit_limit, h.insured_amount, h.share,
    concat_ws('; ',
        CASE WHEN h.disputes THEN format('disputes regularly: %%s of %%s invoices', h.disputed, h.items) END,
        CASE WHEN h.over_limit THEN format('%%s open, credit limit %%s', h.open_amount, h.credit_limit) END,
        CASE WHEN h.over_insured THEN format('%%s open, insured %%s', h.open_amount, h.insured_amount) END),
    concat_ws(' and ',
        CASE WHEN h.disputes THEN format('fewer than %%s %%%% of the invoices of the history are disputed, or fewer than %%s',
                                         round($2::numeric * 100), $3) END,
        CASE WHEN h.over_limit OR h.over_insured THEN
            format('%%s is paid, or covered by a higher %%s',
                   h.open_amount - least(h.credit_limit, h.insured_amount),
                   CASE WHEN h.over_limit AND h.over_insured THEN 'limit and insurance'
                        WHEN h.over_limit THEN 'limit' ELSE 'insured amount' END) END)
FROM held AS h WHERE h.disputes OR h.over_limit OR h.over_insured$query$, source_query(source), customer_query(source, as_of))
        USING as_of, least_share, least_count;
EXCEPTION WHEN datetime_field_overflow OR numeric_value_out_of_range THEN
    PERFORM blame_item(source, SQLSTATE, SQLERRM);
    RAISE;
END;
$$;
COMMENT ON FUNCTION credit_hold_candidates(text, date, double precision, integer) IS
    'customers of a source who should get no more credit, with the reason and the condition that would release them: at least min_dispute_share of their invoices disputed and at least min_disputed of them, more open (credits netted) than attribute credit_limit or than attribute insured_amount; attributes that are no number are unknown; amounts in the currency of the source';
