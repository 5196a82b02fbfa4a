-- Natural breaks, against every way to cut the values.
SET client_min_messages = warning;
CREATE SCHEMA IF NOT EXISTS receivables;
CREATE EXTENSION IF NOT EXISTS receivables SCHEMA receivables;
RESET client_min_messages;
SET search_path = receivables, public;
\getenv folder PG_ABS_SRCDIR
\set file :folder '/test/sql/helpers.sql'
\i :file

SELECT natural_breaks(v, 3) FROM unnest(ARRAY[30, 1, 2, 31, 10, 1.5, 11]) v;
SELECT x.*
FROM (SELECT natural_grouping(v, 3) AS g FROM unnest(ARRAY[30, 1, 2, 31, 10, 1.5, 11, 12]) v) s,
    natural_groups(g) x;
SELECT value_count, breaks, round(variance_explained::numeric, 6) AS variance_explained
FROM (SELECT (natural_grouping(v, 3)).* FROM unnest(ARRAY[30, 1, 2, 31, 10, 1.5, 11, 12]) v) s;
-- width_bucket numbers the groups
SELECT width_bucket(v, b) AS bucket, array_agg(v ORDER BY v)
FROM (SELECT natural_breaks(v, 3) AS b FROM unnest('{30,1,2,31,10,1.5,11}'::float8[]) v) x,
    unnest('{30,1,2,31,10,1.5,11}'::float8[]) v
GROUP BY 1
ORDER BY 1;

-- a group far narrower than all values
SELECT g.group_number, g.count, g.mean, round(g.stddev::numeric, 12) AS stddev
FROM (SELECT natural_grouping(v, 3) AS g FROM unnest('{1e308,-1e308,0,5}'::float8[]) v) s,
    natural_groups(s.g) g;

-- every way to cut: the breaks of a set are a subset of its distinct values
CREATE TABLE nb_set AS SELECT n, (floor(random() * (4 + n % 20)) / 4 + (ARRAY[0, 1e9, -1e6])[n % 3 + 1])::float8 AS v
FROM (SELECT setseed(0.75)) seed, generate_series(1, 150) n, generate_series(1, 2 + n % 11);
CREATE VIEW nb_least AS
WITH RECURSIVE value AS (
    SELECT n, v, row_number() OVER (PARTITION BY n ORDER BY v) AS i
    FROM (SELECT DISTINCT n, v FROM nb_set) d
),
-- the end of a group, how many groups there are up to it, what they cost
cut AS (
    SELECT n, 0::bigint AS upto, 0 AS groups, 0::numeric AS cost
    FROM (SELECT DISTINCT n FROM nb_set) x
    UNION ALL
    SELECT n, upto + len, groups + 1, cost + c.squares
    FROM cut
    JOIN cost c USING (n)
    WHERE c.first = upto + 1 AND groups < 4
), cost AS (
    SELECT a.n,
        a.i AS first,
        b.i - a.i + 1 AS len,
        (
            SELECT sum(s.v::numeric * s.v::numeric) - sum(s.v::numeric)::numeric(60, 24) * sum(s.v::numeric)
                / count(*)
            FROM nb_set s
            WHERE s.n = a.n AND s.v BETWEEN a.v AND b.v
        ) AS squares
    FROM value a
    JOIN value b ON a.n = b.n AND a.i <= b.i
)
SELECT n, groups, min(cost) AS cost
FROM cut
JOIN (SELECT n, max(i) AS last FROM value GROUP BY n) l USING (n)
WHERE upto = last
GROUP BY n, groups;
SELECT count(*) AS cases,
    count(*) FILTER (WHERE abs(reached - cost) > 1e-9) AS not_the_least,
    count(*) FILTER (WHERE counted <> groups) AS other_number
FROM (
    SELECT n,
        groups,
        cost,
        (
            SELECT sum(squares)
            FROM (
                SELECT sum(v::numeric * v::numeric) - sum(v::numeric)::numeric(60, 24) * sum(v::numeric)
                    / count(*) AS squares
                FROM nb_set s
                WHERE s.n = l.n
                GROUP BY width_bucket(v, b)
            ) x
        ) AS reached,
        cardinality(b) + 1 AS counted
    FROM nb_least l, LATERAL (SELECT natural_breaks(v, groups) AS b FROM nb_set s WHERE s.n = l.n) y
    WHERE groups > 0
) z;

