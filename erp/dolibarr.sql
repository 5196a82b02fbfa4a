-- Dolibarr on PostgreSQL (columns of 11 and later) as a source of receivables.
--
--     psql -d DATABASE -f erp/dolibarr.sql
--     psql -d DATABASE -v entity=2 -v decimals=3 -v view=item_2 -f erp/dolibarr.sql
--
-- entity    number of the company (module multicompany); default 1
-- decimals  of the amounts, as MAIN_MAX_DECIMALS_TOT has them; default 2
-- view      name of the view in the schema receivables_source; default item
--
-- Item: a customer invoice that is not a draft, cut up by its payments, by the credits that it consumed
-- (llx_societe_remise_except) and by what closing it gave up. Dolibarr has one due date an invoice.
-- A credit has no day of consumption: taken is the later one of the credit's creation and the date of the
-- invoice that consumed it. Credits count as settled_by 'credit', those of a deposit too: the payment of the
-- deposit is in the items already. A deposit that was turned into a credit gives, beside its invoice, an
-- item of its own, number + '/credit', with the negative amount: without it the sales of the deposit would
-- count twice, in the deposit and in the final invoice.
-- Invoices that were replaced are left out, the replacement is in. Abandoned ones are written off on the day
-- of closing, and so is what an invoice still lacked when it was classified as paid.
-- Disputed: dispute_status, where the column exists (in newer versions). Else nothing is disputed.
-- There is no dunning level; record_reminder keeps what was sent.
-- The prefix of the tables is llx_: another one is a matter of search and replace in this file.
\set ON_ERROR_STOP on
\if :{?view}
\else
\set view item
\endif
\if :{?entity}
\else
\set entity 1
\endif
\if :{?decimals}
\else
\set decimals 2
\endif
SELECT EXISTS (SELECT FROM pg_attribute WHERE attrelid = 'llx_facture'::regclass AND attname = 'dispute_status'
               AND NOT attisdropped) AS has_dispute \gset
\if :has_dispute
\set disputed 'coalesce(invoice.dispute_status, 0) <> 0'
\else
\set disputed false
\endif

BEGIN;

CREATE SCHEMA IF NOT EXISTS receivables_source;
COMMENT ON SCHEMA receivables_source IS 'What receivables reads of this ERP; nothing of the ERP depends on it';

