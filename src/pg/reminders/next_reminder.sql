-- When an unpaid invoice is reminded next. The four functions have the same arguments; NULL for one that has
-- a default means the default.

CREATE TYPE reminder_plan AS (
    level integer,
    reminder_date date,
    channel text,
    template text,
    fee numeric,
    status text,
    reason text
);
COMMENT ON TYPE reminder_plan IS
    'a reminder, or why there is none: status is scheduled, on_hold, below_minimum, no_reminder, review, final or settled; reminder_date is NULL unless scheduled; level, channel, template and fee are those of the step that goes out or waits; reason says it in words';
COMMENT ON COLUMN reminder_plan.level IS 'level of the step that goes out or waits';
COMMENT ON COLUMN reminder_plan.reminder_date IS 'the first day on which it may go out, inclusive';
COMMENT ON COLUMN reminder_plan.channel IS
    'the preference of the customer, else that of the step; that of the step if it is channel_fixed';
COMMENT ON COLUMN reminder_plan.template IS 'template of the step';
COMMENT ON COLUMN reminder_plan.fee IS
    'fee of the step, or its percentage of the open amount, exact and not rounded';
COMMENT ON COLUMN reminder_plan.status IS
    'scheduled, on_hold, below_minimum, no_reminder, review, final or settled';
COMMENT ON COLUMN reminder_plan.reason IS 'how the date came about, or why there is none';

CREATE FUNCTION next_reminder(
    policy dunning_policy, due_date date, open_amount numeric, as_of date,
    segment text DEFAULT NULL, profile payment_profile DEFAULT NULL,
    prior payment_profile DEFAULT NULL, calendar business_calendar DEFAULT NULL,
    last_level integer DEFAULT 0, last_reminder_date date DEFAULT NULL,
    reminder_count integer DEFAULT NULL, last_contact_date date DEFAULT NULL,
    disputed boolean DEFAULT false, not_before date DEFAULT NULL,
    promised_date date DEFAULT NULL, channel text DEFAULT NULL
) RETURNS reminder_plan
    AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION next_reminder(dunning_policy, date, numeric, date, text, payment_profile,
    payment_profile, business_calendar, integer, date, integer, date, boolean, date, date, text) IS
    'the next reminder of an unpaid invoice with its date, level, channel, template, fee, status and the reason in words; NULL when policy or due_date is NULL; an unknown (NULL) open_amount is neither settled nor below a minimum; as_of may be NULL: it only lapses notices before the due date, bounds skip_levels and applies start; an infinite date, or a result outside type date, is error 22008';

CREATE FUNCTION next_reminder_date(
    policy dunning_policy, due_date date, open_amount numeric, as_of date,
    segment text DEFAULT NULL, profile payment_profile DEFAULT NULL,
    prior payment_profile DEFAULT NULL, calendar business_calendar DEFAULT NULL,
    last_level integer DEFAULT 0, last_reminder_date date DEFAULT NULL,
    reminder_count integer DEFAULT NULL, last_contact_date date DEFAULT NULL,
    disputed boolean DEFAULT false, not_before date DEFAULT NULL,
    promised_date date DEFAULT NULL, channel text DEFAULT NULL
) RETURNS date
    AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION next_reminder_date(dunning_policy, date, numeric, date, text, payment_profile,
    payment_profile, business_calendar, integer, date, integer, date, boolean, date, date, text) IS
    'the reminder_date of next_reminder: NULL unless its status is scheduled';

CREATE FUNCTION is_reminder_due(
    policy dunning_policy, due_date date, open_amount numeric, as_of date,
    segment text DEFAULT NULL, profile payment_profile DEFAULT NULL,
    prior payment_profile DEFAULT NULL, calendar business_calendar DEFAULT NULL,
    last_level integer DEFAULT 0, last_reminder_date date DEFAULT NULL,
    reminder_count integer DEFAULT NULL, last_contact_date date DEFAULT NULL,
    disputed boolean DEFAULT false, not_before date DEFAULT NULL,
    promised_date date DEFAULT NULL, channel text DEFAULT NULL
) RETURNS boolean
    AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION is_reminder_due(dunning_policy, date, numeric, date, text, payment_profile,
    payment_profile, business_calendar, integer, date, integer, date, boolean, date, date, text) IS
    'whether the next reminder is scheduled for as_of or a day before it; a missed day loses nothing; NULL when policy or due_date is NULL, or when it is scheduled and as_of is NULL';

CREATE FUNCTION reminder_schedule(
    policy dunning_policy, due_date date, open_amount numeric, as_of date,
    segment text DEFAULT NULL, profile payment_profile DEFAULT NULL,
    prior payment_profile DEFAULT NULL, calendar business_calendar DEFAULT NULL,
    last_level integer DEFAULT 0, last_reminder_date date DEFAULT NULL,
    reminder_count integer DEFAULT NULL, last_contact_date date DEFAULT NULL,
    disputed boolean DEFAULT false, not_before date DEFAULT NULL,
    promised_date date DEFAULT NULL, channel text DEFAULT NULL
) RETURNS SETOF reminder_plan
    AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE ROWS 5;
COMMENT ON FUNCTION reminder_schedule(dunning_policy, date, numeric, date, text, payment_profile,
    payment_profile, business_calendar, integer, date, integer, date, boolean, date, date, text) IS
    'the reminders still to come if each goes out on its date and nothing is paid, in order; where next_reminder is not scheduled, its row alone; no row when policy or due_date is NULL';
