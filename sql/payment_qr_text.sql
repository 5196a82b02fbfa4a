-- The text of the QR code on a payment slip: published examples, and check digits counted a second way.
SET client_min_messages = warning;
CREATE SCHEMA IF NOT EXISTS receivables;
CREATE EXTENSION IF NOT EXISTS receivables SCHEMA receivables;
RESET client_min_messages;
SET search_path = receivables, public;
\pset format unaligned
\t on

-- each field in its line
SELECT payment_qr_text(
    'Wikimedia Foerdergesellschaft', 'DE33 1002 0500 0001 1947 00', 123.45, 'RF18 5390 0754 7034',
    'bfswde33ber');
SELECT payment_qr_text(' Red Cross of Belgium ', 'BE72000000001616', 1, 'Urgency fund', 'BPOTBEB1');
SELECT payment_qr_text('Müller & Söhne', 'AT611904300234573201', 999999999.990, NULL);
SELECT payment_qr_text('A', 'at61 1904 3002 3457 3201', 0.01, ' ');
-- what only looks like a creditor reference is text
SELECT payment_qr_text('A', 'AT611904300234573201', 1, 'RF-2025');
SELECT payment_qr_text('A', 'AT611904300234573201', 1, 'Invoice RF 2025');
SELECT payment_qr_text(NULL, 'AT611904300234573201', 1, 'x') IS NULL,
    payment_qr_text('A', NULL, 1, 'x') IS NULL,
    payment_qr_text('A', 'AT611904300234573201', NULL, 'x') IS NULL;

-- an account of each country of the area, from the registry of IBANs
CREATE TABLE qr_account (iban text);
INSERT INTO qr_account VALUES
    ('AD1200012030200359100100'), ('AL47212110090000000235698741'), ('AT611904300234573201'),
    ('BE68539007547034'), ('BG80BNBG96611020345678'), ('CH9300762011623852957'),
    ('CY17002001280000001200527600'), ('CZ6508000000192000145399'), ('DE89370400440532013000'),
    ('DK5000400440116243'), ('EE382200221020145685'), ('ES9121000418450200051332'),
    ('FI2112345600000785'), ('FR1420041010050500013M02606'), ('GB29NWBK60161331926819'),
    ('GI75NWBK000000007099453'), ('GR1601101250000000012300695'), ('HR1210010051863000160'),
    ('HU42117730161111101800000000'), ('IE29AIBK93115212345678'), ('IS140159260076545510730339'),
    ('IT60X0542811101000000123456'), ('LI21088100002324013AA'), ('LT121000011101001000'),
    ('LU280019400644750000'), ('LV80BANK0000435195001'), ('MC5811222000010123456789030'),
    ('MD24AG000225100013104168'), ('ME25505000012345678951'), ('MK07250120000058984'),
    ('MT84MALT011000012345MTLCAST001S'), ('NL91ABNA0417164300'), ('NO9386011117947'),
    ('PL61109010140000071219812874'), ('PT50000201231234567890154'), ('RO49AAAA1B31007593840000'),
    ('RS35260005601001611379'), ('SE4550000000058398257466'), ('SI56191000000123438'),
    ('SK3112000000198742637541'), ('SM86U0322509800000000270100'), ('VA59001123000012345678');
SELECT count(*),
    count(*) FILTER (WHERE split_part(payment_qr_text('A', iban, 1, 'x'), E'\n', 7) = iban
        AND _iban_length(left(iban, 2)) = length(iban))
FROM qr_account;

-- errors
\t off
\set VERBOSITY verbose
\set SHOW_CONTEXT never
\set ECHO errors
CREATE FUNCTION pg_temp.refused(
    beneficiary text, iban text, amount numeric, reference text, bic text DEFAULT NULL)
    RETURNS text LANGUAGE plpgsql AS $$
DECLARE hint text; detail text;
BEGIN
    RETURN 'taken: ' || receivables.payment_qr_text(beneficiary, iban, amount, reference, bic);
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS hint = PG_EXCEPTION_HINT, detail = PG_EXCEPTION_DETAIL;
    RETURN concat_ws(' ', SQLSTATE, SQLERRM, detail, hint);
END $$;
\t on
\set ECHO all
SELECT pg_temp.refused('A', iban, 1, 'x')
FROM unnest(ARRAY[
    '', 'XX', 'AT6119043002345732', 'AT621904300234573201', 'AT61/904300234573201',
    'SA0380000000608010167519', 'XK051212012345678907',
    'BE68539007547034BE68539007547034XXXX']) AS iban;
