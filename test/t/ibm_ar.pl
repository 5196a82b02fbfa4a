# Payment profiles of a real set of invoices against figures that were computed from it elsewhere. The set
# is not part of this project: RECEIVABLES_IBM_AR names the folder that holds it (IBM Watson Analytics
# sample "Accounts Receivable" as invoices.csv, and expected_*.csv).
use strict;
use warnings;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $folder = $ENV{RECEIVABLES_IBM_AR};
plan skip_all => 'RECEIVABLES_IBM_AR names no folder: nothing is tested on the IBM invoices' unless $folder;
plan skip_all => "cannot read $folder/invoices.csv: nothing is tested on the IBM invoices"
    unless -r "$folder/invoices.csv";

my $node = PostgreSQL::Test::Cluster->new('main');
$node->init;
$node->start;

# load(TABLE, COLUMNS, FILE): the file's rows as COPY takes them from psql's input
sub load {
    my ($table, $columns, $file) = @_;
    my $rows = slurp_file("$folder/$file");
    $rows =~ s/\r//g;
    $node->safe_psql('postgres', "CREATE TABLE $table ($columns);\n"
        . "COPY $table FROM STDIN (FORMAT csv, HEADER);\n$rows\\.\n");
}

$node->safe_psql('postgres', q{
    CREATE SCHEMA receivables;
    CREATE EXTENSION receivables SCHEMA receivables;
    ALTER DATABASE postgres SET search_path = receivables, public;
    ALTER DATABASE postgres SET DateStyle = 'ISO, MDY'});
load('invoice', 'country int, customer text, paperless date, number text, invoice_date date, due_date date,'
    . 'amount numeric, disputed boolean, paid_date date, bill text, days_to_settle int, days_late int', 'invoices.csv');
load('expected',
    'customer text, n bigint, total_amount numeric, mean_delay numeric, sd_delay_samp numeric, min int,'
    . 'p25_cont float8, median_cont float8, p75_cont float8, p90_cont float8,'
    . 'median_disc int, p90_disc int, max int, n_late int, n_on_due_date int, n_early int,'
    . 'share_late numeric, mean_days_late_floored numeric, amount_weighted_mean_delay numeric,'
    . 'mean_days_to_settle numeric, first_invoice date, last_invoice date, last_settled date,'
    . 'median_gap numeric',
    'expected_customer_stats.csv');
load('expected_then', 'customer text, n_settled bigint, mean_delay numeric, median_delay float8, n_open bigint,'
    . 'n_open_overdue bigint', 'expected_customer_stats_asof_2012-12-31.csv');
load('expected_aging', 'as_of date, bucket text, invoices bigint, amount numeric', 'expected_aging.csv');

$node->safe_psql('postgres', q{
    CREATE TABLE customer AS
        SELECT customer, payment_profile(invoice_date, due_date, paid_date, amount) AS p,
            payment_profile(invoice_date, due_date, paid_date, amount, false, '2012-12-31') AS p_then
        FROM invoice GROUP BY customer;
    CREATE TABLE portfolio AS SELECT rollup(p) AS p FROM customer;
    -- whole days of a profile, smallest first, with their share of the items so far
    CREATE FUNCTION disc(p payment_profile, fraction float8) RETURNS int LANGUAGE sql AS $$
        SELECT min(days_late)
        FROM (
            SELECT days_late, sum(items) OVER (ORDER BY days_late) AS so_far FROM delay_histogram(p)
        ) h
        WHERE so_far >= fraction * timed_count(p)$$;
    CREATE FUNCTION items(p payment_profile, fewest int, most int) RETURNS numeric LANGUAGE sql AS $$
        SELECT coalesce(sum(h.items), 0) FROM delay_histogram(p) h WHERE days_late BETWEEN fewest AND most $$});

sub one {
    my ($query, $wanted, $name) = @_;
    is($node->safe_psql('postgres', $query), $wanted, $name);
}

one(
    'SELECT count(*), sum(item_count(p)), sum(total_amount(p)) FROM customer',
    '100|2466|147703.18', 'all invoices are there');
