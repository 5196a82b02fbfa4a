-- One set of items has one profile, byte for byte, however the rows arrive and are put together.
SET client_min_messages = warning;
CREATE SCHEMA IF NOT EXISTS receivables;
CREATE EXTENSION IF NOT EXISTS receivables SCHEMA receivables;
SET search_path = receivables, public;
SET DateStyle = 'ISO, YMD';
\getenv folder PG_ABS_SRCDIR
\set file :folder '/test/sql/helpers.sql'
\i :file

-- Customer 1 has 20,000 items within a few years, 2 has 6,000 that are far apart, 3 has 5,000 of
-- both; then come customers of 300, of 50 and of 3 items.
CREATE TABLE pp_item AS
SELECT n, customer, customer % 3 AS region,
    CASE WHEN n % 11 > 0 THEN due - (n % 4) * 15 END AS invoice_date,
    CASE WHEN n % 97 > 0 THEN due END AS due_date,
    CASE WHEN n % 9 > 0 THEN due - 10 + (n::bigint * 7919 % 50)::int * far END AS paid_date,
    CASE WHEN n % 13 > 0 THEN round((n::bigint * 104729 % 1000003) / 7.0, n % 5) *
        CASE WHEN n % 29 = 0 THEN -1 ELSE 1 END END AS amount,
    n % 17 = 0 AS disputed
FROM (SELECT n, customer, CASE WHEN customer = 2 OR customer = 3 AND n % 50 = 0 THEN 40001 ELSE 1 END AS far,
          CASE WHEN customer = 2 THEN date '1900-01-01' + (n::bigint * 7907 % 9999991)::int
               ELSE date '2022-01-01' + (n::bigint * 7907 % 1500)::int END AS due
      FROM (SELECT n, CASE WHEN n <= 20000 THEN 1 WHEN n <= 26000 THEN 2 WHEN n <= 31000 THEN 3
                           WHEN n <= 37000 THEN 4 + n % 20 WHEN n <= 52000 THEN 24 + n % 300
                           ELSE 324 + n % 2000 END AS customer
            FROM generate_series(1, 58000) n) c) d;
ANALYZE pp_item;


-- The reference: one process, the rows in the order of the table.
SET max_parallel_workers_per_gather = 0;
CREATE TABLE pp_reference AS
SELECT customer, payment_profile(invoice_date, due_date, paid_date, amount, disputed) AS p
FROM pp_item GROUP BY customer;
CREATE TABLE pp_whole AS
SELECT payment_profile(invoice_date, due_date, paid_date, amount, disputed) AS p FROM pp_item;
SELECT count(*) AS customers, sum(item_count(p)) AS items, count(*) FILTER (WHERE item_count(p) <= 255) AS listed
FROM pp_reference;
SELECT item_count(p), timed_count(p), total_amount(p), mean_days_late(p), median_days_late(p) FROM pp_whole;

-- Profiles by customer that are not the reference's, and customers in all.
CREATE FUNCTION pp_compare(query text, OUT customers bigint, OUT differ bigint) LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('SELECT count(*), count(*) FILTER (WHERE payment_profile_send(x.p) IS DISTINCT FROM'
                   ' payment_profile_send(r.p)) FROM pp_reference r FULL JOIN (%s) x USING (customer)', query)
        INTO customers, differ;
END $$;

-- the order of rows
SELECT sorting, c.*
FROM unnest(ARRAY[
    'n', 'n DESC', 'n % 101, n', 'paid_date NULLS FIRST, n', 'due_date DESC, amount, n', 'amount',
    'disputed DESC, amount DESC NULLS LAST']) sorting,
    pp_compare(format(
        $$
            SELECT customer,
                payment_profile(
                    invoice_date, due_date, paid_date, amount, disputed ORDER BY %s) AS p
            FROM pp_item
            GROUP BY customer$$,
        sorting)) c;

-- parts rolled up, in any number and order, also one item at a time and parts of parts
SELECT parts, sorting, c.*
FROM unnest(ARRAY[2, 3, 7, 100, 1000000]) parts,
    unnest(ARRAY['part', 'part DESC']) sorting,
    pp_compare(format(
        $$
            SELECT customer, rollup(p ORDER BY %s) AS p
            FROM (
                SELECT customer,
                    n %% %s AS part,
                    payment_profile(invoice_date, due_date, paid_date, amount, disputed) AS p
                FROM pp_item
                GROUP BY customer, part
            ) x
            GROUP BY customer$$,
        sorting, parts)) c;
