# TAP for the tests that are shell scripts. Sourced by bash, before the first test; `finish` ends the script.
# shellcheck shell=bash disable=SC2034  # variables shared between the files
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
count=0
failed=0

# report ok|bad NAME
report() {
    count=$((count + 1))
    if [ "$1" = ok ]; then echo "ok $count - $2"; else
        echo "not ok $count - $2"
        failed=1
    fi
}

# ok NAME STATUS
ok() { if [ "$2" = 0 ]; then report ok "$1"; else report bad "$1"; fi; }

# check NAME COMMAND...: the command succeeds.
check() {
    local name=$1
    shift
    if "$@" >&2; then report ok "$name"; else report bad "$name"; fi
}

# is NAME EXPECTED GOT
is() {
    if [ "$2" = "$3" ]; then report ok "$1"; else
        report bad "$1"
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
