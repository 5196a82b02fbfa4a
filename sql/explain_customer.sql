-- One customer in words: what it says agrees with the plan and the lists; and it reads the rows of that customer alone.
SET client_min_messages = warning;
CREATE SCHEMA IF NOT EXISTS receivables;
CREATE EXTENSION IF NOT EXISTS receivables SCHEMA receivables;
SET search_path = receivables, public;
SET datestyle = 'ISO';
\set SHOW_CONTEXT never

CREATE SCHEMA explain_test;
CREATE FUNCTION explain_test.h(i int, k int, salt int)
    RETURNS int LANGUAGE sql IMMUTABLE RETURN (hashint8extended(i * 1000 + salt, 23) % k + k) % k;
CREATE TABLE explain_test.item AS
SELECT c AS customer_id,
    'Customer ' || c AS customer_name,
    'I' || i AS invoice_id,
    d AS invoice_date,
    d + 30 AS due_date,
    CASE
        WHEN NOT (c % 7 = 0 AND d > '2025-07-01') AND explain_test.h(i, 25, 3) > 0
            THEN d + 28 + explain_test.h(c, 20, 4) + explain_test.h(
                i, 1 + c % 30, 5)
    END AS paid_date,
    a AS amount,
    a AS open_amount,
    explain_test.h(i, CASE WHEN c % 11 = 0 THEN 2 ELSE 30 END, 8) = 0 AS disputed,
    CASE WHEN explain_test.h(i, 2, 9) = 0 THEN 'broken' END AS dispute_reason,
    CASE WHEN explain_test.h(i, 4, 21) = 0 THEN d + 35 END AS disputed_from,
    CASE WHEN explain_test.h(i, 9, 10) = 0 THEN d + 40 END AS promised_date,
    CASE c % 3 WHEN 0 THEN '{"credit_limit": 700}'::jsonb END AS attributes
FROM generate_series(1, 3000) AS i,
    LATERAL (
        SELECT explain_test.h(i, 150, 1) AS c,
            date '2024-06-01' + explain_test.h(i, 560, 2) AS d,
            CASE WHEN explain_test.h(i, 20, 6) = 0 THEN -1 ELSE 1 END * (3 + explain_test.h(
                i, 40000, 7) / 100.0)::numeric(12, 2) AS a
    ) AS t;
UPDATE explain_test.item SET open_amount = CASE WHEN paid_date IS NULL THEN amount ELSE 0 END;
CREATE INDEX item_customer ON explain_test.item (customer_id);
ANALYZE explain_test.item;
SELECT register_source('explain', 'explain_test.item');
CALL refresh_segments('explain', '2025-10-01');
SELECT count(*) > 10 AS sent FROM record_reminders('explain', '2025-10-01');
SELECT mark_seen('explain', customer_id, as_of => '2025-10-02')
FROM customers_to_watch('explain', '2025-10-02', 1)
WHERE customer_id IS NOT NULL;
SELECT record_decision('explain', customer_id, 'hold', 'as proposed', 'Eve', '2025-10-02')
    > 0 AS decided
FROM credit_hold_candidates('explain', '2025-10-02')
LIMIT 1;

-- Every customer, against the lists for all.
CREATE TEMP TABLE told AS
SELECT c.customer_id, e.topic, e.explanation
FROM customer_segments AS c, LATERAL explain_customer('explain', c.customer_id, '2025-10-05') AS e;
SELECT topic,
    count(*) > 20 AS often,
    count(DISTINCT customer_id) = (SELECT count(*) FROM customer_segments) AS of_everybody
FROM told
GROUP BY topic
ORDER BY topic;
SELECT count(*) AS reminders,
    count(*) FILTER (WHERE t.explanation NOT LIKE format(
            '%%: level %s on %s, %s', p.level, p.reminder_date, p.reason)
        OR t.explanation IS NULL) AS different
FROM plan_reminders('explain', '2025-10-05', 100) AS p
LEFT JOIN told AS t
    ON t.customer_id = p.customer_id
        AND t.topic = 'reminder'
        AND t.explanation LIKE format(
            'invoice %s of %s, due on %s:%%', p.invoice_id, p.amount, p.due_date)
WHERE p.customer_id NOT IN (
    SELECT customer_id FROM told WHERE topic = 'reminder' AND explanation LIKE '% more'
);
SELECT count(*) > 100 AS held, count(*) FILTER (WHERE t.explanation IS NULL) AS different
FROM held_back('explain', '2025-10-05') AS h
LEFT JOIN told AS t
    ON t.customer_id = h.customer_id
        AND t.topic = 'reminder'
        AND t.explanation LIKE format(
            'invoice %s of %s, due on %s: %%', h.invoice_id, h.amount, h.due_date)
        AND (t.explanation LIKE '%' || split_part(h.reason, '; as a letter', 1) || '%'
            OR h.held_from = 'letters')
WHERE h.customer_id NOT IN (
    SELECT customer_id FROM told WHERE topic = 'reminder' AND explanation LIKE '% more'
);
SELECT count(*) AS customers,
    count(*) FILTER (WHERE t.explanation IS DISTINCT FROM CASE
        WHEN w.reason = 'pays as usual' THEN 'not on it: ' || w.reason
        WHEN w.needs_attention THEN w.amount_at_stake || ' at stake: ' || w.reason
        ELSE 'not on it, ' || w.reason
    END) AS different,
    count(*) FILTER (WHERE w.reason LIKE 'seen%') AS seen
