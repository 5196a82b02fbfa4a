-- Interest and compensation for late payment, against plain SQL day by day.
SET client_min_messages = warning;
CREATE SCHEMA IF NOT EXISTS receivables;
CREATE EXTENSION IF NOT EXISTS receivables SCHEMA receivables;
RESET client_min_messages;
SET search_path = receivables, public;
SET DateStyle = 'ISO, YMD';

CREATE TABLE lp_schedule (name text, rates rate_schedule);
INSERT INTO lp_schedule VALUES
    ('floating',
     '{"kind": "floating",
       "rates": [{"from": "2023-07-01", "percent": 12},
                 {"from": "2024-01-01", "percent": 12.50},
                 {"from": "2024-07-01", "percent": 12.25}]}'),
    ('fixed',
     make_rate_schedule('{2024-07-01,2023-07-01,2024-01-01}', '{12.25,12,12.5}', 'fixed_at_start'));
SELECT * FROM lp_schedule;
-- the first day is the day after the due date, until_date counts
SELECT name,
    late_payment_interest(36500, '2023-12-31', '2024-01-01', rates) AS one_day,
    late_payment_interest(36500, '2023-12-31', '2023-12-31', rates) AS in_time,
    late_payment_interest(36500, '2023-12-31', '2023-10-01', rates) AS early,
    late_payment_interest(36500, '2023-12-30', '2024-01-01', rates) AS two_days,
    late_payment_interest(36600, '2023-12-31', '2024-01-01', rates, 'actual/actual') AS leap_year,
    late_payment_interest(36000, '2024-01-31', '2024-02-29', rates, '30/360') AS a_month,
    late_payment_interest(-36500, '2023-12-31', '2024-01-01', rates) AS credit
FROM lp_schedule;
SELECT name,
    p.from_date,
    p.to_date,
    p.days,
    p.percent,
    round(p.year_fraction::numeric, 6) AS year_fraction
FROM lp_schedule,
    late_payment_interest_periods('2023-12-20', '2024-07-31', rates, 'actual/actual') p
ORDER BY name, from_date;
-- rounded once, half away from zero: 0.005 is 0.01, and what is just below it is not
SELECT late_payment_interest(0.365, '2023-12-31', '2024-01-01', r) AS half,
    late_payment_interest(-0.365, '2023-12-31', '2024-01-01', r) AS minus_half,
    late_payment_interest(0.36499999999999999999999999, '2023-12-31', '2024-01-01', r) AS below,
    late_payment_interest(123456, '2023-12-31', '2024-01-01', r, NULL, 0) AS whole,
    late_payment_interest(123456, '2023-12-31', '2024-01-01', r, NULL, -2) AS hundreds,
    late_payment_interest(1, '2023-12-31', '2024-01-01', r, 'actual/360', 12) AS fine
FROM make_rate_schedule('{2000-01-01}', '{500}') r;
-- nothing to say
SELECT name,
    late_payment_interest(NULL, '2024-01-01', '2024-02-01', rates) AS no_amount,
    late_payment_interest(1, NULL, '2024-02-01', rates) AS no_due_date,
    late_payment_interest(1, '2024-01-01', NULL, rates) AS no_until,
    late_payment_interest(1, '2024-01-01', '2024-02-01', NULL) AS no_rates,
    late_payment_interest(1000, '2024-01-01', '2024-02-01', rates, business => false) AS consumer,
    late_payment_interest(1000, '2024-01-01', '2024-02-01', rates, disputed => true) AS disputed,
    late_payment_interest(
        1000, '2024-01-01', '2024-02-01', rates, NULL, NULL, NULL, NULL) AS defaults
FROM lp_schedule;
SELECT make_rate_schedule('{}', '{}') IS NULL AS no_rate, make_rate_schedule(NULL, NULL) IS NULL AS nothing;
-- equal values, one form
SELECT '{"rates": [{"percent": 8.00, "from": "2024-01-01"}], "kind": "floating"}'::rate_schedule
        = make_rate_schedule('{2024-01-01}', '{8}') AS same,
    '{"kind": "floating", "rates": [{"from": "2024-01-01", "percent": 8}]}'::jsonb::rate_schedule;
