-- experiment_sample: the items of an experiment, for experiment_result.

CREATE TYPE experiment_sample (
    INTERNALLENGTH = VARIABLE,
    INPUT = experiment_sample_in, OUTPUT = experiment_sample_out,
    RECEIVE = experiment_sample_recv, SEND = experiment_sample_send,
    ALIGNMENT = double, STORAGE = extended
);
COMMENT ON TYPE experiment_sample IS
    'the items of an experiment one by one: arm, customer, days to payment or to the day on which it was last seen unpaid, whether it was paid, weight; 16 bytes an item and its two names';

CREATE FUNCTION _experiment_sample_transition(experiment_sample, text, text, integer, boolean, double precision)
    RETURNS experiment_sample
    AS 'MODULE_PATHNAME', 'experiment_sample_transition' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION _experiment_sample_transition(experiment_sample, text, text, integer, boolean, double precision) IS
    'aggregate transition function';
CREATE FUNCTION _experiment_sample_combine(experiment_sample, experiment_sample) RETURNS experiment_sample
    AS 'MODULE_PATHNAME', 'experiment_sample_combine' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION _experiment_sample_combine(experiment_sample, experiment_sample) IS
    'aggregate combine function, and transition function of rollup';
CREATE FUNCTION _experiment_sample_final(experiment_sample) RETURNS experiment_sample
    AS 'MODULE_PATHNAME', 'experiment_sample_final' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 100;
COMMENT ON FUNCTION _experiment_sample_final(experiment_sample) IS
    'aggregate final function: the sample in canonical form';

CREATE AGGREGATE experiment_sample(arm text, customer text, days_to_payment integer, paid boolean,
                                   weight double precision) (
    SFUNC = _experiment_sample_transition, STYPE = experiment_sample, SSPACE = 4096,
    FINALFUNC = _experiment_sample_final, COMBINEFUNC = _experiment_sample_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE experiment_sample(text, text, integer, boolean, double precision) IS
    'collects the items of an experiment: the arm and customer of each, the days until it was paid or, where paid is false, until it was last seen unpaid (0 to 100000), and its weight, as the amount (above 0; NULL: 1); rows with a NULL in any of the others are ignored; NULL when none is left';

CREATE AGGREGATE rollup(experiment_sample) (
    SFUNC = _experiment_sample_combine, STYPE = experiment_sample, SSPACE = 65536,
    FINALFUNC = _experiment_sample_final, COMBINEFUNC = _experiment_sample_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE rollup(experiment_sample) IS
    'the items of all samples; NULLs are ignored';
