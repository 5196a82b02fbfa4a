#!/bin/bash
# The shipped sample is what its generator writes; prints TAP. Needs psql and a server (PGHOST ...).
# shellcheck disable=SC2317  # functions called through check
set -uo pipefail
top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=test/lib/tap.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib/tap.sh"
same() {
    psql -X -q -d postgres -f "$top/sample/generate.sql" >"$work/invoices.csv" &&
        cmp "$work/invoices.csv" "$top/sample/invoices.csv"
}
check "sample/invoices.csv is what sample/generate.sql writes" same
finish
