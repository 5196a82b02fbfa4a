-- Takes the records of a CSV file, as bin/lib/csv_records.py writes them, from psql's standard input.
-- Nothing is converted here and no line is lost.
-- Short statements over small tables: compiling them takes longer than running them.
SET jit = off;
CREATE SCHEMA import;

CREATE TABLE import.record (line bigint PRIMARY KEY, last_line bigint, unclosed boolean, content text, fields jsonb);
COMMENT ON TABLE import.record IS 'the records of the file with their lines; unclosed: a quote was opened and never closed';
\copy import.record from pstdin
ANALYZE import.record;
