-- expected_credit_loss: loss rates on what is open.

CREATE FUNCTION _loss_rate_array(name text, given numeric[], buckets integer, most numeric, fallback numeric)
    RETURNS numeric[] LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF buckets NOT BETWEEN 0 AND 100 THEN
        RAISE EXCEPTION '% buckets are not between 0 and 100', buckets USING ERRCODE = 'invalid_parameter_value';
    END IF;
    IF given IS NULL THEN RETURN array_fill(fallback, ARRAY[buckets]); END IF;
    IF array_ndims(given) IS DISTINCT FROM 1 OR cardinality(given) <> buckets THEN
        RAISE EXCEPTION '% must have one number for each of the % buckets that have days, not %', name, buckets, given
            USING ERRCODE = 'invalid_parameter_value';
    END IF;
    IF NOT (SELECT bool_and(coalesce(x >= 0 AND x <= most, false)) FROM unnest(given) AS x) THEN
        RAISE EXCEPTION '% must lie between 0 and %, not %', name, most, given
            USING ERRCODE = 'invalid_parameter_value';
    END IF;
    RETURN ARRAY(SELECT x FROM unnest(given) WITH ORDINALITY AS g (x, i) ORDER BY i);
END $$;
COMMENT ON FUNCTION _loss_rate_array(text, numeric[], integer, numeric, numeric) IS
    'internal: checks numbers given by bucket; NULL stands for the fallback in every bucket';

CREATE FUNCTION _expected_credit_loss(exposure aging, lost numeric[], reached numeric[], items bigint[], borrowed boolean[],
                                      forward_factors numeric[], least_rates numeric[], rounding integer)
    RETURNS TABLE (bucket text, exposure_amount numeric, loss_rate double precision, forward_factor numeric,
                   applied_rate double precision, expected_loss numeric, item_count bigint, is_borrowed boolean)
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    buckets integer := cardinality(lost);
    factors numeric[] := @extschema@._loss_rate_array('forward_factors', forward_factors, buckets, 100, 1);
    least_of numeric[] := @extschema@._loss_rate_array('least_rates', least_rates, buckets, 1, 0);
    cell record; i integer; loss numeric; base numeric;
BEGIN
    FOR cell IN SELECT b.*, row_number() OVER () AS n FROM @extschema@.aging_buckets(exposure) AS b LOOP
        i := CASE WHEN cell.n <= buckets THEN cell.n ELSE 1 END;
        exposure_amount := cell.amount + cell.disputed_amount;
        -- applied rate = loss / base, kept as a fraction so that only the product is rounded
        loss := lost[i] * factors[i];
        base := reached[i];
        IF base = 0 AND least_of[i] = 0 AND exposure_amount > 0 THEN
            RAISE EXCEPTION 'no loss rate is known for bucket "%", in which % is open', cell.bucket, exposure_amount
                USING ERRCODE = 'invalid_parameter_value',
                      HINT = 'Take a matrix of more items, give a portfolio to borrow from, or a least rate.';
        END IF;
        IF base = 0 OR least_of[i] * base > loss THEN loss := least_of[i]; base := 1; END IF;
        IF loss > base THEN loss := base; END IF;
        bucket := cell.bucket;
        loss_rate := lost[i] / nullif(reached[i], 0);
        forward_factor := factors[i];
        applied_rate := loss / base;
        expected_loss := @extschema@._round_quotient(exposure_amount * loss, base, coalesce(rounding, 2));
        item_count := items[i];
        is_borrowed := borrowed[i];
        RETURN NEXT;
    END LOOP;
END $$;
COMMENT ON FUNCTION _expected_credit_loss(aging, numeric[], numeric[], bigint[], boolean[], numeric[], numeric[], integer) IS
    'internal: loss rates as fractions lost / reached, by bucket';

CREATE FUNCTION expected_credit_loss_at_rates(exposure aging, loss_rates numeric[],
                                              forward_factors numeric[] DEFAULT NULL,
                                              least_rates numeric[] DEFAULT NULL, rounding integer DEFAULT 2)
    RETURNS TABLE (bucket text, exposure_amount numeric, loss_rate double precision, forward_factor numeric,
                   applied_rate double precision, expected_loss numeric)
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE ROWS 6 SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    buckets integer := (SELECT count(*) - 1 FROM @extschema@.aging_buckets(exposure));
    rates numeric[];
