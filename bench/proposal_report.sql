-- Means of the cuts. R squared of the own median: 1 less its squared errors by those of the mean of
-- all, 0 days for who has none.
SELECT data,
    method,
    round(avg(places), 1) AS groups,
    round(avg(customers)::numeric, 3) AS customers,
    round(avg(invoices)::numeric, 3) AS invoices
FROM judged
GROUP BY data, method
UNION ALL
SELECT data, 'own median (R squared)', NULL, round(avg(1 - errors / squares)::numeric, 3), NULL
FROM (
    SELECT k.data,
        as_of,
        sum((mean - coalesce(median_days_late(profile), 0)) ^ 2) AS errors,
        count(*) * var_pop(mean) AS squares
    FROM cut AS c
    JOIN known AS k ON (k.data, as_of) = (c.data, judged_on)
    GROUP BY k.data, as_of
) AS o
GROUP BY data
ORDER BY 1, 2;
SELECT data,
    count(*) AS proposals,
    count(*) FILTER (WHERE rules = 1) AS declined,
    round(avg(rules), 1) AS rules,
    round(avg(found_again) FILTER (WHERE rules > 1)::numeric, 2) AS found_again,
    round(min(found_again)::numeric, 2) AS least_found_again,
    round(avg(cross_validated)::numeric, 3) AS cross_validated
FROM proposed
GROUP BY data
ORDER BY data;
