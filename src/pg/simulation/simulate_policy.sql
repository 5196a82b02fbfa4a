-- What a dunning policy would have sent on past invoices, beside the fixed schedule with equally many reminders.

CREATE TYPE policy_simulation AS (
    items bigint,
    overdue_items bigint,
    unscheduled_items bigint,
    over_14_items bigint,
    over_30_items bigint,
    reminders bigint,
    paid_soon bigint,
    over_14_reminders bigint,
    over_14_days double precision,
    over_30_reminders bigint,
    over_30_days double precision,
    fixed_days double precision,
    fixed_paid_soon double precision,
    fixed_over_14_reminders double precision,
    fixed_over_14_days double precision,
    fixed_over_30_reminders double precision,
    fixed_over_30_days double precision
);
COMMENT ON TYPE policy_simulation IS
    'what a dunning policy would have sent on past invoices, and what the fixed schedule due date + fixed_days would have sent, which sends as many first reminders; the columns that begin with fixed are NULL when the policy sends none';
COMMENT ON COLUMN policy_simulation.items IS
    'items that fell due by as_of, without credits, disputed items and items of amount 0';
COMMENT ON COLUMN policy_simulation.overdue_items IS
    'of them those still open on the evening of the due date: what the fixed schedule due date + 0 would remind';
COMMENT ON COLUMN policy_simulation.unscheduled_items IS
    'overdue items for which the policy has no date (below its minimum, on hold, no steps); neither schedule reminds them, and they are in no column below';
COMMENT ON COLUMN policy_simulation.over_14_items IS
    'items paid more than 14 days late, or open for longer';
COMMENT ON COLUMN policy_simulation.over_30_items IS
    'items paid more than 30 days late, or open for longer';
COMMENT ON COLUMN policy_simulation.reminders IS
    'first reminders sent, by the policy and by the fixed schedule alike';
COMMENT ON COLUMN policy_simulation.paid_soon IS
    'of them, to items that were paid within paid_within_days after the reminder anyway';
COMMENT ON COLUMN policy_simulation.over_14_reminders IS 'of them, to over_14_items';
COMMENT ON COLUMN policy_simulation.over_14_days IS
    'mean days from the due date to the first reminder, of over_14_reminders';
COMMENT ON COLUMN policy_simulation.over_30_reminders IS 'of them, to over_30_items';
COMMENT ON COLUMN policy_simulation.over_30_days IS
    'mean days from the due date to the first reminder, of over_30_reminders';
COMMENT ON COLUMN policy_simulation.fixed_days IS
    'days after the due date of the fixed schedule with as many reminders; a fraction means that a share of them goes out a day later';
COMMENT ON COLUMN policy_simulation.fixed_paid_soon IS 'paid_soon of the fixed schedule';
COMMENT ON COLUMN policy_simulation.fixed_over_14_reminders IS 'over_14_reminders of the fixed schedule';
COMMENT ON COLUMN policy_simulation.fixed_over_14_days IS 'over_14_days of the fixed schedule';
COMMENT ON COLUMN policy_simulation.fixed_over_30_reminders IS 'over_30_reminders of the fixed schedule';
COMMENT ON COLUMN policy_simulation.fixed_over_30_days IS 'over_30_days of the fixed schedule';

CREATE FUNCTION simulate_policy(
    policy dunning_policy, history invoice_history, as_of date,
    paid_within_days integer DEFAULT 5, portfolio_prior boolean DEFAULT false,
    calendar business_calendar DEFAULT NULL, segments segment_policy DEFAULT NULL
) RETURNS policy_simulation
    AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 1000000;
COMMENT ON FUNCTION simulate_policy(dunning_policy, invoice_history, date, integer, boolean,
    business_calendar, segment_policy) IS
    'the first reminders that a policy would have sent by as_of, each planned on its due date with what was known that evening, beside the fixed schedule with as many; portfolio_prior: the portfolio as known that evening is the prior of wait; segments: assigns each customer on each due date the segment whose entry of the policy holds; NULL when policy, history or as_of is NULL';
