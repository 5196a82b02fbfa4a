#!/bin/bash
# The check-up of a segmentation on a million customers, beside plain SQL in the same run: processor time.
#   PGHOST=... PGDATABASE=... bench/segment_checkup.sh [rounds]
# Needs a database with the extension in schema receivables. Makes one table and leaves it.
set -euo pipefail
# shellcheck source=bench/lib/measure.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib/measure.sh"
rounds=${1:-3}
settings -c jit=off -c max_parallel_workers_per_gather=0

sql -v divisor="$divisor" <<'SQL'
CREATE TABLE IF NOT EXISTS public.checkup_customer AS
    SELECT 's' || i % 9 AS segment_then, 's' || (i * 7919::bigint) % 9 AS segment_now,
        -ln(1 - ((i * 7919::bigint) % 1000003) / 1000003.0::float8) * 20 AS days
    FROM generate_series(1, 1000000 / :divisor) i;
VACUUM ANALYZE public.checkup_customer;
SQL

declare -A query=(
    [breaks7]="SELECT natural_breaks(days, 7) FROM checkup_customer"
    [breaks2]="SELECT natural_breaks(days, 2) FROM checkup_customer"
    [sorted]="SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY days) FROM checkup_customer"
    [eta_plain]="SELECT 1 - sum(part) / max(total) FROM (
        SELECT count(*) * var_pop(days) AS part, (SELECT count(*) * var_pop(days) FROM checkup_customer) AS total
        FROM checkup_customer GROUP BY segment_now) x"
    [eta]="SELECT eta_squared(segment_quality(segment_now, days)) FROM checkup_customer"
    [moves_plain]="SELECT segment_then, segment_now, count(*) FROM checkup_customer GROUP BY 1, 2"
    [moves]="SELECT migration_matrix(m) FROM (
        SELECT segment_migration(segment_then, segment_now) AS m FROM checkup_customer) x"
    [stability]="SELECT population_stability_index(segment_then, segment_now) FROM checkup_customer"
)
for ((round = 0; round < rounds; round++)); do
    for name in "${!query[@]}"; do processor "$name" "${query[$name]}"; done
done

title "$(sql -c 'SELECT count(*) FROM checkup_customer') customers; processor time"
ratio "natural_breaks(days, 7) / percentile_cont(0.5)" breaks7 sorted
ratio "natural_breaks(days, 2) / percentile_cont(0.5)" breaks2 sorted
ratio "eta_squared(segment_quality) / the same in plain SQL" eta eta_plain
ratio "segment_migration / GROUP BY both segments" moves moves_plain
ratio "population_stability_index / GROUP BY both segments" stability moves_plain
