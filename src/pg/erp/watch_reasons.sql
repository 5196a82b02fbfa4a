-- Who needs attention, and why: the reasons behind customers_to_watch.

-- What nine in ten of its payments keep to, drawn to the portfolio's as if five payments of the customer had been like it.
CREATE FUNCTION _usual_days_late(payments bigint, own_days double precision, prior_days double precision)
    RETURNS double precision
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT greatest(0, CASE WHEN own_days IS NULL OR payments < 3 THEN prior_days WHEN prior_days IS NULL THEN own_days
                            ELSE (payments::double precision * own_days + 5::double precision * prior_days)
                                / (payments + 5)::double precision END);
END;
COMMENT ON FUNCTION _usual_days_late(bigint, double precision, double precision) IS
    'internal: the habit of a customer: how late nine in ten of its payments come at most (own_days, the p90 of that many payments), drawn to the p90 of all customers, which counts as five payments; that alone below three payments; 0 for who pays early, and where nothing is known';

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

-- CTE marks: the last mark of each customer.
CREATE FUNCTION _seen_query() RETURNS text
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT CASE WHEN @extschema@._may_read('@extschema@.seen_customers'::regclass) THEN $query$
    SELECT DISTINCT ON (s.customer_id) s.customer_id, s.seen_on, s.until, s.reasons, s.amount_at_stake
    FROM @extschema@.seen_customers AS s WHERE s.source = $2 AND s.seen_on <= $1
    ORDER BY s.customer_id, s.seen_on DESC$query$
    ELSE $query$
    SELECT NULL::text AS customer_id, NULL::date AS seen_on, NULL::date AS until, NULL::text[] AS reasons,
        NULL::numeric AS amount_at_stake WHERE false$query$ END
$$;
COMMENT ON FUNCTION _seen_query() IS
    'SQL text that reads the last mark_seen of each customer of a source; none for a caller who may not read seen_customers';

-- CTEs, $1 is as_of, $2 the source, $3 the days of the window for moves:
--   worse       moves to a segment that pays later by a week or more
--   debts       the open invoices of which something is still owed when credits are taken off, and which of them could
--               matter whatever the habit of the customer
--   candidates  who has one of those, or has moved; or everybody
--   known       with what is known of them, and their habit
--   owed        the same with the sums of each, without another join, whose size the planner could not know; later than
--               usual is what is overdue by more than two weeks, and by more than a week beyond the habit
CREATE FUNCTION _with_debts(source text, as_of date, everybody boolean, only_customer text) RETURNS text
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT @extschema@._with_balances(_with_debts.source, _with_debts.as_of, _with_debts.only_customer)
        || ', moves AS (' || @extschema@._moves_query() || $query$
), lateness AS (
    SELECT s.segment, @extschema@.days_late_so_far(s.profile, $1) AS days FROM segments AS s
), worse AS (
    SELECT m.* FROM moves AS m
        LEFT JOIN lateness AS was_in ON was_in.segment IS NOT DISTINCT FROM m.from_segment
        LEFT JOIN lateness AS now_in ON now_in.segment IS NOT DISTINCT FROM m.to_segment
    WHERE now_in.days >= coalesce(was_in.days, 0) + 7
), debts AS (
    SELECT b.customer_id, b.net, b.due_date, $1 - b.due_date AS days_late, NOT b.disputed AND b.due_date < $1 AS is_overdue,
        NOT b.is_held AND b.due_date < $1 - 14 AS is_late,
        CASE WHEN b.promise_date BETWEEN $1 - 60 AND $1 - 1
             THEN CASE WHEN @extschema@._keep_by((SELECT @extschema@._calendar_of($2)), b.promise_date) < $1
                       THEN b.promise_date END END AS broken_on,
        CASE WHEN b.notify_insurer_by BETWEEN $1 AND $1 + 14 THEN b.notify_insurer_by END AS notify_insurer_by,
        CASE WHEN b.limitation_date BETWEEN $1 AND $1 + 90 THEN b.limitation_date END AS limitation_date
    FROM balances AS b WHERE b.net > 0
), candidates AS ($query$
        || CASE WHEN _with_debts.everybody THEN '
    SELECT DISTINCT i.customer_id FROM items AS i' ELSE '
    SELECT d.customer_id FROM debts AS d
    WHERE d.is_late OR num_nonnulls(d.broken_on, d.notify_insurer_by, d.limitation_date) > 0
    UNION SELECT m.customer_id FROM worse AS m' END || $query$
), prior AS (
    SELECT @extschema@.percentile_days_late(@extschema@.rollup(s.profile), 0.9::double precision) AS days FROM segments AS s
), figures AS MATERIALIZED (
    SELECT d.customer_id, c.customer_name, c.collector, c.parent_id, c.segment,
        @extschema@.last_paid_date(c.profile) AS last_paid_date, @extschema@.timed_count(c.profile) AS payments,
        @extschema@.percentile_days_late(c.profile, 0.9::double precision) AS own_days,
        @extschema@._number_of(c.attributes -> 'promise', 'broken'::text) AS broken,
        @extschema@._number_of(c.attributes -> 'promise', 'count'::text) AS promises
    FROM candidates AS d LEFT JOIN customers AS c ON c.customer_id = d.customer_id
), known AS MATERIALIZED (
    SELECT f.*, @extschema@._usual_days_late(f.payments, f.own_days, p.days) AS usual_days FROM figures AS f CROSS JOIN prior AS p
), owed AS (
    SELECT k.*, coalesce(sum(d.net), 0) AS open_amount, coalesce(sum(d.net) FILTER (WHERE d.is_overdue), 0) AS overdue_amount,
        count(*) FILTER (WHERE d.is_overdue) AS overdue_count, max(d.days_late) FILTER (WHERE d.is_overdue) AS oldest_overdue_days,
        sum(d.net) FILTER (WHERE l.is_late) AS late_amount, count(*) FILTER (WHERE l.is_late) AS late_count,
        max(d.days_late) FILTER (WHERE l.is_late) AS late_days,
        sum(d.net) FILTER (WHERE d.broken_on IS NOT NULL) AS broken_amount, min(d.broken_on) AS broken_on,
        sum(d.net) FILTER (WHERE d.notify_insurer_by IS NOT NULL) AS insurer_amount, count(d.notify_insurer_by) AS insurer_count,
        min(d.notify_insurer_by) AS notify_insurer_by,
        sum(d.net) FILTER (WHERE d.limitation_date IS NOT NULL) AS limitation_amount, count(d.limitation_date) AS limitation_count,
        min(d.limitation_date) AS limitation_date,
        sum(d.net) FILTER (WHERE l.is_late OR num_nonnulls(d.broken_on, d.notify_insurer_by, d.limitation_date) > 0) AS told_amount,
        sum(d.net) FILTER (WHERE d.is_overdue OR num_nonnulls(d.broken_on, d.notify_insurer_by, d.limitation_date) > 0) AS due_amount
    FROM known AS k
        LEFT JOIN debts AS d ON d.customer_id = k.customer_id
        CROSS JOIN LATERAL (SELECT d.is_late AND d.days_late > k.usual_days + 7 AS is_late) AS l
    GROUP BY k.customer_id, k.customer_name, k.collector, k.parent_id, k.segment, k.last_paid_date, k.payments, k.own_days,
        k.broken, k.promises, k.usual_days
)$query$
$$;
COMMENT ON FUNCTION _with_debts(text, date, boolean, text) IS
    'internal: SQL text: the head of a query, with the CTEs of _with_balances, and of the customers who may need attention (or all) what is known of them and the sums that the reasons look at; takes the day, the source and the days of the window for moves';

