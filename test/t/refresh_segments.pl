# refresh_segments that is interrupted, runs twice at once, takes over, notifies; each time the end state must be
# that of a refresh nobody disturbed.
use strict;
use warnings;
use IPC::Run ();
use JSON::PP ();
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = PostgreSQL::Test::Cluster->new('main');
$node->init;
$node->append_conf('postgresql.conf', "max_connections = 30\nlog_statement = none");
$node->start;
$node->safe_psql('postgres', 'CREATE DATABASE erp');
$node->safe_psql('postgres', 'ALTER DATABASE erp SET search_path = public, receivables');

# --- sessions that go on while we look ----------------------------------------------------------------
sub session {
    my $self = { in => '', out => '', err => '' };
    $self->{run} = IPC::Run::start(
        ['psql', '-XAtq', '-d', $node->connstr('erp')],
        '<', \$self->{in}, '>', \$self->{out}, '2>', \$self->{err}, IPC::Run::timeout(120));
    return $self;
}

sub send_sql {    # without waiting for the answer
    my ($self, $sql) = @_;
    $self->{in} .= "$sql;\n\\echo @@\n\\warn @@\n";
    $self->{run}->pump_nb;
}

sub answer {    # what came, up to the next mark: the output, and the errors and notices
    my ($self) = @_;
    $self->{run}->pump until $self->{out} =~ /@@\n/ && $self->{err} =~ /@@\n/;
    my ($out) = $self->{out} =~ /^(.*?)@@\n/s;
    my ($err) = $self->{err} =~ /^(.*?)@@\n/s;
    $self->{$_} =~ s/^.*?@@\n//s for qw(out err);
    chomp $out;
    return wantarray ? ($out, $err) : $out;
}
sub ask { my ($self, $sql) = @_; send_sql($self, $sql); return answer($self); }
sub leave { my ($self) = @_; $self->{in} .= "\\q\n"; eval { $self->{run}->finish }; return; }
sub value { return $node->safe_psql('erp', $_[0]); }
sub refresh {
    my ($source, $day) = @_;
    my (undef, undef, $err) = $node->psql('erp', "CALL refresh_segments('$source', '$day', 1)");
    return $err;
}

# --- a source for each test, on the same invoices -----------------------------------------------------
value(q{
    CREATE SCHEMA receivables;
    CREATE EXTENSION receivables SCHEMA receivables;
    CREATE TABLE invoice AS
    SELECT 'C' || n % 2000 AS customer_id,
        n AS invoice_id,
        d AS invoice_date,
        d + 30 AS due_date,
        CASE WHEN n % 50 <> 0 THEN d + 28 + n % 2000 / 50 + n % 7 END AS paid_date,
        (n % 977 + 0.5)::numeric(12, 2) AS amount,
        CASE WHEN n % 50 = 0 THEN (n % 977 + 0.5)::numeric(12, 2) ELSE 0 END AS open_amount
    FROM generate_series(1, 16000) AS n,
        LATERAL (SELECT date '2024-01-01' + (n * 37) % 640 AS d) AS x;
    ANALYZE invoice});
