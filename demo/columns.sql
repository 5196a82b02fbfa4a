-- Which column holds what.
--   :customer :invoice_date :due_date :paid_date :amount :open_amount :paid_amount :invoice :disputed :status
--   :currency_column   the name of a column, or its number, or empty: recognised by its name

-- Letters and digits only, in lower case and without accents: "Invoice Date", "invoice_date" and
-- "InvoiceDate" are the same name.
CREATE FUNCTION import.plain(name text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT regexp_replace(lower(translate(replace(replace(replace(normalize(name, NFKD), 'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe'),
                                          'łŁøØđĐı', 'lLoOdDi')), '[^a-z0-9]', '', 'g')
$$;

-- The names by which a column is recognised; the first that is there wins.
CREATE TABLE import.role (role text, required boolean, chosen text, names text);
INSERT INTO import.role VALUES
    ('customer', true, :'customer',
     'customerid customer customerno customernumber custnumber custno custnum custid customercode customername '
     'customeraccount debtorid debtor debtorno debtornumber debtorname clientid client clientno clientnumber clientcode '
     'clientname accountid accountnumber accountnum accountno accountcode account accountname partnerid partnername '
     'partner party partyname soldto soldtoparty billto billtoname buyer company companyname contactname contact '
     'kundennummer kundennr kundenr kundenid kunde kundenname debitorennummer debitorennr debitornr debitor debitorname '
     'klantnummer klantnr klantid klant klantnaam klantcode debiteurnummer debiteurnr debiteur '
     'numeroclient nclient noclient codeclient nomclient nomduclient compteclient tiers compte '
     'codigocliente codcliente idcliente nocliente numerocliente ncliente cliente nombrecliente nomecliente clientes '
     'codicecliente ragionesociale razonsocial kontrahent klient nabywca odbiorca kundnr kundnummer kund kundnamn '
     'kundenavn kundenummer debitornavn'),
    ('invoice date', false, :'invoice_date',
     'invoicedate dateinvoiced invoicedt invoicedon issuedate dateissued issuedon issuedat issued billdate '
     'billingdate documentdate docdate documentcreatedate postingdate transdate transactiondate createddate createdat '
     'rechnungsdatum redatum belegdatum ausstellungsdatum buchungsdatum rechnungvom '
     'factuurdatum boekdatum boekingsdatum datefacture datedefacture datedelafacture datedefacturation datefacturation '
     'dateemission datedemission datepiece datedepiece datedocument datecomptable '
     'fechafactura fechadefactura fechaemision fechadeemision fechadocumento fechaexpedicion '
     'datafattura datadocumento dataemissione datadifatturazione datafatura dataemissao datadeemissao '
     'datawystawienia datafaktury fakturadatum fakturadato date datum data fecha dato'),
    ('due date', true, :'due_date',
     'duedate datedue dueon dueby dueindate due invoicedatedue netduedate paymentduedate paymentdue netdue maturitydate maturity '
     'datematurity baselineduedate dateofmaturity paybydate payby paymentdeadline '
     'faelligkeitsdatum falligkeitsdatum faelligkeit falligkeit faelligam falligam faellig fallig nettofalligkeit '
     'nettofaelligkeit zahlbarbis zahlungsziel '
     'vervaldatum vervaldag verval uiterstebetaaldatum dateecheance datedecheance echeance datelimite datelimreglement '
     'datelimitedepaiement fechavencimiento fechadevencimiento vencimiento vence datascadenza datadiscadenza scadenza '
     'datavencimento datadevencimento vencimento terminplatnosci termin forfallodatum forfallodag forfallsdato forfaldsdato '
     'forfald forfall'),
    ('paid date', true, :'paid_date',
     'paiddate datepaid paidon paidat paid settleddate dateofsettlement settlementdate datesettled settledon settledat settled cleardate '
     'clearingdate cleareddate clearedon clearing paymentdate datepayment dateofpayment paymentreceived lastpaymentdate datereceived '
     'receiveddate receiptdate closeddate closed closedate closedon fullypaidondate fullypaidon lastsettlevoucherdate '
     'zahlungsdatum zahldatum bezahltam bezahltdatum bezahlt gezahltam zahlungam zahlungseingang zahlungseingangsdatum '
     'ausgleichsdatum ausgleich ausgeglichenam '
     'betaaldatum betalingsdatum betaaldop betaald voldaanop datumbetaald datumbetaling '
     'datepaiement datedepaiement datereglement datedereglement payele reglele datedencaissement dateencaissement '
     'fechapago fechadepago fechacobro fechadecobro pagadoel datapagamento datadipagamento pagatoil dataincasso '
     'datadepagamento dataplatnosci datazaplaty zaplacono betaldatum betalddatum betaltdato betalingsdato'),
    ('amount', true, :'amount',
     'amount invoiceamount totalamount amounttotal grossamount amountgross grandtotal totalopenamount invoiceamt amt '
     'originalamount amountoriginal invoicetotal total totalgross totalinclvat totalincltax totalinctax amountinclvat amountmst '
     'amountcur amountinlocalcurrency amountinlc amountindoccurr amountindocumentcurrency invoicevalue value gross '
     'amountincompanycurrency roundedtotal '
     'rechnungsbetrag bruttobetrag gesamtbetrag betragbrutto betrag betraginhauswahrung betraginbelegwahrung summe brutto '
     'endbetrag umsatz factuurbedrag bedrag bedragincl bedraginclbtw totaalbedrag totaal totaalinclbtw '
     'montantttc montant totalttc montanttotal montantfacture montantdelafacture '
     'importe importetotal importefactura monto montototal importo importototale totalefattura totaledocumento totale valor '
     'valortotal montante kwota kwotabrutto wartosc wartoscbrutto belopp totalbelopp belop totalbelob belob '
     'amountdue amountopen openamount openbalance balancedue outstandingamount outstanding balance offenerbetrag '
     'openstaandbedrag restantdu soldedu montantdu saldopendiente saldo'),
    ('open amount', false, :'open_amount',
     'openamount amountopen amountstillopen openbalance balancedue balance balanceamount balanceopen invoicebalance amountdue '
     'dueamount outstanding outstandingamount amountoutstanding outstandingbalance amountoutstandingmst remaining '
     'remainingamount remainingbalance remainamount amountremaining residual residualamount amountresidual amountunpaid '
     'unpaidamount unpaid totaldue openinvoiceamount remainamountmst '
     'offenerbetrag betragoffen offenbetrag offen offenersaldo restbetrag restforderung offenerposten saldo '
     'openstaandbedrag openstaand openstaandsaldo restbedrag nogtebetalen '
     'restantdu restedu solde soldedu montantdu montantrestant montantouvert resteapayer resteapayerttc '
     'saldopendiente importependiente pendiente montopendiente saldoabierto saldoaperto importoresiduo residuo dapagare '
     'saldodevedor valoremaberto emaberto pozostalo dozaplaty kwotapozostala restbelopp kvar restbelob'),
    ('paid amount', false, :'paid_amount',
     'amountpaid paidamount totalpaid paidtotal amountreceived receivedamount paymentamount amountsettled settledamount '
     'settleamountmst bezahlterbetrag gezahlt gezahlterbetrag zahlbetrag betaaldbedrag bedragbetaald '
     'montantpaye montantregle dejaregle importepagado montopagado importopagato valorpago zaplaconokwota'),
    ('invoice', false, :'invoice',
     'invoicenumber invoiceno invoicenr invoicenum invoiceid invoice documentnumber documentno docno docnumber docid '
     'billnumber billno vouchernumber voucherno voucher reference ref rechnungsnummer rechnungsnr rechnungnr rechnung '
     'belegnummer belegnr factuurnummer factuurnr factuur numerofacture numerodefacture nfacture nofacture nfacture facture '
     'numeropiece numerofactura nofactura nfactura factura numerofattura nfattura fattura numerofatura fatura numerfaktury '
     'nrfaktury faktura fakturanummer fakturanr piece numero nummer number no id'),
    ('disputed', false, :'disputed',
     'disputed indispute isindispute isdisputed wasdisputed dispute strittig reklamiert reklamation '
     'betwist enlitige litige conteste endisputa contestata sporny'),
    ('status', false, :'status',
     'status invoicestatus documentstatus paymentstatus docstatus state invoicestate statusname rechnungsstatus belegstatus '
     'zahlungsstatus zustand factuurstatus betaalstatus statut statutfacture etat etatfacture estado estadofactura stato '
     'situacao statusfaktury stan'),
    ('currency', false, :'currency_column',
     'currency currencycode invoicecurrency curr crcy ccy cur currencyid localcurrency documentcurrency transactioncurrency '
     'wahrung wahrungscode waehrung waehrungscode waehrungskennung whrg hauswahrung belegwahrung devise monnaie codedevise '
     'valuta valutacode munt muntsoort moneda divisa moeda waluta');

-- The header need not be the first line: it is the one of the first 50 records in which the most columns
-- are recognised, the earliest of equals. Without a header columns are named by number.
CREATE TABLE import.heading AS
SELECT line, place::int AS place, btrim(name) AS name, import.plain(name) AS plain,
       -- "Amount (EUR)", "Betrag in EUR"
       import.plain(regexp_replace(regexp_replace(name, '\(.*\)|\[.*\]', ' ', 'g'), '\m(in\s+)?[A-Z]{3}\s*$|[€$£]', '')) AS short
FROM (SELECT line, fields FROM import.record WHERE content ~ '\S' ORDER BY line LIMIT 50) AS r,
     jsonb_array_elements_text(fields) WITH ORDINALITY AS f (name, place);

-- Which column may be what: as told by name, else by the names above.
CREATE TABLE import.candidate AS
SELECT h.line, h.place, h.name, n.role, n.rank, h.plain = n.name AS is_whole
FROM import.heading AS h
JOIN (SELECT role, name, rank FROM import.role, unnest(string_to_array(names, ' ')) WITH ORDINALITY AS n (name, rank)
      WHERE chosen = '') AS n ON n.name IN (h.plain, h.short)
UNION ALL
SELECT h.line, h.place, h.name, r.role, CASE WHEN lower(h.name) = lower(r.chosen) THEN 0 ELSE 1 END, true
FROM import.heading AS h
JOIN (SELECT role, chosen, import.plain(chosen) AS plain FROM import.role WHERE chosen <> '') AS r
    ON lower(h.name) = lower(r.chosen) OR h.plain <> '' AND h.plain = r.plain;

-- line 0: there is none, and the cell of the due date holds a number where its name would be.
CREATE TABLE import.layout AS
SELECT CASE WHEN known < 2
                 AND EXISTS (SELECT FROM import.heading AS h JOIN import.role ON role = 'due date' AND chosen = h.place::text
                             WHERE h.line = l.line AND h.name ~ '\d') THEN 0
            ELSE line END AS header_line, line AS first_line
FROM (SELECT line, count(DISTINCT c.role) AS known
      FROM (SELECT DISTINCT line FROM import.heading) AS h LEFT JOIN import.candidate AS c USING (line)
      GROUP BY line) AS l
ORDER BY known DESC, line LIMIT 1;

CREATE TABLE import.header AS
SELECT place, CASE header_line WHEN 0 THEN place::text ELSE name END AS name, plain, short
FROM import.heading JOIN import.layout ON line = first_line;

CREATE TABLE import.column AS
SELECT r.role, r.required, r.chosen, h.place, h.name
FROM import.role AS r
LEFT JOIN LATERAL (
    SELECT place, name
    FROM (SELECT c.place, c.name, c.rank, c.is_whole
          FROM import.candidate AS c JOIN import.layout ON c.line = header_line WHERE c.role = r.role
          UNION ALL
          SELECT h.place, h.name, 1000, true FROM import.header AS h WHERE h.place::text = r.chosen) AS c
    ORDER BY rank, is_whole DESC, place
    LIMIT 1) AS h ON true;
-- Names of what is open are also the last names of the amount: where that is all there is, it is the amount.
UPDATE import.column SET place = NULL, name = NULL
WHERE role = 'open amount' AND chosen = '' AND place = (SELECT place FROM import.column WHERE role = 'amount');
-- Amounts in the firm's own currency, beside the currency of the document.
UPDATE import.column SET place = NULL, name = NULL
WHERE role = 'currency' AND chosen = '' AND import.plain(name) <> 'localcurrency'
    AND (SELECT import.plain(name) FROM import.column WHERE role = 'amount')
        IN ('amountmst', 'amountinlocalcurrency', 'amountinlc', 'amountincompanycurrency', 'betraginhauswahrung');
UPDATE import.column SET required = false
WHERE role = 'paid date' AND EXISTS (SELECT FROM import.column WHERE role IN ('open amount', 'paid amount') AND place > 0);

-- Say everything that is missing in one go.
DO $$
DECLARE
    missing text;
    header text := (SELECT string_agg(name, ', ' ORDER BY place) FROM import.heading JOIN import.layout ON line = first_line);
BEGIN
    SELECT string_agg(CASE WHEN chosen <> '' THEN format('no column "%s" for the %s', chosen, role)
                           ELSE format('no column recognised as the %s (name it with --%s=COLUMN)',
                                       role, replace(role, ' ', '-')) END, E'\n' ORDER BY role)
      INTO missing FROM import.column
     WHERE place IS NULL AND (required OR chosen <> '');
    IF missing IS NOT NULL OR header IS NULL THEN
        RAISE EXCEPTION E'%', coalesce(missing || E'\nthe header has: ' || header, 'the file is empty') ||
            CASE WHEN header ~ '(^|, )\d' THEN E'\nwhere there is no header name the columns by number: --customer=1 ...' ELSE '' END;
    END IF;
END $$;

CREATE FUNCTION import.place(wanted text) RETURNS int LANGUAGE sql STABLE AS
$$ SELECT place - 1 FROM import.column WHERE role = wanted $$;

-- What a cell holds; what stands for "nothing" becomes NULL. A name may well be Null or None.
CREATE FUNCTION import.name(field text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT nullif(nullif(nullif(btrim(field, E' \t\n\u00a0'), ''), '\N'), 'NULL')
$$;
CREATE FUNCTION import.value(field text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN lower(btrim(field, E' \t\n\u00a0')) IN ('', 'null', '(null)', 'n/a', '#n/a', '#nv', 'na', 'nan', 'nat', 'none', 'nil',
                                                             '-', '--', '–', '—', '\n', '?') THEN NULL
                ELSE btrim(field, E' \t\n\u00a0') END
$$;
-- Zeros alone are no date, nor is Excel's day 0, nor a word for "unpaid".
CREATE FUNCTION import.date_value(field text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN value ~ '^[0\s./:T-]*$|^(0?0[./-]0?1|0?1[./-]0?0)[./-]1900\y|^1900-01-00\y'
                  OR import.plain(value) IN ('open', 'unpaid', 'notpaid', 'outstanding', 'pending', 'overdue', 'offen', 'unbezahlt',
                                             'nichtbezahlt', 'openstaand', 'onbetaald', 'impaye', 'impayee', 'nonpaye', 'nonpayee',
                                             'ouvert', 'pendiente', 'abierto', 'aperto', 'pendente', 'never')
                THEN NULL ELSE value END
    FROM (SELECT import.value(field)) AS v (value)
$$;

-- The records below the header as named text fields; empty ones are left out, and so are page headings.
CREATE TABLE import.row AS
SELECT line, last_line, unclosed, content, fields,
       jsonb_array_length(fields) AS field_count,
       coalesce((SELECT max(n) FROM jsonb_array_elements_text(fields) WITH ORDINALITY AS f (field, n)
                 WHERE field ~ '\S'), 0) AS filled,  -- the last cell that holds something
       import.name(fields->>customer) AS customer, import.date_value(fields->>invoice_date) AS invoice_date,
       import.date_value(fields->>due_date) AS due_date, import.date_value(fields->>paid_date) AS paid_date,
       import.value(fields->>amount) AS amount, import.value(fields->>open_amount) AS open_amount,
       import.value(fields->>paid_amount) AS paid_amount, import.name(fields->>invoice) AS invoice,
       import.value(fields->>disputed) AS disputed, import.value(fields->>status) AS status,
       import.value(fields->>currency) AS currency
FROM import.record,
     (SELECT import.place('customer') AS customer, import.place('invoice date') AS invoice_date,
             import.place('due date') AS due_date, import.place('paid date') AS paid_date,
             import.place('amount') AS amount, import.place('open amount') AS open_amount,
             import.place('paid amount') AS paid_amount, import.place('invoice') AS invoice,
             import.place('disputed') AS disputed, import.place('status') AS status,
             import.place('currency') AS currency) AS place
WHERE line > (SELECT header_line FROM import.layout);
DELETE FROM import.row WHERE filled = 0;
