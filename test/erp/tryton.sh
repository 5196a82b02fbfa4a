#!/bin/bash
# The source view of Tryton, in a database that Tryton itself made and worked in; prints TAP.
# packages: tryton-server tryton-modules-account-invoice tryton-modules-account-dunning
# packages: tryton-modules-account-dunning-fee tryton-proteus python3-psycopg2
# shellcheck source=test/erp/lib/tap.sh
. "$(dirname "$0")/lib/tap.sh"
lib=$top/test/erp/lib

# Debian's own python has Debian's modules, whatever else is on PATH.
python() { PYTHONDONTWRITEBYTECODE=1 /usr/bin/python3 -W ignore "$@"; }
python -c '
import proteus, psycopg2, trytond.modules.account_dunning_fee, trytond.modules.account_invoice' 2>/dev/null ||
    skip_all "Tryton with its dunning is not installed: its view is not tested"

# --- a company at work ------------------------------------------------------------------------------

new_database erp_tryton || bail "a database"
printf '[database]\nuri = postgresql://%s@/\n[cache]\nclean_timeout = 0\n' "${PGUSER:-postgres}" >"$work/trytond.conf"
echo secret >"$work/password"
TRYTONPASSFILE=$work/password python /usr/bin/trytond-admin \
    -c "$work/trytond.conf" -d erp_tryton --email admin@example.com \
    --activate-dependencies -u account_invoice account_dunning account_dunning_fee >"$work/log" 2>&1 ||
        bail "Tryton makes its database" "$work/log"
python "$lib/tryton_documents.py" "$work/trytond.conf" erp_tryton >"$work/documents" 2>"$work/log" ||
    bail "Tryton posts documents" "$work/log"
ok "Tryton posted $(wc -l <"$work/documents") documents" 0
install_receivables || bail "the extension installs beside Tryton"
run -1 -f "$top/erp/tryton.sql" >"$work/log" 2>&1 || bail "the view installs" "$work/log"

# --- the rows, computed by hand ---------------------------------------------------------------------

