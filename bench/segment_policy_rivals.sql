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

CREATE FUNCTION bench.standard_as_case() RETURNS text LANGUAGE sql IMMUTABLE RETURN $$CASE
    WHEN overdue_amount(profile, '2025-12-31', 60) > 0
         AND overdue_amount(profile, '2025-12-31', 60) > 0.1 * amount_last_year(profile, '2025-12-31') THEN 'at risk'
    WHEN dispute_share(profile) >= 0.5 AND disputed_count(profile) >= 3 THEN 'disputing'
    WHEN timed_count(profile) < 3 THEN 'new'
    WHEN recent_median_days_late(profile) >= 30 THEN 'at risk'
    WHEN late_share(profile, 3) > 0.2 AND payment_day(profile) IS NOT NULL THEN 'payment day'
    WHEN recent_median_days_late(profile) > 3 AND recent_median_days_late(profile) - median_days_late(profile) >= 7
         AND recent_median_days_late(profile) - median_days_late(profile) >= 0.5 * spread_days_late(profile) THEN 'deteriorating'
    WHEN late_share(profile, 3) <= 0.2 THEN 'prompt'
    WHEN median_days_late(profile) BETWEEN 4 AND 14 AND spread_days_late(profile) <= 10 THEN 'structural'
    WHEN late_share(profile, 3) >= 0.75 THEN 'slow'
    WHEN late_share(profile, 3) <= 0.4 THEN 'occasional'
    ELSE 'erratic' END$$;

-- With "stay", as the policy has it: for who passes the current segment.
CREATE FUNCTION bench.standard_in_plpgsql(profile payment_profile, as_of date, attributes jsonb, now text DEFAULT NULL)
    RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
    overdue numeric;
    recent double precision;
    usual double precision;
    late double precision;
    spread double precision;
BEGIN
    overdue := overdue_amount(profile, as_of, 60);
    IF overdue > 0 AND overdue > 0.1 * amount_last_year(profile, as_of) THEN RETURN 'at risk'; END IF;
    IF dispute_share(profile) >= 0.5 AND disputed_count(profile) >= 3
        OR now = 'disputing' AND dispute_share(profile) >= 0.4 AND disputed_count(profile) >= 3 THEN
        RETURN 'disputing';
    END IF;
    IF timed_count(profile) < 3 THEN RETURN 'new'; END IF;
    recent := recent_median_days_late(profile);
    IF recent >= 30 OR now = 'at risk' AND recent >= 20 THEN RETURN 'at risk'; END IF;
    late := late_share(profile, 3);
    IF late > 0.2 AND payment_day(profile) IS NOT NULL
        OR now = 'payment day' AND late > 0.15 AND payment_day(profile, 0.5, 5) IS NOT NULL THEN
        RETURN 'payment day';
    END IF;
    usual := median_days_late(profile);
    spread := spread_days_late(profile);
    IF recent > 3 AND recent - usual >= 7 AND recent - usual >= 0.5 * spread
        OR now = 'deteriorating' AND recent > 3 AND recent - usual >= 4 THEN
        RETURN 'deteriorating';
    END IF;
    IF late <= 0.2 OR now = 'prompt' AND late <= 0.25 THEN RETURN 'prompt'; END IF;
    IF usual BETWEEN 4 AND 14 AND spread <= 10
        OR now = 'structural' AND usual BETWEEN 3 AND 16 AND spread <= 12 THEN
        RETURN 'structural';
    END IF;
    IF late >= 0.75 OR now = 'slow' AND late >= 0.65 THEN RETURN 'slow'; END IF;
    IF late <= 0.4 OR now = 'occasional' AND late <= 0.45 THEN RETURN 'occasional'; END IF;
    RETURN 'erratic';
END $$;

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
        SELECT assign_segment(standard_segment_policy(), customer.profile, '2025-12-31', customer.attributes) INTO segment;
    END LOOP;
END $$;
