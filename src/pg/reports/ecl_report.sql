-- ecl_report: the expected credit loss of a source, the table that goes into the notes of the accounts. Parameters of its
-- query: $1 as_of, $2 bounds, $3 name of the source, $4 by, $5 and $6 the first and the last due date of past items, $7 the
-- forward-looking factors, $8 the least rates, $9 the least items, $10 the decimals.

-- CTE segment_days: in which segment a customer was from which day to which, for who may read that: before its first move
-- the one that it came from, after the last one the present one. Nobody knows the days before the first refresh.
CREATE FUNCTION _segment_days_query() RETURNS text
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT CASE WHEN @extschema@._may_read('@extschema@.segment_changes'::regclass)
                 AND @extschema@._may_read('@extschema@.customer_segments'::regclass) THEN $query$
    SELECT m.customer_id, m.from_segment AS segment, m.from_since AS first_day, m.changed_on - 1 AS last_day
    FROM @extschema@.segment_changes AS m WHERE m.source = $3
    UNION ALL
    SELECT c.customer_id, c.segment, c.since, 'infinity'::date FROM @extschema@.customer_segments AS c WHERE c.source = $3$query$
    ELSE $query$
    SELECT NULL::text AS customer_id, NULL::text AS segment, NULL::date AS first_day, NULL::date AS last_day
    WHERE $3 IS NULL$query$ END
$$;
COMMENT ON FUNCTION _segment_days_query() IS
    'SQL text that reads in which segment each customer of a source was on which days; nothing for a caller who may not read that';

-- What became of past items. An item counts to the segment that its customer was in on its own due date. A part of it that
-- is settled, nobody says when, is taken as paid on that day: it lowers no rate of a later bucket.
--   cohort    past items, each with what was written off or is still open of it, and how late the rest was settled
--   outcomes  with the part of the portfolio to which it counts
--   halves    for each part, what became of what was settled, and what was lost; matrices both together
--   portfolio the matrix of all
CREATE FUNCTION _with_matrices() RETURNS text
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT ', segment_days AS (' || @extschema@._segment_days_query() || $query$
), cohort AS (
    SELECT i.customer_id, i.due_date, i.amount, coalesce(i.settled_by = 'credit', false) AS is_credited,
        coalesce(i.settled_on - i.due_date, 0) AS days_late,
        CASE WHEN i.settled_by NOT IN ('payment', 'credit') THEN i.amount
             WHEN i.is_open THEN greatest(i.open_amount, 0) ELSE 0 END AS lost
    FROM items AS i WHERE i.due_date BETWEEN $5 AND $6 AND i.amount > 0
), outcomes AS (
    SELECT @extschema@._part($4, i.customer_id, d.segment, c.collector, c.parent_id, c.attributes) AS part,
        $4 <> 'segment' OR d.customer_id IS NOT NULL AS is_known, i.amount - i.lost AS settled, i.days_late, i.is_credited, i.lost
    FROM cohort AS i
        LEFT JOIN segment_days AS d ON d.customer_id = i.customer_id AND i.due_date BETWEEN d.first_day AND d.last_day AND $4 = 'segment'
        LEFT JOIN customers AS c ON c.customer_id = i.customer_id AND $4 NOT IN ('all', 'segment')
), halves AS (
    SELECT o.part, o.is_known, @extschema@.provision_matrix(o.days_late, o.settled, $2, o.is_credited) AS settled,
        @extschema@.provision_matrix(NULL::integer, o.lost, $2) AS lost
    FROM outcomes AS o GROUP BY o.part, o.is_known
), matrices AS MATERIALIZED (
    SELECT h.part, h.is_known, @extschema@.rollup(m.matrix) AS matrix
    FROM halves AS h CROSS JOIN LATERAL (VALUES (h.settled), (h.lost)) AS m (matrix) GROUP BY h.part, h.is_known
), portfolio AS (
    SELECT @extschema@.rollup(m.matrix) AS matrix FROM matrices AS m
)$query$
$$;
COMMENT ON FUNCTION _with_matrices() IS
    'internal: SQL text: CTEs that follow those of _with_ledger: what became of past items (matrices, portfolio)';

