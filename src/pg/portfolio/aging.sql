-- aging: what is open on a day, by how long it has been due.

CREATE TYPE aging (
    INTERNALLENGTH = VARIABLE, INPUT = aging_in, OUTPUT = aging_out, RECEIVE = aging_recv, SEND = aging_send,
    ALIGNMENT = double, STORAGE = extended
);
COMMENT ON TYPE aging IS
    'open amounts on a day by how many days they are overdue, credits and disputed amounts in columns of their own, exact and mergeable; JSON with the day (as_of), the bounds and the buckets';

CREATE FUNCTION aging_bucket(days_overdue integer, bounds integer[] DEFAULT '{30,60,90}') RETURNS text
    AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 5;
COMMENT ON FUNCTION aging_bucket(integer, integer[]) IS
    'name of the bucket of an item that is so many days overdue (as_of - due_date): "not due" up to 0, then "1-30", "31-60", "61-90", "over 90"; a bound is the last day of its bucket, and 0 always is one; bounds below 0 divide what is not due: -31 into "due in 0-30" and "due in over 30"; NULL days give "no due date", NULL bounds mean 30, 60, 90; bounds that do not ascend are error 22023';

CREATE FUNCTION _aging_transition(aging, date, numeric, date, integer[]) RETURNS aging
    AS 'MODULE_PATHNAME', 'aging_transition' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION _aging_transition(aging, date, numeric, date, integer[]) IS
    'aggregate transition function';
CREATE FUNCTION _aging_transition(aging, date, numeric, date, integer[], boolean) RETURNS aging
    AS 'MODULE_PATHNAME', 'aging_transition' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION _aging_transition(aging, date, numeric, date, integer[], boolean) IS
    'aggregate transition function';
CREATE FUNCTION _aging_combine(aging, aging) RETURNS aging
    AS 'MODULE_PATHNAME', 'aging_combine' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION _aging_combine(aging, aging) IS 'aggregate combine function, and transition function of rollup';

-- SSPACE: three bounds.

CREATE AGGREGATE aging(due_date date, open_amount numeric, as_of date, bounds integer[]) (
    SFUNC = _aging_transition, STYPE = aging, SSPACE = 456,
    COMBINEFUNC = _aging_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE aging(date, numeric, date, integer[]) IS
    'aging of open items on a day, without disputes: see aging(due_date, open_amount, as_of, bounds, disputed)';

CREATE AGGREGATE aging(due_date date, open_amount numeric, as_of date, bounds integer[], disputed boolean) (
    SFUNC = _aging_transition, STYPE = aging, SSPACE = 456,
    COMBINEFUNC = _aging_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE aging(date, numeric, date, integer[], boolean) IS
    'aging of open items on a day: amounts by bucket of days overdue (bounds as in aging_bucket), what is disputed (NULL: not) and what is below 0 in columns of their own, so that all parts add up to sum(open_amount) exactly; an item without a due date is in a bucket of its own, one of amount 0 in none, a NULL amount is ignored; NULL without any amount; as_of and bounds must be the same in all rows (else error 22023), as_of not NULL (22004), dates finite (22008), sums up to 38 digits (22003)';

CREATE AGGREGATE rollup(aging) (
    SFUNC = _aging_combine, STYPE = aging, SSPACE = 456,
    COMBINEFUNC = _aging_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE rollup(aging) IS
    'aging of all items together, of agings of the same day with the same bounds (else error 22023); NULLs are ignored';

CREATE FUNCTION aging_buckets(aging aging, OUT bucket text, OUT from_days integer, OUT to_days integer,
                              OUT item_count bigint, OUT amount numeric, OUT disputed_amount numeric,
                              OUT credit_amount numeric, OUT open_amount numeric, OUT share double precision)
    RETURNS SETOF record
    AS 'MODULE_PATHNAME', 'aging_buckets' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10 ROWS 6;
COMMENT ON FUNCTION aging_buckets(aging) IS
    'one row a bucket, empty ones too, from not due to the oldest and at last no due date: first and last day overdue (NULL where there is none), number of items, amount that is owed and not disputed, disputed amount, credits (0 or below), their sum, and the share of the bucket in all that is owed and not disputed (0 to 1, NULL where nothing is)';

CREATE FUNCTION aging_amount(aging aging, bucket text) RETURNS numeric
    AS 'MODULE_PATHNAME', 'aging_amount' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 5;
COMMENT ON FUNCTION aging_amount(aging, text) IS
    'amount of a bucket that is owed and not disputed, by the name that aging_bucket gives it: for a report with a column a bucket; another name is error 22023';

CREATE TYPE aging_totals AS (
    as_of date,
    item_count bigint,
    not_due_amount numeric,
    overdue_amount numeric,
    no_due_date_amount numeric,
    disputed_amount numeric,
    credit_amount numeric,
    open_amount numeric
);
COMMENT ON TYPE aging_totals IS 'the parts of an aging and their sum: the row type of aging_summary';

CREATE FUNCTION aging_summary(aging aging) RETURNS aging_totals
    AS 'MODULE_PATHNAME', 'aging_summary' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION aging_summary(aging) IS
    'one row: number of items; what is owed and not disputed, by not due, overdue, without due date; what is disputed; credits (0 or below); and the open amount, which is their sum; call it in FROM (LATERAL), for (f(x)).* runs it once a column';
