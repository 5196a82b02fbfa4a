-- refresh_segments: profiles and segments of all customers of a source. The profiles are aggregated once into a
-- temporary table of the session; what has to be written goes into a second one, which transactions of some thousand
-- customers apply, and what the segments come to into a third.

-- No SET clause, because it commits: each transaction sets its own search_path before anything else.
CREATE PROCEDURE refresh_segments(source text, as_of date, batch_size integer DEFAULT 10000)
    LANGUAGE plpgsql
AS $$
DECLARE
    run_id bigint;
    run @extschema@.refresh_runs;
    policy @extschema@.segment_policy;
    minimum_stay_days integer;
    collected bigint;
    customers bigint;
    decided bigint;
    unchanged bigint;
    done bigint;
    told bigint;
    pages bigint;
    page bigint;
    pages_each bigint;
    has_unusable boolean;
BEGIN
    PERFORM pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', true);
    run_id := @extschema@._start_refresh(source, as_of, batch_size);
    policy := @extschema@._segment_policy_of(source);
    SELECT s.minimum_stay_days INTO STRICT minimum_stay_days FROM @extschema@.sources AS s WHERE s.name = refresh_segments.source;
    COMMIT;

    PERFORM pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', true);
    collected := @extschema@._collect_profiles(run_id);
    SELECT d.customers, d.decided INTO customers, decided
    FROM @extschema@._decide_segments(run_id, policy, minimum_stay_days) AS d;
    IF customers - collected > collected THEN
        RAISE WARNING 'source "%": % of % known customers have no item any more', source, customers - collected, customers
            USING HINT = 'Does the role that runs the refresh see all rows of the source?';
    END IF;
    pages := pg_relation_size('pg_temp.receivables_refresh') / current_setting('block_size')::bigint;
    pages_each := greatest(1, coalesce(batch_size, 10000) * pages / greatest(decided, 1));
    unchanged := customers - decided;
    done := unchanged;
    told := 0;
    page := 0;
    COMMIT;

    LOOP
        PERFORM pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', true);
        EXIT WHEN page >= pages;
        done := done + @extschema@._apply_segments(run_id, policy, page, page + pages_each, unchanged);
        unchanged := 0;
        page := page + pages_each;
        IF done - told >= 100000 AND page < pages THEN
            RAISE NOTICE 'source "%": % of % customers', source, done, customers;
            told := done;
        END IF;
        COMMIT;
    END LOOP;

    run := @extschema@._finish_refresh(run_id, unchanged);
    has_unusable := run.unusable > 0;
    COMMIT;
    -- This transaction goes on in the caller, whose path it keeps: nothing is looked up from here on.
    IF has_unusable THEN
        RAISE NOTICE 'source "%" as of %: % customers, % changes, % unusable rows', source, as_of, run.customers, run.changes, run.unusable
            USING HINT = 'Function unusable_items() lists them.';
    ELSE
        RAISE NOTICE 'source "%" as of %: % customers, % changes', source, as_of, run.customers, run.changes;
    END IF;
END;
$$;
COMMENT ON PROCEDURE refresh_segments(text, date, integer) IS
    'brings profiles and segments of all customers of the source up to date as of that day and writes down who moved; commits after about batch_size customers; twice the same day changes nothing; after an interruption it runs again from the start; NOTIFY receivables_segment_changed for each batch that changed something';
