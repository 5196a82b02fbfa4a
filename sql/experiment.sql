-- Experiments: who is in which arm, and what came out, against plain SQL.
SET client_min_messages = warning;
CREATE SCHEMA IF NOT EXISTS receivables;
CREATE EXTENSION IF NOT EXISTS receivables SCHEMA receivables;
RESET client_min_messages;
SET search_path = receivables, public;
SET extra_float_digits = 0;

-- Arms. printf 'letters\0C-17' | sha256sum finds the same digits: point is their number over 2^52.
SELECT customer,
    left(sha256, 13) AS sha256,
    round(('x' || left(sha256, 13))::bit(52)::bigint / 2 ^ 52::numeric, 6) AS point,
    experiment_arm(
        customer, 'letters', '[{"arm": "as now", "share": 0.5}, {"arm": "earlier", "share": 0.3}]'
    ) AS arm
FROM unnest('{C-17,C-18,C-19,Müller & Söhne,1,"",日本}'::text[]) AS customer,
    LATERAL (
        SELECT encode(
            sha256(convert_to('letters', 'UTF8') || '\x00' || convert_to(customer, 'UTF8')), 'hex'
        ) AS sha256
    ) AS h;

-- shares, to sampling error: each within four standard errors
CREATE TABLE ex_drawn AS
SELECT 'K' || n AS customer,
    e AS experiment,
    experiment_arm(
        'K' || n,
        'E' || e,
        '[{"arm": "a", "share": 0.5}, {"arm": "b", "share": 0.333333}, {"arm": "c", "share": 0.1}]'
    ) AS arm
FROM generate_series(1, 5000) AS n, generate_series(1, 4) AS e;
SELECT experiment, s.arm, abs(count(d.arm) - 5000 * share) < 4 * sqrt(5000 * share * (1 - share)) AS as_asked
FROM (VALUES ('a', 0.5), ('b', 0.333333), ('c', 0.1)) AS s (arm, share) JOIN ex_drawn AS d ON d.arm = s.arm
GROUP BY experiment, s.arm, share ORDER BY 1, 2;
SELECT count(*) BETWEEN 1155 AND 1512 AS remainder FROM ex_drawn WHERE arm IS NULL;

-- two experiments know nothing of each other: chi squared of the table of both, 9 degrees of freedom
SELECT one.experiment, other.experiment, _chi_squared_tail(chi, 9) > 0.001 AS independent
FROM generate_series(1, 3) AS one (experiment)
JOIN generate_series(2, 4) AS other (experiment) ON one.experiment < other.experiment,
LATERAL (
    SELECT sum((n - r * c / 5000.0) ^ 2 / (r * c / 5000.0)) AS chi
    FROM (
        SELECT coalesce(x.arm, 'none') AS x,
            coalesce(y.arm, 'none') AS y,
            count(*) AS n,
            sum(count(*)) OVER (PARTITION BY coalesce(x.arm, 'none')) AS r,
            sum(count(*)) OVER (PARTITION BY coalesce(y.arm, 'none')) AS c
        FROM ex_drawn AS x
        JOIN ex_drawn AS y USING (customer)
        WHERE x.experiment = one.experiment AND y.experiment = other.experiment
        GROUP BY 1, 2
    ) AS cell
) AS t
ORDER BY 1, 2;

-- an arm that is added takes from the remainder alone
SELECT before, after, count(*) > 0 AS some
FROM (
    SELECT experiment_arm('K' || n, 'E', '[{"arm": "a", "share": 0.2}, {"arm": "b", "share": 0.2}]') AS before,
        experiment_arm(
            'K' || n,
            'E',
            '[{"arm": "a", "share": 0.2}, {"arm": "b", "share": 0.2}, {"arm": "c", "share": 0.3}]'
        ) AS after
    FROM generate_series(1, 3000) AS n
) AS d
GROUP BY 1, 2
ORDER BY 1, 2;
-- shares of thirds and of everything
SELECT arm, count(*) BETWEEN 900 AND 1100 AS a_third
FROM (
    SELECT experiment_arm(
        'K' || n,
        'E',
        '[{"arm": "a", "share": 0.333333333333333}, {"arm": "b", "share": 0.333333333333333},
          {"arm": "c", "share": 0.333333333333334}]'
    ) AS arm
    FROM generate_series(1, 3000) AS n
) AS d
GROUP BY arm
ORDER BY arm;
SELECT experiment_arm(NULL, 'E', '[{"arm": "a", "share": 1}]') IS NULL AS nobody,
    experiment_arm('x', 'E', '[{"arm": "a", "share": 1}]') AS everybody;
