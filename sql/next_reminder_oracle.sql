SET client_min_messages = warning;
CREATE SCHEMA IF NOT EXISTS receivables;
CREATE EXTENSION IF NOT EXISTS receivables SCHEMA receivables;
CREATE SCHEMA reminder_oracle;
RESET client_min_messages;
SET search_path = reminder_oracle, receivables, public;

-- reference.sql has the five rules in PL/pgSQL, slow and obvious; cases.sql generates policies, customers,
-- calendars and invoices
\set ECHO none
\getenv folder PG_ABS_SRCDIR
\set file :folder '/test/reminders/reference.sql'
\i :file
\set file :folder '/test/reminders/cases.sql'
\i :file
\set ECHO all

CREATE TABLE answer AS
SELECT id, r.*, a, steps -> (a).step AS step
FROM question,
    LATERAL (SELECT (q).rules -> 'steps' AS steps) s,
    LATERAL (SELECT reference_next(q) AS a OFFSET 0) w,
    LATERAL next_reminder(
        policy, due, amount, as_of, segment, profile, prior_profile, calendar_value, last_level,
        last_reminder, sent_count, last_contact, disputed, not_before, promised, preferred) r
WHERE due IS NOT NULL;
ALTER TABLE answer ADD PRIMARY KEY (id);
ANALYZE answer;

-- ours and the reference agree, on every status and tens of thousands of invoices
SELECT count(*) > 29000 AS many,
    count(DISTINCT status) AS statuses,
    count(*) FILTER (WHERE status = 'scheduled') > 13000 AS scheduled,
    count(*) FILTER (WHERE status IS DISTINCT FROM (a).status) AS other_status,
    count(*) FILTER (WHERE reminder_date IS DISTINCT FROM (a).reminder_date) AS other_date,
    count(*) FILTER (WHERE level IS DISTINCT FROM (step ->> 'level')::int) AS other_level,
    count(*) FILTER (WHERE template IS DISTINCT FROM step ->> 'template') AS other_template,
    count(*) FILTER (WHERE channel IS DISTINCT FROM CASE
        WHEN step IS NOT NULL
            THEN CASE
                WHEN (step ->> 'channel_fixed')::boolean THEN step ->> 'channel'
                ELSE coalesce(preferred, step ->> 'channel')
            END
    END) AS other_channel,
    count(*) FILTER (WHERE fee IS DISTINCT FROM coalesce(
        (step ->> 'fee')::numeric, (step ->> 'fee_percent')::numeric * amount / 100)) AS other_fee
FROM answer
JOIN question USING (id);

-- without a due date there is no answer; next_reminder_date is the date alone
SELECT count(*) > 200 AS some,
    bool_and(next_reminder(policy, due, amount, as_of) IS NULL) AS no_answer
FROM question
WHERE due IS NULL;
SELECT count(*) AS other_date
FROM answer
JOIN question USING (id)
WHERE reminder_date IS DISTINCT FROM next_reminder_date(
    policy, due, amount, as_of, segment, profile, prior_profile, calendar_value, last_level,
    last_reminder, sent_count, last_contact, disputed, not_before, promised, preferred);

-- a schedule is the reference asked again and again, each reminder taken as sent on its date
CREATE FUNCTION reference_schedule(q reference_question) RETURNS SETOF reference_answer LANGUAGE plpgsql STABLE AS $$
DECLARE
    answer reference_answer := reference_next(q);
    climbed reference_answer;
BEGIN
    LOOP
        RETURN NEXT answer;
        EXIT WHEN answer.status <> 'scheduled';
        -- what skip_levels passed over is past
        IF (q.rules ->> 'skip_levels')::boolean THEN
            LOOP
                climbed := reference_one_level(q);
                EXIT WHEN climbed.step = answer.step;
                q := reference_after(q, climbed);
            END LOOP;
            q.rules := q.rules - 'skip_levels';
        END IF;
        q := reference_after(q, answer);
        answer := reference_one_level(q);
        EXIT WHEN answer.status <> 'scheduled';
    END LOOP;
END $$;
CREATE TABLE planned AS
SELECT id, s.*
FROM question,
    LATERAL reminder_schedule(
        policy, due, amount, as_of, segment, profile, prior_profile, calendar_value, last_level,
        last_reminder, sent_count, last_contact, disputed, not_before, promised, preferred)
        WITH ORDINALITY s (
            level, reminder_date, channel, template, fee, status, reason, wanted_date, held_by, place)
