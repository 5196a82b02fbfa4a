-- One case of each kind, and the rows that it must give.
SET client_min_messages = warning;
CREATE TABLE expected_item (customer_id text, invoice_id text, invoice_date date, due_date date, paid_date date,
    amount numeric, open_amount numeric, disputed boolean, settled_by text);
CREATE PROCEDURE cases() LANGUAGE plpgsql AS $$ BEGIN
-- paid, allocated a week later; in parts, two payments on one day
PERFORM invoice(101, 116, 7, '2024-01-10', 100);
PERFORM allocate(1, '2024-02-19', 101, 100, 1, '2024-02-12');
PERFORM invoice(102, 116, 7, '2024-01-20', 500);
PERFORM allocate(2, '2024-02-20', 102, 120, 2, '2024-02-20'),
    allocate(3, '2024-02-20', 102, 80, 3, '2024-02-20'),
    allocate(4, '2024-03-05', 102, 50, 4, '2024-03-05');
-- credit memos: for a whole invoice, and for a part; allocated against each other
PERFORM invoice(103, 116, 7, '2024-02-01', 300), invoice(203, 118, 7, '2024-02-15', 300);
PERFORM allocate(5, '2024-02-16', 103, 300), allocate(5, '2024-02-16', 203, -300);
PERFORM invoice(104, 116, 7, '2024-02-10', 400), invoice(204, 118, 7, '2024-03-01', 60);
PERFORM allocate(6, '2024-03-02', 104, 60),
    allocate(6, '2024-03-02', 204, -60),
    allocate(7, '2024-03-15', 104, 340, 7, '2024-03-15');
-- an open credit memo, in part set off against an invoice; one that was paid out
PERFORM invoice(205, 118, 8, '2024-05-01', 90), invoice(105, 116, 8, '2024-04-01', 30);
PERFORM allocate(8, '2024-04-28', 105, 30), allocate(8, '2024-04-28', 205, -30);
PERFORM invoice(206, 118, 8, '2024-05-02', 45);
PERFORM allocate(9, '2024-05-10', 206, -45, 9, '2024-05-10');
-- instalments: the payment fills the first and a part of the second; then the rest of that and a part of the third
PERFORM invoice(106, 116, 7, '2024-03-01', 301, 'CO', '{2024-04-01,2024-05-01,2024-06-01}', '{100,100,101}');
PERFORM allocate(10, '2024-04-03', 106, 130, 10, '2024-04-03'), allocate(11, '2024-05-20', 106, 90, 11, '2024-05-20');
-- in dispute; closed
PERFORM invoice(107, 116, 8, '2024-03-03', 77, 'CL');
UPDATE c_invoice SET isindispute = 'Y', dunninggrace = '2024-09-15' WHERE c_invoice_id = 107;
-- 100 dollars, 92 euros, in two instalments: 45 dollars paid in dollars, 23 euros that are 25 dollars
PERFORM invoice(108, 116, 8, '2024-03-04', 100, 'CO', '{2024-04-03,2024-05-03}', '{60,40}', 105, 100);
PERFORM allocate(12, '2024-04-05', 108, 45, 12, '2024-04-05', currency => 100),
    allocate(13, '2024-04-10', 108, 23, 13, '2024-04-10');
-- draft, voided, reversed with its reversal; of a supplier; of another client; an allocation that was reversed
PERFORM invoice(109, 116, 8, '2024-03-05', 55, 'DR'),
    invoice(110, 116, 8, '2024-03-05', 56, 'VO'),
    invoice(111, 116, 8, '2024-03-05', 57, 'RE'),
    invoice(112, 116, 8, '2024-03-06', -57, 'RE'),
    invoice(113, 119, 8, '2024-03-05', 58),
    invoice(114, 116, 8, '2024-03-05', 59, client => 1000000, currency => 100);
UPDATE c_invoice SET issotrx = 'N' WHERE c_invoice_id = 113;
PERFORM invoice(115, 116, 8, '2024-03-07', 61);
PERFORM allocate(14, '2024-04-08', 115, 61, 14, '2024-04-08', status => 'RE'),
    allocate(15, '2024-04-09', 115, -61, 14, '2024-04-08', status => 'RE');
