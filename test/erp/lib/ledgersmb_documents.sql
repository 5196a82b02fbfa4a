-- A company at work in LedgerSMB. Customers and payments go through its stored procedures; invoices are written as
-- its screens write them: the header, the receivable with its debit below 0, the revenue above.
SET client_min_messages = warning;
INSERT INTO defaults VALUES ('rcptprefix', '') ON CONFLICT DO NOTHING;
INSERT INTO exchangerate (curr, transdate, buy, sell) VALUES
    ('EUR', '2024-02-02', 1.10, 1.10), ('EUR', '2024-02-03', 0.90, 0.90),
    ('EUR', '2024-03-04', 1.25, 1.25), ('EUR', '2024-03-06', 1.25, 1.25);
SELECT account__save(
        NULL, '2180', 'Overpayments', 'L', '', NULL, false, false, '{AR_overpayment}', false, false)
        AS overpaid,
    account__save(
        NULL, '5630', 'Discounts', 'E', '', NULL, false, false, '{AR_discount}', false, false)
        AS discounts \g /dev/null

CREATE FUNCTION accno(number text) RETURNS int LANGUAGE sql STABLE AS 'SELECT id FROM account WHERE accno = number';
CREATE FUNCTION customer(who text) RETURNS int LANGUAGE plpgsql AS $$
DECLARE
    result int;
BEGIN
    SELECT c.id INTO result FROM entity_credit_account c JOIN entity e ON e.id = c.entity_id WHERE e.name = who;
    IF result IS NULL THEN
        result := eca__save(
            NULL, 2,
            (SELECT entity_id FROM company__save(NULL, 2, who, NULL, NULL, NULL, 232, NULL, NULL)),
            who, 0, false, 5000, 0, 30, NULL, NULL, 'en', NULL, 'USD', '2023-01-01', NULL, 0,
            accno('1200'), accno('1060'), NULL, NULL, accno('5630'));
    END IF;
    RETURN result;
END $$;
CREATE FUNCTION invoice(
    number text, who text, day date, total numeric, currency text = 'USD', rate numeric = 1,
    done boolean = true)
    RETURNS int LANGUAGE plpgsql AS $$
DECLARE
    document int;
BEGIN
    INSERT INTO ar (
        invnumber, transdate, duedate, amount, netamount, curr, entity_credit_account, approved)
    VALUES (number, day, day + 30, total * rate, total * rate, currency, customer(who), done)
    RETURNING id INTO document;
    INSERT INTO acc_trans (trans_id, chart_id, amount, transdate, approved, fx_transaction)
    SELECT document, accno(account), side * value, day, true, fx
    FROM (VALUES ('1200', -1), ('4010', 1)) a(account, side),
        (VALUES (total, false), (total * (rate - 1), true)) v(value, fx)
    WHERE value <> 0;
    RETURN document;
END $$;
CREATE FUNCTION pay(
    who text, day date, numbers text[], amounts numeric[], paper text, currency text = 'USD',
    account text = '1060', over numeric = NULL, from_over int = NULL)
    RETURNS int LANGUAGE sql AS $$
    SELECT payment_post(
        day, 2, customer(who), currency::bpchar, NULL, 'receipt',
        (SELECT array_agg(accno(account)) FROM unnest(numbers)),
        amounts, NULL,
        (SELECT array_agg(paper) FROM unnest(numbers)),
        (SELECT array_agg(NULL::text) FROM unnest(numbers)),
        (
            SELECT array_agg(a.id ORDER BY n)
            FROM unnest(numbers) WITH ORDINALITY u(number, n)
            JOIN ar a ON a.invnumber = number
        ),
        CASE WHEN over IS NOT NULL THEN ARRAY[over] END,
        CASE WHEN over IS NOT NULL THEN ARRAY[accno('1060')] END,
        CASE WHEN over IS NOT NULL THEN ARRAY[paper] END,
        CASE WHEN over IS NOT NULL THEN ARRAY[NULL::text] END,
        CASE WHEN over IS NOT NULL THEN ARRAY[accno('2180')] END,
        CASE WHEN from_over IS NOT NULL THEN ARRAY[from_over] END,
        true) $$;