-- The parts of what a customer owes that bear no loss of the matrix, spread over its items in proportion: the running total
-- is rounded to the decimals of its amounts, so that the shares add up and none is larger than its item. First what is
-- provided for individually, then what is insured, then the tax that the state gives back.
--   owed      open items above 0, with the attributes of the customer
--   provided, insured  each item's share of the one and of the other; left_1, left_2 what they leave of it
--   exposed   the same, with the tax and what is left in the end
CREATE FUNCTION _with_exposures() RETURNS text
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT $query$
, owed AS (
    SELECT i.customer_id, i.due_date, i.invoice_id, i.open_amount AS amount,
        @extschema@._part($4, i.customer_id, c.segment, c.collector, c.parent_id, c.attributes) AS part,
        greatest(@extschema@._number_of(c.attributes, 'provided_amount'::text), 0) AS provided_amount,
        greatest(@extschema@._number_of(c.attributes, 'insured_amount'::text), 0) AS insured_amount,
        least(greatest(@extschema@._number_of(c.attributes, 'recoverable_tax_share'::text), 0), 1) AS tax_share,
        max(scale(i.open_amount)) OVER (PARTITION BY i.customer_id) AS decimals,
        row_number() OVER (PARTITION BY i.customer_id ORDER BY i.due_date, i.invoice_id, i.open_amount) AS place
    FROM items AS i LEFT JOIN customers AS c ON c.customer_id = i.customer_id
    WHERE i.is_open AND i.open_amount > 0
), provided AS (
    SELECT o.*, @extschema@._share_of(o.provided_amount, o.amount, sum(o.amount) OVER running, sum(o.amount) OVER whole, o.decimals) AS provided
    FROM owed AS o
    WINDOW whole AS (PARTITION BY o.customer_id), running AS (PARTITION BY o.customer_id ORDER BY o.place)
), insured AS (
    SELECT p.*, @extschema@._share_of(p.insured_amount, p.amount - p.provided, sum(p.amount - p.provided) OVER running,
                                      sum(p.amount - p.provided) OVER whole, p.decimals) AS insured
    FROM provided AS p
    WINDOW whole AS (PARTITION BY p.customer_id), running AS (PARTITION BY p.customer_id ORDER BY p.place)
), exposed AS (
    SELECT i.part, i.due_date, @extschema@.aging_bucket($1 - i.due_date, $2) AS bucket, i.amount, i.provided, i.insured, t.tax,
        i.amount - i.provided - i.insured - t.tax AS net
    FROM insured AS i CROSS JOIN LATERAL (
        SELECT round((i.amount - i.provided - i.insured) * coalesce(i.tax_share, 0), i.decimals) AS tax) AS t
)$query$
$$;
COMMENT ON FUNCTION _with_exposures() IS
    'internal: SQL text: CTEs that follow those of _with_ledger: what is owed, item by item, and which parts of it bear no loss of the matrix (exposed)';

CREATE FUNCTION _share_of(whole_part numeric, amount numeric, up_to numeric, total numeric, decimals integer) RETURNS numeric
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN whole_part > 0::numeric AND total > 0::numeric
    THEN _round_quotient(trunc(least(whole_part, total), decimals) * up_to, total, decimals)
         - _round_quotient(trunc(least(whole_part, total), decimals) * (up_to - amount), total, decimals)
    ELSE 0::numeric END;
COMMENT ON FUNCTION _share_of(numeric, numeric, numeric, numeric, integer) IS
    'internal: the share of an amount in a part of the total, in proportion: what the rounded running share grows by with it; up_to is the running total with the amount; all shares add up to the part, cut to the decimals, at most the total';

CREATE FUNCTION _past_matrix(matrix provision_matrix, first_due date, last_due date) RETURNS provision_matrix
    LANGUAGE plpgsql IMMUTABLE
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF matrix IS NULL THEN
        RAISE EXCEPTION 'nothing was due from % to %: nobody knows what is never paid', first_due, last_due
            USING ERRCODE = 'object_not_in_prerequisite_state',
                HINT = 'Function expected_credit_loss_at_rates puts rates from elsewhere on the aging of aging_report.';
    END IF;
    RETURN matrix;
END;
$$;
COMMENT ON FUNCTION _past_matrix(provision_matrix, date, date) IS
    'internal: the matrix, or an error when there is none for want of past items';

-- What the report puts together: aged, the aging of the parts of the portfolio; cells, the amounts of each bucket; rated, the
-- loss of each bucket, by the matrix of its part, or that of the portfolio where there is none.
CREATE FUNCTION _ecl_query(source text, as_of date) RETURNS text
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT @extschema@._with_ledger(_ecl_query.source, _ecl_query.as_of) || @extschema@._with_matrices() || @extschema@._with_exposures()
        || $query$
