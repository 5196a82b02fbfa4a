-- Inside the ERP: which tables or views hold the invoices, by which policies they are treated, and what
-- has become of their customers. The values are in tables of plain rows, edited with plain SQL; their
-- types check them. NULL for a policy means the standard one.

CREATE TABLE segment_policies (
    name text PRIMARY KEY CHECK (name <> ''),
    policy segment_policy NOT NULL
);
COMMENT ON TABLE segment_policies IS 'segment policies by name, for sources';
COMMENT ON COLUMN segment_policies.name IS 'what sources.segment_policy refers to';
COMMENT ON COLUMN segment_policies.policy IS 'the rules; checked when they are entered';

CREATE TABLE dunning_policies (
    name text PRIMARY KEY CHECK (name <> ''),
    policy dunning_policy NOT NULL
);
COMMENT ON TABLE dunning_policies IS 'dunning policies by name, for sources';
COMMENT ON COLUMN dunning_policies.name IS 'what sources.dunning_policy refers to';
COMMENT ON COLUMN dunning_policies.policy IS 'steps and rules; checked when they are entered';

CREATE TABLE business_calendars (
    name text PRIMARY KEY CHECK (name <> ''),
    calendar business_calendar NOT NULL
);
COMMENT ON TABLE business_calendars IS 'business calendars by name, for sources';
COMMENT ON COLUMN business_calendars.name IS 'what sources.calendar refers to';
COMMENT ON COLUMN business_calendars.calendar IS 'weekend and holidays; checked when they are entered';

-- The relation is kept by name: a view that is dropped and made again, as upgrades of an ERP do, stays
-- the source, and a dump brings the row back before or after the view.
CREATE TABLE sources (
    name text PRIMARY KEY CHECK (octet_length(name) BETWEEN 1 AND 255),
    relation_schema name NOT NULL,
    relation_name name NOT NULL,
    segment_policy text REFERENCES segment_policies ON UPDATE CASCADE,
    dunning_policy text REFERENCES dunning_policies ON UPDATE CASCADE,
    calendar text REFERENCES business_calendars ON UPDATE CASCADE,
    history_months integer NOT NULL DEFAULT 24 CHECK (history_months BETWEEN 1 AND 1200),
    minimum_stay_days integer NOT NULL DEFAULT 0 CHECK (minimum_stay_days BETWEEN 0 AND 3660),
    prior text NOT NULL DEFAULT 'none' CHECK (prior IN ('none', 'segment', 'portfolio')),
    booked_until date CHECK (isfinite(booked_until)),
    max_unbooked_days integer CHECK (max_unbooked_days BETWEEN 0 AND 3660),
    least_amount_to_watch numeric NOT NULL DEFAULT 0 CHECK (least_amount_to_watch >= 0::numeric AND least_amount_to_watch < 'Infinity'::numeric)
);
COMMENT ON TABLE sources IS 'the tables or views that hold invoices, one row a company; made by register_source';
COMMENT ON COLUMN sources.name IS 'how functions refer to the source';
COMMENT ON COLUMN sources.relation_schema IS 'schema of the table or view';
COMMENT ON COLUMN sources.relation_name IS 'name of the table or view';
COMMENT ON COLUMN sources.segment_policy IS 'name in segment_policies; NULL: standard_segment_policy()';
COMMENT ON COLUMN sources.dunning_policy IS 'name in dunning_policies; NULL: standard_dunning_policy()';
COMMENT ON COLUMN sources.calendar IS 'name in business_calendars; NULL: every day is a business day';
COMMENT ON COLUMN sources.history_months IS
    'paid items count for the profile when they were due in this many months before the day of the refresh; open ones always';
COMMENT ON COLUMN sources.minimum_stay_days IS
    'a customer keeps a segment for at least this many days; 0: every change takes effect at once';
COMMENT ON COLUMN sources.prior IS
    'what carries customers with little history in reminder dates: none, the profile of their segment, or that of the portfolio';
COMMENT ON COLUMN sources.booked_until IS
    'the last day whose payments are booked, to be kept up by whoever books them; NULL: not known';
COMMENT ON COLUMN sources.max_unbooked_days IS
    'a plan is an error when more business days than these lie between booked_until and its day; NULL: it is a notice, however many';
COMMENT ON COLUMN sources.least_amount_to_watch IS
    'customers_to_watch leaves out who has less than this at stake; in the currency of the source';

