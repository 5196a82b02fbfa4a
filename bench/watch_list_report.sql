\echo The list of an average day
WITH known AS (
    SELECT data,
        as_of,
        count(DISTINCT customer) AS customers,
        date_trunc('quarter', as_of)::date AS part
    FROM day
    JOIN invoice USING (data)
    WHERE invoice_date <= as_of
    GROUP BY data, as_of
), judged AS (
    SELECT k.data,
        k.as_of,
        k.customers,
        count(l.customer) AS listed,
        count(*) FILTER (WHERE l.customer IS NOT NULL
            AND (t.beyond > 0 OR n.changed_on <= k.as_of AND kind <> 'improving')) AS truly,
        count(*) FILTER (WHERE l.customer IS NOT NULL AND t.beyond > 0) AS truly_beyond,
        count(*) FILTER (WHERE l.customer IS NOT NULL AND t.beyond_60 > 0) AS truly_beyond_60,
        sum(t.beyond_60) AS beyond_60,
        sum(t.beyond_60) FILTER (WHERE l.customer IS NOT NULL) AS beyond_60_listed
    FROM known AS k
    LEFT JOIN (truth AS t FULL JOIN listed AS l USING (data, as_of, customer)) USING (data, as_of)
    LEFT JOIN kind AS n ON n.customer = coalesce(l.customer, t.customer) AND k.data = 'sample'
    GROUP BY k.data, k.as_of, k.customers
)
SELECT data, min(as_of) AS
from ,
    round(avg(customers)) AS customers,
    round(avg(listed), 1) AS listed,
    round(avg(listed::numeric / customers), 3) AS share,
    round(sum(truly) / nullif(sum(listed), 0), 2) AS truly,
    round(sum(truly_beyond) / nullif(sum(listed), 0), 2) AS "beyond habit",
    round(sum(truly_beyond_60) / nullif(sum(listed), 0), 2) AS "60 days beyond",
    round(sum(beyond_60_listed) / nullif(sum(beyond_60), 0), 2)
        AS "money 60 days beyond that is on it"
FROM judged
GROUP BY data, as_of >= '2025-11-01'
ORDER BY data, 2;

\echo The reasons, a day
SELECT data, as_of >= '2025-11-01' AS late, reason, round(count(*) / 60.0, 2) AS customers
FROM listed, unnest(reasons) AS reason GROUP BY 1, 2, 3 ORDER BY 1, 2, 4 DESC;

\echo Who changes, and when it is on the list first
SELECT kind, k.customer, changed_on, min(l.as_of) AS listed_on, min(l.as_of) - changed_on AS days
FROM kind AS k LEFT JOIN listed AS l ON l.data = 'sample' AND l.customer = k.customer AND l.as_of >= changed_on
WHERE kind IN ('deteriorating', 'stopped') GROUP BY kind, k.customer, changed_on ORDER BY 1, 2;
\echo Who else is listed in the sample
SELECT kind, count(*) AS days, count(DISTINCT customer) AS customers
FROM listed
JOIN kind USING (customer)
WHERE data = 'sample'
GROUP BY kind
ORDER BY 2 DESC;
