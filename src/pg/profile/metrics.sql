-- What a payment profile says. The list and its order are those of src/core/metric_registry.cpp.

CREATE FUNCTION item_count(profile payment_profile) RETURNS bigint
    AS 'MODULE_PATHNAME', 'payment_profile_item_count' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION item_count(payment_profile) IS
    'items in all: paid + open + credits';

CREATE FUNCTION paid_count(profile payment_profile) RETURNS bigint
    AS 'MODULE_PATHNAME', 'payment_profile_paid_count' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION paid_count(payment_profile) IS
    'items paid, disputed ones included, credits not';

CREATE FUNCTION open_count(profile payment_profile) RETURNS bigint
    AS 'MODULE_PATHNAME', 'payment_profile_open_count' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION open_count(payment_profile) IS
    'items not paid, disputed ones included, credits not';

CREATE FUNCTION credit_count(profile payment_profile) RETURNS bigint
    AS 'MODULE_PATHNAME', 'payment_profile_credit_count' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION credit_count(payment_profile) IS
    'items with a negative amount';

CREATE FUNCTION disputed_count(profile payment_profile) RETURNS bigint
    AS 'MODULE_PATHNAME', 'payment_profile_disputed_count' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION disputed_count(payment_profile) IS
    'items that are or were in dispute; they are in no delay statistic';

CREATE FUNCTION timed_count(profile payment_profile) RETURNS bigint
    AS 'MODULE_PATHNAME', 'payment_profile_timed_count' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION timed_count(payment_profile) IS
    'items that the delay statistics rest on: paid, no credit, not disputed';

CREATE FUNCTION payment_count(profile payment_profile) RETURNS bigint
    AS 'MODULE_PATHNAME', 'payment_profile_payment_count' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION payment_count(payment_profile) IS
    'distinct payment dates of timed items';

CREATE FUNCTION total_amount(profile payment_profile) RETURNS numeric
    AS 'MODULE_PATHNAME', 'payment_profile_total_amount' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION total_amount(payment_profile) IS
    'sum of all amounts, credits taken off; equals sum(amount); NULL when no amount is known';

CREATE FUNCTION paid_amount(profile payment_profile) RETURNS numeric
    AS 'MODULE_PATHNAME', 'payment_profile_paid_amount' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION paid_amount(payment_profile) IS
    'sum of the amounts of items with a paid date, settled credits taken off; NULL when no amount is known';

CREATE FUNCTION open_amount(profile payment_profile) RETURNS numeric
    AS 'MODULE_PATHNAME', 'payment_profile_open_amount' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION open_amount(payment_profile) IS
    'sum of the amounts of items without a paid date, open credits taken off; NULL when no amount is known';

CREATE FUNCTION mean_days_late(profile payment_profile) RETURNS double precision
    AS 'MODULE_PATHNAME', 'payment_profile_mean_days_late' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION mean_days_late(payment_profile) IS
    'mean of days late (paid date - due date, negative is early) of timed items; NULL without any';

CREATE FUNCTION stddev_days_late(profile payment_profile) RETURNS double precision
    AS 'MODULE_PATHNAME', 'payment_profile_stddev_days_late' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION stddev_days_late(payment_profile) IS
    'sample standard deviation of days late of timed items; NULL with fewer than two';

CREATE FUNCTION skewness_days_late(profile payment_profile) RETURNS double precision
    AS 'MODULE_PATHNAME', 'payment_profile_skewness_days_late' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION skewness_days_late(payment_profile) IS
    'population skewness (g1) of days late of timed items; NULL when all are equal';

CREATE FUNCTION kurtosis_days_late(profile payment_profile) RETURNS double precision
    AS 'MODULE_PATHNAME', 'payment_profile_kurtosis_days_late' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION kurtosis_days_late(payment_profile) IS
    'population excess kurtosis (g2) of days late of timed items; NULL when all are equal';

CREATE FUNCTION min_days_late(profile payment_profile) RETURNS integer
    AS 'MODULE_PATHNAME', 'payment_profile_min_days_late' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION min_days_late(payment_profile) IS
    'fewest days late of timed items; negative is early';

CREATE FUNCTION median_days_late(profile payment_profile) RETURNS double precision
    AS 'MODULE_PATHNAME', 'payment_profile_median_days_late' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION median_days_late(payment_profile) IS
    'median of days late of timed items, as percentile_cont(0.5)';

