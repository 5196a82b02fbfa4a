-- A month of daily runs on a generated portfolio, by letters and by single reminders: each open invoice is each day in
-- exactly one place, and what goes out is what the plan and the log say.
SET client_min_messages = warning;
CREATE SCHEMA IF NOT EXISTS receivables;
CREATE EXTENSION IF NOT EXISTS receivables SCHEMA receivables;
SET search_path = receivables, public;
SET datestyle = 'ISO';
\set VERBOSITY terse

CREATE SCHEMA month_test;
CREATE FUNCTION month_test.h(i int, k int, salt int) RETURNS int LANGUAGE sql IMMUTABLE
    RETURN (hashint8extended(i * 1000 + salt, 5) % k + k) % k;
-- Every column that holds something back; some rows nobody can use, some numbers have two rows or two customers.
CREATE TABLE month_test.item AS
SELECT format('C%s', month_test.h(i, 90, 1)) AS customer_id, format('I%s', i) AS invoice_id, d AS invoice_date,
    CASE WHEN month_test.h(i, 60, 2) > 0 THEN d + 30 END AS due_date,
    CASE WHEN month_test.h(i, 3, 3) > 0
         THEN d + 22 + month_test.h(month_test.h(i, 90, 1), 30, 4) + month_test.h(i, 20, 5) END AS paid_date,
    a AS amount, CASE WHEN month_test.h(i, 12, 15) = 0 THEN round(a / 2, 2) ELSE a END AS still,
    month_test.h(i, 15, 8) = 0 AS disputed,
    CASE WHEN month_test.h(i, 40, 9) = 0 THEN date 'infinity'
         WHEN month_test.h(i, 15, 9) = 1 THEN d + 60 END AS not_before,
    CASE WHEN month_test.h(i, 12, 10) = 0 THEN d + 33 + month_test.h(i, 60, 11) END AS promised_date,
    CASE month_test.h(i, 40, 12) WHEN 0 THEN 'direct_debit' WHEN 1 THEN 'at_collection' WHEN 2 THEN 'normal'
        WHEN 3 THEN 'odd' ELSE CASE WHEN i % 211 = 0 THEN 'insolvent' END END AS treatment,
    month_test.h(i, 10, 13) > 0 AS nettable,
    CASE WHEN a < 0 AND i % 2 = 0 THEN format('I%s', i + 9) END AS credited_invoice,
    CASE WHEN month_test.h(i, 40, 14) = 0 THEN 1 END AS last_level,
    CASE WHEN month_test.h(i, 40, 14) = 0 THEN d + 40 END AS last_reminder_date
FROM generate_series(1, 1500) AS i,
    LATERAL (SELECT date '2025-03-01' + month_test.h(i, 300, 6) AS d) AS t,
    LATERAL (SELECT CASE WHEN month_test.h(i, 12, 16) = 0 THEN -1 ELSE 1 END AS sign) AS s,
    LATERAL (SELECT sign * (5 + month_test.h(i, 40000, 7) / 100.0) AS a) AS u;
INSERT INTO month_test.item
    SELECT (i).* FROM month_test.item AS i WHERE invoice_id IN ('I40', 'I41', 'I42');
UPDATE month_test.item SET invoice_id = 'I50', paid_date = NULL WHERE invoice_id IN ('I51', 'I52');
CREATE VIEW month_test.receivable WITH (security_invoker = true) AS
    SELECT *, CASE WHEN paid_date IS NULL THEN still ELSE 0 END AS open_amount FROM month_test.item;
INSERT INTO business_calendars VALUES ('month', '{"holidays": ["2025-12-08", "2025-12-25", "2025-12-26"]}');
INSERT INTO dunning_policies VALUES ('month', '{"steps": [
    {"level": 0, "after_days": -4, "channel": "email"},
    {"level": 1, "after_days": 2, "channel": "email"},
    {"level": 2, "after_days": 7, "from": "previous_reminder", "channel": "letter", "min_amount": 40},
    {"level": 3, "after_days": 5, "from": "previous_reminder", "channel": "phone"},
    {"level": 4, "after_days": 5, "from": "previous_reminder", "channel": "letter", "statutory": true}],
    "wait": {"within_days": 8, "min_share": 0.4, "until_days": 12}, "min_interval_days": 3,
    "max_contacts": {"count": 2, "within_days": 10}, "min_amount": 20, "promise_max_days": 60, "promise_grace_days": 1,
    "start": {"older_than_days": 120, "status": "review"},
    "segments": {"disputing": {"steps": []}, "at risk": {"hold": true}}}');
SELECT register_source(s, 'month_test.receivable', NULL, 'month', 'month', prior => 'portfolio')
FROM unnest('{letters,reminders}'::text[]) AS s;
CALL refresh_segments('letters', '2025-11-30');
CALL refresh_segments('reminders', '2025-11-30');

