-- The items of LedgerSMB's receivables, as receivables reads them.
--
--     psql -v ON_ERROR_STOP=1 -1 -f erp/ledgersmb.sql -d DATABASE       DROP SCHEMA receivables_source CASCADE undoes it
--
-- Tested with LedgerSMB 1.6. Its tables are found by the search path of the session that runs this file.
--
-- What is an item: each approved AR transaction, sales invoice and credit note (there are no instalments: one due
-- date a document), and what is left of an overpayment: an open credit. Drafts and unapproved vouchers are none.
--
-- What settles it: the postings to its receivable account, day by day, in base currency, at the rate of the
-- document; so a changed rate leaves no rest. A reversed payment is taken off again: the posting with the same
-- source before it, else one of the same amount, else the latest before it; then neither of them is left. What was
-- paid beyond the total is an open credit of its own, number + '/overpaid'. A credit note is used by paying it in one payment, or one batch voucher,
-- with invoices: as far as it reaches they are settled by credit, the rest by payment. Discounts for early
-- payment are written off, and so is what was open when a document was closed by hand (force_closed): the day of
-- that is not kept, so it counts as the day of the last posting.
--
-- In dispute: the document is on hold. LedgerSMB has no dunning levels: register a policy and record what goes out.
CREATE SCHEMA receivables_source;
COMMENT ON SCHEMA receivables_source IS 'What receivables reads of this ERP; nothing of the ERP depends on it';

-- Every day's change of a document's receivable, apart by the payment or voucher it came with, else by its source.
-- The document's own posting, which has the opposite sign of what settles it, is taken out.
CREATE VIEW receivables_source.movement WITH (security_invoker = true) AS
WITH posting AS (
    SELECT a.id AS document, p.transdate AS paid_date, CASE WHEN own THEN NULL ELSE p.source END AS source,
        CASE WHEN own THEN NULL ELSE coalesce('payment ' || l.payment_id, 'voucher ' || p.voucher_id) END AS together,
        CASE k.description WHEN 'AR' THEN sign(a.amount) * p.amount ELSE 0 END AS settled,
        CASE k.description WHEN 'AR' THEN 0 ELSE -sign(a.amount) * p.amount END AS discount
    FROM ar a
        JOIN acc_trans p ON p.trans_id = a.id AND p.approved
        JOIN account_link k ON k.account_id = p.chart_id AND k.description IN ('AR', 'AR_discount')
        -- The payment that made the entry; type 0 names the overpayment that its money came from.
        LEFT JOIN payment_links l ON l.entry_id = p.entry_id AND l.type = 1
        CROSS JOIN LATERAL (SELECT p.transdate = a.transdate AND sign(a.amount) * p.amount < 0 AS own) AS o
    WHERE a.approved AND a.amount <> 0
    UNION ALL
    SELECT id, transdate, NULL, NULL, abs(amount), 0 FROM ar WHERE approved AND amount <> 0
)
SELECT document, paid_date, together, max(source) AS source, sum(settled) AS settled, sum(discount) AS discount
FROM posting
GROUP BY document, paid_date, together, CASE WHEN together IS NULL THEN source END
HAVING sum(settled) <> 0;
COMMENT ON VIEW receivables_source.movement IS
    'What settled each document, by day and payment or source, in base currency; negative: a payment that was reversed';

