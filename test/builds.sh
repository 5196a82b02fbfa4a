#!/bin/bash
# Both builds install the same files; prints TAP.   test/builds.sh DESTDIR_OF_MAKE DESTDIR_OF_CMAKE
# The install script and the control file are the same to the byte; modules and bitcode differ in the
# paths of their debug information, and are compared by name and by the functions that they export.
# shellcheck disable=SC2317  # functions called through check
set -uo pipefail
first=${1:?usage: builds.sh DESTDIR DESTDIR}
second=${2:?usage: builds.sh DESTDIR DESTDIR}
count=0
failed=0
check() {
    local name=$1
    shift
    count=$((count + 1))
    if "$@" >&2; then echo "ok $count - $name"; else
        echo "not ok $count - $name"
        failed=1
    fi
}
files() { (cd "$1" && find . -type f | sort); }
same_files() { diff <(files "$first") <(files "$second"); }
same_bytes() { cmp "$first/$1" "$second/$1"; }
# Functions that PostgreSQL looks up by name; the linkers' versions of system symbols are not ours.
exported() { nm -D --defined-only "$1" | awk '{ print $NF }' | grep -v '^_' | sort; }
same_exports() { [ -n "$(exported "$first/$1")" ] && diff <(exported "$first/$1") <(exported "$second/$1"); }

check "the same files" same_files
for file in $(files "$first"); do
    case $file in
        *.sql | *.control) check "the same bytes: ${file##*/}" same_bytes "$file" ;;
        *.so) check "the same functions: ${file##*/}" same_exports "$file" ;;
    esac
done
check "a module, a control file and an install script" test "$count" -ge 4
echo "1..$count"
exit $failed
