-- Letters, against the same counted out customer by customer.
SET client_min_messages = warning;
CREATE SCHEMA IF NOT EXISTS receivables;
CREATE EXTENSION IF NOT EXISTS receivables SCHEMA receivables;
RESET client_min_messages;
SET search_path = receivables, public;
SET datestyle = 'ISO';
\getenv folder PG_ABS_SRCDIR
\set file :folder '/test/sql/helpers.sql'
\i :file
\set VERBOSITY terse

CREATE SCHEMA letter_test;
CREATE FUNCTION letter_test.h(i int, k int, salt int) RETURNS int LANGUAGE sql IMMUTABLE
    RETURN (hashint8extended(i * 1000 + salt, 11) % k + k) % k;
-- Some customers dispute most of what they get; some invoices are small; credits are open, with and without
-- a due date.
CREATE TABLE letter_test.item AS
SELECT format('C%s', c) AS customer_id,
    format('I%s', i) AS invoice_id,
    d AS invoice_date,
    CASE WHEN credit AND letter_test.h(i, 2, 2) = 0 THEN NULL ELSE d + 30 END AS due_date,
    CASE
        WHEN letter_test.h(i, 3, 3) > 0
            THEN d + 25 + letter_test.h(c, 30, 4) + letter_test.h(i, 10, 5)
    END AS paid_date,
    a AS amount,
    CASE WHEN letter_test.h(i, 3, 3) > 0 THEN 0 ELSE a END AS open_amount,
    letter_test.h(i, CASE WHEN c % 9 = 0 THEN 2 ELSE 30 END, 8) = 0 AS disputed,
    CASE
        WHEN c % 2 = 0
            THEN jsonb_build_object(
                'credit_limit', 100 + 60 * c, 'insured_amount',
                CASE c % 6
                    WHEN 0 THEN to_jsonb(2000)
                    WHEN 2 THEN '"much"'
                    ELSE 'null'::jsonb
                END)
    END AS attributes
FROM generate_series(1, 700) AS i,
    LATERAL (
        SELECT letter_test.h(i, 50, 1) AS c,
            letter_test.h(i, 20, 6) = 0 AS credit,
            date '2025-01-01' + letter_test.h(i, 340, 14) AS d
    ) AS t,
    LATERAL (
        SELECT CASE WHEN credit THEN -1 ELSE 1 END * (3 + letter_test.h(i, 40000, 7) / 100.0) AS a
    ) AS u;
CREATE INDEX ON letter_test.item (customer_id);
ANALYZE letter_test.item;
INSERT INTO dunning_policies VALUES
    (
        'letters',
        '{"steps": [{"level": 0, "after_days": -3, "channel": "email", "template": "notice"},
                    {"level": 1, "after_days": 0, "channel": "email"},
                    {"level": 2, "after_days": 10, "from": "previous_reminder", "channel": "letter",
                     "min_amount": 200, "fee_percent": 1},
                    {"level": 3, "after_days": 10, "from": "previous_reminder", "channel": "phone",
                     "repeat_every_days": 20}],
          "min_interval_days": 5,
          "min_amount": 60,
          "max_reminders": 8,
          "start": {"older_than_days": 150, "status": "review"}}');
SELECT register_source('letters', 'letter_test.item', dunning_policy => 'letters');
SET client_min_messages = warning;
CALL refresh_segments('letters', '2025-12-01');
RESET client_min_messages;

-- One customer: what is claimed together, then each of its items, one after the other.
CREATE FUNCTION letter_test.expected(as_of date)
    RETURNS TABLE (
        customer_id text, segment text, level int, channel text, template text, amount numeric,
        overdue_amount numeric, credit_amount numeric, fee numeric, invoice_count int,
        oldest_due_date date, reason text, lines bigint, raised bigint) LANGUAGE plpgsql AS $$
DECLARE
    customer text;
    i record;
    answer reminder_plan;
    best reminder_plan;
    claim numeric;
    best_notice boolean;
    seg text;
    prof payment_profile;
    overdue numeric;
    credits numeric;
    noticed numeric;
    today numeric;
    n_overdue int; n_today int; n_notice int; n_credit int;
    n_raised int;
    oldest date;
    oldest_notice date;
    policy dunning_policy := (SELECT d.policy FROM dunning_policies AS d WHERE d.name = 'letters');
