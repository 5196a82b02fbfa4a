-- Thousands of documents and payments in LedgerSMB's tables, and what a walk through the payments says settled what.
SELECT setseed(0.5) \g /dev/null
CREATE TABLE expected (invoice_id text, paid_date date, settled_by text, amount numeric);
CREATE TEMP TABLE document (id int, number text, day date, due date, total numeric, rest numeric);
-- One payment and the parts of documents that it settles; undone: reversed later.
CREATE TEMP TABLE portion (payment int, document int, day date, amount numeric, undone boolean);
CREATE INDEX ON portion (document);
CREATE INDEX ON portion (payment);
CREATE INDEX ON document (id);

DO $$
DECLARE
    who int; n int; k int; total numeric; day date; d record; p record; part numeric; net numeric; receipt
        int; entry
        int; undone
        boolean;
BEGIN
    FOR k IN 1..150 LOOP
        who := customer('Generated ' || k);
        FOR n IN 1..10 LOOP
            total := (1 + (random() * 100000)::int) / 100.0 * CASE WHEN random() < 0.2 THEN -1 ELSE 1 END;
            day := date '2023-01-01' + (random() * 300)::int;
            INSERT INTO document SELECT id, 'G' || k || '-' || n, day, day + 30, total, abs(total)
                FROM invoice('G' || k || '-' || n, 'Generated ' || k, day, total) AS id;
        END LOOP;
        FOR n IN 1..8 LOOP
            day := date '2023-11-01' + n * 10 + k % 10;
            INSERT INTO payment (reference, payment_class, payment_date, entity_credit_id) VALUES
                ('g', 2, day, who)
            RETURNING id INTO receipt;
            FOR d IN
                SELECT *
                FROM document
                WHERE number LIKE 'G' || k || '-%' AND rest > 0
                ORDER BY random()
                LIMIT 3
            LOOP
                part := CASE
                    WHEN random() < 0.5 THEN d.rest
                    ELSE least(d.rest, round(d.rest * random()::numeric, 2) + 0.01)
                END;
                undone := random() < 0.1;
                INSERT INTO acc_trans (trans_id, chart_id, amount, transdate, source) VALUES
                    (d.id, accno('1200'), sign(d.total) * part, day, 'g' || receipt)
                RETURNING entry_id INTO entry;
                INSERT INTO payment_links VALUES (receipt, entry, 1);
                INSERT INTO acc_trans (trans_id, chart_id, amount, transdate, source)
                    VALUES (d.id, accno('1060'), -sign(d.total) * part, day, 'g' || receipt);
                IF undone THEN
                    INSERT INTO acc_trans (trans_id, chart_id, amount, transdate, source)
                    SELECT d.id, accno(a), side * sign(d.total) * part, day + 5, 'g' || receipt
                    FROM (VALUES ('1200', -1), ('1060', 1)) v(a, side);
                ELSE
                    UPDATE document SET rest = rest - part WHERE id = d.id;
                END IF;
                INSERT INTO portion VALUES (receipt, d.id, day, part, undone);
            END LOOP;
        END LOOP;
    END LOOP;

    -- The walk: in each payment credit notes pay invoices in the order of their due dates, as far as both reach.
    DELETE FROM portion WHERE portion.undone;
    FOR p IN
        SELECT payment,
            portion.day,
            least(
                sum(amount) FILTER (WHERE x.total > 0),
                sum(amount) FILTER (WHERE x.total < 0)) AS netted,
            bool_or(x.total > 0) AND bool_or(x.total < 0) AS mixed
        FROM portion
        JOIN document x ON x.id = document
        GROUP BY 1, 2
    LOOP
        FOREACH k IN ARRAY ARRAY[1, -1] LOOP
            net := CASE WHEN p.mixed THEN p.netted ELSE 0 END;
            FOR d IN SELECT x.number, portion.amount FROM portion JOIN document x ON x.id = document
                WHERE payment = p.payment AND sign(x.total) = k ORDER BY x.due, x.id
            LOOP
                part := least(net, d.amount);
                net := net - part;
                INSERT INTO expected
                SELECT d.number, p.day, CASE WHEN k < 0 THEN 'credit' ELSE kind END, k * v
                FROM (VALUES ('credit', part), ('payment', d.amount - part)) x(kind, v)
                WHERE v <> 0;
            END LOOP;
        END LOOP;
    END LOOP;
    INSERT INTO expected
    SELECT number, NULL, CASE WHEN document.total < 0 THEN 'credit' END, sign(document.total) * rest
    FROM document
    WHERE rest <> 0;
END $$;
ANALYZE;
