-- When an unpaid invoice is reminded next. The four functions take the same arguments, which
-- reminder_function.sql.in lists; NULL for one that has a default means the default.

COMMENT ON FUNCTION next_reminder IS
    'the next reminder of an unpaid invoice with its date, level, channel, template, fee, status and the reason in words; NULL when policy or due_date is NULL; an unknown (NULL) open_amount is neither settled nor below a minimum; as_of may be NULL: it only lapses notices before the due date, bounds skip_levels and applies start; an infinite date, or a result outside type date, is error 22008; a last_level outside -99 .. 999 or a negative reminder_count is error 22023';
COMMENT ON FUNCTION next_reminder_date IS
    'the reminder_date of next_reminder: NULL unless its status is scheduled';
COMMENT ON FUNCTION is_reminder_due IS
    'whether the next reminder is scheduled for as_of or a day before it; a missed day loses nothing; NULL when policy or due_date is NULL, or when it is scheduled and as_of is NULL';
COMMENT ON FUNCTION reminder_schedule IS
    'the reminders still to come if each goes out on its date and nothing is paid, in order; where next_reminder is not scheduled, its row alone; no row when policy or due_date is NULL';

CREATE FUNCTION _promise_until(policy dunning_policy, segment text, due_date date, promised_date date) RETURNS date
    AS 'MODULE_PATHNAME', 'promise_until' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION _promise_until(dunning_policy, text, date, date) IS
    'internal: the first day on which a promise holds nothing back any more, by the policy: the promised date plus promise_grace_days; NULL where the policy does not take the promise (promise_max_days), or without a policy, a due date or a promised date';
