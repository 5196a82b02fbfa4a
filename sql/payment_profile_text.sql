-- Payment profiles as text and as binary: what is written is read back, all else is refused.
SET client_min_messages = warning;
CREATE SCHEMA IF NOT EXISTS receivables;
CREATE EXTENSION IF NOT EXISTS receivables SCHEMA receivables;
SET search_path = receivables, public;
SET DateStyle = 'German, DMY';  -- which the text form must not follow
\getenv folder PG_ABS_SRCDIR
\set file :folder '/test/sql/helpers.sql'
\i :file

\pset format unaligned

-- the text form
SELECT payment_profile(invoice_date, due_date, paid_date, amount, disputed) FROM (VALUES
    (date '2026-01-01', date '2026-01-31', date '2026-02-03', 12.50, false),
    (NULL, '2026-02-28', NULL, 3, NULL),
    (NULL, '2026-03-31', '2026-03-01', NULL, true),
    ('2026-03-31', '2026-04-30', NULL, 0.125, true),
    ('2026-04-01', '2026-04-01', '2026-04-01', -1, false),
    ('2026-04-01', '2026-04-01', NULL, -1.1, true)) i(invoice_date, due_date, paid_date, amount, disputed);
SELECT payment_profile(date '5874897-12-31', date '4713-11-24 BC');
SELECT p, pg_typeof(p), p = t::payment_profile AS canonical
FROM (VALUES
    ('{"items": [{"due": "2026-01-31"}]}'),
    ('{"items": [{"amount": -0.00, "due": "2026-01-31", "disputed": false},
                 {"due": "-0001-12-31", "paid": "10000-01-01"}],
       "format": 1}')) v(t),
    LATERAL (SELECT t::payment_profile) x(p);
-- of more than 255 items
SELECT payment_profile(date '2026-01-01' + i % 2, '2026-01-31', CASE WHEN i % 10 > 0 THEN date '2026-02-01' + i % 2 END,
    1.5 - (i % 20 = 1)::int * 2, i % 5 = 2) FROM generate_series(1, 300) i;

-- Round trips, of all kinds of profiles: items and tables, wide, without amounts, extreme.
CREATE TABLE pp_text AS
SELECT customer,
    payment_profile(
        CASE WHEN kind = 1 OR i % 7 > 0 THEN due - i % 50 END,
        due,
        CASE
            WHEN i % 6 > 0
                THEN due + CASE kind
                    WHEN 2 THEN (i::bigint * 997 % 2000000)::int - 1000000
                    ELSE (i::bigint * 997 % 60)::int - 10
                END
        END,
        CASE
            WHEN kind = 3 OR i % 8 = 0 THEN NULL
            WHEN kind = 4 THEN i * 1e26 + 0.001
            ELSE round(
                (i::bigint * 99991 % 1000003) / 9.0, i % 7) * (1 - (i % 13 = 0)::int * 2)
        END,
        i % 9 = 4) AS p
FROM (
    SELECT c AS customer,
        c % 5 AS kind,
        i,
        CASE c % 5
            WHEN 2 THEN date '0001-01-01' + (i::bigint * 7919 % 90000000)::int
            ELSE date '2024-01-01' + (i::bigint * 7919 % 700)::int
        END AS due
    FROM (
        SELECT c,
            generate_series(
                c * 1000 + 1, c * 1000 + 1 + CASE WHEN c % 10 < 8 THEN c % 60 ELSE c * 3 END) AS i
        FROM generate_series(1, 200) c
    ) g
) x
GROUP BY customer
UNION ALL
SELECT 0,
    payment_profile(
        date '5874897-12-31' - i, date '4713-11-24 BC' + i, date '5874897-12-31' - i,
        99999999999999999999999999999999999 + i)
FROM generate_series(1, 300) i
UNION ALL
SELECT -1, payment_profile(NULL, '2024-01-01', NULL, 0::numeric(1000, 900))
FROM generate_series(1, 300) i;
SELECT count(*) AS profiles, count(*) FILTER (WHERE item_count(p) > 255) AS tabled,
    count(*) FILTER (WHERE payment_profile_send(p::text::payment_profile) <> payment_profile_send(p)) AS differ,
    count(*) FILTER (WHERE p::text::jsonb ->> 'format' IS DISTINCT FROM '1') AS no_json,
    count(*) FILTER (WHERE p::text::jsonb::text::payment_profile <> p) AS differ_through_jsonb
