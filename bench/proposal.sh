#!/bin/bash
# What proposed policies are worth: grown on one half year and judged on the next, beside the standard
# policy, four quantiles of the past mean, each customer's own median and, where Rscript with rpart is
# found, trees of rpart with as many groups; how often the rules come back; how often a proposal is declined
# where the outcomes are shuffled; and how long one takes.
#   PGHOST=... PGDATABASE=... [RECEIVABLES_IBM_AR=folder] [RECEIVABLES_HIGHRADIUS=folder] bench/proposal.sh
# Needs a database with the extension in schema receivables, superuser rights for processor times, and the
# folders as segment_thresholds.sh does. Everything is made in the schema proposal and left there.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
export PGOPTIONS="-c search_path=proposal,receivables -c client_min_messages=warning"
sql() { psql -Xq -v ON_ERROR_STOP=1 "$@"; }
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

sql -c 'DROP SCHEMA IF EXISTS proposal CASCADE' -c 'CREATE SCHEMA proposal'
(cd "$here/.." && sql -f sample/load.sql -c 'ALTER TABLE invoice RENAME TO sample')
sql <<'SQL'
CREATE TABLE invoice (data text, customer text, invoice_date date, due_date date, paid_date date,
                      amount numeric, disputed boolean);
CREATE TABLE ibm (country text, customer text, paperless text, invoice text, invoice_date text,
                  due_date text, amount numeric, disputed text, paid_date text, bill text,
                  days_to_pay text, days_late text);
CREATE TABLE highradius (customer text, due_date date, paid_date date, amount numeric);
SQL
copy_set() {
    if [ -n "$2" ]; then
        sql -c "\\copy $1 FROM '$2/invoices.csv' WITH (FORMAT csv, HEADER)"
    else
        echo "no folder is named for $1: that set is not measured" >&2
    fi
}
copy_set ibm "${RECEIVABLES_IBM_AR:-}"
copy_set highradius "${RECEIVABLES_HIGHRADIUS:-}"
sql -f "$here/proposal.sql"

# The customers of all cuts for rpart: the very figures that the proposals have seen.
write_customers() {
    sql -At -c "SELECT 'data,judged_on,rules,bucket,customer,outcome,' || string_agg(name, ',' ORDER BY place)
        FROM (SELECT figures FROM figures LIMIT 1) AS f,
            jsonb_array_elements_text(figures -> 'figures') WITH ORDINALITY AS x(name, place)"
    sql -At -c "
        SELECT concat_ws(',', data, judged_on, rules, bucket, customer, mean, line)
        FROM proposed
        JOIN figures USING (data)
        WHERE as_of = $1"
}
# judge TITLE OPTION VALUE: proposals with that option, and what they and the others come to.
judge() {
    echo "$1"
    sql -v options="$2" -v bucket="$3" -f "$here/proposal_judge.sql"
    if command -v Rscript >/dev/null && Rscript -e 'library(rpart)' 2>/dev/null; then
        write_customers grown_on >"$folder/training.csv"
        write_customers judged_on >"$folder/judged.csv"
        Rscript "$here/proposal.R" "$folder"
        sql -c "\\copy grouped FROM '$folder/rpart.csv' WITH (FORMAT csv, HEADER)"
    else
        echo "Rscript with rpart is not found: its trees are not measured" >&2
    fi
    sql -P footer=off -f "$here/proposal_report.sql"
}
judge 'Rules of 30 customers, 5 %, as by default' '' 'greatest(30, ceil(customers * 0.05))'
judge 'Rules of 10 customers' ', min_customers => 10' 10
sql -P footer=off -f "$here/proposal_limits.sql"
(
    # shellcheck source=bench/lib/measure.sh
    . "$here/lib/measure.sh"
    settings -c jit=off
    processor proposal "SELECT propose_segment_policy(sample) FROM proposal.large"
    printf '%s: %s of processor time\n' \
        "A proposal from 100,000 customers with twelve invoices each, all figures, two attributes" \
        "$(shown "$(median proposal)")"
)
