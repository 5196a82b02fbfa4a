-- The extension at work: profiles, segments and reminders of the imported invoices.

-- What counts as an item: of what is partly open the open part; what was paid on an unknown day tells nothing
-- of how its customer pays.
CREATE VIEW item AS
SELECT customer_id, invoice_id, invoice_date, due_date, paid_date,
       CASE WHEN paid_date IS NULL THEN open_amount ELSE amount END AS amount, disputed
FROM invoice WHERE paid_date IS NOT NULL OR open_amount <> 0 OR amount = 0;
COMMENT ON VIEW item IS 'the invoices as the profiles count them: what is open, and what was paid on a known day';

-- How each customer pays, in one value, as it was known on the day we look from.
CREATE TABLE customer AS
SELECT customer_id, profile, assign_segment(standard_segment_policy(), profile, as_of) AS segment
FROM (SELECT customer_id, as_of,
             payment_profile(invoice_date, due_date, paid_date, amount, disputed, as_of) AS profile
      FROM item, portfolio
      GROUP BY customer_id, as_of) AS c
WHERE profile IS NOT NULL;
COMMENT ON TABLE customer IS 'each customer with its payment profile and its segment';
ALTER TABLE customer ADD PRIMARY KEY (customer_id);
ANALYZE customer;

-- What is unpaid on that day, with the reminder that comes next. No reminder has been sent yet as far as
-- the file tells, so this is the first one. schedule_date is when it would go out to a customer about
-- whom nothing is known: what a fixed schedule does.
CREATE TABLE reminder AS
SELECT i.customer_id, i.invoice_id, i.due_date, i.amount AS open_amount, c.segment, plan.*,
       next_reminder_date(standard_dunning_policy(), i.due_date, i.amount, as_of,
                          calendar => weekends, disputed => i.disputed) AS schedule_date
FROM item AS i
JOIN customer AS c USING (customer_id)
CROSS JOIN portfolio
CROSS JOIN (SELECT make_business_calendar(ARRAY[]::date[]) AS weekends) AS calendar
CROSS JOIN LATERAL next_reminder(standard_dunning_policy(), i.due_date, i.amount, as_of,
                                 segment => c.segment, profile => c.profile,
                                 calendar => weekends, disputed => i.disputed) AS plan
WHERE (i.invoice_date IS NULL OR i.invoice_date <= as_of)
  AND (i.paid_date IS NULL OR i.paid_date > as_of)
  AND i.amount > 0;
COMMENT ON TABLE reminder IS 'the unpaid items with their next reminder';
ANALYZE reminder;
