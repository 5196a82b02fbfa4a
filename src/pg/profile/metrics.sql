-- Beside the metrics of the list (metrics.sql.awk): several percentiles, payment runs, the payment day in words.

CREATE FUNCTION percentile_days_late(profile payment_profile, fractions double precision[])
    RETURNS double precision[]
    AS 'MODULE_PATHNAME', 'payment_profile_percentiles_days_late' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION percentile_days_late(payment_profile, double precision[]) IS
    'percentiles of days late of timed items, an array of the shape of fractions; NULL without timed items';

CREATE FUNCTION payment_days(profile payment_profile, min_share double precision DEFAULT 0.6,
                             min_payments integer DEFAULT 5) RETURNS integer[]
    AS 'MODULE_PATHNAME', 'payment_profile_payment_days' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION payment_days(payment_profile, double precision, integer) IS
    'the smallest set of up to three days of the month that holds min_payments (default 5) distinct payment dates and min_share (default 0.6) of all, three days in a row a day: a firm that pays on the 10th and 25th; 1..31, -1 for the last day; NULL when chance, or the due dates with the customer''s own days late, explain the payments as well; of more than 255 payment dates the last 255 count';

CREATE FUNCTION payment_habit(profile payment_profile, min_share double precision DEFAULT 0.6,
                              min_payments integer DEFAULT 5) RETURNS text
    AS 'MODULE_PATHNAME', 'payment_profile_payment_habit' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION payment_habit(payment_profile, double precision, integer) IS
    'payment_days or payment_weekday, whichever explains the customer best, in words: the 10th and 25th, Thursdays; NULL without either';

CREATE FUNCTION payment_day_text(profile payment_profile, min_share double precision DEFAULT 0.6,
                                 min_payments integer DEFAULT 5) RETURNS text
    AS 'MODULE_PATHNAME', 'payment_profile_payment_day_text' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION payment_day_text(payment_profile, double precision, integer) IS
    'payment_day in words: 25th, last day of the month';
