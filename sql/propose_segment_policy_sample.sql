-- Samples of customers: what is collected, the same in any order and in parts, text and binary, limits.
SET client_min_messages = warning;
CREATE SCHEMA IF NOT EXISTS receivables;
CREATE EXTENSION IF NOT EXISTS receivables SCHEMA receivables;
RESET client_min_messages;
SET search_path = receivables, public;
\getenv folder PG_ABS_SRCDIR
\set file :folder '/test/sql/helpers.sql'
\i :file

CREATE TABLE ps_customer AS
SELECT c,
    payment_profile(
        due - 30,
        due,
        CASE WHEN i % 5 < 4 THEN due + c % 40 - 9 + i % 3 END,
        100 + c + i,
        i % 11 = 10,
        '2025-06-30'
    ) AS profile,
    (c % 37)::float8 / 2 AS outcome,
    jsonb_build_object(
        'sector',
        (ARRAY['public', 'trade', 'retail'])[1 + c % 3],
        'insured',
        c % 2 = 0,
        'limit',
        c * 10,
        'address',
        jsonb_build_object('country', CASE WHEN c % 4 = 0 THEN 'BE' ELSE 'NL' END),
        'tags',
        '["a"]'::jsonb,
        'none',
        NULL
    ) AS attributes
FROM generate_series(1, 300) c,
    generate_series(1, 1 + c % 13) i,
    LATERAL (SELECT date '2025-01-01' + (c * 7 + i * 29) % 170 AS due) d
GROUP BY c;

-- the figures are those of profile_summary, dates as days before as_of
CREATE TABLE ps_single AS
SELECT c, policy_sample(profile, outcome, '2025-06-30', attributes)::jsonb AS sample
FROM ps_customer
GROUP BY c;
CREATE VIEW ps_expected AS
SELECT c, key, CASE WHEN value ~ '^\d+-\d\d-\d\d$' THEN date '2025-06-30' - value::date ELSE value::float8 END AS value
FROM ps_customer, LATERAL profile_summary(profile, '2025-06-30') s, LATERAL jsonb_each_text(to_jsonb(s));
SELECT count(*) AS figures,
    count(*) FILTER (WHERE figure IS DISTINCT FROM value) AS differ,
    count(*) FILTER (WHERE value IS NULL) > 500 AS nulls
FROM (
    SELECT c, name, f #>> '{}' AS text, (f #>> '{}')::float8 AS figure
    FROM ps_single, LATERAL ROWS
    FROM (
        jsonb_array_elements_text(sample -> 'figures'),
        jsonb_array_elements(sample -> 'customers' -> 0 -> 'figures')
    ) AS x(name, f)
) s
FULL JOIN ps_expected e ON (e.c, e.key) = (s.c, s.name);
SELECT jsonb_array_length(sample -> 'figures') = (
        SELECT count(*) FROM pg_attribute WHERE attrelid = 'profile_metrics'::regclass AND attnum > 0
    ) AS all_figures,
    sample -> 'customers' -> 0 -> 'outcome' AS outcome,
    jsonb_pretty(sample -> 'customers' -> 0 -> 'attributes') AS attributes
FROM ps_single
WHERE c = 4;

-- without a profile: no items; without as_of; without attributes; NULL outcomes are left out
SELECT name, f
FROM (SELECT policy_sample(NULL, 5, '2025-06-30', NULL)::jsonb AS s) x, LATERAL ROWS
FROM (
    jsonb_array_elements_text(s -> 'figures'), jsonb_array_elements_text(s -> 'customers' -> 0 -> 'figures')
) AS y(name, f)
WHERE f IS NOT NULL;
SELECT string_agg(y.name, ' ') AS need_as_of
FROM (
        SELECT policy_sample(profile, 5, NULL, NULL)::jsonb AS s,
            policy_sample(profile, 5, '2025-06-30', NULL)::jsonb AS t
        FROM ps_customer
        WHERE c = 12
    ) x,
    LATERAL ROWS
