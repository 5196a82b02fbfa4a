-- One case of each kind, and the rows that it must give.
SET client_min_messages = warning;
CREATE TABLE expected_item (customer_id text, invoice_id text, invoice_date date, due_date date, paid_date date,
    amount numeric, open_amount numeric, disputed boolean, settled_by text);
INSERT INTO "tabCustomer" (name, customer_name)
SELECT name, name
FROM unnest(ARRAY['Advance', 'Till', 'Bounced', 'Fee', 'Credit', 'Moved']) AS name;
CREATE PROCEDURE cases() LANGUAGE plpgsql AS $$ BEGIN
-- paid; in parts, two payments on one day
PERFORM invoice('SINV-24-00001', 'Miller', '2024-01-10', '{2024-02-09}', '{100}');
PERFORM pay('PE-01', 'SINV-24-00001', '2024-02-12', 100);
PERFORM invoice('SINV-24-00002', 'Miller', '2024-01-20', '{2024-02-19}', '{500}');
PERFORM pay('PE-02', 'SINV-24-00002', '2024-02-20', 120),
    pay('PE-03', 'SINV-24-00002', '2024-02-20', 80),
    pay('PE-04', 'SINV-24-00002', '2024-03-05', 50);
-- a return that lowers its invoice, in full; and in part
PERFORM invoice('SINV-24-00003', 'Miller', '2024-02-01', '{2024-03-02}', '{300}');
PERFORM invoice('RET-24-00001', 'Miller', '2024-02-15', '{2024-02-15}', '{-300}', 'SINV-24-00003');
PERFORM invoice('SINV-24-00004', 'Miller', '2024-02-10', '{2024-03-11}', '{400}');
PERFORM invoice('RET-24-00002', 'Miller', '2024-03-01', '{2024-03-01}', '{-60}', 'SINV-24-00004');
PERFORM pay('PE-05', 'SINV-24-00004', '2024-03-15', 340);
-- a return that stands for itself, set off in part against an older invoice, the rest open; another one paid out
PERFORM invoice('RET-24-00003', 'Smith', '2024-05-01', '{2024-05-01}', '{-90}');
PERFORM invoice('SINV-24-00005', 'Smith', '2024-04-01', '{2024-05-01}', '{30}');
INSERT INTO "tabJournal Entry" VALUES
    ('JV-01', 1, 'Credit Note', '2024-05-04'),
    ('JV-02', 1, 'Write Off Entry', '2024-09-30'),
    ('JV-03', 1, 'Opening Entry', '2024-01-01'),
    ('JV-04', 1, 'Exchange Gain Or Loss', '2024-04-05'),
    ('JV-05', 1, 'Bank Entry', '2024-06-20');
PERFORM pay('JV-01', 'SINV-24-00005', '2024-05-04', 30, 'Journal Entry'),
    pay('JV-01', 'RET-24-00003', '2024-05-04', -30, 'Journal Entry');
