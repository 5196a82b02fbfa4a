# The daily run from pg_cron. Needs its package; takes up to a minute, for cron knows no seconds.
use strict;
use warnings;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my ($libraries) = PostgreSQL::Test::Utils::run_command([ 'pg_config', '--pkglibdir' ]);
plan skip_all => 'pg_cron is not installed (Debian: postgresql-VERSION-cron); the daily run from pg_cron is NOT TESTED'
    unless -e "$libraries/pg_cron.so";

my $node = PostgreSQL::Test::Cluster->new('main');
$node->init;
$node->append_conf(
    'postgresql.conf',
    "shared_preload_libraries = 'pg_cron'\ncron.database_name = 'erp'\ncron.host = '" . $node->host
        . "'\ncron.timezone = 'UTC'\ntimezone = 'UTC'");
$node->start;
$node->safe_psql('postgres', 'CREATE ROLE runner LOGIN');
$node->safe_psql('postgres', 'CREATE DATABASE erp');
$node->safe_psql('erp', q{
    CREATE EXTENSION pg_cron;
    CREATE SCHEMA receivables;
    CREATE EXTENSION receivables SCHEMA receivables;
    SET search_path = public, receivables;
    CREATE TABLE invoice AS
    SELECT 'C' || n % 100 AS customer_id,
        n AS invoice_id,
        current_date - n % 300 AS invoice_date,
        current_date - n % 300 + 30 AS due_date,
        CASE WHEN n % 300 > 60 THEN current_date - n % 300 + 30 + n % 100 / 10 END AS paid_date,
        100.50 AS amount,
        CASE WHEN n % 300 > 60 THEN 0 ELSE 100.50 END AS open_amount
    FROM generate_series(1, 3000) AS n;
    SELECT register_source('main', 'invoice');
    GRANT USAGE ON SCHEMA receivables, cron TO runner;
    GRANT SELECT ON invoice TO runner;
    GRANT SELECT ON ALL TABLES IN SCHEMA receivables TO runner;
    GRANT INSERT, UPDATE, DELETE ON customer_segments, segment_changes, segment_profiles, refresh_runs TO runner;
});
my $as_runner = [ '-U', 'runner' ];
like(
    $node->safe_psql(
        'erp',
        q{
            SELECT cron.schedule(
                'refresh main', '* * * * *',
                'CALL receivables.refresh_segments(''main'', current_date)')},
        extra_params => $as_runner),
    qr/^\d+$/, 'scheduled by a role that may run');
ok(
    $node->poll_query_until(
        'erp',
        q{SELECT count(*) > 0 FROM cron.job_run_details WHERE status IN ('succeeded', 'failed')}),
    'it ran');
is(
    $node->safe_psql(
        'erp',
        q{
            SELECT DISTINCT status, return_message
            FROM cron.job_run_details
            WHERE end_time IS NOT NULL}),
    'succeeded|CALL', 'without an error');
is(
    $node->safe_psql(
        'erp',
        q{
            SELECT phase, customers, customers_done, as_of >= current_date - 1, run_by
            FROM receivables.refresh_progress}),
    'finished|100|100|t|runner', 'all customers are refreshed');
is($node->safe_psql('erp', q{
    SET search_path = public, receivables;
    SELECT count(*)
    FROM customer_segments AS s
    FULL JOIN (
        SELECT customer_id,
            payment_profile(
                invoice_date, due_date, paid_date, amount, false,
                (SELECT as_of FROM refresh_progress)) AS profile
        FROM invoice
        GROUP BY customer_id
    ) AS i USING (customer_id)
    WHERE i.profile IS DISTINCT FROM s.profile
        OR s.segment IS DISTINCT FROM assign_segment(
            standard_segment_policy(), i.profile, (SELECT as_of FROM refresh_progress))}), '0',
    'as the plain query says');
is(
    $node->safe_psql('erp', q{SELECT cron.unschedule('refresh main')}, extra_params => $as_runner),
    't', 'and taken off again');

$node->stop;
done_testing();