UPDATE c_payment SET docstatus = 'RE' WHERE c_payment_id = 14;
-- a payment with a discount and a write-off; a rest written off against a charge
PERFORM invoice(116, 116, 7, '2024-03-10', 250);
PERFORM allocate(16, '2024-04-09', 116, 240, 16, '2024-04-09', off => 4, discount => 6);
PERFORM invoice(117, 116, 7, '2024-03-11', 20);
PERFORM allocate(17, '2024-09-30', 117, 20), allocate(17, '2024-09-30', NULL, -20, charge => 100);
-- overpaid: 20 of the payment are not allocated; a payment on account; one that was voided
PERFORM invoice(118, 116, 8, '2024-04-01', 80);
PERFORM allocate(18, '2024-04-30', 118, 80, 18, '2024-04-30', pay => 100);
INSERT INTO c_payment (
    c_payment_id, ad_client_id, documentno, datetrx, dateacct, c_bpartner_id, c_currency_id, payamt,
    docstatus)
VALUES
    (19, 11, 'P19', '2024-06-30', '2024-06-30', 8, 102, 15, 'CO'),
    (20, 11, 'P20', '2024-06-30', '2024-06-30', 8, 102, 16, 'VO');
-- more allocated than owed; paid before it was invoiced (a prepayment)
PERFORM invoice(119, 116, 8, '2024-04-02', 70);
PERFORM allocate(21, '2024-05-02', 119, 75, 21, '2024-05-02');
PERFORM invoice(120, 116, 7, '2024-05-20', 60);
PERFORM allocate(22, '2024-05-21', 120, 60, 22, '2024-05-06');
-- paid out by mistake: more is owed than was invoiced
PERFORM invoice(124, 116, 8, '2024-04-05', 50, 'CO', '{2024-04-10,2024-05-10}', '{30,20}');
PERFORM allocate(24, '2024-04-20', 124, -5, 24, '2024-04-20');
-- instalments, and more allocated than owed
PERFORM invoice(125, 116, 8, '2024-04-05', 50, 'CO', '{2024-04-10,2024-05-10}', '{30,20}');
PERFORM allocate(25, '2024-04-20', 125, 55, 25, '2024-04-20');
-- a cheque bounces: payment and allocation are reversed, then paid; taken back by a negative payment
-- of the same amount; by a negative allocation of the same payment, between two others
PERFORM invoice(140, 116, 9, '2024-03-01', 100);
PERFORM allocate(40, '2024-03-30', 140, 100, 40, '2024-03-30', status => 'RE'),
    allocate(41, '2024-04-12', 140, -100, 40, '2024-03-30', status => 'RE'),
    allocate(42, '2024-05-20', 140, 100, 41, '2024-05-20');
UPDATE c_payment SET docstatus = 'RE' WHERE c_payment_id = 40;
PERFORM invoice(141, 116, 9, '2024-03-02', 100);
PERFORM allocate(43, '2024-03-30', 141, 100, 42, '2024-03-30'),
    allocate(44, '2024-04-12', 141, -100, 43, '2024-04-12'),
    allocate(45, '2024-05-20', 141, 100, 44, '2024-05-20');
PERFORM invoice(142, 116, 9, '2024-03-03', 100);
PERFORM allocate(46, '2024-03-28', 142, 40, 45, '2024-03-28'),
    allocate(47, '2024-04-02', 142, 35, 46, '2024-04-02'),
    allocate(48, '2024-04-12', 142, -30, 45, '2024-03-28');
-- a provider keeps 10 of 1000: the rest of the invoice is allocated with a charge
PERFORM invoice(143, 116, 9, '2024-03-04', 1000);
PERFORM allocate(49, '2024-04-10', 143, 990, 47, '2024-04-04'),
    allocate(49, '2024-04-10', 143, 10),
    allocate(49, '2024-04-10', NULL, -10, charge => 101);
-- a credit memo larger than its invoice; a prepayment of an order; overpaid, and the difference paid back
PERFORM invoice(144, 116, 9, '2024-03-05', 30), invoice(244, 118, 9, '2024-05-01', 50);
PERFORM allocate(50, '2024-05-02', 144, 30), allocate(50, '2024-05-02', 244, -30);
INSERT INTO c_payment (
    c_payment_id, ad_client_id, documentno, datetrx, dateacct, c_bpartner_id, c_currency_id, payamt,
    c_order_id, isprepayment)
