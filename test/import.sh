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

empty=(-c 'DROP SCHEMA IF EXISTS import CASCADE' -c 'DROP TABLE IF EXISTS invoice, portfolio')
# read_options [NAME=VALUE...]: the options of bin/portfolio as variables of psql.
read_options() {
    local name
    options=()
    for name in customer invoice_date due_date paid_date amount open_amount paid_amount invoice disputed status \
        currency currency_column dates decimal as_of "$@"; do
        case $name in *=*) ;; *) name+='=' ;; esac
        options+=(-v "$name")
    done
}

# import [NAME=VALUE...]: imports $work/file into the emptied database and prints what bin/portfolio would.
import() {
    local name arguments=()
    read_options "$@"
    for name in load columns values convert remarks imported; do arguments+=(-f "$top/demo/$name.sql"); done
    python3 -I "$top/bin/lib/csv_records.py" "$work/file" "$encoding" "$separator" |
        psql -X -q -d import_test -v ON_ERROR_STOP=1 -v VERBOSITY=terse -v file=file -c 'SET client_min_messages = warning' \
            "${options[@]}" "${empty[@]}" "${arguments[@]}" 2>&1 |
        sed 's/^psql:[^ ]*: //'
}
# The same, and what it prints is kept in $work/out.
load() { import "$@" >"$work/out"; }
says() { grep -E "$@" "$work/out"; }
ask() { psql -X -q -A -t -d import_test -c "$@"; }
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

printf 'Customer,Invoice,Invoice Date,Due Date,Closed,Amount\na,1,2024-01-02,2024-02-01,1900-01-01 00:00:00,1\na,2,2024-01-02,2024-02-01,1900-01-01,2\na,3,2024-01-02,2024-02-01,1970-01-01,3\na,4,2024-01-02,2024-02-01,2024-02-03,4\n' >"$work/file"
load
report "a day that stands for none is none when it comes again" $'a|2024-01-02|2024-02-01||1|f\na|2024-01-02|2024-02-01||2|f\na|2024-01-02|2024-02-01|2024-02-03|4|f' "$(invoices)"
report "and is said" '1900-01-01 is taken as no date: 2 times.' "$(remarks)"
report "once it is a fault" '4|paid date "1970-01-01" cannot be meant' "$(rejected)"
printf 'Customer,Due Date,Paid,Amount\na,1970-01-05,1970-01-01,1\nb,1969-12-05,1970-01-01,2\n' >"$work/file"
load
report "where it can be meant it is a day as others" $'a||1970-01-05|1970-01-01|1|f\nb||1969-12-05|1970-01-01|2|f' "$(invoices)"

printf 'Kunde;Fälligkeit;Bezahlt;Betrag\nA;15.02.2023;;3.000\nB;16.02.2023;;12.500\n' >"$work/file"
load
report "thousands or decimals are assumed, and that is said" 'dmy|f|comma|t' "$(style)"
report "where" 1 "$(says -c 'ASSUMED: "3.000" on line 2 could be either')"
load decimal=point
report "or told" $'3.000\n12.500' "$(ask 'SELECT amount FROM invoice ORDER BY line')"
printf 'customer,due_date,paid_date,amount\na,2024-01-31,,0.500\nb,2024-01-31,,12.500\n' >"$work/file"
load
report "0.500 tells" $'0.500\n12.500|f' "$(ask 'SELECT amount FROM invoice WHERE line = 2' -c 'SELECT amount, decimal_assumed FROM invoice, import.style WHERE line = 3')"

