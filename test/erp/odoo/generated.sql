-- Some ten thousands of documents of a second batch of customers, matched as Odoo does it.
SET client_min_messages = warning;
SELECT setseed(0.5);
INSERT INTO res_partner (id, name, commercial_partner_id, country_id)
SELECT 1000 + c, 'Customer ' || c, 1000 + c, 1
FROM generate_series(1, 500) AS c;

-- a fifth in two or three instalments, a tenth credit notes
CREATE TEMP TABLE batch AS
SELECT n, 1000 + 1 + n % 500 AS partner, date '2024-01-01' + (random() * 600)::integer AS day,
       CASE WHEN n % 10 = 0 THEN -1 ELSE 1 END AS sign, CASE WHEN n % 5 = 1 THEN 2 + n % 2 ELSE 1 END AS instalments
FROM generate_series(1, 8000) AS n;
INSERT INTO account_move (
    id, name, date, state, move_type, journal_id, company_id, currency_id, partner_id,
    commercial_partner_id, invoice_date, invoice_date_due, amount_total_signed)
SELECT 100000 + n,
    CASE sign WHEN 1 THEN 'INV/2025/' ELSE 'RINV/2025/' END || lpad(n::text, 5, '0'),
    day,
    'posted',
    CASE sign WHEN 1 THEN 'out_invoice' ELSE 'out_refund' END,
    1,
    1,
    1,
    partner,
    partner,
    day,
    day + 30 * instalments,
    0
FROM batch;
INSERT INTO account_move_line (
    move_id, journal_id, company_id, account_id, partner_id, currency_id, date, date_maturity,
    balance, amount_residual, amount_residual_currency, reconciled, blocked)
SELECT 100000 + n, 1, 1, 1, partner, 1, day, day + 30 * i, value, value, value, false,
    random() < 0.05
FROM batch,
    generate_series(1, instalments) AS i,
    LATERAL (
        SELECT sign * (1 + round((random() * 1000)::numeric + n - n + i - i, 2)) AS value
    ) AS v;
UPDATE account_move AS m
SET amount_total_signed = (SELECT sum(balance) FROM account_move_line AS l WHERE l.move_id = m.id)
WHERE id > 100000;
INSERT INTO account_move_line (
    move_id, journal_id, company_id, account_id, partner_id, currency_id, date, balance,
    amount_residual, amount_residual_currency, reconciled)
SELECT 100000 + n, 1, 1, 2, partner, 1, day, -value, 0, 0, false
FROM batch,
    generate_series(1, 4) AS i,
    LATERAL (
        SELECT (SELECT amount_total_signed FROM account_move WHERE id = 100000 + n) / 4 AS value
    ) AS v;

-- 0 to 3 payments for each item, before or after the invoice, together not more than it
CREATE TEMP TABLE settlement AS
SELECT row_number() OVER () AS n, item, partner, day, value
FROM (
    SELECT l.id AS item,
        l.partner_id AS partner,
        l.date + (random() * 90 - 10)::integer AS day,
        CASE
            WHEN l.id % 3 = p - 1 AND random() < 0.5 THEN l.balance - trunc(l.balance / 4, 2) * 3
            ELSE trunc(l.balance / 4, 2)
        END AS value
    FROM account_move_line AS l, generate_series(1, 3) AS p
    WHERE l.move_id > 100000 AND l.account_id = 1 AND p <= l.id % 4
) AS s
WHERE value <> 0;
INSERT INTO account_move (
    id, name, date, state, move_type, journal_id, company_id, currency_id, partner_id,
    commercial_partner_id, amount_total_signed)
SELECT 500000 + n,
    'BNK1/2025/' || lpad(n::text, 5, '0'),
    day,
    'posted',
    'entry',
    2,
    1,
    1,
    partner,
    partner,
    abs(value)
FROM settlement;
INSERT INTO account_move_line (
    id, move_id, journal_id, company_id, account_id, partner_id, currency_id, date, balance,
    amount_residual, amount_residual_currency, reconciled)
SELECT 1000000 + n, 500000 + n, 2, 1, 1, partner, 1, day, -value, 0, 0, true
FROM settlement;
INSERT INTO account_partial_reconcile (debit_move_id, credit_move_id, amount, max_date)
SELECT CASE WHEN value > 0 THEN item ELSE 1000000 + n END,
    CASE WHEN value > 0 THEN 1000000 + n ELSE item END,
    abs(value),
    day
FROM settlement;
UPDATE account_move_line AS l SET amount_residual = balance - s.paid
FROM (SELECT item, sum(value) AS paid FROM settlement GROUP BY item) AS s WHERE s.item = l.id;

UPDATE account_move AS m
SET amount_residual_signed = (
    SELECT sum(amount_residual)
    FROM account_move_line AS l
    WHERE l.move_id = m.id AND l.account_id = 1
)
WHERE move_type <> 'entry';

CREATE VIEW document_total AS
SELECT name AS document, amount_total_signed AS total, amount_residual_signed AS residual
FROM account_move
WHERE id > 100000
    AND state = 'posted'
    AND company_id = 1
    AND move_type IN ('out_invoice', 'out_refund', 'out_receipt');

-- What was open: the entries of the receivable account up to the day, without what only is in entries.
CREATE FUNCTION open_on(day date) RETURNS numeric LANGUAGE sql STABLE AS $$
    SELECT sum(l.balance - coalesce(
        (
            SELECT sum(p.amount)
            FROM account_partial_reconcile AS p
            JOIN account_move_line AS o ON o.id = p.credit_move_id
            WHERE p.debit_move_id = l.id AND o.date <= day
        ),
        0) + coalesce(
        (
            SELECT sum(p.amount)
            FROM account_partial_reconcile AS p
            JOIN account_move_line AS o ON o.id = p.debit_move_id
            WHERE p.credit_move_id = l.id AND o.date <= day
        ),
        0))
    FROM account_move_line AS l
    JOIN account_move AS m ON m.id = l.move_id
    WHERE m.id > 100000
        AND l.account_id = 1
        AND m.state = 'posted'
        AND m.company_id = 1
        AND l.date <= day
        AND m.move_type IN ('out_invoice', 'out_refund', 'out_receipt')
$$;
