#!/bin/bash
# How good expected_payment_date is on a file of past invoices, out of sample, beside the plain rules.
#   PGHOST=... PGDATABASE=... bench/forecast.sh FILE.csv [FROM [TO]]
# Needs a database with the extension in schema receivables. FILE.csv has a line of names; columns are found by
# them: customer, due date, paid date, amount, and where there are any invoice date and disputed. PGDATESTYLE says
# how dates are written ('ISO, MDY' for 3/31/2012). Each invoice is predicted on the evening before it was issued,
# without an invoice date 15 days before it was due, from what was known then: the customer's profile, the profile
# of all as prior, and a calendar with weekends where nobody was paid on one before the first prediction.
# Invoices issued from FROM to TO (without an invoice date: due then) are asked for; without FROM those after 50,
# 60, 70 and 80 % of all. Where PYTHON (python3) has scikit-learn, gradient boosting is asked too. Everything is made in the schema forecast_bench and left there.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
file=${1:?FILE.csv}
export PGOPTIONS="-c search_path=forecast_bench,receivables -c client_min_messages=warning -c jit=off -c work_mem=256MB"
sql() { psql -Xq -v ON_ERROR_STOP=1 "$@"; }
# The names as columns of text: quotes go, whatever is no letter or digit too.
names=$(head -1 "$file" | tr -d '\r"\357\273\277' | tr '[:upper:]' '[:lower:]' | sed 's/[^a-z0-9,]//g')
sql -v columns="$(sed 's/,/ text, /g; s/$/ text/' <<<"$names")" <<'SQL'
DROP SCHEMA IF EXISTS forecast_bench CASCADE;
CREATE SCHEMA forecast_bench;
CREATE TABLE file (:columns);
SQL
sql -c "\\copy file FROM '$file' WITH (FORMAT csv, HEADER)"
# column WHAT PATTERN: the first that fits; nothing where there is none.
column() { tr ',' '\n' <<<"$names" | grep -xE -m1 "$1" || true; }
customer=$(column 'customer|customerid|customernumber|custnumber|account')
due=$(column 'duedate|dueindate|due')
paid=$(column 'paiddate|settleddate|cleardate|paymentdate|paid')
amount=$(column 'amount|invoiceamount|totalopenamount|openamount')
issued=$(column 'invoicedate|issuedate|documentcreatedate')
disputed=$(column 'disputed|dispute')
if [ -z "$customer" ] || [ -z "$due" ] || [ -z "$paid" ] || [ -z "$amount" ]; then
    echo "$file has no columns for customer, due date, paid date and amount, but: $names" >&2
    exit 1
fi
sql -v customer="$customer" -v due="$due" -v paid="$paid" -v amount="$amount" -v issued="${issued:-NULL}" \
    -v disputed="${disputed:-NULL}" -v from="${2:-}" -v to="${3:-}" -f "$here/forecast.sql"
sql -P footer=off -P null=- -f "$here/forecast_report.sql"
sql -P footer=off -f "$here/forecast_cash.sql"

python=${PYTHON:-python3}
if "$python" -c 'import sklearn' 2>/dev/null; then
    work=$(mktemp -d)
    trap 'rm -rf "$work"' EXIT
    sql -f "$here/forecast_features.sql" >"$work/features.csv"
    sql -c "\\copy (SELECT name, first_day, last_day FROM cut ORDER BY name) TO STDOUT WITH (FORMAT csv)" >"$work/cuts.csv"
    sql -c "\\copy (SELECT id, day - date '2000-01-01' FROM prediction WHERE rule = 'forecast') TO STDOUT WITH (FORMAT csv)" >"$work/days.csv"
    # One thread: several wait for each other where the machine has something else to do.
    OMP_NUM_THREADS=1 "$python" "$here/forecast_boosting.py" "$work/features.csv" "$work/cuts.csv" "$work/days.csv"
else
    echo "no scikit-learn for $python: gradient boosting is left out" >&2
fi
