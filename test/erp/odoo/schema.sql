-- The tables of Odoo 17 that hold receivables: the columns that matter, with the types, keys and indexes
-- that its models define.
SET client_min_messages = warning;

CREATE TABLE res_currency (id serial PRIMARY KEY, name varchar NOT NULL);
CREATE TABLE res_company (
    id serial PRIMARY KEY, name varchar NOT NULL,
    currency_id integer NOT NULL REFERENCES res_currency, currency_exchange_journal_id integer);
CREATE TABLE res_country (id serial PRIMARY KEY, code varchar, name jsonb NOT NULL);
CREATE TABLE res_partner_industry (id serial PRIMARY KEY, name jsonb);
CREATE TABLE res_partner (id serial PRIMARY KEY, name varchar, ref varchar, lang varchar, is_company boolean,
    parent_id integer REFERENCES res_partner, commercial_partner_id integer REFERENCES res_partner,
    country_id integer REFERENCES res_country, industry_id integer REFERENCES res_partner_industry);
CREATE INDEX ON res_partner (commercial_partner_id);
CREATE TABLE account_account (id serial PRIMARY KEY, code varchar, name jsonb NOT NULL, account_type varchar NOT NULL,
    internal_group varchar, reconcile boolean, company_id integer NOT NULL REFERENCES res_company);
CREATE TABLE account_journal (id serial PRIMARY KEY, code varchar NOT NULL, type varchar NOT NULL,
    company_id integer NOT NULL REFERENCES res_company);
ALTER TABLE res_company ADD FOREIGN KEY (currency_exchange_journal_id) REFERENCES account_journal;
CREATE TABLE account_move (id serial PRIMARY KEY, name varchar, ref varchar, date date NOT NULL, state varchar NOT NULL,
    move_type varchar NOT NULL, journal_id integer NOT NULL REFERENCES account_journal,
    company_id integer REFERENCES res_company, currency_id integer NOT NULL REFERENCES res_currency,
    partner_id integer REFERENCES res_partner, commercial_partner_id integer REFERENCES res_partner,
    invoice_date date, invoice_date_due date, payment_state varchar, reversed_entry_id integer REFERENCES account_move,
    amount_total_signed numeric, amount_residual_signed numeric);
CREATE INDEX ON account_move (partner_id);
CREATE INDEX ON account_move (journal_id);
CREATE INDEX ON account_move (date);
CREATE TABLE account_move_line (
    id serial PRIMARY KEY,
    move_id integer NOT NULL REFERENCES account_move ON DELETE CASCADE,
    journal_id integer REFERENCES account_journal,
    company_id integer REFERENCES res_company,
    account_id integer REFERENCES account_account,
    partner_id integer REFERENCES res_partner,
    currency_id integer NOT NULL REFERENCES res_currency,
    payment_id integer,
    date date,
    date_maturity date,
    debit numeric,
    credit numeric,
    balance numeric,
    amount_currency numeric,
    amount_residual numeric,
    amount_residual_currency numeric,
    reconciled boolean,
    blocked boolean,
    expected_pay_date date,
    full_reconcile_id integer);
CREATE INDEX ON account_move_line (move_id);
CREATE INDEX ON account_move_line (journal_id);
CREATE INDEX ON account_move_line (account_id);
CREATE INDEX ON account_move_line (partner_id);
CREATE INDEX ON account_move_line (date_maturity);
CREATE TABLE account_partial_reconcile (
    id serial PRIMARY KEY, debit_move_id integer NOT NULL REFERENCES account_move_line,
    credit_move_id integer NOT NULL REFERENCES account_move_line, amount numeric,
    debit_amount_currency numeric, credit_amount_currency numeric, max_date date,
    exchange_move_id integer REFERENCES account_move, full_reconcile_id integer);
CREATE INDEX ON account_partial_reconcile (debit_move_id);
CREATE INDEX ON account_partial_reconcile (credit_move_id);
CREATE TABLE credit_control_line (id serial PRIMARY KEY, date date NOT NULL, date_sent date, state varchar NOT NULL,
    channel varchar NOT NULL, level integer, move_line_id integer REFERENCES account_move_line);

INSERT INTO res_currency (id, name) VALUES (1, 'EUR'), (2, 'USD');
INSERT INTO res_company (id, name, currency_id) VALUES (1, 'Ours', 1), (2, 'Other', 2);
INSERT INTO account_journal (id, code, type, company_id) VALUES (1, 'INV', 'sale', 1), (2, 'BNK1', 'bank', 1),
    (3, 'MISC', 'general', 1), (4, 'EXCH', 'general', 1), (5, 'BILL', 'purchase', 1), (11, 'INV', 'sale', 2);
UPDATE res_company SET currency_exchange_journal_id = 4 WHERE id = 1;
INSERT INTO account_account (id, code, name, account_type, internal_group, reconcile, company_id) VALUES
    (1, '1200', '{"en_US": "Receivable"}', 'asset_receivable', 'asset', true, 1),
    (2, '4000', '{"en_US": "Sales"}', 'income', 'income', false, 1),
    (3, '1000', '{"en_US": "Bank"}', 'asset_cash', 'asset', false, 1),
    (4, '6900', '{"en_US": "Bad debts"}', 'expense', 'expense', false, 1),
    (5, '2000', '{"en_US": "Payable"}', 'liability_payable', 'liability', true, 1),
    (6, '3000', '{"en_US": "Opening balance"}', 'equity', 'equity', false, 1),
    (11, '1200', '{"en_US": "Receivable"}', 'asset_receivable', 'asset', true, 2);
