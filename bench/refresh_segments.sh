#!/bin/bash
# A refresh of all customers against the bare grouped average and sum over the same table.
#   PGHOST=... PGDATABASE=... bench/refresh_segments.sh [rounds]
# A million customers with ten invoices each. Needs a database with the extension in schema receivables, on
# this machine for the figures of memory. Makes the tables that it needs (about 2 GB with the results) and
# leaves them for the next run. PGOPTIONS, such as "-c work_mem=64MB", holds for both sides.
set -euo pipefail
# shellcheck source=bench/lib/measure.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib/measure.sh"
rounds=${1:-3}
customers=$((1000000 / divisor))
settings -c jit=off

exists refresh_invoice || load -v customers="$customers" -f "$bench/refresh_segments_data.sql"
have=$(sql -c "SELECT count(*) FROM refresh_customer")
[ "$have" = "$customers" ] || {
    echo "the tables hold $have customers; drop refresh_customer and refresh_invoice first" >&2
    exit 1
}

# timed NAME STATEMENT...: seconds of the last statement in a session of its own to NAME, and the most
# anonymous memory that its backend had, in MB, to NAME.memory.
timed() {
    local name=$1 pid most=0 now
    shift
    (printf '%s\n' "SELECT pg_backend_pid();" "\\timing on" "$*" | sql >"$times/out" 2>"$times/err") &
    local session=$!
    until pid=$(sed -n 1p "$times/out" 2>/dev/null) && [ -n "$pid" ]; do sleep 0.05; done
    while kill -0 $session 2>/dev/null; do
        now=$(sed -n 's/^RssAnon:[^0-9]*\([0-9]*\) kB/\1/p' "/proc/$pid/status" 2>/dev/null || true)
        ((${now:-0} > most)) && most=$now
        sleep 0.1
    done
    wait $session || { cat "$times/err" >&2; exit 1; }
    sed -n 's/^Time: \([0-9.]*\) ms.*/\1/p' "$times/out" | tail -n 1 >>"$times/$name"
    echo $((most / 1024)) >>"$times/$name.memory"
    rm "$times/out"
}
bare="SELECT customer_id, avg(paid_date - due_date), sum(amount) FROM refresh_invoice GROUP BY customer_id"
for ((round = 0; round < rounds; round++)); do
    sql -c "TRUNCATE customer_segments, segment_changes, segment_profiles, refresh_runs" -c "DELETE FROM sources" \
        -c "SELECT register_source('bench', 'refresh_invoice')" >/dev/null
    sql -c CHECKPOINT
    timed bare "$(explain "$bare");"
    timed first "CALL refresh_segments('bench', '2025-12-31');"
    timed second "CALL refresh_segments('bench', '2025-12-31');"
    timed next "CALL refresh_segments('bench', '2026-01-01');"
    sql -c "UPDATE sources SET segment_policy = NULL, history_months = 12" -c CHECKPOINT
    timed many "CALL refresh_segments('bench', '2026-01-02');"
done
against_bare() { # TEXT NAME [GOAL]
    figure "$1 / avg, sum of every customer" "$(calculate %.2f "$(median "$2") / $(median bare)")" "${3:-}" \
        "$(shown "$(median "$2")") / $(shown "$(median bare)"), $(median "$2.memory") MB"
}
title "$customers customers, $((customers * 10)) invoices; work_mem $(sql -c 'SHOW work_mem'), \
max_parallel_workers_per_gather $(sql -c 'SHOW max_parallel_workers_per_gather')"
against_bare "first refresh" first 1.7
against_bare "refresh, the same day again" second
against_bare "refresh, the next day" next
against_bare "refresh, a day on which most profiles change" many
echo
sql -c "
    SELECT format('%s of %s customers changed segment in the runs', sum(changes), max(customers))
    FROM refresh_runs" \
    -c "
        SELECT format(
            'customer_segments: %s with its index',
            pg_size_pretty(pg_total_relation_size('customer_segments')))"
