-- The condition language against SQL itself: thousands of generated conditions, each decided by
-- explain_segment and by PostgreSQL over the same values.
SET client_min_messages = warning;
CREATE SCHEMA IF NOT EXISTS receivables;
CREATE EXTENSION IF NOT EXISTS receivables SCHEMA receivables;
SET search_path = receivables, public;

-- Customers with all kinds of histories, one without any, and attributes that are there, missing or of
-- the wrong type.
CREATE TEMP TABLE customer AS
SELECT c AS id,
    date '2025-06-30' + c AS as_of,
    (
        SELECT payment_profile(
            due - 30, due,
            CASE WHEN (i * 7 + c) % 9 <> 0 THEN due + ((i * 5 + c * 3) % (c + 3)) - 2 END,
            ((i * 137 + c * 61) % 900 + (i % 4) * 0.25)::numeric(12, 2),
            (i + c) % 11 = 0)
        FROM generate_series(1, c * 2) i,
            LATERAL (SELECT date '2025-01-01' + (i * 211 + c * 17) % 200) d(due)
    ) AS profile,
    jsonb_strip_nulls(jsonb_build_object(
        'n',
        CASE c % 4
            WHEN 0 THEN NULL
            WHEN 1 THEN to_jsonb('12'::text)
            ELSE to_jsonb((c * 1.50)::numeric(8, 2))
        END,
        'm',
        CASE c % 5 WHEN 0 THEN NULL ELSE to_jsonb(c - 7) END,
        's',
        CASE c % 3
            WHEN 0 THEN NULL
            WHEN 1 THEN to_jsonb('public'::text)
            ELSE to_jsonb('Z' || c)
        END,
        'b',
        CASE c % 3 WHEN 0 THEN to_jsonb(true) WHEN 1 THEN to_jsonb(false) END,
        'd',
        CASE c % 4
            WHEN 0 THEN to_jsonb((date '2025-03-01' + c)::text)
            WHEN 1 THEN to_jsonb('soon'::text)
            WHEN 2 THEN to_jsonb(3)
        END,
        'o',
        jsonb_build_object(
            'k',
            CASE WHEN c % 2 = 0 THEN c * 0.1 END,
            't',
            CASE c % 5
                WHEN 0 THEN NULL
                WHEN 1 THEN to_jsonb('it''s'::text)
                WHEN 2 THEN to_jsonb(7)
                WHEN 3 THEN to_jsonb('Ä'::text)
                ELSE to_jsonb('Z' || c)
            END))) AS attributes
FROM generate_series(0, 19) c;

