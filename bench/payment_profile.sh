#!/bin/bash
# Payment profiles against what a user would otherwise run, as ratios within one run.
#   PGHOST=... PGDATABASE=... bench/payment_profile.sh [rounds]
# Needs a database with the extension in schema receivables; the extension tdigest is compared when it
# is there. Makes the tables that it needs, about a gigabyte, and leaves them for the next run.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
rounds=${1:-5}
export PGOPTIONS="-c search_path=receivables,public -c work_mem=1GB -c jit=off -c max_parallel_workers_per_gather=0"
sql() { psql -XqAt -v ON_ERROR_STOP=1 "$@"; }

if [ -z "$(sql -c "SELECT to_regclass('public.invoices')")" ]; then
    PGOPTIONS="" psql -Xq -v ON_ERROR_STOP=1 -f "$here/payment_profile_data.sql"
fi
sql <<'SQL'
DROP TABLE IF EXISTS public.profiles;
CREATE TABLE public.profiles AS
    SELECT customer_id, payment_profile(invoice_date, due_date, paid_date, amount) AS profile
    FROM invoices GROUP BY customer_id;
VACUUM ANALYZE public.profiles;
SQL

profile="payment_profile(invoice_date, due_date, paid_date, amount)"
plain="count(*), avg(paid_date - due_date), stddev_samp(paid_date - due_date),
    min(paid_date - due_date), max(paid_date - due_date),
    percentile_cont(array[0.25, 0.5, 0.9]) WITHIN GROUP (ORDER BY paid_date - due_date),
    sum(amount * (paid_date - due_date)) FILTER (WHERE paid_date IS NOT NULL)
        / sum(amount) FILTER (WHERE paid_date IS NOT NULL),
    avg((paid_date > due_date)::int),
    regr_slope(paid_date - due_date, due_date - date '2000-01-01'),
    mode() WITHIN GROUP (ORDER BY extract(day FROM paid_date))"

declare -A query=(
    [grouped_simple]="SELECT customer_id, avg(paid_date - due_date), sum(amount) FROM invoices GROUP BY 1"
    [grouped_profile]="SELECT customer_id, $profile FROM invoices GROUP BY 1"
    [grouped_plain]="SELECT customer_id, $plain FROM invoices GROUP BY 1"
    [grouped_percentiles]="SELECT customer_id, percentile_days_late($profile, array[0.5, 0.9]) FROM invoices GROUP BY 1"
    [grouped_tdigest]="SELECT customer_id, tdigest_percentile(paid_date - due_date, 100, array[0.5, 0.9]) FROM invoices GROUP BY 1"
    [one_simple]="SELECT avg(paid_date - due_date), sum(amount) FROM invoices"
    [one_profile]="SELECT $profile FROM invoices"
    [one_plain]="SELECT $plain FROM invoices"
    [rollup]="SELECT rollup(profile) FROM profiles"
    [scan_profiles]="SELECT count(profile) FROM profiles"
    [late_share]="SELECT max(late_share(profile)) FROM profiles"
    [median]="SELECT max(median_days_late(profile)) FROM profiles"
)
names=(grouped_simple grouped_profile grouped_plain grouped_percentiles one_simple one_profile
    one_plain rollup scan_profiles late_share median)
sql -c "SELECT 1 FROM pg_extension WHERE extname = 'tdigest'" | grep -q 1 && names+=(grouped_tdigest)

# The median of all rounds, the queries taking turns so that a noisy moment hits them alike.
times=$(mktemp -d)
trap 'rm -rf "$times"' EXIT
# EXPLAIN ANALYZE computes every column and sends none of the result.
milliseconds() { # NAME WORKERS FILE
    sql -c "SET max_parallel_workers_per_gather = $2" \
        -c "EXPLAIN (ANALYZE, TIMING OFF, COSTS OFF) ${query[$1]}" |
        sed -n 's/^Execution Time: \([0-9.]*\) ms/\1/p' >> "$times/$3"
}
for ((round = 0; round < rounds; round++)); do
    for name in "${names[@]}"; do milliseconds "$name" 0 "$name"; done
    for name in grouped_simple grouped_profile grouped_plain; do milliseconds "$name" 1 "${name}_parallel"; done
done
ms() { sort -n "$times/$1" | awk '{v[NR] = $1} END {print v[int((NR + 1) / 2)]}'; }
ratio() { # TEXT LIMIT NUMERATOR DENOMINATOR
    awk -v text="$1" -v limit="$2" -v a="$(ms "$3")" -v b="$(ms "$4")" \
        'BEGIN {printf "| %s | %.2f | %s | %.0f ms / %.0f ms |\n", text, a / b, limit, a, b}'
}
per_call() { # TEXT NAME
    awk -v text="$1" -v a="$(ms "$2")" -v b="$(ms scan_profiles)" \
        'BEGIN {printf "| %s | %.2f µs | 1 µs | |\n", text, (a - b) / 100}'
}
echo "5,000,000 invoices, 100,000 customers; median of $rounds rounds; $(sql -c 'SHOW server_version')"
echo
echo "| | ratio | goal, at most | |"
echo "|---|---|---|---|"
ratio "grouped profile / avg, sum" 1.1 grouped_profile grouped_simple
ratio "grouped profile / plain SQL" 0.9 grouped_profile grouped_plain
ratio "two processes: grouped profile / avg, sum" "" grouped_profile_parallel grouped_simple_parallel
ratio "two processes: grouped profile / plain SQL" 0.6 grouped_profile_parallel grouped_plain_parallel
[ -f "$times/grouped_tdigest" ] && ratio "grouped profile with median and p90 / tdigest" 0.7 grouped_percentiles grouped_tdigest
ratio "one group: profile / avg, sum" 1.0 one_profile one_simple
ratio "one group: profile / plain SQL" 0.22 one_profile one_plain
ratio "portfolio figures by rollup of 100,000 stored profiles / by plain SQL from the invoices" 0.2 rollup one_plain
ratio "rollup of 100,000 stored profiles / profile from the invoices" 0.2 rollup one_profile
per_call "late_share of a stored profile" late_share
per_call "median_days_late of a stored profile" median
echo "| stored profile of 50 invoices | $(sql -c "SELECT round(avg(pg_column_size(profile))) || ' bytes, at most ' || max(pg_column_size(profile)) FROM profiles WHERE item_count(profile) = 50") | 500 bytes | |"
