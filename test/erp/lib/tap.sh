# For the tests of the suite erp: TAP (test/lib/tap.sh), and a database with the extension. Sourced by
# bash; they need psql and a server (PGHOST ...) that has the extension.
# shellcheck shell=bash disable=SC2034  # variables shared between the files
export LC_ALL=C.UTF-8 PGTZ=UTC PGOPTIONS='-c client_min_messages=warning'
top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../../.." && pwd)
# shellcheck source=test/lib/tap.sh
. "$top/test/lib/tap.sh"

# Stops the test where going on makes no sense.
bail() {
    ok "$1" 1
    [ -z "${2:-}" ] || tail -n 40 "$2" | sed 's/^/# /'
    finish
}

# new_database NAME: empty, and the one that run and ask use.
new_database() {
    database=$1
    psql -X -q -d postgres -v ON_ERROR_STOP=1 -c "DROP DATABASE IF EXISTS $1" -c "
        CREATE DATABASE $1 TEMPLATE template0 ENCODING 'UTF8'"
}

# run [FILE|-c SQL ...]: stops at the first error.
run() { psql -X -q -d "$database" -v ON_ERROR_STOP=1 "$@"; }

# ask SQL: the rows, without decoration.
ask() { psql -X -q -A -t -d "$database" -v ON_ERROR_STOP=1 -c "$1" 2>&1; }

install_receivables() {
    run -c 'CREATE SCHEMA receivables' -c 'CREATE EXTENSION receivables SCHEMA receivables'
}

# whole_job DAY: registers the view receivables_source.item, refreshes the segments and plans the reminders, as
# the daily run does, for a day on which all payments are known. Leaves nothing behind.
whole_job() {
    run -c "
        INSERT INTO receivables.dunning_policies VALUES ('erp test', '{\"steps\": [
            {\"level\": 1, \"after_days\": 5},
            {\"level\": 2, \"after_days\": 20},
            {\"level\": 3, \"after_days\": 40}]}')" \
        -c "SELECT receivables.register_source('erp test', 'receivables_source.item', dunning_policy => 'erp test')" \
        -c "CALL receivables.refresh_segments('erp test', '$1')" >"$work/log" 2>&1 || bail "the daily run" "$work/log"
    is "the daily run: every customer with items has a segment, and nobody else" "0|0|0" "$(ask "
        WITH here AS (
            SELECT customer_id FROM receivables_source.item WHERE invoice_date <= '$1'
        ), known AS (
            SELECT customer_id FROM receivables.customer_segments WHERE source = 'erp test'
        )
        SELECT (SELECT count(*) FROM (TABLE here EXCEPT TABLE known) x),
            (SELECT count(*) FROM (TABLE known EXCEPT TABLE here) x),
            (SELECT count(*) FROM receivables.customer_segments WHERE segment IS NULL)")"
    is "the daily run: its reminders are those of each open item" "t|0|0" "$(ask "
        WITH planned AS (
            SELECT customer_id, invoice_id, level, reminder_date, amount
            FROM receivables.plan_reminders('erp test', '$1')
        ), asked AS (
            SELECT customer_id, invoice_id, r.level, r.reminder_date, open_amount
            FROM receivables_source.item i,
                receivables.dunning_policies p,
                receivables.next_reminder(
                    p.policy, due_date, open_amount, '$1', disputed => disputed) r
            WHERE paid_date IS NULL
                AND invoice_date <= '$1'
                AND p.name = 'erp test'
                AND r.status = 'scheduled'
                AND r.reminder_date <= '$1'
        )
        SELECT (SELECT count(*) > 5 FROM planned),
            (SELECT count(*) FROM (TABLE planned EXCEPT ALL TABLE asked) x),
            (SELECT count(*) FROM (TABLE asked EXCEPT ALL TABLE planned) x)")"
    run -c "
        SELECT receivables.unregister_source('erp test', true)" -c "
        DELETE FROM receivables.dunning_policies WHERE name = 'erp test'" >"$work/log" 2>&1 ||
        bail "the source is taken away" "$work/log"
}

# grants_of PAGE: a role with what doc/erp/PAGE.md grants may read the view, and without that it may not.
grants_of() {
    run -c 'DROP ROLE IF EXISTS erp_reporter' -c 'CREATE ROLE erp_reporter'
    run -c 'GRANT USAGE ON SCHEMA receivables_source TO erp_reporter' \
        -c 'GRANT SELECT ON ALL TABLES IN SCHEMA receivables_source TO erp_reporter'
    is "who may not read the ERP's tables may not read the view" 1 \
        "$(ask 'SET ROLE erp_reporter; SELECT count(*) FROM receivables_source.item' |
            grep -c 'permission denied for table')"
    run -c "$(sed -n '/^GRANT/,/;$/s/credit_reporter/erp_reporter/; /^GRANT/,/;$/p' "$top/doc/erp/$1.md")"
    is "what the page grants is enough" t \
        "$(ask 'SET ROLE erp_reporter; SELECT count(*) > 20 FROM receivables_source.item')"
    run -c 'DROP OWNED BY erp_reporter' -c 'DROP ROLE erp_reporter'
}
