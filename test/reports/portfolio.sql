-- A generated portfolio in schema report_test, and how its rows read on a day, written a second
-- time. 90 customers, 4,000 rows of 2022 to 2025 with credits, disputes, part payments, write-offs
-- and gaps (no invoice in August 2023, in no year). draw(n, salt, k) is a fixed pseudo-random
-- number below k.
CREATE SCHEMA report_test;
CREATE FUNCTION report_test.draw(n integer, salt integer, k integer) RETURNS integer LANGUAGE sql IMMUTABLE
    RETURN (hashint8extended(n * 1000 + salt, 11) % k + k) % k;
CREATE TABLE report_test.item AS
WITH dated AS (
    SELECT n,
        report_test.draw(n, 1, 90) AS customer,
        date '2022-01-01' + report_test.draw(n, 2, 1430) AS day,
        CASE WHEN report_test.draw(n, 3, 12) = 0 THEN -1 ELSE 1 END * (1 + report_test.draw(
            n, 4, 500000)) / 100.0 AS amount
    FROM generate_series(1, 4000) AS n
), due AS (
    SELECT d.*,
        CASE
            WHEN report_test.draw(n, 5, 40) > 0
                THEN day + 10 + 10 * report_test.draw(n, 6, 6)
        END AS due_date,
        day + 10 + 10 * report_test.draw(n, 6, 6) + report_test.draw(n, 7, 30) - 10 + report_test.draw(
            customer, 8, 60) * report_test.draw(n, 9, 3) AS settled,
        report_test.draw(n, 10, 20) AS fate
    FROM dated AS d
    WHERE NOT day BETWEEN '2023-08-01' AND '2023-08-31'
)
SELECT 'C' || customer AS customer_id,
    'Customer ' || customer AS customer_name,
    (ARRAY['Ann', 'Bob', NULL])[1 + customer % 3] AS collector,
    CASE WHEN customer % 10 < 4 THEN 'C' || customer / 10 * 10 END AS parent_id,
    'I' || n AS invoice_id,
    CASE WHEN report_test.draw(n, 11, 200) > 0 THEN day END AS invoice_date,
    due_date,
    CASE WHEN fate < 14 THEN settled END AS paid_date,
    CASE WHEN report_test.draw(n, 12, 90) = 0 THEN 0 ELSE round(amount, 2) END AS amount,
    CASE
        WHEN fate < 13 THEN 0
        WHEN fate = 13 THEN round(amount * 0.3, 2)
        WHEN fate = 17 THEN round(amount * 0.6, 2)
        WHEN fate = 18 THEN 0
        WHEN fate = 19 THEN NULL
        ELSE round(amount, 2)
    END AS open_amount,
    CASE WHEN fate = 14 THEN settled END AS credited_on,
    CASE WHEN fate = 15 THEN settled + 90 END AS written_off_on,
    CASE
        WHEN amount < 0 AND report_test.draw(n, 13, 2) = 0 THEN 'credit'
        WHEN report_test.draw(n, 14, 50) = 0 THEN 'credit'
        WHEN report_test.draw(n, 14, 50) = 1 THEN 'write_off'
        WHEN report_test.draw(n, 14, 50) < 10 THEN 'payment'
    END AS settled_by,
    report_test.draw(n, 15, 25) = 0 AS disputed,
    CASE
        WHEN report_test.draw(n, 16, 25) = 0
            THEN day + report_test.draw(n, 17, 90)
    END AS disputed_from,
    jsonb_strip_nulls(jsonb_build_object(
        'region', (ARRAY['north', 'south', 'east', NULL])[1 + customer % 4], 'provided_amount',
        CASE WHEN customer % 6 = 0 THEN customer * 10.005 END, 'insured_amount',
        CASE WHEN customer % 5 = 0 THEN customer * 100 END, 'recoverable_tax_share',
        CASE WHEN customer % 3 = 0 THEN 0.1667 END)) AS attributes
FROM due;
-- fates of a row with a paid_date are that of a payment or of what settled_by says
UPDATE report_test.item SET open_amount = 0
WHERE open_amount IS NOT NULL AND (credited_on IS NOT NULL OR written_off_on IS NOT NULL);

-- Every row on a day: what is open of it, whether that is disputed, by what it was settled.
CREATE FUNCTION report_test.rows_on(day date) RETURNS TABLE (customer_id text, collector text, parent_id text,
    invoice_id text, invoice_date date, due_date date, amount numeric, settled_on date,
    settled_by text, open numeric, disputed boolean, attributes jsonb) LANGUAGE sql STABLE AS $$
    SELECT i.customer_id, i.collector, i.parent_id, i.invoice_id, i.invoice_date, i.due_date, i.amount,
        CASE WHEN s.day <= rows_on.day THEN s.day END,
        CASE WHEN s.day > rows_on.day THEN NULL WHEN i.credited_on = s.day THEN 'credit'
        WHEN i.written_off_on = s.day THEN 'write_off'
             WHEN s.day IS NULL THEN i.settled_by ELSE coalesce(i.settled_by, 'payment') END,
        CASE WHEN i.amount = 0 THEN 0 WHEN s.day > rows_on.day THEN i.amount
        WHEN s.day IS NULL THEN coalesce(i.open_amount, i.amount)
             WHEN s.day = i.paid_date THEN i.open_amount ELSE 0 END,
        CASE WHEN i.disputed_from IS NULL THEN i.disputed ELSE i.disputed_from <= rows_on.day END, i.attributes
    FROM report_test.item AS i, LATERAL (SELECT least(i.paid_date, i.credited_on, i.written_off_on) AS day) AS s
    WHERE i.invoice_date IS NULL OR i.invoice_date <= rows_on.day
$$;
SELECT register_source('report', 'report_test.item');
