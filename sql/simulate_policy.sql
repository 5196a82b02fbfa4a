SET client_min_messages = warning;
CREATE SCHEMA IF NOT EXISTS receivables;
CREATE EXTENSION IF NOT EXISTS receivables SCHEMA receivables;
RESET client_min_messages;
SET search_path = receivables, public;
SET DateStyle = 'ISO, YMD';
SET extra_float_digits = 0;
\pset null 'NULL'

-- by hand: due on the 10th of a month, paid 3, 6, 8, 20 and 40 days late, one open for 51 days, one
-- on time, one disputed, one credit, one of nothing, one due after as_of
CREATE TEMP TABLE simple AS
SELECT due - 30 AS invoice_date, due, due + late AS paid, amount, disputed
FROM (VALUES
    (date '2025-01-10', 3, 100.00, false), ('2025-01-10', 6, 100, false),
    ('2025-02-10', 8, 100, NULL), ('2025-03-10', 20, 100, false), ('2025-04-10', 40, 100, false),
    ('2025-05-10', NULL, NULL, false), ('2025-05-10', 0, 100, false), ('2025-03-10', 70, 100, true),
    ('2025-03-10', 90, -100, false), ('2025-03-10', 90, 0.00, false),
    ('2025-07-10', NULL, 100, false)) v (due, late, amount, disputed);
CREATE TEMP TABLE simple_history AS
SELECT invoice_history(invoice_date, due, paid, amount, disputed) AS h FROM simple;
\x on
SELECT s.* FROM simple_history, simulate_policy('{"steps": [{"level": 1, "after_days": 6}]}', h, '2025-06-30') s;
-- nothing was paid late often enough before the first due dates; later one waits, even beside a
-- fixed schedule of 0 days
SELECT s.*
FROM simple_history,
    simulate_policy(
        '{"steps": [{"level": 1, "after_days": 1}],
          "wait": {"within_days": 10, "min_share": 0.5, "until_days": 21}}',
        h, '2025-06-30') s;
\x off
-- the evening: paid on the day of the reminder is not reminded; open on as_of is
SELECT after, s.reminders, s.fixed_days, s.paid_soon
FROM simple_history,
    generate_series(0, 52) after,
    simulate_policy(
        format('{"steps": [{"level": 1, "after_days": %s}]}', after)::dunning_policy,
        h, '2025-06-30', paid_within_days => 2) s
WHERE after IN (0, 3, 5, 6, 8, 19, 20, 39, 40, 50, 51, 52);
-- the open one is not there before its due date, and what is paid later is open
SELECT as_of, s.items, s.overdue_items, s.reminders, s.over_14_items
FROM simple_history,
    unnest('{2025-05-09,2025-05-10,2025-05-16,2025-05-24,2025-05-25}'::date[]) as_of,
    simulate_policy('{"steps": [{"level": 1, "after_days": 6}]}', h, as_of) s
ORDER BY 1;

-- nothing to send, nothing to send it to, nothing asked
SELECT what, s.items, s.overdue_items, s.unscheduled_items, s.reminders, s.paid_soon,
    s.over_14_days, s.fixed_days, s.fixed_paid_soon, s.fixed_over_30_reminders
