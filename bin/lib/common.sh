# Shared by bin/portfolio and bin/check: messages, the packages, the build. Sourced by bash; needs $top,
# the folder of the sources.
# shellcheck shell=bash disable=SC2034,SC2154  # variables shared between the files

umask 022
build=$top/build
export LC_ALL=C.UTF-8 PGCLIENTENCODING=UTF8
# Nothing of the caller's may lead psql to a server of his.
for variable in $(compgen -e PG); do
    case $variable in PG_CONFIG | PGCLIENTENCODING) ;; *) unset "$variable" ;; esac
done

say() { printf '%s\n' "$*" >&2; }
die() {
    say "$(basename "$0"): $*"
    exit 2
}

# --- packages ---------------------------------------------------------------------------------------

missing=()
# want PACKAGE COMMAND...: the package is needed when the command fails.
want() {
    local package=$1
    shift
    "$@" >/dev/null 2>&1 || missing+=("$package")
}

has_header() { printf '#include <%s>\n' "$1" | g++ -E -x c++ - ; }
has_perl_module() { perl -e "require $1"; }

optional=()
# wish PACKAGE COMMAND...: like want, but things go on, with less, where the package cannot be had.
wish() {
    local package=$1
    shift
    "$@" >/dev/null 2>&1 || optional+=("$package")
}
is_installed() { [ "$(dpkg-query -W -f '${Status}' "$1" 2>/dev/null)" = 'install ok installed' ]; }