my ($first, $second) = ('2025-10-01', '2025-11-01');
sub later { return value('UPDATE invoice SET paid_date = paid_date + 12 WHERE invoice_id % 4 > 0'); }
sub earlier { return value('UPDATE invoice SET paid_date = paid_date - 12 WHERE invoice_id % 4 > 0'); }
sub stored {
    my ($source) = @_;
    return value(qq{
        SELECT (SELECT count(*)
                 || md5(string_agg(
                     (customer_id, segment, since, profile, attributes)::text,
                     ';' ORDER BY customer_id))
             FROM customer_segments
             WHERE source = '$source'),
            (SELECT count(*)
                 || md5(string_agg(
                     (
                         customer_id, from_segment, from_since, to_segment, changed_on, rule,
                         condition, facts)::text,
                     ';' ORDER BY customer_id, changed_on))
             FROM segment_changes
             WHERE source = '$source'),
            (SELECT count(*)
                 || md5(string_agg((segment, customers, profile)::text, ';' ORDER BY segment))
             FROM segment_profiles
             WHERE source = '$source')});
}
value("
    SELECT register_source(name, 'invoice')
    FROM unnest('{whole,pg_cancel_backend,pg_terminate_backend,immediate,error,race,notify}'::text[])
        AS name");
like(refresh('whole', $first), qr/2000 customers, 0 changes/, 'a refresh nobody disturbs');
my $after_first = stored('whole');
later();
like(refresh('whole', $second), qr/2000 customers, (\d{2,}) changes/, 'and one with changes');
my $after_second = stored('whole');
earlier();
cmp_ok(value('SELECT count(*) FROM segment_changes'), '>', 100, 'many changes');

# --- interruptions in the middle ----------------------------------------------------------------------
# An uncommitted row of another session stops the run at one customer in the middle.
sub start_and_stop_in_the_middle {
    my ($source, $day) = @_;
    my $blocker = session();
    my ($runner, $pid) = (session());
    if ($day eq $first) {
        ask(
            $blocker,
            "BEGIN; INSERT INTO customer_segments (source, customer_id, since) VALUES ('$source', 'C1234', '$day')");
    } else {
        ask(
            $blocker,
            "BEGIN; SELECT FROM customer_segments WHERE source = '$source' AND customer_id = 'C1234' FOR UPDATE");
    }
    $pid = ask($runner, 'SELECT pg_backend_pid()');
    send_sql($runner, "CALL refresh_segments('$source', '$day', 1)");
    $node->poll_query_until(
        'erp',
        "SELECT count(*) = 1 FROM pg_stat_activity WHERE pid = $pid AND wait_event_type = 'Lock'");
    return ($blocker, $runner, $pid);
}

for my $how (qw(pg_cancel_backend pg_terminate_backend immediate)) {
    for my $day ($first, $second) {
        later() if $day eq $second;
        my ($blocker, $runner, $pid) = start_and_stop_in_the_middle($how, $day);
        is(
            value("
                SELECT as_of, phase, running, customers, customers_done BETWEEN 1 AND 1999, pid
                FROM refresh_progress
                WHERE source = '$how'"),
            "$day|segments|t|2000|t|$pid",
            "$how, $day: another session sees the progress");
        my $error = refresh($how, $day);
        like($error, qr/ERROR:  a refresh of source "$how" is running/, 'a second run is refused');
        like($error, qr/Process $pid is at work/, 'and told who runs');
        if ($how eq 'immediate') {
            $node->stop('immediate');
            $node->start;
        } else {
            is(value("SELECT $how($pid)"), 't', 'interrupted');
            $node->poll_query_until('erp', "SELECT NOT running FROM refresh_progress WHERE source = '$how'");
            ask($blocker, 'ROLLBACK');
        }
        is(
            value("
                SELECT phase, running, customers_done > 0
                FROM refresh_progress
                WHERE source = '$how'"),
            'segments|f|t', 'half done, and not running any more');
        isnt(stored($how), $day eq $first ? $after_first : $after_second, 'the state is not that of a whole run');
        cmp_ok(
            value("
                SELECT count(*) FROM customer_segments WHERE source = '$how' AND since = '$day'"),
            '>', 0, 'but some batches are committed');
        like(
            refresh($how, '2025-10-15'),
            qr/was refreshed as of $second already, and cannot go back/,
            'which leaves no way back') if $day eq $second;
        like(refresh($how, $day), qr/was interrupted: starting again.*2000 customers/s, 'the next run takes over');
        is(stored($how), $day eq $first ? $after_first : $after_second, 'and ends where an undisturbed one does');
        is(
            value("
                SELECT string_agg(phase, ' ' ORDER BY run_id)
                FROM refresh_runs
                WHERE source = '$how' AND as_of = '$day'"),
            'interrupted finished', 'both runs are written down');
        leave($_) for $blocker, $runner;
        earlier() if $day eq $second;
    }
}

# --- an error in a session that lives on ---------------------------------------------------------------
my ($blocker, $runner, $pid) = start_and_stop_in_the_middle('error', $first);
value("SELECT pg_cancel_backend($pid)");
my (undef, $error) = answer($runner);
like($error, qr/canceling statement/, 'the run failed');
ask($blocker, 'ROLLBACK');
is(ask($runner, 'SELECT pg_backend_pid()'), $pid, 'its session lives on');
like(refresh('error', $first), qr/was interrupted.*2000 customers/s, 'another session takes over all the same');
is(stored('error'), $after_first, 'and completes it');
leave($blocker);
my $slow = session();
ask($slow, "SET statement_timeout = '1ms'; CALL refresh_segments('error', '$second')");
my (undef, $again) = ask($slow, "SET statement_timeout = 0; CALL refresh_segments('error', '$second')");
like($again, qr/2000 customers/, 'the same session can run again after an error of its own');
leave($_) for $slow, $runner;

# --- the instant between two transactions of a run -----------------------------------------------------
# The test takes the lock of the refresh at the moment when the run goes from one batch to the next.
($blocker, $runner, $pid) = start_and_stop_in_the_middle('race', $first);
my $rival = session();
my $rival_pid = ask($rival, 'SELECT pg_backend_pid()');
my $key = "_refresh_key('race')";
send_sql($rival, "SELECT pg_advisory_lock($key)");
$node->poll_query_until(
    'erp',
    "SELECT count(*) = 1 FROM _refresh_locks('race') WHERE NOT granted AND pid = $rival_pid");
ask($blocker, 'ROLLBACK');
answer($rival);
$node->poll_query_until('erp', "SELECT count(*) = 1 FROM _refresh_locks('race') WHERE NOT granted AND pid = $pid");
(undef, $error) = ask($rival, q{SELECT _take_over_refresh('race')});
like(
    $error,
    qr/a refresh of source "race" is running.*Process $pid /s,
    'who finds the lock free in that instant sees that the run lives');
(undef, $error) = ask($rival, q{UPDATE refresh_runs SET phase = 'interrupted' WHERE source = 'race'}) ;
ask($rival, "SELECT pg_advisory_unlock($key)");
(undef, $error) = answer($runner);
like($error, qr/ERROR:  another refresh has taken over from this one/, 'a run that was taken over stops');
like(refresh('race', $first), qr/2000 customers/, 'and another completes it');
is(stored('race'), $after_first, 'to the same end');
like(
    (ask($rival, "SELECT pg_advisory_xact_lock($key); BEGIN; SELECT pg_advisory_xact_lock($key)"))[1],
    qr/^$/, 'the lock is held');
(undef, undef, $error) = $node->psql('erp', q{SELECT unregister_source('race')});
like($error, qr/a refresh of source "race" is running/, 'a source is not unregistered while it is refreshed');
leave($_) for $rival, $runner, $blocker;
ok($node->poll_query_until('erp', "SELECT count(*) = 0 FROM pg_locks WHERE locktype = 'advisory'"), 'no lock is left');

# Two sources whose names have the same hash of 32 bits are two all the same.
my ($one, $other) = split / /, value(q{
    SELECT string_agg(n, ' ' ORDER BY n)
    FROM (SELECT 'source' || i AS n FROM generate_series(1, 300000) AS i) AS s
    GROUP BY hashtext(n)
    HAVING count(*) > 1
    ORDER BY 1
    LIMIT 1});
ok($other, "$one and $other");
$rival = session();
ask($rival, "BEGIN; SELECT _take_refresh_lock('$one')");
unlike(
    ($node->psql('erp', qq{SELECT unregister_source('$one')}))[2],
    qr/there is no source/, 'the refresh of one runs');
like(
    ($node->psql('erp', qq{SELECT unregister_source('$other')}))[2],
    qr/there is no source "$other"/, 'that of the other does not');
leave($rival);

# --- notifications -------------------------------------------------------------------------------------
refresh('notify', $first);
my $listener = session();
ask($listener, 'LISTEN receivables_segment_changed');
later();
($blocker, $runner, $pid) = start_and_stop_in_the_middle('notify', $second);
my @notified = payloads(scalar ask($listener, 'SELECT 1'));
is(sum(map { $_->{changes} } @notified), value(q{SELECT count(*) FROM segment_changes WHERE source = 'notify'}),
    'the changes of each batch are notified when it is committed');
cmp_ok(scalar @notified, '>', 1, 'batch by batch');
ask($blocker, 'ROLLBACK');
answer($runner);
push @notified, payloads(scalar ask($listener, 'SELECT 1'));
is(
    sum(map {$_->{changes}} @notified),
    value(q{SELECT changes FROM refresh_progress WHERE source = 'notify'}),
    'all of them in the end');
is(stored('notify'), $after_second, 'after a run that had to wait');
is(
    join(' ', sort map {"$_->{source} $_->{as_of}"} @notified),
    join(' ', ("notify $second") x @notified), 'with source and day');
my $inside = join ' OR ', map { "change_id BETWEEN $_->{first_change_id} AND $_->{last_change_id}" } @notified;
is(
    value("SELECT count(*) FROM segment_changes WHERE source = 'notify' AND NOT ($inside)"),
    '0', 'and the numbers of the changes');
refresh('notify', $second);
is(scalar payloads(scalar ask($listener, 'SELECT 1')), 0, 'nothing to tell the second time');
leave($_) for $listener, $runner, $blocker;

sub payloads {
    my ($text) = @_;
    my @found = $text =~ /Asynchronous notification "receivables_segment_changed" with payload "(.*?)" received/g;
    return map { JSON::PP::decode_json($_) } @found;
}
sub sum { my $total = 0; $total += $_ for @_; return $total; }

$node->stop;
done_testing();
