\set ECHO none
-- What several tests ask, in pg_temp. Taken in, unseen, by
--     \getenv folder PG_ABS_SRCDIR
--     \set file :folder '/test/sql/helpers.sql'
--     \i :file

-- The answer of a command that returns one value, or how it is refused: state and message, and where asked its
-- 'detail' or its 'hint'. What PostgreSQL's own parsers say in detail differs between its versions: left out.
CREATE FUNCTION pg_temp.refusal(command text, also text DEFAULT NULL) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    said text;
    detail text;
    hint text;
BEGIN
    EXECUTE command INTO said;
    RETURN 'taken: ' || coalesce(said, 'NULL');
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
    RETURN concat_ws(' | ', sqlstate || ' ' || sqlerrm,
        CASE WHEN also = 'detail' AND sqlerrm !~ 'input syntax' THEN nullif(detail, '') END,
        CASE WHEN also = 'hint' THEN nullif(hint, '') END);
END $$;

-- Is there a line of the query's plan that matches?
CREATE FUNCTION pg_temp.plan_has(query text, pattern text, options text DEFAULT 'COSTS OFF')
    RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    line text;
BEGIN
    FOR line IN EXECUTE format('EXPLAIN (%s) %s', options, query) LOOP
        IF line ~ pattern THEN RETURN true; END IF;
    END LOOP;
    RETURN false;
END $$;

-- An integer hash: the same rows on every version and machine. 0 .. 2^32-1.
CREATE FUNCTION pg_temp.hash(seed int, k int) RETURNS bigint LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
    x bigint := (seed::bigint * 31 + k) & 4294967295;
BEGIN
    FOR round IN 1..3 LOOP
        x := (((x # (x >> 16)) * 73244475) + k) & 4294967295;
    END LOOP;
    RETURN x # (x >> 16);
END $$;

-- What is still owed of each open invoice of a table of items when the credits of its customer have gone to the
-- oldest ones, those that nobody claims now last (a condition on the item t and the day $1): one invoice after the
-- other.
CREATE FUNCTION pg_temp.net_of_credits(items regclass, as_of date, unclaimed text)
    RETURNS TABLE (customer_id text, invoice_id text, due_date date, disputed boolean, net numeric)
    LANGUAGE plpgsql AS $$
DECLARE
    i record;
    credit numeric;
BEGIN
    FOR i IN
        EXECUTE format(
            'WITH still_open AS (
                 SELECT * FROM %s AS t
                 WHERE (t.paid_date IS NULL OR t.paid_date > $1) AND t.invoice_date <= $1
             )
             SELECT t.*,
                 (SELECT coalesce(-sum(c.amount), 0) FROM still_open AS c
                  WHERE c.customer_id = t.customer_id AND c.amount < 0) AS credits
             FROM still_open AS t
             WHERE t.amount > 0
             ORDER BY t.customer_id, (%s) IS TRUE, t.due_date NULLS LAST, t.invoice_id COLLATE "C"',
            items, unclaimed) USING as_of
    LOOP
        IF customer_id IS DISTINCT FROM i.customer_id THEN
            credit := i.credits;
        END IF;
        customer_id := i.customer_id; invoice_id := i.invoice_id;
        due_date := i.due_date; disputed := i.disputed;
        net := i.amount - least(credit, i.amount);
        credit := credit - least(credit, i.amount);
        RETURN NEXT;
    END LOOP;
END $$;
\set ECHO all