INSERT INTO res_country (id, code, name) VALUES (1, 'NL', '{"en_US": "Netherlands"}');
INSERT INTO res_partner_industry (id, name) VALUES (1, '{"en_US": "Construction", "nl_NL": "Bouw"}');
INSERT INTO res_partner (id, name, ref, lang, is_company, commercial_partner_id, country_id, industry_id) VALUES
    (7, 'Miller', 'M7', 'nl_NL', true, 7, 1, 1), (8, 'Smith', NULL, NULL, false, 8, NULL, NULL);
INSERT INTO res_partner (id, name, parent_id, commercial_partner_id) VALUES (9, 'Miller, accounts payable', 7, 7);

-- Posting as Odoo does it: the receivable items of the instalments, and one for the other side.
CREATE FUNCTION post(
    name text, kind text, partner integer, day date, due date[], amounts numeric[],
    journal integer DEFAULT 1, account integer DEFAULT 1, other_account integer DEFAULT 2,
    posted text DEFAULT 'posted', company integer DEFAULT 1)
    RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
    move integer;
    total numeric := (SELECT sum(a) FROM unnest(amounts) AS a);
BEGIN
    INSERT INTO account_move (
        name, date, state, move_type, journal_id, company_id, currency_id, partner_id,
        commercial_partner_id, invoice_date, invoice_date_due, amount_total_signed)
    VALUES
        (
            name, day, posted, kind, journal, company, company, partner,
            (SELECT commercial_partner_id FROM res_partner WHERE id = partner),
            CASE WHEN kind <> 'entry' THEN day END,
            CASE WHEN kind <> 'entry' THEN due[cardinality(due)] END,
            CASE WHEN kind = 'entry' THEN abs(total) ELSE total END)
    RETURNING id INTO move;
    INSERT INTO account_move_line (
        move_id, journal_id, company_id, account_id, partner_id, currency_id, date, date_maturity,
        balance, debit, credit, amount_currency, amount_residual, amount_residual_currency,
        reconciled, blocked)
    SELECT move,
        journal,
        company,
        account,
        (SELECT commercial_partner_id FROM res_partner WHERE id = partner),
        company,
        day,
        d,
        a,
        greatest(a, 0),
        greatest(-a, 0),
        a,
        a,
        a,
        false,
        false
    FROM unnest(due, amounts) AS u (d, a);
    INSERT INTO account_move_line (
        move_id, journal_id, company_id, account_id, partner_id, currency_id, date, balance, debit,
        credit, amount_currency, amount_residual, amount_residual_currency, reconciled, blocked)
    VALUES
        (
            move, journal, company, other_account, partner, company, day, -total,
            greatest(-total, 0), greatest(total, 0), -total, 0, 0, false, false);
    RETURN move;
END $$;

-- Matching two receivable items, named by entry and place.
CREATE FUNCTION match(
    debit_name text, credit_name text, matched numeric, debit_place integer DEFAULT 1,
    credit_place integer DEFAULT 1)
    RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    debit_item account_move_line;
    credit_item account_move_line;
BEGIN
    SELECT l.* INTO STRICT debit_item FROM account_move_line AS l JOIN account_move AS m ON m.id = l.move_id
    WHERE m.name = debit_name AND l.account_id = 1 ORDER BY l.id OFFSET debit_place - 1 LIMIT 1;
    SELECT l.* INTO STRICT credit_item FROM account_move_line AS l JOIN account_move AS m ON m.id = l.move_id
    WHERE m.name = credit_name AND l.account_id = 1 ORDER BY l.id OFFSET credit_place - 1 LIMIT 1;
    INSERT INTO account_partial_reconcile (debit_move_id, credit_move_id, amount, max_date)
    VALUES (debit_item.id, credit_item.id, matched, greatest(debit_item.date, credit_item.date));
    UPDATE account_move_line SET amount_residual = amount_residual - matched WHERE id = debit_item.id;
    UPDATE account_move_line SET amount_residual = amount_residual + matched WHERE id = credit_item.id;
END $$;

-- A payment of the bank journal with its own number.
CREATE FUNCTION pay(name text, partner integer, day date, paid numeric) RETURNS integer LANGUAGE sql
    AS $$ SELECT post(name, 'entry', partner, day, ARRAY[NULL]::date[], ARRAY[-paid], 2, 1, 3) $$;

-- A line of the other side of an entry, in the place of the one that post made; then another one beside it.
CREATE FUNCTION other_side(name text, account integer, value numeric) RETURNS void LANGUAGE sql AS $$
    DELETE FROM account_move_line AS l USING account_move AS m
    WHERE m.id = l.move_id AND m.name = other_side.name AND l.account_id <> 1 AND l.balance = (SELECT -sum(balance)
        FROM account_move_line AS r WHERE r.move_id = m.id AND r.account_id = 1);
    INSERT INTO account_move_line (
        move_id, journal_id, company_id, account_id, currency_id, date, balance, debit, credit,
        amount_residual, reconciled)
    SELECT id, journal_id, company_id, account, currency_id, date, value, greatest(value, 0),
        greatest(-value, 0), 0, false
    FROM account_move AS m
    WHERE m.name = other_side.name
$$;
