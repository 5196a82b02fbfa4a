#!/usr/bin/env bash
# The source view of Odoo over its tables, in the shapes of version 17, 15 and 13.
set -uo pipefail
# shellcheck source=test/erp/lib/tap.sh
. "$(dirname "$0")/lib/tap.sh"
# shellcheck source=test/erp/lib/source_view.sh
. "$top/test/erp/lib/source_view.sh"

new_database receivables_erp_odoo
install_receivables
run -f "$top/test/erp/odoo/schema.sql" -f "$top/test/erp/odoo/cases.sql" >"$work/log" 2>&1 ||
    bail 'the tables of Odoo' "$work/log"
run -f "$top/erp/odoo.sql" >"$work/log" 2>&1 || bail 'erp/odoo.sql' "$work/log"

contract receivables_source.item
expected 'the hand-made documents' receivables_source.item
is 'level and date of the last letter that was sent' '2|2024-08-21' \
    "$(ask "SELECT last_level, last_reminder_date FROM receivables_source.item WHERE last_level IS NOT NULL")"
is 'the promise' '2024-10-01' "$(ask "
    SELECT DISTINCT promised_date
    FROM receivables_source.item
    WHERE invoice_id = 'INV/2024/00002'")"
same 'what is open is the balance of the customer, less drafts' "
    SELECT customer_id, booked, open
    FROM (
        SELECT l.partner_id::text AS customer_id, sum(balance) AS booked
        FROM account_move_line AS l
        JOIN account_move AS m ON m.id = l.move_id
        WHERE m.state = 'posted' AND l.account_id = 1
        GROUP BY 1
    ) AS l
    FULL JOIN (
        SELECT customer_id, sum(open_amount) AS open FROM receivables_source.item GROUP BY 1
    ) AS v USING (customer_id)
    WHERE customer_id = '10' AND coalesce(booked, 0) <> coalesce(open, 0)"
is 'attributes of a customer, amounts in euros' 'country = "NL"
currency = "EUR"
is_company = true
language = "nl_NL"
name = "Miller"
reference = "M7"
sector = "Construction"' "$(facts_of 7)"
run -v company=2 -v view=item_of_other -f "$top/erp/odoo.sql" >"$work/log" 2>&1
is 'the items of another company, in its currency' 'INV/2024/00009|58|USD' \
    "$(ask 'SELECT invoice_id, open_amount, currency FROM receivables_source.item_of_other')"

# 15: accounts have internal_type, names are not translated in jsonb. 13: the kind of a move is in type.
run -c 'DROP VIEW receivables_source.item, receivables_source.item_of_other' \
    -c 'ALTER TABLE account_account RENAME account_type TO internal_type' \
    -c "UPDATE account_account SET internal_type = replace(internal_type, 'asset_', '')" \
    -c "ALTER TABLE res_partner_industry ALTER name TYPE varchar USING name ->> 'en_US'" \
    -c 'ALTER TABLE credit_control_line RENAME TO credit_control_line_gone' \
    -v view=item_15 -f "$top/erp/odoo.sql" >"$work/log" 2>&1
expected 'the same in the shape of Odoo 15, without account_credit_control' receivables_source.item_15
is 'sector and reminders in that shape' 'Construction|' \
    "$(ask "
        SELECT DISTINCT attributes ->> 'sector', last_level
        FROM receivables_source.item_15
        WHERE customer_id = '7'")"
run -c 'ALTER TABLE account_move RENAME move_type TO type' \
    -c 'ALTER TABLE account_move_line RENAME expected_pay_date TO other_date' \
    -v view=item_13 -f "$top/erp/odoo.sql" >"$work/log" 2>&1
expected 'the same in the shape of Odoo 13' receivables_source.item_13
run -c 'ALTER TABLE account_move RENAME type TO move_type' -c 'ALTER TABLE account_move_line RENAME blocked TO unused' \
    -v view=item_unblocked -f "$top/erp/odoo.sql" >"$work/log" 2>&1
is 'where nothing can be marked, nothing is disputed' 0 "$(ask '
    SELECT count(*) FROM receivables_source.item_unblocked WHERE disputed IS DISTINCT FROM false')"

run -c 'ALTER TABLE account_move_line RENAME unused TO blocked' -f "$top/erp/odoo.sql" \
    -f "$top/test/erp/odoo/generated.sql" >"$work/log" 2>&1 || bail 'generated documents' "$work/log"
rules "(SELECT * FROM receivables_source.item WHERE invoice_id ~ '^R?INV/2025') AS item"
speed receivables_source.item 20000
at_work receivables_source.item 7 '10|1|533'
finish
