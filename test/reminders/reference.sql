-- The five rules of reminder dates once more, slow and obvious: written from their description, not from
-- the code. Payments come as arrays of days late, holidays from a table, days are walked one by one.

-- Holidays by name of calendar, and which days of the week it does not work. A calendar without a row in
-- reference_calendar does not exist: every day is a business day.
CREATE TABLE reference_calendar (name text PRIMARY KEY, weekend int[] NOT NULL);
CREATE TABLE reference_holiday (name text, holiday date, PRIMARY KEY (name, holiday));

CREATE TYPE reference_question AS (
    rules jsonb,                -- of the policy, the segment's entry laid over it
    due date, amount numeric, as_of date,
    paid_late int[],            -- days late of the customer's timed items
    prior_late int[],
    payment_days int[],         -- of the month
    payment_weekday int,        -- or of the week
    structural int,
    calendar text,
    last_level int, last_reminder date, sent_count int, last_contact date,
    disputed boolean, not_before date, promised date
);
CREATE TYPE reference_answer AS (
    status text, step int, again boolean, reminder_date date,  -- step: position in the list, from 0
    lowest date, cap date                                      -- what rules 4 and 3 say
);

CREATE FUNCTION reference_rules(policy jsonb, segment text) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
    SELECT jsonb_strip_nulls((policy - 'segments') || coalesce(policy -> 'segments' -> segment, '{}'));
$$;

CREATE FUNCTION reference_works(calendar text, day date) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN NOT EXISTS (SELECT FROM reference_holiday h WHERE h.name = calendar AND h.holiday = day)
        AND NOT EXISTS (
            SELECT FROM reference_calendar c
            WHERE c.name = calendar AND extract(isodow FROM day)::int = ANY (c.weekend)
        );
END $$;

-- The next business day in steps of +1 or -1, the day itself included.
CREATE FUNCTION reference_walk(calendar text, day date, step int) RETURNS date LANGUAGE plpgsql STABLE AS $$
BEGIN
    WHILE NOT reference_works(calendar, day) LOOP
        day := day + step;
    END LOOP;
    RETURN day;
END $$;

CREATE FUNCTION reference_roll(calendar text, day date, convention text) RETURNS date LANGUAGE plpgsql STABLE AS $$
DECLARE
    forward date := reference_walk(calendar, day, 1);
    back date := reference_walk(calendar, day, -1);
BEGIN
    CASE convention
        WHEN 'following' THEN RETURN forward;
        WHEN 'preceding' THEN RETURN back;
        WHEN 'modified_following' THEN
            RETURN CASE WHEN date_trunc('month', forward) = date_trunc('month', day) THEN forward ELSE back END;
        WHEN 'modified_preceding' THEN
            RETURN CASE WHEN date_trunc('month', back) = date_trunc('month', day) THEN back ELSE forward END;
        WHEN 'nearest' THEN RETURN CASE WHEN forward - day <= day - back THEN forward ELSE back END;
        ELSE RETURN day;
    END CASE;
END $$;

-- n business days on; 0 rolls forward.
CREATE FUNCTION reference_add(calendar text, day date, n int) RETURNS date LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF n = 0 THEN
        RETURN reference_walk(calendar, day, 1);
    END IF;
    FOR i IN 1 .. abs(n) LOOP
        day := reference_walk(calendar, day + sign(n)::int, sign(n)::int);
    END LOOP;
    RETURN day;
END $$;

CREATE FUNCTION reference_month_end(day date) RETURNS date LANGUAGE sql IMMUTABLE AS $$
    SELECT (date_trunc('month', day) + interval '1 month - 1 day')::date;
$$;

-- The payment day of day's month: 31 is the last of a short month, -1 the last of any.
CREATE FUNCTION reference_payment_day(month date, payment_day int) RETURNS date LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN payment_day > 0
                THEN least(date_trunc('month', month)::date + payment_day - 1, reference_month_end(month))
                ELSE greatest(reference_month_end(month) + payment_day + 1, date_trunc('month', month)::date) END;
$$;

-- Rule 1: what the step says, counted from the due date or from the reminder before it.
CREATE FUNCTION reference_step_date(q reference_question, step jsonb, before date)
    RETURNS date LANGUAGE plpgsql STABLE AS $$
