-- The items of Tryton's receivables, as receivables reads them.
--
--     psql -v ON_ERROR_STOP=1 -1 -f erp/tryton.sql -d DATABASE          DROP SCHEMA receivables_source CASCADE undoes it
--
-- Tested with Tryton 6.0 (modules account, account_invoice, account_dunning, account_dunning_fee). The day of
-- a dunning comes from account_dunning.date where that column exists, as it does from 6.2 on. Without the module
-- account_dunning there are no levels and no disputes.
--
-- What is an item:
-- * each instalment of a posted customer invoice, and each credit note;
-- * a line with a maturity date on a customer's account that comes from no invoice, such as an opening balance
--   (Tryton duns those too);
-- * money on account that is tied to no invoice: an open credit.
-- What is none: dunning fees, drafts, suppliers' documents.
--
-- What settles it: Tryton knows which lines were reconciled together, and which part payments belong to an
-- invoice, but not which payment paid which instalment. Within such a group the earliest money fills the
-- instalment that is due first, and so on. Money that went back undoes earlier payments. What is reconciled with a
-- move in draft is still open. Instalments are numbered as Tryton made their lines, so a moved due date changes no
-- number.
--
-- In dispute: the dunning of the line is blocked. Several companies: register one view each, for instance
--     CREATE VIEW receivables_source.item_1 WITH (security_invoker = true) AS
--         SELECT * FROM receivables_source.item WHERE company = 1;
CREATE SCHEMA receivables_source;
COMMENT ON SCHEMA receivables_source IS 'What receivables reads of this ERP; nothing of the ERP depends on it';

-- --- dunning ----------------------------------------------------------------------------------------

-- Levels by their place in the procedure: 1, 2, 3, whatever their sequence numbers are. A dunning in draft was
-- proposed and has not gone out, so it counts as the level before.
DO $$
BEGIN
    IF to_regclass('account_dunning') IS NOT NULL THEN
        CREATE VIEW receivables_source.dunning_level WITH (security_invoker = true) AS
            SELECT id, procedure, overdue,
                row_number() OVER (PARTITION BY procedure ORDER BY sequence NULLS FIRST, id)::int AS level
            FROM account_dunning_level;
        CREATE VIEW receivables_source.dunning WITH (security_invoker = true) AS
            SELECT d.line, coalesce(d.blocked, false) AS blocked,
                l.level - (d.state = 'draft')::int AS last_level,
                CASE WHEN d.state <> 'draft'
                    THEN coalesce((to_jsonb(d) ->> 'date')::date, d.write_date::date, d.create_date::date) END AS last_reminder_date
            FROM account_dunning d JOIN receivables_source.dunning_level l ON l.id = d.level;
        CREATE VIEW receivables_source.dunning_procedure WITH (security_invoker = true) AS
            SELECT p.id, p.name, jsonb_build_object('steps', coalesce(jsonb_agg(jsonb_build_object('level', l.level,
                    'after_days', greatest(0, ceil(extract(epoch FROM l.overdue) / 86400)::int)) ORDER BY l.level)
                    FILTER (WHERE l.overdue IS NOT NULL), '[]')) AS policy
            FROM account_dunning_procedure p LEFT JOIN receivables_source.dunning_level l ON l.procedure = p.id
            GROUP BY p.id, p.name;
        -- A customer without a record of its own follows the default.
        CREATE VIEW receivables_source.customer_procedure WITH (security_invoker = true) AS
            SELECT p.id AS party, d.name AS procedure
            FROM party_party p
                LEFT JOIN (SELECT DISTINCT ON (party) party, dunning_procedure
                    FROM party_party_dunning_procedure ORDER BY party, id) o ON o.party = p.id
                LEFT JOIN account_dunning_procedure d ON d.id = CASE WHEN o.party IS NOT NULL THEN o.dunning_procedure
                    ELSE (SELECT default_dunning_procedure FROM account_configuration_default_dunning_procedure
                          ORDER BY id LIMIT 1) END;
    ELSE
        CREATE VIEW receivables_source.dunning AS SELECT NULL::int AS line, NULL::boolean AS blocked,
            NULL::int AS last_level, NULL::date AS last_reminder_date WHERE false;
        CREATE VIEW receivables_source.dunning_procedure AS SELECT NULL::int AS id, NULL::text AS name,
            NULL::jsonb AS policy WHERE false;
        CREATE VIEW receivables_source.customer_procedure AS SELECT NULL::int AS party, NULL::text AS procedure WHERE false;
    END IF;
