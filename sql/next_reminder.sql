SET client_min_messages = warning;
CREATE SCHEMA IF NOT EXISTS receivables;
CREATE EXTENSION IF NOT EXISTS receivables SCHEMA receivables;
SET search_path = receivables, public;
SET DateStyle = 'ISO, YMD';
\getenv folder PG_ABS_SRCDIR
\set file :folder '/test/sql/helpers.sql'
\i :file
\pset null 'NULL'

-- three days late, three days later
CREATE TEMP TABLE customer (name text, profile payment_profile);
INSERT INTO customer
SELECT 'always ' || late, payment_profile(due, due + late)
FROM (VALUES (-2), (0), (3), (9), (40)) v (late),
     LATERAL (SELECT date '2025-01-10' + 30 * n AS due FROM generate_series(0, 8) n) d
GROUP BY late;
INSERT INTO customer
SELECT 'on the 25th', payment_profile(due, make_date(2025, n, 25))
FROM (SELECT n, make_date(2025, n, 2 + 2 * n) AS due FROM generate_series(1, 8) n) d;
INSERT INTO customer VALUES ('new', NULL);

\pset format unaligned
SELECT name, (r).level, (r).reminder_date, (r).reason
FROM customer, LATERAL (SELECT next_reminder(
    '{"steps": [{"level": 1, "after_days": 1}], "wait": {"within_days": 10, "min_share": 0.4, "until_days": 21}}',
    '2026-03-02', 100, '2026-03-02', profile => profile) AS r) x ORDER BY name;
SELECT name, (r).reminder_date, (r).reason
FROM customer, LATERAL (SELECT next_reminder(
    '{"steps": [{"level": 1, "after_days": 5}], "structural_shift": {"max_days": 7}}',
    '2026-03-02', 100, '2026-03-02', profile => profile) AS r) x ORDER BY name;
SELECT name, (r).reminder_date, (r).reason
FROM customer, LATERAL (SELECT next_reminder(
    '{"steps": [{"level": 1, "after_days": 5}], "payment_day": {}}',
    '2026-03-02', 100, '2026-03-02', profile => profile) AS r) x WHERE name IN ('new', 'on the 25th') ORDER BY name;
SELECT late, (r).reminder_date, (r).reason
FROM unnest(ARRAY[3, 9, 40]) late,
    LATERAL (
        SELECT next_reminder(
            '{"steps": [{"level": 1, "after_days": 5}], "wait": {}}',
            '2026-03-02', 100, NULL,
            profile => (
                SELECT payment_profile(due::date, due::date + 40)
                FROM generate_series(date '2025-10-01', '2025-11-01', '1 month') due
            ),
            prior => (SELECT profile FROM customer WHERE name = 'always ' || late)) AS r
    ) x
ORDER BY late;

-- the standard policy, level by level
SELECT sent, (r).*
FROM generate_series(0, 4) sent,
    LATERAL (
        SELECT next_reminder(
            standard_dunning_policy(), '2026-03-02', 1000.00, '2026-03-02',
            last_level => least(sent, 3), last_reminder_date => date '2026-03-09' + 14 * sent - 14,
            reminder_count => sent) AS r
    ) x
ORDER BY sent;
SELECT * FROM reminder_schedule(standard_dunning_policy(), '2026-03-02', 1000.00, '2026-03-02',
    calendar => '{"holidays": ["2026-04-03", "2026-04-06"]}', channel => 'portal');
SELECT * FROM reminder_schedule(standard_dunning_policy(), '2026-03-02', 100.00, '2026-03-02');
SELECT * FROM reminder_schedule(standard_dunning_policy(), '2026-03-02', 100, NULL, 'direct debit');
SELECT * FROM reminder_schedule(standard_dunning_policy(), '2026-03-02', 100, NULL, 'at risk');

-- every status
SELECT what, (next_reminder(standard_dunning_policy(), '2026-03-02', amount, as_of::date, segment,
    last_level => before, last_reminder_date => sent::date, reminder_count => sent_count, disputed => disputed)).*
