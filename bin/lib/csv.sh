# Makes lines of UTF-8 of any CSV file. Sourced by bash; needs say().
# shellcheck shell=bash

# csv_lines FILE [ENCODING]: the lines of the file in UTF-8, without byte order mark, carriage returns
# and control characters, each with a ">" before it, as demo/load.sql wants them.
csv_lines() {
    local file=$1 from=${2:-}
    if [ -z "$from" ]; then
        case $(head -c 2 "$file" | od -An -tx1 | tr -d ' ') in
            fffe | feff) from=UTF-16 ;;
            *) from=UTF-8 ;;
        esac
        if ! iconv -f "$from" -t UTF-8 "$file" >/dev/null 2>&1; then
            from=WINDOWS-1252
            say "The file is not UTF-8; read as $from (another: --encoding=NAME)."
        fi
    fi
    # WINDOWS-1252 leaves five bytes without a meaning: -c drops those.
    iconv -c -f "$from" -t UTF-8 "$file" | sed $'1s/^\xef\xbb\xbf//; s/\r$//' | tr '\r' '\n' |
        tr -d '\000-\010\013\014\016-\037' | sed 's/^/>/'
}
