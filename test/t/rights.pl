# Rights are given by GRANT. Who may read what was learnt reads it; who may not gets profiles, segments and plans worked
# out from the rows that he sees, as from a source of just these rows, whatever the others are; who may not read what
# was sent gets an error, and who does not see a customer has an unknown one. A standby answers all of it.
use strict;
use warnings;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $day = '2025-11-15';
my $node = PostgreSQL::Test::Cluster->new('main');
$node->init(allows_streaming => 1);
$node->start;
$node->safe_psql('postgres', join(';', map { "CREATE ROLE $_ LOGIN" } qw(dba reporter north clerk unlogged columns)));
$node->safe_psql('postgres', 'CREATE ROLE auditor LOGIN BYPASSRLS; CREATE DATABASE erp OWNER dba');

sub as {
    my ($user, $sql) = @_;
    my ($status, $out, $err) = $node->psql('erp', "SET search_path = public, receivables; $sql",
        extra_params => [ '-U', $user, '-v', 'VERBOSITY=verbose' ]);
    return $status ? $err : $out;
}
sub refresh {
    my ($user, $source, $as_of) = @_;
    my $err;
    IPC::Run::run([ 'psql', '-XAtq', '-U', $user, '-d', $node->connstr('erp'),
        '-c', "CALL receivables.refresh_segments('$source', '$as_of')" ], '2>', \$err);
    return $err;
}

# --- a source of two branches, and one that has the rows of one of them only --------------------------------------
# In the north everybody pays late, in the south promptly and with disputes: whoever takes the south into account
# comes to other segments, other dates, other reasons.
is(as('dba', q{
    CREATE SCHEMA receivables;
    CREATE EXTENSION receivables SCHEMA receivables;
    CREATE TABLE invoice AS
    SELECT CASE WHEN n % 5 < 2 THEN 'north' ELSE 'south' END AS branch,
        'C' || n % 97 AS customer_id,
        n AS invoice_id,
        d AS invoice_date,
        d + 30 AS due_date,
        CASE
            WHEN n % 7 > 0 AND d < '2025-10-20'
                THEN d + 30 + CASE
                    WHEN n % 5 < 2 THEN n % 97 % 40 + n % 3
                    ELSE n % 4
                END
        END AS paid_date,
        (n % 977 + 30.5)::numeric(12, 2) AS amount,
        n % 5 >= 2 AND n % 97 % 3 = 0 AS disputed,
        CASE
            WHEN n % 97 % 2 = 0
                THEN jsonb_build_object(
                    'credit_limit', 100 * (n % 97), 'insured_amount', 4000)
        END AS attributes,
        CASE WHEN n % 83 = 0 THEN 1 END AS last_level,
        CASE WHEN n % 83 = 0 THEN d + 40 END AS last_reminder_date,
        CASE WHEN n % 71 = 0 THEN date '2025-11-30' END AS promised_date
    FROM generate_series(1, 6000) AS n,
        LATERAL (SELECT date '2023-10-01' + (n * 37) % 760 AS d) AS x;
    ALTER TABLE invoice ADD open_amount numeric;
    UPDATE invoice SET open_amount = CASE WHEN paid_date IS NULL THEN amount ELSE 0 END;
    ALTER TABLE invoice ADD PRIMARY KEY (invoice_id);
    CREATE VIEW receivable WITH (security_invoker = true) AS SELECT * FROM invoice;
    CREATE VIEW nested WITH (security_invoker = true) AS SELECT r.* FROM receivable AS r;
    CREATE TABLE north_only AS SELECT * FROM invoice WHERE branch = 'north';
    INSERT INTO segment_policies VALUES ('ours', '[{"segment": "indebted", "when": "overdue_amount > 3000"},
        {"segment": "even", "when": "attribute.insured_amount = 4000 and late_share(3) < 0.5"},
        {"segment": "late", "when": "mean_days_late > 12", "stay": "mean_days_late > 2"}, {"segment": "other"}]');
    INSERT INTO dunning_policies VALUES
        (
            'ours',
            '{"steps": [{"level": 1, "after_days": 1},
                        {"level": 2, "after_days": 7, "from": "previous_reminder"}],
              "wait": {"within_days": 10, "min_share": 0.4, "until_days": 30},
              "min_interval_days": 3,
              "start": {"older_than_days": 60, "status": "review"}}');
    ALTER TABLE invoice ENABLE ROW LEVEL SECURITY;
    CREATE POLICY branch ON invoice USING (branch = current_user);
    SELECT register_source(
            'real ' || p,
            CASE p
                WHEN 'none' THEN 'invoice'
                WHEN 'segment' THEN 'receivable'
                ELSE 'nested'
            END::regclass,
            'ours', 'ours', minimum_stay_days => 5, prior => p),
        register_source('only ' || p, 'north_only', 'ours', 'ours', prior => p)
    FROM unnest('{none,segment,portfolio}'::text[]) AS p}), "|\n|\n|", 'sources with each prior');