printf 'Customer,Invoice,Due Date,Paid Date,Total,Amount Paid,Balance,Status\nA,1,2024-02-01,2024-02-05,1000,400,600,Partially paid\nA,2,2024-02-01,,1000,1000,0,Paid\nA,3,2024-02-01,,1000,0,0,Void\nA,4,2024-02-01,,1000,0,1000,Draft\nA,5,2024-02-01,2024-02-05,1000,1000,0,Paid\nA,6,2024-02-01,,-50,0,-50,Open\nA,7,2024-02-01,2024-02-05,1000,1100,-100,Paid\nA,8,2024-02-01,,1000,0,1200,Open\n' >"$work/file"
load
report "what is open is open, whatever was paid last" $'1||1000|600\n2||1000|0\n5|2024-02-05|1000|0\n6||-50|-50\n7|2024-02-05|1000|0' "$(ask 'SELECT invoice_id, paid_date, amount, open_amount FROM invoice ORDER BY line')"
report "void and draft are left out" $'4|void\n5|draft' "$(left_out)"
report "more cannot be open than was invoiced" '9|open amount 1200 is more than the amount 1000' "$(rejected)"
report "and all that is said" $'Paid in part, the rest is open: 1, the first on line 2.\nPaid on an unknown day, of no use for how the customer pays: 1, the first on line 3.\nPaid more than the amount, the surplus is not counted: 1, the first on line 8.' "$(remarks)"
printf 'Kunde,Rechnung,Fällig,Bezahlt am,Betrag,Status\nA,1,2024-02-01,,10,strittig\nA,2,2024-02-01,,10,offen\nA,3,2024-02-01,,10,In dispute\n' >"$work/file"
load
report "a status says that an invoice is disputed" $'1|t\n2|f\n3|t' "$(ask "SELECT invoice_id, disputed FROM invoice ORDER BY invoice_id")"
printf 'Customer,Due Date,Paid Date,Total,Amount Paid\nA,2024-02-01,,1000,400\nA,2024-02-01,2024-02-05,1000,980\nA,2024-02-01,2024-02-05,1000,400\n' >"$work/file"
load
report "a discount is none of the open part" $'|600\n2024-02-05|0\n|600' "$(ask 'SELECT paid_date, open_amount FROM invoice ORDER BY line')"
printf 'Customer,Due Date,Paid Date,Total,Balance\nA,2024-02-01,2024-02-05,10,10\nA,2024-02-01,2024-02-05,10,10\nA,2024-02-01,,10,10\n' >"$work/file"
load
report "a column that repeats the amount is no balance" $'2024-02-05|0\n2024-02-05|0\n|10' "$(ask 'SELECT paid_date, open_amount FROM invoice ORDER BY line')"
load open_amount=balance
report "unless it is told" $'|10\n|10\n|10' "$(ask 'SELECT paid_date, open_amount FROM invoice ORDER BY line')"
printf 'Customer,Due Date,Balance\nA,2024-02-01,10\n' >"$work/file"
report "without an amount the balance is the amount, and then a paid date is needed" 1 "$(import | grep -c 'no column recognised as the paid date')"

printf 'Customer,Due Date,Paid Date,Amount,Currency\nA,2024-02-01,,100,EUR\nA,2024-02-02,,15000,jpy\nB,2024-02-03,,1,\nC,2024-02-03,,7,€\n' >"$work/file"
report "two currencies are refused" 'ERROR:  the file has invoices in more than one currency, choose one with --currency=CODE: EUR (2), JPY (1)' "$(import)"
load currency=eur
report "unless one is chosen" $'A|100\nC|7' "$(ask 'SELECT customer_id, amount FROM invoice ORDER BY line')"
report "the others are left out" $'3|not in EUR\n4|not in EUR' "$(left_out)"

printf 'Customer,Invoice,Invoice Date,Due Date,Paid Date,Amount\nA,1,2024-02-01,2024-03-01,,1000000000000\nB,1,2024-02-01,2024-01-31,,5\nB,1,2024-02-01,2024-03-01,,6\nB,,2024-02-01,2024-03-01,,6\n' >"$work/file"
load
report "invoice numbers are made unique" $'1 (A)\n1 (B)\n1 (B) (line 4)\nline 5' "$(ask 'SELECT invoice_id FROM invoice ORDER BY line')"
report "which is said, and a due date before the invoice" $'Due before the invoice date: 1, the first on line 3.\nThe invoice number of another customer, made unique with the customer\'s name: 3, the first on line 2.\nThe invoice number came before, made unique with the line: 1, the first on line 4.' "$(remarks)"
report "figures of any size" $'1,000,000,000,000\n-12,345,678,901,234,567,890.50\n0.00' "$(ask "SELECT import.figure(1000000000000)" -c "SELECT import.figure(-12345678901234567890.5, 2)" -c "SELECT import.figure(0, 2)")"

printf 'A-1,2024-01-02,2024-02-01,,5\nA-2,2024-01-02,2024-02-01,2024-02-02,6\n' >"$work/file"
report "without a header it is said how to name columns" 'where there is no header name the columns by number: --customer=1 ...' "$(import | tail -n 1)"
load customer=1 invoice_date=2 due_date=3 paid_date=4 amount=5
report "columns by number" $'A-1|2024-01-02|2024-02-01||5|f\nA-2|2024-01-02|2024-02-01|2024-02-02|6|f' "$(invoices)"
printf 'Customer,Due Date,Paid Date,Amount,Amount\nA,2024-02-01,,5,6\n' >"$work/file"
load
report "a name that comes twice is said" '2 columns are named "Amount": column 4 is the amount (another: --amount=NUMBER).' "$(remarks)"
load amount=5
report "and chosen by its number" 6 "$(ask 'SELECT amount FROM invoice')"

