-- Generated policies, customers, calendars and invoices. Every run makes the same ones.
SELECT setseed(0.25) \g /dev/null

CREATE FUNCTION pick(from_number int, to_number int) RETURNS int LANGUAGE sql VOLATILE AS $$
    SELECT from_number + floor(random() * (to_number - from_number + 1))::int;
$$;
CREATE FUNCTION chance(percent int) RETURNS boolean LANGUAGE sql VOLATILE AS $$
    SELECT random() * 100 < percent;
$$;

CREATE FUNCTION generated_step(notice boolean, level int, before jsonb) RETURNS jsonb LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    after int := CASE WHEN notice THEN -pick(1, 12) ELSE pick(0, 12) END;
    unit text := CASE WHEN chance(25) THEN 'business_days' ELSE 'days' END;
    previous boolean := NOT notice AND (before ->> 'after_days')::int >= 0 AND chance(50);
BEGIN
    -- levels that count from the due date ascend
    IF before IS NOT NULL AND NOT coalesce(previous, false) AND NOT before ? 'from' THEN
        unit := before ->> 'unit';
        after := greatest(after, (before ->> 'after_days')::int + 1);
        IF notice THEN
            after := least(after, -1);
        END IF;
    END IF;
    RETURN jsonb_strip_nulls(jsonb_build_object(
        'level', level, 'after_days', after, 'unit', unit,
        'from', CASE WHEN previous THEN 'previous_reminder' END,
        'end_of_month', CASE WHEN NOT notice AND chance(12) THEN true END,
        'channel', CASE WHEN chance(50) THEN 'letter' END,
        'template', CASE WHEN chance(30) THEN 'template ' || level END,
        'fee', CASE WHEN level % 2 = 0 AND chance(30) THEN round(pick(0, 3000) / 100.0, 2) END,
        'fee_percent', CASE WHEN level % 2 <> 0 AND chance(30) THEN round(pick(0, 1500) / 100.0, 2) END,
        'min_amount', CASE WHEN chance(15) THEN round(pick(0, 20000) / 100.0, 2) END,
        'min_interval_days', CASE WHEN chance(15) THEN pick(0, 12) END,
        'latest_after_due_days', CASE WHEN NOT notice AND chance(15) THEN pick(0, 25) END));
END $$;

CREATE FUNCTION generated_steps() RETURNS jsonb LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    steps jsonb := '[]';
    level int := pick(-1, 0);
BEGIN
    FOR i IN 1 .. CASE WHEN chance(25) THEN pick(1, 2) ELSE 0 END LOOP
        EXIT WHEN (steps -> -1 ->> 'after_days')::int >= -1;
        steps := steps || generated_step(true, level, steps -> -1);
        level := level + pick(1, 2);
    END LOOP;
    level := greatest(level, 1);
    FOR i IN 1 .. CASE WHEN chance(95) THEN pick(1, 4) ELSE 0 END LOOP
        steps := steps || generated_step(false, level, steps -> -1);
        IF steps -> -1 ? 'channel' AND chance(30) THEN
            steps := jsonb_set(steps, '{-1,channel_fixed}', 'true');
        END IF;
        level := level + CASE WHEN chance(90) THEN 1 ELSE pick(2, 12) END;
    END LOOP;
    IF (steps -> -1 ->> 'after_days')::int >= 0 AND chance(30) THEN
        steps := jsonb_set(steps, '{-1,repeat_every_days}', to_jsonb(pick(1, 15)));
    END IF;
    RETURN steps;
END $$;

