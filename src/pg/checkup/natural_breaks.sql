-- natural_breaks: the optimal grouping of values along a line.

CREATE FUNCTION _natural_breaks_transition(bytea, double precision, integer) RETURNS bytea
    AS 'MODULE_PATHNAME', 'natural_breaks_transition' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION _natural_breaks_transition(bytea, double precision, integer) IS
    'transition function of the aggregates natural_breaks and natural_grouping';
CREATE FUNCTION _natural_breaks_combine(bytea, bytea) RETURNS bytea
    AS 'MODULE_PATHNAME', 'natural_breaks_combine' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION _natural_breaks_combine(bytea, bytea) IS
    'combine function of the aggregates natural_breaks and natural_grouping';
CREATE FUNCTION _natural_breaks_final(bytea) RETURNS double precision[]
    AS 'MODULE_PATHNAME', 'natural_breaks_final' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 100000;
COMMENT ON FUNCTION _natural_breaks_final(bytea) IS 'final function of the aggregate natural_breaks';

-- SSPACE: 62 values; the state doubles as it grows.

CREATE AGGREGATE natural_breaks(value double precision, groups integer) (
    SFUNC = _natural_breaks_transition, STYPE = bytea, SSPACE = 512,
    FINALFUNC = _natural_breaks_final, COMBINEFUNC = _natural_breaks_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE natural_breaks(double precision, integer) IS
    'where to cut the values into groups so that the squared distances from the groups'' means are the least there is: the lowest value of each group but the first, ascending, so that value >= break puts a value into the upper group and width_bucket(value, breaks) numbers the groups from 0; equal values stay together, among equally good cuts the lower one wins; fewer distinct values than groups give a group for each; NULL values are ignored, NULL when there is no value; an infinite value or NaN is error 22003, groups outside 1 to 100 or not the same in all rows 22023, NULL groups 22004';

CREATE TYPE natural_grouping AS (
    value_count bigint,
    breaks double precision[],
    variance_explained double precision,
    lowest double precision[],
    highest double precision[],
    counts bigint[],
    means double precision[],
    stddevs double precision[]
);
COMMENT ON TYPE natural_grouping IS
    'an optimal grouping: number of values, its breaks, the share of the variance that lies between the groups (NULL when all values are equal), and for each group its lowest and highest value, number of values, mean and sample standard deviation (NULL for one value)';

CREATE FUNCTION _natural_grouping_final(bytea) RETURNS natural_grouping
    AS 'MODULE_PATHNAME', 'natural_grouping_final' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 100000;
COMMENT ON FUNCTION _natural_grouping_final(bytea) IS 'final function of the aggregate natural_grouping';

CREATE AGGREGATE natural_grouping(value double precision, groups integer) (
    SFUNC = _natural_breaks_transition, STYPE = bytea, SSPACE = 512,
    FINALFUNC = _natural_grouping_final, COMBINEFUNC = _natural_breaks_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE natural_grouping(double precision, integer) IS
    'the groups that natural_breaks cuts, with their figures; NULLs and errors as there';

CREATE FUNCTION natural_groups(groups natural_grouping, OUT group_number integer, OUT lowest double precision,
                               OUT highest double precision, OUT count bigint, OUT share double precision,
                               OUT mean double precision, OUT stddev double precision) RETURNS SETOF record
    LANGUAGE SQL IMMUTABLE PARALLEL SAFE ROWS 7
BEGIN ATOMIC
    SELECT g.group_number::integer, g.lowest, g.highest, g.count,
           g.count::double precision / ($1).value_count::double precision, g.mean, g.stddev
    FROM ROWS FROM (pg_catalog.unnest(($1).lowest), pg_catalog.unnest(($1).highest), pg_catalog.unnest(($1).counts),
                    pg_catalog.unnest(($1).means), pg_catalog.unnest(($1).stddevs))
         WITH ORDINALITY AS g(lowest, highest, count, mean, stddev, group_number)
    ORDER BY g.group_number;
END;
COMMENT ON FUNCTION natural_groups(natural_grouping) IS
    'the groups of a grouping as rows, the lowest first: number, lowest and highest value, number of values, their share of all values, mean, sample standard deviation (NULL for one value)';
