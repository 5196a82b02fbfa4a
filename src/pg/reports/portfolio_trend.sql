-- portfolio_trend: the portfolio period by period, each as it looked on its last day.

CREATE FUNCTION _check_trend(from_date date, to_date date, step text) RETURNS void
    LANGUAGE plpgsql IMMUTABLE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    days integer := CASE step WHEN 'week' THEN 7 WHEN 'month' THEN 28 WHEN 'quarter' THEN 90 WHEN 'year' THEN 365 END;
BEGIN
    PERFORM @extschema@._check_day(from_date, 'the beginning of a trend'::text), @extschema@._check_day(to_date, 'the end of a trend'::text);
    IF days IS NULL THEN
        RAISE EXCEPTION 'the step of a trend is week, month, quarter or year, not "%"', step
            USING ERRCODE = 'invalid_parameter_value';
    END IF;
    IF from_date > to_date OR (to_date - from_date) / days >= 1000 THEN
        RAISE EXCEPTION 'a trend cannot go from % to % by %', from_date, to_date, step
            USING ERRCODE = 'invalid_parameter_value', HINT = 'It has 1 to 1000 steps.';
    END IF;
END;
$$;
COMMENT ON FUNCTION _check_trend(date, date, text) IS
    'internal: an error when there is no trend from that day to that day by that step; else nothing';

-- The periods begin where the calendar's do, the first one on from_date itself, and the last one ends on to_date.
CREATE FUNCTION _period_start(day date, from_date date, step text) RETURNS date
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN greatest(date_trunc(step, day::timestamp)::date, from_date);
COMMENT ON FUNCTION _period_start(date, date, text) IS
    'internal: the first day of the period of a trend in which a day lies; that of the first period for earlier days and NULL';

CREATE FUNCTION _periods(from_date date, to_date date, step text)
    RETURNS TABLE (first_day date, last_day date)
    LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 12
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT greatest(p::date, from_date), least((p + w.width)::date - 1, to_date)
    FROM (SELECT (CASE step WHEN 'quarter' THEN '3 months' ELSE '1 ' || step END)::interval AS width) AS w
        CROSS JOIN LATERAL generate_series(date_trunc(step, from_date::timestamp), to_date::timestamp, w.width) AS p
$$;
COMMENT ON FUNCTION _periods(date, date, text) IS
    'internal: weeks, months, quarters or years from a day to a day: the first and the last day of each';

-- CTE moved: how many customers went to another segment in each period, for who may read the moves.
CREATE FUNCTION _moved_query(only_customer text) RETURNS text
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT CASE WHEN @extschema@._may_read('@extschema@.segment_changes'::regclass) THEN $query$
    SELECT p.first_day, count(DISTINCT m.customer_id) AS customers
    FROM periods AS p LEFT JOIN @extschema@.segment_changes AS m
        ON m.source = $4 AND m.changed_on BETWEEN p.first_day AND p.last_day$query$
        || coalesce(' AND m.customer_id = ' || quote_literal(only_customer), '') || '
    GROUP BY p.first_day'
    ELSE $query$
    SELECT p.first_day, NULL::bigint AS customers FROM periods AS p$query$ END
$$;
COMMENT ON FUNCTION _moved_query(text) IS
    'SQL text that counts the customers who moved in each period of a trend, or whether one did; NULL for a caller who may not read segment_changes';

-- CTEs of the days: an item is open with all of its amount from its invoice date on, and with what is left of it from the
-- day on which it was settled (known when there was an invoice); one that nobody says when it was settled, with what is left
-- of it from the beginning.
--   issued   what was invoiced on each day, and what that opened
--   settled  what was settled on each day so many days late (NULL: in no delay), and what that closed
CREATE FUNCTION _with_days(source text, as_of date, only_customer text) RETURNS text
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT @extschema@._with_items(_with_days.source, _with_days.as_of, ''::text, only_customer, true) || $query$
, issued AS MATERIALIZED (
    SELECT i.invoice_date AS day, count(*) FILTER (WHERE i.amount > 0) AS items,
        sum(i.amount) FILTER (WHERE i.amount > 0 OR i.is_credit_note) AS sales,
        sum(f.first) AS open, sum(f.first) FILTER (WHERE f.first < 0) AS credit
    FROM items AS i CROSS JOIN LATERAL (SELECT CASE WHEN i.amount = 0 THEN NULL WHEN i.settled_on IS NULL THEN i.open_amount
                                                    ELSE i.amount END AS first) AS f
    GROUP BY i.invoice_date
), settled AS MATERIALIZED (
    SELECT s.day, s.days_late, count(*) AS items, sum(s.amount - s.rest) FILTER (WHERE s.is_payment) AS paid,
        sum(s.rest - s.amount) AS open, sum(least(s.rest, 0) - least(s.amount, 0)) AS credit
    FROM (SELECT greatest(i.settled_on, i.invoice_date) AS day, coalesce(i.amount, 0) AS amount, coalesce(i.open_amount, 0) AS rest,
              p.is_payment, CASE WHEN p.is_payment AND NOT (i.was_disputed AND (i.disputed_from <= i.settled_on OR i.disputed_from IS NULL))
                                 THEN i.settled_on - i.due_date END AS days_late
          FROM items AS i CROSS JOIN LATERAL (SELECT i.amount > 0 AND (i.settled_by = 'payment' OR i.settled_by IS NULL) AS is_payment) AS p
          WHERE i.is_settled AND (i.amount <> 0 OR i.amount IS NULL)) AS s
    GROUP BY s.day, s.days_late
)$query$
$$;
COMMENT ON FUNCTION _with_days(text, date, text) IS
    'internal: SQL text: the head of a query, with the CTEs of _with_items, and what was invoiced (issued) and settled on each day';

