-- The day of the month, or of the week, on which a customer pays: found where there is one, and
-- hardly ever where there is none.
SET client_min_messages = warning;
CREATE SCHEMA IF NOT EXISTS receivables;
CREATE EXTENSION IF NOT EXISTS receivables SCHEMA receivables;
SET search_path = receivables, public;
SET DateStyle = 'ISO, YMD';
\getenv folder PG_ABS_SRCDIR
\set file :folder '/test/sql/helpers.sql'
\i :file

-- Monday to Friday: 1 after, -1 before, 0 as it is
CREATE FUNCTION pg_temp.roll(day date, direction int) RETURNS date LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN extract(isodow FROM day) < 6 OR direction = 0 THEN day
        WHEN direction > 0 THEN day + 8 - extract(isodow FROM day)::int
        ELSE day - extract(isodow FROM day)::int + 5 END
$$;

-- Those who pay on a day of the month: one payment run a month that settles up to four invoices,
-- every fifth on any other date. -1 is the last day.
CREATE TEMP TABLE payer AS
SELECT day,
    direction,
    months,
    c,
    payment_profile(paid - 30 - i, paid - (pg_temp.hash(c * 100 + m, i) % 20)::int, paid, 100) AS p
FROM unnest(ARRAY[1, 15, 25, -1]) day,
    unnest(ARRAY[-1, 0, 1]) direction,
    unnest(ARRAY[10, 25, 40, 60]) months,
    generate_series(1, 25) c,
    generate_series(1, months) m,
    LATERAL (
        SELECT date '2018-01-01' + (pg_temp.hash(c, months) % 900)::int * interval '1 day' AS start
    ) s,
    LATERAL (SELECT date_trunc('month', start + m * interval '1 month')::date AS month) t,
    LATERAL (
        SELECT CASE
            WHEN m % 5 = 0 THEN month + (pg_temp.hash(c * 100 + m, day) % 28)::int
            ELSE pg_temp.roll(
                CASE
                    WHEN day > 0 THEN month + day - 1
                    ELSE (month + interval '1 month')::date + day
                END,
                direction)
        END AS paid
    ) u,
    generate_series(1, 1 + (pg_temp.hash(c * 100 + m, 77) % 4)::int) i
GROUP BY day, direction, months, c;
SELECT day, CASE direction WHEN 1 THEN 'following' WHEN -1 THEN 'preceding' ELSE 'as it is' END AS rolled,
    count(*) AS payers, count(*) FILTER (WHERE payment_day(p) = day) AS found, count(payment_day(p)) AS any_day,
    round(min(payment_day_share(p))::numeric, 2) AS least_share,
    count(payment_weekday(p)) AS weekday_found, min(payment_day_text(p)) FILTER (WHERE payment_day(p) = day) AS text
FROM payer GROUP BY day, direction ORDER BY day DESC, direction;

-- Those who pay on a weekday, every fifth payment on any other.
SELECT weekday,
    count(*) AS payers,
    count(*) FILTER (WHERE payment_weekday(p) = weekday) AS found,
    count(payment_day(p)) AS day_found
FROM (
    SELECT weekday,
        c,
        weeks,
        payment_profile(paid - (pg_temp.hash(c * 100 + w, 3) % 20)::int, paid) AS p
    FROM generate_series(1, 7) weekday,
        unnest(ARRAY[10, 25, 60]) weeks,
        generate_series(1, 20) c,
        generate_series(1, weeks) w,
        LATERAL (
            SELECT date '2020-01-06' + w * 7 * (1 + c % 3) + weekday - 1 + CASE
                WHEN w % 5 = 0 THEN (pg_temp.hash(c * 100 + w, 5) % 7)::int
                ELSE 0
            END AS paid
        ) x
    GROUP BY weekday, c, weeks
) x
GROUP BY weekday
ORDER BY weekday;