-- errors
SELECT experiment_arm('x', 'E', '[{"arm": "a", "share": 0.6}, {"arm": "b", "share": 0.5}]');
SELECT experiment_arm('x', 'E', '[{"arm": "a", "share": 0.5}, {"arm": "a", "share": 0.5}]');
SELECT experiment_arm('x', 'E', '{"a": 0.5}');
SELECT experiment_arm('x', 'E', '[]');
SELECT experiment_arm('x', 'E', '[{"arm": "a", "share": 0}]');
SELECT experiment_arm('x', 'E', '[{"arm": "a", "share": "0.5"}]');
SELECT experiment_arm('x', 'E', '[{"arm": "a", "share": 0.1234567890123456}]');
SELECT experiment_arm('x', 'E', '[{"arm": "a", "part": 0.5}]');
SELECT experiment_arm('x', 'E', '[{"arm": "", "share": 0.5}]');

-- Samples: text, binary, and the way there.
CREATE TABLE ex_item (scenario integer, arm text, customer text, days integer, paid boolean, weight double precision);
INSERT INTO ex_item
SELECT s, CASE WHEN hashint4(s * 7919 + c) % 3 = 0 THEN 'earlier' ELSE 'as now' END, 'C' || c,
    greatest(0, abs(hashint4(s * 104729 + c)) % 30 + abs(hashint4(s * 31 + c * 1009 + n)) % (5 + s % 40) - 5),
    abs(hashint4(s * 17 + c * 271 + n)) % 100 >= s % 3 * 20, 1 + abs(hashint4(s + c * 13 + n * 5)) % 1000 / 8.0
FROM generate_series(1, 60) AS s, generate_series(1, 8 + s % 25) AS c, generate_series(1, 1 + (s * c) % 7) AS n;
-- one customer an arm whom every horizon sees
INSERT INTO ex_item
SELECT s, arm, 'last of ' || arm, 40, false, 10
FROM generate_series(1, 60) AS s, unnest('{as now,earlier}'::text[]) AS arm;
SELECT count(*), count(DISTINCT (scenario, customer)) AS customers FROM ex_item;
CREATE TABLE ex_sample AS
SELECT scenario, experiment_sample(arm, customer, days, paid, weight) AS sample FROM ex_item GROUP BY scenario;
SELECT sample FROM (SELECT experiment_sample(arm, customer, days, paid, weight) AS sample
                    FROM ex_item WHERE scenario = 5 AND customer IN ('C1', 'C2', 'C"3')) AS s;
SELECT count(*) FILTER (WHERE sample = sample::text::experiment_sample) AS text,
    count(*) FILTER (WHERE sample = sample::jsonb::experiment_sample) AS jsonb,
    count(*) FILTER (
        WHERE sample = (
            SELECT experiment_sample(arm, customer, days, paid, weight ORDER BY weight DESC, days)
            FROM ex_item
            WHERE scenario = s.scenario
        )
    ) AS any_order,
    count(*) FILTER (
        WHERE sample = (
            SELECT rollup(part)
            FROM (
                SELECT experiment_sample(arm, customer, days, paid, weight) AS part
                FROM ex_item
                WHERE scenario = s.scenario
                GROUP BY hashtext(customer) % 3
            ) AS p
        )
    ) AS rolled_up,
    count(DISTINCT sample) AS different
