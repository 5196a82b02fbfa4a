-- Writes a file of the sample to standard output: two years of invoices of an invented company.
--   for file in invoices customers promises; do
--       psql -X -q -v file=$file -f sample/generate.sql > sample/$file.csv
--   done
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

-- How many customers behave in which way; the segment of the standard policy that it asks for at the end, if any;
-- and for who changes, how many days before the last day the first due date lies that is treated otherwise.
CREATE TEMP TABLE behaviour (
    kind text, customers int, segment text, changed_before int, place int GENERATED ALWAYS AS IDENTITY);
INSERT INTO behaviour (kind, customers, segment, changed_before) VALUES
    ('prompt', 26, 'prompt', NULL),
    ('three days late', 12, 'structural', NULL),
    ('ten days late', 10, 'structural', NULL),
    ('on the 25th', 10, 'payment day', NULL),
    ('on the last day', 8, 'payment day', NULL),
    ('on the 1st and 15th', 6, 'payment day', NULL),
    ('on thursdays', 10, 'payment weekday', NULL),
    ('forgets', 10, 'occasional', NULL),
    ('slow', 8, 'slow', NULL),
    ('erratic', 6, 'erratic', NULL),
    ('deteriorating', 5, 'deteriorating', 130),
    ('disputes', 3, 'disputing', NULL),
    ('new', 4, 'new', NULL),
    ('stopped', 2, 'at risk', 150),
    ('improving', 5, 'improving', 130),
    ('on the 10th and 25th', 4, 'payment day', NULL),
    ('in parts', 5, 'slow', NULL),
    ('written off', 3, 'at risk', 240),
    ('on account', 3, 'prompt', NULL);

-- Customers in a shuffled order, so that neither name nor number gives the behaviour away (the kinds below
-- "stopped" are shuffled among themselves). The account is another shuffle: no name can be read from it.
CREATE TEMP TABLE customer AS
SELECT n, kind, segment, :last_day::date - changed_before AS changed_on,
       'A-' || 1000 + (n * 37 + 11) % 149 AS account,
       (ARRAY['Harbour', 'Northgate', 'Elm Street', 'Riverside', 'Old Mill', 'Castle', 'Meadow',
              'Station', 'Lakeside', 'Orchard', 'Bridge', 'Summit', 'Hillside', 'Market'])[1 + (n - 1) / 10] || ' ' ||
       (ARRAY['Bakery', 'Joinery', 'Clinic', 'Printers', 'Hotel', 'Garage', 'Foods', 'Textiles',
              'Logistics', 'Machines'])[1 + (n - 1) % 10] AS name,
       (ARRAY[14, 30, 30, 30, 30, 45, 60])[1 + pg_temp.draw(n, 0, 1, :seed) % 7] AS terms,
       (ARRAY[150, 300, 600, 1200, 2500, 6000])[1 + pg_temp.draw(n, 0, 2, :seed) % 6] AS size,
       (ARRAY[1, 1, 1, 2, 3])[1 + pg_temp.draw(n, 0, 3, :seed) % 5] AS monthly
FROM (SELECT *, row_number() OVER (ORDER BY place > 14, pg_temp.draw(ordinal, 0, 9, :seed), ordinal) AS n
      FROM (SELECT *, row_number() OVER (ORDER BY place, g) AS ordinal
            FROM behaviour, generate_series(1, customers) AS g) AS ordered) AS shuffled;

-- One row an invoice: each month `monthly` of them, and now and then one more.
CREATE TEMP TABLE item AS
SELECT c.*, item, invoice_date, invoice_date + terms AS due_date,
       pg_temp.draw(n, item, 5, :seed) % 100 AS chance,
       pg_temp.draw(n, item, 6, :seed) AS luck,
       size * (5000 + pg_temp.draw(n, item, 7, :seed) % 10001) AS hundredths_of_cents,
       pg_temp.draw(n, item, 8, :seed) % 50 = 0 AND kind <> 'on account' AS is_credit,
       pg_temp.draw(n, item, 8, :seed) % 5 = 0 AND kind = 'on account' AS is_on_account
FROM customer AS c, generate_series(0, 23) AS month, generate_series(1, 4) AS k,
     LATERAL (SELECT month * 4 + k AS item) AS i,
     LATERAL (SELECT pg_temp.bank_day((:first_day::date + make_interval(months => month))::date
                                      + (pg_temp.draw(n, item, 4, :seed) % 27)::int, -1) AS invoice_date) AS d
WHERE (k <= monthly OR k = monthly + 1 AND pg_temp.draw(n, item, 10, :seed) % 10 < 3)
  AND (kind <> 'new' OR month = 23 AND k = 1 OR month = 22 AND k = 1)
  AND (kind <> 'written off' OR month < 20)
  AND invoice_date BETWEEN :first_day::date AND :last_day::date;

