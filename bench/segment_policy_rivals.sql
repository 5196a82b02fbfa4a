-- What bench/segment_policy.sh compares: policies, the standard policy as CASE and as a PL/pgSQL
-- function, and loops.
SET client_min_messages = warning;
DROP SCHEMA IF EXISTS bench CASCADE;
CREATE SCHEMA bench;

CREATE FUNCTION bench.counts_and_shares() RETURNS segment_policy LANGUAGE sql IMMUTABLE RETURN '[
    {"segment": "new",        "when": "timed_count < 3"},
    {"segment": "disputing",  "when": "dispute_share >= 0.5 and disputed_count >= 3"},
    {"segment": "stopped",    "when": "open_count > 5 and open_count > 0.5 * item_count"},
    {"segment": "prompt",     "when": "late_share(3) <= 0.2"},
    {"segment": "slow",       "when": "late_share(3) >= 0.75"},
    {"segment": "occasional", "when": "late_share(3) <= 0.4"},
    {"segment": "erratic"}]'::segment_policy;

CREATE FUNCTION bench.with_attributes() RETURNS segment_policy LANGUAGE sql IMMUTABLE RETURN '[
    {"segment": "new",     "when": "timed_count < 3"},
    {"segment": "public",  "when": "attribute.sector = ''public'' and attribute.address.country in (''NL'', ''BE'')"},
    {"segment": "insured", "when": "attribute.insured_amount > total_amount and attribute.rating <= ''B''"},
    {"segment": "large",   "when": "attribute.employees > 1000"},
    {"segment": "prompt",  "when": "late_share(3) <= 0.2"},
    {"segment": "other"}]'::segment_policy;

CREATE TABLE bench.policy AS SELECT standard_segment_policy() AS rules;

-- A condition of the policy as SQL over the accessors: every metric gets the profile, and as_of where it takes it.
-- Attributes are read as numbers, as the standard policy's is.
CREATE FUNCTION bench.as_sql(condition text, as_of text) RETURNS text LANGUAGE sql AS $$
    SELECT regexp_replace(regexp_replace(regexp_replace(regexp_replace(regexp_replace(condition,
        'attribute\.(\w+)\.(\w+)', $r$(attributes #>> '{\1,\2}')::numeric$r$, 'g'),
        '\m(\w*overdue\w*|amount_last_year)\(', '\1(profile, ' || as_of || ', ', 'g'),
        '\m(\w*overdue\w*|amount_last_year)\M(?!\()', '\1(profile, ' || as_of || ')', 'g'),
        '\m(\w*days_late\w*|\w+_share|\w+_streak|\w+_count|payment_\w+)\((?!profile)', '\1(profile, ', 'g'),
        '\m(\w*days_late\w*|\w+_share|\w+_streak|\w+_count|payment_\w+)\M(?!\()', '\1(profile)', 'g')
$$;
CREATE FUNCTION bench.standard_as_case() RETURNS text LANGUAGE sql AS $$
    SELECT 'CASE '
        || string_agg(
            CASE
                WHEN rule ? 'when'
                    THEN format(
                        'WHEN %s THEN %L',
                        bench.as_sql(rule ->> 'when', $q$date '2025-12-31'$q$),
                        rule ->> 'segment')
                ELSE format('ELSE %L', rule ->> 'segment')
            END,
            ' ' ORDER BY place) || ' END'
    FROM jsonb_array_elements(standard_segment_policy()::jsonb) WITH ORDINALITY AS r(rule, place)
$$;

-- With "stay", as the policy has it: for who passes the current segment.
DO $do$
BEGIN
    EXECUTE (
        SELECT 'CREATE FUNCTION bench.standard_in_plpgsql(
                profile payment_profile, as_of date, attributes jsonb, now text DEFAULT NULL)
            RETURNS text LANGUAGE plpgsql IMMUTABLE AS $f$ BEGIN '
            || string_agg(
                CASE
                    WHEN rule ? 'when'
                        THEN format(
                            'IF %s%s THEN RETURN %L; END IF; ',
                            bench.as_sql(rule ->> 'when', 'as_of'),
                            format(
                                ' OR now = %L AND (%s)', rule ->> 'segment',
                                bench.as_sql(rule ->> 'stay', 'as_of')),
                            rule ->> 'segment')
                    ELSE format('RETURN %L; ', rule ->> 'segment')
                END,
                '' ORDER BY place) || 'END $f$'
        FROM (
            SELECT CASE
                    WHEN j ? 'stay' OR NOT j ? 'when' THEN j
                    ELSE j || '{"stay": "false"}'
                END AS rule,
                p AS place
            FROM jsonb_array_elements(standard_segment_policy()::jsonb) WITH ORDINALITY AS e(j, p)
        ) AS r
    );
END $do$;

CREATE FUNCTION bench.counts_and_shares_in_plpgsql(profile payment_profile, as_of date, attributes jsonb)
    RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
    late double precision;
    open bigint;
BEGIN
    IF timed_count(profile) < 3 THEN RETURN 'new'; END IF;
    IF dispute_share(profile) >= 0.5 AND disputed_count(profile) >= 3 THEN RETURN 'disputing'; END IF;
    open := open_count(profile);
    IF open > 5 AND open > 0.5 * item_count(profile) THEN RETURN 'stopped'; END IF;
    late := late_share(profile, 3);
    IF late <= 0.2 THEN RETURN 'prompt'; END IF;
    IF late >= 0.75 THEN RETURN 'slow'; END IF;
    IF late <= 0.4 THEN RETURN 'occasional'; END IF;
    RETURN 'erratic';
END $$;

CREATE FUNCTION bench.loop_empty(rows int) RETURNS void LANGUAGE plpgsql AS $$
DECLARE customer record;
BEGIN
    FOR customer IN SELECT profile, attributes FROM payers LIMIT rows LOOP
    END LOOP;
END $$;
CREATE FUNCTION bench.loop_other(rows int) RETURNS void LANGUAGE plpgsql AS $$
DECLARE customer record; segment text;
BEGIN
    FOR customer IN SELECT profile, attributes FROM payers LIMIT rows LOOP
        SELECT jsonb_typeof(customer.attributes) INTO segment;
    END LOOP;
END $$;
CREATE FUNCTION bench.loop_assign(rows int) RETURNS void LANGUAGE plpgsql AS $$
DECLARE customer record; segment text;
BEGIN
    FOR customer IN SELECT profile, attributes FROM payers LIMIT rows LOOP
        SELECT assign_segment(
            standard_segment_policy(), customer.profile, '2025-12-31', customer.attributes)
        INTO segment;
    END LOOP;
END $$;