FROM simple_history,
    (VALUES
        ('no steps', '{"steps": []}'),
        ('hold', '{"steps": [{"level": 1, "after_days": 1}], "hold": true}'),
        ('only a notice', '{"steps": [{"level": 0, "after_days": -3}]}'),
        ('above all', '{"steps": [{"level": 1, "after_days": 1}], "min_amount": 1000}'),
        ('too late', '{"steps": [{"level": 1, "after_days": 100}]}'),
        ('notice first',
         '{"steps": [{"level": 0, "after_days": -3}, {"level": 1, "after_days": 6}]}'),
        ('skips levels',
         '{"steps": [{"level": 1, "after_days": 0}, {"level": 2, "after_days": 6}],
           "skip_levels": true}'),
        ('start',
         '{"steps": [{"level": 1, "after_days": 6}],
           "start": {"older_than_days": 0}}')) v (what, policy),
    simulate_policy(policy::dunning_policy, h, '2025-06-30') s
ORDER BY 1;
SELECT simulate_policy(NULL, h, '2025-06-30') IS NULL,
    simulate_policy('{"steps": []}', NULL, '2025-06-30') IS NULL,
    simulate_policy('{"steps": []}', h, NULL) IS NULL,
    simulate_policy('{"steps": []}', h, '2025-06-30', NULL, NULL, NULL, NULL)
        = simulate_policy('{"steps": []}', h, '2025-06-30')
FROM simple_history;
SELECT invoice_history(invoice_date, due, paid, amount, disputed) IS NULL FROM simple WHERE false;
SELECT s.items, s.reminders
FROM (SELECT invoice_history(invoice_date, due, paid, amount) AS h FROM simple WHERE disputed) x,
    simulate_policy('{"steps": [{"level": 1, "after_days": 6}]}', h, '2025-06-30') s;
SELECT simulate_policy('{"steps": []}', h, 'infinity') FROM simple_history;
SELECT simulate_policy('{"steps": []}', h, '2025-06-30', -1) FROM simple_history;
SELECT simulate_policy('{"steps": []}', h, '2025-06-30', 3651) FROM simple_history;
\set VERBOSITY sqlstate
SELECT simulate_policy('{"steps": []}', h, 'infinity') FROM simple_history;
SELECT simulate_policy('{"steps": []}', h, '2025-06-30', -1) FROM simple_history;
SELECT simulate_policy('{"steps": []}', h, '2025-06-30', 3651) FROM simple_history;
\set VERBOSITY default

-- Everything against a slow and obvious version. Customers of many kinds, hashes instead of random().
CREATE TEMP TABLE portfolio AS
WITH draws AS (
    SELECT customer,
        n,
        customer % 12 AS kind,
        abs(hashint8extended(customer * 10007 + n, 1)) % 1000 AS u1,
        abs(hashint8extended(customer * 10007 + n, 2)) % 1000 AS u2,
        abs(hashint8extended(customer * 10007 + n, 3)) % 1000 AS u3,
        abs(hashint8extended(customer * 10007 + n, 4)) % 1000 AS u4
    FROM generate_series(1, 72) customer,
        LATERAL generate_series(
            1,
            CASE
                WHEN customer = 6 THEN 420
                WHEN customer % 12 = 11 THEN 3
                ELSE 12 + customer % 50
            END) n
), dated AS (
    SELECT *,
        date '2024-01-01' + (u1 * 0.7)::int AS invoice_date,
        date '2024-01-01' + (u1 * 0.7)::int + CASE kind
            WHEN 9 THEN (u2 % 60)::int
            ELSE 30
        END AS due
    FROM draws
)
SELECT customer,
    n,
    CASE WHEN u3 % 17 = 5 THEN NULL ELSE invoice_date END AS invoice_date,
    CASE WHEN u3 = 777 THEN NULL ELSE due END AS due_date,
    CASE
        WHEN u4 % 20 = 3 OR (kind = 8 AND u4 % 3 = 0) THEN NULL
        WHEN u3 % 40 = 1 THEN invoice_date - 3
        ELSE CASE kind
            WHEN 0 THEN due - (u2 % 4)::int
            WHEN 1 THEN due + 3
            WHEN 2 THEN due + 7 + (u2 % 5)::int
            WHEN 3 THEN (date_trunc('month', due) + interval '1 month 24 days')::date
            WHEN 4 THEN due + (u2 % 45)::int - 5
            WHEN 5 THEN due + 35 + (u2 % 20)::int
            WHEN 6 THEN due + (u2 % 30)::int - 8
            WHEN 7 THEN due + CASE WHEN u2 < 500 THEN 2 ELSE 26 END
            ELSE due + (u2 % 16)::int - 3
        END
    END AS paid_date,
    CASE
        WHEN u2 % 31 = 7 THEN NULL
        WHEN u2 % 29 = 3 THEN -50.5
        WHEN u2 % 37 = 2 THEN 0
        WHEN kind = 10 AND n = 5 THEN 98765432109876543210.123
        ELSE round((u4 * u1 % 3000) / 7.0, (u3 % 4)::int)
    END AS amount,
    CASE u3 % 23 WHEN 4 THEN true WHEN 5 THEN NULL ELSE kind = 8 AND u3 % 3 = 0 END AS disputed
FROM dated;
SELECT count(*) > 2500,
    count(*) FILTER (WHERE due_date IS NULL) > 0,
    count(*) FILTER (WHERE amount < 0) > 50,
    count(*) FILTER (WHERE disputed) > 50,
    count(*) FILTER (WHERE paid_date IS NULL) > 100,
    count(*) FILTER (WHERE paid_date < invoice_date) > 10
FROM portfolio;

-- what is known on as_of; item is who is asked
CREATE TEMP TABLE known (
    customer bigint, invoice_date date, due_date date, paid_date date, amount numeric,
    disputed boolean);
CREATE TEMP TABLE evening (
    customer bigint, due_date date, profile payment_profile, prior payment_profile, segment text);
CREATE FUNCTION pg_temp.look_back(today date, segments segment_policy) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    visit record;
    own payment_profile;
    before bigint;
    now_in text;
BEGIN
    TRUNCATE known, evening;
    INSERT INTO known
    SELECT customer,
        invoice_date,
        due_date,
        CASE WHEN paid_date <= today THEN paid_date END,
        amount,
        coalesce(disputed, false)
    FROM portfolio
    WHERE due_date IS NOT NULL AND (invoice_date IS NULL OR invoice_date <= today);
    CREATE TEMP TABLE prior_of AS
    SELECT d.due_date,
        payment_profile(
            k.invoice_date, k.due_date, k.paid_date, k.amount, k.disputed, d.due_date) AS prior
    FROM (SELECT DISTINCT due_date FROM known) d, known k
    WHERE k.paid_date <= d.due_date
    GROUP BY d.due_date;
    FOR visit IN
        SELECT DISTINCT customer, due_date
        FROM known
        WHERE due_date <= today
            AND (paid_date IS NULL OR paid_date > due_date)
            AND NOT disputed
            AND (amount > 0 OR amount IS NULL)
        ORDER BY 1, 2
    LOOP
        IF before IS DISTINCT FROM visit.customer THEN now_in := NULL; END IF;
        before := visit.customer;
        SELECT payment_profile(
            k.invoice_date, k.due_date, k.paid_date, k.amount, k.disputed, visit.due_date)
        INTO own
        FROM known k
        WHERE k.customer = visit.customer
            AND (k.invoice_date IS NOT NULL OR least(k.due_date, k.paid_date) <= visit.due_date);
        now_in := assign_segment(segments, own, visit.due_date, current_segment => now_in);
        INSERT INTO evening
        SELECT visit.customer,
            visit.due_date,
            own,
            (SELECT prior FROM prior_of p WHERE p.due_date = visit.due_date),
            now_in;
    END LOOP;
    DROP TABLE prior_of;
END $$;
CREATE FUNCTION pg_temp.slow(
    rules dunning_policy, today date, within integer, with_prior boolean, calendar business_calendar)
    RETURNS SETOF policy_simulation LANGUAGE sql AS $$
    WITH asked AS (
        SELECT k.*,
            coalesce(k.paid_date, today) - k.due_date AS days,
            k.paid_date IS NULL AS is_open,
            next_reminder_date(
                rules, k.due_date, k.amount, k.due_date, segment, profile,
                CASE WHEN with_prior THEN prior END, calendar) - k.due_date AS after
        FROM known k
        JOIN evening USING (customer, due_date)
        WHERE (k.paid_date IS NULL OR k.paid_date > k.due_date)
            AND NOT k.disputed
            AND (k.amount > 0 OR k.amount IS NULL)
    ), scheduled AS (
        SELECT * FROM asked WHERE after IS NOT NULL
    ), sent AS (
        SELECT *
        FROM scheduled
        WHERE CASE WHEN is_open THEN due_date + after <= today ELSE paid_date > due_date + after END
    ), own AS (
        SELECT count(*) AS reminders,
            count(*) FILTER (WHERE paid_date <= due_date + after + within) AS paid_soon,
            count(*) FILTER (WHERE days > 14) AS n14,
            avg(after) FILTER (WHERE days > 14) AS d14,
            count(*) FILTER (WHERE days > 30) AS n30,
            avg(after) FILTER (WHERE days > 30) AS d30
        FROM sent
    ), fixed AS (
        SELECT x,
            count(*) AS reminders,
            count(*) FILTER (WHERE paid_date <= due_date + x + within) AS paid_soon,
            count(*) FILTER (WHERE days > 14) AS n14,
            count(*) FILTER (WHERE days > 30) AS n30
        FROM generate_series(0, 140) x, scheduled
        WHERE CASE WHEN is_open THEN due_date + x <= today ELSE paid_date > due_date + x END
        GROUP BY x
    ), counted AS (
        SELECT x,
            coalesce(f.reminders, 0) AS reminders,
            coalesce(f.paid_soon, 0) AS paid_soon,
            coalesce(n14, 0) AS n14,
            coalesce(n30, 0) AS n30
        FROM generate_series(0, 140) x
        LEFT JOIN fixed f USING (x)
    ), later AS (
        SELECT c.* FROM counted c, own WHERE c.reminders <= own.reminders ORDER BY x LIMIT 1
    ), earlier AS (
        SELECT c.* FROM counted c, later WHERE c.x = later.x - 1
    ), mixed AS (
        SELECT later.x - 1 + share AS x,
            (1 - share) * coalesce(earlier.paid_soon, 0) + share * later.paid_soon AS paid_soon,
            (1 - share) * coalesce(earlier.n14, 0) + share * later.n14 AS n14,
            (1 - share) * coalesce(earlier.n14 * earlier.x, 0) + share * later.n14 * later.x AS d14,
            (1 - share) * coalesce(earlier.n30, 0) + share * later.n30 AS n30,
            (1 - share) * coalesce(earlier.n30 * earlier.x, 0) + share * later.n30 * later.x AS d30
        FROM later
        LEFT JOIN earlier ON true
        CROSS JOIN own,
            LATERAL (
                SELECT coalesce(
                    (earlier.reminders - own.reminders)::float8 / (earlier.reminders - later.reminders),
                    1) AS share
            ) s
        WHERE own.reminders > 0
    )
    SELECT (
            SELECT count(*)
            FROM known
            WHERE due_date <= today AND NOT disputed AND (amount > 0 OR amount IS NULL)
        ),
        (SELECT count(*) FROM asked),
        (SELECT count(*) FROM asked WHERE after IS NULL),
        (SELECT count(*) FROM scheduled WHERE days > 14),
        (SELECT count(*) FROM scheduled WHERE days > 30),
        own.reminders,
        own.paid_soon,
        own.n14,
        own.d14::float8,
        own.n30,
        own.d30::float8,
        mixed.x,
        mixed.paid_soon,
        mixed.n14,
        mixed.d14 / nullif(mixed.n14, 0),
        mixed.n30,
        mixed.d30 / nullif(mixed.n30, 0)
    FROM own
    LEFT JOIN mixed ON true
$$;
-- every figure to nine digits
CREATE FUNCTION pg_temp.figures(s policy_simulation) RETURNS numeric[] LANGUAGE sql AS $$
    SELECT ARRAY[
            s.items, s.overdue_items, s.unscheduled_items, s.over_14_items, s.over_30_items,
            s.reminders, s.paid_soon, s.over_14_reminders, s.over_30_reminders]
        || (
            SELECT array_agg(round(v::numeric, 9) ORDER BY i)
            FROM unnest(ARRAY[
                s.over_14_days, s.over_30_days, s.fixed_days, s.fixed_paid_soon,
                s.fixed_over_14_reminders, s.fixed_over_14_days, s.fixed_over_30_reminders,
                s.fixed_over_30_days]) WITH ORDINALITY u (v, i)
        ) $$;

CREATE TEMP TABLE policy (name text, rules dunning_policy);
INSERT INTO policy VALUES
    ('fixed 7', '{"steps": [{"level": 1, "after_days": 7}]}'),
    ('fixed 0', '{"steps": [{"level": 1, "after_days": 0}]}'),
    ('none', '{"steps": []}'),
    ('standard', standard_dunning_policy()),
    ('wait',
     '{"steps": [{"level": 1, "after_days": 1}],
       "wait": {"within_days": 10, "min_share": 0.4, "until_days": 21}}'),
    ('patient',
     '{"steps": [{"level": 1, "after_days": 5}],
       "wait": {"within_days": 20, "min_share": 0.2, "until_days": 60},
       "latest_after_due_days": 45}'),
    ('payment day',
     '{"steps": [{"level": 1, "after_days": 3}],
       "payment_day": {"min_share": 0.5, "min_payments": 3}}'),
    ('shift',
     '{"steps": [{"level": 1, "after_days": 1}],
       "structural_shift": {"max_days": 40, "min_items": 4, "max_spread_days": 12}}'),
    ('all habits',
     '{"steps": [{"level": 0, "after_days": -4},
                 {"level": 1, "after_days": 2, "unit": "business_days"},
                 {"level": 2, "after_days": 5}],
       "skip_levels": true,
       "wait": {},
       "payment_day": {},
       "structural_shift": {},
       "min_amount": 20,
       "roll": "preceding",
       "start": {"older_than_days": 30}}'),
    ('by segment',
     '{"steps": [{"level": 1, "after_days": 7, "min_amount": 30}],
       "segments": {"early": {"steps": [{"level": 1, "after_days": 2}], "wait": {}},
                    "left alone": {"steps": []},
                    "owing": {"hold": true},
                    "late": {"structural_shift": {"max_spread_days": 20},
                             "latest_after_due_days": 20}}}');