CREATE FUNCTION max_days_late(profile payment_profile) RETURNS integer
    AS 'MODULE_PATHNAME', 'payment_profile_max_days_late' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION max_days_late(payment_profile) IS
    'most days late of timed items';

CREATE FUNCTION spread_days_late(profile payment_profile) RETURNS double precision
    AS 'MODULE_PATHNAME', 'payment_profile_spread_days_late' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION spread_days_late(payment_profile) IS
    'days between the quartiles of days late: p75 - p25';

CREATE FUNCTION percentile_days_late(profile payment_profile, fraction double precision) RETURNS double precision
    AS 'MODULE_PATHNAME', 'payment_profile_percentile_days_late' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION percentile_days_late(payment_profile, double precision) IS
    'percentile of days late of timed items, as percentile_cont(fraction); 22023 when fraction is not between 0 and 1';

CREATE FUNCTION weighted_days_late(profile payment_profile) RETURNS double precision
    AS 'MODULE_PATHNAME', 'payment_profile_weighted_days_late' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION weighted_days_late(payment_profile) IS
    'days late weighted by amount: sum(amount * days) / sum(amount) of timed items; NULL at no weight';

CREATE FUNCTION late_share(profile payment_profile, tolerance_days integer DEFAULT 0) RETURNS double precision
    AS 'MODULE_PATHNAME', 'payment_profile_late_share' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION late_share(payment_profile, integer) IS
    'share of timed items with more than tolerance_days days late (default 0)';

CREATE FUNCTION late_amount_share(profile payment_profile, tolerance_days integer DEFAULT 0) RETURNS double precision
    AS 'MODULE_PATHNAME', 'payment_profile_late_amount_share' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION late_amount_share(payment_profile, integer) IS
    'share of the amount of timed items with more than tolerance_days days late (default 0); NULL at no amount';

CREATE FUNCTION dispute_share(profile payment_profile) RETURNS double precision
    AS 'MODULE_PATHNAME', 'payment_profile_dispute_share' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION dispute_share(payment_profile) IS
    'share of items, credits left out, that are or were in dispute';

CREATE FUNCTION mean_days_to_pay(profile payment_profile) RETURNS double precision
    AS 'MODULE_PATHNAME', 'payment_profile_mean_days_to_pay' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION mean_days_to_pay(payment_profile) IS
    'mean of paid date - invoice date of timed items with an invoice date';

CREATE FUNCTION mean_terms_days(profile payment_profile) RETURNS double precision
    AS 'MODULE_PATHNAME', 'payment_profile_mean_terms_days' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION mean_terms_days(payment_profile) IS
    'mean of due date - invoice date of items with an invoice date, credits left out';

CREATE FUNCTION recent_median_days_late(profile payment_profile, items integer DEFAULT 5) RETURNS double precision
    AS 'MODULE_PATHNAME', 'payment_profile_recent_median_days_late' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION recent_median_days_late(payment_profile, integer) IS
    'median of days late of the last timed items (default 5, 12 at most) by due date';

CREATE FUNCTION late_streak(profile payment_profile) RETURNS bigint
    AS 'MODULE_PATHNAME', 'payment_profile_late_streak' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION late_streak(payment_profile) IS
    'how many of the latest timed items in a row were late, 12 at most; 0 without timed items';

CREATE FUNCTION trend_days_late_per_year(profile payment_profile) RETURNS double precision
    AS 'MODULE_PATHNAME', 'payment_profile_trend_days_late_per_year' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION trend_days_late_per_year(payment_profile) IS
    'least-squares slope of days late over the due date, in days per year of 365.25 days; NULL when all due dates are equal';

CREATE FUNCTION payment_day(profile payment_profile, min_share double precision DEFAULT 0.6, min_payments integer DEFAULT 5) RETURNS integer
    AS 'MODULE_PATHNAME', 'payment_profile_payment_day' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION payment_day(payment_profile, double precision, integer) IS
    'day of the month on which the customer pays: 1..31, or -1 for the last day, -2 the one before; NULL unless three days in a row hold min_payments (default 5) distinct payment dates and min_share (default 0.6) of all';

CREATE FUNCTION payment_day_share(profile payment_profile) RETURNS double precision
    AS 'MODULE_PATHNAME', 'payment_profile_payment_day_share' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION payment_day_share(payment_profile) IS
    'share of distinct payment dates in the best three days in a row, also below min_share';

