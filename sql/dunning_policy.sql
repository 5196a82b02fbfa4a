SET client_min_messages = warning;
CREATE SCHEMA IF NOT EXISTS receivables;
CREATE EXTENSION IF NOT EXISTS receivables SCHEMA receivables;
SET search_path = receivables, public;
\getenv folder PG_ABS_SRCDIR
\set file :folder '/test/sql/helpers.sql'
\i :file

-- text form: fixed order of keys, defaults left out, rules with all their keys
\pset format unaligned
SELECT t::dunning_policy
FROM unnest(ARRAY[
    '{"steps": []}',
    '{"steps": [{"after_days": 5, "level": 1}]}',
    '{"steps": [{"level": 1, "after_days": 5, "from": "due_date", "unit": "days",
                 "channel_fixed": false, "channel": null}]}',
    '{"steps": [{"level": 0, "after_days": -3, "unit": "business_days", "channel": "email",
                 "template": "\u0041\t\"1\""}]}',
    '{"steps": [{"level": 1, "after_days": 5, "end_of_month": true, "min_interval_days": 0},
                {"level": 2, "after_days": 9, "min_interval_days": 14, "end_of_month": false}]}',
    '{"steps": [{"level": 1, "after_days": 5, "fee": 5.00},
                {"level": 2, "after_days": 9, "fee_percent": 1.5, "min_amount": 10.0,
                 "latest_after_due_days": 30}]}',
    '{"wait": {}, "payment_day": {}, "structural_shift": {}, "start": {}, "steps": []}',
    '{"wait": {"min_share": 0.50}, "payment_day": {"min_share": 1.0}, "steps": []}',
    '{"roll": "following", "min_interval_days": 0, "promise_grace_days": 0, "skip_levels": false,
      "hold": false, "wait": null, "segments": null, "steps": []}',
    '{"roll": "nearest", "min_interval_days": 7, "min_amount": 25, "max_reminders": 5,
      "latest_after_due_days": 45, "promise_grace_days": 2, "promise_max_days": 60,
      "skip_levels": true, "hold": true, "steps": []}',
    '{"segments": {"b": {"wait": null, "roll": null, "hold": true}, "a": {"steps": null}, "c": {}},
      "steps": []}']) t;

SELECT standard_dunning_policy();
\pset format aligned
SELECT jsonb_pretty(standard_dunning_policy()::jsonb -> 'segments' -> 'payment day');

\pset format unaligned
\pset tuples_only on
-- what is no policy is refused, and the message says where
SELECT t, pg_temp.refusal(format('SELECT %L::dunning_policy', t), 'hint') FROM unnest(ARRAY[
    '', 'x', '{', '[]', 'null', '{}',
    '{"steps": null}', '{"steps": {}}', '{"steps": [1]}', '{"steps": [], "step": []}',
    '{"steps": [], "steps": []}', '{"steps": [{}]}', '{"steps": [{"level": 1}]}']) t;
SELECT step, pg_temp.refusal(format('SELECT %L::dunning_policy', '{"steps": [' || step || ']}'), 'hint')
FROM unnest(ARRAY[
    '{"level": 0, "after_days": 5}',
    '{"level": 1000, "after_days": 5}',
    '{"level": 1, "after_days": 5.5}',
    '{"level": 1, "after_days": 4000}',
    '{"level": 1, "after_days": 5, "after_days": 6}',
    '{"level": 1, "after_days": 5, "delay": 6}',
    '{"level": 1, "after_days": 5, "from": "previous_reminder"}',
    '{"level": 1, "after_days": -5, "from": "previous_reminder"}',
    '{"level": 1, "after_days": -5, "repeat_every_days": 5}',
    '{"level": 1, "after_days": -5, "latest_after_due_days": 5}',
    '{"level": 1, "after_days": -5, "end_of_month": true}',
    '{"level": 1, "after_days": 5, "end_of_month": 1}',
    '{"level": 1, "after_days": 5, "min_interval_days": -1}',
    '{"level": 1, "after_days": 5, "from": "today"}',
    '{"level": 1, "after_days": 5, "unit": "weeks"}',
    '{"level": 1, "after_days": 5, "channel": ""}',
    '{"level": 1, "after_days": 5, "channel_fixed": true}',
    '{"level": 1, "after_days": 5, "fee": -1}',
    '{"level": 1, "after_days": 5, "fee": 1, "fee_percent": 1}',
    '{"level": 1, "after_days": 5, "min_amount": 110.5800000000000000}',
    '{"level": 1, "after_days": 5, "min_amount": 1e2}',
    '{"level": 1, "after_days": 5, "min_amount": 1234567890123456789}',
    '{"level": 1, "after_days": 5, "repeat_every_days": 7}',
    '{"level": 2, "after_days": 5}, {"level": 2, "after_days": 9}',
    '{"level": 2, "after_days": 5}, {"level": 1, "after_days": 9}',
    '{"level": 1, "after_days": 5}, {"level": 2, "after_days": 5}',
    '{"level": 1, "after_days": 5}, {"level": 2, "after_days": -5}',
    '{"level": 1, "after_days": 5, "repeat_every_days": 7}, {"level": 2, "after_days": 9}']) step;
