-- ERPNext 14 and 15 on PostgreSQL as a source of receivables.
--
--     psql -d DATABASE -f erp/erpnext.sql
--     psql -d DATABASE -v company='Ours Ltd' -v view=item_ours -f erp/erpnext.sql
--
-- company   name of the company; default: the one that was entered first. Amounts are in its currency.
-- decimals  of amounts in that currency; default 2
-- view      name of the view in the schema receivables_source; default item
--
-- Item: an instalment ("tabPayment Schedule") of a submitted sales invoice, cut up by the entries of the
-- payment ledger against the invoice. The ledger does not say which instalment was paid: money fills them
-- first in, first out. A return without entries against itself lowered the invoice that it is against, and
-- is settled on its own day. Payments on account and journal entries of customers appear while they are open.
-- Where the receivable account is in a foreign currency, an amount is its share of the invoice's total in the
-- currency of the company, so the parts add up, and gains and losses of the exchange rate stay out of them.
-- settled_by: a return or a journal entry of type Credit Note or Debit Note is a credit; a journal entry of
-- type Write Off Entry and what the invoice itself writes off are write-offs; all else is a payment.
-- Disputed: ERPNext has no such mark, so the column is false. With a custom field, say dispute, put
-- coalesce(invoice.dispute, 0) <> 0 in its place.
-- Level and date of the last reminder: from submitted dunnings, in 14 by invoice (their number is the
-- level), in 15 by instalment.
-- The level is taken from the newer tables where they exist: run this file again after an upgrade of ERPNext.
\set ON_ERROR_STOP on
\if :{?view}
\else
\set view item
\endif
\if :{?decimals}
\else
\set decimals 2
\endif
\if :{?company}
\else
SELECT name AS company FROM "tabCompany" ORDER BY creation, name LIMIT 1 \gset
\endif
SELECT to_regclass('"tabOverdue Payment"') IS NOT NULL
       AND EXISTS (SELECT FROM pg_attribute WHERE attrelid = to_regclass('"tabOverdue Payment"')
                   AND attname = 'dunning_level' AND NOT attisdropped) AS by_instalment \gset
\if :by_instalment
\set reminders '(SELECT line.payment_schedule AS id, max(line.dunning_level) AS level, max(dunning.posting_date) AS day FROM "tabOverdue Payment" AS line JOIN "tabDunning" AS dunning ON dunning.name = line.parent WHERE dunning.docstatus = 1 GROUP BY line.payment_schedule)'
\set reminder_key item.schedule_name
\else
\set reminders '(SELECT sales_invoice AS id, count(*) AS level, max(posting_date) AS day FROM "tabDunning" WHERE docstatus = 1 GROUP BY sales_invoice)'
\set reminder_key item.name
\endif

BEGIN;

CREATE SCHEMA IF NOT EXISTS receivables_source;
COMMENT ON SCHEMA receivables_source IS 'What receivables reads of this ERP; nothing of the ERP depends on it';

