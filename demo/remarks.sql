-- What was found in the file that its user should know, one line each.

-- An amount in full, however large.
CREATE FUNCTION import.figure(amount numeric, decimals int DEFAULT 0) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT to_char(amount, 'FM' || repeat('999,', 16) || '990' || CASE WHEN decimals > 0 THEN '.' || repeat('0', decimals) ELSE '' END)
$$;

CREATE TABLE import.remark (place int GENERATED ALWAYS AS IDENTITY, words text NOT NULL);

INSERT INTO import.remark (words)
SELECT format('The header is line %s.', header_line) FROM import.layout
WHERE header_line > (SELECT min(line) FROM import.record)
UNION ALL SELECT 'There is no header.' FROM import.layout WHERE header_line = 0;

INSERT INTO import.remark (words)
SELECT format('%s columns are named "%s": column %s is the %s (another: --%s=NUMBER).', n, c.name, c.place, c.role, replace(c.role, ' ', '-'))
FROM import.column AS c, LATERAL (SELECT count(*) AS n FROM import.header AS h WHERE lower(h.name) = lower(c.name)) AS h
WHERE n > 1 AND c.chosen <> c.place::text ORDER BY c.place;

INSERT INTO import.remark (words)
SELECT format('%s is taken as no date: %s times.', string_agg(day::text, ', ' ORDER BY day), sum(n)) FROM import.stand_in WHERE repeats HAVING count(*) > 0;

INSERT INTO import.remark (words)
SELECT format('The column "%s" is not what is open of each invoice and is not used (if it is: --open-amount="%s").', name, name)
FROM import.balance_use WHERE is_ignored;

-- remark: n times with the first line, where it applies
CREATE FUNCTION import.remark_lines(words text, lines bigint[]) RETURNS void LANGUAGE sql AS $$
    INSERT INTO import.remark (words)
    SELECT format('%s: %s, the first on line %s.', words, import.figure(count(*)), min(line)) FROM unnest(lines) AS line HAVING count(*) > 0
$$;

DO $$
BEGIN
    PERFORM import.remark_lines('Due before the invoice date', array_agg(line)) FROM invoice WHERE due_date < invoice_date;
    PERFORM import.remark_lines('Paid in part, the rest is open', array_agg(line)) FROM invoice WHERE open_amount <> 0 AND open_amount <> amount;
    PERFORM import.remark_lines('Paid on an unknown day, of no use for how the customer pays', array_agg(line))
       FROM invoice WHERE open_amount = 0 AND amount <> 0 AND paid_date IS NULL;
    PERFORM import.remark_lines('Paid more than the amount, the surplus is not counted', array_agg(line))
       FROM invoice JOIN import.converted USING (line) WHERE is_overpaid;
    PERFORM import.remark_lines('The invoice number of another customer, made unique with the customer''s name', array_agg(line))
       FROM (SELECT line, min(customer_id) OVER same <> max(customer_id) OVER same AS shared FROM invoice WINDOW same AS (PARTITION BY number)) AS i
      WHERE shared;
    PERFORM import.remark_lines('The invoice number came before, made unique with the line', array_agg(line))
       FROM invoice WHERE invoice_id LIKE '% (line ' || line || ')' AND invoice_id <> 'line ' || line;
    PERFORM import.remark_lines('Rows that are there twice, word for word, and are counted twice', array_agg(line))
       FROM (SELECT line, row_number() OVER (PARTITION BY content ORDER BY line) AS n FROM invoice JOIN import.record USING (line)) AS r WHERE n > 1;
    PERFORM import.remark_lines('Amounts written as powers of ten, which may have been rounded', array_agg(line))
       FROM import.row JOIN invoice USING (line) WHERE (import.number_parts(import.row.amount)).power <> 0;
END $$;

INSERT INTO import.remark (words)
SELECT format('The amounts carry the signs of several currencies (%s) and are ASSUMED to be in one.', string_agg(sign, ', ' ORDER BY sign))
FROM (SELECT DISTINCT sign FROM import.row JOIN invoice USING (line),
             regexp_matches(import.row.amount, '€|£|¥|₹|R\$|[A-Z]*\$|[A-Z]{3}|zł|kr|Kč') AS m, unnest(m) AS sign) AS s
HAVING count(*) > 1 AND NOT EXISTS (SELECT FROM import.column WHERE role = 'currency' AND place IS NOT NULL);