SELECT member, pg_temp.refusal(format('SELECT %L::dunning_policy', '{"steps": [], ' || member || '}'), 'hint')
FROM unnest(ARRAY[
    '"min_interval_days": -1', '"min_amount": -0.01', '"min_amount": "25"', '"max_reminders": 0',
    '"latest_after_due_days": -1', '"roll": "forward"', '"promise_grace_days": -1',
    '"promise_max_days": -1', '"skip_levels": 1', '"hold": "yes"', '"wait": true',
    '"wait": {"within_days": 0}', '"wait": {"min_share": 0}', '"wait": {"min_share": 40}',
    '"wait": {"min_share": 0.1234567}', '"wait": {"until_days": 1000}', '"wait": {"days": 3}',
    '"payment_day": {"grace_days": -1}', '"payment_day": {"min_payments": 0}',
    '"structural_shift": {"max_days": 0}', '"start": {"older_than_days": -1}',
    '"start": {"status": "scheduled"}', '"segments": []', '"segments": {"": {}}',
    '"segments": {"x": null}', '"segments": {"x": {}, "x": {}}', '"segments": {"x": {"segments": {}}}',
    '"segments": {"x": {"wait": {"min_share": 2}}}']) member;
\pset format aligned
\pset tuples_only off

-- comparison is by value, whatever the order of the keys
SELECT '{"steps": [], "wait": {}}'::dunning_policy
        = '{"wait": {"min_share": 0.400}, "steps": []}' AS same,
    '{"steps": []}'::dunning_policy <> '{"steps": [], "hold": true}' AS other,
    '{"steps": [], "segments": {"a": {}, "b": {}}}'::dunning_policy
        = '{"segments": {"b": {}, "a": {}}, "steps": []}' AS same_segments;
SELECT count(DISTINCT p)
FROM (VALUES
    ('{"steps": []}'::dunning_policy), ('{"steps":[]}'), ('{"steps": [], "hold": true}')) v (p);

-- text, json and binary give the same policy back
CREATE TEMP TABLE policies (policy dunning_policy);
INSERT INTO policies SELECT standard_dunning_policy();
INSERT INTO policies
SELECT jsonb_build_object(
    'steps',
    jsonb_build_array(
        jsonb_build_object('level', -1, 'after_days', -g - 1, 'template', 'n' || g),
        jsonb_build_object('level', 1, 'after_days', g, 'fee', g / 100.0),
        jsonb_build_object(
            'level', 2, 'after_days', g, 'from', 'previous_reminder', 'end_of_month', g % 2 = 0,
            'min_interval_days', g)),
    'wait',
    CASE WHEN g % 2 = 0 THEN jsonb_build_object('min_share', g / 100.0) END,
    'segments',
    jsonb_build_object('s' || g, jsonb_build_object('min_interval_days', g)))::text::dunning_policy
FROM generate_series(1, 99) g;
SELECT count(*),
    bool_and(policy::text::dunning_policy = policy) AS text,
    bool_and(policy::json::text::dunning_policy = policy) AS json,
    bool_and(policy::jsonb::text::dunning_policy = policy) AS jsonb,
    bool_and(to_jsonb(policy) = policy::jsonb) AS to_jsonb,
    bool_and(convert_from(
        substr(dunning_policy_send(policy), 2),
        current_setting('server_encoding')) = policy::text) AS binary
FROM policies;
CREATE TEMP TABLE copied (policy dunning_policy);
\copy policies TO 'dunning_policy.bin' (FORMAT binary)
\copy copied FROM 'dunning_policy.bin' (FORMAT binary)
SELECT count(*) AS came_back FROM policies JOIN copied USING (policy);

-- damaged binary forms are refused: a file of bytea is read as policies
\copy (SELECT ''::bytea) TO 'dunning_policy.bin' (FORMAT binary)
\copy copied FROM 'dunning_policy.bin' (FORMAT binary)
\copy (SELECT '\x02'::bytea || '{"steps": []}'::bytea) TO 'dunning_policy.bin' (FORMAT binary)
\copy copied FROM 'dunning_policy.bin' (FORMAT binary)
\copy (SELECT '\x01'::bytea || '{"steps": [], "x": 1}'::bytea) TO 'dunning_policy.bin' (FORMAT binary)
\copy copied FROM 'dunning_policy.bin' (FORMAT binary)
\! rm -f dunning_policy.bin

-- a policy too large for a page
CREATE TEMP TABLE large (policy dunning_policy);
INSERT INTO large
SELECT jsonb_build_object(
    'steps', '[]'::jsonb, 'segments', jsonb_object_agg(repeat(md5(g::text), 7), '{}'::jsonb))::text::dunning_policy
FROM generate_series(1, 200) g;
SELECT policy::text::dunning_policy = policy AS same, length(policy::text) > 44000 AS long FROM large;

-- From jsonb, checked like any text.
SELECT standard_dunning_policy()::jsonb::dunning_policy = standard_dunning_policy() AS same;
SELECT '{"steps": 3}'::jsonb::dunning_policy;
