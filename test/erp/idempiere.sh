#!/usr/bin/env bash
# The source view of iDempiere over its tables, with and without its function for an invoice's own rate.
set -uo pipefail
# shellcheck source=test/erp/lib/tap.sh
. "$(dirname "$0")/lib/tap.sh"
# shellcheck source=test/erp/lib/source_view.sh
. "$top/test/erp/lib/source_view.sh"

new_database receivables_erp_idempiere
install_receivables
run -f "$top/test/erp/idempiere/schema.sql" -f "$top/test/erp/idempiere/cases.sql" >"$work/log" 2>&1 ||
    bail 'the tables of iDempiere' "$work/log"
run -f "$top/erp/idempiere.sql" >"$work/log" 2>&1 || bail 'erp/idempiere.sql' "$work/log"

contract receivables_source.item
expected 'the hand-made documents' receivables_source.item
is 'foreign currency with the search path of the daily run' 92.00 \
    "$(ask "
        SET search_path = pg_catalog, receivables;
        SELECT sum(amount) FROM receivables_source.item WHERE invoice_id LIKE 'I108%'")"
is 'level and date of the last dunning, by instalment' 'I102#102|2|2024-06-25
I106#106/3|2|2024-06-25' \
    "$(ask '
        SELECT DISTINCT invoice_id, last_level, last_reminder_date
        FROM receivables_source.item
        WHERE last_level IS NOT NULL
        ORDER BY 1')"
is 'grace of invoice and customer' 'I107#107|2024-09-16
I115#115|2024-09-01' "$(ask "
    SELECT invoice_id, not_before
    FROM receivables_source.item
    WHERE invoice_id IN ('I107#107', 'I115#115')
    ORDER BY 1")"
is 'attributes of a customer, amounts in euros' 'country = "DE"
credit_limit = 5000
credit_status = "O"
currency = "EUR"
group = "Standard"
key = "M7"
language = "de_DE"
name = "Miller"
rating = "A"
sector = "238"' "$(facts_of 7)"
is 'a prepayment of an order is not to be netted' 'P48#P48' "$(ask '
    SELECT invoice_id FROM receivables_source.item WHERE NOT nettable')"
run -v client=1000000 -v view=item_of_other -f "$top/erp/idempiere.sql" >"$work/log" 2>&1
is 'the items of another client, in its currency' 'I114#114|59.00|USD' "$(ask '
    SELECT invoice_id, open_amount, currency FROM receivables_source.item_of_other')"

# An invoice in yen: without a rate the amount is not known. With a function for the invoice's own rate it is.
run -c "
    SELECT invoice(130, 116, 8, '2024-08-01', 10000, currency => 113),
        invoice(131, 116, 8, '2024-08-01', 500, currency => 113)" \
    -c "SELECT allocate(30, '2024-08-02', 131, 500, 30, '2024-08-02', currency => 113)" >"$work/log" 2>&1
is 'no rate, no amount' 'I130#130|||
I131#131|2024-08-02||0' "$(ask "
    SELECT invoice_id, paid_date, amount, open_amount
    FROM receivables_source.item
    WHERE invoice_id LIKE 'I13%'
    ORDER BY 1")"
run -c '
    CREATE FUNCTION currencyconvertinvoice(
        p_c_invoice_id numeric, p_currency_to_id numeric, p_amt numeric DEFAULT NULL,
        p_conversiondate timestamptz DEFAULT NULL) RETURNS numeric
        LANGUAGE sql STABLE AS $$
            SELECT round(p_amt * CASE c_currency_id WHEN 113 THEN 0.006 ELSE 0.92 END, 2)
            FROM c_invoice
            WHERE c_invoice_id = p_c_invoice_id$$' \
    -f "$top/erp/idempiere.sql" >"$work/log" 2>&1
is "the invoice's own rate" 'I130#130|60.00|60.00' "$(ask "
    SELECT invoice_id, amount, open_amount
    FROM receivables_source.item
    WHERE invoice_id LIKE 'I130%'")"
run -c '
    DELETE FROM c_allocationline WHERE c_invoice_id = 131' -c '
    DELETE FROM c_invoice WHERE c_invoice_id IN (130, 131)'
expected 'the same with that function' receivables_source.item

run -f "$top/test/erp/idempiere/generated.sql" >"$work/log" 2>&1 || bail 'generated documents' "$work/log"
rules "(SELECT * FROM receivables_source.item WHERE customer_id::integer > 1000) AS item"
speed receivables_source.item 18000
at_work receivables_source.item 7 '11|1|397.00'
finish