WHERE due IS NOT NULL AND id <= 12000;
SELECT count(*) > 9000 AS many,
    count(*) FILTER (WHERE p.status IS DISTINCT FROM w.status
        OR p.reminder_date IS DISTINCT FROM w.reminder_date
        OR p.level IS DISTINCT FROM ((q).rules -> 'steps' -> w.step ->> 'level')::int) AS other
FROM planned p
FULL JOIN (
    SELECT id, w.*
    FROM question,
        LATERAL reference_schedule(q) WITH ORDINALITY w (
            status, step, again, reminder_date, lowest, cap, place)
    WHERE due IS NOT NULL AND id <= 12000
) w USING (id, place)
LEFT JOIN question USING (id);

-- is_reminder_due is status = 'scheduled' and reminder_date <= as_of
SELECT count(*) FILTER (WHERE due_now) > 5000 AS often,
    count(*) FILTER (WHERE due_now IS DISTINCT FROM CASE
        WHEN status = 'scheduled' THEN reminder_date <= as_of
        ELSE false
    END) AS other
FROM answer
JOIN question USING (id),
    LATERAL (
        SELECT is_reminder_due(
            policy, due, amount, as_of, segment, profile, prior_profile, calendar_value, last_level,
            last_reminder, sent_count, last_contact, disputed, not_before, promised, preferred)
            AS due_now OFFSET 0
    ) d;

-- and monotone in as_of: what is due stays due, where no start rule takes old items out; but a
-- notice lapses on the due date
SELECT count(*) > 100000 AS many,
    count(*) FILTER (WHERE was_due) > 20000 AS often,
    count(*) FILTER (WHERE was_due AND NOT due_now) AS lapsed
FROM (
    SELECT due_now, lag(due_now) OVER (PARTITION BY id, days >= 0 ORDER BY days) AS was_due
    FROM question,
        generate_series(-20, 120, 7) days,
        LATERAL (
            SELECT is_reminder_due(
                policy, due, amount, due + days, segment, profile, prior_profile, calendar_value,
                last_level, last_reminder, sent_count, last_contact, disputed, not_before, promised)
                AS due_now OFFSET 0
        ) d
    WHERE NOT (q).rules ? 'start' AND id <= 10000
) x;

-- never before the interval, the date set for the invoice, the promise
SELECT count(last_contact) > 2000 AND count(not_before) > 1500 AND count(promised) > 2000 AS often,
    count(*) FILTER (WHERE reminder_date < last_contact + coalesce(
        (step ->> 'min_interval_days')::int, (rules ->> 'min_interval_days')::int, 0)) AS too_soon,
    count(*) FILTER (WHERE reminder_date < not_before) AS before_its_date,
    count(*) FILTER (WHERE reminder_date < promised + coalesce(
            (rules ->> 'promise_grace_days')::int, 0)
        AND (promised - due <= (rules ->> 'promise_max_days')::int
            OR NOT rules ? 'promise_max_days')) AS before_promise
FROM answer
JOIN question USING (id), LATERAL (SELECT (q).rules) r
WHERE status = 'scheduled';

-- habit and roll never carry a date past the cap: where it is later, the step or what nothing
-- overrides has put it there
CREATE TABLE capped AS
SELECT id,
    reminder_date,
    due,
    step,
    q,
    (a).lowest,
    due + coalesce(
        (step ->> 'latest_after_due_days')::int,
        ((q).rules ->> 'latest_after_due_days')::int) AS latest,
    CASE
        WHEN ((q).rules -> 'steps' -> (a).step - 1 ->> 'after_days')::int >= 0 AND (a).step > 0
            THEN coalesce(
                (q).last_reminder, reference_assumed_date(q, (a).step - 1))
    END AS level_before,
    reference_step_date(q, step, (q).last_reminder) AS step_date
FROM answer
JOIN question USING (id)
WHERE status = 'scheduled'
    AND NOT (a).again
    AND NOT ((q).rules ->> 'skip_levels')::boolean
    AND (step ->> 'after_days')::int >= 0
    AND (last_reminder IS NOT NULL OR NOT step ? 'from');
SELECT count(*) > 2500 AS many,
    count(*) FILTER (WHERE reminder_date = latest) > 100 AS often,
    count(*) FILTER (WHERE reminder_date > greatest(latest, step_date, lowest)
        AND NOT (lowest > greatest(latest, step_date))) AS beyond
