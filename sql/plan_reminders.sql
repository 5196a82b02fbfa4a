-- What a day's plan says, against the same asked invoice by invoice, and what many days of it do.
SET client_min_messages = warning;
CREATE SCHEMA IF NOT EXISTS receivables;
CREATE EXTENSION IF NOT EXISTS receivables SCHEMA receivables;
RESET client_min_messages;
SET search_path = receivables, public;
SET datestyle = 'ISO';
\getenv folder PG_ABS_SRCDIR
\set file :folder '/test/sql/helpers.sql'
\i :file
\set VERBOSITY terse

-- Sixty customers, a thousand invoices of one year, two thirds of them paid; every column that a source
-- can have. h(i, k) is a fixed pseudo-random number below k.
CREATE SCHEMA plan_test;
CREATE FUNCTION plan_test.h(i int, k int, salt int) RETURNS int LANGUAGE sql IMMUTABLE
    RETURN (hashint8extended(i * 1000 + salt, 7) % k + k) % k;
CREATE TABLE plan_test.invoice AS
SELECT format('C%s', plan_test.h(i, 60, 1)) AS customer_id,
    format('I%s', i) AS invoice_id,
    d AS invoice_date,
    CASE WHEN plan_test.h(i, 40, 2) > 0 THEN d + 30 END AS due_date,
    CASE
        WHEN plan_test.h(i, 3, 3) > 0
            THEN d + 25 + plan_test.h(plan_test.h(i, 60, 1), 25, 4) + plan_test.h(i, 10, 5)
    END AS paid_date,
    CASE WHEN plan_test.h(i, 25, 6) = 0 THEN -1 ELSE 1 END
        * (5 + plan_test.h(i, 90000, 7) / 100.0) AS amount,
    plan_test.h(i, 20, 8) = 0 AS disputed,
    CASE WHEN plan_test.h(i, 30, 9) = 0 THEN 1 + plan_test.h(i, 3, 10) END AS last_level,
    CASE WHEN plan_test.h(i, 30, 9) = 0 THEN d + 40 END AS last_reminder_date,
    CASE WHEN plan_test.h(i, 30, 11) = 0 THEN d + 60 END AS not_before,
    CASE WHEN plan_test.h(i, 30, 12) = 0 THEN d + 70 END AS promised_date,
    CASE WHEN plan_test.h(i, 15, 13) = 0 THEN 'portal' END AS channel
FROM generate_series(1, 1000) AS i,
    LATERAL (SELECT date '2025-01-01' + plan_test.h(i, 365, 14) AS d) AS t;
CREATE VIEW plan_test.item WITH (security_invoker = true) AS
    SELECT *, CASE WHEN paid_date IS NULL THEN amount ELSE 0 END AS open_amount FROM plan_test.invoice;
CREATE VIEW plan_test.bare WITH (security_invoker = true) AS
    SELECT customer_id, invoice_id, invoice_date, due_date, paid_date, amount, open_amount FROM plan_test.item;

INSERT INTO dunning_policies VALUES
    (
        'letters',
        '{"steps": [{"level": 0, "after_days": -3, "channel": "email", "template": "notice"},
                    {"level": 1, "after_days": 3, "channel": "email"},
                    {"level": 2, "after_days": 10, "from": "previous_reminder", "channel": "letter",
                     "min_amount": 100},
                    {"level": 3, "after_days": 10, "from": "previous_reminder", "channel": "phone",
                     "fee_percent": 1, "repeat_every_days": 20}],
          "wait": {"within_days": 10, "min_share": 0.4, "until_days": 15},
          "min_interval_days": 5,
          "min_amount": 30,
          "max_reminders": 6,
          "start": {"older_than_days": 200, "status": "review"}}');
INSERT INTO business_calendars VALUES ('weekends', '{"holidays": ["2025-12-25", "2025-12-26", "2026-01-01"]}');
SELECT register_source('full', 'plan_test.item', NULL, 'letters', 'weekends', prior => 'portfolio');
SELECT register_source('bare', 'plan_test.bare', NULL, 'letters', prior => 'segment');

-- no plan before the first refresh, none of a source that is not there, none without a day
SELECT count(*) FROM plan_reminders('full', '2025-12-31');
SELECT count(*) FROM plan_reminders('absent', '2025-12-31');
SELECT count(*) FROM plan_reminders('full', NULL);
SELECT count(*) FROM plan_letters('full', 'infinity');
SELECT count(*) FROM plan_reminders('full', '2025-12-31', -1);
SELECT count(*) FROM customers_to_watch('full', NULL);
SELECT count(*) FROM credit_hold_candidates('full', '2025-12-31', 1.5);

SET client_min_messages = warning;
CALL refresh_segments('full', '2025-09-30');
CALL refresh_segments('bare', '2025-09-30');
RESET client_min_messages;

-- The plan, asked for every open invoice on its own.
CREATE FUNCTION plan_test.expected(source_name text, relation regclass, as_of date, horizon int)
    RETURNS TABLE (
        customer_id text, invoice_id text, segment text, reminder reminder_plan, amount numeric,
        due_date date) LANGUAGE plpgsql AS $$