rows() {
    ask "
        SELECT concat_ws(
            ' ', invoice_id, invoice_date, due_date, coalesce(paid_date::text, 'open'),
            trim_scale(amount), settled_by)
        FROM receivables_source.item
        WHERE attributes ->> 'name' = '$1'
        ORDER BY invoice_date, invoice_id COLLATE \"C\", due_date, paid_date, settled_by"
}
is "paid" "1 2024-01-10 2024-02-09 2024-02-12 100 payment" "$(rows Paid)"
is "paid in part, and in parts" "\
2 2024-01-15 2024-02-14 2024-02-20 50 payment
2 2024-01-15 2024-02-14 2024-03-05 30 payment
2 2024-01-15 2024-02-14 open 120
3 2024-01-16 2024-02-15 2024-02-01 100 payment
3 2024-01-16 2024-02-15 2024-03-20 200 payment" "$(rows Part)"
is "instalments: 300 and 400 of two times 500; and one paid exactly" "\
4 2024-01-20 2024-02-19 2024-02-15 300 payment
4 2024-01-20 2024-02-19 2024-03-01 200 payment
4/2 2024-01-20 2024-03-20 2024-03-01 200 payment
4/2 2024-01-20 2024-03-20 open 300
5 2024-01-22 2024-02-21 2024-02-25 300 payment
5/2 2024-01-22 2024-03-22 open 300" "$(rows Instalments)"
is "credit notes: of all, of a part and the rest paid, of a part and the rest open" "\
6 2024-01-25 2024-02-24 2024-01-28 150 credit
7 2024-01-26 2024-02-25 2024-02-15 80 credit
7 2024-01-26 2024-02-25 2024-03-01 320 payment
8 2024-01-27 2024-02-26 2024-02-18 100 credit
8 2024-01-27 2024-02-26 open 400
9 2024-01-28 2024-02-27 2024-01-28 -150 credit
22 2024-02-15 2024-03-16 2024-02-15 -80 credit
23 2024-02-18 2024-03-19 2024-02-18 -100 credit" "$(rows Credits)"
is "an open credit note" "15 2024-02-05 2024-03-06 open -45 credit" "$(rows 'Open credit')"
is "a credit note that was paid out" "21 2024-02-09 2024-03-10 2024-03-09 -60 credit" "$(rows 'Paid out')"
is "a small difference written off" "\
10 2024-02-01 2024-03-02 2024-03-02 118 payment
10 2024-02-01 2024-03-02 2024-03-02 2 write_off" "$(rows Write-off)"
is "in dollars: half of it paid at another rate; all of it, with a loss, and with a gain" "\
11 2024-02-02 2024-03-03 2024-03-04 100 payment
11 2024-02-02 2024-03-03 open 100
12 2024-02-03 2024-03-04 2024-03-06 100 payment
13 2024-02-04 2024-03-05 2024-03-07 100 payment" "$(rows Abroad)"
is "overpaid: the invoice is paid, the rest is a credit" "\
14 2024-02-05 2024-03-06 2024-03-05 80 payment
account.move.line,66 2024-03-05 2024-03-05 open -20" "$(rows Overpaid)"
is "money on account" "account.move.line,98 2024-02-21 2024-02-21 open -25" "$(rows 'On account')"
is "two invoices merged into one line, which was paid" "\
16 2024-02-06 2024-03-07 2024-04-01 50 payment
18 2024-02-07 2024-03-08 2024-04-01 70 payment" "$(rows Grouped)"
is "two invoices merged into one line, which is open" "\
17 2024-02-06 2024-03-07 open 40
19 2024-02-07 2024-03-08 open 30" "$(rows Together)"
is "a part payment that bounced" "20 2024-02-08 2024-03-09 open 90" "$(rows Bounced)"
is "a cancelled invoice" "24 2024-02-19 2024-03-20 2024-02-19 33 credit" "$(rows Mistake)"
is "a draft is nothing" "" "$(rows Draft)"
is "an opening balance, and a draft of one" "account.move.line,1 2024-01-05 2024-02-04 open 260" "$(rows Opening)"
is "a number that was used in another year" "1 (account.invoice,55) 2025-01-02 2025-02-01 open 77" "$(rows 'Next year')"

later() { rows "$1" | sed 's/(account.invoice,[0-9]*)/again/; s/account.move.line,[0-9]*/line/'; }
is "a payment that came back: cancelled, and by an entry of its own; paid in the end" "\
2 again 2025-01-10 2025-02-09 2025-03-30 100 payment
3 again 2025-01-11 2025-02-10 2025-03-31 90 payment" "$(later Returned)"
is "change at the till" "4 again 2025-01-12 2025-02-11 2025-01-12 40 payment" "$(later Till)"
is "a provider's fee is a part of the payment" "5 again 2025-01-13 2025-02-12 2025-02-12 1000 payment" "$(later Fee)"
is "an advance fills the instalments in turn" "\
6 again 2025-01-20 2025-02-19 2025-01-05 50 payment
6 again/2 2025-01-20 2025-03-21 2025-01-05 10 payment
6 again/2 2025-01-20 2025-03-21 open 40" "$(later Advance)"
is "a moved due date keeps the number of each instalment" "\
7 again 2025-01-21 2025-07-01 open 50
7 again/2 2025-01-21 2025-03-22 open 50" "$(later Moved)"
is "reconciled with a draft" "8 again 2025-01-24 2025-02-23 open 25" "$(later Unsure)"

is "what is open agrees with Tryton's own balances of the customers" "" "$(ask "
    SELECT name, booked, open
    FROM (
        SELECT customer_id::int AS id, sum(open_amount) AS open
        FROM receivables_source.item
        GROUP BY 1
    ) v
    FULL JOIN (
        SELECT l.party AS id, sum(l.debit - l.credit) AS booked
        FROM account_move_line l
        JOIN account_move m ON m.id = l.move
        JOIN account_account a ON a.id = l.account
        JOIN account_account_type t ON t.id = a.type AND t.receivable
        WHERE l.reconciliation IS NULL
            AND (m.state = 'posted'
                OR l.id IN (SELECT delegate_to FROM account_move_reconciliation))
        GROUP BY 1
    ) b USING (id)
    JOIN party_party p USING (id)
    WHERE coalesce(booked, 0) <> coalesce(open, 0) AND name NOT IN ('Abroad', 'Unsure')")"
