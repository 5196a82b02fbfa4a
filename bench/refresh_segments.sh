#!/bin/bash
# A refresh of all customers against the bare grouped average and sum over the same table.
#   PGHOST=... PGDATABASE=... bench/refresh_segments.sh [customers] [rounds]
# Ten invoices a customer. Needs a database with the extension in schema receivables, on this machine for
# the figures of memory. Makes the tables that it needs (a million customers: about 2 GB with the results)
# and leaves them for the next run. PGOPTIONS, such as "-c work_mem=64MB", holds for both sides.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
customers=${1:-1000000}
rounds=${2:-1}
settings=${PGOPTIONS:-}
export PGOPTIONS="-c search_path=receivables,public -c jit=off $settings"
sql() { psql -XqAt -v ON_ERROR_STOP=1 "$@"; }

if [ -z "$(sql -c "SELECT to_regclass('public.refresh_invoice')")" ]; then
    PGOPTIONS="" psql -Xq -v ON_ERROR_STOP=1 -v customers="$customers" -f "$here/refresh_segments_data.sql"
fi
have=$(sql -c "SELECT count(*) FROM refresh_customer")
[ "$have" = "$customers" ] || { echo "the tables hold $have customers; drop refresh_customer and refresh_invoice first" >&2; exit 1; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# timed NAME STATEMENT...: seconds of the last statement in a session of its own to NAME, and the most
# anonymous memory that its backend had, in MB, to NAME.memory.
timed() {
    local name=$1 pid most=0 now
    shift
    (printf '%s\n' "SELECT pg_backend_pid();" "\\timing on" "$*" | sql >"$work/out" 2>"$work/err") &
    local session=$!
    until pid=$(sed -n 1p "$work/out" 2>/dev/null) && [ -n "$pid" ]; do sleep 0.05; done
    while kill -0 $session 2>/dev/null; do
        now=$(sed -n 's/^RssAnon:[^0-9]*\([0-9]*\) kB/\1/p' "/proc/$pid/status" 2>/dev/null || true)
        ((${now:-0} > most)) && most=$now
        sleep 0.1
    done
    wait $session || { cat "$work/err" >&2; exit 1; }
    rm "$work/out.last" 2>/dev/null || true
    sed -n 's/^Time: \([0-9.]*\) ms.*/\1/p' "$work/out" | tail -n 1 >>"$work/$name"
    echo $((most / 1024)) >>"$work/$name.memory"
    rm "$work/out"
}
bare="SELECT customer_id, avg(paid_date - due_date), sum(amount) FROM refresh_invoice GROUP BY customer_id"
for ((round = 0; round < rounds; round++)); do
    sql -c "TRUNCATE customer_segments, segment_changes, segment_profiles, refresh_runs" -c "DELETE FROM sources" \
        -c "SELECT register_source('bench', 'refresh_invoice')" >/dev/null
    sql -c CHECKPOINT
    timed bare "EXPLAIN (ANALYZE, TIMING OFF, COSTS OFF) $bare;"
    timed first "CALL refresh_segments('bench', '2025-12-31');"
    timed second "CALL refresh_segments('bench', '2025-12-31');"
    timed next "CALL refresh_segments('bench', '2026-01-01');"
    sql -c "UPDATE sources SET segment_policy = NULL, history_months = 12" -c CHECKPOINT
    timed many "CALL refresh_segments('bench', '2026-01-02');"
done
median() { sort -n "$work/$1" | awk '{v[NR] = $1} END {print v[int((NR + 1) / 2)]}'; }
line() { # TEXT NAME GOAL
    awk -v text="$1" -v a="$(median "$2")" -v b="$(median bare)" -v m="$(median "$2.memory")" -v goal="$3" \
        'BEGIN {printf "| %s | %.1f s | %.2f | %s | %d MB |\n", text, a / 1000, a / b, goal, m}'
}
echo "$customers customers, $((customers * 10)) invoices; median of $rounds rounds; PostgreSQL $(sql -c 'SHOW server_version')," \
    "work_mem $(sql -c 'SHOW work_mem'), shared_buffers $(sql -c 'SHOW shared_buffers'), fsync $(sql -c 'SHOW fsync')," \
    "max_parallel_workers_per_gather $(sql -c 'SHOW max_parallel_workers_per_gather')"
echo
echo "| | time | ratio | goal, at most | memory of the backend |"
echo "|---|---|---|---|---|"
line "avg(paid_date - due_date), sum(amount) of every customer" bare ""
line "first refresh" first 5
line "the same day again" second "the first"
line "the next day" next ""
line "a day on which the profiles of most customers change" many ""
sql -c "SELECT format('%s of %s customers changed segment in the runs', sum(changes), max(customers)) FROM refresh_runs" \
    -c "SELECT format('customer_segments: %s with its index', pg_size_pretty(pg_total_relation_size('customer_segments')))"