FROM (VALUES
    ('scheduled',            100.00,  '2026-03-02', NULL,           0, NULL,         NULL, false),
    ('amount unknown',       NULL,    '2026-03-02', NULL,           0, NULL,         NULL, NULL),
    ('settled',              0,       '2026-03-02', NULL,           0, NULL,         NULL, true),
    ('credit',               -5,      '2026-03-02', NULL,           0, NULL,         NULL, false),
    ('disputed',             100,     '2026-03-02', NULL,           1, '2026-03-09', NULL, true),
    ('below policy minimum', 24.99,   '2026-03-02', NULL,           0, NULL,         NULL, false),
    ('at policy minimum',    25,      '2026-03-02', NULL,           0, NULL,         NULL, false),
    ('below step minimum',   249.999, '2026-03-02', NULL,           2, '2026-03-25', NULL, false),
    ('no reminder',          100,     '2026-03-02', 'direct debit', 0, NULL,         NULL, false),
    ('90 days',              100,     '2026-05-31', NULL,           0, NULL,         NULL, false),
    ('91 days',              100,     '2026-06-01', NULL,           0, NULL,         NULL, false),
    ('91 days, reminded',    100,     '2026-06-01', NULL,           1, '2026-05-30', NULL, false),
    ('maximum',              1000,    '2026-06-01', NULL,           3, '2026-05-30', 5,    false),
    ('all levels',           1000,    '2026-06-01', 'at risk',      2, '2026-05-30', NULL, false)
) v (what, amount, as_of, segment, before, sent, sent_count, disputed);
SELECT (next_reminder('{"steps": [{"level": 1, "after_days": 5}], "segments": {"key": {"hold": true}}}',
    '2026-03-02', 100, NULL, 'key')).*;

-- fees: as entered, or the exact percentage of the open amount
SELECT amount,
    (reminder_schedule(
        '{"steps": [{"level": 1, "after_days": 5, "fee": 5.00},
                    {"level": 2, "after_days": 9, "fee_percent": 1.5}]}',
        '2026-03-02', amount, NULL)).fee
FROM (VALUES (123.45), (100), (NULL)) v (amount);

-- not before: interval, promise, a date of the invoice
SELECT * FROM (VALUES
    ('2026-03-05', NULL, NULL), ('2026-02-20', NULL, NULL), (NULL, '2026-03-20', NULL),
    (NULL, '2026-05-01', NULL), (NULL, '2026-05-02', NULL), (NULL, NULL, '2026-03-18'),
    ('2026-03-05', '2026-03-08', '2026-03-11')) v (contact, promised, held),
    LATERAL (SELECT reminder_date, reason FROM next_reminder(standard_dunning_policy(), '2026-03-02', 100, NULL,
        last_contact_date => contact::date, promised_date => promised::date, not_before => held::date,
        calendar => '{}')) r;

-- business days, notices before the due date, skipped levels
SELECT (r).*
FROM (
    SELECT next_reminder(
        policy::dunning_policy, '2026-03-06', 100, as_of::date,
        calendar => calendar::business_calendar) AS r
    FROM (VALUES
        ('{"steps": [{"level": 1, "after_days": 1, "unit": "business_days"}]}',
         NULL,
         '{"holidays": ["2026-03-09"]}'),
        ('{"steps": [{"level": 1, "after_days": 1, "unit": "business_days"}]}', NULL, NULL),
        ('{"steps": [{"level": 0, "after_days": -5}, {"level": 1, "after_days": 5}]}', NULL, '{}'),
        ('{"steps": [{"level": 0, "after_days": -5}, {"level": 1, "after_days": 5}]}',
         '2026-03-05',
         '{}'),
        ('{"steps": [{"level": 0, "after_days": -5}, {"level": 1, "after_days": 5}]}',
         '2026-03-06',
         '{}'),
        ('{"steps": [{"level": 1, "after_days": 5}, {"level": 2, "after_days": 10}],
           "skip_levels": true}',
         '2026-03-15',
         NULL),
        ('{"steps": [{"level": 1, "after_days": 5}, {"level": 2, "after_days": 10}],
           "skip_levels": true}',
         '2026-03-16',
         NULL)) v (policy, as_of, calendar)
) x;