FROM capped
WHERE latest IS NOT NULL;

-- a business day when a calendar is given and the cap leaves one
SELECT count(*) > 2500 AS many,
    count(*) FILTER (WHERE NOT works) > 20 AS sometimes_not,
    count(*) FILTER (WHERE NOT works
        AND (last_day IS NULL
            OR EXISTS (
                SELECT FROM generate_series(0, last_day - first_day) n
                WHERE reference_works((q).calendar, first_day + n)
            ))) AS none_though_there_is
FROM (
    SELECT *,
        reference_works((q).calendar, reminder_date) AS works,
        greatest(lowest, due, level_before + 2) AS first_day,
        CASE
            WHEN lowest > greatest(latest, step_date) THEN NULL
            ELSE greatest(latest, step_date)
        END AS last_day
    FROM (
        SELECT *, CASE WHEN latest IS NOT NULL THEN greatest(latest, step_date) END AS cap
        FROM capped
    ) c
    WHERE (q).calendar IS NOT NULL
        AND coalesce((q).rules ->> 'roll', '') <> 'unadjusted'
        AND latest IS NOT NULL
) x;
SELECT count(*) > 1000 AS many, bool_and(is_business_day(calendar_value, reminder_date)) AS always
FROM capped
JOIN question USING (id)
WHERE latest IS NULL
    AND calendar_value IS NOT NULL
    AND coalesce((capped.q).rules ->> 'roll', '') <> 'unadjusted';

-- without skip_levels and start the date does not depend on as_of; with notices, not on either side of the due date
SELECT count(*) > 20000 AS many, count(*) FILTER (WHERE one IS DISTINCT FROM other) AS different
FROM question,
    (VALUES (-300, -1), (0, 400)) side (from_day, to_day),
    LATERAL (
        SELECT next_reminder_date(
                policy, due, amount, due + from_day, segment, profile, prior_profile,
                calendar_value, last_level, last_reminder, sent_count, last_contact, disputed,
                not_before, promised) AS one,
            next_reminder_date(
                policy, due, amount, due + to_day, segment, profile, prior_profile, calendar_value,
                last_level, last_reminder, sent_count, last_contact, disputed, not_before, promised)
                AS other OFFSET 0
    ) d
WHERE NOT (q).rules ? 'start' AND NOT ((q).rules ->> 'skip_levels')::boolean;
SELECT count(*) > 10000 AS many, count(*) FILTER (WHERE one IS DISTINCT FROM other) AS different
FROM question,
    LATERAL (
        SELECT next_reminder_date(
                policy, due, amount, as_of, segment, profile, prior_profile, calendar_value,
                last_level, last_reminder, sent_count, last_contact, disputed, not_before, promised)
                AS one,
            next_reminder_date(
                policy, due, amount, NULL, segment, profile, prior_profile, calendar_value,
                last_level, last_reminder, sent_count, last_contact, disputed, not_before, promised)
                AS other OFFSET 0
    ) d
WHERE NOT (q).rules ? 'start'
    AND NOT ((q).rules ->> 'skip_levels')::boolean
    AND NOT jsonb_path_exists((q).rules, '$.steps[*] ? (@.after_days < 0)');

-- a notice never goes out on the due date or after it, a level never before it
SELECT count(*) FILTER (WHERE notice) > 300 AS notices,
    count(*) FILTER (WHERE notice AND reminder_date >= due) AS late_notices,
    count(*) FILTER (WHERE NOT notice AND reminder_date < due) AS early_levels
FROM answer
JOIN question USING (id), LATERAL (SELECT (step ->> 'after_days')::int < 0 AS notice) n
WHERE status = 'scheduled';

-- A plan that runs on some days only: whatever is due goes out, and is written down.
CREATE FUNCTION ran(asked question, most_days int)
    RETURNS TABLE (place int, level int, day date, wanted date) LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    plan reminder_plan;
    level_now int := NULL;
    sent date;
    contact date;
    count int := 0;
