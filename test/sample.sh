#!/bin/bash
# The shipped sample is what its generator writes; prints TAP. Needs psql and a server (PGHOST ...).
set -uo pipefail
top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0
if psql -X -q -d postgres -f "$top/sample/generate.sql" >"$work/invoices.csv" &&
    cmp "$work/invoices.csv" "$top/sample/invoices.csv" >&2; then
    echo "ok 1 - sample/invoices.csv is what sample/generate.sql writes"
else
    echo "not ok 1 - sample/invoices.csv is what sample/generate.sql writes"
    failed=1
fi
echo "1..1"
exit $failed
