-- The tables of iDempiere that hold receivables: the columns that matter, with the types that its dictionary
-- makes on PostgreSQL (identifiers numeric(10), flags char(1), dates timestamp), and its indexes.
SET client_min_messages = warning;
CREATE TABLE c_currency (
    c_currency_id numeric(10) PRIMARY KEY,
    iso_code char(3) NOT NULL,
    stdprecision numeric(10) NOT NULL);
CREATE TABLE c_acctschema (
    c_acctschema_id numeric(10) PRIMARY KEY,
    c_currency_id numeric(10) NOT NULL REFERENCES c_currency);
CREATE TABLE ad_clientinfo (ad_client_id numeric(10) PRIMARY KEY, c_acctschema1_id numeric(10) REFERENCES c_acctschema);
CREATE TABLE c_country (c_country_id numeric(10) PRIMARY KEY, countrycode char(2) NOT NULL);
CREATE TABLE c_location (c_location_id numeric(10) PRIMARY KEY, c_country_id numeric(10) NOT NULL REFERENCES c_country);
CREATE TABLE c_bp_group (c_bp_group_id numeric(10) PRIMARY KEY, name varchar(60) NOT NULL);
CREATE TABLE c_bpartner (
    c_bpartner_id numeric(10) PRIMARY KEY, ad_client_id numeric(10) NOT NULL,
    value varchar(40) NOT NULL, name varchar(120) NOT NULL,
    c_bp_group_id numeric(10) NOT NULL REFERENCES c_bp_group, naics varchar(6), rating char(1),
    so_creditlimit numeric NOT NULL DEFAULT 0, socreditstatus char(1), ad_language varchar(6),
    dunninggrace timestamp);
CREATE TABLE c_bpartner_location (
    c_bpartner_location_id numeric(10) PRIMARY KEY,
    c_bpartner_id numeric(10) NOT NULL REFERENCES c_bpartner,
    c_location_id numeric(10) NOT NULL REFERENCES c_location, isbillto char(1) NOT NULL DEFAULT 'Y',
    isactive char(1) NOT NULL DEFAULT 'Y');
CREATE TABLE c_doctype (c_doctype_id numeric(10) PRIMARY KEY, docbasetype char(3) NOT NULL, name varchar(60) NOT NULL);
CREATE TABLE c_paymentterm (
    c_paymentterm_id numeric(10) PRIMARY KEY, name varchar(60) NOT NULL,
    netdays numeric(10) NOT NULL, isduefixed char(1) NOT NULL DEFAULT 'N', fixmonthday numeric(10),
    fixmonthoffset numeric(10), fixmonthcutoff numeric(10));
CREATE TABLE c_invoice (
    c_invoice_id numeric(10) PRIMARY KEY,
    ad_client_id numeric(10) NOT NULL,
    ad_org_id numeric(10) NOT NULL DEFAULT 11,
    issotrx char(1) NOT NULL DEFAULT 'Y',
    documentno varchar(30) NOT NULL,
    docstatus char(2) NOT NULL,
    c_doctype_id numeric(10) NOT NULL REFERENCES c_doctype,
    dateinvoiced timestamp NOT NULL,
    dateacct timestamp NOT NULL,
    c_bpartner_id numeric(10) NOT NULL REFERENCES c_bpartner,
    c_currency_id numeric(10) NOT NULL REFERENCES c_currency,
    c_conversiontype_id numeric(10),
    c_paymentterm_id numeric(10) NOT NULL REFERENCES c_paymentterm,
    grandtotal numeric NOT NULL DEFAULT 0,
    ispaid char(1) NOT NULL DEFAULT 'N',
    isindispute char(1) NOT NULL DEFAULT 'N',
    ispayschedulevalid char(1) NOT NULL DEFAULT 'N',
    dunninggrace timestamp);
CREATE UNIQUE INDEX c_invoice_documentno ON c_invoice (documentno, c_doctype_id, c_bpartner_id);
CREATE INDEX c_invoice_paid ON c_invoice (ad_client_id, ispaid);
CREATE TABLE c_invoicepayschedule (
    c_invoicepayschedule_id numeric(10) PRIMARY KEY,
    c_invoice_id numeric(10) NOT NULL REFERENCES c_invoice, duedate timestamp NOT NULL,
    dueamt numeric NOT NULL, isvalid char(1) NOT NULL DEFAULT 'Y');