{
    printf 'customer,due_date,paid_date,amount\ngood,2024-01-31,,1\n'
    for ((line = 3; line <= 54; line++)); do echo "bad $line,,,1"; done
    printf 'two,"\n",,1\n'
} >"$work/file"
load
report "lines that are not used are counted, ten are shown" $'NOT USED: 54 lines, the first 10 with their reasons:\n10' "$(says 'NOT USED')
$(says -c '^  line [0-9]+: no due date$')"

# Texts that are dates or amounts in one reading, in the other, or in none.
report "dates" $'2. 1. 2024|2024-02-01|2024-01-02\n01/13/2024|2024-01-13|\n13/01/24||2024-01-13\nTuesday, January 2nd, 2024|2024-01-02|2024-01-02\n2-janv-24|2024-01-02|2024-01-02\n2. Mai 2024|2024-05-02|2024-05-02\nmardi 2 mars 2024|2024-03-02|2024-03-02\n2 de enero de 2024|2024-01-02|2024-01-02\n45293.75|2024-01-02|2024-01-02\n02012024|2024-02-01|2024-01-02\n2024年1月2日|2024-01-02|2024-01-02\n2024-02-30||\n99999||\n2 Foo 2024||\nQ1 2024||' "$(ask "
    SELECT w, import.to_date(w, 'mdy'), import.to_date(w, 'dmy')
    FROM unnest('{2. 1. 2024,01/13/2024,13/01/24,\"Tuesday, January 2nd, 2024\",2-janv-24,2. Mai 2024,mardi 2 mars 2024,2 de enero de 2024,45293.75,02012024,2024年1月2日,2024-02-30,99999,2 Foo 2024,Q1 2024}'::text[]) AS w")"
report "amounts" $'1.234|1.234|1234\n1,234|1234|1.234\n1.234,50|1234.50|1234.50\n1,00,000.00|100000.00|100000.00\n12.34.567|1234567|1234567\n100,-|100|100\n(€5.00)|-5.00|-5.00\n5 CR|-5|-5\n1.5E+03|1500.0|1500.0\nR$ 5|5|5\n5.00 zł|5.00|5.00\n100%||\n1o||\n12 34||\n1,2,3||\n1\'234,567.89||\nNaN||\n1e99||\n12A||' "$(ask "
    SELECT w, import.to_amount(w, 'point'), import.to_amount(w, 'comma')
    FROM unnest('{1.234,\"1,234\",\"1.234,50\",\"1,00,000.00\",12.34.567,\"100,-\",(€5.00),5 CR,1.5E+03,R\$ 5,5.00 zł,100%,1o,12 34,\"1,2,3\",\"1''234,567.89\",NaN,1e99,12A}'::text[]) AS w")"

# Files put together from known values: every separator, encoding, quoting, form of date and of amount.
generated=${1:-200}
python3 -I "$top/test/import_files.py" "$work" "$generated"
read_options
for ((number = 1; number <= generated; number++)); do
    python3 -I "$top/bin/lib/csv_records.py" "$work/$number.csv" 2>/dev/null
    echo '\.' # the end of one file's records: one session reads them all
done >"$work/records"
arguments=()
for ((number = 1; number <= generated; number++)); do
    arguments+=("${empty[@]}")
    for name in load columns values convert; do arguments+=(-f "$top/demo/$name.sql"); done
    arguments+=(-c "\\o $work/$number.got" -c "
        SELECT json_build_array(line, customer_id, invoice_date, due_date, paid_date, (100 * amount)::bigint, (100 * open_amount)::bigint)
        FROM invoice ORDER BY line" -c "
        SELECT format('%s left out, %s rejected', (SELECT count(*) FROM import.left_out), (SELECT count(*) FROM import.rejected))" -c '\o')
done
psql -X -q -A -t -d import_test -v ON_ERROR_STOP=1 -v VERBOSITY=terse -v file=file -c 'SET client_min_messages = warning' \
    "${options[@]}" "${arguments[@]}" <"$work/records" 2>&1 | sed 's/^/# /'
for ((number = 1; number <= generated; number++)); do
    report "generated file $number" "$(cat "$work/$number.expected")" "$(cat "$work/$number.got" 2>/dev/null)"
done

psql -X -q -d postgres -c 'DROP DATABASE import_test'
echo "1..$count"
exit $failed
