-- Odoo 13 to 17 as a source of receivables.
--
--     psql -d DATABASE -f erp/odoo.sql
--     psql -d DATABASE -v company=2 -v view=item_be -f erp/odoo.sql
--
-- company   number of the company in res_company; default: the lowest. Amounts are in its currency.
-- view      name of the view in the schema receivables_source; default item
--
-- Item: a journal item of a receivable account in a posted customer invoice, credit note or receipt, cut up
-- by account_partial_reconcile. Its date is the day of the other journal item, the payment or the credit
-- note. What is matched with a draft is still open. Instalments are numbered as they were entered, so a moved due
-- date changes no number. Receivables outside of invoices appear while they are open: payments on account and other credits
-- of every journal, debits of miscellaneous journals (an opening balance) only.
-- settled_by: an invoice or credit note settles by credit, and an open credit note says so too. An entry of a
-- miscellaneous journal that books most of it to result accounts is a write-off; all else is a payment, also what
-- its provider kept a fee of.
-- Disputed: the mark "No Follow-up" of the journal item, which Odoo has up to 17. Where the column is
-- missing nothing is disputed; put a column of your own in its place.
-- Level and date of the last reminder: from OCA's account_credit_control where that is installed.
-- Promised date: account_move_line.expected_pay_date where there is one.
-- What differs between the versions is looked up in the catalog when this file runs: run it again after
-- an upgrade of Odoo.
\set ON_ERROR_STOP on
\if :{?view}
\else
\set view item
\endif
\if :{?company}
\else
SELECT min(id) AS company FROM res_company \gset
\endif

SELECT count(*) FILTER (WHERE attrelid = 'account_account'::regclass
                              AND attname = 'account_type') > 0 AS has_account_type,
       count(*) FILTER (WHERE attrelid = 'account_move'::regclass AND attname = 'move_type') > 0 AS has_move_type,
       count(*) FILTER (WHERE attrelid = 'account_move_line'::regclass AND attname = 'blocked') > 0 AS has_blocked,
       count(*) FILTER (WHERE attrelid = 'account_move_line'::regclass
                              AND attname = 'expected_pay_date') > 0 AS has_promise,
       count(*) FILTER (WHERE attrelid = 'res_partner_industry'::regclass AND attname = 'name'
                              AND atttypid = 'jsonb'::regtype) > 0 AS has_translations,
       to_regclass('credit_control_line') IS NOT NULL AS has_credit_control
FROM pg_attribute WHERE NOT attisdropped \gset

\if :has_account_type
\set is_receivable 'account.account_type = ''asset_receivable'''
\else
\set is_receivable 'account.internal_type = ''receivable'''
\endif
\if :has_move_type
\set move_type move_type
\else
\set move_type type
\endif
\if :has_blocked
\set disputed 'coalesce(item.blocked, false)'
\else
\set disputed false
\endif
\if :has_promise
\set promised_date item.expected_pay_date
\else
\set promised_date NULL::date
\endif
\if :has_translations
\set sector 'industry.name ->> ''en_US'''
\else
\set sector industry.name
\endif
\if :has_credit_control
\set reminders '(SELECT move_line_id, max(level) AS level, max(coalesce(date_sent, date)) AS day FROM credit_control_line WHERE state = ''sent'' GROUP BY move_line_id)'
\else
\set reminders '(SELECT NULL::integer AS move_line_id, NULL::integer AS level, NULL::date AS day WHERE false)'
\endif

BEGIN;

CREATE SCHEMA IF NOT EXISTS receivables_source;
COMMENT ON SCHEMA receivables_source IS 'What receivables reads of this ERP; nothing of the ERP depends on it';

