# Shared by bin/portfolio, bin/check and bench/run: messages, and which PostgreSQL is meant. Sourced by bash;
# needs $top, the folder of the sources.
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

# Reads the installation's folders, once PG_CONFIG is there.
read_postgresql() {
    [ -x "$PG_CONFIG" ] || PG_CONFIG=$(command -v "$PG_CONFIG") || die "no pg_config at $PG_CONFIG"
    PG_CONFIG=$(realpath -s "$PG_CONFIG")
    bindir=$("$PG_CONFIG" --bindir)
    sharedir=$("$PG_CONFIG" --sharedir)
    pkglibdir=$("$PG_CONFIG" --pkglibdir)
    pg_major=$("$PG_CONFIG" --version | sed 's/^PostgreSQL \([0-9]*\).*/\1/')
    [ "$pg_major" -ge 15 ] || die "$("$PG_CONFIG" --version) is too old: 15 to 19 are supported"
    [ "$pg_major" -le 19 ] || say "$("$PG_CONFIG" --version) is newer than what this is tested with: 15 to 19"
    [ -e "$("$PG_CONFIG" --pgxs)" ] || die "no PGXS at $("$PG_CONFIG" --pgxs): PostgreSQL's server development files are missing"
}

# shellcheck source=bin/lib/packages.sh
. "$top/bin/lib/packages.sh"
# shellcheck source=bin/lib/build.sh
. "$top/bin/lib/build.sh"
