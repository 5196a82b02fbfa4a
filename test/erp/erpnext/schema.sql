-- The tables of ERPNext 15 on PostgreSQL that hold receivables: the columns that matter, with the types that
-- Frappe gives its field types, and its indexes.
SET client_min_messages = warning;
CREATE TABLE "tabCompany" (name varchar(140) PRIMARY KEY, creation timestamp(6), default_currency varchar(140));
CREATE TABLE "tabCustomer" (
    name varchar(140) PRIMARY KEY, customer_name varchar(140), customer_type varchar(140),
    customer_group varchar(140), territory varchar(140), industry varchar(140),
    language varchar(140), disabled smallint NOT NULL DEFAULT 0);
CREATE TABLE "tabCustomer Credit Limit" (name varchar(140) PRIMARY KEY, parent varchar(140), company varchar(140),
    credit_limit decimal(21,9) NOT NULL DEFAULT 0);
CREATE TABLE "tabSales Invoice" (
    name varchar(140) PRIMARY KEY, docstatus smallint NOT NULL DEFAULT 0, company varchar(140),
    customer varchar(140), posting_date date, due_date date, currency varchar(140),
    party_account_currency varchar(140), conversion_rate decimal(21,9) NOT NULL DEFAULT 1,
    grand_total decimal(21,9) NOT NULL DEFAULT 0, base_grand_total decimal(21,9) NOT NULL DEFAULT 0,
    rounded_total decimal(21,9) NOT NULL DEFAULT 0,
    base_rounded_total decimal(21,9) NOT NULL DEFAULT 0,
    write_off_amount decimal(21,9) NOT NULL DEFAULT 0,
    base_write_off_amount decimal(21,9) NOT NULL DEFAULT 0,
    outstanding_amount decimal(21,9) NOT NULL DEFAULT 0, is_return smallint NOT NULL DEFAULT 0,
    is_pos smallint NOT NULL DEFAULT 0, return_against varchar(140), debit_to varchar(140));
CREATE INDEX ON "tabSales Invoice" (customer);
CREATE INDEX ON "tabSales Invoice" (posting_date);
CREATE INDEX ON "tabSales Invoice" (return_against);
CREATE TABLE "tabPayment Schedule" (
    name varchar(140) PRIMARY KEY, parent varchar(140), parentfield varchar(140),
    parenttype varchar(140), idx bigint NOT NULL DEFAULT 0, due_date date,
    invoice_portion decimal(21,9) NOT NULL DEFAULT 0,
    payment_amount decimal(21,9) NOT NULL DEFAULT 0,
    base_payment_amount decimal(21,9) NOT NULL DEFAULT 0,
    outstanding decimal(21,9) NOT NULL DEFAULT 0, paid_amount decimal(21,9) NOT NULL DEFAULT 0);
CREATE INDEX ON "tabPayment Schedule" (parent);
CREATE TABLE "tabJournal Entry" (
    name varchar(140) PRIMARY KEY, docstatus smallint NOT NULL DEFAULT 0, voucher_type varchar(140),
    posting_date date, reversal_of varchar(140));
CREATE TABLE "tabPayment Ledger Entry" (
    name varchar(140) PRIMARY KEY, posting_date date, company varchar(140),
    account_type varchar(140), account varchar(140), party_type varchar(140), party varchar(140),
    due_date date, voucher_type varchar(140), voucher_no varchar(140),
    against_voucher_type varchar(140), against_voucher_no varchar(140),
    amount decimal(21,9) NOT NULL DEFAULT 0, account_currency varchar(140),
    amount_in_account_currency decimal(21,9) NOT NULL DEFAULT 0,
    delinked smallint NOT NULL DEFAULT 0);