SELECT c.*
FROM pp_compare($$
    SELECT customer, rollup(p) AS p
    FROM (
        SELECT customer, part % 4, rollup(p) AS p
        FROM (
            SELECT customer,
                n % 30 AS part,
                payment_profile(invoice_date, due_date, paid_date, amount, disputed) AS p
            FROM pp_item
            GROUP BY customer, part
        ) x
        GROUP BY 1, 2
    ) y
    GROUP BY customer$$) c;
SELECT parts,
    payment_profile_send(rollup(x.p)) = payment_profile_send((SELECT p FROM pp_whole)) AS whole
FROM unnest(ARRAY[2, 30, 5000]) parts,
    LATERAL (
        SELECT payment_profile(invoice_date, due_date, paid_date, amount, disputed) AS p
        FROM pp_item
        GROUP BY n * 7919::bigint % parts
    ) x
GROUP BY parts
ORDER BY parts;
SELECT payment_profile_send(rollup(p)) = payment_profile_send((
    SELECT p FROM pp_whole
)) AS of_customers
FROM pp_reference;

-- the operator +
SELECT count(*) AS pairs,
    count(*) FILTER (WHERE payment_profile_send(a.p + b.p) IS DISTINCT FROM payment_profile_send(c.p))
        AS differ,
    count(*) FILTER (WHERE a.p + b.p IS DISTINCT FROM b.p + a.p) AS not_commutative
FROM (
    SELECT customer,
        payment_profile(
            invoice_date, due_date, paid_date, amount, disputed) FILTER (WHERE n % 3 = 0) AS p
    FROM pp_item
    GROUP BY customer
) a
JOIN (
    SELECT customer,
        payment_profile(
            invoice_date, due_date, paid_date, amount, disputed) FILTER (WHERE n % 3 > 0) AS p
    FROM pp_item
    GROUP BY customer
) b USING (customer)
JOIN pp_reference c USING (customer)
WHERE a.p IS NOT NULL AND b.p IS NOT NULL;

-- parallel plans
SET max_parallel_workers_per_gather = 4;
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
SELECT pg_temp.plan_has(
    'SELECT payment_profile(invoice_date, due_date, paid_date, amount, disputed) FROM pp_item',
    'Partial Aggregate') AS partial;
SET parallel_leader_participation = off;
CREATE TABLE pp_workers AS
SELECT payment_profile(invoice_date, due_date, paid_date, amount, disputed) AS p
FROM pp_item;
RESET parallel_leader_participation;
CREATE TABLE pp_parallel AS
SELECT payment_profile(invoice_date, due_date, paid_date, amount, disputed) AS p
FROM pp_item;
SELECT payment_profile_send(a.p) = payment_profile_send(c.p) AS same,
    payment_profile_send(b.p) = payment_profile_send(c.p) AS by_workers_alone
FROM pp_parallel a, pp_workers b, pp_whole c;
SET enable_sort = off;
SELECT pg_temp.plan_has(
    $$
        SELECT customer, payment_profile(invoice_date, due_date, paid_date, amount, disputed)
        FROM pp_item
        GROUP BY customer$$,
    'Partial HashAggregate') AS partial_hash;
SELECT c.*
FROM pp_compare($$
    SELECT customer, payment_profile(invoice_date, due_date, paid_date, amount, disputed) AS p
    FROM pp_item
    GROUP BY customer$$) c;
RESET enable_sort;
SET enable_hashagg = off;
SELECT pg_temp.plan_has(
    $$
        SELECT customer, payment_profile(invoice_date, due_date, paid_date, amount, disputed)
        FROM pp_item
        GROUP BY customer$$,
    'Partial GroupAggregate') AS partial_group;
SELECT c.*
FROM pp_compare($$
    SELECT customer, payment_profile(invoice_date, due_date, paid_date, amount, disputed) AS p
    FROM pp_item
    GROUP BY customer$$) c;
RESET enable_hashagg;
SELECT pg_temp.plan_has('SELECT rollup(p) FROM pp_reference', 'Partial Aggregate') AS partial_rollup;
CREATE TABLE pp_rolled AS SELECT rollup(p) AS p FROM pp_reference;
SELECT payment_profile_send(a.p) = payment_profile_send(b.p) AS same FROM pp_rolled a, pp_whole b;

