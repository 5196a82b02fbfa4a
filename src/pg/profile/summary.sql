-- A payment profile as a whole.

CREATE FUNCTION profile_summary(profile payment_profile, as_of date) RETURNS profile_metrics
    AS 'MODULE_PATHNAME', 'payment_profile_summary' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION profile_summary(payment_profile, date) IS
    'all metrics as one row; call it in FROM (LATERAL), for (f(x)).* runs it once a column; without as_of the metrics that need it are NULL';

CREATE FUNCTION payment_profile_to_json(payment_profile) RETURNS json
    AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION payment_profile_to_json(payment_profile) IS
    'the metrics that need no as_of, by name';
CREATE FUNCTION payment_profile_to_jsonb(payment_profile) RETURNS jsonb
    AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION payment_profile_to_jsonb(payment_profile) IS
    'the metrics that need no as_of, by name';
CREATE CAST (payment_profile AS json) WITH FUNCTION payment_profile_to_json(payment_profile);
COMMENT ON CAST (payment_profile AS json) IS 'the metrics that need no as_of, by name';
CREATE CAST (payment_profile AS jsonb) WITH FUNCTION payment_profile_to_jsonb(payment_profile);
COMMENT ON CAST (payment_profile AS jsonb) IS 'the metrics that need no as_of, by name';

CREATE FUNCTION delay_histogram(profile payment_profile, OUT days_late integer, OUT items bigint,
                                OUT amount numeric) RETURNS SETOF record
    AS 'MODULE_PATHNAME', 'payment_profile_delay_histogram' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
    ROWS 50;
COMMENT ON FUNCTION delay_histogram(payment_profile) IS
    'timed items and their amount by days late, ascending; amount is NULL when no amount is known';

CREATE FUNCTION sparkline(profile payment_profile) RETURNS text
    AS 'MODULE_PATHNAME', 'payment_profile_sparkline' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION sparkline(payment_profile) IS
    'the histogram of days late as one line: fewest days, bars, most days';
