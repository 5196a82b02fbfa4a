-- experiment_arm: in which arm of an experiment a customer is.

CREATE FUNCTION experiment_arm(customer_id text, experiment text, shares jsonb) RETURNS text
    AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 30;
COMMENT ON FUNCTION experiment_arm(text, text, jsonb) IS
    'the arm that a customer is in, drawn by the name of the experiment and the customer alone, so the same everywhere and always: the first 52 bits of SHA-256 over experiment, a byte of 0 and customer in UTF-8, over 2^52, lie in the stretch that the arm takes; shares is an array as [{"arm": "as now", "share": 0.5}, {"arm": "earlier", "share": 0.3}], arms one behind the other; NULL for the remainder, from which alone an arm takes that is added at the end; 22023 when the shares are above 1 together, or have more than 15 decimals';
