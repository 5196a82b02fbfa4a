-- How well segments separate a figure, against PostgreSQL's own aggregates.
SET client_min_messages = warning;
CREATE SCHEMA IF NOT EXISTS receivables;
CREATE EXTENSION IF NOT EXISTS receivables SCHEMA receivables;
RESET client_min_messages;
SET search_path = receivables, public;
\getenv folder PG_ABS_SRCDIR
\set file :folder '/test/sql/helpers.sql'
\i :file

-- the figures on a small table
CREATE TABLE sq_small (segment text, value double precision);
INSERT INTO sq_small VALUES
    ('late', 10), ('late', 14), ('prompt', 1), ('prompt', 3), ('prompt', 2), (NULL, 30),
    ('late', NULL);
SELECT round(eta_squared::numeric, 6) AS eta_squared, round(within_stddev::numeric, 6) AS within_stddev,
    round(total_stddev::numeric, 6) AS total_stddev, segment_count, value_count, smallest_segment, smallest_count,
    round(smallest_share::numeric, 4) AS smallest_share
FROM (SELECT segment_quality(segment, value) AS q FROM sq_small) x, quality_summary(q);
SELECT segment, count, round(share::numeric, 4) AS share, mean, round(stddev::numeric, 6) AS stddev
FROM (SELECT segment_quality(segment, value) AS q FROM sq_small) x, segment_statistics(q);
SELECT segment_quality(segment, value) FROM sq_small;

