#!/bin/bash
# CSV files of many makes through the import of bin/portfolio; prints TAP. Needs psql and a server
# (PGHOST ...); makes and drops the database import_test; python3. The extension is not needed.
set -uo pipefail
top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=test/lib/tap.sh
. "$top/test/lib/tap.sh"
encoding=
separator=

quiet=(-X -q -d import_test -v ON_ERROR_STOP=1 -v VERBOSITY=terse -v file=file
    -c 'SET client_min_messages = warning')
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
        psql "${quiet[@]}" "${options[@]}" "${empty[@]}" "${arguments[@]}" 2>&1 |
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

{
    printf '\xef\xbb\xbf'
    sed 's/$/\r/' <<'END'
InvoiceDate,DueDate,SettledDate,InvoiceAmount,customerID,Disputed
1/2/2013,2/1/2013,1/15/2013,55.94,A-1,No
1/26/2013,2/25/2013,,61,A-1,Yes
END
} >"$work/file"
load
is "byte order mark, CRLF, month first" 'A-1|2013-01-02|2013-02-01|2013-01-15|55.94|f
A-1|2013-01-26|2013-02-25||61|t' "$(invoices)"
is "its style" 'mdy|f|point|f' "$(style)"

cat >"$work/file" <<'END'
Kunde;Rechnungsdatum;Fälligkeit;Bezahlt am;Betrag;Rechnung Nr.;Strittig
"Müller; Söhne ""AG""";01.02.2024;02.03.2024;;1.234,56 €;R1;nein
Z;31.12.2023;30.01.2024;5.2.2024;-12,5;R2;ja
END
load
is "German, semicolons, decimal comma, quotes" 'Müller; Söhne "AG"|2024-02-01|2024-03-02||1234.56|f
Z|2023-12-31|2024-01-30|2024-02-05|-12.5|t' "$(invoices)"
is "its style" 'dmy|f|comma|f' "$(style)"

iconv -f UTF-8 -t WINDOWS-1252 "$work/file" >"$work/latin" && mv "$work/latin" "$work/file"
load 2>/dev/null
is "the same in WINDOWS-1252" 'Müller; Söhne "AG"' "$(ask "SELECT customer_id FROM invoice WHERE line = 2")"

tr '|' '\t' <<'END' | iconv -f UTF-8 -t UTF-16 >"$work/file"
N° client|Date facture|Date échéance|Date règlement|Montant TTC|Litige
7|01/02/2024|02/03/2024||12,00|non
END
load dates=dmy
is "French, tabs, UTF-16, dates as told" '7|2024-02-01|2024-03-02||12.00|f' "$(invoices)"

cat >"$work/file" <<'END'
Klantnummer,Factuurdatum,Vervaldatum,Betaald op,Bedrag
7,2024-02-01,2024-03-02,,12
END
load
is "Dutch, ISO dates, no dispute column" '7|2024-02-01|2024-03-02||12|f' "$(invoices)"

printf 'customer,due_date,paid_date,amount\na,1/2/2024,3/4/2024,1\n' >"$work/file"
load
is "dates that could be either are assumed, and that is said" 'mdy|t|point|f' "$(style)"
is "the invoice date may be missing" 'a||2024-01-02|2024-03-04|1|f' "$(invoices)"
load dates=dmy
is "or told" 'a||2024-02-01|2024-04-03|1|f' "$(invoices)"

printf 'who,a,b,c,d\nx,2024-01-01,2024-01-31,,5\n' >"$work/file"
is "unknown columns are all named" 'ERROR:  no column recognised as the amount (name it with --amount=COLUMN)
no column recognised as the customer (name it with --customer=COLUMN)
no column recognised as the due date (name it with --due-date=COLUMN)
no column recognised as the paid date (name it with --paid-date=COLUMN)
the header has: who, a, b, c, d' "$(import)"
load customer=WHO invoice_date=a due_date=b paid_date=c amount=d
is "columns as told" 'x|2024-01-01|2024-01-31||5|f' "$(invoices)"
is "a column told that is not there" 'ERROR:  no column "e" for the due date
the header has: who, a, b, c, d' "$(import customer=who due_date=e paid_date=c amount=d)"

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
is "bad rows do not stop the good ones" 'good|2024-01-01|2024-01-31|2024-02-01|10.00|f
two
lines|2024-01-01|2024-01-31||1000.50|f' "$(invoices)"
is "bad rows with line and every reason" '4|no customer
5|invoice date "2024-02-30" is no date
 paid date "2024-13-01" is no date
 amount "1o" is no number
 disputed "perhaps" is neither yes nor no
