-- Segment policies: text form, assignment, explanation, rules as rows.
SET client_min_messages = warning;
CREATE SCHEMA IF NOT EXISTS receivables;
CREATE EXTENSION IF NOT EXISTS receivables SCHEMA receivables;
SET search_path = receivables, public;
\getenv folder PG_ABS_SRCDIR
\set file :folder '/test/sql/helpers.sql'
\i :file

-- Text form: one line, keys in a fixed order, conditions as they were written.
SELECT ' [ {"when" : "timed_count<3" , "segment":"new"},
  {"stay": "late_share(3) > 0.1",
   "when":"late_share( 3 )  > 0.2 -- often\n and timed_count > 0", "segment":"late \"x\""} ,
  {"segment":"other"}]'::segment_policy;
SELECT p::text::segment_policy = p AS round_trip,
    p::text::segment_policy::text = p::text AS same_text,
    p::json::text = p::text AS as_json,
    p::jsonb = p::text::jsonb AS as_jsonb
FROM (VALUES
    (standard_segment_policy()),
    ('[{"segment": "other"}]'),
    ('[{"segment": "a\\b\u0001", "when": "attribute.x = ''\u007e''"}]')) v(p);
SELECT p = q AS equal, p <> q AS different, p < q OR p > q AS ordered, p <= p AND p >= p AS reflexive
  FROM (VALUES ('[{"segment": "a"}]'::segment_policy, ' [{"segment":"a"}] '::segment_policy),
               ('[{"segment": "a", "when": "true"}]', '[{"segment": "a", "when": " true"}]')) v(p, q);
SELECT count(DISTINCT p)
FROM (VALUES
    ('[{"segment": "a"}]'::segment_policy), ('[{"segment":"a"}]'), ('[{"segment": "b"}]')) v(p);
CREATE TEMP TABLE stored (id int, policy segment_policy);
INSERT INTO stored VALUES
    (1, standard_segment_policy()),
    (2, '[{"segment": "small"}]'),
    (3,
     (
         SELECT jsonb_agg(jsonb_build_object(
             'segment', 's' || i, 'when',
             format(
                 'timed_count = %s and attribute.x%s = ''%s''', i, i, md5(i::text))))::text::segment_policy
         FROM generate_series(1, 800) i
     ));
-- From jsonb, also where it is assigned; checked like any text.
SELECT standard_segment_policy()::jsonb::segment_policy = standard_segment_policy() AS same,
       '[{"when": "timed_count < 3", "segment": "new"}, {"segment": "other"}]'::jsonb::segment_policy;
INSERT INTO stored
SELECT 4, document -> 'rules'
FROM (VALUES ('{"rules": [{"segment": "from a document"}]}'::jsonb)) v(document);
SELECT policy FROM stored WHERE id = 4;
DELETE FROM stored WHERE id = 4;
SELECT '{"segment": "x"}'::jsonb::segment_policy;
SELECT '[{"segment": "x", "when": "timed_cont < 3"}]'::jsonb::segment_policy;
SELECT NULL::jsonb::segment_policy IS NULL AS nothing;
-- Binary form, through a file of COPY.
SELECT encode(segment_policy_send('[{"segment": "a"}]'), 'escape');
-- Compressed and out of line.
SELECT id, assign_segment(policy, NULL, '2026-01-01'),
       assign_segment(policy, NULL, '2026-01-01', '{"x0": 1}', 'other') FROM stored ORDER BY id;
SELECT count(*), count(DISTINCT assign_segment(policy, NULL, date '2026-01-01' + i))
FROM stored, generate_series(1, 100) i
WHERE id = 3;
SELECT id, count(*) AS rules, count(*) FILTER (WHERE chosen) AS chosen
  FROM stored, explain_segment(policy, NULL, '2026-01-01') GROUP BY id ORDER BY id;

