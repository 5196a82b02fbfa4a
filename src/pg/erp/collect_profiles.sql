-- The first half of refresh_segments: what each customer is now, and what has to be written.

-- Values of our types are compared by name: IS DISTINCT FROM would look for an operator in the search path.
CREATE FUNCTION _differs(a payment_profile, b payment_profile) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN (a IS NULL) OPERATOR(pg_catalog.<>) (b IS NULL) OR coalesce(a OPERATOR(@extschema@.<>) b, false);
COMMENT ON FUNCTION _differs(payment_profile, payment_profile) IS 'internal: IS DISTINCT FROM of two profiles';

-- The work tables of a run that failed stay behind in its session, and belong to the role that ran it.
CREATE FUNCTION _drop_work_tables() RETURNS void
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    SET client_min_messages = warning
AS $$
DECLARE
    foreign_table record;
BEGIN
    SELECT c.relname AS name, pg_get_userbyid(c.relowner) AS owner INTO foreign_table FROM pg_class AS c
    WHERE c.relnamespace = pg_my_temp_schema() AND NOT pg_has_role(c.relowner, 'USAGE')
        AND c.relname IN ('receivables_profiles', 'receivables_refresh', 'receivables_segments');
    IF FOUND THEN
        RAISE EXCEPTION 'temporary table % of this session belongs to role %', foreign_table.name, foreign_table.owner
            USING ERRCODE = 'insufficient_privilege', DETAIL = 'A refresh that failed has left it.',
                HINT = 'Run the refresh as that role, or in another session.';
    END IF;
    DROP TABLE IF EXISTS pg_temp.receivables_profiles, pg_temp.receivables_refresh, pg_temp.receivables_segments;
END;
$$;
COMMENT ON FUNCTION _drop_work_tables() IS
    'step of refresh_segments: drops what a failed run of the session has left; an error when it is another role''s';

CREATE FUNCTION _collect_profiles(run_id bigint) RETURNS bigint
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    SET client_min_messages = warning
AS $$
DECLARE
    run @extschema@.refresh_runs := @extschema@._enter_refresh(run_id);
    collected bigint;
BEGIN
    -- With more the profiles would be collected in a hash table, whose states lie about in memory: of a million customers
    -- that takes twice as long as to sort the items and go through them in order, which the planner cannot know.
    PERFORM set_config('work_mem', '64MB', true) WHERE pg_size_bytes(current_setting('work_mem')) > pg_size_bytes('64MB');
    PERFORM @extschema@._drop_work_tables(), @extschema@.source_relation(run.source), @extschema@._check_currency(run.source, run.as_of);
    BEGIN
        -- Made by a query, not filled by INSERT, so that the query may run in parallel.
        EXECUTE 'CREATE TEMPORARY TABLE receivables_profiles AS '
            || @extschema@._with_items(run.source, run.as_of, ''::text, NULL::text, false)
            || @extschema@._profiles_query(run.source, run.as_of);
        GET DIAGNOSTICS collected = ROW_COUNT;
        UPDATE @extschema@.refresh_runs AS r SET unusable = @extschema@._count_unusable(run.source, run.as_of)
        WHERE r.run_id = run.run_id;
    EXCEPTION WHEN OTHERS THEN
        PERFORM @extschema@._blame(run.source, run.as_of, SQLSTATE, SQLERRM);
        RAISE;
    END;
    RETURN collected;
END;
$$;
COMMENT ON FUNCTION _collect_profiles(bigint) IS
    'step of refresh_segments: aggregates the profiles into the temporary table receivables_profiles, and returns how many there are';

-- A customer of its own could be summed up, or there would be no profile of it.
CREATE FUNCTION _blame_sum(source text, message text) RETURNS void
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    largest text;
BEGIN
    EXECUTE 'SELECT p.customer_id FROM pg_temp.receivables_profiles AS p
        ORDER BY abs(@extschema@.total_amount(p.profile)) DESC NULLS LAST, p.customer_id LIMIT 1' INTO largest;
    RAISE EXCEPTION '%', message
        USING ERRCODE = 'numeric_value_out_of_range',
            DETAIL = format('The customers of source "%s" cannot be summed up; customer "%s" has the largest amount.', source, largest),
            HINT = 'Round the amounts to the decimals that count.';
END;
$$;
COMMENT ON FUNCTION _blame_sum(text, text) IS
    'step of refresh_segments: raises the error of a sum over customers again, with the source and the customer who has the largest amount';

