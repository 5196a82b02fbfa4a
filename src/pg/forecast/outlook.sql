-- When an open invoice is paid. The model is in src/core/forecast/outlook.hpp.

CREATE FUNCTION expected_payment_date(profile payment_profile, due_date date, as_of date, fraction double precision DEFAULT 0.5,
        prior payment_profile DEFAULT NULL, calendar business_calendar DEFAULT NULL, disputed boolean DEFAULT true)
    RETURNS date
    AS 'MODULE_PATHNAME', 'expected_payment_date' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 100;
COMMENT ON FUNCTION expected_payment_date(payment_profile, date, date, double precision, payment_profile,
    business_calendar, boolean) IS
    'the first day by which a fraction (0.5) of the invoices with this due_date that are unpaid on as_of is paid; always after as_of; rests on the customer''s own payments, the older the less, on its payment run, and as on one invoice more on the prior (how its segment or all customers pay); on a day that is no business day of the calendar money comes on the next one; disputed invoices of the past count unless disputed is false; NULL when due_date or as_of is NULL, when neither profile nor prior has a payment, and when so much does not come within 730 days of the later of due_date and as_of; 22023 unless 0 < fraction < 1, 22008 when a date is infinite';

CREATE FUNCTION explain_expected_payment_date(profile payment_profile, due_date date, as_of date,
        fraction double precision DEFAULT 0.5, prior payment_profile DEFAULT NULL, calendar business_calendar DEFAULT NULL,
        disputed boolean DEFAULT true)
    RETURNS text
    AS 'MODULE_PATHNAME', 'explain_expected_payment_date' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 100;
COMMENT ON FUNCTION explain_expected_payment_date(payment_profile, date, date, double precision, payment_profile,
    business_calendar, boolean) IS
    'expected_payment_date in words, with what it rests on; NULL when there is nothing to say';

CREATE FUNCTION payment_probability(profile payment_profile, due_date date, by_date date, as_of date,
        prior payment_profile DEFAULT NULL, calendar business_calendar DEFAULT NULL, disputed boolean DEFAULT true)
    RETURNS double precision
    AS 'MODULE_PATHNAME', 'payment_probability' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 100;
COMMENT ON FUNCTION payment_probability(payment_profile, date, date, date, payment_profile, business_calendar, boolean) IS
    'the probability that an invoice with this due_date, unpaid on as_of, is paid by the end of by_date; 0 up to as_of; what is not paid within 730 days of the later of due_date and as_of counts as never paid; the rest as expected_payment_date, which is the first day on which this reaches its fraction';

CREATE FUNCTION explain_payment_probability(profile payment_profile, due_date date, by_date date, as_of date,
        prior payment_profile DEFAULT NULL, calendar business_calendar DEFAULT NULL, disputed boolean DEFAULT true)
    RETURNS text
    AS 'MODULE_PATHNAME', 'explain_payment_probability' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 100;
COMMENT ON FUNCTION explain_payment_probability(payment_profile, date, date, date, payment_profile, business_calendar,
    boolean) IS
    'payment_probability in words, with what it rests on; NULL when there is nothing to say';

CREATE FUNCTION expected_days_late(profile payment_profile, due_date date, as_of date, prior payment_profile DEFAULT NULL,
        calendar business_calendar DEFAULT NULL, disputed boolean DEFAULT true)
    RETURNS double precision
    AS 'MODULE_PATHNAME', 'expected_days_late' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 200;
COMMENT ON FUNCTION expected_days_late(payment_profile, date, date, payment_profile, business_calendar, boolean) IS
    'the mean of paid date - due_date of an invoice with this due_date that is unpaid on as_of, for totals of money; what is not paid within 730 days of the later of due_date and as_of counts as paid then; the rest as expected_payment_date';

CREATE FUNCTION explain_expected_days_late(profile payment_profile, due_date date, as_of date,
        prior payment_profile DEFAULT NULL, calendar business_calendar DEFAULT NULL, disputed boolean DEFAULT true)
    RETURNS text
    AS 'MODULE_PATHNAME', 'explain_expected_days_late' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 200;
COMMENT ON FUNCTION explain_expected_days_late(payment_profile, date, date, payment_profile, business_calendar, boolean) IS
    'expected_days_late in words, with what it rests on; NULL when there is nothing to say';