CREATE TEMP TABLE situation (today date, segments segment_policy, calendar business_calendar);
INSERT INTO situation VALUES
    ('2026-12-31', NULL, NULL),
    ('2025-03-15',
     '[{"segment": "owing",
        "when": "overdue_amount(30) > 0.3 * amount_last_year or open_count > 12",
        "stay": "overdue_count(0) > 0"},
       {"segment": "left alone", "when": "dispute_share > 0.2 or credit_count > 4"},
       {"segment": "early", "when": "median_days_late <= 3"},
       {"segment": "late",
        "when": "attribute.vip is null and item_count > 5 and total_amount > 100"}]',
     '{"holidays": ["2024-05-01", "2024-12-25", "2024-12-26"]}'),
    ('2025-10-01', standard_segment_policy(), '{"weekend": [5, 6]}');
CREATE TEMP TABLE history AS
SELECT rollup(h) AS h
FROM (
    SELECT invoice_history(invoice_date, due_date, paid_date, amount, disputed) AS h
    FROM portfolio
    GROUP BY customer
) c;
CREATE TEMP TABLE answer (
    policy text, today date, prior boolean, within integer, ours policy_simulation,
    slow policy_simulation);
DO $$
DECLARE w record;
BEGIN
    FOR w IN SELECT * FROM situation LOOP
        PERFORM pg_temp.look_back(w.today, w.segments);
        INSERT INTO answer
        SELECT name,
            w.today,
            prior,
            within,
            simulate_policy(rules, h, w.today, within, prior, w.calendar, w.segments),
            pg_temp.slow(rules, w.today, within, prior, w.calendar)
        FROM policy, history, (VALUES (false, 5), (true, 0)) v (prior, within);
    END LOOP;
