-- The day of the month, or of the week, on which a customer pays: found where there is one, and
-- hardly ever where there is none.
SET client_min_messages = warning;
CREATE SCHEMA IF NOT EXISTS receivables;
CREATE EXTENSION IF NOT EXISTS receivables SCHEMA receivables;
SET search_path = receivables, public;
SET DateStyle = 'ISO, YMD';

-- An integer hash: the same rows on every version and machine. 0 .. 2^32-1.
CREATE FUNCTION pg_temp.hash(seed int, k int) RETURNS bigint LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
    x bigint := (seed::bigint * 31 + k) & 4294967295;
BEGIN
    FOR round IN 1..3 LOOP
        x := (((x # (x >> 16)) * 73244475) + k) & 4294967295;
    END LOOP;
    RETURN x # (x >> 16);
END $$;
-- Monday to Friday: 1 after, -1 before, 0 as it is
CREATE FUNCTION pg_temp.roll(day date, direction int) RETURNS date LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN extract(isodow FROM day) < 6 OR direction = 0 THEN day
        WHEN direction > 0 THEN day + 8 - extract(isodow FROM day)::int
        ELSE day - extract(isodow FROM day)::int + 5 END
$$;

-- Those who pay on a day of the month: one payment run a month that settles up to four invoices,
-- every fifth on any other date. -1 is the last day.
CREATE TEMP TABLE payer AS
SELECT day, direction, months, c, payment_profile(paid - 30 - i, paid - (pg_temp.hash(c * 100 + m, i) % 20)::int, paid, 100) AS p
FROM unnest(ARRAY[1, 15, 25, -1]) day, unnest(ARRAY[-1, 0, 1]) direction, unnest(ARRAY[10, 25, 40, 60]) months, generate_series(1, 25) c,
    generate_series(1, months) m, LATERAL (SELECT date '2018-01-01' + (pg_temp.hash(c, months) % 900)::int * interval '1 day' AS start) s,
    LATERAL (SELECT date_trunc('month', start + m * interval '1 month')::date AS month) t,
    LATERAL (SELECT CASE WHEN m % 5 = 0 THEN month + (pg_temp.hash(c * 100 + m, day) % 28)::int
        ELSE pg_temp.roll(CASE WHEN day > 0 THEN month + day - 1 ELSE (month + interval '1 month')::date + day END, direction) END AS paid) u,
    generate_series(1, 1 + (pg_temp.hash(c * 100 + m, 77) % 4)::int) i
GROUP BY day, direction, months, c;
SELECT day, CASE direction WHEN 1 THEN 'following' WHEN -1 THEN 'preceding' ELSE 'as it is' END AS rolled,
    count(*) AS payers, count(*) FILTER (WHERE payment_day(p) = day) AS found, count(payment_day(p)) AS any_day,
    round(min(payment_day_share(p))::numeric, 2) AS least_share,
    count(payment_weekday(p)) AS weekday_found, min(payment_day_text(p)) FILTER (WHERE payment_day(p) = day) AS text
FROM payer GROUP BY day, direction ORDER BY day DESC, direction;

-- Those who pay on a weekday, every fifth payment on any other.
SELECT weekday, count(*) AS payers, count(*) FILTER (WHERE payment_weekday(p) = weekday) AS found, count(payment_day(p)) AS day_found
FROM (SELECT weekday, c, weeks, payment_profile(paid - (pg_temp.hash(c * 100 + w, 3) % 20)::int, paid) AS p
      FROM generate_series(1, 7) weekday, unnest(ARRAY[10, 25, 60]) weeks, generate_series(1, 20) c, generate_series(1, weeks) w,
          LATERAL (SELECT date '2020-01-06' + w * 7 * (1 + c % 3) + weekday - 1 + CASE WHEN w % 5 = 0 THEN (pg_temp.hash(c * 100 + w, 5) % 7)::int ELSE 0 END AS paid) x
      GROUP BY weekday, c, weeks) x
GROUP BY weekday ORDER BY weekday;

-- Those who have neither: payments on random dates within three years, on any day or on business
-- days only, each settling one invoice or several. Found by chance for at most one in fifty.
CREATE TEMP TABLE chance AS
SELECT payments, dates, invoices, payment_day(p) AS day, payment_weekday(p) AS weekday FROM (
    SELECT payments, dates, invoices, c, payment_profile(paid - (pg_temp.hash(c * 1000 + n, i) % 30)::int, paid) AS p
    FROM generate_series(5, 60) payments, (VALUES ('any day', 1), ('any day', 6), ('business days', 1), ('business days', 6)) v(dates, invoices),
        generate_series(1, 40 + (payments < 20)::int * 120) c, generate_series(1, payments) n,
        LATERAL (SELECT date '2021-01-04' + CASE dates WHEN 'any day' THEN (pg_temp.hash((c * 64 + payments) * 64 + n, invoices) % 1096)::int
            ELSE (pg_temp.hash((c * 64 + payments) * 64 + n, 10 + invoices) % 780 / 5 * 7 + pg_temp.hash((c * 64 + payments) * 64 + n, 10 + invoices) % 5)::int END AS paid) x,
        generate_series(1, CASE invoices WHEN 1 THEN 1 ELSE 1 + n % invoices END) i
    GROUP BY payments, dates, invoices, c) x;
SELECT dates, invoices AS up_to_invoices, size, count(*) AS customers, count(day) AS day_found, round(100.0 * count(day) / count(*), 1) AS percent,
    count(weekday) AS weekday_found, count(day) <= 0.02 * count(*) AND count(weekday) <= 0.02 * count(*) AS rare
FROM (SELECT *, CASE WHEN payments < 8 THEN ' 5-7 ' WHEN payments < 12 THEN ' 8-11' WHEN payments < 20 THEN '12-19' ELSE '20-60' END AS size FROM chance) c
GROUP BY dates, invoices, size ORDER BY dates, invoices, size;
-- in all, and at no number of payments much more
SELECT dates, invoices AS up_to_invoices, count(*) AS customers, round(100.0 * count(day) / count(*), 2) AS day_percent, round(100.0 * count(weekday) / count(*), 2) AS weekday_percent
FROM chance GROUP BY dates, invoices ORDER BY dates, invoices;

-- A payment run counts once, whatever it settles: thirty invoices paid in two runs have no day.
SELECT payment_count(p), payment_day(p), payment_day_share(p), payment_day(p, 0.6, 2) FROM (
    SELECT payment_profile(date '2026-01-01', CASE WHEN i < 28 THEN date '2026-01-25' ELSE date '2026-02-25' END) AS p FROM generate_series(1, 30) i) x;
-- The 31st, the end of February and the 1st are neighbours; the 30th as the 30th, the last day as the last.
SELECT name, payment_day(p), payment_day_text(p), payment_day_share(p) FROM (
    SELECT name, payment_profile(d, d) AS p FROM (VALUES
        ('last days', ARRAY['2026-01-31', '2026-02-28', '2026-03-31', '2026-04-30', '2024-02-29']),
        ('30th', ARRAY['2026-01-30', '2026-03-30', '2026-04-30', '2026-05-30', '2026-06-30']),
        ('around the end', ARRAY['2026-01-31', '2026-03-01', '2026-03-31', '2026-04-30', '2026-06-01', '2026-02-28']),
        ('first three days', ARRAY['2026-01-01', '2026-02-02', '2026-03-03', '2026-04-02', '2026-05-01']),
        ('2nd to last', ARRAY['2026-01-30', '2026-02-27', '2026-03-30', '2026-04-29', '2026-05-30']),
        ('11th to 13th', ARRAY['2026-01-11', '2026-02-12', '2026-03-13', '2026-04-13', '2026-05-13'])) v(name, days), unnest(days::date[]) d GROUP BY name) x
ORDER BY name;
SELECT string_agg(payment_day_text(p, 1, 1), ', ' ORDER BY d) FROM generate_series(0, 30) d,
    LATERAL (SELECT _payment_profile_final(_payment_profile_transition(NULL, date '2026-01-01' + d, date '2026-01-01' + d)) AS p) x;