CREATE TABLE customer_segments (
    source text NOT NULL,
    customer_id text NOT NULL,
    segment text,
    since date NOT NULL,
    profile payment_profile,
    attributes jsonb,
    customer_name text,
    collector text,
    parent_id text,
    PRIMARY KEY (source, customer_id)
) WITH (fillfactor = 90);
COMMENT ON TABLE customer_segments IS 'the customers of a source as refresh_segments last saw them';
COMMENT ON COLUMN customer_segments.source IS 'name of the source';
COMMENT ON COLUMN customer_segments.customer_id IS 'customer, as the source names it';
COMMENT ON COLUMN customer_segments.segment IS 'current segment; NULL when no rule is true';
COMMENT ON COLUMN customer_segments.since IS 'as_of of the refresh that put the customer there';
COMMENT ON COLUMN customer_segments.profile IS 'how the customer pays; NULL when it has no item in the history';
COMMENT ON COLUMN customer_segments.attributes IS 'attributes of the customer, from the source';
COMMENT ON COLUMN customer_segments.customer_name IS 'name of the customer, from the source; NULL: it gives none';
COMMENT ON COLUMN customer_segments.collector IS 'who looks after the customer, from the source; NULL: it does not say';
COMMENT ON COLUMN customer_segments.parent_id IS 'the group that the customer belongs to, from the source; NULL: it does not say';

CREATE TABLE segment_changes (
    change_id bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
    source text NOT NULL,
    customer_id text NOT NULL,
    from_segment text,
    from_since date,
    to_segment text,
    changed_on date NOT NULL,
    rule integer,
    condition text,
    facts jsonb,
    UNIQUE (source, customer_id, changed_on)
);
CREATE INDEX segment_changes_day ON segment_changes (source, changed_on, customer_id);
COMMENT ON TABLE segment_changes IS
    'every move of a customer from one segment to another, with the rule that decided; the first segment of a customer is no move';
COMMENT ON COLUMN segment_changes.change_id IS 'number of the change, ascending';
COMMENT ON COLUMN segment_changes.source IS 'name of the source';
COMMENT ON COLUMN segment_changes.customer_id IS 'customer, as the source names it';
COMMENT ON COLUMN segment_changes.from_segment IS 'segment before; NULL: none';
COMMENT ON COLUMN segment_changes.from_since IS 'since when the customer was in from_segment';
COMMENT ON COLUMN segment_changes.to_segment IS 'segment after; NULL: none';
COMMENT ON COLUMN segment_changes.changed_on IS 'as_of of the refresh that moved it';
COMMENT ON COLUMN segment_changes.rule IS 'number of the rule that decided, as explain_segment counts; NULL: no rule was true';
COMMENT ON COLUMN segment_changes.condition IS 'condition of that rule';
COMMENT ON COLUMN segment_changes.facts IS 'the values that the condition saw';
COMMENT ON SEQUENCE segment_changes_change_id_seq IS 'numbers of changes';
COMMENT ON INDEX segment_changes_day IS 'changes of a source by day';

CREATE TABLE segment_profiles (
    source text NOT NULL,
    segment text,
    customers bigint NOT NULL,
    profile payment_profile,
    UNIQUE NULLS NOT DISTINCT (source, segment)
);
-- A key that may be NULL identifies no row to logical replication.
ALTER TABLE segment_profiles REPLICA IDENTITY FULL;
COMMENT ON TABLE segment_profiles IS 'how the customers of each segment pay together, as of the last refresh';
COMMENT ON COLUMN segment_profiles.source IS 'name of the source';
COMMENT ON COLUMN segment_profiles.segment IS 'segment; NULL: customers for whom no rule is true';
COMMENT ON COLUMN segment_profiles.customers IS 'how many customers are in it';
COMMENT ON COLUMN segment_profiles.profile IS 'rollup of their profiles';

CREATE TABLE reminders (
    reminder_id bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
    source text NOT NULL,
    customer_id text NOT NULL,
    invoice_id text NOT NULL,
    level integer NOT NULL CHECK (level BETWEEN -99 AND 999),
    reminder_date date NOT NULL CHECK (isfinite(reminder_date)),
    notice boolean NOT NULL DEFAULT false,
    channel text,
    amount numeric,
    recorded_at timestamp with time zone NOT NULL DEFAULT now(),
    recorded_by name NOT NULL DEFAULT current_user,
    UNIQUE (source, invoice_id, level, reminder_date)
);
COMMENT ON TABLE reminders IS 'reminders that were sent, written by record_reminder and record_reminders';
COMMENT ON COLUMN reminders.reminder_id IS 'number of the reminder, ascending';
COMMENT ON COLUMN reminders.source IS 'name of the source';
COMMENT ON COLUMN reminders.customer_id IS
    'customer to whom it went; it counts for the customer who has the invoice now';
COMMENT ON COLUMN reminders.invoice_id IS 'invoice or instalment, as the source names it';
COMMENT ON COLUMN reminders.level IS 'dunning level';
COMMENT ON COLUMN reminders.reminder_date IS 'the day on which it went out';
COMMENT ON COLUMN reminders.notice IS
    'whether it was a notice before the due date, which delays no other reminder of the customer';
COMMENT ON COLUMN reminders.channel IS 'how it went out';
COMMENT ON COLUMN reminders.amount IS 'open amount that was reminded, in the currency of the source';
COMMENT ON COLUMN reminders.recorded_at IS 'when it was recorded';
COMMENT ON COLUMN reminders.recorded_by IS 'who recorded it';
COMMENT ON SEQUENCE reminders_reminder_id_seq IS 'numbers of reminders';
