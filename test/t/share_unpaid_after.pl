# share_unpaid_after against survfit of R, over a thousand profiles of both layouts. Where R or its package survival is
# missing, it says so.
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
    SELECT c AS customer, (random() * (c % 40) - c % 13)::integer AS days, random() > 0.1 * (c % 5) AS paid
    FROM (SELECT setseed(0.7)) AS seed, generate_series(1, 1000) AS c,
        generate_series(1, CASE WHEN c % 20 = 0 THEN 200 + c % 200 ELSE 1 + c % 30 END) AS n;
});

my $folder = $node->basedir;
$node->safe_psql('postgres', "COPY item TO '$folder/item.csv' (FORMAT csv, HEADER)");
append_to_file("$folder/oracle.R", <<'END');
library(survival)
items <- read.csv(commandArgs(TRUE)[1])
days <- c(-10, -3, 0, 1, 5, 10, 20, 40)
for (d in split(items, items$customer)) {
    s <- survfit(Surv(days + 100, paid == "t") ~ 1, data = d)
    cat(sprintf("%d,%d,%.17g\n", d$customer[1], days, summary(s, times = days + 100, extend = TRUE)$surv), sep = "")
}
END
my ($stdout, $stderr) = run_command([ 'Rscript', '--vanilla', "$folder/oracle.R", "$folder/item.csv" ]);
append_to_file("$folder/oracle.csv", "$stdout\n");
$node->safe_psql('postgres', "CREATE TABLE oracle (customer integer, days integer, share double precision);
    COPY oracle FROM '$folder/oracle.csv' (FORMAT csv)");

my $compared = $node->safe_psql('postgres', q{
    SELECT count(*), count(*) FILTER (WHERE o.share > 0 AND o.share < 1) > 4000,
        max(abs(share_unpaid_after(p.profile, o.days, '2025-01-01') - o.share)) <= 1e-12
    FROM oracle AS o JOIN (
        SELECT customer, payment_profile(date '2025-01-01' - CASE WHEN paid THEN 100 ELSE days END,
                                         CASE WHEN paid THEN date '2025-01-01' - 100 + days END) AS profile
        FROM item GROUP BY customer) AS p ON p.customer = o.customer});
is($compared, '8000|t|t', 'as survfit computes it, to 1e-12');

done_testing();
