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

# Names of schemas that need quotes, and mean something to format(): everything works there too.
for my $schema ('100%d', 'a.b', 'A b', '%s%I') {
    my $quoted = qq{"$schema"};
    $node->safe_psql('postgres', 'DROP DATABASE IF EXISTS odd');
    $node->safe_psql('postgres', 'CREATE DATABASE odd');
    $node->safe_psql('odd', qq{
        CREATE SCHEMA $quoted;
        CREATE EXTENSION receivables SCHEMA $quoted;
        CREATE TABLE invoice AS
        SELECT 'C' || n % 9 AS customer_id,
            n AS invoice_id,
            d AS invoice_date,
            d + 30 AS due_date,
            CASE WHEN n % 5 > 0 THEN d + 33 END AS paid_date,
            100 AS amount,
            CASE WHEN n % 5 > 0 THEN 0 ELSE 100 END AS open_amount,
            'EUR' AS currency
        FROM generate_series(1, 200) AS n, LATERAL (SELECT date '2025-01-01' + n AS d) AS x;
        SELECT $quoted.register_source('main', 'invoice', prior => 'segment')});
    $node->safe_psql('odd', qq{CALL $quoted.refresh_segments('main', '$_')}) for '2025-06-01', '2025-09-01';
    is(
        $node->safe_psql(
            'odd',
            qq{
                SELECT (SELECT count(*) > 0 FROM $quoted.plan_reminders('main', '2025-09-01')),
                    (SELECT count(*) > 0 FROM $quoted.record_letters('main', '2025-09-01')),
                    (SELECT count(*) FROM $quoted.customers_to_watch('main', '2025-09-01')),
                    (SELECT count(*) FROM $quoted.credit_hold_candidates('main', '2025-09-01')),
                    (SELECT count(*) FROM $quoted.unusable_items('main')),
                    (SELECT count(*) FROM $quoted.invoices_to_review('main', '2025-09-02')) >= 0}),
        't|t|9|9|0|t', "in schema $schema");
    is($node->safe_psql('odd', qq{SELECT phase FROM $quoted.refresh_progress}), 'finished', 'refreshed');
    $node->safe_psql('odd', qq{SELECT $quoted.unregister_source('main', true)});
}

$node->stop;
done_testing();
