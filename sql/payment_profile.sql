-- Payment profiles: what counts, what is refused, and the list of metrics.
SET client_min_messages = warning;
CREATE SCHEMA IF NOT EXISTS receivables;
CREATE EXTENSION IF NOT EXISTS receivables SCHEMA receivables;
SET search_path = receivables, public;
SET DateStyle = 'ISO, YMD';
\getenv folder PG_ABS_SRCDIR
\set file :folder '/test/sql/helpers.sql'
\i :file

SET extra_float_digits = -3;  -- the last digits are the machine's

-- A customer: 25 and 3 days late, 2 early, on the day, open since March, one disputed, a credit note.
CREATE TEMP TABLE invoice (invoice_date date, due_date date, paid_date date, amount numeric, disputed boolean);
INSERT INTO invoice VALUES
    ('2026-01-01', '2026-01-31', '2026-02-25', 100.00, false),
    ('2026-01-15', '2026-02-14', '2026-02-17', 250.50, NULL),
    ('2026-02-01', '2026-03-03', '2026-03-01', 80, false),
    ('2026-02-10', '2026-03-12', '2026-03-12', 1000.125, false),
    ('2026-03-01', '2026-03-31', NULL, 40.00, false),
    ('2026-03-05', '2026-04-04', '2026-08-01', 999.99, true),
    ('2026-03-09', '2026-04-08', NULL, 11, true),
    ('2026-03-10', '2026-03-10', '2026-03-12', -20.00, false),
    (NULL, '2026-03-15', '2026-03-20', NULL, false),
    ('2026-03-10', NULL, '2026-03-12', 77777, false);
CREATE TEMP TABLE customer AS
SELECT payment_profile(invoice_date, due_date, paid_date, amount, disputed) AS p FROM invoice;
\x on
SELECT s.* FROM customer, profile_summary(p, '2026-04-10') s;
SELECT percentile_days_late(p, 0.9),
    percentile_days_late(p, '{{0,1},{NULL,0.5}}'::float8[]),
    late_share(p, 3),
    late_amount_share(p, 3),
    recent_median_days_late(p, 2),
    overdue_amount(p, '2026-04-10', 10),
    overdue_count(p, '2026-04-10', 9),
    sparkline(p) ~ '^-2 .{2,24} 25$' AS sparkline,
    payment_day_text(p, 0.1, 1)
FROM customer;
\x off
SELECT h.* FROM customer, delay_histogram(p) h;
SELECT jsonb_pretty(p::jsonb - 'stddev_days_late' - 'skewness_days_late' - 'kurtosis_days_late' -
    'weighted_days_late' - 'late_amount_share' - 'prompt_payment_score' - 'trend_days_late_per_year'
    - 'invoice_interval_days')
FROM customer;
SELECT p::json::jsonb = p::jsonb AS same FROM customer;
-- which is immutable: the digits do not follow the session
SELECT p::jsonb::text AS shown FROM customer \gset
SET extra_float_digits = -10;
SELECT p::jsonb::text = :'shown' AS same,
    (p::jsonb ->> 'trend_days_late_per_year')::float8 = trend_days_late_per_year(p) AS exact
FROM customer;
SET extra_float_digits = -3;

-- NULL for an argument with a default is the default; without a profile the answer is NULL
SELECT late_share(p, NULL) = late_share(p) AS late_share,
    late_amount_share(p, NULL) = late_amount_share(p) AS late_amount_share,
    recent_median_days_late(p, NULL) = recent_median_days_late(p) AS recent_median,
    payment_day_text(p, NULL, 1) IS NULL AS payment_day_text,
    payment_day(p, 0, NULL) IS NULL AS payment_day,
    overdue_amount(p, '2026-04-10', NULL) = overdue_amount(p, '2026-04-10') AS overdue_amount,
    overdue_count(p, '2026-04-10', NULL) = overdue_count(p, '2026-04-10') AS overdue_count,
    structural_days_late(p, 1, 100) IS NOT DISTINCT FROM structural_days_late(
        p, min_items => 1, max_spread_days => 100) AS structural