FROM ex_sample AS s;
SELECT count(DISTINCT experiment_sample_send(sample)) AS binaries FROM ex_sample;
SELECT experiment_sample(arm, customer, days, paid, weight) IS NULL AS nothing
FROM (
    VALUES (NULL, 'c', 1, true, 1.0),
        ('a', NULL, 1, true, 1),
        ('a', 'c', NULL, true, 1),
        ('a', 'c', 1, NULL, 1)
) AS t (arm, customer, days, paid, weight);
SELECT experiment_sample('a', 'c', 1, true, NULL);
-- errors
SELECT experiment_sample('', 'c', 1, true, 1);
SELECT experiment_sample(repeat('a', 64), 'c', 1, true, 1);
SELECT experiment_sample('a', '', 1, true, 1);
SELECT experiment_sample('a', 'c', -1, true, 1);
SELECT experiment_sample('a', 'c', 100001, true, 1);
SELECT experiment_sample('a', 'c', 1, true, 0);
SELECT experiment_sample('a', 'c', 1, true, 'NaN');
SELECT '[]'::experiment_sample;
SELECT '{}'::experiment_sample;
SELECT '[["a", "c", 1, true]]'::experiment_sample;
SELECT '[["a", "c", 1.5, true, 1]]'::experiment_sample;
SELECT '[["a", "c", 1, 1, 1]]'::experiment_sample;
SELECT '[["a", "c", 1, true, -1]]'::experiment_sample;

-- Slow and obvious: Kaplan and Meier, the mean up to the horizon, leaving out each customer in turn.
CREATE FUNCTION pg_temp.slow_curve(
    s integer, a text, horizon integer, by text, without text,
    OUT mean_days double precision, OUT unpaid double precision)
LANGUAGE sql AS $$
    WITH item AS (
        SELECT days,
            paid,
            CASE by WHEN 'weight' THEN weight WHEN 'item' THEN 1
                    ELSE 1.0 / count(*) OVER (PARTITION BY customer) END AS w
        FROM ex_item
        WHERE scenario = s AND arm = a AND customer IS DISTINCT FROM without
    ), day AS (
        SELECT d,
            coalesce(sum(w) FILTER (WHERE days = d AND paid), 0) AS paid,
            coalesce(sum(w) FILTER (WHERE days >= d), 0) AS at_risk
        FROM generate_series(0, horizon - 1) AS d, item
        GROUP BY d
    ), factor AS (
        SELECT d,
            CASE WHEN at_risk < 1e-9 THEN 1
                 WHEN paid > at_risk - 1e-9 THEN 0
                 ELSE 1 - paid / at_risk END AS f
        FROM day
    ), curve AS (
        SELECT d,
            CASE WHEN bool_or(f = 0) OVER w THEN 0
                 ELSE exp(sum(ln(CASE WHEN f = 0 THEN 1 ELSE f END)) OVER w) END AS share
        FROM factor
        WINDOW w AS (ORDER BY d)
    )
    SELECT sum(share), min(share) FROM curve
$$;
CREATE TYPE ex_curve AS (
    customers bigint, mean_days double precision, unpaid double precision, variance double precision
);
CREATE FUNCTION pg_temp.slow_result(s integer, a text, horizon integer, by text) RETURNS ex_curve
LANGUAGE sql AS $$
    WITH customer AS (
        SELECT DISTINCT customer FROM ex_item WHERE scenario = s AND arm = a
    ), whole AS (
        SELECT n, curve.*
        FROM (SELECT count(*) AS n FROM customer) AS c,
            pg_temp.slow_curve(s, a, horizon, by, NULL) AS curve
    ), pseudo AS (
        SELECT n * whole.mean_days - (n - 1) * part.mean_days AS value
        FROM whole, customer, pg_temp.slow_curve(s, a, horizon, by, customer) AS part
    )
    SELECT n, mean_days, unpaid, (SELECT var_samp(value) FROM pseudo) / n FROM whole
$$;
CREATE FUNCTION pg_temp.near(a double precision, b double precision) RETURNS boolean LANGUAGE sql AS
$$ SELECT a IS NOT DISTINCT FROM b OR abs(a - b) <= 1e-9 * greatest(1, abs(a)) $$;
CREATE TABLE ex_slow AS
SELECT scenario, by, horizon, one AS base, other
FROM (
        SELECT scenario, by, 12 + scenario % 9 AS horizon
        FROM generate_series(1, 60) AS scenario, unnest('{customer,item,weight}'::text[]) AS by
    ) AS p,
    LATERAL (
        SELECT pg_temp.slow_result(scenario, 'as now', horizon, by) AS one,
            pg_temp.slow_result(scenario, 'earlier', horizon, by) AS other
    ) AS r;