CREATE INDEX c_invoicepayschedule_invoice ON c_invoicepayschedule (c_invoice_id);
CREATE TABLE c_payment (
    c_payment_id numeric(10) PRIMARY KEY, ad_client_id numeric(10) NOT NULL,
    ad_org_id numeric(10) NOT NULL DEFAULT 11, documentno varchar(30) NOT NULL,
    datetrx timestamp NOT NULL, dateacct timestamp NOT NULL, isreceipt char(1) NOT NULL DEFAULT 'Y',
    c_bpartner_id numeric(10) REFERENCES c_bpartner,
    c_currency_id numeric(10) NOT NULL REFERENCES c_currency, c_conversiontype_id numeric(10),
    c_charge_id numeric(10), payamt numeric NOT NULL, docstatus char(2) NOT NULL DEFAULT 'CO',
    isallocated char(1) NOT NULL DEFAULT 'N', c_order_id numeric(10),
    isprepayment char(1) NOT NULL DEFAULT 'N');
CREATE INDEX c_payment_bpartner ON c_payment (c_bpartner_id);
CREATE TABLE c_allocationhdr (
    c_allocationhdr_id numeric(10) PRIMARY KEY, ad_client_id numeric(10) NOT NULL,
    ad_org_id numeric(10) NOT NULL DEFAULT 11, datetrx timestamp NOT NULL,
    c_currency_id numeric(10) NOT NULL REFERENCES c_currency,
    docstatus char(2) NOT NULL DEFAULT 'CO', isactive char(1) NOT NULL DEFAULT 'Y');
CREATE TABLE c_allocationline (
    c_allocationline_id numeric(10) PRIMARY KEY,
    c_allocationhdr_id numeric(10) NOT NULL REFERENCES c_allocationhdr,
    c_invoice_id numeric(10) REFERENCES c_invoice,
    c_payment_id numeric(10) REFERENCES c_payment,
    c_cashline_id numeric(10),
    c_charge_id numeric(10),
    amount numeric NOT NULL,
    discountamt numeric NOT NULL DEFAULT 0,
    writeoffamt numeric NOT NULL DEFAULT 0,
    overunderamt numeric DEFAULT 0);
CREATE INDEX c_allocationline_invoice ON c_allocationline (c_invoice_id);
CREATE INDEX c_allocationline_payment ON c_allocationline (c_payment_id);
CREATE TABLE c_dunninglevel (
    c_dunninglevel_id numeric(10) PRIMARY KEY, c_dunning_id numeric(10) NOT NULL,
    daysafterdue numeric NOT NULL, isactive char(1) NOT NULL DEFAULT 'Y');
CREATE TABLE c_dunningrun (c_dunningrun_id numeric(10) PRIMARY KEY, dunningdate timestamp NOT NULL);
CREATE TABLE c_dunningrunentry (
    c_dunningrunentry_id numeric(10) PRIMARY KEY,
    c_dunningrun_id numeric(10) NOT NULL REFERENCES c_dunningrun,
    c_dunninglevel_id numeric(10) NOT NULL REFERENCES c_dunninglevel,
    c_bpartner_id numeric(10) NOT NULL);
CREATE TABLE c_dunningrunline (
    c_dunningrunline_id numeric(10) PRIMARY KEY,
    c_dunningrunentry_id numeric(10) NOT NULL REFERENCES c_dunningrunentry,
    c_invoice_id numeric(10),
    c_invoicepayschedule_id numeric(10),
    processed char(1) NOT NULL DEFAULT 'N',
    isactive char(1) NOT NULL DEFAULT 'Y');

-- Stands in for iDempiere's function of this name and signature; like that one it finds its tables by the search path.
CREATE TABLE rate (c_currency_id numeric(10), c_currency_id_to numeric(10), multiplyrate numeric);
INSERT INTO rate VALUES (100, 102, 0.92), (102, 100, 1 / 0.92);
CREATE FUNCTION currencyconvert(
    p_amount numeric, p_curfrom_id numeric, p_curto_id numeric, p_convdate timestamptz,
    p_conversiontype_id numeric, p_client_id numeric, p_org_id numeric)
    RETURNS numeric LANGUAGE sql STABLE AS $$
    SELECT round(p_amount * multiplyrate, 2)
    FROM rate
    WHERE c_currency_id = p_curfrom_id AND c_currency_id_to = p_curto_id
$$;

