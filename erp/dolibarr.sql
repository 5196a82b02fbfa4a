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
-- count twice, in the deposit and in the final invoice. It belongs to its order: not to be netted with others.
-- A rejected cheque or direct debit is a negative payment: it takes away a payment, the latest one of its amount,
-- else the latest; then neither of them is left. What was paid beyond the total is an open credit of its own,
-- number + '/overpaid', also where it was turned into a credit.
-- Invoices that were replaced are left out, the replacement is in. Abandoned ones are written off on the day
-- of closing, and so is what an invoice still lacked when it was classified as paid; but what the bank kept as its
-- charge, or the customer as a withholding tax, belongs to the payment.
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
WITH document AS NOT MATERIALIZED (
    -- owed is the total, counted away from zero, as all amounts are until the end
    SELECT rowid AS id, type, sign(total_ttc) AS sign, abs(round(total_ttc, :decimals)) AS owed, datef,
           fk_statut IN (2, 3) AS is_closed, coalesce(date_closing::date, tms::date) AS closed_on,
           -- What the bank or the tax office kept of a payment was paid as well.
           coalesce(close_code IN ('bankcharge', 'withholdingtax'), false) AS is_kept
    FROM llx_facture WHERE total_ttc <> 0
), credit AS MATERIALIZED (
    -- consumed: by an invoice as a means of payment, or by one of its lines, which lowered its total
    SELECT credit.rowid AS place, credit.fk_facture AS invoice_id, credit.fk_facture_source AS source_id, source.type AS source_type,
           round(credit.amount_ttc, :decimals) AS amount,
           CASE WHEN consumer.rowid IS NOT NULL THEN greatest(credit.datec::date, consumer.datef) END AS day
    FROM llx_societe_remise_except AS credit
        JOIN llx_facture AS source ON source.rowid = credit.fk_facture_source
        LEFT JOIN llx_facturedet AS line ON line.rowid = credit.fk_facture_line
        LEFT JOIN llx_facture AS consumer ON consumer.rowid = coalesce(credit.fk_facture, line.fk_facture)
), settlement AS MATERIALIZED (
    SELECT id, owed, datef, place, day, sign * round(amount, :decimals) AS settled, settled_by
    FROM document JOIN (
        SELECT link.fk_facture AS id, link.rowid AS place, paid.datep::date AS day, link.amount, 'payment' AS settled_by
        FROM llx_paiement_facture AS link JOIN llx_paiement AS paid ON paid.rowid = link.fk_paiement
        UNION ALL
        SELECT invoice_id, -place, day, amount, 'credit' FROM credit WHERE invoice_id IS NOT NULL
        UNION ALL
        -- what a credit note gave is settled where it is consumed
        SELECT source_id, -place, day, -amount, 'credit' FROM credit WHERE source_type = 2 AND day IS NOT NULL) AS s USING (id)
    WHERE amount <> 0
), undone AS (
    -- what a negative payment takes back: the latest one of its amount that was there before
    SELECT DISTINCT ON (back.id, back.place) back.id, back.place, given.day AS given_day, given.place AS given_place
    FROM settlement AS back
        JOIN settlement AS given ON given.id = back.id AND given.settled = -back.settled AND given.day <= back.day
    WHERE back.settled < 0
    ORDER BY back.id, back.place, (given.day, given.place) < (back.day, back.place) DESC, given.day DESC, given.place DESC
), turn AS (
    SELECT settlement.*, row_number() OVER (PARTITION BY id ORDER BY coalesce(given_day, day),
               settled < 0 AND given_day IS NULL, coalesce(given_place, place), settled < 0, place) AS turn
    FROM settlement LEFT JOIN undone USING (id, place)
), paid AS (
    -- What is paid goes up and down. Of a payment stays what is above every later low: what comes back takes the
    -- latest money before it. What comes back from below 0 was never paid: it is owed on top.
    SELECT turn.*, sum(settled) OVER so_far - settled AS before, sum(settled) OVER so_far AS after
    FROM turn WINDOW so_far AS (PARTITION BY id ORDER BY turn ROWS UNBOUNDED PRECEDING)
), lasting AS (
    SELECT id, owed, datef, day, settled_by, CASE WHEN settled > 0 THEN before ELSE low_before END AS paid_from,
           CASE WHEN settled > 0 THEN low_after ELSE least(after, low_before) END AS paid_to
    FROM (SELECT paid.*, least(0, min(after) OVER (turns ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)) AS low_before,
                 min(after) OVER (turns ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) AS low_after
          FROM paid WINDOW turns AS (PARTITION BY id ORDER BY turn)) AS p
    WHERE CASE WHEN settled > 0 THEN low_after > before ELSE after < low_before END
), part AS (
    SELECT id, day, settled_by, least(paid_to, owed) - least(paid_from, owed) AS amount FROM lasting
), rest AS (
    -- free: credits of a credit note that nothing has consumed yet
    SELECT document.*, last_payment, coalesce(free, 0) AS free, owed - coalesce(p.amount, 0) - coalesce(free, 0) AS amount
    FROM document
        LEFT JOIN (SELECT id, sum(amount) AS amount, max(day) FILTER (WHERE settled_by = 'payment') AS last_payment
                   FROM part GROUP BY id) AS p USING (id)
        LEFT JOIN (SELECT source_id AS id, sum(amount) AS free FROM credit WHERE source_type = 2 AND day IS NULL
                   GROUP BY source_id) AS f USING (id)
), overpaid AS MATERIALIZED (
    -- what was paid beyond the total, since when
    SELECT id, greatest(day, datef) AS since, settled_by, greatest(paid_from, owed) - owed AS starts, paid_to - owed AS ends
    FROM lasting WHERE paid_to > owed
), given_on AS (
    -- credits out of that which other invoices have consumed
    SELECT source_id AS id, day, amount, sum(amount) OVER (PARTITION BY source_id) AS together, since, coalesce(ends, 0) AS ends
    FROM credit LEFT JOIN (SELECT id AS source_id, min(since) AS since, max(ends) AS ends FROM overpaid GROUP BY id) AS o USING (source_id)
    WHERE source_type NOT IN (2, 3) AND day IS NOT NULL
), item AS (
    SELECT id, '' AS suffix, NULL::date AS since, day, settled_by, amount FROM part
    UNION ALL
    SELECT id, '', NULL, CASE WHEN is_kept THEN coalesce(last_payment, closed_on) ELSE closed_on END,
           CASE WHEN is_kept THEN 'payment' ELSE 'write_off' END, amount
    FROM rest WHERE is_closed AND amount > 0
    UNION ALL
    SELECT id, '', NULL, NULL, NULL, free + CASE WHEN is_closed AND amount > 0 THEN 0 ELSE amount END FROM rest
    UNION ALL
    SELECT id, '/overpaid', coalesce(since, day), day, 'payment', -amount FROM given_on
    UNION ALL
    SELECT id, '/overpaid', since, NULL, CASE WHEN settled_by = 'credit' THEN 'credit' END,
           greatest(starts, coalesce(together, 0)) - greatest(ends, coalesce(together, 0))
    FROM overpaid LEFT JOIN (SELECT DISTINCT id, together FROM given_on) AS g USING (id)
    UNION ALL
    SELECT DISTINCT id, '/overpaid', since, NULL::date, NULL, together - ends FROM given_on WHERE together > ends
    UNION ALL
    SELECT source_id, '/credit', NULL, day, CASE WHEN day IS NOT NULL THEN 'credit' END, -sum(amount)
    FROM credit WHERE source_type = 3 GROUP BY source_id, day, CASE WHEN day IS NOT NULL THEN place END
)
SELECT customer.rowid::text AS customer_id,
       invoice.ref || item.suffix AS invoice_id,
       coalesce(item.since, invoice.datef) AS invoice_date,
       coalesce(item.since, invoice.date_lim_reglement, invoice.datef) AS due_date,
       item.day AS paid_date,
       signed.amount,
       CASE WHEN item.day IS NULL THEN signed.amount ELSE 0 END AS open_amount,
       :disputed AS disputed,
       CASE WHEN signed.amount < 0 AND invoice.total_ttc < 0 THEN 'credit' ELSE item.settled_by END AS settled_by,
       jsonb_strip_nulls(jsonb_build_object(
           'name', customer.nom, 'code', customer.code_client, 'country', country.code,
           'credit_limit', customer.outstanding_limit, 'sector', customer.ape, 'kind', kind.code,
           'language', customer.default_lang, 'email', customer.email)) AS attributes,
       item.suffix <> '/credit' AS nettable,
       customer.nom::text AS customer_name
