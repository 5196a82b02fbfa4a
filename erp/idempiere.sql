-- iDempiere (checked against 7 to 12) as a source of receivables. Its tables are in the schema adempiere:
--
--     PGOPTIONS='-c search_path=adempiere,public' psql -d DATABASE -f erp/idempiere.sql
--     PGOPTIONS='-c search_path=adempiere,public' psql -d DATABASE -v client=1000000 -v view=item_2 -f erp/idempiere.sql
--
-- client    number of the client in AD_Client; default: the lowest that has invoices to customers. Amounts are
--           in the currency of its first accounting schema.
-- view      name of the view in the schema receivables_source; default item
--
-- Item: an instalment (C_InvoicePaySchedule where the schedule is valid, else the whole invoice) of a completed
-- or closed invoice to a customer, cut up by its allocations. They do not say which instalment was paid: money
-- fills them first in, first out by due date, as the function invoiceOpen has it. They are numbered as they were
-- made, so a moved due date changes no number. The date is that of the payment, for
-- what invoices and credit memos settle among each other that of the allocation. Payments that are not fully
-- allocated appear as open credits; prepayments of an order or project are not to be netted with other invoices.
-- What is taken back by a negative allocation takes away a settlement: of the same payment, else of the same amount,
-- else the latest; then neither of them is left. What was settled beyond the total is an open credit of its own,
-- number + '/overpaid'.
-- Reversed and voided documents, and allocations of them, are left out.
-- Foreign currency: the total is converted as of the accounting date of the invoice, with its own rate where
-- the version has one; an amount is its share of that, so the parts add up. Without a rate it is NULL.
-- settled_by: the amount and the discount of an allocation line with a payment are a payment, without one a
-- credit; the write-off amount, and what is allocated together with a charge, is a write-off. A charge that is
-- smaller than the payments in its allocation is what a provider kept: a payment. An open credit memo says credit.
-- Disputed: IsInDispute. Not before: the day after the later one of the dunning grace dates of invoice and
-- customer. Level: place of the dunning level within its dunning, by days after due, of the processed dunning
-- runs; their last date.
-- Due date without a schedule: by the payment term, as the function paymentTermDueDate has it.
\set ON_ERROR_STOP on
\if :{?view}
\else
\set view item
\endif
\if :{?client}
\else
SELECT min(ad_client_id) AS client FROM c_invoice WHERE issotrx = 'Y' \gset
\endif
SELECT EXISTS (SELECT FROM pg_attribute WHERE attrelid = 'c_payment'::regclass AND attname = 'isprepayment'
               AND NOT attisdropped) AS has_prepayment \gset
\if :has_prepayment
\set nettable 'payment.isprepayment IS DISTINCT FROM ''Y'''
\else
\set nettable true
\endif
SELECT EXISTS (SELECT FROM pg_proc WHERE proname = 'currencyconvertinvoice') AS has_own_rate \gset
\if :has_own_rate
\set to_base 'currencyconvertinvoice(c_invoice_id, to_currency, grandtotal, dateacct)'
\else
\set to_base 'currencyconvert(grandtotal, c_currency_id, to_currency, dateacct, c_conversiontype_id, ad_client_id, ad_org_id)'
\endif

\set invoice_total 'SELECT ' :to_base ' FROM c_invoice WHERE c_invoice_id = invoice_id'

BEGIN;

CREATE SCHEMA IF NOT EXISTS receivables_source;
COMMENT ON SCHEMA receivables_source IS 'What receivables reads of this ERP; nothing of the ERP depends on it';

-- iDempiere's functions find their tables by the search path. The daily run has another one, so these two bring
-- the present one along. Only amounts in foreign currencies go through them.
CREATE OR REPLACE FUNCTION receivables_source.convert(amount numeric, from_currency numeric, to_currency numeric,
        day timestamp, conversion_type numeric, client numeric, org numeric) RETURNS numeric
    LANGUAGE sql STABLE SET search_path FROM CURRENT
    AS $$ SELECT currencyconvert(amount, from_currency, to_currency, day, conversion_type, client, org) $$;
COMMENT ON FUNCTION receivables_source.convert(numeric, numeric, numeric, timestamp, numeric, numeric, numeric) IS
    'an amount in another currency, by the function currencyConvert of iDempiere; NULL: no rate';
CREATE OR REPLACE FUNCTION receivables_source.invoice_total(invoice_id numeric, to_currency numeric) RETURNS numeric
    LANGUAGE sql STABLE SET search_path FROM CURRENT
    AS :'invoice_total';