-- partitions, aggregated apart
CREATE TABLE pp_part (LIKE pp_item) PARTITION BY HASH (n);
CREATE TABLE pp_part_0 PARTITION OF pp_part FOR VALUES WITH (MODULUS 3, REMAINDER 0);
CREATE TABLE pp_part_1 PARTITION OF pp_part FOR VALUES WITH (MODULUS 3, REMAINDER 1);
CREATE TABLE pp_part_2 PARTITION OF pp_part FOR VALUES WITH (MODULUS 3, REMAINDER 2);
INSERT INTO pp_part SELECT * FROM pp_item;
ANALYZE pp_part;
SET enable_partitionwise_aggregate = on;
SET max_parallel_workers_per_gather = 0;
SELECT pg_temp.plan_has(
    $$
        SELECT customer, payment_profile(invoice_date, due_date, paid_date, amount, disputed)
        FROM pp_part
        GROUP BY customer$$,
    'Partial (Hash|Group)Aggregate') AS partial_partitions;
SELECT c.*
FROM pp_compare($$
    SELECT customer, payment_profile(invoice_date, due_date, paid_date, amount, disputed) AS p
    FROM pp_part
    GROUP BY customer$$) c;
SET max_parallel_workers_per_gather = 4;
SELECT c.*
FROM pp_compare($$
    SELECT customer, payment_profile(invoice_date, due_date, paid_date, amount, disputed) AS p
    FROM pp_part
    GROUP BY customer$$) c;
RESET enable_partitionwise_aggregate;
SET max_parallel_workers_per_gather = 0;

-- FILTER and grouping sets, sorted and hashed
SELECT c.*
FROM pp_compare($$
    SELECT customer, rollup(p) AS p
    FROM (
        SELECT customer,
            unnest(ARRAY[
                payment_profile(
                    invoice_date, due_date, paid_date, amount, disputed)
                    FILTER (WHERE NOT disputed),
                payment_profile(
                    invoice_date, due_date, paid_date, amount, disputed)
                    FILTER (WHERE disputed)]) AS p
        FROM pp_item
        GROUP BY customer
    ) x
    GROUP BY customer$$) c;
CREATE VIEW pp_sets AS
SELECT region, customer, payment_profile(invoice_date, due_date, paid_date, amount, disputed) AS p
FROM pp_item GROUP BY GROUPING SETS ((customer), (region), ());
CREATE VIEW pp_sets_same AS
SELECT count(*) AS rows,
    count(*) FILTER (WHERE region IS NULL
        AND customer IS NULL
        AND payment_profile_send(g.p) = payment_profile_send(w.p)) AS whole,
    count(*) FILTER (WHERE region IS NOT NULL
        AND payment_profile_send(g.p) = payment_profile_send(r.p)) AS regions,
    count(*) FILTER (WHERE customer IS NOT NULL
        AND payment_profile_send(g.p) = payment_profile_send(c.p)) AS customers
FROM pp_sets g
CROSS JOIN pp_whole w
LEFT JOIN pp_reference c USING (customer)
LEFT JOIN (
    SELECT customer % 3 AS region, rollup(p) AS p FROM pp_reference GROUP BY 1
) r USING (region);
SET enable_hashagg = off;
SELECT pg_temp.plan_has('SELECT * FROM pp_sets', '^ *Group Key') AS sorted, s.* FROM pp_sets_same s;
RESET enable_hashagg;
SET enable_sort = off;
SELECT pg_temp.plan_has('SELECT * FROM pp_sets', 'MixedAggregate') AS hashed, s.* FROM pp_sets_same s;
RESET enable_sort;

-- a hash table that spills
SET work_mem = '64kB';
SET hash_mem_multiplier = 1;
SET enable_sort = off;
SELECT pg_temp.plan_has(
    $$
        SELECT customer, payment_profile(invoice_date, due_date, paid_date, amount, disputed)
        FROM pp_item
        GROUP BY customer$$,
    'Batches: ([2-9]|1[0-9]).*Disk Usage',
    'ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF') AS spills;
SELECT c.*
FROM pp_compare($$
    SELECT customer, payment_profile(invoice_date, due_date, paid_date, amount, disputed) AS p
    FROM pp_item
    GROUP BY customer$$) c;
RESET work_mem;
RESET hash_mem_multiplier;
RESET enable_sort;

