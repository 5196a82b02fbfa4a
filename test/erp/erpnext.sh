#!/usr/bin/env bash
# The source view of ERPNext over its tables on PostgreSQL, with the dunnings of version 15 and of 14.
set -uo pipefail
# shellcheck source=test/erp/lib/tap.sh
. "$(dirname "$0")/lib/tap.sh"
# shellcheck source=test/erp/lib/source_view.sh
. "$top/test/erp/lib/source_view.sh"

new_database receivables_erp_erpnext
install_receivables
run -f "$top/test/erp/erpnext/schema.sql" -f "$top/test/erp/erpnext/cases.sql" >"$work/log" 2>&1 ||
    bail 'the tables of ERPNext' "$work/log"
run -f "$top/erp/erpnext.sql" >"$work/log" 2>&1 || bail 'erp/erpnext.sql' "$work/log"

contract receivables_source.item
expected 'the hand-made documents' receivables_source.item
is 'level and date of the last dunning of an instalment' 'SINV-24-00006/3|2|2024-07-01' \
    "$(ask '
        SELECT DISTINCT invoice_id, last_level, last_reminder_date
        FROM receivables_source.item
        WHERE last_level IS NOT NULL')"
is 'attributes of a customer, amounts in euros' 'credit_limit = 5000.000000000
currency = "EUR"
group = "Commercial"
kind = "Company"
language = "nl"
name = "Miller Ltd"
sector = "Construction"
territory = "Netherlands"' "$(facts_of Miller)"
is 'an advance on an order is not to be netted' 'SAL-ORD-24-00001' "$(ask '
    SELECT invoice_id FROM receivables_source.item WHERE NOT nettable')"
is 'due each month what the advance left' '7500.00' \
    "$(ask "
        SELECT sum(open_amount)
        FROM receivables_source.item
        WHERE invoice_id LIKE 'SINV-24-00020%' AND due_date < '2024-04-15'")"
same 'what is open is the balance of the customer in the payment ledger' "
    SELECT party, booked, open
    FROM (
        SELECT party, sum(amount) AS booked
        FROM \"tabPayment Ledger Entry\"
        WHERE delinked = 0 AND company = 'Ours'
        GROUP BY 1
    ) AS l
    FULL JOIN (
        SELECT customer_id AS party, sum(open_amount) AS open
        FROM receivables_source.item
        GROUP BY 1
    ) AS v USING (party)
    WHERE party NOT IN ('Miller', 'Smith') AND coalesce(booked, 0) <> coalesce(open, 0)"
run -c "UPDATE \"tabPayment Schedule\" SET due_date = '2025-07-01' WHERE name = 'SINV-24-00021-1'"
is 'a moved due date keeps the number of each instalment' 'SINV-24-00021|2025-07-01|6000.00
SINV-24-00021/2|2024-05-02|0' "$(ask "
    SELECT invoice_id, due_date, sum(open_amount)
    FROM receivables_source.item
    WHERE invoice_id LIKE 'SINV-24-00021%'
    GROUP BY 1, 2
    ORDER BY 1")"
run -c "UPDATE \"tabPayment Schedule\" SET due_date = '2024-04-02' WHERE name = 'SINV-24-00021-1'"
run -v company=Other -v view=item_of_other -f "$top/erp/erpnext.sql" >"$work/log" 2>&1
is 'the items of another company, in its currency' 'SINV-24-00011|58.00|USD' "$(ask '
    SELECT invoice_id, open_amount, currency FROM receivables_source.item_of_other')"

# 14: a dunning is for one invoice.
run -c 'DROP VIEW receivables_source.item, receivables_source.item_of_other' -c 'DROP TABLE "tabOverdue Payment"' \
    -c 'ALTER TABLE "tabDunning" ADD sales_invoice varchar(140)' -c "
        UPDATE \"tabDunning\" SET sales_invoice = 'SINV-24-00002'" \
    -f "$top/erp/erpnext.sql" >"$work/log" 2>&1
expected 'the same in the shape of ERPNext 14' receivables_source.item
is 'level and date of the last dunning of an invoice' 'SINV-24-00002|2|2024-07-01' \
    "$(ask '
        SELECT DISTINCT invoice_id, last_level, last_reminder_date
        FROM receivables_source.item
        WHERE last_level IS NOT NULL')"

run -f "$top/test/erp/erpnext/generated.sql" >"$work/log" 2>&1 || bail 'generated documents' "$work/log"
rules "(SELECT * FROM receivables_source.item WHERE invoice_id LIKE 'SINV-25-%') AS item"
speed receivables_source.item 18000
at_work receivables_source.item Miller '13|1|432.00'
finish
