# Debian packages that tests of single ERPs take. Unlike what the build needs, they are an offer: where
# they cannot be had, the tests that want them say so and are skipped. Sourced after common.sh.
# shellcheck shell=bash disable=SC2154  # variables shared between the files

# Lines of a test's head name what it takes:
#   # packages: NAME...   are installed
#   # unpacked: NAME...   only their files are needed: laid under build/erp/NAME, without what they depend on
erp_packages() { sed -n "s/^# $1: //p" "$top"/test/erp/*.sh 2>/dev/null | tr ' ' '\n' | sort -u; }

wish_erp_packages() {
    local package
    for package in $(erp_packages packages); do wish "$package" is_installed "$package"; done
}

unpack_erp_packages() {
    local package
    for package in $(erp_packages unpacked); do
        [ -e "$build/erp/$package/usr" ] || unpack_package "$package" ||
            say "$package could not be fetched (see $build/erp/apt.log), what needs it will be skipped"
    done
}

apt_logged() {
    mkdir -p "$build/erp"
    {
        if ((EUID == 0)); then apt-get update; fi
        DEBIAN_FRONTEND=noninteractive apt-get "$@"
    } >>"$build/erp/apt.log" 2>&1
}

unpack_package() {
    command -v apt-get >/dev/null && command -v dpkg-deb >/dev/null || return 1
    local folder=$build/erp/$1
    rm -rf "$folder"
    mkdir -p "$folder"
    say "Fetching $1 ..."
    (cd "$folder" && apt_logged download "$1" && dpkg-deb -x ./*.deb .) || { rm -rf "$folder"; return 1; }
}
