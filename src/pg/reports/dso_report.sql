-- dso_report: days sales outstanding by each of its definitions, side by side.

-- The figures and what makes them differ; "opening" is what was owed as the period began.
CREATE FUNCTION _dso_figures(owed numeric, credits numeric, disputed numeric, not_due numeric, opening numeric, sales numeric,
                             days integer, countback double precision)
    RETURNS TABLE (place integer, figure text, value double precision, receivables numeric, formula text, difference text)
    LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 8
    SET search_path = pg_catalog, pg_temp
AS $$
    VALUES
    (1, 'dso', @extschema@.dso(owed, sales, days, NULL::numeric), owed,
        'receivables / sales * days',
        'all that is owed: disputed amounts are in it, credits are not taken off'),
    (2, 'dso_net', @extschema@.dso(owed + credits, sales, days, NULL::numeric), owed + credits,
        '(receivables - open credits) / sales * days',
        'open credits and payments on account are taken off: lower than dso, though no invoice was paid sooner'),
    (3, 'dso_undisputed', @extschema@.dso(owed - disputed, sales, days, NULL::numeric), owed - disputed,
        '(receivables - disputed) / sales * days',
        'what is not contested: the difference to dso is what disputes cost'),
    (4, 'dso_mean_balance', @extschema@.dso(owed, sales, days, opening), 0.5 * (opening + owed),
        '(opening + closing receivables) / 2 / sales * days',
        'moved less than dso by the balance of one day'),
    (5, 'countback_dso', countback, owed,
        'days of the latest months whose sales the receivables are',
        'without the season: dso rises with the sales of the last months, this does not; NULL where more is owed than was ever sold'),
    (6, 'best_possible_dso', @extschema@.best_possible_dso(not_due, sales, days), not_due,
        'receivables not yet due / sales * days',
        'what the payment terms alone make of it'),
    (7, 'average_days_delinquent', @extschema@.average_days_delinquent(owed, not_due, sales, days), owed - not_due,
        '(receivables - not yet due) / sales * days',
        'dso less best_possible_dso: what late payment makes of it'),
    (8, 'collection_effectiveness_index', @extschema@.collection_effectiveness_index(opening, sales, owed, not_due), owed,
        '(opening receivables + sales - receivables) / (opening receivables + sales - not yet due) * 100',
        'percent, not days: of what could have been collected in the period, what was')
$$;
COMMENT ON FUNCTION _dso_figures(numeric, numeric, numeric, numeric, numeric, numeric, integer, double precision) IS
    'internal: the rows of dso_report: the figures of a balance, each with its formula and what makes it differ';

-- Its steps: days, what was invoiced on each day, and what of that is open now or was open as the period began ($2 are its
-- days); sums, the same together; the figures. What is owed is above 0: credits are subtracted where it is said.
CREATE FUNCTION _dso_query(source text, as_of date) RETURNS text
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT @extschema@._with_items(_dso_query.source, _dso_query.as_of, ''::text, NULL::text, true) || $query$
, amounts AS (
    SELECT i.invoice_date, i.due_date, i.disputed,
        CASE WHEN i.amount > 0 OR i.is_credit_note THEN i.amount END AS sale,
        CASE WHEN i.is_open THEN i.open_amount END AS rest,
        CASE WHEN i.amount = 0 OR i.invoice_date > $1 - $2 THEN NULL WHEN i.settled_on > $1 - $2 THEN i.amount
             ELSE i.open_amount END AS opening
    FROM items AS i
), days AS MATERIALIZED (
    SELECT a.invoice_date AS day, sum(a.sale) AS sales, sum(a.rest) FILTER (WHERE a.rest > 0) AS owed,
        sum(a.rest) FILTER (WHERE a.rest < 0) AS credits, sum(a.rest) FILTER (WHERE a.rest > 0 AND a.disputed) AS disputed,
        sum(a.rest) FILTER (WHERE a.rest > 0 AND a.due_date >= $1) AS not_due,
        sum(a.opening) FILTER (WHERE a.opening > 0) AS opening
    FROM amounts AS a GROUP BY a.invoice_date
), sums AS (
    SELECT coalesce(sum(d.sales) FILTER (WHERE d.day > $1 - $2), 0) AS sales, coalesce(sum(d.owed), 0) AS owed,
        coalesce(sum(d.credits), 0) AS credits, coalesce(sum(d.disputed), 0) AS disputed,
        coalesce(sum(d.not_due), 0) AS not_due, coalesce(sum(d.opening), 0) AS opening
    FROM days AS d
), countback AS (
    SELECT @extschema@.countback_dso(d.day, d.sales, s.owed, $1) AS value
    FROM days AS d CROSS JOIN sums AS s WHERE d.day > $1 - 73000
)
SELECT f.figure, f.value, f.receivables, s.sales, f.formula, f.difference
FROM sums AS s CROSS JOIN countback AS c
    CROSS JOIN LATERAL @extschema@._dso_figures(s.owed, s.credits, s.disputed, s.not_due, s.opening, s.sales, $2, c.value) AS f
ORDER BY f.place$query$
$$;
COMMENT ON FUNCTION _dso_query(text, date) IS
    'SQL text of the query behind dso_report; takes the day and the days of the period';

CREATE FUNCTION dso_report(source text, as_of date, days integer DEFAULT 365)
    RETURNS TABLE (figure text, value double precision, receivables numeric, sales numeric, formula text, difference text)
    LANGUAGE plpgsql STABLE COST 100000 ROWS 8
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    period integer := coalesce(days, 365);
BEGIN
    IF period NOT BETWEEN 1 AND 3660 THEN
        RAISE EXCEPTION 'the sales are those of 1 to 3660 days, not %', period USING ERRCODE = 'invalid_parameter_value';
    END IF;
    PERFORM @extschema@._check_day(as_of, 'days sales outstanding'::text), @extschema@.source_relation(source),
        @extschema@._check_currency(source, as_of);
    BEGIN
        RETURN QUERY EXECUTE @extschema@._dso_query(source, as_of) USING as_of, period;
    EXCEPTION WHEN OTHERS THEN
        PERFORM @extschema@._blame(source, as_of, SQLSTATE, SQLERRM);
        RAISE;
    END;
END;
$$;
COMMENT ON FUNCTION dso_report(text, date, integer) IS
    'days sales outstanding of a source by each of its definitions, one row each: the figure (in days, the collection effectiveness index in percent), the receivables that it takes, the sales of the last days (365) until as_of, its formula in words, and how it differs from the others; receivables are what is open above 0, what has no due date is due; sales are what was invoiced, less credit notes that say so, money on account is none; both as the source has them, so on one basis of tax; NULL where there are no sales, countback_dso where more is owed than was ever sold (in 200 years)';
