-- Turns the text fields into dates, amounts and booleans. A row that does not convert goes to
-- import.rejected, one that is no invoice to be paid to import.left_out, each with its line and why; the
-- others make the table invoice.
--   :currency   the currency to take, or empty: there is but one
--   :as_of      the day to look from, or empty

CREATE TABLE import.read AS
SELECT r.*, invoiced.day AS invoice_day, due.day AS due_day, settled.day AS paid_day,
       total.number AS total, rest.number AS balance, part.number AS paid,
       import.to_boolean(r.disputed) AS is_disputed,
       CASE upper(r.currency) WHEN '€' THEN 'EUR' WHEN '$' THEN 'USD' WHEN 'US$' THEN 'USD' WHEN '£' THEN 'GBP'
                              WHEN '¥' THEN 'JPY' WHEN '₹' THEN 'INR'
                              WHEN 'EURO' THEN 'EUR' WHEN 'EUROS' THEN 'EUR' ELSE upper(r.currency) END AS currency_code
FROM import.row AS r
LEFT JOIN import.day AS invoiced ON invoiced.written = r.invoice_date
LEFT JOIN import.day AS due ON due.written = r.due_date
LEFT JOIN import.day AS settled ON settled.written = r.paid_date
LEFT JOIN import.number AS total ON total.written = r.amount
LEFT JOIN import.number AS rest ON rest.written = r.open_amount
LEFT JOIN import.number AS part ON part.written = r.paid_amount;

-- Days that programs write where there is none. Such a day is meant when other dates of the file lie near.
CREATE TABLE import.stand_in AS
WITH day AS (
    SELECT role, day, day IN ('0001-01-01', '1601-01-01', '1753-01-01', '1899-12-30', '1899-12-31', '1900-01-01', '1904-01-01',
                              '1970-01-01', '2079-06-06', '2099-12-31', '2999-12-31', '9999-12-31') AS is_suspect
    FROM import.read, LATERAL (VALUES ('invoice date', invoice_day), ('due date', due_day), ('paid date', paid_day)) AS d (role, day)
    WHERE day IS NOT NULL),
near AS (SELECT min(day) - 1000 AS first, max(day) + 1000 AS last FROM day WHERE NOT is_suspect)
SELECT day, count(*) AS n, count(*) > 1 AS repeats
FROM day, near
WHERE is_suspect AND (day BETWEEN first AND last) IS NOT TRUE
GROUP BY day;
COMMENT ON TABLE import.stand_in IS 'days that cannot be meant; those that repeat are taken as none';

UPDATE import.read SET
    invoice_date = CASE WHEN invoice_day IN (SELECT day FROM import.stand_in WHERE repeats) THEN NULL ELSE invoice_date END,
    due_date = CASE WHEN due_day IN (SELECT day FROM import.stand_in WHERE repeats) THEN NULL ELSE due_date END,
    paid_date = CASE WHEN paid_day IN (SELECT day FROM import.stand_in WHERE repeats) THEN NULL ELSE paid_date END
WHERE EXISTS (SELECT FROM import.stand_in WHERE repeats AND day IN (invoice_day, due_day, paid_day));
UPDATE import.read SET invoice_day = NULL WHERE invoice_date IS NULL AND invoice_day IS NOT NULL;
UPDATE import.read SET due_day = NULL WHERE due_date IS NULL AND due_day IS NOT NULL;
UPDATE import.read SET paid_day = NULL WHERE paid_date IS NULL AND paid_day IS NOT NULL;