FROM (
    jsonb_array_elements_text(s -> 'figures'),
    jsonb_array_elements_text(s -> 'customers' -> 0 -> 'figures'),
    jsonb_array_elements_text(t -> 'customers' -> 0 -> 'figures')
) AS y(name, f, g)
WHERE f IS NULL AND g IS NOT NULL;
SELECT customer_count(
    policy_sample(profile, CASE WHEN c % 3 = 0 THEN outcome END, '2025-06-30', 'null')
) AS customers
FROM ps_customer;
SELECT policy_sample(profile, NULL, '2025-06-30', NULL) IS NULL AS of_nulls,
    (SELECT policy_sample(profile, 1, '2025-06-30', NULL) FROM ps_customer WHERE false) IS NULL AS of_none,
    customer_count(NULL::policy_sample) IS NULL AS count
FROM ps_customer;

-- in any order, in parts, in parallel the same to the byte
CREATE TABLE ps_sample AS SELECT policy_sample(profile, outcome, '2025-06-30', attributes) AS sample FROM ps_customer;
CREATE TABLE ps_part AS
SELECT c % 7 AS part, policy_sample(profile, outcome, '2025-06-30', attributes ORDER BY c DESC) AS sample
FROM ps_customer
GROUP BY part;
SELECT policy_sample(
    profile, outcome, '2025-06-30', attributes ORDER BY hashint4(c)
) = (SELECT sample FROM ps_sample) AS other_order
FROM ps_customer;
SELECT rollup(sample) = (SELECT sample FROM ps_sample) AS merged,
    rollup(sample ORDER BY part DESC)::text = (SELECT sample::text FROM ps_sample) AS other_order,
    customer_count(rollup(sample)) AS customers
FROM ps_part;
SELECT rollup(sample) IS NULL AS of_none FROM ps_part WHERE false;
SELECT count(DISTINCT sample) AS samples,
    count(*) FILTER (
        WHERE sample < (SELECT max(sample::text)::policy_sample FROM ps_part)
    ) BETWEEN 0 AND 7 AS ordered
FROM ps_part;
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
SET parallel_leader_participation = off;
ANALYZE ps_customer;
SELECT pg_temp.plan_has(
    $q$SELECT policy_sample(profile, outcome, '2025-06-30', attributes) FROM ps_customer$q$,
    'Partial Aggregate') AS partial;
SELECT policy_sample(profile, outcome, '2025-06-30', attributes) = (SELECT sample FROM ps_sample) AS parallel
FROM ps_customer;
RESET ALL;
SET search_path = receivables, public;

-- bytes a customer, as the comment on the type says
SELECT pg_column_size(policy_sample(NULL, 1, NULL, '{"sector": "public"}') FILTER (WHERE i <= 3))
    - pg_column_size(policy_sample(NULL, 1, NULL, '{"sector": "public"}') FILTER (WHERE i <= 2)) - (
    12 + 8 * (SELECT count(*) FROM pg_attribute WHERE attrelid = 'profile_metrics'::regclass AND attnum > 0)
) - (7 + 6 + 6) AS difference
FROM generate_series(1, 3) i;

-- text and binary forms give the same value back
SELECT sample::text::policy_sample = sample AS text,
    sample::json::text::policy_sample = sample AS json,
    sample::jsonb::text::policy_sample = sample AS jsonb
FROM ps_sample;
CREATE TABLE ps_received (part int, sample policy_sample);
\copy ps_part TO 'policy_sample.bin' (FORMAT binary)
\copy ps_received FROM 'policy_sample.bin' (FORMAT binary)
SELECT count(*) AS samples, count(*) FILTER (WHERE a.sample <> b.sample) AS differ
FROM ps_part a
JOIN ps_received b USING (part);
\copy (SELECT 1, '\x02'::bytea) TO 'policy_sample.bin' (FORMAT binary)
\copy ps_received FROM 'policy_sample.bin' (FORMAT binary)
SELECT '{"customers": [{"attributes": [{"value": "x", "path": ["a", "b c"]}], "figures": [null, 1.5], "outcome": -0}],
    "figures": ["mean_days_late", "another"]}'::policy_sample;

