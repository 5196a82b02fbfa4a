# Debian packages: what is missing, how large it is, and its installation. Sourced after common.sh.
# shellcheck shell=bash disable=SC2034,SC2154  # variables shared between the files

missing=()
# want PACKAGE COMMAND...: the package is needed when the command fails.
want() {
    local package=$1
    shift
    "$@" >/dev/null 2>&1 || missing+=("$package")
}

optional=()
# wish PACKAGE COMMAND...: like want, but things go on, with less, where the package cannot be had.
wish() {
    local package=$1
    shift
    "$@" >/dev/null 2>&1 || optional+=("$package")
}

has_header() { printf '#include <%s>\n' "$1" | g++ -E -x c++ - ; }
has_perl_module() { perl -e "require $1"; }
has_command() { command -v "$1"; }
is_installed() { [ "$(dpkg-query -W -f '${Status}' "$1" 2>/dev/null)" = 'install ok installed' ]; }

# The packages that building and running the extension take.
want_build_packages() {
    pg_package=
    if ! find_postgresql || { [ -z "$pg_package" ] && [ ! -x "$("$PG_CONFIG" --bindir)/postgres" ]; }; then
        refresh_package_lists
        # The release's own version; without lists of packages only apt-get will know which one that is.
        pg_package=$({ apt-cache depends postgresql 2>/dev/null || true; } | sed -n 's/.*Depends: postgresql-\([0-9][0-9]*\)$/\1/p' | head -n 1)
        if [ -n "$pg_package" ]; then
            PG_CONFIG=/usr/lib/postgresql/$pg_package/bin/pg_config
            missing+=("postgresql-$pg_package")
        else
            missing+=(postgresql postgresql-server-dev-all)
        fi
    fi
    if [ -n "$pg_package" ]; then
        # pgxs.mk alone says nothing: it comes with the server.
        want "postgresql-server-dev-$pg_package" test -e "/usr/include/postgresql/$pg_package/server/postgres.h"
    fi
    want make make --version
    want g++ g++ --version
    want libboost-dev has_header boost/version.hpp
}

# --- apt --------------------------------------------------------------------------------------------

apt_log=$build/apt.log
may_install() { ((EUID == 0)) && command -v apt-get >/dev/null; }

# The lists of a machine that has been used for a while name packages that are gone. Once a run.
lists_refreshed=0
refresh_package_lists() {
    if ((lists_refreshed)) || ! may_install; then return 0; fi
    lists_refreshed=1
    mkdir -p "$build"
    apt-get update >"$apt_log" 2>&1 || say "apt-get update failed (see $apt_log); going on with the lists that are there"
}

# What apt-get itself says it would do: how many packages, how large, and which of them are upgrades. Asked
# with --print-uris, which installs nothing; --assume-no would, where there is nothing to ask.
say_plan() {
    local plan upgrades
    plan=$(apt-get -o Debug::NoLocking=1 --print-uris --no-install-recommends install "$@" 2>/dev/null |
        grep -E '^[0-9]+ (upgraded|newly)|^Need to get|^After this operation' | sed 's/^/    /') || true
    [ -z "$plan" ] || say "$plan"
    upgrades=$(apt-get -o Debug::NoLocking=1 --simulate --no-install-recommends install "$@" 2>/dev/null |
        sed -n 's/^Inst \([^ ]*\) \[.*/\1/p' | sort -u | tr '\n' ' ') || true
    [ -z "$upgrades" ] || say "    upgraded with them: $upgrades"
    if grep -qE 'postgresql-[0-9]+ ' <<<"$upgrades"; then
        say "    (Debian restarts the clusters of a PostgreSQL server that it upgrades)"
    fi
}

# Debian's package of a PostgreSQL server makes a cluster and starts it; nothing here needs that.
no_cluster=/etc/postgresql-common/createcluster.d/receivables.conf
no_cluster_line='create_main_cluster = false'
brings_server() { printf '%s\n' "$@" | grep -qE '^postgresql(-[0-9]+)?$'; }

# apt_install PACKAGE...: says what and how large, then installs it.
apt_install() (
    export DEBIAN_FRONTEND=noninteractive
    refresh_package_lists
    say "Installing $* (log: $apt_log):"
    say_plan "$@"
    if brings_server "$@" && [ ! -e "$no_cluster" ]; then
        mkdir -p "${no_cluster%/*}"
        trap 'rm -f "$no_cluster"' EXIT
        echo "$no_cluster_line" >"$no_cluster"
    fi
    apt-get install -y --no-install-recommends "$@" </dev/null >>"$apt_log" 2>&1
)

# Installs what `want` found missing: with apt-get when we may, else says what to do.
install_missing() {
    ((${#missing[@]})) || return 0
    local packages
    mapfile -t packages < <(printf '%s\n' "${missing[@]}" | sort -u)
    missing=()
    if ! command -v apt-get >/dev/null; then
        die "missing: ${packages[*]} (names of the Debian packages; there is no apt-get here to install them)"
    elif ! may_install; then
        say_how_to_install "${packages[@]}"
        exit 2
    fi
    apt_install "${packages[@]}" || {
        tail -n 15 "$apt_log" >&2
        die "apt-get failed; all it said is in $apt_log"
    }
    [ -n "${PG_CONFIG:-}" ] || find_postgresql || die "no PostgreSQL after installing ${packages[*]}"
}

say_how_to_install() {
    say "$(basename "$0"): missing: $*"
    say_plan "$@"
    say "Install them as root:"
    if brings_server "$@"; then
        say "  # the server's programs are needed, a cluster is not: this keeps Debian from starting one"
        say "  mkdir -p ${no_cluster%/*} && echo '$no_cluster_line' >$no_cluster"
    fi
    say "  apt-get update && apt-get install -y --no-install-recommends $*"
    if brings_server "$@"; then say "  rm $no_cluster"; fi
}

# Installs what `wish` found missing, as far as that can be done; called after install_missing.
install_optional() {
    ((${#optional[@]})) || return 0
    local package packages=("${optional[@]}")
    optional=()
    if ! may_install; then
        say "Not installed, what needs it will be skipped: ${packages[*]}"
        return 0
    fi
    # Together if all can be had, else each on its own.
    apt_install "${packages[@]}" ||
        for package in "${packages[@]}"; do apt_install "$package" || true; done
    for package in "${packages[@]}"; do
        is_installed "$package" ||
            say "$package could not be installed (see $apt_log), what needs it will be skipped"
    done
}
