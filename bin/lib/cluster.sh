# A PostgreSQL server of our own: a private copy of the installation with the extension in it, and a
# cluster on a unix socket. Neither touches the system's PostgreSQL. Sourced after common.sh.
# shellcheck shell=bash disable=SC2154  # variables shared between the files

# The server refuses to run as root: root lends it a system user.
choose_server_user() {
    server_user=
    ((EUID == 0)) || return 0
    for server_user in postgres nobody; do
        id "$server_user" >/dev/null 2>&1 && return 0
    done
    die "root needs a system user postgres or nobody to run the server as"
}

# Runs a command as the user of the server.
as_server() {
    if [ -n "$server_user" ]; then
        runuser -u "$server_user" -- "$@"
    else
        "$@"
    fi
}

# A new folder for tree, cluster and socket: in build/ when the server's user can get there and the
# socket's name is not too long for the system, else under TMPDIR.
make_run_folder() {
    choose_server_user
    mkdir -p "$build"
    local parent=$build
    if ((${#build} > 70)) || ! (cd / && as_server test -r "$build" -a -x "$build"); then
        parent=${TMPDIR:-/tmp}
    fi
    run=$(mktemp -d "$parent/receivables.XXXXXX")
    # The folder stays closed to everybody else; its owner is the user of the server.
    [ -z "$server_user" ] || chown "$server_user" "$run"
}

# PostgreSQL finds its share and library folders relative to where its program lies. So a copy of the
# programs, with links to everything else, is an installation into which DESTDIR=$run/tree installs.
make_private_tree() {
    tree=$run/tree
    local folder
    mkdir -p "$tree$bindir" "$tree$sharedir/extension" "$tree$pkglibdir/bitcode"
    cp -pL "$bindir"/* "$tree$bindir/"
    for folder in "$sharedir" "$sharedir/extension" "$pkglibdir" "$pkglibdir/bitcode"; do
        link_entries "$folder"
    done
}

link_entries() {
    local entry
    for entry in "$1"/*; do
        case ${entry##*/} in receivables*) continue ;; esac
        # What make_private_tree made a folder of stays one.
        [ ! -e "$entry" ] || [ -e "$tree$entry" ] || ln -s "$entry" "$tree$entry"
    done
}

# Starts a cluster in the run folder. Nothing outlives a crash of it, so nothing waits for the disk.
start_cluster() {
    as_server mkdir "$run/socket"
    (
        cd "$run"
        as_server "$tree$bindir/initdb" -D "$run/data" -U postgres -A trust -N --locale=C -E UTF8
        cat >>"$run/data/postgresql.conf" <<-END
			listen_addresses = ''
			unix_socket_directories = '$run/socket'
			fsync = off
			full_page_writes = off
			synchronous_commit = off
			max_connections = 30
			timezone = 'UTC'
		END
        as_server "$tree$bindir/pg_ctl" -D "$run/data" -l "$run/server.log" -w -t 60 start
    ) >"$run/start.log" 2>&1 || {
        cat "$run/start.log" "$run/server.log" >&2 2>/dev/null
        die "the private PostgreSQL server did not start"
    }
}

# Stops the cluster of the run folder, if there is one, and removes the folder.
remove_run_folder() {
    [ -n "${run:-}" ] && [ -d "$run" ] || return 0
    if [ -e "$run/data/postmaster.pid" ]; then
        (cd "$run" && as_server "$tree$bindir/pg_ctl" -D "$run/data" -s -m immediate stop) >&2 || true
    fi
    rm -rf "$run"
}

# psql on the private cluster.
private_psql() { "$tree$bindir/psql" -X -h "$run/socket" -U postgres "$@"; }

# A new database with the extension in it.
new_database() {
    private_psql -q -v ON_ERROR_STOP=1 -d postgres -c "CREATE DATABASE $1" &&
        private_psql -q -v ON_ERROR_STOP=1 -d "$1" -c 'CREATE SCHEMA receivables' \
            -c 'CREATE EXTENSION receivables SCHEMA receivables' \
            -c "ALTER DATABASE $1 SET search_path = public, receivables"
}
