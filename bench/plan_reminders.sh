#!/bin/bash
# The plan of a day over a million open invoices among ten million.
#   PGHOST=... PGDATABASE=... bench/plan_reminders.sh [customers] [rounds]
# Ten invoices a customer, those of the last eleven weeks open. Needs a database with the extension in schema
# receivables; makes the tables of bench/refresh_segments.sh when they are not there.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
customers=${1:-1000000}
rounds=${2:-3}
settings=${PGOPTIONS:-}
export PGOPTIONS="-c search_path=receivables,public -c jit=off $settings"
sql() { psql -XqAt -v ON_ERROR_STOP=1 "$@"; }

if [ -z "$(sql -c "SELECT to_regclass('public.refresh_invoice')")" ]; then
    PGOPTIONS="" psql -Xq -v ON_ERROR_STOP=1 -v customers="$customers" -f "$here/refresh_segments_data.sql"
fi
sql <<'SQL'
SET client_min_messages = warning;
SELECT unregister_source(name, true) FROM sources WHERE name = 'plan';
CREATE OR REPLACE VIEW public.plan_invoice WITH (security_invoker = true) AS
    SELECT customer_id, invoice_id, invoice_date, due_date,
        CASE WHEN invoice_date < '2025-09-15' THEN paid_date END AS paid_date, amount,
        CASE WHEN invoice_date < '2025-09-15' THEN open_amount ELSE amount END AS open_amount
    FROM public.refresh_invoice;
SELECT register_source('plan', 'public.plan_invoice');
CALL refresh_segments('plan', '2025-12-05');
SQL
sql -c "VACUUM ANALYZE customer_segments"

declare -A query=(
    [scan]="SELECT customer_id, avg(paid_date - due_date), sum(amount) FROM plan_invoice GROUP BY customer_id"
    [plan]="SELECT * FROM plan_reminders('plan', '2025-12-05')"
    [letters]="SELECT * FROM plan_letters('plan', '2025-12-05')"
    [watch]="SELECT * FROM customers_to_watch('plan', '2025-12-05')"
    [hold]="SELECT * FROM credit_hold_candidates('plan', '2025-12-05')"
)
times=$(mktemp -d)
trap 'rm -rf "$times"' EXIT
for ((round = 0; round < rounds; round++)); do
    for name in "${!query[@]}"; do
        sql -c "EXPLAIN (ANALYZE, TIMING OFF, COSTS OFF) ${query[$name]}" |
            awk -v file="$times/$name" '/rows=/ && !rows {match($0, /rows=[0-9]+/); rows = substr($0, RSTART + 5, RLENGTH - 5)}
                 /^Execution Time/ {print $3 >> file; print rows > (file ".rows")}'
    done
done
line() { # TEXT NAME GOAL
    printf '| %s | %.1f s | %s | %s |\n' "$1" \
        "$(sort -n "$times/$2" | awk '{v[NR] = $1} END {print v[int((NR + 1) / 2)] / 1000}')" "$(cat "$times/$2.rows")" "$3"
}
echo "$customers customers, $((customers * 10)) invoices," \
    "$(sql -c "SELECT count(*) FROM plan_invoice WHERE paid_date IS NULL") open; median of $rounds rounds;" \
    "PostgreSQL $(sql -c 'SHOW server_version'), work_mem $(sql -c 'SHOW work_mem')"
echo
echo "| | time | rows | goal |"
echo "|---|---|---|---|"
line "avg, sum of every customer, for comparison" scan ""
line "plan_reminders" plan "10 s"
line "plan_letters" letters ""
line "customers_to_watch" watch ""
line "credit_hold_candidates" hold ""
