-- Five million invoices of 100,000 customers in random order: 50 invoices each over two years, every
-- customer with a typical delay and spread of its own, amounts from a few cents to tens of thousands,
-- one invoice in fifty still open. Hashes instead of random(), so that every run has the same table.
-- psql variable: divisor, of the number of customers.
CREATE TABLE invoices AS
WITH draws AS (
    SELECT n % (100000 / :divisor) AS customer_id,
           (hashint8extended(n, 1) & 1048575) / 1048576.0::float8 AS u1,
           (hashint8extended(n, 2) & 1048575) / 1048576.0::float8 AS u2,
           (hashint8extended(n, 3) & 1048575) / 1048576.0::float8 AS u3,
           (hashint8extended(n, 4) & 1048575) / 1048576.0::float8 AS u4,
           (hashint8extended(n % (100000 / :divisor), 5) & 1048575) / 1048576.0::float8 AS c1,
           (hashint8extended(n % (100000 / :divisor), 6) & 1048575) / 1048576.0::float8 AS c2,
           hashint8extended(n, 7) AS place
    FROM generate_series(1, 5000000 / :divisor) AS n
), dated AS (
    SELECT *, date '2024-01-01' + (u1 * 730)::int AS invoice_date,
           -- Box and Muller's two normal deviates
           sqrt(-2 * ln(u2 + 1e-7)) * cos(2 * pi() * u3) AS z,
           sqrt(-2 * ln(u2 + 1e-7)) * sin(2 * pi() * u3) AS y
    FROM draws
)
SELECT customer_id, invoice_date, invoice_date + 30 AS due_date,
       CASE WHEN u4 < 0.98 THEN invoice_date + 30 + (c1 * 25 - 8 + z * (1 + c2 * 9))::int END
           AS paid_date,
       (exp(5 + 1.6 * y) + 0.01)::numeric(12, 2) AS amount
FROM dated
ORDER BY place;
VACUUM ANALYZE invoices;
