-- A payment profile as a whole.

CREATE TYPE profile_metrics AS (
    item_count bigint,
    paid_count bigint,
    open_count bigint,
    credit_count bigint,
    disputed_count bigint,
    timed_count bigint,
    payment_count bigint,
    total_amount numeric,
    paid_amount numeric,
    open_amount numeric,
    mean_days_late double precision,
    stddev_days_late double precision,
    skewness_days_late double precision,
    kurtosis_days_late double precision,
    min_days_late integer,
    p10_days_late double precision,
    p25_days_late double precision,
    median_days_late double precision,
    p75_days_late double precision,
    p90_days_late double precision,
    max_days_late integer,
    spread_days_late double precision,
    weighted_days_late double precision,
    late_share double precision,
    late_amount_share double precision,
    dispute_share double precision,
    mean_days_to_pay double precision,
    mean_terms_days double precision,
    recent_median_days_late double precision,
    late_streak bigint,
    trend_days_late_per_year double precision,
    payment_day integer,
    payment_day_share double precision,
    payment_weekday integer,
    payment_weekday_share double precision,
    structural_days_late integer,
    overdue_amount numeric,
    overdue_count bigint,
    oldest_overdue_days integer,
    amount_last_year numeric,
    first_due_date date,
    last_due_date date,
    first_invoice_date date,
    last_invoice_date date,
    last_paid_date date,
    invoice_interval_days double precision,
    prompt_payment_score double precision
);
COMMENT ON TYPE profile_metrics IS 'all metrics of a payment profile: the row type of profile_summary';

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
