-- Which share of the invoices is still unpaid so many days after the due date.

CREATE FUNCTION share_unpaid_after(profile payment_profile, days integer, as_of date, disputed boolean DEFAULT true)
    RETURNS double precision
    AS 'MODULE_PATHNAME', 'share_unpaid_after' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10;
COMMENT ON FUNCTION share_unpaid_after(payment_profile, integer, date, boolean) IS
    'share of the invoices that is still unpaid at the end of the day due date + days (below 0: before it), by the product-limit estimator of Kaplan and Meier: what is open or written off counts as unpaid until as_of; what a credit settled, or a payment on an unknown day, is left out; disputed invoices count unless disputed is false; beyond the longest delay seen the last share holds; the profile must be as known on as_of; NULL when an argument is NULL or no invoice counts; 22008 when as_of is infinite';
