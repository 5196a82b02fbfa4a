# Invoices that lie in three databases, brought together by postgres_fdw: what is worked out in each and rolled
# up is, byte for byte, what all invoices together give; and a source may stand on foreign tables.
use strict;
use warnings;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = PostgreSQL::Test::Cluster->new('main');
$node->init;
$node->start;
my @shards = qw(north middle south);

plan skip_all => 'postgres_fdw is not installed'
    if $node->safe_psql('postgres', "SELECT count(*) FROM pg_available_extensions WHERE name = 'postgres_fdw'") eq '0';

sub ask {
    my ($database, $sql) = @_;
    return $node->safe_psql($database, $sql);
}

# --- a whole, and three parts of it -------------------------------------------------------------------
# Customers are in one part each; every twentieth has invoices in all three.
for my $database ('whole', @shards) {
    ask('postgres', "CREATE DATABASE $database");
    ask('postgres', "ALTER DATABASE $database SET search_path = public, receivables");
    ask($database, 'CREATE SCHEMA receivables; CREATE EXTENSION receivables SCHEMA receivables');
}
ask('whole', q{
    CREATE EXTENSION postgres_fdw;
    CREATE TABLE invoice AS
        SELECT CASE WHEN c % 20 = 0 THEN n ELSE c END % 3 AS part, 'C' || c AS customer_id, 'I' || n AS invoice_id,
            d AS invoice_date, d + 30 AS due_date,
            CASE WHEN n % 23 <> 0 THEN d + 30 + (c * 7) % 40 - 10 + n % 9 END AS paid_date,
            ((n * 7919) % 100000 / 100.0 - CASE WHEN n % 37 = 0 THEN 700 ELSE 0 END)::numeric(12, 2) AS amount,
            n % 29 = 0 AS disputed
        FROM generate_series(1, 6000) AS n,
            LATERAL (SELECT (n * 104729) % 157 AS c, date '2023-01-01' + (n * 37) % 900 AS d) AS x;
});
for my $part (0 .. 2) {
    my $database = $shards[$part];
    ask('whole', "COPY (SELECT * FROM invoice WHERE part = $part) TO '" . $node->basedir . "/$database.copy'");
    ask($database, q{
        CREATE TABLE invoice (part integer, customer_id text, invoice_id text, invoice_date date, due_date date,
                              paid_date date, amount numeric(12, 2), disputed boolean);
        COPY invoice FROM '} . $node->basedir . qq{/$database.copy';
        CREATE VIEW profiles AS
            SELECT customer_id, payment_profile(invoice_date, due_date, paid_date, amount, disputed) AS profile
            FROM invoice GROUP BY customer_id;
        CREATE VIEW judged AS
            SELECT customer_id, mean_days_late(profile) AS days,
                coalesce(assign_segment(standard_segment_policy(), profile, '2025-03-01'), 'none') AS earlier,
                coalesce(assign_segment(standard_segment_policy(), profile, '2025-09-01'), 'none') AS later
            FROM profiles;
        CREATE VIEW quality AS SELECT segment_quality(later, days) AS value FROM judged WHERE days IS NOT NULL;
        CREATE VIEW migration AS SELECT segment_migration(earlier, later) AS value FROM judged;
        CREATE VIEW history AS
            SELECT rollup(h) AS value
            FROM (SELECT invoice_history(invoice_date, due_date, paid_date, amount, disputed) AS h
                  FROM invoice GROUP BY customer_id) AS customer;
    });
    my ($host, $port) = ($node->host, $node->port);
    ask('whole', qq{
        CREATE SERVER $database FOREIGN DATA WRAPPER postgres_fdw
            OPTIONS (host '$host', port '$port', dbname '$database', extensions 'receivables');
        CREATE USER MAPPING FOR CURRENT_USER SERVER $database;
        CREATE SCHEMA $database;
        IMPORT FOREIGN SCHEMA public FROM SERVER $database INTO $database;
    });
}
is(ask('whole', 'SELECT (SELECT count(*) FROM north.invoice) + (SELECT count(*) FROM middle.invoice)
        + (SELECT count(*) FROM south.invoice)'), 6000, 'every invoice is in one of the parts');

sub from_all { my ($what, $table) = @_; return join ' UNION ALL ', map { "SELECT $what FROM $_.$table" } @shards; }
# same NAME, SQL of the parts, SQL of the whole: one value each, whose bytes are compared.
sub same {
    my ($name, $parts, $whole, $send) = @_;
    my $equal = ask('whole', "SELECT $send(($parts)) = $send(($whole)), octet_length($send(($parts))) > 20");
    is($equal, 't|t', $name);
    return;
}

# --- profiles -----------------------------------------------------------------------------------------
same('the profile of all invoices, rolled up from the customers of three databases',
    'SELECT rollup(profile) FROM (' . from_all('profile', 'profiles') . ') AS p',
    'SELECT payment_profile(invoice_date, due_date, paid_date, amount, disputed) FROM invoice', 'payment_profile_send');
my $customers = ask('whole', q{
    SELECT count(*), count(*) FILTER (WHERE payment_profile_send(a.profile) = payment_profile_send(b.profile))
    FROM (
        SELECT customer_id, rollup(profile) AS profile
        FROM (} . from_all('customer_id, profile', 'profiles') . q{) AS p
        GROUP BY customer_id
    ) AS a
    JOIN (
        SELECT customer_id,
            payment_profile(invoice_date, due_date, paid_date, amount, disputed) AS profile
        FROM invoice
        GROUP BY customer_id
    ) AS b USING (customer_id)});
is($customers, '157|157', 'the profile of every customer, those with invoices in all three too');
is(ask('whole', 'SELECT count(*) FROM (SELECT customer_id FROM (' . from_all('customer_id', 'profiles') . ') AS p
        GROUP BY customer_id HAVING count(*) > 1) AS several'), 8, 'some of them are in more than one database');
like(ask('whole', 'EXPLAIN (VERBOSE, COSTS OFF) SELECT customer_id FROM north.profiles
        WHERE median_days_late(profile) > 3'), qr/Remote SQL: .*median_days_late/,
    'a figure is worked out where the profile lies');

# --- check-up and histories, of customers that are in one part each -----------------------------------
ask($_, q{DELETE FROM invoice WHERE substr(customer_id, 2)::integer % 20 = 0}) for @shards;
ask('whole', q{
    DELETE FROM invoice WHERE substr(customer_id, 2)::integer % 20 = 0;
    CREATE VIEW judged AS
        SELECT mean_days_late(profile) AS days,
            coalesce(assign_segment(standard_segment_policy(), profile, '2025-03-01'), 'none') AS earlier,
            coalesce(assign_segment(standard_segment_policy(), profile, '2025-09-01'), 'none') AS later
        FROM (SELECT payment_profile(invoice_date, due_date, paid_date, amount, disputed) AS profile
              FROM invoice GROUP BY customer_id) AS customer;
});
my $parts_of = sub { return 'SELECT rollup(value) FROM (' . from_all('value', $_[0]) . ') AS p' };
same('the quality of a segmentation', $parts_of->('quality'),
    'SELECT segment_quality(later, days) FROM judged WHERE days IS NOT NULL', 'segment_quality_send');
same('moves between segments', $parts_of->('migration'), 'SELECT segment_migration(earlier, later) FROM judged',
    'segment_migration_send');
same('histories for simulate_policy', $parts_of->('history'),
    'SELECT rollup(h) FROM (SELECT invoice_history(invoice_date, due_date, paid_date, amount, disputed) AS h
     FROM invoice GROUP BY customer_id) AS customer', 'invoice_history_send');

# --- a source over three foreign tables ---------------------------------------------------------------
my $columns = "customer_id, invoice_id, invoice_date, due_date, paid_date, amount,
    CASE WHEN paid_date IS NULL THEN amount ELSE 0 END AS open_amount, disputed";
ask('whole', "CREATE VIEW near WITH (security_invoker = true) AS SELECT $columns FROM invoice;
    CREATE VIEW far WITH (security_invoker = true) AS " . from_all($columns, 'invoice') . ";
    SELECT register_source('near', 'near'), register_source('far', 'far')");
for my $source (qw(near far)) {
    for my $day ('2025-06-01', '2025-07-01') {
        my ($status, undef, $err) = $node->psql('whole', "CALL receivables.refresh_segments('$source', '$day')");
        is($status, 0, "$source is refreshed as of $day") or diag($err);
    }
}
sub of_source {
    my ($what) = @_;
    my ($near, $far) = map { ask('whole', $what =~ s/SOURCE/$_/gr) } qw(near far);
    ok(length($near) > 20, 'there is something to compare');
    is($far, $near, "the same from foreign tables: $what");
    return;
}
of_source(q{SELECT string_agg(format('%s %s %s %s', customer_id, segment, since,
        md5(payment_profile_send(profile))), ';' ORDER BY customer_id)
    FROM customer_segments WHERE source = 'SOURCE'});
of_source(q{SELECT string_agg(p::text, ';' ORDER BY p::text) FROM plan_reminders('SOURCE', '2025-07-01') AS p});
of_source(q{SELECT string_agg(p::text, ';' ORDER BY p::text) FROM plan_letters('SOURCE', '2025-07-01') AS p});
of_source(q{SELECT string_agg(p::text, ';' ORDER BY p::text) FROM customers_to_watch('SOURCE', '2025-07-01') AS p});

done_testing();
