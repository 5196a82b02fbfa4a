#!/bin/sh
# Makes receivables-VERSION.zip from the last commit: with the version of the control file in META.json, and
# with the install script that META.json names, which make would write too.
set -eu
top=${1:?usage: dist.sh TOP_FOLDER VERSION}
version=${2:?usage: dist.sh TOP_FOLDER VERSION}
name=receivables-$version
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
git -C "$top" archive --prefix="$name/" HEAD | tar -x -C "$work"
sed -i "s/@VERSION@/$version/g" "$work/$name/META.json"
sh "$work/$name/src/assemble.sh" "$work/$name" >"$work/$name/receivables--$version.sql"
out=$(pwd)/$name.zip
rm -f "$out"
(cd "$work" && zip -qr "$out" "$name")
echo "$out"