DECLARE
    i plan_test.item;
    owed numeric;
    s sources;
    log record;
    answer reminder_plan;
BEGIN
    SELECT * INTO s FROM sources WHERE name = source_name;
    CREATE TEMP TABLE net AS
    SELECT n.invoice_id, n.net
    FROM pg_temp.net_of_credits(
        'plan_test.item', as_of,
        CASE
            WHEN relation = 'plan_test.item'::regclass
                THEN 't.disputed OR t.not_before > $1 OR t.promised_date > $1'
            ELSE 'false'
        END) AS n;
    FOR i IN SELECT * FROM plan_test.item AS t
             WHERE (t.paid_date IS NULL OR t.paid_date > as_of) AND t.invoice_date <= as_of AND t.due_date IS NOT NULL
    LOOP
        owed := coalesce((SELECT n.net FROM net AS n WHERE n.invoice_id = i.invoice_id), 0);
        IF relation = 'plan_test.bare'::regclass THEN
            i.last_level := NULL; i.last_reminder_date := NULL; i.not_before := NULL;
            i.promised_date := NULL; i.channel := NULL; i.disputed := NULL;
        END IF;
        SELECT r.level, r.reminder_date,
            (SELECT count(*)::int FROM reminders AS n WHERE n.source = source_name AND n.invoice_id = i.invoice_id
             AND n.reminder_date <= as_of AND NOT n.notice) AS times INTO log
        FROM reminders AS r WHERE r.source = source_name AND r.invoice_id = i.invoice_id AND r.reminder_date <= as_of
        ORDER BY r.reminder_date DESC, r.level DESC LIMIT 1;
        answer := next_reminder(
            (SELECT d.policy FROM dunning_policies AS d WHERE d.name = s.dunning_policy),
            i.due_date, owed, as_of,
            segment => (
                SELECT c.segment
                FROM customer_segments AS c
                WHERE c.source = source_name AND c.customer_id = i.customer_id
            ),
            profile => (
                SELECT c.profile
                FROM customer_segments AS c
                WHERE c.source = source_name AND c.customer_id = i.customer_id
            ),
            prior => (
                SELECT rollup(c.profile)
                FROM customer_segments AS c
                WHERE c.source = source_name
                    AND (s.prior = 'portfolio'
                        OR c.segment IS NOT DISTINCT FROM (
                            SELECT x.segment
                            FROM customer_segments AS x
                            WHERE x.source = source_name AND x.customer_id = i.customer_id
                        ))
            ),
            calendar => (SELECT b.calendar FROM business_calendars AS b WHERE b.name = s.calendar),
            last_level => coalesce(
                CASE WHEN i.last_reminder_date > as_of THEN NULL ELSE i.last_level END, log.level),
            last_reminder_date => CASE
                WHEN i.last_level IS NULL OR i.last_reminder_date > as_of THEN log.reminder_date
                ELSE i.last_reminder_date
            END,
            reminder_count => CASE
                WHEN i.last_level IS NULL OR i.last_reminder_date > as_of THEN log.times
            END,
            last_contact_date => (
                SELECT max(day)
                FROM (
                    SELECT max(r.reminder_date)
                    FROM reminders AS r
                    WHERE r.source = source_name
                        AND r.customer_id = i.customer_id
                        AND r.reminder_date <= as_of
                        AND NOT r.notice
                    UNION ALL
                    SELECT max(t.last_reminder_date)
                    FROM plan_test.item AS t
                    WHERE relation = 'plan_test.item'::regclass
                        AND t.customer_id = i.customer_id
                        AND t.last_reminder_date <= as_of
                        AND t.last_reminder_date >= t.due_date
                ) AS days (day)
            ),
            disputed => i.disputed, not_before => i.not_before, promised_date => i.promised_date,
            channel => i.channel);
        IF answer.reminder_date <= as_of + horizon THEN
            RETURN QUERY
            SELECT i.customer_id,
                i.invoice_id,
                (
                    SELECT c.segment
                    FROM customer_segments AS c
                    WHERE c.source = source_name AND c.customer_id = i.customer_id
                ),
                answer,
                owed,
                i.due_date;
        END IF;
    END LOOP;
    DROP TABLE net;
END;
$$;
CREATE VIEW plan_test.difference AS
SELECT s.name,
    d.as_of,
    d.horizon,
    (SELECT count(*) FROM plan_reminders(s.name, d.as_of, d.horizon)) AS planned,
    (
        SELECT count(*)
        FROM ((
            SELECT customer_id, invoice_id, segment, level, reminder_date, channel, template,
                amount, fee, due_date, days_late, reason
            FROM plan_reminders(s.name, d.as_of, d.horizon)
            EXCEPT ALL
            SELECT customer_id, invoice_id, segment, (reminder).level, (reminder).reminder_date,
                (reminder).channel, (reminder).template, amount, (reminder).fee, due_date,
                d.as_of - due_date, (reminder).reason
            FROM plan_test.expected(s.name, s.relation, d.as_of, d.horizon)
        )
            UNION ALL (
                SELECT customer_id, invoice_id, segment, (reminder).level, (reminder).reminder_date,
                    (reminder).channel, (reminder).template, amount, (reminder).fee, due_date,
                    d.as_of - due_date, (reminder).reason
                FROM plan_test.expected(s.name, s.relation, d.as_of, d.horizon)
                EXCEPT ALL
                SELECT customer_id, invoice_id, segment, level, reminder_date, channel, template,
                    amount, fee, due_date, days_late, reason
                FROM plan_reminders(s.name, d.as_of, d.horizon)
            )) AS t
    ) AS differences
