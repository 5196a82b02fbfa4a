#!/bin/bash
# Segments against what a user would otherwise write, over a million stored profiles with attributes.
#   PGHOST=... PGDATABASE=... bench/segment_policy.sh [rounds]
# Needs a database with the extension in schema receivables, and a superuser (for log_executor_stats).
# Makes the table that it needs, about half a gigabyte, and leaves it for the next run. All times are
# processor time of the one server process, the median of the rounds.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
rounds=${1:-5}
export PGOPTIONS="-c search_path=receivables,public -c jit=off -c max_parallel_workers_per_gather=0"
sql() { psql -XqAt -v ON_ERROR_STOP=1 "$@"; }

if [ -z "$(sql -c "SELECT to_regclass('public.payers')")" ]; then
    PGOPTIONS="-c search_path=public,receivables" psql -Xq -v ON_ERROR_STOP=1 -f "$here/segment_policy_data.sql"
fi
sql -f "$here/segment_policy_rivals.sql"
# The functions called from a loop see as many rows as this; queries see all.
rows=$(sql -c "SELECT count(*) FROM payers")
loop_rows=200000

assign() { echo "SELECT assign_segment($1, profile, '2025-12-31', attributes) FROM payers"; }
declare -A query=(
    [scan]="SELECT profile IS NULL, attributes IS NULL FROM payers"
    [counts_shares]="$(assign "bench.counts_and_shares()")"
    [standard]="$(assign "standard_segment_policy()")"
    [attributes]="$(assign "bench.with_attributes()")"
    [from_table]="SELECT assign_segment(rules, profile, '2025-12-31', attributes) FROM payers, bench.policy"
    [case]="SELECT $(sql -c "SELECT bench.standard_as_case()") FROM payers"
    [plpgsql]="SELECT bench.standard_in_plpgsql(profile, '2025-12-31', attributes) FROM payers"
    [counts_plpgsql]="SELECT bench.counts_and_shares_in_plpgsql(profile, '2025-12-31', attributes) FROM payers"
    [loop_empty]="SELECT bench.loop_empty($loop_rows)"
    [loop_other]="SELECT bench.loop_other($loop_rows)"
    [loop_assign]="SELECT bench.loop_assign($loop_rows)"
)
names=(scan counts_shares standard attributes from_table case plpgsql counts_plpgsql loop_empty loop_other loop_assign)

# The rivals must give the same answers.
sql <<'SQL' | grep -qx t || { echo "the rivals differ" >&2; exit 1; }
SELECT bool_and(a IS NOT DISTINCT FROM b) FROM (
    SELECT assign_segment(standard_segment_policy(), profile, '2025-12-31', attributes) AS a,
           bench.standard_in_plpgsql(profile, '2025-12-31', attributes) AS b FROM payers LIMIT 100000) AS t
WHERE (SELECT bool_and(assign_segment(standard_segment_policy(), profile, '2025-12-31', attributes, now)
                       IS NOT DISTINCT FROM bench.standard_in_plpgsql(profile, '2025-12-31', attributes, now))
       FROM (SELECT * FROM payers LIMIT 10000) AS p,
           unnest(array['at risk', 'disputing', 'payment day', 'deteriorating', 'prompt', 'structural', 'slow', 'occasional']) AS now)
    AND (SELECT bool_and(assign_segment(bench.counts_and_shares(), profile, '2025-12-31', attributes)
                         IS NOT DISTINCT FROM bench.counts_and_shares_in_plpgsql(profile, '2025-12-31', attributes))
         FROM (SELECT * FROM payers LIMIT 100000) AS p);
SQL

times=$(mktemp -d)
trap 'rm -rf "$times"' EXIT
# EXPLAIN ANALYZE computes every column and sends none of the result; the statistics come after it.
milliseconds() { # NAME
    { sql -c "SET client_min_messages = log" -c "SET log_executor_stats = on" \
        -c "EXPLAIN (ANALYZE, TIMING OFF, COSTS OFF) ${query[$1]}" 2>&1 >/dev/null || true; } |
        awk '/s user,/ {sub(/^!?[ \t]*/, ""); if ($1 + $4 > most) most = $1 + $4} END {print most * 1000}' >> "$times/$1"
}
for ((round = 0; round < rounds; round++)); do
    for name in "${names[@]}"; do milliseconds "$name"; done
done
ms() { sort -n "$times/$1" | awk '{v[NR] = $1} END {print v[int((NR + 1) / 2)]}'; }
net() { # NAME: nanoseconds a call, without the scan
    awk -v a="$(ms "$1")" -v b="$(ms scan)" -v n="$rows" 'BEGIN {print (a - b) * 1e6 / n}'
}
line() { # TEXT GOAL FORMAT EXPRESSION VARIABLE...
    local text=$1 goal=$2 format=$3 expression=$4
    shift 4
    awk "$@" -v text="$text" -v goal="$goal" \
        "BEGIN {printf \"| %s | $format | %s |\\n\", text, $expression, goal}"
}
per_second() { line "$1" "$2" "%d" "1e9 / t" -v "t=$(net "$3")"; }
over() { line "$1" "$2" "%.2f" "a / b" -v "a=$(net "$3")" -v "b=$(net "$4")"; }
loop() { # TEXT GOAL LOOP BASE
    line "$1" "$2" "%.2f µs" "(a - b) * 1e3 / n - t / 1e3" -v "a=$(ms "$3")" -v "b=$(ms "$4")" -v "n=$loop_rows" \
        -v "t=$(net standard)"
}
echo "$rows profiles of 10 to 20 invoices; median of $rounds rounds; $(sql -c 'SHOW server_version')"
echo
echo "| | | goal |"
echo "|---|---|---|"
per_second "rules of counts and shares: assignments a second" "at least 1,000,000" counts_shares
per_second "standard policy: assignments a second" "at least 300,000" standard
per_second "standard policy from a table: assignments a second" "" from_table
per_second "rules with attributes: assignments a second" "" attributes
over "standard policy / the same as CASE over accessors" "at most 1" standard case
over "the same as a PL/pgSQL function / standard policy" "at least 3" plpgsql standard
over "the same as a PL/pgSQL function / rules of counts and shares" "" counts_plpgsql counts_shares
loop "call in a PL/pgSQL loop with SELECT INTO, beyond that in a query" "at most 2 µs" loop_assign loop_empty
loop "of that, what SELECT INTO of any other function would not cost" "" loop_assign loop_other
