#!/bin/bash
# Runs the examples of README.md and doc/*.md and compares what comes out; prints TAP.
#   test/readme.sh [--write] [FILE.md...]
# A ```sql block is run by psql, all blocks of one file in one session; a ``` or ```text block directly
# behind it is the output that it must have, with or without psql's counts of rows. A block without one
# must only give no error. Skipped is a block behind the comment <!-- no-run -->, and one behind
# <!-- needs quantlib --> where public holidays are not there; run unseen are the lines of a comment that
# begins <!-- sql.
# With --write the output blocks are replaced by what really comes out.
# Needs a server with the extension installed (PGHOST ...); makes and drops the database readme_test.
set -uo pipefail
top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=test/lib/tap.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib/tap.sh"
cd "$top" || exit 2
write=0
if [ "${1:-}" = --write ]; then
    write=1
    shift
fi
if (($#)); then files=("$@"); else files=(README.md doc/*.md); fi

# Walks through a file. mode=cut: writes each block to N.sql, its first line to N.line, and the output
# that it must have to N.expected. mode=write: prints the file with the output blocks taken from N.tidy.
# shellcheck disable=SC2016  # the dollars are awk's
blocks='
    function emit(line) { if (mode == "write") print line }
    function start(name) { out = dir "/" n "." name; if (mode == "cut") printf "" > out }
    function store(line) { if (mode == "cut") print line > out }
    function start_sql(to) {
        n++; state = to
        if (mode == "cut") { print NR + 1 > (dir "/" n ".line"); close(dir "/" n ".line") }
        start("sql")
    }
    function replace_output(   file, line) {
        file = dir "/" n ".tidy"
        if (mode == "write") while ((getline line < file) > 0) print line
        close(file)
    }
    state == "" && /^<!-- no-run -->/       { skip = 1; emit($0); next }
    state == "" && /^<!-- needs quantlib -->/ {
        if (!quantlib) { skip = 1; if (mode == "cut") print NR > (dir "/skipped") }
        emit($0); next
    }
    state == "" && /^<!-- sql *$/ && !skip  { start_sql("hidden"); emit($0); next }
    state == "" && /^```sql *$/ && !skip    { start_sql("sql"); emit($0); next }
    state == "" && /^```(text)? *$/ && behind { state = "output"; emit($0); start("expected"); replace_output(); next }
    state == "" && /^```/                   { state = "other"; behind = skip = 0; emit($0); next }
    state == "" && /[^[:space:]]/           { behind = skip = 0 }
    state == "hidden" && /^-->/             { close(out); state = ""; behind = 0; emit($0); next }
    state == "sql" && /^``` *$/             { close(out); state = ""; behind = 1; emit($0); next }
    state == "output" && /^``` *$/          { close(out); state = ""; behind = 0; emit($0); next }
    state == "other" && /^``` *$/           { state = ""; emit($0); next }
    state == "output"                       { store($0); next }
    state == "sql" || state == "hidden"     { store($0) }
                                            { emit($0) }'
cut_blocks() { awk -v mode=cut -v dir="$work" -v quantlib="$quantlib" "$blocks" "$1"; }
write_blocks() {
    awk -v mode=write -v dir="$work" -v quantlib="$quantlib" "$blocks" "$1" >"$work/new"
    if ! cmp -s "$work/new" "$1"; then cat "$work/new" >"$1"; fi
}

# An example may leave out the count of rows that psql prints below a table; all of them then.
drop_row_counts() {
    if [ -e "$work/$1.expected" ] && ! grep -qE "$row_count" "$work/$1.expected"; then
        sed -i -E "/$row_count/d" "$work/$1.actual"
    fi
}
row_count='^\([0-9]+ rows?\)$'

new_database() {
    psql -X -q -d postgres -c 'DROP DATABASE IF EXISTS readme_test' -c 'CREATE DATABASE readme_test' 2>/dev/null
    psql -X -q -d readme_test -c 'CREATE SCHEMA receivables' -c 'CREATE EXTENSION receivables SCHEMA receivables' \
        -c 'ALTER DATABASE readme_test SET search_path = public, receivables'
}

# The session: a mark before each block, so that the output can be cut again.
run_blocks() {
    new_database || return 1
    local n=1
    while [ -e "$work/$n.sql" ]; do
        printf '%s\n' "\\echo @@@ block $n"
        cat "$work/$n.sql"
        # An example may do without its last semicolon; one too many does nothing.
        echo ';'
        n=$((n + 1))
    done | psql -X -q -d readme_test -v VERBOSITY=default >"$work/session" 2>&1
    psql -X -q -d postgres -c 'DROP DATABASE readme_test'
    awk -v dir="$work" '/^@@@ block / { if (out) close(out); out = dir "/" $3 ".actual"; printf "" > out; next }
                        out { print > out }' "$work/session"
}

# Without trailing spaces, and without empty lines at either end.
tidy() { sed 's/[[:space:]]*$//' "$1" | sed -e '/./,$!d' | sed -e ':a' -e '/^\n*$/{$d;N;ba' -e '}'; }

# What --write puts into the file. An error is never taken over where none was expected.
take_over() {
    if grep -q '^ERROR:' "$work/$1.actual" && ! grep -q '^ERROR:' "$work/$1.expected"; then
        tidy "$work/$1.expected" >"$work/$1.tidy"
        rm "$work/$1.expected"  # now an error in it is reported as one
    else
        tidy "$work/$1.actual" >"$work/$1.tidy"
    fi
}

compare_block() {
    local file=$1 n=$2 line
    read -r line <"$work/$n.line"
    if [ -e "$work/$n.expected" ]; then
        if diff <(tidy "$work/$n.expected") <(tidy "$work/$n.actual") >"$work/diff" || ((write)); then
            report ok "$file:$line"
        else
            report bad "$file:$line: other output (test/readme.sh --write takes it over)"
            sed 's/^/# /' "$work/diff"
        fi
    elif grep -q '^ERROR:\|^FATAL:' "$work/$n.actual"; then
        report bad "$file:$line: an error"
        sed 's/^/# /' "$work/$n.actual"
    else
        report ok "$file:$line"
    fi
}

quantlib=0
if new_database && psql -X -q -d readme_test \
    -c 'SELECT 1 FROM receivables.holiday_calendars()' >/dev/null 2>&1; then quantlib=1; fi

for file in "${files[@]}"; do
    [ -e "$file" ] || continue
    rm -f "$work"/*
    cut_blocks "$file"
    if [ -e "$work/skipped" ]; then
        while read -r line; do
            report ok "$file:$line # SKIP an example that needs QuantLib was NOT run"
        done <"$work/skipped"
    fi
    [ -e "$work/1.sql" ] || continue
    if ! run_blocks; then
        report bad "$file: the examples could not be run"
        continue
    fi
    for ((n = 1; ; n++)); do
        [ -e "$work/$n.sql" ] || break
        touch "$work/$n.actual"
        drop_row_counts "$n"
        if ((write)) && [ -e "$work/$n.expected" ]; then take_over "$n"; fi
        compare_block "$file" "$n"
    done
    ((write)) && write_blocks "$file"
done
finish
