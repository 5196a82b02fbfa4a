-- Which column holds what, and how dates and amounts are written.
--   :customer :invoice_date :due_date :paid_date :amount :invoice :disputed   a column, or empty
--   :dates      mdy, dmy, ymd or empty: looked up in the data
--   :decimal    point, comma or empty: looked up in the data

-- Letters and digits only, in lower case and without accents: "Invoice Date", "invoice_date" and
-- "InvoiceDate" are the same name.
CREATE FUNCTION import.plain(name text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT regexp_replace(translate(lower(name), 'äöüÄÖÜéèêëÉÈàâçîïôûùñóíáßø', 'aouaoueeeeeeaaciiouunoiaso'),
                          '[^a-z0-9]', '', 'g')
$$;

-- The names by which a column is recognised; the first that is there wins.
CREATE TABLE import.role (role text, required boolean, chosen text, names text);
INSERT INTO import.role VALUES
    ('customer', true, :'customer',
     'customerid customer customerno customernumber custnumber custno custid customercode customername '
     'debtorid debtor debtorno debtornumber clientid client clientno clientnumber clientcode clientname '
     'accountid accountnumber accountno account partnerid partner party buyer '
     'kundennummer kundennr kundenr kundenid kunde kundenname debitorennummer debitornr debitor '
     'klantnummer klantnr klantid klant debiteurnummer debiteur '
     'numeroclient nclient noclient codeclient nomclient'),
    ('invoice date', false, :'invoice_date',
     'invoicedate dateinvoiced invoicedt invoicedon issuedate dateissued issuedon issuedat billdate '
     'billingdate documentdate docdate documentcreatedate postingdate transdate transactiondate '
     'rechnungsdatum belegdatum ausstellungsdatum buchungsdatum '
     'factuurdatum boekdatum datefacture datedefacture datedefacturation dateemission datepiece date datum'),
    ('due date', true, :'due_date',
     'duedate datedue dueon dueindate due invoicedatedue netduedate paymentduedate maturitydate maturity '
     'faelligkeitsdatum falligkeitsdatum faelligkeit falligkeit faelligam falligam faellig fallig '
     'vervaldatum vervaldag dateecheance datedecheance echeance datelimite datelimreglement'),
    ('paid date', true, :'paid_date',
     'paiddate datepaid paidon paidat paid settleddate settlementdate settledon settled cleardate '
     'clearingdate cleareddate paymentdate datepayment datereceived receiptdate closeddate '
     'zahlungsdatum zahldatum bezahltam bezahlt zahlungseingang ausgleichsdatum '
     'betaaldatum betaaldop betaald voldaanop datepaiement datedepaiement datereglement datedereglement payele'),
    ('amount', true, :'amount',
     'amount invoiceamount totalamount amounttotal grossamount amountgross grandtotal totalopenamount '
     'invoicetotal total invoicevalue value rechnungsbetrag bruttobetrag gesamtbetrag betrag summe '
     'factuurbedrag bedrag totaalbedrag totaal montantttc montant totalttc'),
    ('invoice', false, :'invoice',
     'invoicenumber invoiceno invoicenr invoiceid invoice documentnumber documentno docno docid reference '
     'rechnungsnummer rechnungsnr rechnung belegnummer belegnr factuurnummer factuurnr factuur '
     'numerofacture nofacture nfacture facture piece number id'),
    ('disputed', false, :'disputed',
     'disputed indispute isindispute isdisputed wasdisputed dispute strittig reklamiert reklamation '
     'betwist enlitige litige conteste');

CREATE TABLE import.header AS
SELECT place::int AS place, btrim(name) AS name, import.plain(name) AS plain
FROM import.record, import.layout, unnest(fields) WITH ORDINALITY AS f (name, place)
WHERE line = header_line;

CREATE TABLE import.column AS
SELECT role, required, chosen, h.place, h.name
FROM import.role
LEFT JOIN LATERAL (
    SELECT h.place, h.name
    FROM import.header AS h
    LEFT JOIN unnest(string_to_array(names, ' ')) WITH ORDINALITY AS n (name, rank) ON h.plain = n.name
    WHERE CASE WHEN chosen = '' THEN n.name IS NOT NULL
               ELSE lower(h.name) = lower(chosen) OR h.plain = import.plain(chosen) END
    ORDER BY lower(h.name) = lower(chosen) DESC, rank, h.place
    LIMIT 1) AS h ON true;

-- Say everything that is missing in one go.
DO $$
DECLARE
    missing text;
    header text := (SELECT string_agg(name, ', ' ORDER BY place) FROM import.header);
BEGIN
    SELECT string_agg(CASE WHEN chosen <> '' THEN format('no column "%s" for the %s', chosen, role)
                           ELSE format('no column recognised as the %s (name it with --%s=COLUMN)',
                                       role, replace(role, ' ', '-')) END, E'\n' ORDER BY role)
      INTO missing FROM import.column
     WHERE place IS NULL AND (required OR chosen <> '');
    IF missing IS NOT NULL OR header IS NULL THEN
        RAISE EXCEPTION E'%', coalesce(missing || E'\nthe header has: ' || header, 'the file is empty');
    END IF;
END $$;

CREATE FUNCTION import.place(wanted text) RETURNS int LANGUAGE sql STABLE AS
$$ SELECT place FROM import.column WHERE role = wanted $$;

-- The records as named text fields, without the header; what stands for "nothing" becomes NULL.
CREATE FUNCTION import.value(field text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN lower(btrim(field, E' \t\u00a0')) IN ('', 'null', 'n/a', 'na', 'nan', 'none', '-', '\n',
                                                           '0000-00-00', '00.00.0000', '00/00/0000') THEN NULL
                ELSE btrim(field, E' \t\u00a0') END
$$;
CREATE TABLE import.row AS
SELECT line, last_line, content, cardinality(fields) AS field_count,
       import.value(fields[customer]) AS customer, import.value(fields[invoice_date]) AS invoice_date,
       import.value(fields[due_date]) AS due_date, import.value(fields[paid_date]) AS paid_date,
       import.value(fields[amount]) AS amount, import.value(fields[invoice]) AS invoice,
       import.value(fields[disputed]) AS disputed
FROM import.record,
     (SELECT import.place('customer') AS customer, import.place('invoice date') AS invoice_date,
             import.place('due date') AS due_date, import.place('paid date') AS paid_date,
             import.place('amount') AS amount, import.place('invoice') AS invoice,
             import.place('disputed') AS disputed) AS place
WHERE line > (SELECT header_line FROM import.layout) AND btrim(content, E' \t\n') <> '';

-- How dates are written: a first or second number over 12 is a day. Year-first dates, and dates with a
-- named month, need no answer.
CREATE TABLE import.style AS
SELECT coalesce(nullif(:'dates', ''),
                CASE WHEN dated = 0 THEN 'ymd' WHEN day_first > day_second THEN 'dmy'
                     WHEN day_second > day_first THEN 'mdy' WHEN slashes > 0 THEN 'mdy' ELSE 'dmy' END) AS dates,
       :'dates' = '' AND dated > 0 AND day_first = day_second AS dates_assumed,
       coalesce(nullif(:'decimal', ''), CASE WHEN commas > points THEN 'comma' ELSE 'point' END) AS decimal
FROM (SELECT count(*) AS dated, count(*) FILTER (WHERE part[1]::int > 12) AS day_first,
             count(*) FILTER (WHERE part[3]::int > 12) AS day_second,
             count(*) FILTER (WHERE part[2] = '/') AS slashes
      FROM import.row,
           unnest(ARRAY[invoice_date, due_date, paid_date]) AS written,
           regexp_matches(written, '^(\d{1,2})([./-])\s?(\d{1,2})[./-]\s?\d{2,4}\y') AS part) AS d,
     -- A comma with anything but three digits behind it, or after a point, is a decimal one.
     (SELECT count(*) FILTER (WHERE amount ~ '(,(\d|\d\d|\d{4,})|\.\d{3},\d+)\D*$') AS commas,
             count(*) FILTER (WHERE amount ~ '(\.(\d|\d\d|\d{4,})|,\d{3}\.\d+)\D*$') AS points
      FROM import.row) AS a;