FROM customer;
SELECT late_share(NULL, 1),
    payment_day(NULL, 0.5, 1),
    overdue_count(NULL, '2026-04-10', 0),
    overdue_count(p, NULL, 0),
    overdue_amount(p, NULL),
    amount_last_year(p, NULL),
    item_count(NULL),
    percentile_days_late(p, NULL::float8),
    percentile_days_late(p, NULL::float8[]),
    percentile_days_late(p, '{}'::float8[]),
    profile_summary(NULL, '2026-04-10') IS NULL AS summary,
    sparkline(NULL),
    payment_day_text(NULL)
FROM customer;
SELECT s.overdue_amount, s.overdue_count, s.oldest_overdue_days, s.amount_last_year, s.item_count
FROM customer, profile_summary(p, NULL) s;

-- a profile of one item
CREATE FUNCTION pg_temp.one(due date, paid date, amount numeric, disputed boolean)
    RETURNS payment_profile LANGUAGE sql AS $$
    SELECT payment_profile(NULL, due, paid, amount, disputed) FROM (VALUES (1)) v(one)
$$;
-- edges: nothing, nothing with a due date, one item of each kind
SELECT payment_profile(invoice_date, due_date, paid_date, amount, disputed)
        FILTER (WHERE due_date IS NULL) IS NULL AS ignored,
    payment_profile(due_date, paid_date) FILTER (WHERE false) IS NULL AS none
FROM invoice;
SELECT name,
    item_count(p),
    timed_count(p),
    open_count(p),
    credit_count(p),
    disputed_count(p),
    total_amount(p),
    mean_days_late(p),
    stddev_days_late(p),
    skewness_days_late(p),
    late_share(p),
    dispute_share(p),
    first_due_date(p),
    last_paid_date(p),
    left(sparkline(p), 2) AS sparkline
FROM (VALUES
    ('paid', date '2026-01-03', 1.0, false), ('open', NULL, 1.0, false),
    ('credit', '2026-01-03', -1.0, false), ('disputed credit', NULL, -1.0, true),
    ('disputed', '2026-01-03', 1.0, true), ('no amount', '2026-01-03', NULL, NULL))
    v(name, paid, amount, disputed),
    pg_temp.one('2026-01-01', paid, amount, disputed) p;

SELECT c AS command, pg_temp.refusal(c) FROM unnest(ARRAY[
    $$SELECT payment_profile('infinity'::date, '2026-01-01')$$,
    $$SELECT payment_profile(date '2026-01-01', '-infinity')$$,
    $$SELECT payment_profile('infinity', '2026-01-01', '2026-01-01', 1)$$,
    $$SELECT payment_profile('2026-01-01', '-infinity', NULL, 1)$$,
    $$SELECT payment_profile('2026-01-01', '2026-01-01', 'infinity', 1)$$,
    $$SELECT payment_profile('2026-01-01', '2026-01-01', '2026-01-01', 1, false, 'infinity')$$,
    $$SELECT payment_profile('2026-01-01', '2026-01-01', '2026-01-01', 'NaN')$$,
    $$SELECT payment_profile('2026-01-01', '2026-01-01', '2026-01-01', 'infinity')$$,
    $$SELECT payment_profile('2026-01-01', '2026-01-01', '2026-01-01', '-infinity')$$,
    $$SELECT payment_profile('2026-01-01', '2026-01-01', '2026-01-01', 1e39)$$,
    $$SELECT payment_profile('2026-01-01', '2026-01-01', '2026-01-01', 1e20::numeric(1000, 20))$$,
    $$SELECT payment_profile('infinity', NULL, 'infinity', 'NaN')$$]) c;
SELECT c AS call, pg_temp.refusal(format('SELECT %s FROM customer', c))
FROM unnest(ARRAY[
    'percentile_days_late(p, -0.001)', 'percentile_days_late(p, 1.5)',
    $$percentile_days_late(p, 'NaN'::float8)$$, $$percentile_days_late(p, '{0.5,2}'::float8[])$$,
    $$percentile_days_late(p, '{NaN}'::float8[])$$,
    $$percentile_days_late(p, '{-Infinity}'::float8[])$$, 'recent_median_days_late(p, 0)',
    'recent_median_days_late(p, 13)', 'recent_median_days_late(p, -5)',
    'late_share(p, -2147483648)', 'late_amount_share(p, -2147483648)', 'late_share(p, 2147483647)',
    'payment_day(p, -0.1)', 'payment_day(p, 1.1)', $$payment_day(p, 'NaN')$$,
    'payment_day(p, 0.5, 0)', 'payment_day(p, 0.5, -1)', 'payment_day_text(p, 2)',
    'payment_day_text(p, 0.5, 0)', 'payment_weekday(p, -0.1)', 'payment_weekday(p, 0.5, 0)',
    'structural_days_late(p, 0)', 'structural_days_late(p, 1, -1)',
    $$structural_days_late(p, 1, 'NaN')$$, $$structural_days_late(p, 1, 'Infinity')$$,
    $$overdue_amount(p, 'infinity')$$, $$overdue_count(p, '-infinity')$$,
    $$oldest_overdue_days(p, 'infinity')$$, $$amount_last_year(p, 'infinity')$$,
    $$profile_summary(p, 'infinity')$$, $$overdue_count(p, '2026-01-01', -2147483648)$$,
    $$overdue_count(p, '2026-01-01', -2147483647)$$]) c;