SELECT pg_temp.refused('A', 'BE68539007547034', amount, 'x')
FROM unnest('{0,-1,0.001,10.005,1000000000,NaN,Infinity}'::numeric[]) AS amount;
SELECT pg_temp.refused(' ', 'BE68539007547034', 1, 'x');
SELECT pg_temp.refused(repeat('ä', 70), 'BE68539007547034', 1, 'x') ~ '^taken',
    pg_temp.refused(repeat('ä', 71), 'BE68539007547034', 1, 'x');
SELECT pg_temp.refused(E'A\nB', 'BE68539007547034', 1, 'x');
SELECT pg_temp.refused('A', 'BE68539007547034', 1, E'x\r\ny');
SELECT pg_temp.refused('A', 'BE68539007547034', 1, repeat('x', 140)) ~ '^taken',
    pg_temp.refused('A', 'BE68539007547034', 1, repeat('x', 141));
SELECT pg_temp.refused(repeat('ä', 70), 'BE68539007547034', 1, repeat('ö', 140));
SELECT pg_temp.refused('A', 'BE68539007547034', 1, reference)
FROM unnest('{RF19539007547034,RF 2025}'::text[]) AS reference;
SELECT pg_temp.refused('A', 'BE68539007547034', 1, 'x', bic)
FROM unnest('{BPOTBEB,BPOTBEB1X,bpot beb1 xxx,B+OTBEB1}'::text[]) AS bic;

-- Check digits by the standard's other way: digit by digit, never more than 97 times ten. Generated accounts of all
-- lengths are taken; with a digit changed into another or a letter into another, or two neighbours of a kind exchanged,
-- none is (a digit for a letter makes the number longer, and one in 97 of these is not noticed).
\t off
CREATE FUNCTION pg_temp.check_digits(country text, account text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE rest integer := 0; c text; value integer;
BEGIN
    FOREACH c IN ARRAY string_to_array(account || country || '00', NULL) LOOP
        value := CASE WHEN c BETWEEN '0' AND '9' THEN c::integer ELSE strpos('ABCDEFGHIJKLMNOPQRSTUVWXYZ', c) + 9 END;
        IF value >= 10 THEN rest := (rest * 10 + value / 10) % 97; END IF;
        rest := (rest * 10 + value % 10) % 97;
    END LOOP;
    RETURN lpad((98 - rest)::text, 2, '0');
END $$;
CREATE FUNCTION pg_temp.draw(n integer, place integer, below integer)
    RETURNS integer LANGUAGE sql
    RETURN ((hashint8extended(n, place) % below + below) % below)::integer;
CREATE TABLE qr_generated AS
SELECT n, country || pg_temp.check_digits(country, account) || account AS iban
FROM generate_series(1, 3000) AS n,
    LATERAL (
        SELECT substr('ABCDEFGHIJKLMNOPQRSTUVWXYZ', 1 + pg_temp.draw(n, 100, 26), 1)
            || 'Q' AS country
    ) AS x, -- no country of the area
    LATERAL (
        SELECT string_agg(
            substr('0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ', 1 + pg_temp.draw(n, i, 36), 1),
            '' ORDER BY i) AS account
        FROM generate_series(1, 11 + n % 20) AS i
    ) AS y;
SELECT count(*) AS accounts, count(*) FILTER (WHERE _checked_iban(iban) = iban) AS taken FROM qr_generated;
SELECT count(*) AS changed,
    count(*) FILTER (WHERE _mod_97(overlay(iban PLACING other FROM place FOR 1))
        = 1) AS changed_taken,
    count(*) FILTER (WHERE exchanges) AS exchanged,
    count(*) FILTER (WHERE exchanges
        AND _mod_97(overlay(iban PLACING neighbour
            || here FROM place FOR 2)) = 1) AS exchanged_taken
FROM qr_generated,
    LATERAL (SELECT 5 + pg_temp.draw(n, 200, length(iban) - 5) AS place) AS p,
    LATERAL (SELECT substr(iban, place, 1) AS here, substr(iban, place + 1, 1) AS neighbour) AS c,
    LATERAL (
        SELECT here <> neighbour AND (here < 'A') = (neighbour < 'A') AS exchanges,
            CASE
                WHEN here < 'A' THEN ((here::integer + 1 + pg_temp.draw(n, 300, 9)) % 10)::text
                ELSE chr(65 + (ascii(here) - 65 + 1 + pg_temp.draw(n, 300, 25)) % 26)
            END AS other
    ) AS o;
DROP TABLE qr_account, qr_generated;