BEGIN
    place := 0;
    day := asked.due - 20;
    WHILE day < asked.due + 700 LOOP
        plan := next_reminder(
            asked.policy, asked.due, NULL, day, asked.segment, asked.profile, asked.prior_profile,
            asked.calendar_value, level_now, sent, count, contact, false, asked.not_before,
            asked.promised);
        IF plan.status = 'scheduled' AND plan.reminder_date <= day THEN
            place := place + 1;
            level := plan.level;
            wanted := plan.reminder_date;
            RETURN NEXT;
            level_now := level;
            sent := day;
            IF jsonb_path_exists(
                (asked.q).rules,
                '$.steps[*] ? (@.level == $level && @.after_days >= 0)',
                jsonb_build_object('level', level)) THEN
                count := count + 1;
                contact := day;
            END IF;
        END IF;
        EXIT WHEN plan.status NOT IN ('scheduled');
        day := day + pick(1, most_days);
    END LOOP;
END $$;
CREATE TABLE run AS
SELECT id,
    most_days,
    ran.*,
    (
        SELECT s
        FROM jsonb_array_elements(rules -> 'steps') s
        WHERE (s ->> 'level')::int = ran.level
    ) AS step
FROM question,
    LATERAL (SELECT (q).rules) r,
    LATERAL (SELECT CASE WHEN id % 2 = 0 THEN 1 ELSE 6 END AS most_days) m,
    LATERAL ran(question, most_days)
WHERE due IS NOT NULL
    AND id <= 1500
    AND NOT (rules ->> 'hold')::boolean
    AND NOT (rules ->> 'skip_levels')::boolean
    AND NOT rules ? 'start';
-- each level once and in order, the last one as often as it repeats
SELECT count(*) > 1500 AS many,
    count(*) FILTER (WHERE level < before) AS out_of_order,
    count(*) FILTER (WHERE level = before AND NOT step ? 'repeat_every_days') AS twice,
    count(*) FILTER (WHERE day < wanted) AS early
FROM (SELECT *, lag(level) OVER (PARTITION BY id ORDER BY place) AS before FROM run) x;
-- at the interval
SELECT count(*) > 500 AS many,
    count(*) FILTER (WHERE day - before < coalesce(
        (step ->> 'min_interval_days')::int, (rules ->> 'min_interval_days')::int, 0)) AS too_soon
FROM (
    SELECT *, lag(day) OVER (PARTITION BY id ORDER BY place) AS before
    FROM run
    WHERE (step ->> 'after_days')::int >= 0
) x
JOIN question USING (id), LATERAL (SELECT (q).rules) r
WHERE before IS NOT NULL;
-- none is lost: as many as the policy has, or as it allows
SELECT count(*) > 500 AS many,
    count(*) FILTER (WHERE coalesce(sent, 0) <> CASE
        WHEN repeats THEN most
        ELSE least(levels, most)
    END) AS lost
FROM question,
    LATERAL (SELECT (q).rules) r,
    LATERAL (
        SELECT (rules ->> 'max_reminders')::int AS most,
            rules #> '{steps,-1}' ? 'repeat_every_days' AS repeats,
            (
                SELECT count(*)
                FROM jsonb_array_elements(rules -> 'steps') s
                WHERE (s ->> 'after_days')::int >= 0
            ) AS levels
    ) p
LEFT JOIN LATERAL (
    SELECT count(*) AS sent
    FROM run
    WHERE run.id = question.id AND (step ->> 'after_days')::int >= 0
) s ON true
WHERE due IS NOT NULL
    AND id <= 1500
    AND NOT (rules ->> 'hold')::boolean
    AND NOT (rules ->> 'skip_levels')::boolean
    AND NOT rules ? 'start'
    AND levels > 0;

-- with a cap and a repeated last step nothing goes out on consecutive days, unless that is what the step says
SELECT count(*) > 600 AS many, count(*) FILTER (WHERE day - before < 2) AS consecutive
FROM (
    SELECT id,
        level,
        reminder_date AS day,
        lag(reminder_date) OVER w AS before,
        lag(level) OVER w AS level_before
    FROM planned
    WINDOW w AS (PARTITION BY id ORDER BY place)
    UNION ALL
    SELECT id, level, day, lag(day) OVER w, lag(level) OVER w
    FROM run
    WINDOW w AS (PARTITION BY id ORDER BY place)
) x
JOIN question USING (id), LATERAL (SELECT (q).rules, (q).rules #> '{steps,-1}' AS last_step) r
WHERE level = level_before
    AND (rules ? 'latest_after_due_days' OR last_step ? 'latest_after_due_days')
    AND (last_step ->> 'repeat_every_days')::int > 1;

DROP SCHEMA reminder_oracle CASCADE;
