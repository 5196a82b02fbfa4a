-- The days on which the watch list is made, and what has become of the money since.
CREATE TABLE day AS
SELECT data, start + n AS as_of
FROM (VALUES
    ('sample', date '2025-08-10'), ('sample', '2025-11-02'), ('ibm', '2013-04-01'),
    ('highradius', '2019-10-01')) AS s (data, start),
    generate_series(0, 59) AS n;
-- What was known on a day: a dispute that has no dates (those of the sample have), only when it is over.
CREATE VIEW item WITH (security_invoker = true) AS
SELECT customer AS customer_id,
    invoice AS invoice_id,
    invoice_date,
    due_date,
    paid_date,
    amount,
    coalesce(open_amount, CASE WHEN paid_date IS NULL THEN amount ELSE 0 END) AS open_amount,
    disputed AND paid_date <= current_setting('watch.day')::date AS disputed,
    disputed_from,
    disputed_until,
    settled_by,
    written_off_on,
    credited_invoice,
    nettable
FROM watch.invoice
WHERE data = current_setting('watch.data');
CREATE TABLE listed (data text, as_of date, customer text, amount_at_stake numeric, reasons text[]);

CREATE PROCEDURE run_days(name text) LANGUAGE plpgsql AS $$
DECLARE
    day date;
BEGIN
    FOR day IN SELECT as_of FROM watch.day WHERE data = name ORDER BY as_of LOOP
        PERFORM set_config('watch.day', day::text, false), set_config('watch.data', name, false);
        COMMIT;
        CALL receivables.refresh_segments('watch', day);  -- leaves a search_path for this transaction
        INSERT INTO watch.listed
        SELECT name, day, customer_id, amount_at_stake, reasons
        FROM receivables.customers_to_watch('watch', day, 100000);
    END LOOP;
END $$;

-- The truth, from what happened afterwards. Beyond habit is what was paid later, or is still open
-- longer, than the p90 of the customer's payments until the day, and at least 30 days.
CREATE TABLE truth AS
WITH habit AS (
    SELECT data,
        as_of,
        customer,
        greatest(30, percentile_cont(0.9) WITHIN GROUP (ORDER BY paid_date - due_date)) AS days
    FROM day
    JOIN invoice USING (data)
    WHERE paid_date <= as_of AND amount > 0 AND NOT disputed
    GROUP BY data, as_of, customer
)
SELECT data,
    as_of,
    customer,
    coalesce(sum(amount) FILTER (WHERE became > coalesce(days, 30) + 60), 0) AS beyond_60,
    coalesce(sum(amount) FILTER (WHERE became > coalesce(days, 30)), 0) AS beyond
FROM day
JOIN invoice USING (data)
LEFT JOIN habit USING (data, as_of, customer),
    LATERAL (
        SELECT coalesce(
            paid_date,
            (
                SELECT max(paid_date) FROM invoice AS l WHERE l.data = invoice.data
            )) - due_date AS became
    ) AS b
WHERE invoice_date <= as_of
    AND (paid_date IS NULL OR paid_date > as_of)
    AND due_date < as_of
    AND amount > 0
    AND NOT disputed
GROUP BY data, as_of, customer;