-- window frames: the final function runs for every row and must leave the state as it is
SELECT count(*) AS rows,
    count(*) FILTER (WHERE item_count(running) IS DISTINCT FROM running_count) AS running_counts,
    count(*) FILTER (WHERE total_amount(running) IS DISTINCT FROM running_amount)
        AS running_amounts,
    count(*) FILTER (WHERE item_count(sliding) IS DISTINCT FROM sliding_count) AS sliding_counts,
    count(*) FILTER (WHERE total_amount(sliding) IS DISTINCT FROM sliding_amount) AS sliding_amounts
FROM (
    SELECT payment_profile(invoice_date, due_date, paid_date, amount, disputed) OVER w AS running,
        nullif(count(due_date) OVER w, 0) AS running_count,
        sum(amount) FILTER (WHERE due_date IS NOT NULL) OVER w AS running_amount,
        payment_profile(invoice_date, due_date, paid_date, amount, disputed) OVER s AS sliding,
        nullif(count(due_date) OVER s, 0) AS sliding_count,
        sum(amount) FILTER (WHERE due_date IS NOT NULL) OVER s AS sliding_amount
    FROM pp_item
    WHERE customer > 3
    WINDOW w AS (PARTITION BY customer ORDER BY n),
        s AS (PARTITION BY region ORDER BY n ROWS BETWEEN 5 PRECEDING AND 2 FOLLOWING)
) x;
SELECT count(*) AS rows,
    count(*) FILTER (WHERE payment_profile_send(running) IS DISTINCT FROM payment_profile_send((
        SELECT payment_profile(invoice_date, due_date, paid_date, amount, disputed)
        FROM pp_item b
        WHERE b.customer = x.customer AND b.n <= x.n
    ))) AS differ
FROM (
    SELECT customer,
        n,
        CASE
            WHEN n % 83 = 0
                THEN payment_profile(invoice_date, due_date, paid_date, amount, disputed)
                    OVER (PARTITION BY customer ORDER BY n)
        END AS running
    FROM pp_item
    WHERE customer IN (2, 3, 4, 30) OR n < 6000
) x
WHERE n % 83 = 0 AND n % 249 = 0;

-- DISTINCT, GROUP BY, joins and sets, by hash and by sort
CREATE TABLE pp_twice AS SELECT p FROM pp_reference UNION ALL SELECT p FROM pp_rolled
    UNION ALL SELECT p FROM pp_reference UNION ALL SELECT p FROM pp_whole;
CREATE VIEW pp_distinct AS
SELECT (SELECT count(*) FROM (SELECT DISTINCT p FROM pp_twice) x) AS distinct,
    (SELECT count(*) FROM (SELECT p FROM pp_twice GROUP BY p HAVING count(*) >= 2) x) AS twice,
    (SELECT count(*) FROM (SELECT p FROM pp_reference INTERSECT SELECT p FROM pp_twice) x) AS intersect;
SELECT pg_temp.plan_has('SELECT DISTINCT p FROM pp_twice', 'HashAggregate') AS hashed, d.* FROM pp_distinct d;
SET enable_hashagg = off;
SELECT pg_temp.plan_has('SELECT DISTINCT p FROM pp_twice', 'Sort Key: p') AS sorted, d.* FROM pp_distinct d;
RESET enable_hashagg;
SELECT (SELECT count(DISTINCT payment_profile_send(p)) FROM pp_twice) AS bytes,
    (SELECT count(DISTINCT p) FROM pp_twice) AS profiles;
SET enable_nestloop = off;
SET enable_mergejoin = off;
SELECT pg_temp.plan_has('SELECT FROM pp_reference a JOIN pp_twice b USING (p)', 'Hash Join') AS hash_join,
    (SELECT count(*) > 4600 FROM pp_reference a JOIN pp_twice b USING (p)) AS joined;
RESET enable_mergejoin;
SET enable_hashjoin = off;
SELECT pg_temp.plan_has('SELECT FROM pp_reference a JOIN pp_twice b USING (p)', 'Merge Join') AS merge_join,
    (SELECT count(*) > 4600 FROM pp_reference a JOIN pp_twice b USING (p)) AS joined;