-- the figures of the groups are those of plain SQL
CREATE TABLE nb_many AS
SELECT (-ln(1 - ((i * 7919) % 20011) / 20011.0) * 30)::float8 + i % 2 * 40 AS v
FROM generate_series(1, 20000) i;
ANALYZE nb_many;
CREATE TABLE nb_group AS
SELECT k, g, x.*
FROM (SELECT k, natural_grouping(v, k) AS g FROM nb_many, generate_series(1, 8) k GROUP BY k) s,
    natural_groups(g) x;
SELECT count(*) AS groups,
    count(*) FILTER (WHERE o.count <> g.count
        OR o.lowest <> g.lowest
        OR o.highest <> g.highest
        OR abs(o.mean - g.mean) > 1e-11
        OR abs(o.stddev - g.stddev) > 1e-11
        OR abs(g.share - o.count / 20000.0) > 1e-15) AS differ
FROM nb_group g
LEFT JOIN LATERAL (
    SELECT count(*), min(v) AS lowest, max(v) AS highest, avg(v) AS mean, stddev_samp(v) AS stddev
    FROM nb_many
    WHERE width_bucket(v, (g.g).breaks) = g.group_number - 1
) o ON true;
SELECT k,
    abs((g).variance_explained - eta_squared(segment_quality(
            width_bucket(v, (g).breaks)::text, v))) < 1e-12
        OR k = 1 AS eta_squared,
    (g).variance_explained > lag((g).variance_explained) OVER (ORDER BY k) AS more
FROM (SELECT DISTINCT k, g FROM nb_group) x, nb_many
GROUP BY k, g
ORDER BY k;

-- in parallel the same
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
SET parallel_leader_participation = off;
SELECT pg_temp.plan_has('SELECT natural_breaks(v, 5) FROM nb_many', 'Partial Aggregate') AS partial,
    pg_temp.plan_has('SELECT natural_grouping(v, 5) FROM nb_many', 'Partial Aggregate') AS grouping;
CREATE TABLE nb_parallel AS SELECT natural_breaks(v, 5) AS b, natural_grouping(v, 5) AS g FROM nb_many;
SET max_parallel_workers_per_gather = 0;
SELECT natural_breaks(v, 5) = (SELECT b FROM nb_parallel) AS same,
    natural_grouping(v, 5) = (SELECT g FROM nb_parallel) AS same_figures,
    natural_breaks(v, 5 ORDER BY v DESC) = (SELECT b FROM nb_parallel) AS other_order
FROM nb_many;
RESET ALL;
SET search_path = receivables, public;

-- few values, none, equal ones
SELECT natural_breaks(v, 4) AS three, natural_breaks(v, 1) AS one, natural_breaks(v, 100) AS hundred
FROM unnest('{5,7,5,NULL,9}'::float8[]) v;
SELECT natural_breaks(v, 3) AS of_null, (natural_grouping(v, 3)) IS NULL AS grouping FROM (VALUES (NULL::float8)) x(v);
SELECT natural_breaks(v, 3) AS of_none FROM nb_many WHERE false;
SELECT natural_grouping(v, 3) FROM (VALUES (2), (2)) x(v);
SELECT natural_breaks(v, 2) AS zeros FROM unnest('{-0,0,1}'::float8[]) v;
SELECT count(*) AS of_null FROM natural_groups(NULL);
-- equally good cuts: the lower one
SELECT natural_breaks(v, 2) AS two, natural_breaks(v, 3) AS three FROM generate_series(1, 3) v;
-- windows
SELECT i, natural_breaks(v, 2) OVER (ORDER BY i) FROM (VALUES (1, 5), (2, 1), (3, 9), (4, 2)) x(i, v);