CREATE TABLE month_test.run (day date, source text, invoice_id text, out boolean, held boolean, later boolean,
    unusable boolean, open boolean, held_by text);
CREATE TABLE month_test.sent (day date, source text, planned bigint, recorded bigint, logged bigint, again bigint,
    business boolean, over_limit bigint, too_soon bigint);
-- What one day does: where each invoice is, then the run itself.
CREATE PROCEDURE month_test.day(day date, source_name text) LANGUAGE plpgsql AS $$
DECLARE
    by_letter boolean := source_name = 'letters';
    planned bigint;
    recorded bigint;
BEGIN
    CREATE TEMP TABLE going AS SELECT i.invoice_id FROM plan_letters(source_name, day) AS l,
            jsonb_to_recordset(l.invoices) AS i (invoice_id text, level int) WHERE by_letter AND i.level IS NOT NULL
        UNION ALL SELECT p.invoice_id FROM plan_reminders(source_name, day) AS p WHERE NOT by_letter;
    planned := (SELECT count(*) FROM going);
    INSERT INTO month_test.run
    SELECT day, source_name, i.invoice_id, i.invoice_id IN (SELECT g.invoice_id FROM going AS g),
        h.invoice_id IS NOT NULL AND h.held_from IN ('both', source_name),
        h.invoice_id IS NULL AND p.reminder_date > day
            OR by_letter AND h.held_from = 'reminders' AND g.invoice_id IS NULL,
        i.invoice_id IN (SELECT u.invoice_id FROM unusable_items(source_name) AS u),
        i.open, h.held_by
    FROM (SELECT t.invoice_id, bool_or(coalesce(t.paid_date > day, t.still > 0)
                                       AND t.invoice_date <= day AND t.amount > 0) AS open
          FROM month_test.item AS t GROUP BY 1) AS i
        LEFT JOIN held_back(source_name, day) AS h ON h.invoice_id = i.invoice_id
        LEFT JOIN plan_reminders(source_name, day, 3660) AS p ON p.invoice_id = i.invoice_id
        LEFT JOIN going AS g ON g.invoice_id = i.invoice_id;
    IF by_letter THEN
        recorded := (SELECT count(*) FROM record_letters(source_name, day) AS l,
                         jsonb_to_recordset(l.invoices) AS i (level int) WHERE i.level IS NOT NULL);
    ELSE
        recorded := (SELECT count(*) FROM record_reminders(source_name, day));
    END IF;
    INSERT INTO month_test.sent
    SELECT day, source_name, planned, recorded,
        (SELECT count(*) FROM reminders AS r JOIN going AS g ON g.invoice_id = r.invoice_id
         WHERE r.source = source_name AND r.reminder_date = day),
        (SELECT count(*) FROM plan_letters(source_name, day) WHERE by_letter)
            + (SELECT count(*) FROM plan_reminders(source_name, day) WHERE NOT by_letter),
        (SELECT is_business_day(c.calendar, day) FROM business_calendars AS c WHERE c.name = 'month'),
        (SELECT count(*) FROM month_test.contacts(source_name, day, 9) AS c WHERE c.level < 4 AND c.days > 1),
        (SELECT count(*) FROM month_test.contacts(source_name, day, 2) AS c WHERE NOT c.notice AND c.counting > 0);
    DROP TABLE going;
END;
$$;
-- Of all that was sent on a day: on how many of the days before, within some days, its customer was spoken to.
CREATE FUNCTION month_test.contacts(source_name text, day date, within int)
    RETURNS TABLE (level int, notice boolean, days bigint, counting bigint) LANGUAGE sql AS $$
    WITH owner AS (
        SELECT DISTINCT invoice_id, customer_id FROM month_test.item
    ), contact AS (
        SELECT DISTINCT o.customer_id, r.reminder_date AS on_day, 0 AS n, bool_or(NOT r.notice) AS counts
        FROM reminders AS r JOIN owner AS o USING (invoice_id) WHERE r.source = source_name GROUP BY 1, 2
        UNION ALL SELECT t.customer_id, t.last_reminder_date, 0, true FROM month_test.item AS t
        WHERE t.last_reminder_date >= t.due_date AND t.invoice_date <= day
            AND NOT EXISTS (SELECT FROM reminders AS r JOIN owner AS o USING (invoice_id)
                            WHERE r.source = source_name AND o.customer_id = t.customer_id
                                AND r.reminder_date = t.last_reminder_date)
        UNION ALL SELECT c.customer_id, c.contacted_on, c.contact_id, true
        FROM contacts AS c WHERE c.source = source_name
    )
    SELECT r.level, r.notice,
        (SELECT count(DISTINCT (c.on_day, c.n)) FROM contact AS c
         WHERE c.customer_id = r.customer_id AND c.on_day >= day - within AND c.on_day < day),
        (SELECT count(*) FROM contact AS c
         WHERE c.customer_id = r.customer_id AND c.counts AND c.on_day >= day - within AND c.on_day < day)
    FROM reminders AS r WHERE r.source = source_name AND r.reminder_date = day
