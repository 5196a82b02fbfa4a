-- Some thousands of invoices of a second batch of customers: 0 to 3 payments each; every twentieth is a credit
-- note, a quarter of which the next invoice consumes.
SET client_min_messages = warning;
SELECT setseed(0.5);
INSERT INTO llx_societe (rowid, nom, fk_pays) SELECT 1000 + c, 'Customer ' || c, 1 FROM generate_series(1, 300) AS c;
CREATE TABLE batch AS
SELECT n, 100000 + n AS id, 'FA2500-' || lpad(n::text, 5, '0') AS ref, 1001 + n / 2 % 300 AS party,
       date '2024-01-01' + (random() * 600)::integer AS day, CASE WHEN n % 20 = 0 THEN 2 ELSE 0 END AS kind,
       CASE WHEN n % 20 = 0 THEN -1 ELSE 1 END * (1 + round((random() * 1000)::numeric, 2)) AS total
FROM generate_series(1, 12000) AS n;
INSERT INTO llx_facture (rowid, ref, type, fk_soc, datef, date_lim_reglement, total_ttc, fk_statut)
SELECT id, ref, kind, party, day, day + 30, total, 1 FROM batch;
CREATE TABLE event AS
SELECT id, day + (random() * 90 - 10)::integer AS day, trunc(total / 4, 2) AS value, row_number() OVER () AS n
FROM batch, generate_series(1, 3) AS p WHERE kind = 0 AND p <= n % 4;
INSERT INTO llx_paiement (rowid, datep, amount) SELECT 100000 + n, day, value FROM event;
INSERT INTO llx_paiement_facture (fk_paiement, fk_facture, amount) SELECT 100000 + n, id, value FROM event;
INSERT INTO llx_societe_remise_except (fk_soc, datec, amount_ttc, fk_facture_source, fk_facture)
SELECT source.party, source.day + 3, -trunc(source.total / 4, 2), source.id, target.id
FROM batch AS source JOIN batch AS target ON target.n = source.n + 1 WHERE source.kind = 2;
INSERT INTO event
SELECT side.id, greatest(source.day + 3, target.day), side.sign * trunc(source.total / 4, 2)
FROM batch AS source JOIN batch AS target ON target.n = source.n + 1,
     LATERAL (VALUES (source.id, 1), (target.id, -1)) AS side (id, sign) WHERE source.kind = 2;
-- some are closed with less and some are abandoned
UPDATE llx_facture
SET fk_statut = 2, close_code = 'discount_vat', date_closing = datef + 100
WHERE rowid > 100000 AND rowid % 11 = 0 AND rowid % 20 <> 1 AND type = 0;
UPDATE llx_facture
SET fk_statut = 3, close_code = 'badcustomer', date_closing = datef + 200
WHERE rowid > 100000 AND rowid % 101 = 0 AND rowid % 20 <> 1 AND type = 0;
INSERT INTO event
SELECT b.id, f.date_closing::date, b.total - coalesce((SELECT sum(value) FROM event AS e WHERE e.id = b.id), 0)
FROM batch AS b JOIN llx_facture AS f ON f.rowid = b.id WHERE f.fk_statut > 1;

CREATE VIEW document_total AS
SELECT ref AS document,
    total,
    total - coalesce((SELECT sum(value) FROM event AS e WHERE e.id = b.id), 0) AS residual
FROM batch AS b;
CREATE FUNCTION open_on(until date) RETURNS numeric LANGUAGE sql STABLE AS $$
    SELECT (SELECT sum(total) FROM batch WHERE day <= until)
           - (SELECT sum(value) FROM event AS e JOIN batch AS b USING (id) WHERE b.day <= until AND e.day <= until)
$$;
CREATE INDEX ON event (id);
