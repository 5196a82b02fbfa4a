-- What next_reminder answers.

CREATE TYPE reminder_plan AS (
    level integer,
    reminder_date date,
    channel text,
    template text,
    fee numeric,
    status text,
    reason text,
    wanted_date date,
    held_by text
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
COMMENT ON COLUMN reminder_plan.wanted_date IS
    'the date by the step and the habits of the customer, before anything held it back (rules 1 to 3); NULL unless scheduled';
COMMENT ON COLUMN reminder_plan.held_by IS
    'what moved the date beyond wanted_date: interval, contacts, not_before, promise, calendar; NULL: nothing; where there is no date, why: settled, dispute, hold, no_reminder, start, minimum, final';
