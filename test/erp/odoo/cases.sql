-- One case of each kind, and the rows that it must give.
SET client_min_messages = warning;
CREATE TABLE expected_item (customer_id text, invoice_id text, invoice_date date, due_date date, paid_date date,
    amount numeric, open_amount numeric, disputed boolean, settled_by text);

INSERT INTO res_partner (id, name, commercial_partner_id) VALUES (10, 'Jones', 10);
CREATE PROCEDURE cases() LANGUAGE plpgsql AS $$ BEGIN
-- paid at once; the invoice is to a contact of the company
PERFORM post('INV/2024/00001', 'out_invoice', 9, '2024-01-10', '{2024-02-09}', '{100}');
PERFORM pay('BNK1/2024/00001', 7, '2024-02-12', 100);
PERFORM match('INV/2024/00001', 'BNK1/2024/00001', 100);
-- in parts: two payments on one day, one later, the rest open
PERFORM post('INV/2024/00002', 'out_invoice', 7, '2024-01-20', '{2024-02-19}', '{500}');
PERFORM pay('BNK1/2024/00002', 7, '2024-02-20', 120);
PERFORM pay('BNK1/2024/00003', 7, '2024-02-20', 80);
PERFORM pay('BNK1/2024/00004', 7, '2024-03-05', 50);
PERFORM match('INV/2024/00002', 'BNK1/2024/00002', 120);
PERFORM match('INV/2024/00002', 'BNK1/2024/00003', 80);
PERFORM match('INV/2024/00002', 'BNK1/2024/00004', 50);
-- credited in full (a reversal), and an invoice credited in part
PERFORM post('INV/2024/00003', 'out_invoice', 7, '2024-02-01', '{2024-03-02}', '{300}');
PERFORM post('RINV/2024/00001', 'out_refund', 7, '2024-02-15', '{2024-02-15}', '{-300}');
PERFORM match('INV/2024/00003', 'RINV/2024/00001', 300);
PERFORM post('INV/2024/00004', 'out_invoice', 7, '2024-02-10', '{2024-03-11}', '{400}');
PERFORM post('RINV/2024/00002', 'out_refund', 7, '2024-03-01', '{2024-03-01}', '{-60}');
PERFORM pay('BNK1/2024/00005', 7, '2024-03-15', 340);
PERFORM match('INV/2024/00004', 'RINV/2024/00002', 60);
PERFORM match('INV/2024/00004', 'BNK1/2024/00005', 340);
-- an open credit note, in part taken for an invoice that is older than it
PERFORM post('RINV/2024/00003', 'out_refund', 8, '2024-05-01', '{2024-05-01}', '{-90}');
PERFORM post('INV/2024/00005', 'out_invoice', 8, '2024-04-01', '{2024-05-01}', '{30}');
PERFORM match('INV/2024/00005', 'RINV/2024/00003', 30);
-- a credit note that was paid out
PERFORM post('RINV/2024/00004', 'out_refund', 8, '2024-05-02', '{2024-05-02}', '{-45}');
PERFORM post('BNK1/2024/00006', 'entry', 8, '2024-05-10', '{NULL}', '{45}', 2, 1, 3);
PERFORM match('BNK1/2024/00006', 'RINV/2024/00004', 45);
-- instalments: the first paid, the second in part, the third open
PERFORM post('INV/2024/00006', 'out_invoice', 7, '2024-03-01', '{2024-04-01,2024-05-01,2024-06-01}', '{100,100,101}');
PERFORM pay('BNK1/2024/00007', 7, '2024-04-03', 130);
PERFORM match('INV/2024/00006', 'BNK1/2024/00007', 100, 1);
PERFORM match('INV/2024/00006', 'BNK1/2024/00007', 30, 2);
-- no follow-up
PERFORM post('INV/2024/00007', 'out_invoice', 8, '2024-03-03', '{2024-04-02}', '{77}');
UPDATE account_move_line SET blocked = true
FROM account_move AS m WHERE m.id = move_id AND m.name = 'INV/2024/00007' AND account_id = 1;
-- in dollars: 100 dollars were 92 euros; paid at 90, 2 are an exchange difference
PERFORM post('INV/2024/00008', 'out_invoice', 8, '2024-03-04', '{2024-04-03}', '{92}');
UPDATE account_move SET currency_id = 2 WHERE name = 'INV/2024/00008';
UPDATE account_move_line AS l
SET currency_id = 2, amount_currency = 100
FROM account_move AS m
WHERE m.id = l.move_id AND m.name = 'INV/2024/00008' AND account_id = 1;
PERFORM pay('BNK1/2024/00008', 8, '2024-04-05', 90);
PERFORM post('EXCH/2024/00001', 'entry', 8, '2024-04-05', '{NULL}', '{-2}', 4, 1, 4);
PERFORM match('INV/2024/00008', 'BNK1/2024/00008', 90);
PERFORM match('INV/2024/00008', 'EXCH/2024/00001', 2);
-- cancelled, draft, of a supplier, of another company: none of ours
PERFORM post('INV/2024/00009', 'out_invoice', 8, '2024-03-05', '{2024-04-04}', '{55}', posted => 'cancel');
PERFORM post('/', 'out_invoice', 8, '2024-03-05', '{2024-04-04}', '{56}', posted => 'draft');
PERFORM post('BILL/2024/00001', 'in_invoice', 8, '2024-03-05', '{2024-04-04}', '{-57}', 5, 5, 4);
PERFORM post('INV/2024/00009', 'out_invoice', 8, '2024-03-05', '{2024-04-04}', '{58}', 11, 11, 11, company => 2);
-- written off: paid in part, the rest given up
PERFORM post('INV/2024/00010', 'out_invoice', 7, '2024-03-10', '{2024-04-09}', '{250}');
PERFORM pay('BNK1/2024/00009', 7, '2024-04-09', 200);
PERFORM match('INV/2024/00010', 'BNK1/2024/00009', 200);
PERFORM post('MISC/2024/00001', 'entry', 7, '2024-09-30', '{NULL}', '{-50}', 3, 1, 4);
PERFORM match('INV/2024/00010', 'MISC/2024/00001', 50);
-- overpaid: 20 of the payment are left; and a payment on account
PERFORM post('INV/2024/00011', 'out_invoice', 8, '2024-04-01', '{2024-05-01}', '{80}');
PERFORM pay('BNK1/2024/00010', 8, '2024-04-30', 100);
PERFORM match('INV/2024/00011', 'BNK1/2024/00010', 80);
PERFORM pay('BNK1/2024/00011', 8, '2024-06-30', 15);
-- paid before it was invoiced
PERFORM post('INV/2024/00012', 'out_invoice', 7, '2024-05-20', '{2024-06-19}', '{60}');
PERFORM pay('BNK1/2024/00012', 7, '2024-05-06', 60);
PERFORM match('INV/2024/00012', 'BNK1/2024/00012', 60);
-- a down payment is invoiced and paid; the final invoice has it as a line, so its total is the rest
PERFORM post('INV/2024/00013', 'out_invoice', 7, '2024-06-01', '{2024-06-11}', '{30}');
PERFORM pay('BNK1/2024/00013', 7, '2024-06-10', 30);
PERFORM match('INV/2024/00013', 'BNK1/2024/00013', 30);
PERFORM post('INV/2024/00014', 'out_invoice', 7, '2024-07-01', '{2024-07-31}', '{70}');
-- a receipt, and an opening balance: what the customer owed before Odoo
PERFORM post('REC/2024/00001', 'out_receipt', 7, '2024-07-02', '{2024-07-02}', '{12}');
PERFORM post('MISC/2024/00002', 'entry', 8, '2024-01-01', '{2023-12-15}', '{210}', 3, 1, 6);
-- an entry that names a contact of the company
PERFORM post('MISC/2024/00003', 'entry', 7, '2024-01-01', '{2023-12-20}', '{5}', 3, 1, 6);
UPDATE account_move_line AS l
SET partner_id = 9
FROM account_move AS m
WHERE m.id = l.move_id AND m.name = 'MISC/2024/00003';
-- an outgoing payment that waits for its credit note is not owed to us
PERFORM post('BNK1/2024/00014', 'entry', 8, '2024-07-03', '{NULL}', '{33}', 2, 1, 3);
-- an opening entry of several customers: each is a number of its own
PERFORM post('MISC/2024/00004', 'entry', 8, '2024-01-02', '{2023-12-21}', '{50}', 3, 1, 6);
INSERT INTO account_move_line (
    move_id, journal_id, company_id, account_id, partner_id, currency_id, date, date_maturity,
    balance, amount_residual, reconciled, blocked)
