-- The watch list: who needs attention today, most money at stake first.

-- $4 is the size of the list, $5 whose customers, $6 the least amount.
CREATE FUNCTION _watch_list_query(source text, as_of date) RETURNS text
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT @extschema@._with_watched(_watch_list_query.source, _watch_list_query.as_of, false, NULL::text) || $query$
, ranked AS (
    SELECT w.*, row_number() OVER (ORDER BY w.amount_at_stake DESC, w.customer_id) AS place
    FROM watched AS w
    WHERE w.amount_at_stake > 0 AND w.amount_at_stake >= $6 AND NOT w.is_quiet AND ($5 IS NULL OR w.collector = $5)
), list AS (
    SELECT j.place, j.customer_id, j.customer_name, j.collector, j.parent_id, j.segment, j.amount_at_stake, j.overdue_amount,
        j.oldest_overdue_days, j.reasons, $query$ || @extschema@._watch_words() || $query$ AS why
    FROM ranked AS j WHERE j.place <= $4
    UNION ALL
    SELECT NULL, NULL, NULL, NULL, NULL, NULL, sum(r.amount_at_stake), sum(r.overdue_amount), max(r.oldest_overdue_days), NULL,
        format('%s more', count(*))
    FROM ranked AS r WHERE r.place > $4 HAVING count(*) > 0
)
SELECT l.customer_id, l.customer_name, l.collector, l.parent_id, l.segment, true, l.amount_at_stake, l.overdue_amount,
    l.oldest_overdue_days, l.reasons, l.why
FROM list AS l ORDER BY l.place$query$
$$;
COMMENT ON FUNCTION _watch_list_query(text, date) IS
    'SQL text of the short list of customers_to_watch; takes the day, the source, the days of the window for moves, the size of the list, the collector, the least amount';

CREATE FUNCTION _watch_everybody_query(source text, as_of date) RETURNS text
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT @extschema@._with_watched(_watch_everybody_query.source, _watch_everybody_query.as_of, true, NULL::text) || $query$
, worded AS (
    SELECT j.*, $query$ || @extschema@._watch_words() || $query$ AS why FROM watched AS j
)
SELECT w.customer_id, w.customer_name, w.collector, w.parent_id, w.segment,
    w.amount_at_stake > 0 AND w.amount_at_stake >= $6 AND NOT w.is_quiet, w.amount_at_stake, w.overdue_amount,
    w.oldest_overdue_days, w.reasons,
    CASE WHEN w.why = '' THEN 'pays as usual'
         WHEN w.is_quiet THEN format('seen on %s, quiet until %s: %s', w.seen_on, w.until, w.why)
         WHEN w.amount_at_stake < $6 THEN format('less than %s at stake: %s', $6, w.why) ELSE w.why END
FROM worded AS w WHERE $5 IS NULL OR w.collector = $5
ORDER BY 6 DESC, 7 DESC, 1$query$
$$;
COMMENT ON FUNCTION _watch_everybody_query(text, date) IS
    'SQL text of customers_to_watch with everybody; takes the same parameters as the short list';

CREATE FUNCTION customers_to_watch(source text, as_of date, list_size integer DEFAULT 20, days integer DEFAULT 7,
        only_collector text DEFAULT NULL, everybody boolean DEFAULT false)
    RETURNS TABLE (customer_id text, customer_name text, collector text, parent_id text, segment text,
                   needs_attention boolean, amount_at_stake numeric, overdue_amount numeric, oldest_overdue_days integer,
                   reasons text[], reason text)
    LANGUAGE plpgsql STABLE COST 100000 ROWS 20
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    query text;
    window_days integer := coalesce(days, 7);
    most bigint := coalesce(list_size, 20);
    least_amount numeric := (SELECT s.least_amount_to_watch FROM @extschema@.sources AS s WHERE s.name = source);
BEGIN
    IF window_days NOT BETWEEN 1 AND 3660 OR most < 1 THEN
        RAISE EXCEPTION 'moves are watched for 1 to 3660 days and listed from 1 customer on, not for % days and %',
                window_days, most
            USING ERRCODE = 'invalid_parameter_value';
    END IF;
    PERFORM @extschema@._check_report(source, as_of, 'watching'::text);
    IF coalesce(everybody, false) THEN
        query := @extschema@._watch_everybody_query(source, as_of);
    ELSE
        query := @extschema@._watch_list_query(source, as_of);
    END IF;
    BEGIN
        RETURN QUERY EXECUTE query USING as_of, source, window_days, most, only_collector, least_amount;
    EXCEPTION WHEN OTHERS THEN
        PERFORM @extschema@._blame(source, as_of, SQLSTATE, SQLERRM);
        RAISE;
    END;
END;
$$;
COMMENT ON FUNCTION customers_to_watch(text, date, integer, integer, text, boolean) IS
    'who of a source needs attention, most money at stake first, at most list_size (20) customers and a last row without customer_id that counts the others: later than usual (an invoice overdue by more than two weeks, and by more than a week beyond what 9 in 10 of the customer''s payments keep to, drawn to the portfolio''s); stopped paying (two or more overdue and nothing paid since the first should have come by that habit); moved within days (7) to a segment that pays later by a week or more; promised, and not come within two days; an insurer to be told within 14 days; an invoice that can no longer be claimed within 90 days. Amounts are net of the customer''s credits, in the currency of the source; amount_at_stake is what the reasons are about. Left out are customers with less at stake than least_amount_to_watch of the source, and those marked by mark_seen; only_collector: those of one collector; everybody: all customers, in one list, with what left them out';
