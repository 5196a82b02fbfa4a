#!/bin/bash
# Business days with 500 holidays: what a call costs, beside the same in PL/pgSQL over a table of holidays.
#   PGHOST=... PGDATABASE=... bench/business_calendar.sh [rounds]
# Needs a database with the extension in schema receivables. Makes small tables and leaves them.
# The cost of a call is the processor time of a query that makes it on every row, less that of the same
# query without it, by the number of rows: medians of the rounds, in which the queries take turns. Needs a
# superuser, whom alone PostgreSQL tells the processor time.
set -euo pipefail
# shellcheck source=bench/lib/measure.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib/measure.sh"
rounds=${1:-7}
settings -c jit=off -c max_parallel_workers_per_gather=0

rows=$((1000000 / divisor))
company_rows=$((100000 / divisor))
slow_rows=$((20000 / divisor)) # PL/pgSQL takes its time
sql -v rows="$rows" -v company_rows="$company_rows" -v slow_rows="$slow_rows" <<'SQL'
DROP TABLE IF EXISTS public.bench_holiday, public.bench_calendar, public.bench_day,
    public.bench_day_slow, public.bench_company;
-- 50 years of ten holidays each.
CREATE TABLE public.bench_holiday (day date PRIMARY KEY);
INSERT INTO public.bench_holiday
SELECT make_date(2000 + year, 1, 1) + holiday * 36 + year % 5
FROM generate_series(0, 49) year, generate_series(0, 9) holiday;
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
for ((round = 0; round < rounds; round++)); do
    for name in "${!query[@]}"; do processor "$name" "${query[$name]}"; done
done

# The two ways must agree, or nothing is compared.
wrong=$(sql -c "
    SELECT count(*)
    FROM bench_day_slow, bench_calendar
    WHERE roll_date(calendar, day) <> plpgsql_roll_date(day)
        OR add_business_days(calendar, day, n) <> plpgsql_add_business_days(day, n)")
((wrong == 0)) || { echo "$wrong results differ" >&2; exit 1; }

title "500 holidays; processor time"
per_call "roll_date: processor time of a call" scan_roll scan "$rows"
per_call_detail "roll_date, calendar in a column" company_roll company "$company_rows"
per_call_detail "roll_date, modified_following" scan_roll_modified scan "$rows"
per_call_detail "add_business_days of -20 to 20, constant calendar" scan_add scan "$rows"
per_call_detail "add_business_days, calendar in a column" company_add company "$company_rows"
per_call_detail "business_days_between" scan_between scan "$rows"
per_call_detail "is_business_day" scan_is scan "$rows"
slower() { # TEXT PLPGSQL OURS
    figure "$1 in PL/pgSQL over a table / $1" \
        "$(calculate %.0f "$(nanoseconds "$2" slow "$slow_rows") / $(nanoseconds "$3" scan "$rows")")"
}
slower roll_date slow_roll scan_roll
slower add_business_days slow_add scan_add
