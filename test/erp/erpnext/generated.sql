-- Some thousands of invoices of a second batch of customers: a third in instalments, 0 to 3 payments each, a
-- tenth on accounts in dollars with payments at other rates.
SET client_min_messages = warning;
SELECT setseed(0.5);
INSERT INTO "tabCustomer" (name, customer_name) SELECT 'C' || c, 'Customer ' || c FROM generate_series(1, 300) AS c;
CREATE TABLE batch AS
SELECT n,
    'SINV-25-' || lpad(n::text, 5, '0') AS name,
    'C' || 1 + n % 300 AS party,
    date '2024-01-01' + (random() * 600)::integer AS day,
    (n % 3 = 0)::integer * (1 + n % 2) + 1 AS instalments,
    CASE WHEN n % 10 = 0 THEN 1 + random()::numeric(6,4) ELSE 1 END AS rate,
    CASE WHEN n % 20 = 7 THEN -1 ELSE 1 END * round((10 + random() * 1000)::numeric, 2) AS total
FROM generate_series(1, 8000) AS n;
INSERT INTO "tabSales Invoice" (
    name, docstatus, company, customer, posting_date, due_date, currency, party_account_currency,
    conversion_rate, grand_total, base_grand_total, is_return)
SELECT name,
    1,
    'Ours',
    party,
    day,
    day + 30,
    CASE rate WHEN 1 THEN 'EUR' ELSE 'USD' END,
    CASE rate WHEN 1 THEN 'EUR' ELSE 'USD' END,
    rate,
    total,
    round(total * rate, 2),
    (total < 0)::integer
FROM batch;
INSERT INTO "tabPayment Schedule" (
    name, parent, parenttype, idx, due_date, payment_amount, base_payment_amount)
SELECT name || '-' || i, name, 'Sales Invoice', i, day + 30 * i, a, round(a * rate, 2)
FROM batch,
    generate_series(1, instalments) AS i,
    LATERAL (
        SELECT CASE
            WHEN i < instalments THEN trunc(total / instalments, 2)
            ELSE total - trunc(total / instalments, 2) * (instalments - 1)
        END AS a
    ) AS s
WHERE total > 0;
SELECT count(post(name, 'Sales Invoice', name, 'Sales Invoice', party, day, round(total * rate, 2), total)) FROM batch;
CREATE TABLE event AS
SELECT name,
    day + (random() * 90 - 10)::integer AS day,
    CASE
        WHEN p = 3 AND n % 2 = 0 THEN total - 2 * trunc(total / 4, 2)
        ELSE trunc(total / 4, 2)
    END AS value,
    party,
    rate,
    p,
    n
FROM batch, generate_series(1, 3) AS p
WHERE p <= n % 4;
SELECT count(post(
    'PE-25-' || n || '-' || p, 'Payment Entry', name, 'Sales Invoice', party, day,
    -round(value * (rate + 0.01), 2), -value))
FROM event;
UPDATE "tabSales Invoice" AS i
SET outstanding_amount = (
    SELECT sum(amount_in_account_currency)
    FROM "tabPayment Ledger Entry" AS e
    WHERE e.against_voucher_no = i.name AND e.delinked = 0
)
WHERE name LIKE 'SINV-25%';

-- The residual in the currency of the company is the total less the rounded share that is paid.
CREATE VIEW document_total AS
SELECT name AS document, base_grand_total AS total,
       base_grand_total - round((grand_total - outstanding_amount) * base_grand_total / grand_total, 2) AS residual
FROM "tabSales Invoice" WHERE name LIKE 'SINV-25%';
CREATE FUNCTION open_on(until date) RETURNS numeric LANGUAGE sql STABLE AS $$
    SELECT sum(i.base_grand_total - round(
        coalesce(p.value, 0) * i.base_grand_total / i.grand_total, 2))
    FROM "tabSales Invoice" AS i
    LEFT JOIN (
        SELECT name, sum(value) AS value FROM event WHERE day <= until GROUP BY name
    ) AS p USING (name)
    WHERE i.name LIKE 'SINV-25%' AND i.posting_date <= until
$$;