-- errors
SELECT late_payment_interest(1, '2023-06-29', '2024-02-01', rates) FROM lp_schedule;
SELECT late_payment_interest(1, '2024-01-01', '2024-02-01', rates, '30/365') FROM lp_schedule;
SELECT late_payment_interest(1, '2024-01-01', 'infinity', rates) FROM lp_schedule;
SELECT make_rate_schedule('{2024-01-01,2024-01-01}', '{8,9}');
SELECT make_rate_schedule('{2024-01-01,2024-02-01}', '{8}');
SELECT make_rate_schedule('{2024-01-01}', '{-1}');
SELECT make_rate_schedule('{2024-01-01}', '{1000.1}');
SELECT make_rate_schedule('{2024-01-01}', '{0.12345678901}');
SELECT make_rate_schedule('{2024-01-01}', '{8}', 'fixed');
SELECT '{"kind": "floating", "rates": []}'::rate_schedule;
SELECT '{"kind": "floating", "rates": [{"from": "2024-01-01"}]}'::rate_schedule;
SELECT '{"kind": "floating"}'::rate_schedule;

-- generated: schedules of up to 12 rates, of both kinds
CREATE TABLE lp_generated AS
SELECT i,
    CASE WHEN i % 3 = 0 THEN 'fixed_at_start' ELSE 'floating' END AS kind,
    days,
    percents,
    make_rate_schedule(days, percents, CASE WHEN i % 3 = 0 THEN 'fixed_at_start' END) AS rates,
    date '2018-01-01' + (random() * 2000)::int AS due,
    (random() * 150 - 5 + CASE WHEN i % 20 = 0 THEN 900 ELSE 0 END)::int AS late,
    round((random() * 100000)::numeric, i % 5) AS amount,
    (ARRAY['actual/365', 'actual/360', 'actual/actual', '30/360'])[i % 4 + 1] AS day_count,
    i % 7 AS rounding
FROM (SELECT setseed(0.4)) seed,
    generate_series(1, 2000) i,
    LATERAL (
        SELECT array_agg(date '2018-01-01' + CASE
                WHEN k = 0 THEN 0
                ELSE (k * 180 + random() * 60)::int
            END) AS days,
            array_agg(round((random() * 15 + k * 0)::numeric, i % 4)) AS percents
        FROM generate_series(0, i % 12) k
    ) r;
-- each day its rate and its part of a year; in 30/360 a day is how far it moves the number 360 y + 30 m + d
CREATE FUNCTION pg_temp.n(d date) RETURNS numeric LANGUAGE sql IMMUTABLE RETURN
    360 * extract(year FROM d) + 30 * extract(month FROM d) + least(extract(day FROM d), 30);
CREATE FUNCTION pg_temp.leap(d date) RETURNS boolean LANGUAGE sql IMMUTABLE RETURN
    (date_trunc('year', d) + interval '1 year')::date - date_trunc('year', d)::date = 366;
CREATE TABLE lp_result AS
SELECT g.*,
    late_payment_interest(amount, due, due + late, rates, day_count, rounding) AS interest,
    coalesce(
        (
            SELECT sum(amount * (
                SELECT p
                FROM unnest(days, percents) u (d, p)
                WHERE d <= CASE WHEN kind = 'floating' THEN day::date ELSE due + 1 END
                ORDER BY d DESC
                LIMIT 1
            ) / 100 * CASE day_count
                WHEN 'actual/365' THEN 1 / 365.0000000000000000000000000
                WHEN 'actual/360' THEN 1 / 360.0000000000000000000000000
                WHEN 'actual/actual'
                    THEN 1 / CASE
                        WHEN pg_temp.leap(day::date) THEN 366.0000000000000000000000000
                        ELSE 365.0000000000000000000000000
                    END
                ELSE (pg_temp.n(day::date + 1) - pg_temp.n(day::date)) /
                    360.0000000000000000000000000
            END)
            FROM generate_series(due + 1, due + late, interval '1 day') day
        ),
        0) AS expected
FROM lp_generated g;
SELECT count(*) AS cases,
    count(*) FILTER (WHERE abs(interest - expected) > 0.5000001 * 10 ^ (-rounding)) AS differ,
    count(*) FILTER (WHERE interest <> round(expected, rounding)
        AND abs(expected * 10 ^ rounding - floor(expected * 10 ^ rounding) - 0.5)
            > 1e-9) AS rounded_otherwise,
    count(*) FILTER (WHERE scale(interest) <> rounding) AS decimals,
    count(DISTINCT interest) > 1500 AS many,
    count(*) FILTER (WHERE interest = 0) < 200 AS few_zeros