my @priors = qw(none segment portfolio);
for my $prior (@priors) {
    like(refresh('dba', "real $prior", '2025-10-01'), qr/97 customers/, "refreshed: $prior");
    unlike(refresh('dba', "real $prior", $day), qr/ 0 changes/, 'some have moved');
    like(refresh('dba', "only $prior", $day), qr/97 customers/, 'and the rows of the north alone');
}
# What was sent: the log is read as a whole, so both sources have the same reminders, those of the north.
as(
    'dba',
    sprintf(
        q{
            INSERT INTO reminders (
                source, customer_id, invoice_id, level, reminder_date, notice, amount)
            SELECT '%s ' || p, customer_id, invoice_id, 1 + invoice_id %% 2,
                due_date + invoice_id %% 9, invoice_id %% 50 = 0, amount
            FROM north_only, unnest('{none,segment,portfolio}'::text[]) AS p
            WHERE invoice_id %% 6 = 1 AND due_date < '2025-11-01'},
        $_)) for qw(real only);

# --- the documented grants ----------------------------------------------------------------------------------------
my $settings = 'sources, segment_policies, dunning_policies, business_calendars, refresh_runs, refresh_progress';
my $learnt = 'customer_segments, segment_changes, segment_profiles';
is(
    as(
        'dba',
        qq{
    GRANT USAGE ON SCHEMA receivables TO reporter, north, auditor, clerk, unlogged, columns;
    GRANT SELECT ON $settings TO reporter, north, auditor, clerk, unlogged, columns;
    GRANT SELECT ON $learnt TO reporter, auditor, unlogged;
    GRANT SELECT (source, customer_id, segment, profile, attributes) ON customer_segments TO columns;
    GRANT SELECT ON reminders, promises, review_decisions, contacts TO reporter, north, auditor, clerk, columns;
    GRANT SELECT ON invoice, receivable, nested, north_only TO reporter, north, auditor, unlogged, columns}),
    '', 'the grants');
as('dba', 'GRANT north TO columns');    # sees what north sees
my $denied = qr/ERROR:  42501: permission denied/;

# --- what each role gets ------------------------------------------------------------------------------------------
my @reports = (
    "plan_reminders(SOURCE, '$day')", "plan_reminders(SOURCE, '$day', 60)",
    "plan_letters(SOURCE, '$day')", "invoices_to_review(SOURCE, '$day')",
    "customers_to_watch(SOURCE, '$day')",
    "customers_to_watch(SOURCE, '$day', everybody => true)",
    "credit_hold_candidates(SOURCE, '$day', 0.3, 2)", "held_back(SOURCE, '$day')");