-- eta squared in plain SQL: within the segments, every value's distance from its own mean
CREATE FUNCTION sq_oracle(
    data regclass, OUT eta_squared numeric, OUT within numeric, OUT segments bigint)
    LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format(
        'SELECT 1 - sum(part) / nullif(max(total), 0), sum(part), count(*)
         FROM (
             SELECT count(value) * var_pop(value::text::numeric) AS part,
                 (SELECT count(value) * var_pop(value::text::numeric) FROM %1$s) AS total
             FROM %1$s
             WHERE value IS NOT NULL
             GROUP BY segment
         ) x', data)
        INTO eta_squared, within, segments;
END $$;
SELECT abs(eta_squared(q) - eta_squared) < 1e-15 AS same,
    abs(within_segment_stddev(q) - sqrt(within / (6 - segments))) < 1e-14 AS within
FROM (SELECT segment_quality(segment, value) AS q FROM sq_small) x, sq_oracle('sq_small');

-- generated sets at the origin and far from it: numeric has all the digits that the doubles have
CREATE TABLE sq_set (n int, segment text, value double precision);
INSERT INTO sq_set
SELECT n,
    CASE WHEN s < 6 THEN 'segment ' || s END,
    (ARRAY[0, 1e9, -1e9, 1e12, 1e15, 1e-6, 123.456])[n % 7 + 1]
        + (ARRAY[1, 1e-3, 1000])[n % 3 + 1] * (random() + s * (n % 4) * 0.1)
FROM (SELECT setseed(0.5)) seed,
    generate_series(1, 210) n,
    LATERAL (SELECT (random() * (n % 7))::int AS s, i FROM generate_series(1, 2 + n % 29) i) v;
-- (rounded to 64ths, so that numeric has the very same numbers)
SELECT count(*) AS sets,
    count(*) FILTER (WHERE abs(eta_squared(q) - (1 - e.within / e.total)) > 1e-12) AS eta_squared,
    count(*) FILTER (WHERE abs(within_segment_stddev(q) ^ 2 * (e.values - e.segments) - e.within)
        > 1e-12 * e.within) AS within,
    count(*) FILTER (WHERE abs(total_stddev ^ 2 * (e.values - 1) - e.total)
        > 1e-12 * e.total) AS total,
    count(*) FILTER (WHERE segment_count <> e.segments OR value_count <> e.values) AS counts
FROM (
    SELECT n, segment_quality(segment, value) AS q
    FROM (SELECT n, segment, floor(value * 64) / 64 AS value FROM sq_set WHERE n % 7 < 4) v
    GROUP BY n
) x
JOIN (
        WITH part AS (
            SELECT n, segment, count(*) AS c, sum(x) AS s, sum(x * x) AS q
            FROM (SELECT n, segment, (floor(value * 64)::numeric / 64) AS x FROM sq_set) d
            GROUP BY n, segment
        )
        SELECT n,
            sum(q - s * s / c) AS within,
            sum(q) - sum(s) * sum(s) / sum(c) AS total,
            count(*) AS segments,
            sum(c)::bigint AS
        values
        FROM part
        GROUP BY n
    ) e USING (n),
    quality_summary(q)
WHERE e.total > 0;
-- near the origin, PostgreSQL's own aggregates
SELECT count(*) AS sets,
    count(*) FILTER (WHERE abs(s.mean - o.mean) > 1e-13 * abs(o.mean)
        OR abs(s.stddev - o.stddev) > 1e-9 * o.stddev
        OR (s.stddev IS NULL) <> (o.stddev IS NULL)
        OR s.count <> o.count) AS differ,
    bool_and(o.mean IS NOT NULL AND s.mean IS NOT NULL) AS same_segments
FROM (
    SELECT n, s.*
    FROM (SELECT n, segment_quality(segment, value) AS q FROM sq_set GROUP BY n) x,
        segment_statistics(q) s
    WHERE n % 7 IN (0, 6)
) s
FULL JOIN (
    SELECT n, segment, avg(value) AS mean, stddev_samp(value) AS stddev, count(*)
    FROM sq_set
    WHERE n % 7 IN (0, 6)
    GROUP BY n, segment
) o ON s.n = o.n AND (s.segment = o.segment OR s.segment IS NULL AND o.segment IS NULL);

-- the same to the byte in any order, in parts, and through text and binary
CREATE TABLE sq_whole AS SELECT n, segment_quality(segment, value ORDER BY value) AS q FROM sq_set GROUP BY n;
SELECT count(*) AS sets,
    count(*) FILTER (WHERE x.q::text <> w.q::text) AS other_order,
    count(*) FILTER (WHERE r.q::text <> w.q::text) AS parts,
    count(*) FILTER (WHERE w.q::text::segment_quality::text <> w.q::text) AS text
FROM sq_whole w
JOIN (
    SELECT n, segment_quality(segment, value ORDER BY -value, segment) AS q FROM sq_set GROUP BY n
) x USING (n)
JOIN (
    SELECT n, rollup(q) AS q
    FROM (
        SELECT n, segment_quality(segment, value) AS q
        FROM sq_set
        GROUP BY n, (value * 1000)::bigint % 3
    ) p
    GROUP BY n
) r USING (n);
CREATE TEMP TABLE sq_copy (LIKE sq_whole);
\copy sq_whole TO 'segment_quality.bin' (FORMAT binary)
\copy sq_copy FROM 'segment_quality.bin' (FORMAT binary)
SELECT count(*) AS copied, count(*) FILTER (WHERE c.q::text <> w.q::text) AS differ
FROM sq_whole w
JOIN sq_copy c USING (n);

-- in parallel
CREATE TABLE sq_many AS
SELECT CASE WHEN i % 11 > 0 THEN 's' || i % 11 END AS segment, sin(i) * 1000 + 1e8 AS value
FROM generate_series(1, 60000) i;
ANALYZE sq_many;
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
SET parallel_leader_participation = off;
SELECT pg_temp.plan_has('SELECT segment_quality(segment, value) FROM sq_many', 'Partial Aggregate') AS partial,
    pg_temp.plan_has('SELECT rollup(q) FROM sq_whole', 'Partial Aggregate') AS partial_rollup;
CREATE TABLE sq_parallel AS SELECT segment_quality(segment, value) AS q FROM sq_many;
SET max_parallel_workers_per_gather = 0;
SELECT segment_quality(segment, value)::text = (SELECT q::text FROM sq_parallel) AS same FROM sq_many;
RESET ALL;
SET search_path = receivables, public;

-- windows: the final function leaves the state as it is
SELECT count(*) FILTER (WHERE value_count <> i) AS differ
FROM (
    SELECT row_number() OVER w AS i, segment_quality(segment, value) OVER w AS q
    FROM sq_set
    WHERE n < 40
    WINDOW w AS (PARTITION BY n ORDER BY value ROWS UNBOUNDED PRECEDING)
) x,
    quality_summary(q);

-- nothing, and little
SELECT segment_quality('a', NULL) IS NULL AS of_null,
    (SELECT segment_quality(segment, value) FROM sq_small WHERE false) IS NULL AS of_none,
    rollup(NULL::segment_quality) IS NULL AS rolled;
SELECT eta_squared(q), within_segment_stddev(q), total_stddev, segment_count, value_count,
    smallest_segment, smallest_count, smallest_share
FROM (VALUES ('{"segments": []}'::segment_quality), (NULL)) v(q)
LEFT JOIN LATERAL quality_summary(q) ON true
ORDER BY value_count;
SELECT eta_squared(q), within_segment_stddev(q), total_stddev
FROM (VALUES ('one value', 1), ('equal', 3), ('one segment', 2)) v(name, n),
    LATERAL (
        SELECT segment_quality('a', CASE WHEN name = 'equal' THEN 5 ELSE i END) AS q
        FROM generate_series(1, n) i
    ) x,
    quality_summary(q);
SELECT eta_squared(q) AS all_between, within_segment_stddev(q) AS none_within
FROM (SELECT segment_quality('s' || i % 3, i % 3) AS q FROM generate_series(1, 9) i) x;
SELECT segment_quality('', 1e-150)::text AS tiny, segment_quality('', '-0')::text AS zero FROM generate_series(1, 2);
SELECT smallest_segment
FROM quality_summary((SELECT segment_quality(s, 1) FROM (VALUES ('b'), ('a'), ('c'), ('c')) v(s)));

-- the support functions on stored values: short, compressed, apart, with room
CREATE FUNCTION sq_count(q segment_quality) RETURNS bigint LANGUAGE SQL AS 'SELECT value_count FROM quality_summary(q)';
CREATE TABLE sq_stored (q segment_quality);
INSERT INTO sq_stored SELECT _segment_quality_transition(_segment_quality_transition(NULL, 'a', 1), NULL, 2);
INSERT INTO sq_stored SELECT segment_quality(repeat('long name ', 30) || i, i) FROM generate_series(1, 300) i;
ALTER TABLE sq_stored ALTER COLUMN q SET STORAGE EXTERNAL;
INSERT INTO sq_stored SELECT segment_quality('s' || i, i) FROM generate_series(1, 60) i;
INSERT INTO sq_stored VALUES ('{"segments": []}');
SELECT sq_count(q) AS before,
    sq_count(_segment_quality_transition(q, 'a', 5)) AS one_more,
    sq_count(_segment_quality_combine(q, q)) AS twice,
    _segment_quality_final(q)::text = q::text AS final,
    _segment_quality_combine(q, NULL)::text = q::text AS with_null,
    _segment_quality_combine(NULL, q)::text = q::text AS null_with,
    _segment_quality_transition(q, 'a', NULL)::text = q::text AS null_value
FROM sq_stored
ORDER BY 1;

SELECT pg_temp.refusal('SELECT segment_quality(''a'', ' || v || ')', 'detail')
FROM (VALUES ($$'Infinity'$$), ($$'-Infinity'$$), ($$'NaN'$$), ('1e141'), ('-1.1e140')) x(v);
SELECT pg_temp.refusal('SELECT segment_quality(i::text, i) FROM generate_series(1, 1001) i', 'detail');
SELECT pg_temp.refusal(format('SELECT %L::segment_quality', v), 'detail')
FROM (VALUES
    (''),
    ('[]'),
    ('{}'),
    ('{"segments": {}}'),
    ('{"segments": [1]}'),
    ('{"segments": [], "more": 1}'),
    ('{"segments": [{"segment": "a", "count": 1, "sum": [1]}]}'),
    ('{"segments": [{"segment": 1, "count": 1, "sum": [1], "squares": [1]}]}'),
    ('{"segments": [{"segment": "a", "count": 0, "sum": [], "squares": []}]}'),
    ('{"segments": [{"segment": "a", "count": 1.5, "sum": [], "squares": []}]}'),
    ('{"segments": [{"segment": "a", "count": 2, "sum": [1], "squares": [0.4]}]}'),
    ('{"segments": [{"segment": "a", "count": 2, "sum": [1], "squares": [-1]}]}'),
    ('{"segments": [{"segment": "a", "count": 2, "sum": 1, "squares": [1]}]}'),
    ('{"segments": [{"segment": "a", "count": 2, "sum": [1e200], "squares": [1e299]}]}'),
    ('{"segments": [{"segment": "a", "count": 2, "sum": [1e150], "squares": [1e299]}]}'),
    ('{"segments": [{"segment": "a", "count": 2, "sum": [1e999], "squares": [1e299]}]}'),
    ('{"segments": [{"segment": "a", "count": 1, "sum": [1], "squares": [1]},
                    {"segment": "a", "count": 1, "sum": [1], "squares": [1]}]}'),
    ('{"segments": [{"segment": "a", "count": 1, "sum": [1], "squares": [1], "x": 1}]}'),
    ('{"segments": [{"segment": "a\u0000", "count": 1, "sum": [1], "squares": [1]}]}')) x(v);