-- The first rule that is true decides; unknown is not true; without a catch-all there may be no answer.
SELECT assign_segment(
    '[{"segment": "a", "when": "median_days_late > 3"},
      {"segment": "b", "when": "timed_count = 0"},
      {"segment": "c"}]',
    NULL, '2026-01-01');
SELECT assign_segment('[{"segment": "a", "when": "median_days_late > 3"}]', NULL, '2026-01-01') IS NULL AS no_match;
SELECT assign_segment(
    '[{"segment": "a", "when": "not (median_days_late > 3)"}]',
    NULL, '2026-01-01') IS NULL AS unknown_is_not_true;
SELECT assign_segment(NULL, NULL, '2026-01-01') IS NULL AS no_policy, count(*) AS rows
FROM explain_segment(NULL, NULL, '2026-01-01');
-- Arguments by name, NULL meaning left out; an unknown today.
SELECT assign_segment(
    as_of => '2026-01-01', profile => NULL,
    policy => '[{"segment": "a", "when": "attribute.x = 1"}, {"segment": "b"}]',
    attributes => NULL, current_segment => NULL);
SELECT assign_segment('[{"segment": "a", "when": "as_of is null and overdue_amount(0) is null"}]', NULL, NULL);
SELECT assign_segment('[{"segment": "a"}]', NULL, 'infinity');
SELECT assign_segment('[{"segment": "a", "when": "attribute.x = 1"}]', NULL, NULL, '[1]');
SELECT assign_segment('[{"segment": "a", "when": "attribute.x is null"}]', NULL, NULL, 'null');

-- A customer.
CREATE TEMP TABLE invoice (customer text, due date, paid date, amount numeric, disputed boolean);
INSERT INTO invoice
SELECT 'prompt', d, d + i % 3, 100.50, false
FROM generate_series(1, 12) i, LATERAL (SELECT date '2025-01-10' + i * 25) v(d)
UNION ALL
SELECT 'structural', d, d + 7 + i % 3, 100, false
FROM generate_series(1, 12) i, LATERAL (SELECT date '2025-01-10' + i * 25) v(d)
UNION ALL
SELECT 'payment day', d, date_trunc('month', d)::date + 24, 100, false
FROM generate_series(1, 11) i, LATERAL (SELECT make_date(2025, i, 5 + i * 5 % 15)) v(d)
UNION ALL
SELECT 'slow', d, d + 10 + (i * 7) % 23, 100, false
FROM generate_series(1, 12) i, LATERAL (SELECT date '2025-01-10' + i * 25) v(d)
UNION ALL
SELECT 'occasional', d, d + CASE WHEN i % 3 = 0 THEN 9 ELSE 0 END, 100, false
FROM generate_series(1, 12) i, LATERAL (SELECT date '2025-01-10' + i * 25) v(d)
UNION ALL
SELECT 'erratic', d, d + CASE WHEN i % 4 >= 2 THEN 20 ELSE 0 END, 100, false
FROM generate_series(1, 12) i, LATERAL (SELECT date '2025-01-10' + i * 25) v(d)
UNION ALL
SELECT 'deteriorating', d, d + CASE WHEN i > 8 THEN 20 ELSE 0 END, 100, false
FROM generate_series(1, 12) i, LATERAL (SELECT date '2025-01-10' + i * 25) v(d)
UNION ALL
SELECT 'disputing', d, d, 100, i % 2 = 0
FROM generate_series(1, 12) i, LATERAL (SELECT date '2025-01-10' + i * 25) v(d)
UNION ALL
SELECT 'disputing from the start', d, d, 100, i <> 4
FROM generate_series(1, 11) i, LATERAL (SELECT date '2025-01-10' + i * 25) v(d)
UNION ALL
SELECT 'new, nothing but credits', d, NULL, -100, false
FROM generate_series(1, 3) i, LATERAL (SELECT date '2025-01-10' + i * 25) v(d)
UNION ALL
SELECT 'new', d, d, 100, false
FROM generate_series(1, 2) i, LATERAL (SELECT date '2025-09-10' + i * 25) v(d)
UNION ALL
SELECT 'at risk', d, CASE WHEN i < 5 THEN d END, 100, false
FROM generate_series(1, 12) i, LATERAL (SELECT date '2025-01-10' + i * 25) v(d)
UNION ALL
SELECT 'slow and sure', d, d + 40, 100, false
FROM generate_series(1, 12) i, LATERAL (SELECT date '2025-01-10' + i * 25) v(d)
UNION ALL
SELECT 'slow and sure, open for 56 days', d, CASE WHEN i < 12 THEN d + 40 END, 100, false
FROM generate_series(1, 12) i, LATERAL (SELECT date '2025-01-05' + i * 25) v(d)
UNION ALL
SELECT 'slow, beyond its habit', d, CASE WHEN i < 9 THEN d + 40 END, 100, false
FROM generate_series(1, 12) i, LATERAL (SELECT date '2025-01-05' + i * 25) v(d)
UNION ALL
SELECT 'early', d, d - 8 - i % 3, 100, false
FROM generate_series(1, 12) i, LATERAL (SELECT date '2025-01-10' + i * 25) v(d)
UNION ALL
SELECT 'improving', d, d + CASE WHEN i < 13 THEN 20 + i % 2 ELSE 0 END, 100, false
FROM generate_series(1, 20) i, LATERAL (SELECT date '2024-08-10' + i * 23) v(d)
UNION ALL
SELECT 'payment weekday', d, d + (11 - extract(isodow FROM d)::int) % 7, 100, false
FROM generate_series(1, 12) i, LATERAL (SELECT date '2025-01-10' + i * 25) v(d)
UNION ALL
SELECT 'prompt, one old item', d, CASE WHEN i <> 5 THEN d END, 100, false
FROM generate_series(1, 12) i, LATERAL (SELECT date '2025-01-10' + i * 25) v(d)
UNION ALL
SELECT 'prompt, one large old item',
    d,
    CASE WHEN i <> 5 THEN d END,
    CASE WHEN i = 5 THEN 900 ELSE 100 END,
    false