COMMENT ON FUNCTION receivables_source.invoice_total(numeric, numeric) IS
    'total of an invoice in another currency, with its own rate where iDempiere has one; NULL: no rate';

CREATE OR REPLACE VIEW receivables_source.:"view" WITH (security_invoker = true) AS
WITH base AS MATERIALIZED (
    SELECT currency.c_currency_id, currency.iso_code, currency.stdprecision::integer AS decimals
    FROM ad_clientinfo AS client JOIN c_acctschema AS ledger ON ledger.c_acctschema_id = client.c_acctschema1_id
        JOIN c_currency AS currency ON currency.c_currency_id = ledger.c_currency_id
    WHERE client.ad_client_id = :client
), document AS MATERIALIZED (
    SELECT invoice.c_invoice_id, invoice.documentno, invoice.c_bpartner_id, invoice.dateinvoiced::date AS dateinvoiced,
           invoice.c_currency_id,
           invoice.isindispute, invoice.dunninggrace::date AS dunninggrace, invoice.ispayschedulevalid, base.decimals,
           s.sign * invoice.grandtotal AS total, sign(s.sign * invoice.grandtotal) AS sign, abs(invoice.grandtotal) AS owed,
           s.sign * CASE WHEN invoice.c_currency_id = base.c_currency_id THEN invoice.grandtotal
                         ELSE receivables_source.invoice_total(invoice.c_invoice_id, base.c_currency_id) END AS base_total,
           CASE WHEN term.isduefixed = 'Y'
                THEN (date_trunc('month', invoice.dateinvoiced)::date + term.fixmonthday::integer - 1
                      + make_interval(months => term.fixmonthoffset::integer)
                      + make_interval(months =>
                          (extract(day FROM invoice.dateinvoiced) - 1 > term.fixmonthcutoff)::integer))::date
                ELSE invoice.dateinvoiced::date + coalesce(term.netdays, 0)::integer END AS due_date
    FROM base CROSS JOIN c_invoice AS invoice
        JOIN c_doctype AS kind ON kind.c_doctype_id = invoice.c_doctype_id
        LEFT JOIN c_paymentterm AS term ON term.c_paymentterm_id = invoice.c_paymentterm_id
        CROSS JOIN LATERAL (SELECT CASE WHEN substr(kind.docbasetype, 3, 1) = 'C' THEN -1 ELSE 1 END AS sign) AS s
    WHERE invoice.ad_client_id = :client AND invoice.issotrx = 'Y' AND invoice.docstatus IN ('CO', 'CL')
        AND invoice.grandtotal <> 0
), charged AS (
    -- Allocations with a charge. What is smaller than the payments in them was kept of these, as a provider's fee is.
    SELECT line.c_allocationhdr_id, max(payment.datetrx) AS day,
           CASE WHEN sum(abs(line.amount)) FILTER (WHERE line.c_charge_id IS NOT NULL)
                     < sum(abs(line.amount)) FILTER (WHERE line.c_payment_id IS NOT NULL) THEN 'payment'
                ELSE 'write_off' END AS settled_by
    FROM c_allocationline AS line LEFT JOIN c_payment AS payment ON payment.c_payment_id = line.c_payment_id
    WHERE line.c_allocationhdr_id IN (SELECT c_allocationhdr_id FROM c_allocationline WHERE c_charge_id IS NOT NULL)
    GROUP BY line.c_allocationhdr_id
), settlement AS MATERIALIZED (
    -- settled is counted away from zero; below 0: it raised the balance
    SELECT line.c_invoice_id, document.owed, document.dateinvoiced, share.settled_by,
           coalesce(payment.datetrx, CASE WHEN share.settled_by = 'payment' THEN charged.day END, header.datetrx)::date AS day,
           2 * line.c_allocationline_id + share.half AS place, line.c_payment_id AS voucher,
           document.sign *
           CASE WHEN header.c_currency_id = document.c_currency_id THEN share.amount
                ELSE receivables_source.convert(share.amount, header.c_currency_id, document.c_currency_id,
                    header.datetrx, NULL,
                                     header.ad_client_id, header.ad_org_id) END AS settled
    FROM c_allocationline AS line
        JOIN c_allocationhdr AS header ON header.c_allocationhdr_id = line.c_allocationhdr_id
        JOIN document ON document.c_invoice_id = line.c_invoice_id
        LEFT JOIN c_payment AS payment ON payment.c_payment_id = line.c_payment_id
        LEFT JOIN charged ON charged.c_allocationhdr_id = line.c_allocationhdr_id
        CROSS JOIN LATERAL (VALUES
            (line.amount + line.discountamt, 0,
             CASE WHEN line.c_payment_id IS NOT NULL OR line.c_cashline_id IS NOT NULL THEN 'payment'
                  ELSE coalesce(charged.settled_by, 'credit') END),
            (line.writeoffamt, 1, 'write_off')) AS share (amount, half, settled_by)
    WHERE header.isactive = 'Y' AND header.docstatus IN ('CO', 'CL') AND share.amount <> 0
), undone AS (
    -- what is taken back, where that can be told: of the same payment, else of the same amount
    SELECT DISTINCT ON (back.c_invoice_id, back.place) back.c_invoice_id, back.place, given.day AS given_day, given.place AS given_place
    FROM settlement AS back JOIN settlement AS given ON given.c_invoice_id = back.c_invoice_id AND given.settled > 0
        AND given.day <= back.day AND (given.voucher = back.voucher OR given.settled = -back.settled)
    WHERE back.settled < 0
    ORDER BY back.c_invoice_id, back.place, given.voucher = back.voucher DESC NULLS LAST, given.day < back.day DESC,
        given.day DESC, given.place DESC
), turn AS (
    SELECT settlement.*, row_number() OVER (PARTITION BY c_invoice_id ORDER BY coalesce(given_day, day),
               settled < 0 AND given_day IS NULL, coalesce(given_place, place), settled < 0, place) AS turn
    FROM settlement LEFT JOIN undone USING (c_invoice_id, place)
), paid AS (
    -- What is paid goes up and down. Of a payment stays what is above every later low: what comes back takes the
    -- latest money before it. What comes back from below 0 was never paid: it is owed on top.
    SELECT turn.*, sum(settled) OVER so_far - settled AS before, sum(settled) OVER so_far AS after
    FROM turn WINDOW so_far AS (PARTITION BY c_invoice_id ORDER BY turn ROWS UNBOUNDED PRECEDING)
), lasting AS (
    SELECT c_invoice_id, owed, dateinvoiced, day, settled_by,
           CASE WHEN settled > 0 THEN before ELSE low_before END AS paid_from,
           CASE WHEN settled > 0 THEN low_after ELSE least(after, low_before) END AS paid_to
    FROM (SELECT paid.*, least(0, min(after) OVER (turns ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)) AS low_before,
                 min(after) OVER (turns ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) AS low_after
          FROM paid WINDOW turns AS (PARTITION BY c_invoice_id ORDER BY turn)) AS p
    WHERE CASE WHEN settled > 0 THEN low_after > before ELSE after < low_before END
), step AS (
    SELECT c_invoice_id, day, settled_by, least(paid_from, owed) AS paid_from, least(paid_to, owed) AS paid_to FROM lasting
    UNION ALL
    SELECT c_invoice_id, NULL, NULL, coalesce(settled, 0), owed
    FROM document LEFT JOIN (SELECT c_invoice_id, sum(settled) AS settled FROM settlement GROUP BY c_invoice_id) AS s
        USING (c_invoice_id)
    WHERE coalesce(settled, 0) < owed
), instalment AS (
    -- the stretch of the total that each instalment is; the first and the last to be due take what lies outside
    SELECT s.*, CASE WHEN place = 1 THEN '-Infinity' ELSE due_before END AS due_from,
           CASE WHEN place = instalments THEN 'Infinity' ELSE due_after END AS due_to
    FROM (SELECT document.*, schedule.c_invoicepayschedule_id,
                 coalesce(schedule.duedate::date, document.due_date) AS due_on,
                 row_number() OVER (PARTITION BY document.c_invoice_id ORDER BY schedule.c_invoicepayschedule_id) AS number,
                 row_number() OVER in_turn AS place, count(*) OVER (PARTITION BY document.c_invoice_id) AS instalments,
                 sum(schedule.dueamt) OVER in_turn - schedule.dueamt AS due_before,
                 sum(schedule.dueamt) OVER in_turn AS due_after
          FROM document LEFT JOIN c_invoicepayschedule AS schedule
              ON schedule.c_invoice_id = document.c_invoice_id AND schedule.isvalid = 'Y'
                  AND document.ispayschedulevalid = 'Y'
          WINDOW in_turn AS (PARTITION BY document.c_invoice_id ORDER BY schedule.duedate,
              schedule.c_invoicepayschedule_id ROWS UNBOUNDED PRECEDING)) AS s
), level AS (
    SELECT c_dunninglevel_id,
           row_number() OVER (PARTITION BY c_dunning_id ORDER BY daysafterdue, c_dunninglevel_id) AS level
    FROM c_dunninglevel WHERE isactive = 'Y'
), reminder AS (
    SELECT line.c_invoice_id AS invoice_id, coalesce(line.c_invoicepayschedule_id, 0) AS schedule_id,
           max(level.level) AS level, max(run.dunningdate)::date AS day
    FROM c_dunningrunline AS line
        JOIN c_dunningrunentry AS entry ON entry.c_dunningrunentry_id = line.c_dunningrunentry_id
        JOIN c_dunningrun AS run ON run.c_dunningrun_id = entry.c_dunningrun_id
        JOIN level ON level.c_dunninglevel_id = entry.c_dunninglevel_id
    WHERE line.processed = 'Y' AND line.isactive = 'Y' AND line.c_invoice_id IS NOT NULL
    GROUP BY line.c_invoice_id, coalesce(line.c_invoicepayschedule_id, 0)
), item AS (
    SELECT c_bpartner_id, concat(documentno, '#', c_invoice_id, '/' || nullif(number, 1)) AS invoice_id, dateinvoiced,
           due_on AS due_date, step.day, CASE WHEN sign < 0 THEN 'credit' ELSE step.settled_by END AS settled_by,
           isindispute, dunninggrace, reminder.level, reminder.day AS reminded,
           -- Differences of rounded totals: whatever the rounding, they add up.
           sign * (round(part_to * base_total / total, decimals) - round(part_from * base_total / total, decimals)) AS amount
    FROM step JOIN instalment USING (c_invoice_id)
        CROSS JOIN LATERAL (
            SELECT least(greatest(step.paid_from, instalment.due_from), instalment.due_to) AS part_from,
                   least(greatest(step.paid_to, instalment.due_from), instalment.due_to) AS part_to) AS part
        LEFT JOIN reminder ON reminder.invoice_id = c_invoice_id
                           AND reminder.schedule_id = coalesce(instalment.c_invoicepayschedule_id, 0)
    WHERE part_from <> part_to
), overpaid AS (
    SELECT c_bpartner_id, concat(documentno, '#', c_invoice_id, '/overpaid') AS invoice_id,
           greatest(day, document.dateinvoiced) AS day, CASE WHEN settled_by = 'credit' THEN 'credit' END AS settled_by,
           -sign * (round(paid_to * base_total / total, decimals)
                    - round(greatest(paid_from, document.owed) * base_total / total, decimals)) AS amount
    FROM lasting JOIN document USING (c_invoice_id) WHERE paid_to > document.owed
), unallocated AS (
    SELECT payment.c_bpartner_id, concat(payment.documentno, '#P', payment.c_payment_id) AS invoice_id,
           payment.datetrx::date AS day, :nettable AS nettable,
           CASE WHEN payment.c_currency_id = base.c_currency_id THEN -rest
                ELSE receivables_source.convert(-rest, payment.c_currency_id, base.c_currency_id, payment.dateacct,
                    payment.c_conversiontype_id,
                                     payment.ad_client_id, payment.ad_org_id) END AS amount
    FROM base CROSS JOIN c_payment AS payment
        CROSS JOIN LATERAL (
            SELECT payment.payamt - coalesce(sum(CASE
                WHEN header.c_currency_id = payment.c_currency_id THEN line.amount
                ELSE receivables_source.convert(line.amount, header.c_currency_id, payment.c_currency_id, header.datetrx,
                    NULL,
                                     header.ad_client_id, header.ad_org_id) END), 0) AS rest
            FROM c_allocationline AS line
                JOIN c_allocationhdr AS header ON header.c_allocationhdr_id = line.c_allocationhdr_id
            WHERE line.c_payment_id = payment.c_payment_id AND header.isactive = 'Y'
                AND header.docstatus IN ('CO', 'CL')) AS r
    WHERE payment.ad_client_id = :client AND payment.isreceipt = 'Y' AND payment.docstatus IN ('CO', 'CL')
          AND payment.isallocated = 'N' AND payment.c_charge_id IS NULL AND rest <> 0
), listed AS (
    SELECT item.*, true AS nettable FROM item WHERE amount IS DISTINCT FROM 0
    UNION ALL
    SELECT c_bpartner_id, invoice_id, day, day, NULL, settled_by, 'N', NULL, NULL, NULL, amount, true
    FROM overpaid WHERE amount IS DISTINCT FROM 0
    UNION ALL
    SELECT c_bpartner_id, invoice_id, day, day, NULL, NULL, 'N', NULL, NULL, NULL, amount, nettable FROM unallocated
), country AS (
    SELECT DISTINCT ON (place.c_bpartner_id) place.c_bpartner_id, country.countrycode
    FROM c_bpartner_location AS place JOIN c_location AS location ON location.c_location_id = place.c_location_id
        JOIN c_country AS country ON country.c_country_id = location.c_country_id
    WHERE place.isactive = 'Y'
    ORDER BY place.c_bpartner_id, place.isbillto DESC, place.c_bpartner_location_id
)
SELECT customer.c_bpartner_id::text AS customer_id,
       listed.invoice_id,
       listed.dateinvoiced AS invoice_date,
       listed.due_date,
       listed.day AS paid_date,
       listed.amount,
       CASE WHEN listed.day IS NULL THEN listed.amount ELSE 0 END AS open_amount,
       base.iso_code::text AS currency,
       listed.isindispute = 'Y' AS disputed,
       listed.settled_by,
       jsonb_strip_nulls(jsonb_build_object(
           'name', customer.name, 'key', customer.value, 'group', customer_group.name, 'country', country.countrycode,
           'sector', customer.naics, 'rating', customer.rating, 'credit_limit', nullif(customer.so_creditlimit, 0),
           'credit_status', customer.socreditstatus, 'language', customer.ad_language)) AS attributes,
       listed.level::integer AS last_level,
       listed.reminded AS last_reminder_date,
       (greatest(listed.dunninggrace, customer.dunninggrace::date) + 1) AS not_before,
       listed.nettable,
       customer.name::text AS customer_name