$$;
-- What people do meanwhile: promises, decisions, calls; two customers become one, due dates move.
CREATE PROCEDURE month_test.work(day date, source_name text) LANGUAGE plpgsql AS $$
DECLARE
    n int := day - date '2025-12-01';
BEGIN
    PERFORM record_promise(source_name, h.invoice_id, day + 1 + month_test.h(n, 9, 20), made_on => day)
    FROM (SELECT invoice_id FROM month_test.run AS r
          WHERE r.day = work.day AND r.source = source_name AND r.open AND NOT r.unusable
          ORDER BY hashtext(invoice_id || n) LIMIT 8) AS h;
    PERFORM settle_review(source_name, v.invoice_id, (ARRAY['dunn', 'leave_until', 'give_up'])[v.n % 3 + 1],
                CASE WHEN v.n % 3 = 1 THEN day + 5 END, day)
    FROM (SELECT invoice_id, (row_number() OVER (ORDER BY invoice_id) + n)::int AS n
          FROM invoices_to_review(source_name, day) LIMIT 3) AS v;
    PERFORM record_contact(source_name, format('C%s', 4 + month_test.h(n + k, 86, 21)), 'called',
                CASE WHEN k % 3 = 0 THEN day + 4 END, day)
    FROM generate_series(1, 6) AS k;
END;
$$;
DO $$
DECLARE
    day date;
BEGIN
    FOR day IN SELECT date '2025-12-01' + n FROM generate_series(0, 30) AS n LOOP
        IF day = '2025-12-12' THEN
            UPDATE month_test.item SET customer_id = 'C1' WHERE customer_id IN ('C2', 'C3');
            UPDATE month_test.item SET due_date = due_date + 3 WHERE invoice_id LIKE '%7' AND due_date < '2025-12-12';
        END IF;
        CALL month_test.day(day, 'letters');
        CALL month_test.day(day, 'reminders');
        CALL month_test.work(day, 'letters');
        CALL month_test.work(day, 'reminders');
    END LOOP;
END $$;

-- each open invoice is in exactly one place on each day
SELECT source, count(*) FILTER (WHERE open) > 10000 AS many, count(*) FILTER (WHERE out) > 150 AS out,
    count(*) FILTER (WHERE later) > 1000 AS later, count(*) FILTER (WHERE unusable) > 500 AS unusable,
    count(*) FILTER (WHERE open AND num_nonnulls(nullif(out, false), nullif(held, false), nullif(later, false),
                                                 nullif(unusable, false)) <> 1) AS elsewhere,
    count(*) FILTER (WHERE (out OR held OR later) AND NOT open) AS settled
FROM month_test.run GROUP BY source ORDER BY source;
-- by every reason there is
SELECT source, string_agg(DISTINCT held_by, ' ' ORDER BY held_by) AS reasons
FROM month_test.run WHERE held GROUP BY source ORDER BY source;
-- what goes out is what the log says, and nothing is left for a second run; on the other days nothing goes out
SELECT source, count(*) FILTER (WHERE planned > 0) > 15 AS often,
    count(*) FILTER (WHERE planned <> recorded OR planned <> logged) AS differ, sum(again) AS again,
    count(*) FILTER (WHERE NOT business) AS closed, sum(planned) FILTER (WHERE NOT business) AS on_closed_days,
    sum(over_limit) AS over_limit, sum(too_soon) AS too_soon
FROM month_test.sent GROUP BY source ORDER BY source;
-- nothing twice, no level before the one below it (those whose level the ERP keeps, and does not raise, apart)
SELECT source, count(*) > 150 AS sent, count(*) - count(DISTINCT (invoice_id, level)) AS twice,
    max(level) AS highest,
    count(*) FILTER (WHERE NOT notice AND level > 1 AND before IS DISTINCT FROM level - 1) AS skipped
FROM (SELECT *, lag(level) OVER (PARTITION BY source, invoice_id ORDER BY reminder_date) AS before
      FROM reminders
      WHERE source IN ('letters', 'reminders')
          AND invoice_id NOT IN (SELECT invoice_id FROM month_test.item WHERE last_level IS NOT NULL)) AS r
GROUP BY source ORDER BY source;

DROP SCHEMA month_test CASCADE;
SELECT unregister_source('letters', true), unregister_source('reminders', true);
SELECT count(*) AS left_over
FROM (SELECT source FROM promises UNION ALL SELECT source FROM review_decisions
      UNION ALL SELECT source FROM contacts) AS t;
DELETE FROM dunning_policies; DELETE FROM business_calendars;
