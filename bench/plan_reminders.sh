#!/bin/bash
# The plan of a day and the lists, over a million open invoices among ten million, against the bare grouped
# average and sum over the same invoices.
#   PGHOST=... PGDATABASE=... bench/plan_reminders.sh [rounds]
# Ten invoices a customer, those of the last eleven weeks open. Needs a database with the extension in schema
# receivables; makes the tables of bench/refresh_segments.sh when they are not there.
set -euo pipefail
# shellcheck source=bench/lib/measure.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib/measure.sh"
rounds=${1:-3}
customers=$((1000000 / divisor))
settings -c jit=off

exists refresh_invoice || load -v customers="$customers" -f "$bench/refresh_segments_data.sql"
sql <<'SQL'
SET client_min_messages = warning;
SELECT unregister_source(name, true) FROM sources WHERE name = 'plan';
CREATE OR REPLACE VIEW public.plan_invoice WITH (security_invoker = true) AS
    SELECT customer_id, invoice_id, invoice_date, due_date,
        CASE WHEN invoice_date < '2025-09-15' THEN paid_date END AS paid_date, amount,
        CASE WHEN invoice_date < '2025-09-15' THEN open_amount ELSE amount END AS open_amount
    FROM public.refresh_invoice;
SELECT register_source('plan', 'public.plan_invoice');
CALL refresh_segments('plan', '2025-12-05');
SQL
sql -c "VACUUM ANALYZE customer_segments"

bare="SELECT customer_id, avg(paid_date - due_date), sum(amount) FROM plan_invoice GROUP BY customer_id"
lists=(plan_reminders plan_letters customers_to_watch credit_hold_candidates)
for ((round = 0; round < rounds; round++)); do
    elapsed bare "$bare"
    for list in "${lists[@]}"; do elapsed "$list" "SELECT * FROM $list('plan', '2025-12-05')"; done
done

title "$(sql -c 'SELECT count(*) FROM plan_invoice') invoices, $(sql -c '
    SELECT count(*) FROM plan_invoice WHERE paid_date IS NULL') open; \
work_mem $(sql -c 'SHOW work_mem')"
for list in "${lists[@]}"; do ratio "$list / avg, sum of every customer" "$list" bare 1.0; done
