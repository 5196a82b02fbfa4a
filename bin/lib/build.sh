# The build, in a folder below build/, with its progress. Sourced after common.sh.
# shellcheck shell=bash disable=SC2034,SC2154  # variables shared between the files

# run_logged LOG COMMAND...: quiet, unless it fails.
run_logged() {
    local log=$1
    shift
    mkdir -p "${log%/*}"
    "$@" >"$log" 2>&1 || { tail -n 30 "$log" >&2; return 1; }
}

# compile WHAT LOG PATTERN COMMAND...: runs a build into a log. A line that PATTERN matches begins one more
# file; how many there will be the build says itself (-n, as the last argument). A terminal sees every
# file, a log a line every ten seconds.
compile() {
    local what=$1 log=$2 pattern=$3 total
    shift 3
    mkdir -p "${log%/*}"
    total=$("$@" -n 2>/dev/null | grep -cE -- "$pattern") || true
    ((total == 0)) || say "Compiling $what, $total files ..."
    "$@" 2>&1 | tee "$log" | show_progress "$what" "$pattern" "$total" || {
        # The compiler's words first: make's own come last, and say little.
        { grep -E -A 8 '(error|Error)' "$log" || cat "$log"; } | tail -n 40 >&2
        return 1
    }
}
show_progress() {
    local what=$1 pattern=$2 total=$3 line n=0 said=$SECONDS
    while IFS= read -r line; do
        [[ $line =~ $pattern ]] || continue
        n=$((n + 1))
        ((n <= total)) || total=$n
        if [ -t 2 ]; then
            printf '\r\e[K%s: file %d of %d  %s' "$what" "$n" "$total" "${line##* }" >&2
        elif ((SECONDS - said >= 10)); then
            say "$what: file $n of $total"
            said=$SECONDS
        fi
    done
    if [ -t 2 ] && ((n)); then printf '\r\e[K' >&2; fi
}

# Copies sources, never what a build in the source folder left behind, and takes away what is no source
# any more. Times are kept, so that make builds again only what changed.
copy_sources() {
    mkdir -p "$1"
    if [ -d "$1/src" ]; then find "$1/src" -name '*.[ch]pp' -delete -o -name '*.sql' -delete -o -name '*.in' -delete; fi
    tar -C "$top" --exclude='*.o' --exclude='*.bc' --exclude='*.so' --exclude='receivables--*.sql' -cf - \
        "${@:2}" | tar -C "$1" -xf -
    local object
    find "$1/src" -name '*.o' -o -name '*.bc' | while read -r object; do
        [ -e "${object%.*}.cpp" ] || rm "$object"
    done
}

# build_extension FOLDER OPTION...: with PGXS in build/FOLDER; options are those of the Makefile.
build_extension() {
    pgxs_build=$build/$1
    build_options=(PG_CONFIG="$PG_CONFIG" "${@:2}")
    # Left by a build with other options it would look like this one's.
    rm -f "$pgxs_build/receivables_quantlib.so"
    copy_sources "$pgxs_build" Makefile receivables.control META.json src &&
        compile extension "$build/make.log" ' -c -o ' make -C "$pgxs_build" -j"$(nproc)" "${build_options[@]}"
}

# As quick as it goes: a folder as one file, little optimised, without the bitcode for PostgreSQL's JIT and
# without the holidays of other countries. Only for a server that is thrown away afterwards.
build_extension_to_try() {
    build_extension "try-$pg_major" JUMBO=yes with_llvm=no RECEIVABLES_QUANTLIB=OFF \
        CXXFLAGS='-O1 -fwrapv -fno-strict-aliasing'
}

# install_extension DESTDIR [OPTION...]: what build_extension built last.
install_extension() {
    run_logged "$build/install.log" make -C "$pgxs_build" "${build_options[@]}" DESTDIR="$1" install
}
