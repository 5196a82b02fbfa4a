#!/bin/bash
# Business days with 500 holidays: what a call costs, beside the same in PL/pgSQL over a table of holidays.
#   PGHOST=... PGDATABASE=... bench/business_calendar.sh [rounds]
# Needs a database with the extension in schema receivables. Makes small tables and leaves them.
# The cost of a call is the processor time of a query that makes it on every row, less that of the same
# query without it, by the number of rows: medians of the rounds, in which the queries take turns. Needs a
# superuser, whom alone PostgreSQL tells the processor time.
set -euo pipefail
rounds=${1:-7}
export PGOPTIONS="-c search_path=receivables,public -c jit=off -c max_parallel_workers_per_gather=0 -c client_min_messages=warning"
sql() { psql -XqAt -v ON_ERROR_STOP=1 "$@"; }

rows=1000000
company_rows=100000
slow_rows=20000 # PL/pgSQL takes its time
sql -v rows=$rows -v company_rows=$company_rows -v slow_rows=$slow_rows <<'SQL'
DROP TABLE IF EXISTS public.bench_holiday, public.bench_calendar, public.bench_day, public.bench_day_slow, public.bench_company;
-- 50 years of ten holidays each.
CREATE TABLE public.bench_holiday (day date PRIMARY KEY);
INSERT INTO public.bench_holiday
SELECT make_date(2000 + year, 1, 1) + holiday * 36 + year % 5 FROM generate_series(0, 49) year, generate_series(0, 9) holiday;
CREATE TABLE public.bench_calendar AS SELECT make_business_calendar(day) AS calendar FROM public.bench_holiday;
-- Any days of these years, in random order. One table has its calendar in every row.
SELECT setseed(0.5);
CREATE TABLE public.bench_day AS
SELECT date '2000-01-10' + (random() * 18000)::int AS day, (random() * 40)::int - 20 AS n
FROM generate_series(1, :rows);
CREATE TABLE public.bench_day_slow AS SELECT * FROM public.bench_day LIMIT :slow_rows;
CREATE TABLE public.bench_company AS
SELECT d.*, c.calendar FROM (SELECT * FROM public.bench_day LIMIT :company_rows) d, public.bench_calendar c;

CREATE OR REPLACE FUNCTION public.plpgsql_roll_date(d date) RETURNS date LANGUAGE plpgsql STABLE AS $$
BEGIN
    WHILE extract(isodow FROM d) >= 6 OR EXISTS (SELECT FROM public.bench_holiday WHERE day = d) LOOP
        d := d + 1;
    END LOOP;
    RETURN d;
END $$;
CREATE OR REPLACE FUNCTION public.plpgsql_add_business_days(d date, n int) RETURNS date LANGUAGE plpgsql STABLE AS $$
DECLARE
    step int := sign(n);
BEGIN
    IF n = 0 THEN RETURN public.plpgsql_roll_date(d); END IF;
    WHILE n <> 0 LOOP
        d := d + step;
        WHILE extract(isodow FROM d) >= 6 OR EXISTS (SELECT FROM public.bench_holiday WHERE day = d) LOOP
            d := d + step;
        END LOOP;
        n := n - step;
    END LOOP;
    RETURN d;
END $$;
VACUUM ANALYZE public.bench_day, public.bench_day_slow, public.bench_company, public.bench_holiday;
SQL

calendar=$(sql -c 'SELECT calendar FROM bench_calendar')
constant="'$calendar'::business_calendar"
declare -A query=(
    [scan]="SELECT max(day) FROM bench_day"
    [scan_roll]="SELECT max(roll_date($constant, day)) FROM bench_day"
    [scan_roll_modified]="SELECT max(roll_date($constant, day, 'modified_following')) FROM bench_day"
    [scan_add]="SELECT max(add_business_days($constant, day, n)) FROM bench_day"
    [scan_between]="SELECT max(business_days_between($constant, day, date '2020-01-01')) FROM bench_day"
    [scan_is]="SELECT max(is_business_day($constant, day)::int) FROM bench_day"
    [company]="SELECT max(day) FROM bench_company WHERE calendar IS NOT NULL"
    [company_roll]="SELECT max(roll_date(calendar, day)) FROM bench_company WHERE calendar IS NOT NULL"
    [company_add]="SELECT max(add_business_days(calendar, day, n)) FROM bench_company WHERE calendar IS NOT NULL"
    [slow]="SELECT max(day) FROM bench_day_slow"
    [slow_roll]="SELECT max(plpgsql_roll_date(day)) FROM bench_day_slow"
    [slow_add]="SELECT max(plpgsql_add_business_days(day, n)) FROM bench_day_slow"
)
times=$(mktemp -d)
trap 'rm -rf "$times"' EXIT
for ((round = 0; round < rounds; round++)); do
    for name in "${!query[@]}"; do
        sql -c "SET log_executor_stats = on" -c "SET client_min_messages = log" -c "${query[$name]}" 2>&1 |
            sed -n 's/^!\t\([0-9.]*\) s user, \([0-9.]*\) s system.*/\1 \2/p' | awk '{print 1000 * ($1 + $2)}' >>"$times/$name"
    done
done

# The two ways must agree, or nothing is compared.
wrong=$(sql -c "SELECT count(*) FROM bench_day_slow, bench_calendar
    WHERE roll_date(calendar, day) <> plpgsql_roll_date(day) OR add_business_days(calendar, day, n) <> plpgsql_add_business_days(day, n)")
((wrong == 0)) || { echo "$wrong results differ" >&2; exit 1; }

ms() { sort -n "$times/$1" | awk '{v[NR] = $1} END {print v[int((NR + 1) / 2)]}'; }
nanoseconds() { awk -v a="$(ms "$1")" -v b="$(ms "$2")" -v rows="$3" 'BEGIN {printf "%.0f", (a - b) * 1e6 / rows}'; }
times_faster() { awk -v a="$1" -v b="$2" 'BEGIN {printf "%.0f", a / b}'; }
roll=$(nanoseconds scan_roll scan $rows)
add=$(nanoseconds scan_add scan $rows)
slow_roll=$(nanoseconds slow_roll slow $slow_rows)
slow_add=$(nanoseconds slow_add slow $slow_rows)
stored_roll=$(nanoseconds company_roll company $company_rows)
stored_add=$(nanoseconds company_add company $company_rows)
echo "500 holidays; median of $rounds rounds; PostgreSQL $(sql -c 'SHOW server_version')"
echo
echo "| nanoseconds a call | constant calendar | calendar in a column | PL/pgSQL over a table | times faster |"
echo "|---|---|---|---|---|"
echo "| roll_date | $roll | $stored_roll | $slow_roll | $(times_faster "$slow_roll" "$roll") |"
echo "| roll_date, modified_following | $(nanoseconds scan_roll_modified scan $rows) | | | |"
echo "| add_business_days, -20 to 20 | $add | $stored_add | $slow_add | $(times_faster "$slow_add" "$add") |"
echo "| business_days_between | $(nanoseconds scan_between scan $rows) | | | |"
echo "| is_business_day | $(nanoseconds scan_is scan $rows) | | | |"
