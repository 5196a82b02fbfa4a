-- One case of each kind, and the rows that it must give.
SET client_min_messages = warning;
CREATE TABLE expected_item (customer_id text, invoice_id text, invoice_date date, due_date date, paid_date date,
    amount numeric, open_amount numeric, disputed boolean, settled_by text);
INSERT INTO llx_societe (rowid, nom, fk_pays) VALUES (9, 'Jones', 1);
CREATE PROCEDURE cases() LANGUAGE plpgsql AS $$ BEGIN
-- paid; in parts, two payments on one day
PERFORM invoice('FA2401-0001', 0, 7, '2024-01-10', '2024-02-09', 100, 2);
PERFORM pay('FA2401-0001', '2024-02-12 23:30', 100);
PERFORM invoice('FA2401-0002', 0, 7, '2024-01-20', '2024-02-19', 500);
PERFORM pay('FA2401-0002', '2024-02-20', 120),
    pay('FA2401-0002', '2024-02-20', 80),
    pay('FA2401-0002', '2024-03-05', 50);
-- a credit note for a whole invoice, consumed by it; and one for a part
PERFORM invoice('FA2402-0003', 0, 7, '2024-02-01', '2024-03-02', 300, 2);
PERFORM invoice('AV2402-0001', 2, 7, '2024-02-15', '2024-02-15', -300, 2);
PERFORM credit('AV2402-0001', '2024-02-16 10:00', 300, 'FA2402-0003');
PERFORM invoice('FA2402-0004', 0, 7, '2024-02-10', '2024-03-11', 400, 2);
PERFORM invoice('AV2403-0002', 2, 7, '2024-03-01', '2024-03-01', -60, 2);
PERFORM credit('AV2403-0002', '2024-03-01', 60, 'FA2402-0004');
PERFORM pay('FA2402-0004', '2024-03-15', 340);
-- a credit note turned into two credits: one consumed by a later invoice, one free
PERFORM invoice('AV2404-0003', 2, 8, '2024-04-02', '2024-04-02', -90, 2);
PERFORM invoice('FA2405-0005', 0, 8, '2024-05-03', '2024-06-02', 30, 2);
PERFORM credit('AV2404-0003', '2024-04-02', 30, 'FA2405-0005'), credit('AV2404-0003', '2024-04-02', 60);
-- a credit note that is not turned into a credit, one that was paid out, one consumed by a line of an invoice
PERFORM invoice('AV2405-0004', 2, 8, '2024-05-05', '2024-05-05', -11);
PERFORM invoice('AV2405-0005', 2, 8, '2024-05-06', '2024-05-06', -45, 2);
PERFORM pay('AV2405-0005', '2024-05-10', -45);
PERFORM invoice('AV2405-0006', 2, 8, '2024-05-07', '2024-05-07', -20, 2);
PERFORM invoice('FA2406-0006', 0, 8, '2024-06-01', '2024-07-01', 80);
PERFORM credit('AV2405-0006', '2024-05-08', 20, 'FA2406-0006', true);
-- disputed
PERFORM invoice('FA2403-0007', 0, 8, '2024-03-03', '2024-04-02', 77);
UPDATE llx_facture SET dispute_status = 1 WHERE ref = 'FA2403-0007';
-- in dollars: the amounts in the main currency count
PERFORM invoice('FA2403-0008', 0, 8, '2024-03-04', '2024-04-03', 92);
UPDATE llx_facture
SET multicurrency_code = 'USD', multicurrency_total_ttc = 100, multicurrency_tx = 1.087
WHERE ref = 'FA2403-0008';
PERFORM pay('FA2403-0008', '2024-04-05', 46);
-- draft, replaced and its replacement, pro forma, another company
PERFORM invoice('(PROV9)', 0, 8, '2024-03-05', '2024-04-04', 55, 0);
PERFORM invoice('FA2403-0010', 0, 8, '2024-03-05', '2024-04-04', 56, 3, 'replaced', '2024-03-06');
PERFORM invoice('FA2403-0011', 1, 8, '2024-03-06', '2024-04-05', 57);
PERFORM invoice('PF2403-0012', 4, 8, '2024-03-05', '2024-04-04', 58);
PERFORM invoice('FA2403-0013', 0, 8, '2024-03-05', '2024-04-04', 59);
UPDATE llx_facture SET entity = 2 WHERE ref = 'FA2403-0013';
-- abandoned as a bad debt after a part; closed with a discount; abandoned altogether
PERFORM invoice('FA2403-0014', 0, 7, '2024-03-10', '2024-04-09', 250, 3, 'badcustomer', '2024-09-30');
PERFORM pay('FA2403-0014', '2024-04-09', 200);
PERFORM invoice('FA2403-0015', 0, 7, '2024-03-11', '2024-04-10', 100, 2, 'discount_vat', '2024-03-20');
PERFORM pay('FA2403-0015', '2024-03-20', 98);
-- overpaid: left as it is; and turned into a credit that a later invoice consumed in part
PERFORM invoice('FA2404-0016', 0, 8, '2024-04-01', '2024-05-01', 80, 2);
PERFORM pay('FA2404-0016', '2024-04-30', 100);
PERFORM invoice('FA2404-0017', 0, 7, '2024-04-01', '2024-05-01', 80, 2);
PERFORM pay('FA2404-0017', '2024-04-30', 100);
PERFORM invoice('FA2405-0018', 0, 7, '2024-05-15', '2024-06-14', 12, 2);
PERFORM credit('FA2404-0017', '2024-05-01', 12, 'FA2405-0018'), credit('FA2404-0017', '2024-05-01', 8);
-- paid before it was invoiced
PERFORM invoice('FA2405-0019', 0, 7, '2024-05-20', '2024-06-19', 60, 2);
PERFORM pay('FA2405-0019', '2024-05-06', 60);
-- a deposit, paid, turned into a credit that the final invoice consumed; and a deposit whose credit is free
PERFORM invoice('AC2406-0001', 3, 7, '2024-06-01', '2024-06-11', 30, 2);
PERFORM pay('AC2406-0001', '2024-06-10', 30);
PERFORM invoice('FA2407-0020', 0, 7, '2024-07-01', '2024-07-31', 100);
PERFORM credit('AC2406-0001', '2024-06-12', 30, 'FA2407-0020');
PERFORM invoice('AC2407-0002', 3, 7, '2024-07-05', '2024-07-15', 40, 2);
PERFORM pay('AC2407-0002', '2024-07-14', 40);
PERFORM credit('AC2407-0002', '2024-07-15', 40);
-- a cheque that was rejected (a negative payment), then paid; one between two other payments; a part of one
PERFORM invoice('FA2403-0030', 0, 9, '2024-03-01', '2024-03-31', 100, 2);
PERFORM pay('FA2403-0030', '2024-03-30', 100),
    pay('FA2403-0030', '2024-04-12', -100),
    pay('FA2403-0030', '2024-05-20', 100);