CREATE INDEX ON "tabPayment Ledger Entry" (against_voucher_no, against_voucher_type);
CREATE INDEX ON "tabPayment Ledger Entry" (voucher_no, voucher_type);
CREATE INDEX ON "tabPayment Ledger Entry" (party);
CREATE INDEX ON "tabPayment Ledger Entry" (company);
CREATE TABLE "tabDunning" (
    name varchar(140) PRIMARY KEY, docstatus smallint NOT NULL DEFAULT 0, customer varchar(140),
    posting_date date, status varchar(140));
CREATE TABLE "tabOverdue Payment" (name varchar(140) PRIMARY KEY, parent varchar(140), idx bigint NOT NULL DEFAULT 0,
    sales_invoice varchar(140), payment_schedule varchar(140), dunning_level bigint NOT NULL DEFAULT 1);
CREATE INDEX ON "tabOverdue Payment" (parent);

INSERT INTO "tabCompany" VALUES ('Ours', '2020-01-01', 'EUR'), ('Other', '2021-01-01', 'USD');
INSERT INTO "tabCustomer" (
    name, customer_name, customer_type, customer_group, territory, industry, language)
VALUES
    ('Miller', 'Miller Ltd', 'Company', 'Commercial', 'Netherlands', 'Construction', 'nl'),
    ('Smith', 'Smith', 'Individual', 'All', NULL, NULL, NULL);
INSERT INTO "tabCustomer Credit Limit" VALUES ('cl1', 'Miller', 'Ours', 5000), ('cl2', 'Miller', 'Other', 9);

CREATE SEQUENCE entry_number;
CREATE FUNCTION post(
    voucher text, voucher_kind text, against text, against_kind text, customer text, day date,
    value numeric, in_account numeric DEFAULT NULL, unlinked integer DEFAULT 0,
    owner text DEFAULT 'Ours')
    RETURNS void LANGUAGE sql AS $$
    INSERT INTO "tabPayment Ledger Entry" VALUES
        (
            'ple' || lpad(nextval('entry_number')::text, 6, '0'), day, owner, 'Receivable',
            'Debtors', 'Customer', customer, NULL, voucher_kind, voucher, against_kind, against,
            value, 'EUR', coalesce(in_account, value), unlinked)
$$;
-- A submitted invoice or return; against: the ledger entry that it makes, NULL: against itself.
CREATE FUNCTION invoice(
    number text, party text, day date, due date[], amounts numeric[], against text DEFAULT NULL,
    status integer DEFAULT 1, owner text DEFAULT 'Ours')
    RETURNS void LANGUAGE sql AS $$
    INSERT INTO "tabSales Invoice" (
        name, docstatus, company, customer, posting_date, due_date, currency,
        party_account_currency, grand_total, base_grand_total, outstanding_amount, is_return,
        return_against)
    SELECT number, status, owner, party, day, due[cardinality(due)], 'EUR', 'EUR', total, total,
        total, (total < 0)::integer, against
    FROM (SELECT sum(a) AS total FROM unnest(amounts) AS a) AS t;
    INSERT INTO "tabPayment Schedule" (
        name, parent, parentfield, parenttype, idx, due_date, payment_amount, base_payment_amount)
    SELECT number || '-' || i, number, 'payment_schedule', 'Sales Invoice', i, d, a, a
    FROM unnest(due, amounts) WITH ORDINALITY AS u (d, a, i)
    WHERE a > 0;
    SELECT post(
        number, 'Sales Invoice', coalesce(against, number), 'Sales Invoice', party, day, sum(a),
        NULL, (status = 2)::integer, owner)
    FROM unnest(amounts) AS a
    HAVING status > 0;
$$;
CREATE FUNCTION pay(
    number text, invoice_name text, day date, value numeric,
    voucher_kind text DEFAULT 'Payment Entry', unlinked integer DEFAULT 0)
    RETURNS void LANGUAGE sql AS $$
    SELECT post(
        number, voucher_kind, invoice_name, 'Sales Invoice',
        (SELECT customer FROM "tabSales Invoice" WHERE name = invoice_name),
        day, -value, NULL, unlinked)
$$;
