#!/bin/bash
# Aging and days sales outstanding over two million open items, beside sum(amount) FILTER (...) written by
# hand for the same buckets, in the same run.
#   PGHOST=... PGDATABASE=... bench/portfolio.sh [rounds]
# Needs a database with the extension in schema receivables. Makes one table and leaves it.
# The backend's own user and system time, and elapsed time: on a busy machine only the former counts.
set -euo pipefail
rounds=${1:-3}
export PGOPTIONS="-c search_path=receivables,public -c jit=off -c max_parallel_workers_per_gather=0 -c client_min_messages=warning"

psql -XqAt -v ON_ERROR_STOP=1 <<'SQL'
CREATE TABLE IF NOT EXISTS public.open_item AS
    SELECT (i * 7919::bigint) % 20000 AS customer, date '2026-06-30' - ((i * 7919::bigint) % 181)::int + 45 AS due_date,
        date '2026-06-30' - ((i * 7919::bigint) % 720)::int AS invoice_date,
        ((i * 104729::bigint) % 2000003 - 100000)::numeric / 100 AS amount, i % 40 = 0 AS disputed
    FROM generate_series(1, 2000000) i;
VACUUM ANALYZE public.open_item;
SQL

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

# Six buckets, the disputed apart and the credits apart: the columns of the aging.
by_hand="sum(amount) FILTER (WHERE amount < 0) AS credits, sum(amount) FILTER (WHERE amount > 0 AND disputed) AS disputed"
for condition in "<= 0" "BETWEEN 1 AND 30" "BETWEEN 31 AND 60" "BETWEEN 61 AND 90" "> 90" "IS NULL"; do
    by_hand+=", sum(amount) FILTER (WHERE amount > 0 AND NOT disputed AND date '2026-06-30' - due_date $condition)"
done
# Sales by month, from which the days are then counted by hand.
months=""
for ((month = 0; month < 12; month++)); do
    first="date '2026-06-01' - interval '$month months'"
    months+="${months:+, }sum(amount) FILTER (WHERE invoice_date >= $first AND invoice_date < $first + interval '1 month')"
done

echo "| | CPU s | elapsed s |"
echo "|---|---|---|"
measure "sum(amount)" "SELECT sum(amount) FROM open_item"
measure "eight sums with FILTER" "SELECT $by_hand FROM open_item"
measure "aging" "SELECT aging(due_date, amount, '2026-06-30', '{30,60,90}', disputed) FROM open_item"
measure "eight sums with FILTER, by customer" "SELECT customer, $by_hand FROM open_item GROUP BY customer"
measure "aging, by customer" "SELECT customer, aging(due_date, amount, '2026-06-30', '{30,60,90}', disputed) FROM open_item GROUP BY customer"
measure "sales of twelve months with FILTER" "SELECT $months FROM open_item"
measure "countback_dso" "SELECT countback_dso(invoice_date, amount, 5e9, '2026-06-30') FROM open_item"
measure "receivables, not yet due, sales with FILTER" "SELECT sum(amount) * 365 / sum(amount) FILTER (WHERE invoice_date > '2025-06-30'), sum(amount) FILTER (WHERE due_date >= '2026-06-30') * 365 / sum(amount) FILTER (WHERE invoice_date > '2025-06-30') FROM open_item"
measure "dso, best_possible_dso of the same" "SELECT dso(sum(amount), sum(amount) FILTER (WHERE invoice_date > '2025-06-30')), best_possible_dso(sum(amount) FILTER (WHERE due_date >= '2026-06-30'), sum(amount) FILTER (WHERE invoice_date > '2025-06-30')) FROM open_item"
