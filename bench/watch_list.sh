#!/bin/bash
# Is on the watch list who should be, and nobody else? The list of every day of sixty, beside what happened afterwards.
#   PGHOST=... PGDATABASE=... [RECEIVABLES_IBM_AR=folder] [RECEIVABLES_HIGHRADIUS=folder] bench/watch_list.sh
# Needs a database with the extension in schema receivables. The two sets are those of
# bench/segment_thresholds.sh and not part of this project; without them only the shipped sample is
# measured. Everything is made in the schema watch and left there.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
export PGOPTIONS="-c search_path=watch,receivables -c client_min_messages=warning"
sql() { psql -Xq -v ON_ERROR_STOP=1 "$@"; }

sql -c 'DROP SCHEMA IF EXISTS watch CASCADE' -c 'CREATE SCHEMA watch'
(cd "$here/.." && sql -f sample/load.sql -c 'ALTER TABLE invoice RENAME TO sample')
sql <<'SQL'
CREATE TABLE invoice (
    data text, customer text, invoice text, invoice_date date, due_date date, paid_date date, amount numeric,
    disputed boolean, open_amount numeric, settled_by text, disputed_from date, disputed_until date,
    written_off_on date, credited_invoice text, nettable boolean);
INSERT INTO invoice
SELECT 'sample', customer, invoice_number, invoice_date, due_date, paid_date, amount, disputed, open_amount,
    settled_by, disputed_from, disputed_until, written_off_on, credited_invoice, nettable
FROM sample;
CREATE TABLE kind (account text, customer text, kind text, segment text, changed_on date);
SQL
sql -c "\\copy kind FROM '$here/../sample/customers.csv' WITH (FORMAT csv, HEADER)"
if [ -n "${RECEIVABLES_IBM_AR:-}" ]; then
    sql -c "SET datestyle = 'ISO, MDY'" -c '
        CREATE TEMP TABLE ibm (
            country text, customer text, paperless text, invoice text, invoice_date date, due_date date,
            amount numeric, disputed boolean, paid_date date, bill text, days_to_pay int, days_late int)' \
        -c "\\copy ibm FROM '$RECEIVABLES_IBM_AR/invoices.csv' WITH (FORMAT csv, HEADER)" -c "
        INSERT INTO invoice
        SELECT 'ibm', customer, invoice, invoice_date, due_date, paid_date, amount, disputed FROM ibm"
fi
if [ -n "${RECEIVABLES_HIGHRADIUS:-}" ]; then
    sql -c 'CREATE TEMP TABLE highradius (customer text, due_date date, paid_date date, amount numeric)' \
        -c "\\copy highradius FROM '$RECEIVABLES_HIGHRADIUS/invoices.csv' WITH (FORMAT csv, HEADER)" \
        -c "
        INSERT INTO invoice
        SELECT 'highradius', customer, row_number() OVER (), due_date - 30, due_date, paid_date, amount, false
        FROM highradius"
fi
sql -f "$here/watch_list.sql"
for data in $(sql -At -c 'SELECT DISTINCT data FROM invoice'); do
    # The procedure commits, so it is called by itself.
    sql -c "SELECT unregister_source(name, true) FROM sources WHERE name = 'watch'" \
        -c "SELECT register_source('watch', 'item')" -c "CALL run_days('$data')" >/dev/null
done
sql -P footer=off -f "$here/watch_list_report.sql"