SELECT invoice('paid', 'Paid', '2024-01-10', 100),
    invoice('part', 'Part', '2024-01-15', 200),
    invoice('parts', 'Part', '2024-01-16', 300),
    invoice('cancelled', 'Credits', '2024-01-25', 150),
    invoice('reduced', 'Credits', '2024-01-26', 400),
    invoice('lowered', 'Credits', '2024-01-27', 500),
    invoice('discount', 'Discount', '2024-02-01', 120),
    invoice('euros', 'Abroad', '2024-02-02', 200, 'EUR', 1.10),
    invoice('loss', 'Abroad', '2024-02-03', 100, 'EUR', 0.90),
    invoice('credit', 'Open credit', '2024-02-05', -45),
    invoice('over', 'Overpaid', '2024-02-05', 80),
    invoice('bounced', 'Bounced', '2024-02-08', 90),
    invoice('twice', 'Bounced', '2024-02-08', 70),
    invoice('payout', 'Paid out', '2024-02-09', -60),
    invoice('reversal', 'Credits', '2024-01-28', -150),
    invoice('reducing', 'Credits', '2024-02-15', -80),
    invoice('lowering', 'Credits', '2024-02-18', -100),
    invoice('disputed', 'Disputed', '2024-02-10', 66),
    invoice('settled', 'Disputed', '2024-02-10', 44),
    invoice('closed', 'Closed', '2024-02-11', 55),
    invoice('forgotten', 'Closed', '2024-02-12', 7),
    invoice('cash', 'Cash', '2024-02-13', 30),
    invoice('later', 'Cash', '2024-02-14', 25),
    invoice('batch1', 'Batch', '2024-02-15', 10),
    invoice('batch2', 'Batch', '2024-02-16', 20),
    invoice('batch3', 'Batch', '2024-02-17', 40),
    invoice('draft', 'Draft', '2024-02-20', 10, done => false),
    invoice('approved', 'Draft', '2024-02-21', 11, done => false) \g /dev/null

SELECT pay('Paid', '2024-02-12', '{paid}', '{100}', 'check 1'),
    pay('Part', '2024-02-20', '{part}', '{50}', 'check 2'),
    pay('Part', '2024-03-05', '{part}', '{30}', 'check 3'),
    pay('Part', '2024-02-01', '{parts}', '{100}', 'check 4'),
    pay('Part', '2024-03-20', '{parts}', '{200}', 'check 5'),
    pay('Credits', '2024-02-26', '{cancelled,reversal}', '{150,-150}', 'credit'),
    pay('Credits', '2024-03-01', '{reduced,reducing}', '{400,-80}', 'check 6'),
    pay('Credits', '2024-03-02', '{lowered,lowering}', '{100,-100}', 'credit'),
    pay('Abroad', '2024-03-04', '{euros}', '{100}', 'wire 1', 'EUR'),
    pay('Abroad', '2024-03-06', '{loss}', '{100}', 'wire 2', 'EUR'),
    pay('Discount', '2024-02-10', '{discount}', '{117.60}', 'check 7'),
    pay('Discount', '2024-02-10', '{discount}', '{2.40}', 'check 7', account => '5630'),
    pay('Overpaid', '2024-03-05', '{over}', '{80}', 'check 8', over => 20),
    pay('Bounced', '2024-03-08', '{bounced}', '{40}', 'check 9'),
    pay('Bounced', '2024-03-08', '{twice}', '{30}', 'check 10'),
    pay('Bounced', '2024-03-18', '{twice}', '{25}', 'check 11'),
    pay('Paid out', '2024-03-09', '{payout}', '{-60}', 'check 12'),
    pay('Disputed', '2024-03-10', '{settled}', '{44}', 'check 13'),
    pay('Closed', '2024-03-15', '{closed}', '{50}', 'check 14') \g /dev/null
SELECT payment__reverse(
        'check 9', '2024-03-08', customer('Bounced'), '1060', '2024-03-12', 2, NULL, NULL, NULL,
        'USD'),
    payment__reverse(
        'check 10', '2024-03-08', customer('Bounced'), '1060', '2024-03-25', 2, NULL, NULL, NULL,
        'USD') \g /dev/null
UPDATE ar SET on_hold = true WHERE invnumber IN ('disputed', 'settled');
UPDATE ar SET force_closed = true WHERE invnumber IN ('closed', 'forgotten');
-- A part of the overpayment is used for a second invoice.
SELECT invoice('second', 'Overpaid', '2024-03-10', 15) \g /dev/null
SELECT pay(
    'Overpaid', '2024-03-20', '{second}', '{15}', 'check 8', account => '2180',
    from_over => (SELECT payment_id FROM overpayments)) \g /dev/null
-- Paid on the invoice's own screen, where nothing links the postings: at once, and a week later.
INSERT INTO acc_trans (trans_id, chart_id, amount, transdate, source)
SELECT a.id, accno(account), side * a.amount, a.transdate + late, 'cash'
FROM ar a
JOIN (VALUES ('cash', 0), ('later', 7)) v(number, late)
    ON a.invnumber = number, (VALUES ('1200', 1), ('1060', -1)) s(account, side);
SELECT draft_approve(id) FROM ar WHERE invnumber = 'approved' \g /dev/null
-- Receipts in a batch: one that is posted, one that waits.
INSERT INTO batch (batch_class_id, control_code, default_date, created_by)
SELECT 6, code, '2024-03-11', (SELECT entity_id FROM entity_employee ORDER BY 1 LIMIT 1)
FROM (VALUES ('B-1'), ('B-2')) v(code);
SELECT payment_bulk_post(
    ARRAY[ARRAY[id, 10]], (SELECT id FROM batch WHERE control_code = 'B-1'), 'check 15', 10, '1200',
    '1060', '2024-03-11', 2, 1, 'USD')