VALUES (48, 11, 'P48', '2024-06-30', '2024-06-30', 9, 102, 400, 7, 'Y');
PERFORM invoice(145, 116, 9, '2024-03-06', 80);
PERFORM allocate(51, '2024-04-05', 145, 100, 49, '2024-04-05'), allocate(52, '2024-04-20', 145, -20, 50, '2024-04-20');
-- the first of three instalments was put off to the end; the payment fills what is due first
PERFORM invoice(146, 116, 9, '2024-03-07', 330, 'CO', '{2024-07-01,2024-05-01,2024-06-01}', '{100,110,120}');
PERFORM allocate(53, '2024-05-03', 146, 150, 51, '2024-05-03');
-- payment terms: on the 15th of the next month, after the cut-off the one after; on the 31st, which
-- January lends to February
PERFORM invoice(121, 116, 7, '2024-06-21', 21, term => 106),
    invoice(122, 116, 7, '2024-06-22', 22, term => 106),
    invoice(123, 116, 7, '2024-01-05', 23, term => 107);
-- dunning: two runs that were processed, one that was not
INSERT INTO c_dunninglevel VALUES (500, 1, 5), (400, 1, 20), (300, 1, 40), (600, 2, 30);
INSERT INTO c_dunningrun VALUES (1, '2024-06-10'), (2, '2024-06-25'), (3, '2024-07-20');
INSERT INTO c_dunningrunentry VALUES (1, 1, 500, 7), (2, 2, 400, 7), (3, 3, 300, 7);
INSERT INTO c_dunningrunline VALUES
    (1, 1, 106, 1063, 'Y'), (2, 2, 106, 1063, 'Y'), (3, 3, 106, 1063, 'N'), (4, 2, 102, NULL, 'Y');
