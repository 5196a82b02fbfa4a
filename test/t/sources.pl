# Sources in a database whose owner is no superuser: installing, granting on, row-level security, who may do
# what, and a dump that brings everything back.
use strict;
use warnings;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = PostgreSQL::Test::Cluster->new('main');
$node->init;
$node->start;
$node->safe_psql('postgres', join(';', map { "CREATE ROLE $_ LOGIN" } qw(dba reporter runner stranger north south)));
$node->safe_psql('postgres', "CREATE DATABASE $_ OWNER dba") for qw(erp copy);

sub as {
    my ($user, $sql, $database) = @_;
    my ($status, $out, $err) = $node->psql($database // 'erp', "SET search_path = public, receivables; $sql",
        extra_params => [ '-U', $user, '-v', 'VERBOSITY=verbose' ]);
    return $status ? $err : $out;
}

# A procedure that commits is a statement of its own.
sub refresh {
    my ($user, $source, $day, $database) = @_;
    my ($out, $err);
    my $ok = IPC::Run::run(
        [
            'psql', '-XAtq', '-v', 'VERBOSITY=verbose', '-U', $user, '-d',
            $node->connstr($database // 'erp'), '-c',
            "CALL receivables.refresh_segments('$source', '$day', 100)"],
        '>', \$out, '2>', \$err);
    return $err;
}

# --- the owner of the database installs, registers, refreshes -----------------------------------------
is(as('dba', q{
    CREATE SCHEMA receivables;
    CREATE EXTENSION receivables SCHEMA receivables;
    CREATE TABLE invoice AS
    SELECT CASE WHEN n % 3 = 0 THEN 'south' ELSE 'north' END AS company,
        'C' || n % 400 AS customer_id,
        n AS invoice_id,
        d AS invoice_date,
        d + 30 AS due_date,
        CASE WHEN n % 40 <> 0 THEN d + 28 + n % 400 / 10 + n % 11 END AS paid_date,
        (n % 977 + 0.5)::numeric(12, 2) AS amount,
        CASE WHEN n % 40 = 0 THEN (n % 977 + 0.5)::numeric(12, 2) ELSE 0 END AS open_amount
    FROM generate_series(1, 8000) AS n,
        LATERAL (SELECT date '2024-01-01' + (n * 37) % 640 AS d) AS x;
    CREATE VIEW receivable WITH (security_invoker = true) AS SELECT * FROM invoice;
    INSERT INTO segment_policies VALUES
        ('ours', '[{"segment": "slow", "when": "late_share(3) > 0.5"}, {"segment": "other"}]');
    INSERT INTO dunning_policies VALUES ('ours', standard_dunning_policy());
    INSERT INTO business_calendars VALUES ('ours', '{"holidays": ["2025-12-25"]}');
    SELECT register_source('main', 'receivable', 'ours', 'ours', 'ours');
    INSERT INTO reminders (source, customer_id, invoice_id, level, reminder_date) VALUES
        ('main', 'C1', '1', 1, '2025-10-01');
}), '', 'installed and registered by the owner of the database, no superuser');
like(refresh('dba', 'main', '2025-10-01'), qr/400 customers, 0 changes/, 'who refreshes too');
as('dba', q{UPDATE invoice SET paid_date = paid_date + 20 WHERE invoice_id % 400 < 40});
like(refresh('dba', 'main', '2025-10-02'), qr/400 customers, [1-9]\d* changes/, 'the next day some have changed');
is(as('dba', q{SELECT string_agg(relname, ' ') FROM pg_class
        WHERE relnamespace = 'receivables'::regnamespace AND relkind IN ('r', 'v', 'S')
        AND relowner = 'dba'::regrole}), '', 'the tables belong to the bootstrap superuser all the same');
is(
    as(
        'dba',
        q{
            SELECT string_agg(DISTINCT a.privilege_type, ' ' ORDER BY a.privilege_type),
                bool_and(a.is_grantable)
            FROM pg_class AS c, aclexplode(c.relacl) AS a
            WHERE c.relnamespace = 'receivables'::regnamespace
                AND c.relkind = 'r'
                AND a.grantee = 'dba'::regrole}),
    'DELETE INSERT SELECT TRUNCATE UPDATE|t',
    'whose use is granted to the owner of the schema: no trigger of his runs under others');
like(
    as(
        'dba',
        q{
            CREATE TRIGGER t BEFORE INSERT ON customer_segments FOR EACH ROW EXECUTE FUNCTION
                suppress_redundant_updates_trigger()}),
    qr/42501/, 'so he puts none there');

# --- who may do what ----------------------------------------------------------------------------------
my $state = q{SELECT md5(string_agg(t::text, ';' ORDER BY t::text)) FROM %s AS t};
my $denied = qr/ERROR:  42501: permission denied/;
like(as('stranger', 'SELECT * FROM receivables.customer_segments'), $denied, 'nobody else reads the segments');
is(as('dba', q{
    GRANT USAGE ON SCHEMA receivables TO reporter, runner;
    GRANT SELECT ON receivable, invoice TO reporter, runner;
    GRANT SELECT ON sources, segment_policies, dunning_policies, business_calendars, refresh_runs,
        refresh_progress, customer_segments TO reporter;
    GRANT SELECT ON ALL TABLES IN SCHEMA receivables TO runner;
    GRANT INSERT, UPDATE, DELETE ON customer_segments, segment_changes, segment_profiles, refresh_runs TO runner;
}), '', 'the owner grants on');
is(
    as('reporter', 'SELECT count(*) FROM customer_segments JOIN receivable USING (customer_id)'),
    '8000', 'a reporter reports');
like(as('reporter', "SELECT count(*) FROM $_"), $denied, "but does not read $_")
    for qw(segment_changes segment_profiles reminders);
like(as('reporter', 'SELECT phase, running FROM refresh_progress'), qr/finished\|f/, 'and sees the progress');
like(
    as('reporter', 'SELECT _source_query(name, NULL) FROM sources'),
    qr/FROM public\.receivable/, 'and reads the source');
like(refresh('reporter', 'main', '2025-10-03'), $denied, 'but does not run');
like(as('reporter', q{SELECT register_source('x', 'receivable')}), $denied, 'or register');
like(as('reporter', q{SELECT unregister_source('main')}), $denied, 'or unregister');
like(as('reporter', q{UPDATE segment_policies SET policy = '[{"segment": "x"}]'}), $denied, 'or edit policies');
like(refresh('runner', 'main', '2025-10-03'), qr/400 customers/, 'a runner runs');
like(as('runner', q{SELECT register_source('x', 'receivable')}), $denied, 'but does not register');
is(as('runner', q{SELECT run_by FROM refresh_progress}), 'runner', 'and is written down');
like(
    refresh('stranger', 'main', '2025-10-03'),
    qr/42501: permission denied for schema receivables/,
    'a stranger does not');
as('dba', 'REVOKE SELECT ON invoice FROM runner');
my $before = as('dba', sprintf($state, 'customer_segments'));
like(refresh('runner', 'main', '2025-10-04'), qr/42501: permission denied for table invoice/,
    'a runner who may not read the table below the view does not either');
is(as('dba', sprintf($state, 'customer_segments')), $before, 'and nothing was written');
as('dba', 'GRANT SELECT ON invoice TO runner');

# --- row-level security -------------------------------------------------------------------------------
is(as('dba', q{
    ALTER TABLE invoice ENABLE ROW LEVEL SECURITY;
    CREATE POLICY company ON invoice USING (company = current_user);
    GRANT USAGE ON SCHEMA receivables TO north, south;
    GRANT SELECT ON receivable, invoice TO north, south;
    GRANT SELECT ON ALL TABLES IN SCHEMA receivables TO north, south;
    GRANT INSERT, UPDATE, DELETE ON customer_segments, segment_changes, segment_profiles, refresh_runs TO north, south;
    SELECT register_source('north', 'receivable'), register_source('south', 'receivable');
}), '|', 'two companies in one table, one source each');
like(refresh($_, $_, '2025-10-03'), qr/customers, 0 changes/, "$_ refreshes its source") for qw(north south);
is(
    as(
        'dba',
        q{
            SELECT count(*)
            FROM customer_segments AS s
            FULL JOIN (
                SELECT company,
                    customer_id,
                    payment_profile(
                        invoice_date, due_date, paid_date, amount, false, '2025-10-03') AS profile
                FROM invoice
                GROUP BY company, customer_id
            ) AS i ON s.source = i.company AND s.customer_id = i.customer_id
            WHERE s.source <> 'main' AND s.profile IS DISTINCT FROM i.profile}),
    '0', 'each from its own rows');
is(
    as(
        'dba',
        q{
            SELECT count(DISTINCT item_count(profile)) > 1
            FROM customer_segments
            WHERE source = 'south'}),
    't', 'of which there are some');
is(as('north', q{SELECT count(DISTINCT company) FROM receivable}), '1', 'a reporter sees the rows of its company');

# --- a policy that is hidden is not the standard one ---------------------------------------------------
$node->safe_psql(
    'erp', join ';',
    map {
        "ALTER TABLE receivables.$_ ENABLE ROW LEVEL SECURITY;
         CREATE POLICY p ON receivables.$_ USING (current_user = 'dba')"
    } qw(segment_policies dunning_policies business_calendars));
my $hidden = sub {
    my ($kind, $user) = @_;
    return qr/ERROR:  42501: $kind "ours" of source "main" is hidden from $user/;
};
like(
    refresh('runner', 'main', '2025-10-04'), $hidden->('segment policy', 'runner'),
    'a refresh does not take the standard policy for one that is hidden');
like(
    as('runner', q{SELECT count(*) FROM plan_reminders('main', '2025-10-04')}),
    $hidden->('dunning policy', 'runner'), 'nor does a plan');
like(
    as('runner', q{SELECT count(*) FROM plan_letters('main', '2025-10-04')}),
    $hidden->('dunning policy', 'runner'), 'nor do letters');
as('dba', 'UPDATE sources SET dunning_policy = NULL');
like(
    as('runner', q{SELECT count(*) FROM plan_reminders('main', '2025-10-04')}),
    $hidden->('calendar', 'runner'), 'nor is there no calendar');
like(
    as(
        'dba',
        q{
            GRANT SELECT ON reminders, promises, review_decisions, contacts TO reporter;
            REVOKE SELECT ON customer_segments FROM reporter;
            SELECT count(*) > 0 FROM plan_reminders('main', '2025-10-03')}),
    qr/^t$/, 'who sees them plans');
like(
    as('reporter', q{SELECT count(*) FROM customers_to_watch('main', '2025-10-04')}),
    $hidden->('segment policy', 'reporter'),
    'nor is a segment worked out by another policy');
as(
    'dba',
    q{
        UPDATE sources SET dunning_policy = 'ours' WHERE name = 'main';
        REVOKE SELECT ON reminders, promises, review_decisions, contacts FROM reporter;
        GRANT SELECT ON customer_segments TO reporter});
$node->safe_psql('erp', join ';',
    map { "ALTER TABLE receivables.$_ DISABLE ROW LEVEL SECURITY; DROP POLICY p ON receivables.$_" }
    qw(segment_policies dunning_policies business_calendars));

# --- one session, two roles ----------------------------------------------------------------------------
IPC::Run::run(
    [
        'psql', '-XAtq', '-v', 'VERBOSITY=verbose', '-d', $node->connstr('erp'),
        map { ('-c', $_) } 'SET ROLE stranger',
        'CREATE TEMP TABLE receivables_refresh ()',
        'SET ROLE runner',
        q{CALL receivables.refresh_segments('main', '2025-10-03')},
        'SET ROLE stranger',
        'DROP TABLE receivables_refresh',
        'SET ROLE runner',
        q{CALL receivables.refresh_segments('main', '2025-10-03')}],
    '2>', \my $err);
like(
    $err,
    qr{
        ERROR: \s+ 42501: \s temporary \s table \s receivables_refresh \s of \s this \s session
            \s belongs \s to \s role \s stranger\n
        .* HINT: \s+ Run \s the \s refresh \s as \s that \s role, \s or \s in \s another \s session\.
        .* 400 \s customers
    }xs,
    'what the failed run of another role has left is not taken for ours');

# --- dump and restore ---------------------------------------------------------------------------------
my @tables = qw(segment_policies dunning_policies business_calendars sources customer_segments segment_changes
    segment_profiles reminders refresh_runs);
my $dump = PostgreSQL::Test::Utils::tempdir() . '/erp.sql';
$node->command_ok(
    ['pg_dump', '-U', 'dba', '-f', $dump, $node->connstr('erp')],
    'dumped by the owner of the database');
$node->command_ok(
    [
        'psql', '-X', '-q', '-v', 'ON_ERROR_STOP=1', '-U', 'dba', '-f', $dump, '-d',
        $node->connstr('copy')],
    'restored by the same');
is(as('dba', 'SELECT count(*) > 0 FROM ' . $_), 't', "$_ has rows") for @tables;
is(as('dba', sprintf($state, $_), 'copy'), as('dba', sprintf($state, $_)), "$_ is the same") for @tables;
is(as('dba', q{SELECT string_agg(n.nspname || '.' || c.relname, ' ') FROM pg_class AS c
        JOIN pg_namespace AS n ON n.oid = c.relnamespace JOIN pg_depend AS d ON d.objid = c.oid AND d.deptype = 'e'
        WHERE c.relkind IN ('r', 'S') AND n.nspname = 'receivables'
        AND c.oid <> ALL ((SELECT extconfig FROM pg_extension WHERE extname = 'receivables')::oid[])}), '',
    'no table or sequence of the extension is left out of dumps');
as('dba', q{UPDATE invoice SET paid_date = paid_date - 20 WHERE invoice_id % 400 < 40}, 'copy');
like(refresh('dba', 'main', '2025-10-05', 'copy'), qr/400 customers, [1-9]\d* changes/, 'the copy is refreshed');
is(as('dba', q{SELECT count(DISTINCT change_id) = count(*) AND max(change_id) FILTER (WHERE changed_on < '2025-10-05')
        < min(change_id) FILTER (WHERE changed_on = '2025-10-05') FROM segment_changes}, 'copy'), 't', 'numbers go on');
is(as('dba', q{INSERT INTO reminders (source, customer_id, invoice_id, level, reminder_date)
        VALUES ('main', 'C2', '2', 1, '2025-10-05') RETURNING reminder_id}, 'copy'), '2', 'those of the reminders too');
is(
    as('reporter', 'SELECT count(*) FROM customer_segments', 'copy'),
    as('reporter', 'SELECT count(*) FROM customer_segments'),
    'the views and grants came back');
like(
    as('stranger', 'SELECT count(*) FROM customer_segments', 'copy'),
    qr/ERROR:  42P01|$denied/, 'for those who had them');

# --- undoing everything -------------------------------------------------------------------------------
is(
    as(
        'dba',
        q{DROP VIEW receivable; DROP EXTENSION receivables; DROP SCHEMA receivables; SELECT count(*) FROM invoice}),
    '8000', 'the extension goes, the invoices stay');

$node->stop;
done_testing();