-- NULL for what has a default means the default; no policy or no due date: no answer
SELECT next_reminder(
    standard_dunning_policy(), '2026-03-02', 100, '2026-03-02', NULL, NULL, NULL, NULL, NULL, NULL,
    NULL, NULL, NULL, NULL, NULL, NULL) = next_reminder(
    standard_dunning_policy(), '2026-03-02', 100, '2026-03-02') AS same;
SELECT next_reminder(NULL, '2026-03-02', 100, NULL) IS NULL AS a,
    next_reminder(standard_dunning_policy(), NULL, 100, NULL) IS NULL AS b,
    next_reminder_date(NULL, '2026-03-02', 100, NULL) AS c,
    is_reminder_due(standard_dunning_policy(), NULL, 100, '2026-03-02') AS d,
    (SELECT count(*) FROM reminder_schedule(NULL, NULL, NULL, NULL)) AS e;

-- due from its date on, and whether or not a run was missed
SELECT as_of::date, is_reminder_due(standard_dunning_policy(), '2026-03-02', 100, as_of::date)
FROM unnest(ARRAY['2026-03-02', '2026-03-06', '2026-03-07', '2026-03-08', '2026-05-31', '2026-06-01', NULL]) as_of;
SELECT is_reminder_due(standard_dunning_policy(), '2026-03-02', 0, NULL) AS settled;

-- the four functions agree, on many invoices
CREATE TEMP TABLE policy AS SELECT standard_dunning_policy() AS policy
UNION ALL
SELECT p::dunning_policy
FROM unnest(ARRAY[
    '{"steps": [{"level": 0, "after_days": -4},
                {"level": 1, "after_days": 2, "unit": "business_days"},
                {"level": 2, "after_days": 9, "from": "previous_reminder"}],
      "min_interval_days": 5,
      "roll": "nearest",
      "wait": {},
      "latest_after_due_days": 9}',
    '{"steps": [{"level": 1, "after_days": 3},
                {"level": 2, "after_days": 20},
                {"level": 5, "after_days": 5, "from": "previous_reminder", "repeat_every_days": 9}],
      "skip_levels": true,
      "max_reminders": 4,
      "payment_day": {},
      "structural_shift": {}}']) p;
SELECT count(*),
    bool_and(reminder_date IS NOT DISTINCT FROM next_reminder_date(
        policy, due, amount, as_of, NULL, profile, NULL, '{}', before, sent)) AS dates,
    bool_and(is_reminder_due(policy, due, amount, as_of, NULL, profile, NULL, '{}', before, sent)
        = (status = 'scheduled' AND reminder_date <= as_of)) AS is_due,
    bool_and(r = (
        SELECT s
        FROM reminder_schedule(
            policy, due, amount, as_of, NULL, profile, NULL, '{}', before, sent) s
        LIMIT 1
    )) AS schedule,
    bool_and((reminder_date IS NULL) = (status <> 'scheduled')) AS dated,
    bool_and(is_business_day('{}', reminder_date)) AS business_days,
    bool_and(reason <> '') AS reasons
FROM policy,
    customer,
    generate_series(date '2026-02-23', '2026-03-08', '1 day') AS g (day),
    LATERAL (SELECT day::date AS due, 100.00 AS amount) i,
    (VALUES (0, NULL), (1, NULL), (1, date '2026-03-12'), (2, date '2026-03-20')) h (before, sent),
    (VALUES (date '2026-02-20'), ('2026-03-10'), ('2026-04-20')) a (as_of),
    LATERAL next_reminder(policy, due, amount, as_of, NULL, profile, NULL, '{}', before, sent) r;