sub report {
    my ($user, $report, $source) = @_;
    (my $call = $report) =~ s/SOURCE/'$source'/g;
    return as($user, "SELECT t::text FROM $call AS t ORDER BY t::text COLLATE \"C\"");
}
my %before;
for my $prior (@priors) {
    for my $report (@reports) {
        my $mine = $before{"$prior $report"} = report('north', $report, "real $prior");
        my $all = report('dba', $report, "real $prior");
        is(
            $mine, report('dba', $report, "only $prior"),
            "prior $prior: some rows are as if there were no others: $report");
        cmp_ok(scalar(split /\n/, $mine), '>', 3, 'and that is something');
        isnt($mine, $all, 'and not what all rows give');
        is(report('auditor', $report, "real $prior"), $all, 'who sees all rows and may read what was learnt gets all');
        is(report('reporter', $report, "real $prior"), '', 'who sees no row gets nothing');
        like(report('clerk', $report, "real $prior"), $denied, 'who may not read the source gets an error');
        like(report('unlogged', $report, "real $prior"),
            qr{
                ERROR: \s+ 42501: \s permission \s denied \s for \s table \s receivables\.reminders\n
                DETAIL: .*\n
                HINT: \s+ GRANT \s SELECT \s ON \s receivables\.reminders \s TO \s unlogged;
            }x,
            'so does who may not read what was sent, with the grant as hint');
        is(
            report('reporter', $report, "only $prior"), report('dba', $report, "only $prior"),
            'who may read all of another gets all of it');
    }
}
like(report('dba', $reports[4], 'real none'), qr/moved from/, 'moves are told to who may read them');
unlike($before{"none $reports[4]"}, qr/moved from/, 'and not to others');
isnt($before{"none $reports[0]"}, $before{"$_ $reports[0]"}, "prior $_ makes a difference") for qw(segment portfolio);
is(
    report('columns', $reports[0], 'only none'), report('north', $reports[0], 'only none'),
    'a grant on some columns is none on the table');
like(as('north', "SELECT count(*) FROM $_"), $denied, "who was not granted $_ does not read it")
    for split /, /, $learnt;

# --- nor can anybody plan who does not know what was promised, decided or spoken ----------------------
for my $log (qw(promises review_decisions contacts)) {
    as('dba', "REVOKE SELECT ON $log FROM auditor");
    like(
        report('auditor', $_, 'real none'),
        qr{
            ERROR: \s+ 42501: \s permission \s denied \s for \s table \s receivables\.$log\n
            .*\n
            HINT: \s+ GRANT \s SELECT \s ON \s receivables\.$log \s TO \s auditor;
        }x,
        "without $log: $_") for @reports;
    as('dba', "GRANT SELECT ON $log TO auditor");
}

# --- the figures of a portfolio need no log, and are those of the rows that one sees --------------------------------
my @figures = ("aging_report(SOURCE, '$day')", "aging_report(SOURCE, '$day', 'segment')", "dso_report(SOURCE, '$day')",
    "ecl_report(SOURCE, '$day', least_rates => '{0.01,0.01,0.01,0.01,0.01}')",
    "(SELECT first_day, invoiced_amount, paid_amount, open_amount, median_days_late, dso
      FROM portfolio_trend(SOURCE, '2024-01-01', '$day'))");
for my $figures (@figures) {
    my $mine = report('north', $figures, 'real segment');
    is($mine, report('dba', $figures, 'only segment'), "some rows are as if there were no others: $figures");
    unlike($mine, qr/ERROR/, 'no error');
    cmp_ok(scalar(split /\n/, $mine), '>', 2, 'and that is something');
    isnt($mine, report('dba', $figures, 'real segment'), 'and not what all rows give');
    is(
        report('unlogged', $figures, 'only segment'), report('dba', $figures, 'only segment'),
        'nobody needs the log for them');
    like(report('clerk', $figures, 'real segment'), $denied, 'who may not read the source gets an error');
}
# A card of one customer, too; the log and what is learnt of a move are told to who may read them.
my $card = "(SELECT customer_name, segment, open_amount, median_days_late, card #- '{segment,since}'
    FROM customer_card(SOURCE, 'C10', '$day'))";