FROM ar
WHERE invnumber = 'batch1' \g /dev/null
SELECT payment_bulk_post(
    ARRAY[ARRAY[id, 20]], (SELECT id FROM batch WHERE control_code = 'B-2'), 'check 16', 20, '1200',
    '1060', '2024-03-11', 2, 1, 'USD')
FROM ar
WHERE invnumber = 'batch2' \g /dev/null
SELECT batch_post((SELECT id FROM batch WHERE control_code = 'B-1')) \g /dev/null
-- Paid again after it bounced; one of three payments bounced, and two of three at once; an amount without a source that
-- came back on the invoice's own screen.
SELECT invoice('again', 'Again', '2024-03-01', 100),
    invoice('middle', 'Again', '2024-03-02', 100),
    invoice('two', 'Again', '2024-03-03', 100),
    invoice('screen', 'Again', '2024-03-04', 100) \g /dev/null
SELECT pay('Again', '2024-03-30', '{again}', '{100}', 'check 20'),
    pay('Again', '2024-03-28', '{middle}', '{40}', 'check 21'),
    pay('Again', '2024-04-02', '{middle}', '{35}', 'check 22'),
    pay('Again', '2024-03-27', '{two}', '{40}', 'check 23'),
    pay('Again', '2024-04-01', '{two}', '{20}', 'check 24'),
    pay('Again', '2024-04-03', '{two}', '{25}', 'check 25') \g /dev/null
SELECT payment__reverse(
        'check 20', '2024-03-30', customer('Again'), '1060', '2024-04-12', 2, NULL, NULL, NULL,
        'USD'),
    payment__reverse(
        'check 21', '2024-03-28', customer('Again'), '1060', '2024-04-12', 2, NULL, NULL, NULL,
        'USD'),
    payment__reverse(
        'check 23', '2024-03-27', customer('Again'), '1060', '2024-04-12', 2, NULL, NULL, NULL,
        'USD'),
    payment__reverse(
        'check 25', '2024-04-03', customer('Again'), '1060', '2024-04-12', 2, NULL, NULL, NULL,
        'USD') \g /dev/null
SELECT pay('Again', '2024-05-20', '{again}', '{100}', 'check 26') \g /dev/null
INSERT INTO acc_trans (trans_id, chart_id, amount, transdate)
    SELECT a.id, accno(account), side * value, day
    FROM ar a, (VALUES ('1200', 1), ('1060', -1)) s(account, side),
        (VALUES (100, date '2024-03-31'), (-100, '2024-04-12'), (100, '2024-05-21')) v(value, day)
    WHERE a.invnumber = 'screen';
-- A provider keeps 10 of 1000: a receipt with two lines, to the bank and to the expense.
SELECT invoice('fee', 'Fee', '2024-03-05', 1000) \g /dev/null
SELECT pay('Fee', '2024-04-04', '{fee}', '{990}', 'card 1'),
    pay('Fee', '2024-04-04', '{fee}', '{10}', 'card 1', account => '5810') \g /dev/null
-- A credit note larger than its invoice; more paid than owed, on the invoice's own screen.
SELECT invoice('small', 'Larger', '2024-03-06', 30),
    invoice('large', 'Larger', '2024-05-01', -50),
    invoice('toomuch', 'Larger', '2024-03-07', 80) \g /dev/null
SELECT pay('Larger', '2024-05-02', '{small,large}', '{30,-30}', 'credit') \g /dev/null
INSERT INTO acc_trans (trans_id, chart_id, amount, transdate, source)
    SELECT a.id, accno(account), side * 100, '2024-04-06', 'transfer'
    FROM ar a, (VALUES ('1200', 1), ('1060', -1)) s(account, side) WHERE a.invnumber = 'toomuch';
-- Change at the till: 50 given, 10 back, for an invoice of 40. An advance of 60, taken by a later invoice of 100.
SELECT invoice('till', 'Till', '2024-03-10', 40),
    invoice('order', 'Till', '2024-04-01', 100),
    invoice('before', 'Till', '2024-02-01', 1) \g /dev/null
INSERT INTO acc_trans (trans_id, chart_id, amount, transdate, source)
SELECT a.id, accno(account), side * value, '2024-03-10', 'till'
FROM ar a, (VALUES ('1200', 1), ('1060', -1)) s(account, side), (VALUES (50), (-10)) v(value)
WHERE a.invnumber = 'till';
SELECT pay('Till', '2024-03-11', '{before}', '{1}', 'advance', over => 60) \g /dev/null
SELECT pay('Till', '2024-04-01', '{order}', '{60}', 'advance', account => '2180',
    from_over => (SELECT payment_id FROM overpayments WHERE entity_credit_id = customer('Till'))) \g /dev/null
-- Put off: one due date a document.
SELECT invoice('moved', 'Moved', '2024-03-12', 60) \g /dev/null
UPDATE ar SET duedate = '2024-07-11' WHERE invnumber = 'moved';
