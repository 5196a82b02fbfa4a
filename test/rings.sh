#!/bin/bash
# Proves the three rings on object files; prints TAP.   test/rings.sh BUILD_FOLDER [COMPILE_COMMAND]
#   ring 1  src/core             no PostgreSQL, no allocation, no throw
#   ring 2  src/core/**/*_guarded, src/quantlib/*_guarded   no PostgreSQL
#   ring 3  src/pg, src/quantlib nothing that unwinds: no destructor to run, no try, no noexcept
# Whatever a function may throw or must clean up refers to the personality routine of the C++ runtime,
# so an object file without it has nothing that PostgreSQL's longjmp could skip.
set -uo pipefail
objects=${1:?usage: rings.sh BUILD_FOLDER [COMPILE_COMMAND]}
read -ra compile <<<"${2:-g++ -std=c++20 -O2}"
top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=test/lib/tap.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib/tap.sh"

unwinding='__gxx_personality_v0|_Unwind_Resume'
postgresql='palloc.*|repalloc.*|pfree|MemoryContext.*|CurrentMemoryContext'
postgresql+='|errstart.*|errfinish|errmsg.*|elog.*|ereport.*|pg_.*longjmp|siglongjmp'
throwing='__cxa_.*throw|__cxa_allocate_exception|__cxa_begin_catch|_ZSt[0-9]+__throw_.*'
allocating='_Zn[wa].*|_Zd[la]P.*|malloc|calloc|realloc|free|aligned_alloc|posix_memalign|strdup'

forbidden() {
    case $1 in
        1) echo "^($postgresql|$throwing|$allocating)$" ;;
        2) echo "^($postgresql)$" ;;
        3) echo "^($unwinding|$throwing|_Zn[wa].*)$" ;;
    esac
}

ring_of() {
    case $1 in
        */*_guarded.o) echo 2 ;;
        */src/pg/* | */src/quantlib/*) echo 3 ;;
        *) echo 1 ;;
    esac
}

undefined() { nm -u "$1" | awk '{ print $NF }' | sed 's/@.*//'; }
# The forbidden symbols of an object file in a ring.
offending() { undefined "$2" | grep -E "$(forbidden "$1")" | sort -u | tr '\n' ' '; }

declare -A seen=([1]=0 [2]=0 [3]=0)
for object in "$objects"/src/core/*/*.o "$objects"/src/pg/*/*.o "$objects"/src/quantlib/*.o; do
    [ -e "$object" ] || continue
    ring=$(ring_of "$object")
    seen[$ring]=$((seen[$ring] + 1))
    found=$(offending "$ring" "$object")
    name="ring $ring: ${object#"$objects"/}"
    if [ -z "$found" ]; then report ok "$name"; else report bad "$name uses $found"; fi
done

if ((seen[1] && seen[3])); then report ok "objects in rings 1 and 3"; else report bad "no objects found in $objects"; fi

# QuantLib's library is an optional one, but where it was built all of it must have been looked at.
if [ -e "$objects/receivables_quantlib.so" ]; then
    for source in "$top"/src/quantlib/*.cpp; do
        name=src/quantlib/$(basename "$source" .cpp).o
        if [ -e "$objects/$name" ]; then report ok "seen: $name"; else report bad "not seen: $name"; fi
    done
else
    report ok "# SKIP src/quantlib: built without QuantLib, its rings are NOT checked"
fi

# Ring 1 and 2 include no header of PostgreSQL or of ring 3.
headers=$(grep -lE '#include *["<](pg/|postgres|fmgr|utils/|server/)' "$top"/src/core/*/* \
    "$top"/src/quantlib/*_guarded.cpp "$top"/src/quantlib/*.hpp || true)
if [ -z "$headers" ]; then
    report ok "rings 1 and 2 include no PostgreSQL"
else
    report bad "PostgreSQL included by $headers"
fi

# The check can fail: code that breaks each rule is caught, compiled as the build compiles. (With
# exceptions switched off nothing would refer to the personality routine, and nothing would be proved.)
caught() {
    local ring=$1 rule=$2
    cat >"$work/case.cpp"
    if "${compile[@]}" -c -o "$work/case.o" "$work/case.cpp" && [ -n "$(offending "$ring" "$work/case.o")" ]; then
        report ok "caught in ring $ring: $rule"
    else
        report bad "not caught in ring $ring: $rule"
    fi
}
caught 3 "a local with a destructor" <<'END'
struct guard { ~guard(); };
void call();
void function() { guard g; call(); }
END
caught 3 "noexcept" <<'END'
void call();
void function() noexcept { call(); }
END
caught 3 "try and catch" <<'END'
void call();
int function() { try { call(); } catch (...) { return 1; } return 0; }
END
caught 3 "an STL container" <<'END'
#include <vector>
void call(const std::vector<int>&);
void function() { std::vector<int> v(3); call(v); }
END
caught 2 "palloc" <<'END'
extern "C" void* palloc(unsigned long);
void* function() { return palloc(8); }
END
caught 2 "an error raised with a C++ object alive" <<'END'
#include <string>
extern "C" bool errstart(int, const char*);
bool function(int x) { std::string s(static_cast<unsigned long>(x), 'x'); return errstart(21, s.c_str()); }
END
caught 1 "ereport" <<'END'
extern "C" bool errstart(int, const char*);
bool function() { return errstart(21, nullptr); }
END
caught 1 "throw" <<'END'
void function(int x) { if (x) throw x; }
END
caught 1 "new" <<'END'
int* function() { return new int(1); }
END
caught 1 "malloc" <<'END'
#include <cstdlib>
void* function() { return std::malloc(8); }
END
finish
