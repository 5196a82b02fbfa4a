-- The tables of Dolibarr 21 that hold customer invoices and their settlement: the columns that matter, as its
-- definitions for MySQL read after Dolibarr's own translation for PostgreSQL.
SET client_min_messages = warning;
CREATE TABLE llx_c_country (rowid integer PRIMARY KEY, code varchar(2) NOT NULL, label varchar(128));
CREATE TABLE llx_c_typent (id integer PRIMARY KEY, code varchar(12) NOT NULL, libelle varchar(128));
CREATE TABLE llx_societe (
    rowid serial PRIMARY KEY, nom varchar(128), entity integer DEFAULT 1 NOT NULL,
    code_client varchar(24), fk_pays integer DEFAULT 0, fk_typent integer, ape varchar(128),
    email varchar(128), default_lang varchar(6), outstanding_limit numeric(24,8),
    client smallint DEFAULT 0);
CREATE TABLE llx_facture (
    rowid serial PRIMARY KEY, ref varchar(30) NOT NULL, entity integer DEFAULT 1 NOT NULL,
    type smallint DEFAULT 0 NOT NULL, fk_soc integer NOT NULL REFERENCES llx_societe, datef date,
    date_valid date, tms timestamp without time zone DEFAULT now() NOT NULL, date_closing timestamp,
    paye smallint DEFAULT 0 NOT NULL, close_code varchar(16), total_ttc numeric(24,8) DEFAULT 0,
    fk_statut smallint DEFAULT 0 NOT NULL, fk_facture_source integer REFERENCES llx_facture,
    date_lim_reglement date, multicurrency_code varchar(3),
    multicurrency_tx numeric(24,8) DEFAULT 1, multicurrency_total_ttc numeric(24,8) DEFAULT 0,
    dispute_status integer DEFAULT 0);
CREATE UNIQUE INDEX uk_facture_ref ON llx_facture (ref, entity);
CREATE INDEX idx_facture_fk_soc ON llx_facture (fk_soc);
CREATE INDEX idx_facture_fk_statut ON llx_facture (fk_statut);
CREATE INDEX idx_facture_datef ON llx_facture (datef);
CREATE TABLE llx_facturedet (
    rowid serial PRIMARY KEY,
    fk_facture integer NOT NULL REFERENCES llx_facture,
    total_ttc numeric(24,8) DEFAULT 0);
CREATE TABLE llx_paiement (
    rowid serial PRIMARY KEY, entity integer DEFAULT 1 NOT NULL, datep timestamp,
    amount numeric(24,8) DEFAULT 0, fk_paiement integer NOT NULL DEFAULT 2);
CREATE TABLE llx_paiement_facture (rowid serial PRIMARY KEY, fk_paiement integer REFERENCES llx_paiement,
    fk_facture integer REFERENCES llx_facture, amount numeric(24,8) DEFAULT 0);
CREATE INDEX idx_paiement_facture_fk_facture ON llx_paiement_facture (fk_facture);
CREATE INDEX idx_paiement_facture_fk_paiement ON llx_paiement_facture (fk_paiement);
CREATE UNIQUE INDEX uk_paiement_facture ON llx_paiement_facture (fk_paiement, fk_facture);
CREATE TABLE llx_societe_remise_except (
    rowid serial PRIMARY KEY, fk_soc integer NOT NULL REFERENCES llx_societe, datec timestamp,
    amount_ht numeric(24,8) NOT NULL DEFAULT 0, amount_ttc numeric(24,8) DEFAULT 0 NOT NULL,
    fk_user integer NOT NULL DEFAULT 1, fk_facture_line integer REFERENCES llx_facturedet,
    fk_facture integer REFERENCES llx_facture, fk_facture_source integer REFERENCES llx_facture,
    description varchar(255) NOT NULL DEFAULT '');
CREATE INDEX idx_societe_remise_except_fk_facture_line ON llx_societe_remise_except (fk_facture_line);
CREATE INDEX idx_societe_remise_except_fk_facture ON llx_societe_remise_except (fk_facture);
CREATE INDEX idx_societe_remise_except_fk_facture_source ON llx_societe_remise_except (fk_facture_source);

INSERT INTO llx_c_country VALUES (1, 'FR', 'France');
INSERT INTO llx_c_typent VALUES (3, 'TE_MEDIUM', 'PME');
INSERT INTO llx_societe (rowid, nom, code_client, fk_pays, fk_typent, ape, outstanding_limit, client)
    VALUES (7, 'Miller', 'CU-7', 1, 3, '4120A', 5000, 1), (8, 'Smith', 'CU-8', 0, NULL, NULL, NULL, 1);

CREATE FUNCTION invoice(
    number text, kind integer, party integer, day date, due date, total numeric,
    status integer DEFAULT 1, closing text DEFAULT NULL, closed date DEFAULT NULL)
    RETURNS void LANGUAGE sql AS $$
    INSERT INTO llx_facture (
        ref, type, fk_soc, datef, date_lim_reglement, total_ttc, fk_statut, paye, close_code,
        date_closing)
    VALUES (number, kind, party, day, due, total, status, (status = 2)::integer, closing, closed)
$$;
CREATE FUNCTION pay(number text, day timestamp, value numeric) RETURNS void LANGUAGE sql AS $$
    WITH paid AS (INSERT INTO llx_paiement (datep, amount) VALUES (day, value) RETURNING rowid)
    INSERT INTO llx_paiement_facture (fk_paiement, fk_facture, amount)
    SELECT paid.rowid, f.rowid, value FROM paid, llx_facture AS f WHERE ref = number
$$;
CREATE FUNCTION credit(
    from_number text, day timestamp, value numeric, to_number text DEFAULT NULL,
    in_line boolean DEFAULT false)
    RETURNS void LANGUAGE sql AS $$
    WITH line AS (
        INSERT INTO llx_facturedet (fk_facture, total_ttc)
        SELECT rowid, -value FROM llx_facture WHERE ref = to_number AND in_line
        RETURNING rowid
    )
    INSERT INTO llx_societe_remise_except (
        fk_soc, datec, amount_ttc, fk_facture_source, fk_facture, fk_facture_line)
    SELECT fk_soc,
        day,
        value,
        rowid,
        (SELECT rowid FROM llx_facture WHERE ref = to_number AND NOT in_line),
        (SELECT rowid FROM line)
    FROM llx_facture
    WHERE ref = from_number
$$;
