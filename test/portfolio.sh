#!/bin/bash
# bin/portfolio from end to end on the sample; prints TAP. Starts and stops a server of its own.
# shellcheck disable=SC2317  # functions called through check
set -uo pipefail
top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=test/lib/tap.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib/tap.sh"
says() { grep -qE "$1" "$work/out"; }

portfolio() { "$top/bin/portfolio" >"$work/out"; }
check "runs on the sample" portfolio
sed 's/^/# /' "$work/out"
check "says what was read" says '^invoices.csv: 6,385 invoices of 140 customers'
check "says the day it looks from" says '^As of 2025-12-31'
check "segments" says '^ prompt +\|'
check "customers that need attention" says '^CUSTOMERS THAT NEED ATTENTION'
check "reminders with their reasons" says '^ (now|[MTWF][a-z]+ 2026-01-0[1-7]) .* \| [0-9]+ days? after the due date'
check "customers who are left alone, and why" says 'because [0-9]+ of [0-9]+ earlier invoices|pays on day'
check "refuses an unknown option" bash -c "! '$top/bin/portfolio' --nonsense=1"
check "refuses a missing file" bash -c "! '$top/bin/portfolio' '$work/none.csv'"
finish
