-- invoice_history: the invoices of many customers with their dates, for simulate_policy.

CREATE TYPE invoice_history (
    INTERNALLENGTH = VARIABLE,
    INPUT = invoice_history_in, OUTPUT = invoice_history_out,
    RECEIVE = invoice_history_recv, SEND = invoice_history_send,
    ALIGNMENT = double, STORAGE = extended
);
COMMENT ON TYPE invoice_history IS
    'the items of one or more customers, one by one and without names, 16 bytes each: what simulate_policy walks through';

CREATE FUNCTION _invoice_history_transition(invoice_history, date, date, date, numeric)
    RETURNS invoice_history
    AS 'MODULE_PATHNAME', 'invoice_history_transition' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION _invoice_history_transition(invoice_history, date, date, date, numeric) IS
    'aggregate transition function';
CREATE FUNCTION _invoice_history_transition(invoice_history, date, date, date, numeric, boolean)
    RETURNS invoice_history
    AS 'MODULE_PATHNAME', 'invoice_history_transition' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION _invoice_history_transition(invoice_history, date, date, date, numeric, boolean) IS
    'aggregate transition function';
CREATE FUNCTION _invoice_history_combine(invoice_history, invoice_history) RETURNS invoice_history
    AS 'MODULE_PATHNAME', 'invoice_history_combine' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION _invoice_history_combine(invoice_history, invoice_history) IS
    'aggregate combine function: the items of both as those of one customer';
CREATE FUNCTION _invoice_history_append(invoice_history, invoice_history) RETURNS invoice_history
    AS 'MODULE_PATHNAME', 'invoice_history_append' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION _invoice_history_append(invoice_history, invoice_history) IS
    'transition and combine function of rollup: the customers of both';
CREATE FUNCTION _invoice_history_final(invoice_history) RETURNS invoice_history
    AS 'MODULE_PATHNAME', 'invoice_history_final' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION _invoice_history_final(invoice_history) IS
    'aggregate final function: the history in canonical form';

CREATE AGGREGATE invoice_history(invoice_date date, due_date date, paid_date date, amount numeric) (
    SFUNC = _invoice_history_transition, STYPE = invoice_history, SSPACE = 1024,
    FINALFUNC = _invoice_history_final, COMBINEFUNC = _invoice_history_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE invoice_history(date, date, date, numeric) IS
    'the items of one customer, so use it with GROUP BY customer: (invoice_date, due_date, paid_date, amount); rows without due_date are ignored; NULL when no item counts';

CREATE AGGREGATE invoice_history(invoice_date date, due_date date, paid_date date, amount numeric,
                                 disputed boolean) (
    SFUNC = _invoice_history_transition, STYPE = invoice_history, SSPACE = 1024,
    FINALFUNC = _invoice_history_final, COMBINEFUNC = _invoice_history_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE invoice_history(date, date, date, numeric, boolean) IS
    'the items of one customer, so use it with GROUP BY customer: (invoice_date, due_date, paid_date, amount, disputed)';

CREATE AGGREGATE rollup(invoice_history) (
    SFUNC = _invoice_history_append, STYPE = invoice_history, SSPACE = 1048576,
    FINALFUNC = _invoice_history_final, COMBINEFUNC = _invoice_history_append, PARALLEL = SAFE
);
COMMENT ON AGGREGATE rollup(invoice_history) IS
    'the customers of all histories, side by side; NULLs are ignored';

CREATE FUNCTION invoice_count(invoice_history) RETURNS bigint
    AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION invoice_count(invoice_history) IS 'items of all customers, credits and disputed ones included';
CREATE FUNCTION customer_count(invoice_history) RETURNS bigint
    AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION customer_count(invoice_history) IS 'customers in the history';