SELECT id, 3, 1, 1, 7, 1, date, '2023-12-01', 25, 25, false, false
FROM account_move
WHERE name = 'MISC/2024/00004';
-- a provider keeps a fee: 990 and 10 of 1000, by an entry of a miscellaneous journal; one for two customers' payments
INSERT INTO account_account (id, code, name, account_type, internal_group, reconcile, company_id) VALUES
    (7, '6550', '{"en_US": "Bank fees"}', 'expense', 'expense', false, 1),
    (8, '1010', '{"en_US": "Provider"}', 'asset_current', 'asset', false, 1),
    (9, '2200', '{"en_US": "VAT"}', 'liability_current', 'liability', false, 1);
PERFORM post('INV/2024/00015', 'out_invoice', 10, '2024-03-01', '{2024-03-31}', '{1000}'),
    post('PP/2024/00001', 'entry', 10, '2024-03-30', '{NULL}', '{-1000}', 3, 1, 8);
PERFORM other_side('PP/2024/00001', 8, 990),
    other_side('PP/2024/00001', 7, 10),
    match('INV/2024/00015', 'PP/2024/00001', 1000);
PERFORM post('INV/2024/00016', 'out_invoice', 10, '2024-03-02', '{2024-04-01}', '{8}'),
    post('PP/2024/00002', 'entry', 8, '2024-04-01', '{NULL,NULL}', '{-392,-8}', 3, 1, 8);
