#!/bin/sh
# Writes the install script to standard output: the .sql files of src/manifest in its order.
# A line "FILE.sql.in WORD REST" stands for FILE.sql.in with WORD, of which there is one, in the place of
# @TYPE@ (a type or a function) and REST, if any, in the place of @RETURNS@.
set -eu
top=${1:?usage: assemble.sh TOP_FOLDER}
printf '%s\n' '\echo Use "CREATE EXTENSION receivables" to load this file. \quit'
sed 's/#.*//' "$top/src/manifest" | while read -r file type returns; do
    case $file in
        *.sql) echo; cat "$top/$file" ;;
        *.sql.awk) echo; awk -f "$top/$file" "$top/$type" ;;
        *.sql.in) echo; sed "s/@TYPE@/$type/g; s/@RETURNS@/$returns/g" "$top/$file" ;;
    esac
done