FROM generate_series(1, 12) i, LATERAL (SELECT date '2025-01-10' + i * 25) v(d)
UNION ALL
SELECT 'prompt, two old items of two hundred', d, CASE WHEN i NOT IN (5, 6) THEN d END, 100, false
FROM generate_series(1, 200) i, LATERAL (SELECT date '2025-01-10' + i) v(d)
UNION ALL
SELECT 'prompt, two old items', d, CASE WHEN i NOT IN (5, 6) THEN d END, 100, false
FROM generate_series(1, 12) i, LATERAL (SELECT date '2025-01-10' + i * 25) v(d)
UNION ALL
SELECT 'prompt, two old items and a credit',
    d,
    CASE WHEN i NOT IN (5, 6, 13) THEN d END,
    CASE WHEN i = 13 THEN -250 ELSE 100 END,
    false
FROM generate_series(1, 13) i, LATERAL (SELECT date '2025-01-10' + i * 25) v(d);
CREATE TEMP TABLE customer AS
SELECT customer, payment_profile(due - 30, due, paid, amount, disputed) AS profile FROM invoice GROUP BY customer;
SELECT customer, assign_segment(standard_segment_policy(), profile, '2025-12-31')
FROM customer
ORDER BY customer COLLATE "C";
SELECT assign_segment(standard_segment_policy(), NULL, '2025-12-31') AS without_invoices;
-- Broken promises count only while something is overdue.
SELECT customer,
    assign_segment(
        standard_segment_policy(), profile, '2025-12-31', '{"promise": {"broken": 2}}')
        AS two_broken,
    assign_segment(
        standard_segment_policy(), profile, '2025-12-31', '{"promise": {"broken": 1}}')
        AS one_broken,
    assign_segment(
        standard_segment_policy(), profile, '2025-12-31', '{"promise": {"broken": 1}}', 'at risk')
        AS one_broken_at_risk
