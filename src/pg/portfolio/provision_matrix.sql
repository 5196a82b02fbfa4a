-- provision_matrix: what became of past items, by how late they were paid.

CREATE TYPE provision_matrix (
    INTERNALLENGTH = VARIABLE, INPUT = provision_matrix_in, OUTPUT = provision_matrix_out,
    RECEIVE = provision_matrix_recv, SEND = provision_matrix_send, ALIGNMENT = double, STORAGE = extended
);
COMMENT ON TYPE provision_matrix IS
    'amounts of past items by the bucket of days late in which they were paid, those that were taken back by a credit note apart, and those that were never paid: exact and mergeable; JSON with the bounds and the buckets';

CREATE FUNCTION _provision_matrix_transition(provision_matrix, integer, numeric, integer[]) RETURNS provision_matrix
    AS 'MODULE_PATHNAME', 'provision_matrix_transition' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION _provision_matrix_transition(provision_matrix, integer, numeric, integer[]) IS
    'aggregate transition function';
CREATE FUNCTION _provision_matrix_transition(provision_matrix, integer, numeric, integer[], boolean)
    RETURNS provision_matrix
    AS 'MODULE_PATHNAME', 'provision_matrix_transition' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION _provision_matrix_transition(provision_matrix, integer, numeric, integer[], boolean) IS
    'aggregate transition function';
CREATE FUNCTION _provision_matrix_combine(provision_matrix, provision_matrix) RETURNS provision_matrix
    AS 'MODULE_PATHNAME', 'provision_matrix_combine' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION _provision_matrix_combine(provision_matrix, provision_matrix) IS
    'aggregate combine function, and transition function of rollup';

-- SSPACE: three bounds.

CREATE AGGREGATE provision_matrix(days_late integer, amount numeric, bounds integer[]) (
    SFUNC = _provision_matrix_transition, STYPE = provision_matrix, SSPACE = 456,
    COMBINEFUNC = _provision_matrix_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE provision_matrix(integer, numeric, integer[]) IS
    'what became of past items, without credit notes: see provision_matrix(days_late, amount, bounds, credited)';

CREATE AGGREGATE provision_matrix(days_late integer, amount numeric, bounds integer[], credited boolean) (
    SFUNC = _provision_matrix_transition, STYPE = provision_matrix, SSPACE = 456,
    COMBINEFUNC = _provision_matrix_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE provision_matrix(integer, numeric, integer[], boolean) IS
    'what became of past items: one row an item, or a part of it, with the days from its due date to its payment (below 0: early), NULL when it was never paid; bounds as in aging_bucket; credited: taken back by a credit note, which is dilution and no loss. Give cohorts only that are older than the last bound and twelve months more: of younger ones nobody knows yet what will be paid. An amount of 0 or below and a NULL amount are ignored; NULL without any amount; bounds must be the same in all rows (else error 22023), sums have up to 38 digits (22003)';

CREATE AGGREGATE rollup(provision_matrix) (
    SFUNC = _provision_matrix_combine, STYPE = provision_matrix, SSPACE = 456,
    COMBINEFUNC = _provision_matrix_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE rollup(provision_matrix) IS
    'provision matrix of all items together, of matrices with the same bounds (else error 22023); NULLs are ignored';

CREATE FUNCTION _provision_buckets(matrix provision_matrix, OUT "position" integer, OUT bucket text, OUT from_days integer,
                                   OUT to_days integer, OUT paid_count bigint, OUT paid_amount numeric,
                                   OUT credited_amount numeric) RETURNS SETOF record
    AS 'MODULE_PATHNAME', 'provision_matrix_buckets' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10 ROWS 6;
COMMENT ON FUNCTION _provision_buckets(provision_matrix) IS
    'internal: the buckets as they are stored, the last one being what was never paid';

CREATE FUNCTION roll_rates(matrix provision_matrix, OUT bucket text, OUT from_days integer, OUT to_days integer,
                           OUT item_count bigint, OUT open_amount numeric, OUT paid_amount numeric,
                           OUT credited_amount numeric, OUT lost_count bigint, OUT lost_amount numeric,
                           OUT roll_rate double precision, OUT loss_rate double precision,
                           OUT lost_share_low double precision, OUT lost_share_high double precision)
    RETURNS SETOF record LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE ROWS 6
BEGIN ATOMIC
WITH cell AS MATERIALIZED (
    SELECT c.*, c.bucket = 'never paid' AS never FROM _provision_buckets(matrix) AS c
), bucket AS (
    SELECT c.*, l.paid_count AS lost_count, l.paid_amount AS lost_amount,
           l.paid_amount + sum(c.paid_amount) OVER later AS open_amount,
           (l.paid_count::numeric + sum(c.paid_count) OVER later)::bigint AS item_count
    FROM cell AS c, cell AS l WHERE l.never AND NOT c.never
    WINDOW later AS (ORDER BY c.position DESC)
), wilson AS (
    SELECT b.*, lost_count::double precision / nullif(item_count, 0)::double precision AS share, nullif(item_count, 0)::double precision AS n,
           1.959963984540054::double precision AS z, 1::double precision AS one
    FROM bucket AS b
)
SELECT w.bucket, w.from_days, w.to_days, w.item_count, w.open_amount, w.paid_amount, w.credited_amount,
       w.lost_count, w.lost_amount,
       ((w.open_amount - w.paid_amount) / nullif(w.open_amount, 0::numeric))::double precision,
       (w.lost_amount / nullif(w.open_amount, 0::numeric))::double precision,
       -- (a bound never crosses the share itself, by rounding)
       greatest(0, least(share, (share + z * z / (n + n) - z * sqrt(share * (one - share) / n + z * z / (n + n) / (n + n))) / (one + z * z / n))),
       least(1, greatest(share, (share + z * z / (n + n) + z * sqrt(share * (one - share) / n + z * z / (n + n) / (n + n))) / (one + z * z / n)))
FROM wilson AS w ORDER BY w.position;
END;
COMMENT ON FUNCTION roll_rates(provision_matrix) IS
    'one row a bucket: items and amount that were still open as the bucket began, what was paid in it, what credit notes took back in it, items and amount that were never paid; roll_rate: the share of the open amount that got beyond the bucket; loss_rate: the share that was never paid (both NULL where nothing got so far); lost_share_low and _high: 95 % interval (Wilson) of the share of items never paid, which says how much so few items can tell';