, cells AS (
    SELECT x.part, x.bucket, sum(x.amount) AS amount, sum(x.provided) AS provided, sum(x.insured) AS insured,
        sum(x.tax) AS tax, @extschema@.aging(x.due_date, x.net, $1, $2) AS net
    FROM exposed AS x GROUP BY x.part, x.bucket
), aged AS (
    SELECT c.part, @extschema@.rollup(c.net) AS net FROM cells AS c GROUP BY c.part
), rated AS (
    SELECT a.part, e.*, m.matrix IS NULL AS is_new,
        CASE WHEN m.matrix IS NULL OR e.is_borrowed THEN p.matrix ELSE m.matrix END AS matrix
    FROM aged AS a CROSS JOIN portfolio AS p
        LEFT JOIN matrices AS m ON m.is_known AND m.part IS NOT DISTINCT FROM a.part
        CROSS JOIN LATERAL @extschema@.expected_credit_loss(a.net, @extschema@._past_matrix(coalesce(m.matrix, p.matrix), $5, $6),
                                                            $7, $8, $10, p.matrix, $9) WITH ORDINALITY AS e
)
SELECT r.part, r.bucket, coalesce(c.amount, 0), coalesce(c.provided, 0), coalesce(c.insured, 0), coalesce(c.tax, 0),
    r.exposure_amount, CASE WHEN r.is_new THEN 0 ELSE r.item_count END, r.loss_rate, w.lost_share_low, w.lost_share_high,
    r.forward_factor, r.applied_rate, r.expected_loss, r.is_new OR r.is_borrowed
FROM rated AS r
    LEFT JOIN cells AS c ON c.bucket = r.bucket AND c.part IS NOT DISTINCT FROM r.part
    LEFT JOIN LATERAL @extschema@.roll_rates(r.matrix) AS w ON w.bucket = r.bucket
ORDER BY r.part, r.ordinality$query$
$$;
COMMENT ON FUNCTION _ecl_query(text, date) IS 'SQL text of the query behind ecl_report';

CREATE FUNCTION ecl_report(source text, as_of date, by text DEFAULT 'segment', bounds integer[] DEFAULT '{30,60,90}',
        forward_factors numeric[] DEFAULT NULL, least_rates numeric[] DEFAULT NULL, cohort_months integer DEFAULT 36,
        least_items bigint DEFAULT 30, rounding integer DEFAULT 2)
    RETURNS TABLE (part text, bucket text, exposure_amount numeric, provided_amount numeric,
                   insured_amount numeric, recoverable_tax_amount numeric, net_amount numeric, past_items bigint,
                   loss_rate double precision, lost_share_low double precision, lost_share_high double precision,
                   forward_factor numeric, applied_rate double precision, expected_loss numeric, is_borrowed boolean)
    LANGUAGE plpgsql STABLE COST 100000 ROWS 50
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    divided_by text := coalesce(by, 'segment');
    limits integer[] := coalesce(bounds, '{30,60,90}');
    months integer := coalesce(cohort_months, 36);
    last_due date;
BEGIN
    PERFORM @extschema@._check_day(as_of, 'an expected credit loss'::text), @extschema@._check_division(divided_by),
        @extschema@.aging_bucket(0, limits), @extschema@.source_relation(source), @extschema@._check_refreshed(source),
        @extschema@._check_currency(source, as_of);
    IF divided_by = 'customer' OR months NOT BETWEEN 1 AND 1200 THEN
        RAISE EXCEPTION 'there is no expected credit loss by % from % months', divided_by, months
            USING ERRCODE = 'invalid_parameter_value',
                HINT = 'It is by all, segment, collector, parent or attribute.NAME: one customer alone is no portfolio. The months are 1 to 1200.';
    END IF;
    last_due := (as_of - interval '12 months')::date - greatest(limits[cardinality(limits)], 0);
    BEGIN
        RETURN QUERY EXECUTE @extschema@._ecl_query(source, as_of) USING as_of, limits, source, divided_by,
            (last_due - make_interval(months => months))::date + 1, last_due, forward_factors, least_rates, least_items, rounding;
    EXCEPTION WHEN OTHERS THEN
        PERFORM @extschema@._blame(source, as_of, SQLSTATE, SQLERRM);
        RAISE;
    END;
END;
$$;
COMMENT ON FUNCTION ecl_report(text, date, text, integer[], numeric[], numeric[], integer, bigint, integer) IS
    'expected credit loss of what a source has open (simplified approach of IFRS 9, CECL), one row for each bucket (bounds as in aging_bucket) of each part of the portfolio (by: segment, collector, parent, attribute.NAME, or all): exposure is what is owed, disputed or not, credits not taken off; less what is provided for individually, insured, and tax that the state gives back (attributes provided_amount, insured_amount and recoverable_tax_share, spread over the open items of the customer in proportion); the net amount is left. Loss rates are those of items whose due date lies in the cohort_months (36) before the last bound and twelve months more: the share of what was still open as the bucket began that was written off or is still open on as_of; what a credit note took back is no loss. An item counts to the segment of its customer on its own due date, where segment_changes reaches back to it, and else to all alone. past_items reached the bucket; lost_share_low and _high are the 95 % interval of the share of items never paid; fewer than least_items (30) borrow the rate of all (is_borrowed). Applied rate = loss rate * forward_factor, not below the least rate and never above 1; expected_loss = net amount * applied rate, each row rounded once. Nothing due in these months is error 55000; amounts in the currency of the source';
