-- Who moved from which segment to which, and how far the distribution over segments has moved.
SET client_min_messages = warning;
CREATE SCHEMA IF NOT EXISTS receivables;
CREATE EXTENSION IF NOT EXISTS receivables SCHEMA receivables;
RESET client_min_messages;
SET search_path = receivables, public;
\getenv folder PG_ABS_SRCDIR
\set file :folder '/test/sql/helpers.sql'
\i :file

-- the index of shares and of counts: the published example
SELECT round(population_stability_index('{20,50,30}'::float8[], '{10,60,30}')::numeric, 4) AS percent,
    round(population_stability_index('{0.2,0.5,0.3}'::float8[], '{0.1,0.6,0.3}')::numeric, 4) AS shares,
    round(population_stability_index(actual => '{1,6,3}', expected => '{40,100,60}'::float8[])::numeric, 4) AS counts,
    population_stability_index(ARRAY[1, 2, 3], ARRAY[2, 4, 6]) AS same;
-- empty groups
SELECT population_stability_index('{1,0,1}'::float8[], '{1,0,1}') AS both,
    population_stability_index('{1,0,1}'::float8[], '{1,1,1}') AS one,
    population_stability_index('{1,1,1}'::float8[], '{1,0,1}', NULL) AS other,
    round(
        population_stability_index('{50,0,50}'::float8[], '{40,20,40}', min_share => 0.01)::numeric,
        6) AS with_min,
    round((2 * 0.1 * ln(1.25) + 0.19 * ln(20))::numeric, 6) AS by_hand,
    population_stability_index('{0.001,0.999}'::float8[], '{0.002,0.998}', 0.01)
        < 1e-5 AS both_below;
SELECT population_stability_index('{}'::float8[], '{}') AS empty,
    population_stability_index('{0,0}'::float8[], '{1,1}') AS no_weight,
    population_stability_index(NULL, '{1}'::float8[]) AS no_expected,
    population_stability_index('{1}'::float8[], NULL) AS no_actual,
    population_stability_index(
        '{1e308,1e308,1e308}'::float8[], '{1e-320,1e-320,1e-320}') AS large_and_small;
SELECT pg_temp.refusal('SELECT population_stability_index(' || v || ')', 'detail')
FROM (VALUES
    ($$'{1,2}'::float8[], '{1}'$$), ($$'{1,NULL}'::float8[], '{1,2}'$$),
    ($$'{1,2}'::float8[], '{1,NULL}'$$), ($$'{1,-2}'::float8[], '{1,2}'$$),
    ($$'{1,2}'::float8[], '{1,Infinity}'$$), ($$'{NaN,2}'::float8[], '{1,2}'$$),
    ($$'{{1,2}}'::float8[], '{1,2}'$$), ($$'{1,2}'::float8[], '{1,2}', -0.1$$),
    ($$'{1,2}'::float8[], '{1,2}', 1$$), ($$'{1,2}'::float8[], '{1,2}', 'NaN'$$),
    ($$'{"cells": []}'::segment_migration, 2$$)) x(v);

-- assignments at two dates
CREATE TABLE sm_small (customer int, before text, after text);
INSERT INTO sm_small VALUES
    (1, 'prompt', 'prompt'), (2, 'prompt', 'prompt'), (3, 'prompt', 'late'), (4, 'late', 'late'),
    (5, 'late', 'at risk'), (6, NULL, 'prompt'), (7, 'late', NULL), (8, NULL, NULL);
SELECT m, moved_share(m), customer_count(m) FROM (SELECT segment_migration(before, after) AS m FROM sm_small) x;
SELECT x.* FROM (SELECT segment_migration(before, after) AS m FROM sm_small) s, migration_matrix(m) x;
SELECT population_stability_index(before, after) AS infinite,
    round(
        population_stability_index(segment_migration(before, after), 0.01)::numeric, 6) AS with_min
FROM sm_small;

