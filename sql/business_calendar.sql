SET client_min_messages = warning;
CREATE SCHEMA IF NOT EXISTS receivables;
CREATE EXTENSION IF NOT EXISTS receivables SCHEMA receivables;
SET search_path = receivables, public;
SET DateStyle = 'ISO, YMD';
\getenv folder PG_ABS_SRCDIR
\set file :folder '/test/sql/helpers.sql'
\i :file

-- text form: both keys always written, ascending, without doubles
SELECT t::business_calendar FROM unnest(ARRAY[
    '{}',
    '{"weekend": []}',
    '{"weekend": [7, 5, 7]}',
    '{"holidays": []}',
    '{"holidays": ["2027-01-01", "2026-12-25", "2026-12-26", "2026-12-25"]}',
    ' { "holidays" : [ "2026-12-25" ] , "weekend" : [ 5 , 6 ] } ',
    '{"holidays": ["0001-01-01", "0000-12-31", "-4713-11-24", "5874897-12-31"]}']) t;

SELECT t AS text, pg_temp.refusal(format('SELECT %L::business_calendar', t)) FROM unnest(ARRAY[
    '', ' ', 'x', '{', '{}}', '{} {}', '[]', '1', 'null', '"2026-12-25"', '["2026-12-25"]',
    '{"weekend": 6}', '{"weekend": null}', '{"weekend": "6,7"}', '{"weekend": {"6": true}}',
    '{"weekend": ["6"]}', '{"weekend": [0]}', '{"weekend": [8]}', '{"weekend": [-1]}',
    '{"weekend": [6.5]}', '{"weekend": [1e0]}', '{"weekend": [99999999999999999999999]}',
    '{"weekend": [[6]]}', '{"weekend": [null]}', '{"weekend": [true]}',
    '{"weekend": [1, 2, 3, 4, 5, 6, 7]}',
    '{"weekend": [6], "weekend": [7]}', '{"holidays": [], "holidays": []}',
    '{"Weekend": [6]}', '{"holiday": []}', '{"": 1}',
    '{"holidays": null}', '{"holidays": "2026-12-25"}', '{"holidays": {"2026-12-25": "x"}}',
    '{"holidays": [null]}', '{"holidays": [20261225]}', '{"holidays": [["2026-12-25"]]}',
    '{"holidays": [""]}', '{"holidays": ["today"]}', '{"holidays": ["infinity"]}',
    '{"holidays": ["2026-12-25", "2026-02-29"]}', '{"holidays": ["2026-13-01"]}',
    '{"holidays": ["2026-00-01"]}', '{"holidays": ["2026-01-00"]}', '{"holidays": ["2026-1-1"]}',
    '{"holidays": ["25-12-2026"]}', '{"holidays": ["2026/12/25"]}', '{"holidays": ["20261225"]}',
    '{"holidays": [" 2026-12-25"]}', '{"holidays": ["2026-12-25 "]}',
    '{"holidays": ["2026-12-25T00:00:00"]}', '{"holidays": ["0044-03-15 BC"]}',
    '{"holidays": ["-4713-11-23"]}', '{"holidays": ["5874898-01-01"]}',
    '{"holidays": ["2026-12-25",]}']) t;

-- making one from dates
SELECT make_business_calendar(ARRAY['2026-12-26', '2026-12-25', NULL, '2026-12-25']::date[]);
SELECT make_business_calendar('{}'::date[]), make_business_calendar('{}'::date[], '{}');
SELECT make_business_calendar('{2026-12-25}'::date[], '{6,5,5}');
SELECT make_business_calendar('{2026-12-25}'::date[], NULL);
SELECT make_business_calendar(weekend => '{7}', holidays => '{{2026-12-25},{2027-01-01}}'::date[]);
SELECT make_business_calendar(NULL::date[]) IS NULL AS no_holidays_known;
SELECT c AS command, pg_temp.refusal(c)
FROM unnest(ARRAY[
    $$SELECT make_business_calendar('{infinity}'::date[])$$,
    $$SELECT make_business_calendar('{2026-12-25,-infinity}'::date[])$$,
    $$SELECT make_business_calendar('{}'::date[], '{1,2,3,4,5,6,7}')$$,
    $$SELECT make_business_calendar('{}'::date[], '{0,6}')$$,
    $$SELECT make_business_calendar('{}'::date[], '{8}')$$,
    $$SELECT make_business_calendar('{}'::date[], '{6,NULL}')$$,
    $$SELECT make_business_calendar('{}'::date[], '{{1,2},{3,4}}')$$]) c;

