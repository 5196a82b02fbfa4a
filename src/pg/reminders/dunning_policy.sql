-- dunning_policy: which reminders go out, when, and to whom.

CREATE TYPE dunning_policy;

CREATE FUNCTION dunning_policy_in(cstring) RETURNS dunning_policy
    AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION dunning_policy_in(cstring) IS
    'I/O: reads the JSON text of a policy and checks all of it; an error names the place in the text';
CREATE FUNCTION dunning_policy_out(dunning_policy) RETURNS cstring
    AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION dunning_policy_out(dunning_policy) IS 'I/O: the JSON text of a policy';
CREATE FUNCTION dunning_policy_recv(internal) RETURNS dunning_policy
    AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION dunning_policy_recv(internal) IS
    'I/O: reads the binary form of a policy, a byte 1 and the JSON text, and checks all of it';
CREATE FUNCTION dunning_policy_send(dunning_policy) RETURNS bytea
    AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION dunning_policy_send(dunning_policy) IS
    'I/O: the binary form of a policy, a byte 1 and the JSON text';

-- Storage main keeps a policy in its row, so that a call does not fetch it from elsewhere.
CREATE TYPE dunning_policy (
    INPUT = dunning_policy_in, OUTPUT = dunning_policy_out,
    RECEIVE = dunning_policy_recv, SEND = dunning_policy_send,
    INTERNALLENGTH = VARIABLE, ALIGNMENT = double, STORAGE = main
);
COMMENT ON TYPE dunning_policy IS
    'reminder levels and the rules for their dates, as {"steps": [{"level": 1, "after_days": 5}], ...}';

CREATE FUNCTION dunning_policy_to_json(dunning_policy) RETURNS json
    AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION dunning_policy_to_json(dunning_policy) IS 'implementation of the cast to json';
CREATE FUNCTION dunning_policy_to_jsonb(dunning_policy) RETURNS jsonb
    AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION dunning_policy_to_jsonb(dunning_policy) IS 'implementation of the cast to jsonb';
CREATE CAST (dunning_policy AS json) WITH FUNCTION dunning_policy_to_json(dunning_policy);
COMMENT ON CAST (dunning_policy AS json) IS 'the text of the policy';
CREATE CAST (dunning_policy AS jsonb) WITH FUNCTION dunning_policy_to_jsonb(dunning_policy);
COMMENT ON CAST (dunning_policy AS jsonb) IS 'the text of the policy';

CREATE FUNCTION standard_dunning_policy() RETURNS dunning_policy
    AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION standard_dunning_policy() IS
    'a policy to start from: three levels, the first of which waits while payment is near, and entries for the segments at risk, direct debit and payment day; its amounts are in your currency, so look at them';
