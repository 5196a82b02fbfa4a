-- A million customers with ten to twenty invoices each, their payment profiles and attributes, in the
-- proportions of the sample: prompt, structurally late, on a payment day, forgetful, slow, erratic,
-- deteriorating, disputing, new, stopped. Hashes instead of random(), so that every run has the same table.
-- psql variable: divisor, of the number of customers.
CREATE TABLE payers AS
WITH draws AS (
    SELECT c AS customer_id,
        (hashint8extended(c, 1) & 1023)::int AS kind,
        (hashint8extended(c, 2) & 1023)::int AS level,
        10 + (hashint8extended(c, 3) & 1023)::int % 11 AS items
    FROM generate_series(1, 1000000 / :divisor) AS c
)
SELECT customer_id,
    profile,
    jsonb_build_object(
        'sector',
        (array['public', 'retail', 'trade', 'industry'])[1 + level % 4],
        'employees', level * 3, 'rating', chr(65 + level % 5), 'insured_amount', level * 100,
        'customer_since', date '2010-01-01' + level, 'address',
        jsonb_build_object('country', (array['NL', 'BE', 'DE'])[1 + kind % 3])) AS attributes
FROM draws,
    LATERAL (
        SELECT payment_profile(
            due - 30,
            due,
            CASE
                WHEN kind >= 990 AND i > 7 THEN NULL
                WHEN kind < 420 THEN due - u % 5
                WHEN kind < 520 THEN due + 5 + level % 8 + u % 3
                WHEN kind < 670
                    THEN (date_trunc('month', due) + interval '1 month' * (extract(day FROM due)
                        > 25)::int)::date + 24
                WHEN kind < 760 THEN due + CASE WHEN u % 7 = 0 THEN 18 + u % 25 ELSE -(u % 4) END
                WHEN kind < 830 THEN due + 22 + u % 37
                WHEN kind < 920 THEN due - 6 + u % 52
                WHEN kind < 960
                    THEN due + CASE WHEN i > items - 4 THEN 14 + u % 20 ELSE -(u % 3) END
                ELSE due + u % 9
            END,
            (20 + (u * 7919 + level) % 90000 / 10.0)::numeric(12, 2),
            kind BETWEEN 960 AND 979 AND u % 5 < 3) AS profile
        FROM generate_series(
            CASE WHEN kind BETWEEN 980 AND 989 THEN items - 1 ELSE 1 END, items) AS i,
            LATERAL (SELECT (hashint8extended(customer_id * 32 + i, 4) & 4095)::int AS u) AS d,
            LATERAL (SELECT date '2025-12-20' - (items - i) * 34 - level % 30 AS due) AS e
    ) AS p;
VACUUM ANALYZE payers;