CREATE OR REPLACE VIEW receivables_source.:"view" WITH (security_invoker = true) AS
WITH payment AS MATERIALIZED (
    SELECT link.fk_facture AS invoice_id, paid.datep::date AS day, link.amount
    FROM llx_paiement_facture AS link JOIN llx_paiement AS paid ON paid.rowid = link.fk_paiement
), credit AS MATERIALIZED (
    -- consumed: by an invoice as a means of payment, or by one of its lines, which lowered its total
    SELECT credit.fk_facture AS invoice_id, credit.fk_facture_source AS source_id, source.type AS source_type,
           credit.amount_ttc AS amount,
           CASE WHEN consumer.rowid IS NOT NULL THEN greatest(credit.datec::date, consumer.datef) END AS day
    FROM llx_societe_remise_except AS credit
        JOIN llx_facture AS source ON source.rowid = credit.fk_facture_source
        LEFT JOIN llx_facturedet AS line ON line.rowid = credit.fk_facture_line
        LEFT JOIN llx_facture AS consumer ON consumer.rowid = coalesce(credit.fk_facture, line.fk_facture)
), settlement AS (
    SELECT invoice_id, day, amount, 'payment' AS settled_by FROM payment
    UNION ALL
    SELECT invoice_id, day, amount, 'credit' FROM credit WHERE invoice_id IS NOT NULL
    UNION ALL
    -- what became a credit of the customer is settled where that is consumed, and open until then
    SELECT source_id, day, -amount, 'credit' FROM credit WHERE source_type <> 3
), settled AS (
    SELECT invoice_id, sum(round(amount, :decimals)) AS amount FROM settlement GROUP BY invoice_id
), part AS (
    SELECT invoice_id, day, round(amount, :decimals) AS amount,
           CASE WHEN day IS NOT NULL THEN settled_by END AS settled_by, '' AS suffix
    FROM settlement
    UNION ALL
    SELECT source_id, day, -round(amount, :decimals), CASE WHEN day IS NOT NULL THEN 'credit' END, '/credit'
    FROM credit WHERE source_type = 3
    UNION ALL
    SELECT invoice.rowid,
           CASE WHEN given_up THEN coalesce(invoice.date_closing::date, invoice.tms::date) END, rest,
           CASE WHEN given_up THEN 'write_off' END, ''
    FROM llx_facture AS invoice
        LEFT JOIN settled ON settled.invoice_id = invoice.rowid
        CROSS JOIN LATERAL (SELECT round(invoice.total_ttc, :decimals) - coalesce(settled.amount, 0) AS rest) AS r
        CROSS JOIN LATERAL (SELECT invoice.fk_statut IN (2, 3) AND rest * invoice.total_ttc > 0 AS given_up) AS g
    WHERE rest <> 0
), item AS (
    -- A credit that is not consumed yet and the rest of its document are one open item.
    SELECT invoice_id, suffix, day, settled_by, amount FROM part WHERE day IS NOT NULL
    UNION ALL
    SELECT invoice_id, suffix, NULL, NULL, sum(amount)
    FROM part WHERE day IS NULL GROUP BY invoice_id, suffix HAVING sum(amount) <> 0
)
SELECT customer.rowid::text AS customer_id,
       invoice.ref || item.suffix AS invoice_id,
       invoice.datef AS invoice_date,
       coalesce(invoice.date_lim_reglement, invoice.datef) AS due_date,
       item.day AS paid_date,
       item.amount,
       CASE WHEN item.day IS NULL THEN item.amount ELSE 0 END AS open_amount,
       :disputed AS disputed,
       item.settled_by,
       jsonb_strip_nulls(jsonb_build_object(
           'name', customer.nom, 'code', customer.code_client, 'country', country.code,
           'credit_limit', customer.outstanding_limit, 'sector', customer.ape, 'kind', kind.code,
           'language', customer.default_lang, 'email', customer.email)) AS attributes
FROM item
    JOIN llx_facture AS invoice ON invoice.rowid = item.invoice_id
    JOIN llx_societe AS customer ON customer.rowid = invoice.fk_soc
    LEFT JOIN llx_c_country AS country ON country.rowid = customer.fk_pays
    LEFT JOIN llx_c_typent AS kind ON kind.id = customer.fk_typent
WHERE invoice.entity = :entity AND invoice.fk_statut > 0 AND invoice.type IN (0, 1, 2, 3, 5)
      AND invoice.close_code IS DISTINCT FROM 'replaced';

COMMENT ON VIEW receivables_source.:"view" IS
    'customer invoices of Dolibarr as a source of receivables: one row for each settlement of an invoice, and one for '
    'what is open';
COMMENT ON COLUMN receivables_source.:"view".customer_id IS 'third party (llx_societe.rowid)';
COMMENT ON COLUMN receivables_source.:"view".invoice_id IS
    'reference of the invoice; with /credit: the credit that a deposit was turned into';
COMMENT ON COLUMN receivables_source.:"view".invoice_date IS 'invoice date';
COMMENT ON COLUMN receivables_source.:"view".due_date IS 'payment limit date; the invoice date where there is none';
COMMENT ON COLUMN receivables_source.:"view".paid_date IS
    'payment date, day on which a credit was consumed, or day of closing; NULL: open';
COMMENT ON COLUMN receivables_source.:"view".amount IS
    'amount of this part with taxes, in the main currency; credits are negative';
COMMENT ON COLUMN receivables_source.:"view".open_amount IS 'amount where it is open, else 0';
COMMENT ON COLUMN receivables_source.:"view".disputed IS 'marked as disputed, in versions that have dispute_status';
COMMENT ON COLUMN receivables_source.:"view".settled_by IS
    'payment, credit (credit note, deposit, excess of another invoice) or write_off (abandoned, or closed with less); '
    'NULL: open';
COMMENT ON COLUMN receivables_source.:"view".attributes IS
    'name, code, country, credit_limit, sector, kind, language, email of the customer';

COMMIT;