UPDATE account_move_line AS l
SET partner_id = 10
FROM account_move AS m
WHERE m.id = l.move_id AND m.name = 'PP/2024/00002' AND l.balance = -8;
PERFORM other_side('PP/2024/00002', 8, 388),
    other_side('PP/2024/00002', 7, 12),
    match('INV/2024/00016', 'PP/2024/00002', 8, 1, 2);
-- a fee by the bank journal; a bad debt with its tax, and one that came with a payment
PERFORM post('INV/2024/00017', 'out_invoice', 10, '2024-03-03', '{2024-04-02}', '{100}'),
    post('BNK1/2024/00020', 'entry', 10, '2024-04-03', '{NULL}', '{-100}', 2, 1, 3);
PERFORM other_side('BNK1/2024/00020', 3, 97),
    other_side('BNK1/2024/00020', 7, 3),
    match('INV/2024/00017', 'BNK1/2024/00020', 100);
PERFORM post('INV/2024/00018', 'out_invoice', 10, '2024-03-04', '{2024-04-03}', '{121}'),
    post('MISC/2024/00005', 'entry', 10, '2024-09-30', '{NULL}', '{-121}', 3, 1, 4);
PERFORM other_side('MISC/2024/00005', 4, 100),
    other_side('MISC/2024/00005', 9, 21),
    match('INV/2024/00018', 'MISC/2024/00005', 121);
-- matched with a draft, and with a cancelled entry: both are open, the first one in part; a payment
-- matched with a draft invoice
PERFORM post('INV/2024/00019', 'out_invoice', 10, '2024-03-05', '{2024-04-04}', '{300}'),
    post('BNK1/2024/00021', 'entry', 10, '2024-04-04', '{NULL}', '{-200}', 2, 1, 3, 'draft');
PERFORM match('INV/2024/00019', 'BNK1/2024/00021', 200);
PERFORM post('INV/2024/00020', 'out_invoice', 10, '2024-03-06', '{2024-04-05}', '{60}'),
    post('BNK1/2024/00022', 'entry', 10, '2024-04-05', '{NULL}', '{-60}', 2, 1, 3, 'cancel');
PERFORM match('INV/2024/00020', 'BNK1/2024/00022', 60);
PERFORM post(
        'draft invoice', 'out_invoice', 10, '2024-03-07', '{2024-04-06}', '{45}', posted => 'draft'),
    pay('BNK1/2024/00023', 10, '2024-04-06', 45);