PERFORM invoice('RET-24-00004', 'Smith', '2024-05-02', '{2024-05-02}', '{-45}');
PERFORM pay('PE-06', 'RET-24-00004', '2024-05-10', -45);
-- instalments: one payment for the first and a part of the second; a later one for the rest of it
-- and a part of the third
PERFORM invoice('SINV-24-00006', 'Miller', '2024-03-01', '{2024-04-01,2024-05-01,2024-06-01}', '{100,100,101}');
PERFORM pay('PE-07', 'SINV-24-00006', '2024-04-03', 130), pay('PE-08', 'SINV-24-00006', '2024-05-20', 90);
-- in dollars, on an account in dollars: 100 dollars were 92 euros; 50 paid at 0.90, the loss is booked apart
PERFORM invoice('SINV-24-00007', 'Smith', '2024-03-04', '{2024-04-03}', '{92}');
UPDATE "tabSales Invoice"
SET currency = 'USD', party_account_currency = 'USD', grand_total = 100, conversion_rate = 0.92
WHERE name = 'SINV-24-00007';
UPDATE "tabPayment Schedule" SET payment_amount = 100 WHERE parent = 'SINV-24-00007';
UPDATE "tabPayment Ledger Entry"
SET amount_in_account_currency = 100, account_currency = 'USD'
WHERE voucher_no = 'SINV-24-00007';
PERFORM post('PE-09', 'Payment Entry', 'SINV-24-00007', 'Sales Invoice', 'Smith', '2024-04-05', -45, -50);
PERFORM post('JV-04', 'Journal Entry', 'SINV-24-00007', 'Sales Invoice', 'Smith', '2024-04-05', -1, 0);
-- in dollars on an account in euros, two instalments: 60 and 40 dollars
PERFORM invoice('SINV-24-00008', 'Smith', '2024-03-05', '{2024-04-04,2024-05-04}', '{54,36}');
UPDATE "tabSales Invoice" SET currency = 'USD', grand_total = 100, conversion_rate = 0.9 WHERE name = 'SINV-24-00008';
UPDATE "tabPayment Schedule" SET payment_amount = base_payment_amount / 0.9 WHERE parent = 'SINV-24-00008';
PERFORM pay('PE-10', 'SINV-24-00008', '2024-04-04', 54);
-- cancelled, draft, of another company; a payment that was cancelled
PERFORM invoice('SINV-24-00009', 'Smith', '2024-03-05', '{2024-04-04}', '{55}', NULL, 2);
PERFORM invoice('SINV-24-00010', 'Smith', '2024-03-05', '{2024-04-04}', '{56}', NULL, 0);
PERFORM invoice('SINV-24-00011', 'Smith', '2024-03-05', '{2024-04-04}', '{58}', NULL, 1, 'Other');
PERFORM invoice('SINV-24-00012', 'Smith', '2024-03-06', '{2024-04-05}', '{57}');
PERFORM pay('PE-11', 'SINV-24-00012', '2024-04-06', 57, 'Payment Entry', 1);
-- written off by an entry; and by the invoice itself, which was paid at the till
PERFORM invoice('SINV-24-00013', 'Miller', '2024-03-10', '{2024-04-09}', '{250}');
PERFORM pay('PE-12', 'SINV-24-00013', '2024-04-09', 200),
    pay('JV-02', 'SINV-24-00013', '2024-09-30', 50, 'Journal Entry');
PERFORM invoice('SINV-24-00014', 'Miller', '2024-03-11', '{2024-03-11}', '{20}');
UPDATE "tabSales Invoice"
SET is_pos = 1, write_off_amount = 0.5, base_write_off_amount = 0.5
WHERE name = 'SINV-24-00014';
PERFORM pay('SINV-24-00014', 'SINV-24-00014', '2024-03-11', 19.5, 'Sales Invoice'),
    pay('SINV-24-00014', 'SINV-24-00014', '2024-03-11', 0.5, 'Sales Invoice');
-- rounded: the rounded total is what is owed
PERFORM invoice('SINV-24-00015', 'Miller', '2024-03-12', '{2024-04-11}', '{40}');
UPDATE "tabSales Invoice"
SET grand_total = 40.3, base_grand_total = 40.3, rounded_total = 40, base_rounded_total = 40
WHERE name = 'SINV-24-00015';
PERFORM pay('PE-17', 'SINV-24-00015', '2024-04-11', 10);
-- overpaid: 20 of the payment are on account; an advance; an advance by a journal entry
PERFORM invoice('SINV-24-00016', 'Smith', '2024-04-01', '{2024-05-01}', '{80}');
PERFORM pay('PE-13', 'SINV-24-00016', '2024-04-30', 80),
    post('PE-13', 'Payment Entry', 'PE-13', 'Payment Entry', 'Smith', '2024-04-30', -20);