END $$;
COMMENT ON VIEW receivables_source.dunning IS 'Of each dunned line: whether it is blocked, the last level that went out, and when';
COMMENT ON VIEW receivables_source.dunning_procedure IS
    'Tryton''s dunning procedures; policy::text::dunning_policy gives the same levels on the same days';
COMMENT ON VIEW receivables_source.customer_procedure IS 'The name of each customer''s dunning procedure; NULL: never dunned';

-- --- lines and their groups -------------------------------------------------------------------------

-- Lines can be merged into one that stands for them: they are paid when that one is.
CREATE VIEW receivables_source.delegation WITH (security_invoker = true) AS
WITH RECURSIVE step AS (
    SELECT r.id AS reconciliation, l.id AS line, l.reconciliation AS next
    FROM account_move_reconciliation r JOIN account_move_line l ON l.id = r.delegate_to
    UNION
    SELECT s.reconciliation, l.id, l.reconciliation
    FROM step s JOIN account_move_reconciliation r ON r.id = s.next JOIN account_move_line l ON l.id = r.delegate_to
)
SELECT s.reconciliation, s.line, s.next
FROM step s LEFT JOIN account_move_reconciliation r ON r.id = s.next AND r.delegate_to IS NOT NULL
WHERE r.id IS NULL;
COMMENT ON VIEW receivables_source.delegation IS
    'For reconciliations whose lines were merged into another line: that line in the end, and what it was reconciled by (NULL: open)';

-- Every line on a customer's account, in its pool: what was reconciled together, else its invoice with the part
-- payments linked to it, else the line alone.
CREATE VIEW receivables_source.line WITH (security_invoker = true) AS
SELECT l.id, m.company, l.party, m.date, l.debit - l.credit AS amount, l.second_currency,
    l.amount_second_currency AS second_amount, l.maturity_date AS due_date,
    coalesce(g.line, l.id) AS dunned_line, i.id AS invoice,
    CASE WHEN coalesce(g.next, CASE WHEN g.line IS NULL THEN l.reconciliation END) IS NOT NULL
            THEN 'reconciliation ' || coalesce(g.next, l.reconciliation)
        WHEN g.line IS NOT NULL THEN 'line ' || g.line
        WHEN coalesce(pays.invoice, i.id) IS NOT NULL THEN 'invoice ' || coalesce(pays.invoice, i.id)
        ELSE 'line ' || l.id END AS pool,
    coalesce(g.next, CASE WHEN g.line IS NULL THEN l.reconciliation END) IS NOT NULL AS reconciled,
    CASE WHEN i.id IS NOT NULL THEN 'invoice'
        WHEN m.state <> 'posted' OR cancelled.move IS NOT NULL OR l.party IS NULL THEN NULL
        WHEN l.debit - l.credit > 0 AND l.maturity_date IS NOT NULL THEN 'opening'
        WHEN l.debit - l.credit < 0 AND l.reconciliation IS NULL AND pays.line IS NULL THEN 'on account' END AS item,
    CASE j.type WHEN 'write-off' THEN 'write_off' WHEN 'revenue' THEN 'credit' WHEN 'expense' THEN 'credit'
        ELSE 'payment' END AS kind
FROM account_move_line l
    JOIN account_account a ON a.id = l.account
    JOIN account_account_type t ON t.id = a.type AND t.receivable
    JOIN account_move m ON m.id = l.move
    JOIN account_journal j ON j.id = m.journal
    LEFT JOIN account_invoice i ON i.move = l.move AND i.account = l.account AND i.type = 'out'
        AND i.state IN ('posted', 'paid', 'cancelled')
    LEFT JOIN (SELECT DISTINCT cancel_move AS move FROM account_invoice WHERE cancel_move IS NOT NULL) AS cancelled
        ON cancelled.move = l.move
    LEFT JOIN "account_invoice-account_move_line" pays ON pays.line = l.id
    LEFT JOIN receivables_source.delegation g ON g.reconciliation = l.reconciliation
    -- The merged line itself and what it took the place of are the same money again.
    LEFT JOIN (SELECT DISTINCT d.move FROM account_move_reconciliation r JOIN account_move_line d ON d.id = r.delegate_to)
        AS merging ON merging.move = l.move
