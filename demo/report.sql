-- Prints the portfolio.
--   :days   how many days of reminders
--   :width  of the terminal
\pset footer off
\pset border 1
\pset linestyle old-ascii
\pset null ''
SELECT as_of, as_of + :days AS until FROM portfolio \gset

-- A text as lines of that many characters at most, broken between words.
CREATE FUNCTION pg_temp.lines(words text, longest int) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT rtrim(regexp_replace(words, format('(.{1,%s})(\s+|$)', longest), E'\\1\n', 'g'), E'\n')
$$;
CREATE FUNCTION pg_temp.counted(n bigint, one text, many text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE n WHEN 1 THEN '1 ' || one ELSE import.figure(n) || ' ' || many END
$$;

\echo
\echo HOW THE SEGMENTS PAY
\echo '  days late = paid date - due date; late = more than 3 days; the chart counts items by days late;'
\echo '  open and overdue are net of credits; what is disputed is open, not overdue'
\echo
SELECT CASE is_all WHEN 1 THEN 'all' ELSE coalesce(segment, '(none)') END AS segment, customers, item_count(p) AS items,
       round(median_days_late(p)::numeric, 1) AS median,
       round(weighted_days_late(p)::numeric, 1) AS "by amount",
       round(percentile_days_late(p, 0.9)::numeric, 1) AS "9 in 10 by",
       to_char(100 * late_share(p, 3), 'FM990" %"') AS late,
       import.figure(open_amount(p)) AS open,
       import.figure(overdue) AS overdue,
       sparkline(p) AS "days late"
FROM (SELECT segment, count(*) AS customers, rollup(profile) AS p, sum(net_overdue_amount(profile, :'as_of')) AS overdue,
          grouping(segment) AS is_all
      FROM customer GROUP BY GROUPING SETS (segment, ())) AS s
ORDER BY is_all, weighted_days_late(p) NULLS LAST, segment;

\echo CUSTOMERS THAT NEED ATTENTION
CREATE TEMP TABLE attention AS
SELECT row_number() OVER () AS place, * FROM customers_to_watch('portfolio', :'as_of', list_size => 10);
SELECT count(*) > 0 AS any FROM attention \gset
\if :any
\echo
SELECT coalesce(customer_id, '') AS customer, segment, import.figure(amount_at_stake) AS "at stake",
       import.figure(overdue_amount) AS overdue,
       pg_temp.lines(reason, greatest(:width - 68, 40)) AS why
FROM attention ORDER BY place;
\else
\echo '  none'
\echo
\endif

\pset tuples_only on
\pset format unaligned
SELECT format('REMINDERS UNTIL %s', :'until');
SELECT concat_ws('; ', '  ' || pg_temp.counted((SELECT count(DISTINCT invoice_id) FROM reminder WHERE reminder_date <= :'until'), 'invoice gets', 'invoices get') || ' one',
    (SELECT 'held back: ' || string_agg(format('%s %s', n, held_by), ', ' ORDER BY n DESC, held_by)
     FROM (SELECT held_by, count(*) AS n FROM held_back('portfolio', :'as_of') GROUP BY held_by) AS h));
\pset tuples_only off
\pset format aligned

CREATE VIEW upcoming AS
SELECT r.*, r.reminder_date <= p.as_of AS is_due,
       row_number() OVER (PARTITION BY r.reminder_date <= p.as_of
                          ORDER BY greatest(r.reminder_date, p.as_of), r.amount DESC, r.invoice_id) AS place
FROM reminder AS r, portfolio AS p;
COMMENT ON VIEW upcoming IS 'the reminders; place counts them by date, then amount, those already due apart';
SELECT count(*) > 0 AS any FROM upcoming WHERE reminder_date <= :'until' \gset
\if :any
\echo
SELECT CASE WHEN is_due THEN 'now' ELSE to_char(reminder_date, 'Dy YYYY-MM-DD') END AS send, customer_id AS customer,
       invoice_id AS invoice, import.figure(amount, 2) AS amount, level, channel,
       pg_temp.lines(reason, greatest(:width - 88, 40)) AS reason
FROM upcoming
WHERE reminder_date <= :'until' AND place <= 10
ORDER BY is_due DESC, place;
\else
\echo
\endif
\pset tuples_only on
\pset format unaligned
SELECT format('... and %s more now, %s more later: SELECT * FROM upcoming;', greatest(due - 10, 0), greatest(n - due - 10, 0))
FROM (SELECT count(*) AS n, count(*) FILTER (WHERE is_due) AS due FROM upcoming WHERE reminder_date <= :'until') AS u
WHERE due > 10 OR n - due > 10;
SELECT 'Nothing is unpaid on that day; an earlier one may tell more: --as-of=YYYY-MM-DD'
WHERE NOT EXISTS (SELECT FROM customer WHERE open_amount(profile) <> 0);
\echo

SELECT format('LEFT ALONE UNTIL %s: %s that a fixed schedule would remind of%s', :'until',
              pg_temp.counted(count(*), 'invoice', 'invoices'), CASE WHEN count(*) > 10 THEN '; the 10 largest' ELSE '' END)
FROM upcoming WHERE schedule_date <= :'until' AND reminder_date > :'until';
SELECT count(*) > 0 AS any FROM upcoming WHERE schedule_date <= :'until' AND reminder_date > :'until' \gset
\pset tuples_only off
\pset format aligned
\if :any
\echo
SELECT to_char(reminder_date, 'Dy YYYY-MM-DD') AS send, to_char(schedule_date, 'YYYY-MM-DD') AS "not on", customer_id AS customer,
       invoice_id AS invoice, import.figure(amount, 2) AS amount,
       pg_temp.lines(reason, greatest(:width - 88, 40)) AS reason
FROM upcoming
WHERE schedule_date <= :'until' AND reminder_date > :'until'
ORDER BY upcoming.amount DESC, invoice_id
LIMIT 10;
\else
\echo
\endif
