-- Proposed policies: the figures of the evidence against plain SQL, divisions against every threshold there is, what
-- is declined.
SET client_min_messages = warning;
CREATE SCHEMA IF NOT EXISTS receivables;
CREATE EXTENSION IF NOT EXISTS receivables SCHEMA receivables;
RESET client_min_messages;
SET search_path = receivables, public;
\getenv folder PG_ABS_SRCDIR
\set file :folder '/test/sql/helpers.sql'
\i :file

-- Customers of five habits, some without history; the sector says a little more, the noise nothing.
CREATE FUNCTION pp_draw(c int, n int, most int) RETURNS int IMMUTABLE LANGUAGE sql RETURN (
    hashint8extended(c, n) & 1048575
) * most / 1048576;
CREATE TABLE pp_customer AS
SELECT c,
    profile,
    attributes,
    (
        (ARRAY[-10, 0, 6, 15, 35])[kind + 1] + CASE WHEN pp_draw(c, 2, 4) = 0 THEN 5 ELSE 0 END
            + pp_draw(c, 9, 60) / 10.0 - 3
    )::float8 AS outcome
FROM (
        SELECT c,
            pp_draw(c, 1, 5) AS kind,
            CASE WHEN c % 12 > 0 THEN 3 + c % 9 ELSE 0 END AS items,
            jsonb_build_object(
                'sector',
                (ARRAY['public', 'trade', 'o''hara', 'retail'])[1 + pp_draw(c, 2, 4)],
                'insured',
                c % 2 = 0,
                'noise',
                pp_draw(c, 3, 1000),
                'address',
                jsonb_build_object('post code', c % 90)
            ) AS attributes
        FROM generate_series(1, 1500) c
    ) k,
    LATERAL (
        SELECT payment_profile(
            due - 30,
            due,
            due + (ARRAY[-10, 0, 6, 15, 35])[kind + 1] + pp_draw(c, 10 + i, 5) - 2,
            100 + pp_draw(c, 30 + i, 900),
            false,
            '2025-06-30'
        ) AS profile
        FROM generate_series(1, items) i, LATERAL (SELECT date '2024-06-01' + (i * 23 + c % 20) AS due) d
    ) p;
CREATE TABLE pp_sample AS SELECT policy_sample(profile, outcome, '2025-06-30', attributes) AS sample FROM pp_customer;

SELECT jsonb_pretty(propose_segment_policy(sample)::jsonb) AS policy FROM pp_sample;
SELECT rule,
    segment,
    condition,
    customers,
    round(share::numeric, 3) AS share,
    round(mean::numeric, 2) AS mean,
    round(mean_low::numeric, 2) AS low,
    round(mean_high::numeric, 2) AS high,
    found_again
FROM pp_sample, explain_proposal(sample);
SELECT customers,
    rules,
    round(eta_squared::numeric, 3) AS eta_squared,
    round(cross_validated::numeric, 3) AS cross_validated,
    current_policy,
    round(own_median::numeric, 3) AS own_median
FROM pp_sample, proposal_summary(sample);

-- what it says of a rule is what plain SQL finds of the customers whom the policy gives to the rule
CREATE TABLE pp_policy AS SELECT propose_segment_policy(sample) AS policy FROM pp_sample;
CREATE TABLE pp_placed AS
SELECT c, outcome, e.rule, e.segment, assign_segment(policy, profile, '2025-06-30', attributes) AS assigned
FROM pp_policy, pp_customer, LATERAL explain_segment(policy, profile, '2025-06-30', attributes) e WHERE chosen;
SELECT count(*) AS rules,
    count(*) FILTER (
        WHERE e.customers <> p.customers
            OR e.segment <> p.segment
            OR abs(e.share - p.customers / 1500.0) > 1e-12
            OR abs(e.mean - p.mean) > 1e-9
            OR (e.mean_high - e.mean_low) / 2 / (stddev / sqrt(p.customers)) NOT BETWEEN 1.9599 AND 2
            OR abs((e.mean_low + e.mean_high) / 2 - e.mean) > 1e-9
    ) AS differ
FROM pp_sample, explain_proposal(sample, bootstraps => 0) e
FULL JOIN (
    SELECT rule,
        min(segment) AS segment,
        count(*) AS customers,
        avg(outcome) AS mean,
        stddev(outcome) AS stddev
    FROM pp_placed
    GROUP BY rule
) p USING (rule);
SELECT abs(
        eta_squared - (SELECT eta_squared(segment_quality(rule::text, outcome)) FROM pp_placed)
    ) < 1e-9 AS eta_squared,
    cross_validated BETWEEN eta_squared - 0.03 AND eta_squared AS cross_validated,
    bool_and
