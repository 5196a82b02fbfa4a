-- The five rules for a first reminder as a careful user would write them: the settings in one row, the
-- levels and the holidays in tables with primary keys, one query for the whole wait, days late as an array.
CREATE TABLE dunning_level (
    level int PRIMARY KEY, after_days int NOT NULL, from_previous boolean NOT NULL,
    min_amount numeric);
INSERT INTO dunning_level VALUES (1, 5, false, NULL), (2, 14, true, NULL), (3, 10, true, 250);
CREATE TABLE dunning_setting AS
SELECT 10 AS within_days, 0.4 AS min_share, 21 AS until_days, 7 AS min_interval_days,
    25 AS min_amount, 5 AS max_reminders, 45 AS latest_after_due_days, 2 AS promise_grace_days,
    60 AS promise_max_days, 90 AS start_after_days;
ALTER TABLE holiday ADD PRIMARY KEY (holiday);
ANALYZE dunning_level, dunning_setting, holiday;

CREATE FUNCTION plain_is_business_day(day date) RETURNS boolean STABLE LANGUAGE sql
    RETURN extract(isodow FROM day) < 6 AND NOT EXISTS (SELECT FROM holiday WHERE holiday = day);

CREATE FUNCTION plain_next_reminder_date(
    due_date date, open_amount numeric, as_of date, days_late int[], last_level int DEFAULT 0,
    last_reminder_date date DEFAULT NULL, last_contact_date date DEFAULT NULL,
    disputed boolean DEFAULT false, not_before date DEFAULT NULL, promised_date date DEFAULT NULL)
    RETURNS date STABLE LANGUAGE plpgsql AS $$
DECLARE
    setting dunning_setting;
    step dunning_level;
    step_day date;
    day date;
    rolled date;
    lowest date;
    latest date;
BEGIN
    SELECT * INTO setting FROM dunning_setting;
    IF open_amount <= 0 OR disputed OR open_amount < setting.min_amount OR last_level >= setting.max_reminders THEN
        RETURN NULL;
    END IF;
    SELECT * INTO step FROM dunning_level WHERE level > last_level ORDER BY level LIMIT 1;
    IF NOT FOUND
        OR open_amount < step.min_amount
        OR (last_level = 0 AND as_of > due_date + setting.start_after_days) THEN
        RETURN NULL;
    END IF;
    step_day := CASE WHEN step.from_previous THEN last_reminder_date ELSE due_date END + step.after_days;
    step_day := greatest(step_day, due_date);
    day := step_day;
    IF last_level = 0 AND step_day - due_date < setting.until_days THEN
        SELECT due_date + d INTO day
        FROM generate_series(step_day - due_date, setting.until_days) AS d
        WHERE d = setting.until_days
           OR (SELECT count(*) FILTER (WHERE late <= d + setting.within_days) < setting.min_share * (count(*) + 1)
               FROM unnest(days_late) AS late WHERE late >= d)
        LIMIT 1;
    END IF;
    latest := greatest(due_date + setting.latest_after_due_days, step_day);
    day := least(day, latest);
    lowest := greatest(
        coalesce(last_contact_date, last_reminder_date) + setting.min_interval_days,
        not_before,
        CASE
            WHEN promised_date <= due_date + setting.promise_max_days
                THEN promised_date + setting.promise_grace_days
        END);
    day := greatest(day, lowest);
    rolled := day;
    WHILE NOT plain_is_business_day(rolled) LOOP
        rolled := rolled + 1;
    END LOOP;
    IF rolled > latest AND day <= latest THEN
        rolled := day;
        WHILE NOT plain_is_business_day(rolled) LOOP
            rolled := rolled - 1;
        END LOOP;
        IF rolled < greatest(lowest, due_date) THEN
            rolled := day;
        END IF;
    END IF;
    RETURN rolled;
END $$;
