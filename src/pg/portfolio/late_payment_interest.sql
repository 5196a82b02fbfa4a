-- Interest and compensation for late payment.

CREATE FUNCTION make_rate_schedule(from_dates date[], percents numeric[], kind text DEFAULT 'floating')
    RETURNS rate_schedule LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN (SELECT rate_schedule_in(pg_catalog.jsonb_build_object('kind', coalesce(kind, 'floating'),
                   'rates', pg_catalog.jsonb_agg(pg_catalog.jsonb_build_object('from', r.from_date, 'percent', r.percent)
                                                 ORDER BY r.from_date))::text::cstring)
        FROM unnest(from_dates, percents) AS r (from_date, percent) HAVING count(*) > 0);
COMMENT ON FUNCTION make_rate_schedule(date[], numeric[], text) IS
    'schedule of these rates in percent a year, each from its day on, in any order; kind floating (the default) or fixed_at_start; NULL when there is no rate; lists of unlike length, a NULL in them and a day given twice are error 22P02, a percentage below 0 or above 1000 is 22003';

CREATE FUNCTION _interest_factor(due_date date, until_date date, rates rate_schedule, day_count text) RETURNS numeric
    AS 'MODULE_PATHNAME', 'interest_factor' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION _interest_factor(date, date, rate_schedule, text) IS
    'internal: the sum of percentage * 1603080 * part of a year over the periods of interest: a whole number of the rates'' smallest unit, so that interest = amount * this / 160308000 exactly';

CREATE FUNCTION _round_quotient(numerator numeric, denominator numeric, decimals integer) RETURNS numeric
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN round(sign(numerator) * div(2::numeric * abs(numerator) * power(10::numeric, decimals::numeric) + denominator,
                                   2::numeric * denominator)
             / power(10::numeric, decimals::numeric), greatest(decimals, 0));
COMMENT ON FUNCTION _round_quotient(numeric, numeric, integer) IS
    'internal: numerator / denominator (above 0) rounded once, half away from zero';

CREATE FUNCTION late_payment_interest(amount numeric, due_date date, until_date date, rates rate_schedule,
                                      day_count text DEFAULT 'actual/365', rounding integer DEFAULT 2,
                                      business boolean DEFAULT true, disputed boolean DEFAULT false)
    RETURNS numeric LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN coalesce(business, true) AND NOT coalesce(disputed, false)
    THEN _round_quotient(amount * _interest_factor(due_date, until_date, rates, coalesce(day_count, 'actual/365')),
                         160308000::numeric, coalesce(rounding, 2)) END;
COMMENT ON FUNCTION late_payment_interest(numeric, date, date, rate_schedule, text, integer, boolean, boolean) IS
    'simple interest on an amount from the day after its due date to until_date, which counts: the sum of amount * percent / 100 * part of a year over the periods of the rates, exact and rounded once at the end, half away from zero, to so many decimals (rounding); 0 when until_date is not after the due date, below 0 for an amount below 0; NULL on NULL amount, dates or rates, for a customer that is no business, and for a disputed item (leave it out to ask for the interest all the same); day_count actual/365, actual/360, actual/actual (days in leap years / 366, others / 365) or 30/360 (30E/360: months of 30 days); a day before the first rate is error 22023';

CREATE FUNCTION late_payment_interest_periods(due_date date, until_date date, rates rate_schedule,
                                              day_count text DEFAULT 'actual/365', OUT from_date date, OUT to_date date,
                                              OUT days integer, OUT percent numeric, OUT year_fraction double precision)
    RETURNS SETOF record
    AS 'MODULE_PATHNAME', 'interest_periods' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10 ROWS 5;
COMMENT ON FUNCTION late_payment_interest_periods(date, date, rate_schedule, text) IS
    'how late_payment_interest comes about, one row a rate: first and last day (both count), number of days by the day count, percentage a year, and which part of a year the period is';