6|no due date
7|4 fields, the header has 6
9|7 fields, the header has 6
10|invoice date "0024-01-01" is no date
 no amount
11|1 fields, the header has 6
14|due date "13/01/2024" is no date
15|no amount' "$(rejected | sed 's/;/\n/g')"
is "no line is lost" 11 "$(ask 'SELECT (SELECT count(*) FROM invoice) + (SELECT count(*) FROM import.rejected)')"

printf %s 'sep=;
customer;due date;paid;amount
"a, b";2024-01-31;NULL;(5.00)
b;20240131;2024-02-01T10:00:00Z;1 234.5-' >"$work/file"
load
is "sep= line, NULL, brackets, trailing minus, no newline at the end" 'a, b||2024-01-31||-5.00|f
b||2024-01-31|2024-02-01|-1234.5|f' "$(invoices)"

printf 'customer,due_date,paid_date,amount\ra,31-Jan-24,2 March 2024,1\r' >"$work/file"
load
is "old line ends, months by name" 'a||2024-01-31|2024-03-02|1|f' "$(invoices)"

cat >"$work/file" <<'END'
customer,due_date,paid_date,amount
a,"2024-01-31,,1
b,2024-01-31,,2
END
load
is "a quote that never closes costs its own line" 'line 2: a quote is opened and never closed' \
    "$(says 'quote' | sed 's/^ *//')"
is "and no other" 'b||2024-01-31||2|f' "$(invoices)"

: >"$work/file"
is "an empty file" 'ERROR:  the file is empty' "$(import)"
printf 'customer,due_date,paid_date,amount\n' >"$work/file"
is "a file without rows" 'ERROR:  no row of the file could be used; the first reasons:
there are no rows' "$(import)"

cat >"$work/file" <<'END'
customer,invoice_date,due_date,paid_date,amount
a,2024-01-01,2025-01-31,,1
a,2024-02-01,2025-01-31,2024-03-05,1
END
load
is "seen from the latest invoice or payment" 2024-03-05 "$(ask 'SELECT as_of FROM portfolio')"
load as_of=2024-06-30
is "or from the day told" 2024-06-30 "$(ask 'SELECT as_of FROM portfolio')"

cat >"$work/file" <<'END'
Customer,Invoice,Invoice Date,Due Date,Closed,Amount
a,1,2024-01-02,2024-02-01,1900-01-01 00:00:00,1
a,2,2024-01-02,2024-02-01,1900-01-01,2
a,3,2024-01-02,2024-02-01,1970-01-01,3
a,4,2024-01-02,2024-02-01,2024-02-03,4
END
load
is "a day that stands for none is none when it comes again" 'a|2024-01-02|2024-02-01||1|f
a|2024-01-02|2024-02-01||2|f
a|2024-01-02|2024-02-01|2024-02-03|4|f' "$(invoices)"
is "and is said" '1900-01-01 is taken as no date: 2 times.' "$(remarks)"
is "once it is a fault" '4|paid date "1970-01-01" cannot be meant' "$(rejected)"
cat >"$work/file" <<'END'
Customer,Due Date,Paid,Amount
a,1970-01-05,1970-01-01,1
b,1969-12-05,1970-01-01,2
END
load
is "where it can be meant it is a day as others" 'a||1970-01-05|1970-01-01|1|f
b||1969-12-05|1970-01-01|2|f' "$(invoices)"

cat >"$work/file" <<'END'
Kunde;Fälligkeit;Bezahlt;Betrag
A;15.02.2023;;3.000
B;16.02.2023;;12.500
END
load
is "thousands or decimals are assumed, and that is said" 'dmy|f|comma|t' "$(style)"
is "where" 1 "$(says -c 'ASSUMED: "3.000" on line 2 could be either')"
load decimal=point
is "or told" $'3.000\n12.500' "$(ask 'SELECT amount FROM invoice ORDER BY line')"
cat >"$work/file" <<'END'
customer,due_date,paid_date,amount
a,2024-01-31,,0.500
b,2024-01-31,,12.500
END
load
is "0.500 tells" $'0.500|f\n12.500|f' \
    "$(ask 'SELECT amount, decimal_assumed FROM invoice, import.style ORDER BY line')"