CREATE OR REPLACE VIEW receivables_source.:"view" WITH (security_invoker = true) AS
WITH document AS MATERIALIZED (
    -- total is in the currency of the receivable account, as the payment ledger's amounts are
    SELECT invoice.name, invoice.customer, invoice.posting_date,
           coalesce(invoice.due_date, invoice.posting_date) AS due_date,
           t.base_total,
           CASE WHEN invoice.party_account_currency = invoice.currency THEN t.total ELSE t.base_total END AS total,
           CASE WHEN invoice.party_account_currency = invoice.currency THEN invoice.write_off_amount
                ELSE invoice.base_write_off_amount END AS write_off,
           invoice.is_return = 1
               AND NOT EXISTS (SELECT FROM "tabPayment Ledger Entry" AS own WHERE own.voucher_no = invoice.name
                               AND own.against_voucher_no = invoice.name AND own.delinked = 0) AS is_netted
    FROM "tabSales Invoice" AS invoice,
         LATERAL (SELECT coalesce(nullif(invoice.rounded_total, 0), invoice.grand_total) AS total,
                         coalesce(nullif(invoice.base_rounded_total, 0), invoice.base_grand_total) AS base_total) AS t
    WHERE invoice.docstatus = 1 AND invoice.company = :'company' AND t.total <> 0
), settlement AS (
    SELECT entry.against_voucher_no AS name, entry.posting_date AS day, -entry.amount_in_account_currency AS amount,
           entry.name AS place,
           CASE WHEN entry.voucher_type = 'Sales Invoice' AND entry.voucher_no <> entry.against_voucher_no THEN 'credit'
                WHEN entry.voucher_type = 'Sales Invoice' AND document.write_off <> 0
                     AND abs(entry.amount_in_account_currency) = abs(document.write_off) THEN 'write_off'
                WHEN journal.voucher_type IN ('Credit Note', 'Debit Note') THEN 'credit'
                WHEN journal.voucher_type = 'Write Off Entry' THEN 'write_off'
                ELSE 'payment' END AS settled_by
    FROM "tabPayment Ledger Entry" AS entry
        JOIN document ON document.name = entry.against_voucher_no
        LEFT JOIN "tabJournal Entry" AS journal ON entry.voucher_type = 'Journal Entry'
            AND journal.name = entry.voucher_no
    WHERE entry.against_voucher_type = 'Sales Invoice' AND entry.delinked = 0 AND entry.account_type = 'Receivable'
          AND entry.party_type = 'Customer' AND entry.amount_in_account_currency <> 0
          -- not the invoice itself
          AND NOT (entry.voucher_no = document.name AND entry.amount_in_account_currency * document.total > 0)
    UNION ALL
    SELECT name, posting_date, total, '', 'credit' FROM document WHERE is_netted
), paid AS (
    -- what was paid before and after each settlement, counted away from zero
    SELECT settlement.name, day, settled_by,
           sum(sign * amount) OVER so_far - sign * amount AS paid_from, sum(sign * amount) OVER so_far AS paid_to
    FROM settlement JOIN document USING (name), LATERAL (SELECT sign(document.total) AS sign) AS s
    WINDOW so_far AS (PARTITION BY settlement.name ORDER BY day, place ROWS UNBOUNDED PRECEDING)
), rest AS (
    SELECT document.name, coalesce(sum(sign(document.total) * settlement.amount), 0) AS paid_to
    FROM document LEFT JOIN settlement USING (name) GROUP BY document.name
), step AS (
    SELECT name, day, settled_by, paid_from, paid_to FROM paid
    UNION ALL
    SELECT rest.name, NULL, NULL, rest.paid_to, abs(document.total) FROM rest JOIN document USING (name)
), instalment AS (
    -- the stretch of the total that each instalment is; the first and the last one take what lies outside
    SELECT name, schedule_name, due_date, number,
           CASE WHEN number = 1 THEN '-Infinity' ELSE due_from END AS due_from,
           CASE WHEN number = instalments THEN 'Infinity' ELSE due_to END AS due_to
    FROM (SELECT document.name, schedule.name AS schedule_name,
                 coalesce(schedule.due_date, document.due_date) AS due_date,
                 row_number() OVER in_turn AS number, count(*) OVER (PARTITION BY document.name) AS instalments,
                 sum(abs(value)) OVER in_turn - abs(value) AS due_from, sum(abs(value)) OVER in_turn AS due_to
          FROM document
              LEFT JOIN "tabPayment Schedule" AS schedule ON schedule.parent = document.name
                  AND schedule.parenttype = 'Sales Invoice'
              CROSS JOIN LATERAL (
                  SELECT CASE WHEN document.total = document.base_total
                              THEN coalesce(nullif(schedule.base_payment_amount, 0), schedule.payment_amount)
                              ELSE schedule.payment_amount END AS value) AS v
          WINDOW in_turn AS (PARTITION BY document.name ORDER BY schedule.due_date, schedule.idx, schedule.name
              ROWS UNBOUNDED PRECEDING)) AS s
), item AS (
    SELECT document.name, instalment.schedule_name, instalment.number, document.customer, document.posting_date,
           instalment.due_date,
           step.day, step.settled_by,
           -- Differences of rounded totals: whatever the rounding, they add up.
           sign(total) * (round(part_to * base_total / total, :decimals)
                          - round(part_from * base_total / total, :decimals)) AS amount
    FROM step JOIN document USING (name) JOIN instalment USING (name)
        CROSS JOIN LATERAL (
            SELECT least(greatest(step.paid_from, instalment.due_from), instalment.due_to) AS part_from,
                   least(greatest(step.paid_to, instalment.due_from), instalment.due_to) AS part_to) AS part
    WHERE part_from <> part_to
), unallocated AS (
    SELECT party AS customer, against_voucher_no AS name, min(posting_date) AS posting_date,
           coalesce(min(due_date), min(posting_date)) AS due_date, round(sum(amount), :decimals) AS amount
    FROM "tabPayment Ledger Entry"
    WHERE against_voucher_type IN ('Payment Entry', 'Journal Entry') AND delinked = 0 AND account_type = 'Receivable'
          AND party_type = 'Customer' AND company = :'company'
    GROUP BY party, against_voucher_type, against_voucher_no
    HAVING sum(amount_in_account_currency) < 0 OR (against_voucher_type = 'Journal Entry'
        AND sum(amount_in_account_currency) > 0)
), listed AS (
    SELECT customer, name, number, schedule_name, posting_date, due_date, day, settled_by, amount
    FROM item WHERE amount <> 0
    UNION ALL
    SELECT customer, name, 1, NULL, posting_date, due_date, NULL, NULL, amount FROM unallocated WHERE amount <> 0
)
SELECT item.customer::text AS customer_id,
       concat(item.name, '/' || nullif(item.number, 1)) AS invoice_id,
       item.posting_date AS invoice_date,
       item.due_date,
       item.day AS paid_date,
       item.amount,
       CASE WHEN item.day IS NULL THEN item.amount ELSE 0 END AS open_amount,
       company.default_currency::text AS currency,
       false AS disputed,
       item.settled_by,
       jsonb_strip_nulls(jsonb_build_object(
           'name', customer.customer_name, 'group', customer.customer_group, 'territory', customer.territory,
           'sector', customer.industry, 'kind', customer.customer_type, 'language', customer.language,
           'credit_limit', credit.credit_limit)) AS attributes,
       reminder.level::integer AS last_level,
       reminder.day AS last_reminder_date