BEGIN
    FOR customer IN SELECT DISTINCT t.customer_id FROM letter_test.item AS t LOOP
        SELECT c.segment, c.profile INTO seg, prof FROM customer_segments AS c
        WHERE c.source = 'letters' AND c.customer_id = customer;
        SELECT coalesce(sum(o.open), 0), count(*), min(o.due_date)
        INTO overdue, n_overdue, oldest
        FROM (
            SELECT t.*, CASE WHEN t.paid_date IS NULL THEN t.open_amount ELSE t.amount END AS open
            FROM letter_test.item AS t
        ) AS o
        WHERE o.customer_id = customer
            AND (o.paid_date IS NULL OR o.paid_date > as_of)
            AND o.invoice_date <= as_of
            AND o.open > 0
            AND o.due_date < as_of
            AND NOT o.disputed;
        SELECT coalesce(sum(t.amount), 0), count(*) INTO credits, n_credit FROM letter_test.item AS t
        WHERE t.customer_id = customer AND (t.paid_date IS NULL OR t.paid_date > as_of) AND t.invoice_date <= as_of
            AND t.amount < 0;
        best := NULL; best_notice := NULL; noticed := 0; today := 0; n_notice := 0; n_today := 0; n_raised := 0;
        oldest_notice := NULL;
        FOR i IN SELECT t.* FROM letter_test.item AS t
                 WHERE t.customer_id = customer AND (t.paid_date IS NULL OR t.paid_date > as_of)
                     AND t.invoice_date <= as_of AND t.amount > 0 ORDER BY t.due_date, t.invoice_id LOOP
            claim := CASE WHEN i.due_date < as_of AND NOT i.disputed THEN overdue + credits
                          WHEN i.due_date <= as_of THEN overdue + credits + i.amount ELSE i.amount END;
            answer := next_reminder(
                policy, i.due_date, claim, as_of, seg, prof,
                last_level => (
                    SELECT r.level
                    FROM reminders AS r
                    WHERE r.source = 'letters'
                        AND r.invoice_id = i.invoice_id
                        AND r.reminder_date <= as_of
                    ORDER BY r.reminder_date DESC
                    LIMIT 1
                ),
                last_reminder_date => (
                    SELECT max(r.reminder_date)
                    FROM reminders AS r
                    WHERE r.source = 'letters'
                        AND r.invoice_id = i.invoice_id
                        AND r.reminder_date <= as_of
                ),
                reminder_count => (
                    SELECT nullif(count(*), 0)::int
                    FROM reminders AS r
                    WHERE r.source = 'letters'
                        AND r.invoice_id = i.invoice_id
                        AND NOT r.notice
                        AND r.reminder_date <= as_of
                ),
                last_contact_date => (
                    SELECT max(r.reminder_date)
                    FROM reminders AS r
                    WHERE r.source = 'letters'
                        AND r.customer_id = customer
                        AND NOT r.notice
                        AND r.reminder_date <= as_of
                ),
                disputed => i.disputed);
            IF answer.reminder_date <= as_of THEN
                n_raised := n_raised + 1;
                IF i.due_date > as_of THEN
                    noticed := noticed + i.amount; n_notice := n_notice + 1;
                    oldest_notice := coalesce(oldest_notice, i.due_date);
                ELSIF i.due_date = as_of THEN
                    today := today + i.amount; n_today := n_today + 1; oldest := coalesce(oldest, i.due_date);
                END IF;
                IF best_notice IS NULL OR (i.due_date <= as_of AND best_notice)
                   OR ((i.due_date > as_of) = best_notice AND answer.level > best.level) THEN
                    best := answer; best_notice := i.due_date > as_of;
                END IF;
            END IF;
        END LOOP;
        CONTINUE WHEN best_notice IS NULL;
        IF best_notice THEN
            RETURN QUERY SELECT customer, seg, best.level, best.channel, best.template, noticed, 0::numeric, 0::numeric,
                best.fee, n_notice, oldest_notice, best.reason, n_notice::bigint, n_raised::bigint;
        ELSE
            RETURN QUERY SELECT customer, seg, best.level, best.channel, best.template, overdue + today + credits,
                overdue + today, credits, best.fee, n_overdue + n_today, oldest, best.reason,
                (n_overdue + n_today + n_credit + n_notice)::bigint, n_raised::bigint;
        END IF;
    END LOOP;
