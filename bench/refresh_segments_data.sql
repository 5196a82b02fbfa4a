-- Ten invoices of each customer over two years, in random order; every customer with a typical delay and
-- spread of its own, one invoice in fifty still open, attributes in a table of their own, as ERPs have
-- them. Hashes instead of random(), so that every run has the same tables. psql variable: customers.
CREATE TABLE refresh_customer AS
SELECT n AS customer_id, jsonb_build_object('sector', CASE WHEN n % 5 = 0 THEN 'public' ELSE 'private' END,
                                            'credit_limit', n % 100 * 1000) AS attributes
FROM generate_series(1, :customers) AS n;
CREATE TABLE refresh_invoice AS
WITH draws AS (
    SELECT n, n % :customers + 1 AS customer_id,
           (hashint8extended(n, 1) & 1048575) / 1048576.0::float8 AS u1,
           (hashint8extended(n, 2) & 1048575) / 1048576.0::float8 AS u2,
           (hashint8extended(n, 3) & 1048575) / 1048576.0::float8 AS u3,
           (hashint8extended(n, 4) & 1048575) / 1048576.0::float8 AS u4,
           (hashint8extended(n % :customers, 5) & 1048575) / 1048576.0::float8 AS c1,
           (hashint8extended(n % :customers, 6) & 1048575) / 1048576.0::float8 AS c2,
           hashint8extended(n, 7) AS place
    FROM generate_series(1, 10 * :customers::bigint) AS n
), dated AS (
    SELECT *, date '2024-01-01' + (u1 * 699)::int AS invoice_date,
           -- Box and Muller's two normal deviates
           sqrt(-2 * ln(u2 + 1e-7)) * cos(2 * pi() * u3) AS z,
           sqrt(-2 * ln(u2 + 1e-7)) * sin(2 * pi() * u3) AS y
    FROM draws
)
SELECT customer_id::integer, n AS invoice_id, invoice_date, invoice_date + 30 AS due_date,
       CASE WHEN u4 < 0.98 THEN invoice_date + 30 + (c1 * 25 - 8 + z * (1 + c2 * 9))::int END AS paid_date,
       (exp(5 + 1.6 * y) + 0.01)::numeric(12, 2) AS amount,
       CASE WHEN u4 < 0.98 THEN 0 ELSE (exp(5 + 1.6 * y) + 0.01)::numeric(12, 2) END AS open_amount
FROM dated
ORDER BY place;
VACUUM ANALYZE refresh_customer, refresh_invoice;
