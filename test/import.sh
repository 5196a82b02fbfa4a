#!/bin/bash
# CSV files of many makes through the import of bin/portfolio; prints TAP. Needs psql and a server
# (PGHOST ...); makes and drops the database import_test; python3. The extension is not needed.
set -uo pipefail
top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
count=0
failed=0
encoding=
separator=

report() {
    count=$((count + 1))
    if [ "$2" = "$3" ]; then echo "ok $count - $1"; else
        echo "not ok $count - $1"
        printf '# expected:\n%s\n# got:\n%s\n' "$2" "$3" | sed 's/^[^#]/#   &/'
        failed=1
    fi
}

# import [NAME=VALUE...]: imports $work/file into the emptied database and prints what bin/portfolio would.
import() {
    local name arguments=()
    for name in customer invoice_date due_date paid_date amount open_amount paid_amount invoice disputed status \
        currency currency_column dates decimal as_of; do
        arguments+=(-v "$name=")
    done
    for name in "$@"; do arguments+=(-v "$name"); done
    for name in load columns values convert remarks imported; do arguments+=(-f "$top/demo/$name.sql"); done
    python3 -I "$top/bin/lib/csv_records.py" "$work/file" "$encoding" "$separator" |
        psql -X -q -d import_test -v ON_ERROR_STOP=1 -v VERBOSITY=terse -v file=file -c 'SET client_min_messages = warning' \
            -c 'DROP SCHEMA IF EXISTS import CASCADE' -c 'DROP TABLE IF EXISTS invoice, portfolio' "${arguments[@]}" 2>&1 |
        sed 's/^psql:[^ ]*: //'
}
# The same, and what it prints is kept in $work/out.
load() { import "$@" >"$work/out"; }
says() { grep -E "$1" "$work/out"; }
ask() { psql -X -q -A -t -d import_test -c "$1"; }
invoices() {
    ask 'SELECT customer_id, invoice_date, due_date, paid_date, amount, disputed FROM invoice ORDER BY line'
}
remarks() { ask 'SELECT words FROM import.remark ORDER BY place'; }
left_out() { ask 'SELECT line, kind FROM import.left_out ORDER BY line'; }
rejected() { ask 'SELECT line, reason FROM import.rejected ORDER BY line'; }
style() { ask 'SELECT dates, dates_assumed, decimal, decimal_assumed FROM import.style'; }

psql -X -q -d postgres -c 'DROP DATABASE IF EXISTS import_test' -c 'CREATE DATABASE import_test' 2>/dev/null

printf '\xef\xbb\xbfInvoiceDate,DueDate,SettledDate,InvoiceAmount,customerID,Disputed\r\n1/2/2013,2/1/2013,1/15/2013,55.94,A-1,No\r\n1/26/2013,2/25/2013,,61,A-1,Yes\r\n' >"$work/file"
load
report "byte order mark, CRLF, month first" $'A-1|2013-01-02|2013-02-01|2013-01-15|55.94|f\nA-1|2013-01-26|2013-02-25||61|t' "$(invoices)"
report "its style" 'mdy|f|point|f' "$(style)"

printf 'Kunde;Rechnungsdatum;Fälligkeit;Bezahlt am;Betrag;Rechnung Nr.;Strittig\n"Müller; Söhne ""AG""";01.02.2024;02.03.2024;;1.234,56 €;R1;nein\nZ;31.12.2023;30.01.2024;5.2.2024;-12,5;R2;ja\n' >"$work/file"
load
report "German, semicolons, decimal comma, quotes" $'Müller; Söhne "AG"|2024-02-01|2024-03-02||1234.56|f\nZ|2023-12-31|2024-01-30|2024-02-05|-12.5|t' "$(invoices)"
report "its style" 'dmy|f|comma|f' "$(style)"

iconv -f UTF-8 -t WINDOWS-1252 "$work/file" >"$work/latin" && mv "$work/latin" "$work/file"
load 2>/dev/null
report "the same in WINDOWS-1252" 'Müller; Söhne "AG"' "$(ask "SELECT customer_id FROM invoice WHERE line = 2")"

printf 'N° client\tDate facture\tDate échéance\tDate règlement\tMontant TTC\tLitige\n7\t01/02/2024\t02/03/2024\t\t12,00\tnon\n' |
    iconv -f UTF-8 -t UTF-16 >"$work/file"
load dates=dmy
report "French, tabs, UTF-16, dates as told" '7|2024-02-01|2024-03-02||12.00|f' "$(invoices)"

printf 'Klantnummer,Factuurdatum,Vervaldatum,Betaald op,Bedrag\n7,2024-02-01,2024-03-02,,12\n' >"$work/file"
load
report "Dutch, ISO dates, no dispute column" '7|2024-02-01|2024-03-02||12|f' "$(invoices)"