-- Those who have neither: payments on random dates within three years, on any day or on business
-- days only, each settling one invoice or several. Found by chance for at most one in fifty.
CREATE TEMP TABLE chance AS
SELECT payments, dates, invoices, payment_day(p) AS day, payment_weekday(p) AS weekday
FROM (
    SELECT payments,
        dates,
        invoices,
        c,
        payment_profile(paid - (pg_temp.hash(c * 1000 + n, i) % 30)::int, paid) AS p
    FROM generate_series(5, 60) payments,
        (VALUES
            ('any day', 1), ('any day', 6), ('business days', 1), ('business days', 6))
            v(dates, invoices),
        generate_series(1, 40 + (payments < 20)::int * 120) c,
        generate_series(1, payments) n,
        LATERAL (
            SELECT date '2021-01-04' + CASE dates
                WHEN 'any day'
                    THEN (pg_temp.hash((c * 64 + payments) * 64 + n, invoices) % 1096)::int
                ELSE (pg_temp.hash((c * 64 + payments) * 64 + n, 10 + invoices) % 780 / 5 * 7 +
                    pg_temp.hash((c * 64 + payments) * 64 + n, 10 + invoices) % 5)::int
            END AS paid
        ) x,
        generate_series(1, CASE invoices WHEN 1 THEN 1 ELSE 1 + n % invoices END) i
    GROUP BY payments, dates, invoices, c
) x;
SELECT dates,
    invoices AS up_to_invoices,
    size,
    count(*) AS customers,
    count(day) AS day_found,
    round(100.0 * count(day) / count(*), 1) AS percent,
    count(weekday) AS weekday_found,
    count(day) <= 0.02 * count(*) AND count(weekday) <= 0.02 * count(*) AS rare
FROM (
    SELECT *,
        CASE
            WHEN payments < 8 THEN ' 5-7 '
            WHEN payments < 12 THEN ' 8-11'
            WHEN payments < 20 THEN '12-19'
            ELSE '20-60'
        END AS size
    FROM chance
) c
GROUP BY dates, invoices, size
ORDER BY dates, invoices, size;
-- in all, and at no number of payments much more
SELECT dates,
    invoices AS up_to_invoices,
    count(*) AS customers,
    round(100.0 * count(day) / count(*), 2) AS day_percent,
    round(100.0 * count(weekday) / count(*), 2) AS weekday_percent
FROM chance
GROUP BY dates, invoices
ORDER BY dates, invoices;

-- A payment run counts once, whatever it settles: thirty invoices paid in two runs have no day, and two are too few.
SELECT payment_count(p), payment_day(p), payment_day_share(p), payment_day(p, 0.6, 2)
FROM (
    SELECT payment_profile(
        date '2026-01-01', CASE WHEN i < 28 THEN date '2026-01-25' ELSE date '2026-02-25' END) AS p
    FROM generate_series(1, 30) i
) x;
-- The 31st, the end of February and the 1st are neighbours; the 30th as the 30th, the last day as the last.
SELECT name, payment_day(p), payment_day_text(p), payment_day_share(p)
FROM (
    SELECT name, payment_profile(d - (n * 7 % 23)::int, d) AS p
    FROM (VALUES
        ('last days', ARRAY['2026-01-31', '2026-02-28', '2026-03-31', '2026-04-30', '2024-02-29']),
        ('30th', ARRAY['2026-01-30', '2026-03-30', '2026-04-30', '2026-05-30', '2026-06-30']),
        ('around the end',
         ARRAY['2026-01-31', '2026-03-01', '2026-03-31', '2026-04-30', '2026-06-01', '2026-02-28']),
        ('first three days',
         ARRAY['2026-01-01', '2026-02-02', '2026-03-03', '2026-04-02', '2026-05-01']),
        ('2nd to last',
         ARRAY['2026-01-30', '2026-02-27', '2026-03-30', '2026-04-29', '2026-05-30']),
        ('11th to 13th',
         ARRAY[
             '2026-01-11', '2026-02-12', '2026-03-13', '2026-04-13', '2026-05-13'])) v(name, days),
        unnest(days::date[]) WITH ORDINALITY u(d, n)
    GROUP BY name
) x
ORDER BY name;
SELECT string_agg(payment_day_text(p), ', ' ORDER BY d)
FROM (
    SELECT d, payment_profile(paid - month * 3, paid) AS p
    FROM generate_series(1, 31) d,
        unnest(ARRAY[1, 3, 5, 7, 8, 10, 12]) month,
        LATERAL (SELECT make_date(2026, month, d) AS paid) x
    GROUP BY d
) x;

-- Due at the end of the month and paid with one delay: the due dates say it all. With other due dates it is a run.
SELECT delay, payment_day(e), payment_days(e), payment_weekday(e), payment_habit(e),
    payment_days(r) AS with_others
