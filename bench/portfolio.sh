#!/bin/bash
# Aging and days sales outstanding over two million open items, beside sum(amount) FILTER (...) written by hand
# for the same buckets: processor time.
#   PGHOST=... PGDATABASE=... bench/portfolio.sh [rounds]
# Needs a database with the extension in schema receivables. Makes one table and leaves it.
set -euo pipefail
# shellcheck source=bench/lib/measure.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib/measure.sh"
rounds=${1:-3}
settings -c jit=off -c max_parallel_workers_per_gather=0

sql -v divisor="$divisor" <<'SQL'
CREATE TABLE IF NOT EXISTS public.open_item AS
    SELECT (i * 7919::bigint) % 20000 AS customer, date '2026-06-30' - ((i * 7919::bigint) % 181)::int + 45 AS due_date,
        date '2026-06-30' - ((i * 7919::bigint) % 720)::int AS invoice_date,
        ((i * 104729::bigint) % 2000003 - 100000)::numeric / 100 AS amount, i % 40 = 0 AS disputed
    FROM generate_series(1, 2000000 / :divisor) i;
VACUUM ANALYZE public.open_item;
SQL

# Six buckets, the disputed apart and the credits apart: the columns of the aging.
buckets="sum(amount) FILTER (WHERE amount < 0), sum(amount) FILTER (WHERE amount > 0 AND disputed)"
for condition in "<= 0" "BETWEEN 1 AND 30" "BETWEEN 31 AND 60" "BETWEEN 61 AND 90" "> 90" "IS NULL"; do
    buckets+=", sum(amount) FILTER (WHERE amount > 0 AND NOT disputed AND date '2026-06-30' - due_date $condition)"
done
# Sales by month, from which the days are then counted by hand.
months=""
for ((month = 0; month < 12; month++)); do
    first="date '2026-06-01' - interval '$month months'"
    months+="${months:+, }sum(amount) FILTER (
        WHERE invoice_date >= $first AND invoice_date < $first + interval '1 month')"
done
sales="sum(amount) FILTER (WHERE invoice_date > '2025-06-30')"
not_due="sum(amount) FILTER (WHERE due_date >= '2026-06-30')"
aging="aging(due_date, amount, '2026-06-30', '{30,60,90}', disputed)"

declare -A query=(
    [buckets]="SELECT $buckets FROM open_item"
    [aging]="SELECT $aging FROM open_item"
    [customer_buckets]="SELECT customer, $buckets FROM open_item GROUP BY customer"
    [customer_aging]="SELECT customer, $aging FROM open_item GROUP BY customer"
    [months]="SELECT $months FROM open_item"
    [countback]="SELECT countback_dso(invoice_date, amount, 5e9, '2026-06-30') FROM open_item"
    [by_hand]="SELECT sum(amount) * 365 / $sales, $not_due * 365 / $sales FROM open_item"
    [dso]="SELECT dso(sum(amount), $sales), best_possible_dso($not_due, $sales) FROM open_item"
)
for ((round = 0; round < rounds; round++)); do
    for name in "${!query[@]}"; do processor "$name" "${query[$name]}"; done
done

title "$(sql -c 'SELECT count(*) FROM open_item') open items; processor time"
ratio "aging / eight sums with FILTER" aging buckets 1.5
ratio "aging by customer / eight sums with FILTER by customer" customer_aging customer_buckets 1.5
ratio "countback_dso / sales of twelve months with FILTER" countback months 1.5
ratio "dso, best_possible_dso / the same by hand" dso by_hand 1.5
