-- The population stability index.

CREATE FUNCTION population_stability_index(expected double precision[], actual double precision[],
                                           min_share double precision DEFAULT 0)
    RETURNS double precision
    AS 'MODULE_PATHNAME', 'stability_index_of_shares' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION population_stability_index(double precision[], double precision[], double precision) IS
    'sum of (p - q) ln(p / q) over the groups, p and q being a group''s share in expected and in actual, as shares or counts, each divided by its sum; a group empty on both sides adds nothing, one empty on one side makes it Infinity unless min_share > 0: a share below min_share (0 up to 1, not included) counts as min_share; NULL when an array is NULL or has no share above 0; a NULL element is error 22004, a negative one or arrays of different lengths 22023, one that is not finite 22003';

CREATE FUNCTION population_stability_index(migration segment_migration,
                                           min_share double precision DEFAULT 0)
    RETURNS double precision
    AS 'MODULE_PATHNAME', 'segment_migration_stability_index' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION population_stability_index(segment_migration, double precision) IS
    'sum of (p - q) ln(p / q) over the segments, p and q being the share of the customers that were and that are in the segment; a segment empty on one side makes it Infinity unless min_share > 0: a share below min_share (0 up to 1, not included) counts as min_share';

CREATE FUNCTION _segment_migration_stability_index(segment_migration) RETURNS double precision
    AS 'MODULE_PATHNAME', 'segment_migration_stability_index' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION _segment_migration_stability_index(segment_migration) IS
    'final function of the aggregate population_stability_index';

CREATE AGGREGATE population_stability_index(expected_segment text, actual_segment text) (
    SFUNC = _segment_migration_transition, STYPE = segment_migration, SSPACE = 1408,
    FINALFUNC = _segment_migration_stability_index, COMBINEFUNC = _segment_migration_combine,
    PARALLEL = SAFE
);
COMMENT ON AGGREGATE population_stability_index(text, text) IS
    'one row is one customer: its segment then, its segment now, NULL being a segment of its own; Infinity when a segment is empty on one side (population_stability_index(segment_migration(...), min_share) takes a least share); NULL when there is no row';