PERFORM post('PE-14', 'Payment Entry', 'PE-14', 'Payment Entry', 'Smith', '2024-06-30', -15);
PERFORM post('JV-05', 'Journal Entry', 'JV-05', 'Journal Entry', 'Smith', '2024-06-20', -7);
-- paid before it was invoiced: the advance was taken for it
PERFORM invoice('SINV-24-00017', 'Miller', '2024-05-20', '{2024-06-19}', '{60}');
PERFORM pay('PE-15', 'SINV-24-00017', '2024-05-06', 60);
-- a return of an invoice that is paid: an open credit
PERFORM invoice('SINV-24-00018', 'Smith', '2024-05-21', '{2024-06-20}', '{44}');
PERFORM pay('PE-16', 'SINV-24-00018', '2024-06-01', 44);
PERFORM invoice('RET-24-00005', 'Smith', '2024-07-01', '{2024-07-01}', '{-11}', 'SINV-24-00018');
-- an entry that adds to an invoice; a refund that is set off against nothing is not owed to us
PERFORM invoice('SINV-24-00019', 'Smith', '2024-04-05', '{2024-05-05}', '{50}');
PERFORM pay('JV-05', 'SINV-24-00019', '2024-04-20', -5, 'Journal Entry');
PERFORM post('PE-18', 'Payment Entry', 'PE-18', 'Payment Entry', 'Smith', '2024-07-03', 33);
-- an opening balance
PERFORM post('JV-03', 'Journal Entry', 'JV-03', 'Journal Entry', 'Smith', '2024-01-01', 210);
-- an opening balance of two customers in one entry
INSERT INTO "tabJournal Entry" VALUES ('JV-06', 1, 'Opening Entry', '2024-01-02');
PERFORM post('JV-06', 'Journal Entry', 'JV-06', 'Journal Entry', 'Miller', '2024-01-02', 71),
    post('JV-06', 'Journal Entry', 'JV-06', 'Journal Entry', 'Smith', '2024-01-02', 72);
-- an advance of 15000 taken by an invoice of 30000: ERPNext's schedule is of what the advance left, 2 x 7500
PERFORM invoice('SINV-24-00020', 'Advance', '2024-03-01', '{2024-04-01,2024-05-01}', '{15000,15000}');
UPDATE "tabPayment Schedule" SET payment_amount = 7500, base_payment_amount = 7500 WHERE parent = 'SINV-24-00020';
PERFORM pay('PE-20', 'SINV-24-00020', '2024-02-15', 15000);
-- the same with 1000 written off by the invoice itself, and a payment that reaches into the second instalment
PERFORM invoice('SINV-24-00021', 'Advance', '2024-03-02', '{2024-04-02,2024-05-02}', '{15000,15000}');
UPDATE "tabPayment Schedule" SET payment_amount = 7000, base_payment_amount = 7000 WHERE parent = 'SINV-24-00021';
UPDATE "tabSales Invoice" SET write_off_amount = 1000, base_write_off_amount = 1000 WHERE name = 'SINV-24-00021';
PERFORM pay('PE-21', 'SINV-24-00021', '2024-02-15', 15000),
    pay('SINV-24-00021', 'SINV-24-00021', '2024-03-02', 1000, 'Sales Invoice'),
    pay('PE-22', 'SINV-24-00021', '2024-04-10', 8000);
-- thirds are 0.01 short of the total: that is the last instalment's, no advance
PERFORM invoice('SINV-24-00022', 'Advance', '2024-03-03', '{2024-04-03,2024-05-03,2024-06-03}', '{33.33,33.33,33.34}');
UPDATE "tabPayment Schedule" SET payment_amount = 33.33, base_payment_amount = 33.33 WHERE parent = 'SINV-24-00022';
-- an advance on a sales order, of which an invoice took a part
PERFORM post('PE-23', 'Payment Entry', 'SAL-ORD-24-00001', 'Sales Order', 'Advance', '2024-03-04', -400);
PERFORM invoice('SINV-24-00023', 'Advance', '2024-03-20', '{2024-04-19}', '{150}');
PERFORM pay('PE-23', 'SINV-24-00023', '2024-03-04', 150),
    post(
        'PE-23', 'Payment Entry', 'SAL-ORD-24-00002', 'Sales Order', 'Advance', '2024-03-04', -150,
        NULL, 1);
