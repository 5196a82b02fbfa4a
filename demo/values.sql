-- How dates, amounts and booleans are read, and how this file writes them.
--   :dates      mdy, dmy, ymd or empty: looked up in the data
--   :decimal    point, comma or empty: looked up in the data

-- The month of a name or its abbreviation, in ten languages.
CREATE FUNCTION import.month(name text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT n::text
    FROM unnest(ARRAY[
        'jan january januar janner jaenner janv janvier januari ene enero gen gennaio janeiro sty styczen stycznia',
        'feb february februar febr fev fevr fevrier februari feber febrero febbraio fevereiro lut luty lutego',
        'mar march marz maerz mrz mars mrt maart maa marzo marco marts marzec marca',
        'apr april avr avril abr abril aprile kwi kwiecien kwietnia',
        'may mai mei maj mayo mag maggio maio maja',
        'jun june juni juin junio giu giugno junho cze czerwiec czerwca',
        'jul july juli juil juillet julio lug luglio julho lip lipiec lipca',
        'aug august aou aout augustus ago agosto augusti sie sierpien sierpnia',
        'sep sept september septembre septiembre set sett settembre setembro wrz wrzesien wrzesnia',
        'oct october okt oktober octobre octubre ott ottobre out outubro paz pazdziernik pazdziernika',
        'nov november novembre noviembre novembro lis listopad listopada',
        'dec december dez dezember decembre dic diciembre dicembre dezembro gru grudzien grudnia'
    ]) WITH ORDINALITY AS m (names, n)
    WHERE import.plain(name) = ANY(string_to_array(names, ' '))
$$;

-- A written date without the time of day, with Western marks.
CREATE FUNCTION import.day_text(written text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT btrim(regexp_replace(
        regexp_replace(translate(written, E'年月日\u00a0', '--  '),
                       '(T|\s|,)+\d\d?(:\d\d|h\d\d|\.\d\d\.\d\d)(:\d\d)?([.,]\d+)?\s*([ap]\.?m\.?)?\s*(Z|[A-Z]{3,4}|(UTC|GMT)?[+-]\d\d:?(\d\d)?)?$', '', 'i'),
        -- "02012024" can be no year, month and day
        '^(\d\d)(\d\d)((19|20)\d\d)$', '\1/\2/\3'))
$$;

-- Year, month and day as written in the given style, NULL where there is no such form. Two numbers and a
-- year are in the style's order; a serial number is Excel's count of days.
CREATE FUNCTION import.date_parts(day text, style text) RETURNS text[]
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
    part text[];
BEGIN
    IF day ~ '^\d{4}\s?[-/.]\s?\d\d?\s?[-/.]\s?\d\d?[.-]?$' THEN
        RETURN (regexp_match(day, '^(\d+)\D+(\d+)\D+(\d+)'));
    ELSIF day ~ '^\d{8}$' THEN
        RETURN ARRAY[left(day, 4), substr(day, 5, 2), right(day, 2)];
    ELSIF day ~ '^\d{5}([.,]\d+)?$' AND left(day, 5)::int BETWEEN 20000 AND 73415 THEN
        RETURN string_to_array((date '1899-12-30' + left(day, 5)::int)::text, '-');
    ELSIF day ~ '^\d\d?\s?([-/. ])\s?\d\d?\s?\1\s?(\d\d|\d{4})$' THEN
        part := regexp_match(day, '^(\d+)\D+(\d+)\D+(\d+)$');
        RETURN CASE style WHEN 'mdy' THEN ARRAY[part[3], part[1], part[2]]
                          WHEN 'dmy' THEN ARRAY[part[3], part[2], part[1]] END;
    END IF;
    -- 2 January 2024, 2. Jan. 24, 1er janvier 2024, 2 de enero de 2024; January 2nd, 2024; 2024-Jan-02
    part := regexp_match(day, '^(\d\d?)(?:st|nd|rd|th|er)?[\s./-]*(?:of |de )?([^\d\s.,/''-]+)\.?[\s,./''-]*(?:de |del )?(\d\d|\d{4})$');
    IF part IS NOT NULL THEN
        RETURN ARRAY[part[3], import.month(part[2]), part[1]];
    END IF;
    part := regexp_match(day, '^([^\d\s.,/''-]+)\.?[\s/-]*(\d\d?)(?:st|nd|rd|th)?[\s,./-]+(\d\d|\d{4})$');
    IF part IS NOT NULL THEN
        RETURN ARRAY[part[3], import.month(part[1]), part[2]];
    END IF;
    part := regexp_match(day, '^(\d{4})[\s/.-]([^\d\s.,/''-]+)\.?[\s/.-](\d\d?)$');
    RETURN CASE WHEN part IS NOT NULL THEN ARRAY[part[1], import.month(part[2]), part[3]] END;
END $$;

-- A date in the given style, NULL when it is none; a weekday before it and a time of day behind it are ignored.
CREATE FUNCTION import.to_date(written text, style text) RETURNS date
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
    day text := import.day_text(written);
    part text[] := coalesce(import.date_parts(day, style),
                            import.date_parts(regexp_replace(day, '^[^\d\s.,/''-]+[.,]{0,2}\s+', ''), style));
BEGIN
    IF length(part[1]) = 2 THEN
        part[1] := (CASE WHEN part[1] < '70' THEN '20' ELSE '19' END) || part[1];
    END IF;
    IF part[1]::int >= 1 AND part[2]::int BETWEEN 1 AND 12 AND part[3]::int >= 1 THEN
        IF part[3]::int <= extract(day FROM make_date(part[1]::int, part[2]::int, 1) + interval '1 month - 1 day') THEN
            RETURN make_date(part[1]::int, part[2]::int, part[3]::int);
        END IF;
    END IF;
    RETURN NULL;
END $$;

-- An amount without what is no part of the number: the sign, the figures with their marks ("'" for every
-- apostrophe between thousands), the power of ten. Figures are NULL where there is anything else in it.
--   sign      minus before or behind, brackets around; CR and H(aben) behind
--   currency  a sign, a code or its usual letters, before or behind
CREATE FUNCTION import.number_parts(written text, OUT sign int, OUT figures text, OUT power int)
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
    local CONSTANT text := '[Ee]uros?|eur|usd|gbp|chf|[Kk][Rr]|zł|zl|Kč|Kc|Ft|lei|Rs|Rp|S?[Ff]r|S/|din|лв|руб|грн';
    bare text := translate(btrim(written), E'−–—‐\u00a0\u202f\u2007\u2009’‘ʼ´`', '----    ''''''''''');
    number text[];
BEGIN
    sign := CASE WHEN bare ~ '\d\s*(CR|Cr|cr|H)\.?$' THEN -1 ELSE 1 END;
    bare := regexp_replace(bare, '(\d)\s*(CR|Cr|cr|DR|Dr|dr|H|S)\.?$', '\1');
    -- "100,-" and "100.--" have no cents
    bare := regexp_replace(bare, '[.,]-{1,2}(?=\D*$)', '');
    bare := translate(bare, '$€£¥₹₽₩₪₫₱₺₴₦฿¢₡₲₵₸₭₮₼¤', repeat(' ', 23));
    bare := regexp_replace(bare, '^([-+(\s]*)([A-Z]{2,3}|[RCA]|' || local || ')\.?(?=[\s\d.,-])', '\1');
    bare := regexp_replace(bare, '(?<=[\d.,)\s-])([A-Z]{3}|R|' || local || ')\.?([-)\s]*)$', '\2');
    -- Blanks stay between figures only.
    bare := btrim(regexp_replace(bare, '(?<!\d)\s+|\s+(?!\d)', '', 'g'));
    IF bare ~ '^-|-$|^\(.*\)$' THEN
        sign := -1;
    END IF;
    number := regexp_match(regexp_replace(bare, '^\((.*)\)$', '\1'), '^[-+]?([\d.,'' ]*\d[.,]?)([eE][-+]?\d{1,2})?-?$');
    power := coalesce(substr(number[2], 2)::int, 0);
    figures := CASE WHEN power BETWEEN -10 AND 30 THEN number[1] END;
END $$;

-- What the figures tell of the decimal mark: 'point', 'comma', 'either' ("12.500"), or NULL where there is
-- none. A mark is a decimal one unless it is followed by three figures and comes behind one to three; where
-- two kinds of mark are used it is the last; the same mark again stands between thousands.
CREATE FUNCTION import.decimal_mark(figures text) RETURNS text LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
    marks text := translate(figures, ' 0123456789', '''');
BEGIN
    RETURN CASE WHEN marks ~ '^''*$' THEN NULL
                WHEN marks ~ '[,''].*\.$' OR marks ~ '^,,' THEN 'point'
                WHEN marks ~ '[.''].*,$' OR marks ~ '^\.\.' THEN 'comma'
                WHEN figures ~ '^[1-9]\d{0,2}[.,]\d{3}$' THEN 'either'
                WHEN marks = '.' THEN 'point' ELSE 'comma' END;
END $$;

-- An exact amount, NULL when it is none. Thousands stand in threes, in India above the first three in twos.
-- The style decides only what the amount itself leaves open.
CREATE FUNCTION import.to_amount(written text, style text) RETURNS numeric
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
    part record := import.number_parts(written);
    mark text := CASE coalesce(nullif(import.decimal_mark(part.figures), 'either'), style) WHEN 'comma' THEN ',' ELSE '.' END;
    place int := coalesce(nullif(position(mark IN part.figures), 0), length(part.figures) + 1);
    whole text := left(part.figures, place - 1);
    fraction text := substr(part.figures, place + 1);
    grouping text := coalesce(substring(whole FROM '\D'), '');
    digits text := replace(whole, grouping, '');
BEGIN
    IF digits || fraction ~ '^\d{1,40}$' AND length(digits) <= 30 AND length(fraction) <= 10
       AND (grouping = '' OR replace(whole, grouping, ',') ~ '^\d{1,3}(,\d{3})+$|^\d{1,2}(,\d{2})+,\d{3}$') THEN
        RETURN part.sign * concat('0', digits, '.' || nullif(fraction, ''))::numeric
               * CASE part.power WHEN 0 THEN 1 ELSE trim_scale(10::numeric ^ part.power) END;
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION import.to_boolean(written text) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN written IS NULL THEN false
                WHEN lower(written) IN ('yes', 'y', 'true', 't', '1', 'x', 'ja', 'j', 'oui', 'o', 'wahr', 'vrai', 'waar',
                                        'si', 'sí', 'sim', 's', 'tak', 'verdadero', 'vero') THEN true
                WHEN lower(written) IN ('no', 'n', 'false', 'f', '0', 'nein', 'nee', 'non', 'falsch', 'faux', 'onwaar',
                                        'não', 'nao', 'nie', 'nej', 'nei', 'falso') THEN false END
$$;

-- How this file writes dates: a first or second number over 12 is a day; where none is, dates with points have
-- the day first, others the month unless the decimal mark is a comma. Year-first dates, and dates with a named
-- month, need no answer. Of decimal marks the one that more amounts show; where none does, "12.500" is taken for
-- thousands, which amounts of money have more often than three decimals.
CREATE TABLE import.decimal_style AS
SELECT coalesce(nullif(:'decimal', ''), CASE WHEN commas > points OR commas = points AND either_point > either_comma THEN 'comma'
                                             ELSE 'point' END) AS decimal,
       :'decimal' = '' AND 10 * least(commas, points) >= greatest(commas, points) AND either_point + either_comma > 0 AS decimal_assumed
FROM (SELECT count(*) FILTER (WHERE mark = 'comma') AS commas, count(*) FILTER (WHERE mark = 'point') AS points,
             count(*) FILTER (WHERE mark = 'either' AND figures ~ ',') AS either_comma,
             count(*) FILTER (WHERE mark = 'either' AND figures ~ '\.') AS either_point
      FROM import.row,
           unnest(ARRAY[amount, open_amount, paid_amount]) AS written,
           import.number_parts(written),
           LATERAL (SELECT import.decimal_mark(figures) AS mark) AS m
      WHERE written IS NOT NULL) AS a;

CREATE TABLE import.style AS
WITH part AS (
    SELECT part[1]::int AS first, part[3]::int AS second, part[2] = '.' AS is_dotted
    FROM import.row, unnest(ARRAY[invoice_date, due_date, paid_date]) AS written,
         regexp_match(import.day_text(written), '^(\d{1,2})\s?([./ -])\s?(\d{1,2})\s?[./ -]\s?\d{2,4}$') AS part
    WHERE part IS NOT NULL),
found AS (
    SELECT is_dotted, sign(count(*) FILTER (WHERE first > 12) - count(*) FILTER (WHERE second > 12)) AS day_first
    FROM part GROUP BY is_dotted)
SELECT coalesce(nullif(:'dates', ''),
                (SELECT CASE WHEN day_first > 0 OR day_first = 0 AND decimal = 'comma' THEN 'dmy' ELSE 'mdy' END FROM found WHERE NOT is_dotted),
                (SELECT CASE WHEN day_first < 0 THEN 'mdy' ELSE 'dmy' END FROM found WHERE is_dotted), 'ymd') AS dates,
       coalesce(nullif(:'dates', ''), (SELECT CASE WHEN day_first < 0 THEN 'mdy' ELSE 'dmy' END FROM found WHERE is_dotted), 'dmy') AS dotted,
       :'dates' = '' AND EXISTS (SELECT FROM found WHERE day_first = 0) AS dates_assumed, decimal, decimal_assumed
FROM import.decimal_style;

-- What each text that occurs means.
CREATE TABLE import.day AS
SELECT written, import.to_date(written, CASE WHEN written ~ '^\s*\d+\s*\.' THEN dotted ELSE dates END) AS day
FROM import.style, (SELECT DISTINCT written FROM import.row, unnest(ARRAY[invoice_date, due_date, paid_date]) AS written
                    WHERE written IS NOT NULL) AS w;
CREATE TABLE import.number AS
SELECT written, import.to_amount(written, decimal) AS number
FROM import.style, (SELECT DISTINCT written FROM import.row, unnest(ARRAY[amount, open_amount, paid_amount]) AS written
                    WHERE written IS NOT NULL) AS w;
ANALYZE import.row, import.day, import.number;