PERFORM match('draft invoice', 'BNK1/2024/00023', 45);
-- a cheque bounces: its entry is reversed, the two are matched with each other; paid in the end
PERFORM post('INV/2024/00021', 'out_invoice', 10, '2024-03-08', '{2024-04-07}', '{90}'),
    pay('BNK1/2024/00024', 10, '2024-04-07', 90),
    post('BNK1/2024/00025', 'entry', 10, '2024-04-20', '{NULL}', '{90}', 2, 1, 3),
    pay('BNK1/2024/00026', 10, '2024-05-30', 90);
PERFORM match('BNK1/2024/00025', 'BNK1/2024/00024', 90), match('INV/2024/00021', 'BNK1/2024/00026', 90);
-- the same, but the invoices stay matched with the cheque: what pays the reversal pays them, the rest is open again
PERFORM post('INV/2024/00026', 'out_invoice', 10, '2024-03-08', '{2024-04-07}', '{90}'),
    post('INV/2024/00027', 'out_invoice', 10, '2024-03-08', '{2024-04-07}', '{110}'),
    pay('BNK1/2024/00029', 10, '2024-04-07', 205),
    post('BNK1/2024/00030', 'entry', 10, '2024-04-20', '{NULL}', '{205}', 3, 1, 3),
    pay('BNK1/2024/00031', 10, '2024-05-30', 130);
UPDATE account_move
SET reversed_entry_id = (SELECT id FROM account_move WHERE name = 'BNK1/2024/00029')
WHERE name = 'BNK1/2024/00030';
PERFORM match('INV/2024/00026', 'BNK1/2024/00029', 90),
    match('INV/2024/00027', 'BNK1/2024/00029', 110),
    match('BNK1/2024/00030', 'BNK1/2024/00031', 130);
-- change at the till: 50 paid of 40, 10 go back out of the same payment
PERFORM post('INV/2024/00022', 'out_invoice', 10, '2024-03-09', '{2024-03-09}', '{40}'),
    post('POS/2024/00001', 'entry', 10, '2024-03-09', '{NULL}', '{-50}', 3, 1, 8),
    post('POS/2024/00002', 'entry', 10, '2024-03-09', '{NULL}', '{10}', 3, 1, 8);
PERFORM match('INV/2024/00022', 'POS/2024/00001', 40), match('POS/2024/00002', 'POS/2024/00001', 10);
-- a credit note larger than its invoice; one payment on several instalments, the last one in part
PERFORM post('INV/2024/00023', 'out_invoice', 10, '2024-03-10', '{2024-04-09}', '{30}'),
    post('RINV/2024/00005', 'out_refund', 10, '2024-05-01', '{2024-05-01}', '{-50}');
PERFORM match('INV/2024/00023', 'RINV/2024/00005', 30);
PERFORM post(
        'INV/2024/00024', 'out_invoice', 10, '2024-03-11', '{2024-04-10,2024-05-10,2024-06-10}',
        '{100,100,100}'),
    pay('BNK1/2024/00027', 10, '2024-05-11', 250);
PERFORM match('INV/2024/00024', 'BNK1/2024/00027', 100, 1),
    match('INV/2024/00024', 'BNK1/2024/00027', 100, 2),
    match('INV/2024/00024', 'BNK1/2024/00027', 50, 3);
-- the first of three instalments was paid in part, and then put off to the end
PERFORM post(
        'INV/2024/00025', 'out_invoice', 10, '2024-03-12', '{2024-04-11,2024-05-11,2024-06-11}',
        '{100,110,120}'),
    pay('BNK1/2024/00028', 10, '2024-04-12', 40);
PERFORM match('INV/2024/00025', 'BNK1/2024/00028', 40);
UPDATE account_move_line AS l
SET date_maturity = '2024-07-11'
FROM account_move AS m
WHERE m.id = l.move_id AND m.name = 'INV/2024/00025' AND l.date_maturity = '2024-04-11';
-- two letters, one of them only drafted, and a promise
INSERT INTO credit_control_line (date, date_sent, state, channel, level, move_line_id)
SELECT v.day, v.sent, v.state, 'email', v.level, l.id
FROM (VALUES
    (date '2024-08-01', date '2024-08-02', 'sent', 1),
    ('2024-08-20', '2024-08-21', 'sent', 2),
    ('2024-09-20', NULL, 'draft', 3)) AS v (day, sent, state, level),
    account_move_line AS l