FROM customer
WHERE customer IN ('prompt', 'prompt, one old item')
ORDER BY customer COLLATE "C";
-- Who is there already stays a little longer: a late share of 0.45 is too much to become occasional.
SELECT customer,
    late_share(profile, 3) > 0.4 AS more_than_occasional,
    now,
    assign_segment(standard_segment_policy(), profile, '2025-12-31', current_segment => now)
FROM (
    SELECT 'nine of twenty' AS customer,
        payment_profile(
            d - 30, d, d + CASE WHEN i % 20 < 9 THEN 6 + i % 2 * 20 ELSE 0 END, 100) AS profile
    FROM generate_series(1, 20) i, LATERAL (SELECT date '2024-03-01' + i * 31 + i * i % 13) v(d)
) c,
    unnest('{occasional,prompt,erratic}'::text[]) now
ORDER BY now;
SELECT assign_segment(
    jsonb_build_array(jsonb_build_object('segment', 'x', 'when',
        $$total_amount = 1206 and total_amount = 1206.00
            and paid_count = 12 and last_due_date = date '2025-11-06'$$))::text::segment_policy,
    profile, '2025-12-31')
FROM customer
WHERE customer = 'prompt';

-- What a rule saw.
SELECT rule, segment, condition, result, chosen, facts
FROM customer,
    explain_segment(
        '[{"segment": "at risk", "when": "overdue_amount(60) > 0.1 * amount_last_year"},
          {"segment": "key",
           "when": "attribute.sector = ''public'' and attribute.\"credit limit\" > 1000.5 '
        'and attribute.address.country in (''NL'', ''BE'')"},
          {"segment": "since",
           "when": "as_of - attribute.since < 365 and attribute.since > date ''2025-01-01'' or attribute.insured"},
          {"segment": "same", "when": "attribute.a = attribute.b"},
          {"segment": "there",
           "when": "attribute.address is not null and last_due_date < as_of and late_share(3) < 0.5"},
          {"segment": "other"}]',
        profile, '2025-12-31',
        '{"sector": "public", "credit limit": "1000", "address": {"country": "NL"},
          "since": "1 May 2025", "a": 1, "b": "1"}')
WHERE customer = 'structural';
-- An attribute is what JSON says it is; a missing, null or other one is unknown.
SELECT a,
    array_agg(coalesce(result::text, 'unknown') ORDER BY rule)
        AS "number, text, boolean, date, null, not null"
FROM (VALUES
    ('{"x": 12}'),
    ('{"x": 12.0}'),
    ('{"x": "12"}'),
    ('{"x": true}'),
    ('{"x": "2025-05-01"}'),
    ('{"x": "2025-5-1"}'),
    ('{"x": null}'),
    ('{}'),
    ('{"x": {"y": 1}}'),
    ('{"x": [12]}'),
    ('{"x": 123456789012345678901234567890123456789012345678901234567890}'),
    ('{"X": 12}')) v(a),
    explain_segment(
        '[{"segment": "a", "when": "attribute.x = 12"},
          {"segment": "a", "when": "attribute.x = ''12''"},
          {"segment": "a", "when": "attribute.x"},
          {"segment": "a", "when": "attribute.x = date ''2025-05-01''"},
          {"segment": "a", "when": "attribute.x is null"},
          {"segment": "a", "when": "attribute.x is not null"}]',
        NULL, NULL, a::jsonb)
GROUP BY a
ORDER BY a COLLATE "C";

-- Numbers: exact where both sides are exact, whole numbers divide without truncation, division by zero
-- is unknown, doubles beside doubles.
SELECT c,
    (explain_segment(
        jsonb_build_array(jsonb_build_object('segment', 'x', 'when', c))::text::segment_policy,
        NULL, '2026-01-31',
        '{"n": 0.1, "big": 99999999999999999999999999999999999999}')).result
