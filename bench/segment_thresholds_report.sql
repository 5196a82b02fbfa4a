\pset null ''
-- The standard policy, and one rule or threshold of it changed at a time.
CREATE TABLE variant (place serial, threshold text, value text, policy segment_policy);
INSERT INTO variant (threshold, value, policy) VALUES ('the standard policy', '', standard_segment_policy());
INSERT INTO variant (threshold, value, policy)
    SELECT threshold, value, CASE WHEN what IS NULL THEN without_rule(value) ELSE changed(what, into_what) END
    FROM (VALUES
        (1, 'no rule with', 'overdue_count', NULL, NULL),
        (2, 'no rule with', '<= -7', NULL, NULL),
        (3, 'no rule with', 'median_days_late >= 30', NULL, NULL),
        (4, 'no rule with', 'payment_weekday', NULL, NULL),
        (5, 'no rule with', 'percentile_days_late(0.1)', NULL, NULL),
        (6, 'no rule with', 'payment_day is', NULL, NULL),
        (7, 'no rule with', 'late_streak', NULL, NULL),
        (8, 'no rule with', 'recent_median_days_late(8)', NULL, NULL),
        (9, 'no rule with', 'dispute_share', NULL, NULL),
        (10, 'two items beyond habit: of a year', '0', '0.1 * amount_last_year', '0'),
        (11, 'two items beyond habit: of a year', '0.05', '0.1 * amount_last_year', '0.05 * amount_last_year'),
        (12, 'early: p75 up to', '-5', '(0.75) <= -7', '(0.75) <= -5'),
        (13, 'early: p75 up to', '-10', '(0.75) <= -7', '(0.75) <= -10'),
        (14, 'prompt: late share up to', '0.05', '"late_share(3) <= 0.1"', '"late_share(3) <= 0.05"'),
        (15, 'prompt: late share up to', '0.2', '"late_share(3) <= 0.1"', '"late_share(3) <= 0.2"'),
        (16, 'slow: spread, of the median', '0.5', '0.67 * median', '0.5 * median'),
        (17, 'slow: spread, of the median', '1', '0.67 * median', '1 * median'),
        (18, 'new: fewer than', '5', 'timed_count < 3"', 'timed_count < 5"'))
        AS v(n, threshold, value, what, into_what) ORDER BY n;

\echo Eta squared of the days late of the invoices of the next half year, signed and with early ones counted as 0; of
\echo the invoices (items) and of the customers'' means; at the end of the sample: customers in the segment that their
\echo kind asks for; day by day over its last 60 days: the same as the day before, moves, moves back within 14 days
CREATE TABLE measured AS
    SELECT v.place, s.* FROM variant AS v, LATERAL separation(policy) AS s
    UNION ALL SELECT 0, * FROM separation_of_quartiles();
SELECT threshold,
    value,
    e.*,
    (SELECT sum(customers) FILTER (WHERE asked_for = segment) FROM by_kind(policy)) AS as_asked,
    round(same::numeric, 4) AS same,
    moves,
    back
FROM (
    SELECT place, threshold, value, policy FROM variant
    UNION ALL SELECT 0, 'four quantiles of the past mean', '', NULL
) AS v
CROSS JOIN LATERAL (
    SELECT round(max(items) FILTER (WHERE data = 'ibm' AND NOT floored)::numeric, 3) AS ibm,
        round(max(items) FILTER (WHERE data = 'ibm' AND floored)::numeric, 3) AS ibm_from_0,
        round(
            max(items) FILTER (WHERE data = 'highradius' AND NOT floored)::numeric,
            3) AS highradius,
        round(
            max(items) FILTER (WHERE data = 'highradius' AND floored)::numeric,
            3) AS highradius_from_0,
        round(max(items) FILTER (WHERE data = 'sample' AND NOT floored)::numeric, 3) AS sample,
        round(max(items) FILTER (WHERE data = 'sample' AND floored)::numeric, 3) AS sample_from_0,
        round(
            max(customers) FILTER (WHERE data = 'ibm' AND NOT floored)::numeric,
            3) AS ibm_customers,
        round(
            max(customers) FILTER (WHERE data = 'highradius' AND NOT floored)::numeric,
            3) AS highradius_customers,
        round(
            max(customers) FILTER (WHERE data = 'sample' AND NOT floored)::numeric,
            3) AS sample_customers
    FROM measured AS m
    WHERE m.place = v.place AND half = 'next'
) AS e
LEFT JOIN LATERAL steadiness(policy) AS s ON policy IS NOT NULL
ORDER BY v.place;

\echo Where the customers of each kind are at the end of the sample
SELECT * FROM by_kind(standard_segment_policy()) ORDER BY kind, customers DESC;

\echo The segments, mean of the judged month ends: customers; mean days late of the next half year''s invoices
SELECT data,
    segment,
    round(
        count(*)::numeric / (SELECT count(*) FROM month AS m WHERE judged AND m.data = k.data),
        1) AS customers,
    round((sum(s) / sum(n))::numeric, 1) AS next
FROM (
    SELECT data,
        as_of,
        customer,
        assign_segment(standard_segment_policy(), profile, as_of) AS segment
    FROM known
    JOIN month USING (data, as_of)
    WHERE judged
) AS k
LEFT JOIN (
    SELECT * FROM behaviour WHERE half = 'next' AND NOT floored
) AS b USING (data, as_of, customer)
GROUP BY data, segment
ORDER BY data, next;

\echo From month end to month end: share of customers that moved, moves, and moves back
\echo to where they were two months before
SELECT policy, data, round(moved::numeric, 4) AS moved, moves, back
FROM (VALUES (1, 'without stay', without_stay()), (2, 'standard', standard_segment_policy())) AS p(n, policy, rules),
     LATERAL movement(rules) ORDER BY data, n;
