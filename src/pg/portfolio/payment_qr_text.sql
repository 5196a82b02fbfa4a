-- payment_qr_text: what the QR code on a payment slip says (EPC069-12).

-- ISO 7064 MOD 97-10: letters stand for 10 to 35, the first four characters go to the end, and the number leaves 1 when it
-- is divided by 97. IBAN (ISO 13616) and creditor reference (ISO 11649) are both checked so.
CREATE FUNCTION _mod_97(code text) RETURNS integer
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT (string_agg(CASE WHEN ascii(c) >= 65 THEN (ascii(c) - 55)::text ELSE c END, '' ORDER BY place)::numeric % 97)::integer
    FROM string_to_table(substr(code, 5) || left(code, 4), NULL) WITH ORDINALITY AS t (c, place)
$$;
COMMENT ON FUNCTION _mod_97(text) IS
    'internal: the remainder of an IBAN or a creditor reference by ISO 7064 MOD 97-10, which is 1 where its check digits are right; capital letters and digits only';

-- The lengths of the countries of the single euro payments area, of the registry of IBANs (ISO 13616).
CREATE FUNCTION _iban_length(country text) RETURNS integer
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT substring('AD24 AL28 AT20 BE16 BG22 CH21 CY28 CZ24 DE22 DK18 EE20 ES24 FI18 FR27 GB22 GI23 GR27 HR21 HU28 IE22 IS26 '
    || 'IT27 LI21 LT20 LU20 LV21 MC27 MD24 ME22 MK19 MT31 NL18 NO15 PL28 PT25 RO24 RS22 SE24 SI19 SK24 SM27 VA22 '
    FROM country || '(\d\d) ')::integer
$$;
COMMENT ON FUNCTION _iban_length(text) IS
    'internal: how many characters an IBAN of a country of the single euro payments area has; NULL for others';

CREATE FUNCTION _checked_iban(iban text) RETURNS text
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    code text := upper(replace(iban, ' ', '') COLLATE "C");
    wanted integer := @extschema@._iban_length(left(code, 2));
BEGIN
    IF code !~ '^[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}$' THEN
        RAISE EXCEPTION '"%" is no IBAN', iban
            USING ERRCODE = 'invalid_parameter_value',
                DETAIL = 'It is a country, two check digits, and 11 to 30 letters and digits.';
    END IF;
    IF length(code) <> wanted THEN
        RAISE EXCEPTION 'the IBAN "%" has % characters, those of % have %', iban, length(code), left(code, 2), wanted
            USING ERRCODE = 'invalid_parameter_value';
    END IF;
    IF @extschema@._mod_97(code) <> 1 OR substr(code, 3, 2)::integer NOT BETWEEN 2 AND 98 THEN
        RAISE EXCEPTION 'the check digits of the IBAN "%" are wrong', iban
            USING ERRCODE = 'invalid_parameter_value';
    END IF;
    RETURN code;
END;
$$;
COMMENT ON FUNCTION _checked_iban(text) IS
    'internal: an IBAN without spaces and in capitals; an error where its form, its length or its check digits are wrong';

CREATE FUNCTION _checked_payment_text(what text, value text, most integer) RETURNS text
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    trimmed text := btrim(value);
BEGIN
    -- The lines of the code are its fields: a line break would begin the next one.
    IF trimmed ~ '[\x01-\x1f\x7f]' THEN
        RAISE EXCEPTION 'the % of a payment cannot have line breaks or control characters: %', what, to_json(value)
            USING ERRCODE = 'invalid_parameter_value';
    END IF;
    IF length(trimmed) > most THEN
        RAISE EXCEPTION 'the % of a payment can have % characters, not %', what, most, length(trimmed)
            USING ERRCODE = 'string_data_right_truncation';
    END IF;
    RETURN trimmed;
END;
$$;
COMMENT ON FUNCTION _checked_payment_text(text, text, integer) IS
    'internal: a text of a payment without spaces around it; an error where it has control characters or is too long';

