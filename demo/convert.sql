-- Turns the text fields into dates, amounts and booleans. A row that does not convert goes to
-- import.rejected with its line number and every reason; the others make the table invoice.

-- A date in the given style, NULL when it is none; a time of day behind it is ignored.
CREATE FUNCTION import.to_date(written text, style text) RETURNS date
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
    bare text := regexp_replace(written, '[T ]+\d\d?:.*$', '');
    months CONSTANT text[] := '{jan,feb,mar,apr,may,jun,jul,aug,sep,oct,nov,dec}';
    part text[];  -- year, month, day
BEGIN
    IF bare ~ '^\d{4}[-/.]\d\d?[-/.]\d\d?$' THEN
        part := regexp_split_to_array(bare, '[-/.]');
    ELSIF bare ~ '^\d{8}$' THEN
        part := ARRAY[left(bare, 4), substr(bare, 5, 2), right(bare, 2)];
    ELSIF bare ~ '^\d\d?([-/.])\s?\d\d?\1\s?(\d\d|\d{4})$' THEN
        part := regexp_split_to_array(bare, '[-/.]\s?');
        part := CASE style WHEN 'mdy' THEN ARRAY[part[3], part[1], part[2]]
                           WHEN 'dmy' THEN ARRAY[part[3], part[2], part[1]] END;
    ELSIF bare ~ '^\d\d?[-. ]*[A-Za-z]{3,9}[-., ]+(\d\d|\d{4})$' THEN
        part := regexp_match(bare, '^(\d+)\W*([A-Za-z]{3})[A-Za-z]*\W*(\d+)$');
        part := ARRAY[part[3], array_position(months, lower(part[2]))::text, part[1]];
    END IF;
    IF length(part[1]) = 2 THEN
        part[1] := (CASE WHEN part[1] < '70' THEN '20' ELSE '19' END) || part[1];
    END IF;
    IF part[1] BETWEEN '1900' AND '2199' AND part[2]::int BETWEEN 1 AND 12 AND part[3]::int >= 1 THEN
        IF part[3]::int <= extract(day FROM make_date(part[1]::int, part[2]::int, 1) + interval '1 month - 1 day') THEN
            RETURN make_date(part[1]::int, part[2]::int, part[3]::int);
        END IF;
    END IF;
    RETURN NULL;
END $$;

-- An exact amount, NULL when it is none: currency signs, spaces and apostrophes go, then thousands
-- separators; a minus may stand before or behind, or brackets around.
CREATE FUNCTION import.to_amount(written text, decimal_mark text) RETURNS numeric
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN digits ~ '^(\d{1,30}|\d{1,3}(,\d{3}){1,9})(\.\d{0,10})?$|^\.\d{1,10}$'
                THEN replace(digits, ',', '')::numeric * sign END
    FROM (SELECT regexp_replace(written, '^[A-Z]{3}\s|\s[A-Z]{3}$|[$€£¥\s''’\u00a0\u202f]', '', 'g') AS bare) AS b,
         LATERAL (SELECT CASE WHEN bare ~ '^-|-$|^\(.*\)$' THEN -1 ELSE 1 END AS sign,
                         regexp_replace(bare, '^[+-]|-$|^\((.*)\)$', '\1') AS plain) AS p,
         LATERAL (SELECT CASE decimal_mark WHEN 'comma' THEN translate(plain, '.,', ',.') ELSE plain END AS digits) AS d
$$;

CREATE FUNCTION import.to_boolean(written text) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN written IS NULL THEN false
                WHEN lower(written) IN ('yes', 'y', 'true', 't', '1', 'x', 'ja', 'j', 'oui', 'o', 'wahr', 'vrai', 'waar') THEN true
                WHEN lower(written) IN ('no', 'n', 'false', 'f', '0', 'nein', 'nee', 'non', 'falsch', 'faux', 'onwaar') THEN false END
$$;

CREATE TABLE import.converted AS
SELECT line, last_line, content, customer AS customer_id, coalesce(invoice, 'line ' || line) AS invoice_id,
       import.to_date(r.invoice_date, dates) AS invoice_date, import.to_date(r.due_date, dates) AS due_date,
       import.to_date(r.paid_date, dates) AS paid_date, import.to_amount(r.amount, decimal) AS amount,
       import.to_boolean(r.disputed) AS disputed,
       r.field_count, r.invoice_date AS invoice_date_text, r.due_date AS due_date_text,
       r.paid_date AS paid_date_text, r.amount AS amount_text, r.disputed AS disputed_text
FROM import.row AS r, import.style;

CREATE TABLE import.rejected AS
SELECT line, last_line, content, reason
FROM import.converted,
     (SELECT count(*) AS columns FROM import.header) AS h,
     LATERAL (SELECT CASE
         WHEN (length(content) - length(replace(content, '"', ''))) % 2 = 1
             THEN format('a quote is opened and never closed, up to line %s', last_line)
         WHEN field_count <> columns THEN format('%s fields, the header has %s', field_count, columns)
         ELSE concat_ws('; ',
             CASE WHEN customer_id IS NULL THEN 'no customer' END,
             CASE WHEN invoice_date IS NULL AND invoice_date_text IS NOT NULL
                  THEN format('invoice date "%s" is no date', invoice_date_text) END,
             CASE WHEN due_date_text IS NULL THEN 'no due date'
                  WHEN due_date IS NULL THEN format('due date "%s" is no date', due_date_text) END,
             CASE WHEN paid_date IS NULL AND paid_date_text IS NOT NULL
                  THEN format('paid date "%s" is no date', paid_date_text) END,
             CASE WHEN amount_text IS NULL THEN 'no amount'
                  WHEN amount IS NULL THEN format('amount "%s" is no number', amount_text) END,
             CASE WHEN disputed IS NULL THEN format('disputed "%s" is neither yes nor no', disputed_text) END)
         END AS reason) AS r
WHERE reason <> '';

-- The columns that the extension's sources have. An item without a paid date is open.
CREATE TABLE invoice AS
SELECT customer_id, invoice_id, invoice_date, due_date, paid_date, amount, disputed,
       CASE WHEN paid_date IS NULL THEN amount ELSE 0 END AS open_amount, line
FROM import.converted AS c
WHERE NOT EXISTS (SELECT FROM import.rejected AS r WHERE r.line = c.line);
COMMENT ON TABLE invoice IS 'the invoices of the imported file, one row a line';
ANALYZE invoice;

-- The day on which the portfolio is looked at: as told, else the latest invoice or payment.
CREATE TABLE portfolio AS
SELECT CASE WHEN :'as_of' <> '' THEN import.to_date(:'as_of', 'ymd')
            ELSE greatest(max(invoice_date), max(paid_date), CASE WHEN count(invoice_date) + count(paid_date) = 0 THEN max(due_date) END) END AS as_of,
       :'as_of' = '' AS as_of_assumed, :'file' AS file
FROM invoice;
COMMENT ON TABLE portfolio IS 'one row: the day on which the portfolio is looked at';

DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM invoice) THEN
        RAISE EXCEPTION E'no row of the file could be used; the first reasons:\n%',
            coalesce((SELECT string_agg(format('line %s: %s', line, reason), E'\n' ORDER BY line)
                      FROM (SELECT * FROM import.rejected ORDER BY line LIMIT 5) AS r), 'there are no rows');
    ELSIF (SELECT as_of FROM portfolio) IS NULL THEN
        RAISE EXCEPTION 'the day of --as-of must be written as YYYY-MM-DD';
    END IF;
END $$;