FROM pp_sample, proposal_summary(sample), (SELECT bool_and(segment = assigned) FROM pp_placed) x;
SELECT abs(
        own_median - (
            SELECT 1 - sum((outcome - median_days_late(profile)) ^ 2) / (count(*) * var_pop(outcome))
            FROM pp_customer
            WHERE profile IS NOT NULL
        )
    ) < 1e-9 AS own_median,
    abs(
        current_policy - (
            SELECT eta_squared(segment_quality(attributes ->> 'sector', outcome))
            FROM pp_customer
            WHERE profile IS NOT NULL
        )
    ) < 0.02 AS current_policy
FROM (
        SELECT policy_sample(
            profile, outcome, '2025-06-30', jsonb_build_object('current_segment', attributes -> 'sector')
        ) AS sample
        FROM pp_customer
        WHERE profile IS NOT NULL
    ) s,
    proposal_summary(sample);

-- the first division by one figure, beside every threshold: of those that leave 75 customers on both sides it gains
-- at least 99 % of the best
CREATE TABLE pp_first AS
SELECT m, condition, (regexp_match(condition, ' (?:>=|<) (-?[0-9.]+)$'))[1]::float8 AS threshold
FROM pp_sample,
    unnest(
        ARRAY['mean_days_late', 'late_share', 'total_amount', 'timed_count', 'invoice_interval_days',
            'p90_days_late', 'weighted_days_late', 'median_days_late', 'min_days_late', 'days_late_so_far',
            'prompt_payment_score', 'mean_days_to_pay', 'last_paid_date']
    ) m,
    explain_proposal(sample, 2, metrics => ARRAY[m], attributes => '{}', bootstraps => 0)
WHERE rule = 1;
CREATE TABLE pp_value AS
SELECT m, c, outcome, CASE WHEN v ~ '-\d\d-' THEN date '2025-06-30' - v::date ELSE v::float8 END AS v
FROM pp_first, pp_customer
LEFT JOIN LATERAL profile_summary(profile, '2025-06-30') s ON true, LATERAL (SELECT to_jsonb(s) ->> m AS v) x;
-- (who has no value is on the side that the rule does not ask for; the gain is what the squares of both sides are
-- less than those of all)
CREATE VIEW pp_threshold AS
SELECT m,
    t,
    above,
    passing,
    1500 - passing AS others,
    sum_passing ^ 2 / passing + (sum_all - sum_passing) ^ 2 / nullif(1500 - passing, 0) - sum_all ^ 2 / 1500 AS gain
FROM (
        SELECT m, v AS t, above, count(outcome) OVER w AS passing, sum(outcome) OVER w AS sum_passing
        FROM pp_value, unnest('{true,false}'::boolean[]) above
        WHERE v IS NOT NULL
        WINDOW w AS (PARTITION BY m, above ORDER BY CASE WHEN above THEN -v ELSE v END)
    ) x,
    (SELECT sum(outcome) AS sum_all FROM pp_customer) a;
-- (below t are the values up to the one before)
SELECT f.m,
    condition,
    round((gain / best)::numeric, 2) AS of_the_best,
    gain >= 0.99 * best AS nearly_the_best,
    least(passing, others) >= 75 AS enough
FROM pp_first f,
    LATERAL (
        SELECT passing, others, gain
        FROM pp_threshold t
        WHERE t.m = f.m
            AND above = (condition ~ '>=')
            AND CASE WHEN above THEN t >= threshold ELSE t < threshold END
        ORDER BY passing DESC
        LIMIT 1
    ) g,
    LATERAL (SELECT max(gain) AS best FROM pp_threshold t WHERE t.m = f.m AND least(passing, others) >= 75) b;

