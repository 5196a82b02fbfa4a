-- experiment_result: what came out; experiment_power: what could come out.

CREATE FUNCTION experiment_result(sample experiment_sample, horizon integer, each_counts text DEFAULT 'customer',
        base text DEFAULT NULL, permutations integer DEFAULT NULL, seed bigint DEFAULT 1)
    RETURNS TABLE (arm text, customers bigint, items bigint, effective_customers double precision,
                   paid_share double precision, mean_days double precision, mean_days_low double precision,
                   mean_days_high double precision, days_earlier double precision,
                   days_earlier_low double precision, days_earlier_high double precision,
                   p_value double precision, detectable_days double precision, method text,
                   permutations_done integer)
    AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10000 ROWS 2;
COMMENT ON FUNCTION experiment_result(experiment_sample, integer, text, text, integer, bigint) IS
    'the arms of an experiment, one row each: customers, items, as many customers of equal weight as say as much, the share paid before the horizon (days; day 0 is its first), the mean days to payment counted up to the horizon (Kaplan-Meier) with a 95 % interval; for each arm but the base (NULL: the first by name) how many days earlier it is paid than the base, with a 95 % interval, its p-value, and the difference that a test of this size finds four times in five; each_counts is customer (each once), item or weight; the interval comes from leaving out one customer at a time, or, where an arm says as much as fewer than 50 customers, from a studentised permutation test of 1999 permutations (permutations: so many in any case, 0 never; the same seed gives the same figures); NULL below two customers an arm; 22023 for a customer in two arms, an arm that is not seen up to the horizon, a horizon outside 1 to 3660';

CREATE FUNCTION _experiment_detectable_days(sample experiment_sample, horizon integer, share double precision,
        other_share double precision, each_counts text) RETURNS double precision
    AS 'MODULE_PATHNAME', 'experiment_detectable_days' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10000;
COMMENT ON FUNCTION _experiment_detectable_days(experiment_sample, integer, double precision, double precision, text) IS
    'internal: the difference that two arms with these shares of the customers find four times in five';

CREATE FUNCTION experiment_power(sample experiment_sample, horizon integer, shares jsonb,
                                 each_counts text DEFAULT 'customer')
    RETURNS TABLE (arm text, base text, detectable_days double precision)
    LANGUAGE sql IMMUTABLE PARALLEL SAFE COST 20000 ROWS 1
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT o.arm, b.arm, @extschema@._experiment_detectable_days(experiment_power.sample, experiment_power.horizon,
        o.share, b.share, experiment_power.each_counts)
    FROM jsonb_array_elements(experiment_power.shares) WITH ORDINALITY AS e (value, place)
        CROSS JOIN LATERAL (SELECT e.value ->> 'arm' AS arm, (e.value ->> 'share')::double precision AS share) AS o
        CROSS JOIN LATERAL (SELECT experiment_power.shares -> 0 ->> 'arm' AS arm,
                                (experiment_power.shares -> 0 ->> 'share')::double precision AS share) AS b
    -- Never false: an error when the shares are none.
    WHERE coalesce(@extschema@.experiment_arm('', '', experiment_power.shares), '') IS NOT NULL AND e.place > 1
    ORDER BY e.place
$$;
COMMENT ON FUNCTION experiment_power(experiment_sample, integer, jsonb, text) IS
    'before an experiment: how many days of difference from the first arm each other arm could show, found four times in five at a p-value below 0.05, when the customers of the sample, whatever their arms, are drawn with these shares; from the spread between customers in the past; NULL when an arm would have fewer than two customers';

CREATE FUNCTION _chi_squared_tail(value double precision, freedom double precision) RETURNS double precision
    AS 'MODULE_PATHNAME', 'chi_squared_tail' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION _chi_squared_tail(double precision, double precision) IS
    'internal: the probability that chi squared with these degrees of freedom is above a value';

-- Pearson's chi squared of the customers that the arms have against those that they should have.
CREATE FUNCTION sample_ratio_p_value(customers bigint[], shares double precision[]) RETURNS double precision
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE COST 20
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    arms integer := array_length(customers, 1);
    total double precision;
    share_total double precision;
    distance double precision;
BEGIN
    IF arms IS DISTINCT FROM array_length(shares, 1) OR array_ndims(customers) <> 1 OR array_ndims(shares) <> 1 THEN
        RAISE EXCEPTION '% counts of customers and % shares do not belong together', coalesce(arms, 0), coalesce(array_length(shares, 1), 0)
            USING ERRCODE = 'invalid_parameter_value';
    END IF;
    IF EXISTS (SELECT FROM unnest(customers, shares) AS u (n, share)
               WHERE n IS NULL OR n < 0 OR share IS NULL OR NOT (share > 0 AND share < 'Infinity')) THEN
        RAISE EXCEPTION 'a count of customers below 0, a share that is not above 0, or one that is not there'
            USING ERRCODE = 'invalid_parameter_value';
    END IF;
    SELECT sum(n), sum(share) INTO total, share_total FROM unnest(customers, shares) AS u (n, share);
    IF arms < 2 OR total = 0 THEN RETURN NULL; END IF;
    SELECT sum((n - total * share / share_total) ^ 2 / (total * share / share_total)) INTO distance
    FROM unnest(customers, shares) AS u (n, share);
    RETURN @extschema@._chi_squared_tail(distance, arms - 1);
END;
$$;
COMMENT ON FUNCTION sample_ratio_p_value(bigint[], double precision[]) IS
    'how likely the arms of an experiment differ from their shares by as much or more through chance alone (chi squared); below 0.001 something is wrong with who was counted, and no other figure of the experiment can be trusted; NULL for fewer than two arms or no customers';
