\pset null ''
\echo The segments of the standard policy, mean of seven month ends: customers; mean days late of their invoices
\echo paid by then and of those due in the half year after; of these, the share paid more than 30 days late
SELECT data, segment, round(sum(customers) / 7.0, 1) AS customers, round((sum(past_s) / sum(past_n))::numeric, 1) AS past,
       round((sum(next_s) / sum(next_n))::numeric, 1) AS next, round((sum(over_30) / sum(next_n))::numeric, 2) AS over_30
FROM (SELECT data, assign_segment(standard_segment_policy(), profile, as_of) AS segment, count(*) AS customers,
             sum(p.s) AS past_s, sum(p.n) AS past_n, sum(f.s) AS next_s, sum(f.n) AS next_n, sum(f.over_30) AS over_30
      FROM known JOIN month USING (data, as_of)
      LEFT JOIN (SELECT * FROM behaviour WHERE half = 'past') AS p USING (data, as_of, customer)
      LEFT JOIN (SELECT * FROM behaviour WHERE half = 'next') AS f USING (data, as_of, customer)
      WHERE judged GROUP BY 1, 2) AS t
GROUP BY data, segment ORDER BY data, 5;

\echo One threshold changed at a time: customers in the segment that it makes; eta squared of days late by segment, of the
\echo invoices paid by then (past), of those due in the half year after (next), and of the customers'' means of these (mean)
CREATE TABLE measured AS
    SELECT v.place, threshold, value, v.segment, s.data, round(past::numeric, 3) AS past, round(next::numeric, 3) AS next,
           round(next_customers::numeric, 3) AS mean, c.customers
    FROM variant AS v, LATERAL separation(policy) AS s, LATERAL (
        SELECT round(count(*) / 7.0, 1) AS customers FROM known JOIN month USING (data, as_of)
        WHERE judged AND data = s.data AND assign_segment(policy, profile, as_of) = v.segment) AS c;
SELECT s.segment, threshold, value, i.customers AS ibm_customers, i.past AS ibm_past, i.next AS ibm_next, i.mean AS ibm_mean,
       s.customers AS sample_customers, s.past AS sample_past, s.next AS sample_next, s.mean AS sample_mean
FROM (SELECT * FROM measured WHERE data = 'sample') AS s LEFT JOIN (SELECT * FROM measured WHERE data = 'ibm') AS i
    USING (place, threshold, value)
WHERE place > 1 ORDER BY place;

\echo Disputes: the share of invoices disputed so far, and that of the half year after, customers with four invoices or more
SELECT data, CASE WHEN share >= 0.5 THEN '0.5 and more' WHEN share >= 0.4 THEN '0.4 to 0.5' WHEN share >= 0.2 THEN '0.2 to 0.4'
                  ELSE 'below 0.2' END AS disputed_so_far, round(count(*) / 7.0, 1) AS customers, round(avg(next), 2) AS disputed_next
FROM (SELECT k.data, dispute_share(profile) AS share,
             (SELECT avg(disputed::int) FROM invoice AS i WHERE i.data = k.data AND i.customer = k.customer AND amount >= 0
                  AND due_date > as_of AND due_date <= as_of + interval '6 months') AS next
      FROM known AS k JOIN month USING (data, as_of) WHERE judged AND item_count(profile) >= 4) AS d
WHERE next IS NOT NULL GROUP BY 1, 2 ORDER BY 1, 2;

\echo Customers at risk at the last month end, by how long and how much is overdue
SELECT data, days, share, count(*) FILTER (WHERE overdue_amount(profile, as_of, days) > share * amount_last_year(profile, as_of)
                                            AND overdue_amount(profile, as_of, days) > 0) AS customers
FROM known JOIN (SELECT data, max(as_of) AS as_of FROM month GROUP BY data) AS l USING (data, as_of),
     (VALUES (30), (60), (90)) AS d(days), (VALUES (0.05), (0.1), (0.2)) AS s(share)
GROUP BY 1, 2, 3 ORDER BY 1, 2, 3;

\echo Customers that are elsewhere than the month before: share, number, and of these back where they were two months before
SELECT policy, data, round(moved::numeric, 4) AS moved, moves, back
FROM (VALUES (1, 'without stay', without_stay()), (2, 'standard', standard_segment_policy())) AS p(n, policy, rules),
     LATERAL movement(rules) ORDER BY data, n;
\echo The same with one stay alone
SELECT rule ->> 'segment' AS segment, rule ->> 'stay' AS stay, max(moves) FILTER (WHERE data = 'ibm') AS ibm_moves,
       max(moves) FILTER (WHERE data = 'sample') AS sample_moves
FROM jsonb_array_elements(standard_segment_policy()::jsonb) WITH ORDINALITY AS r(rule, place), LATERAL movement((
    SELECT segment_policy(p::int, x ->> 'segment', x ->> 'when', CASE WHEN p = place THEN x ->> 'stay' END)
    FROM jsonb_array_elements(standard_segment_policy()::jsonb) WITH ORDINALITY AS y(x, p)))
WHERE rule ? 'stay' GROUP BY place, rule ORDER BY place;
