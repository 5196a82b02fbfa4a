-- Some thousands of invoices of a second batch of customers: a third in instalments, 0 to 3 payments each, a tenth
-- in dollars.
SET client_min_messages = warning;
SELECT setseed(0.5);
INSERT INTO c_bpartner (c_bpartner_id, ad_client_id, value, name, c_bp_group_id)
SELECT 1000 + c, 11, 'C' || c, 'Customer ' || c, 103
FROM generate_series(1, 300) AS c;
CREATE TABLE batch AS
SELECT n,
    100000 + n AS id,
    1001 + n % 300 AS party,
    date '2024-01-01' + (random() * 600)::integer AS day,
    (n % 3 = 0)::integer * (1 + n % 2) + 1 AS instalments,
    CASE WHEN n % 20 = 7 THEN -1 ELSE 1 END AS sign,
    CASE WHEN n % 10 = 0 THEN 100 ELSE 102 END AS currency,
    round((10 + random() * 1000)::numeric, 2) AS total
FROM generate_series(1, 8000) AS n;
INSERT INTO c_invoice (
    c_invoice_id, ad_client_id, documentno, docstatus, c_doctype_id, dateinvoiced, dateacct,
    c_bpartner_id, c_currency_id, c_paymentterm_id, grandtotal, ispayschedulevalid)
SELECT id,
    11,
    'I' || id,
    'CO',
    CASE sign WHEN 1 THEN 116 ELSE 118 END,
    day,
    day,
    party,
    currency,
    105,
    total,
    CASE instalments WHEN 1 THEN 'N' ELSE 'Y' END
FROM batch;
INSERT INTO c_invoicepayschedule (c_invoicepayschedule_id, c_invoice_id, duedate, dueamt)
SELECT id * 10 + i,
    id,
    day + 30 * i,
    CASE
        WHEN i < instalments THEN trunc(total / instalments, 2)
        ELSE total - trunc(total / instalments, 2) * (instalments - 1)
    END
FROM batch, generate_series(1, instalments) AS i
WHERE instalments > 1;
CREATE TABLE event AS
SELECT row_number() OVER () AS k, id, party, currency, day + (random() * 90 - 10)::integer AS day,
       sign * CASE WHEN p = 3 AND n % 2 = 0 THEN total - 2 * trunc(total / 4, 2) ELSE trunc(total / 4, 2) END AS value
FROM batch, generate_series(1, 3) AS p WHERE p <= n % 4;
INSERT INTO c_payment (
    c_payment_id, ad_client_id, documentno, datetrx, dateacct, c_bpartner_id, c_currency_id, payamt,
    isallocated)
SELECT 100000 + k, 11, 'P' || k, day, day, party, currency, value, 'Y'
FROM event;
INSERT INTO c_allocationhdr (c_allocationhdr_id, ad_client_id, datetrx, c_currency_id)
SELECT 100000 + k, 11, day + 5, currency
FROM event;
INSERT INTO c_allocationline (
    c_allocationline_id, c_allocationhdr_id, c_invoice_id, c_payment_id, amount, writeoffamt)
SELECT 100000 + k, 100000 + k, id, 100000 + k, value - off, off
FROM event, LATERAL (SELECT (k % 50 = 0)::integer * sign(value) AS off) AS o;
CREATE INDEX ON event (id);

-- The residual in euros is the total less the rounded share that is paid.
CREATE FUNCTION residual_on(until date)
    RETURNS TABLE (
        id integer, document text, day date, total numeric, residual numeric)
        LANGUAGE sql STABLE AS $$
    SELECT b.id,
        'I' || b.id || '#' || b.id,
        b.day,
        base,
        base - round(coalesce(p.value, 0) * base / (sign * total), 2)
    FROM batch AS b
    LEFT JOIN (
            SELECT id, sum(value) AS value FROM event WHERE day <= until GROUP BY id
        ) AS p USING (id),
        LATERAL (
            SELECT CASE currency
                WHEN 100 THEN sign * round(total * 0.92, 2)
                ELSE sign * total
            END AS base
        ) AS e
$$;
CREATE VIEW document_total AS SELECT document, total, residual FROM residual_on('infinity');
CREATE FUNCTION open_on(until date)
    RETURNS numeric
    LANGUAGE sql STABLE AS $$ SELECT sum(residual) FROM residual_on(until) WHERE day <= until $$;