-- the calendars and days of the tests below: odd weekends, and a cluster of holidays across two months
CREATE TEMP TABLE holiday (day date);
INSERT INTO holiday
    SELECT ('2024-01-01'::date + i * 13 + i % 5) FROM generate_series(0, 80) i
    UNION SELECT d::date FROM generate_series(date '2025-04-25', '2025-05-04', '1 day') d;
CREATE TEMP TABLE calendar (name text, weekend int[], calendar business_calendar);
INSERT INTO calendar SELECT w::text, w, make_business_calendar((SELECT array_agg(day) FROM holiday), w)
    FROM (VALUES ('{6,7}'::int[]), ('{5,6}'), ('{}'), ('{7}'), ('{1,3,4,5,6,7}')) v(w);
CREATE TEMP TABLE day AS
    SELECT name, d::date AS day,
        extract(isodow FROM d) <> ALL (weekend) AND d::date NOT IN (SELECT day FROM holiday) AS works
    FROM calendar, generate_series(date '2024-06-01', '2026-03-31', '1 day') d;
CREATE INDEX ON day (name, day) WHERE works;
ANALYZE day;

SELECT name, count(*) AS days, count(*) FILTER (WHERE is_business_day(calendar, day) <> works) AS wrong
FROM calendar JOIN day USING (name) GROUP BY name ORDER BY name;

-- every convention against a search in the table of days
CREATE TEMP TABLE near AS
SELECT calendar, name, d.day, f AS following, p AS preceding,
    date_trunc('month', f) = date_trunc('month', d.day) AS f_inside,
    date_trunc('month', p) = date_trunc('month', d.day) AS p_inside
FROM calendar JOIN day d USING (name),
    LATERAL (SELECT min(x.day) FROM day x WHERE x.name = d.name AND x.works AND x.day >= d.day) a(f),
    LATERAL (SELECT max(x.day) FROM day x WHERE x.name = d.name AND x.works AND x.day <= d.day) b(p)
WHERE d.day BETWEEN '2024-09-01' AND '2025-12-31';
SELECT name, count(*) AS days,
    count(*) FILTER (WHERE roll_date(calendar, day) IS DISTINCT FROM following) AS by_default,
    count(*) FILTER (WHERE roll_date(calendar, day, 'following') IS DISTINCT FROM following) AS following,
    count(*) FILTER (WHERE roll_date(calendar, day, 'preceding') IS DISTINCT FROM preceding) AS preceding,
    count(*) FILTER (WHERE roll_date(calendar, day, 'modified_following') IS DISTINCT FROM
        CASE WHEN f_inside THEN following ELSE preceding END) AS mod_following,
    count(*) FILTER (WHERE roll_date(calendar, day, 'modified_preceding') IS DISTINCT FROM
        CASE WHEN p_inside THEN preceding ELSE following END) AS mod_preceding,
    count(*) FILTER (WHERE roll_date(calendar, day, 'nearest') IS DISTINCT FROM
        CASE WHEN following - day <= day - preceding THEN following ELSE preceding END) AS nearest,
    count(*) FILTER (WHERE roll_date(calendar, day, 'unadjusted') IS DISTINCT FROM day) AS unadjusted
FROM near GROUP BY name ORDER BY name;

-- adding against the n-th row of the table
SELECT name, count(*) AS sums,
    count(*) FILTER (WHERE add_business_days(calendar, d.day, n) IS DISTINCT FROM
        (SELECT x.day FROM day x WHERE x.name = d.name AND x.works AND x.day > d.day
         ORDER BY x.day OFFSET n - 1 LIMIT 1)) AS wrong_after,
    count(*) FILTER (WHERE add_business_days(calendar, d.day, -n) IS DISTINCT FROM
        (SELECT x.day FROM day x WHERE x.name = d.name AND x.works AND x.day < d.day
         ORDER BY x.day DESC OFFSET n - 1 LIMIT 1)) AS wrong_before,
    count(*) FILTER (WHERE add_business_days(calendar, d.day, 0) <> roll_date(calendar, d.day)) AS wrong_at_zero
