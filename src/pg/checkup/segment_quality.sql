-- segment_quality: how well segments separate a figure.

CREATE TYPE segment_quality (
    INTERNALLENGTH = VARIABLE,
    INPUT = segment_quality_in, OUTPUT = segment_quality_out,
    RECEIVE = segment_quality_recv, SEND = segment_quality_send,
    ALIGNMENT = double, STORAGE = extended
);
COMMENT ON TYPE segment_quality IS
    'for each segment how many values it has, and the exact sums of them and of their squares: a mergeable summary that says how well the segments separate the values';

CREATE FUNCTION _segment_quality_transition(segment_quality, text, double precision) RETURNS segment_quality
    AS 'MODULE_PATHNAME', 'segment_quality_transition' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION _segment_quality_transition(segment_quality, text, double precision) IS
    'aggregate transition function';
CREATE FUNCTION _segment_quality_combine(segment_quality, segment_quality) RETURNS segment_quality
    AS 'MODULE_PATHNAME', 'segment_quality_combine' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION _segment_quality_combine(segment_quality, segment_quality) IS
    'aggregate combine function, and transition function of rollup';
CREATE FUNCTION _segment_quality_final(segment_quality) RETURNS segment_quality
    AS 'MODULE_PATHNAME', 'segment_quality_final' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION _segment_quality_final(segment_quality) IS
    'aggregate final function: the state in canonical form';

-- SSPACE: eight segments.

CREATE AGGREGATE segment_quality(segment text, value double precision) (
    SFUNC = _segment_quality_transition, STYPE = segment_quality, SSPACE = 4864,
    FINALFUNC = _segment_quality_final, COMBINEFUNC = _segment_quality_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE segment_quality(text, double precision) IS
    'the values by segment; a NULL value is ignored, a NULL segment is a segment of its own; the sums are exact, so the result does not depend on the order of rows; NULL when there is no value; a value that is not finite or beyond 1e140 is error 22003, more than 1,000 segments error 54000';

CREATE AGGREGATE rollup(segment_quality) (
    SFUNC = _segment_quality_combine, STYPE = segment_quality, SSPACE = 4864,
    FINALFUNC = _segment_quality_final, COMBINEFUNC = _segment_quality_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE rollup(segment_quality) IS
    'of all values together, the same segments joined; NULLs are ignored';

CREATE FUNCTION eta_squared(quality segment_quality) RETURNS double precision
    AS 'MODULE_PATHNAME', 'segment_quality_eta_squared' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION eta_squared(segment_quality) IS
    'the share of the values'' variance that lies between the segments, 0 (they say nothing) to 1 (they say all): sum of squares between the segments / total sum of squares; NULL when all values are equal';

CREATE FUNCTION within_segment_stddev(quality segment_quality) RETURNS double precision
    AS 'MODULE_PATHNAME', 'segment_quality_within_stddev' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION within_segment_stddev(segment_quality) IS
    'pooled standard deviation within the segments, in the unit of the values: square root of the squared distances from the own segment''s mean / (values - segments); NULL when no segment has two values';

CREATE TYPE quality_metrics AS (
    eta_squared double precision,
    within_stddev double precision,
    total_stddev double precision,
    segment_count bigint,
    value_count bigint,
    smallest_segment text,
    smallest_count bigint,
    smallest_share double precision
);
COMMENT ON TYPE quality_metrics IS 'the figures of a segment_quality: the row type of quality_summary';

CREATE FUNCTION quality_summary(quality segment_quality) RETURNS quality_metrics
    AS 'MODULE_PATHNAME', 'segment_quality_summary' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION quality_summary(segment_quality) IS
    'all figures as one row: eta squared, pooled standard deviation within the segments, sample standard deviation of all values, number of segments and of values, and the segment with the fewest values (the first by its bytes among equals, NULL last); call it in FROM (LATERAL), for (f(x)).* runs it once a column';

CREATE FUNCTION segment_statistics(quality segment_quality, OUT segment text, OUT count bigint,
                                   OUT share double precision, OUT mean double precision,
                                   OUT stddev double precision) RETURNS SETOF record
    AS 'MODULE_PATHNAME', 'segment_quality_statistics' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 12;
COMMENT ON FUNCTION segment_statistics(segment_quality) IS
    'one row a segment, ordered by the bytes of its name, NULL last: number of values, their share of all values, mean, sample standard deviation (NULL for one value)';