-- by plain SQL, on generated sets
CREATE TABLE sm_set AS
SELECT n,
    CASE WHEN n % 2 = 0 THEN 's' || a % 3 WHEN a < n % 9 THEN 's' || a END AS before,
    CASE
        WHEN n % 2 = 0 THEN 's' || b % 3
        WHEN b < n % 8 THEN 's' || b || repeat('é', b % 3)
    END AS after
FROM (SELECT setseed(0.25)) seed,
    generate_series(1, 300) n,
    LATERAL (
        SELECT (random() * 9)::int AS a, (random() * random() * 9)::int AS b, i
        FROM generate_series(1, 1 + n % 60) i
    ) v;
CREATE TABLE sm_whole AS SELECT n, segment_migration(before, after) AS m FROM sm_set GROUP BY n;
SELECT count(*) AS cells,
    count(*) FILTER (WHERE ours.customers IS DISTINCT FROM theirs.customers
        OR abs(ours.share - theirs.share) > 1e-15) AS differ
FROM (SELECT n, x.* FROM sm_whole, migration_matrix(m) x) ours
FULL JOIN (
    SELECT n,
        before,
        after,
        count(*) AS customers,
        count(*) / (sum(count(*)) OVER (PARTITION BY n, before))::float8 AS share
    FROM sm_set
    GROUP BY n, before, after
) theirs
    ON ours.n = theirs.n
        AND (ours.from_segment, ours.to_segment) IS NOT DISTINCT FROM (theirs.before, theirs.after);
SELECT count(*) AS sets,
    count(*) FILTER (WHERE w.m IS NULL
        OR moved_share(m) <> o.moved
        OR customer_count(m) <> o.customers) AS differ
FROM sm_whole w
FULL JOIN (
    SELECT n, avg((before IS DISTINCT FROM after)::int)::float8 AS moved, count(*) AS customers
    FROM sm_set
    GROUP BY n
) o USING (n);
WITH share AS (
    SELECT n,
        segment,
        count(*) FILTER (WHERE side = 1) / sum(count(*) FILTER (WHERE side = 1)) OVER w AS p,
        count(*) FILTER (WHERE side = 2) / sum(count(*) FILTER (WHERE side = 2)) OVER w AS q
    FROM (
        SELECT n, before AS segment, 1 AS side FROM sm_set UNION ALL SELECT n, after, 2 FROM sm_set
    ) x
    GROUP BY n, segment
    WINDOW w AS (PARTITION BY n)
), oracle AS (
    SELECT n,
        CASE
            WHEN bool_or(p = 0 OR q = 0) THEN 'Infinity'
            ELSE sum((p - q) * ln(p / nullif(q, 0)))
                FILTER (WHERE p > 0 AND q > 0)
        END::float8 AS plain,
        sum((greatest(p, 0.05) - greatest(q, 0.05)) * ln(greatest(p, 0.05) / greatest(q, 0.05)))::float8
            AS with_min
    FROM share
    GROUP BY n
)
SELECT count(*) AS sets,
    count(*) FILTER (WHERE o.plain < 'Infinity') > 20 AS many_finite,
    count(*) FILTER (WHERE i.plain IS DISTINCT FROM o.plain AND abs(i.plain - o.plain) > 1e-14
        OR (i.plain = 'Infinity') <> (o.plain = 'Infinity')) AS aggregate,
    count(*) FILTER (WHERE population_stability_index(m) <> i.plain) AS function,
    count(*) FILTER (WHERE abs(population_stability_index(m, 0.05) - o.with_min)
        > 1e-14) AS with_min
FROM oracle o
JOIN sm_whole USING (n)
JOIN (
    SELECT n, population_stability_index(before, after) AS plain FROM sm_set GROUP BY n
) i USING (n);