FROM unnest(ARRAY[0, 10, 25]) delay,
    LATERAL (
        SELECT payment_profile(last, last + delay) AS e,
            payment_profile(last - m * 5 % 27, last + delay) AS r
        FROM generate_series(1, 18) m,
            LATERAL (
                SELECT (date '2024-01-01' + m * interval '1 month' - interval '1 day')::date AS last
            ) l
    ) x;

-- Several runs a month, or one a week, with every fifth payment on any other day; a weekend moves them to Monday.
CREATE TEMP TABLE runs AS
SELECT days,
    weekday,
    due_at,
    c,
    payment_profile(
        CASE due_at
            WHEN 'any day' THEN paid - (pg_temp.hash(c * 100 + n, i) % 36)::int + 5
            ELSE (date_trunc('month', paid) - interval '1 day')::date
        END,
        paid) AS p
FROM (VALUES
    ('{10}'::int[], 0), ('{10,25}', 0), ('{15,-1}', 0), ('{5,15,25}', 0), (NULL, 2), (NULL, 4))
    v(days, weekday),
    unnest(ARRAY['any day', 'end of the month before']) due_at,
    generate_series(1, 100) c,
    generate_series(0, 11) n,
    LATERAL (
        SELECT (date '2021-01-01' + ((c * 5 + n / coalesce(cardinality(days), 1))
                || ' months')::interval)::date AS month,
            days[n % coalesce(cardinality(days), 1) + 1] AS day
    ) m,
    LATERAL (
        SELECT pg_temp.roll(
            CASE
                WHEN days IS NULL
                    THEN date '2021-01-03' + 7 * (c * 5 + 4 * n + (pg_temp.hash(c, n) % 4)::int)
                        + weekday
                WHEN day > 0 THEN month + day - 1
                ELSE (month + interval '1 month')::date + day
            END
                + CASE
                    WHEN (n + c) % 5 = 0 THEN (pg_temp.hash(c * 100 + n, 9) % 25)::int - 12
                    ELSE 0
                END,
            1) AS paid
    ) q,
    generate_series(1, 1 + n % 3) i
GROUP BY days, weekday, due_at, c;
SELECT coalesce(days::text, 'weekday ' || weekday) AS run, due_at, count(*) AS payers,
    count(*) FILTER (WHERE payment_days(p) = days OR payment_weekday(p) = weekday) AS found,
    count(*) FILTER (WHERE payment_days(p) IS NOT NULL OR payment_weekday(p) IS NOT NULL) AS any_run
FROM runs GROUP BY days, weekday, due_at ORDER BY weekday, days, due_at;
SELECT habit, count(*)
FROM (SELECT payment_habit(p) AS habit FROM runs) r
GROUP BY habit
HAVING count(*) > 20
ORDER BY count(*) DESC, habit;
-- A set of one day is the payment day; more days only where one does not do.
SELECT count(*) FILTER (WHERE cardinality(payment_days(p)) = 1) > 150 AS often,
    count(*) FILTER (WHERE payment_day(p) IS DISTINCT FROM CASE
        WHEN cardinality(payment_days(p)) = 1 THEN (payment_days(p))[1]
    END) AS differ
FROM runs;
-- In the layout of tables, where no payment knows its due date, the same runs are found.
SELECT days, payment_days(p) AS found, payment_habit(p), item_count(p)
FROM (
    SELECT days, payment_profile(paid - (pg_temp.hash(m * 10 + k, i) % 36)::int, paid) AS p
    FROM (VALUES ('{10}'::int[]), ('{10,25}'), ('{1,11,21}')) v(days),
        generate_series(0, 35) m,
        generate_series(1, cardinality(days)) k,
        LATERAL (
            SELECT pg_temp.roll(
                (date '2021-01-01' + m * interval '1 month')::date + days[k] - 1, 1) AS paid
        ) q,
        generate_series(1, 12) i
    GROUP BY days
) x
ORDER BY days;
-- arguments
SELECT payment_days(NULL),
    payment_habit(NULL),
    payment_days(p, NULL, NULL) = payment_days(p) AS defaults,
    payment_days(p, 1) AS all_of_them,
    payment_days(p, 0.6, 13) AS too_few
FROM runs
WHERE days = '{10,25}' AND due_at = 'any day' AND c = 1;
SELECT payment_days(p, 1.1) FROM runs LIMIT 1;
SELECT payment_habit(p, 0.5, 0) FROM runs LIMIT 1;