FROM base CROSS JOIN listed
    JOIN c_bpartner AS customer ON customer.c_bpartner_id = listed.c_bpartner_id
    LEFT JOIN c_bp_group AS customer_group ON customer_group.c_bp_group_id = customer.c_bp_group_id
    LEFT JOIN country ON country.c_bpartner_id = customer.c_bpartner_id;

COMMENT ON VIEW receivables_source.:"view" IS
    'invoices to customers of iDempiere as a source of receivables: one row for each part of an instalment that was '
    'settled, and one for what is open';
COMMENT ON COLUMN receivables_source.:"view".customer_id IS 'business partner (C_BPartner_ID)';
COMMENT ON COLUMN receivables_source.:"view".invoice_id IS
    'document number and C_Invoice_ID, because numbers can repeat between document types and organizations; /2, /3, ... '
    'is added for further instalments, as they were made; /overpaid: what was settled beyond the total; #P: a payment';
COMMENT ON COLUMN receivables_source.:"view".invoice_date IS 'date invoiced';
COMMENT ON COLUMN receivables_source.:"view".due_date IS
    'due date of the instalment; without a schedule by the payment term';
COMMENT ON COLUMN receivables_source.:"view".paid_date IS
    'transaction date of the payment, or of the allocation where there is none; NULL: open';