CREATE TABLE ex_both AS
SELECT w.*,
    a.mean_days AS base_mean,
    a.mean_days_high - a.mean_days_low AS base_width,
    a.paid_share AS base_paid,
    a.customers AS base_customers,
    b.mean_days AS other_mean,
    b.mean_days_high - b.mean_days_low AS other_width,
    b.paid_share AS other_paid,
    b.customers AS other_customers,
    b.days_earlier,
    b.detectable_days,
    b.days_earlier_high - b.days_earlier AS reach,
    b.p_value
FROM ex_slow AS w
JOIN ex_sample AS s USING (scenario),
LATERAL (
    SELECT * FROM experiment_result(s.sample, w.horizon, w.by, permutations => 0) AS r WHERE r.arm = 'as now'
) AS a,
LATERAL (
    SELECT * FROM experiment_result(s.sample, w.horizon, w.by, permutations => 0) AS r WHERE r.arm = 'earlier'
) AS b;
SELECT count(*) AS compared,
    count(*) FILTER (
        WHERE (base).customers = base_customers AND (other).customers = other_customers
    ) AS customers,
    count(*) FILTER (
        WHERE pg_temp.near((base).mean_days, base_mean) AND pg_temp.near((other).mean_days, other_mean)
    ) AS means,
    count(*) FILTER (
        WHERE pg_temp.near(1 - (base).unpaid, base_paid) AND pg_temp.near(1 - (other).unpaid, other_paid)
    ) AS shares,
    count(*) FILTER (WHERE pg_temp.near((base).mean_days - (other).mean_days, days_earlier)) AS differences,
    count(*) FILTER (WHERE (base).variance > 0) AS spread
FROM ex_both;
-- An interval is twice t times the standard error, and t is the same for the same number of customers:
-- 4.302653 for three.
SELECT customers,
    count(*) > 1 AS several,
    max(t) - min(t) < 1e-6 AS same,
    CASE WHEN customers = 3 THEN round(min(t)::numeric, 6) END AS t
FROM (
    SELECT (other).customers, other_width / 2 / sqrt(nullif((other).variance, 0)) AS t
    FROM ex_both
    UNION ALL
    SELECT (base).customers, base_width / 2 / sqrt(nullif((base).variance, 0))
    FROM ex_both
) AS e
WHERE customers BETWEEN 3 AND 12 AND t IS NOT NULL
GROUP BY customers
ORDER BY customers;
-- That of a difference lies between those of as many customers as both arms have and of the smaller one (Welch).
SELECT count(*) AS compared,
    count(*) FILTER (
        WHERE reach / sqrt(
                nullif((base).variance + (other).variance, 0)
            ) BETWEEN 1.96 AND other_width / 2 / sqrt(nullif((other).variance, 0)) + 1e-9
            OR other_customers > base_customers
    ) AS within
FROM ex_both
WHERE (other).customers > 1 AND (other).variance > 0;

-- by hand: two customers an arm, all paid, so each customer's mean counts: 10 and 20 days against 5 and 9
SELECT arm,
    customers,
    items,
    paid_share,
    mean_days,
    days_earlier,
    round(((days_earlier_high - days_earlier) / 4.302652729749464)::numeric, 6) AS "error with 2 degrees"
FROM experiment_result(
    '[["a", "x", 10, true, 1], ["a", "y", 20, true, 1], ["b", "u", 5, true, 1], ["b", "v", 9, true, 1]]',
    30,
    permutations => 0
);
-- (its error: sqrt(50 / 2 + 8 / 2), its degrees of freedom (25 + 4)^2 / (625 + 16))
SELECT round(sqrt(29.0), 6) AS error, round(29.0 ^ 2 / 641, 6) AS freedom;
-- exact permutations: of the 6 ways to draw 2 of 4, 2 are as far apart as 1, 2 against 11, 12; p = 1/3
SELECT abs(p_value - 1 / 3.0) < 0.04 AS a_third, permutations_done, method
FROM experiment_result(
    '[["a", "x", 1, true, 1], ["a", "y", 2, true, 1], ["b", "u", 11, true, 1], ["b", "v", 12, true, 1]]', 30
)
WHERE arm = 'b';
-- the same seed, the same figures; another, others
SELECT one.p_value = same.p_value AS same,
    one.p_value = other.p_value AS other,
    abs(one.p_value - other.p_value) < 0.06 AS near
FROM ex_sample AS s,
    experiment_result(sample, 20) AS one,
    experiment_result(sample, 20) AS same,
    experiment_result(sample, 20, seed => 2) AS other
