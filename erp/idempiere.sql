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
-- fills them first in, first out, as the function invoiceOpen has it. The date is that of the payment, for
-- what invoices and credit memos settle among each other that of the allocation. Payments that are not fully
-- allocated appear as open credits.
-- Reversed and voided documents, and allocations of them, are left out.
-- Foreign currency: the total is converted as of the accounting date of the invoice, with its own rate where
-- the version has one; an amount is its share of that, so the parts add up. Without a rate it is NULL.
-- settled_by: the amount and the discount of an allocation line with a payment are a payment, without one a
-- credit; the write-off amount, and what is allocated together with a charge, is a write-off.
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
           s.sign * invoice.grandtotal AS total,
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
), settlement AS (
    SELECT line.c_invoice_id, coalesce(payment.datetrx, header.datetrx)::date AS day, line.c_allocationline_id AS place,
           share.settled_by,
           CASE WHEN header.c_currency_id = document.c_currency_id THEN share.amount
                ELSE receivables_source.convert(share.amount, header.c_currency_id, document.c_currency_id,
                    header.datetrx, NULL,
                                     header.ad_client_id, header.ad_org_id) END AS amount
    FROM c_allocationline AS line
        JOIN c_allocationhdr AS header ON header.c_allocationhdr_id = line.c_allocationhdr_id
        JOIN document ON document.c_invoice_id = line.c_invoice_id
        LEFT JOIN c_payment AS payment ON payment.c_payment_id = line.c_payment_id
        CROSS JOIN LATERAL (VALUES
            (line.amount + line.discountamt,
             CASE WHEN line.c_payment_id IS NOT NULL OR line.c_cashline_id IS NOT NULL THEN 'payment'
                  WHEN line.c_allocationhdr_id IN (SELECT c_allocationhdr_id FROM c_allocationline
                      WHERE c_charge_id IS NOT NULL) THEN 'write_off'
                  ELSE 'credit' END),
            (line.writeoffamt, 'write_off')) AS share (amount, settled_by)
    WHERE header.isactive = 'Y' AND header.docstatus IN ('CO', 'CL') AND share.amount <> 0
), paid AS (
    -- what was paid before and after each settlement, counted away from zero
    SELECT c_invoice_id, day, settled_by,
           sum(sign * amount) OVER so_far - sign * amount AS paid_from, sum(sign * amount) OVER so_far AS paid_to
    FROM settlement JOIN document USING (c_invoice_id), LATERAL (SELECT sign(document.total) AS sign) AS s
    WINDOW so_far AS (PARTITION BY c_invoice_id ORDER BY day, place, settled_by ROWS UNBOUNDED PRECEDING)
), rest AS (
    SELECT c_invoice_id, coalesce(sum(sign(document.total) * settlement.amount), 0) AS paid_to
    FROM document LEFT JOIN settlement USING (c_invoice_id) GROUP BY c_invoice_id
), step AS (
    SELECT c_invoice_id, day, settled_by, paid_from, paid_to FROM paid
    UNION ALL
    SELECT c_invoice_id, NULL, NULL, rest.paid_to, abs(document.total) FROM rest JOIN document USING (c_invoice_id)
), instalment AS (
    -- the stretch of the total that each instalment is; the first and the last one take what lies outside
    SELECT c_invoice_id, c_invoicepayschedule_id, due_date, number,
           CASE WHEN number = 1 THEN '-Infinity' ELSE due_from END AS due_from,
           CASE WHEN number = instalments THEN 'Infinity' ELSE due_to END AS due_to
    FROM (SELECT document.c_invoice_id, schedule.c_invoicepayschedule_id,
                 coalesce(schedule.duedate::date, document.due_date) AS due_date,
                 row_number() OVER in_turn AS number, count(*) OVER (PARTITION BY document.c_invoice_id) AS instalments,
                 sum(schedule.dueamt) OVER in_turn - schedule.dueamt AS due_from,
                 sum(schedule.dueamt) OVER in_turn AS due_to
          FROM document LEFT JOIN c_invoicepayschedule AS schedule
              ON schedule.c_invoice_id = document.c_invoice_id AND schedule.isvalid = 'Y'
                  AND document.ispayschedulevalid = 'Y'
          WINDOW in_turn AS (PARTITION BY document.c_invoice_id ORDER BY schedule.duedate,
              schedule.c_invoicepayschedule_id
                             ROWS UNBOUNDED PRECEDING)) AS s
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
    SELECT document.c_bpartner_id,
           concat(documentno, '#', c_invoice_id, '/' || nullif(instalment.number, 1)) AS invoice_id, dateinvoiced,
           instalment.due_date, step.day, step.settled_by, isindispute, dunninggrace, reminder.level,
           reminder.day AS reminded,
           -- Differences of rounded totals: whatever the rounding, they add up.
           sign(total) * (round(part_to * base_total / total, decimals)
                          - round(part_from * base_total / total, decimals)) AS amount
    FROM step JOIN document USING (c_invoice_id) JOIN instalment USING (c_invoice_id)
        CROSS JOIN LATERAL (
            SELECT least(greatest(step.paid_from, instalment.due_from), instalment.due_to) AS part_from,
                   least(greatest(step.paid_to, instalment.due_from), instalment.due_to) AS part_to) AS part
        LEFT JOIN reminder ON reminder.invoice_id = c_invoice_id
                           AND reminder.schedule_id = coalesce(instalment.c_invoicepayschedule_id, 0)
    WHERE part_from <> part_to
), unallocated AS (
    SELECT payment.c_bpartner_id, concat(payment.documentno, '#P', payment.c_payment_id) AS invoice_id,
           payment.datetrx::date AS day,
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
    SELECT * FROM item WHERE amount IS DISTINCT FROM 0
    UNION ALL
    SELECT c_bpartner_id, invoice_id, day, day, NULL, NULL, 'N', NULL, NULL, NULL, amount FROM unallocated
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
       (greatest(listed.dunninggrace, customer.dunninggrace::date) + 1) AS not_before
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
    'is added for further instalments; #P: a payment';
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
    'payment, credit (another invoice or credit memo) or write_off (also against a charge); NULL: open';
COMMENT ON COLUMN receivables_source.:"view".attributes IS
    'name, key, group, country, sector, rating, credit_limit, credit_status, language of the customer';
COMMENT ON COLUMN receivables_source.:"view".last_level IS
    'highest dunning level of processed dunning runs, counted within its dunning; NULL: none';
COMMENT ON COLUMN receivables_source.:"view".last_reminder_date IS 'date of the last of these runs; NULL: none';
COMMENT ON COLUMN receivables_source.:"view".not_before IS
    'day after the dunning grace date of invoice or customer; NULL: none';

COMMIT;