WHERE merging.move IS NULL
    -- A draft settles nothing, but Tryton leaves the moves of its own write-offs in draft.
    AND (m.state = 'posted' OR l.reconciliation IS NOT NULL AND j.type = 'write-off');
COMMENT ON VIEW receivables_source.line IS 'Lines on customers'' accounts, the pool each belongs to, and what it is';

-- --- the source -------------------------------------------------------------------------------------

CREATE VIEW receivables_source.item WITH (security_invoker = true) AS
WITH pooled AS (
    -- A pool that is in one foreign currency is counted in it, so that a changed rate leaves no rest. What only
    -- evens out the rates has then nothing to settle.
    SELECT l.*, coalesce(min(second_currency) OVER pool = max(second_currency) OVER pool
            AND every(second_currency IS NOT NULL OR kind = 'write_off') OVER pool
            AND (NOT reconciled OR sum(second_amount) OVER pool = 0), false) AS foreign_pool
    FROM receivables_source.line l
    WINDOW pool AS (PARTITION BY pool)
), measured AS (
    SELECT *, CASE WHEN foreign_pool THEN coalesce(second_amount, 0) ELSE amount END AS measure FROM pooled
), line AS MATERIALIZED (
    -- Debts and what settles them lie side by side as two rulers: each line from one mark to another.
    SELECT *, sum(abs(measure)) OVER ruler - abs(measure) AS starts, sum(abs(measure)) OVER ruler AS ends,
        coalesce(sum(abs(measure)) FILTER (WHERE measure < 0) OVER pool, 0) AS settled,
        coalesce(sum(measure) FILTER (WHERE measure > 0) OVER pool, 0) AS owed
    FROM measured
    WHERE measure <> 0
    WINDOW pool AS (PARTITION BY pool),
        ruler AS (PARTITION BY pool, measure < 0 ORDER BY
            -- Of the debts first money that went back, which undoes earlier payments, then items, then the rest.
            CASE WHEN measure < 0 THEN 0 WHEN item IS NOT NULL THEN 1 WHEN kind = 'payment' THEN 0 ELSE 2 END,
            CASE WHEN measure > 0 THEN coalesce(due_date, 'infinity') ELSE date END,
            CASE kind WHEN 'payment' THEN 0 WHEN 'credit' THEN 1 ELSE 2 END, id)
), settlement AS (
    SELECT debt.id AS debt, credit.id AS credit, greatest(debt.starts, credit.starts) AS starts,
        least(debt.ends, credit.ends) AS ends, debt.item AS debt_item, credit.item AS credit_item,
        debt.kind AS debt_kind, credit.kind AS credit_kind, debt.date AS debt_date, credit.date AS credit_date
    FROM line debt JOIN line credit ON credit.pool = debt.pool AND credit.starts < debt.ends AND debt.starts < credit.ends
    WHERE debt.measure > 0 AND credit.measure < 0
), part AS (
    SELECT debt AS line, starts, ends, credit_kind AS settled_by,
        CASE WHEN credit_kind = 'credit' THEN greatest(debt_date, credit_date) ELSE credit_date END AS paid_date
    FROM settlement WHERE debt_item IS NOT NULL
    UNION ALL
    SELECT credit, starts, ends, CASE WHEN debt_item IS NOT NULL THEN 'credit' ELSE debt_kind END,
        CASE WHEN debt_item IS NOT NULL OR debt_kind = 'credit' THEN greatest(debt_date, credit_date) ELSE debt_date END
    FROM settlement WHERE credit_item IS NOT NULL
    UNION ALL
    SELECT id, greatest(starts, CASE WHEN measure > 0 THEN settled ELSE owed END), ends, NULL, NULL
    FROM line
    WHERE item IS NOT NULL AND ends > CASE WHEN measure > 0 THEN settled ELSE owed END
), document AS (
    -- Where another fiscal year began its numbers anew, the later invoice's name says which one it is.
    SELECT id, number, invoice_date,
        row_number() OVER (PARTITION BY company, number ORDER BY id) > 1 AS again
    FROM account_invoice WHERE type = 'out' AND move IS NOT NULL
), instalment AS (
    SELECT id, row_number() OVER (PARTITION BY invoice ORDER BY id) AS place FROM line WHERE invoice IS NOT NULL
), priced AS (
    -- Rounded at the marks, so that the parts of a line add up to it.
    SELECT l.*, p.paid_date, p.settled_by, CASE WHEN NOT l.foreign_pool THEN sign(l.amount) * (p.ends - p.starts)
        ELSE round(l.amount * (p.ends - l.starts) / abs(l.measure), money.digits)
            - round(l.amount * (p.starts - l.starts) / abs(l.measure), money.digits) END AS part_amount,
        money.code AS currency
    FROM part p
        JOIN line l ON l.id = p.line
        JOIN company_company c ON c.id = l.company
        JOIN currency_currency money ON money.id = c.currency
)
SELECT l.party::text AS customer_id,
    CASE WHEN l.invoice IS NULL THEN 'account.move.line,' || l.id
        ELSE i.number || CASE WHEN i.again THEN ' (account.invoice,' || i.id || ')' ELSE '' END
            || CASE WHEN n.place > 1 THEN '/' || n.place ELSE '' END END AS invoice_id,
    coalesce(i.invoice_date, l.date) AS invoice_date,
    coalesce(l.due_date, i.invoice_date, l.date) AS due_date,
    l.paid_date,
    l.part_amount AS amount,
    CASE WHEN l.paid_date IS NULL THEN l.part_amount ELSE 0 END AS open_amount,
    l.currency::text AS currency,
    l.paid_date IS NULL AND coalesce(d.blocked, false) AS disputed,
    coalesce(d.blocked, false) AS was_disputed,
    CASE WHEN l.part_amount < 0 AND l.invoice IS NOT NULL THEN 'credit' ELSE l.settled_by END AS settled_by,
    jsonb_strip_nulls(jsonb_build_object('name', customer.name, 'code', customer.code,
        'dunning_procedure', procedure.procedure)) AS attributes,
    d.last_level,
    d.last_reminder_date,
    l.company,
    customer.name::text AS customer_name