-- The reasons of a row j of watched, in words: a sentence each, with its figures.
CREATE FUNCTION _watch_words() RETURNS text
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT $query$ concat_ws('; ',
    CASE WHEN j.has_moved THEN format('moved from %s to %s on %s: %s', coalesce(j.from_segment, 'no segment'),
        coalesce(j.to_segment, 'no segment'), j.changed_on, coalesce(j.condition, 'no rule is true')) END,
    CASE WHEN j.has_stopped THEN format('%s, and %s of %s are overdue',
        coalesce('nothing paid since ' || j.last_paid_date, 'nothing was ever paid'),
        @extschema@._invoices(j.overdue_count), j.overdue_amount) END,
    CASE WHEN j.late_count > 0 THEN format('%s of %s %s %s days overdue, where at most %s are usual for it',
        @extschema@._invoices(j.late_count), j.late_amount, CASE WHEN j.late_count = 1 THEN 'is' ELSE 'are up to' END, j.late_days, round(j.usual_days)) END,
    CASE WHEN j.broken_on IS NOT NULL THEN
        format('%s promised for %s has not come%s', j.broken_amount, j.broken_on,
               CASE WHEN j.broken > 1 THEN format(', %s of %s promises broken', j.broken, j.promises) END) END,
    CASE WHEN j.notify_insurer_by IS NOT NULL THEN format('the insurer is to be told of %s of %s by %s',
        @extschema@._invoices(j.insurer_count), j.insurer_amount, j.notify_insurer_by) END,
    CASE WHEN j.limitation_date IS NOT NULL THEN format('%s of %s can no longer be claimed after %s',
        @extschema@._invoices(j.limitation_count), j.limitation_amount, j.limitation_date) END) $query$
$$;
COMMENT ON FUNCTION _watch_words() IS
    'internal: SQL text: the expression that tells the reasons of a row j of watched in words; it is asked for the rows that are shown alone';

