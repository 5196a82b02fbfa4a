# For the tests of the suite erp: TAP, and a database with the extension. Sourced by bash; they need psql
# and a server (PGHOST ...) that has the extension.
# shellcheck shell=bash disable=SC2034  # variables shared between the files
export LC_ALL=C.UTF-8 PGTZ=UTC PGOPTIONS='-c client_min_messages=warning'
top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
count=0
failed=0

ok() {
    count=$((count + 1))
    if [ "$2" = 0 ]; then echo "ok $count - $1"; else echo "not ok $count - $1"; failed=1; fi
}

# is NAME EXPECTED GOT
is() {
    if [ "$2" = "$3" ]; then ok "$1" 0; else
        ok "$1" 1
        diff <(printf '%s\n' "$2") <(printf '%s\n' "$3") | sed 's/^</# expected: /; s/^>/# got:      /; s/^[^#]/#   &/'
    fi
}

skip_all() {
    echo "1..0 # SKIP $*"
    exit 0
}

finish() {
    echo "1..$count"
    exit "$failed"
}

# Stops the test where going on makes no sense.
bail() {
    ok "$1" 1
    [ -z "${2:-}" ] || tail -n 40 "$2" | sed 's/^/# /'
    finish
}

# new_database NAME: empty, and the one that run and ask use.
new_database() {
    database=$1
    psql -X -q -d postgres -v ON_ERROR_STOP=1 -c "DROP DATABASE IF EXISTS $1" -c "CREATE DATABASE $1 TEMPLATE template0 ENCODING 'UTF8'"
}

# run [FILE|-c SQL ...]: stops at the first error.
run() { psql -X -q -d "$database" -v ON_ERROR_STOP=1 "$@"; }

# ask SQL: the rows, without decoration.
ask() { psql -X -q -A -t -d "$database" -v ON_ERROR_STOP=1 -c "$1" 2>&1; }

install_receivables() {
    run -c 'CREATE SCHEMA receivables' -c 'CREATE EXTENSION receivables SCHEMA receivables'
}