END $$;
SELECT policy, today, prior, pg_temp.figures(ours) AS ours, pg_temp.figures(slow) AS slow FROM answer
WHERE pg_temp.figures(ours) IS DISTINCT FROM pg_temp.figures(slow);
-- the cases are cases: most policies differ from one another, and so do prior and segments
SELECT count(*),
    count(DISTINCT (ours).reminders) > 35,
    count(*) FILTER (WHERE (ours).fixed_days <> floor((ours).fixed_days)) > 20,
    min((ours).overdue_items) > 500
FROM answer;
SELECT policy, count(DISTINCT (ours).reminders) AS numbers FROM answer GROUP BY policy ORDER BY 1;

-- several customers are not one
SELECT s.reminders <> (ours).reminders FROM answer,
    LATERAL (SELECT invoice_history(invoice_date, due_date, paid_date, amount, disputed) AS h FROM portfolio) o,
    LATERAL simulate_policy((SELECT rules FROM policy WHERE name = 'wait'), h, '2026-12-31') s
WHERE policy = 'wait' AND today = '2026-12-31' AND NOT prior;

-- a long simulation can be cancelled
CREATE TEMP TABLE long_history AS
SELECT rollup(h) AS h
FROM (
    SELECT invoice_history(
        date '2000-01-01' + n / 4, date '2000-01-01' + n / 4 + 30,
        date '2000-01-01' + n / 4 + 20 + n % 37, n) AS h
    FROM generate_series(1, 40000) n
    GROUP BY n % 2
) x;
SET statement_timeout = '100ms';
SELECT simulate_policy(
    standard_dunning_policy(), h, '2030-01-01', portfolio_prior => true,
    segments => standard_segment_policy())
FROM long_history;
RESET statement_timeout;

-- the prior keeps what was known on each due date: work_mem, or 256 MB where that is less
CREATE TEMP TABLE many_dates AS
SELECT invoice_history(date '1900-01-01' + n, date '1900-01-31' + n, date '1900-02-02' + n, 1) AS h
FROM generate_series(1, 50000) n;
SELECT simulate_policy(
    '{"steps": [{"level": 1, "after_days": 5}], "wait": {}}', h, '2100-01-01',
    portfolio_prior => true)
FROM many_dates;
