-- The policies and the calendar of a source. One that is named and not seen is an error: the standard policy in its
-- place would be another treatment, without a word. (The foreign keys of table sources say that it is there.)

CREATE FUNCTION _check_seen(source text, kind text, value_name text, is_seen boolean, stored_in text) RETURNS void
    LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF value_name IS NOT NULL AND NOT is_seen THEN
        RAISE EXCEPTION '% "%" of source "%" is hidden from %', kind, value_name, source, current_user
            USING ERRCODE = 'insufficient_privilege',
                HINT = format('A policy of row-level security on table %s hides it.', stored_in);
    END IF;
END;
$$;
COMMENT ON FUNCTION _check_seen(text, text, text, boolean, text) IS
    'internal: an error 42501 when a source names a policy or calendar that the caller does not see; else nothing';

CREATE FUNCTION _segment_policy_of(source text) RETURNS segment_policy
    LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    named text;
    value @extschema@.segment_policy;
BEGIN
    SELECT s.segment_policy, p.policy INTO named, value
    FROM @extschema@.sources AS s LEFT JOIN @extschema@.segment_policies AS p ON p.name = s.segment_policy
    WHERE s.name = _segment_policy_of.source;
    PERFORM @extschema@._check_seen(source, 'segment policy'::text, named, value IS NOT NULL, 'segment_policies'::text);
    RETURN coalesce(value, @extschema@.standard_segment_policy());
END;
$$;
COMMENT ON FUNCTION _segment_policy_of(text) IS
    'internal: the segment policy of a source; an error when a policy of row-level security hides it';

-- The plan asks for it within its query, which could not run in parallel otherwise.
CREATE FUNCTION _dunning_policy_of(source text) RETURNS dunning_policy
    LANGUAGE plpgsql STABLE PARALLEL RESTRICTED
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    named text;
    value @extschema@.dunning_policy;
BEGIN
    SELECT s.dunning_policy, p.policy INTO named, value
    FROM @extschema@.sources AS s LEFT JOIN @extschema@.dunning_policies AS p ON p.name = s.dunning_policy
    WHERE s.name = _dunning_policy_of.source;
    PERFORM @extschema@._check_seen(source, 'dunning policy'::text, named, value IS NOT NULL, 'dunning_policies'::text);
    RETURN coalesce(value, @extschema@.standard_dunning_policy());
END;
$$;
COMMENT ON FUNCTION _dunning_policy_of(text) IS
    'internal: the dunning policy of a source; an error when a policy of row-level security hides it';

CREATE FUNCTION _calendar_of(source text) RETURNS business_calendar
    LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    named text;
    value @extschema@.business_calendar;
BEGIN
    SELECT s.calendar, c.calendar INTO named, value
    FROM @extschema@.sources AS s LEFT JOIN @extschema@.business_calendars AS c ON c.name = s.calendar
    WHERE s.name = _calendar_of.source;
    PERFORM @extschema@._check_seen(source, 'calendar'::text, named, value IS NOT NULL, 'business_calendars'::text);
    RETURN value;
END;
$$;
COMMENT ON FUNCTION _calendar_of(text) IS
    'internal: the calendar of a source, NULL when it has none; an error when a policy of row-level security hides it';
