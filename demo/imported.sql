-- What was read and how, and what was not.
\pset tuples_only on
\pset format unaligned
SELECT format('%s: %s invoices of %s customers, invoiced from %s to %s', file,
              to_char(count(*), 'FM999,999,990'), to_char(count(DISTINCT customer_id), 'FM999,999,990'),
              coalesce(min(invoice_date)::text, '?'), coalesce(max(invoice_date)::text, '?'))
FROM invoice, portfolio GROUP BY file;
SELECT 'Columns: ' || string_agg(format('%s = %s', role, coalesce(name, 'none')), ', ' ORDER BY coalesce(place, 1000), role)
FROM import.column;
SELECT format('Dates are read as %s%s; the decimal mark is a %s.',
              CASE dates WHEN 'mdy' THEN 'month/day/year' WHEN 'dmy' THEN 'day/month/year' ELSE 'year-month-day' END,
              CASE WHEN dates_assumed THEN ' (ASSUMED: no day over 12 tells; say --dates=mdy or --dates=dmy)' ELSE '' END,
              decimal)
FROM import.style;
SELECT CASE WHEN as_of_assumed THEN format('As of %s, the latest invoice or payment in the data (another day: --as-of=YYYY-MM-DD).', as_of)
            ELSE format('As of %s.', as_of) END FROM portfolio;
SELECT format('NOT USED: %s rows, the first %s:', n, least(n, 10))
FROM (SELECT count(*) AS n FROM import.rejected) AS c WHERE n > 0;
SELECT format('  line %s: %s', line, reason) FROM import.rejected ORDER BY line LIMIT 10;
SELECT '  all of them: SELECT line, reason, content FROM import.rejected;'
WHERE (SELECT count(*) FROM import.rejected) > 10;
\pset tuples_only off
\pset format aligned
