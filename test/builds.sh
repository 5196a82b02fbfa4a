#!/bin/bash
# Both builds install the same files, and the archive of a release is whole; prints TAP.
#   test/builds.sh DESTDIR_OF_MAKE DESTDIR_OF_CMAKE
# The install script and the control file are the same to the byte; modules and bitcode differ in the
# paths of their debug information, and are compared by name and by the functions that they export.
# shellcheck disable=SC2317  # functions called through check
set -uo pipefail
top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
first=${1:?usage: builds.sh DESTDIR DESTDIR}
second=${2:?usage: builds.sh DESTDIR DESTDIR}
# shellcheck source=test/lib/tap.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib/tap.sh"
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

# The release archive: META.json is JSON, has the version, and names files that are in it.
release() {
    local archive
    archive=$(cd "$work" && make -s -C "$work" \
        -f "$top/Makefile" srcdir="$top" dist PG_CONFIG="${PG_CONFIG:-pg_config}") &&
        python3 - "$archive" <<'END'
import json, sys, zipfile
archive = zipfile.ZipFile(sys.argv[1])
top = archive.namelist()[0].split('/')[0]
meta = json.loads(archive.read(top + '/META.json'))
assert top == meta['name'] + '-' + meta['version'], (top, meta['version'])
for extension in meta['provides'].values():
    assert extension['version'] == meta['version']
    assert len(archive.read(top + '/' + extension['file'])) > 0
    assert len(archive.read(top + '/' + extension['docfile'])) > 0
END
}
if git -C "$top" rev-parse HEAD >/dev/null 2>&1; then
    check "make dist: META.json names files of the archive" release
else
    report ok "# SKIP make dist: not a clone, there is no commit to make an archive of"
fi
check "a module, a control file and an install script" test "$count" -ge 4
finish