-- Keys with null: for an entry they take the key away, for a policy they are as good as left out.
CREATE FUNCTION generated_settings() RETURNS jsonb LANGUAGE sql VOLATILE AS $$
    SELECT jsonb_build_object(
        'steps', generated_steps(), 'wait',
        CASE
            WHEN chance(60)
                THEN jsonb_build_object(
                    'within_days', pick(1, 12), 'min_share', pick(1, 20) * 0.05, 'until_days',
                    pick(0, 25))
        END,
        'payment_day',
        CASE
            WHEN chance(30)
                THEN jsonb_build_object(
                    'min_share', pick(1, 10) * 0.1, 'min_payments', pick(1, 6), 'grace_days',
                    pick(0, 3), 'within_days', pick(0, 31))
        END,
        'structural_shift',
        CASE
            WHEN chance(25)
                THEN jsonb_build_object(
                    'max_days', pick(1, 20), 'min_items', pick(1, 10), 'max_spread_days',
                    pick(0, 10))
        END,
        'min_interval_days',
        CASE WHEN chance(60) THEN pick(0, 10) END,
        'min_amount',
        CASE WHEN chance(30) THEN round(pick(0, 10000) / 100.0, 2) END,
        'max_reminders', pick(1, 6), 'latest_after_due_days',
        CASE WHEN chance(50) THEN pick(0, 30) END,
        'roll',
        (ARRAY[
            'following', 'modified_following', 'preceding', 'modified_preceding', 'nearest',
            'unadjusted', NULL])[pick(1, 7)],
        'promise_grace_days',
        CASE WHEN chance(50) THEN pick(0, 5) END,
        'promise_max_days',
        CASE WHEN chance(50) THEN pick(0, 60) END,
        'skip_levels', chance(25), 'start',
        CASE
            WHEN chance(25)
                THEN jsonb_build_object(
                    'older_than_days', pick(0, 60), 'status',
                    (ARRAY['review', 'on_hold', 'no_reminder'])[pick(1, 3)])
        END,
        'hold', chance(3));
$$;

CREATE FUNCTION generated_policy() RETURNS jsonb LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    policy jsonb := generated_settings();
    entry jsonb;
    entries jsonb := '{}';
BEGIN
    FOR i IN 1 .. pick(0, 2) LOOP
        SELECT jsonb_object_agg(key, value) FILTER (WHERE chance(40)) INTO entry FROM jsonb_each(generated_settings())
        WHERE key <> 'max_reminders';  -- a repeated step needs one
        entries := entries || jsonb_build_object('segment ' || i, coalesce(entry, '{}'));
    END LOOP;
    RETURN CASE WHEN chance(60) THEN policy || jsonb_build_object('segments', entries) ELSE policy END;
END $$;

CREATE TABLE case_policy AS
SELECT id, rules, rules::text::dunning_policy AS policy
FROM (SELECT id, generated_policy() AS rules FROM generate_series(1, 1500) id OFFSET 0) g;

-- How customers pay: regularly, at random, on a day of the month, now and then very late, on two days of the month,
-- on a weekday; some not at all yet.
CREATE TABLE case_payment AS
SELECT customer,
    due,
    CASE style
        WHEN 0 THEN due + usual
        WHEN 1 THEN due + pick(-20, 60)
        WHEN 2 THEN (date_trunc('month', due) + interval '1 month' * pick(0, 1))::date + usual
        WHEN 5
            THEN (date_trunc('month', due) + interval '1 month')::date + CASE
                WHEN chance(50) THEN usual
                ELSE (usual + 14) % 28
            END
        WHEN 6 THEN due + 7 * pick(0, 3) - extract(isodow FROM due)::int + usual % 5 + 1
        WHEN 3 THEN due + CASE WHEN chance(20) THEN 500 ELSE usual END
        ELSE due + usual + pick(-2, 2)
    END AS paid
FROM (
    SELECT customer, pick(0, 6) AS style, pick(0, 27) AS usual, pick(0, 25) AS items
    FROM generate_series(1, 400) customer OFFSET 0
) c,
    LATERAL (
        SELECT date '2024-01-01' + pick(customer * 0, 700) AS due
        FROM generate_series(1, items) OFFSET 0
    ) d;
CREATE TABLE case_customer AS
SELECT customer, array_agg(paid - due) AS late, payment_profile(due, paid) AS profile
FROM case_payment GROUP BY customer;
ALTER TABLE case_customer ADD PRIMARY KEY (customer);

INSERT INTO reference_calendar
SELECT 'calendar ' || id,
    CASE
        WHEN chance(10) THEN '{1,2,3,5,6,7}'
        WHEN chance(10) THEN '{}'
        WHEN chance(10) THEN '{5,6}'
        ELSE '{6,7}'
    END::int[]
