# The plan in a database of several roles: who may plan, who may record, that row-level security of the
# invoices holds in every function, and that no name or value is ever taken for SQL.
use strict;
use warnings;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = PostgreSQL::Test::Cluster->new('main');
$node->init;
$node->start;
my @roles = qw(dba reporter sender north);
$node->safe_psql('postgres', join(';', map { "CREATE ROLE $_ LOGIN" } @roles));
$node->safe_psql('postgres', 'CREATE DATABASE erp OWNER dba');

sub as {
    my ($user, $sql) = @_;
    my ($status, $out, $err) = $node->psql('erp', "SET search_path = public, receivables; $sql",
        extra_params => [ '-U', $user, '-v', 'VERBOSITY=verbose' ]);
    return $status ? $err : $out;
}
sub refresh {
    my ($source) = @_;
    my $err;
    IPC::Run::run([ 'psql', '-XAtq', '-v', "source=$source", '-U', 'dba', '-d', $node->connstr('erp') ],
        '<', \"CALL receivables.refresh_segments(:'source', '2025-10-01');", '2>', \$err);
    return $err;
}

is(as('dba', q{
    CREATE SCHEMA receivables;
    CREATE EXTENSION receivables SCHEMA receivables;
    CREATE TABLE invoice AS
    SELECT CASE WHEN n % 3 = 0 THEN 'north' ELSE 'rest' END AS company,
        'C' || n % 60 AS customer_id,
        n AS invoice_id,
        d AS invoice_date,
        d + 30 AS due_date,
        CASE WHEN n % 4 <> 0 THEN d + 28 + n % 60 / 3 END AS paid_date,
        (n % 977 + 30.5)::numeric(12, 2) AS amount,
        CASE WHEN n % 4 <> 0 THEN 0 ELSE (n % 977 + 30.5)::numeric(12, 2) END AS open_amount,
        n % 60 = 6 AS disputed,
        '{"credit_limit": 100}'::jsonb AS attributes
    FROM generate_series(1, 1200) AS n,
        LATERAL (SELECT date '2025-01-01' + (n * 37) % 270 AS d) AS x;
    CREATE VIEW receivable WITH (security_invoker = true) AS SELECT * FROM invoice;
    SELECT register_source('main', 'receivable')}), '', 'a source');
like(
    as('dba', q{SELECT count(*) FROM plan_letters('main', '2025-10-01')}),
    qr/ERROR:  55000: .*"main" has never been refreshed/,
    'no plan before the first refresh');
like(refresh('main'), qr/60 customers/, 'refreshed');

# --- rights -------------------------------------------------------------------------------------------
my $denied = qr/ERROR:  42501: permission denied/;
my @reports = (
    "plan_reminders('main', '2025-10-01')", "held_back('main', '2025-10-01')",
    "plan_letters('main', '2025-10-01')", "invoices_to_review('main', '2025-10-01')",
    "customers_to_watch('main', '2025-10-01')", "credit_hold_candidates('main', '2025-10-01')");
as('dba', 'GRANT USAGE ON SCHEMA receivables TO reporter, sender, north');
like(as('reporter', "SELECT count(*) FROM $_"), $denied, "nobody else: $_") for @reports;
as('dba', q{
    GRANT SELECT ON ALL TABLES IN SCHEMA receivables TO sender;
    GRANT SELECT ON sources, segment_policies, dunning_policies, business_calendars, refresh_runs,
        reminders, promises, review_decisions, contacts TO reporter, north;
    GRANT SELECT ON receivable, invoice TO reporter, sender, north;
    GRANT INSERT ON reminders TO sender});
cmp_ok(as('reporter', "SELECT count(*) FROM $_"), '>', 0, "a reporter: $_") for @reports;
like(
    as('reporter', q{SELECT record_reminder('main', 'C1', '1', 1, '2025-10-01')}),
    $denied, 'a reporter records nothing');
like(as('reporter', q{SELECT count(*) FROM record_letters('main', '2025-10-01')}), $denied, 'nor letters');
my $planned = as('dba', q{SELECT count(*) FROM plan_reminders('main', '2025-10-01')});
is(as('sender', q{SELECT count(*) FROM record_reminders('main', '2025-10-01')}), $planned, 'a sender records the plan');
is(as('sender', q{SELECT count(*) FROM plan_reminders('main', '2025-10-01')}), 0, 'which then is empty');
is(as('dba', q{SELECT string_agg(DISTINCT recorded_by, ' ') FROM reminders}), 'sender', 'and is written down');
like(as('sender', 'DELETE FROM reminders'), $denied, 'what was sent stays written down');
as('dba', 'DELETE FROM reminders');

# --- two that send at the same time -------------------------------------------------------------------
my $letters = as('dba', q{SELECT count(*) FROM plan_letters('main', '2025-10-01')});
my ($first, $second) = ('', '');
my $sender = IPC::Run::start(
    [
        'psql', '-XAtq', '-U', 'sender', '-d', $node->connstr('erp'), map {('-c', $_)} 'BEGIN',
        q{SELECT count(*) FROM receivables.record_letters('main', '2025-10-01')},
        'SELECT pg_sleep(2)', 'COMMIT'],
    '>', \$first);
ok(
    $node->poll_query_until(
        'erp',
        q{SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND granted)}),
    'the first is at work');
