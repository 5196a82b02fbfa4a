#!/bin/bash
# The source view of LedgerSMB, in a database with its schema and its stored procedures; prints TAP.
# unpacked: ledgersmb
# shellcheck source=test/erp/lib/tap.sh
. "$(dirname "$0")/lib/tap.sh"
lib=$top/test/erp/lib

schema=/usr/share/ledgersmb/sql
[ -e "$schema/Pg-database.sql" ] || schema=${ERP_FILES:-$top/build/erp}/ledgersmb$schema
[ -e "$schema/Pg-database.sql" ] || skip_all "LedgerSMB's schema is not there: its view is not tested"
[ "$(psql -X -At -d postgres -c "
    SELECT count(*)
    FROM pg_available_extensions
    WHERE name IN ('tablefunc', 'btree_gist', 'pg_trgm')")" = 3 ] ||
    skip_all "PostgreSQL's contrib modules are not installed: LedgerSMB's view is not tested"

# --- a company at work ------------------------------------------------------------------------------

# The order of LedgerSMB's own setup: the tables, the changes since (those with ! may fail), the procedures.
load_ledgersmb() {
    local file
    run -f "$schema/Pg-database.sql" || return 1
    while read -r file; do
        case $file in
            '#'* | '') ;;
            '!'*) run -1 -f "$schema/changes/${file#!}" || true ;;
            *) run -1 -f "$schema/changes/$file" || return 1 ;;
        esac
    done <"$schema/changes/LOADORDER"
    while read -r file; do
        # The last of them only looks for procedures that are there twice, and needs the source folder.
        case $file in '#'* | '' | Duplicates_Functions.sql) ;; *) run -f "$schema/modules/$file" || return 1 ;; esac
    done <"$schema/modules/LOADORDER"
    run -f "$schema/coa/us/chart/General.sql"
}
new_database erp_ledgersmb || bail "a database"
load_ledgersmb >"$work/log" 2>&1 </dev/null || bail "LedgerSMB's schema loads" "$work/log"
ok "LedgerSMB $(ask "SELECT value FROM defaults WHERE setting_key = 'version'")'s schema and procedures are loaded" 0
run -f "$lib/ledgersmb_documents.sql" >"$work/log" 2>&1 || bail "LedgerSMB posts documents" "$work/log"
install_receivables || bail "the extension installs beside LedgerSMB"
run -1 -f "$top/erp/ledgersmb.sql" >"$work/log" 2>&1 || bail "the view installs" "$work/log"

# --- the rows, computed by hand ---------------------------------------------------------------------