FROM customers_to_watch('explain', '2025-10-05', everybody => true) AS w
LEFT JOIN told AS t ON t.customer_id = w.customer_id AND t.topic = 'watch list';
SELECT count(h.customer_id) > 10 AS held,
    count(*) FILTER (WHERE t.explanation IS DISTINCT FROM concat_ws(
        '; ',
        CASE h.proposal WHEN 'hold' THEN 'to be held: ' WHEN 'warn' THEN 'to be warned of: ' END
            || h.reason || '; until ' || h.released_when,
        CASE WHEN h.customer_id IS NULL THEN 'no reason for a hold' END,
        CASE
            WHEN h.decision IS NOT NULL
                THEN 'Eve decided on 2025-10-02: hold, as proposed'
        END)) AS different
FROM (SELECT * FROM told WHERE topic = 'credit') AS t
FULL JOIN credit_hold_candidates('explain', '2025-10-05') AS h USING (customer_id);
SELECT count(*) AS segments, count(*) FILTER (WHERE t.explanation NOT LIKE c.segment || '%') AS different
FROM customer_segments AS c LEFT JOIN told AS t ON t.customer_id = c.customer_id AND t.topic = 'segment';
SELECT count(*) AS different
FROM (
    SELECT customer_id, split_part(split_part(explanation, ' of ', 2), ',', 1) AS open
    FROM told
    WHERE topic = 'open'
) AS t
FULL JOIN (
    SELECT customer_id, sum(net) AS open
    FROM (
        SELECT customer_id, amount AS net FROM plan_reminders('explain', '2025-10-05', 3660)
        UNION ALL
        SELECT customer_id, amount
        FROM held_back('explain', '2025-10-05')
        WHERE invoice_id NOT IN (
            SELECT invoice_id FROM plan_reminders('explain', '2025-10-05', 3660)
        )
    ) AS x
    GROUP BY customer_id
) AS p USING (customer_id)
WHERE t.open::numeric <> p.open OR t.open = '' AND p.open > 0;

-- In words.
SELECT topic, explanation FROM explain_customer('explain', '140', '2025-10-05');
SELECT count(*) AS disputes,
    count(*) FILTER (WHERE explanation LIKE '%: broken%') AS said,
    count(*) FILTER (WHERE explanation LIKE '%, since 2025-%, % days') AS since
FROM told
WHERE topic = 'dispute';
SELECT explanation
FROM told
WHERE topic = 'dispute' AND explanation LIKE '%since%'
ORDER BY customer_id, explanation
LIMIT 2;
-- The rows are found by the index, compared in the column's own type; other texts of the number are nobody.
CREATE FUNCTION explain_test.scan(query text) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE line text;
BEGIN
    FOR line IN EXECUTE 'EXPLAIN (COSTS OFF) ' || query LOOP
        IF line ~ 'Scan' THEN RETURN NEXT trim(leading ' ->' FROM line); END IF;
    END LOOP;
END $$;
SELECT * FROM explain_test.scan(_with_items('explain', '2025-10-05', '', '140', false) || 'SELECT count(*) FROM items');
CREATE VIEW explain_test.texts AS
SELECT customer_id::text AS customer_id,
    invoice_id,
    invoice_date,
    due_date,
    paid_date,
    amount,
    open_amount
FROM explain_test.item;
CREATE INDEX item_text ON explain_test.item ((customer_id::text));
SELECT register_source('texts', 'explain_test.texts');
SELECT * FROM explain_test.scan(_with_items('texts', '2025-10-05', '', '140', false) || 'SELECT count(*) FROM items');
SELECT * FROM explain_customer('explain', ' 140', '2025-10-05');
SELECT * FROM explain_customer('explain', '0140', '2025-10-05');
SELECT * FROM explain_customer('explain', 'x'' OR true --', '2025-10-05');
SELECT * FROM explain_customer('explain', '99999999999999999999', '2025-10-05');
SELECT * FROM explain_customer('explain', NULL, '2025-10-05');
SELECT * FROM explain_customer('explain', '140', NULL);
SELECT * FROM explain_customer('texts', '140', '2025-10-05');

-- Who may not read what was learnt gets the same but for what he cannot know: since when, marks, decisions.
CREATE ROLE explainer;
GRANT USAGE ON SCHEMA receivables, explain_test TO explainer;
GRANT SELECT ON explain_test.item,
    sources,
    segment_policies,
    dunning_policies,
    business_calendars,
    refresh_runs,
    reminders,
    promises,
    review_decisions,
    contacts TO explainer;
SET ROLE explainer;
SELECT topic, explanation
FROM explain_customer('explain', '140', '2025-10-01')
WHERE topic IN ('open', 'watch list', 'credit', 'habit');
RESET ROLE;
SELECT topic, explanation
FROM explain_customer('explain', '140', '2025-10-01')
WHERE topic IN ('open', 'watch list', 'credit', 'habit');
DROP OWNED BY explainer;
DROP ROLE explainer;
DROP SCHEMA explain_test CASCADE;
SELECT unregister_source('explain', true), unregister_source('texts');
