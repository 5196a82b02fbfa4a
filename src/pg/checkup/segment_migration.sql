-- segment_migration: who moved from which segment to which.

CREATE TYPE segment_migration (
    INTERNALLENGTH = VARIABLE,
    INPUT = segment_migration_in, OUTPUT = segment_migration_out,
    RECEIVE = segment_migration_recv, SEND = segment_migration_send,
    ALIGNMENT = double, STORAGE = extended
);
COMMENT ON TYPE segment_migration IS
    'numbers of customers by the segment they were in and the segment they are in';

CREATE FUNCTION _segment_migration_transition(segment_migration, text, text) RETURNS segment_migration
    AS 'MODULE_PATHNAME', 'segment_migration_transition' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION _segment_migration_transition(segment_migration, text, text) IS
    'aggregate transition function';
CREATE FUNCTION _segment_migration_combine(segment_migration, segment_migration) RETURNS segment_migration
    AS 'MODULE_PATHNAME', 'segment_migration_combine' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION _segment_migration_combine(segment_migration, segment_migration) IS
    'aggregate combine function, and transition function of rollup';
CREATE FUNCTION _segment_migration_final(segment_migration) RETURNS segment_migration
    AS 'MODULE_PATHNAME', 'segment_migration_final' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION _segment_migration_final(segment_migration) IS
    'aggregate final function: the state in canonical form';

-- SSPACE: 32 pairs of segments.

CREATE AGGREGATE segment_migration(from_segment text, to_segment text) (
    SFUNC = _segment_migration_transition, STYPE = segment_migration, SSPACE = 1408,
    FINALFUNC = _segment_migration_final, COMBINEFUNC = _segment_migration_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE segment_migration(text, text) IS
    'one row is one customer: its segment then, its segment now; NULL is a segment of its own (not there, or no rule took it); NULL when there is no row; more than 10,000 different pairs of segments are error 54000';

CREATE AGGREGATE rollup(segment_migration) (
    SFUNC = _segment_migration_combine, STYPE = segment_migration, SSPACE = 1408,
    FINALFUNC = _segment_migration_final, COMBINEFUNC = _segment_migration_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE rollup(segment_migration) IS
    'of all customers together; NULLs are ignored';

CREATE FUNCTION customer_count(migration segment_migration) RETURNS bigint
    AS 'MODULE_PATHNAME', 'segment_migration_customer_count' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION customer_count(segment_migration) IS 'number of customers';

CREATE FUNCTION moved_share(migration segment_migration) RETURNS double precision
    AS 'MODULE_PATHNAME', 'segment_migration_moved_share' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION moved_share(segment_migration) IS
    'share of the customers whose segment now is distinct from their segment then';

CREATE FUNCTION migration_matrix(migration segment_migration, OUT from_segment text,
                                 OUT to_segment text, OUT customers bigint,
                                 OUT share double precision) RETURNS SETOF record
    AS 'MODULE_PATHNAME', 'segment_migration_matrix' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 60;
COMMENT ON FUNCTION migration_matrix(segment_migration) IS
    'one row for each pair of segments with a customer, ordered by the bytes of from_segment, then of to_segment, NULL last; share is of the customers of from_segment';