-- change at the till: 40 to pay, 50 given, 10 back; and 50 given on account of 60, of which 10 come back a day later
PERFORM invoice('SINV-24-00024', 'Till', '2024-03-05', '{2024-03-05}', '{40}');
UPDATE "tabSales Invoice" SET is_pos = 1 WHERE name = 'SINV-24-00024';
PERFORM pay('SINV-24-00024', 'SINV-24-00024', '2024-03-05', 50, 'Sales Invoice'),
    pay('SINV-24-00024', 'SINV-24-00024', '2024-03-05', -10, 'Sales Invoice');
PERFORM invoice('SINV-24-00025', 'Till', '2024-03-06', '{2024-03-06}', '{60}');
PERFORM pay('PE-24', 'SINV-24-00025', '2024-03-06', 50), pay('PE-25', 'SINV-24-00025', '2024-03-07', -10);
-- a return at the till, its money paid out at once
PERFORM invoice('SINV-24-00026', 'Till', '2024-03-08', '{2024-03-08}', '{44}');
PERFORM pay('SINV-24-00026', 'SINV-24-00026', '2024-03-08', 44, 'Sales Invoice');
PERFORM invoice('RET-24-00006', 'Till', '2024-03-09', '{2024-03-09}', '{-11}', 'SINV-24-00026');
PERFORM pay('RET-24-00006', 'SINV-24-00026', '2024-03-09', -11, 'Sales Invoice');
-- the write-off of a till is one entry, though the payment has the same amount
PERFORM invoice('SINV-24-00027', 'Till', '2024-03-10', '{2024-03-10}', '{8}');
UPDATE "tabSales Invoice" SET is_pos = 1, write_off_amount = 4, base_write_off_amount = 4 WHERE name = 'SINV-24-00027';
PERFORM pay('SINV-24-00027', 'SINV-24-00027', '2024-03-10', 4, 'Sales Invoice'),
    pay('SINV-24-00027', 'SINV-24-00027', '2024-03-10', 4, 'Sales Invoice');
-- a cheque bounces and is paid in the end: by its amount; by name, where another payment came between
INSERT INTO "tabJournal Entry" VALUES
    ('JV-07', 1, 'Bank Entry', '2024-04-05'), ('JV-08', 1, 'Bank Entry', '2024-04-20'),
    ('JV-09', 1, 'Bank Entry', '2024-04-06'), ('JV-10', 1, 'Bank Entry', '2024-04-21'),
    ('JV-11', 1, 'Bank Entry', '2024-04-22');
UPDATE "tabJournal Entry" SET reversal_of = 'JV-09' WHERE name = 'JV-10';
PERFORM invoice('SINV-24-00028', 'Bounced', '2024-03-10', '{2024-04-09}', '{100}');
PERFORM pay('JV-07', 'SINV-24-00028', '2024-04-05', 100, 'Journal Entry'),
    pay('JV-08', 'SINV-24-00028', '2024-04-20', -100, 'Journal Entry'),
    pay('PE-26', 'SINV-24-00028', '2024-05-30', 100);
PERFORM invoice('SINV-24-00029', 'Bounced', '2024-03-11', '{2024-04-10}', '{100}');
PERFORM pay('JV-09', 'SINV-24-00029', '2024-04-06', 40, 'Journal Entry'),
    pay('PE-27', 'SINV-24-00029', '2024-04-12', 40),
    pay('JV-10', 'SINV-24-00029', '2024-04-21', -40, 'Journal Entry');
-- replaced on the day on which it bounced
PERFORM invoice('SINV-24-00037', 'Bounced', '2024-03-10', '{2024-04-09}', '{100}');
PERFORM pay('JV-07', 'SINV-24-00037', '2024-04-05', 100, 'Journal Entry'),
    pay('JV-08', 'SINV-24-00037', '2024-04-20', -100, 'Journal Entry'),
    pay('PE-37', 'SINV-24-00037', '2024-04-20', 100);
