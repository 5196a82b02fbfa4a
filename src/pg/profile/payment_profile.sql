-- payment_profile: the type and its aggregates.

CREATE TYPE payment_profile (
    INTERNALLENGTH = VARIABLE,
    INPUT = payment_profile_in, OUTPUT = payment_profile_out,
    RECEIVE = payment_profile_recv, SEND = payment_profile_send,
    ALIGNMENT = double, STORAGE = extended
);
COMMENT ON TYPE payment_profile IS
    'how a customer pays: an exact, mergeable summary of invoices and their payment dates';

CREATE FUNCTION _payment_profile_transition(payment_profile, date, date, date, numeric)
    RETURNS payment_profile
    AS 'MODULE_PATHNAME', 'payment_profile_transition' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION _payment_profile_transition(payment_profile, date, date, date, numeric) IS
    'aggregate transition function';
CREATE FUNCTION _payment_profile_transition(payment_profile, date, date, date, numeric, boolean)
    RETURNS payment_profile
    AS 'MODULE_PATHNAME', 'payment_profile_transition' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION _payment_profile_transition(payment_profile, date, date, date, numeric, boolean) IS
    'aggregate transition function';
CREATE FUNCTION _payment_profile_transition(payment_profile, date, date, date, numeric, boolean, date)
    RETURNS payment_profile
    AS 'MODULE_PATHNAME', 'payment_profile_transition' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION _payment_profile_transition(payment_profile, date, date, date, numeric, boolean, date) IS
    'aggregate transition function';
CREATE FUNCTION _payment_profile_transition(payment_profile, date, date, date, numeric, boolean, date,
                                            numeric, text) RETURNS payment_profile
    AS 'MODULE_PATHNAME', 'payment_profile_transition' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION _payment_profile_transition(payment_profile, date, date, date, numeric, boolean, date,
                                                numeric, text) IS
    'aggregate transition function';
CREATE FUNCTION _payment_profile_transition(payment_profile, date, date) RETURNS payment_profile
    AS 'MODULE_PATHNAME', 'payment_profile_transition_dates' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION _payment_profile_transition(payment_profile, date, date) IS
    'aggregate transition function';
CREATE FUNCTION _payment_profile_combine(payment_profile, payment_profile) RETURNS payment_profile
    AS 'MODULE_PATHNAME', 'payment_profile_combine' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION _payment_profile_combine(payment_profile, payment_profile) IS
    'aggregate combine function, and transition function of rollup';
CREATE FUNCTION _payment_profile_final(payment_profile) RETURNS payment_profile
    AS 'MODULE_PATHNAME', 'payment_profile_final' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION _payment_profile_final(payment_profile) IS
    'aggregate final function: the profile in canonical form';

-- SSPACE: about fifty items; the state doubles as it grows.

CREATE AGGREGATE payment_profile(invoice_date date, due_date date, paid_date date, amount numeric) (
    SFUNC = _payment_profile_transition, STYPE = payment_profile, SSPACE = 1024,
    FINALFUNC = _payment_profile_final, COMBINEFUNC = _payment_profile_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE payment_profile(date, date, date, numeric) IS
    'how the items pay: (invoice_date, due_date, paid_date, amount); rows without due_date are ignored, without paid_date open, amount < 0 is a credit; NULL when no item counts';

CREATE AGGREGATE payment_profile(invoice_date date, due_date date, paid_date date, amount numeric,
                                 disputed boolean) (
    SFUNC = _payment_profile_transition, STYPE = payment_profile, SSPACE = 1024,
    FINALFUNC = _payment_profile_final, COMBINEFUNC = _payment_profile_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE payment_profile(date, date, date, numeric, boolean) IS
    'how the items pay: (invoice_date, due_date, paid_date, amount, disputed); disputed items count but are in no delay statistic';

CREATE AGGREGATE payment_profile(invoice_date date, due_date date, paid_date date, amount numeric,
                                 disputed boolean, as_of date) (
    SFUNC = _payment_profile_transition, STYPE = payment_profile, SSPACE = 1024,
    FINALFUNC = _payment_profile_final, COMBINEFUNC = _payment_profile_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE payment_profile(date, date, date, numeric, boolean, date) IS
    'how the items paid as known on as_of: later invoices are ignored, later payments are open';

CREATE AGGREGATE payment_profile(invoice_date date, due_date date, paid_date date, amount numeric,
                                 disputed boolean, as_of date, open_amount numeric,
                                 settled_by text) (
    SFUNC = _payment_profile_transition, STYPE = payment_profile, SSPACE = 1024,
    FINALFUNC = _payment_profile_final, COMBINEFUNC = _payment_profile_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE payment_profile(date, date, date, numeric, boolean, date, numeric, text) IS
    'how the items paid, with what is open of each and by what it was settled: without a paid date, 0 < open_amount < amount is partly open and open_amount 0 is settled on an unknown day; settled_by is payment (default), credit or write_off, of an amount below 0 credit says that it is a credit note; 22023 when open_amount has another sign than the amount or is more, or settled_by is another word';

CREATE AGGREGATE payment_profile(due_date date, paid_date date) (
    SFUNC = _payment_profile_transition, STYPE = payment_profile, SSPACE = 1024,
    FINALFUNC = _payment_profile_final, COMBINEFUNC = _payment_profile_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE payment_profile(date, date) IS
    'how the items pay, without amounts and invoice dates: (due_date, paid_date)';

CREATE AGGREGATE rollup(payment_profile) (
    SFUNC = _payment_profile_combine, STYPE = payment_profile, SSPACE = 1024,
    FINALFUNC = _payment_profile_final, COMBINEFUNC = _payment_profile_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE rollup(payment_profile) IS
    'the profile of all items of the given profiles; NULLs are ignored';

CREATE FUNCTION payment_profile_add(payment_profile, payment_profile) RETURNS payment_profile
    AS 'MODULE_PATHNAME', 'payment_profile_add' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION payment_profile_add(payment_profile, payment_profile) IS
    'implementation of + operator';
CREATE OPERATOR + (FUNCTION = payment_profile_add, LEFTARG = payment_profile,
    RIGHTARG = payment_profile, COMMUTATOR = +);
COMMENT ON OPERATOR + (payment_profile, payment_profile) IS 'the profile of the items of both';