CREATE FUNCTION payment_weekday(profile payment_profile, min_share double precision DEFAULT 0.6, min_payments integer DEFAULT 8) RETURNS integer
    AS 'MODULE_PATHNAME', 'payment_profile_payment_weekday' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION payment_weekday(payment_profile, double precision, integer) IS
    'ISO weekday (1 Monday .. 7 Sunday) on which the customer pays; NULL unless it holds min_payments (default 8) distinct payment dates and min_share (default 0.6) of all';

CREATE FUNCTION payment_weekday_share(profile payment_profile) RETURNS double precision
    AS 'MODULE_PATHNAME', 'payment_profile_payment_weekday_share' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION payment_weekday_share(payment_profile) IS
    'share of distinct payment dates on the best weekday, also below min_share';

CREATE FUNCTION structural_days_late(profile payment_profile, min_items integer DEFAULT 8, max_spread_days double precision DEFAULT 5) RETURNS integer
    AS 'MODULE_PATHNAME', 'payment_profile_structural_days_late' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION structural_days_late(payment_profile, integer, double precision) IS
    'days by which the customer is late as a habit: the median rounded half up, if there are min_items timed items (default 8), their spread is at most max_spread_days (default 5) and the median is above 0; else NULL';

CREATE FUNCTION overdue_amount(profile payment_profile, as_of date, older_than_days integer DEFAULT 0) RETURNS numeric
    AS 'MODULE_PATHNAME', 'payment_profile_overdue_amount' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION overdue_amount(payment_profile, date, integer) IS
    'amount of open, undisputed items with due date + older_than_days (default 0) before as_of; NULL when no amount is known';

CREATE FUNCTION overdue_count(profile payment_profile, as_of date, older_than_days integer DEFAULT 0) RETURNS bigint
    AS 'MODULE_PATHNAME', 'payment_profile_overdue_count' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION overdue_count(payment_profile, date, integer) IS
    'open, undisputed items with due date + older_than_days (default 0) before as_of';

CREATE FUNCTION oldest_overdue_days(profile payment_profile, as_of date) RETURNS integer
    AS 'MODULE_PATHNAME', 'payment_profile_oldest_overdue_days' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION oldest_overdue_days(payment_profile, date) IS
    'days since the oldest due date of open, undisputed items that are overdue on as_of; NULL without any';

CREATE FUNCTION amount_last_year(profile payment_profile, as_of date) RETURNS numeric
    AS 'MODULE_PATHNAME', 'payment_profile_amount_last_year' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION amount_last_year(payment_profile, date) IS
    'amount due in the 365 days up to as_of, credits taken off; NULL when no amount is known';

CREATE FUNCTION first_due_date(profile payment_profile) RETURNS date
    AS 'MODULE_PATHNAME', 'payment_profile_first_due_date' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION first_due_date(payment_profile) IS
    'earliest due date, credits left out';

CREATE FUNCTION last_due_date(profile payment_profile) RETURNS date
    AS 'MODULE_PATHNAME', 'payment_profile_last_due_date' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION last_due_date(payment_profile) IS
    'latest due date, credits left out';

CREATE FUNCTION first_invoice_date(profile payment_profile) RETURNS date
    AS 'MODULE_PATHNAME', 'payment_profile_first_invoice_date' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION first_invoice_date(payment_profile) IS
    'earliest invoice date, credits left out';

CREATE FUNCTION last_invoice_date(profile payment_profile) RETURNS date
    AS 'MODULE_PATHNAME', 'payment_profile_last_invoice_date' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION last_invoice_date(payment_profile) IS
    'latest invoice date, credits left out';

CREATE FUNCTION last_paid_date(profile payment_profile) RETURNS date
    AS 'MODULE_PATHNAME', 'payment_profile_last_paid_date' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION last_paid_date(payment_profile) IS
    'latest paid date, credits left out';

CREATE FUNCTION invoice_interval_days(profile payment_profile) RETURNS double precision
    AS 'MODULE_PATHNAME', 'payment_profile_invoice_interval_days' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION invoice_interval_days(payment_profile) IS
    'mean days between one item and the next by invoice date: (last - first) / (items - 1); NULL with fewer than two';

CREATE FUNCTION prompt_payment_score(profile payment_profile) RETURNS double precision
    AS 'MODULE_PATHNAME', 'payment_profile_prompt_payment_score' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION prompt_payment_score(payment_profile) IS
    '0 to 100 for weighted_days_late: 100 is 30 days early, 80 prompt, 50 is 30 days late, 0 is 180 days late, linear between';

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