rows() {
    ask "
        SELECT concat_ws(
            ' ', invoice_id, invoice_date, due_date, coalesce(paid_date::text, 'open'),
            trim_scale(amount), settled_by)
        FROM receivables_source.item
        WHERE attributes ->> 'name' = '$1'
        ORDER BY invoice_date, invoice_id, paid_date, settled_by"
}
is "paid" "paid 2024-01-10 2024-02-09 2024-02-12 100 payment" "$(rows Paid)"
is "paid in part, and in parts" "\
part 2024-01-15 2024-02-14 2024-02-20 50 payment
part 2024-01-15 2024-02-14 2024-03-05 30 payment
part 2024-01-15 2024-02-14 open 120
parts 2024-01-16 2024-02-15 2024-02-01 100 payment
parts 2024-01-16 2024-02-15 2024-03-20 200 payment" "$(rows Part)"
is "credit notes: of all, of a part and the rest paid, of a part and the rest open" "\
cancelled 2024-01-25 2024-02-24 2024-02-26 150 credit
reduced 2024-01-26 2024-02-25 2024-03-01 80 credit
reduced 2024-01-26 2024-02-25 2024-03-01 320 payment
lowered 2024-01-27 2024-02-26 2024-03-02 100 credit
lowered 2024-01-27 2024-02-26 open 400
reversal 2024-01-28 2024-02-27 2024-02-26 -150 credit
reducing 2024-02-15 2024-03-16 2024-03-01 -80 credit
lowering 2024-02-18 2024-03-19 2024-03-02 -100 credit" "$(rows Credits)"
is "an open credit note" "credit 2024-02-05 2024-03-06 open -45 credit" "$(rows 'Open credit')"
is "a credit note that was paid out" "payout 2024-02-09 2024-03-10 2024-03-09 -60 credit" "$(rows 'Paid out')"
is "a discount for early payment" "\
discount 2024-02-01 2024-03-02 2024-02-10 117.6 payment
discount 2024-02-01 2024-03-02 2024-02-10 2.4 write_off" "$(rows Discount)"
is "in euros: half of it paid at a higher rate, all of it at a higher rate" "\
euros 2024-02-02 2024-03-03 2024-03-04 110 payment
euros 2024-02-02 2024-03-03 open 110
loss 2024-02-03 2024-03-04 2024-03-06 90 payment" "$(rows Abroad)"
reference=$(ask "SELECT payment_reference FROM overpayments WHERE entity_credit_id = customer('Overpaid')")
is "overpaid by 20, of which 15 paid another invoice" "\
over 2024-02-05 2024-03-06 2024-03-05 80 payment
payment $reference 2024-03-05 2024-03-05 open -5
second 2024-03-10 2024-04-09 2024-03-20 15 payment" "$(rows Overpaid)"
is "reversed payments: the only one, and the first of two" "\
bounced 2024-02-08 2024-03-09 open 90
twice 2024-02-08 2024-03-09 2024-03-18 25 payment
twice 2024-02-08 2024-03-09 open 45" "$(rows Bounced)"
is "on hold" "\
disputed|t|t
settled|f|t" "$(ask "
    SELECT invoice_id, disputed, was_disputed
    FROM receivables_source.item
    WHERE attributes ->> 'name' = 'Disputed'
    ORDER BY 1")"
is "closed by hand" "\
closed 2024-02-11 2024-03-12 2024-03-15 5 write_off
closed 2024-02-11 2024-03-12 2024-03-15 50 payment
forgotten 2024-02-12 2024-03-13 2024-02-12 7 write_off" "$(rows Closed | sort)"
is "paid on the invoice's screen: at once, and later" "\
cash 2024-02-13 2024-03-14 2024-02-13 30 payment
later 2024-02-14 2024-03-15 2024-02-21 25 payment" "$(rows Cash)"
is "receipts in batches: posted, and waiting" "\
batch1 2024-02-15 2024-03-16 2024-03-11 10 payment
batch2 2024-02-16 2024-03-17 open 20
batch3 2024-02-17 2024-03-18 open 40" "$(rows Batch)"
is "a draft is nothing until it is approved" "approved 2024-02-21 2024-03-22 open 11" "$(rows Draft)"
is "reversed, and paid in the end: the only payment, one of two, two of three, on the invoice's screen" "\
again 2024-03-01 2024-03-31 2024-05-20 100 payment
middle 2024-03-02 2024-04-01 2024-04-02 35 payment
middle 2024-03-02 2024-04-01 open 65
two 2024-03-03 2024-04-02 2024-04-01 20 payment
two 2024-03-03 2024-04-02 open 80
screen 2024-03-04 2024-04-03 2024-05-21 100 payment" "$(rows Again)"
is "a provider's fee is a part of the payment" "fee 2024-03-05 2024-04-04 2024-04-04 1000 payment" \
    "$(ask "
        SELECT concat_ws(
            ' ', invoice_id, invoice_date, due_date, paid_date, trim_scale(sum(amount)), settled_by)
        FROM receivables_source.item
        WHERE customer_name = 'Fee'
        GROUP BY invoice_id, invoice_date, due_date, paid_date, settled_by")"
is "a credit note larger than its invoice, more paid than owed" "\
small 2024-03-06 2024-04-05 2024-05-02 30 credit
toomuch 2024-03-07 2024-04-06 2024-04-06 80 payment
toomuch/overpaid 2024-04-06 2024-04-06 open -20
large 2024-05-01 2024-05-31 2024-05-02 -30 credit
large 2024-05-01 2024-05-31 open -20 credit" "$(rows Larger)"
is "change at the till, and an advance" "\
before 2024-02-01 2024-03-02 2024-03-11 1 payment
till 2024-03-10 2024-04-09 2024-03-10 40 payment
order 2024-04-01 2024-05-01 2024-04-01 60 payment
order 2024-04-01 2024-05-01 open 40" "$(rows Till)"
is "a moved due date" "moved 2024-03-12 2024-07-11 open 60" "$(rows Moved)"
# ... less what was closed by hand, and the unused overpayment
is "what is open is the balance of the receivable account" "t" "$(ask "
    SELECT (SELECT sum(open_amount) FROM receivables_source.item) = (
        SELECT -sum(p.amount)
        FROM acc_trans p
        JOIN ar a ON a.id = p.trans_id
        WHERE a.approved AND p.approved AND p.chart_id = accno('1200')
    ) - 12 - 5")"
is "one currency, and every row is either settled or open" "USD|t|t" "$(ask "
    SELECT string_agg(DISTINCT currency, ','),
        bool_and((paid_date IS NULL) = (settled_by IS NULL)
            OR paid_date IS NULL AND settled_by = 'credit' AND amount < 0),
        bool_and(open_amount = CASE WHEN paid_date IS NULL THEN amount ELSE 0 END)
    FROM receivables_source.item")"
is "the customer's attributes" '{"name": "Paid", "terms": 30, "credit_limit": 5000}' \
    "$(ask "SELECT attributes - 'number' FROM receivables_source.item WHERE invoice_id = 'paid'")"

# --- what the extension says of them ----------------------------------------------------------------

# A stored procedure of the ERP that calls the extension.
run -c "
CREATE FUNCTION customer__reminders(in_credit_id int, in_as_of date)
RETURNS TABLE (invnumber text, segment text, level int, reminder_date date, reason text)
LANGUAGE plpgsql STABLE AS \$\$
DECLARE
    t_profile receivables.payment_profile;
    t_segment text;
BEGIN
    SELECT receivables.payment_profile(i.invoice_date, i.due_date, i.paid_date, i.amount,
        i.was_disputed OR i.settled_by <> 'payment', in_as_of)
    INTO t_profile
    FROM receivables_source.item i
    WHERE i.customer_id = in_credit_id::text;
    t_segment := receivables.assign_segment(
        '[{\"segment\": \"new\", \"when\": \"timed_count < 2\"}, {\"segment\": \"known\"}]',
        t_profile, in_as_of);
    RETURN QUERY
        SELECT i.invoice_id, t_segment, r.level, r.reminder_date, r.reason
        FROM receivables_source.item i,
            receivables.next_reminder(
                '{\"steps\": [{\"level\": 1, \"after_days\": 5}],
                  \"segments\": {\"new\": {\"steps\": [{\"level\": 1, \"after_days\": 10}]}}}',
                i.due_date, i.open_amount, in_as_of,
                segment => t_segment, profile => t_profile, disputed => i.disputed) r
        WHERE i.customer_id = in_credit_id::text
            AND i.paid_date IS NULL
            AND i.open_amount > 0
            AND r.status = 'scheduled'
        ORDER BY 1;
END \$\$"
is "a stored procedure of the ERP asks for segment and reminders" "\
Part|part|known|1|2024-02-19
Bounced|bounced|new|1|2024-03-19
Bounced|twice|new|1|2024-03-19" "$(ask "
    SELECT who, invnumber, segment, level, reminder_date
    FROM unnest(ARRAY['Part', 'Bounced', 'Disputed']) WITH ORDINALITY c(who, n),
        customer__reminders(customer(who), '2024-03-21')
    ORDER BY n, invnumber")"
is "a payment profile: payments are behaviour, credit notes are not" "8|1|5|400" "$(ask "
    SET search_path = public, receivables;
    SELECT item_count(p), timed_count(p), weighted_days_late(p), open_amount(p)
    FROM (
        SELECT payment_profile(
            invoice_date, due_date, paid_date, amount, was_disputed OR settled_by <> 'payment') AS p
        FROM receivables_source.item
        WHERE attributes ->> 'name' = 'Credits'
    ) c")"

whole_job 2024-06-30

# --- many more, against a walk through the payments -------------------------------------------------

run -f "$lib/ledgersmb_generated.sql" >"$work/log" 2>&1 || bail "generated documents" "$work/log"
is "generated documents: $(ask 'SELECT count(*) FROM expected') rows as the walk has them" "t|0|0" "$(ask "
    WITH v AS (SELECT invoice_id, paid_date, settled_by, amount FROM receivables_source.item WHERE invoice_id LIKE 'G%')
    SELECT (SELECT count(*) > 3000 FROM expected), (SELECT count(*) FROM (TABLE v EXCEPT ALL TABLE expected) x),
        (SELECT count(*) FROM (TABLE expected EXCEPT ALL TABLE v) x)")"
is "some of them by credit notes and payments at once" "t" "$(ask "
    SELECT count(*) > 100
    FROM (
        SELECT invoice_id, paid_date
        FROM expected
        GROUP BY 1, 2
        HAVING count(DISTINCT settled_by) > 1
    ) x")"
is "the plan goes through no pairs" "t" "$(run -At -f "$lib/plan.sql" -c "
    SELECT pg_temp.plan_work('SELECT * FROM receivables_source.item')
        < 2 * (SELECT count(*) FROM acc_trans)")"

# --- rights, and undoing it -------------------------------------------------------------------------

grants_of ledgersmb
is "the view shows what its caller may see" "t" "$(ask "
    SELECT bool_and(reloptions @> '{security_invoker=true}')
    FROM pg_class
    WHERE relnamespace = 'receivables_source'::regnamespace AND relkind = 'v'")"
is "every column of the view is explained" "0" "$(ask "SELECT count(*) FROM pg_attribute
    WHERE attrelid = 'receivables_source.item'::regclass AND attnum > 0 AND col_description(attrelid, attnum) IS NULL")"
run -c 'DROP FUNCTION customer__reminders' -c 'DROP SCHEMA receivables_source CASCADE' \
    -c 'DROP EXTENSION receivables' -c 'DROP SCHEMA receivables' 2>/dev/null
is "undone: nothing of it is left" "0|t" "$(ask "
    SELECT (SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'receivables%'),
        (SELECT count(*) > 1500 FROM ar)")"
finish
