-- Who needs attention, and who needs none.

-- CTE moves: the last move of each customer within the window, for who may read the moves; $3 is its days.
CREATE FUNCTION _moves_query() RETURNS text
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT CASE WHEN @extschema@._may_read('@extschema@.segment_changes'::regclass) THEN $query$
    SELECT DISTINCT ON (m.customer_id) m.customer_id, m.from_segment, m.to_segment, m.changed_on, m.condition
    FROM @extschema@.segment_changes AS m WHERE m.source = $2 AND m.changed_on > $1 - $3 AND m.changed_on <= $1
    ORDER BY m.customer_id, m.changed_on DESC$query$
    ELSE $query$
    SELECT NULL::text AS customer_id, NULL::text AS from_segment, NULL::text AS to_segment, NULL::date AS changed_on,
        NULL::text AS condition WHERE false$query$ END
$$;
COMMENT ON FUNCTION _moves_query() IS
    'SQL text that reads the last move of each customer of a source within some days; none for a caller who may not read segment_changes';

-- Its steps: lateness of each segment; overdue, net of credits; figures of a customer; judged, the reasons in words.
CREATE FUNCTION _watch_query(source text, as_of date) RETURNS text
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT @extschema@._with_balances(_watch_query.source, _watch_query.as_of, NULL::text)
        || ', moves AS (' || @extschema@._moves_query() || $query$
), lateness AS (
    SELECT s.segment, @extschema@.days_late_so_far(s.profile, $1) AS days FROM segments AS s
), overdue AS (
    SELECT b.customer_id, sum(b.net) AS amount, sum(b.net) FILTER (WHERE b.due_date < $1 - 30) AS long_overdue,
        max($1 - b.due_date) AS oldest
    FROM balances AS b WHERE b.net > 0 AND b.due_date < $1 AND NOT b.disputed GROUP BY b.customer_id
), figures AS (
    SELECT i.customer_id, c.customer_name, c.segment, coalesce(o.amount, 0) AS overdue, coalesce(o.long_overdue, 0) AS long_overdue, o.oldest,
        @extschema@.amount_last_year(c.profile, $1) AS last_year,
        CASE WHEN @extschema@.timed_count(c.profile) >= 5
             THEN greatest(@extschema@.percentile_days_late(c.profile, 0.9::double precision), 0) END AS usual
    FROM (SELECT DISTINCT i.customer_id FROM items AS i) AS i
        LEFT JOIN customers AS c ON c.customer_id = i.customer_id
        LEFT JOIN overdue AS o ON o.customer_id = i.customer_id
), judged AS (
    SELECT f.*, concat_ws('; ',
        CASE WHEN now_in.days > coalesce(was_in.days, 0) THEN
            format('moved from %s to %s on %s: %s', coalesce(m.from_segment, 'no segment'),
                   coalesce(m.to_segment, 'no segment'), m.changed_on, coalesce(m.condition, 'no rule is true')) END,
        CASE WHEN f.oldest > f.usual + 7 THEN
            format('%s days overdue, where 9 of 10 payments were at most %s days late', f.oldest, round(f.usual)) END,
        CASE WHEN f.long_overdue > 0.1 * f.last_year THEN
            format('%s overdue by more than 30 days, of %s invoiced in a year', f.long_overdue, f.last_year) END) AS why
    FROM figures AS f
        LEFT JOIN moves AS m ON m.customer_id = f.customer_id
        LEFT JOIN lateness AS was_in ON was_in.segment IS NOT DISTINCT FROM m.from_segment
        LEFT JOIN lateness AS now_in ON m.customer_id IS NOT NULL AND now_in.segment IS NOT DISTINCT FROM m.to_segment
)
SELECT j.customer_id, j.customer_name, j.segment, j.why <> '', coalesce(nullif(j.why, ''), 'pays as usual'), j.overdue, j.oldest
FROM judged AS j$query$
$$;
COMMENT ON FUNCTION _watch_query(text, date) IS
    'SQL text of the query behind customers_to_watch; takes the day, the source and the days of the window';

CREATE FUNCTION customers_to_watch(source text, as_of date, days integer DEFAULT 7)
    RETURNS TABLE (customer_id text, customer_name text, segment text, needs_attention boolean, reason text,
                   overdue_amount numeric, oldest_overdue_days integer)
    LANGUAGE plpgsql STABLE COST 100000 ROWS 10000
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    window_days integer := coalesce(days, 7);
BEGIN
    IF window_days NOT BETWEEN 1 AND 3660 THEN
        RAISE EXCEPTION 'moves are watched for 1 to 3660 days, not %', window_days
            USING ERRCODE = 'invalid_parameter_value';
    END IF;
    PERFORM @extschema@._check_report(source, as_of, 'watching'::text);
    BEGIN
        RETURN QUERY EXECUTE @extschema@._watch_query(source, as_of) USING as_of, source, window_days;
    EXCEPTION WHEN OTHERS THEN
        PERFORM @extschema@._blame(source, as_of, SQLSTATE, SQLERRM);
        RAISE;
    END;
END;
$$;
COMMENT ON FUNCTION customers_to_watch(text, date, integer) IS
    'every customer of a source, with whether it needs attention and why: moved within days to a segment whose customers pay later (days_late_so_far; one that nobody is left in counts as paying on the day), overdue by more than a week beyond what 9 of 10 of its payments took, or more than a tenth of a year''s invoices overdue by more than 30 days; overdue_amount and oldest_overdue_days are those of the invoices that are open on as_of, not in dispute, when the credits of the customer are taken off, the oldest first; profiles are those of the last refresh, or worked out from the rows that the caller sees where he may not read these; moves are told to who may read segment_changes';
