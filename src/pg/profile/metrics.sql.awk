# Reads src/core/profile/metric_list.inc and writes, for the install script, the SQL function of each
# metric with its comment, and the row type of profile_summary.

function arguments_of(ids, required,    n, id, i, text) {
    gsub(/[() ]/, "", ids)
    n = split(ids, id, ",")
    for (i = 1; i <= n; i++)
        text = text ", " argument[id[i]] (required ? "" : " DEFAULT " fallback[id[i]])
    return text
}

# The types alone, which name a function.
function types_of(ids,    n, id, i, text) {
    gsub(/[() ]/, "", ids)
    n = split(ids, id, ",")
    for (i = 1; i <= n; i++) text = text ", " type[id[i]]
    return text
}

function write_function(name, returns, as_of, ids, required, comment) {
    printf "CREATE FUNCTION %s(profile payment_profile%s%s) RETURNS %s\n", name, as_of ? ", as_of date" : "",
        arguments_of(ids, required), returns
    printf "    AS 'MODULE_PATHNAME', 'payment_profile_%s' LANGUAGE C IMMUTABLE%s PARALLEL SAFE;\n", name,
        ids == "()" || required ? " STRICT" : ""
    printf "COMMENT ON FUNCTION %s(payment_profile%s%s) IS\n    '%s';\n\n", name, as_of ? ", date" : "",
        types_of(ids), comment
}

BEGIN {
    sql["count"] = "bigint"
    sql["days"] = "integer"
    sql["date"] = "date"
    sql["amount"] = "numeric"
    sql["figure"] = "double precision"
}

/^PARAMETER\(/ {
    gsub(/^PARAMETER\(|\)$/, "")
    split($0, part, ", ")
    argument[part[1]] = part[2] " " part[3]
    type[part[1]] = part[3]
    fallback[part[1]] = part[6]
}

/^METRIC\(/ {
    match($0, /\([^()]*\), /)  # the parameters: the first parentheses that hold no others
    ids = substr($0, RSTART, RLENGTH - 2)
    gsub(/^METRIC\(/, "")
    split($0, part, ", ")
    getline comment
    gsub(/^ *"|"\)$/, "", comment)
    if (part[4] != "column")
        write_function(part[1], sql[part[2]], part[3] == "as_of", ids, part[4] == "rules", comment)
    if (part[4] != "rules") columns = columns (columns == "" ? "" : ",\n") "    " part[1] " " sql[part[2]]
}

END {
    printf "CREATE TYPE profile_metrics AS (\n%s\n);\n", columns
    print "COMMENT ON TYPE profile_metrics IS 'all metrics of a payment profile: the row type of profile_summary';"
}
