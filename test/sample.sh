#!/bin/bash
# The files of the shipped sample are what its generator writes; prints TAP. Needs psql and a server (PGHOST ...).
# shellcheck disable=SC2317  # functions called through check
set -uo pipefail
top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=test/lib/tap.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib/tap.sh"
same() {
    psql -X -q -d postgres -v file="$1" -f "$top/sample/generate.sql" >"$work/$1.csv" &&
        cmp "$work/$1.csv" "$top/sample/$1.csv"
}
for file in invoices customers promises; do
    check "sample/$file.csv is what sample/generate.sql writes" same "$file"
done
finish
