-- 200,000 unpaid invoices of 20,000 customers with 10 to 60 earlier invoices each, and a calendar of 500
-- holidays. Each row has the stored profile of its customer, so that a scan measures no join.
SELECT setseed(0.5) \g /dev/null
CREATE TABLE payment AS
SELECT customer, due, CASE customer % 4 WHEN 0 THEN (date_trunc('month', due) + interval '1 month 24 days')::date
                                        ELSE due + (customer % 4 - 1) * 7 + (random() * 9)::int - 4 END AS paid
FROM generate_series(1, 20000 / :divisor) AS customer, LATERAL generate_series(1, 10 + customer % 51) AS n,
     LATERAL (SELECT date '2023-01-02' + (random() * 900)::int AS due) AS d;
CREATE TABLE customer AS
SELECT customer,
    payment_profile(due, paid) AS profile,
    array_agg(paid - due ORDER BY due) AS days_late
FROM payment
GROUP BY customer;
CREATE TABLE holiday AS
SELECT DISTINCT ON (holiday) holiday
FROM (SELECT date '2015-01-01' + 13 * n AS holiday FROM generate_series(0, 499) AS n) AS h;
CREATE TABLE calendar AS SELECT make_business_calendar(array_agg(holiday)) AS calendar FROM holiday;
CREATE TABLE item AS
SELECT n AS item, customer, date '2026-01-05' + n % 90 AS due_date, 100.00 + n % 900 AS open_amount, days_late, profile
FROM generate_series(0, 200000 / :divisor - 1) AS n JOIN customer ON customer = 1 + n % (20000 / :divisor);
VACUUM ANALYZE item;