-- Is the column of open amounts that? Not where most paid invoices are "open" in full (it is the original
-- amount), nor where most exceed the amount (it is the account's balance). As told is as told.
CREATE TABLE import.balance_use AS
SELECT chosen = '' AND (2 * paid_in_full > paid AND paid > 1 OR 2 * above > rows AND rows > 1) AS is_ignored, name
FROM (SELECT count(*) FILTER (WHERE paid_day IS NOT NULL) AS paid, count(*) AS rows,
             count(*) FILTER (WHERE paid_day IS NOT NULL AND balance = total) AS paid_in_full,
             count(*) FILTER (WHERE abs(balance) > abs(total)) AS above
      FROM import.read WHERE total <> 0 AND balance IS NOT NULL) AS r,
     import.column WHERE role = 'open amount';

-- What a status says of a row.
CREATE FUNCTION import.status_kind(status text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT CASE WHEN plain LIKE ANY ('{void,voided,invoicevoid,null,nulle,nichtig,ungultig,nietig}') THEN 'void'
                WHEN plain LIKE ANY ('{draft%,saveddraft,entwurf%,brouillon%,concept%,borrador%,bozza%,rascunho%,szkic%,utkast%,
                                       kladde%,proforma%,parked%,quote%,quotation%,estimate%}') THEN 'draft'
                WHEN plain LIKE ANY ('{cancel%,delete%,removed%,revers%,storn%,annul%,anul%,geloscht%,geannul%,supprim%,avbrut%,
                                       makuler%}') THEN 'cancelled'
                WHEN plain LIKE ANY ('{paid,fullypaid,paidinfull,closed,settled,cleared,complete,completed,bezahlt,vollbezahlt,
                                       vollstandigbezahlt,beglichen,ausgeglichen,erledigt,geschlossen,paye,payee,regle,reglee,solde,
                                       soldee,acquitte,acquittee,betaald,voldaan,pagado,pagada,pagato,pagata,pago,cobrado,cobrada,
                                       saldato,saldata,zaplacono,zaplacona,zaplacony,oplacono,oplacona,oplacony,betalt,betald}')
                THEN 'paid'
                WHEN plain LIKE ANY ('{disput%,indispute,strittig,streitig,bestritten,reklam%,litig%,enlitige,contest%,betwist%,geschil%,
                                       disputad%,enlitigio,contestat%,sporn%,omtvist%,omstrid%}') THEN 'disputed' END
    FROM (SELECT import.plain(status)) AS s (plain)
$$;

-- A row that is no invoice to be paid, and what it is.
CREATE TABLE import.left_out AS
SELECT line, last_line, content, kind
FROM import.read, import.layout,
     LATERAL (SELECT coalesce(
         CASE WHEN status_kind NOT IN ('paid', 'disputed') THEN status_kind END,
         CASE WHEN due_day IS NULL AND fields = (SELECT fields FROM import.record WHERE line = first_line) THEN 'the header again' END,
         CASE WHEN due_day IS NULL AND coalesce(invoice_day, paid_day) IS NULL
                   AND import.plain(first_cell) LIKE ANY ('{total%,grandtotal%,subtotal%,runningtotal%,reporttotal%,customertotal%,
                           summe%,zwischensumme%,endsumme%,gesamt%,totaal%,subtotaal%,soustotal%,somme%,suma,razem%,summa%}')
              THEN 'a total' END,
         CASE WHEN :'currency' <> '' AND currency_code IS DISTINCT FROM upper(:'currency') THEN format('not in %s', upper(:'currency')) END) AS kind
     FROM (SELECT CASE WHEN (SELECT plain FROM import.header JOIN import.column AS c USING (place) WHERE role = 'status') = 'docstatus' AND status IN ('0', '2')
                       THEN CASE status WHEN '0' THEN 'draft' ELSE 'cancelled' END
                       ELSE import.status_kind(status) END AS status_kind,
                  (SELECT field FROM jsonb_array_elements_text(fields) WITH ORDINALITY AS f (field, n)
                   WHERE field ~ '[[:alpha:]]' ORDER BY n LIMIT 1) AS first_cell) AS s) AS k
WHERE kind IS NOT NULL AND NOT unclosed;
COMMENT ON TABLE import.left_out IS 'rows of the file that are no invoices to be paid: void, drafts, cancelled, totals, of another currency';

DO $$
DECLARE
    used text := (SELECT string_agg(format('%s (%s)', currency_code, n), ', ' ORDER BY n DESC, currency_code)
                  FROM (SELECT currency_code, count(*) AS n FROM import.read
                        WHERE currency_code IS NOT NULL AND total IS NOT NULL AND due_day IS NOT NULL
                            AND line NOT IN (SELECT line FROM import.left_out)
                        GROUP BY currency_code) AS c HAVING count(*) > 1);
BEGIN
    IF used IS NOT NULL THEN
        RAISE EXCEPTION 'the file has invoices in more than one currency, choose one with --currency=CODE: %', used;
    END IF;
END $$;

-- What is open of each item. A balance that is not 0 makes the item open, whatever was paid last; of a
-- balance below 0 of an invoice too much has been paid.
CREATE TABLE import.converted AS
SELECT r.*, c.*
FROM import.read AS r, import.balance_use AS u,
     LATERAL (SELECT CASE WHEN NOT is_ignored AND r.open_amount IS NOT NULL
                          THEN CASE WHEN total < 0 AND balance > 0 THEN -balance ELSE balance END
                          -- Paid with a date, but for less than a discount would explain: a part is still open.
                          WHEN paid <> 0 AND (paid_day IS NULL OR import.plain(status) ~ '^part' OR abs(paid) < 0.9 * abs(total))
                          THEN total - sign(total) * abs(paid)
                          WHEN paid_day IS NULL AND import.status_kind(status) = 'paid' THEN 0 END AS told) AS t,
     LATERAL (SELECT CASE WHEN told IS NULL THEN CASE WHEN paid_day IS NULL THEN total ELSE 0 END
                          WHEN told * total <= 0 THEN 0 ELSE told END AS open,
                     told * total < 0 AS is_overpaid, told) AS c;

CREATE FUNCTION import.date_fault(role text, written text, day date) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT CASE WHEN written IS NULL THEN NULL
                WHEN EXISTS (SELECT FROM import.stand_in AS s WHERE s.day = date_fault.day) THEN format('%s "%s" cannot be meant', role, written)
                WHEN (day BETWEEN '1900-01-01' AND '2199-12-31') IS NOT TRUE THEN format('%s "%s" is no date', role, written) END
$$;
CREATE TABLE import.rejected AS
SELECT line, last_line, content, reason
FROM import.converted,
     (SELECT count(*) AS columns FROM import.header) AS h,
     LATERAL (SELECT concat_ws('; ',
             CASE WHEN customer IS NULL THEN 'no customer' END,
             import.date_fault('invoice date', invoice_date, invoice_day),
             coalesce(CASE WHEN due_date IS NULL THEN 'no due date' END, import.date_fault('due date', due_date, due_day)),
             import.date_fault('paid date', paid_date, paid_day),
             CASE WHEN amount IS NULL THEN 'no amount'
                  WHEN total IS NULL THEN format('amount "%s" is no number', amount) END,
             CASE WHEN balance IS NULL AND open_amount IS NOT NULL THEN format('open amount "%s" is no number', open_amount)
                  WHEN paid IS NULL AND paid_amount IS NOT NULL THEN format('paid amount "%s" is no number', paid_amount)
                  WHEN abs(open) > abs(total) THEN format('open amount %s is more than the amount %s', open, total) END,
             CASE WHEN is_disputed IS NULL THEN format('disputed "%s" is neither yes nor no', disputed) END) AS faults) AS f,
     LATERAL (SELECT CASE
         WHEN unclosed THEN 'a quote is opened and never closed'
         -- Some programs leave out empty cells at the end of a row.
         WHEN filled > columns OR field_count < columns AND faults <> ''
             THEN format('%s fields, the header has %s', field_count, columns)
         ELSE faults END AS reason) AS r
WHERE reason <> '' AND NOT EXISTS (SELECT FROM import.left_out AS o WHERE o.line = converted.line);
COMMENT ON TABLE import.rejected IS 'rows of the file that could not be used, with every reason';

-- The columns that the extension's sources have. invoice_id is unique: a number that several customers have
-- gets the customer's name behind it, one that comes again the line.
CREATE TABLE invoice AS
SELECT customer_id, CASE WHEN row_number() OVER (PARTITION BY named ORDER BY line) = 1 THEN named
                         ELSE format('%s (line %s)', named, line) END AS invoice_id,
       invoice_date, due_date, paid_date, amount, disputed, open_amount, line, number
FROM (SELECT customer AS customer_id, CASE WHEN min(customer) OVER same <> max(customer) OVER same THEN format('%s (%s)', number, customer)
                                           ELSE number END AS named,
             invoice_day AS invoice_date, due_day AS due_date, CASE WHEN open = 0 THEN paid_day END AS paid_date, total AS amount,
             is_disputed OR coalesce(import.status_kind(status) = 'disputed', false) AS disputed, open AS open_amount, line, number
      FROM import.converted, LATERAL (SELECT coalesce(invoice, 'line ' || line) AS number) AS n
      WHERE NOT EXISTS (SELECT FROM import.rejected AS r WHERE r.line = converted.line)
          AND NOT EXISTS (SELECT FROM import.left_out AS o WHERE o.line = converted.line)
      WINDOW same AS (PARTITION BY number)) AS i;
COMMENT ON TABLE invoice IS 'the invoices of the imported file, one row a record; number is the invoice number in the file';
ALTER TABLE invoice ADD UNIQUE (invoice_id);
ANALYZE invoice;

-- The day on which the portfolio is looked at: as told, else the latest invoice or payment, also of a part.
CREATE TABLE portfolio AS
SELECT CASE WHEN :'as_of' <> '' THEN import.to_date(:'as_of', 'ymd')
            ELSE coalesce(greatest(max(i.invoice_date), max(c.paid_day)), max(i.due_date)) END AS as_of,
       :'as_of' = '' AS as_of_assumed, :'file' AS file
FROM invoice AS i JOIN import.converted AS c ON c.line = i.line;
COMMENT ON TABLE portfolio IS 'one row: the day on which the portfolio is looked at';

DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM invoice) THEN
        RAISE EXCEPTION E'no row of the file could be used; the first reasons:\n%',
            coalesce((SELECT string_agg(format('line %s: %s', line, reason), E'\n' ORDER BY line)
                      FROM (SELECT line, reason FROM import.rejected
                            UNION ALL SELECT line, 'left out: ' || kind FROM import.left_out
                            ORDER BY line LIMIT 5) AS r), 'there are no rows');
    ELSIF (SELECT as_of FROM portfolio) IS NULL THEN
        RAISE EXCEPTION 'the day of --as-of must be written as YYYY-MM-DD';
    END IF;
END $$;