-- ISO 11649: RF, two check digits, 1 to 21 letters and digits, as the bank of the payee reads it by machine.
CREATE FUNCTION _creditor_reference(reference text) RETURNS text
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    code text := upper(replace(reference, ' ', '') COLLATE "C");
BEGIN
    IF code !~ '^RF[0-9]{2}[A-Z0-9]{1,21}$' THEN RETURN NULL; END IF;
    IF @extschema@._mod_97(code) <> 1 OR substr(code, 3, 2)::integer NOT BETWEEN 2 AND 98 THEN
        RAISE EXCEPTION 'the check digits of the creditor reference "%" are wrong', reference
            USING ERRCODE = 'invalid_parameter_value',
                HINT = 'If it is a number of your own that begins so, write a word before it.';
    END IF;
    RETURN code;
END;
$$;
COMMENT ON FUNCTION _creditor_reference(text) IS
    'internal: a creditor reference (ISO 11649) without spaces and in capitals; NULL for another text; an error where its check digits are wrong';

CREATE FUNCTION payment_qr_text(beneficiary text, iban text, amount numeric, reference text, bic text DEFAULT NULL)
    RETURNS text
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    name text := @extschema@._checked_payment_text('beneficiary'::text, beneficiary, 70);
    account text := @extschema@._checked_iban(iban);
    bank text := upper(replace(bic, ' ', '') COLLATE "C");
    note text := coalesce(@extschema@._checked_payment_text('reference'::text, reference, 140), '');
    structured text := coalesce(@extschema@._creditor_reference(note), '');
    payload text;
BEGIN
    IF name IS NULL OR account IS NULL OR amount IS NULL THEN RETURN NULL; END IF;
    IF name = '' THEN
        RAISE EXCEPTION 'a payment needs the name of its beneficiary' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    IF NOT amount BETWEEN 0.01 AND 999999999.99 OR amount <> round(amount, 2) THEN
        RAISE EXCEPTION 'the amount of a payment is 0.01 to 999999999.99 euro in whole cents, not %', amount
            USING ERRCODE = 'numeric_value_out_of_range';
    END IF;
    IF bank !~ '^[A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}([A-Z0-9]{3})?$' THEN
        RAISE EXCEPTION '"%" is no BIC', bic
            USING ERRCODE = 'invalid_parameter_value', DETAIL = 'It has 8 or 11 letters and digits.';
    END IF;
    -- Lines 1 to 4 say: bank code of EPC, version in which the BIC may be missing, UTF-8, SEPA credit transfer. Line 9
    -- is the purpose. Empty lines at the end are left out.
    payload := rtrim(concat_ws(E'\n', 'BCD', '002', '1', 'SCT', coalesce(bank, ''), name, account, 'EUR' || round(amount, 2), '',
                               structured, CASE WHEN structured = '' THEN note ELSE '' END), E'\n');
    IF octet_length(convert_to(payload, 'UTF8')) > 331 THEN
        RAISE EXCEPTION 'the text of the payment has % bytes in UTF-8, a QR code of version 13 holds 331',
                octet_length(convert_to(payload, 'UTF8'))
            USING ERRCODE = 'string_data_right_truncation', HINT = 'Shorten the reference or the name.';
    END IF;
    RETURN payload;
END;
$$;
COMMENT ON FUNCTION payment_qr_text(text, text, numeric, text, text) IS
    'text of the QR code on a European payment slip (EPC069-12, version 002, UTF-8), for any program that draws QR codes (error correction level M): beneficiary up to 70 characters; IBAN with or without spaces, its length (in the single euro payments area) and its check digits (ISO 7064 MOD 97-10) checked; amount in euro, 0.01 to 999999999.99; reference up to 140 characters, of which one that has the form of a creditor reference (ISO 11649, RF) goes into the field for it, its check digits checked; BIC needed only outside of the European Economic Area; NULL where beneficiary, IBAN or amount is NULL; what does not fit is an error 22023, 22003 or 22001';