-- Amounts of up to 38 digits, in every scale, are taken digit for digit as numeric has them.
SELECT count(*) AS amounts, count(*) FILTER (WHERE total_amount(p)::text <> amount::text) AS differ
FROM (
    SELECT (CASE WHEN i % 2 = 1 THEN '-' ELSE '' END || left(digits, length(digits) - scale)
        || CASE WHEN scale > 0 THEN '.' || right(digits, scale) ELSE '' END)::numeric AS amount
    FROM (
        SELECT i,
            scale,
            left('7' || repeat((i * 7919 % 9973)::text, 10), greatest(places, scale + 1)) AS digits
        FROM generate_series(1, 38) places, generate_series(0, 37) scale, generate_series(1, 4) i
        UNION ALL
        SELECT i, scale, left(repeat((i % 10)::text || repeat('0', i), 40), 38)
        FROM generate_series(1, 20) i, generate_series(0, 37) scale
    ) d
) a,
    pg_temp.one('2026-01-01', NULL, amount, false) p;
SELECT pg_temp.refusal(format(
    'SELECT total_amount(payment_profile(NULL, %L, NULL, %s))', '2026-01-01', a)) AS amount
FROM unnest(ARRAY[
    '170141183460469231731687303715884105727',
    '170141183460469231731687303715884105728',
    '-170141183460469231731687303715884105727',
    '-170141183460469231731687303715884105728',
    '1234567890123456789012345678901234567.8',
    '0.12345678901234567890123456789012345678',
    '-0.00', '0', '0.000',
    '0.0000000000000000000000000000000000000000000000000000000000000000000000001',
    '10000000000000000000000000000000000000.0',
    '0::numeric(1000, 1000)::numeric(50,45)']) a;

-- Sums beyond 38 digits are refused whatever the order, grouping and form; credits do not help.
CREATE TEMP TABLE large (n int, amount numeric);
INSERT INTO large VALUES (1, 100000000000000000000000000000000000000), (2, 60000000000000000000000000000000000000),
    (3, -160000000000000000000000000000000000000), (4, 20000000000000000000000000000000000000), (5, 0.0);
SELECT pg_temp.refusal(format(
        $$
            SELECT total_amount(payment_profile(NULL, %L, NULL, amount ORDER BY (n * %s) %% 7))
            FROM large$$,
        '2026-01-01', i)) AS of_items,
    pg_temp.refusal(format(
        $$
            SELECT total_amount(rollup(p ORDER BY (n * %s) %% 7))
            FROM (
                SELECT n, payment_profile(NULL, %L, NULL, amount) AS p
                FROM large
                WHERE n < 5
                GROUP BY n
            ) x$$,
        i, '2026-01-01')) AS of_profiles
FROM generate_series(1, 6) i;
SELECT total_amount(payment_profile(NULL, '2026-01-01', NULL, amount)) FROM large WHERE n < 4;
-- Four sums that each fit at another profile's scale but not together; amounts of 40 digits in all.
CREATE FUNCTION pg_temp.tables(items int, paid boolean, disputed boolean, amount numeric)
    RETURNS payment_profile LANGUAGE sql AS $$
    SELECT payment_profile(
        NULL, date '2020-01-01' + i % 100, CASE WHEN paid THEN date '2020-02-01' + i % 100 END,
        CASE WHEN i < 2 THEN amount ELSE 0 END, disputed)
    FROM generate_series(1, items) i