SELECT '{"segments": [{"squares": [1, 3], "sum": [2e0], "count": 2, "segment": "z"},
                      {"segment": "\u00e9\"",
                       "count": 1,
                       "sum": [],
                       "squares": []}]}'::segment_quality;
-- binary: a version, then the text
CREATE TEMP TABLE sq_received (q segment_quality);
\copy (SELECT ''::bytea) TO 'segment_quality.bin' (FORMAT binary)
\copy sq_received FROM 'segment_quality.bin' (FORMAT binary)
\copy (SELECT '\x02'::bytea || '{"segments": []}') TO 'segment_quality.bin' (FORMAT binary)
\copy sq_received FROM 'segment_quality.bin' (FORMAT binary)
\copy (SELECT '\x01'::bytea || '{"segments": [') TO 'segment_quality.bin' (FORMAT binary)
\copy sq_received FROM 'segment_quality.bin' (FORMAT binary)
\! rm -f segment_quality.bin
-- calls in LATERAL leave no more behind in the query's memory than those of a function of PostgreSQL
SELECT count(*) AS calls,
    (SELECT max(total_bytes) FROM pg_backend_memory_contexts WHERE name = 'ExecutorState') AS plain_bytes
FROM generate_series(1, 20000) i,
    LATERAL generate_series(i, i) s \gset
