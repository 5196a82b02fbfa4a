#!/bin/bash
# Reminder dates with stored profiles, a stored calendar and a constant policy: processor time of one call,
# beside the same rules in PL/pgSQL with a holiday table. What a call costs is the query less a bare scan
# of the same columns.
#   PGHOST=... PGDATABASE=... bench/next_reminder.sh [rounds]
# Needs a database with the extension in schema receivables. Makes the tables that it needs, some hundred
# megabytes, and leaves them for the next run.
set -euo pipefail
# shellcheck source=bench/lib/measure.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib/measure.sh"
rounds=${1:-5}
settings -c jit=off -c max_parallel_workers_per_gather=0

exists item || load -f "$bench/next_reminder_data.sql" -f "$bench/next_reminder_plpgsql.sql"
rows=$(sql -c "SELECT count(*) FROM item")
few=$((10000 / divisor)) # PL/pgSQL is asked less

# Both give the same dates.
different=$(sql -c "
    SELECT count(*)
    FROM item, calendar
    WHERE item % 20 = 0
        AND plain_next_reminder_date(due_date, open_amount, '2026-02-01', days_late)
            IS DISTINCT FROM next_reminder_date(
            '{\"steps\": [{\"level\": 1, \"after_days\": 5},
                        {\"level\": 2, \"after_days\": 14, \"from\": \"previous_reminder\"},
                        {\"level\": 3,
                         \"after_days\": 10,
                         \"from\": \"previous_reminder\",
                         \"min_amount\": 250}],
              \"wait\": {},
              \"min_interval_days\": 7,
              \"min_amount\": 25,
              \"max_reminders\": 5,
              \"latest_after_due_days\": 45,
              \"start\": {\"older_than_days\": 90}}',
            due_date, open_amount, '2026-02-01', profile => profile, calendar => calendar)")
((different == 0)) || { echo "$different dates differ" >&2; exit 1; }

arguments="standard_dunning_policy(), due_date, open_amount, '2026-02-01', profile => profile, calendar => calendar"
habits="'{\"steps\": [{\"level\": 1, \"after_days\": 3}], \"wait\": {}, \"payment_day\": {},
        \"structural_shift\": {}, \"latest_after_due_days\": 45}',
    due_date, open_amount, '2026-02-01', profile => profile, calendar => calendar"
scan="FROM item, calendar"
declare -A query=(
    [scan]="SELECT count(profile), count(due_date), count(open_amount), count(calendar) $scan"
    [next_reminder_date]="SELECT count(next_reminder_date($arguments)) $scan"
    [next_reminder_date_payment_day]="SELECT count(next_reminder_date($arguments, segment => 'payment day')) $scan"
    [next_reminder_date_all_habits]="SELECT count(next_reminder_date($habits)) $scan"
    [next_reminder_date_with_prior]="
        SELECT count(next_reminder_date($arguments, prior => portfolio)) $scan,
            (SELECT rollup(profile) AS portfolio FROM customer OFFSET 0) AS p"
    [is_reminder_due]="SELECT count(*) $scan WHERE is_reminder_due($arguments)"
    [next_reminder]="SELECT count(r) FROM (SELECT next_reminder($arguments) AS r $scan OFFSET 0) AS x"
    [next_reminder_payment_day]="
        SELECT count(r)
        FROM (
            SELECT next_reminder($arguments, segment => 'payment day') AS r $scan OFFSET 0
        ) AS x"
    [next_reminder_in_from]="SELECT count(r.reason) $scan, LATERAL next_reminder($arguments) AS r"
    [scan_few]="SELECT count(days_late), count(due_date), count(open_amount) FROM item WHERE item < $few"
    [plpgsql]="
        SELECT count(plain_next_reminder_date(due_date, open_amount, '2026-02-01', days_late))
        FROM item
        WHERE item < $few"
)
names=(scan next_reminder_date next_reminder_date_payment_day
    next_reminder_date_all_habits next_reminder_date_with_prior
    is_reminder_due next_reminder next_reminder_payment_day next_reminder_in_from scan_few plpgsql)

for ((round = 0; round < rounds; round++)); do
    for name in "${names[@]}"; do processor "$name" "${query[$name]}"; done
done

title "$rows unpaid invoices"
for name in "${names[@]}"; do
    case $name in
        scan* | plpgsql) ;;
        next_reminder_date) per_call "next_reminder_date: processor time of a call" "$name" scan "$rows" ;;
        next_reminder) per_call "next_reminder, with its reason: processor time of a call" "$name" scan "$rows" ;;
        *) per_call_detail "$name" "$name" scan "$rows" ;;
    esac
done
per_call_detail "the date by the same rules in PL/pgSQL" plpgsql scan_few "$few"
figure "the same rules in PL/pgSQL / next_reminder_date" \
    "$(calculate %.0f "$(nanoseconds plpgsql scan_few "$few") / $(nanoseconds next_reminder_date scan "$rows")")"
