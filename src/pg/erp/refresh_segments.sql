-- refresh_segments: profiles and segments of all customers of a source. The profiles are aggregated once
-- into a temporary table of the session; transactions of some thousand customers apply it.

CREATE FUNCTION customer_attributes_larger(jsonb, jsonb) RETURNS jsonb
    AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION customer_attributes_larger(jsonb, jsonb) IS 'aggregate transition and combine function';

CREATE AGGREGATE customer_attributes(jsonb) (
    SFUNC = customer_attributes_larger, STYPE = jsonb,
    COMBINEFUNC = customer_attributes_larger, PARALLEL = SAFE
);
COMMENT ON AGGREGATE customer_attributes(jsonb) IS
    'the attributes that all rows of a customer carry; where they differ, the last in the order of jsonb; NULLs are ignored';

-- Left out is what a credit note or a write-off settled, from the day on which it did: that is no payment
-- behaviour. Paid items leave the history by their due date; open ones stay. Collation "C" makes grouping
-- by sort cheap; to equality it makes no difference.
CREATE FUNCTION profile_query(source text, as_of date) RETURNS text
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, @extschema@, pg_temp
AS $$
    SELECT format($query$
        SELECT item.customer_id COLLATE "C" COLLATE "default" AS customer_id,
            payment_profile(item.invoice_date, item.due_date, item.paid_date, item.amount,
                coalesce(item.was_disputed, false) OR coalesce(item.disputed, false), %2$L::date) AS profile,
            %4$s AS attributes
        FROM (%1$s) AS item
        WHERE item.customer_id IS NOT NULL
            AND (item.due_date >= %3$L::date OR item.paid_date IS NULL OR item.paid_date > %2$L::date)
            AND (item.settled_by IS NULL OR item.settled_by = 'payment'
                 OR item.paid_date IS NULL OR item.paid_date > %2$L::date)
        GROUP BY item.customer_id COLLATE "C"
        HAVING payment_profile(item.invoice_date, item.due_date, item.paid_date, item.amount,
                coalesce(item.was_disputed, false) OR coalesce(item.disputed, false), %2$L::date) IS NOT NULL$query$,
        source_query(s.name), as_of, (as_of - make_interval(months => s.history_months))::date,
        CASE WHEN source_has_column(s.name, 'attributes') THEN 'customer_attributes(item.attributes)'
             ELSE 'NULL::jsonb' END)
    FROM sources AS s
    WHERE s.name = profile_query.source
$$;
COMMENT ON FUNCTION profile_query(text, date) IS
    'SQL text that aggregates the items of a source: customer_id, profile, attributes; runs with the rights of the caller';

-- The aggregate's error does not know which item it was.
CREATE FUNCTION blame_item(source text, state text, message text) RETURNS void
    LANGUAGE plpgsql
    SET search_path = pg_catalog, @extschema@, pg_temp
AS $$
DECLARE
    item record;