FROM calendar JOIN day d USING (name), (VALUES (1), (2), (5), (9)) v(n)
WHERE d.day BETWEEN '2024-09-01' AND '2025-12-31' GROUP BY name ORDER BY name;

-- counting against count(*)
SELECT name, count(*) AS ranges,
    count(*) FILTER (WHERE business_days_between(calendar, d.day, d.day + n) <> c) AS wrong,
    count(*) FILTER (WHERE business_days_between(calendar, d.day + n, d.day) <> -c) AS wrong_reversed
FROM calendar JOIN day d USING (name), (VALUES (0), (1), (2), (7), (30), (61)) v(n),
    LATERAL (SELECT count(*) FROM day x
             WHERE x.name = d.name AND x.works AND x.day >= d.day AND x.day < d.day + n) t(c)
WHERE d.day BETWEEN '2024-09-01' AND '2025-12-31' GROUP BY name ORDER BY name;

-- four holidays and a weekend in a row
SELECT day, to_char(day, 'Dy') AS weekday, is_business_day(c, day) AS works,
    roll_date(c, day) AS following, roll_date(c, day, 'preceding') AS preceding,
    roll_date(c, day, 'nearest') AS nearest, add_business_days(c, day, 1) AS plus1,
    add_business_days(c, day, -1) AS minus1
FROM (SELECT make_business_calendar('{2026-12-24,2026-12-25,2026-12-28,2026-12-29}'::date[]) AS c) s,
    LATERAL (SELECT d::date AS day FROM generate_series(date '2026-12-22', '2026-12-31', '1 day') d) t;

-- around Christmas, the turn of the year and Easter
SELECT day, roll_date('{"holidays": ["2024-12-25", "2024-12-26", "2025-01-01", "2025-04-18", "2025-04-21"]}', day)
FROM unnest('{2024-12-21,2024-12-25,2024-12-28,2025-01-01,2025-04-18}'::date[]) day;

-- the limits of type date
SELECT roll_date('{}', '5874897-12-31', 'following'),
    add_business_days('{"weekend": []}', '4714-11-24 BC', 2147483493),
    business_days_between('{"weekend": []}', '4714-11-24 BC', '5874897-12-31'),
    business_days_between('{"weekend": []}', '5874897-12-31', '4714-11-24 BC');
SELECT roll_date('{"holidays": ["5874897-12-31"]}', '5874897-12-31', c)
FROM unnest(ARRAY['preceding', 'modified_following', 'modified_preceding', 'unadjusted']) c;
SELECT c AS command, pg_temp.refusal(c) FROM unnest(ARRAY[
    $$SELECT roll_date('{"holidays": ["5874897-12-31"]}', '5874897-12-31')$$,
    $$SELECT roll_date('{"holidays": ["5874897-12-31"]}', '5874897-12-31', 'nearest')$$,
    $$SELECT roll_date('{"holidays": ["-4713-11-24"]}', '4714-11-24 BC', 'preceding')$$,
    $$SELECT roll_date('{"holidays": ["-4713-11-24"]}', '4714-11-24 BC', 'modified_preceding')$$,
    $$SELECT add_business_days('{}', '5874897-12-31', 1)$$,
    $$SELECT add_business_days('{}', '2026-01-01', 2147483647)$$,
    $$SELECT add_business_days('{}', '2026-01-01', -2147483648)$$,
    $$SELECT is_business_day('{}', 'infinity')$$,
    $$SELECT roll_date('{}', '-infinity')$$,
    $$SELECT roll_date('{}', 'infinity', 'unadjusted')$$,
    $$SELECT add_business_days('{}', 'infinity', -1)$$,
    $$SELECT business_days_between('{}', '-infinity', '2026-01-01')$$,
    $$SELECT business_days_between('{}', '2026-01-01', 'infinity')$$,
    $$SELECT roll_date('{}', '2026-01-01', 'Following')$$,
    $$SELECT roll_date('{}', '2026-01-01', '')$$]) c;

-- NULL
SELECT is_business_day(NULL, '2026-01-01') IS NULL AS a, is_business_day('{}', NULL) IS NULL AS b,
    roll_date(NULL, '2026-01-01') IS NULL AS c, roll_date('{}', NULL) IS NULL AS d,
    roll_date('{}', '2026-01-03', NULL) AS e, add_business_days('{}', '2026-01-01', NULL) IS NULL AS f,
    business_days_between('{}', '2026-01-01', NULL) IS NULL AS g, NULL::business_calendar IS NULL AS h;

