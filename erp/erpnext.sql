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
-- first in, first out by due date; advances and write-offs, which the schedule leaves out, fill what comes before
-- the first one. Instalments are numbered by their row in the schedule, so a moved due date changes no number.
-- What comes back (a bounced cheque, change at the till, a reversal) takes away a payment: the one that it names,
-- else one of its voucher, else one of its amount, else the latest; then neither of them is left.
-- A return without entries against itself lowered the invoice that it is against: it is settled on its own day
-- as far as that one owed it, and the rest is open. What else was settled beyond the total is an open credit of
-- its own, number + '/overpaid'. Payments on account, advances on sales orders and journal entries of customers
-- appear while they are open; advances on orders are deposits, not to be netted with other invoices.
-- Where the receivable account is in a foreign currency, an amount is its share of the invoice's total in the
-- currency of the company, so the parts add up, and gains and losses of the exchange rate stay out of them.
-- settled_by: a return or a journal entry of type Credit Note or Debit Note is a credit; a journal entry of
-- type Write Off Entry and what the invoice itself writes off are write-offs; all else is a payment. Open returns
-- and credit notes say credit too; of what else is open nothing is said.
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
    -- total is in the currency of the receivable account, as the payment ledger's amounts are; owed is the same
    -- counted away from zero
    SELECT invoice.name, invoice.customer, invoice.posting_date, invoice.conversion_rate,
           coalesce(invoice.due_date, invoice.posting_date) AS due_date,
           t.base_total, s.sign, s.total, s.sign * s.total AS owed,
           CASE WHEN invoice.party_account_currency = invoice.currency THEN invoice.write_off_amount
                ELSE invoice.base_write_off_amount END AS write_off,
           invoice.is_return = 1
               AND NOT EXISTS (SELECT FROM "tabPayment Ledger Entry" AS own WHERE own.voucher_no = invoice.name
                               AND own.against_voucher_no = invoice.name AND own.delinked = 0) AS is_netted
    FROM "tabSales Invoice" AS invoice,
         LATERAL (SELECT coalesce(nullif(invoice.rounded_total, 0), invoice.grand_total) AS total,
                         coalesce(nullif(invoice.base_rounded_total, 0), invoice.base_grand_total) AS base_total) AS t,
         LATERAL (SELECT sign(t.total) AS sign, CASE WHEN invoice.party_account_currency = invoice.currency THEN t.total
                                                     ELSE t.base_total END AS total) AS s
    WHERE invoice.docstatus = 1 AND invoice.company = :'company' AND t.total <> 0
), entry AS MATERIALIZED (
    -- What changed the balance of an invoice. settled is counted away from zero; below 0: it raised the balance.
    SELECT document.name, document.owed, document.write_off, entry.posting_date AS day,
           entry.name AS place, entry.voucher_type, entry.voucher_no AS voucher,
           -document.sign * entry.amount_in_account_currency AS settled, entry.voucher_no = document.name AS is_own
    FROM "tabPayment Ledger Entry" AS entry JOIN document ON document.name = entry.against_voucher_no
    WHERE entry.against_voucher_type = 'Sales Invoice' AND entry.delinked = 0 AND entry.account_type = 'Receivable'
          AND entry.party_type = 'Customer' AND entry.amount_in_account_currency <> 0
), settlement AS MATERIALIZED (
    SELECT entry.name, owed, day, place, voucher, settled,
           to_jsonb(journal) ->> 'reversal_of' AS undoes,
           CASE WHEN entry.voucher_type = 'Sales Invoice' AND NOT is_own THEN 'credit'
                -- one of the invoice's own entries is what it wrote off
                WHEN is_own AND settled = abs(write_off)
                     AND row_number() OVER (PARTITION BY entry.name, is_own, settled ORDER BY place) = 1 THEN 'write_off'
                WHEN journal.voucher_type IN ('Credit Note', 'Debit Note') THEN 'credit'
                WHEN journal.voucher_type = 'Write Off Entry' THEN 'write_off'
                ELSE 'payment' END AS settled_by
    FROM entry LEFT JOIN "tabJournal Entry" AS journal ON entry.voucher_type = 'Journal Entry'
        AND journal.name = entry.voucher
    WHERE NOT (is_own AND settled < 0)
    UNION ALL
    -- the invoice itself, and what it asks for beyond its total: change that was given at the till
    SELECT name, owed, min(day), '', name, sum(settled) + owed, NULL, 'payment'
    FROM entry WHERE is_own AND settled < 0 GROUP BY name, owed HAVING sum(settled) + owed < 0
), undone AS (
    -- what an entry takes back, where that can be told: the entry it names, or of its own voucher, or of its amount
    SELECT DISTINCT ON (back.name, back.place) back.name, back.place, given.day AS given_day, given.place AS given_place
    FROM settlement AS back JOIN settlement AS given ON given.name = back.name AND given.settled > 0
        AND given.day <= back.day
        AND (given.voucher IN (back.undoes, back.voucher) OR given.settled = -back.settled)
    WHERE back.settled < 0
    ORDER BY back.name, back.place, given.voucher = back.undoes DESC NULLS LAST, given.voucher = back.voucher DESC,
        given.day < back.day DESC, given.day DESC, given.place DESC
), turn AS (
    SELECT settlement.*,
           row_number() OVER (PARTITION BY name ORDER BY coalesce(given_day, day), settled < 0 AND given_day IS NULL,
               coalesce(given_place, place), settled < 0, place) AS turn
    FROM settlement LEFT JOIN undone USING (name, place)
), paid AS (
    -- What is paid goes up and down. Of a payment stays what is above every later low: what comes back takes the
    -- latest money before it. What comes back from below 0 was never paid: it is owed on top.
    SELECT name, owed, turn, day, voucher, settled_by, settled,
           sum(settled) OVER so_far - settled AS before, sum(settled) OVER so_far AS after
    FROM turn WINDOW so_far AS (PARTITION BY name ORDER BY turn ROWS UNBOUNDED PRECEDING)
), lasting AS (
    SELECT name, owed, day, voucher, settled_by,
           CASE WHEN settled > 0 THEN before ELSE low_before END AS paid_from,
           CASE WHEN settled > 0 THEN low_after ELSE least(after, low_before) END AS paid_to
    FROM (SELECT paid.*, least(0, min(after) OVER (turns ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)) AS low_before,
                 min(after) OVER (turns ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) AS low_after
          FROM paid WINDOW turns AS (PARTITION BY name ORDER BY turn)) AS p
    WHERE CASE WHEN settled > 0 THEN low_after > before ELSE after < low_before END
), excess AS MATERIALIZED (
    -- what was settled beyond the total
    SELECT name, day, voucher, settled_by, greatest(paid_from, owed) AS paid_from, paid_to
    FROM lasting WHERE paid_to > owed
), rest AS (
    SELECT document.name, owed, posting_date, is_netted,
           -- a return that lowered another invoice is settled as far as that one still owed it
           CASE WHEN is_netted THEN owed - coalesce(unused, 0) ELSE coalesce(settled, 0) END AS paid_to
    FROM document
        LEFT JOIN (SELECT name, sum(settled) AS settled FROM settlement GROUP BY name) AS s USING (name)
        LEFT JOIN (SELECT voucher AS name, sum(paid_to - paid_from) AS unused FROM excess GROUP BY voucher) AS e USING (name)
), step AS (
    SELECT name, day, settled_by, least(paid_from, owed) AS paid_from, least(paid_to, owed) AS paid_to FROM lasting
    UNION ALL
    SELECT name, posting_date, 'credit', 0, paid_to FROM rest WHERE is_netted
    UNION ALL
    SELECT name, NULL, NULL, paid_to, owed FROM rest WHERE paid_to < owed
), instalment AS (
    -- the stretch of the total that each instalment is; the first and the last to be due take what lies outside
    SELECT s.*,
           CASE WHEN place = 1 THEN '-Infinity' ELSE due_before + before_all END AS due_from,
           CASE WHEN place = instalments THEN 'Infinity' ELSE due_after + before_all END AS due_to
    FROM (SELECT document.name, customer, posting_date, sign, total, base_total, schedule.name AS schedule_name,
                 coalesce(schedule.due_date, document.due_date) AS due_date,
                 row_number() OVER (PARTITION BY document.name ORDER BY schedule.idx, schedule.name) AS number,
                 row_number() OVER in_turn AS place, count(*) OVER (PARTITION BY document.name) AS instalments,
                 sum(abs(value)) OVER in_turn - abs(value) AS due_before, sum(abs(value)) OVER in_turn AS due_after,
                 -- The schedule adds up to the total less advances and write-offs, which come first. A difference
                 -- of up to 0.1 is rounding, by ERPNext's own rule.
                 CASE WHEN owed - sum(abs(value)) OVER (PARTITION BY document.name) > 0.1
                      THEN owed - sum(abs(value)) OVER (PARTITION BY document.name) ELSE 0 END AS before_all
          FROM document
              LEFT JOIN "tabPayment Schedule" AS schedule ON schedule.parent = document.name
                  AND schedule.parenttype = 'Sales Invoice'
              CROSS JOIN LATERAL (
                  SELECT CASE WHEN total <> base_total THEN schedule.payment_amount
                              WHEN schedule.base_payment_amount <> 0 THEN schedule.base_payment_amount
                              ELSE schedule.payment_amount * conversion_rate END AS value) AS v
          WINDOW in_turn AS (PARTITION BY document.name ORDER BY schedule.due_date, schedule.idx, schedule.name
              ROWS UNBOUNDED PRECEDING)) AS s
), item AS (
    SELECT name, schedule_name, number, customer, posting_date, due_date, step.day,
           -- Differences of rounded totals: whatever the rounding, they add up.
           sign * (round(part_to * base_total / total, :decimals)
                   - round(part_from * base_total / total, :decimals)) AS amount,
           CASE WHEN sign < 0 THEN 'credit' ELSE step.settled_by END AS settled_by
    FROM step JOIN instalment USING (name)
        CROSS JOIN LATERAL (
            SELECT least(greatest(step.paid_from, instalment.due_from), instalment.due_to) AS part_from,
                   least(greatest(step.paid_to, instalment.due_from), instalment.due_to) AS part_to) AS part
    WHERE part_from <> part_to
), overpaid AS (
    SELECT document.customer, document.name || '/overpaid' AS name, day,
           -sign * (round(paid_to * base_total / total, :decimals)
                    - round(paid_from * base_total / total, :decimals)) AS amount,
           CASE WHEN settled_by = 'credit' THEN 'credit' END AS settled_by
    FROM excess JOIN document USING (name)
    WHERE voucher NOT IN (SELECT name FROM document WHERE is_netted)
), unallocated AS (
    SELECT customer, name || CASE WHEN EXISTS (SELECT FROM "tabPayment Ledger Entry" AS other
                                               WHERE other.voucher_no = balance.name AND other.party <> balance.customer)
                                  THEN '/' || customer ELSE '' END AS name,
           posting_date, due_date, amount, kind <> 'Sales Order' AS nettable,
           CASE WHEN amount < 0 AND kind = 'Journal Entry'
                     AND EXISTS (SELECT FROM "tabJournal Entry" AS journal WHERE journal.name = balance.name
                                 AND journal.voucher_type IN ('Credit Note', 'Debit Note')) THEN 'credit' END AS settled_by
    FROM (SELECT party AS customer, against_voucher_type AS kind, against_voucher_no AS name,
                 min(posting_date) AS posting_date, coalesce(min(due_date), min(posting_date)) AS due_date,
                 round(sum(amount), :decimals) AS amount
          FROM "tabPayment Ledger Entry"
          WHERE against_voucher_type <> 'Sales Invoice' AND delinked = 0 AND account_type = 'Receivable'
                AND party_type = 'Customer' AND company = :'company'
          GROUP BY party, against_voucher_type, against_voucher_no
          HAVING sum(amount_in_account_currency) < 0
              OR against_voucher_type = 'Journal Entry' AND sum(amount_in_account_currency) > 0) AS balance
), listed AS (
    SELECT customer, name, number, schedule_name, posting_date, due_date, day, settled_by, amount, true AS nettable
    FROM item WHERE amount <> 0
    UNION ALL
    SELECT customer, name, 1, NULL, day, day, NULL, settled_by, amount, true FROM overpaid WHERE amount <> 0
    UNION ALL
    SELECT customer, name, 1, NULL, posting_date, due_date, NULL, settled_by, amount, nettable
    FROM unallocated WHERE amount <> 0
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
       reminder.day AS last_reminder_date,
       item.nettable,
       customer.customer_name::text AS customer_name
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
    'name of the invoice; /2, /3, ... is added for further instalments, in the order of the schedule; /overpaid: what was '
    'settled beyond its total; else the name of the payment, order or journal entry, with the customer behind it where '
    'the entry is for several';
COMMENT ON COLUMN receivables_source.:"view".invoice_date IS 'posting date of the invoice';
COMMENT ON COLUMN receivables_source.:"view".due_date IS 'due date of the instalment';
COMMENT ON COLUMN receivables_source.:"view".paid_date IS
    'posting date of the payment, return or journal entry that settled this part; NULL: open';
COMMENT ON COLUMN receivables_source.:"view".amount IS
    'amount of this part, in the currency of the company; returns are negative';
COMMENT ON COLUMN receivables_source.:"view".open_amount IS 'amount where it is open, else 0';
COMMENT ON COLUMN receivables_source.:"view".currency IS 'currency of the company, in which the amounts are';
COMMENT ON COLUMN receivables_source.:"view".disputed IS 'false: ERPNext has no such mark';
COMMENT ON COLUMN receivables_source.:"view".settled_by IS
    'payment, credit (return, credit note; also where it is open) or write_off; NULL: open';
COMMENT ON COLUMN receivables_source.:"view".attributes IS
    'name, group, territory, sector, kind, language, credit_limit of the customer';
COMMENT ON COLUMN receivables_source.:"view".last_level IS 'level of the last submitted dunning; NULL: none';
COMMENT ON COLUMN receivables_source.:"view".last_reminder_date IS 'its posting date; NULL: none';
COMMENT ON COLUMN receivables_source.:"view".nettable IS
    'false: an advance on a sales order, not to be netted with other invoices';
COMMENT ON COLUMN receivables_source.:"view".customer_name IS 'name of the customer';

COMMIT;