-- what is refused
SELECT pg_temp.refusal(format('SELECT %L::policy_sample', t), 'hint')
FROM (
    VALUES ('{'),
        ('{}'),
        ('[]'),
        ('{"figures": [], "customers": 1}'),
        ('{"figures": [], "customers": [{}]}'),
        ('{"figures": ["a"], "customers": [{"outcome": 1, "figures": [], "attributes": []}]}'),
        ('{"figures": [], "customers": [{"outcome": 1e16, "figures": [], "attributes": []}]}'),
        ('{"figures": [], "customers": [{"outcome": null, "figures": [], "attributes": []}]}'),
        (
            '{"figures": [], "customers": [{"outcome": 1, "figures": [], "attributes": [{"path": [], "value": 1}]}]}'
        ),
        (
            '{"figures": [], "customers": [{"outcome": 1, "figures": [], "attributes": [{"path": [""], "value": 1}]}]}'
        ),
        (
            '{"figures": [], "customers":
                [{"outcome": 1, "figures": [], "attributes": [{"path": ["a"], "value": null}]}]}'
        ),
        ('{"figures": [], "customers": [{"outcome": 1, "figures": [], "attributes": [], "more": 1}]}')
) x(t);
SELECT pg_temp.refusal(format('SELECT policy_sample(NULL, %L, NULL, NULL)', v), 'hint')
FROM (VALUES ('NaN'), ('Infinity'), ('1e16')) x(v);
SELECT pg_temp.refusal('SELECT policy_sample(NULL, 1, NULL, ''[1]'')'),
    pg_temp.refusal('SELECT policy_sample(NULL, 1, NULL, ''1'')'),
    pg_temp.refusal('SELECT policy_sample(NULL, 1, ''infinity'', NULL)');
SELECT pg_temp.refusal(
    'SELECT policy_sample(NULL, 1, NULL, (SELECT jsonb_object_agg(i, i) FROM generate_series(1, 201) i))'
);
SELECT pg_temp.refusal($q$
    SELECT rollup(s)
    FROM (VALUES
        ('{"figures": ["a"], "customers": []}'::policy_sample),
        ('{"figures": [], "customers": []}')) x(s)$q$, 'detail');
-- what has no name in a rule, or no value, is no attribute
SELECT s::jsonb -> 'customers' -> 0 -> 'attributes' AS attributes
FROM (
    SELECT policy_sample(
        NULL,
        1,
        NULL,
        jsonb_build_object(
            '',
            1,
            repeat('x', 64),
            1,
            repeat('y', 63),
            1,
            'long',
            repeat('z', 256),
            'digits',
            1e40,
            'deep',
            '{"a": {"b": {"c": true}}}'::jsonb
        )
    ) AS s
) x;

-- states from outside are checked
SELECT pg_temp.refusal(format('SELECT %s', f), 'hint')
FROM (VALUES
    ($$_policy_sample_final('')$$),
    ($$_policy_sample_final('\x0200000000000000000000001400000000000000')$$),
    ($$_policy_sample_final('\x0100000001000000000000001400000000000000')$$),
    ($$_policy_sample_final('\x010000000100000000000000200000000000000010000000000000000000f87f')$$),
    ($$_policy_sample_final('\x0100000000000000010000001400000000000000')$$),
    ($$_policy_sample_final('\x010000000000000000000000ff00000000000000')$$),
    ($$_policy_sample_combine(NULL, '\x00')$$), ($$_policy_sample_transition('\x00', NULL, 1, NULL, NULL)$$),
    ($$_policy_sample_transition('\x0100000000000000000000001400000000000000', NULL, 1, NULL, NULL)$$)) x(f);
SELECT _policy_sample_final(s) = _policy_sample_final(_policy_sample_combine(NULL, s)) AS combined,
    _policy_sample_combine(s, NULL) = s AS null_state,
    _policy_sample_transition(s, NULL, NULL, NULL, NULL) = s AS null_outcome
FROM (
    SELECT _policy_sample_transition(
        _policy_sample_transition(NULL, NULL, 1, NULL, '{"a": 1}'), NULL, 2, NULL, NULL
    ) AS s
) x;
DROP VIEW ps_expected;
DROP TABLE ps_customer, ps_single, ps_sample, ps_part, ps_received;