-- only a part of the last payment comes back; and over two payments, over instalments
PERFORM invoice('SINV-24-00030', 'Bounced', '2024-03-12', '{2024-04-11}', '{100}');
PERFORM pay('PE-28', 'SINV-24-00030', '2024-04-07', 30),
    pay('PE-29', 'SINV-24-00030', '2024-04-13', 50),
    pay('JV-11', 'SINV-24-00030', '2024-04-22', -20, 'Journal Entry');
PERFORM invoice('SINV-24-00031', 'Bounced', '2024-03-13', '{2024-04-12,2024-05-12}', '{60,40}');
PERFORM pay('PE-30', 'SINV-24-00031', '2024-04-12', 50),
    pay('PE-31', 'SINV-24-00031', '2024-04-20', 45),
    pay('JV-11', 'SINV-24-00031', '2024-04-22', -70, 'Journal Entry'),
    pay('PE-32', 'SINV-24-00031', '2024-05-20', 60);
-- a provider keeps 10 of 1000: the payment entry has 1000 for the invoice and 10 as a deduction
PERFORM invoice('SINV-24-00032', 'Fee', '2024-03-14', '{2024-04-13}', '{1000}');
PERFORM pay('PE-33', 'SINV-24-00032', '2024-04-13', 1000);
-- a credit larger than what is left: 30 of 100 are left, 50 come back; and an entry for more than the invoice
PERFORM invoice('SINV-24-00033', 'Credit', '2024-03-15', '{2024-04-14}', '{100}');
PERFORM pay('PE-34', 'SINV-24-00033', '2024-04-14', 70);
PERFORM invoice('RET-24-00007', 'Credit', '2024-05-02', '{2024-05-02}', '{-50}', 'SINV-24-00033');
PERFORM invoice('SINV-24-00034', 'Credit', '2024-03-16', '{2024-04-15}', '{30}');
INSERT INTO "tabJournal Entry" VALUES
    ('JV-12', 1, 'Credit Note', '2024-05-03'), ('JV-13', 1, 'Credit Note', '2024-05-04');
PERFORM pay('JV-12', 'SINV-24-00034', '2024-05-03', 45, 'Journal Entry');
PERFORM post('JV-13', 'Journal Entry', 'JV-13', 'Journal Entry', 'Credit', '2024-05-04', -9);
-- more paid than owed
PERFORM invoice('SINV-24-00035', 'Credit', '2024-03-17', '{2024-04-16}', '{30}');
PERFORM pay('PE-35', 'SINV-24-00035', '2024-04-16', 37);
-- the first of three instalments was put off to the end
PERFORM invoice('SINV-24-00036', 'Moved', '2024-03-18', '{2024-07-01,2024-05-01,2024-06-01}', '{100,110,120}');
PERFORM pay('PE-36', 'SINV-24-00036', '2024-05-03', 150);
-- dunnings: two for the second instalment, one cancelled
INSERT INTO "tabDunning" VALUES
    ('DUNN-1', 1, 'Miller', '2024-06-10', 'Unresolved'),
    ('DUNN-2', 1, 'Miller', '2024-07-01', 'Unresolved'),
    ('DUNN-3', 2, 'Miller', '2024-08-01', 'Cancelled');
INSERT INTO "tabOverdue Payment" VALUES
    ('op1', 'DUNN-1', 1, 'SINV-24-00006', 'SINV-24-00006-3', 1),
    ('op2', 'DUNN-2', 1, 'SINV-24-00006', 'SINV-24-00006-3', 2),
    ('op3', 'DUNN-3', 1, 'SINV-24-00006', 'SINV-24-00006-3', 3);
