#!/bin/bash
# The check-up of a segmentation on a million customers, beside plain SQL in the same run.
#   PGHOST=... PGDATABASE=... bench/segment_checkup.sh [rounds]
# Needs a database with the extension in schema receivables. Makes one table and leaves it.
# Elapsed time, and the backend's own user and system time: on a busy machine only the latter counts.
set -euo pipefail
rounds=${1:-3}
export PGOPTIONS="-c search_path=receivables,public -c jit=off -c max_parallel_workers_per_gather=0 -c client_min_messages=warning"
sql() { psql -XqAt -v ON_ERROR_STOP=1 "$@"; }

sql <<'SQL'
CREATE TABLE IF NOT EXISTS public.checkup_customer AS
    SELECT 's' || i % 9 AS segment_then, 's' || (i * 7919::bigint) % 9 AS segment_now,
        -ln(1 - ((i * 7919::bigint) % 1000003) / 1000003.0::float8) * 20 AS days
    FROM generate_series(1, 1000000) i;
VACUUM ANALYZE public.checkup_customer;
SQL
echo "values: $(sql -c 'SELECT count(*), count(DISTINCT days) FROM checkup_customer')"

measure() { # NAME QUERY: the best of all rounds, in seconds
    local best="" line
    for ((round = 0; round < rounds; round++)); do
        line=$(psql -XqAt -v ON_ERROR_STOP=1 -c 'SET log_executor_stats = on; SET client_min_messages = log' -c "$2" 2>&1 >/dev/null |
            sed -n 's/.*\t\([0-9.]*\) s user, \([0-9.]*\) s system, \([0-9.]*\) s elapsed.*/\1 \2 \3/p' |
            awk '{ printf "%.2f %.2f\n", $1 + $2, $3 }' | tail -n 1)
        best=$(printf '%s\n%s\n' "$best" "$line" | grep . | sort -n | head -n 1)
    done
    printf '| %s | %s | %s |\n' "$1" "${best% *}" "${best#* }"
}
echo "| | CPU s | elapsed s |"
echo "|---|---|---|"
measure "count(days), avg(days)" "SELECT count(days), avg(days) FROM checkup_customer"
measure "natural_breaks(days, 7)" "SELECT natural_breaks(days, 7) FROM checkup_customer"
measure "natural_breaks(days, 2)" "SELECT natural_breaks(days, 2) FROM checkup_customer"
measure "eta squared in plain SQL" "SELECT 1 - sum(part) / max(total) FROM (SELECT count(*) * var_pop(days) AS part, (SELECT count(*) * var_pop(days) FROM checkup_customer) AS total FROM checkup_customer GROUP BY segment_now) x"
measure "eta_squared(segment_quality)" "SELECT eta_squared(segment_quality(segment_now, days)) FROM checkup_customer"
measure "migration by GROUP BY" "SELECT segment_then, segment_now, count(*) FROM checkup_customer GROUP BY 1, 2"
measure "segment_migration" "SELECT migration_matrix(m) FROM (SELECT segment_migration(segment_then, segment_now) AS m FROM checkup_customer) x"
measure "population_stability_index" "SELECT population_stability_index(segment_then, segment_now) FROM checkup_customer"