-- a profile as the aggregate holds it while it collects
SELECT next_reminder_date(
    '{"steps": [{"level": 1, "after_days": 1}], "wait": {}}',
    '2026-03-02', 100, NULL,
    profile => _payment_profile_transition(
        _payment_profile_transition(NULL, date '2026-01-05', date '2026-01-08'),
        date '2026-02-05', date '2026-02-08'));

-- as a generated column and in an index
CREATE TEMP TABLE invoice (
    id integer PRIMARY KEY,
    due_date date,
    open_amount numeric,
    first_reminder date GENERATED ALWAYS AS (next_reminder_date(
        '{"steps": [{"level": 1, "after_days": 5}]}', due_date, open_amount, NULL)) STORED);
CREATE INDEX ON invoice (next_reminder_date('{"steps": [{"level": 1, "after_days": 9}]}', due_date, open_amount, NULL));
INSERT INTO invoice VALUES (1, '2026-03-02', 100), (2, '2026-03-02', 0), (3, NULL, 100);
SELECT * FROM invoice ORDER BY id;

CREATE FUNCTION pg_temp.answer(arguments text) RETURNS text LANGUAGE sql
    RETURN pg_temp.refusal('SELECT next_reminder(' || arguments || ')');
SELECT a,
    pg_temp.answer('$${"steps": [{"level": 1, "after_days": 5, "fee_percent": 10}]}$$, ' || a)
FROM unnest(ARRAY[
    $$'infinity', 100, NULL$$, $$'-infinity', 100, NULL$$, $$'2026-03-02', 100, 'infinity'$$,
    $$'2026-03-02', 'NaN', NULL$$, $$'2026-03-02', 'infinity', NULL$$, $$'2026-03-02', 1e39, NULL$$,
    $$'2026-03-02', 1e37, NULL$$, $$'2026-03-02', 9e37, NULL$$,
    $$'2026-03-02', 100, NULL, last_reminder_date => 'infinity'$$,
    $$'2026-03-02', 100, NULL, last_contact_date => 'infinity'$$,
    $$'2026-03-02', 100, NULL, not_before => 'infinity'$$,
    $$'2026-03-02', 100, NULL, promised_date => 'infinity'$$,
    $$'5874897-12-26', 100, NULL$$, $$'5874897-12-27', 100, NULL$$, $$'4714-11-24 BC', 100, NULL$$,
    $$'2026-03-02', 100, NULL, last_level => -100$$,
    $$'2026-03-02', 100, NULL, last_level => -99$$,
    $$'2026-03-02', 100, NULL, last_level => 999$$,
    $$'2026-03-02', 100, NULL, last_level => 1000$$,
    $$'2026-03-02', 100, NULL, last_level => -2147483648$$,
    $$'2026-03-02', 100, NULL, reminder_count => -1$$,
    $$'2026-03-02', 100, NULL, reminder_count => 2147483647$$]) a;