printf 'customer,due_date,paid_date,amount\na,1/2/2024,3/4/2024,1\n' >"$work/file"
load
report "dates that could be either are assumed, and that is said" 'mdy|t|point|f' "$(style)"
report "the invoice date may be missing" 'a||2024-01-02|2024-03-04|1|f' "$(invoices)"
load dates=dmy
report "or told" 'a||2024-02-01|2024-04-03|1|f' "$(invoices)"

printf 'who,a,b,c,d\nx,2024-01-01,2024-01-31,,5\n' >"$work/file"
report "unknown columns are all named" $'ERROR:  no column recognised as the amount (name it with --amount=COLUMN)\nno column recognised as the customer (name it with --customer=COLUMN)\nno column recognised as the due date (name it with --due-date=COLUMN)\nno column recognised as the paid date (name it with --paid-date=COLUMN)\nthe header has: who, a, b, c, d' "$(import)"
load customer=WHO invoice_date=a due_date=b paid_date=c amount=d
report "columns as told" 'x|2024-01-01|2024-01-31||5|f' "$(invoices)"
report "a column told that is not there" $'ERROR:  no column "e" for the due date\nthe header has: who, a, b, c, d' "$(import customer=who due_date=e paid_date=c amount=d)"

cat >"$work/file" <<'END'

customer,invoice_date,due_date,paid_date,amount,disputed
good,2024-01-01,2024-01-31,2024-02-01,10.00,no
,2024-01-01,2024-01-31,,10,no
b,2024-02-30,2024-03-31,2024-13-01,1o,perhaps
c,2024-01-01,,,10,no
d,2024-01-01,2024-01-31,10

e,2024-01-01,2024-01-31,,10,no,extra
f,0024-01-01,2024-01-31,,,no
\.
"two
lines",2024-01-01,2024-01-31,,"1,000.50",no
g,01/01/2024,13/01/2024,01/13/2024,1,no
last,2024-01-01,2024-01-31,,NaN,no
END
load
report "bad rows do not stop the good ones" $'good|2024-01-01|2024-01-31|2024-02-01|10.00|f\ntwo\nlines|2024-01-01|2024-01-31||1000.50|f' "$(invoices)"
report "bad rows with line and every reason" '4|no customer
5|invoice date "2024-02-30" is no date; paid date "2024-13-01" is no date; amount "1o" is no number; disputed "perhaps" is neither yes nor no
6|no due date
7|4 fields, the header has 6
9|7 fields, the header has 6
10|invoice date "0024-01-01" is no date; no amount
11|1 fields, the header has 6
14|due date "13/01/2024" is no date
15|no amount' "$(rejected)"
report "no line is lost" 11 "$(ask 'SELECT (SELECT count(*) FROM invoice) + (SELECT count(*) FROM import.rejected)')"

printf 'sep=;\ncustomer;due date;paid;amount\n"a, b";2024-01-31;NULL;(5.00)\nb;20240131;2024-02-01T10:00:00Z;1 234.5-' >"$work/file"
load
report "sep= line, NULL, brackets, trailing minus, no newline at the end" $'a, b||2024-01-31||-5.00|f\nb||2024-01-31|2024-02-01|-1234.5|f' "$(invoices)"

printf 'customer,due_date,paid_date,amount\ra,31-Jan-24,2 March 2024,1\r' >"$work/file"
load
report "old line ends, months by name" 'a||2024-01-31|2024-03-02|1|f' "$(invoices)"

printf 'customer,due_date,paid_date,amount\na,"2024-01-31,,1\nb,2024-01-31,,2\n' >"$work/file"
load
report "a quote that never closes costs its own line" 'line 2: a quote is opened and never closed' "$(says 'quote' | sed 's/^ *//')"
report "and no other" 'b||2024-01-31||2|f' "$(invoices)"

: >"$work/file"
report "an empty file" 'ERROR:  the file is empty' "$(import)"
printf 'customer,due_date,paid_date,amount\n' >"$work/file"
report "a file without rows" 'ERROR:  no row of the file could be used; the first reasons:
there are no rows' "$(import)"

printf 'customer,invoice_date,due_date,paid_date,amount\na,2024-01-01,2025-01-31,,1\na,2024-02-01,2025-01-31,2024-03-05,1\n' >"$work/file"
load
report "seen from the latest invoice or payment" 2024-03-05 "$(ask 'SELECT as_of FROM portfolio')"
load as_of=2024-06-30
report "or from the day told" 2024-06-30 "$(ask 'SELECT as_of FROM portfolio')"

psql -X -q -d postgres -c 'DROP DATABASE import_test'
echo "1..$count"
exit $failed