-- $1 and $2 are the first and the last day, $3 is the step. Its steps: flows, what a period changed, where "open" of the first
-- one has all that came before; delays, how many of each length, and how many up to it, from which the median is read;
-- balances at a period's end.
CREATE FUNCTION _trend_query(source text, to_date date, only_customer text) RETURNS text
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT @extschema@._with_days(_trend_query.source, _trend_query.to_date, only_customer) || $query$
, periods AS MATERIALIZED (
    SELECT p.* FROM @extschema@._periods($1, $2, $3) AS p
), moved AS ($query$ || @extschema@._moved_query(only_customer) || $query$
), flows AS (
    SELECT @extschema@._period_start(d.day, $1, $3) AS first_day, sum(d.open) AS open, sum(d.credit) AS credit,
        sum(d.open) FILTER (WHERE d.day >= $1) AS change, sum(d.items) FILTER (WHERE d.day >= $1) AS items,
        sum(d.sales) FILTER (WHERE d.day >= $1) AS sales, sum(d.paid) FILTER (WHERE d.day >= $1) AS paid
    FROM (SELECT i.day, i.items, i.sales, NULL AS paid, i.open, i.credit FROM issued AS i
          UNION ALL SELECT s.day, NULL, NULL, s.paid, s.open, s.credit FROM settled AS s) AS d
    GROUP BY 1
), delays AS (
    SELECT d.*, sum(d.items) OVER (PARTITION BY d.first_day ORDER BY d.days_late) AS up_to,
        sum(d.items) OVER (PARTITION BY d.first_day) AS all_items
    FROM (SELECT @extschema@._period_start(s.day, $1, $3) AS first_day, s.days_late, sum(s.items) AS items
          FROM settled AS s WHERE s.day >= $1 AND s.days_late IS NOT NULL GROUP BY 1, 2) AS d
), lateness AS (
    SELECT d.first_day, sum(d.items) AS items, sum(d.items * d.days_late) / sum(d.items) AS mean,
        (min(d.days_late) FILTER (WHERE 2 * d.up_to >= d.all_items)
            + min(d.days_late) FILTER (WHERE 2 * d.up_to > d.all_items)) / 2.0 AS median,
        coalesce(sum(d.items) FILTER (WHERE d.days_late > 0), 0) / sum(d.items) AS late
    FROM delays AS d GROUP BY d.first_day
), balances AS (
    SELECT p.*, coalesce(sum(f.open), 0) AS open, coalesce(sum(f.credit), 0) AS credit,
        (SELECT sum(i.sales) FROM issued AS i WHERE i.day > p.last_day - 365 AND i.day <= p.last_day) AS year_sales
    FROM periods AS p LEFT JOIN flows AS f ON f.first_day <= p.first_day GROUP BY p.first_day, p.last_day
)
SELECT b.first_day, b.last_day, coalesce(f.items, 0)::bigint, coalesce(f.sales, 0), coalesce(f.paid, 0),
    coalesce(f.change - coalesce(f.sales, 0) + coalesce(f.paid, 0), 0), b.open, b.credit, coalesce(l.items, 0)::bigint,
    l.mean::double precision, l.median::double precision, l.late::double precision,
    @extschema@.dso(b.open - b.credit, b.year_sales, 365, NULL::numeric), m.customers
FROM balances AS b JOIN moved AS m ON m.first_day = b.first_day
    LEFT JOIN flows AS f ON f.first_day = b.first_day LEFT JOIN lateness AS l ON l.first_day = b.first_day
ORDER BY b.first_day$query$
$$;
COMMENT ON FUNCTION _trend_query(text, date, text) IS
    'SQL text of the query behind portfolio_trend, of all customers or of one; takes the first and the last day, the step, and the source';

CREATE FUNCTION portfolio_trend(source text, from_date date, to_date date, step text DEFAULT 'month')
    RETURNS TABLE (first_day date, last_day date, invoiced_count bigint, invoiced_amount numeric, paid_amount numeric,
                   other_amount numeric, open_amount numeric, credit_amount numeric, timed_count bigint,
                   mean_days_late double precision, median_days_late double precision, late_share double precision,
                   dso double precision, moved_customers bigint)
    LANGUAGE plpgsql STABLE COST 100000 ROWS 12
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    width text := coalesce(step, 'month');
BEGIN
    PERFORM @extschema@._check_trend(from_date, to_date, width), @extschema@.source_relation(source),
        @extschema@._check_currency(source, to_date);
    BEGIN
        RETURN QUERY EXECUTE @extschema@._trend_query(source, to_date, NULL::text) USING from_date, to_date, width, source;
    EXCEPTION WHEN OTHERS THEN
        PERFORM @extschema@._blame(source, to_date, SQLSTATE, SQLERRM);
        RAISE;
    END;
END;
$$;
COMMENT ON FUNCTION portfolio_trend(text, date, date, text) IS
    'the portfolio of a source by week, month, quarter or year, each as it looked on its last day: items above 0 that were invoiced, and the amount, less credit notes that say so; what was paid; what else changed the open amount (money on account, credits, write-offs), so that it is that of the period before + invoiced - paid + other; the open amount at the end, less credits, and the credits in it (0 or below); of the payments of the period, disputed ones apart, the number, the mean and the median of their days late, and the share (0 to 1) that was late by a day or more, NULL where nothing was paid; days sales outstanding as dso_report has them, over 365 days; and how many customers went to another segment, NULL for who may not read segment_changes; periods are cut at from_date and to_date; amounts in the currency of the source';
