#!/bin/bash
# Segments against what a user would otherwise write, over a million stored profiles with attributes.
#   PGHOST=... PGDATABASE=... bench/segment_policy.sh [rounds]
# Needs a database with the extension in schema receivables, and a superuser (for log_executor_stats).
# Makes the table that it needs, about half a gigabyte, and leaves it for the next run. All times are
# processor time of the one server process, the median of the rounds.
set -euo pipefail
# shellcheck source=bench/lib/measure.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib/measure.sh"
rounds=${1:-5}
settings -c jit=off -c max_parallel_workers_per_gather=0

exists payers || load -f "$bench/segment_policy_data.sql"
sql -f "$bench/segment_policy_rivals.sql"
# The functions called from a loop see as many rows as this; queries see all.
rows=$(sql -c "SELECT count(*) FROM payers")
loop_rows=$((200000 / divisor))

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
           unnest(array['at risk', 'disputing', 'payment day', 'deteriorating', 'prompt',
               'structural', 'slow', 'occasional']) AS now)
    AND (SELECT bool_and(assign_segment(bench.counts_and_shares(), profile, '2025-12-31', attributes)
                         IS NOT DISTINCT FROM bench.counts_and_shares_in_plpgsql(profile, '2025-12-31', attributes))
         FROM (SELECT * FROM payers LIMIT 100000) AS p);
SQL

for ((round = 0; round < rounds; round++)); do
    for name in "${names[@]}"; do processor "$name" "${query[$name]}"; done
done
per_second() { detail "$1" "$(calculate %d "1e9 / $(nanoseconds "$3" scan "$rows")")" "${2:-}"; }
over() { figure "$1" "$(calculate %.2f "$(nanoseconds "$3" scan "$rows") / $(nanoseconds "$4" scan "$rows")")" "$2"; }
loop() { # TEXT GOAL LOOP BASE: beyond what the same call costs in a query
    detail "$1" "$(($(nanoseconds "$3" "$4" "$loop_rows") - $(nanoseconds standard scan "$rows"))) ns" "$2"
}
title "$rows profiles of 10 to 20 invoices; processor time"
per_call "a segment by the standard policy: processor time of a call" standard scan "$rows"
per_second "assignments a second: rules of counts and shares" "at least 1,000,000" counts_shares
per_second "assignments a second: standard policy" "at least 300,000" standard
per_second "assignments a second: standard policy from a table" "" from_table
per_second "assignments a second: rules with attributes" "" attributes
over "standard policy / the same as CASE over accessors" 1.0 standard case
over "the standard policy as a PL/pgSQL function / as a policy" "at least 3" plpgsql standard
over "rules of counts and shares as a PL/pgSQL function / as a policy" "" counts_plpgsql counts_shares
loop "a call in a PL/pgSQL loop with SELECT INTO, beyond that in a query" "2,000 ns" loop_assign loop_empty
loop "of that, what SELECT INTO of any other function would not cost" "" loop_assign loop_other
