#!/bin/bash
# The reports of a source against the bare average and sum over the same table, of every customer and of all.
#   PGHOST=... PGDATABASE=... bench/reports.sh [rounds]
# A million customers with ten invoices each, those of refresh_segments.sh. Needs a database with the
# extension in schema receivables. Makes the tables that it needs (about 2 GB with the results) and leaves
# them for the next run.
set -euo pipefail
# shellcheck source=bench/lib/measure.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib/measure.sh"
rounds=${1:-3}
customers=$((1000000 / divisor))
settings -c jit=off

exists refresh_invoice || load -v customers="$customers" -f "$bench/refresh_segments_data.sql"
sql -c "TRUNCATE customer_segments, segment_changes, segment_profiles, refresh_runs" -c "DELETE FROM sources" \
    -c "SELECT register_source('bench', 'refresh_invoice')" >/dev/null
sql -c "CALL refresh_segments('bench', '2025-12-31')" 2>/dev/null
sql -c "VACUUM ANALYZE customer_segments" -c CHECKPOINT

declare -A query=(
    [bare]="SELECT customer_id, avg(paid_date - due_date), sum(amount) FROM refresh_invoice GROUP BY customer_id"
    [bare_all]="SELECT avg(paid_date - due_date), sum(amount) FROM refresh_invoice"
    [aging_customer]="SELECT * FROM aging_report('bench', '2025-12-31')"
    [aging_segment]="SELECT * FROM aging_report('bench', '2025-12-31', 'segment')"
    [dso]="SELECT * FROM dso_report('bench', '2025-12-31')"
    [trend]="SELECT * FROM portfolio_trend('bench', '2025-01-01', '2025-12-31')"
    [ecl]="SELECT * FROM ecl_report('bench', '2025-12-31', 'segment', least_rates => '{0.01,0.01,0.01,0.01,0.01}')"
)
for ((round = 0; round < rounds; round++)); do
    for name in "${!query[@]}"; do elapsed "$name" "${query[$name]}"; done
done

title "$customers customers, $((customers * 10)) invoices; work_mem $(sql -c 'SHOW work_mem'), \
max_parallel_workers_per_gather $(sql -c 'SHOW max_parallel_workers_per_gather')"
ratio "aging_report by customer / avg, sum of every customer" aging_customer bare 3
ratio "aging_report by segment / avg, sum of every customer" aging_segment bare 3
ratio "dso_report / avg, sum of every customer" dso bare 3
ratio "portfolio_trend, twelve months / avg, sum of every customer" trend bare 3
ratio "ecl_report by segment / avg, sum of every customer" ecl bare 3
detail "dso_report / avg, sum of all" "$(calculate %.2f "$(median dso) / $(median bare_all)")"
detail "portfolio_trend, twelve months / avg, sum of all" "$(calculate %.2f "$(median trend) / $(median bare_all)")"
