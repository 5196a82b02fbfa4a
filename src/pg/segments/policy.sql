-- segment_policy: ordered rules that put a customer into a segment.

CREATE TYPE segment_policy (
    INTERNALLENGTH = VARIABLE,
    INPUT = segment_policy_in, OUTPUT = segment_policy_out,
    RECEIVE = segment_policy_recv, SEND = segment_policy_send,
    ALIGNMENT = double, STORAGE = extended
);
COMMENT ON TYPE segment_policy IS
    'which segment a customer belongs to: a JSON list of rules {"segment", "when", "stay"}, checked and compiled when it is entered; the first rule that is true decides';

CREATE FUNCTION assign_segment(policy segment_policy, profile payment_profile, as_of date,
                               attributes jsonb DEFAULT NULL, current_segment text DEFAULT NULL)
    RETURNS text
    AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION assign_segment(segment_policy, payment_profile, date, jsonb, text) IS
    'the segment of the first rule that is true; NULL when none is, or the policy is NULL. A NULL profile has no items: counts are 0, all else is unknown. A NULL as_of leaves what depends on it unknown. attributes: a JSON object with what else is known of the customer. current_segment: where the customer is now, for rules with "stay"';

CREATE FUNCTION explain_segment(policy segment_policy, profile payment_profile, as_of date,
                                attributes jsonb DEFAULT NULL, current_segment text DEFAULT NULL)
    RETURNS TABLE (rule integer, segment text, condition text, result boolean, chosen boolean,
                   facts jsonb)
    AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE ROWS 10;
COMMENT ON FUNCTION explain_segment(segment_policy, payment_profile, date, jsonb, text) IS
    'why assign_segment answers what it does: one row a rule, in order, with the result of its condition (NULL: unknown), whether it decides, and the values of the metrics and attributes in it; facts -> notes says why an attribute is unknown';

CREATE FUNCTION _segment_policy_transition(bytea, integer, text, text) RETURNS bytea
    AS 'MODULE_PATHNAME', 'segment_policy_transition' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION _segment_policy_transition(bytea, integer, text, text) IS
    'aggregate transition function';
CREATE FUNCTION _segment_policy_transition(bytea, integer, text, text, text) RETURNS bytea
    AS 'MODULE_PATHNAME', 'segment_policy_transition' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION _segment_policy_transition(bytea, integer, text, text, text) IS
    'aggregate transition function';
CREATE FUNCTION _segment_policy_combine(bytea, bytea) RETURNS bytea
    AS 'MODULE_PATHNAME', 'segment_policy_combine' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION _segment_policy_combine(bytea, bytea) IS 'aggregate combine function';
CREATE FUNCTION _segment_policy_final(bytea) RETURNS segment_policy
    AS 'MODULE_PATHNAME', 'segment_policy_final' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION _segment_policy_final(bytea) IS
    'aggregate final function: the rules sorted by position, checked and compiled';

CREATE AGGREGATE segment_policy("position" integer, segment text, condition text) (
    SFUNC = _segment_policy_transition, STYPE = bytea, SSPACE = 1024,
    FINALFUNC = _segment_policy_final, COMBINEFUNC = _segment_policy_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE segment_policy(integer, text, text) IS
    'a policy from rules kept as rows: (position, segment, condition), sorted by position; a NULL condition is the catch-all and must be last; a position that occurs twice is an error; NULL without rows';

CREATE AGGREGATE segment_policy("position" integer, segment text, condition text, stay text) (
    SFUNC = _segment_policy_transition, STYPE = bytea, SSPACE = 1024,
    FINALFUNC = _segment_policy_final, COMBINEFUNC = _segment_policy_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE segment_policy(integer, text, text, text) IS
    'a policy from rules kept as rows, with a looser condition for staying in the segment (NULL: none)';