FROM generate_series(1, 60) id;
INSERT INTO reference_holiday
SELECT DISTINCT name, date '2025-11-01' + pick(length(name) * 0, 400)
FROM reference_calendar, LATERAL generate_series(1, pick(length(name) * 0, 90));
CREATE TABLE case_calendar AS
SELECT name,
    make_business_calendar(
        coalesce((SELECT array_agg(holiday) FROM reference_holiday h WHERE h.name = c.name), '{}'),
        weekend) AS calendar
FROM reference_calendar c;
ALTER TABLE case_calendar ADD PRIMARY KEY (name);

-- Of every argument some are NULL; some have its default.
CREATE TABLE case_invoice AS
SELECT id,
    policy_id,
    CASE WHEN chance(40) THEN 'segment ' || pick(1, 3) END AS segment,
    CASE WHEN NOT chance(1) THEN due END AS due,
    CASE
        WHEN chance(90)
            THEN CASE
                WHEN chance(2) THEN pick(-1, 0)
                ELSE round(pick(1, 15000) / 100.0, 2)
            END
    END AS amount,
    CASE WHEN chance(80) THEN due + pick(-20, 120) END AS as_of,
    CASE WHEN chance(75) THEN pick(1, 400) END AS customer,
    CASE WHEN chance(40) THEN pick(1, 400) END AS prior,
    CASE WHEN chance(75) THEN 'calendar ' || pick(1, 60) END AS calendar,
    CASE WHEN chance(10) THEN NULL WHEN chance(50) THEN 0 ELSE pick(-2, 5) END AS last_level,
    CASE WHEN chance(40) THEN due + pick(-15, 50) END AS last_reminder,
    CASE WHEN chance(25) THEN pick(0, 7) END AS sent_count,
    CASE WHEN chance(20) THEN due + pick(-20, 50) END AS last_contact,
    CASE WHEN chance(80) THEN chance(3) END AS disputed,
    CASE WHEN chance(15) THEN due + pick(-20, 50) END AS not_before,
    CASE WHEN chance(20) THEN due + pick(-10, 70) END AS promised,
    CASE WHEN chance(30) THEN 'portal' END AS preferred
FROM (
    SELECT id, pick(1, 1500) AS policy_id, date '2025-12-01' + pick(0, 300) AS due
    FROM generate_series(1, 30000) id OFFSET 0
) g;

-- The same question to both.
CREATE TABLE question AS
SELECT i.*,
    policy,
    c.profile,
    p.profile AS prior_profile,
    k.calendar AS calendar_value,
    ROW(
        rules, i.due, amount, as_of, c.late, p.late,
        CASE WHEN habit LIKE 'the %' THEN payment_days(c.profile, min_share, min_payments) END,
        CASE WHEN habit LIKE '%days' THEN payment_weekday(c.profile, min_share, min_payments) END,
        structural_days_late(
            c.profile,
            (rules #>> '{structural_shift,min_items}')::int,
            (rules #>> '{structural_shift,max_spread_days}')::int),
        i.calendar, coalesce(last_level, 0), last_reminder, sent_count, last_contact,
        coalesce(disputed, false), not_before, promised)::reference_question AS q
FROM case_invoice i
JOIN LATERAL (
    SELECT policy, reference_rules(rules, segment) AS rules
    FROM case_policy
    WHERE case_policy.id = policy_id
) r ON true
LEFT JOIN case_customer c USING (customer)
CROSS JOIN LATERAL (
    SELECT (rules #>> '{payment_day,min_share}')::float8 AS min_share,
        (rules #>> '{payment_day,min_payments}')::int AS min_payments
) run
CROSS JOIN LATERAL (SELECT payment_habit(c.profile, min_share, min_payments) AS habit) h
LEFT JOIN case_customer p ON p.customer = i.prior
LEFT JOIN case_calendar k ON k.name = i.calendar;
ALTER TABLE question ADD PRIMARY KEY (id);
ANALYZE question;