-- What the accessors say. In rules a customer without invoices has counts of 0.
CREATE TEMP TABLE fact AS
SELECT id, as_of, profile, attributes,
       coalesce(timed_count(profile), 0) AS timed_count, coalesce(open_count(profile), 0) AS open_count,
       max_days_late(profile) AS max_days_late, total_amount(profile) AS total_amount,
       overdue_amount(profile, as_of, 10) AS overdue_amount, last_due_date(profile) AS last_due_date,
       late_share(profile, 3) AS late_share, stddev_days_late(profile) AS stddev_days_late,
       mean_days_late(profile) AS mean_days_late,
       CASE jsonb_typeof(attributes -> 'n') WHEN 'number' THEN (attributes ->> 'n')::numeric END AS n,
       CASE jsonb_typeof(attributes -> 'm') WHEN 'number' THEN (attributes ->> 'm')::numeric END AS m,
       CASE jsonb_typeof(attributes #> '{o,k}') WHEN 'number' THEN (attributes #>> '{o,k}')::numeric END AS k,
       CASE jsonb_typeof(attributes #> '{o,t}') WHEN 'string' THEN (attributes #>> '{o,t}') END AS t,
       percentile_days_late(profile, 0.9) AS p90,
       CASE jsonb_typeof(attributes -> 's') WHEN 'string' THEN (attributes ->> 's') END AS s,
       CASE jsonb_typeof(attributes -> 'b') WHEN 'boolean' THEN (attributes ->> 'b')::boolean END AS b,
       CASE WHEN attributes ->> 'd' LIKE '____-__-__' THEN (attributes ->> 'd')::date END AS d
  FROM customer;

SELECT count(*) AS customers, count(profile) AS profiles, count(total_amount) > 10 AS amounts,
       count(stddev_days_late) > 10 AS doubles, count(n) > 5 AS attributes
  FROM fact;

-- A pair: the condition as a policy writes it, and as SQL over the table above. Whole numbers count as
-- numeric and division by zero as NULL: where the language differs from SQL, and documents it.
CREATE TYPE pg_temp.pair AS (rule text, sql text);

CREATE FUNCTION pg_temp.pick(choices text[]) RETURNS text LANGUAGE sql VOLATILE
    RETURN choices[1 + floor(random() * cardinality(choices))::int];

CREATE FUNCTION pg_temp.one(pairs text[]) RETURNS pg_temp.pair LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    i int := 1 + 2 * floor(random() * (cardinality(pairs) / 2))::int;
BEGIN
    RETURN (pairs[i], pairs[i + 1]);
END $$;

CREATE FUNCTION pg_temp.number(depth int) RETURNS pg_temp.pair LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    a pg_temp.pair; b pg_temp.pair; op text;
BEGIN
    IF depth <= 0 OR random() < 0.35 THEN
        IF random() < 0.35 THEN
            op := pg_temp.pick('{0,1,2,3,7,10,100,0.1,0.2,0.25,0.333,1.50,.5,12.,1e,-3,-0.5}');
            IF op = '1e' THEN op := round((random() * 1000)::numeric, 3)::text; END IF;
            RETURN (op, format('(%s)::numeric', op));
        END IF;
        RETURN pg_temp.one(ARRAY['timed_count', 'timed_count::numeric', 'open_count', 'open_count::numeric',
            'max_days_late', 'max_days_late::numeric', 'total_amount', 'total_amount',
            'overdue_amount(10)', 'overdue_amount', 'late_share(3)', 'late_share', 'late_share( tolerance_days => 3 )',
            'late_share',
            'stddev_days_late', 'stddev_days_late', 'mean_days_late', 'mean_days_late',
            '(as_of - last_due_date)', '(as_of - last_due_date)::numeric']);
    END IF;
    -- An attribute beside an operator is a number.
    a := pg_temp.number(depth - 1);
    b := CASE WHEN random() < 0.3
              THEN pg_temp.one('{attribute.n,n,attribute.m,m,attribute.o.k,k}') ELSE pg_temp.number(depth - 1) END;
    op := pg_temp.pick('{+,-,*,/,u}');
    IF op = 'u' THEN RETURN (format('(- %s)', a.rule), format('(- %s)', a.sql)); END IF;
    IF op = '/' THEN RETURN (format('(%s / %s)', a.rule, b.rule), format('(%s / nullif(%s, 0))', a.sql, b.sql)); END IF;
    RETURN (format('(%s %s %s)', a.rule, op, b.rule), format('(%s %s %s)', a.sql, op, b.sql));
END $$;

CREATE FUNCTION pg_temp.day(depth int) RETURNS pg_temp.pair LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    a pg_temp.pair;
BEGIN
    IF depth > 0 AND random() < 0.4 THEN
        a := pg_temp.day(depth - 1);
        RETURN pg_temp.one(ARRAY[format('(%s + 30)', a.rule), format('(%s + 30)', a.sql),
            format('(%s - max_days_late)', a.rule), format('(%s - max_days_late)', a.sql),
            format('(7 + %s)', a.rule), format('(7 + %s)', a.sql),
            format('(%s + attribute.m)', a.rule), format('(%s + m::int)', a.sql)]);
    END IF;
    RETURN pg_temp.one(ARRAY['as_of', 'as_of', 'last_due_date', 'last_due_date',
        'date ''2025-06-01''', 'date ''2025-06-01''', 'date ''2024-02-29''', 'date ''2024-02-29''']);
END $$;

CREATE FUNCTION pg_temp.condition(depth int) RETURNS pg_temp.pair LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    a pg_temp.pair; b pg_temp.pair; c pg_temp.pair;
    op text := pg_temp.pick('{=,<>,!=,<,<=,>,>=}');
BEGIN
    IF depth > 0 AND random() < 0.5 THEN
        a := pg_temp.condition(depth - 1);
        b := pg_temp.condition(depth - 1);
        c := pg_temp.condition(depth - 1);
        RETURN pg_temp.one(ARRAY[
            format('(%s and %s)', a.rule, b.rule), format('(%s and %s)', a.sql, b.sql),
            format('(%s or %s or %s)', a.rule, b.rule, c.rule), format('(%s or %s or %s)', a.sql, b.sql, c.sql),
            format('(%s and %s and %s)', a.rule, b.rule, c.rule), format('(%s and %s and %s)', a.sql, b.sql, c.sql),
            format('%s or %s and %s', a.rule, b.rule, c.rule), format('%s or %s and %s', a.sql, b.sql, c.sql),
            format('not (%s)', a.rule), format('not (%s)', a.sql),
            format('((%s) is null)', a.rule), format('((%s) is null)', a.sql),
            format('((%s) = (%s))', a.rule, b.rule), format('((%s) = (%s))', a.sql, b.sql)]);
    END IF;
    CASE floor(random() * 9)::int
    WHEN 0, 1, 2 THEN
        a := pg_temp.number(2);
        b := CASE WHEN random() < 0.25 THEN pg_temp.one('{attribute.n,n,attribute.m,m,attribute.o.k,k}')
                  ELSE pg_temp.number(2) END;
        RETURN (format('%s %s %s', a.rule, op, b.rule), format('%s %s %s', a.sql, op, b.sql));
    WHEN 3 THEN
        a := pg_temp.number(1); b := pg_temp.number(1); c := pg_temp.number(1);
        op := pg_temp.pick('{between,not between}');
        RETURN (format('(%s %s %s and %s)', a.rule, op, b.rule, c.rule),
            format('(%s %s %s and %s)', a.sql, op, b.sql, c.sql));
    WHEN 4 THEN
        a := pg_temp.number(1); b := pg_temp.number(1); c := pg_temp.number(1); op := pg_temp.pick('{in,not in}');
        RETURN (format('%s %s (%s, 1, %s)', a.rule, op, b.rule, c.rule),
                format('%s %s (%s, 1::numeric, %s)', a.sql, op, b.sql, c.sql));
    WHEN 5 THEN
        a := pg_temp.day(2); b := pg_temp.day(1);
        IF random() < 0.3 THEN b := ('attribute.d', 'd'); END IF;
        RETURN (format('%s %s %s', a.rule, op, b.rule), format('%s %s %s', a.sql, op, b.sql));
    WHEN 6 THEN
        RETURN pg_temp.one(ARRAY[format('attribute.s %s ''public''', op), format('s collate "C" %s ''public''', op),
            'attribute.s in (''Z5'', ''public'', ''it''''s'')', 's in (''Z5'', ''public'', ''it''''s'')',
            'attribute.s not in (''Z5'')', 's not in (''Z5'')',
            'attribute.s between ''Z1'' and ''Z2''', 's collate "C" between ''Z1'' and ''Z2''']);
    WHEN 7 THEN
        RETURN pg_temp.one(ARRAY[
            'attribute.b', 'b', 'not attribute.b', 'not b', '(attribute.b = true)', '(b = true)',
            '(attribute.b <> false)', '(b <> false)', 'true', 'true', 'false', 'false',
            format('attribute.n %s attribute.m', op),
            format(
                'case when jsonb_typeof(attributes -> ''n'') = ''string'' then null else n %s m end',
                op),
            format('attribute.b %s false', op), format('b %s false', op)]);
    ELSE
        RETURN pg_temp.one(ARRAY['attribute.s is null', 's is null', 'late_share(3) is not null',
            'late_share is not null',
            'max_days_late is null', 'max_days_late is null', 'attribute.n is not null', 'attributes ? ''n''',
            '(total_amount / open_count) is null', '(total_amount / nullif(open_count, 0)) is null',
            'attribute.o.k is null', 'k is null', 'attribute.o is null', 'not attributes ? ''o''']);
    END CASE;
END $$;

CREATE FUNCTION pg_temp.compare(conditions int)
    RETURNS TABLE (
        compared bigint, unknown bigint, yes bigint, different bigint)
        LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    p pg_temp.pair; counted record;
BEGIN
    compared := 0; unknown := 0; yes := 0; different := 0;
    FOR i IN 1..conditions LOOP
        p := pg_temp.condition(3);
        EXECUTE format(
            'SELECT count(*), count(*) FILTER (WHERE e.result IS NULL) AS count_1,
                 count(*) FILTER (WHERE e.result) AS count_2,
                 count(*) FILTER (WHERE e.result IS DISTINCT FROM (%1$s)
                     OR e.chosen <> ((%1$s) IS TRUE)
                     OR assign_segment($1, profile, as_of, attributes) IS DISTINCT FROM
                         CASE WHEN %1$s THEN ''x'' END) AS count_3
             FROM fact, LATERAL explain_segment($1, profile, as_of, attributes) e', p.sql)
            INTO counted USING jsonb_build_array(jsonb_build_object(
                'segment', 'x', 'when', p.rule))::text::segment_policy;
        compared := compared + counted.count;
        unknown := unknown + counted.count_1;
        yes := yes + counted.count_2;
        different := different + counted.count_3;
        IF counted.count_3 > 0 THEN RAISE WARNING '% differs from %', p.rule, p.sql; END IF;
    END LOOP;
    RETURN NEXT;
END $$;

SELECT setseed(0.42);
SELECT compared, unknown > 5000 AS enough_unknown, yes > 5000 AS enough_yes, different FROM pg_temp.compare(3000);

-- Whole policies against CASE: the first true rule, and "stay" for customers who are there already.
CREATE FUNCTION pg_temp.compare_policies(policies int)
RETURNS TABLE (compared bigint, nowhere bigint, stayed bigint, different bigint)
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    p pg_temp.pair[]; counted record;
BEGIN
    compared := 0; nowhere := 0; stayed := 0; different := 0;
    FOR i IN 1..policies LOOP
        SELECT array_agg(pg_temp.condition(1 + n % 2)) INTO p FROM generate_series(1, 5) n;
        EXECUTE format($q$
            SELECT count(*), count(*) FILTER (WHERE expected IS NULL) AS nowhere,
                   count(*) FILTER (WHERE expected IS DISTINCT FROM without) AS stayed,
                   count(*) FILTER (WHERE assign_segment($1, profile, as_of, attributes, now) IS DISTINCT FROM expected
                                       OR (SELECT max(segment) FILTER (WHERE chosen)
                                           FROM explain_segment($1, profile, as_of, attributes,
                                           now)) IS DISTINCT FROM expected) AS different
              FROM (SELECT *, CASE WHEN %1$s OR now = 'a' AND (%2$s) THEN 'a' WHEN %3$s THEN 'b' WHEN %4$s OR now = 'c'
                  AND (%5$s) THEN 'c' END AS expected,
                              CASE WHEN %1$s THEN 'a' WHEN %3$s THEN 'b' WHEN %4$s THEN 'c' END AS without
                      FROM fact, unnest('{a,b,c,d,NULL}'::text[]) now) f$q$, p[1].sql, p[2].sql, p[3].sql, p[4].sql,
                          p[5].sql)
           INTO counted
          USING jsonb_build_array(jsonb_build_object('segment', 'a', 'when', p[1].rule, 'stay', p[2].rule),
                                  jsonb_build_object('segment', 'b', 'when', p[3].rule),
                                  jsonb_build_object('segment', 'c', 'when', p[4].rule, 'stay',
                                      p[5].rule))::text::segment_policy;
        compared := compared + counted.count;
        nowhere := nowhere + counted.nowhere;
        stayed := stayed + counted.stayed;
        different := different + counted.different;
    END LOOP;
    RETURN NEXT;
END $$;
SELECT compared, nowhere > 1000 AS enough_nowhere, stayed > 100 AS enough_stayed, different
FROM pg_temp.compare_policies(300);

-- Dates between and among each other, nested texts, booleans, and the distance to a date attribute.
CREATE FUNCTION pg_temp.typed() RETURNS pg_temp.pair LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    a pg_temp.pair := pg_temp.day(1); b pg_temp.pair := pg_temp.day(1); n pg_temp.pair := pg_temp.number(1);
    op text := pg_temp.pick('{=,<>,<,<=,>,>=}'); no text := pg_temp.pick('{"",not}');
BEGIN
    RETURN pg_temp.one(ARRAY[
        format('attribute.d %s between %s and %s', no, a.rule, b.rule),
        format('d %s between %s and %s', no, a.sql, b.sql),
        format('%s %s between attribute.d and %s', a.rule, no, b.rule),
        format('%s %s between d and %s', a.sql, no, b.sql),
        format('%s %s in (attribute.d, %s, date ''2025-06-01'')', a.rule, no, b.rule),
        format('%s %s in (d, %s, date ''2025-06-01'')', a.sql, no, b.sql),
        format('attribute.d %s in (date ''2025-03-03'', %s)', no, a.rule),
        format('d %s in (date ''2025-03-03'', %s)', no, a.sql),
        format('as_of - attribute.d %s %s', op, n.rule), format('(as_of - d)::numeric %s %s', op, n.sql),
        format('attribute.o.t %s ''it''''s''', op), format('t collate "C" %s ''it''''s''', op),
        format('attribute.o.t %s in (attribute.s, ''it''''s'', ''Ä'')', no),
        format('t %s in (s, ''it''''s'', ''Ä'')', no),
        format('attribute.o.t %s attribute.s', op), format('t collate "C" %s s', op),
        format('attribute.b %s in (true, %s > 0)', no, n.rule), format('b %s in (true, %s > 0)', no, n.sql),
        format('attribute.b %s between false and true', no), format('b %s between false and true', no),
        format('(%s > attribute.m) %s attribute.b', n.rule, op), format('(%s > m) %s b', n.sql, op),
        format('percentile_days_late(0.9) %s attribute.n', op), format('p90 %s n', op),
        format('attribute.m %s in (late_share(3), %s)', no, n.rule), format('m %s in (late_share, %s)', no, n.sql),
        format('(attribute.b is null) %s (attribute.o.t is not null)', op),
        format('(b is null) %s ((attributes #>> ''{o,t}'') is not null)', op)]);
END $$;

-- Calculations in double precision that leave its range or divide by zero: unknown here, errors in SQL.
CREATE FUNCTION pg_temp.chain() RETURNS pg_temp.pair LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    p pg_temp.pair := pg_temp.one('{late_share(3),late_share,
        stddev_days_late,stddev_days_late,mean_days_late,mean_days_late}');
    x pg_temp.pair; op text; literal text;
BEGIN
    FOR i IN 1..1 + floor(random() * 12)::int LOOP
        literal := pg_temp.pick('{12345678901234567890123456789012345678,
            99999999999999999999999999999999999999.,
            0.00000000000000000000000000000000000001,0,3,0.5}');
        x := CASE
            WHEN random() < 0.7 THEN (literal, literal || '::float8')::pg_temp.pair
            ELSE pg_temp.one('{attribute.n,n::float8,attribute.m,m::float8,
                total_amount,total_amount::float8,stddev_days_late,stddev_days_late}')
        END;
        op := pg_temp.pick('{*,*,*,/,/,+,-}');
        p := CASE WHEN random() < 0.8 THEN (format('(%s %s %s)', p.rule, op, x.rule),
            format('(%s %s %s)', p.sql, op, x.sql))::pg_temp.pair
                  ELSE (format('(%s %s %s)', x.rule, op, p.rule),
                      format('(%s %s %s)', x.sql, op, p.sql))::pg_temp.pair END;
    END LOOP;
    op := pg_temp.pick('{<,<=,>,>=,=,<>}');
    RETURN (format('%s %s 1', p.rule, op), format('%s %s 1', p.sql, op));
END $$;
CREATE FUNCTION pg_temp.or_null(condition text, customer int) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    result boolean;
BEGIN
    EXECUTE format('SELECT %s FROM fact WHERE id = $1', condition) INTO result USING customer;
    RETURN result;
EXCEPTION WHEN numeric_value_out_of_range OR division_by_zero THEN
    RETURN NULL;
END $$;
CREATE FUNCTION pg_temp.compare_pairs(maker text, conditions int)
RETURNS TABLE (compared bigint, unknown bigint, yes bigint, different bigint)
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    p pg_temp.pair; counted record;
BEGIN
    compared := 0; unknown := 0; yes := 0; different := 0;
    FOR i IN 1..conditions LOOP
        EXECUTE format('SELECT * FROM pg_temp.%I()', maker) INTO p;
        SELECT count(*) AS compared, count(*) FILTER (WHERE e.result IS NULL) AS unknown,
            count(*) FILTER (WHERE e.result) AS yes,
               count(*) FILTER (WHERE e.result IS DISTINCT FROM pg_temp.or_null(p.sql, id)) AS different
          INTO counted
          FROM fact, LATERAL explain_segment(jsonb_build_array(jsonb_build_object('segment', 'x', 'when',
              p.rule))::segment_policy, profile, as_of, attributes) e;
        compared := compared + counted.compared;
        unknown := unknown + counted.unknown;
        yes := yes + counted.yes;
        different := different + counted.different;
        IF counted.different > 0 THEN RAISE WARNING '% differs from %', p.rule, p.sql; END IF;
    END LOOP;
    RETURN NEXT;
END $$;
SELECT compared, unknown > 1000 AS enough_unknown, yes > 1000 AS enough_yes, different
FROM pg_temp.compare_pairs('typed', 500);
SELECT compared, unknown > 1000 AS enough_unknown, yes > 1000 AS enough_yes, different
FROM pg_temp.compare_pairs('chain', 500);