FROM pp_text;
-- binary, through COPY, which calls the send and receive functions
CREATE FUNCTION pp_recv(message bytea) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    copy bytea := '\x5047434f50590aff0d0a00' || '\x0000000000000000'::bytea || '\x0001'::bytea ||
        int4send(length(message)) || message || '\xffff'::bytea;
    octal text := '';
    got bytea;
BEGIN
    CREATE TEMP TABLE pp_received (p payment_profile);
    SELECT string_agg(
        '\0' || lpad((b / 64)::text || (b / 8 % 8)::text || (b % 8)::text, 3, '0'), '' ORDER BY i)
    INTO octal
    FROM (SELECT i, get_byte(copy, i) AS b FROM generate_series(0, length(copy) - 1) i) x;
    EXECUTE format('COPY pp_received FROM PROGRAM %L (FORMAT binary)', 'printf %b ''' || octal || '''');
    SELECT payment_profile_send(p) INTO got FROM pp_received;
    DROP TABLE pp_received;
    RETURN CASE WHEN got = message THEN 'same' ELSE 'taken, but another' END;
EXCEPTION WHEN OTHERS THEN
    RETURN sqlstate || ' ' || sqlerrm;
END $$;
SELECT pp_recv(payment_profile_send(p)) AS received, count(*) FROM pp_text WHERE customer % 4 = 0 GROUP BY 1;

-- damaged messages: taken only when they are canonical all the same, else refused with class 22
CREATE TABLE pp_damage AS
WITH sample AS (
    SELECT customer, payment_profile_send(p) AS b, length(payment_profile_send(p)) AS n
    FROM pp_text
    WHERE customer IN (0, 7, 12, 98, 99, 100)
), messages AS (
    SELECT 'flip' AS kind, set_byte(b, at, get_byte(b, at) # (1 << k % 8)) AS message
    FROM sample,
        generate_series(1, 60) k,
        LATERAL (SELECT (CASE WHEN k % 3 > 0 THEN k * 7 ELSE k * 7919 END % n) AS at) x
    UNION ALL SELECT 'cut', substr(b, 1, n * k / 10) FROM sample, generate_series(0, 9) k
    UNION ALL
    SELECT 'longer', b || decode(repeat('00', k), 'hex') FROM sample, generate_series(1, 3) k
)
SELECT kind, message, pp_recv(message) AS answer
FROM messages;
SELECT kind,
    count(*) AS messages,
    count(*) FILTER (WHERE answer !~
        '^(same|22P03 malformed payment_profile|22003 amount out of range|22P03 unknown format)')
        AS else
FROM pp_damage
GROUP BY kind
ORDER BY kind;
SELECT DISTINCT kind, answer FROM pp_damage WHERE answer !~ '^(same|22P03|22003)' ORDER BY 1, 2;
SELECT pp_recv(m)
FROM unnest(ARRAY[
    '', '\x00', '\x11', '\x21', '\x30', '\x31', '\x32', '\x33', '\x34', '\x3f', '\x41', '\xff']::bytea[])
    m;
-- a scale of no amount
SELECT pp_recv(set_byte(b, 2, 5)) FROM payment_profile_send('{"items": [{"due": "2026-01-31"}]}') b;
-- a few bytes that claim billions of rows; working form is the server's own business
SELECT pp_recv('\x32000000' || decode(repeat('00', 37), 'hex')
    || decode(repeat('feffffff1f0002000200020002', 6), 'hex'));
SELECT left(pp_recv(('\x3' || k)::bytea || decode(repeat('00', 300), 'hex')), 60) AS working
FROM generate_series(3, 4) k;

CREATE FUNCTION pg_temp.reading(t text) RETURNS text LANGUAGE sql
    RETURN pg_temp.refusal(format('SELECT %L::payment_profile', t), 'detail');
SELECT t AS text, pg_temp.reading(t)
FROM unnest(ARRAY[
    '', ' ', 'x', '{', '{}', '[]', '1', 'null', '"items"', '{} {}', '{"format": 1}',
    '{"format": 1, "items": []}', '{"items": null}', '{"items": {}}', '{"items": 1}',
    '{"items": [1]}', '{"items": [[]]}', '{"items": [null]}',
    '{"format": 2, "items": [{"due": "2026-01-31"}]}',
    '{"format": "1", "items": [{"due": "2026-01-31"}]}',
    '{"format": 1.0, "items": [{"due": "2026-01-31"}]}',
    '{"format": null, "items": [{"due": "2026-01-31"}]}',
    '{"format": 99999999999999999999999999999999999999999, "items": [{"due": "2026-01-31"}]}',
    '{"items": [{"due": "2026-01-31"}], "items": []}',
    '{"items": [{"due": "2026-01-31"}], "scale": 2}',
    '{"Items": [{"due": "2026-01-31"}]}',
    '{"items": [{}]}',
    '{"items": [{"paid": "2026-01-31"}]}',
    '{"items": [{"due": null}]}', '{"items": [{"due": 20260131}]}', '{"items": [{"due": ""}]}',
    '{"items": [{"due": "today"}]}', '{"items": [{"due": "infinity"}]}',
    '{"items": [{"due": "31.01.2026"}]}',
    '{"items": [{"due": "2026-02-29"}]}',
    '{"items": [{"due": "2026-01-31"}, {"due": "2026-1-31"}]}',
    '{"items": [{"due": "-4713-11-23"}]}',
    '{"items": [{"due": "5874898-01-01"}]}',
    '{"items": [{"due": "2026-01-31", "due": "2026-01-31"}]}',
    '{"items": [{"due": "2026-01-31", "Paid": "2026-01-31"}]}',
    '{"items": [{"due": "2026-01-31", "paid": null}]}',
    '{"items": [{"due": "2026-01-31", "invoice": false}]}',
    '{"items": [{"due": "2026-01-31", "amount": null}]}',
    '{"items": [{"due": "2026-01-31", "amount": "1"}]}',
    '{"items": [{"due": "2026-01-31", "amount": 1e3}]}',
    '{"items": [{"due": "2026-01-31", "amount": 1E-3}]}',
    '{"items": [{"due": "2026-01-31", "amount": .5}]}',
    '{"items": [{"due": "2026-01-31", "amount": 01}]}',
    '{"items": [{"due": "2026-01-31", "amount": NaN}]}',
    '{"items": [{"due": "2026-01-31", "amount": 170141183460469231731687303715884105728}]}',
    '{"items": [{"due": "2026-01-31", "amount": 170141183460469231731687303715884105727}, '
        '{"due": "2026-01-31", "amount": 1}]}',
    '{"items": [{"due": "2026-01-31", "amount": 170141183460469231731687303715884105727}, '
        '{"due": "2026-01-31", "amount": 0.5}]}',
    '{"items": [{"due": "2026-01-31", "disputed": 1}]}',
    '{"items": [{"due": "2026-01-31", "disputed": null}]}',
    '{"items": [{"due": "2026-01-31", "disputed": "true"}]}',
    '{"items": [{"due": "2026-01-31"},]}',
    '{"items": [{"due": "2026-01-31"}]} x',
    '{"items": [{"due": "2026-01-31\u0000"}]}']) t;

-- Tables whose parts do not fit together. A sound text, and each change that breaks it.
CREATE TEMP TABLE sound AS
SELECT payment_profile(date '2026-01-01', '2026-01-31', CASE WHEN i % 10 > 0 THEN date '2026-02-01' + i % 2 END,
    2.5 - (i % 20 = 1)::int * 4, i % 5 = 2)::text::jsonb AS t FROM generate_series(1, 300) i;
SELECT pg_temp.reading(t::text) = 'taken: ' || t::text::payment_profile::text AS sound FROM sound;
SELECT path, value, pg_temp.reading(jsonb_set(t, path::text[], value::jsonb)::text)
FROM sound,
    (VALUES
        ('{scale}', '-1'),
        ('{scale}', '16384'),
        ('{scale}', '1.0'),
        ('{scale}', '0'),
        ('{scale}', 'null'),
        ('{totals}', '{}'),
        ('{totals}', '[]'),
        ('{totals,terms_count}', '-1'),
        ('{totals,terms_count}', '301'),
        ('{totals,terms_count}', '1.5'),
        ('{totals,terms_count}', '9223372036854775808'),
        ('{totals,terms_sum}', '170141183460469231731687303715884105727'),
        ('{totals,terms_sum}', '0.5'),
        ('{totals,days_to_pay_count}', '300'),
        ('{totals,days_to_pay_sum}', '-99999999999999999999'),
        ('{totals,amount_count}', '301'),
        ('{totals,amount_count}', '0'),
        ('{totals,amount_count}', '14'),
        ('{totals,timed}', '1'),
        ('{totals,timed}', '[1]'),
        ('{totals,timed}', '[194, 487.5]'),
        ('{totals,timed}', '[195, 487.6]'),
        ('{totals,timed}', '[195, 487.5, 1]'),
        ('{totals,disputed_paid,0}', '0'),
        ('{totals,disputed_paid,0}', '1125899906842625'),
        ('{totals,disputed_paid,1}', '-1'),
        ('{totals,disputed_paid,1}', '1.25'),
        ('{totals,disputed_paid,1}', '1'),
        ('{totals,on_account_paid,1}', '1'),
        ('{totals,on_account_paid,1}', '0'),
        ('{totals,part}', '[31, 1]'),
        ('{totals,part}', '[1, 1]'),
        ('{totals,zero}', '[1, 1]'),
        ('{totals,open}', '[30, 74.9]'),
        ('{totals,written_off}', '[1, 2]'),
        ('{totals,first_due}', '"2026-02-01"'),
        ('{totals,last_due}', '"2026-01-30"'),
        ('{totals,first_invoice}', '"2026-02-01"'),
        ('{totals,last_paid}', 'null'),
        ('{totals,last_paid}', '"yesterday"'),
        ('{totals,more}', '1'),
        ('{days_late}', '[]'),
        ('{days_late}', 'null'),
        ('{days_late}', '{}'),
        ('{days_late,0}', '[1, 2, 3]'),
        ('{days_late,0}', '[1, 2, 3, 4, 5]'),
        ('{days_late,0}', 'null'),
        ('{days_late,0,0}', '"1"'),
        ('{days_late,0,0}', '2147483648'),
        ('{days_late,0,0}', '3'),
        ('{days_late,0,1}', '0'),
        ('{days_late,0,1}', '-5'),
        ('{days_late,0,1}', '1'),
        ('{days_late,0,1}', '1125899906842625'),
        ('{days_late,0,2}', '-1'),
        ('{days_late,0,2}', '1.123'),
        ('{days_late,0,2}', '1'),
        ('{days_late,0,2}', '17014118346046923173168730371588410572'),
        ('{days_late,0,3}', '0'),
        ('{days_late,0,3}', '99999999999'),
        ('{days_late,0,3}', '1.5'),
        ('{due_dates,0,0}', '"2026-13-01"'),
        ('{disputed_days_late,0,1}', '299'),
        ('{disputed_days_late,0,2}', '0'),
        ('{disputed_days_late}', '[]'),
        ('{due_dates,0,1}', '299'),
        ('{due_dates,0,2}', '0'),
        ('{due_dates}', '[["2026-01-31", 1, 1], ["2026-01-31", 1, 1]]'),
        ('{payment_dates,0,0}', '"2026-02-03"'),
        ('{payment_dates,0,1}', '1'),
        ('{payment_dates,0,1}', '0'),
        ('{payment_dates}', '[]'),
        ('{unpaid,0,2}', '0'),
        ('{unpaid,0,2}', '9223372036854775807'),
        ('{unpaid,0,3}', '-1'),
        ('{unpaid,0,1}', '"disputed_open"'),
        ('{unpaid,0,1}', '"timed"'),
        ('{unpaid,0,0}', '1'),
        ('{recent}', '[]'),
        ('{recent,0}', '[]'),
        ('{recent,0,0}', '"2026-02-01"'),
        ('{recent,0,1}', '0'),
        ('{recent,0,1}', '1.5'),
        ('{recent,11,1}', '99'),
        ('{items}', '[]')) v(path, value);
SELECT key, pg_temp.reading((t - key)::text) FROM sound, jsonb_object_keys(t) key WHERE key <> 'format' ORDER BY key;
SELECT key, pg_temp.reading((t #- ARRAY['totals', key])::text)
FROM sound, jsonb_object_keys(t -> 'totals') key
ORDER BY key;
-- fewer than 256 items stand as items
SELECT pg_temp.reading('{"scale": 0,
                         "totals": {"open": [255, 0], "amount_count": 0, "days_to_pay_count": 0,
                                    "days_to_pay_sum": 0, "terms_count": 0, "terms_sum": 0,
                                    "first_due": "2026-01-01", "last_due": "2026-01-01"},
                         "days_late": [],
                         "disputed_days_late": [],
                         "due_dates": [],
                         "payment_dates": [],
                         "unpaid": [["2026-01-01", "open", 255, 0]],
                         "recent": []}');
-- a scale of no amount
SELECT pg_temp.reading('{"scale": 2,
                         "totals": {"open": [256, 0], "amount_count": 0, "days_to_pay_count": 0,
                                    "days_to_pay_sum": 0, "terms_count": 0, "terms_sum": 0,
                                    "first_due": "2026-01-01", "last_due": "2026-01-01"},
                         "days_late": [],
                         "disputed_days_late": [],
                         "due_dates": [],
                         "payment_dates": [],
                         "unpaid": [["2026-01-01", "open", 256, 0]],
                         "recent": []}');

DROP TABLE pp_text, pp_damage;
DROP FUNCTION pp_recv;

-- Damaged values as they might lie in a table: refused or read as something, and nothing else harmed.
CREATE FUNCTION pg_temp.raw(bytea) RETURNS payment_profile LANGUAGE internal STRICT AS 'byteasend';
CREATE FUNCTION pg_temp.rolled_up(VARIADIC parts bytea[]) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    RETURN item_count(rollup(pg_temp.raw(part) ORDER BY n)) FROM unnest(parts) WITH ORDINALITY AS v(part, n);
EXCEPTION WHEN OTHERS THEN
    RETURN sqlstate || ' ' || sqlerrm;
END $$;
-- tables with dates that no date has, then credits there
SELECT pg_temp.rolled_up(VARIADIC array_fill(
        decode(
            '3200000000f02e000000000000000000000000000000000000000000000000020080a0d9'
                || 'e61d000200000000000000000000000000000000000000000000000000000000000000',
            'hex'),
        array[2])
    || array_fill(
        decode('3100b000000000010000000000000094357700000000000000006494357701', 'hex'),
        array[50])) AS far_dates;
-- the first value of a rollup is a working state, every two bytes of it damaged in turn
CREATE FUNCTION pg_temp.bytes_of(payment_profile) RETURNS bytea LANGUAGE internal STRICT AS 'byteasend';
CREATE AGGREGATE pg_temp.state(date, date, date, numeric) (
    SFUNC = _payment_profile_transition, STYPE = payment_profile);
SELECT kind,
    count(*) FILTER (WHERE pg_temp.rolled_up(
        set_byte(set_byte(b, at, value), at + 1, value), b) !~ '^(\d+$|22)') AS harmful
FROM (
    SELECT kind, pg_temp.bytes_of(pg_temp.state(invoice_date, due_date, paid_date, amount)) AS b
    FROM (VALUES
        ('ordinary', date '2020-01-01', date '2024-01-01', date '2024-01-09', 5.0),
        ('ordinary', '2020-01-02', '2024-02-01', NULL, 7),
        ('full', '1800-01-01', '2024-01-31', '2024-02-09', 5),
        ('full', NULL, '2024-02-01', NULL, 7.123))
        AS i(kind, invoice_date, due_date, paid_date, amount)
    GROUP BY kind
) AS states,
    generate_series(0, 90) AS at,
    unnest(array[0, 7, 127, 255]) AS value
GROUP BY kind
ORDER BY kind;