PERFORM invoice('FA2403-0031', 0, 9, '2024-03-02', '2024-04-01', 100);
PERFORM pay('FA2403-0031', '2024-03-28', 40),
    pay('FA2403-0031', '2024-04-02', 35),
    pay('FA2403-0031', '2024-04-12', -40);
PERFORM invoice('FA2403-0032', 0, 9, '2024-03-03', '2024-04-02', 100);
PERFORM pay('FA2403-0032', '2024-03-28', 40),
    pay('FA2403-0032', '2024-04-02', 35),
    pay('FA2403-0032', '2024-04-12', -50);
-- a rejected payment with another one on the day of the rejection
PERFORM invoice('FA2403-0033', 0, 9, '2024-03-04', '2024-04-03', 100, 2);
PERFORM pay('FA2403-0033', '2024-04-03', 100),
    pay('FA2403-0033', '2024-04-12', -100),
    pay('FA2403-0033', '2024-04-12', 100);
-- the bank kept 10 of 1000, the customer 20 of 200 for the tax office
PERFORM invoice('FA2403-0034', 0, 9, '2024-03-05', '2024-04-04', 1000, 2, 'bankcharge', '2024-04-09');
PERFORM pay('FA2403-0034', '2024-04-04', 990);
PERFORM invoice('FA2403-0035', 0, 9, '2024-03-06', '2024-04-05', 200, 2, 'withholdingtax', '2024-04-09');
PERFORM pay('FA2403-0035', '2024-04-05', 180);
-- a credit note larger than its invoice: the rest of the credit is free; overpaid by a credit
PERFORM invoice('FA2403-0036', 0, 9, '2024-03-07', '2024-04-06', 30, 2),
    invoice('AV2405-0007', 2, 9, '2024-05-01', '2024-05-01', -50, 2);
PERFORM credit('AV2405-0007', '2024-05-01', 30, 'FA2403-0036'), credit('AV2405-0007', '2024-05-01', 20);
PERFORM invoice('FA2403-0037', 0, 9, '2024-03-08', '2024-04-07', 30, 2),
    invoice('AV2405-0008', 2, 9, '2024-05-02', '2024-05-02', -45, 2);
