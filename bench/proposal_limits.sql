\echo Outcomes shuffled among the customers of one cut, a hundred times: how often a proposal is declined
SELECT setseed(0.4) \g /dev/null
CREATE TABLE shuffled AS
WITH customer AS (
    SELECT k.data,
        as_of,
        profile,
        mean,
        row_number() OVER (PARTITION BY k.data ORDER BY customer) AS place
    FROM known AS k
    JOIN (SELECT data, max(grown_on) AS as_of FROM cut GROUP BY data) AS c USING (data, as_of)
), outcome AS (
    SELECT try, data, mean, row_number() OVER (PARTITION BY try, data ORDER BY random()) AS place
    FROM customer, generate_series(1, 100) AS try
)
SELECT try, c.data, policy_sample(profile, o.mean, as_of, NULL) AS sample
FROM customer AS c
JOIN outcome AS o USING (data, place)
GROUP BY try, c.data;
SELECT data,
    count(*) FILTER (WHERE s.rules = 1) AS declined,
    count(*) FILTER (WHERE small.rules = 1) AS with_rules_of_10
FROM shuffled,
    LATERAL proposal_summary(sample) AS s,
    LATERAL proposal_summary(sample, min_customers => 10) AS small
GROUP BY data
ORDER BY data;

-- A hundred thousand customers with twelve invoices each, all figures, two attributes.
CREATE TABLE large AS
SELECT policy_sample(profile, outcome, '2025-01-01', attributes) AS sample
FROM (
    SELECT c,
        payment_profile(due - 30, due, due + late, amount, u % 20 = 0) AS profile,
        avg(late)::float8 * 0.7 + c % 61 / 10.0 AS outcome,
        jsonb_build_object(
            'sector', (ARRAY['public', 'retail', 'trade', 'other'])[c % 4 + 1], 'employees', c % 977)
            AS attributes
    FROM generate_series(1, 100000) AS c,
        generate_series(1, 12) AS i,
        LATERAL (SELECT (hashint8extended(c * 16 + i, 4) & 4095)::int AS u) AS d,
        LATERAL (
            SELECT date '2024-02-01' + u % 300 AS due,
                (c % 30 - 8 + (u % 100 - 50) * (c % 7) * 0.06)::int AS late,
                (u % 1000 + 0.5) AS amount
        ) AS e
    GROUP BY c
) AS p;