JOIN account_move AS m ON m.id = l.move_id
WHERE m.name = 'INV/2024/00014' AND l.account_id = 1;
UPDATE account_move_line AS l SET expected_pay_date = '2024-10-01' FROM account_move AS m
WHERE m.id = l.move_id AND m.name = 'INV/2024/00002' AND l.account_id = 1;
END $$;
CALL cases();

INSERT INTO expected_item VALUES
    ('7', 'INV/2024/00001', '2024-01-10', '2024-02-09', '2024-02-12', 100, 0, false, 'payment'),
    ('7', 'INV/2024/00002', '2024-01-20', '2024-02-19', '2024-02-20', 120, 0, false, 'payment'),
    ('7', 'INV/2024/00002', '2024-01-20', '2024-02-19', '2024-02-20', 80, 0, false, 'payment'),
    ('7', 'INV/2024/00002', '2024-01-20', '2024-02-19', '2024-03-05', 50, 0, false, 'payment'),
    ('7', 'INV/2024/00002', '2024-01-20', '2024-02-19', NULL, 250, 250, false, NULL),
    ('7', 'INV/2024/00003', '2024-02-01', '2024-03-02', '2024-02-15', 300, 0, false, 'credit'),
    ('7', 'RINV/2024/00001', '2024-02-15', '2024-02-15', '2024-02-01', -300, 0, false, 'credit'),
    ('7', 'INV/2024/00004', '2024-02-10', '2024-03-11', '2024-03-01', 60, 0, false, 'credit'),
    ('7', 'INV/2024/00004', '2024-02-10', '2024-03-11', '2024-03-15', 340, 0, false, 'payment'),
    ('7', 'RINV/2024/00002', '2024-03-01', '2024-03-01', '2024-02-10', -60, 0, false, 'credit'),
    ('8', 'RINV/2024/00003', '2024-05-01', '2024-05-01', '2024-04-01', -30, 0, false, 'credit'),
    ('8', 'RINV/2024/00003', '2024-05-01', '2024-05-01', NULL, -60, -60, false, 'credit'),
    ('8', 'INV/2024/00005', '2024-04-01', '2024-05-01', '2024-05-01', 30, 0, false, 'credit'),
    ('8', 'RINV/2024/00004', '2024-05-02', '2024-05-02', '2024-05-10', -45, 0, false, 'credit'),
    ('7', 'INV/2024/00006', '2024-03-01', '2024-04-01', '2024-04-03', 100, 0, false, 'payment'),
    ('7', 'INV/2024/00006/2', '2024-03-01', '2024-05-01', '2024-04-03', 30, 0, false, 'payment'),
    ('7', 'INV/2024/00006/2', '2024-03-01', '2024-05-01', NULL, 70, 70, false, NULL),
    ('7', 'INV/2024/00006/3', '2024-03-01', '2024-06-01', NULL, 101, 101, false, NULL),
    ('8', 'INV/2024/00007', '2024-03-03', '2024-04-02', NULL, 77, 77, true, NULL),
    ('8', 'INV/2024/00008', '2024-03-04', '2024-04-03', '2024-04-05', 90, 0, false, 'payment'),
    ('8', 'INV/2024/00008', '2024-03-04', '2024-04-03', '2024-04-05', 2, 0, false, 'payment'),
    ('7', 'INV/2024/00010', '2024-03-10', '2024-04-09', '2024-04-09', 200, 0, false, 'payment'),
    ('7', 'INV/2024/00010', '2024-03-10', '2024-04-09', '2024-09-30', 50, 0, false, 'write_off'),
    ('8', 'INV/2024/00011', '2024-04-01', '2024-05-01', '2024-04-30', 80, 0, false, 'payment'),
    ('8', 'BNK1/2024/00010', '2024-04-30', '2024-04-30', NULL, -20, -20, false, NULL),
    ('8', 'BNK1/2024/00011', '2024-06-30', '2024-06-30', NULL, -15, -15, false, NULL),
    ('7', 'INV/2024/00012', '2024-05-20', '2024-06-19', '2024-05-06', 60, 0, false, 'payment'),
    ('7', 'INV/2024/00013', '2024-06-01', '2024-06-11', '2024-06-10', 30, 0, false, 'payment'),
    ('7', 'INV/2024/00014', '2024-07-01', '2024-07-31', NULL, 70, 70, false, NULL),
    ('7', 'REC/2024/00001', '2024-07-02', '2024-07-02', NULL, 12, 12, false, NULL),
    ('7', 'MISC/2024/00003', '2024-01-01', '2023-12-20', NULL, 5, 5, false, NULL),
    ('8', 'MISC/2024/00002', '2024-01-01', '2023-12-15', NULL, 210, 210, false, NULL),
    ('8', 'MISC/2024/00004', '2024-01-02', '2023-12-21', NULL, 50, 50, false, NULL),
    ('7', 'MISC/2024/00004/2', '2024-01-02', '2023-12-01', NULL, 25, 25, false, NULL),
    ('8', 'PP/2024/00002', '2024-04-01', '2024-04-01', NULL, -392, -392, false, NULL),
    ('10', 'INV/2024/00015', '2024-03-01', '2024-03-31', '2024-03-30', 1000, 0, false, 'payment'),
    ('10', 'INV/2024/00016', '2024-03-02', '2024-04-01', '2024-04-01', 8, 0, false, 'payment'),
    ('10', 'INV/2024/00017', '2024-03-03', '2024-04-02', '2024-04-03', 100, 0, false, 'payment'),
    ('10', 'INV/2024/00018', '2024-03-04', '2024-04-03', '2024-09-30', 121, 0, false, 'write_off'),
    ('10', 'INV/2024/00019', '2024-03-05', '2024-04-04', NULL, 300, 300, false, NULL),
    ('10', 'INV/2024/00020', '2024-03-06', '2024-04-05', NULL, 60, 60, false, NULL),
    ('10', 'BNK1/2024/00023', '2024-04-06', '2024-04-06', NULL, -45, -45, false, NULL),
    ('10', 'INV/2024/00021', '2024-03-08', '2024-04-07', '2024-05-30', 90, 0, false, 'payment'),
    ('10', 'INV/2024/00026', '2024-03-08', '2024-04-07', '2024-05-30', 90, 0, false, 'payment'),
    ('10', 'INV/2024/00027', '2024-03-08', '2024-04-07', '2024-05-30', 40, 0, false, 'payment'),
    ('10', 'INV/2024/00027', '2024-03-08', '2024-04-07', NULL, 70, 70, false, NULL),
    ('10', 'INV/2024/00022', '2024-03-09', '2024-03-09', '2024-03-09', 40, 0, false, 'payment'),
    ('10', 'INV/2024/00023', '2024-03-10', '2024-04-09', '2024-05-01', 30, 0, false, 'credit'),
    ('10', 'RINV/2024/00005', '2024-05-01', '2024-05-01', '2024-03-10', -30, 0, false, 'credit'),
    ('10', 'RINV/2024/00005', '2024-05-01', '2024-05-01', NULL, -20, -20, false, 'credit'),
    ('10', 'INV/2024/00024', '2024-03-11', '2024-04-10', '2024-05-11', 100, 0, false, 'payment'),
    ('10', 'INV/2024/00024/2', '2024-03-11', '2024-05-10', '2024-05-11', 100, 0, false, 'payment'),
    ('10', 'INV/2024/00024/3', '2024-03-11', '2024-06-10', '2024-05-11', 50, 0, false, 'payment'),
    ('10', 'INV/2024/00024/3', '2024-03-11', '2024-06-10', NULL, 50, 50, false, NULL),
    ('10', 'INV/2024/00025', '2024-03-12', '2024-07-11', '2024-04-12', 40, 0, false, 'payment'),
    ('10', 'INV/2024/00025', '2024-03-12', '2024-07-11', NULL, 60, 60, false, NULL),
    ('10', 'INV/2024/00025/2', '2024-03-12', '2024-05-11', NULL, 110, 110, false, NULL),
    ('10', 'INV/2024/00025/3', '2024-03-12', '2024-06-11', NULL, 120, 120, false, NULL);