$second = as('sender', q{SELECT count(*) FROM record_letters('main', '2025-10-01')});
$sender->finish;
like($first, qr/^$letters$/m, 'the first sends all');
is($second, 0, 'the second waits for it, and sends nothing');
as('dba', 'DELETE FROM reminders');

# --- two that send for different days at the same time ------------------------------------------------
# What the second would read in REPEATABLE READ is the log of before the first; SERIALIZABLE sees to it that one fails.
for my $level ('READ COMMITTED', 'SERIALIZABLE') {
    $sender = IPC::Run::start(
        [
            'psql', '-XAtq', '-U', 'sender', '-d', $node->connstr('erp'),
            map {('-c', $_)} 'BEGIN ISOLATION LEVEL ' . $level,
            q{SELECT count(*) FROM receivables.record_letters('main', '2025-10-01')},
            'SELECT pg_sleep(2)', 'COMMIT'],
        '>', \$first);
    ok(
        $node->poll_query_until(
            'erp',
            q{SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND granted)}),
        "$level: the first is at work");
    $second = as(
        'sender',
        "BEGIN ISOLATION LEVEL $level;
        SELECT count(*) FROM record_letters('main', '2025-10-02');
        COMMIT");
    $sender->finish;
    $level eq 'SERIALIZABLE'
        ? like($second, qr/ERROR:  40001/, "$level: the second fails")
        : is($second, 0, "$level: the second sends nothing");
    is(as('dba', q{SELECT count(*) - count(DISTINCT (invoice_id, level)) FROM reminders}), 0, 'nothing was sent twice');
    as('dba', 'DELETE FROM reminders');
}
like(as('sender', q{BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM record_letters('main', '2025-10-02')}),
    qr/ERROR:  25000: .*\n.*\nHINT:  BEGIN ISOLATION LEVEL READ COMMITTED/, 'REPEATABLE READ is refused');

# --- row-level security -------------------------------------------------------------------------------
as('dba', q{ALTER TABLE invoice ENABLE ROW LEVEL SECURITY;
    CREATE POLICY company ON invoice USING (company = current_user)});
my %invoices = map { $_ => 1 } @reports[0, 1, 3];
for (@reports) {
    my $same = $invoices{$_} ? 'i.invoice_id::text = p.invoice_id' : 'i.customer_id = p.customer_id';
    is(as('north', "SELECT count(*) FROM $_ AS p WHERE NOT EXISTS (SELECT FROM invoice AS i WHERE $same)"),
        0, "only what the caller may see: $_");
    is(as('north', "SELECT count(*) > 0 FROM $_"), 't', 'and that is something');
    is(as('reporter', "SELECT count(*) FROM $_"), 0, 'who sees no invoice sees nothing');
}
is(as('north', q{SELECT count(*) FROM plan_letters('main', '2025-10-01') AS l, jsonb_array_elements(invoices) AS i
        WHERE NOT EXISTS (SELECT FROM invoice WHERE invoice_id::text = i ->> 'invoice_id')}), 0, 'nor on letters');
as('dba', 'ALTER TABLE invoice DISABLE ROW LEVEL SECURITY');

# --- names and values are never SQL -------------------------------------------------------------------
my @hostile = (
    q{'; DROP TABLE canary; --}, q{"; DROP TABLE canary; --}, q{$$; DROP TABLE canary; $$},
    q{$query$; DROP TABLE canary; --}, q{%1$s %s %I %L %%}, q{') AS i; DROP TABLE canary; --},
    q{\\'; DROP TABLE canary; --}, q{$1 $2 $6}, q{{"a": 1}}, qq{line\nfeed}, q{ça ü €});
as('dba', 'CREATE TABLE canary (alive boolean)');
for my $text (@hostile) {
    (my $literal = $text) =~ s/'/''/g;
    (my $identifier = $text) =~ s/"/""/g;
    $identifier = substr($identifier, 0, 60);
    my $name = "'$literal'";
    my $out = as('dba', qq{
        CREATE VIEW "$identifier" WITH (security_invoker = true) AS
            SELECT $name || customer_id AS customer_id, $name || invoice_id AS invoice_id,
                invoice_date, due_date, paid_date, amount, open_amount, disputed, attributes,
                $name || 'x' AS channel
            FROM invoice;
        SELECT register_source($name, format('%I', '} . ($identifier =~ s/""/"/gr =~ s/'/''/gr) . q{')::regclass)});
    is($out, '', "a source called $text");
    like(refresh($text), qr/60 customers/, 'refreshed');
    is(as('dba', qq{SELECT count(*) = $planned AND bool_and(starts_with(customer_id, $name) AND channel = $name || 'x')
            FROM plan_reminders($name, '2025-10-01')}), 't', 'planned');
    is(as('dba', qq{SELECT record_reminder($name, $name, $name, 1, '2025-10-01', $name, 1);
            SELECT source = $name AND customer_id = $name AND channel = $name FROM reminders WHERE invoice_id = $name}),
        "t\nt", 'recorded');
    is(as('dba', qq{SELECT count(*) > 0 FROM record_letters($name, '2025-10-01');
            SELECT EXISTS (SELECT FROM customers_to_watch($name, '2025-10-01')),
                EXISTS (SELECT FROM credit_hold_candidates($name, '2025-10-01')),
                EXISTS (SELECT FROM plan_letters($name, '2025-10-01'))}),
        "t\nt|t|f", 'sent and watched');
}
is(as('dba', 'SELECT count(*) FROM canary'), 0, 'nothing of it was ever run');

$node->stop;
done_testing();