WHERE scenario = 24 AND one.arm = 'earlier' AND same.arm = 'earlier' AND other.arm = 'earlier';
-- no spread, one customer, one arm, a base of choice
SELECT arm, mean_days, mean_days_low, days_earlier, days_earlier_low, p_value, detectable_days
FROM experiment_result(
    '[["a", "x", 3, true, 1], ["a", "y", 3, true, 1], ["b", "u", 3, true, 1], ["b", "v", 3, true, 1]]',
    30,
    permutations => 0
);
SELECT arm, mean_days, mean_days_low, days_earlier, days_earlier_low, p_value, detectable_days, method
FROM experiment_result('[["a", "x", 3, true, 1], ["b", "u", 4, true, 1], ["c", "u2", 4, false, 1]]', 4, base => 'b');
SELECT arm, mean_days FROM experiment_result('[["a", "x", 0, true, 1], ["a", "x", 1, true, 3]]', 5, 'weight');
SELECT count(*) AS nothing FROM experiment_result(NULL, 30);
-- errors
SELECT experiment_result('[["a", "x", 3, true, 1], ["b", "x", 4, true, 1]]', 30);
SELECT experiment_result('[["a", "x", 3, false, 1], ["b", "y", 4, true, 1]]', 30);
SELECT experiment_result('[["a", "x", 3, true, 1]]', 0);
SELECT experiment_result('[["a", "x", 3, true, 1]]', 3661);
SELECT experiment_result('[["a", "x", 3, true, 1]]', 30, 'invoice');
SELECT experiment_result('[["a", "x", 3, true, 1]]', 30, base => 'z');
SELECT experiment_result('[["a", "x", 3, true, 1]]', 30, permutations => -1);

-- How small a difference: (t(0.8) + t(0.975)) with n - 2 degrees of freedom times the error, here of
-- 8 customers of days 1 to 8.
SELECT arm, base, round(detectable_days::numeric, 6) AS detectable
FROM experiment_power((SELECT experiment_sample('all', c::text, c, true, 1) FROM generate_series(1, 8) AS c), 30,
    '[{"arm": "as now", "share": 0.5}, {"arm": "earlier", "share": 0.25}, {"arm": "later", "share": 0.25}]');
-- (variance of a customer 6; 6 * (1/4 + 1/2) = 4.5; t with 4 degrees of freedom: 0.940965 and 2.776445)
SELECT round(sqrt(4.5) * (0.940965 + 2.776445), 4) AS by_hand;
SELECT *
FROM experiment_power(
    '[["a", "x", 3, true, 1], ["a", "y", 3, true, 1]]',
    30,
    '[{"arm": "a", "share": 0.5}, {"arm": "b", "share": 0.5}]'
);
SELECT * FROM experiment_power('[["a", "x", 3, true, 1]]', 30, '[{"arm": "a", "share": 1}]');
SELECT * FROM experiment_power('[["a", "x", 3, true, 1]]', 30, '[{"arm": "a", "share": 1}, {"arm": "b", "share": 1}]');

-- sample ratio: published chi squared tables have 3.841459 at 5 % and one degree of freedom, 5.991465 at two
SELECT round(_chi_squared_tail(3.841459, 1)::numeric, 6) AS one,
    round(_chi_squared_tail(5.991465, 2)::numeric, 6) AS two;
SELECT sample_ratio_p_value('{50,50}', '{0.5,0.5}') AS even,
    round(sample_ratio_p_value('{60,40}', '{0.5,0.5}')::numeric, 6) AS uneven,
    round(sample_ratio_p_value('{90,10}', '{0.45,0.05}')::numeric, 6) AS as_asked,
    sample_ratio_p_value('{0,0}', '{1,1}') AS nobody,
    sample_ratio_p_value('{5}', '{1}') AS one;
SELECT sample_ratio_p_value('{50,50}', '{0.5}');
SELECT sample_ratio_p_value('{50,-1}', '{0.5,0.5}');
SELECT sample_ratio_p_value('{50,1}', '{0.5,0}');
DROP TABLE ex_item, ex_sample, ex_slow, ex_both, ex_drawn;
SET client_min_messages = warning;
DROP TYPE ex_curve CASCADE;
