#!/bin/sh
# Writes the install script to standard output: the .sql files of src/manifest in its order.
# A line "FILE.sql.in TYPE" stands for FILE.sql.in with @TYPE@ replaced by TYPE.
set -eu
top=${1:?usage: assemble.sh TOP_FOLDER}
printf '%s\n' '\echo Use "CREATE EXTENSION receivables" to load this file. \quit'
sed 's/#.*//' "$top/src/manifest" | while read -r file type; do
    case $file in
        *.sql) echo; cat "$top/$file" ;;
        *.sql.in) echo; sed "s/@TYPE@/$type/g" "$top/$file" ;;
    esac
done
