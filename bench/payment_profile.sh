#!/bin/bash
# Payment profiles against what a user would otherwise run, as ratios within one run.
#   PGHOST=... PGDATABASE=... bench/payment_profile.sh [rounds]
# Needs a database with the extension in schema receivables; the extension tdigest is compared when it
# is there. Makes the tables that it needs, about a gigabyte, and leaves them for the next run.
set -euo pipefail
# shellcheck source=bench/lib/measure.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib/measure.sh"
rounds=${1:-5}
settings -c jit=off -c work_mem=1GB -c max_parallel_workers_per_gather=0

exists invoices || load -f "$bench/payment_profile_data.sql"
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
    [grouped_tdigest]="
        SELECT customer_id, tdigest_percentile(paid_date - due_date, 100, array[0.5, 0.9])
        FROM invoices
        GROUP BY 1"
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

for ((round = 0; round < rounds; round++)); do
    for name in "${names[@]}"; do elapsed "$name" "${query[$name]}"; done
    for name in grouped_simple grouped_profile grouped_plain; do
        elapsed "${name}_parallel" "${query[$name]}" 'max_parallel_workers_per_gather = 1'
    done
done

customers=$(sql -c 'SELECT count(*) FROM profiles')
title "$(sql -c 'SELECT count(*) FROM invoices') invoices, $customers customers"
ratio "profile of every customer / avg(paid_date - due_date), sum(amount) of every customer" \
    grouped_profile grouped_simple 1.1
ratio "profile of every customer / plain SQL with the same figures" grouped_profile grouped_plain 0.9
ratio "two processes: profile of every customer / avg, sum" grouped_profile_parallel grouped_simple_parallel
ratio "two processes: profile of every customer / plain SQL" grouped_profile_parallel grouped_plain_parallel 0.6
[ ! -f "$times/grouped_tdigest" ] ||
    ratio "profile of every customer, median and p90 read from it / tdigest" grouped_percentiles grouped_tdigest 0.7
ratio "one profile of all invoices / avg, sum" one_profile one_simple 1.0
ratio "one profile of all invoices / plain SQL" one_profile one_plain 0.22
ratio "rollup of the stored profiles / plain SQL from the invoices" rollup one_plain 0.2
ratio "rollup of the stored profiles / one profile of all invoices" rollup one_profile 0.2
per_call "late_share of a stored profile" late_share scan_profiles "$customers" "1,000 ns"
per_call "median_days_late of a stored profile" median scan_profiles "$customers" "1,000 ns"
figure "a stored profile of 50 invoices" "$(sql -c "SELECT round(avg(pg_column_size(profile))) FROM profiles
    WHERE item_count(profile) = 50") bytes" "500 bytes" \
    "at most $(sql -c 'SELECT max(pg_column_size(profile)) FROM profiles WHERE item_count(profile) = 50')"