-- the aggregates
SELECT make_business_calendar(day) = make_business_calendar(array_agg(day)) AS same FROM holiday;
SELECT make_business_calendar(day ORDER BY day DESC) = make_business_calendar(day) AS any_order FROM holiday;
SELECT make_business_calendar(day) FROM (VALUES ('2026-12-25'::date), (NULL), ('2026-12-25')) v(day);
SELECT make_business_calendar(day) IS NULL AS only_nulls FROM (VALUES (NULL::date)) v(day);
SELECT make_business_calendar(day) IS NULL AS no_rows FROM holiday WHERE false;
SELECT coalesce(make_business_calendar(day), '{}') AS no_rows FROM holiday WHERE false;
SELECT make_business_calendar(day, '{5,6}') FROM (VALUES ('2026-12-25'::date), (NULL)) v(day);
SELECT make_business_calendar(day, NULL) = make_business_calendar(day) AS default_weekend FROM holiday;
SELECT make_business_calendar(day, w) FROM (VALUES ('2026-12-25'::date, '{5,6}'::int[]), (NULL, '{7}')) v(day, w);
SELECT c AS command, pg_temp.refusal(c)
FROM unnest(ARRAY[
    'SELECT make_business_calendar(day, w)' ||
        $$ FROM (VALUES ('2026-12-25'::date, '{5,6}'::int[]), ('2026-12-26', '{7}')) v(day, w)$$,
    $$SELECT make_business_calendar(day, '{1,2,3,4,5,6,7}') FROM (VALUES ('2026-12-25'::date)) v(day)$$,
    $$SELECT make_business_calendar(day) FROM (VALUES ('infinity'::date)) v(day)$$,
    $$SELECT _business_calendar_final('\x')$$,
    $$SELECT _business_calendar_final('\x020000006000000000000000')$$,
    $$SELECT _business_calendar_final('\x010000007f00000000000000')$$,
    $$SELECT _business_calendar_final('\x010000006000000001000000')$$,
    $$SELECT _business_calendar_final('\x01000000600000000100000000')$$,
    $$SELECT _business_calendar_final('\x01000000600000000100000000000080')$$,
    $$SELECT _business_calendar_final('\x01000000600000000100000000000000')$$,
    $$SELECT _business_calendar_step('\x01', '2026-12-25')$$,
    $$SELECT _business_calendar_combine('\x01', '\x010000006000000000000000')$$,
    $$SELECT _business_calendar_combine('\x010000006000000000000000', '\x01')$$,
    $$SELECT _business_calendar_combine('\x010000006000000000000000', '\x010000002000000000000000')$$]) c;
-- many rows, few days; and many days
SELECT make_business_calendar(date '2026-01-01' + i % 7) FROM generate_series(1, 100000) i;
SELECT business_days_between(
    make_business_calendar(date '1900-01-01' + i * 7 % 146097, '{}'), '1900-01-01', '2300-01-01')
FROM generate_series(1, 150000) i
WHERE i % 3 = 0;
-- as a window function, and in groups
SELECT i,
    make_business_calendar(date '2026-01-01' + i) OVER (ORDER BY i ROWS 1 PRECEDING)::jsonb ->
        'holidays' AS holidays
FROM generate_series(1, 4) i;
SELECT i % 2 AS odd, make_business_calendar(date '2026-01-01' + i) FROM generate_series(1, 6) i GROUP BY 1 ORDER BY 1;
-- the state functions leave stored values as they are
CREATE TEMP TABLE state AS
SELECT _business_calendar_step(NULL, '2026-12-25') AS a,
    _business_calendar_step(NULL, '2026-12-28') AS b;
SELECT _business_calendar_final(_business_calendar_step(a, '2027-01-01')), _business_calendar_final(a) FROM state;
SELECT _business_calendar_final(_business_calendar_combine(a, b)),
    _business_calendar_final(a),
    _business_calendar_final(b)
FROM state;
SELECT _business_calendar_final(_business_calendar_combine(NULL, b)),
    _business_calendar_final(_business_calendar_combine(a, NULL)),
    _business_calendar_combine(NULL, NULL) IS NULL AS nothing,
    _business_calendar_final(NULL) IS NULL AS no_state
