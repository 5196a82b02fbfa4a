# Shared by the benchmarks: the session's settings, taking the time, and the form of a figure. Sourced by
# bash; needs psql and a server (PGHOST ..., PGDATABASE) with the extension in schema receivables, and for
# processor times a superuser, whom alone PostgreSQL tells them.
# shellcheck shell=bash disable=SC2034,SC2154  # variables shared between the files
bench=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
top=$(dirname "$bench")
# BENCH_DIVISOR makes the data smaller, for a look at whether everything runs.
divisor=${BENCH_DIVISOR:-1}
given_settings=${PGOPTIONS:-}
times=$(mktemp -d)
trap 'rm -rf "$times"' EXIT

# settings [-c NAME=VALUE...]: of all sessions; what the caller's PGOPTIONS say comes last and wins.
settings() {
    export PGOPTIONS="-c search_path=receivables,public -c client_min_messages=warning $* $given_settings"
}
sql() { psql -XqAt -v ON_ERROR_STOP=1 "$@"; }
exists() { [ -n "$(sql -c "SELECT to_regclass('public.$1')")" ]; }
load() { PGOPTIONS="-c search_path=public,receivables" sql -v divisor="$divisor" "$@"; }

# EXPLAIN ANALYZE computes every column and sends none of the result.
explain() { echo "EXPLAIN (ANALYZE, TIMING OFF, COSTS OFF) $1"; }

# elapsed NAME QUERY [SETTING...]: milliseconds of one execution, kept under NAME.
elapsed() {
    local name=$1 query=$2 setting before=()
    shift 2
    for setting in "$@"; do before+=(-c "SET $setting"); done
    sql "${before[@]}" -c "$(explain "$query")" | sed -n 's/^Execution Time: \([0-9.]*\) ms/\1/p' >>"$times/$name"
}

# processor NAME QUERY: milliseconds of processor time of the one server process, kept under NAME.
processor() {
    # The statistics of the SET statements come too: the query's are the largest.
    sql -c 'SET client_min_messages = log' -c 'SET log_executor_stats = on' -c "$(explain "$2")" 2>&1 |
        awk '/s user,/ { sub(/^!?[ \t]*/, ""); if ($1 + $4 > most) most = $1 + $4 }
             END { print most * 1000 }' >>"$times/$1"
}

# The median of what was kept under a name.
median() { sort -g "$times/$1" | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }

calculate() { awk "BEGIN { printf \"$1\", $2 }"; }

# title TEXT: what was measured on, and the head of the table.
title() {
    printf '\n%s; %s rounds; PostgreSQL %s\n\n' "$1" "$rounds" "$(sql -c 'SHOW server_version')"
    printf '| | | goal | |\n|---|---|---|---|\n'
}

# detail TEXT VALUE [GOAL [TIMES]]: a line of the benchmark's own table.
detail() { printf '| %s | %s | %s | %s |\n' "$1" "$2" "${3:-}" "${4:-}"; }

# figure TEXT VALUE [GOAL [TIMES]]: the same, and bench/run takes it over, from the file BENCH_FIGURES.
figure() {
    detail "$@"
    [ -z "${BENCH_FIGURES:-}" ] || printf '%s\t%s\t%s\t%s\n' "$1" "$2" "${3:-}" "${4:-}" >>"$BENCH_FIGURES"
}

# ratio TEXT NAME NAME [GOAL]: of the medians kept under the two names, which were taken in turns, so that a
# noisy moment hits both.
ratio() {
    local a b
    a=$(median "$2") b=$(median "$3")
    figure "$1" "$(calculate %.2f "$a / $b")" "${4:-}" "$(shown "$a") / $(shown "$b")"
}
shown() { awk -v t="$1" 'BEGIN { if (t >= 1000) printf "%.1f s", t / 1000; else printf "%.0f ms", t }'; }

# per_call TEXT NAME BASE CALLS [GOAL]: what a call costs: the query that makes them less the one that does not.
nanoseconds() { calculate %.0f "($(median "$1") - $(median "$2")) * 1e6 / $3"; }
per_call() { figure "$1" "$(nanoseconds "$2" "$3" "$4") ns" "${5:-}"; }
per_call_detail() { detail "$1" "$(nanoseconds "$2" "$3" "$4") ns" "${5:-}"; }
