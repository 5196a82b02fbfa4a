# experiment_result against R: the restricted mean of survfit, and the same with each customer left out in turn.
# Where R or its package survival is missing, it says so.
use strict;
use warnings;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

plan skip_all => 'R with its package survival is not installed'
    if system(q{Rscript --vanilla -e 'library(survival)' >/dev/null 2>&1}) != 0;

my $node = PostgreSQL::Test::Cluster->new('main');
$node->init;
$node->start;
$node->safe_psql('postgres', q{
    CREATE EXTENSION receivables;
    CREATE TABLE item AS
    SELECT s AS scenario, CASE WHEN c % 2 = 0 THEN 'a' ELSE 'b' END AS arm, 'C' || c AS customer,
        greatest(0, (random() * 40 + c % 9 - 3 * s * (c % 2))::integer) AS days, random() > 0.1 * s AS paid,
        round((random() * 1000 + 1)::numeric, 2)::double precision AS weight
    FROM (SELECT setseed(0.3)) AS seed,
        generate_series(1, 6) AS s,
        generate_series(1, 24) AS c,
        generate_series(1, 1 + c % 5) AS n
    UNION ALL
    SELECT s, arm, 'last ' || arm, 60, false, 10 FROM generate_series(1, 6) AS s, unnest('{a,b}'::text[]) AS arm;
});

my $folder = $node->basedir;
$node->safe_psql('postgres', "COPY item TO '$folder/item.csv' (FORMAT csv, HEADER)");
append_to_file("$folder/oracle.R", <<'END');
library(survival)
arguments <- commandArgs(TRUE)
items <- read.csv(arguments[1])
items$paid <- items$paid == "t"
horizon <- 45
restricted_mean <- function(d, w) {
    s <- survfit(Surv(days, paid) ~ 1, data = d, weights = w)
    steps <- c(0, s$time[s$time < horizon], horizon)
    sum(diff(steps) * c(1, s$surv[s$time < horizon]))
}
for (s in unique(items$scenario)) for (counts in c("customer", "item", "weight")) {
    arms <- lapply(c("a", "b"), function(arm) {
        d <- items[items$scenario == s & items$arm == arm, ]
        d$w <- switch(counts,
            customer = 1 / ave(d$days, d$customer, FUN = length),
            item = rep(1, nrow(d)),
            weight = d$weight)
        whole <- restricted_mean(d, d$w)
        who <- unique(d$customer)
        n <- length(who)
        pseudo <- sapply(who, function(c) {
            rest <- d[d$customer != c, ]
            n * whole - (n - 1) * restricted_mean(rest, rest$w)
        })
        list(mean = whole, variance = var(pseudo) / n, n = n)
    })
    a <- arms[[1]]; b <- arms[[2]]
    variance <- a$variance + b$variance
    freedom <- variance^2 / (a$variance^2 / (a$n - 1) + b$variance^2 / (b$n - 1))
    t <- (a$mean - b$mean) / sqrt(variance)
    reach <- qt(0.975, freedom) * sqrt(variance)
    figures <- c(
        a$mean,
        b$mean,
        a$mean - qt(0.975, a$n - 1) * sqrt(a$variance),
        a$mean - b$mean - reach,
        a$mean - b$mean + reach,
        2 * pt(-abs(t), freedom),
        (qt(0.975, freedom) + qt(0.8, freedom)) * sqrt(variance))
    cat(s, counts, sprintf("%.12g", figures), "\n")
}
END
my ($expected, $errors) = run_command([ 'Rscript', '--vanilla', "$folder/oracle.R", "$folder/item.csv" ]);
is(scalar(split /\n/, $expected), 18, 'R has an answer for each') or diag $errors;
for my $line (split /\n/, $expected) {
    my ($scenario, $counts, @figures) = split ' ', $line;
    my $ours = $node->safe_psql('postgres', qq{
        SELECT a.mean_days, b.mean_days, a.mean_days_low, b.days_earlier_low, b.days_earlier_high, b.p_value,
            b.detectable_days
        FROM (SELECT experiment_sample(arm, customer, days, paid, weight) AS sample
              FROM item WHERE scenario = $scenario) AS s,
            experiment_result(sample, 45, '$counts', permutations => 0) AS a,
            experiment_result(sample, 45, '$counts', permutations => 0) AS b
        WHERE a.arm = 'a' AND b.arm = 'b'});
    my @far = grep { abs($_->[0] - $_->[1]) > 1e-9 * (1 + abs($_->[0])) }
        map { [ $figures[$_], (split /\|/, $ours)[$_] ] } 0 .. 6;
    is(scalar(@far), 0, "scenario $scenario, each $counts") or diag "R: @figures\nwe: $ours";
}
$node->stop;
done_testing();
