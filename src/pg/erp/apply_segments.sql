-- The second half of refresh_segments: what was decided is written, batch by batch.

-- The steps: batch, some pages of the temporary table; stored, its customers; forgotten, those who would not be there
-- if this had been the only run of the day; moves, those who go to another segment, with the rule that decided;
-- told, the moves that segment_changes does not have so yet; withdrawn, those of an earlier run of the day that are none.
-- Parameters: $1 source, $2 as_of, $3 segment policy, $4 and $5 the first tuple of the batch and of the next.
CREATE FUNCTION _apply_query() RETURNS text
    LANGUAGE sql IMMUTABLE
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT $query$
WITH batch AS MATERIALIZED (
    SELECT w.* FROM pg_temp.receivables_refresh AS w WHERE w.ctid >= $4 AND w.ctid < $5
), stored AS (
    INSERT INTO @extschema@.customer_segments (source, customer_id, segment, since, profile, attributes,
        customer_name, collector, parent_id)
    SELECT $1, b.customer_id, b.segment, b.since, b.profile, b.attributes, b.customer_name, b.collector, b.parent_id
    FROM batch AS b WHERE b.writes AND NOT b.disowned
    ON CONFLICT (source, customer_id) DO UPDATE
        SET segment = excluded.segment, since = excluded.since, profile = excluded.profile, attributes = excluded.attributes,
            customer_name = excluded.customer_name, collector = excluded.collector, parent_id = excluded.parent_id
), forgotten AS (
    DELETE FROM @extschema@.customer_segments AS s
    WHERE s.source = $1 AND s.customer_id = ANY (ARRAY(SELECT b.customer_id FROM batch AS b WHERE b.disowned))
), moves AS MATERIALIZED (
    SELECT b.*, e.rule, e.condition, e.facts
    FROM batch AS b
        LEFT JOIN LATERAL @extschema@.explain_segment($3, b.profile, $2, b.attributes, b.start_segment) AS e ON e.chosen
    WHERE b.moves
), told AS (
    INSERT INTO @extschema@.segment_changes AS c (source, customer_id, from_segment, from_since, to_segment, changed_on,
                                                  rule, condition, facts)
    SELECT $1, m.customer_id, m.start_segment, m.start_since, m.segment, $2, m.rule, m.condition, m.facts
    FROM moves AS m
    WHERE (m.today).change_id IS NULL OR ((m.today).to_segment, (m.today).rule, (m.today).condition, (m.today).facts)
        IS DISTINCT FROM (m.segment, m.rule, m.condition, m.facts)
    ON CONFLICT (source, customer_id, changed_on) DO UPDATE
        SET to_segment = excluded.to_segment, rule = excluded.rule, condition = excluded.condition, facts = excluded.facts
    RETURNING c.change_id
), withdrawn AS (
    DELETE FROM @extschema@.segment_changes AS c
    WHERE c.change_id = ANY (ARRAY(SELECT (b.today).change_id FROM batch AS b WHERE NOT b.moves))
)
SELECT (SELECT count(*) FROM batch), count(*), min(t.change_id), max(t.change_id) FROM told AS t$query$
$$;
COMMENT ON FUNCTION _apply_query() IS
    'step of refresh_segments: SQL text: applies one batch; how many customers it has, how many moved, the first and the last number of their changes';

CREATE FUNCTION _apply_segments(run_id bigint, policy segment_policy, from_page bigint, to_page bigint, unchanged bigint)
    RETURNS bigint
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    run @extschema@.refresh_runs := @extschema@._enter_refresh(run_id);
    done bigint;
    changed bigint;
    first_change bigint;
    last_change bigint;
BEGIN
    EXECUTE @extschema@._apply_query() INTO done, changed, first_change, last_change
        USING run.source, run.as_of, policy, format('(%s,0)', from_page)::tid, format('(%s,0)', to_page)::tid;
    PERFORM @extschema@._continue_refresh(run_id, 'segments'::text, NULL::bigint, done + unchanged, changed);
    IF changed > 0 THEN
        PERFORM pg_notify('receivables_segment_changed',
            jsonb_build_object('source', run.source, 'as_of', to_char(run.as_of, 'YYYY-MM-DD'), 'changes', changed,
                               'first_change_id', first_change, 'last_change_id', last_change)::text);
    END IF;
    RETURN done;
END;
$$;
COMMENT ON FUNCTION _apply_segments(bigint, segment_policy, bigint, bigint, bigint) IS
    'step of refresh_segments: brings the customers on these pages of the temporary table receivables_refresh into customer_segments and segment_changes, and returns how many they are; unchanged is how many others count as done with them';

CREATE FUNCTION _finish_refresh(run_id bigint, unchanged bigint) RETURNS refresh_runs
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    run @extschema@.refresh_runs := @extschema@._enter_refresh(run_id);
BEGIN
    DELETE FROM @extschema@.segment_profiles AS p
    WHERE p.source = run.source
        AND NOT EXISTS (SELECT FROM pg_temp.receivables_segments AS s WHERE s.segment IS NOT DISTINCT FROM p.segment);
    INSERT INTO @extschema@.segment_profiles AS p (source, segment, customers, profile)
    SELECT run.source, s.segment, s.customers, s.profile FROM pg_temp.receivables_segments AS s
    ON CONFLICT (source, segment) DO UPDATE
        SET customers = excluded.customers, profile = excluded.profile
        WHERE p.customers <> excluded.customers OR @extschema@._differs(p.profile, excluded.profile);
    PERFORM @extschema@._continue_refresh(run_id, 'finished'::text, NULL::bigint, unchanged, 0::bigint),
        @extschema@._drop_work_tables();
    SELECT * INTO STRICT run FROM @extschema@.refresh_runs AS r WHERE r.run_id = _finish_refresh.run_id;
    RETURN run;
END;
$$;
COMMENT ON FUNCTION _finish_refresh(bigint, bigint) IS
    'step of refresh_segments: brings segment_profiles up to date and returns the finished run';