BEGIN
    EXECUTE format('SELECT * FROM (%s) AS item
        WHERE NOT (isfinite(invoice_date) AND isfinite(due_date) AND isfinite(paid_date)
                   AND isfinite(last_reminder_date) AND isfinite(promised_date)) OR not_before = ''-infinity''
            OR amount IN (''NaN'', ''Infinity'', ''-Infinity'') OR open_amount IN (''NaN'', ''Infinity'', ''-Infinity'')
        ORDER BY customer_id, invoice_id LIMIT 1', source_query(source)) INTO item;
    IF item.invoice_id IS NOT NULL THEN
        RAISE EXCEPTION '%', message
            USING ERRCODE = state,
                DETAIL = format('Invoice "%s" of customer "%s" of source "%s": %s.', item.invoice_id, item.customer_id, source,
                    (SELECT string_agg(format('%s %s', column_name, value), ', ' ORDER BY place)
                     FROM unnest(array['invoice_date', 'due_date', 'paid_date', 'amount', 'open_amount', 'last_reminder_date',
                                       'not_before', 'promised_date'],
                                 array[item.invoice_date::text, item.due_date::text, item.paid_date::text, item.amount::text,
                                       item.open_amount::text, item.last_reminder_date::text, item.not_before::text,
                                       item.promised_date::text]) WITH ORDINALITY AS c (column_name, value, place)
                     WHERE value IS NOT NULL));
    END IF;
END;
$$;
COMMENT ON FUNCTION blame_item(text, text, text) IS
    'raises the error again, with the first item of the source that has an infinite date or amount; nothing when there is none';

-- Statistics may not know the source yet: a nested loop would then look best, and read the table for each customer.
CREATE FUNCTION collect_gone_customers(source text) RETURNS bigint
    LANGUAGE plpgsql
    SET search_path = pg_catalog, @extschema@, pg_temp
    SET enable_nestloop = off
AS $$
DECLARE
    gone bigint;
BEGIN
    EXECUTE 'INSERT INTO pg_temp.receivables_refresh (customer_id, profile, attributes)
        SELECT s.customer_id, NULL, s.attributes FROM customer_segments AS s
        WHERE s.source = $1
            AND NOT EXISTS (SELECT FROM pg_temp.receivables_refresh AS w WHERE w.customer_id = s.customer_id)'
        USING source;
    GET DIAGNOSTICS gone = ROW_COUNT;
    RETURN gone;
END;
$$;
COMMENT ON FUNCTION collect_gone_customers(text) IS
    'step of refresh_segments: adds the known customers without an item to the temporary table receivables_refresh, and returns how many there are';

CREATE FUNCTION collect_profiles(run_id bigint) RETURNS bigint
    LANGUAGE plpgsql
    SET search_path = pg_catalog, @extschema@, pg_temp
    SET client_min_messages = warning
AS $$
DECLARE
    run refresh_runs;
    collected bigint;
    gone bigint;
    unfit text;
BEGIN
    SELECT * INTO STRICT run FROM refresh_runs AS r WHERE r.run_id = collect_profiles.run_id;
    PERFORM pg_advisory_xact_lock('refresh_runs'::regclass::oid::integer, hashtext(run.source));
    PERFORM source_relation(run.source);
    DROP TABLE IF EXISTS pg_temp.receivables_refresh;
    BEGIN
        -- Made by a query, not filled by INSERT, so that the query may run in parallel.
        EXECUTE 'CREATE TEMPORARY TABLE receivables_refresh AS' || profile_query(run.source, run.as_of);
        GET DIAGNOSTICS collected = ROW_COUNT;
    EXCEPTION WHEN datetime_field_overflow OR numeric_value_out_of_range THEN
        PERFORM blame_item(run.source, SQLSTATE, SQLERRM);
        RAISE;
    END;
    EXECUTE 'SELECT w.customer_id FROM pg_temp.receivables_refresh AS w
             WHERE jsonb_typeof(w.attributes) NOT IN (''object'', ''null'') ORDER BY 1 LIMIT 1' INTO unfit;
    IF unfit IS NOT NULL THEN
        RAISE EXCEPTION 'attributes of customer "%" of source "%" are no JSON object', unfit, run.source
            USING ERRCODE = 'invalid_parameter_value';
    END IF;
    gone := collect_gone_customers(run.source);
    IF gone > collected THEN
        RAISE WARNING 'source "%": % of % known customers have no item any more', run.source, gone, collected + gone
            USING HINT = 'Does the role that runs the refresh see all rows of the source?';
    END IF;
    PERFORM continue_refresh(run_id, 'segments', collected + gone, 0, 0);
    RETURN collected + gone;
END;
$$;
COMMENT ON FUNCTION collect_profiles(bigint) IS
    'step of refresh_segments: aggregates the profiles into the temporary table receivables_refresh, with the customers that have no item any more, and returns how many there are';

-- One statement, so that each segment is determined once, and explained only where it changes. A day's
-- decision starts from how the day began, which segment_changes knows when the day has changed it already:
-- so the last run of a day counts, as if it had been the only one. Statistics may be older than the source,
-- so nothing is left to estimates: the settings, and OFFSET 0, make each customer of the batch be found by the key.
-- OFFSET 0 also keeps what a level computes from being computed again by the next.
CREATE FUNCTION apply_profiles(run_id bigint, policy segment_policy, minimum_stay_days integer,
        from_page bigint, to_page bigint)
    RETURNS bigint
    LANGUAGE plpgsql
    SET search_path = pg_catalog, @extschema@, pg_temp
    SET enable_hashjoin = off
    SET enable_mergejoin = off
    SET enable_seqscan = off
    SET enable_bitmapscan = off
AS $$
DECLARE
    run refresh_runs;
    done bigint;
    changed bigint;
    first_change bigint;
    last_change bigint;
BEGIN
    SELECT * INTO STRICT run FROM refresh_runs AS r WHERE r.run_id = apply_profiles.run_id;
    PERFORM pg_advisory_xact_lock('refresh_runs'::regclass::oid::integer, hashtext(run.source));
    EXECUTE $query$
        WITH decided AS MATERIALIZED (
            SELECT *, differs OR segment IS DISTINCT FROM new_segment OR since IS DISTINCT FROM new_since AS writes,
                is_first AND profile IS NULL AS disowned
            FROM (
                SELECT *, CASE WHEN is_first OR moved THEN assigned ELSE start_segment END AS new_segment,
                    CASE WHEN is_first OR moved THEN $2 ELSE start_since END AS new_since
                FROM (
                    SELECT *, NOT is_first AND assigned IS DISTINCT FROM start_segment
                        AND $2 - start_since >= $4 AS moved
                    FROM (
                        SELECT *, assign_segment($3, profile, $2, attributes, start_segment) AS assigned
                        FROM (
                            SELECT *, since IS NULL OR (since = $2 AND (today).change_id IS NULL) AS is_first,
                                CASE WHEN (today).change_id IS NOT NULL THEN (today).from_segment
                                     WHEN since <> $2 THEN segment END AS start_segment,
                                CASE WHEN (today).change_id IS NOT NULL THEN (today).from_since
                                     WHEN since <> $2 THEN since END AS start_since
                            FROM (
                                SELECT w.customer_id, w.profile, w.attributes, s.segment, s.since, s.place,
                                    s.profile IS DISTINCT FROM w.profile
                                        OR s.attributes IS DISTINCT FROM w.attributes AS differs,
                                    CASE WHEN s.since = $2 THEN
                                        (SELECT c FROM segment_changes AS c
                                         WHERE c.source = $1 AND c.customer_id = w.customer_id AND c.changed_on = $2)
                                    END AS today
                                FROM pg_temp.receivables_refresh AS w
                                    LEFT JOIN LATERAL (SELECT t.*, t.ctid AS place FROM customer_segments AS t
                                                       WHERE t.source = $1 AND t.customer_id = w.customer_id
                                                       OFFSET 0) AS s ON true
                                WHERE w.ctid >= $5 AND w.ctid < $6
                                OFFSET 0
                            ) AS known
                            OFFSET 0
                        ) AS started
                        OFFSET 0
                    ) AS judged
                    OFFSET 0
                ) AS judged
                OFFSET 0
            ) AS judged
            WHERE differs OR segment IS DISTINCT FROM new_segment OR since IS DISTINCT FROM new_since
                OR moved OR (today).change_id IS NOT NULL OR (is_first AND profile IS NULL)
        ), stored AS (
            INSERT INTO customer_segments (source, customer_id, segment, since, profile, attributes)
            SELECT $1, customer_id, new_segment, new_since, profile, attributes
            FROM decided
            WHERE writes AND NOT disowned
            ON CONFLICT (source, customer_id) DO UPDATE
                SET segment = excluded.segment, since = excluded.since, profile = excluded.profile,
                    attributes = excluded.attributes
        ), disowned AS (
            -- An earlier run of this day saw an item, and now there is none.
            DELETE FROM customer_segments
            WHERE ctid = ANY (ARRAY(SELECT d.place FROM decided AS d WHERE d.disowned))
        ), moves AS MATERIALIZED (
            SELECT d.customer_id, d.start_segment, d.start_since, d.assigned, (d.today).change_id,
                e.rule, e.condition, e.facts,
                (d.today).change_id IS NULL OR ((d.today).to_segment, (d.today).rule, (d.today).condition, (d.today).facts)
                    IS DISTINCT FROM (d.assigned, e.rule, e.condition, e.facts) AS differs
            FROM decided AS d
                LEFT JOIN LATERAL (SELECT * FROM explain_segment($3, d.profile, $2, d.attributes, d.start_segment)
                                   WHERE chosen) AS e ON true
            WHERE d.moved
        ), added AS (
            INSERT INTO segment_changes (source, customer_id, from_segment, from_since, to_segment, changed_on,
                                         rule, condition, facts)
            SELECT $1, customer_id, start_segment, start_since, assigned, $2, rule, condition, facts
            FROM moves
            WHERE change_id IS NULL
            RETURNING change_id
        ), corrected AS (
            UPDATE segment_changes AS c
            SET to_segment = m.assigned, rule = m.rule, condition = m.condition, facts = m.facts
            FROM moves AS m
            WHERE c.change_id = m.change_id AND m.differs
            RETURNING c.change_id
        ), withdrawn AS (
            DELETE FROM segment_changes AS c
            USING decided AS d
            WHERE c.change_id = (d.today).change_id AND (d.today).change_id IS NOT NULL AND NOT d.moved
        )
        SELECT (SELECT count(*) FROM pg_temp.receivables_refresh AS w WHERE w.ctid >= $5 AND w.ctid < $6),
            count(*), min(change_id), max(change_id)
        FROM (SELECT change_id FROM added UNION ALL SELECT change_id FROM corrected) AS change
        $query$
        INTO done, changed, first_change, last_change
        USING run.source, run.as_of, policy, minimum_stay_days,
            format('(%s,0)', from_page)::tid, format('(%s,0)', to_page)::tid;
    PERFORM continue_refresh(run_id, 'segments', NULL, done, changed);
    IF changed > 0 THEN
        PERFORM pg_notify('receivables_segment_changed',
            jsonb_build_object('source', run.source, 'as_of', to_char(run.as_of, 'YYYY-MM-DD'), 'changes', changed,
                               'first_change_id', first_change, 'last_change_id', last_change)::text);
    END IF;
    RETURN done;
END;
$$;
COMMENT ON FUNCTION apply_profiles(bigint, segment_policy, integer, bigint, bigint) IS
    'step of refresh_segments: brings the customers on these pages of the temporary table receivables_refresh into customer_segments and segment_changes, and returns how many they are';

CREATE FUNCTION finish_refresh(run_id bigint) RETURNS refresh_runs
    LANGUAGE plpgsql
    SET search_path = pg_catalog, @extschema@, pg_temp
AS $$
DECLARE
    run refresh_runs;
BEGIN
    SELECT * INTO STRICT run FROM refresh_runs AS r WHERE r.run_id = finish_refresh.run_id;
    PERFORM pg_advisory_xact_lock('refresh_runs'::regclass::oid::integer, hashtext(run.source));
    WITH current AS MATERIALIZED (
        SELECT s.segment, count(*) AS customers, rollup(s.profile) AS profile
        FROM customer_segments AS s WHERE s.source = run.source GROUP BY s.segment
    ), gone AS (
        DELETE FROM segment_profiles AS p
        WHERE p.source = run.source
            AND NOT EXISTS (SELECT FROM current AS c WHERE c.segment IS NOT DISTINCT FROM p.segment)
    )
    INSERT INTO segment_profiles AS p (source, segment, customers, profile)
    SELECT run.source, c.segment, c.customers, c.profile FROM current AS c
    ON CONFLICT (source, segment) DO UPDATE
        SET customers = excluded.customers, profile = excluded.profile
        WHERE (p.customers, p.profile) IS DISTINCT FROM (excluded.customers, excluded.profile);
    PERFORM continue_refresh(run_id, 'finished', NULL, 0, 0);
    DROP TABLE pg_temp.receivables_refresh;
    SELECT * INTO STRICT run FROM refresh_runs AS r WHERE r.run_id = finish_refresh.run_id;
    RETURN run;
END;
$$;
COMMENT ON FUNCTION finish_refresh(bigint) IS
    'step of refresh_segments: brings segment_profiles up to date and returns the finished run';

-- No SET clause, because it commits: each transaction sets its own search_path before anything else.
CREATE PROCEDURE refresh_segments(source text, as_of date, batch_size integer DEFAULT 10000)
    LANGUAGE plpgsql
AS $$
DECLARE
    run_id bigint;
    run @extschema@.refresh_runs;
    policy @extschema@.segment_policy;
    minimum_stay_days integer;
    customers bigint;
    done bigint;
    told bigint;
    pages bigint;
    page bigint;
    pages_each bigint;
BEGIN
    PERFORM pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', true);
    run_id := @extschema@.start_refresh(source, as_of, batch_size);
    SELECT coalesce(p.policy, @extschema@.standard_segment_policy()), s.minimum_stay_days
        INTO STRICT policy, minimum_stay_days
    FROM @extschema@.sources AS s LEFT JOIN @extschema@.segment_policies AS p ON p.name = s.segment_policy
    WHERE s.name = refresh_segments.source;
    COMMIT;

    PERFORM pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', true);
    customers := @extschema@.collect_profiles(run_id);
    pages := pg_relation_size('pg_temp.receivables_refresh') / current_setting('block_size')::bigint;
    pages_each := greatest(1, coalesce(batch_size, 10000) * pages / greatest(customers, 1));
    page := 0;
    done := 0;
    told := 0;
    COMMIT;

    LOOP
        PERFORM pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', true);
        EXIT WHEN page >= pages;
        done := done + @extschema@.apply_profiles(run_id, policy, minimum_stay_days, page, page + pages_each);
        page := page + pages_each;
        IF done - told >= 100000 AND page < pages THEN
            RAISE NOTICE 'source "%": % of % customers', source, done, customers;
            told := done;
        END IF;
        COMMIT;
    END LOOP;

    run := @extschema@.finish_refresh(run_id);
    COMMIT;
    RAISE NOTICE 'source "%" as of %: % customers, % changes', source, as_of, run.customers, run.changes;
END;
$$;
COMMENT ON PROCEDURE refresh_segments(text, date, integer) IS
    'brings profiles and segments of all customers of the source up to date as of that day and writes down who moved; commits after about batch_size customers; twice the same day changes nothing; after an interruption it runs again from the start; NOTIFY receivables_segment_changed for each batch that changed something';