FROM item
    JOIN llx_facture AS invoice ON invoice.rowid = item.id
    CROSS JOIN LATERAL (SELECT sign(invoice.total_ttc) * item.amount AS amount) AS signed
    JOIN llx_societe AS customer ON customer.rowid = invoice.fk_soc
    LEFT JOIN llx_c_country AS country ON country.rowid = customer.fk_pays
    LEFT JOIN llx_c_typent AS kind ON kind.id = customer.fk_typent
WHERE item.amount <> 0 AND invoice.entity = :entity AND invoice.fk_statut > 0 AND invoice.type IN (0, 1, 2, 3, 5)
      AND invoice.close_code IS DISTINCT FROM 'replaced';

COMMENT ON VIEW receivables_source.:"view" IS
    'customer invoices of Dolibarr as a source of receivables: one row for each settlement of an invoice, and one for '
    'what is open';
COMMENT ON COLUMN receivables_source.:"view".customer_id IS 'third party (llx_societe.rowid)';
COMMENT ON COLUMN receivables_source.:"view".invoice_id IS
    'reference of the invoice; with /credit: the credit that a deposit was turned into; with /overpaid: what was paid '
    'beyond its total';
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
    'of a credit note credit also where it is open; NULL: open';
COMMENT ON COLUMN receivables_source.:"view".attributes IS
    'name, code, country, credit_limit, sector, kind, language, email of the customer';
COMMENT ON COLUMN receivables_source.:"view".nettable IS
    'false: the credit of a deposit, not to be netted with other invoices';
COMMENT ON COLUMN receivables_source.:"view".customer_name IS 'name of the customer';

COMMIT;
