#!/bin/bash
# simulate_policy: the figures of doc/simulate_policy.md on the IBM invoices, and its speed.
#   PGHOST=... PGDATABASE=... [RECEIVABLES_IBM_AR=FOLDER] bench/simulate_policy.sh [rounds]
# Needs a database with the extension in schema receivables. RECEIVABLES_IBM_AR is the folder that holds
# invoices.csv of the IBM Watson Analytics sample "Accounts Receivable"; without it that part is left out.
# Makes a table of a million invoices, about 70 MB, and leaves it for the next run.
set -euo pipefail
# shellcheck source=bench/lib/measure.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib/measure.sh"
rounds=${1:-1}
settings -c jit=off -c work_mem=256MB -c max_parallel_workers_per_gather=0 -c datestyle=ISO,MDY

# What one table of simulations shows, under a name of the policy; DISPUTED says how disputes are taken.
ibm_table() {
    psql -Xq -v ON_ERROR_STOP=1 -P footer=off -v disputed="$1" <<'SQL'
WITH history AS (
    SELECT rollup(h) AS h
    FROM (SELECT invoice_history(invoice_date, due_date, paid_date, amount, disputed AND :disputed) AS h
          FROM simulate_ibm GROUP BY customer) AS c
), policy (place, name, rules, prior, segments) AS (VALUES
    (1, 'due + 5', '{"steps": [{"level": 1, "after_days": 5}]}', false, NULL),
    (2, 'due + 7', '{"steps": [{"level": 1, "after_days": 7}]}', false, NULL),
    (3, 'standard', standard_dunning_policy()::text, false, NULL),
    (4, 'standard, with segments', standard_dunning_policy()::text, false, standard_segment_policy()),
    (5, 'standard without wait', (standard_dunning_policy()::jsonb - 'wait')::text, false, NULL),
    (6, 'standard, portfolio prior', standard_dunning_policy()::text, true, NULL),
    (7, 'wait from day 1', '{"steps": [{"level": 1, "after_days": 1}], "wait": {}}', false, NULL),
    (8, 'wait from day 5', '{"steps": [{"level": 1, "after_days": 5}], "wait": {}}', false, NULL),
    (9, 'wait from day 7', '{"steps": [{"level": 1, "after_days": 7}], "wait": {}}', false, NULL),
    (10, 'wait from day 1, prior', '{"steps": [{"level": 1, "after_days": 1}], "wait": {}}', true, NULL),
    (11, 'wait from day 7, prior', '{"steps": [{"level": 1, "after_days": 7}], "wait": {}}', true, NULL),
    (12, 'payment_day from day 5', '{"steps": [{"level": 1, "after_days": 5}], "payment_day": {}}', false, NULL),
    (13, 'structural_shift from day 1',
     '{"steps": [{"level": 1, "after_days": 1}], "structural_shift": {}}', false, NULL),
    (14, 'structural_shift from day 7',
     '{"steps": [{"level": 1, "after_days": 7}], "structural_shift": {}}', false, NULL))
SELECT name, reminders, paid_soon, round(fixed_paid_soon::numeric, 1) AS fixed,
       over_14_reminders AS n14, round(fixed_over_14_reminders::numeric, 1) AS fixed,
       round(over_14_days::numeric, 1) AS days14, round(fixed_over_14_days::numeric, 1) AS fixed,
       over_30_reminders AS n30, round(fixed_over_30_reminders::numeric, 1) AS fixed,
       round(over_30_days::numeric, 1) AS days30, round(fixed_over_30_days::numeric, 1) AS fixed,
       round(fixed_days::numeric, 2) AS x, over_14_items || ', ' || over_30_items AS late_items,
       unscheduled_items AS without
FROM policy, history,
     LATERAL simulate_policy(
         rules::dunning_policy, h, '2014-02-01', portfolio_prior => prior, segments => segments) AS s
ORDER BY place;
SQL
}

if [ -r "${RECEIVABLES_IBM_AR:-}/invoices.csv" ]; then
    sql -c 'DROP TABLE IF EXISTS simulate_ibm' -c '
        CREATE TABLE simulate_ibm (
            country int, customer text, paperless date, number text, invoice_date date,
            due_date date, amount numeric, disputed boolean, paid_date date, bill text,
            days_to_settle int, days_late int)'
    tr -d '\r' < "$RECEIVABLES_IBM_AR/invoices.csv" | sql -c '\copy simulate_ibm FROM pstdin (FORMAT csv, HEADER)'
    echo "IBM, disputed invoices left out"
    ibm_table true
    echo "IBM, disputed invoices as if they were not disputed"
    ibm_table false
    sql -c 'DROP TABLE simulate_ibm'