cat >"$work/file" <<'END'
Customer,Invoice,Due Date,Paid Date,Total,Amount Paid,Balance,Status
A,1,2024-02-01,2024-02-05,1000,400,600,Partially paid
A,2,2024-02-01,,1000,1000,0,Paid
A,3,2024-02-01,,1000,0,0,Void
A,4,2024-02-01,,1000,0,1000,Draft
A,5,2024-02-01,2024-02-05,1000,1000,0,Paid
A,6,2024-02-01,,-50,0,-50,Open
A,7,2024-02-01,2024-02-05,1000,1100,-100,Paid
A,8,2024-02-01,,1000,0,1200,Open
END
load
is "what is open is open, whatever was paid last" '1||1000|600
2||1000|0
5|2024-02-05|1000|0
6||-50|-50
7|2024-02-05|1000|0' "$(ask 'SELECT invoice_id, paid_date, amount, open_amount FROM invoice ORDER BY line')"
is "void and draft are left out" $'4|void\n5|draft' "$(left_out)"
is "more cannot be open than was invoiced" '9|open amount 1200 is more than the amount 1000' "$(rejected)"
is "and all that is said" 'Paid in part, the rest is open: 1, the first on line 2.
Paid on an unknown day, of no use for how the customer pays: 1, the first on line 3.
Paid more than the amount, the surplus is not counted: 1, the first on line 8.' "$(remarks)"
cat >"$work/file" <<'END'
Customer,Invoice Date,Due Date,Paid Date,Total,Balance
A,2024-01-02,2024-02-01,2024-02-05,1000,600
A,2024-01-02,2024-02-01,,1000,0
END
load
is "a payment of a part says of which day the file is, too" '2024-02-05||600' \
    "$(ask 'SELECT as_of, paid_date, open_amount FROM portfolio, invoice ORDER BY line LIMIT 1')"
cat >"$work/file" <<'END'
Kunde,Rechnung,Fällig,Bezahlt am,Betrag,Status
A,1,2024-02-01,,10,strittig
A,2,2024-02-01,,10,offen
A,3,2024-02-01,,10,In dispute
END
load
is "a status says that an invoice is disputed" '1|t
2|f
3|t' "$(ask "SELECT invoice_id, disputed FROM invoice ORDER BY invoice_id")"
cat >"$work/file" <<'END'
Customer,Due Date,Paid Date,Total,Amount Paid
A,2024-02-01,,1000,400
A,2024-02-01,2024-02-05,1000,980
A,2024-02-01,2024-02-05,1000,400
END
load
is "a discount is none of the open part" '|600
2024-02-05|0
|600' "$(ask 'SELECT paid_date, open_amount FROM invoice ORDER BY line')"
cat >"$work/file" <<'END'
Customer,Due Date,Paid Date,Total,Balance
A,2024-02-01,2024-02-05,10,10
A,2024-02-01,2024-02-05,10,10
A,2024-02-01,,10,10
END
load
is "a column that repeats the amount is no balance" '2024-02-05|0
2024-02-05|0
|10' "$(ask 'SELECT paid_date, open_amount FROM invoice ORDER BY line')"
load open_amount=balance
is "unless it is told" '|10
|10
|10' "$(ask 'SELECT paid_date, open_amount FROM invoice ORDER BY line')"
printf 'Customer,Due Date,Balance\nA,2024-02-01,10\n' >"$work/file"
is "without an amount the balance is the amount, and then a paid date is needed" 1 \
    "$(import | grep -c 'no column recognised as the paid date')"

cat >"$work/file" <<'END'
Customer,Due Date,Paid Date,Amount,Currency
A,2024-02-01,,100,EUR
A,2024-02-02,,15000,jpy
B,2024-02-03,,1,
C,2024-02-03,,7,€
END
is "two currencies are refused" \
    'ERROR:  the file has invoices in more than one currency, choose one with --currency=CODE: EUR (2), JPY (1)' \
    "$(import)"
load currency=eur
is "unless one is chosen" 'A|100
C|7' "$(ask 'SELECT customer_id, amount FROM invoice ORDER BY line')"
is "the others are left out" $'3|not in EUR\n4|not in EUR' "$(left_out)"

cat >"$work/file" <<'END'
Customer,Invoice,Invoice Date,Due Date,Paid Date,Amount
A,1,2024-02-01,2024-03-01,,1000000000000
B,1,2024-02-01,2024-01-31,,5
B,1,2024-02-01,2024-03-01,,6
B,,2024-02-01,2024-03-01,,6
END
load
is "invoice numbers are made unique" '1 (A)
1 (B)
1 (B) (line 4)
line 5' "$(ask 'SELECT invoice_id FROM invoice ORDER BY line')"
is "which is said, and a due date before the invoice" "Due before the invoice date: 1, the first on line 3.
The invoice number of another customer, made unique with the customer's name: 3, the first on line 2.
The invoice number came before, made unique with the line: 1, the first on line 4." "$(remarks)"
is "figures of any size" '1,000,000,000,000|-12,345,678,901,234,567,890.50|0.00' \
    "$(ask 'SELECT import.figure(1000000000000), import.figure(-12345678901234567890.5, 2), import.figure(0, 2)')"