$$;
SELECT pg_temp.refusal(format(
        $$
            SELECT total_amount(a + b)
            FROM (
                SELECT rollup(pg_temp.tables(100, n %% 2 = 0, n %% 4 < 2, %s)) AS a
                FROM generate_series(0, 3) n
            ) x,
                (SELECT payment_profile(NULL, %L, NULL, 0.1) AS b) y$$,
        sign || '8507059173023461586584365185794205287',
        '2026-01-01')) AS plus,
    pg_temp.refusal(format(
        $$
            SELECT total_amount(rollup(p))
            FROM (
                SELECT pg_temp.tables(5000, true, false, 0.00000001) AS p
                UNION ALL SELECT pg_temp.tables(2500, true, false, %s) FROM generate_series(1, 2)
            ) x$$,
        sign || '1250000000000000000000000000000')) AS windows,
    pg_temp.refusal(format(
        $$
            SELECT total_amount(rollup(p))
            FROM (
                SELECT pg_temp.tables(5000, true, false, 0.00000001) AS p
                UNION ALL SELECT pg_temp.tables(2500, true, false, %s)
            ) x$$,
        sign || '1250000000000000000000000000000')) AS fits
FROM unnest(ARRAY['', '-']) sign;

-- The registry: the columns of profile_metrics, the keys of jsonb and the functions, by name and
-- type. The unit test has the same list.
SELECT attname AS metric,
    format_type(atttypid, NULL) AS type,
    CASE WHEN j.key IS NULL THEN 'as_of' ELSE jsonb_typeof(j.value) END AS in_jsonb,
    string_agg(
        pg_get_function_arguments(f.oid) || ' -> ' || format_type(prorettype, NULL),
        ' | ' ORDER BY f.oid) AS function
FROM pg_attribute
CROSS JOIN customer
LEFT JOIN jsonb_each(p::jsonb) j ON j.key = attname
LEFT JOIN pg_proc f ON proname = attname AND pronamespace = 'receivables'::regnamespace
WHERE attrelid = 'profile_metrics'::regclass AND attnum > 0
GROUP BY attnum, attname, atttypid, j.key, j.value
ORDER BY attnum;
SELECT key AS only_in_jsonb FROM customer, jsonb_object_keys(p::jsonb) key
EXCEPT SELECT attname FROM pg_attribute WHERE attrelid = 'profile_metrics'::regclass;
-- every C function that takes a profile is immutable and parallel safe, and strict unless it has defaults
SELECT oid::regprocedure
FROM pg_proc
WHERE pronamespace = 'receivables'::regnamespace
    AND 'payment_profile'::regtype = ANY (proargtypes)
    AND (SELECT lanname = 'c' FROM pg_language l WHERE l.oid = prolang)
    AND (provolatile <> 'i'
        OR proparallel <> 's'
        OR prokind = 'f'
        AND NOT proisstrict
        AND pronargdefaults = 0
        AND proname !~ '^_.*_(transition|combine|final)$|^profile_summary$')
ORDER BY 1;

-- Items that need a wider place than those collected before them: all of these are kept.
SELECT n,
    late,
    item_count(p) = n + 2 AS counted,
    total_amount(p) = n + 2 AS added_up,
    p = rollup AS as_parts
FROM (VALUES (1), (7), (15), (16), (17), (40), (61), (62), (200)) AS sizes(n),
    generate_series(1, 3) AS late,
    LATERAL (
        SELECT payment_profile(
                invoiced, date '2024-01-01', date '2024-01-02', 1.00 ORDER BY i) AS p,
            rollup(_payment_profile_transition(
                NULL, invoiced, '2024-01-01', '2024-01-02', 1.00) ORDER BY i) AS rollup
        FROM (
            SELECT i,
                CASE
                    WHEN i <= n
                        THEN CASE
                            WHEN late = 2 AND i <= n / 2 THEN date '2023-12-01'
                            ELSE date '1900-01-01'
                        END
                    WHEN late < 3 THEN NULL
                    ELSE date '1800-01-01'
                END AS invoiced
            FROM generate_series(1, n + 2) AS i
        ) AS items
    ) AS profiles
WHERE NOT (item_count(p) = n + 2 AND total_amount(p) = n + 2 AND p = rollup);