-- When each is paid. Nobody pays at weekends.
CREATE TEMP TABLE paid AS
SELECT *, CASE
    WHEN is_credit THEN pg_temp.bank_day(due_date, 1)
    WHEN is_on_account THEN pg_temp.bank_day(invoice_date + 120 + (luck % 90)::int, 1)
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
        WHEN 'improving' THEN
            pg_temp.bank_day(CASE WHEN due_date < changed_on THEN due_date + 16 + (luck % 25)::int
                                  ELSE due_date - (luck % 4)::int END, 1)
        WHEN 'on the 10th and 25th' THEN
            pg_temp.bank_day(CASE WHEN due_date <= pg_temp.month_start(due_date) + 9
                                  THEN pg_temp.month_start(due_date) + 9
                                  WHEN due_date <= pg_temp.month_start(due_date) + 24
                                  THEN pg_temp.month_start(due_date) + 24
                                  ELSE pg_temp.month_end(due_date) + 10 END, 1)
        WHEN 'in parts' THEN pg_temp.bank_day(due_date + 31 + (luck % 15)::int, 1)
        WHEN 'written off' THEN CASE WHEN due_date < changed_on
                                     THEN pg_temp.bank_day(due_date + 4 + (luck % 18)::int, 1) END
        WHEN 'on account' THEN pg_temp.bank_day(due_date - (luck % 5)::int, -1)
    END END AS paid_date
FROM (SELECT *, NOT is_credit AND NOT is_on_account
                AND (kind = 'disputes' AND chance < 60 OR chance = 99 AND kind <> 'written off') AS disputed
      FROM item) AS i;

-- What the books say on the last day. Who pays in parts has paid two fifths at the first bank day from the due
-- date on; what was never paid is written off after four months. A dispute begins some days after the invoice
-- and ends a few before the payment. Money on account has an end: it is used up.
CREATE TEMP TABLE booked AS
SELECT *, 'INV-' || lpad(row_number() OVER (ORDER BY invoice_date, n, item)::text, 5, '0') AS invoice_number,
       CASE WHEN is_credit OR is_on_account THEN -1 ELSE 1 END * (hundredths_of_cents / 100)::numeric / 100 AS amount,
       CASE WHEN paid_date <= :last_day::date THEN greatest(paid_date, invoice_date) END AS settled_on,
       CASE WHEN kind = 'written off' AND paid_date IS NULL AND due_date + 120 <= :last_day::date
            THEN pg_temp.bank_day(due_date + 120, -1) END AS written_off_on,
       CASE WHEN disputed THEN least(invoice_date + 5 + (luck % 9)::int, :last_day::date) END AS disputed_from
FROM paid;
CREATE TEMP TABLE invoice AS
SELECT *, CASE WHEN settled_on IS NOT NULL OR written_off_on IS NOT NULL THEN 0
               WHEN kind = 'in parts' AND NOT is_credit AND NOT disputed
                    AND pg_temp.bank_day(due_date, 1) <= :last_day::date
               THEN amount - (amount * 100)::bigint * 2 / 5 / 100::numeric
               ELSE amount END::numeric(12, 2) AS open_amount,
       CASE WHEN written_off_on IS NOT NULL THEN 'write_off' WHEN is_credit THEN 'credit'
            WHEN settled_on IS NOT NULL THEN 'payment' END AS settled_by,
       CASE WHEN settled_on IS NOT NULL AND disputed
            THEN greatest(settled_on - 1 - (luck % 4)::int, disputed_from) END AS disputed_until
FROM booked;

\if :{?file}
\else
    \set file invoices
\endif
SELECT :'file' = 'invoices' AS invoices, :'file' = 'customers' AS customers, :'file' = 'promises' AS promises \gset
\if :invoices
COPY (
    SELECT invoice_number, account, name AS customer, invoice_date, due_date, settled_on AS paid_date,
           amount::numeric(12, 2) AS amount, open_amount, settled_by,
           CASE WHEN disputed THEN 'yes' ELSE 'no' END AS disputed, disputed_from, disputed_until, written_off_on,
           CASE WHEN is_credit THEN (
               SELECT max(b.invoice_number) FROM invoice AS b
               WHERE b.n = i.n AND b.amount > 0 AND b.invoice_number < i.invoice_number) END AS credited_invoice,
           CASE WHEN is_on_account THEN CASE WHEN luck % 3 = 0 THEN 'no' ELSE 'yes' END END AS nettable
    FROM invoice AS i
    ORDER BY invoice_number
) TO STDOUT WITH (FORMAT csv, HEADER);
\elif :customers
COPY (
    SELECT account, name AS customer, kind, segment, changed_on FROM customer ORDER BY n
) TO STDOUT WITH (FORMAT csv, HEADER);
\elif :promises
-- Who is late is called now and then, twelve days after the due date, and promises to pay: a week later, or on
-- the day on which it does pay where that is sooner than three weeks. Some promise a half.
COPY (
    SELECT invoice_number, pg_temp.bank_day(due_date + 12, 1) AS made_on,
           CASE WHEN paid_date <= due_date + 33 THEN paid_date ELSE due_date + 20 END AS promised_date,
           CASE WHEN luck % 12 = 0 THEN (amount / 2)::numeric(12, 2) END AS amount
    FROM invoice
    WHERE kind IN ('slow', 'in parts', 'deteriorating', 'improving', 'stopped', 'written off')
      AND amount > 0 AND NOT disputed AND luck % 4 < 2
      AND pg_temp.bank_day(due_date + 12, 1) <= :last_day::date AND (paid_date IS NULL OR paid_date > due_date + 14)
    ORDER BY made_on, invoice_number
) TO STDOUT WITH (FORMAT csv, HEADER);
\endif
