-- Predictions of forecast.sh: table prediction, a row an invoice.
CREATE TABLE item AS
SELECT row_number() OVER () AS id, i.*, coalesce(issued, due - 15) AS moment, coalesce(issued - 1, due - 15) AS as_of,
    coalesce(issued, least(due - 15, paid)) AS known_on
FROM (SELECT :customer AS customer, (:issued)::date AS issued, :due::date AS due, nullif(:paid, '')::date AS paid,
          :amount::numeric AS amount, coalesce(lower(:disputed) IN ('yes', 'true', 't', '1'), false) AS disputed
      FROM file) AS i
WHERE amount > 0 AND due IS NOT NULL;
UPDATE item SET moment = due WHERE issued IS NULL;

CREATE TABLE cut AS
SELECT c.name, c.first_day, coalesce(nullif(:'to', '')::date, 'infinity') AS last_day
FROM (SELECT :'from' AS name, nullif(:'from', '')::date AS first_day WHERE :'from' <> ''
      UNION ALL
      SELECT round(share * 100) || ' %', (SELECT percentile_disc(share) WITHIN GROUP (ORDER BY moment) FROM item) + 1
      FROM unnest('{0.5,0.6,0.7,0.8}'::numeric[]) AS share WHERE :'from' = '') AS c;
CREATE TABLE asked AS
SELECT i.* FROM item AS i
WHERE i.paid > i.as_of AND i.moment >= (SELECT min(first_day) FROM cut) AND i.moment <= (SELECT max(last_day) FROM cut);

-- A calendar with weekends, where history has fewer than one payment in 200 on one.
CREATE TABLE working AS
SELECT CASE WHEN avg((extract(isodow FROM paid) > 5)::int) < 0.005 THEN make_business_calendar('{}'::date[]) END AS calendar
FROM item WHERE paid < (SELECT min(as_of) FROM asked);

CREATE TABLE prior AS
SELECT d.as_of, payment_profile(i.issued, i.due, i.paid, i.amount, i.disputed, d.as_of) AS profile
FROM (SELECT DISTINCT as_of FROM asked) AS d JOIN item AS i ON i.known_on <= d.as_of
GROUP BY d.as_of;
ANALYZE item;
CREATE INDEX ON item (customer);

-- The customer on that evening, and the plain rules. Upflow's rule: the mean of days late weighted by amount, in which
-- what is overdue counts as late as it is. Without history every rule says the due date.
CREATE TABLE own AS
SELECT d.customer, d.as_of, payment_profile(i.issued, i.due, i.paid, i.amount, i.disputed, d.as_of) AS profile,
    count(*) FILTER (WHERE i.paid <= d.as_of) AS paid_items,
    sum(i.amount * (least(i.paid, d.as_of) - i.due)) FILTER (WHERE i.paid <= d.as_of OR i.due < d.as_of)
        / sum(i.amount) FILTER (WHERE i.paid <= d.as_of OR i.due < d.as_of) AS weighted_mean
FROM (SELECT DISTINCT customer, as_of FROM asked) AS d
    JOIN item AS i ON i.customer = d.customer AND i.known_on <= d.as_of
GROUP BY d.customer, d.as_of;

CREATE TABLE same_weekday AS
SELECT d.customer, d.as_of, d.weekday, percentile_cont(0.5) WITHIN GROUP (ORDER BY l.days) AS median
FROM (SELECT DISTINCT customer, as_of, extract(isodow FROM due) AS weekday FROM asked) AS d,
    LATERAL (SELECT i.paid - i.due AS days FROM item AS i
             WHERE i.customer = d.customer AND i.paid <= d.as_of AND extract(isodow FROM i.due) = d.weekday AND NOT i.disputed
             ORDER BY i.due DESC, i.id LIMIT 80) AS l
GROUP BY d.customer, d.as_of, d.weekday;

CREATE FUNCTION on_a_workday(day date) RETURNS date LANGUAGE sql IMMUTABLE AS
$$ SELECT day + (ARRAY[0, 0, 0, 0, 0, 2, 1])[extract(isodow FROM day)::int] $$;

CREATE TABLE prediction AS
SELECT a.id, a.customer, a.moment, a.paid, coalesce(o.paid_items, 0) AS paid_items, r.rule, greatest(r.day, a.as_of + 1) AS day
FROM asked AS a
    LEFT JOIN own AS o ON o.customer = a.customer AND o.as_of = a.as_of
    LEFT JOIN prior AS p ON p.as_of = a.as_of
    LEFT JOIN same_weekday AS w ON w.customer = a.customer AND w.as_of = a.as_of AND w.weekday = extract(isodow FROM a.due)
    CROSS JOIN working
    CROSS JOIN LATERAL (SELECT coalesce(round(median_days_late(o.profile)), 0)::int AS median) AS m
    CROSS JOIN LATERAL (VALUES
        ('forecast', expected_payment_date(o.profile, a.due, a.as_of, prior => p.profile, calendar => working.calendar)),
        ('80 % date', expected_payment_date(o.profile, a.due, a.as_of, 0.8, p.profile, working.calendar)),
        ('own p80', a.due + round(percentile_days_late(o.profile, 0.8))::int),
        ('due date', a.due),
        ('Upflow', a.due + coalesce(round(o.weighted_mean), 0)::int),
        ('median', a.due + m.median),
        ('median of 5', a.due + coalesce(round(recent_median_days_late(o.profile)), 0)::int),
        ('median, on Monday', on_a_workday(a.due + m.median)),
        ('same weekday', a.due + coalesce(round(w.median), m.median)::int)) AS r(rule, day);
