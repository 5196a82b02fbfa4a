# The extension goes in as a trusted one, without superuser, and a dump brings it back with a profile.
use strict;
use warnings;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = PostgreSQL::Test::Cluster->new('main');
$node->init;
$node->start;

$node->safe_psql('postgres', 'CREATE ROLE accountant LOGIN');
$node->safe_psql('postgres', 'CREATE DATABASE erp OWNER accountant');
my @as_accountant = (extra_params => [ '-U', 'accountant' ]);

my $text = $node->safe_psql('erp', q{
    CREATE SCHEMA receivables;
    CREATE EXTENSION receivables SCHEMA receivables;
    CREATE TABLE customer AS
        SELECT 'A' AS customer_id,
               receivables.payment_profile(due, due + 3, due + 10, 100.50) AS profile
        FROM generate_series(date '2025-01-01', '2025-12-01', '1 month') AS d,
             LATERAL (SELECT d::date AS due) AS t;
    SELECT profile FROM customer;
}, @as_accountant);
like($text, qr/^\{.+\}$/, 'installed by the owner of the database, no superuser');

is($node->safe_psql('erp', q{SELECT extowner::regrole FROM pg_extension WHERE extname = 'receivables'}),
    'accountant', 'and owned by that user');

my $dump = PostgreSQL::Test::Utils::tempdir() . '/erp.sql';
$node->command_ok([ 'pg_dump', '-f', $dump, $node->connstr('erp') ], 'dumped');
$node->safe_psql('postgres', 'CREATE DATABASE copy');
$node->command_ok([ 'psql', '-X', '-q', '-v', 'ON_ERROR_STOP=1', '-f', $dump, '-d', $node->connstr('copy') ],
    'restored');
is($node->safe_psql('copy', 'SELECT profile FROM customer'), $text, 'the profile is the same');

$node->stop;
done_testing();