FROM state;

-- in parallel
CREATE TABLE many_days AS SELECT date '2000-01-01' + i % 3000 AS day FROM generate_series(1, 30000) i;
ALTER TABLE many_days SET (parallel_workers = 2);
ANALYZE many_days;
CREATE TEMP TABLE serial AS SELECT make_business_calendar(day) AS c FROM many_days;
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
SELECT pg_temp.plan_has('SELECT make_business_calendar(day) FROM many_days', 'Partial Aggregate') AS in_parallel;
SELECT (SELECT make_business_calendar(day) FROM many_days) = c AS same FROM serial;
SELECT pg_temp.plan_has(
    $$SELECT count(*) FROM many_days WHERE is_business_day('{}', day)$$,
    'Partial Aggregate') AS in_parallel;
RESET parallel_setup_cost;
RESET parallel_tuple_cost;
RESET min_parallel_table_scan_size;
DROP TABLE many_days;

-- comparison: equal exactly when the weekend and the holidays are
SELECT a = b AS eq, a <> b AS ne, a < b AS lt, a <= b AS le, a > b AS gt, a >= b AS ge
FROM (VALUES
    ('{"weekend": [7, 6], "holidays": ["2026-12-28", "2026-12-25"]}'::business_calendar,
     '{"holidays": ["2026-12-25", "2026-12-28", "2026-12-25"]}'::business_calendar)) v(a, b);
SELECT '{"holidays": ["2026-12-26"]}'::business_calendar <> '{}' AS holiday_on_saturday_matters,
    '{"weekend": [6]}'::business_calendar <> '{}' AS weekend_matters,
    '{"holidays": ["2026-12-25"]}'::business_calendar <> '{"holidays": ["2026-12-24"]}' AS holidays_matter;
CREATE TEMP TABLE stored (c business_calendar PRIMARY KEY);
INSERT INTO stored SELECT make_business_calendar(ARRAY[date '2026-01-01' + i]) FROM generate_series(0, 499) i;
INSERT INTO stored VALUES ('{"holidays": ["2026-01-01"], "weekend": [6, 7]}');
INSERT INTO stored VALUES ('{"holidays": ["2026-01-01"], "weekend": [6, 7]}') ON CONFLICT DO NOTHING;
SELECT count(*), count(DISTINCT c) AS different FROM stored;
SET enable_seqscan = off;
SELECT count(*) FROM stored WHERE c = '{"holidays": ["2026-02-01"]}';
SELECT count(*) FROM stored a JOIN stored b USING (c);
RESET enable_seqscan;
SET enable_hashjoin = off;
SELECT count(*) FROM stored a JOIN stored b USING (c);
RESET enable_hashjoin;
SELECT count(*) FROM (SELECT c FROM stored UNION SELECT c FROM stored) u;

-- json
SELECT c::json, c::jsonb, to_json(c), to_jsonb(c), jsonb_build_object('calendar', c)
FROM (SELECT make_business_calendar('{2026-12-25}'::date[]) AS c) s;
SELECT bool_and(calendar::jsonb::text::business_calendar = calendar) AS same FROM calendar;
SELECT h::date FROM (SELECT make_business_calendar('{2026-12-25,2026-12-26}'::date[]) AS c) s,
    jsonb_array_elements_text(c::jsonb -> 'holidays') h;

-- text and binary forms give the same value back, also of calendars that are stored out of their row
CREATE TEMP TABLE shape (name text, c business_calendar);
INSERT INTO shape SELECT name, calendar FROM calendar;
INSERT INTO shape VALUES ('none', '{}'), ('every day', '{"weekend": []}'),
    ('limits', '{"holidays": ["-4713-11-24", "5874897-12-31"]}');
INSERT INTO shape SELECT 'century', make_business_calendar(date '1950-01-01' + i * 33) FROM generate_series(0, 1199) i;
INSERT INTO shape
SELECT 'millennium', make_business_calendar(date '1500-01-01' + i * 33)
FROM generate_series(0, 11999) i;
SELECT count(*), bool_and(c::text::business_calendar = c) AS same FROM shape;
SELECT name, is_business_day(c, '1950-01-02') AS first, is_business_day(c, '1950-02-03') AS second,
    jsonb_array_length(c::jsonb -> 'holidays') AS holidays,
    business_days_between(c, '1900-01-01', '2100-01-01') AS days
