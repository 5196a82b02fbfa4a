-- Days sales outstanding and what is told beside it. Receivables and sales on the same basis of tax.
-- Every operator meets the types that it has in pg_catalog: one for numeric and integer could be somebody else's.

CREATE FUNCTION dso(receivables numeric, sales numeric, days integer DEFAULT 365, opening_receivables numeric DEFAULT NULL)
    RETURNS double precision LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN sales > 0::numeric AND coalesce(days, 365) > 0 THEN
    CASE WHEN opening_receivables IS NULL THEN receivables * coalesce(days, 365)::numeric / sales
         ELSE (opening_receivables + receivables) * coalesce(days, 365)::numeric / (2::numeric * sales) END END;
COMMENT ON FUNCTION dso(numeric, numeric, integer, numeric) IS
    'days sales outstanding = receivables / sales * days, the sales being those on credit in so many days (365); with opening_receivables the mean of the balance at the beginning and at the end stands for the receivables; NULL where sales or days are not above 0';

CREATE FUNCTION best_possible_dso(not_due_amount numeric, sales numeric, days integer DEFAULT 365)
    RETURNS double precision LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN sales > 0::numeric AND coalesce(days, 365) > 0 THEN not_due_amount * coalesce(days, 365)::numeric / sales END;
COMMENT ON FUNCTION best_possible_dso(numeric, numeric, integer) IS
    'days sales outstanding if nothing were overdue = receivables not yet due / sales * days (365); NULL where sales or days are not above 0';

CREATE FUNCTION average_days_delinquent(receivables numeric, not_due_amount numeric, sales numeric, days integer DEFAULT 365)
    RETURNS double precision LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN sales > 0::numeric AND coalesce(days, 365) > 0
            THEN (receivables - not_due_amount) * coalesce(days, 365)::numeric / sales END;
COMMENT ON FUNCTION average_days_delinquent(numeric, numeric, numeric, integer) IS
    'days sales outstanding less the best possible = (receivables - receivables not yet due) / sales * days (365): what late payment costs in days of sales; NULL where sales or days are not above 0';

CREATE FUNCTION collection_effectiveness_index(opening_receivables numeric, sales numeric, receivables numeric,
                                               not_due_amount numeric)
    RETURNS double precision LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN opening_receivables + sales - not_due_amount > 0::numeric
            THEN (opening_receivables + sales - receivables) * 100::numeric / (opening_receivables + sales - not_due_amount) END;
COMMENT ON FUNCTION collection_effectiveness_index(numeric, numeric, numeric, numeric) IS
    'of what could have been collected in a period, the percentage that was: (receivables at its beginning + sales - receivables at its end) / (receivables at its beginning + sales - those at its end that are not yet due) * 100; NULL where nothing could have been collected';