DECLARE
    days int := (step ->> 'after_days')::int;
    base date := CASE WHEN step ->> 'from' = 'previous_reminder' THEN before ELSE q.due END;
    day date := CASE
        WHEN step ->> 'unit' = 'business_days' THEN reference_add(q.calendar, base, days)
        ELSE base + days
    END;
BEGIN
    IF (step ->> 'end_of_month')::boolean THEN
        day := reference_month_end(day);
    END IF;
    RETURN CASE WHEN days < 0 THEN day ELSE greatest(day, q.due) END;
END $$;

-- The date that a level had by rule 1, when nobody knows when it went out.
CREATE FUNCTION reference_assumed_date(q reference_question, at int)
    RETURNS date LANGUAGE plpgsql STABLE AS $$
DECLARE
    step jsonb := q.rules -> 'steps' -> at;
BEGIN
    RETURN reference_step_date(
        q, step,
        CASE WHEN step ->> 'from' = 'previous_reminder' THEN reference_assumed_date(q, at - 1) END);
END $$;

-- Rule 2, wait: day after day, while the share of those who then paid soon is large enough.
CREATE FUNCTION reference_wait(q reference_question, day date) RETURNS date LANGUAGE plpgsql STABLE AS $$
DECLARE
    within int := q.rules #>> '{wait,within_days}';
    share numeric := q.rules #>> '{wait,min_share}';
    until date := q.due + (q.rules #>> '{wait,until_days}')::int;
    n numeric;
    k numeric;
    prior_n numeric;
    prior_k numeric;
BEGIN
    WHILE day < until LOOP
        SELECT count(*) FILTER (WHERE late >= day - q.due),
               count(*) FILTER (WHERE late BETWEEN day - q.due AND day - q.due + within)
        INTO n, k FROM unnest(q.paid_late) late;
        SELECT count(*) FILTER (WHERE late >= day - q.due),
               count(*) FILTER (WHERE late BETWEEN day - q.due AND day - q.due + within)
        INTO prior_n, prior_k FROM unnest(q.prior_late) late;
        -- (k + w q) / (n + w) >= share, without dividing
        IF prior_n > 0 THEN
            EXIT WHEN k * prior_n + 4 * prior_k < share * (n + 4) * prior_n;
        ELSE
            EXIT WHEN k < share * (n + 1);
        END IF;
        day := day + 1;
    END LOOP;
    RETURN day;
END $$;

-- Rule 2, payment day: the customer pays on the business day that a day of its run is moved to.
CREATE FUNCTION reference_next_payment(q reference_question) RETURNS date LANGUAGE sql STABLE AS $$
    SELECT min(pays)
    FROM (
        SELECT reference_payment_day(
            (date_trunc('month', q.due) + month * interval '1 month')::date, payment_day) AS day
        FROM generate_series(-3, 12) month, unnest(q.payment_days) payment_day
        UNION ALL
        SELECT q.due + n
        FROM generate_series(-60, 60) n
        WHERE extract(isodow FROM q.due + n) = q.payment_weekday
    ) run,
        reference_walk(q.calendar, day, 1) pays
    WHERE pays >= q.due;
$$;

-- Rules 2 to 5 for a step whose date by rule 1 is day. NULL where a notice has no place before the due date.
CREATE FUNCTION reference_date(
    q reference_question, step jsonb, first boolean, again boolean, day date, before date,
    notice_before boolean, OUT reminder_date date, OUT lowest date, OUT cap date)
    LANGUAGE plpgsql STABLE AS $$
DECLARE
    notice boolean := (step ->> 'after_days')::int < 0;
    latest int := coalesce(step ->> 'latest_after_due_days', q.rules ->> 'latest_after_due_days');
    contact date := coalesce(q.last_contact, CASE WHEN NOT notice_before THEN q.last_reminder END);
    level_before date := CASE WHEN NOT first THEN before END;
    least_day date;
    wanted date := day;
    pays date;
    rolled date;
BEGIN
    IF first AND q.rules ? 'wait' THEN
        wanted := greatest(wanted, reference_wait(q, day));
    END IF;
    IF first AND q.rules ? 'payment_day' THEN
        pays := reference_next_payment(q);
        IF pays - q.due <= (q.rules #>> '{payment_day,within_days}')::int THEN
            wanted := greatest(wanted, pays + (q.rules #>> '{payment_day,grace_days}')::int);
        END IF;
    END IF;
    IF first AND q.rules ? 'structural_shift' AND q.structural IS NOT NULL THEN
        wanted := greatest(wanted, day + least(q.structural, (q.rules #>> '{structural_shift,max_days}')::int));
    END IF;
    cap := greatest(day, q.due + latest);  -- infinity is not needed: NULL is no cap
    IF latest IS NULL OR notice THEN
        cap := NULL;
    END IF;
    wanted := least(wanted, cap);
    lowest := greatest(
        contact + coalesce(
            (step ->> 'min_interval_days')::int, (q.rules ->> 'min_interval_days')::int, 0),
        q.not_before,
        CASE
            WHEN q.promised - q.due <= (q.rules ->> 'promise_max_days')::int
                OR NOT q.rules ? 'promise_max_days'
                THEN q.promised + coalesce((q.rules ->> 'promise_grace_days')::int, 0)
        END);
    reminder_date := greatest(wanted, lowest);
    IF reminder_date > cap THEN
        cap := NULL;
    END IF;
    IF notice THEN
        rolled := reference_walk(q.calendar, reminder_date, -1);
        IF coalesce(q.rules ->> 'roll', 'following') <> 'unadjusted' THEN
            IF rolled < lowest THEN
                rolled := reference_walk(q.calendar, reminder_date, 1);
            END IF;
            IF rolled < q.due THEN
                reminder_date := rolled;
            END IF;
        END IF;
        IF reminder_date >= q.due THEN
            reminder_date := NULL;
        END IF;
        RETURN;
    END IF;
    IF coalesce(q.rules ->> 'roll', 'following') = 'unadjusted' THEN
        RETURN;
    END IF;
    -- As the convention says; where that may not be, the other way; where neither may be, not at all.
    -- From the second level on never back onto the reminder before, nor onto the day after it.
    least_day := greatest(lowest, q.due, level_before + 2);
    SELECT d
    INTO rolled
    FROM (VALUES
        (1, reference_roll(q.calendar, reminder_date, coalesce(q.rules ->> 'roll', 'following'))),
        (2, reference_walk(q.calendar, reminder_date, 1)),
        (3, reference_walk(q.calendar, reminder_date, -1))) c (nr, d)
    WHERE (d >= least_day OR d > reminder_date) AND (d <= cap OR cap IS NULL)
    ORDER BY nr
    LIMIT 1;
    reminder_date := coalesce(rolled, reminder_date);
END $$;

-- Steps after the due date up to a level: so many reminders have gone out, where nobody counted them.
CREATE FUNCTION reference_levels_sent(steps jsonb, last_level int) RETURNS int LANGUAGE sql IMMUTABLE AS $$
    SELECT count(*)::int
    FROM jsonb_array_elements(steps) s
    WHERE (s ->> 'after_days')::int >= 0 AND (s ->> 'level')::int <= last_level;
$$;

-- What comes next, levels climbed one at a time.
CREATE FUNCTION reference_one_level(q reference_question)
    RETURNS reference_answer LANGUAGE plpgsql STABLE AS $$
DECLARE
    steps jsonb := coalesce(q.rules -> 'steps', '[]');
    count int := jsonb_array_length(steps);
    first int;        -- position of the first level after the due date
    last int;         -- of the last step that went out
    before date;
    notice_before boolean;
    sent int;
    step jsonb;
    answer reference_answer;
    d record;
BEGIN
    IF q.amount <= 0 THEN
        answer.status := 'settled';
        RETURN answer;
    END IF;
    IF count = 0 THEN
        answer.status := 'no_reminder';
        RETURN answer;
    END IF;
    SELECT min(i) INTO first FROM generate_series(0, count - 1) i WHERE (steps -> i ->> 'after_days')::int >= 0;
    IF q.last_level <> 0 OR q.last_reminder IS NOT NULL THEN
        SELECT max(i)
        INTO last
        FROM generate_series(0, count - 1) i
        WHERE (steps -> i ->> 'level')::int <= q.last_level;
    END IF;
    -- a notice: by its level, or numbered 0 or less and sent before the due date
    notice_before := q.last_level <> 0 AND EXISTS (SELECT FROM jsonb_array_elements(steps) s
                         WHERE (s ->> 'after_days')::int < 0 AND (s ->> 'level')::int = q.last_level)
                  OR q.last_level <= 0 AND coalesce(q.last_reminder < q.due, false);
    -- sent on a day that nobody wrote down
    IF q.last_reminder IS NULL AND last >= first AND q.last_level > 0 THEN
        q.last_reminder := reference_assumed_date(q, last);
    END IF;
    before := coalesce(q.last_reminder, q.due);
    sent := coalesce(q.sent_count, reference_levels_sent(steps, q.last_level));
    answer.step := coalesce(last + 1, 0);
    answer.again := false;

    -- notices that have lapsed, or are not worth it, are left out
    WHILE answer.step < count AND (steps -> answer.step ->> 'after_days')::int < 0 LOOP
        step := steps -> answer.step;
        d := reference_date(q, step, false, false, reference_step_date(q, step, NULL), NULL, notice_before);
        EXIT WHEN d.reminder_date IS NOT NULL
            AND (q.as_of < q.due OR q.as_of IS NULL)
            AND (q.amount >= (step ->> 'min_amount')::numeric
                OR (q.amount >= (step ->> 'min_amount')::numeric) IS NULL);
        answer.step := answer.step + 1;
    END LOOP;
    IF answer.step = count THEN
        answer.step := NULL;
        IF first IS NOT NULL AND steps -> (count - 1) ? 'repeat_every_days' THEN
            answer.step := count - 1;
            answer.again := true;
        END IF;
    END IF;
    step := steps -> answer.step;

    IF sent >= (q.rules ->> 'max_reminders')::int AND (step ->> 'after_days')::int >= 0 THEN
        step := NULL;
        answer.step := NULL;
        answer.again := false;
    END IF;
    answer.status := CASE
        WHEN q.disputed OR (q.rules ->> 'hold')::boolean THEN 'on_hold'
        WHEN q.amount < (q.rules ->> 'min_amount')::numeric THEN 'below_minimum'
        WHEN step IS NULL THEN CASE WHEN first IS NULL THEN 'no_reminder' ELSE 'final' END
        WHEN answer.step = first AND NOT answer.again AND q.as_of - q.due > (q.rules #>> '{start,older_than_days}')::int
            THEN q.rules #>> '{start,status}'
        WHEN q.amount < (step ->> 'min_amount')::numeric THEN 'below_minimum'
        ELSE 'scheduled' END;
    IF answer.status = 'scheduled' THEN
        d := reference_date(
            q, step,
            answer.step = first AND NOT answer.again,
            answer.again,
            CASE
                WHEN answer.again THEN greatest(before + (step ->> 'repeat_every_days')::int, q.due)
                ELSE reference_step_date(q, step, before)
            END,
            before, notice_before);
        answer.reminder_date := d.reminder_date;
        answer.lowest := d.lowest;
        answer.cap := d.cap;
    END IF;
    RETURN answer;
END $$;

-- What is known once a reminder has gone out on its date.
CREATE FUNCTION reference_after(q reference_question, answer reference_answer)
    RETURNS reference_question LANGUAGE plpgsql STABLE AS $$
DECLARE
    steps jsonb := q.rules -> 'steps';
    notice boolean := (steps -> answer.step ->> 'after_days')::int < 0;
    sent int := q.sent_count;
BEGIN
    IF sent IS NULL THEN
        sent := reference_levels_sent(steps, q.last_level);
    END IF;
    q.last_level := steps -> answer.step ->> 'level';
    q.last_reminder := answer.reminder_date;
    IF NOT notice THEN
        q.last_contact := greatest(q.last_contact, answer.reminder_date);
        sent := sent + 1;
    END IF;
    q.sent_count := sent;
    RETURN q;
END $$;

CREATE FUNCTION reference_next(q reference_question) RETURNS reference_answer LANGUAGE plpgsql STABLE AS $$
DECLARE
    answer reference_answer := reference_one_level(q);
    higher reference_answer;
BEGIN
    IF (q.rules ->> 'skip_levels')::boolean THEN
        WHILE answer.status = 'scheduled' AND answer.reminder_date <= q.as_of LOOP
            q := reference_after(q, answer);
            higher := reference_one_level(q);
            EXIT WHEN higher.status <> 'scheduled' OR higher.again OR higher.reminder_date > q.as_of;
            answer := higher;
        END LOOP;
    END IF;
    RETURN answer;
END $$;