-- A day's decision starts from how the day began, which segment_changes knows when the day has changed it already:
-- so the last run of a day counts, as if it had been the only one. The steps:
--   known    the customers as they are stored, with their change of this day
--   started  each customer, and how the day began for it. A full join can only be hashed or merged: statistics that do
--            not know the source yet cannot make one customer after the other be looked for in all of them.
--   judged   where the policy puts it; by itself, so that each segment is determined once
--   decided  what follows. disowned: an earlier run of this day saw an item of a new customer, and now there is none.
--   dated    the segment that it has from now on, and since when
-- Parameters: $1 source, $2 as_of, $3 segment policy, $4 minimum_stay_days.
CREATE FUNCTION _with_decisions() RETURNS text
    LANGUAGE sql IMMUTABLE
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT $query$
WITH known AS (
    SELECT s.customer_id, s.profile, s.attributes, s.customer_name, s.collector, s.parent_id, s.segment, s.since,
        CASE WHEN s.since = $2 THEN (SELECT c FROM @extschema@.segment_changes AS c
            WHERE c.source = $1 AND c.customer_id = s.customer_id AND c.changed_on = $2) END AS today
    FROM @extschema@.customer_segments AS s WHERE s.source = $1
), started AS (
    SELECT coalesce(p.customer_id, k.customer_id) AS customer_id, p.profile, k.segment, k.since, k.today,
        CASE WHEN p.customer_id IS NULL THEN k.attributes ELSE p.attributes END AS attributes,
        CASE WHEN p.customer_id IS NULL THEN k.customer_name ELSE p.customer_name END AS customer_name,
        CASE WHEN p.customer_id IS NULL THEN k.collector ELSE p.collector END AS collector,
        CASE WHEN p.customer_id IS NULL THEN k.parent_id ELSE p.parent_id END AS parent_id,
        k.since IS NULL OR k.since = $2 AND (k.today).change_id IS NULL AS is_first,
        CASE WHEN (k.today).change_id IS NOT NULL THEN (k.today).from_segment WHEN k.since <> $2 THEN k.segment END AS start_segment,
        CASE WHEN (k.today).change_id IS NOT NULL THEN (k.today).from_since WHEN k.since <> $2 THEN k.since END AS start_since,
        @extschema@._differs(p.profile, k.profile)
            OR p.customer_id IS NOT NULL AND (p.attributes, p.customer_name, p.collector, p.parent_id)
                IS DISTINCT FROM (k.attributes, k.customer_name, k.collector, k.parent_id) AS differs
    FROM pg_temp.receivables_profiles AS p FULL JOIN known AS k ON k.customer_id = p.customer_id
), judged AS MATERIALIZED (
    SELECT s.*, @extschema@.assign_segment($3, s.profile, $2, s.attributes, s.start_segment) AS assigned FROM started AS s
), decided AS NOT MATERIALIZED (
    SELECT j.*, NOT j.is_first AND j.assigned IS DISTINCT FROM j.start_segment AND $2 - j.start_since >= $4 AS moves,
        j.is_first AND j.profile IS NULL AS disowned FROM judged AS j
), dated AS NOT MATERIALIZED (
    SELECT d.*, CASE WHEN d.is_first OR d.moves THEN d.assigned ELSE d.start_segment END AS new_segment,
        CASE WHEN d.is_first OR d.moves THEN $2 ELSE d.start_since END AS new_since FROM decided AS d
)$query$
$$;
COMMENT ON FUNCTION _with_decisions() IS
    'step of refresh_segments: SQL text: the head of a query, with the CTEs judged (where the policy puts each customer) and dated (the segment that it has from now on)';

-- Who stays as he is has nothing to be written and is left out. The profiles of the segments, and of all customers, are
-- summed up before anything is written: a sum that does not fit stops the run here.
CREATE FUNCTION _decide_segments(run_id bigint, policy segment_policy, minimum_stay_days integer,
        OUT customers bigint, OUT decided bigint)
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    run @extschema@.refresh_runs := @extschema@._enter_refresh(run_id);
    portfolio @extschema@.payment_profile;
BEGIN
    CREATE TEMPORARY TABLE receivables_refresh (customer_id text, profile @extschema@.payment_profile, attributes jsonb,
        customer_name text, collector text, parent_id text, start_segment text, start_since date,
        segment text, since date, today @extschema@.segment_changes, moves boolean, writes boolean, disowned boolean);
    CREATE TEMPORARY TABLE receivables_segments (segment text, customers bigint, profile @extschema@.payment_profile);
    EXECUTE @extschema@._with_decisions() || $query$
, compared AS (
    SELECT d.*, d.differs OR d.segment IS DISTINCT FROM d.new_segment OR d.since IS DISTINCT FROM d.new_since AS writes
    FROM dated AS d
), written AS (
    INSERT INTO pg_temp.receivables_refresh
    SELECT c.customer_id, c.profile, c.attributes, c.customer_name, c.collector, c.parent_id, c.start_segment,
        c.start_since, c.new_segment, c.new_since, c.today, c.moves, c.writes, c.disowned
    FROM compared AS c WHERE c.writes OR c.moves OR c.disowned OR (c.today).change_id IS NOT NULL
    RETURNING 1
), summed AS (
    INSERT INTO pg_temp.receivables_segments
    SELECT d.new_segment, count(*), @extschema@.rollup(d.profile) FROM dated AS d WHERE NOT d.disowned GROUP BY d.new_segment
    RETURNING profile
)
SELECT (SELECT count(*) FROM judged), (SELECT count(*) FROM written), (SELECT @extschema@.rollup(s.profile) FROM summed AS s)$query$
        INTO customers, decided, portfolio USING run.source, run.as_of, policy, minimum_stay_days;
    DROP TABLE pg_temp.receivables_profiles;
    PERFORM @extschema@._continue_refresh(run_id, 'segments'::text, customers, 0::bigint, 0::bigint);
EXCEPTION WHEN numeric_value_out_of_range THEN
    PERFORM @extschema@._blame_sum(run.source, SQLERRM);
    RAISE;
END;
$$;
COMMENT ON FUNCTION _decide_segments(bigint, segment_policy, integer) IS
    'step of refresh_segments: puts the customers of whom something is to be written into the temporary table receivables_refresh and what the segments come to into receivables_segments, and returns how many customers there are in all, and how many of these';