BEGIN
    IF exposure IS NULL OR loss_rates IS NULL THEN RETURN; END IF;
    rates := @extschema@._loss_rate_array('loss_rates', loss_rates, buckets, 1, NULL);
    RETURN QUERY SELECT e.bucket, e.exposure_amount, e.loss_rate, e.forward_factor, e.applied_rate, e.expected_loss
        FROM @extschema@._expected_credit_loss(exposure, rates, array_fill(1::numeric, ARRAY[buckets]), NULL, NULL,
                                               forward_factors, least_rates, rounding) AS e;
END $$;
COMMENT ON FUNCTION expected_credit_loss_at_rates(aging, numeric[], numeric[], numeric[], integer) IS
    'expected credit loss of what is open, one row a bucket, with loss rates that are given (0.016 is 1.6 %), one for each bucket that has days: exposure (owed and disputed amounts; credits are not taken off), the rate, the forward-looking factor (1), the applied rate = rate * factor, not below the least rate (0) and never above 1, and exposure * applied rate, rounded once, half away from zero, to so many decimals; what has no due date takes the rate of the first bucket; the total is the sum of the rows; no rows on NULL exposure or rates; lists of another length, rates outside 0 to 1 and factors outside 0 to 100 are error 22023';

CREATE FUNCTION expected_credit_loss(exposure aging, matrix provision_matrix, forward_factors numeric[] DEFAULT NULL,
                                     least_rates numeric[] DEFAULT NULL, rounding integer DEFAULT 2,
                                     portfolio provision_matrix DEFAULT NULL, least_items bigint DEFAULT 30)
    RETURNS TABLE (bucket text, exposure_amount numeric, loss_rate double precision, forward_factor numeric,
                   applied_rate double precision, expected_loss numeric, item_count bigint, is_borrowed boolean)
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE ROWS 6 SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    own_names text[] := ARRAY(SELECT r.bucket FROM @extschema@.roll_rates(matrix) AS r);
    names text[];
    lost numeric[]; reached numeric[]; items bigint[]; borrowed boolean[];
BEGIN
    IF exposure IS NULL OR matrix IS NULL THEN RETURN; END IF;
    names := ARRAY(SELECT b.bucket FROM @extschema@.aging_buckets(exposure) AS b WHERE b.bucket <> 'no due date');
    IF names <> own_names THEN
        RAISE EXCEPTION 'the aging and the provision matrix have other buckets: % and %', names, own_names
            USING ERRCODE = 'invalid_parameter_value';
    END IF;
    IF portfolio IS NOT NULL AND own_names <> ARRAY(SELECT r.bucket FROM @extschema@.roll_rates(portfolio) AS r) THEN
        RAISE EXCEPTION 'the provision matrix and that of the portfolio have other buckets'
            USING ERRCODE = 'invalid_parameter_value';
    END IF;
    SELECT array_agg(CASE WHEN x.small THEN x.p_lost ELSE x.lost_amount END ORDER BY x.n),
           array_agg(CASE WHEN x.small THEN x.p_open ELSE x.open_amount END ORDER BY x.n),
           array_agg(x.item_count ORDER BY x.n), array_agg(x.small ORDER BY x.n)
    INTO lost, reached, items, borrowed
    FROM (SELECT r.*, p.lost_amount AS p_lost, p.open_amount AS p_open,
                 p.bucket IS NOT NULL AND r.item_count < coalesce(least_items, 30) AS small
          FROM (SELECT q.*, row_number() OVER () AS n FROM @extschema@.roll_rates(matrix) AS q) AS r
          LEFT JOIN @extschema@.roll_rates(portfolio) AS p ON p.bucket = r.bucket) AS x;
    RETURN QUERY SELECT * FROM @extschema@._expected_credit_loss(exposure, lost, reached, items, borrowed,
                                                                 forward_factors, least_rates, rounding);
END $$;
COMMENT ON FUNCTION expected_credit_loss(aging, provision_matrix, numeric[], numeric[], integer, provision_matrix, bigint) IS
    'expected credit loss of what is open (simplified approach of IFRS 9, CECL), as with given rates, by the loss rates of past items with the same bounds; with a portfolio''s matrix a bucket that fewer than least_items (30) items of the own matrix reached takes the portfolio''s rate, and is_borrowed says so; item_count: how many items of the own matrix reached the bucket; a bucket in which something is open, but no past item ever was, is error 22023 unless it has a least rate';
