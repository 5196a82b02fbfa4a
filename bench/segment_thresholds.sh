#!/bin/bash
# What each threshold of the standard segment policy is worth: sizes of the segments, how well they
# separate days late, past and to come, and how many customers move from month to month; for the policy
# as it is and with one threshold changed at a time.
#   PGHOST=... PGDATABASE=... [RECEIVABLES_IBM_AR=folder] [RECEIVABLES_HIGHRADIUS=folder] bench/segment_thresholds.sh
# Needs a database with the extension in schema receivables. RECEIVABLES_IBM_AR names the folder of the
# IBM sample of accounts receivable (invoices.csv), RECEIVABLES_HIGHRADIUS that of a set of paid invoices
# (invoices.csv: customer, due_date, paid_date, amount); neither is part of this project, and without
# them only the shipped sample is measured. sample/customers.csv says of which kind each customer of the
# sample is, and which segment the kind asks for. Everything is made in the schema thresholds and left there.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
export PGOPTIONS="-c search_path=thresholds,receivables -c client_min_messages=warning"
sql() { psql -Xq -v ON_ERROR_STOP=1 "$@"; }

sql -c 'DROP SCHEMA IF EXISTS thresholds CASCADE' -c 'CREATE SCHEMA thresholds'
(cd "$here/.." && sql -f sample/load.sql -c 'ALTER TABLE invoice RENAME TO sample')
sql <<'SQL'
CREATE TABLE invoice (data text, customer text, invoice_date date, due_date date, paid_date date,
                      amount numeric, disputed boolean);
CREATE TABLE ibm (country text, customer text, paperless text, invoice text, invoice_date text,
                  due_date text, amount numeric, disputed text, paid_date text, bill text,
                  days_to_pay text, days_late text);
CREATE TABLE highradius (customer text, due_date date, paid_date date, amount numeric);
CREATE TABLE kind (account text, customer text, kind text, segment text, changed_on date);
SQL
if [ -n "${RECEIVABLES_IBM_AR:-}" ]; then
    sql -c "\\copy ibm FROM '$RECEIVABLES_IBM_AR/invoices.csv' WITH (FORMAT csv, HEADER)"
else
    echo "RECEIVABLES_IBM_AR names no folder: the IBM sample is not measured" >&2
fi
if [ -n "${RECEIVABLES_HIGHRADIUS:-}" ]; then
    sql -c "\\copy highradius FROM '$RECEIVABLES_HIGHRADIUS/invoices.csv' WITH (FORMAT csv, HEADER)"
else
    echo "RECEIVABLES_HIGHRADIUS names no folder: that set is not measured" >&2
fi
# Who is of which kind, and the segment that the kind asks for.
sql -c "\\copy kind FROM '$here/../sample/customers.csv' WITH (FORMAT csv, HEADER)"
sql -f "$here/segment_thresholds.sql"
sql -P footer=off -f "$here/segment_thresholds_report.sql"