-- Items as they really are: what is open of each, and by what it was settled.
CREATE TEMP TABLE item_as_it_is AS
SELECT *
FROM (VALUES
    (1, 'partly open', 100.00, NULL::date, 40.0, NULL, false),
    (2, 'open 0 without a day', 100.00, NULL, 0, NULL, false),
    (3, 'amount 0', 0.00, '2026-02-10', NULL, NULL, true),
    (4, 'paid', 100.00, '2026-02-10', 0, 'payment', false),
    (5, 'settled by a credit', 100.00, '2026-02-10', NULL, 'credit', false),
    (6, 'written off', 100.00, '2026-02-10', 0, 'write_off', false),
    (7, 'written off, no day', 100.00, NULL, 0, 'write_off', true),
    (8, 'credit note', -30.00, NULL, NULL, 'credit', false),
    (9, 'credit note, part of it used', -30.00, NULL, -10, 'credit', false),
    (10, 'on account', -30.00, NULL, -30, 'payment', false),
    (11, 'disputed, partly open', 100.00, NULL, 70, NULL, true),
    (12, 'paid after as_of', 100.00, '2026-04-01', 0, 'credit', false),
    (13, 'no amount, open 0', NULL, NULL, 0, NULL, false),
    (14, 'no amount, open', NULL, NULL, 5, NULL, false))
    AS v(n, what, amount, paid_date, open_amount, settled_by, disputed);
CREATE TEMP TABLE profile_as_it_is AS
SELECT n,
    what,
    payment_profile(
        '2026-01-01', '2026-01-31', paid_date, amount, disputed, '2026-03-01', open_amount,
        settled_by) AS p
FROM item_as_it_is
GROUP BY n, what;
SELECT what,
    item_count(p) AS items,
    paid_count(p) AS paid,
    open_count(p) AS open,
    credit_count(p) AS credits,
    timed_count(p) AS timed,
    total_amount(p) AS total,
    paid_amount(p) AS settled,
    open_amount(p) AS still_open,
    overdue_amount(p, '2026-03-01') AS overdue,
    amount_last_year(p, '2026-03-01') AS last_year,
    disputed_count(p) AS disputed
FROM profile_as_it_is
ORDER BY n;
SELECT item_count(p),
    total_amount(p),
    overdue_amount(p, '2026-03-01'),
    credit_open_amount(p),
    net_overdue_amount(p, '2026-03-01'),
    net_overdue_amount(p, '2026-03-01', 29) AS over_29_days,
    disputed_open_amount(p),
    days_late_so_far(p, '2026-03-01')
FROM (SELECT rollup(p) AS p FROM profile_as_it_is) AS all_items;
SELECT what, p::text, p::text::payment_profile = p AS comes_back FROM profile_as_it_is ORDER BY n;
-- 300 of each keep the same figures in tables
SELECT n, what
FROM (
    SELECT n, what, p, rollup(p) AS t
    FROM profile_as_it_is, generate_series(1, 300)
    GROUP BY n, what, p
) AS many
WHERE (
        item_count(t), paid_count(t), open_count(t), timed_count(t), total_amount(t),
        open_amount(t), overdue_amount(t, '2026-03-01')) IS DISTINCT FROM (
        300 * item_count(p), 300 * paid_count(p), 300 * open_count(p), 300 * timed_count(p),
        300 * total_amount(p), 300 * open_amount(p), 300 * overdue_amount(p, '2026-03-01'))
    OR t::text::payment_profile <> t;
CREATE FUNCTION pg_temp.refused(amount numeric, open_amount numeric, settled_by text)
    RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    PERFORM payment_profile('2026-01-01', '2026-01-31', NULL, amount, false, NULL, open_amount, settled_by);
    RETURN 'taken';
EXCEPTION WHEN OTHERS THEN
    RETURN sqlstate || ' ' || sqlerrm;
END $$;
SELECT v.*, pg_temp.refused(amount, open_amount, settled_by)
FROM (VALUES
    (4.00, 4.0000, 'payment'), (4, 4.01, NULL), (4, -1, NULL), (-4, 1, NULL), (-4, -4.5, 'credit'),
    (0, 1, NULL), (NULL, -1, NULL), (4, 'NaN', NULL), (4, 1, 'cash'), (4, 1, 'Payment'), (4, 1, ''),
    (4, 1, repeat('ü', 60)), (1e37, 0.01, NULL)) AS v(amount, open_amount, settled_by);