# Installs what `wish` found missing, as far as that can be done; called after install_missing.
install_optional() {
    ((${#optional[@]})) || return 0
    local package packages=("${optional[@]}")
    optional=()
    if ((EUID != 0)) || ! command -v apt-get >/dev/null; then
        say "Not installed, what needs it will be skipped: ${packages[*]}"
        return 0
    fi
    say "Installing ${packages[*]} ..."
    mkdir -p "$build"
    (
        export DEBIAN_FRONTEND=noninteractive
        apt-get update
        # Together if all can be had, else each on its own.
        apt-get install -y --no-install-recommends "${packages[@]}" && exit
        for package in "${packages[@]}"; do apt-get install -y --no-install-recommends "$package"; done
    ) </dev/null >"$build/apt-optional.log" 2>&1 || true
    for package in "${packages[@]}"; do
        is_installed "$package" ||
            say "$package could not be installed (see $build/apt-optional.log), what needs it will be skipped"
    done
}

# Installs what `want` found missing: with apt-get when we may, else says what to do.
install_missing() {
    ((${#missing[@]})) || return 0
    local packages
    packages=$(printf '%s\n' "${missing[@]}" | sort -u | tr '\n' ' ')
    packages=${packages% }
    missing=()
    if ! command -v apt-get >/dev/null; then
        die "missing: $packages (names of the Debian packages; there is no apt-get here to install them)"
    elif ((EUID != 0)); then
        die "missing: $packages
install them as root:  apt-get update && apt-get install -y --no-install-recommends $packages"
    fi
    say "Installing $packages ..."
    mkdir -p "$build"
    # Debian's PostgreSQL package makes a cluster and starts it; nothing here needs that.
    local no_cluster=/etc/postgresql-common/createcluster.d/receivables.conf
    if [ ! -d /etc/postgresql-common ]; then
        mkdir -p "${no_cluster%/*}"
        echo 'create_main_cluster = false' >"$no_cluster"
    fi
    local ok=0
    # shellcheck disable=SC2086
    if { apt-get update && DEBIAN_FRONTEND=noninteractive \
        apt-get install -y --no-install-recommends $packages; } >"$build/apt.log" 2>&1; then ok=1; fi
    rm -f "$no_cluster"
    ((ok)) || { tail -n 15 "$build/apt.log" >&2; die "apt-get failed; all it said is in $build/apt.log"; }
}

# --- PostgreSQL -------------------------------------------------------------------------------------

# Sets PG_CONFIG: as given, else the newest supported server installed, else what pg_config is on PATH.
find_postgresql() {
    if [ -z "${PG_CONFIG:-}" ]; then
        local server
        for server in $(printf '%s\n' /usr/lib/postgresql/*/bin/postgres | sort -V); do
            local major=${server#/usr/lib/postgresql/}
            major=${major%%/*}
            if [ -x "$server" ] && [ "$major" -ge 15 ] 2>/dev/null; then
                PG_CONFIG=/usr/lib/postgresql/$major/bin/pg_config
                pg_package=$major
            fi
        done
        PG_CONFIG=${PG_CONFIG:-$(command -v pg_config || true)}
    fi
    [ -n "$PG_CONFIG" ]
}

# The packages that building and running the extension take.
want_build_packages() {
    pg_package=
    if ! find_postgresql || { [ -z "$pg_package" ] && [ ! -x "$("$PG_CONFIG" --bindir)/postgres" ]; }; then
        # The release's own version; package lists may be absent on a fresh machine, then Debian 12's.
        pg_package=$(apt-cache depends postgresql 2>/dev/null | sed -n 's/.*Depends: postgresql-\([0-9][0-9]*\)$/\1/p' | head -n 1)
        pg_package=${pg_package:-15}
        PG_CONFIG=/usr/lib/postgresql/$pg_package/bin/pg_config
        missing+=("postgresql-$pg_package")
    fi
    if [ -n "$pg_package" ]; then
        # pgxs.mk alone says nothing: it comes with the server.
        want "postgresql-server-dev-$pg_package" test -e "/usr/include/postgresql/$pg_package/server/postgres.h"
    fi
    want make make --version
    want g++ g++ --version
    want libboost-dev has_header boost/version.hpp
}

# Reads the installation's folders, once PG_CONFIG is there.
read_postgresql() {
    [ -x "$PG_CONFIG" ] || PG_CONFIG=$(command -v "$PG_CONFIG") || die "no pg_config at $PG_CONFIG"
    PG_CONFIG=$(realpath -s "$PG_CONFIG")
    bindir=$("$PG_CONFIG" --bindir)
    sharedir=$("$PG_CONFIG" --sharedir)
    pkglibdir=$("$PG_CONFIG" --pkglibdir)
    pg_major=$("$PG_CONFIG" --version | sed 's/^PostgreSQL \([0-9]*\).*/\1/')
    [ "$pg_major" -ge 15 ] || die "$("$PG_CONFIG" --version) is too old: 15 to 19 are supported"
    [ -e "$("$PG_CONFIG" --pgxs)" ] || die "no PGXS at $("$PG_CONFIG" --pgxs): PostgreSQL's server development files are missing"
}

# --- the build --------------------------------------------------------------------------------------

# run_logged LOG COMMAND...: quiet, unless it fails.
run_logged() {
    local log=$1
    shift
    mkdir -p "${log%/*}"
    "$@" >"$log" 2>&1 || { tail -n 30 "$log" >&2; return 1; }
}

# Copies sources, never what a build in the source folder left behind. Times are kept, so that make
# builds again only what changed.
copy_sources() {
    mkdir -p "$1"
    tar -C "$top" --exclude='*.o' --exclude='*.bc' --exclude='*.so' --exclude='receivables--*.sql' -cf - \
        "${@:2}" | tar -C "$1" -xf -
}

# Builds with PGXS in build/pgxs-MAJOR; build_options are options of the Makefile.
build_options=()
build_extension() {
    pgxs_build=$build/pgxs-$pg_major
    # Left by a build with other options it would look like this one's.
    rm -f "$pgxs_build/receivables_quantlib.so"
    copy_sources "$pgxs_build" Makefile receivables.control META.json src &&
        run_logged "$build/make.log" make -C "$pgxs_build" -j"$(nproc)" PG_CONFIG="$PG_CONFIG" "${build_options[@]}"
}

# install_extension DESTDIR
install_extension() {
    run_logged "$build/install.log" make -C "$pgxs_build" PG_CONFIG="$PG_CONFIG" DESTDIR="$1" "${build_options[@]}" install
}