FROM shape WHERE name IN ('century', 'millennium') ORDER BY name;
SELECT encode(business_calendar_send('{"holidays": ["2000-01-03", "2000-01-08"]}'), 'hex');
\getenv builddir PG_ABS_BUILDDIR
\cd :builddir/results
\copy shape TO 'business_calendar.bin' (FORMAT binary)
CREATE TEMP TABLE back (LIKE shape);
\copy back FROM 'business_calendar.bin' (FORMAT binary)
SELECT count(*), bool_and(s.c = b.c) AS same, bool_and(s.c::text = b.c::text) AS same_text
FROM shape s JOIN back b USING (name);

-- damaged binary forms are refused: a file of bytea is read as calendars
CREATE TEMP TABLE received (c business_calendar);
\copy (SELECT ''::bytea) TO 'business_calendar.bin' (FORMAT binary)
\copy received FROM 'business_calendar.bin' (FORMAT binary)
\copy (SELECT '\x02600200020000000100000000000500'::bytea) TO 'business_calendar.bin' (FORMAT binary)
\copy received FROM 'business_calendar.bin' (FORMAT binary)
\copy (SELECT '\x017f0200020000000100000000000500'::bytea) TO 'business_calendar.bin' (FORMAT binary)
\copy received FROM 'business_calendar.bin' (FORMAT binary)
\copy (SELECT '\x01600300020000000100000000000500'::bytea) TO 'business_calendar.bin' (FORMAT binary)
\copy received FROM 'business_calendar.bin' (FORMAT binary)
\copy (SELECT '\x01600201020000000100000000000500'::bytea) TO 'business_calendar.bin' (FORMAT binary)
\copy received FROM 'business_calendar.bin' (FORMAT binary)
\copy (SELECT '\x01600200020000000300000000000500'::bytea) TO 'business_calendar.bin' (FORMAT binary)
\copy received FROM 'business_calendar.bin' (FORMAT binary)
\copy (SELECT '\x016002000200000001000000000005'::bytea) TO 'business_calendar.bin' (FORMAT binary)
\copy received FROM 'business_calendar.bin' (FORMAT binary)
\copy (SELECT '\x01600200020000000200000000000500'::bytea) TO 'business_calendar.bin' (FORMAT binary)
\copy received FROM 'business_calendar.bin' (FORMAT binary)
\copy (SELECT '\x01600200020000000200000001000000'::bytea) TO 'business_calendar.bin' (FORMAT binary)
\copy received FROM 'business_calendar.bin' (FORMAT binary)
\copy (SELECT '\x01600200020000000200000000000000'::bytea) TO 'business_calendar.bin' (FORMAT binary)
\copy received FROM 'business_calendar.bin' (FORMAT binary)
\copy (SELECT '\x016002000200000000000000'::bytea) TO 'business_calendar.bin' (FORMAT binary)
\copy received FROM 'business_calendar.bin' (FORMAT binary)
\copy (SELECT '\x016002000200000001000000010006000100'::bytea) TO 'business_calendar.bin' (FORMAT binary)
\copy received FROM 'business_calendar.bin' (FORMAT binary)
\copy (SELECT '\x0160040002000000010000000000000005000000'::bytea) TO 'business_calendar.bin' (FORMAT binary)
\copy received FROM 'business_calendar.bin' (FORMAT binary)
\copy (SELECT '\x016002000000008001000000000005'::bytea || '\x00'::bytea) TO 'business_calendar.bin' (FORMAT binary)
\copy received FROM 'business_calendar.bin' (FORMAT binary)
SELECT count(*) FROM received;

-- a stored value whose binary form passes is taken
COPY (
    SELECT business_calendar_send('{"holidays": ["2000-01-03", "2000-01-08"]}')
) TO STDOUT (FORMAT binary) \g business_calendar.bin
\copy received FROM 'business_calendar.bin' (FORMAT binary)
SELECT * FROM received;

-- From jsonb, checked like any text.
SELECT make_business_calendar('{2026-12-25,2026-12-26}'::date[])::jsonb::business_calendar
    = make_business_calendar('{2026-12-25,2026-12-26}'::date[]) AS same;
SELECT '{"weekend": [8]}'::jsonb::business_calendar;
