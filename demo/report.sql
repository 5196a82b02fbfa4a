-- Prints the portfolio.
--   :days   how many days of reminders
--   :width  of the terminal
\pset footer off
\pset border 1
\pset linestyle old-ascii
\pset null ''
SELECT as_of, as_of + :days AS until FROM portfolio \gset

\echo
\echo HOW THE SEGMENTS PAY
\echo '  days late = paid date - due date; late = more than 3 days; the chart counts items by days late;'
\echo '  disputed items count as open, not as overdue'
\echo
SELECT coalesce(segment, '(none)') AS segment, customers, item_count(p) AS items,
       round(median_days_late(p)::numeric, 1) AS median,
       round(weighted_days_late(p)::numeric, 1) AS "by amount",
       round(percentile_days_late(p, 0.9)::numeric, 1) AS "9 in 10 by",
       to_char(100 * late_share(p, 3), 'FM990" %"') AS late,
       import.figure(open_amount(p)) AS open,
       import.figure(overdue_amount(p, :'as_of')) AS overdue,
       sparkline(p) AS "days late"
FROM (SELECT segment, count(*) AS customers, rollup(profile) AS p, false AS is_all FROM customer GROUP BY segment
      UNION ALL
      SELECT 'all', count(*), rollup(profile), true FROM customer) AS s
ORDER BY is_all, weighted_days_late(p) NULLS LAST, segment;

-- A text as lines of that many characters at most, broken between words.
CREATE FUNCTION pg_temp.lines(words text, longest int) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT rtrim(regexp_replace(words, format('(.{1,%s})(\s+|$)', longest), E'\\1\n', 'g'), E'\n')
$$;

-- A customer needs attention when one of these facts holds; most money long overdue first.
CREATE VIEW attention AS
SELECT customer_id, segment, open_amount(profile) AS open_amount, overdue_amount(profile, as_of) AS overdue_amount,
       overdue_amount(profile, as_of, 30) AS long_overdue_amount,
       concat_ws('; ',
           CASE WHEN overdue_amount(profile, as_of, 30) > 0
                THEN format('%s overdue by more than 30 days, the oldest by %s',
                            import.figure(overdue_amount(profile, as_of, 30)), oldest_overdue_days(profile, as_of)) END,
           CASE WHEN overdue_amount(profile, as_of) > 0 AND last_paid_date(profile) < as_of - 90
                THEN format('nothing paid since %s', last_paid_date(profile)) END,
           CASE WHEN recent > 3 AND recent >= usual + greatest(7, 0.5 * spread_days_late(profile))
                THEN format('lately %s days late, over the whole time %s', recent, usual)
                WHEN recent >= 30 THEN format('lately %s days late', recent) END,
           CASE WHEN dispute_share(profile) >= 0.5 AND disputed_count(profile) >= 3
                THEN format('%s of %s invoices disputed', disputed_count(profile),
                            item_count(profile) - credit_count(profile)) END) AS why
FROM customer, portfolio,
     LATERAL (SELECT round(recent_median_days_late(profile)::numeric) AS recent,
                     round(median_days_late(profile)::numeric) AS usual) AS r;
COMMENT ON VIEW attention IS 'the customers with the facts that call for attention; why is empty when there is none';

\echo CUSTOMERS THAT NEED ATTENTION
\echo
SELECT customer_id AS customer, segment, import.figure(open_amount) AS open,
       import.figure(overdue_amount) AS overdue,
       pg_temp.lines(why, greatest(:width - 68, 40)) AS why
FROM attention WHERE why <> ''
ORDER BY long_overdue_amount DESC NULLS LAST, overdue_amount DESC NULLS LAST, open_amount DESC, customer_id
LIMIT 10;
\pset tuples_only on
\pset format unaligned
SELECT CASE WHEN n = 0 THEN 'none' ELSE format('... and %s more: SELECT * FROM attention WHERE why <> '''';', n - 10) END
FROM (SELECT count(*) AS n FROM attention WHERE why <> '') AS a WHERE n = 0 OR n > 10;

\echo
SELECT format('REMINDERS UNTIL %s', :'until');
SELECT format('  %s unpaid items%s', coalesce(sum(n), 0),
              coalesce(': ' || string_agg(format('%s %s', n, replace(status, '_', ' ')), ', ' ORDER BY n DESC, status), ''))
FROM (SELECT status, count(*) AS n FROM reminder GROUP BY status) AS s;
\echo
\pset tuples_only off
\pset format aligned

CREATE VIEW upcoming AS
SELECT *, reminder_date <= as_of AS is_due,
       row_number() OVER (PARTITION BY reminder_date <= as_of
                          ORDER BY greatest(reminder_date, as_of), open_amount DESC, invoice_id) AS place
FROM reminder, portfolio
WHERE status = 'scheduled';
COMMENT ON VIEW upcoming IS 'the scheduled reminders; place counts them by date, then amount, those already due apart';

SELECT CASE WHEN is_due THEN 'now' ELSE to_char(reminder_date, 'Dy YYYY-MM-DD') END AS send, customer_id AS customer,
       invoice_id AS invoice, import.figure(open_amount, 2) AS amount, level, channel,
       pg_temp.lines(reason, greatest(:width - 88, 40)) AS reason
FROM upcoming
WHERE reminder_date <= :'until' AND place <= 10
ORDER BY is_due DESC, place;
\pset tuples_only on
\pset format unaligned
SELECT CASE WHEN unpaid = 0 THEN 'Nothing is unpaid on that day; an earlier one may tell more: --as-of=YYYY-MM-DD'
            WHEN n = 0 THEN 'none'
            ELSE format('... and %s more now, %s more later: SELECT * FROM upcoming;', greatest(due - 10, 0), greatest(n - due - 10, 0)) END
FROM (SELECT count(*) AS n, count(*) FILTER (WHERE is_due) AS due FROM upcoming WHERE reminder_date <= :'until') AS u,
     (SELECT count(*) AS unpaid FROM reminder) AS r
WHERE n = 0 OR due > 10 OR n - due > 10;
\echo

SELECT format('LEFT ALONE UNTIL %s: %s that a fixed schedule would remind of%s', :'until',
              CASE count(*) WHEN 1 THEN '1 item' ELSE count(*) || ' items' END,
              CASE WHEN count(*) > 10 THEN '; the 10 largest' ELSE '' END)
FROM upcoming WHERE schedule_date <= :'until' AND reminder_date > :'until';
\echo
\pset tuples_only off
\pset format aligned
SELECT to_char(reminder_date, 'Dy YYYY-MM-DD') AS send, to_char(schedule_date, 'YYYY-MM-DD') AS "not on", customer_id AS customer,
       invoice_id AS invoice, import.figure(open_amount, 2) AS amount,
       pg_temp.lines(reason, greatest(:width - 88, 40)) AS reason
FROM upcoming
WHERE schedule_date <= :'until' AND reminder_date > :'until'
ORDER BY open_amount DESC, invoice_id
LIMIT 10;