is(report('north', $card, 'real none'), report('dba', $card, 'only none'), 'a card has the rows that one sees');
isnt(report('north', $card, 'real none'), report('dba', $card, 'real none'), 'and no others');
like(report('unlogged', $card, 'real none'), qr/42501.*receivables\.reminders/s, 'and needs the log');
is(
    as('reporter', "SELECT count(*) FROM customer_card('real none', 'C10', '$day')"),
    0, 'who sees no row of a customer gets no card');
is(
    as('north', "SELECT card #> '{segment,since}' FROM customer_card('real none', 'C10', '$day')"),
    '',
    'nor since when it is where it is, without the right');
is(
    as(
        'dba',
        "
            SELECT card #>> '{segment,since}' IS NOT NULL
            FROM customer_card('real none', 'C10', '$day')"),
    't', 'as who may read it does');

my $letter = q{(SELECT count(l), sum((l ->> 'amount')::numeric), min(l ->> 'reason')
    FROM (SELECT DISTINCT customer_id FROM plan_letters(SOURCE, '}.$day.q{')
          ORDER BY customer_id LIMIT 5) AS p, letter_data(SOURCE, p.customer_id, '}.$day.q{') AS l)};
is(report('north', $letter, 'real none'), report('dba', $letter, 'only none'), 'a letter has the rows that one sees');
like(report('north', $letter, 'real segment'), qr/^\(\d+,[\d.]+,/, 'also where others carry its dates');
is(
    report('north', $letter, 'real segment'), report('dba', $letter, 'only segment'),
    'as from a source of just these rows');

cmp_ok(
    as(
        'dba',
        "SELECT sum(moved_customers) FROM portfolio_trend('real none', '2025-10-01', '$day')"),
    '>', 0, 'moves are counted for who may read them');
is(
    as(
        'north',
        "SELECT sum(moved_customers) FROM portfolio_trend('real none', '2025-10-01', '$day')"),
    '', 'and not for others');

# --- a customer whom a policy hides is an unknown one ---------------------------------------------------------------
my $count = as(
    'auditor',
    qq{
        SELECT count(DISTINCT customer_id),
            count(DISTINCT customer_id) FILTER (WHERE segment IS NULL)
        FROM plan_reminders('real none', '$day', 60)});
like($count, qr/^\d+\|0$/, 'every customer of the plan has a segment');
$node->safe_psql('erp', q{ALTER TABLE receivables.customer_segments ENABLE ROW LEVEL SECURITY;
    CREATE POLICY odd ON receivables.customer_segments TO reporter USING (customer_id ~ '[13579]$')});
as('dba', q{CREATE POLICY reporter ON invoice TO reporter USING (true)});
my ($customers, $unknown) = split /\|/, as(
    'reporter',
    qq{
        SELECT count(DISTINCT customer_id),
            count(DISTINCT customer_id) FILTER (WHERE segment IS NULL)
        FROM plan_reminders('real none', '$day', 60)});
cmp_ok($unknown, '>', 10, 'those of a hidden row are unknown');
is(
    as(
        'reporter',
        qq{SELECT count(*) FROM customers_to_watch('real none', '$day', everybody => true)}),
    97, 'and none is dropped');
is(
    as(
        'reporter',
        qq{
            SELECT count(*)
            FROM (
                SELECT customer_id FROM invoice
                EXCEPT SELECT customer_id FROM customers_to_watch('real none', '$day', everybody => true)
            ) AS x}),
    0, 'from any list');
$node->safe_psql('erp', 'ALTER TABLE receivables.customer_segments DISABLE ROW LEVEL SECURITY');
as('dba', 'DROP POLICY reporter ON invoice');

# --- a standby answers all of it ------------------------------------------------------------------------------------
$node->backup('copy');
my $standby = PostgreSQL::Test::Cluster->new('standby');
$standby->init_from_backup($node, 'copy', has_streaming => 1);
$standby->start;
$node->wait_for_catchup($standby);
for my $report (@reports, @figures, 'unusable_items(SOURCE)', '(SELECT * FROM refresh_progress)') {
    for my $user (qw(dba north)) {
        (my $call = $report) =~ s/SOURCE/'real segment'/g;
        my ($status, $out, $err) = $standby->psql(
            'erp',
            "SET search_path = public, receivables; SELECT t::text FROM $call AS t ORDER BY t::text COLLATE \"C\"",
            extra_params => ['-U', $user]);
        is(
            "$status$err$out",
            '0' . as($user, "SELECT t::text FROM $call AS t ORDER BY t::text COLLATE \"C\""),
            "a standby, $user: $report");
    }
}
$standby->stop;

# --- what is invisible may become anything ------------------------------------------------------------------------
my @changes = (
    [
        'amounts',
        q{
            UPDATE invoice
            SET amount = amount * 17, open_amount = open_amount * 17
            WHERE branch = 'south'}],
    ['disputes', q{UPDATE invoice SET disputed = NOT disputed WHERE branch = 'south'}],
    [
        'payments',
        q{
            UPDATE invoice
            SET paid_date = CASE WHEN paid_date IS NULL THEN due_date + 90 END,
                open_amount = CASE WHEN paid_date IS NULL THEN 0 ELSE amount END
            WHERE branch = 'south'}],
    [
        'attributes and reminders',
        q{
            UPDATE invoice
            SET attributes = '{"credit_limit": 1, "insured_amount": 1}',
                last_level = 2,
                last_reminder_date = '2025-11-14',
                promised_date = '2026-01-01'
            WHERE branch = 'south';
            UPDATE reminders AS r
            SET level = 5, reminder_date = '2025-11-14', notice = false
            FROM invoice AS i
            WHERE i.branch = 'south' AND i.invoice_id::text = r.invoice_id}],
    ['existence', q{DELETE FROM invoice WHERE branch = 'south' AND invoice_id % 2 = 0}],
    ['everything', q{DELETE FROM invoice WHERE branch = 'south'}]);
sub changed {
    return join ', ', grep {
        my ($prior, $report) = split / /, $_, 2;
        report('north', $report, "real $prior") ne $before{$_}
    } sort keys %before;
}
my $others = report('dba', $reports[4], 'real none');
for my $change (@changes) {
    my ($what, $sql) = @$change;
    as('dba', $sql);
    is(changed(), '', "invisible $what: nothing of it is seen");
    for my $prior (@priors) { refresh('dba', "real $prior", $day) }
    is(changed(), '', 'nor after a refresh');
    isnt(report('dba', $reports[4], 'real none'), $others, 'though those who see all see it');
}
as(
    'dba',
    q{
        UPDATE invoice
        SET amount = amount + 1, open_amount = open_amount + 1
        WHERE branch = 'north' AND paid_date IS NULL});
cmp_ok(scalar(split /, /, changed()), '>', 10, 'and what is visible is seen');


# --- a role that records what it sends needs no more ----------------------------------------------------------------
is(
    as(
        'dba',
        q{
            GRANT SELECT, INSERT, UPDATE, DELETE
                ON customer_segments, segment_changes, segment_profiles, refresh_runs TO north;
            GRANT INSERT (source, customer_id, invoice_id, level, reminder_date, notice, channel, amount)
                ON reminders TO north;
            SELECT register_source('north', 'receivable')}),
    '', 'one role a company');
like(refresh('north', 'north', $day), qr/source "north" as of $day: 97 customers/, 'it runs a source of its own');
my $planned = as('north', "SELECT count(*) FROM plan_letters('north', '$day')");
is(as('north', "SELECT count(*) FROM record_letters('north', '$day')"), $planned, 'it records what it planned');
is(
    as(
        'north',
        "
            SELECT count(*) > 0, (SELECT count(*) FROM plan_letters('north', '$day'))
            FROM reminders
            WHERE source = 'north'"),
    't|0', 'and knows it');

$node->stop;
done_testing();