cat >"$work/file" <<'END'
A-1,2024-01-02,2024-02-01,,5
A-2,2024-01-02,2024-02-01,2024-02-02,6
END
is "without a header it is said how to name columns" \
    'where there is no header name the columns by number: --customer=1 ...' \
    "$(import | tail -n 1)"
load customer=1 invoice_date=2 due_date=3 paid_date=4 amount=5
is "columns by number" 'A-1|2024-01-02|2024-02-01||5|f
A-2|2024-01-02|2024-02-01|2024-02-02|6|f' "$(invoices)"
printf 'Customer,Due Date,Paid Date,Amount,Amount\nA,2024-02-01,,5,6\n' >"$work/file"
load
is "a name that comes twice is said" \
    '2 columns are named "Amount": column 4 is the amount (another: --amount=NUMBER).' \
    "$(remarks)"
load amount=5
is "and chosen by its number" 6 "$(ask 'SELECT amount FROM invoice')"

{
    printf 'customer,due_date,paid_date,amount\ngood,2024-01-31,,1\n'
    for ((line = 3; line <= 54; line++)); do echo "bad $line,,,1"; done
    printf 'two,"\n",,1\n'
} >"$work/file"
load
is "lines that are not used are counted, ten are shown" 'NOT USED: 54 lines, the first 10 with their reasons:
10' "$(says 'NOT USED')
$(says -c '^  line [0-9]+: no due date$')"

# Texts that are dates or amounts in one reading, in the other, or in none.
# readings SQL: the texts of $cases, each with what SQL makes of it.
readings() {
    ask "SELECT w, $1 FROM unnest(string_to_array(\$texts\$$(cut -d'|' -f1 <<<"$cases")\$texts\$, E'\n')) AS w"
}
cases=$(
    cat <<'END'
2. 1. 2024|2024-02-01|2024-01-02
01/13/2024|2024-01-13|
13/01/24||2024-01-13
Tuesday, January 2nd, 2024|2024-01-02|2024-01-02
2-janv-24|2024-01-02|2024-01-02
2. Mai 2024|2024-05-02|2024-05-02
mardi 2 mars 2024|2024-03-02|2024-03-02
2 de enero de 2024|2024-01-02|2024-01-02
45293.75|2024-01-02|2024-01-02
02012024|2024-02-01|2024-01-02
2024年1月2日|2024-01-02|2024-01-02
2024-02-30||
99999||
2 Foo 2024||
Q1 2024||
END
)
is "dates" "$cases" "$(readings "import.to_date(w, 'mdy'), import.to_date(w, 'dmy')")"
cases=$(
    cat <<'END'
1.234|1.234|1234
1,234|1234|1.234
1.234,50|1234.50|1234.50
1,00,000.00|100000.00|100000.00
12.34.567|1234567|1234567
100,-|100|100
(€5.00)|-5.00|-5.00
5 CR|-5|-5
1.5E+03|1500.0|1500.0
R$ 5|5|5
5.00 zł|5.00|5.00
100%||
1o||
12 34||
1,2,3||
1'234,567.89||
NaN||
1e99||
12A||
END
)
is "amounts" "$cases" "$(readings "import.to_amount(w, 'point'), import.to_amount(w, 'comma')")"

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
        SELECT json_build_array(line, customer_id, invoice_date, due_date, paid_date,
            (100 * amount)::bigint, (100 * open_amount)::bigint)
        FROM invoice
        ORDER BY line" -c "
        SELECT format('%s left out, %s rejected', (SELECT count(*) FROM import.left_out),
            (SELECT count(*) FROM import.rejected))" -c '\o')
done
psql -A -t "${quiet[@]}" "${options[@]}" "${arguments[@]}" <"$work/records" 2>&1 | sed 's/^/# /'
for ((number = 1; number <= generated; number++)); do
    is "generated file $number" "$(cat "$work/$number.expected")" "$(cat "$work/$number.got" 2>/dev/null)"
done

psql -X -q -d postgres -c 'DROP DATABASE import_test'
finish
