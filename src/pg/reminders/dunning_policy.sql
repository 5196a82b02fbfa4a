-- dunning_policy: which reminders go out, when, and to whom.

-- Storage main keeps a policy in its row, so that a call does not fetch it from elsewhere.
CREATE TYPE dunning_policy (
    INPUT = dunning_policy_in, OUTPUT = dunning_policy_out,
    RECEIVE = dunning_policy_recv, SEND = dunning_policy_send,
    INTERNALLENGTH = VARIABLE, ALIGNMENT = double, STORAGE = main
);
COMMENT ON TYPE dunning_policy IS
    'reminder levels and the rules for their dates, as {"steps": [{"level": 1, "after_days": 5}], ...}';

CREATE FUNCTION standard_dunning_policy() RETURNS dunning_policy
    AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION standard_dunning_policy() IS
    'a policy to start from: three levels, the first of which waits while payment is near, and entries for the segments at risk, direct debit and payment day; its amounts are in your currency, so look at them';