-- any order, in parts, text and binary
CREATE TEMP TABLE sm_copy (LIKE sm_whole);
\copy sm_whole TO 'segment_migration.bin' (FORMAT binary)
\copy sm_copy FROM 'segment_migration.bin' (FORMAT binary)
\! rm -f segment_migration.bin
SELECT count(*) AS sets,
    count(*) FILTER (WHERE w.m::text <> o.m::text) AS other_order,
    count(*) FILTER (WHERE w.m::text <> r.m::text) AS parts,
    count(*) FILTER (WHERE w.m::text <> w.m::text::segment_migration::text) AS text,
    count(*) FILTER (WHERE w.m::text <> c.m::text) AS binary
FROM sm_whole w
JOIN sm_copy c USING (n)
JOIN (
    SELECT n, segment_migration(before, after ORDER BY after DESC, before) AS m
    FROM sm_set
    GROUP BY n
) o USING (n)
JOIN (
    SELECT n, rollup(m) AS m
    FROM (SELECT n, segment_migration(before, after) AS m FROM sm_set GROUP BY n, after) x
    GROUP BY n
) r USING (n);

-- in parallel
CREATE TABLE sm_many AS
SELECT 's' || i % 7 AS before, CASE WHEN i % 5 > 0 THEN 's' || i % 5 END AS after
FROM generate_series(1, 50000) i;
ANALYZE sm_many;
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
SET parallel_leader_participation = off;
SELECT pg_temp.plan_has('SELECT segment_migration(before, after) FROM sm_many', 'Partial Aggregate') AS migration,
    pg_temp.plan_has(
        'SELECT population_stability_index(before, after) FROM sm_many', 'Partial Aggregate') AS stability;
CREATE TABLE sm_parallel AS
SELECT segment_migration(before, after) AS m, population_stability_index(before, after) AS index
FROM sm_many;
SET max_parallel_workers_per_gather = 0;
SELECT segment_migration(before, after)::text = (SELECT m::text FROM sm_parallel) AS same,
    population_stability_index(before, after) = (SELECT index FROM sm_parallel) AS same_index FROM sm_many;
RESET ALL;
SET search_path = receivables, public;

-- nothing; stored values; windows
SELECT (SELECT segment_migration(before, after) FROM sm_small WHERE false) IS NULL AS none,
    (
        SELECT population_stability_index(before, after) FROM sm_small WHERE false
    ) IS NULL AS no_index,
    rollup(NULL::segment_migration) IS NULL AS rolled,
    population_stability_index(NULL::segment_migration) IS NULL AS of_null,
    _segment_migration_final(NULL) IS NULL AS final;
SELECT customer_count(m),
    moved_share(m),
    population_stability_index(m),
    (SELECT count(*) FROM migration_matrix(m)) AS cells
FROM (VALUES ('{"cells": []}'::segment_migration)) v(m);
CREATE TABLE sm_stored (m segment_migration);
INSERT INTO sm_stored SELECT _segment_migration_transition(_segment_migration_transition(NULL, 'a', NULL), NULL, 'b');
INSERT INTO sm_stored SELECT segment_migration(repeat('long name ', 20) || i, i::text) FROM generate_series(1, 400) i;
ALTER TABLE sm_stored ALTER COLUMN m SET STORAGE EXTERNAL;
INSERT INTO sm_stored SELECT segment_migration('s' || i % 50, 't' || i) FROM generate_series(1, 300) i;
SELECT customer_count(m) AS before,
    customer_count(_segment_migration_transition(m, 'a', 'new')) AS one_more,
    customer_count(_segment_migration_combine(m, m)) AS twice,
    _segment_migration_final(m)::text = m::text AS final,
    _segment_migration_combine(m, NULL)::text = m::text AS with_null,
    _segment_migration_combine(NULL, m)::text = m::text AS null_with
FROM sm_stored
ORDER BY 1;
SELECT count(*) FILTER (WHERE customer_count(m) <> i) AS differ
FROM (
    SELECT row_number() OVER w AS i, segment_migration(before, after) OVER w AS m
    FROM sm_set
    WHERE n < 40
    WINDOW w AS (PARTITION BY n ORDER BY before, after ROWS UNBOUNDED PRECEDING)
) x;

