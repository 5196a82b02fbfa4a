-- The extension at work on the imported invoices, as inside an ERP: a view is registered as a source, a refresh finds
-- out how each customer pays, and the plan and the lists are asked for the day.
SET client_min_messages = warning;
INSERT INTO business_calendars SELECT 'weekends', make_business_calendar(ARRAY[]::date[]);
CREATE VIEW receivable AS
SELECT customer_id, invoice_id, invoice_date, due_date, paid_date, amount, open_amount, disputed FROM invoice;
COMMENT ON VIEW receivable IS 'the invoices in the columns of a source';
ALTER VIEW receivable SET (security_invoker = true);
SELECT register_source('portfolio', 'receivable', calendar => 'weekends', history_months => 1200) \g /dev/null
SELECT as_of AS as_of FROM portfolio \gset
CALL refresh_segments('portfolio', :'as_of');
RESET client_min_messages;

CREATE VIEW customer AS
SELECT customer_id, segment, profile FROM customer_segments WHERE source = 'portfolio';
COMMENT ON VIEW customer IS 'each customer with its payment profile and its segment';

-- The reminders of the coming year. As far as the file tells none has been sent yet, so each is the first of its
-- invoice. schedule_date is when it would go out to a customer about whom nothing is known: what a fixed schedule does.
CREATE TABLE reminder AS
SELECT p.*, next_reminder_date(standard_dunning_policy(), p.due_date, p.amount, :'as_of', calendar => c.calendar) AS schedule_date
FROM plan_reminders('portfolio', :'as_of', 366) AS p, business_calendars AS c WHERE c.name = 'weekends';
COMMENT ON TABLE reminder IS 'the reminders of the coming year, one an invoice';
ANALYZE reminder;
