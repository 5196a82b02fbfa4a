#!/bin/bash
# How often experiment_result finds a difference where there is none: random splits of a set of paid
# invoices into two arms that were treated alike.
#   PGHOST=... PGDATABASE=... bench/experiment.sh FILE.csv [splits [permutations]]
# FILE has a header and the columns customer, due_date, paid_date, amount. Needs a database with the
# extension in schema receivables; with R and its package survival it also shows how often the log-rank
# test does, which takes invoices of one customer for independent. Days count from 30 days before the due
# date, up to 90. Makes the schema splits and leaves it. A study, as segment_thresholds.sh is.
set -euo pipefail
file=${1:?usage: experiment.sh FILE.csv [splits [permutations]]}
splits=${2:-1000} permutations=${3:-199}
export PGOPTIONS="-c search_path=splits,receivables -c client_min_messages=warning"
sql() { psql -Xq -v ON_ERROR_STOP=1 -v splits="$splits" -v permutations="$permutations" "$@"; }

sql <<'SQL'
DROP SCHEMA IF EXISTS splits CASCADE;
CREATE SCHEMA splits;
CREATE TABLE invoice (customer text, due_date date, paid_date date, amount double precision);
SQL
sql -c "\\copy invoice FROM '$file' WITH (FORMAT csv, HEADER)"
# Censored: looked at on a day of its own between the 20th and the 200th, the same for both arms; what is
# not paid then is open. One item a split that is seen up to the horizon stands for those who are late.
sql <<'SQL'
CREATE TABLE item AS
SELECT customer, greatest(paid_date - due_date + 30, 0) AS days, true AS paid, amount, 'whole' AS kind
FROM invoice WHERE amount > 0 AND paid_date IS NOT NULL;
SELECT setseed(0.1) \g /dev/null
INSERT INTO item
SELECT customer, least(days, seen), days <= seen, amount, 'censored'
FROM (SELECT *, 20 + (random() * 180)::integer AS seen FROM item) AS i;
CREATE TABLE share_of_largest AS
SELECT max(n) / sum(n) AS share FROM (SELECT count(*) AS n FROM item WHERE kind = 'whole' GROUP BY customer) AS c;
CREATE TABLE arm AS
SELECT split, customer,
    experiment_arm(customer, 'split ' || split, '[{"arm": "a", "share": 0.5}, {"arm": "b", "share": 0.5}]') AS arm
FROM generate_series(1, :splits) AS split, (SELECT DISTINCT customer FROM item) AS c;
CREATE INDEX ON arm (split);
ANALYZE;
CREATE TABLE outcome AS
SELECT kind, split, r.*
FROM unnest('{whole,censored}'::text[]) AS kind, generate_series(1, :splits) AS split (split),
    LATERAL (SELECT experiment_sample(arm, customer, days, paid, amount) AS sample
             FROM item JOIN arm USING (customer) WHERE item.kind = kind.kind AND arm.split = split.split) AS s,
    LATERAL (
        SELECT 'each customer' AS by, p_value, effective_customers
        FROM experiment_result(sample, 90, permutations => 0)
        UNION ALL
        SELECT 'each invoice, leaving one customer out', p_value, effective_customers
        FROM experiment_result(sample, 90, 'item', permutations => 0)
        UNION ALL
        SELECT 'each invoice, permutations', p_value, effective_customers
        FROM experiment_result(sample, 90, 'item', permutations => :permutations)
        UNION ALL
        SELECT 'each amount, permutations', p_value, effective_customers
        FROM experiment_result(sample, 90, 'weight', permutations => :permutations)
    ) AS r
WHERE p_value IS NOT NULL;
SQL
if Rscript --vanilla -e 'library(survival)' >/dev/null 2>&1; then
    folder=$(mktemp -d)
    trap 'rm -rf "$folder"' EXIT
    sql -c "\\copy (SELECT * FROM item ORDER BY kind, customer) TO '$folder/item.csv' WITH (FORMAT csv, HEADER)"
    sql -c "\\copy arm TO '$folder/arm.csv' WITH (FORMAT csv, HEADER)"
    cat >"$folder/logrank.R" <<'R'
library(survival)
folder <- commandArgs(TRUE)
items <- read.csv(file.path(folder, "item.csv"))
arms <- read.csv(file.path(folder, "arm.csv"))
for (kind in unique(items$kind)) {
    x <- items[items$kind == kind, ]
    x$paid <- x$paid == "t" & x$days < 90
    x$days <- pmin(x$days, 90)
    for (s in unique(arms$split)) {
        a <- arms[arms$split == s, ]
        x$arm <- a$arm[match(x$customer, a$customer)]
        cat(kind, s, 1 - pchisq(survdiff(Surv(days, paid) ~ arm, data = x)$chisq, 1), "\n")
    }
}
R
    Rscript --vanilla "$folder/logrank.R" "$folder" | awk '{ print $1 "," $2 ",log-rank test (R)," $3 "," }' |
        sql -c "\\copy outcome FROM pstdin WITH (FORMAT csv)"
fi
sql -P footer=off <<'SQL'
SELECT count(*) AS items, count(DISTINCT customer) AS customers,
    round(100 * (SELECT share FROM share_of_largest)) || ' %' AS "largest has"
FROM item WHERE kind = 'whole';
SELECT by, kind, count(*) AS splits, round(100.0 * avg((p_value < 0.05)::integer), 1) || ' %' AS "p < 0.05",
    round(avg(effective_customers)::numeric) AS "as good as customers an arm"
FROM outcome GROUP BY by, kind ORDER BY 2 DESC, 1;
SQL
