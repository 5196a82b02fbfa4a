-- policy_sample: customers with what is known of them and what became of them, from which a policy is proposed.

CREATE TYPE policy_sample (
    INTERNALLENGTH = VARIABLE,
    INPUT = policy_sample_in, OUTPUT = policy_sample_out,
    RECEIVE = policy_sample_recv, SEND = policy_sample_send,
    ALIGNMENT = double, STORAGE = extended
);
COMMENT ON TYPE policy_sample IS
    'customers, each with an outcome, the figures of its profile and its attributes: what propose_segment_policy works on; 12 bytes a customer, 8 more a figure (column of profile_summary), and for each attribute 7 bytes, its name and its value';

CREATE FUNCTION _policy_sample_transition(bytea, payment_profile, double precision, date, jsonb) RETURNS bytea
    AS 'MODULE_PATHNAME', 'policy_sample_transition' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 100;
COMMENT ON FUNCTION _policy_sample_transition(bytea, payment_profile, double precision, date, jsonb) IS
    'aggregate transition function';
CREATE FUNCTION _policy_sample_combine(bytea, bytea) RETURNS bytea
    AS 'MODULE_PATHNAME', 'policy_sample_combine' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION _policy_sample_combine(bytea, bytea) IS 'aggregate combine function';
CREATE FUNCTION _policy_sample_rollup(bytea, policy_sample) RETURNS bytea
    AS 'MODULE_PATHNAME', 'policy_sample_combine' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION _policy_sample_rollup(bytea, policy_sample) IS 'aggregate transition function';
CREATE FUNCTION _policy_sample_final(bytea) RETURNS policy_sample
    AS 'MODULE_PATHNAME', 'policy_sample_final' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10000;
COMMENT ON FUNCTION _policy_sample_final(bytea) IS
    'aggregate final function: the customers in the order of their bytes';

-- SSPACE: the names of the figures and a dozen customers; the state doubles as it grows.

CREATE AGGREGATE policy_sample(profile payment_profile, outcome double precision, as_of date, attributes jsonb) (
    SFUNC = _policy_sample_transition, STYPE = bytea, SSPACE = 8000,
    FINALFUNC = _policy_sample_final, COMBINEFUNC = _policy_sample_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE policy_sample(payment_profile, double precision, date, jsonb) IS
    'a sample, one customer a row: the profile as it was known on as_of, and what became of the customer afterwards (its mean days late of the next half year, say); rows with a NULL outcome are left out, NULL without rows; a NULL profile has no items: counts are 0, all else is NULL; without as_of what needs one is NULL; attributes: a JSON object with what else was known then, of which texts of up to 255 bytes, numbers, true and false are kept, also of objects inside it; the attribute current_segment says where the customer is now and takes part in no rule; an outcome that is not finite or above 1e15 is error 22003, attributes that are no object 22023, more than 200 of a customer, a million customers or one gigabyte 54000';

CREATE AGGREGATE rollup(policy_sample) (
    SFUNC = _policy_sample_rollup, STYPE = bytea, SSPACE = 8000,
    FINALFUNC = _policy_sample_final, COMBINEFUNC = _policy_sample_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE rollup(policy_sample) IS
    'merges samples: the same as if all their customers had been collected at once; samples of different figures, from different versions of the extension, are error 22023';

CREATE FUNCTION customer_count(sample policy_sample) RETURNS bigint
    AS 'MODULE_PATHNAME', 'policy_sample_customer_count' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION customer_count(policy_sample) IS 'how many customers the sample has';