SELECT count(*) AS calls,
    (SELECT max(total_bytes) FROM pg_backend_memory_contexts WHERE name = 'ExecutorState')
        < :plain_bytes + 300000 AS small
FROM generate_series(1, 20000) i,
    LATERAL segment_statistics(CASE
        WHEN i > 0
            THEN '{"segments": [{"segment": "a",
                                 "count": 1,
                                 "sum": [1],
                                 "squares": [1]}]}'::segment_quality
    END) s;
-- equal values are equal, whatever order their rows came in, through every door, and with room to grow
CREATE AGGREGATE sq_growing(text, double precision) (SFUNC = _segment_quality_transition, STYPE = segment_quality);
CREATE TEMP TABLE sq_equal AS
SELECT customers, segment_quality(s, v) AS q, segment_quality(s, v ORDER BY v DESC, s) AS backwards,
    sq_growing(s, v) AS growing
FROM generate_series(1, 60) customers,
    LATERAL (SELECT nullif('s' || i % 7, 's3') AS s, i * 0.1 - 2 AS v FROM generate_series(1, customers % 30 + 1) i) r
GROUP BY customers;
SELECT count(*) AS values,
    count(*) FILTER (WHERE q = backwards AND q = growing AND q = q::text::segment_quality) AS equal,
    count(*) FILTER (WHERE _segment_quality_hash(q) = _segment_quality_hash(growing)) AS same_hash,
    count(DISTINCT q) AS different, count(DISTINCT growing) AS different_growing
FROM sq_equal;
SELECT count(*) AS pairs, count(*) FILTER (WHERE (a.q = b.q) <> (a.q::text = b.q::text)) AS not_as_text,
    count(*) FILTER (WHERE (a.q < b.q) <> (b.q > a.q) OR (a.q <= b.q) <> NOT (a.q > b.q)) AS not_an_order
FROM sq_equal a, sq_equal b;
DROP TABLE sq_equal;
DROP AGGREGATE sq_growing(text, double precision);
DROP TABLE sq_small, sq_set, sq_whole, sq_many, sq_parallel, sq_stored CASCADE;
DROP FUNCTION sq_oracle, sq_count;