SELECT pg_temp.refusal('SELECT natural_breaks(v, ' || g || ') FROM (VALUES (1.0), (2), (3)) x(v)', 'detail')
FROM (VALUES ('0'), ('101'), ('-1'), ('NULL'), ('v::int')) x(g);
SELECT pg_temp.refusal(format('SELECT natural_breaks(%L, 2)', v), 'detail')
FROM (VALUES ('NaN'), ('Infinity'), ('-Infinity')) x(v);

-- the support functions with stored states, good and bad
CREATE TABLE nb_stored (state bytea);
INSERT INTO nb_stored SELECT _natural_breaks_transition(_natural_breaks_transition(NULL, 3, 2), 1, 2);
INSERT INTO nb_stored
SELECT _natural_breaks_combine(
    _natural_breaks_combine(state, state), _natural_breaks_transition(NULL, 9, 2))
FROM nb_stored;
INSERT INTO nb_stored SELECT _natural_breaks_transition(state, 20, 2) FROM nb_stored;
SELECT _natural_breaks_final(state),
    (_natural_grouping_final(state)).value_count,
    _natural_breaks_combine(state, NULL) = state AS first,
    _natural_breaks_combine(NULL, state) = state AS second,
    _natural_breaks_transition(state, NULL, 2) = state AS null_value
FROM nb_stored
ORDER BY 2, 1;
SELECT _natural_breaks_final(NULL) IS NULL AS final,
    _natural_breaks_combine(NULL, NULL) IS NULL AS combine,
    _natural_breaks_transition(NULL, NULL, 2) IS NULL AS transition;
SELECT pg_temp.refusal(format('SELECT %s', f), 'detail')
FROM (VALUES
    ($$_natural_breaks_final('')$$),
    ($$_natural_breaks_final('\x01000000')$$),
    ($$_natural_breaks_final('\x020000000200000000000000')$$),
    ($$_natural_breaks_final('\x010000000000000000000000')$$),
    ($$_natural_breaks_final('\x010000006500000000000000')$$),
    ($$_natural_breaks_final('\x010000000200000001000000')$$),
    ($$_natural_breaks_final('\x010000000200000001000000000000000000f87f')$$),
    ($$_natural_breaks_final('\x010000000200000001000000000000000000f07f')$$),
    ($$_natural_breaks_transition('\x0100', 1, 2)$$),
    ($$_natural_breaks_combine(NULL, '\x0100')$$),
    ($$_natural_breaks_combine('\x010000000200000000000000', '\x0100')$$),
    ($$_natural_breaks_combine('\x010000000200000000000000', '\x010000000300000000000000')$$),
    ($$_natural_breaks_transition('\x010000000200000000000000', 1, 3)$$)) x(f);
SELECT _natural_breaks_final('\x010000000200000000000000') IS NULL AS no_values,
    _natural_breaks_final('\x01000000020000000100000000000000000000000000000000000000')
        AS with_room;

-- memory: work_mem, or 256 MB where that is less
SELECT natural_breaks(i, 100) FROM generate_series(1, 650000) i;
SELECT natural_breaks(i, 2) FROM generate_series(1, 650000) i;

-- a search that takes long can be cancelled; the values are collected before
CREATE AGGREGATE nb_collect(double precision, integer) (SFUNC = _natural_breaks_transition, STYPE = bytea);
CREATE TABLE nb_long AS SELECT nb_collect(sin(i), 100) AS state FROM generate_series(1, 300000) i;
CREATE FUNCTION nb_cancelled(state bytea) RETURNS text LANGUAGE plpgsql AS $$
DECLARE started timestamptz := clock_timestamp();
BEGIN
    PERFORM _natural_breaks_final(state);
    RETURN 'finished';
EXCEPTION WHEN query_canceled THEN
    RETURN CASE WHEN clock_timestamp() - started < interval '4s' THEN 'cancelled at once' ELSE 'cancelled late' END;
END $$;
SET statement_timeout = '300ms';
SELECT nb_cancelled(state) FROM nb_long;
RESET statement_timeout;
DROP VIEW nb_least;
DROP TABLE nb_set, nb_many, nb_group, nb_parallel, nb_stored, nb_long CASCADE;
DROP AGGREGATE nb_collect(double precision, integer);
DROP FUNCTION nb_cancelled;