END $$;
CALL cases();
INSERT INTO expected_item VALUES
    ('7', 'I101#101', '2024-01-10', '2024-02-09', '2024-02-12', 100, 0, false, 'payment'),
    ('7', 'I102#102', '2024-01-20', '2024-02-19', '2024-02-20', 120, 0, false, 'payment'),
    ('7', 'I102#102', '2024-01-20', '2024-02-19', '2024-02-20', 80, 0, false, 'payment'),
    ('7', 'I102#102', '2024-01-20', '2024-02-19', '2024-03-05', 50, 0, false, 'payment'),
    ('7', 'I102#102', '2024-01-20', '2024-02-19', NULL, 250, 250, false, NULL),
    ('7', 'I103#103', '2024-02-01', '2024-03-02', '2024-02-16', 300, 0, false, 'credit'),
    ('7', 'I203#203', '2024-02-15', '2024-03-16', '2024-02-16', -300, 0, false, 'credit'),
    ('7', 'I104#104', '2024-02-10', '2024-03-11', '2024-03-02', 60, 0, false, 'credit'),
    ('7', 'I104#104', '2024-02-10', '2024-03-11', '2024-03-15', 340, 0, false, 'payment'),
    ('7', 'I204#204', '2024-03-01', '2024-03-31', '2024-03-02', -60, 0, false, 'credit'),
    ('8', 'I205#205', '2024-05-01', '2024-05-31', '2024-04-28', -30, 0, false, 'credit'),
    ('8', 'I205#205', '2024-05-01', '2024-05-31', NULL, -60, -60, false, 'credit'),
    ('8', 'I105#105', '2024-04-01', '2024-05-01', '2024-04-28', 30, 0, false, 'credit'),
    ('8', 'I206#206', '2024-05-02', '2024-06-01', '2024-05-10', -45, 0, false, 'credit'),
    ('7', 'I106#106', '2024-03-01', '2024-04-01', '2024-04-03', 100, 0, false, 'payment'),
    ('7', 'I106#106/2', '2024-03-01', '2024-05-01', '2024-04-03', 30, 0, false, 'payment'),
    ('7', 'I106#106/2', '2024-03-01', '2024-05-01', '2024-05-20', 70, 0, false, 'payment'),
    ('7', 'I106#106/3', '2024-03-01', '2024-06-01', '2024-05-20', 20, 0, false, 'payment'),
    ('7', 'I106#106/3', '2024-03-01', '2024-06-01', NULL, 81, 81, false, NULL),
    ('8', 'I107#107', '2024-03-03', '2024-04-02', NULL, 77, 77, true, NULL),
    ('8', 'I108#108', '2024-03-04', '2024-04-03', '2024-04-05', 41.40, 0, false, 'payment'),
    ('8', 'I108#108', '2024-03-04', '2024-04-03', '2024-04-10', 13.80, 0, false, 'payment'),
    ('8', 'I108#108/2', '2024-03-04', '2024-05-03', '2024-04-10', 9.20, 0, false, 'payment'),
    ('8', 'I108#108/2', '2024-03-04', '2024-05-03', NULL, 27.60, 27.60, false, NULL),
    ('8', 'I115#115', '2024-03-07', '2024-04-06', NULL, 61, 61, false, NULL),
    ('7', 'I116#116', '2024-03-10', '2024-04-09', '2024-04-09', 246, 0, false, 'payment'),
    ('7', 'I116#116', '2024-03-10', '2024-04-09', '2024-04-09', 4, 0, false, 'write_off'),
    ('7', 'I117#117', '2024-03-11', '2024-04-10', '2024-09-30', 20, 0, false, 'write_off'),
    ('8', 'I118#118', '2024-04-01', '2024-05-01', '2024-04-30', 80, 0, false, 'payment'),
    ('8', 'P18#P18', '2024-04-30', '2024-04-30', NULL, -20, -20, false, NULL),
    ('8', 'P19#P19', '2024-06-30', '2024-06-30', NULL, -15, -15, false, NULL),
    ('8', 'I119#119', '2024-04-02', '2024-05-02', '2024-05-02', 70, 0, false, 'payment'),
    ('8', 'I119#119/overpaid', '2024-05-02', '2024-05-02', NULL, -5, -5, false, NULL),
    ('8', 'I124#124', '2024-04-05', '2024-04-10', '2024-04-20', -5, 0, false, 'payment'),
    ('8', 'I124#124', '2024-04-05', '2024-04-10', NULL, 35, 35, false, NULL),
    ('8', 'I124#124/2', '2024-04-05', '2024-05-10', NULL, 20, 20, false, NULL),
    ('8', 'I125#125', '2024-04-05', '2024-04-10', '2024-04-20', 30, 0, false, 'payment'),
    ('8', 'I125#125/2', '2024-04-05', '2024-05-10', '2024-04-20', 20, 0, false, 'payment'),
    ('8', 'I125#125/overpaid', '2024-04-20', '2024-04-20', NULL, -5, -5, false, NULL),
    ('7', 'I120#120', '2024-05-20', '2024-06-19', '2024-05-06', 60, 0, false, 'payment'),
    ('7', 'I121#121', '2024-06-21', '2024-07-15', NULL, 21, 21, false, NULL),
    ('7', 'I122#122', '2024-06-22', '2024-08-15', NULL, 22, 22, false, NULL),
    ('7', 'I123#123', '2024-01-05', '2024-02-29', NULL, 23, 23, false, NULL),
    ('9', 'I140#140', '2024-03-01', '2024-03-31', '2024-05-20', 100, 0, false, 'payment'),
    ('9', 'I141#141', '2024-03-02', '2024-04-01', '2024-05-20', 100, 0, false, 'payment'),
    ('9', 'I142#142', '2024-03-03', '2024-04-02', '2024-03-28', 10, 0, false, 'payment'),
    ('9', 'I142#142', '2024-03-03', '2024-04-02', '2024-04-02', 35, 0, false, 'payment'),
    ('9', 'I142#142', '2024-03-03', '2024-04-02', NULL, 55, 55, false, NULL),
    ('9', 'I143#143', '2024-03-04', '2024-04-03', '2024-04-04', 990, 0, false, 'payment'),
    ('9', 'I143#143', '2024-03-04', '2024-04-03', '2024-04-04', 10, 0, false, 'payment'),
    ('9', 'I144#144', '2024-03-05', '2024-04-04', '2024-05-02', 30, 0, false, 'credit'),
    ('9', 'I244#244', '2024-05-01', '2024-05-31', '2024-05-02', -30, 0, false, 'credit'),
    ('9', 'I244#244', '2024-05-01', '2024-05-31', NULL, -20, -20, false, 'credit'),
    ('9', 'P48#P48', '2024-06-30', '2024-06-30', NULL, -400, -400, false, NULL),
    ('9', 'I145#145', '2024-03-06', '2024-04-05', '2024-04-05', 80, 0, false, 'payment'),
    ('9', 'I146#146', '2024-03-07', '2024-07-01', NULL, 100, 100, false, NULL),
    ('9', 'I146#146/2', '2024-03-07', '2024-05-01', '2024-05-03', 110, 0, false, 'payment'),
    ('9', 'I146#146/3', '2024-03-07', '2024-06-01', '2024-05-03', 40, 0, false, 'payment'),
    ('9', 'I146#146/3', '2024-03-07', '2024-06-01', NULL, 80, 80, false, NULL);