one(
    q{
        SELECT item_count(p),
            total_amount(p),
            round(mean_days_late(p)::numeric, 4),
            round(stddev_days_late(p)::numeric, 4),
            min_days_late(p),
            median_days_late(p),
            percentile_days_late(p, 0.9),
            max_days_late(p),
            items(p, 1, 1000),
            items(p, 0, 0),
            items(p, -1000, -1)
        FROM portfolio},
    '2466|147703.18|-3.5552|12.3349|-30|-4|13|45|877|84|1505',
    'the portfolio as its source describes it');
one('SELECT p = (SELECT payment_profile(invoice_date, due_date, paid_date, amount) FROM invoice) FROM portfolio', 't',
    'rolled up from customers or collected from invoices');

# The file's figures are rounded to six places.
my %figure = (
    n => 'item_count(p)', total_amount => 'total_amount(p)', mean_delay => 'mean_days_late(p)',
    sd_delay_samp => 'stddev_days_late(p)', min => 'min_days_late(p)',
    p25_cont => 'percentile_days_late(p, 0.25)', median_cont => 'median_days_late(p)',
    p75_cont => 'percentile_days_late(p, 0.75)', p90_cont => 'percentile_days_late(p, 0.9)',
    median_disc => 'disc(p, 0.5)', p90_disc => 'disc(p, 0.9)', max => 'max_days_late(p)',
    n_late => 'items(p, 1, 1000)', n_on_due_date => 'items(p, 0, 0)',
    n_early => 'items(p, -1000, -1)', share_late => 'late_share(p)',
    mean_days_late_floored => '(SELECT sum(greatest(days_late, 0) * items) / timed_count(p) FROM delay_histogram(p))',
    amount_weighted_mean_delay => 'weighted_days_late(p)',
    mean_days_to_settle => 'mean_days_to_pay(p)',
    first_invoice => "first_invoice_date(p) - date '2000-01-01'",
    last_invoice => "last_invoice_date(p) - date '2000-01-01'",
    last_settled => "last_paid_date(p) - date '2000-01-01'");
for my $column (sort keys %figure) {
    my $expected = $column =~ /^(first|last)_/ ? "$column - date '2000-01-01'" : $column;
    one(
        qq{
            SELECT count(*),
                count($column),
                count(*) FILTER (WHERE abs(($figure{$column})::numeric - ($expected)::numeric)
                    <= 0.00000051)
            FROM customer
            JOIN expected USING (customer)},
        '100|100|100', "$column of each customer");
}

# what was known at the end of 2012
my %then = (
    n_settled => 'paid_count(p_then)', mean_delay => 'mean_days_late(p_then)',
    median_delay => 'median_days_late(p_then)', n_open => 'open_count(p_then)',
    n_open_overdue => "overdue_count(p_then, '2012-12-31')");
for my $column (sort keys %then) {
    one("SELECT count(*) FILTER (WHERE NOT coalesce(abs(($then{$column})::numeric - ($column)::numeric) <= 0.00000051,"
        . " ($then{$column}) IS NULL AND $column IS NULL OR p_then IS NULL AND coalesce($column, 0) = 0))"
        . ' FROM customer JOIN expected_then USING (customer)', '0', "$column of each customer at the end of 2012");
}
one(
    q{
        SELECT count(*) >= 90
        FROM customer
        JOIN expected_then USING (customer)
        WHERE p_then IS NOT NULL},
    't', 'for nearly all of them');

# Aging: a bucket is what is overdue by more days than it begins after, less what is by more than it ends with.
one(
    q{
        SELECT count(*),
            count(*) FILTER (WHERE overdue_count(p, as_of, fewest) - overdue_count(
                    p, as_of, most) = invoices
                AND overdue_amount(p, as_of, fewest) - overdue_amount(p, as_of, most) = amount)
        FROM expected_aging
        JOIN (VALUES
            ('not_due', -100000, 0), ('1-30', 0, 30), ('31-60', 30, 60), ('61-90', 60, 90),
            ('over_90', 90, 100000), ('TOTAL', -100000, 100000))
            b(bucket, fewest, most) USING (bucket)
        JOIN (
            SELECT as_of,
                payment_profile(invoice_date, due_date, paid_date, i.amount, false, as_of) AS p
            FROM invoice i, (SELECT DISTINCT as_of FROM expected_aging) d
            GROUP BY as_of
        ) x USING (as_of)},
    '24|24', 'the aging on four dates');

$node->stop;
done_testing();