RESET enable_hashjoin;
RESET enable_nestloop;
-- a total order
SELECT bool_and((a.p < b.p) = (b.p > a.p) AND (a.p <= b.p) = NOT (a.p > b.p) AND (a.p >= b.p) = NOT (a.p < b.p)
    AND (a.p = b.p) = NOT (a.p <> b.p) AND (a.p = b.p) = (_payment_profile_cmp(a.p, b.p) = 0)
    AND (_payment_profile_hash(a.p) = _payment_profile_hash(b.p) OR a.p <> b.p)
    AND (_payment_profile_hash_extended(a.p, 7) = _payment_profile_hash_extended(b.p, 7) OR a.p <> b.p)
    AND sign(_payment_profile_cmp(a.p, b.p)) = -sign(_payment_profile_cmp(b.p, a.p))) AS ordered
FROM (SELECT * FROM pp_reference WHERE customer % 37 < 2) a, (SELECT * FROM pp_reference WHERE customer % 37 < 2) b;

-- The support functions called from SQL, with values as tables keep them: with a short header,
-- compressed, stored apart, and in working form.
CREATE TABLE pp_stored (customer int, form text, p payment_profile);
-- An aggregate without a final function gives its state away.
CREATE AGGREGATE pp_state(date, date, date, numeric, boolean) (
    SFUNC = _payment_profile_transition, STYPE = payment_profile);
CREATE FUNCTION pp_collect(which int, most int) RETURNS payment_profile LANGUAGE sql
RETURN (SELECT pp_state(invoice_date, due_date, paid_date, amount, disputed)
        FROM (SELECT * FROM pp_item WHERE customer = which ORDER BY n LIMIT most) AS i);
-- 20,000 items of a few years, 6,000 wide ones, a mixture, few and very few
CREATE TABLE pp_case AS
SELECT *
FROM (VALUES
    (1, 20000), (1, 300), (1, 255), (1, 1), (2, 6000), (2, 40), (3, 5000), (5, 1000000), (30, 50),
    (324, 2)) v(customer, most);
INSERT INTO pp_stored SELECT customer, 'working ' || most, pp_collect(customer, most) FROM pp_case;
ALTER TABLE pp_stored ALTER COLUMN p SET STORAGE EXTERNAL;
INSERT INTO pp_stored SELECT customer, 'external working ' || most, pp_collect(customer, most) FROM pp_case;
INSERT INTO pp_stored
SELECT customer, 'external ' || most, _payment_profile_final(pp_collect(customer, most))
FROM pp_case;
ALTER TABLE pp_stored ALTER COLUMN p SET STORAGE MAIN;
INSERT INTO pp_stored SELECT customer, 'main ' || most, _payment_profile_final(pp_collect(customer, most)) FROM pp_case;
ALTER TABLE pp_stored ALTER COLUMN p SET STORAGE EXTENDED;
INSERT INTO pp_stored
SELECT customer, 'extended ' || most, _payment_profile_final(pp_collect(customer, most))
FROM pp_case;
SELECT count(*) AS values, count(*) FILTER (WHERE form ~ 'working') AS working,
    count(*) FILTER (WHERE pg_column_compression(p) IS NOT NULL) > 0 AS compressed,
    count(*) FILTER (WHERE form ~ 'external' AND pg_column_size(p) > 2000) > 0 AS apart,
    count(*) FILTER (WHERE pg_column_size(p) < 127) > 0 AS short
FROM pp_stored;

-- a working value reads like the profile it stands for
SELECT count(*) AS
values
    ,
    count(*) FILTER (WHERE s.p <> f.p
        OR s.p::text <> f.p::text
        OR s.p::jsonb <> f.p::jsonb
        OR payment_profile_send(s.p) <> payment_profile_send(f.p)
        OR _payment_profile_hash(s.p) <> _payment_profile_hash(f.p)
        OR profile_summary(s.p, '2024-01-01') IS DISTINCT FROM profile_summary(f.p, '2024-01-01')
        OR sparkline(s.p) IS DISTINCT FROM sparkline(f.p)) AS differ
FROM pp_stored s,
    LATERAL (
        SELECT payment_profile(invoice_date, due_date, paid_date, amount, disputed) AS p
        FROM (
            SELECT *
            FROM pp_item i
            WHERE i.customer = s.customer
            ORDER BY n
            LIMIT regexp_replace(form, '.* ', '')::int
        ) i
    ) f;

