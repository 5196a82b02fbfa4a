-- Thousands of invoices in Tryton's tables, and what a walk through each of their groups says settled what.
-- Rows are made after rows that Tryton itself wrote, with other values in some columns.
SELECT setseed(0.25) \g /dev/null
CREATE TEMP TABLE template AS
    SELECT to_jsonb(i) - 'invoice_report_cache' AS like_invoice, to_jsonb(l) AS like_line, to_jsonb(m) AS like_move,
        (SELECT to_jsonb(r) FROM account_move_reconciliation r ORDER BY id LIMIT 1) AS like_reconciliation,
        (SELECT min(id) FROM account_journal WHERE type = 'cash') AS cash,
        (SELECT min(id) FROM account_journal WHERE type = 'revenue') AS revenue,
        (SELECT min(id) FROM account_journal WHERE type = 'write-off') AS write_off
    FROM account_invoice i JOIN account_move_line l ON l.move = i.move AND l.account = i.account
        JOIN account_move m ON m.id = i.move
    ORDER BY l.id LIMIT 1;
CREATE TEMP TABLE party AS
SELECT id, row_number() OVER (ORDER BY id) - 1 AS place, count(*) OVER () AS n
FROM party_party;
CREATE FUNCTION pg_temp.like_move(new_id int, day date, kind text) RETURNS int LANGUAGE sql AS $$
    INSERT INTO account_move
    SELECT r.*
    FROM template f,
        jsonb_populate_record(
            NULL::account_move,
            f.like_move
                || jsonb_build_object(
                    'id', new_id, 'date', day, 'origin', NULL, 'state', 'posted', 'number',
                    'g' || new_id, 'journal',
                    CASE kind
                        WHEN 'payment' THEN f.cash
                        WHEN 'write_off' THEN f.write_off
                        ELSE f.revenue
                    END)) r
    RETURNING id $$;
CREATE FUNCTION pg_temp.like_line(move int, who int, amount numeric, due date, reconciled int)
    RETURNS int LANGUAGE sql AS $$
    INSERT INTO account_move_line
    SELECT r.*
    FROM template f,
        jsonb_populate_record(
            NULL::account_move_line,
            f.like_line
                || jsonb_build_object(
                    'id', nextval('account_move_line_id_seq'), 'move', move, 'party', who, 'debit',
                    greatest(amount, 0), 'credit', greatest(-amount, 0), 'maturity_date', due,
                    'reconciliation', reconciled)) r
    RETURNING id $$;
CREATE FUNCTION pg_temp.like_invoice(new_id int, move int, who int, day date) RETURNS int LANGUAGE sql AS $$
    INSERT INTO account_invoice
    SELECT r.*
    FROM template f,
        jsonb_populate_record(
            NULL::account_invoice,
            f.like_invoice
                || jsonb_build_object(
                    'id', new_id, 'move', move, 'number', 'G' || new_id, 'invoice_date', day,
                    'party', who, 'state', 'posted')) r
    RETURNING id $$;

CREATE TABLE expected (invoice_id text, paid_date date, settled_by text, amount numeric);
-- The lines of the group at hand, in the order in which they meet.
CREATE TEMP TABLE debt (name text, due date, day date, id int, rest numeric);
CREATE TEMP TABLE credit (name text, day date, kind text, id int, rest numeric);

DO $$
DECLARE
    pool int; who int; document int; move int; reconciled int; n int; k int; line int;
    day date; total numeric; amount numeric; given numeric; settling text; d record; c record; part numeric;
BEGIN
    FOR pool IN 1..400 LOOP
        DELETE FROM debt;
        DELETE FROM credit;
        who := (SELECT id FROM party WHERE place = pool % party.n);
        reconciled := NULL;
        IF random() < 0.5 THEN
            reconciled := nextval('account_move_reconciliation_id_seq');
            INSERT INTO account_move_reconciliation
            SELECT r.*
            FROM template f,
                jsonb_populate_record(
                    NULL::account_move_reconciliation,
                    f.like_reconciliation
                        || jsonb_build_object('id', reconciled, 'delegate_to', NULL)) r;
        END IF;
        total := 0;
        FOR n IN 1..CASE WHEN reconciled IS NULL THEN 1 ELSE 1 + (random() * 2)::int END LOOP
            day := date '2023-01-01' + (random() * 300)::int;
            document := 100000 + pool * 10 + n;
            move := pg_temp.like_invoice(document, pg_temp.like_move(document, day, 'credit'), who, day);
            FOR k IN 1..1 + (random() * 2)::int LOOP
                amount := 1 + (random() * 100000)::int / 100.0;
                total := total + amount;
                line := pg_temp.like_line(document, who, amount, day + 30 * k, reconciled);
                INSERT INTO debt VALUES
                    (
                        'G' || document || CASE WHEN k > 1 THEN '/' || k ELSE '' END, day + 30 * k,
                        day, line, amount);
            END LOOP;
        END LOOP;
        given := 0;
        FOR n IN 1..(random() * 4)::int LOOP
            settling := (ARRAY['payment', 'payment', 'credit', 'write_off'])[1 + floor(random() * 4)::int];
            CONTINUE WHEN settling <> 'payment' AND reconciled IS NULL;
            amount := round(least((total - given) * random()::numeric, 600), 2);
            CONTINUE WHEN amount <= 0;
            day := date '2023-02-01' + (random() * 400)::int;
            document := 200000 + pool * 10 + n;
            PERFORM pg_temp.like_move(document, day, settling);
            IF settling = 'credit' THEN
                PERFORM pg_temp.like_invoice(document, document, who, day);
            END IF;
            line := pg_temp.like_line(document, who, -amount, CASE WHEN settling = 'credit' THEN day END, reconciled);
            IF reconciled IS NULL THEN
                INSERT INTO "account_invoice-account_move_line" (invoice, line) VALUES (100000 + pool * 10 + 1, line);
            END IF;
            INSERT INTO credit VALUES ('G' || document, day, settling, line, amount);
            given := given + amount;
        END LOOP;
        IF reconciled IS NOT NULL THEN
            day := date '2024-03-01' + pool % 50;
            document := 200000 + pool * 10 + 9;
            PERFORM pg_temp.like_move(document, day, 'payment');
            line := pg_temp.like_line(document, who, given - total, NULL, reconciled);
            INSERT INTO credit VALUES (NULL, day, 'payment', line, total - given);
        END IF;

        -- The walk: the earliest credit pays the debt that is due first.
        FOR d IN SELECT * FROM debt ORDER BY due, id LOOP
            FOR c IN
                SELECT *
                FROM credit
                WHERE rest > 0
                ORDER BY day, position(kind IN 'payment credit write_off'), id
            LOOP
                part := least(c.rest, d.rest);
                EXIT WHEN part = 0;
                UPDATE credit SET rest = rest - part WHERE id = c.id;
                d.rest := d.rest - part;
                INSERT INTO expected VALUES
                    (
                        d.name,
                        CASE WHEN c.kind = 'credit' THEN greatest(c.day, d.day) ELSE c.day END,
                        c.kind, part);
                IF c.kind = 'credit' THEN
                    INSERT INTO expected VALUES (c.name, greatest(c.day, d.day), 'credit', -part);
                END IF;
            END LOOP;
            IF d.rest > 0 THEN
                INSERT INTO expected VALUES (d.name, NULL, NULL, d.rest);
            END IF;
        END LOOP;
    END LOOP;
END $$;
ANALYZE;
