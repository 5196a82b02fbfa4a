SET client_min_messages = warning;
CREATE SCHEMA IF NOT EXISTS receivables;
CREATE EXTENSION IF NOT EXISTS receivables SCHEMA receivables;
RESET client_min_messages;
SET search_path = receivables, public;
SET DateStyle = 'ISO, YMD';

-- customers: so many items of each number of days late
CREATE FUNCTION pg_temp.customer(VARIADIC days int[]) RETURNS payment_profile LANGUAGE sql AS $$
    SELECT payment_profile(due, due + d)
    FROM unnest(days) WITH ORDINALITY AS u (d, n),
        LATERAL (SELECT date '2025-01-06' + 30 * n::int AS due) AS x;
$$;
-- pays on the 25th, whatever is due
CREATE FUNCTION pg_temp.on_the_25th() RETURNS payment_profile LANGUAGE sql AS $$
    SELECT payment_profile(make_date(2025, n, 2 + 2 * n), make_date(2025, n, 25)) FROM generate_series(1, 8) AS n;
$$;
CREATE FUNCTION pg_temp.on_the_last_day(before int) RETURNS payment_profile LANGUAGE sql AS $$
    SELECT payment_profile(
        make_date(2025, n, 2 + 2 * n),
        (make_date(2025, n, 1) + interval '1 month - 1 day')::date - before)
    FROM generate_series(1, 8) AS n;
$$;

\pset format unaligned
\pset tuples_only on

-- the step
SELECT reason
FROM unnest(ARRAY[
    '{"level": 1, "after_days": 5}', '{"level": 1, "after_days": 1}',
    '{"level": 1, "after_days": 0}', '{"level": 1, "after_days": 3, "unit": "business_days"}',
    '{"level": 1, "after_days": 1, "unit": "business_days"}',
    '{"level": 1, "after_days": 0, "unit": "business_days"}',
    '{"level": 1, "after_days": 30, "end_of_month": true}', '{"level": 0, "after_days": -3}',
    '{"level": 0, "after_days": -1}', '{"level": 0, "after_days": -2, "unit": "business_days"}'])
    AS step,
    next_reminder(
        ('{"steps": [' || step || ']}')::dunning_policy, '2026-03-01', 100, '2026-01-01',
        calendar => '{}');
SELECT reason
FROM next_reminder(
    '{"steps": [{"level": 1, "after_days": 3, "unit": "business_days"}]}', '2026-03-01', 100, NULL);

-- counted from the reminder before
SELECT reason
FROM unnest(ARRAY[14, 1, 0]) AS days,
    (VALUES (date '2026-03-12'), (NULL), ('2026-01-12')) AS l (sent),
    next_reminder(
        format(
            '{"steps": [{"level": 1, "after_days": 5},
                        {"level": 2, "after_days": %s, "from": "previous_reminder"}]}',
            days)::dunning_policy,
        '2026-03-01', 100, NULL, last_level => 1, last_reminder_date => sent);
SELECT reason
FROM next_reminder(
    '{"steps": [{"level": 1, "after_days": 5, "repeat_every_days": 14}], "max_reminders": 3}',
    '2026-03-01', 100, NULL, last_level => 1, last_reminder_date => '2026-03-12');
SELECT reason
FROM next_reminder(
    '{"steps": [{"level": 1, "after_days": 5},
                {"level": 2, "after_days": 10, "from": "previous_reminder"}],
      "skip_levels": true}',
    '2026-03-01', 100, '2026-05-01');

-- wait: one, some and all of them; comparable customers
SELECT reason
FROM (VALUES
    (pg_temp.customer(9, 9, 9, 9, 9, 9, 9, 40, 40, 1), NULL),
    (pg_temp.customer(6, 6, 6, 6), NULL),
    (pg_temp.customer(9, 50), NULL),
    (pg_temp.customer(9), NULL),
    (pg_temp.customer(9), pg_temp.customer(9, 9, 40)),
    (pg_temp.customer(50), pg_temp.customer(9, 9, 9, 40)),
    (pg_temp.customer(0), pg_temp.customer(9, 9, 40)),
    (NULL, pg_temp.customer(9, 9, 40))) AS c (profile, prior),
    next_reminder(
        '{"steps": [{"level": 1, "after_days": 5}], "wait": {"min_share": 0.3}}',
        '2026-03-01', 100, NULL, profile => profile, prior => prior);
SELECT reason
FROM next_reminder(
    '{"steps": [{"level": 1, "after_days": 5}], "wait": {"within_days": 1, "min_share": 0.3}}',
    '2026-03-01', 100, NULL,
    profile => pg_temp.customer(5, 6, 6));

-- payment day, its grace, and the business day on which it is paid
SELECT reason
FROM (VALUES
    (pg_temp.on_the_25th(), 1), (pg_temp.on_the_25th(), 0), (pg_temp.on_the_25th(), 2),
    (pg_temp.on_the_last_day(0), 1), (pg_temp.on_the_last_day(1), 1),
    (pg_temp.on_the_last_day(2), 1)) AS c (profile, grace),
    (VALUES (date '2026-02-20'), ('2026-01-14')) AS i (due),
    next_reminder(
        format(
            '{"steps": [{"level": 1, "after_days": 1}], "payment_day": {"grace_days": %s}}',
            grace)::dunning_policy,
        due, 100, NULL, profile => profile, calendar => '{}');

