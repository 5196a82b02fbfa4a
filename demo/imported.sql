-- What was read and how, what was assumed, and what was not used.
\pset tuples_only on
\pset format unaligned
SELECT format('%s: %s invoices of %s customers, invoiced from %s to %s', file,
              import.figure(count(*)), import.figure(count(DISTINCT customer_id)),
              coalesce(min(invoice_date)::text, '?'), coalesce(max(invoice_date)::text, '?'))
FROM invoice, portfolio GROUP BY file;
SELECT 'Columns: ' || string_agg(format('%s = %s', role, coalesce(name, 'none')), ', ' ORDER BY coalesce(place, 1000), role)
FROM import.column WHERE place IS NOT NULL OR role IN ('invoice date', 'paid date', 'invoice', 'disputed');
SELECT format('Dates are read as %s%s; the decimal mark is a %s%s.',
              CASE dates WHEN 'mdy' THEN 'month/day/year' WHEN 'dmy' THEN 'day/month/year' ELSE 'year-month-day' END,
              CASE WHEN dates_assumed THEN ' (ASSUMED: no day over 12 tells; say --dates=mdy or --dates=dmy)' ELSE '' END,
              decimal,
              CASE WHEN decimal_assumed THEN format(' (ASSUMED: %s could be either; say --decimal=point or --decimal=comma)',
                                                    (SELECT format('"%s" on line %s', written, line) FROM import.row,
                                                            unnest(ARRAY[amount, open_amount, paid_amount]) AS written
                                                     WHERE import.decimal_mark((import.number_parts(written)).figures) = 'either'
                                                     ORDER BY line LIMIT 1)) ELSE '' END)
FROM import.style;
SELECT CASE WHEN as_of_assumed THEN format('As of %s, the latest invoice or payment in the data (another day: --as-of=YYYY-MM-DD).', as_of)
            ELSE format('As of %s.', as_of) END FROM portfolio;
SELECT words FROM import.remark ORDER BY place;
SELECT 'LEFT OUT: ' || string_agg(format('%s %s', n, kind), ', ' ORDER BY n DESC, kind)
FROM (SELECT kind, count(*) AS n FROM import.left_out GROUP BY kind) AS k HAVING count(*) > 0;
SELECT format('NOT USED: %s %s%s:', import.figure(lines), CASE lines WHEN 1 THEN 'line' ELSE 'lines' END,
              CASE WHEN n > 10 THEN ', the first 10 with their reasons' ELSE '' END)
FROM (SELECT count(*) AS n, sum(last_line - line + 1) AS lines FROM import.rejected) AS c WHERE n > 0;
SELECT format('  line %s: %s', line, reason) FROM import.rejected ORDER BY line LIMIT 10;
SELECT '  all of them: SELECT line, reason, content FROM import.rejected;'
WHERE (SELECT count(*) FROM import.rejected) > 10;
\pset tuples_only off
\pset format aligned