CREATE VIEW receivables_source.item WITH (security_invoker = true) AS
WITH movement AS MATERIALIZED (
    SELECT *, row_number() OVER (PARTITION BY document ORDER BY paid_date, together, source) AS place
    FROM receivables_source.movement
), undone AS (
    -- What a reversal takes back: the latest payment of its source, else of its amount.
    SELECT DISTINCT ON (back.document, back.place) back.document, back.place, given.paid_date AS given_date, given.place AS given_place
    FROM movement back JOIN movement given ON given.document = back.document AND given.settled > 0
        AND given.paid_date <= back.paid_date AND (given.source = back.source OR given.settled = -back.settled)
    WHERE back.settled < 0
    ORDER BY back.document, back.place, given.source = back.source DESC NULLS LAST, given.paid_date < back.paid_date DESC,
        given.paid_date DESC, given.place DESC
), turn AS (
    SELECT m.*, row_number() OVER (PARTITION BY document ORDER BY coalesce(given_date, paid_date),
        settled < 0 AND given_date IS NULL, coalesce(given_place, place), settled < 0, place) AS turn
    FROM movement m LEFT JOIN undone USING (document, place)
), paid AS (
    -- What is paid goes up and down. Of a payment stays what is above every later low: what comes back takes the
    -- latest money before it. What comes back from below 0 was never paid: it is owed on top.
    SELECT turn.*, sum(settled) OVER so_far - settled AS before, sum(settled) OVER so_far AS after
    FROM turn WINDOW so_far AS (PARTITION BY document ORDER BY turn ROWS UNBOUNDED PRECEDING)
), lasting AS (
    SELECT document, paid_date, together, discount, CASE WHEN settled > 0 THEN before ELSE low_before END AS paid_from,
        CASE WHEN settled > 0 THEN low_after ELSE least(after, low_before) END AS paid_to
    FROM (SELECT paid.*, least(0, min(after) OVER (turns ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)) AS low_before,
              min(after) OVER (turns ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) AS low_after
          FROM paid WINDOW turns AS (PARTITION BY document ORDER BY turn)) AS p
    WHERE CASE WHEN settled > 0 THEN low_after > before ELSE after < low_before END
), kept AS (
    SELECT c.document, c.paid_date, c.together, c.discount, a.amount > 0 AS is_debt, a.duedate,
        least(paid_to, abs(a.amount)) - least(paid_from, abs(a.amount)) AS settled,
        greatest(paid_to, abs(a.amount)) - greatest(paid_from, abs(a.amount)) AS overpaid
    FROM lasting c JOIN ar a ON a.id = c.document
), netted AS (
    -- What one payment settles of invoices and of credit notes evens out as far as both reach.
    SELECT *, CASE WHEN together IS NULL THEN 0 ELSE least(
            coalesce(sum(settled) FILTER (WHERE is_debt) OVER (PARTITION BY together), 0),
            coalesce(sum(settled) FILTER (WHERE NOT is_debt) OVER (PARTITION BY together), 0)) END AS by_credit,
        sum(settled) OVER (PARTITION BY together, is_debt ORDER BY duedate, document, paid_date) AS reaches
    FROM kept
), split AS (
    SELECT document, paid_date, settled, discount, greatest(0, least(reaches, by_credit) - (reaches - settled)) AS credit
    FROM netted
), part AS (
    SELECT document, paid_date, settled_by, sum(amount) AS amount
    FROM split, LATERAL (SELECT greatest(0, least(discount, settled - credit)) AS off) AS o, LATERAL (VALUES ('credit', credit), ('write_off', off), ('payment', settled - credit - off)) AS v(settled_by, amount)
    WHERE amount <> 0
    GROUP BY document, paid_date, settled_by
), rest AS (
    SELECT a.id AS document, CASE WHEN a.force_closed THEN coalesce(max(p.paid_date), a.transdate) END AS paid_date,
        CASE WHEN a.force_closed THEN 'write_off' END AS settled_by, abs(a.amount) - coalesce(sum(p.amount), 0) AS amount
    FROM ar a LEFT JOIN part p ON p.document = a.id
    WHERE a.approved AND a.amount <> 0
    GROUP BY a.id
    HAVING abs(a.amount) > coalesce(sum(p.amount), 0)
), named AS (
    SELECT *, coalesce(invnumber, 'ar,' || id) AS invoice_id FROM ar WHERE approved AND amount <> 0
), item AS (
    SELECT a.entity_credit_account AS customer, a.invoice_id, a.transdate AS invoice_date,
        coalesce(a.duedate, a.transdate) AS due_date, r.paid_date, sign(a.amount) * r.amount AS amount,
        coalesce(a.on_hold, false) AS on_hold, CASE WHEN a.amount < 0 THEN 'credit' ELSE r.settled_by END AS settled_by
    FROM (SELECT * FROM part UNION ALL SELECT document, paid_date, settled_by, amount FROM rest) AS r
        JOIN named a ON a.id = r.document
    UNION ALL
    SELECT a.entity_credit_account, a.invoice_id || '/overpaid', greatest(k.paid_date, a.transdate), greatest(k.paid_date, a.transdate),
        CASE WHEN a.force_closed THEN k.paid_date END, -sign(a.amount) * k.overpaid, coalesce(a.on_hold, false),
        CASE WHEN a.force_closed THEN 'write_off' END
    FROM kept k JOIN named a ON a.id = k.document
    WHERE k.overpaid > 0
    UNION ALL
    SELECT customer, 'payment ' || reference || CASE WHEN row_number() OVER (PARTITION BY reference ORDER BY id) > 1
        THEN ' (payment,' || id || ')' ELSE '' END, payment_date, payment_date, NULL, -amount, false, NULL
    FROM (SELECT p.id, p.reference, p.entity_credit_id AS customer, p.payment_date, sum(e.amount) AS amount
        FROM payment p
            JOIN payment_links l ON l.payment_id = p.id AND l.type IN (0, 2)
            JOIN acc_trans e ON e.entry_id = l.entry_id AND e.approved
            JOIN account_link k ON k.account_id = e.chart_id AND k.description = 'AR_overpayment'
        WHERE p.payment_class = 2 AND p.gl_id IS NOT NULL
        GROUP BY p.id) AS p
    WHERE amount <> 0
)
SELECT i.customer::text AS customer_id,
    i.invoice_id,
    i.invoice_date,
    i.due_date,
    i.paid_date,
    i.amount,
    CASE WHEN i.paid_date IS NULL THEN i.amount ELSE 0 END AS open_amount,
    (SELECT split_part(value, ':', 1) FROM defaults WHERE setting_key = 'curr') AS currency,
    i.paid_date IS NULL AND i.on_hold AS disputed,
    i.on_hold AS was_disputed,
    i.settled_by,
    jsonb_strip_nulls(jsonb_build_object('name', e.name, 'number', c.meta_number, 'credit_limit', nullif(c.creditlimit, 0),
        'terms', c.terms, 'business', b.description)) AS attributes,
    e.name::text AS customer_name
