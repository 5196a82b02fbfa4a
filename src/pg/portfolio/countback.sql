-- countback_dso: days sales outstanding, counted back over the months' sales.

CREATE FUNCTION _countback_transition(state bytea, month date, sales numeric, receivables numeric, as_of date)
    RETURNS bytea
    AS 'MODULE_PATHNAME', 'countback_transition' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION _countback_transition(bytea, date, numeric, numeric, date) IS
    'transition function of the aggregate countback_dso';
CREATE FUNCTION _countback_combine(state bytea, other bytea) RETURNS bytea
    AS 'MODULE_PATHNAME', 'countback_combine' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION _countback_combine(bytea, bytea) IS 'combine function of the aggregate countback_dso';
CREATE FUNCTION _countback_final(state bytea) RETURNS double precision
    AS 'MODULE_PATHNAME', 'countback_final' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION _countback_final(bytea) IS 'final function of the aggregate countback_dso';

CREATE AGGREGATE countback_dso(month date, sales numeric, receivables numeric, as_of date) (
    SFUNC = _countback_transition, STYPE = bytea, SSPACE = 432,
    FINALFUNC = _countback_final, COMBINEFUNC = _countback_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE countback_dso(date, numeric, numeric, date) IS
    'days sales outstanding by counting back (exhaustion): the receivables are taken off the sales of the months, the latest first; the days of a month that is used up count in full (of as_of''s month those up to as_of), of the last one in proportion. month is any day of the month, several rows of a month add up, a month without rows has no sales, one with sales below 0 adds to the balance; rows after as_of and rows with a NULL are ignored; 0 for receivables of 0, NULL for receivables below 0, and when they are more than all the sales that are given; receivables and as_of must be the same in all rows (else error 22023), both amounts on the same basis of tax; a month more than 200 years before as_of is error 22008';
