-- The share of unpaid invoices against the definition of Kaplan and Meier in plain SQL, and against survfit of R.
SET client_min_messages = warning;
CREATE SCHEMA IF NOT EXISTS receivables;
CREATE EXTENSION IF NOT EXISTS receivables SCHEMA receivables;
RESET client_min_messages;
SET search_path = receivables, public;

CREATE FUNCTION pg_temp.hash(seed int, k int) RETURNS int LANGUAGE sql IMMUTABLE AS
$$ SELECT (hashint8extended(seed::bigint * 1000003 + k, 7) & 2147483647)::int $$;
CREATE AGGREGATE pg_temp.product(double precision) (SFUNC = float8mul, STYPE = double precision, INITCOND = '1');

-- 500 customers with 1 to 60 invoices, every tenth with 240 to 440: both layouts of the stored form.
CREATE TEMP TABLE invoice AS
SELECT c AS customer, date '2024-01-01' + pg_temp.hash(i, 1) % 700 AS due_date,
    pg_temp.hash(i, 2) % (1 + pg_temp.hash(c, 2) % 60) - pg_temp.hash(c, 3) % 25 AS days,
    pg_temp.hash(i, 3) % 7 = 0 AS disputed,
    CASE pg_temp.hash(i, 4) % 13 WHEN 0 THEN 'credit' WHEN 1 THEN 'write_off' ELSE 'payment' END AS settled_by,
    CASE WHEN pg_temp.hash(i, 5) % 29 = 0 THEN -10 ELSE 100 END AS amount,
    pg_temp.hash(i, 6) % 31 = 0 AS unknown_day
FROM generate_series(1, 500) AS c,
    generate_series(c * 1000, c * 1000 + CASE WHEN c % 10 = 0 THEN 240 + pg_temp.hash(c, 1) % 200
                                              ELSE pg_temp.hash(c, 1) % 60 END) AS i;
\set as_of '''2025-06-30'''
CREATE TEMP TABLE known AS
SELECT i.*, due_date + days <= :as_of AS is_settled, CASE WHEN NOT unknown_day THEN due_date + days END AS paid_date
FROM invoice AS i WHERE due_date - 30 <= :as_of;
CREATE TEMP TABLE profile AS
SELECT customer,
    payment_profile(
        due_date - 30, due_date, CASE WHEN is_settled THEN paid_date END, amount, disputed, :as_of,
        CASE WHEN is_settled AND paid_date IS NULL THEN 0 END,
        CASE WHEN is_settled THEN settled_by ELSE 'payment' END) AS profile
FROM known
GROUP BY customer;

-- What the estimator rests on, by the definition.
CREATE TEMP TABLE seen AS
SELECT customer, disputed, CASE WHEN is_settled AND settled_by = 'payment' THEN days ELSE :as_of - due_date END AS days,
    is_settled AND settled_by = 'payment' AS paid
FROM known
WHERE amount > 0 AND NOT (is_settled AND settled_by = 'credit')
    AND NOT (is_settled AND settled_by = 'payment' AND unknown_day);
CREATE TEMP TABLE by_day AS
SELECT s.customer, w.disputed, s.days, count(*) FILTER (WHERE s.paid)::double precision AS paid,
    (sum(count(*)) OVER (PARTITION BY s.customer, w.disputed ORDER BY s.days DESC))::double precision AS at_risk
FROM seen AS s, (VALUES (true), (false)) AS w(disputed)
WHERE w.disputed OR NOT s.disputed
GROUP BY s.customer, w.disputed, s.days;
CREATE INDEX ON by_day (customer);
CREATE TEMP TABLE oracle AS
SELECT p.customer, t.days, w.disputed,
    (SELECT coalesce(pg_temp.product(1 - d.paid / d.at_risk) FILTER (WHERE d.days <= t.days), 1)
     FROM by_day AS d WHERE d.customer = p.customer AND d.disputed = w.disputed HAVING count(*) > 0) AS share
FROM profile AS p, (VALUES (-40), (-20), (-5), (0), (3), (7), (14), (30), (45), (300)) AS t(days),
    (VALUES (true), (false)) AS w(disputed);
SELECT count(*) > 9000 AS many, count(*) FILTER (WHERE o.share > 0 AND o.share < 1) > 4000 AS within,
    count(*) FILTER (WHERE o.share IS NULL) > 0 AS some_unknown,
    bool_and(coalesce(abs(o.share - g.share) <= 1e-12, o.share IS NULL AND g.share IS NULL)) AS equal
FROM oracle AS o JOIN profile AS p ON p.customer = o.customer,
    LATERAL (SELECT share_unpaid_after(p.profile, o.days, :as_of, o.disputed) AS share) AS g;
