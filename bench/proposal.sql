-- Customers on month ends half a year apart: what was known of them, and their mean days late in the half year after.
INSERT INTO invoice
    SELECT 'ibm', customer, to_date(invoice_date, 'MM/DD/YYYY'), to_date(due_date, 'MM/DD/YYYY'),
           to_date(paid_date, 'MM/DD/YYYY'), amount, disputed = 'Yes' FROM ibm
    UNION ALL
    SELECT 'highradius', customer, NULL, due_date, paid_date, amount, false FROM highradius
    UNION ALL
    SELECT 'sample', customer, invoice_date, due_date, paid_date, amount, disputed FROM sample;

-- A policy is grown on what is known on as_of and the half year after, and judged on that half year's end and the
-- half year after that. The first cut leaves a history to grow on, the last one a half year in the data to judge by.
CREATE TABLE cut AS
    SELECT data, (first + make_interval(months => n, days => -1))::date AS grown_on,
           (first + make_interval(months => n + 6, days => -1))::date AS judged_on
    FROM (VALUES ('ibm', date '2012-07-01', 6), ('highradius', '2019-03-01', 4), ('sample', '2024-07-01', 11))
             AS d(data, first, last), generate_series(0, last) AS n;
CREATE TABLE day AS
    SELECT data, grown_on AS as_of FROM cut UNION SELECT data, judged_on FROM cut;

-- Undisputed invoices that are paid and fell due in the half year after.
CREATE TABLE outcome AS
SELECT data,
    as_of,
    customer,
    count(*) AS n,
    avg(paid_date - due_date)::float8 AS mean,
    sum((paid_date - due_date)::float8 ^ 2) AS squares
FROM day
JOIN invoice USING (data)
WHERE due_date > as_of
    AND due_date <= as_of + interval '6 months'
    AND paid_date IS NOT NULL
    AND amount >= 0
    AND NOT disputed
GROUP BY data, as_of, customer;
CREATE TABLE known AS
SELECT o.data, o.as_of, o.customer, n, mean, squares, profile
FROM outcome AS o
LEFT JOIN (
    SELECT data,
        as_of,
        customer,
        payment_profile(invoice_date, due_date, paid_date, amount, disputed, as_of) AS profile
    FROM day
    JOIN invoice USING (data)
    GROUP BY data, as_of, customer
) AS p USING (data, as_of, customer);

-- Which group everybody is in, by a method.
CREATE TABLE grouped (method text, data text, judged_on date, customer text, place text);
-- Eta squared at each cut: of customers, each once, and of invoices.
CREATE VIEW judged AS
    WITH member AS (
        SELECT method, g.data, judged_on, place, n, mean, squares
        FROM grouped AS g JOIN known AS k ON (k.data, k.as_of, k.customer) = (g.data, judged_on, g.customer)
    ), by_place AS (
        SELECT method, data, judged_on, place, count(*) AS c, sum(mean) AS s, sum(mean * mean) AS q,
               sum(n) AS n, sum(n * mean) AS ns, sum(squares) AS nq
        FROM member GROUP BY method, data, judged_on, place
    )
    SELECT method, data, judged_on, count(*) AS places,
           (sum(s * s / c) - sum(s) ^ 2 / sum(c)) / (sum(q) - sum(s) ^ 2 / sum(c)) AS customers,
           (sum(ns * ns / n) - sum(ns) ^ 2 / sum(n)) / (sum(nq) - sum(ns) ^ 2 / sum(n)) AS invoices
    FROM by_place GROUP BY method, data, judged_on;

CREATE TABLE collected AS
SELECT data, as_of, policy_sample(profile, mean, as_of, NULL) AS sample
FROM known
GROUP BY data, as_of;
-- A sample of one customer says what its figures are.
CREATE TABLE figures AS
SELECT data,
    as_of,
    customer,
    mean,
    figures,
    (
        SELECT string_agg(coalesce(value, ''), ',' ORDER BY place)
        FROM jsonb_array_elements_text(figures -> 'customers' -> 0 -> 'figures')
            WITH ORDINALITY AS x(value, place)
    ) AS line
FROM (
    SELECT data, as_of, customer, mean, policy_sample(profile, mean, as_of, NULL)::jsonb AS figures
    FROM known
    GROUP BY data, as_of, customer, mean
) AS s;
CREATE TABLE proposed (data text, grown_on date, judged_on date, policy segment_policy, customers bigint, rules integer,
                       cross_validated float8, found_again float8, bucket int);
