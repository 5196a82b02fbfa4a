-- What gradient boosting learns from and is asked: the same history as the forecast has, as figures, of every invoice but
-- the first 15 % of the file; to standard output.
COPY (
    WITH wanted AS MATERIALIZED (
        SELECT * FROM item
        WHERE paid > as_of AND moment >= (SELECT percentile_disc(0.15) WITHIN GROUP (ORDER BY moment) FROM item)
    ), own AS MATERIALIZED (
        SELECT d.customer, d.as_of, payment_profile(i.issued, i.due, i.paid, i.amount, i.disputed, d.as_of) AS p,
            avg(i.paid - i.due) FILTER (WHERE i.paid <= d.as_of) AS mean_all,
            percentile_cont('{0.1,0.25,0.5,0.75,0.9}'::float8[]) WITHIN GROUP (ORDER BY i.paid - i.due)
                FILTER (WHERE i.paid <= d.as_of) AS all_paid,
            avg(i.paid - i.due) FILTER (WHERE i.paid BETWEEN d.as_of - 90 AND d.as_of) AS mean_quarter
        FROM (SELECT DISTINCT customer, as_of FROM wanted) AS d
            JOIN item AS i ON i.customer = d.customer AND i.known_on <= d.as_of
        GROUP BY d.customer, d.as_of
    ), everybody AS MATERIALIZED (
        SELECT d.as_of, avg(i.paid - i.due) AS mean, percentile_cont(0.5) WITHIN GROUP (ORDER BY i.paid - i.due) AS median
        FROM (SELECT DISTINCT as_of FROM wanted) AS d JOIN item AS i ON i.paid <= d.as_of
        GROUP BY d.as_of
    )
    SELECT w.id, w.customer, w.moment, w.as_of - date '2000-01-01' AS as_of, w.due - date '2000-01-01' AS due,
        w.paid - date '2000-01-01' AS paid,
        w.amount, w.due - w.issued AS terms, extract(day FROM w.due) AS day, extract(isodow FROM w.due) AS weekday,
        extract(month FROM w.due) AS month, extract(isodow FROM w.as_of) AS weekday_now,
        timed_count(p), open_count(p), overdue_count(p, w.as_of), oldest_overdue_days(p, w.as_of), days_late_so_far(p, w.as_of),
        mean_days_late(p), median_days_late(p), stddev_days_late(p), min_days_late(p), max_days_late(p), weighted_days_late(p),
        late_share(p), late_share(p, 7), dispute_share(p), recent_median_days_late(p), recent_median_days_late(p, 12),
        recent_median_days_late(p, 2), late_streak(p), trend_days_late_per_year(p), payment_day(p), payment_day_share(p),
        payment_weekday(p), payment_weekday_share(p),
        mean_all, all_paid[1], all_paid[2], all_paid[3], all_paid[4], all_paid[5], mean_quarter,
        e.mean AS mean_of_all, e.median AS median_of_all
    FROM wanted AS w
        LEFT JOIN own AS o ON o.customer = w.customer AND o.as_of = w.as_of
        LEFT JOIN everybody AS e ON e.as_of = w.as_of
) TO STDOUT WITH (FORMAT csv, HEADER);