FROM item i
    JOIN entity_credit_account c ON c.id = i.customer
    JOIN entity e ON e.id = c.entity_id
    LEFT JOIN business b ON b.id = c.business_id;

COMMENT ON VIEW receivables_source.item IS
    'Items of LedgerSMB''s receivables: a row for each part of a document that was settled, and one for its open rest; credits are negative';
COMMENT ON COLUMN receivables_source.item.customer_id IS 'entity_credit_account.id';
COMMENT ON COLUMN receivables_source.item.invoice_id IS
    'ar.invnumber; with /overpaid: what was paid beyond its total; of an unused overpayment the word payment and its reference';
COMMENT ON COLUMN receivables_source.item.invoice_date IS 'ar.transdate';
COMMENT ON COLUMN receivables_source.item.due_date IS 'ar.duedate; where it has none, the invoice date';
COMMENT ON COLUMN receivables_source.item.paid_date IS 'The day of the posting that settled the row; NULL: open';
COMMENT ON COLUMN receivables_source.item.amount IS 'In base currency; below 0 for credits, and for what was paid too much';
COMMENT ON COLUMN receivables_source.item.open_amount IS 'The amount of an open row, 0 of a settled one';
COMMENT ON COLUMN receivables_source.item.currency IS 'The base currency';
COMMENT ON COLUMN receivables_source.item.disputed IS 'Open and on hold';
COMMENT ON COLUMN receivables_source.item.was_disputed IS 'On hold, also if settled since';
COMMENT ON COLUMN receivables_source.item.settled_by IS
    'payment, credit or write_off (a discount, or closed by hand); of a credit note credit also where it is open; NULL: open';
COMMENT ON COLUMN receivables_source.item.attributes IS
    'Of the customer: name, number, credit_limit (none when 0), terms in days, business (its type)';
COMMENT ON COLUMN receivables_source.item.customer_name IS 'Name of the customer';