FROM (VALUES
    ('1 / 2 = 0.5'), ('0.1 + 0.2 = 0.3'), ('attribute.n + 0.2 = 0.3'),
    ('1 / 3 = 0.33333333333333333333'), ('1 / 0 > 0'), ('(1 / 0) is null'), ('1.50 = 1.5'),
    ('-(-3) = +3'), ('7 - 2 - 1 = 4'), ('2 + 3 * 4 = 14'), ('attribute.big * 10 > 1'),
    ('attribute.big + 1 > attribute.big'), ('attribute.big - 0.5 < attribute.big'),
    ('as_of + 1 = date ''2026-02-01'''), ('date ''2026-03-01'' - as_of = 29'),
    ('(as_of + 999999999999) is null'), ('''a'' < ''b'' and ''B'' < ''a'''),
    ('''a'' between ''A'' and ''b'''), ('late_share(3) > 0.2 or true'),
    ('late_share(3) > 0.2 and false'), ('not (late_share(3) > 0.2)'), ('1 in (2, late_share(3))'),
    ('1 in (1, late_share(3))'), ('1 not in (2, late_share(3))')) v(c);

-- IS NULL asks whether an attribute is there; the facts and notes show what is there.
SELECT value, rule, result, facts
FROM (VALUES
    (1, NULL),
    (2, '{}'),
    (3, '{"x": null}'),
    (4, '{"x": "2000"}'),
    (5, '{"x": 2000}'),
    (6, '{"x": true}'),
    (7, '{"x": {"v": 1}}'),
    (8, '{"x": [1, "a"]}'),
    (9, '{"x": {}}'),
    (10, '{"x": []}'),
    (11, '{"x": 1234567890123456789012345678901234567890.5}'),
    (12, '{"x": {"v": "}"}, "y": [1]}')) v(value, attributes),
    explain_segment(
        '[{"segment": "none", "when": "attribute.x is null"},
          {"segment": "large", "when": "attribute.x > 1000"},
          {"segment": "same", "when": "attribute.x = attribute.y"}]',
        NULL, NULL, attributes::jsonb)
ORDER BY value, rule;

-- "stay": a looser condition for who is there already.
SELECT current,
    assign_segment(
        '[{"segment": "new", "when": "timed_count < 3"},
          {"segment": "late", "when": "attribute.share > 0.3", "stay": "attribute.share > 0.2"},
          {"segment": "prompt"}]',
        profile, '2025-12-31', jsonb_build_object('share', share), current),
    share
FROM customer,
    (VALUES (NULL), ('prompt'), ('late'), ('LATE')) v(current),
    (VALUES (0.35), (0.25), (0.15)) w(share)
WHERE customer = 'prompt'
ORDER BY share DESC, current NULLS FIRST;
SELECT rule, condition, result, chosen, facts
FROM explain_segment(
    '[{"segment": "late",
       "when": "attribute.share > 0.3",
       "stay": "attribute.share > 0.2 or timed_count > 5"}]',
    NULL, NULL, '{"share": 0.25}', 'late');
SELECT rule, condition, result, chosen, facts
FROM explain_segment(
    '[{"segment": "late",
       "when": "attribute.share > 0.3",
       "stay": "attribute.share > 0.2 or timed_count > 5"}]',
    NULL, NULL, '{"share": 0.25}', 'prompt');

-- Rules kept as rows.
CREATE TEMP TABLE rule (pos int, name text, cond text, looser text);
INSERT INTO rule VALUES
    (30, 'other', NULL, NULL),
    (10, 'new', 'timed_count < 3', NULL),
    (20, 'late', 'late_share(3) > 0.3', 'late_share(3) > 0.2');
SELECT segment_policy(pos, name, cond) FROM rule;
SELECT segment_policy(pos, name, cond, looser) FROM rule;
SELECT segment_policy(pos, name, cond) IS NULL AS no_rows FROM rule WHERE false;
SELECT segment_policy(pos, name, cond ORDER BY pos DESC)
    = segment_policy(pos, name, cond ORDER BY pos) AS order_does_not_matter