else
    echo "RECEIVABLES_IBM_AR names no folder with invoices.csv: no IBM figures"
fi

if ! exists simulate_million; then
    load -f - <<'SQL'
CREATE TABLE public.simulate_million AS
WITH draws AS (
    SELECT n % (20000 / :divisor) AS customer_id,
           (hashint8extended(n, 1) & 1048575) / 1048576.0::float8 AS u1,
           (hashint8extended(n, 2) & 1048575) / 1048576.0::float8 AS u2,
           (hashint8extended(n, 3) & 1048575) / 1048576.0::float8 AS u3,
           (hashint8extended(n, 4) & 1048575) / 1048576.0::float8 AS u4,
           (hashint8extended(n % (20000 / :divisor), 5) & 1048575) / 1048576.0::float8 AS c1,
           (hashint8extended(n % (20000 / :divisor), 6) & 1048575) / 1048576.0::float8 AS c2,
           hashint8extended(n, 7) AS place
    FROM generate_series(1, 1000000 / :divisor) AS n
), dated AS (
    SELECT *, date '2024-01-01' + (u1 * 730)::int AS invoice_date,
           sqrt(-2 * ln(u2 + 1e-7)) * cos(2 * pi() * u3) AS z, sqrt(-2 * ln(u2 + 1e-7)) * sin(2 * pi() * u3) AS y
    FROM draws
)
SELECT customer_id, invoice_date, invoice_date + 30 AS due_date,
       CASE WHEN u4 < 0.98 THEN invoice_date + 30 + (c1 * 25 - 8 + z * (1 + c2 * 9))::int END AS paid_date,
       (exp(5 + 1.6 * y) + 0.01)::numeric(12, 2) AS amount
FROM dated ORDER BY place;
VACUUM ANALYZE public.simulate_million;
SQL
fi

history() { echo "
    SELECT rollup(h) AS h
    FROM (
        SELECT invoice_history(invoice_date, due_date, paid_date, amount) AS h
        FROM public.simulate_million
        WHERE $1
        GROUP BY $2
    ) AS c"; }
sql -c 'DROP TABLE IF EXISTS public.simulate_history' -c "CREATE TABLE public.simulate_history AS
    SELECT 'quarter' AS what, h FROM ($(history 'customer_id % 4 = 0' customer_id)) x
    UNION ALL SELECT 'all', h FROM ($(history true customer_id)) x
    UNION ALL SELECT 'hundred', h FROM ($(history true 'customer_id % 100')) x
    UNION ALL SELECT 'one', h FROM ($(history true 'customer_id * 0')) x"
habits="'{\"steps\": [{\"level\": 1, \"after_days\": 5}], \"wait\": {}, \"payment_day\": {}, \"structural_shift\": {}}'"
standard='standard_dunning_policy()'
simulated=()
# simulate TEXT HISTORY POLICY [ARGUMENTS]
simulate() {
    simulated+=("$1")
    elapsed "$1" "
        SELECT (simulate_policy($3, h, '2026-06-30'${4:-})).reminders
        FROM public.simulate_history
        WHERE what = '$2'"
}
for ((round = 0; round < rounds; round++)); do
    simulated=()
    elapsed simple "
        SELECT customer_id, avg(paid_date - due_date), sum(amount)
        FROM public.simulate_million
        GROUP BY customer_id"
    elapsed history "SELECT invoice_count(h) FROM ($(history true customer_id)) x"
    simulate "fixed schedule" all "'{\"steps\": [{\"level\": 1, \"after_days\": 7}]}'"
    simulate "standard policy" all "$standard"
    simulate "standard policy, portfolio prior" all "$standard" ", portfolio_prior => true"
    simulate "all three habits" all "$habits"
    simulate "standard policy, segments" all "$standard" ", segments => standard_segment_policy()"
    simulate "standard policy, portfolio prior, segments, calendar" all "$standard" \
        ", portfolio_prior => true, segments => standard_segment_policy(), calendar => '{}'"
    simulate "a quarter of the customers, standard policy" quarter "$standard"
    simulate "the same invoices as 100 customers, standard policy" hundred "$standard"
    simulate "the same invoices as one customer, standard policy" one "$standard"
    simulate "the same invoices as one customer, all three habits" one "$habits"
    simulate "the same invoices as one customer, segments" one "$standard" ", segments => standard_segment_policy()"
done
title "$(sql -c 'SELECT count(*) FROM simulate_million') invoices"
ratio "collecting the history of every customer / avg, sum of every customer" history simple
ratio "simulate_policy, standard policy, from the collected history / avg, sum of every customer" \
    "standard policy" simple
for text in "${simulated[@]}"; do detail "simulate_policy: $text" "$(shown "$(median "$text")")"; done
