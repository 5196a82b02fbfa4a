-- business_calendar: which days are business days.

-- Storage main keeps calendars of up to 4,000 holidays in their row, so that functions read them in place;
-- extended would move those of 1,000 out of it, and every call would fetch them.
CREATE TYPE business_calendar (
    INPUT = business_calendar_in, OUTPUT = business_calendar_out,
    RECEIVE = business_calendar_recv, SEND = business_calendar_send,
    INTERNALLENGTH = VARIABLE, ALIGNMENT = double, STORAGE = main
);
COMMENT ON TYPE business_calendar IS
    'a weekend (ISO weekdays, 1 = Monday) and holidays, as {"weekend": [6, 7], "holidays": ["2026-12-25"]}';

CREATE FUNCTION make_business_calendar(holidays date[], weekend integer[] DEFAULT '{6,7}')
    RETURNS business_calendar
    AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION make_business_calendar(date[], integer[]) IS
    'calendar of these holidays and weekend days (ISO weekdays, 1 = Monday; NULL: Saturday and Sunday); NULL among the holidays is ignored, NULL holidays give NULL; an infinite date is error 22008, a weekend of all seven days error 22023';

CREATE FUNCTION is_business_day(calendar business_calendar, day date) RETURNS boolean
    AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION is_business_day(business_calendar, date) IS
    'whether the day is neither a weekend day nor a holiday; NULL on NULL input; an infinite date is error 22008';

CREATE FUNCTION roll_date(calendar business_calendar, day date, convention text DEFAULT 'following')
    RETURNS date
    AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION roll_date(business_calendar, date, text) IS
    'the day itself if it is a business day, else a business day near it: following, modified_following, preceding, modified_preceding (modified: never into another month if the other direction stays in it), nearest (following when both are as close), unadjusted (the day itself); NULL calendar or day gives NULL, NULL convention means following; a result outside type date is error 22008';

CREATE FUNCTION add_business_days(calendar business_calendar, day date, n integer) RETURNS date
    AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION add_business_days(business_calendar, date, integer) IS
    'the n-th business day after the day, or before it for negative n; n = 0 is the day rolled following; NULL on NULL input; a result outside type date is error 22008';

CREATE FUNCTION business_days_between(calendar business_calendar, from_date date, to_date date)
    RETURNS integer
    AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION business_days_between(business_calendar, date, date) IS
    'number of business days from from_date, which counts, to to_date, which does not; with the dates the other way round the same number, negative; NULL on NULL input; an infinite date is error 22008';

CREATE FUNCTION _business_calendar_step(state bytea, holiday date) RETURNS bytea
    AS 'MODULE_PATHNAME', 'business_calendar_step' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION _business_calendar_step(bytea, date) IS
    'transition function of the aggregate make_business_calendar(date)';
CREATE FUNCTION _business_calendar_step(state bytea, holiday date, weekend integer[]) RETURNS bytea
    AS 'MODULE_PATHNAME', 'business_calendar_step' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION _business_calendar_step(bytea, date, integer[]) IS
    'transition function of the aggregate make_business_calendar(date, integer[])';
CREATE FUNCTION _business_calendar_combine(state bytea, other bytea) RETURNS bytea
    AS 'MODULE_PATHNAME', 'business_calendar_combine' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION _business_calendar_combine(bytea, bytea) IS
    'combine function of the aggregates make_business_calendar';
CREATE FUNCTION _business_calendar_final(state bytea) RETURNS business_calendar
    AS 'MODULE_PATHNAME', 'business_calendar_final' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION _business_calendar_final(bytea) IS
    'final function of the aggregates make_business_calendar';

CREATE AGGREGATE make_business_calendar(holiday date) (
    SFUNC = _business_calendar_step, STYPE = bytea, FINALFUNC = _business_calendar_final,
    COMBINEFUNC = _business_calendar_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE make_business_calendar(date) IS
    'calendar of these holidays, with Saturday and Sunday as its weekend; rows with a NULL date are ignored, and without any other row the result is NULL; an infinite date is error 22008';
CREATE AGGREGATE make_business_calendar(holiday date, weekend integer[]) (
    SFUNC = _business_calendar_step, STYPE = bytea, FINALFUNC = _business_calendar_final,
    COMBINEFUNC = _business_calendar_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE make_business_calendar(date, integer[]) IS
    'calendar of these holidays, with weekend days that must be the same in all rows (ISO weekdays, 1 = Monday; NULL: Saturday and Sunday); rows with a NULL date are ignored, and without any other row the result is NULL; an infinite date is error 22008';
