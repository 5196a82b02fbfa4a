-- Proposals on the first day of each cut, with :options; where they, the standard policy and the
-- quantiles put everybody on the second.
TRUNCATE proposed, grouped;
INSERT INTO proposed
SELECT c.data,
    grown_on,
    judged_on,
    propose_segment_policy(sample :options),
    customers,
    rules,
    cross_validated,
    (SELECT avg(found_again) FROM explain_proposal(sample :options)),
    :bucket
FROM cut AS c
JOIN collected AS s
    ON (s.data, s.as_of) = (c.data, grown_on), LATERAL proposal_summary(sample :options);
CREATE TEMP VIEW judged_customer AS
SELECT k.data, judged_on, customer, policy, profile
FROM proposed AS p
JOIN known AS k ON (k.data, as_of) = (p.data, judged_on);
INSERT INTO grouped
SELECT 'proposal', data, judged_on, customer, rule::text
FROM judged_customer, LATERAL explain_segment(policy, profile, judged_on)
WHERE chosen
UNION ALL
SELECT 'standard policy',
    data,
    judged_on,
    customer,
    assign_segment(standard_segment_policy(), profile, judged_on)
FROM judged_customer
UNION ALL
SELECT 'four quantiles of the past mean',
    data,
    judged_on,
    customer,
    CASE
        WHEN past IS NULL THEN 'none'
        ELSE ntile(4) OVER (PARTITION BY data, judged_on, past IS NULL ORDER BY past)::text
    END
FROM (SELECT data, judged_on, customer, mean_days_late(profile) AS past FROM judged_customer) AS m;
