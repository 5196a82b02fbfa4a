-- One case of each kind, and the rows that it must give.
SET client_min_messages = warning;
CREATE TABLE expected_item (customer_id text, invoice_id text, invoice_date date, due_date date, paid_date date,
    amount numeric, open_amount numeric, disputed boolean, settled_by text);

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
UPDATE account_move_line AS l SET currency_id = 2, amount_currency = 100 FROM account_move AS m WHERE m.id = l.move_id AND m.name = 'INV/2024/00008' AND account_id = 1;
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
UPDATE account_move_line AS l SET partner_id = 9 FROM account_move AS m WHERE m.id = l.move_id AND m.name = 'MISC/2024/00003';
-- an outgoing payment that waits for its credit note is not owed to us
PERFORM post('BNK1/2024/00014', 'entry', 8, '2024-07-03', '{NULL}', '{33}', 2, 1, 3);
-- two letters, one of them only drafted, and a promise
INSERT INTO credit_control_line (date, date_sent, state, channel, level, move_line_id)
SELECT v.day, v.sent, v.state, 'email', v.level, l.id
FROM (VALUES (date '2024-08-01', date '2024-08-02', 'sent', 1), ('2024-08-20', '2024-08-21', 'sent', 2), ('2024-09-20', NULL, 'draft', 3)) AS v (day, sent, state, level),
     account_move_line AS l JOIN account_move AS m ON m.id = l.move_id
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
    ('8', 'RINV/2024/00003', '2024-05-01', '2024-05-01', NULL, -60, -60, false, NULL),
    ('8', 'INV/2024/00005', '2024-04-01', '2024-05-01', '2024-05-01', 30, 0, false, 'credit'),
    ('8', 'RINV/2024/00004', '2024-05-02', '2024-05-02', '2024-05-10', -45, 0, false, 'payment'),
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
    ('8', 'MISC/2024/00002', '2024-01-01', '2023-12-15', NULL, 210, 210, false, NULL);
