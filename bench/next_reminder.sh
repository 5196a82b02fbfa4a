#!/bin/bash
# Reminder dates with stored profiles, a stored calendar and a constant policy: processor time of one call,
# beside the same rules in PL/pgSQL with a holiday table. What a call costs is the query less a bare scan
# of the same columns.
#   PGHOST=... PGDATABASE=... bench/next_reminder.sh [rounds]
# Needs a database with the extension in schema receivables. Makes the tables that it needs, some hundred
# megabytes, and leaves them for the next run.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
rounds=${1:-5}
export PGOPTIONS="-c search_path=public,receivables -c jit=off -c max_parallel_workers_per_gather=0"
sql() { psql -XqAt -v ON_ERROR_STOP=1 "$@"; }

if [ -z "$(sql -c "SELECT to_regclass('public.item')")" ]; then
    sql -f "$here/next_reminder_data.sql" -f "$here/next_reminder_plpgsql.sql"
fi
rows=$(sql -c "SELECT count(*) FROM item")
few=10000 # PL/pgSQL is asked less

# Both give the same dates.
sql -c "SELECT 'different dates: ' || count(*) FROM item, calendar WHERE item % 20 = 0 AND
    plain_next_reminder_date(due_date, open_amount, '2026-02-01', days_late) IS DISTINCT FROM
    next_reminder_date('{\"steps\": [{\"level\": 1, \"after_days\": 5},
            {\"level\": 2, \"after_days\": 14, \"from\": \"previous_reminder\"},
            {\"level\": 3, \"after_days\": 10, \"from\": \"previous_reminder\", \"min_amount\": 250}],
        \"wait\": {}, \"min_interval_days\": 7, \"min_amount\": 25, \"max_reminders\": 5, \"latest_after_due_days\": 45,
        \"start\": {\"older_than_days\": 90}}', due_date, open_amount, '2026-02-01', profile => profile, calendar => calendar)"

arguments="standard_dunning_policy(), due_date, open_amount, '2026-02-01', profile => profile, calendar => calendar"
habits="'{\"steps\": [{\"level\": 1, \"after_days\": 3}], \"wait\": {}, \"payment_day\": {}, \"structural_shift\": {}, \"latest_after_due_days\": 45}',
    due_date, open_amount, '2026-02-01', profile => profile, calendar => calendar"
scan="FROM item, calendar"
declare -A query=(
    [scan]="SELECT count(profile), count(due_date), count(open_amount), count(calendar) $scan"
    [next_reminder_date]="SELECT count(next_reminder_date($arguments)) $scan"
    [next_reminder_date_payment_day]="SELECT count(next_reminder_date($arguments, segment => 'payment day')) $scan"
    [next_reminder_date_all_habits]="SELECT count(next_reminder_date($habits)) $scan"
    [next_reminder_date_with_prior]="SELECT count(next_reminder_date($arguments, prior => portfolio)) $scan, (SELECT rollup(profile) AS portfolio FROM customer OFFSET 0) AS p"
    [is_reminder_due]="SELECT count(*) $scan WHERE is_reminder_due($arguments)"
    [next_reminder]="SELECT count(r.reason) $scan, LATERAL next_reminder($arguments) AS r"
    [next_reminder_payment_day]="SELECT count(r.reason) $scan, LATERAL next_reminder($arguments, segment => 'payment day') AS r"
    [scan_few]="SELECT count(days_late), count(due_date), count(open_amount) FROM item WHERE item < $few"
    [plpgsql]="SELECT count(plain_next_reminder_date(due_date, open_amount, '2026-02-01', days_late)) FROM item WHERE item < $few"
)
names=(scan next_reminder_date next_reminder_date_payment_day next_reminder_date_all_habits next_reminder_date_with_prior
    is_reminder_due next_reminder next_reminder_payment_day scan_few plpgsql)

# The median of all rounds, the queries taking turns so that a noisy moment hits them alike.
times=$(mktemp -d)
trap 'rm -rf "$times"' EXIT
seconds() { # processor time of one run, user and system
    PGOPTIONS="$PGOPTIONS -c client_min_messages=log -c log_executor_stats=on" psql -XqAt -c "$1" 2>&1 |
        sed -n 's/^!.*[[:space:]]\([0-9.]*\) s user, \([0-9.]*\) s system, .*/\1 \2/p' | awk 'NR == 1 {print $1 + $2}'
}
for ((round = 0; round < rounds; round++)); do
    for name in "${names[@]}"; do seconds "${query[$name]}" >> "$times/$name"; done
done
median() { sort -g "$times/$1" | awk '{v[NR] = $1} END {print v[int((NR + 1) / 2)]}'; }
cost() { # NAME SCAN ROWS: nanoseconds of a call
    awk -v a="$(median "$1")" -v b="$(median "$2")" -v n="$3" 'BEGIN {printf "%.0f", (a - b) * 1e9 / n}'
}
printf '%-32s %10s %14s\n' "" "ns a call" "calls a second"
for name in "${names[@]}"; do
    case $name in
    scan*) continue ;;
    plpgsql) ns=$(cost plpgsql scan_few "$few") ;;
    *) ns=$(cost "$name" scan "$rows") ;;
    esac
    printf '%-32s %10s %14s\n' "$name" "$ns" "$(awk -v n="$ns" 'BEGIN {printf "%.0f", 1e9 / n}')"
    [ "$name" = next_reminder_date ] && ours=$ns
done
awk -v a="$ns" -v b="$ours" 'BEGIN {printf "PL/pgSQL takes %.0f times as long as next_reminder_date\n", a / b}'