CREATE FUNCTION _interest_transition(state numeric[], amount numeric, due_date date, until_date date, rates rate_schedule,
                                     day_count text, rounding integer) RETURNS numeric[]
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    part numeric := amount * @extschema@._interest_factor(due_date, until_date, rates, coalesce(day_count, 'actual/365'));
BEGIN
    IF part IS NULL THEN RETURN state; END IF;
    IF state IS NULL THEN RETURN ARRAY[coalesce(rounding, 2), part]; END IF;
    IF state[1] <> coalesce(rounding, 2) THEN
        RAISE EXCEPTION 'rounding must be the same in all rows of total_late_payment_interest'
            USING ERRCODE = 'invalid_parameter_value';
    END IF;
    RETURN ARRAY[state[1], state[2] + part];
END $$;
COMMENT ON FUNCTION _interest_transition(numeric[], numeric, date, date, rate_schedule, text, integer) IS
    'transition function of total_late_payment_interest: the decimals, and the sum of amount * _interest_factor';

CREATE FUNCTION _interest_combine(state numeric[], other numeric[]) RETURNS numeric[]
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF state IS NULL OR other IS NULL THEN RETURN coalesce(state, other); END IF;
    IF state[1] <> other[1] THEN
        RAISE EXCEPTION 'rounding must be the same in all rows of total_late_payment_interest'
            USING ERRCODE = 'invalid_parameter_value';
    END IF;
    RETURN ARRAY[state[1], state[2] + other[2]];
END $$;
COMMENT ON FUNCTION _interest_combine(numeric[], numeric[]) IS
    'combine function of total_late_payment_interest';

CREATE FUNCTION _interest_final(state numeric[]) RETURNS numeric LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN _round_quotient(state[2], 160308000::numeric, state[1]::integer);
COMMENT ON FUNCTION _interest_final(numeric[]) IS 'final function of total_late_payment_interest';

CREATE AGGREGATE total_late_payment_interest(amount numeric, due_date date, until_date date, rates rate_schedule,
                                             day_count text, rounding integer) (
    SFUNC = _interest_transition, STYPE = numeric[], FINALFUNC = _interest_final,
    COMBINEFUNC = _interest_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE total_late_payment_interest(numeric, date, date, rate_schedule, text, integer) IS
    'interest on what was paid in parts, or on several items: the sum of late_payment_interest over the rows, rounded once; a row is one part with the day until which it was open (the day it was paid, or today for what still is); NULL day_count means actual/365, NULL rounding 2; rows with another NULL are ignored; NULL when no row is left; rounding must be the same in all rows (else error 22023)';

CREATE FUNCTION late_payment_compensation(amount numeric, due_date date, until_date date,
                                          amounts numeric[] DEFAULT '{{0,40}}',
                                          business boolean DEFAULT true, disputed boolean DEFAULT false)
    RETURNS numeric LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN coalesce(business, true) AND NOT coalesce(disputed, false)
    THEN CASE WHEN amount > 0::numeric AND until_date > due_date
         THEN coalesce((SELECT a[i][2] FROM (SELECT coalesce(amounts, '{{0,40}}'::numeric[])) AS x (a),
                               pg_catalog.generate_subscripts(a, 1) AS i
                        WHERE a[i][1] <= amount ORDER BY a[i][1] DESC LIMIT 1), 0)
         WHEN amount <= 0::numeric OR until_date <= due_date THEN 0 END END;
COMMENT ON FUNCTION late_payment_compensation(numeric, date, date, numeric[], boolean, boolean) IS
    'the fixed sum for the costs of collecting, once an invoice that was not paid by its due date: amounts are pairs of a debt and the compensation from that debt on, {{0,40}} by default (the EU''s least, in euro), {{0,40},{1000,70},{10000,100}} in the United Kingdom in pounds; amount is the debt on the day after the due date; 0 when until_date is not after the due date, for an amount of 0 or below, and below the first pair; NULL on NULL input, for a customer that is no business, and for a disputed item';
