-- Who needs attention, and who needs none.

CREATE FUNCTION customers_to_watch(source text, as_of date, days integer DEFAULT 7)
    RETURNS TABLE (customer_id text, segment text, needs_attention boolean, reason text,
                   overdue_amount numeric, oldest_overdue_days integer)
    LANGUAGE plpgsql STABLE ROWS 10000
    SET search_path = pg_catalog, @extschema@, pg_temp
AS $$
DECLARE
    window_days integer := coalesce(days, 7);
BEGIN
    IF as_of IS NULL OR NOT isfinite(as_of) THEN
        RAISE EXCEPTION 'watching needs a day, not %', coalesce(as_of::text, 'NULL')
            USING ERRCODE = CASE WHEN as_of IS NULL THEN 'null_value_not_allowed'
                                 ELSE 'datetime_field_overflow' END;
    END IF;
    IF window_days NOT BETWEEN 1 AND 3660 THEN
        RAISE EXCEPTION 'moves are watched for 1 to 3660 days, not %', window_days
            USING ERRCODE = 'invalid_parameter_value';
    END IF;
    PERFORM source_relation(source), check_refreshed(source);
    RETURN QUERY EXECUTE format($query$
WITH lateness AS (
    SELECT segment, days_late_so_far(profile, $1) AS days
    FROM visible_segment_profiles WHERE source = $2
), moved AS (
    SELECT DISTINCT ON (customer_id) customer_id, from_segment, to_segment, changed_on, condition
    FROM visible_segment_changes WHERE source = $2 AND changed_on > $1 - $3 AND changed_on <= $1
    ORDER BY customer_id, changed_on DESC
), figures AS (
    SELECT c.customer_id, c.segment, overdue_amount(c.profile, $1) AS overdue,
        overdue_amount(c.profile, $1, 30) AS long_overdue, amount_last_year(c.profile, $1) AS last_year,
        oldest_overdue_days(c.profile, $1) AS oldest,
        CASE WHEN timed_count(c.profile) >= 5 THEN greatest(percentile_days_late(c.profile, 0.9), 0) END
            AS usual
    FROM (%1$s) AS c
    WHERE c.customer_id IN (SELECT i.customer_id FROM (%2$s) AS i)
), judged AS (
    SELECT f.*, concat_ws('; ',
        CASE WHEN now_in.days > coalesce(was_in.days, 0) THEN
            format('moved from %%s to %%s on %%s: %%s', coalesce(m.from_segment, 'no segment'),
                   coalesce(m.to_segment, 'no segment'), m.changed_on, coalesce(m.condition, 'no rule is true'))
            END,
        CASE WHEN f.oldest > f.usual + 7 THEN
            format('%%s days overdue, where 9 of 10 payments were at most %%s days late', f.oldest, round(f.usual))
            END,
        CASE WHEN f.long_overdue > 0.1 * f.last_year THEN
            format('%%s overdue by more than 30 days, of %%s invoiced in a year', f.long_overdue, f.last_year)
            END) AS why
    FROM figures AS f
        LEFT JOIN moved AS m USING (customer_id)
        LEFT JOIN lateness AS was_in ON was_in.segment IS NOT DISTINCT FROM m.from_segment
        LEFT JOIN lateness AS now_in ON m.customer_id IS NOT NULL AND now_in.segment IS NOT DISTINCT FROM m.to_segment
)
SELECT j.customer_id, j.segment, j.why <> '', coalesce(nullif(j.why, ''), 'pays as usual'),
    j.overdue, j.oldest
FROM judged AS j$query$, customer_query(source, as_of), source_query(source))
        USING as_of, source, window_days;
EXCEPTION WHEN datetime_field_overflow OR numeric_value_out_of_range THEN
    PERFORM blame_item(source, SQLSTATE, SQLERRM);
    RAISE;
END;
$$;
COMMENT ON FUNCTION customers_to_watch(text, date, integer) IS
    'every customer of a source, with whether it needs attention and why: moved within days to a segment whose customers pay later (days_late_so_far; one that nobody is left in counts as paying on the day), overdue by more than a week beyond what 9 of 10 of its payments took, or more than a tenth of a year''s invoices overdue by more than 30 days; by the profiles of the last refresh; to a caller who does not see all rows of the source, by profiles and segments worked out from the rows that he sees, and without moves';
