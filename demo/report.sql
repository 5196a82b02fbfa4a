-- Prints the portfolio.   :days  how many days of reminders
\pset footer off
\pset linestyle ascii
\pset border 1
\pset null ''

\echo
\echo 'HOW THE SEGMENTS PAY  (days late: paid date - due date; late: more than three days)'
SELECT coalesce(segment, 'none') AS segment, count(*) AS customers, item_count(all_of_it) AS invoices,
       round(median_days_late(all_of_it)::numeric, 1) AS "median days late",
       round(weighted_days_late(all_of_it)::numeric, 1) AS "by amount",
       round(percentile_days_late(all_of_it, 0.9)::numeric, 1) AS "90th percentile",
       to_char(100 * late_share(all_of_it, 3), 'FM990" %"') AS late,
       to_char(open_amount(all_of_it), 'FM999,999,999,990') AS open,
       to_char(overdue_amount(all_of_it, as_of), 'FM999,999,999,990') AS overdue,
       sparkline(all_of_it) AS "days late, few to many"
FROM (SELECT segment, rollup(profile) AS all_of_it, count(*) AS customers FROM customer GROUP BY segment) AS s,
     portfolio, LATERAL generate_series(1, s.customers)
GROUP BY segment, all_of_it, as_of
ORDER BY weighted_days_late(all_of_it) NULLS LAST, segment;