END;
$$;
CREATE FUNCTION letter_test.compare(as_of date)
    RETURNS TABLE (letters bigint, differences bigint, notices bigint, highest int, netted bigint)
    LANGUAGE sql BEGIN ATOMIC
    SELECT count(l.customer_id),
        count(*) FILTER (WHERE (
            l.segment, l.level, l.channel, l.template, l.amount, l.overdue_amount, l.credit_amount,
            l.fee, l.invoice_count, l.oldest_due_date, l.reason, jsonb_array_length(l.invoices),
            (
                SELECT count(*)
                FROM jsonb_array_elements(l.invoices) AS i
                WHERE i ->> 'level' IS NOT NULL
            ))
            IS DISTINCT FROM (
                e.segment, e.level, e.channel, e.template, e.amount, e.overdue_amount,
                e.credit_amount, e.fee, e.invoice_count, e.oldest_due_date, e.reason, e.lines,
                e.raised)),
        count(*) FILTER (WHERE l.overdue_amount = 0),
        max(l.level),
        count(*) FILTER (WHERE l.credit_amount < 0) FROM plan_letters('letters', as_of) AS l
    FULL JOIN letter_test.expected(as_of) AS e USING (customer_id); END;

-- Two months: each day's letters are compared, sent and recorded; on some days nobody comes to it.
CREATE TABLE letter_test.day (
    as_of date, letters bigint, differences bigint, notices bigint, highest int, netted bigint,
    recorded bigint, again bigint);
DO $$
DECLARE
    day date;
    found record;
    recorded bigint;
BEGIN
    FOR day IN SELECT date '2025-09-15' + n FROM generate_series(0, 60) AS n WHERE n % 5 <> 3 LOOP
        found := letter_test.compare(day);
        recorded := (SELECT count(*) FROM record_letters('letters', day));
        INSERT INTO letter_test.day
        SELECT day,
            found.letters,
            found.differences,
            found.notices,
            found.highest,
            found.netted,
            recorded,
            (SELECT count(*) FROM plan_letters('letters', day));
    END LOOP;
END $$;
SELECT sum(letters) > 200 AS letters,
    sum(differences) AS differences,
    sum(notices) > 20 AS notices,
    max(highest) AS highest,
    sum(netted) > 5 AS netted,
    sum(recorded) = sum(letters) AS recorded,
    sum(again) AS again
FROM letter_test.day;
-- a day on which nobody came to it, looked at afterwards
SELECT letters > 0 AS letters, differences FROM letter_test.compare('2025-11-12');

-- How late customers are so far: open invoices count with the days they are late.
SELECT count(*) AS differences
FROM (
    SELECT customer_id,
        payment_profile(invoice_date, due_date, paid_date, amount, disputed, '2025-12-01') AS p,
        avg(CASE
            WHEN paid_date <= '2025-12-01' THEN paid_date - due_date
            ELSE date '2025-12-01' - due_date
        END) FILTER (WHERE amount > 0
            AND NOT disputed
            AND invoice_date <= '2025-12-01'
            AND (paid_date <= '2025-12-01' OR due_date < '2025-12-01')) AS expected
    FROM letter_test.item
    GROUP BY customer_id
) AS c
WHERE abs(days_late_so_far(p, '2025-12-01') - expected) > 1e-9
    OR (days_late_so_far(p, '2025-12-01') IS NULL) <> (expected IS NULL);

SET client_min_messages = warning;
DROP SCHEMA letter_test CASCADE;
SELECT unregister_source('letters', true);
DELETE FROM dunning_policies;