is "ids are unique among the open rows" "0" "$(ask "
    SELECT count(*) - count(DISTINCT invoice_id)
    FROM receivables_source.item
    WHERE paid_date IS NULL")"
is "one currency, and every row is either settled or open" "EUR|t|t" "$(ask "
    SELECT string_agg(DISTINCT currency, ','),
        bool_and((paid_date IS NULL) = (settled_by IS NULL)
            OR paid_date IS NULL AND settled_by = 'credit' AND amount < 0),
        bool_and(open_amount = CASE WHEN paid_date IS NULL THEN amount ELSE 0 END)
    FROM receivables_source.item")"

# --- what the extension says of them ----------------------------------------------------------------

is "a payment profile: payments are behaviour, credit notes are not" "8|1|5|400.00" "$(ask "
    SET search_path = public, receivables;
    SELECT item_count(p), timed_count(p), weighted_days_late(p), open_amount(p)
    FROM (
        SELECT payment_profile(
            invoice_date, due_date, paid_date, amount, was_disputed OR settled_by <> 'payment') AS p
        FROM receivables_source.item
        WHERE attributes ->> 'name' = 'Credits'
    ) c")"
is "a segment, and the next reminder of each open item" "\
2|new|1|2024-02-19
4/2|new|1|2024-03-25
5/2|new|1|2024-03-27" "$(ask "
    SET search_path = public, receivables;
    SELECT invoice_id,
        assign_segment(
            '[{\"segment\": \"new\", \"when\": \"timed_count < 9\"}, {\"segment\": \"known\"}]',
            p, '2024-03-21'),
        r.level,
        r.reminder_date
    FROM receivables_source.item i
    JOIN (
        SELECT customer_id,
            payment_profile(
                invoice_date, due_date, paid_date, amount, was_disputed, '2024-03-21') AS p
        FROM receivables_source.item
        GROUP BY customer_id
    ) c USING (customer_id)
    JOIN receivables_source.dunning_procedure d
        ON d.name = i.attributes ->> 'dunning_procedure',
            next_reminder(
                d.policy::text::dunning_policy, due_date, open_amount, '2024-03-21', profile => p) r
    WHERE paid_date IS NULL AND i.attributes ->> 'name' IN ('Part', 'Instalments')
    ORDER BY 1")"
is "the procedures as policies" "\
quick|{\"steps\": [{\"level\": 1, \"after_days\": 0}, {\"level\": 2, \"after_days\": 2}]}
usual|{\"steps\": [{\"level\": 1, \"after_days\": 5}, {\"level\": 2, \"after_days\": 20}, \
{\"level\": 3, \"after_days\": 40}]}" \
    "$(ask "
        SELECT name, policy::text::receivables.dunning_policy
        FROM receivables_source.dunning_procedure
        ORDER BY name")"

whole_job 2024-06-30

# --- many more, against a walk through each group ---------------------------------------------------

psql -X -q -d postgres -c 'DROP DATABASE IF EXISTS erp_tryton_many' -c '
    CREATE DATABASE erp_tryton_many TEMPLATE erp_tryton'
database=erp_tryton_many
run -f "$lib/tryton_generated.sql" >"$work/log" 2>&1 || bail "generated documents" "$work/log"
is "generated documents: $(ask 'SELECT count(*) FROM expected') rows as the walk has them" "t|0|0" "$(ask "
    WITH v AS (SELECT invoice_id, paid_date, settled_by, amount FROM receivables_source.item WHERE invoice_id LIKE 'G%')
    SELECT (SELECT count(*) > 1500 FROM expected), (SELECT count(*) FROM (TABLE v EXCEPT ALL TABLE expected) x),
        (SELECT count(*) FROM (TABLE expected EXCEPT ALL TABLE v) x)")"
is "the plan goes through no pairs" "t" "$(run -At -f "$lib/plan.sql" -c "
    SELECT pg_temp.plan_work('SELECT * FROM receivables_source.item')
        < 4 * (SELECT count(*) FROM receivables_source.line)")"

# Without the dunning module there are the same items, without levels.
before=$(ask 'SELECT count(*), sum(amount) FROM receivables_source.item')
run -1 -c 'DROP SCHEMA receivables_source CASCADE' \
    -c 'DROP TABLE account_dunning, account_dunning_level, account_dunning_procedure CASCADE' \
    -f "$top/erp/tryton.sql" >"$work/log" 2>&1 || bail "the view installs without dunning" "$work/log"
is "without the module account_dunning" "$before" "$(ask '
    SELECT count(*), sum(amount)
    FROM receivables_source.item
    WHERE last_level IS NULL AND NOT disputed')"
psql -X -q -d postgres -c 'DROP DATABASE erp_tryton_many'
database=erp_tryton

# --- the same dunning -------------------------------------------------------------------------------

python "$lib/tryton_dunning.py" "$work/trytond.conf" erp_tryton >"$work/dunning" 2>"$work/log" ||
    bail "Tryton runs its dunning" "$work/log"
sed 's/^/# /' "$work/dunning"
is "five months of runs: our levels and dates are Tryton's own, day by day" \
    "days 141, drafts 141, items and levels 99, blocked 3, final True, differing 0" "$(tail -n 1 "$work/dunning")"
is "Tryton also duns an instalment that part payments cover, and a draft entry" \
    "not open 4 account.move.line,3" "$(grep '^not open' "$work/dunning")"
is "its levels are last levels" "t|t" "$(ask "
    SELECT count(*) FILTER (WHERE last_level = 3) > 5,
        bool_and(last_reminder_date >= due_date + 5) FILTER (WHERE last_level > 0
            AND attributes ->> 'dunning_procedure' = 'usual'
            AND attributes ->> 'name' <> 'Together')
    FROM receivables_source.item")"
run -c "
    UPDATE account_dunning
    SET blocked = true
    WHERE line = (SELECT id FROM receivables_source.line WHERE invoice = 2 AND item = 'invoice')"
is "blocked: in dispute while open" "f|t
f|t
t|t" "$(ask "SELECT disputed, was_disputed FROM receivables_source.item WHERE invoice_id = '2' ORDER BY paid_date")"
is "a dunning in draft is the level before it" "2|" "$(run -c "
    UPDATE account_dunning
    SET state = 'draft'
    WHERE line = (SELECT id FROM receivables_source.line WHERE invoice = 2 AND item = 'invoice')" &&
    ask "
        SELECT last_level, last_reminder_date
        FROM receivables_source.item
        WHERE invoice_id = '2' AND paid_date IS NULL")"
run -c 'ALTER TABLE account_dunning ADD "date" date' -c "UPDATE account_dunning SET \"date\" = '2024-06-17'"
is "where dunnings have a date, that one" "2024-06-17" "$(ask "
    SELECT DISTINCT last_reminder_date
    FROM receivables_source.item
    WHERE last_reminder_date IS NOT NULL")"

# --- rights, and undoing it -------------------------------------------------------------------------

grants_of tryton
is "the view shows what its caller may see" "t" "$(ask "
    SELECT bool_and(reloptions @> '{security_invoker=true}')
    FROM pg_class
    WHERE relnamespace = 'receivables_source'::regnamespace AND relkind = 'v'")"
is "every column of the view is explained" "0" "$(ask "SELECT count(*) FROM pg_attribute
    WHERE attrelid = 'receivables_source.item'::regclass AND attnum > 0 AND col_description(attrelid, attnum) IS NULL")"
run -c 'DROP SCHEMA receivables_source CASCADE' -c 'DROP EXTENSION receivables' -c 'DROP SCHEMA receivables' 2>/dev/null
is "undone: nothing of it is left" "0|t" "$(ask "
    SELECT (SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'receivables%'),
        (SELECT count(*) > 50 FROM account_invoice)")"
finish
