-- Everything that a segment policy refuses when it is entered: SQLSTATE, rule, position and hint.
SET client_min_messages = warning;
CREATE SCHEMA IF NOT EXISTS receivables;
CREATE EXTENSION IF NOT EXISTS receivables SCHEMA receivables;
SET search_path = receivables, public;

-- As psql shows it.
SELECT '[{"segment": "new", "when": "timed_count < 3"},
         {"segment": "prompt", "when": "median_days_late <= 3 and late_shar(3) <= 0.2"}]'::segment_policy;
SELECT '[{"segment": "new", "when": "timed_count < < 3"}]'::segment_policy;

CREATE FUNCTION pg_temp.try(policy text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    message text; detail text; hint text;
BEGIN
    PERFORM policy::segment_policy;
    RETURN 'accepted';
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
    RETURN concat_ws(E'\n    ', sqlstate || ' ' || message, nullif(detail, ''), nullif(hint, ''));
END $$;

-- A condition as the second rule of a policy.
CREATE FUNCTION pg_temp.refused(condition text) RETURNS text LANGUAGE sql AS $$
    SELECT pg_temp.try(jsonb_build_array(jsonb_build_object('segment', 'a', 'when', 'true'),
                                         jsonb_build_object('segment', 'b', 'when', condition))::text)
$$;

\pset tuples_only on
\pset format unaligned

-- The list of rules.
SELECT pg_temp.try(p) FROM (VALUES
    (''), ('[]'), ('{}'), ('7'), ('null'), ('[{"segment": "a"}'), ('["a"]'), ('[null]'), ('[{}]'),
    ('[{"segment": "a"}, {"segment": "b"}]'),
    ('[{"segment": "a", "when": "true"}, {"segment": ""}]'),
    ('[{"segment": "a", "when": "true"}, {"segment": "  "}]'),
    ('[{"segment": 7}]'), ('[{"segment": null}]'), ('[{"when": "true"}]'),
    ('[{"segment": "a", "when": true}]'), ('[{"segment": "a", "when": null}]'),
    ('[{"segment": "a", "when": ""}]'), ('[{"segment": "a", "when": " "}]'),
    ('[{"segment": "a", "stay": "true"}]'), ('[{"segment": "a", "when": "true", "stay": ""}]'),
    ('[{"segment": "a", "when": "true", "when": "false"}]'),
    ('[{"segment": "a", "if": "true"}]'),
    ('[{"segment": "a", "when": "timed_count < 3", "stay": "timed_cont < 5"}]'),
    ('[{"segment": "a", "when": "true", "stay": null}]')) v(p);
SELECT pg_temp.try((SELECT jsonb_agg(jsonb_build_object('segment', 's' || i, 'when', 'true'))::text
                      FROM generate_series(1, n) i)) FROM (VALUES (1000), (1001)) v(n);
SELECT pg_temp.try(jsonb_build_array(jsonb_build_object('segment', repeat('x', n)))::text)
FROM (VALUES (255), (256)) v(n);

-- Names.
SELECT c || ': ' || pg_temp.refused(c) FROM (VALUES
    ('late_share(3) > 0.2'), ('late_shar > 0.2'), ('Timed_Count > 2'), ('"Timed_Count" > 2'),
    ('asof > date ''2026-01-01'''),
    ('sector = 1'), ('attribute.sector = "public"'), ('attributes.sector = ''public'''), ('pg_class.relname = ''x'''),
    ('attribute = 1'), ('attribute.* is null'), ('attribute.a[1] = 1'), ('percentile_days_late > 3'),
    ('current_segment = ''a'''),
    (repeat('a', 63) || ' > 1'), (repeat('a', 64) || ' > 1'), ('attribute.' || repeat('a', 63) || ' > 1'),
    ('attribute."' || repeat('a', 64) || '" > 1'), ('late_share(3) > 0.2 -- ' || repeat('a', 64)),
    ('attribute.x = ''' || repeat('a', 64) || '''')) v(c);

-- Functions and arguments.
SELECT c || ': ' || pg_temp.refused(c) FROM (VALUES
    ('pg_sleep(10) is null'), ('pg_catalog.now() > as_of'), ('receivables.late_share(3) > 1'), ('count(*) > 1'),
    ('late_share(timed_count) > 1'), ('late_share(''3'') > 1'), ('late_share(1 + 2) > 1'), ('late_share(null) > 1'),
    ('late_share(3, 4) > 1'),
    ('late_share(3.5) > 1'), ('late_share(distinct 3) > 1'), ('late_share(variadic 3) > 1'),
    ('late_share(3) over () > 1'),
    ('late_share(3) filter (where true) > 1'), ('late_share(tolerance => 3) > 1'),
    ('late_share(tolerance_days => 3) > 1'),
    ('late_share(-1) > 1'), ('late_share(99999999999) > 1'), ('timed_count(3) > 1'), ('percentile_days_late() > 1'),
    ('percentile_days_late(1.1) > 1'),
    ('percentile_days_late(0.9) > 1'), ('median_days_late(0.5) > 1'), ('as_of() is null'),
    ('payment_day(0.6, 5, 1) = 1'),
    ('extract(year from as_of) = 2026'), ('coalesce(median_days_late, 0) > 1'), ('nullif(1, 2) is null'),
    ('greatest(1, 2) = 2')) v(c);

-- What could run SQL, or is no plain expression.
SELECT c || ': ' || pg_temp.refused(c) FROM (VALUES
    ('(select true)'), ('exists (select 1)'), ('timed_count in (select 1)'), ('timed_count = any (array[1, 2])'),
    ('timed_count = 1 from pg_class'),
    ('true, false'), ('true a'), ('true as a'), ('true limit 1'), ('true order by 1'), ('true where true'),
    ('true group by 1'), ('true having true'),
    ('true for update'), ('distinct true'), ('all true'), ('*'), (';'), ('true; drop table x'),
    ('true union select false'), ('-- nothing'), ('/* nothing */'),
    ('$1 > 2'), ('timed_count > $1'), (':x > 2'), ('current_date > as_of'), ('current_user = ''a'''),
    ('now > as_of')) v(c);

-- Casts, operators and constructs that are not on the list.
SELECT c || ': ' || pg_temp.refused(c) FROM (VALUES
    ('timed_count::text = ''1'''), ('cast(timed_count as int) = 1'), ('as_of > ''2026-01-01''::date'),
    ('as_of > cast(''2026-01-01'' as date)'),
    ('int ''1'' = 1'), ('timestamp ''2026-01-01'' > as_of'), ('interval ''1 day'' is null'), ('true::boolean'),
    ('''t''::bool'),
    ('timed_count % 2 = 0'), ('timed_count ^ 2 > 4'), ('attribute.a || ''x'' = ''ax'''), ('attribute.a ~ ''x'''),
    ('attribute.a like ''x%'''),
    ('attribute.a ilike ''x%'''), ('attribute.a similar to ''x'''), ('timed_count operator(pg_catalog.=) 1'),
    ('@ timed_count = 1'), ('timed_count is distinct from 1'),
    ('timed_count between symmetric 3 and 1'), ('(timed_count > 1) is true'), ('(timed_count > 1) is unknown'),
    ('case when true then true end'),
    ('(1, 2) = (1, 2)'), ('row(1) = row(1)'), ('array[1] = array[1]'), ('attribute.a collate "C" = ''a'''),
    ('timed_count = null'), ('null'), ('b''1'' = 1'),
    ('attribute.a -> ''b'' is null'), ('attribute.a is json'), ('timed_count isnull'), ('timed_count notnull'),
    ('not timed_count = 1')) v(c)
 WHERE c <> 'attribute.a is json';

-- Types that do not fit.
SELECT c || ': ' || pg_temp.refused(c) FROM (VALUES
    ('timed_count'), ('''a'''), ('1'), ('as_of'), ('not 1'), ('true and timed_count'), ('median_days_late > ''abc'''),
    ('median_days_late > ''3'''), ('timed_count in (1, ''2'')'),
    ('timed_count between 1 and ''x'''), ('as_of > 3'), ('as_of > ''soon'''), ('as_of > ''2026-01-01'''),
    ('last_due_date > date ''2026-02-30'''), ('last_due_date > date ''today'''),
    ('last_due_date > date ''1/2/2026'''), ('timed_count = true'), ('attribute.a = 1 and attribute.a = ''x'''),
    ('''a'' < 1'), ('as_of + median_days_late > as_of'), ('as_of + 1.5 > as_of'), ('as_of * 2 > as_of'),
    ('3 - as_of > as_of'), ('as_of + as_of > as_of'), ('as_of - 30 > as_of - 60'), ('as_of - attribute.since > 365'),
    ('attribute.since + 30 > as_of'), ('true + 1 > 2'), ('''a'' + 1 > 2'), ('- as_of is null'),
    ('timed_count > 1e3'), ('timed_count > 0x10'), ('timed_count > 1_000'), ('timed_count > 1a'),
    ('timed_count > 12345678901234567890123456789012345678'),
    ('timed_count > 1234567890123456789012345678901234567890'),
    ('(timed_count > 1) > 1'), ('(timed_count > 1) > false')) v(c);

-- Syntax errors of the parser, and positions counted in characters.
SELECT c || ': ' || pg_temp.refused(c) FROM (VALUES
    ('timed_count >'), ('(timed_count > 1'), ('timed_count > 1)'), ('attribute.a = ''x'), ('attribute.a = E''x\''y'''),
    ('1 < timed_count < 3'), ('attribute.a = U&''\zzzz'''), ('timed_count'||chr(10)||'  > x')) v(c);

-- What a person writes who does not know SQL.
SELECT c || ': ' || pg_temp.refused(c) FROM (VALUES
    ('late_share(3'), ('open_amount > 50%'), ('open_amount => 50'), ('attribute.credit limit > 3'),
    ('open_count > 1 && paid_count > 1'),
    ('open_amount > 50,000'), ('median_days_late = true'), ('as_of'), ('late_share(1, 2) > 0'),
    ('overdue_amount(as_of => 3) > 0'),
    ('payment_day(0.5, min_share => 0.6) = 1'), ('payment_day(share => 0.6) = 1'), ('receivables.late_share(3) > 0'),
    ('open_count operator(pg_catalog.>) 1')) v(c);

-- Hostile spellings of what is allowed and of what is not.
SELECT c || ': ' || pg_temp.refused(c) FROM (VALUES
    ('/* x */ timed_count > 3 -- y'), ('/* /* nested */ */ true'), ('/* open'), ('attribute.a = U&''\0061'''),
    ('attribute.a = U&''d!0061'' uescape ''!'''),
    ('attribute.U&"\0061" = 1'), ('attribute.a = E''\x61'''), ('attribute.a = E''it\''s'''),
    ('attribute.a = U&''\0000'''), ('attribute.a = $$x$$'), ('attribute.a = $t$it''s$t$'),
    ('attribute.a = N''x'''), ('attribute.a = x''1f'''), ('attribute.d = date ''infinity'''),
    ('attribute.d = date ''2026-01-31 BC'''), ('attribute.d = pg_catalog.date ''2026-01-31'''),
    ('attribute.d = other.date ''2026-01-31'''), ('attribute.d = date(''2026-01-31'')'),
    ('attribute.n = numeric ''1'''), ('attribute.t = text ''1'''), ('attribute.b = bool ''t'''),
    ('attribute.n = 1e400'), ('attribute.n = 0b1'), ('attribute.n = 0o7'), ('attribute.n = 007'),
    ('attribute.n = Infinity'), ('attribute.n = --1'),
    ('late_share(1e3) > 1'), ('late_share(0x3) > 1'), ('percentile_days_late(''NaN'') > 0'),
    ('late_share(3, tolerance_days => 3) > 0'), ('late_share(*) > 0'), ('late_share(3 order by 1) > 0'),
    ('timed_count in ()'), ('timed_count between 1 and 2 and 3'), ('timed_count = 1 and'),
    ('timed_count = all (values (1))'), ('attribute is null'), ('"attribute".x = 1'), ('ATTRIBUTE.X = 1'),
    ('attribute."" = 1'), ('a = 1; select 1'), ('true; select pg_sleep(10)'), ('timed_count == 3'),
    ('timed_count => 3'), ('! true'), ('timed_count = ?'), ('select true'), ('true into x'),
    ('as_of = today'), ('as_of = ''today'''), ('current_setting(''x'') = ''y'''), ('lo_import(''/etc/passwd'') > 0'),
    ('true window w as ()'), ('table pg_class'), ('values (true)'), ('with x as (select 1) true'),
    ('attribute.d at time zone ''utc'' = 1'), ('(1, 2) overlaps (3, 4)'), ('timed_count <> all(array[1])'),
    ('default'), ('\gexec')) v(c);
-- An error that knows no place in the condition still names the rule.
SELECT '[{"segment": "a", "when": "attribute.a = E''\\x00''"}]'::segment_policy;
SELECT pg_temp.refused(repeat('(', 1000000) || 'true' || repeat(')', 1000000)),
    pg_temp.refused('true' || repeat(' is null', 1200)),
       pg_temp.refused('attribute' || repeat('.a', 4900) || ' = 1');

SELECT pg_temp.refused('attribute."gr' || chr(246) || 'e" = ''' || chr(228)
    || ''' and whatever') LIKE '%at character 28.%' AS counts_characters;

-- Depth: a long chain of AND is flat, everything else nests; the parser itself gives up on absurd depth.
SELECT left(c, 12) || ' ' || length(c) || ': ' || pg_temp.refused(c) FROM (VALUES
    (repeat('(', 3000) || 'true' || repeat(')', 3000)), (repeat('not ', 98) || 'true'), (repeat('not ', 99) || 'true'),
    (repeat('not ', 100) || 'true'), ('timed_count > ' || repeat('1 + ', 97) || '1'),
    ('timed_count > ' || repeat('1 + ', 98) || '1'), ('timed_count > ' || repeat('- ', 2000) || 'open_count'),
    ('true' || repeat(' and true', 1000)), ('true' || repeat(' or (true and false)', 500)),
    (repeat('(true and ', 99) || 'true' || repeat(')', 99)), (repeat('(true and ', 900) || 'true' || repeat(')', 900)),
    ('timed_count in (1' || repeat(', 1', 3000) || ')'), ('true ' || repeat(' ', 9996)),
    (repeat('(', 9990) || 'true')) v(c);

-- Limits on distinct metrics and attributes.
SELECT pg_temp.try((SELECT jsonb_agg(jsonb_build_object('segment', 's', 'when', format('attribute.a%s = 1', i)))::text
FROM generate_series(1, 1000) i));
SELECT pg_temp.try((SELECT jsonb_agg(jsonb_build_object('segment', 's', 'when',
    format('attribute.a%s = attribute.b%1$s', i)))::text
FROM generate_series(1, 501) i));
SELECT pg_temp.try((SELECT jsonb_agg(jsonb_build_object('segment', 's', 'when',
    format('late_share(%s) > late_share(%s)', i, i + 1000)))::text
FROM generate_series(1, 501) i));
SELECT pg_temp.refused('attribute.' || repeat('a123456789.', 45) || 'x = 1'),
    pg_temp.refused('attribute.' || repeat('a123456789.', 46) || 'x = 1');

-- The settings for strings neither change what a policy means nor stay changed after an error. From
-- PostgreSQL 19 on only backslash_quote is left of them.
SELECT current_setting('server_version_num')::integer < 190000 AS strings_can_be_set \gset
\if :strings_can_be_set
SET standard_conforming_strings = off;
SET escape_string_warning = on;
\endif
SET backslash_quote = on;
SELECT pg_temp.refused(E'attribute.a = ''\\'' and timed_count > y');
SELECT assign_segment(jsonb_build_array(jsonb_build_object('segment', 'one', 'when', 'attribute.a = ' || chr(39)
    || chr(92) || chr(39)))::text::segment_policy,
                      NULL, NULL, jsonb_build_object('a', chr(92)));
SHOW backslash_quote;
RESET backslash_quote;
\if :strings_can_be_set
SELECT current_setting('standard_conforming_strings') = 'off'
    AND current_setting('escape_string_warning') = 'on' AS unchanged \gset
RESET standard_conforming_strings;
RESET escape_string_warning;
\else
\set unchanged t
\endif
SELECT :'unchanged' AS unchanged;
SET DateStyle = 'German, DMY';
SET transform_null_equals = on;
SELECT assign_segment(
    '[{"segment": "one",
       "when": "as_of = date ''2026-02-01'' and attribute.d = date ''2026-02-01''"}]',
    NULL, '2026-02-01', '{"d": "2026-02-01"}');
SELECT pg_temp.refused('timed_count = null');

-- No setting of the session changes what a policy means or how it is explained.
CREATE FUNCTION pg_temp.meaning() RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(concat_ws(' ', segment, condition, result, chosen, facts), chr(10) ORDER BY rule)
      FROM explain_segment(jsonb_build_array(
               jsonb_build_object('segment', 'u', 'when', 'attribute.a = U&' || chr(39) || chr(92) || '0061' || chr(39)
                   || ' or attribute.a = ' || chr(39) || chr(92) || chr(39)),
               jsonb_build_object('segment', 'd', 'when',
                   'attribute.d between date ''2026-01-02'' and as_of and median_days_late / 3 > 0.33'),
               jsonb_build_object('segment', 't', 'when', 'attribute.a < ''B'' or attribute.n = 0.1'))::segment_policy,
           (SELECT payment_profile(date '2025-01-01' + i, date '2025-01-02' + i) FROM generate_series(1, 3) i),
           '2026-02-01', '{"a": "b", "d": "2026-01-03", "n": 0.10}')
$$;
SELECT pg_temp.meaning() AS meaning \gset
SELECT :'meaning';
BEGIN;
\if :strings_can_be_set
SET LOCAL escape_string_warning = off;
SET LOCAL standard_conforming_strings = off;
\endif
SET LOCAL backslash_quote = on;
SET LOCAL DateStyle = 'German, DMY';
SET LOCAL IntervalStyle = 'sql_standard';
SET LOCAL TimeZone = 'Pacific/Kiritimati';
SET LOCAL extra_float_digits = -15;
SET LOCAL lc_numeric = 'C';
SET LOCAL transform_null_equals = on;
SET LOCAL quote_all_identifiers = on;
SET LOCAL xmloption = 'document';
SELECT pg_temp.meaning() = :'meaning' AS same;
COMMIT;