FROM listed AS item
    JOIN "tabCompany" AS company ON company.name = :'company'
    JOIN "tabCustomer" AS customer ON customer.name = item.customer
    LEFT JOIN (SELECT parent, max(credit_limit) AS credit_limit FROM "tabCustomer Credit Limit"
               WHERE company = :'company' AND credit_limit > 0 GROUP BY parent) AS credit ON credit.parent = customer.name
    LEFT JOIN :reminders AS reminder ON reminder.id = :reminder_key;

COMMENT ON VIEW receivables_source.:"view" IS
    'sales invoices of ERPNext as a source of receivables: one row for each part of an instalment that was settled, and '
    'one for what is open';
COMMENT ON COLUMN receivables_source.:"view".customer_id IS 'name (key) of the customer';
COMMENT ON COLUMN receivables_source.:"view".invoice_id IS
    'name of the invoice; /2, /3, ... is added for further instalments';
COMMENT ON COLUMN receivables_source.:"view".invoice_date IS 'posting date of the invoice';
COMMENT ON COLUMN receivables_source.:"view".due_date IS 'due date of the instalment';
COMMENT ON COLUMN receivables_source.:"view".paid_date IS
    'posting date of the payment, return or journal entry that settled this part; NULL: open';
COMMENT ON COLUMN receivables_source.:"view".amount IS
    'amount of this part, in the currency of the company; returns are negative';
COMMENT ON COLUMN receivables_source.:"view".open_amount IS 'amount where it is open, else 0';
COMMENT ON COLUMN receivables_source.:"view".currency IS 'currency of the company, in which the amounts are';
COMMENT ON COLUMN receivables_source.:"view".disputed IS 'false: ERPNext has no such mark';
COMMENT ON COLUMN receivables_source.:"view".settled_by IS 'payment, credit (return) or write_off; NULL: open';
COMMENT ON COLUMN receivables_source.:"view".attributes IS
    'name, group, territory, sector, kind, language, credit_limit of the customer';
COMMENT ON COLUMN receivables_source.:"view".last_level IS 'level of the last submitted dunning; NULL: none';
COMMENT ON COLUMN receivables_source.:"view".last_reminder_date IS 'its posting date; NULL: none';

COMMIT;