-- final, transition, combine, + and rollup of values in every form
SELECT count(*) FILTER (WHERE payment_profile_send(_payment_profile_final(p))
        <> payment_profile_send(p)) AS final,
    count(*) FILTER (WHERE
        _payment_profile_final(_payment_profile_transition(
            p, '2023-01-01', '2023-02-01', '2023-02-03', 7.25))
        <> p + _payment_profile_transition(
            NULL, '2023-01-01', '2023-02-01', '2023-02-03', 7.25)) AS transition_4,
    count(*) FILTER (WHERE
        _payment_profile_transition(p, NULL, '2023-02-01', NULL, NULL, true)
        <> p + _payment_profile_transition(
            NULL, NULL, '2023-02-01', NULL, NULL, true, NULL)) AS transition_5,
    count(*) FILTER (WHERE
        _payment_profile_transition(p, date '2023-02-01', date '2123-02-03')
        <> p + _payment_profile_transition(
            NULL, NULL, '2023-02-01', '2123-02-03', NULL, NULL, '2124-01-01')) AS transition_2,
    count(*) FILTER (WHERE _payment_profile_transition(p, '2023-01-01', NULL, '2023-02-03', 7.25)
        <> p) AS ignored,
    count(*) FILTER (WHERE _payment_profile_transition(
        p, '2023-01-02', '2023-02-01', '2023-02-03', 7.25, false, '2023-01-01') <> p) AS later
FROM pp_stored;
SELECT count(*) AS pairs,
    count(*) FILTER (WHERE payment_profile_send(_payment_profile_combine(a.p, b.p))
        <> payment_profile_send(a.p + b.p)) AS combine,
    count(*) FILTER (WHERE _payment_profile_combine(a.p, b.p) <> _payment_profile_combine(b.p, a.p))
        AS commutes,
    count(*) FILTER (WHERE item_count(a.p + b.p) <> item_count(a.p) + item_count(b.p)) AS counts,
    count(*) FILTER (WHERE payment_profile_send(a.p + b.p) <> payment_profile_send((
        SELECT rollup(p) FROM unnest(ARRAY[b.p, NULL, a.p]) p
    ))) AS rollup
FROM pp_stored a, pp_stored b
WHERE a.form !~ 'main' AND b.form ~ '^(working|extended)';
SELECT payment_profile_send(rollup(p ORDER BY form, customer))
        = payment_profile_send(rollup(p ORDER BY customer DESC, form DESC)) AS same,
    item_count(rollup(p)) = sum(item_count(p)) AS counts
FROM pp_stored;

-- none of this has changed a stored value
CREATE TABLE pp_before AS
SELECT form, customer, md5(payment_profile_send(p)) AS bytes, pg_column_size(p) AS size
FROM pp_stored;
SELECT count(_payment_profile_combine(p, p))
    + count(_payment_profile_transition(p, date '2020-01-01', NULL)) AS calls
FROM pp_stored;
SELECT count(*) AS changed FROM pp_stored s JOIN pp_before b USING (form, customer)
WHERE md5(payment_profile_send(p)) <> bytes OR pg_column_size(p) <> size;
DO $$
DECLARE
    a payment_profile := pp_collect(30, 10);
    b payment_profile := a;
BEGIN
    ASSERT item_count(_payment_profile_transition(a, date '2020-01-01', NULL)) = item_count(a) + 1;
    ASSERT item_count(_payment_profile_combine(a, a)) = 2 * item_count(a);
    ASSERT a = b;
END $$;

-- nothing and something
SELECT _payment_profile_combine(NULL, NULL) IS NULL AS neither,
    _payment_profile_combine(p, NULL) = p AS first,
    _payment_profile_combine(NULL, p) = p AS second,
    p + NULL IS NULL AS plus,
    NULL + p IS NULL AS plus_too,
    _payment_profile_final(NULL) IS NULL AS final,
    _payment_profile_transition(NULL, NULL::date, NULL::date) IS NULL AS transition
FROM pp_stored
WHERE customer = 30 AND form = 'main 50';
SELECT rollup(NULL::payment_profile) IS NULL AS of_null,
    rollup(p) FILTER (WHERE false) IS NULL AS of_none
FROM pp_stored;
SELECT rollup(x.p) = s.p AS nulls_ignored FROM pp_stored s, unnest(ARRAY[NULL, s.p, NULL]) x(p)
WHERE customer = 30 AND form = 'main 50' GROUP BY s.p;

DROP VIEW pp_sets_same, pp_sets, pp_distinct;
DROP TABLE pp_item, pp_reference, pp_whole, pp_parallel, pp_workers, pp_rolled, pp_part, pp_twice,
    pp_stored, pp_case, pp_before;
DROP FUNCTION pp_compare, pp_collect;
DROP AGGREGATE pp_state(date, date, date, numeric, boolean);