CREATE OR REPLACE VIEW receivables_source.:"view" WITH (security_invoker = true) AS
WITH matched AS (
    -- What is matched with a draft or a cancelled entry is not settled.
    SELECT side.item_id, side.sign * match.amount AS amount, CASE WHEN move.state = 'posted' THEN side.other_id END AS other_id
    FROM account_partial_reconcile AS match
        CROSS JOIN LATERAL (VALUES (debit_move_id, credit_move_id, 1), (credit_move_id, debit_move_id, -1)) AS side (item_id, other_id, sign)
        JOIN account_move_line AS line ON line.id = side.other_id
        JOIN account_move AS move ON move.id = line.move_id
), share AS (
    SELECT item_id, other_id, amount FROM matched WHERE other_id IS NOT NULL
    UNION ALL
    SELECT item_id, NULL, sum(amount)
    FROM (SELECT id AS item_id, amount_residual AS amount FROM account_move_line WHERE amount_residual <> 0
          UNION ALL
          SELECT item_id, amount FROM matched WHERE other_id IS NULL) AS open
    GROUP BY item_id HAVING sum(amount) <> 0
), reversal AS MATERIALIZED (
    -- A payment whose entry was reversed, and the reversal: line by line, as Odoo makes it.
    SELECT given.id AS given_id, back.id AS back_id
    FROM (SELECT line.*, move.reversed_entry_id,
                 row_number() OVER (PARTITION BY move.id, line.account_id, line.partner_id, line.balance ORDER BY line.id) AS place
          FROM account_move AS move JOIN account_move_line AS line ON line.move_id = move.id
              JOIN account_account AS account ON account.id = line.account_id AND :is_receivable
          WHERE move.reversed_entry_id IS NOT NULL AND move.:move_type = 'entry' AND move.state = 'posted') AS back
        JOIN (SELECT line.*, row_number() OVER (PARTITION BY line.move_id, line.account_id, line.partner_id, line.balance
                                                ORDER BY line.id) AS place
              FROM account_move_line AS line
              WHERE line.move_id IN (SELECT reversed_entry_id FROM account_move)) AS given
            ON given.move_id = back.reversed_entry_id AND given.account_id = back.account_id
                AND given.partner_id = back.partner_id AND given.balance = -back.balance AND given.place = back.place
), undone AS (
    -- what such a payment had settled, and stays matched with, one after the other
    SELECT back_id, item_id, sign(amount) AS sign, sum(abs(amount)) OVER so_far - abs(amount) AS starts,
           sum(abs(amount)) OVER so_far AS ends
    FROM share JOIN reversal ON given_id = other_id
    WHERE item_id <> back_id
    WINDOW so_far AS (PARTITION BY back_id ORDER BY item_id, abs(amount) ROWS UNBOUNDED PRECEDING)
), instead AS (
    -- what settles the reversal settles that now; the rest is open again
    SELECT back_id, other_id, sum(abs(amount)) OVER so_far - abs(amount) AS starts, sum(abs(amount)) OVER so_far AS ends
    FROM share JOIN reversal ON back_id = item_id
    WHERE other_id IS DISTINCT FROM given_id
    WINDOW so_far AS (PARTITION BY back_id ORDER BY other_id IS NULL, other_id ROWS UNBOUNDED PRECEDING)
), part AS (
    SELECT item_id, other_id, amount FROM share
    WHERE NOT EXISTS (SELECT FROM reversal WHERE given_id IN (item_id, other_id) OR back_id = item_id)
    UNION ALL
    SELECT item_id, other_id, sum(sign * (least(undone.ends, instead.ends) - greatest(undone.starts, instead.starts)))
    FROM undone JOIN instead USING (back_id)
    WHERE undone.starts < instead.ends AND instead.starts < undone.ends
    GROUP BY item_id, other_id
)
SELECT customer.id::text AS customer_id,
       -- One item an invoice is the rule, and its amount shows it. Else they are counted as they were entered.
       CASE WHEN document.:move_type <> 'entry' AND item.balance = document.amount_total_signed THEN document.name::text
            ELSE (SELECT concat(document.name, '/' || nullif(count(*) + 1, 1)) FROM account_move_line AS earlier
                      JOIN account_account AS account ON account.id = earlier.account_id AND :is_receivable
                  WHERE earlier.move_id = item.move_id AND earlier.id < item.id)
       END AS invoice_id,
       coalesce(document.invoice_date, document.date) AS invoice_date,
       coalesce(item.date_maturity, document.invoice_date_due, item.date) AS due_date,
       other.date AS paid_date,
       part.amount,
       CASE WHEN part.other_id IS NULL THEN part.amount ELSE 0 END AS open_amount,
       currency.name::text AS currency,
       :disputed AS disputed,
       CASE WHEN part.amount < 0 AND document.:move_type <> 'entry' THEN 'credit'
            WHEN part.other_id IS NULL THEN NULL
            WHEN other_document.:move_type <> 'entry' THEN 'credit'
            -- A miscellaneous entry that books most of it to result accounts gives it up, unless it books the
            -- exchange difference of a payment. A smaller share is what a provider kept of a payment.
            WHEN other_journal.type = 'general' AND other_journal.id IS DISTINCT FROM company.currency_exchange_journal_id
                 AND (SELECT 2 * sum(line.balance) FILTER (WHERE account.internal_group IN ('expense', 'income'))
                             > -sum(line.balance) FILTER (WHERE :is_receivable)
                      FROM account_move_line AS line JOIN account_account AS account ON account.id = line.account_id
                      WHERE line.move_id = other.move_id)
                 THEN 'write_off'
            ELSE 'payment' END AS settled_by,
       jsonb_strip_nulls(jsonb_build_object(
           'name', customer.name, 'reference', customer.ref, 'country', country.code, 'sector', :sector,
           'is_company', customer.is_company, 'language', customer.lang)) AS attributes,
       reminder.level::integer AS last_level,
       reminder.day AS last_reminder_date,
       :promised_date AS promised_date,
       customer.name::text AS customer_name