COMMENT ON COLUMN receivables_source.:"view".amount IS
    'amount of this part, in the currency of the accounting schema; credits are negative; NULL: no rate of conversion';
COMMENT ON COLUMN receivables_source.:"view".open_amount IS 'amount where it is open, else 0';
COMMENT ON COLUMN receivables_source.:"view".currency IS 'currency of the accounting schema, in which the amounts are';
COMMENT ON COLUMN receivables_source.:"view".disputed IS 'the invoice is in dispute';
COMMENT ON COLUMN receivables_source.:"view".settled_by IS
    'payment, credit (another invoice or credit memo) or write_off (also against a charge); of a credit '
    'memo credit also where it is open; NULL: open';
COMMENT ON COLUMN receivables_source.:"view".attributes IS
    'name, key, group, country, sector, rating, credit_limit, credit_status, language of the customer';
COMMENT ON COLUMN receivables_source.:"view".last_level IS
    'highest dunning level of processed dunning runs, counted within its dunning; NULL: none';
COMMENT ON COLUMN receivables_source.:"view".last_reminder_date IS 'date of the last of these runs; NULL: none';
COMMENT ON COLUMN receivables_source.:"view".not_before IS
    'day after the dunning grace date of invoice or customer; NULL: none';
COMMENT ON COLUMN receivables_source.:"view".nettable IS
    'false: a prepayment of an order or project, not to be netted with other invoices';
COMMENT ON COLUMN receivables_source.:"view".customer_name IS 'name of the customer';

COMMIT;
