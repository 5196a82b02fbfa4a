-- What comes in within eight weeks of six past days, of the invoices that were open then: sums of probabilities beside
-- sums by date. Each rule puts what it says is paid already on the day after.
CREATE TABLE cash_day AS
SELECT DISTINCT d.as_of
FROM (SELECT percentile_disc(share) WITHIN GROUP (ORDER BY moment) AS as_of
      FROM item, unnest('{0.5,0.56,0.62,0.68,0.74,0.8}'::float8[]) AS share GROUP BY share) AS d
WHERE d.as_of + 56 <= (SELECT max(paid) FROM item);
CREATE TABLE cash_own AS
SELECT d.as_of, i.customer, payment_profile(i.issued, i.due, i.paid, i.amount, i.disputed, d.as_of) AS profile,
    coalesce(round(sum(i.amount * (least(i.paid, d.as_of) - i.due)) FILTER (WHERE i.paid <= d.as_of OR i.due < d.as_of)
        / sum(i.amount) FILTER (WHERE i.paid <= d.as_of OR i.due < d.as_of)), 0)::int AS weighted_mean
FROM cash_day AS d JOIN item AS i ON i.known_on <= d.as_of GROUP BY d.as_of, i.customer;
CREATE TABLE cash_prior AS SELECT as_of, rollup(profile) AS profile FROM cash_own GROUP BY as_of;
CREATE TABLE cash_open AS
SELECT d.as_of, i.amount, i.paid, i.due, o.profile, p.profile AS prior, working.calendar, o.weighted_mean,
    coalesce(round(median_days_late(o.profile)), 0)::int AS median
FROM cash_day AS d
    JOIN item AS i ON i.known_on <= d.as_of AND (i.paid > d.as_of OR i.paid IS NULL)
    JOIN cash_own AS o ON o.as_of = d.as_of AND o.customer = i.customer
    JOIN cash_prior AS p ON p.as_of = d.as_of
    CROSS JOIN working;
CREATE TABLE cash AS
SELECT o.as_of, r.rule, w.week, sum(o.amount * r.share) AS expected,
    sum(o.amount) FILTER (WHERE o.paid BETWEEN o.as_of + 7 * w.week - 6 AND o.as_of + 7 * w.week) AS paid
FROM cash_open AS o CROSS JOIN generate_series(1, 8) AS w(week)
    CROSS JOIN LATERAL (SELECT o.as_of + 7 * w.week - 7 AS before, o.as_of + 7 * w.week AS last) AS d
    CROSS JOIN LATERAL (VALUES
        ('forecast', payment_probability(o.profile, o.due, d.last, o.as_of, o.prior, o.calendar)
                   - payment_probability(o.profile, o.due, d.before, o.as_of, o.prior, o.calendar)),
        ('one curve for all', payment_probability(NULL, o.due, d.last, o.as_of, o.prior, o.calendar)
                            - payment_probability(NULL, o.due, d.before, o.as_of, o.prior, o.calendar)),
        ('due date', (greatest(o.due, o.as_of + 1) BETWEEN d.before + 1 AND d.last)::int),
        ('Upflow', (greatest(o.due + o.weighted_mean, o.as_of + 1) BETWEEN d.before + 1 AND d.last)::int),
        ('median', (greatest(o.due + o.median, o.as_of + 1) BETWEEN d.before + 1 AND d.last)::int)) AS r(rule, share)
GROUP BY o.as_of, r.rule, w.week;

\echo 'Eight weeks from six past days: how far the total is off, and the weeks one by one; the mean of the days, in percent of what came in'
SELECT rule, count(*) AS days, round(100 * avg(abs(expected - paid) / paid)::numeric, 1) AS "total off by %",
    round(100 * avg(weeks / paid)::numeric, 1) AS "weeks off by %", round(100 * avg((expected - paid) / paid)::numeric, 1) AS "bias %"
FROM (SELECT as_of, rule, sum(expected) AS expected, sum(paid)::float8 AS paid, sum(abs(expected - coalesce(paid, 0))) AS weeks
      FROM cash GROUP BY as_of, rule) AS d
GROUP BY rule ORDER BY 4;