-- a schedule ends: after the maximum of reminders, at an impossible count, at the end of type date
CREATE FUNCTION pg_temp.rows_of_schedule(arguments text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    many bigint;
BEGIN
    EXECUTE 'SELECT count(*) FROM reminder_schedule(' || arguments || ')' INTO many;
    RETURN many || ' rows';
EXCEPTION WHEN OTHERS THEN
    RETURN sqlstate || ' ' || sqlerrm;
END $$;
SELECT a, pg_temp.rows_of_schedule('$${"steps": [{"level": 1, "after_days": 5, "repeat_every_days": 3650}],
    "max_reminders": 1000}$$, ' || a)
FROM unnest(ARRAY[
    $$'2026-03-02', 100, NULL, reminder_count => -2147483648$$, $$'2026-03-02', 100, NULL, reminder_count => 0$$,
    $$'2026-03-02', 100, NULL, reminder_count => 999$$, $$'2026-03-02', 100, NULL, reminder_count => 2147483647$$,
    $$'4714-11-24 BC', 100, NULL$$, $$'5874897-12-20', 100, NULL$$]) a;
-- what lies at the ends of type date is answered or refused
SELECT a,
    pg_temp.answer('$${
        "steps": [{"level": 0, "after_days": -2},
                  {"level": 1, "after_days": 1, "unit": "business_days"},
                  {"level": 2, "after_days": 3650, "from": "previous_reminder"}],
        "roll": "preceding", "min_interval_days": 3650, "promise_grace_days": 366,
        "start": {"older_than_days": 30000}}$$, ' || a || $$, calendar => '{}'$$)
FROM unnest(ARRAY[
    $$'4714-11-24 BC', 100, NULL$$,
    $$'4714-11-24 BC', 100, '5874897-12-31'$$,
    $$'4714-11-26 BC', 100, '4714-11-24 BC'$$,
    $$'5874897-12-30', 100, '4714-11-24 BC'$$,
    $$'5874897-12-31', 100, '5874897-12-31'$$,
    $$'2026-03-02', 100, NULL, last_contact_date => '5874897-12-31'$$,
    $$'2026-03-02', 100, NULL, promised_date => '5874897-12-31'$$,
    $$'2026-03-02', 100, NULL, not_before => '5874897-12-31'$$,
    $$'2026-03-02', 100, NULL, not_before => '4714-11-24 BC'$$,
    $$'2026-03-02', 100, NULL, last_level => 1, last_reminder_date => '5874897-12-31'$$]) a;

-- priors that change from row to row, more of them than are remembered, some stored out of their row
CREATE TEMP TABLE segment_prior AS
SELECT late, payment_profile(due::date, due::date + late) AS prior
FROM generate_series(0, 29) late,
    generate_series(
        date '2024-01-01', date '2025-12-01',
        CASE WHEN late % 3 = 0 THEN '1 day' ELSE '1 month' END::interval) due
GROUP BY late;
SELECT count(*), bool_and(in_turn = alone) AS same, count(DISTINCT in_turn) > 10 AS various
FROM (
    SELECT next_reminder_date(
            '{"steps": [{"level": 1, "after_days": 1}], "wait": {}}', '2026-03-02', 100, NULL,
            prior => prior) AS in_turn,
        (
            SELECT next_reminder_date(
                '{"steps": [{"level": 1, "after_days": 1}], "wait": {}}', '2026-03-02', 100, NULL,
                prior => rollup(p.prior))
            FROM segment_prior p
            WHERE p.late = s.late
        ) AS alone
    FROM segment_prior s, generate_series(1, 3) turn
    ORDER BY late * turn % 7, late
) x;

-- levels with gaps: so many reminders went out as there are levels up to the last one
SELECT last_level, (r).level, (r).reminder_date, (r).status, (r).reason
FROM unnest(ARRAY[0, 10, 20, 30]) last_level,
    LATERAL (
        SELECT next_reminder(
            '{"steps": [{"level": 10, "after_days": 5},
                        {"level": 20, "after_days": 10, "from": "previous_reminder"},
                        {"level": 30,
                         "after_days": 10,
                         "from": "previous_reminder",
                         "repeat_every_days": 7}],
              "max_reminders": 3}',
            '2026-03-02', 100, NULL, last_level => last_level,
            last_reminder_date => CASE WHEN last_level > 0 THEN date '2026-03-09' END) AS r
    ) x
ORDER BY last_level;
-- a level that counts from the due date does not go back onto the day of the one before
SELECT sent, (r).level, (r).reminder_date, (r).reason
FROM unnest('{2026-03-04,2026-03-05,2026-03-06}'::date[]) sent,
    LATERAL (
        SELECT next_reminder(
            '{"steps": [{"level": 1, "after_days": 5}, {"level": 2, "after_days": 6}],
              "latest_after_due_days": 6}',
            '2026-03-02', 100, NULL, calendar => '{}', last_level => 1, last_reminder_date => sent)
            AS r
    ) x
ORDER BY sent;