END $$;
CALL cases();
INSERT INTO expected_item VALUES
    ('Miller', 'SINV-24-00001', '2024-01-10', '2024-02-09', '2024-02-12', 100, 0, false, 'payment'),
    ('Miller', 'SINV-24-00002', '2024-01-20', '2024-02-19', '2024-02-20', 120, 0, false, 'payment'),
    ('Miller', 'SINV-24-00002', '2024-01-20', '2024-02-19', '2024-02-20', 80, 0, false, 'payment'),
    ('Miller', 'SINV-24-00002', '2024-01-20', '2024-02-19', '2024-03-05', 50, 0, false, 'payment'),
    ('Miller', 'SINV-24-00002', '2024-01-20', '2024-02-19', NULL, 250, 250, false, NULL),
    ('Miller', 'SINV-24-00003', '2024-02-01', '2024-03-02', '2024-02-15', 300, 0, false, 'credit'),
    ('Miller', 'RET-24-00001', '2024-02-15', '2024-02-15', '2024-02-15', -300, 0, false, 'credit'),
    ('Miller', 'SINV-24-00004', '2024-02-10', '2024-03-11', '2024-03-01', 60, 0, false, 'credit'),
    ('Miller', 'SINV-24-00004', '2024-02-10', '2024-03-11', '2024-03-15', 340, 0, false, 'payment'),
    ('Miller', 'RET-24-00002', '2024-03-01', '2024-03-01', '2024-03-01', -60, 0, false, 'credit'),
    ('Smith', 'RET-24-00003', '2024-05-01', '2024-05-01', '2024-05-04', -30, 0, false, 'credit'),
    ('Smith', 'RET-24-00003', '2024-05-01', '2024-05-01', NULL, -60, -60, false, 'credit'),
    ('Smith', 'SINV-24-00005', '2024-04-01', '2024-05-01', '2024-05-04', 30, 0, false, 'credit'),
    ('Smith', 'RET-24-00004', '2024-05-02', '2024-05-02', '2024-05-10', -45, 0, false, 'credit'),
    ('Miller', 'SINV-24-00006', '2024-03-01', '2024-04-01', '2024-04-03', 100, 0, false, 'payment'),
    ('Miller', 'SINV-24-00006/2', '2024-03-01', '2024-05-01', '2024-04-03', 30, 0, false, 'payment'),
    ('Miller', 'SINV-24-00006/2', '2024-03-01', '2024-05-01', '2024-05-20', 70, 0, false, 'payment'),
    ('Miller', 'SINV-24-00006/3', '2024-03-01', '2024-06-01', '2024-05-20', 20, 0, false, 'payment'),
    ('Miller', 'SINV-24-00006/3', '2024-03-01', '2024-06-01', NULL, 81, 81, false, NULL),
    ('Smith', 'SINV-24-00007', '2024-03-04', '2024-04-03', '2024-04-05', 46, 0, false, 'payment'),
    ('Smith', 'SINV-24-00007', '2024-03-04', '2024-04-03', NULL, 46, 46, false, NULL),
    ('Smith', 'SINV-24-00008', '2024-03-05', '2024-04-04', '2024-04-04', 54, 0, false, 'payment'),
    ('Smith', 'SINV-24-00008/2', '2024-03-05', '2024-05-04', NULL, 36, 36, false, NULL),
    ('Smith', 'SINV-24-00012', '2024-03-06', '2024-04-05', NULL, 57, 57, false, NULL),
    ('Miller', 'SINV-24-00013', '2024-03-10', '2024-04-09', '2024-04-09', 200, 0, false, 'payment'),
    ('Miller', 'SINV-24-00013', '2024-03-10', '2024-04-09', '2024-09-30', 50, 0, false, 'write_off'),
    ('Miller', 'SINV-24-00014', '2024-03-11', '2024-03-11', '2024-03-11', 19.5, 0, false, 'payment'),
    ('Miller', 'SINV-24-00014', '2024-03-11', '2024-03-11', '2024-03-11', 0.5, 0, false, 'write_off'),
    ('Miller', 'SINV-24-00015', '2024-03-12', '2024-04-11', '2024-04-11', 10, 0, false, 'payment'),
    ('Miller', 'SINV-24-00015', '2024-03-12', '2024-04-11', NULL, 30, 30, false, NULL),
    ('Smith', 'SINV-24-00016', '2024-04-01', '2024-05-01', '2024-04-30', 80, 0, false, 'payment'),
    ('Smith', 'PE-13', '2024-04-30', '2024-04-30', NULL, -20, -20, false, NULL),
    ('Smith', 'PE-14', '2024-06-30', '2024-06-30', NULL, -15, -15, false, NULL),
    ('Smith', 'JV-05', '2024-06-20', '2024-06-20', NULL, -7, -7, false, NULL),
    ('Miller', 'SINV-24-00017', '2024-05-20', '2024-06-19', '2024-05-06', 60, 0, false, 'payment'),
    ('Smith', 'SINV-24-00018', '2024-05-21', '2024-06-20', '2024-06-01', 44, 0, false, 'payment'),
    ('Smith', 'RET-24-00005', '2024-07-01', '2024-07-01', NULL, -11, -11, false, 'credit'),
    ('Smith', 'SINV-24-00019', '2024-04-05', '2024-05-05', '2024-04-20', -5, 0, false, 'payment'),
    ('Smith', 'SINV-24-00019', '2024-04-05', '2024-05-05', NULL, 55, 55, false, NULL),
    ('Smith', 'JV-03', '2024-01-01', '2024-01-01', NULL, 210, 210, false, NULL),
    ('Miller', 'JV-06/Miller', '2024-01-02', '2024-01-02', NULL, 71, 71, false, NULL),
    ('Smith', 'JV-06/Smith', '2024-01-02', '2024-01-02', NULL, 72, 72, false, NULL),
    ('Advance', 'SINV-24-00020', '2024-03-01', '2024-04-01', '2024-02-15', 15000, 0, false, 'payment'),
    ('Advance', 'SINV-24-00020', '2024-03-01', '2024-04-01', NULL, 7500, 7500, false, NULL),
    ('Advance', 'SINV-24-00020/2', '2024-03-01', '2024-05-01', NULL, 7500, 7500, false, NULL),
    ('Advance', 'SINV-24-00021', '2024-03-02', '2024-04-02', '2024-02-15', 15000, 0, false, 'payment'),
    ('Advance', 'SINV-24-00021', '2024-03-02', '2024-04-02', '2024-03-02', 1000, 0, false, 'write_off'),
    ('Advance', 'SINV-24-00021', '2024-03-02', '2024-04-02', '2024-04-10', 7000, 0, false, 'payment'),
    ('Advance', 'SINV-24-00021/2', '2024-03-02', '2024-05-02', '2024-04-10', 1000, 0, false, 'payment'),
    ('Advance', 'SINV-24-00021/2', '2024-03-02', '2024-05-02', NULL, 6000, 6000, false, NULL),
    ('Advance', 'SINV-24-00022', '2024-03-03', '2024-04-03', NULL, 33.33, 33.33, false, NULL),
    ('Advance', 'SINV-24-00022/2', '2024-03-03', '2024-05-03', NULL, 33.33, 33.33, false, NULL),
    ('Advance', 'SINV-24-00022/3', '2024-03-03', '2024-06-03', NULL, 33.34, 33.34, false, NULL),
    ('Advance', 'SAL-ORD-24-00001', '2024-03-04', '2024-03-04', NULL, -400, -400, false, NULL),
    ('Advance', 'SINV-24-00023', '2024-03-20', '2024-04-19', '2024-03-04', 150, 0, false, 'payment'),
    ('Till', 'SINV-24-00024', '2024-03-05', '2024-03-05', '2024-03-05', 40, 0, false, 'payment'),
    ('Till', 'SINV-24-00025', '2024-03-06', '2024-03-06', '2024-03-06', 40, 0, false, 'payment'),
    ('Till', 'SINV-24-00025', '2024-03-06', '2024-03-06', NULL, 20, 20, false, NULL),
    ('Till', 'SINV-24-00026', '2024-03-08', '2024-03-08', '2024-03-08', 44, 0, false, 'payment'),
    ('Till', 'RET-24-00006', '2024-03-09', '2024-03-09', '2024-03-09', -11, 0, false, 'credit'),
    ('Till', 'SINV-24-00027', '2024-03-10', '2024-03-10', '2024-03-10', 4, 0, false, 'payment'),
    ('Till', 'SINV-24-00027', '2024-03-10', '2024-03-10', '2024-03-10', 4, 0, false, 'write_off'),
    ('Bounced', 'SINV-24-00028', '2024-03-10', '2024-04-09', '2024-05-30', 100, 0, false, 'payment'),
    ('Bounced', 'SINV-24-00037', '2024-03-10', '2024-04-09', '2024-04-20', 100, 0, false, 'payment'),
    ('Bounced', 'SINV-24-00029', '2024-03-11', '2024-04-10', '2024-04-12', 40, 0, false, 'payment'),
    ('Bounced', 'SINV-24-00029', '2024-03-11', '2024-04-10', NULL, 60, 60, false, NULL),
    ('Bounced', 'SINV-24-00030', '2024-03-12', '2024-04-11', '2024-04-07', 30, 0, false, 'payment'),
    ('Bounced', 'SINV-24-00030', '2024-03-12', '2024-04-11', '2024-04-13', 30, 0, false, 'payment'),
    ('Bounced', 'SINV-24-00030', '2024-03-12', '2024-04-11', NULL, 40, 40, false, NULL),
    ('Bounced', 'SINV-24-00031', '2024-03-13', '2024-04-12', '2024-04-12', 25, 0, false, 'payment'),
    ('Bounced', 'SINV-24-00031', '2024-03-13', '2024-04-12', '2024-05-20', 35, 0, false, 'payment'),
    ('Bounced', 'SINV-24-00031/2', '2024-03-13', '2024-05-12', '2024-05-20', 25, 0, false, 'payment'),
    ('Bounced', 'SINV-24-00031/2', '2024-03-13', '2024-05-12', NULL, 15, 15, false, NULL),
    ('Fee', 'SINV-24-00032', '2024-03-14', '2024-04-13', '2024-04-13', 1000, 0, false, 'payment'),
    ('Credit', 'SINV-24-00033', '2024-03-15', '2024-04-14', '2024-04-14', 70, 0, false, 'payment'),
    ('Credit', 'SINV-24-00033', '2024-03-15', '2024-04-14', '2024-05-02', 30, 0, false, 'credit'),
    ('Credit', 'RET-24-00007', '2024-05-02', '2024-05-02', '2024-05-02', -30, 0, false, 'credit'),
    ('Credit', 'RET-24-00007', '2024-05-02', '2024-05-02', NULL, -20, -20, false, 'credit'),
    ('Credit', 'SINV-24-00034', '2024-03-16', '2024-04-15', '2024-05-03', 30, 0, false, 'credit'),
    ('Credit', 'SINV-24-00034/overpaid', '2024-05-03', '2024-05-03', NULL, -15, -15, false, 'credit'),
    ('Credit', 'JV-13', '2024-05-04', '2024-05-04', NULL, -9, -9, false, 'credit'),
    ('Credit', 'SINV-24-00035', '2024-03-17', '2024-04-16', '2024-04-16', 30, 0, false, 'payment'),
    ('Credit', 'SINV-24-00035/overpaid', '2024-04-16', '2024-04-16', NULL, -7, -7, false, NULL),
    ('Moved', 'SINV-24-00036', '2024-03-18', '2024-07-01', NULL, 100, 100, false, NULL),
    ('Moved', 'SINV-24-00036/2', '2024-03-18', '2024-05-01', '2024-05-03', 110, 0, false, 'payment'),
    ('Moved', 'SINV-24-00036/3', '2024-03-18', '2024-06-01', '2024-05-03', 40, 0, false, 'payment'),
    ('Moved', 'SINV-24-00036/3', '2024-03-18', '2024-06-01', NULL, 80, 80, false, NULL);