FROM part
    JOIN account_move_line AS item ON item.id = part.item_id
    JOIN account_account AS account ON account.id = item.account_id AND :is_receivable
    JOIN account_move AS document ON document.id = item.move_id AND document.state = 'posted'
    JOIN account_journal AS journal ON journal.id = document.journal_id
    JOIN res_company AS company ON company.id = item.company_id
    JOIN res_currency AS currency ON currency.id = company.currency_id
    JOIN res_partner AS partner ON partner.id = item.partner_id
    JOIN res_partner AS customer ON customer.id = partner.commercial_partner_id
    LEFT JOIN res_country AS country ON country.id = customer.country_id
    LEFT JOIN res_partner_industry AS industry ON industry.id = customer.industry_id
    LEFT JOIN account_move_line AS other ON other.id = part.other_id
    LEFT JOIN account_move AS other_document ON other_document.id = other.move_id
    LEFT JOIN account_journal AS other_journal ON other_journal.id = other_document.journal_id
    LEFT JOIN :reminders AS reminder ON reminder.move_line_id = item.id
WHERE item.company_id = :company
      AND CASE document.:move_type
              WHEN 'entry' THEN part.other_id IS NULL AND (part.amount < 0 OR journal.type = 'general')
              ELSE document.:move_type IN ('out_invoice', 'out_refund', 'out_receipt') END;

COMMENT ON VIEW receivables_source.:"view" IS
    'customer items of Odoo as a source of receivables: one row for each settlement of an instalment, and one for what '
    'is open';
COMMENT ON COLUMN receivables_source.:"view".customer_id IS
    'commercial partner: the company, not its contact (res_partner.id)';
COMMENT ON COLUMN receivables_source.:"view".invoice_id IS
    'number of the journal entry; /2, /3, ... is added for further instalments, in the order in which they were entered';
COMMENT ON COLUMN receivables_source.:"view".invoice_date IS 'invoice date; accounting date where there is none';
COMMENT ON COLUMN receivables_source.:"view".due_date IS 'due date of the instalment';
COMMENT ON COLUMN receivables_source.:"view".paid_date IS
    'date of the payment, credit note or entry that settled this part; NULL: open';
COMMENT ON COLUMN receivables_source.:"view".amount IS
    'amount of this part, in the currency of the company; credits are negative';
COMMENT ON COLUMN receivables_source.:"view".open_amount IS 'amount where it is open, else 0';
COMMENT ON COLUMN receivables_source.:"view".currency IS 'currency of the company, in which the amounts are';
COMMENT ON COLUMN receivables_source.:"view".disputed IS 'marked "No Follow-up"';
COMMENT ON COLUMN receivables_source.:"view".settled_by IS
    'payment, credit (another invoice or credit note; of a credit note also where it is open) or write_off (an entry that '
    'books most of it to result accounts); NULL: open';
COMMENT ON COLUMN receivables_source.:"view".attributes IS
    'name, reference, country, sector, is_company, language of the customer';
COMMENT ON COLUMN receivables_source.:"view".last_level IS 'highest level sent by account_credit_control; NULL: none';
COMMENT ON COLUMN receivables_source.:"view".last_reminder_date IS 'day of its last letter; NULL: none';
COMMENT ON COLUMN receivables_source.:"view".promised_date IS 'expected payment date noted at the item; NULL: none';
COMMENT ON COLUMN receivables_source.:"view".customer_name IS 'name of the customer';

COMMIT;