FROM (VALUES
        ('full', 'plan_test.item'::regclass), ('bare', 'plan_test.bare')) AS s (name, relation),
    (VALUES
        (date '2025-09-30', 0), ('2025-09-30', 14), ('2025-06-30', 0), ('2025-11-10', 0))
        AS d (as_of, horizon);
SELECT name, as_of, horizon, planned > 20 AS planned, differences FROM plan_test.difference
WHERE as_of < '2025-11-10' ORDER BY 1, 2, 3;

-- The backlog is a list of its own: nothing older than the start gets a first reminder.
SELECT count(*) > 0 AS listed, bool_and(days_late > 200) AS old FROM invoices_to_review('bare', '2025-12-31');
SELECT count(*) FROM plan_reminders('bare', '2025-12-31') WHERE days_late > 200;

-- Three months of daily plans, sent and recorded; every seventh day the run is missed. What is recorded
-- today is not planned again today.
CREATE TABLE plan_test.again (day date, recorded bigint, again bigint);
DO $$
DECLARE
    day date;
    recorded bigint;
BEGIN
    FOR day IN SELECT date '2025-09-30' + n FROM generate_series(0, 91) AS n WHERE n % 7 <> 6 LOOP
        recorded := (SELECT count(*) FROM record_reminders('bare', day));
        INSERT INTO plan_test.again SELECT day, recorded, (SELECT count(*) FROM plan_reminders('bare', day));
    END LOOP;
END $$;
SELECT sum(recorded) > 100 AS recorded, sum(again) AS again FROM plan_test.again;
-- with a log of earlier days the plan is still the one asked invoice by invoice
SELECT name, as_of, horizon, planned > 5 AS planned, differences FROM plan_test.difference
WHERE name = 'bare' AND as_of > '2025-06-30' AND (horizon > 0 OR as_of = '2025-11-10') ORDER BY 1, 2, 3;
-- each level once (the last one repeats), in order, and never two contacts with a customer within 5 days
SELECT count(*) FILTER (WHERE level < before) AS falling, count(*) FILTER (WHERE level = before AND level < 3) AS twice,
    count(*) FILTER (WHERE level > coalesce(before, 0) + 1 AND NOT notice) AS skipped, max(level) AS highest
FROM (SELECT *, lag(level) OVER (PARTITION BY invoice_id ORDER BY reminder_date, level) AS before
      FROM reminders WHERE source = 'bare') AS r;
SELECT count(*) AS too_soon
FROM (SELECT DISTINCT customer_id, reminder_date FROM reminders WHERE source = 'bare' AND NOT notice) AS a
JOIN (SELECT DISTINCT customer_id, reminder_date FROM reminders WHERE source = 'bare' AND NOT notice) AS b
    USING (customer_id)
WHERE b.reminder_date > a.reminder_date AND b.reminder_date < a.reminder_date + 5;
-- notices went out before the due date, all else on it or after
SELECT bool_and(r.notice = (r.reminder_date < i.due_date)) AS notices,
    bool_and(r.reminder_date < coalesce(i.paid_date, 'infinity')) AS open
FROM reminders AS r
JOIN plan_test.item AS i USING (invoice_id)
WHERE r.source = 'bare';

-- recorded one by one
SELECT record_reminder('full', 'C1', 'I1', 1, '2025-10-01', 'email', 12.50),
    record_reminder('full', 'C1', 'I1', 1, '2025-10-01', 'email', 12.50),
    record_reminder('full', 'C1', 'I1', 1, '2025-10-02', 'email', 12.50);
SELECT record_reminder('full', 'C1', NULL, 1, '2025-10-01');
SELECT record_reminder('full', 'C1', 'I1', 1, 'infinity');
SELECT record_reminder('absent', 'C1', 'I1', 1, '2025-10-01');
SELECT record_reminder('full', 'C1', '', 1, '2025-10-01');
SELECT record_reminder('full', 'C1', 'I1', -1, '2025-10-01');
SELECT record_reminder('full', 'C1', 'I1', 1000, '2025-10-01', notice => true);
SELECT record_reminder('full', 'C1', 'I1', -1, '2025-10-01', notice => true);
SELECT record_reminder('full', 'C1', 'I1', 1, '2025-10-03', 'email', 'NaN');

SET client_min_messages = warning;
DROP SCHEMA plan_test CASCADE;
SELECT unregister_source('full', true), unregister_source('bare', true);
DELETE FROM dunning_policies; DELETE FROM business_calendars;
