-- What forecast.sh shows: errors in days.
CREATE VIEW error AS
SELECT c.name AS cut, p.*, abs(p.day - p.paid) AS days
FROM cut AS c JOIN prediction AS p ON p.moment BETWEEN c.first_day AND c.last_day;

\echo 'Mean absolute error in days; by customer: the mean of their means; without the largest customer; who had paid nothing'
WITH largest AS (
    SELECT DISTINCT ON (cut) cut, customer FROM error WHERE rule = 'forecast' GROUP BY cut, customer ORDER BY cut, count(*) DESC
), customers AS (
    SELECT cut, rule, avg(days) AS days FROM (SELECT cut, rule, customer, avg(days) AS days FROM error GROUP BY cut, rule, customer) AS c
    GROUP BY cut, rule
)
SELECT e.cut, e.rule, count(*) AS invoices, round(avg(e.days), 3) AS error,
    round(avg(e.days) / max(avg(e.days)) FILTER (WHERE e.rule = 'Upflow') OVER (PARTITION BY e.cut), 3) AS "of Upflow",
    round(100.0 * avg((e.days <= 3)::int), 1) AS "% within 3", round(max(c.days), 3) AS "by customer",
    round(avg(e.days) FILTER (WHERE e.customer <> l.customer), 3) AS "without largest",
    round(avg(e.days) FILTER (WHERE e.paid_items = 0), 3) AS "without history", count(*) FILTER (WHERE e.paid_items = 0) AS n
FROM error AS e JOIN customers AS c USING (cut, rule) JOIN largest AS l USING (cut)
WHERE e.rule NOT IN ('80 % date', 'own p80')
GROUP BY e.cut, e.rule ORDER BY e.cut, avg(e.days);

\echo 'The 80 % date: share paid before it, and on it or before; by what the customer had paid'
SELECT cut, CASE grouping(history) WHEN 1 THEN 'all' ELSE history END AS history, count(*) AS invoices,
    round(100 * avg((paid < day)::int), 1) AS "% before", round(100 * avg((paid <= day)::int), 1) AS "% by it"
FROM (SELECT *, CASE WHEN paid_items < 3 THEN '0-2' WHEN paid_items < 10 THEN '3-9' ELSE '10 and more' END AS history
      FROM error WHERE rule = '80 % date') AS e
GROUP BY GROUPING SETS ((cut), (cut, history)) ORDER BY cut, 2;

\echo 'Pinball loss of the 80 % date where the customer had paid something'
SELECT cut, rule, round(avg(CASE WHEN paid > day THEN 0.8 * (paid - day) ELSE 0.2 * (day - paid) END), 3) AS loss
FROM error WHERE rule IN ('80 % date', 'own p80') AND paid_items > 0 GROUP BY cut, rule ORDER BY cut, rule;