PERFORM credit('AV2405-0008', '2024-05-02', 45, 'FA2403-0037');
-- change at the till: the invoice has the payment without it
PERFORM invoice('FA2403-0038', 0, 9, '2024-03-09', '2024-03-09', 40, 2);
PERFORM pay('FA2403-0038', '2024-03-09', 40);
-- put off: one due date an invoice, so the number stays
PERFORM invoice('FA2403-0039', 0, 9, '2024-03-10', '2024-04-09', 60);
UPDATE llx_facture SET date_lim_reglement = '2024-07-09' WHERE ref = 'FA2403-0039';
-- overpaid, and the difference paid back
PERFORM invoice('FA2403-0040', 0, 9, '2024-03-11', '2024-04-10', 80, 2);
PERFORM pay('FA2403-0040', '2024-04-10', 100), pay('FA2403-0040', '2024-04-20', -20);
-- a situation invoice without a due date
PERFORM invoice('FA2407-0021', 5, 7, '2024-07-10', NULL, 15);
END $$;
CALL cases();
INSERT INTO expected_item VALUES
    ('7', 'FA2401-0001', '2024-01-10', '2024-02-09', '2024-02-12', 100, 0, false, 'payment'),
    ('7', 'FA2401-0002', '2024-01-20', '2024-02-19', '2024-02-20', 120, 0, false, 'payment'),
    ('7', 'FA2401-0002', '2024-01-20', '2024-02-19', '2024-02-20', 80, 0, false, 'payment'),
    ('7', 'FA2401-0002', '2024-01-20', '2024-02-19', '2024-03-05', 50, 0, false, 'payment'),
    ('7', 'FA2401-0002', '2024-01-20', '2024-02-19', NULL, 250, 250, false, NULL),
    ('7', 'FA2402-0003', '2024-02-01', '2024-03-02', '2024-02-16', 300, 0, false, 'credit'),
    ('7', 'AV2402-0001', '2024-02-15', '2024-02-15', '2024-02-16', -300, 0, false, 'credit'),
    ('7', 'FA2402-0004', '2024-02-10', '2024-03-11', '2024-03-01', 60, 0, false, 'credit'),
    ('7', 'FA2402-0004', '2024-02-10', '2024-03-11', '2024-03-15', 340, 0, false, 'payment'),
    ('7', 'AV2403-0002', '2024-03-01', '2024-03-01', '2024-03-01', -60, 0, false, 'credit'),
    ('8', 'AV2404-0003', '2024-04-02', '2024-04-02', '2024-05-03', -30, 0, false, 'credit'),
    ('8', 'AV2404-0003', '2024-04-02', '2024-04-02', NULL, -60, -60, false, 'credit'),
    ('8', 'FA2405-0005', '2024-05-03', '2024-06-02', '2024-05-03', 30, 0, false, 'credit'),
    ('8', 'AV2405-0004', '2024-05-05', '2024-05-05', NULL, -11, -11, false, 'credit'),
    ('8', 'AV2405-0005', '2024-05-06', '2024-05-06', '2024-05-10', -45, 0, false, 'credit'),
    ('8', 'AV2405-0006', '2024-05-07', '2024-05-07', '2024-06-01', -20, 0, false, 'credit'),
    ('8', 'FA2406-0006', '2024-06-01', '2024-07-01', NULL, 80, 80, false, NULL),
    ('8', 'FA2403-0007', '2024-03-03', '2024-04-02', NULL, 77, 77, true, NULL),
    ('8', 'FA2403-0008', '2024-03-04', '2024-04-03', '2024-04-05', 46, 0, false, 'payment'),
    ('8', 'FA2403-0008', '2024-03-04', '2024-04-03', NULL, 46, 46, false, NULL),
    ('8', 'FA2403-0011', '2024-03-06', '2024-04-05', NULL, 57, 57, false, NULL),
    ('7', 'FA2403-0014', '2024-03-10', '2024-04-09', '2024-04-09', 200, 0, false, 'payment'),
    ('7', 'FA2403-0014', '2024-03-10', '2024-04-09', '2024-09-30', 50, 0, false, 'write_off'),
    ('7', 'FA2403-0015', '2024-03-11', '2024-04-10', '2024-03-20', 98, 0, false, 'payment'),
    ('7', 'FA2403-0015', '2024-03-11', '2024-04-10', '2024-03-20', 2, 0, false, 'write_off'),
    ('8', 'FA2404-0016', '2024-04-01', '2024-05-01', '2024-04-30', 80, 0, false, 'payment'),
    ('8', 'FA2404-0016/overpaid', '2024-04-30', '2024-04-30', NULL, -20, -20, false, NULL),
    ('7', 'FA2404-0017', '2024-04-01', '2024-05-01', '2024-04-30', 80, 0, false, 'payment'),
    ('7', 'FA2404-0017/overpaid', '2024-04-30', '2024-04-30', '2024-05-15', -12, 0, false, 'payment'),
    ('7', 'FA2404-0017/overpaid', '2024-04-30', '2024-04-30', NULL, -8, -8, false, NULL),
    ('7', 'FA2405-0018', '2024-05-15', '2024-06-14', '2024-05-15', 12, 0, false, 'credit'),
    ('7', 'FA2405-0019', '2024-05-20', '2024-06-19', '2024-05-06', 60, 0, false, 'payment'),
    ('7', 'AC2406-0001', '2024-06-01', '2024-06-11', '2024-06-10', 30, 0, false, 'payment'),
    ('7', 'AC2406-0001/credit', '2024-06-01', '2024-06-11', '2024-07-01', -30, 0, false, 'credit'),
    ('7', 'FA2407-0020', '2024-07-01', '2024-07-31', '2024-07-01', 30, 0, false, 'credit'),
    ('7', 'FA2407-0020', '2024-07-01', '2024-07-31', NULL, 70, 70, false, NULL),
    ('7', 'AC2407-0002', '2024-07-05', '2024-07-15', '2024-07-14', 40, 0, false, 'payment'),
    ('7', 'AC2407-0002/credit', '2024-07-05', '2024-07-15', NULL, -40, -40, false, NULL),
    ('7', 'FA2407-0021', '2024-07-10', '2024-07-10', NULL, 15, 15, false, NULL),
    ('9', 'FA2403-0030', '2024-03-01', '2024-03-31', '2024-05-20', 100, 0, false, 'payment'),
    ('9', 'FA2403-0031', '2024-03-02', '2024-04-01', '2024-04-02', 35, 0, false, 'payment'),
    ('9', 'FA2403-0031', '2024-03-02', '2024-04-01', NULL, 65, 65, false, NULL),
    ('9', 'FA2403-0032', '2024-03-03', '2024-04-02', '2024-03-28', 25, 0, false, 'payment'),
    ('9', 'FA2403-0032', '2024-03-03', '2024-04-02', NULL, 75, 75, false, NULL),
    ('9', 'FA2403-0033', '2024-03-04', '2024-04-03', '2024-04-12', 100, 0, false, 'payment'),
    ('9', 'FA2403-0034', '2024-03-05', '2024-04-04', '2024-04-04', 990, 0, false, 'payment'),
    ('9', 'FA2403-0034', '2024-03-05', '2024-04-04', '2024-04-04', 10, 0, false, 'payment'),
    ('9', 'FA2403-0035', '2024-03-06', '2024-04-05', '2024-04-05', 180, 0, false, 'payment'),
    ('9', 'FA2403-0035', '2024-03-06', '2024-04-05', '2024-04-05', 20, 0, false, 'payment'),
    ('9', 'FA2403-0036', '2024-03-07', '2024-04-06', '2024-05-01', 30, 0, false, 'credit'),
    ('9', 'AV2405-0007', '2024-05-01', '2024-05-01', '2024-05-01', -30, 0, false, 'credit'),
    ('9', 'AV2405-0007', '2024-05-01', '2024-05-01', NULL, -20, -20, false, 'credit'),
    ('9', 'FA2403-0037', '2024-03-08', '2024-04-07', '2024-05-02', 30, 0, false, 'credit'),
    ('9', 'FA2403-0037/overpaid', '2024-05-02', '2024-05-02', NULL, -15, -15, false, 'credit'),
    ('9', 'AV2405-0008', '2024-05-02', '2024-05-02', '2024-05-02', -45, 0, false, 'credit'),
    ('9', 'FA2403-0038', '2024-03-09', '2024-03-09', '2024-03-09', 40, 0, false, 'payment'),
    ('9', 'FA2403-0039', '2024-03-10', '2024-07-09', NULL, 60, 60, false, NULL),
    ('9', 'FA2403-0040', '2024-03-11', '2024-04-10', '2024-04-10', 80, 0, false, 'payment');