FROM priced l
    LEFT JOIN document i ON i.id = l.invoice
    LEFT JOIN instalment n ON n.id = l.id
    LEFT JOIN receivables_source.dunning d ON d.line = l.dunned_line
    JOIN party_party customer ON customer.id = l.party
    LEFT JOIN receivables_source.customer_procedure procedure ON procedure.party = l.party;

COMMENT ON VIEW receivables_source.item IS
    'Items of Tryton''s receivables: one row for each part of an instalment that was settled, and one for its open rest; credits are negative';
COMMENT ON COLUMN receivables_source.item.customer_id IS 'party.party';
COMMENT ON COLUMN receivables_source.item.invoice_id IS
    'The invoice''s number, from the second instalment on with its place behind a slash, in the order of their lines; account.move.line,ID for lines of no invoice';
COMMENT ON COLUMN receivables_source.item.invoice_date IS 'Date of the invoice; of lines of no invoice the date of their move';
COMMENT ON COLUMN receivables_source.item.due_date IS 'Maturity date of the line; where it has none, the invoice date';
COMMENT ON COLUMN receivables_source.item.paid_date IS
    'When money or a write-off settled the row; by a credit note: the later of both dates. NULL: open';
COMMENT ON COLUMN receivables_source.item.amount IS 'In the company''s currency; below 0 for credits';
COMMENT ON COLUMN receivables_source.item.open_amount IS 'The amount of an open row, 0 of a settled one';
COMMENT ON COLUMN receivables_source.item.currency IS 'The company''s currency';
COMMENT ON COLUMN receivables_source.item.disputed IS 'Open, and its dunning is blocked';
COMMENT ON COLUMN receivables_source.item.was_disputed IS 'Its dunning is blocked, or was when it was settled';
COMMENT ON COLUMN receivables_source.item.settled_by IS
    'payment, credit (note or cancellation; of a credit note also where it is open) or write_off; NULL: open';
COMMENT ON COLUMN receivables_source.item.attributes IS 'Name, code and dunning procedure of the customer';
COMMENT ON COLUMN receivables_source.item.last_level IS
    'Place of the last dunning level that was processed; 0: only a draft; NULL: never dunned';
COMMENT ON COLUMN receivables_source.item.last_reminder_date IS 'When it was processed; NULL while a later level is in draft';
COMMENT ON COLUMN receivables_source.item.company IS 'company.company';
COMMENT ON COLUMN receivables_source.item.customer_name IS 'Name of the party';
