-- The most rows that one step of a query's plan touched: those it passed on and those its conditions threw
-- away, in all its loops. A join that goes through all pairs shows here, on any machine.
CREATE FUNCTION pg_temp.plan_work(query text) RETURNS numeric LANGUAGE plpgsql AS $$
DECLARE
    plan jsonb;
BEGIN
    EXECUTE 'EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) ' || query INTO plan;
    RETURN (WITH RECURSIVE node AS (
            SELECT plan #> '{0,Plan}' AS n
            UNION ALL
            SELECT child FROM node, jsonb_array_elements(n -> 'Plans') AS child)
        SELECT max((n ->> 'Actual Loops')::numeric * ((n ->> 'Actual Rows')::numeric
            + coalesce((n ->> 'Rows Removed by Join Filter')::numeric, 0)
            + coalesce((n ->> 'Rows Removed by Filter')::numeric, 0))) FROM node);
END $$;