-- CTEs:
--   judged   which reasons a customer has. It has stopped paying when two invoices or more are overdue, one of them later
--            than usual, and nothing was paid since the first of them should have come by its habit.
--   watched  the reasons, and the money at stake: all that the reasons are about, each invoice once. Who moved
--            is at stake with all that is open, who stopped with all that is overdue.
CREATE FUNCTION _with_watched(source text, as_of date, everybody boolean, only_customer text) RETURNS text
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT @extschema@._with_debts(_with_watched.source, _with_watched.as_of, _with_watched.everybody, _with_watched.only_customer)
        || ', marks AS (' || @extschema@._seen_query() || $query$
), judged AS (
    SELECT o.*, m.from_segment, m.to_segment, m.changed_on, m.condition, m.changed_on IS NOT NULL AND o.open_amount > 0 AS has_moved,
        o.late_count > 0 AND o.overdue_count > 1
            AND coalesce(o.last_paid_date < $1 - o.oldest_overdue_days + round(o.usual_days)::integer, true) AS has_stopped
    FROM owed AS o LEFT JOIN worse AS m ON m.customer_id = o.customer_id
), told AS (
    SELECT j.*, array_remove(ARRAY[
            CASE WHEN j.has_moved THEN 'moved' END, CASE WHEN j.has_stopped THEN 'stopped paying' END,
            CASE WHEN j.late_count > 0 THEN 'later than usual' END, CASE WHEN j.broken_on IS NOT NULL THEN 'promise not kept' END,
            CASE WHEN j.notify_insurer_by IS NOT NULL THEN 'insurer' END,
            CASE WHEN j.limitation_date IS NOT NULL THEN 'limitation' END], NULL) AS reasons,
        CASE WHEN j.has_moved THEN j.open_amount ELSE coalesce(CASE WHEN j.has_stopped THEN j.due_amount ELSE j.told_amount END, 0)
             END AS amount_at_stake
    FROM judged AS j
), watched AS (
    SELECT t.*, coalesce(s.until > $1 AND array_remove(t.reasons, 'moved') <@ s.reasons
            AND (t.changed_on IS NULL OR t.changed_on <= s.seen_on) AND t.amount_at_stake < 1.25 * s.amount_at_stake, false) AS is_quiet,
        s.seen_on, s.until
    FROM told AS t LEFT JOIN marks AS s ON s.customer_id = t.customer_id
)$query$
$$;
COMMENT ON FUNCTION _with_watched(text, date, boolean, text) IS
    'internal: SQL text: the head of a query, with the CTE watched: the customers who may need attention (or all), with the reasons, the money at stake, and whether they have been seen; takes the day, the source and the days of the window for moves';

CREATE FUNCTION _invoices(n bigint) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN pg_catalog.concat(n, CASE WHEN n OPERATOR(pg_catalog.=) 1 THEN ' invoice' ELSE ' invoices' END);
COMMENT ON FUNCTION _invoices(bigint) IS 'internal: "1 invoice", "2 invoices"';

-- Who may not read what the refresh has stored needs all rows for the prior.
CREATE FUNCTION _only_customer(customer_id text) RETURNS text
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT CASE WHEN @extschema@._may_read('@extschema@.customer_segments'::regclass)
                     AND @extschema@._may_read('@extschema@.segment_profiles'::regclass) THEN customer_id END
$$;
COMMENT ON FUNCTION _only_customer(text) IS
    'internal: the customer, when it can be looked at without reading the others; else NULL';

CREATE FUNCTION _watch_one(source text, as_of date, customer_id text,
        OUT reasons text[], OUT amount_at_stake numeric, OUT why text, OUT is_quiet boolean, OUT seen_on date, OUT until date)
    LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
BEGIN
    PERFORM @extschema@._check_customer(source, as_of, customer_id);
    EXECUTE @extschema@._with_watched(source, as_of, true, @extschema@._only_customer(customer_id)) || $query$
SELECT j.reasons, j.amount_at_stake, $query$ || @extschema@._watch_words() || $query$, j.is_quiet, j.seen_on, j.until
FROM watched AS j WHERE j.customer_id = $4$query$
        INTO reasons, amount_at_stake, why, is_quiet, seen_on, until USING as_of, source, 7, customer_id;
END;
$$;
COMMENT ON FUNCTION _watch_one(text, date, text) IS
    'internal: the reasons to watch one customer on as_of, {} and an empty why for none; moves of the last 7 days; an error when the source has no such customer';

CREATE FUNCTION _check_customer(source text, as_of date, customer_id text) RETURNS void
    LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    is_there boolean;
BEGIN
    PERFORM @extschema@._check_day(as_of, 'looking at a customer'::text), @extschema@.source_relation(source),
        @extschema@._check_log_rights(), @extschema@._check_refreshed(source);
    EXECUTE 'SELECT EXISTS (' || @extschema@._source_query(source, coalesce(customer_id, '')) || ')' INTO is_there;
    IF NOT is_there THEN
        RAISE EXCEPTION 'source "%" has no customer "%"', source, customer_id
            USING ERRCODE = 'undefined_object', HINT = 'customer_id is as the source names it, not the name of the customer.';
    END IF;
END;
$$;
COMMENT ON FUNCTION _check_customer(text, date, text) IS
    'internal: what every function on one customer checks first: the errors of _check_report, except the currency, which would read the whole source; and one when the source has no row of the customer that the caller may see';