FROM rule;
SELECT segment_policy(pos, name, cond) FILTER (WHERE pos < 30) FROM rule;
SELECT _segment_policy_final(_segment_policy_combine(
    _segment_policy_combine(NULL, _segment_policy_transition(NULL, 2, 'b', NULL)),
    _segment_policy_transition(NULL, -1, 'a', 'true')));
SELECT _segment_policy_combine(NULL, NULL) IS NULL AS nothing;
SELECT segment_policy(pos, name, cond) OVER (ORDER BY pos DESC) FROM rule ORDER BY pos DESC;
SELECT segment_policy(1, name, cond) FROM rule WHERE pos < 30;
SELECT segment_policy(NULL, name, cond) FROM rule;
SELECT segment_policy(pos, NULL, cond) FROM rule WHERE pos = 10;
SELECT segment_policy(-pos, name, cond) FROM rule;
SELECT segment_policy(pos, name, replace(cond, 'timed', 'timid')) FROM rule;
SELECT segment_policy(pos, CASE WHEN pos = 20 THEN ' ' ELSE name END, cond) FROM rule;
SELECT segment_policy(i, 's', 'true') FROM generate_series(1, 1001) i;
SELECT segment_policy(i, 's', 'true') IS NOT NULL AS a_thousand FROM generate_series(1, 1000) i;
SELECT _segment_policy_final('\x01000000010000000100000001000000ffffffffffffff7f61');
SELECT _segment_policy_final('\x');
SELECT _segment_policy_final('\x0100000001000000');
SELECT _segment_policy_final('\x01000000ffffffff');
SELECT _segment_policy_final('\x0200000000000000');
SELECT _segment_policy_final('\x010000000000000000');
-- no text of this database's encoding
SELECT _segment_policy_final('\x01000000010000000100000001000000ffffffffffffffffff');

-- Parallel aggregation combines states.
CREATE TABLE parallel_rule AS
SELECT i AS pos, 's' || i AS name, 'timed_count = ' || i AS cond
FROM generate_series(1, 900) i;
ALTER TABLE parallel_rule SET (parallel_workers = 2);
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
SELECT pg_temp.plan_has('SELECT segment_policy(pos, name, cond) FROM parallel_rule', 'Partial Aggregate') AS partial;
SELECT (SELECT segment_policy(pos, name, cond) FROM parallel_rule)
    = (SELECT segment_policy(pos, name, cond ORDER BY pos) FROM parallel_rule) AS same;
RESET parallel_setup_cost;
RESET parallel_tuple_cost;
RESET min_parallel_table_scan_size;
DROP TABLE parallel_rule;

-- In PL/pgSQL, an index and a generated column: nothing but the arguments counts.
CREATE TABLE segmented (
    policy segment_policy,
    profile payment_profile,
    attributes jsonb,
    segment text GENERATED ALWAYS AS (assign_segment(
        policy, profile, date '2025-12-31', attributes)) STORED);
INSERT INTO segmented SELECT standard_segment_policy(), profile FROM customer;
SELECT segment, count(*) FROM segmented GROUP BY segment ORDER BY segment COLLATE "C";
DROP TABLE segmented;

-- Calls in LATERAL leave no more behind in the query's memory than those of a function of PostgreSQL.
SELECT count(*) AS calls,
    (SELECT max(total_bytes) FROM pg_backend_memory_contexts WHERE name = 'ExecutorState') AS plain_bytes
FROM generate_series(1, 20000) i,
    LATERAL generate_series(i, i) s \gset
SELECT count(*) AS calls,
    (SELECT max(total_bytes) FROM pg_backend_memory_contexts WHERE name = 'ExecutorState')
        < :plain_bytes + 300000 AS small
FROM generate_series(1, 20000) i,
    LATERAL explain_segment(
        '[{"segment": "a", "when": "item_count > 3"}]', NULL, date '2025-12-31' + i % 2) s;