FROM lp_result;
-- the periods are the whole time, each day once
SELECT count(*) AS cases,
    count(*) FILTER (WHERE p.from_date <> due + 1
        OR p.to_date <> due + late
        OR p.gaps > 0
        OR day_count LIKE 'actual%' AND p.days <> late
        OR abs(p.interest - r.expected) > 1e-6) AS differ
FROM lp_result r,
    LATERAL (
        SELECT min(from_date) AS from_date,
            max(to_date) AS to_date,
            sum(days) AS days,
            sum(amount * percent / 100 * year_fraction::numeric) AS interest,
            count(*) FILTER (WHERE from_date <> before + 1) AS gaps
        FROM (
            SELECT *, lag(to_date) OVER (ORDER BY from_date) AS before
            FROM late_payment_interest_periods(due, due + late, rates, day_count)
        ) x
    ) p
WHERE late > 0;
-- part payments: the sum of the parts, rounded once; in any order, in parts
SELECT count(*) AS groups,
    count(*) FILTER (WHERE abs(total - expected) > 0.0050001) AS differ,
    count(*) FILTER (WHERE total <> backwards) AS other_order
FROM (
    SELECT i % 400 AS g,
        total_late_payment_interest(amount, due, due + late, rates, day_count, 2) AS total,
        sum(expected) AS expected,
        total_late_payment_interest(
            amount, due, due + late, rates, day_count, 2 ORDER BY i DESC) AS backwards
    FROM lp_result
    GROUP BY g
) x;
SELECT total_late_payment_interest(part, '2024-01-31', paid, rates, NULL, NULL) AS parts,
    total_late_payment_interest(part, NULL, paid, rates, NULL, NULL) AS nothing
FROM lp_schedule,
    (VALUES (400, date '2024-02-10'), (600, '2024-03-01'), (NULL, '2024-04-01')) v (part, paid)
WHERE name = 'floating';
SELECT total_late_payment_interest(1, '2024-01-31', '2024-03-01', rates, NULL, d)
FROM lp_schedule, generate_series(2, 3) d;
SELECT total_late_payment_interest(amount, due, due + late, rates, day_count, 2) AS total FROM lp_generated \gset
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
SET max_parallel_workers_per_gather = 2;
ANALYZE lp_generated;
EXPLAIN (COSTS OFF) SELECT total_late_payment_interest(amount, due, due + late, rates, day_count, 2) FROM lp_generated;
SELECT total_late_payment_interest(amount, due, due + late, rates, day_count, 2)
    = :total AS same_by_workers
FROM lp_generated;
-- the text and the binary form
CREATE TABLE lp_copy (rates rate_schedule);
\copy (SELECT rates FROM lp_generated ORDER BY i) TO 'rates.bin' (FORMAT binary)
\copy lp_copy FROM 'rates.bin' (FORMAT binary)
SELECT count(*) AS schedules,
    count(*) FILTER (WHERE NOT rates::text::rate_schedule = rates) AS text,
    (
        SELECT count(*) FROM (SELECT rates FROM lp_copy EXCEPT ALL SELECT rates FROM lp_generated) x
    ) AS binary
FROM lp_generated;

-- compensation
SELECT debt,
    late_payment_compensation(debt, '2024-01-31', '2024-02-01') AS eur,
    late_payment_compensation(
        debt, '2024-01-31', '2024-02-01', '{{0,40},{1000,70},{10000,100}}') AS gbp
FROM unnest(ARRAY[-1, 0, 0.01, 999.99, 1000, 9999.99, 10000]) debt;
SELECT late_payment_compensation(500, '2024-01-31', '2024-01-31') AS in_time,
    late_payment_compensation(500, '2024-01-31', '2024-02-01', business => false) AS consumer,
    late_payment_compensation(500, '2024-01-31', '2024-02-01', disputed => true) AS disputed,
    late_payment_compensation(NULL, '2024-01-31', '2024-02-01') AS no_amount,
    late_payment_compensation(500, NULL, '2024-02-01') AS no_due_date,
    late_payment_compensation(5, '2024-01-31', '2024-02-01', '{{10,40}}') AS too_small,
    late_payment_compensation(5, '2024-01-31', '2024-02-01', NULL, NULL, NULL) AS defaults;