-- attributes: the set of sectors that gains the most of all sets; quoted names; those that are named alone take part
SELECT rule, condition, customers
FROM pp_sample, explain_proposal(sample, 2, metrics => '{}', attributes => '{sector}', bootstraps => 0);
SELECT max(gain) FILTER (
    WHERE members = '{trade,retail,o''hara}' OR members = '{public}'
) = max(gain) AS best_of_all_sets
FROM (
    SELECT members,
        count(*) * var_pop(outcome)
            - count(*) FILTER (WHERE x) * var_pop(outcome) FILTER (WHERE x)
            - count(*) FILTER (WHERE NOT x) * var_pop(outcome) FILTER (WHERE NOT x) AS gain
    FROM (
            SELECT CASE WHEN i = 8 THEN '{public}' ELSE array_remove(
                ARRAY[CASE WHEN i & 1 > 0 THEN 'trade' END,
                    CASE WHEN i & 2 > 0 THEN 'retail' END,
                    CASE WHEN i & 4 > 0 THEN 'o''hara' END],
                NULL
            ) END::text[] AS members
            FROM generate_series(1, 8) i
        ) s,
        pp_customer,
        LATERAL (SELECT attributes ->> 'sector' = ANY (members) AS x) y
    GROUP BY members
) z;
CREATE TABLE pp_attribute AS
SELECT policy_sample(
    NULL,
    (
        CASE WHEN a ->> 'it''s' = 'o''hara' THEN 20
            WHEN a -> 'Yes' = 'true' THEN 10
            WHEN (a #>> '{deep,post code}')::int >= 45 THEN 5 ELSE 0 END
    )::float8 + c % 3,
    NULL,
    a
) AS sample
FROM generate_series(1, 800) c,
    LATERAL (
        SELECT jsonb_build_object(
            'it''s',
            (ARRAY['o''hara', 'b', 'c'])[1 + c % 3],
            'Yes',
            c % 2 = 0,
            'deep',
            jsonb_build_object('post code', c % 90)
        ) AS a
    ) x;
SELECT rule, segment, condition, customers, round(mean::numeric, 2) AS mean
FROM pp_attribute, explain_proposal(sample, min_customers => 20);
SELECT propose_segment_policy(sample, attributes => '{deep.post code,Yes}') AS policy FROM pp_attribute;
-- a text with more than 50 values, and what is the same for all, take no part; a number beside a text is another column
SELECT propose_segment_policy(
    policy_sample(NULL, c % 60, NULL, jsonb_build_object('name', 'n' || c % 60, 'same', 1)),
    min_customers => 10
) AS policy
FROM generate_series(1, 600) c;
SELECT propose_segment_policy(
    policy_sample(
        NULL,
        CASE WHEN c % 3 = 0 THEN 9 ELSE c % 2 END,
        NULL,
        jsonb_build_object(
            'mixed', CASE WHEN c % 3 = 0 THEN '"a"' WHEN c % 3 = 1 THEN '5' ELSE 'null' END::jsonb
        )
    )
) AS policy
FROM generate_series(1, 600) c;

-- options
SELECT jsonb_array_length(propose_segment_policy(sample, n)::jsonb) <= n AS at_most, n
FROM pp_sample, generate_series(1, 6) n;
SELECT min(customers) >= 200 AS large FROM pp_sample, explain_proposal(sample, min_customers => 200, bootstraps => 0);
SELECT count(*) FILTER (WHERE condition LIKE '%days_late%') > 0 AS of_metrics,
    count(*) FILTER (WHERE condition LIKE '%attribute%') AS of_attributes
FROM pp_sample,
    explain_proposal(
        sample, metrics => '{median_days_late,mean_days_late}', attributes => '{}', bootstraps => 0
    );
SELECT max(array_length(regexp_split_to_array(condition, ' and '), 1)) AS conditions
FROM pp_sample, explain_proposal(sample, max_depth => 1);
SELECT propose_segment_policy(
        sample, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL
    ) = propose_segment_policy(sample) AS defaults,
    propose_segment_policy(NULL) IS NULL AS of_null,
    (SELECT count(*) FROM explain_proposal(NULL)) AS explained
FROM pp_sample;
SELECT propose_segment_policy(sample, min_found_again => 1.0) <> '[{"segment": "all"}]' AS found_always FROM pp_sample;

-- the same from a sample in any order and in parts
SELECT propose_segment_policy(
    policy_sample(profile, outcome, '2025-06-30', attributes ORDER BY hashint4(c))
) = (SELECT propose_segment_policy(sample) FROM pp_sample) AS same
FROM pp_customer;

-- of two customers that differ in lateness alone, the later one is never in a segment of a smaller mean
CREATE TABLE pp_trap AS
SELECT c,
    payment_profile('2025-01-01', '2025-02-01', date '2025-02-01' + c % 40, 100) AS profile,
    abs(c % 40 - 20)::float8 AS outcome
FROM generate_series(1, 2000) c
GROUP BY c;
CREATE TABLE pp_trapped AS
SELECT monotone,
    propose_segment_policy(
        sample, metrics => '{mean_days_late,max_days_late}', monotone => monotone
    ) AS policy,
    e.rule,
    e.mean
FROM (SELECT policy_sample(profile, outcome, '2025-06-30', NULL) AS sample FROM pp_trap) s,
    unnest('{true,false}'::boolean[]) monotone,
    explain_proposal(
        sample, metrics => '{mean_days_late,max_days_late}', monotone => monotone, bootstraps => 0
    ) e;
CREATE TABLE pp_late AS
SELECT late, payment_profile('2025-01-01', '2025-02-01', date '2025-02-01' + late, 100) AS profile
FROM generate_series(0, 39) late
GROUP BY late;
SELECT monotone, count(DISTINCT mean) > 1 AS more_than_one, bool_and(mean >= before) AS never_milder
FROM (
    SELECT monotone, mean, lag(mean) OVER (PARTITION BY monotone ORDER BY late) AS before
    FROM pp_trapped t, pp_late
    WHERE rule = (SELECT e.rule FROM explain_segment(policy, profile, '2025-06-30') e WHERE chosen)
) x
GROUP BY monotone
ORDER BY monotone;

-- it declines: few customers, equal outcomes, no columns, outcomes that were shuffled
SELECT propose_segment_policy(policy_sample(profile, outcome, '2025-06-30', attributes)) AS few
FROM pp_customer
WHERE c <= 59;
SELECT propose_segment_policy(policy_sample(profile, 7, '2025-06-30', attributes)) AS equal FROM pp_customer;
SELECT propose_segment_policy(sample, metrics => '{}', attributes => '{}') AS no_columns,
    propose_segment_policy('{"figures": [], "customers": []}') AS nobody
FROM pp_sample;
SELECT * FROM proposal_summary('{"figures": [], "customers": []}');
SELECT count(*) FILTER (WHERE policy = '[{"segment": "all"}]') >= 19 AS declined
FROM (
    SELECT t,
        propose_segment_policy(policy_sample(a.profile, b.outcome, '2025-06-30', a.attributes)) AS policy
    FROM generate_series(1, 20) t,
        LATERAL (
            SELECT profile, attributes, row_number() OVER (ORDER BY c) AS i FROM pp_customer WHERE c <= 500
        ) a
    JOIN LATERAL (
        SELECT outcome, row_number() OVER (ORDER BY hashint8extended(c, t)) AS i
        FROM pp_customer
        WHERE c <= 500
    ) b USING (i)
    GROUP BY t
) x;

-- what is refused
SELECT pg_temp.refusal('SELECT propose_segment_policy(sample, ' || o || ') FROM pp_sample', 'hint')
FROM (
    VALUES ('0'),
        ('101'),
        ('min_customers => 0'),
        ('max_depth => 0'),
        ('max_depth => 11'),
        ('metrics => ''{median_day_late}'''),
        ('metrics => ''{percentile_days_late}'''),
        ('metrics => ''{NULL}'''),
        ('attributes => ''{sectr}'''),
        ('bootstraps => -1'),
        ('bootstraps => 1001'),
        ('min_found_again => 1.5'),
        ('min_found_again => ''NaN''')
) x(o);
SELECT pg_temp.refusal($q$
    SELECT propose_segment_policy(policy_sample(NULL, i, NULL, jsonb_build_object('k' || i, 1)))
    FROM generate_series(1, 201) i$q$, 'hint');

-- a search that takes long can be cancelled
CREATE TABLE pp_long AS
SELECT policy_sample(
    NULL, sin(c), NULL, jsonb_build_object('a', sin(c), 'b', cos(c * 3), 'c', c % 1009, 'd', c % 77)
) AS sample
FROM generate_series(1, 60000) c;
CREATE FUNCTION pp_cancelled(sample policy_sample) RETURNS text LANGUAGE plpgsql AS $$
DECLARE started timestamptz := clock_timestamp();
BEGIN
    PERFORM propose_segment_policy(sample, 100, 1, max_depth => 10, bootstraps => 500);
    RETURN 'finished';
EXCEPTION WHEN query_canceled THEN
    RETURN CASE WHEN clock_timestamp() - started < interval '4s' THEN 'cancelled at once' ELSE 'cancelled late' END;
END $$;
-- (more trees than memory is granted for)
SELECT pg_temp.refusal($q$
    SELECT propose_segment_policy(sample, 100, 1, max_depth => 10, bootstraps => 1000)
    FROM pp_long$q$) ~ '^54000 1000 trees with' AS too_many;
SET statement_timeout = '800ms';
SELECT pp_cancelled(sample) FROM pp_long;
RESET statement_timeout;
DROP VIEW pp_threshold;
DROP TABLE pp_late,
pp_policy,
pp_placed,
pp_trapped,
pp_customer,
pp_sample,
pp_first,
pp_value,
pp_attribute,
pp_trap,
pp_long;
DROP FUNCTION pp_draw, pp_cancelled;