-- structural shift
SELECT reason
FROM unnest(ARRAY[14, 3, 1]) AS most,
    unnest(ARRAY[6, 1]) AS late,
    next_reminder(
        format(
            '{"steps": [{"level": 1, "after_days": 1}], "structural_shift": {"max_days": %s}}',
            most)::dunning_policy,
        '2026-03-01', 100, NULL,
        profile => pg_temp.customer(late, late, late, late, late, late, late, late));

-- the limit
SELECT reason
FROM unnest(ARRAY[45, 8, 5, 1]) AS latest,
    next_reminder(
        format(
            '{"steps": [{"level": 1, "after_days": 5}], "wait": {}, "latest_after_due_days": %s}',
            latest)::dunning_policy,
        '2026-03-02', 100, NULL,
        profile => pg_temp.customer(9, 9, 9, 9),
        calendar => '{}');

-- not before: interval, promise, a date of the invoice
SELECT reason
FROM (VALUES
    (date '2026-03-05', NULL, NULL, 7), ('2026-03-06', NULL, NULL, 1),
    ('2026-03-10', NULL, NULL, 0), (NULL, date '2026-03-10', NULL, 2),
    (NULL, '2026-03-10', NULL, 1), (NULL, '2026-03-10', NULL, 0), (NULL, '2027-03-10', NULL, 2),
    (NULL, NULL, date '2026-03-10', 2)) AS b (contact, promised, held, days),
    next_reminder(
        format(
            '{"steps": [{"level": 1, "after_days": 5}],
              "min_interval_days": %1$s,
              "promise_grace_days": %1$s,
              "promise_max_days": 60}',
            days)::dunning_policy,
        '2026-03-01', 100, NULL, last_contact_date => contact, promised_date => promised,
        not_before => held);
SELECT reason
FROM next_reminder(
    '{"steps": [{"level": 1, "after_days": 5, "min_interval_days": 9}], "min_interval_days": 7}',
    '2026-03-01', 100, NULL, last_contact_date => '2026-03-01');

-- to a business day: on, back, over more than a week, held back by the limit, left
SELECT reason
FROM (VALUES
    (date '2026-03-02', 'following', 45), ('2026-03-02', 'preceding', 45),
    ('2026-03-02', 'following', 5), ('2026-03-26', 'following', 45),
    ('2026-12-18', 'following', 45), ('2026-12-18', 'following', 5), ('2026-12-20', 'following', 5))
    AS c (due, convention, latest),
    next_reminder(
        format(
            '{"steps": [{"level": 1, "after_days": 5}], "roll": "%s", "latest_after_due_days": %s}',
            convention, latest)::dunning_policy,
        due, 100, NULL,
        not_before => CASE WHEN due = '2026-12-20' THEN due + 5 END,
        calendar => '{"holidays": ["2026-03-31", "2026-12-23", "2026-12-24", "2026-12-25",
                                   "2026-12-28", "2026-12-29", "2026-12-30", "2026-12-31",
                                   "2027-01-01"]}');
-- a notice goes back
SELECT reason
FROM next_reminder(
    '{"steps": [{"level": 0, "after_days": -5}, {"level": 1, "after_days": 5}]}',
    '2026-03-06', 100, NULL, calendar => '{}');

-- everything at once
SELECT reason
FROM next_reminder(
    '{"steps": [{"level": 1, "after_days": 5}],
      "wait": {},
      "latest_after_due_days": 8,
      "min_interval_days": 7,
      "promise_max_days": 30}',
    '2026-03-01', 100, NULL,
    profile => pg_temp.customer(9, 9, 9, 9, 9, 9, 9, 40, 40, 1),
    calendar => '{}', last_contact_date => '2026-03-07', promised_date => '2026-06-01');

-- no reminder
SELECT status, reason
FROM (VALUES
    (0, false, NULL),
    (100, true, NULL),
    (24.99, false, NULL),
    (100, false, '{"hold": true}'),
    (100, false, '{"steps": []}'),
    (100, false, '{"steps": [{"level": 0, "after_days": -3}]}'),
    (100, false, '{"max_reminders": 1}'),
    (100, false, '{"max_reminders": 2}'),
    (100, false, '{"steps": [{"level": 1, "after_days": 3}]}'),
    (100,
     false,
     '{"steps": [{"level": 2,
                  "after_days": 3,
                  "min_amount": 250}]}')) AS c (amount, disputed, entry),
    next_reminder(
        ('{"steps": [{"level": 1, "after_days": 5}, {"level": 2, "after_days": 9}],
           "min_amount": 25,
           "segments": {"s": ' || coalesce(entry, '{}') || '}}')::dunning_policy,
        '2026-03-01', amount, '2026-03-01', 's', disputed => disputed, last_level => 1,
        reminder_count => 2);
SELECT status, reason
FROM unnest(ARRAY[90, 0]) AS days,
    next_reminder(
        format(
            '{"steps": [{"level": 1, "after_days": 5}], "start": {"older_than_days": %s}}',
            days)::dunning_policy,
        '2026-03-01', 100, date '2026-03-02' + days);