-- what is refused
SELECT pg_temp.refusal(format('SELECT %L::segment_migration', v), 'detail')
FROM (VALUES
    (''),
    ('{}'),
    ('{"cells": 1}'),
    ('{"cells": [1]}'),
    ('{"cells": [], "x": 1}'),
    ('{"cells": [{"from": "a", "customers": 1}]}'),
    ('{"cells": [{"from": "a", "to": 1, "customers": 1}]}'),
    ('{"cells": [{"from": "a", "to": "b", "customers": 0}]}'),
    ('{"cells": [{"from": "a", "to": "b", "customers": 1},
                 {"from": "a", "to": "b", "customers": 1}]}'),
    ('{"cells": [{"from": "a", "to": "b", "customers": 9223372036854775807},
                 {"from": "a", "to": "c", "customers": 1}]}')) x(v);
SELECT pg_temp.refusal('SELECT segment_migration(i::text, ''x'') FROM generate_series(1, 10001) i', 'detail');
SELECT pg_temp.refusal($$
    SELECT _segment_migration_combine(
        '{"cells": [{"from": "a", "to": "b", "customers": 9223372036854775807}]}',
        '{"cells": [{"from": "a", "to": "c", "customers": 1}]}')$$, 'detail');
SELECT pg_temp.refusal($$
    SELECT _segment_migration_transition(
        '{"cells": [{"from": "a", "to": "b", "customers": 9223372036854775807}]}', 'a', 'b')$$, 'detail');
-- calls in LATERAL leave no more behind in the query's memory than those of a function of PostgreSQL
SELECT count(*) AS calls,
    (SELECT max(total_bytes) FROM pg_backend_memory_contexts WHERE name = 'ExecutorState') AS plain_bytes
FROM generate_series(1, 20000) i,
    LATERAL generate_series(i, i) s \gset
SELECT count(*) AS calls,
    (SELECT max(total_bytes) FROM pg_backend_memory_contexts WHERE name = 'ExecutorState')
        < :plain_bytes + 300000 AS small
FROM generate_series(1, 20000) i,
    LATERAL migration_matrix(CASE
        WHEN i > 0
            THEN '{"cells": [{"from": "a", "to": "b", "customers": 1}]}'::segment_migration
    END) s;
-- equal values are equal, whatever order their rows came in, through every door, and with room to grow
CREATE AGGREGATE sm_growing(text, text) (SFUNC = _segment_migration_transition, STYPE = segment_migration);
CREATE TEMP TABLE sm_equal AS
SELECT customers, segment_migration(a, b) AS m, segment_migration(a, b ORDER BY b DESC, a) AS backwards,
    sm_growing(a, b) AS growing
FROM generate_series(1, 60) customers,
    LATERAL (SELECT nullif('s' || i % 7, 's3') AS a, 's' || i % 5 AS b FROM generate_series(1, customers % 30 + 1) i) r
GROUP BY customers;
SELECT count(*) AS values,
    count(*) FILTER (WHERE m = backwards AND m = growing AND m = m::text::segment_migration) AS equal,
    count(*) FILTER (WHERE _segment_migration_hash(m) = _segment_migration_hash(growing)) AS same_hash,
    count(DISTINCT m) AS different, count(DISTINCT growing) AS different_growing
FROM sm_equal;
SELECT count(*) AS pairs, count(*) FILTER (WHERE (a.m = b.m) <> (a.m::text = b.m::text)) AS not_as_text,
    count(*) FILTER (WHERE (a.m < b.m) <> (b.m > a.m) OR (a.m <= b.m) <> NOT (a.m > b.m)) AS not_an_order
FROM sm_equal a, sm_equal b;
DROP TABLE sm_equal;
DROP AGGREGATE sm_growing(text, text);
DROP TABLE sm_small, sm_set, sm_whole, sm_many, sm_parallel, sm_stored;