-- (open and written-off invoices matter: without them the shares are others)
SELECT count(*) > 1000 AS censored_ones_matter
FROM oracle AS o
JOIN (
    SELECT d.customer, t.days, sum(d.paid) FILTER (WHERE d.days > t.days) / sum(d.paid) AS share
    FROM by_day AS d, (VALUES (0), (3), (7), (14), (30)) AS t(days)
    WHERE d.disputed
    GROUP BY d.customer, t.days
) AS n ON n.customer = o.customer AND n.days = o.days
WHERE o.disputed AND abs(o.share - n.share) > 0.001;

-- Never growing with the days, and between 0 and 1.
SELECT bool_and(share BETWEEN 0 AND 1 AND share <= coalesce(before, 1)) AS falls
FROM (SELECT share, lag(share) OVER (PARTITION BY customer ORDER BY days) AS before
      FROM profile, generate_series(-30, 60, 3) AS days,
          LATERAL (SELECT share_unpaid_after(profile, days, :as_of) AS share) AS s) AS x;

-- What survfit(Surv(days, paid) ~ 1) of R 4.2 (survival 3.5) prints: of a few invoices, and of the
-- two groups of patients of Miller (1997), data set aml of that package, whose weeks stand for days
-- and whose relapses for payments.
CREATE TEMP TABLE subject (who text, days int[], paid bool[]);
INSERT INTO subject VALUES
    ('small', '{-3,0,0,2,5,5,5,9,12,12,20,31,40}', '{t,t,t,f,t,f,t,f,t,t,f,t,f}'),
    ('Maintained', '{9,13,13,18,23,28,31,34,45,48,161}', '{t,t,f,t,t,f,t,t,f,t,f}'),
    ('Nonmaintained', '{5,5,8,8,12,16,23,27,30,33,43,45}', '{t,t,t,t,t,f,t,t,t,t,t,t}');
CREATE TEMP TABLE survfit (who text, days int, share double precision);
INSERT INTO survfit VALUES
    ('small', -3, 0.92307692307692313), ('small', 0, 0.76923076923076927), ('small', 5, 0.59829059829059839),
    ('small', 9, 0.59829059829059839), ('small', 13, 0.35897435897435903), ('small', 18, 0.35897435897435903),
    ('small', 23, 0.35897435897435903), ('small', 31, 0.17948717948717952), ('small', 34, 0.17948717948717952),
    ('small', 48, 0.17948717948717952), ('small', 100, 0.17948717948717952), ('Maintained', -3, 1),
    ('Maintained', 0, 1), ('Maintained', 5, 1), ('Maintained', 9, 0.90909090909090906),
    ('Maintained', 13, 0.81818181818181812), ('Maintained', 18, 0.71590909090909083),
    ('Maintained', 23, 0.61363636363636354), ('Maintained', 31, 0.49090909090909085),
    ('Maintained', 34, 0.36818181818181817), ('Maintained', 48, 0.18409090909090908),
    ('Maintained', 100, 0.18409090909090908), ('Nonmaintained', -3, 1), ('Nonmaintained', 0, 1),
    ('Nonmaintained', 5, 0.83333333333333337), ('Nonmaintained', 9, 0.66666666666666674),
    ('Nonmaintained', 13, 0.58333333333333337), ('Nonmaintained', 18, 0.58333333333333337),
    ('Nonmaintained', 23, 0.48611111111111116), ('Nonmaintained', 31, 0.29166666666666674),
    ('Nonmaintained', 34, 0.19444444444444448), ('Nonmaintained', 48, 0), ('Nonmaintained', 100, 0);
SELECT s.who, count(*), bool_and(abs(share_unpaid_after(p.profile, s.days, '2025-01-01') - s.share) <= 1e-12) AS equal
FROM survfit AS s JOIN (
        SELECT who, payment_profile('2025-01-01'::date - CASE WHEN paid THEN 400 ELSE days END,
                                    CASE WHEN paid THEN '2025-01-01'::date - 400 + days END) AS profile
        FROM (SELECT who, unnest(days) AS days, unnest(paid) AS paid FROM subject) AS x GROUP BY who) AS p USING (who)
GROUP BY s.who ORDER BY s.who;

-- Nothing to say, and what is no question.
SELECT share_unpaid_after(NULL, 3, '2025-01-01') IS NULL AS no_profile,
    share_unpaid_after(p, NULL, '2025-01-01') IS NULL AS no_days,
    share_unpaid_after(p, 3, NULL) IS NULL AS no_day,
    share_unpaid_after(p, 3, '2025-01-01', NULL) AS "default",
    share_unpaid_after(c, 3, '2025-01-01') IS NULL AS credits_alone
FROM (
    SELECT payment_profile('2024-12-01', NULL) AS p,
        payment_profile(NULL, '2024-12-01', NULL, -3) AS c
) AS x;
SELECT share_unpaid_after(payment_profile('2024-12-01', NULL), 3, 'infinity');
SELECT share_unpaid_after(payment_profile('5874897-12-31', '4713-01-01 BC'), 2147483647, '4713-01-01 BC') AS extremes;
