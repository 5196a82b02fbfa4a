#!/usr/bin/env bash
# The source view of Dolibarr over its tables on PostgreSQL, with and without disputes.
set -uo pipefail
# shellcheck source=test/erp/lib/tap.sh
. "$(dirname "$0")/lib/tap.sh"
# shellcheck source=test/erp/lib/source_view.sh
. "$top/test/erp/lib/source_view.sh"

new_database receivables_erp_dolibarr
install_receivables
run -f "$top/test/erp/dolibarr/schema.sql" -f "$top/test/erp/dolibarr/cases.sql" >"$work/log" 2>&1 ||
    bail 'the tables of Dolibarr' "$work/log"
run -f "$top/erp/dolibarr.sql" >"$work/log" 2>&1 || bail 'erp/dolibarr.sql' "$work/log"

contract receivables_source.item
expected 'the hand-made documents' receivables_source.item
is 'attributes of a customer' 'code = "CU-7"
country = "FR"
credit_limit = 5000.00000000
kind = "TE_MEDIUM"
name = "Miller"
sector = "4120A"' "$(facts_of 7)"
is "only the credit of a deposit is not to be netted" 'AC2406-0001/credit AC2407-0002/credit' \
    "$(ask "SELECT string_agg(invoice_id, ' ' ORDER BY invoice_id) FROM receivables_source.item WHERE NOT nettable")"
run -v entity=2 -v view=item_of_other -f "$top/erp/dolibarr.sql" >"$work/log" 2>&1
is 'the items of another company' 'FA2403-0013|59.00' "$(ask '
    SELECT invoice_id, open_amount FROM receivables_source.item_of_other')"
run -c 'ALTER TABLE llx_facture RENAME dispute_status TO unused' -v view=item_undisputed \
    -f "$top/erp/dolibarr.sql" >"$work/log" 2>&1
is 'before Dolibarr had disputes, nothing is disputed' 0 "$(ask '
    SELECT count(*)
    FROM receivables_source.item_undisputed
    WHERE disputed IS DISTINCT FROM false')"

run -f "$top/test/erp/dolibarr/generated.sql" >"$work/log" 2>&1 || bail 'generated documents' "$work/log"
rules "(SELECT * FROM receivables_source.item WHERE customer_id::integer > 1000) AS item"
speed receivables_source.item 20000
at_work '(
    SELECT *, NULL::integer AS last_level, NULL::date AS last_reminder_date
    FROM receivables_source.item) AS item' 7 '11|0|287.00'
finish
