-- Writes sample/invoices.csv to standard output: two years of invoices of an invented company.
--   psql -X -q -f sample/generate.sql > sample/invoices.csv
-- Everything is integer arithmetic on a hash of our own, no random() and no floating point, so the
-- bytes are the same on every PostgreSQL. It makes temporary objects only.
\set ON_ERROR_STOP on
\set seed 20260101
\set first_day '''2024-01-01'''
\set last_day '''2025-12-31'''
SET client_min_messages = warning;
SET DateStyle = 'ISO';

-- A number from 0 to 2^31 - 1 for (customer, item, purpose): multiply and xor-shift, the usual
-- finalizer of hash functions, cut to 31 bits so that no product leaves bigint.
CREATE FUNCTION pg_temp.mix(x bigint) RETURNS bigint LANGUAGE sql IMMUTABLE AS
$$ SELECT ((x # (x >> 15)) * 73244475) & 2147483647 $$;
CREATE FUNCTION pg_temp.draw(customer bigint, item bigint, purpose bigint, seed bigint)
RETURNS bigint LANGUAGE sql IMMUTABLE AS
$$ SELECT pg_temp.mix(pg_temp.mix(pg_temp.mix((seed + customer * 1000003 + item * 8191 + purpose * 131071)
                                              & 2147483647) + item) + purpose) $$;

-- A Saturday or Sunday becomes the next Monday, or the Friday before.
CREATE FUNCTION pg_temp.bank_day(day date, step int) RETURNS date LANGUAGE sql IMMUTABLE AS
$$ SELECT CASE extract(isodow FROM day)::int
              WHEN 6 THEN day + CASE WHEN step > 0 THEN 2 ELSE -1 END
              WHEN 7 THEN day + CASE WHEN step > 0 THEN 1 ELSE -2 END
              ELSE day END $$;
CREATE FUNCTION pg_temp.month_end(day date) RETURNS date LANGUAGE sql IMMUTABLE AS
$$ SELECT (date_trunc('month', day::timestamp) + interval '1 month')::date - 1 $$;
CREATE FUNCTION pg_temp.month_start(day date) RETURNS date LANGUAGE sql IMMUTABLE AS
$$ SELECT date_trunc('month', day::timestamp)::date $$;

-- How many customers behave in which way.
CREATE TEMP TABLE behaviour (kind text, customers int, place int GENERATED ALWAYS AS IDENTITY);
INSERT INTO behaviour (kind, customers) VALUES
    ('prompt', 26), ('three days late', 12), ('ten days late', 10), ('on the 25th', 10),
    ('on the last day', 8), ('on the 1st and 15th', 6), ('on thursdays', 10), ('forgets', 10),
    ('slow', 8), ('erratic', 6), ('deteriorating', 5), ('disputes', 3), ('new', 4), ('stopped', 2);

-- Customers in a shuffled order, so that neither name nor number gives the behaviour away.
CREATE TEMP TABLE customer AS
SELECT n, kind,
       (ARRAY['Harbour', 'Northgate', 'Elm Street', 'Riverside', 'Old Mill', 'Castle', 'Meadow',
              'Station', 'Lakeside', 'Orchard', 'Bridge', 'Summit'])[1 + (n - 1) / 10] || ' ' ||
       (ARRAY['Bakery', 'Joinery', 'Clinic', 'Printers', 'Hotel', 'Garage', 'Foods', 'Textiles',
              'Logistics', 'Machines'])[1 + (n - 1) % 10] AS name,
       (ARRAY[14, 30, 30, 30, 30, 45, 60])[1 + pg_temp.draw(n, 0, 1, :seed) % 7] AS terms,
       (ARRAY[150, 300, 600, 1200, 2500, 6000])[1 + pg_temp.draw(n, 0, 2, :seed) % 6] AS size,
       (ARRAY[1, 1, 1, 2, 3])[1 + pg_temp.draw(n, 0, 3, :seed) % 5] AS monthly
FROM (SELECT kind, row_number() OVER (ORDER BY pg_temp.draw(ordinal, 0, 9, :seed), ordinal) AS n
      FROM (SELECT kind, row_number() OVER (ORDER BY place, g) AS ordinal
            FROM behaviour, generate_series(1, customers) AS g) AS ordered) AS shuffled;

-- One row an invoice: each month `monthly` of them, and now and then one more.
CREATE TEMP TABLE item AS
SELECT c.*, item, invoice_date, invoice_date + terms AS due_date,
       pg_temp.draw(n, item, 5, :seed) % 100 AS chance,
       pg_temp.draw(n, item, 6, :seed) AS luck,
       size * (5000 + pg_temp.draw(n, item, 7, :seed) % 10001) AS hundredths_of_cents,
       pg_temp.draw(n, item, 8, :seed) % 50 = 0 AS is_credit
FROM customer AS c, generate_series(0, 23) AS month, generate_series(1, 4) AS k,
     LATERAL (SELECT month * 4 + k AS item) AS i,
     LATERAL (SELECT pg_temp.bank_day((:first_day::date + make_interval(months => month))::date
                                      + (pg_temp.draw(n, item, 4, :seed) % 27)::int, -1) AS invoice_date) AS d
WHERE (k <= monthly OR k = monthly + 1 AND pg_temp.draw(n, item, 10, :seed) % 10 < 3)
  AND (kind <> 'new' OR month = 23 AND k = 1 OR month = 22 AND k = 1)
  AND invoice_date BETWEEN :first_day::date AND :last_day::date;

-- When each is paid. Nobody pays at weekends.
CREATE TEMP TABLE paid AS
SELECT *, CASE
    WHEN is_credit THEN pg_temp.bank_day(due_date, 1)
    WHEN disputed THEN pg_temp.bank_day(due_date + 20 + (luck % 60)::int, 1)
    ELSE CASE kind
        WHEN 'prompt' THEN pg_temp.bank_day(due_date - (luck % 5)::int, -1)
        WHEN 'new' THEN pg_temp.bank_day(due_date - (luck % 5)::int, -1)
        WHEN 'disputes' THEN pg_temp.bank_day(due_date + (luck % 9)::int, 1)
        WHEN 'three days late' THEN pg_temp.bank_day(due_date + 3, 1)
        WHEN 'ten days late' THEN pg_temp.bank_day(due_date + 9 + (luck % 3)::int, 1)
        WHEN 'on the 25th' THEN
            pg_temp.bank_day(CASE WHEN due_date <= pg_temp.month_start(due_date) + 24
                                  THEN pg_temp.month_start(due_date) + 24
                                  ELSE pg_temp.month_end(due_date) + 25 END, 1)
        WHEN 'on the last day' THEN pg_temp.bank_day(pg_temp.month_end(due_date), -1)
        WHEN 'on the 1st and 15th' THEN
            pg_temp.bank_day(CASE WHEN due_date = pg_temp.month_start(due_date) THEN due_date
                                  WHEN due_date <= pg_temp.month_start(due_date) + 14
                                  THEN pg_temp.month_start(due_date) + 14
                                  ELSE pg_temp.month_end(due_date) + 1 END, 1)
        WHEN 'on thursdays' THEN due_date + (11 - extract(isodow FROM due_date)::int) % 7
        WHEN 'forgets' THEN pg_temp.bank_day(CASE WHEN chance < 14 THEN due_date + 18 + (luck % 25)::int
                                                  ELSE due_date - (luck % 4)::int END, 1)
        WHEN 'slow' THEN pg_temp.bank_day(due_date + 22 + (luck % 37)::int, 1)
        WHEN 'erratic' THEN pg_temp.bank_day(due_date - 6 + (luck % 52)::int, 1)
        WHEN 'deteriorating' THEN
            pg_temp.bank_day(CASE WHEN due_date >= :last_day::date - 130
                                  THEN due_date + 14 + (luck % 20)::int
                                  ELSE due_date - (luck % 4)::int END, 1)
        WHEN 'stopped' THEN CASE WHEN due_date < :last_day::date - 150
                                 THEN pg_temp.bank_day(due_date + 4 + (luck % 18)::int, 1) END
    END END AS paid_date
FROM (SELECT *, NOT is_credit AND (kind = 'disputes' AND chance < 60 OR chance = 99) AS disputed
      FROM item) AS i;

COPY (
    SELECT 'INV-' || lpad(row_number() OVER (ORDER BY invoice_date, n, item)::text, 5, '0') AS invoice_number,
           name AS customer, invoice_date, due_date,
           CASE WHEN paid_date <= :last_day::date THEN greatest(paid_date, invoice_date) END AS paid_date,
           (CASE WHEN is_credit THEN -1 ELSE 1 END * (hundredths_of_cents / 100)::numeric / 100)::numeric(12, 2) AS amount,
           CASE WHEN disputed THEN 'yes' ELSE 'no' END AS disputed
    FROM paid
    ORDER BY invoice_number
) TO STDOUT WITH (FORMAT csv, HEADER);
