-- Beside the metrics of the list (metrics.sql.awk): several percentiles, the payment day in words.

CREATE FUNCTION percentile_days_late(profile payment_profile, fractions double precision[])
    RETURNS double precision[]
    AS 'MODULE_PATHNAME', 'payment_profile_percentiles_days_late' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION percentile_days_late(payment_profile, double precision[]) IS
    'percentiles of days late of timed items, an array of the shape of fractions; NULL without timed items';

CREATE FUNCTION payment_day_text(profile payment_profile, min_share double precision DEFAULT 0.6,
                                 min_payments integer DEFAULT 5) RETURNS text
    AS 'MODULE_PATHNAME', 'payment_profile_payment_day_text' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION payment_day_text(payment_profile, double precision, integer) IS
    'payment_day in words: 25th, last day of the month';
