-- Takes the lines of a CSV file, each with a ">" before it, from psql's standard input and cuts them
-- into records and fields. Nothing is converted here and no line is lost.
--   :separator   one character, or empty: recognised from the first line
CREATE SCHEMA import;

CREATE TABLE import.line (number bigint GENERATED ALWAYS AS IDENTITY, content text NOT NULL);
-- Delimiter and quote are characters that the lines do not hold, so that each line is one value. The
-- ">" keeps the line "\." from ending the data.
\copy import.line (content) from pstdin with (format csv, delimiter E'\x01', quote E'\x02', null E'\x03')
UPDATE import.line SET content = substr(content, 2);

-- The fields of one record. A separator goes before the record, so that every field begins with one;
-- of the two readings of a field, quoted and bare, the regular expression takes the longer.
CREATE FUNCTION import.fields(record text, separator text) RETURNS text[]
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT CASE WHEN position('"' IN record) = 0 THEN string_to_array(record, separator)
           ELSE ARRAY(SELECT CASE WHEN m[1] IS NOT NULL THEN replace(m[1], '""', '"') ELSE m[2] END
                      FROM regexp_matches(separator || record,
                                          format('[%1$s](?:[ ]*"((?:[^"]|"")*)"[ ]*|([^%1$s]*))', separator), 'g')
                           WITH ORDINALITY AS t (m, place)
                      ORDER BY place)
           END
$$;

-- The separator: what a first line "sep=;" says, else the most frequent candidate in the header.
CREATE TABLE import.layout AS
SELECT first.number + CASE WHEN stated IS NULL THEN 0 ELSE 1 END AS header_line,
       coalesce(nullif(:'separator', ''), stated, frequent, ',') AS separator
FROM (SELECT number, content FROM import.line WHERE btrim(content) <> '' ORDER BY number LIMIT 1) AS first,
     LATERAL (SELECT substring(first.content FROM '^"?sep=([^"])"?$') AS stated) AS s,
     LATERAL (SELECT c AS frequent
              FROM unnest(ARRAY[',', ';', E'\t', '|']) WITH ORDINALITY AS t (c, place),
                   LATERAL (SELECT regexp_replace(first.content, '"[^"]*"', '', 'g') AS bare) AS b
              WHERE position(c IN bare) > 0
              ORDER BY length(bare) - length(replace(bare, c, '')) DESC, place
              LIMIT 1) AS f;

-- A record goes on over the next line while a quote is open: while the quotes so far are odd in number.
CREATE TABLE import.record AS
SELECT min(number) AS line, max(number) AS last_line, string_agg(content, E'\n' ORDER BY number) AS content,
       import.fields(string_agg(content, E'\n' ORDER BY number), (SELECT separator FROM import.layout)) AS fields
FROM (SELECT number, content,
             number - count(*) FILTER (WHERE open_before % 2 = 1) OVER (ORDER BY number) AS record
      FROM (SELECT number, content,
                   coalesce(sum(length(content) - length(replace(content, '"', ''))) OVER (
                       ORDER BY number ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS open_before
            FROM import.line) AS l) AS r
GROUP BY record
HAVING min(number) >= (SELECT header_line FROM import.layout);