INSERT INTO c_currency VALUES (100, 'USD', 2), (102, 'EUR', 2), (113, 'JPY', 0);
INSERT INTO c_acctschema VALUES (101, 102), (102, 100);
INSERT INTO ad_clientinfo VALUES (11, 101), (1000000, 102);
INSERT INTO c_country VALUES (101, 'DE'), (100, 'US');
INSERT INTO c_location VALUES (1, 101), (2, 100);
INSERT INTO c_bp_group VALUES (103, 'Standard');
INSERT INTO c_bpartner VALUES
    (7, 11, 'M7', 'Miller', 103, '238', 'A', 5000, 'O', 'de_DE', NULL),
    (8, 11, 'S8', 'Smith', 103, NULL, NULL, 0, 'O', NULL, '2024-08-31');
INSERT INTO c_bpartner (c_bpartner_id, ad_client_id, value, name, c_bp_group_id) VALUES (9, 11, 'J9', 'Jones', 103);
INSERT INTO c_bpartner_location VALUES (1, 7, 2, 'N', 'Y'), (2, 7, 1, 'Y', 'Y');
INSERT INTO c_doctype VALUES (116, 'ARI', 'AR Invoice'), (118, 'ARC', 'AR Credit Memo'), (119, 'API', 'AP Invoice');
-- 105: net 30. 106: on the 15th of the next month, from the 21st on of the one after. 107: on the 31st
INSERT INTO c_paymentterm VALUES
    (105, '30 days', 30, 'N', NULL, NULL, NULL), (106, '15th', 0, 'Y', 15, 1, 20),
    (107, '31st', 0, 'Y', 31, 1, 31);

CREATE FUNCTION invoice(
    id integer, kind integer, party integer, day date, total numeric, status text DEFAULT 'CO',
    due date[] DEFAULT NULL, parts numeric[] DEFAULT NULL, term integer DEFAULT 105,
    currency integer DEFAULT 102, client integer DEFAULT 11)
    RETURNS void LANGUAGE sql AS $$
    INSERT INTO c_invoice (
        c_invoice_id, ad_client_id, documentno, docstatus, c_doctype_id, dateinvoiced, dateacct,
        c_bpartner_id, c_currency_id, c_paymentterm_id, grandtotal, ispayschedulevalid)
    VALUES
        (
            id, client, 'I' || id, status, kind, day, day, party, currency, term, total,
            CASE WHEN due IS NULL THEN 'N' ELSE 'Y' END);
    INSERT INTO c_invoicepayschedule (c_invoicepayschedule_id, c_invoice_id, duedate, dueamt)
    SELECT id * 10 + i, id, d, a FROM unnest(due, parts) WITH ORDINALITY AS u (d, a, i);
$$;
CREATE SEQUENCE line_number;
-- An allocation line: of a payment where there is one. The payment is made on the first line that names it.
CREATE FUNCTION allocate(
    header integer, day date, invoice_id integer, value numeric, payment integer DEFAULT NULL,
    paid date DEFAULT NULL, off numeric DEFAULT 0, discount numeric DEFAULT 0,
    pay numeric DEFAULT NULL, status text DEFAULT 'CO', currency integer DEFAULT 102,
    charge integer DEFAULT NULL)
    RETURNS void LANGUAGE sql AS $$
    INSERT INTO c_payment (
        c_payment_id, ad_client_id, documentno, datetrx, dateacct, c_bpartner_id, c_currency_id,
        payamt, isallocated, isreceipt)
    SELECT payment,
        11,
        'P' || payment,
        paid,
        paid,
        (SELECT c_bpartner_id FROM c_invoice WHERE c_invoice_id = invoice_id),
        currency,
        coalesce(pay, value),
        CASE WHEN coalesce(pay, value) = value THEN 'Y' ELSE 'N' END,
        CASE WHEN value > 0 THEN 'Y' ELSE 'N' END
    WHERE payment IS NOT NULL
    ON CONFLICT DO NOTHING;
    INSERT INTO c_allocationhdr (
        c_allocationhdr_id, ad_client_id, datetrx, c_currency_id, docstatus)
    VALUES (header, 11, day, currency, status)
    ON CONFLICT DO NOTHING;
    INSERT INTO c_allocationline (
        c_allocationline_id, c_allocationhdr_id, c_invoice_id, c_payment_id, c_charge_id, amount,
        discountamt, writeoffamt)
    VALUES (nextval('line_number'), header, invoice_id, payment, charge, value, discount, off);
$$;
