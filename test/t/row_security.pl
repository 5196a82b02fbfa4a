# Row-level security of a source holds in everything learnt from it: what a role that sees some of the rows gets from
# each function is what it would get from a source of just these rows, whatever the others are.
use strict;
use warnings;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $day = '2025-11-15';
my $node = PostgreSQL::Test::Cluster->new('main');
$node->init;
$node->start;
$node->safe_psql('postgres', join(';', map { "CREATE ROLE $_ LOGIN" } qw(dba reporter north clerk)));
$node->safe_psql('postgres', 'CREATE ROLE auditor LOGIN BYPASSRLS; CREATE DATABASE erp OWNER dba');

sub as {
    my ($user, $sql) = @_;
    my ($status, $out, $err) = $node->psql('erp', "SET search_path = public, receivables; $sql",
        extra_params => [ '-U', $user, '-v', 'VERBOSITY=verbose' ]);
    return $status ? $err : $out;
}
sub notices {
    my ($user, $sql) = @_;
    my ($status, $out, $err) = $node->psql('erp', "SET search_path = public, receivables; $sql", extra_params => [ '-U', $user ]);
    return scalar(() = $err =~ /NOTICE/g);
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
        SELECT CASE WHEN n % 5 < 2 THEN 'north' ELSE 'south' END AS branch, 'C' || n % 97 AS customer_id, n AS invoice_id,
            d AS invoice_date, d + 30 AS due_date,
            CASE WHEN n % 7 > 0 AND d < '2025-10-20' THEN d + 30 + CASE WHEN n % 5 < 2 THEN n % 97 % 40 + n % 3 ELSE n % 4 END END AS paid_date,
            (n % 977 + 30.5)::numeric(12, 2) AS amount, n % 5 >= 2 AND n % 97 % 3 = 0 AS disputed,
            CASE WHEN n % 97 % 2 = 0 THEN jsonb_build_object('credit_limit', 100 * (n % 97), 'insured_amount', 4000) END AS attributes,
            CASE WHEN n % 83 = 0 THEN 1 END AS last_level, CASE WHEN n % 83 = 0 THEN d + 40 END AS last_reminder_date,
            CASE WHEN n % 71 = 0 THEN date '2025-11-30' END AS promised_date
        FROM generate_series(1, 6000) AS n, LATERAL (SELECT date '2023-10-01' + (n * 37) % 760 AS d) AS x;
    ALTER TABLE invoice ADD open_amount numeric;
    UPDATE invoice SET open_amount = CASE WHEN paid_date IS NULL THEN amount ELSE 0 END;
    ALTER TABLE invoice ADD PRIMARY KEY (invoice_id);
    CREATE VIEW receivable WITH (security_invoker = true) AS SELECT * FROM invoice;
    CREATE VIEW nested WITH (security_invoker = true) AS SELECT r.* FROM receivable AS r;
    CREATE TABLE north_only AS SELECT * FROM invoice WHERE branch = 'north';
    INSERT INTO segment_policies VALUES ('ours', '[{"segment": "indebted", "when": "overdue_amount > 3000"},
        {"segment": "even", "when": "attribute.insured_amount = 4000 and late_share(3) < 0.5"},
        {"segment": "late", "when": "mean_days_late > 12", "stay": "mean_days_late > 2"}, {"segment": "other"}]');
    INSERT INTO dunning_policies VALUES ('ours', '{"steps": [{"level": 1, "after_days": 1}, {"level": 2, "after_days": 7, "from": "previous_reminder"}],
        "wait": {"within_days": 10, "min_share": 0.4, "until_days": 30}, "min_interval_days": 3,
        "start": {"older_than_days": 60, "status": "review"}}');
    ALTER TABLE invoice ENABLE ROW LEVEL SECURITY;
    CREATE POLICY branch ON invoice USING (branch = current_user);
    SELECT register_source('real ' || p, CASE p WHEN 'none' THEN 'invoice' WHEN 'segment' THEN 'receivable' ELSE 'nested' END::regclass,
            'ours', 'ours', minimum_stay_days => 5, prior => p),
        register_source('only ' || p, 'north_only', 'ours', 'ours', prior => p)
    FROM unnest('{none,segment,portfolio}'::text[]) AS p}), "|\n|\n|", 'sources with each prior');
my @priors = qw(none segment portfolio);
for my $prior (@priors) {
    like(refresh('dba', "real $prior", '2025-10-01'), qr/97 customers/, "refreshed: $prior");
    unlike(refresh('dba', "real $prior", $day), qr/may not see all| 0 changes/, 'by who sees everything; some have moved');
    like(refresh('dba', "only $prior", $day), qr/97 customers/, 'and the rows of the north alone');
}
my $log = q{INSERT INTO reminders (source, customer_id, invoice_id, level, reminder_date, notice, amount)
    SELECT '%s ' || p, customer_id, invoice_id, 1 + invoice_id %% 2, due_date + invoice_id %% 9, invoice_id %% 50 = 0, amount
    FROM %s, unnest('{none,segment,portfolio}'::text[]) AS p WHERE invoice_id %% 6 = 1 AND due_date < '2025-11-01'};
as('dba', sprintf($log, 'real', 'invoice'));
as('dba', sprintf($log, 'only', 'north_only'));

# --- the documented grants ----------------------------------------------------------------------------------------
my $tables = 'sources, segment_policies, dunning_policies, business_calendars, refresh_runs, refresh_progress';
my $views = 'visible_customer_segments, visible_segment_changes, visible_segment_profiles, visible_reminders, visible_source_reminders';
is(as('dba', qq{
    GRANT USAGE ON SCHEMA receivables TO reporter, north, auditor, clerk;
    GRANT SELECT ON $tables, $views TO reporter, north, auditor, clerk;
    GRANT SELECT ON invoice, receivable, nested, north_only TO reporter, north, auditor}), '', 'the grants of a reporter');
my @raw = qw(customer_segments segment_changes segment_profiles reminders);
my $denied = qr/ERROR:  42501: permission denied/;
like(as('north', "SELECT count(*) FROM $_"), $denied, "a reporter does not read $_") for @raw, 'source_visibility';

# --- what each role gets ------------------------------------------------------------------------------------------
my @reports = ("plan_reminders(SOURCE, '$day')", "plan_reminders(SOURCE, '$day', 60)", "plan_letters(SOURCE, '$day')",
    "invoices_to_review(SOURCE, '$day')", "customers_to_watch(SOURCE, '$day')", "credit_hold_candidates(SOURCE, '$day', 0.3, 2)",
    '(SELECT customer_id, invoice_id, level, reminder_date, notice, channel, recorded_by FROM visible_reminders WHERE source = SOURCE)',
    "(SELECT invoice_id, level, reminder_date FROM visible_reminders WHERE source = SOURCE AND customer_id IN ('C3', 'C4'))");
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
        is($mine, report('dba', $report, "only $prior"), "prior $prior: some rows are as if there were no others: $report");
        cmp_ok(scalar(split /\n/, $mine), '>', 3, 'and that is something');
        isnt($mine, $all, 'and not what all rows give');
        is(report('auditor', $report, "real $prior"), $all, 'BYPASSRLS sees all');
        is(report('reporter', $report, "real $prior"), '', 'who sees no row gets nothing');
        like(report('clerk', $report, "real $prior"), $denied, 'who may not read the source gets an error') if $report !~ /visible_/;
        is(report('clerk', $report, "real $prior"), '', 'or nothing') if $report =~ /visible_/;
        is(report('reporter', $report, "only $prior"), report('dba', $report, "only $prior"), 'who may read all of another sees all of it');
    }
}
like($before{'none plan_reminders(SOURCE, \'' . $day . '\')'}, qr/\blate\b/, 'there are segments in it');
like(report('dba', $reports[4], 'real none'), qr/moved from/, 'moves are told to who sees all');
unlike($before{"none $reports[4]"}, qr/moved from/, 'and not to others');
isnt($before{"none $reports[0]"}, $before{"$_ $reports[0]"}, "prior $_ makes a difference to who sees some rows") for qw(segment portfolio);

# An invoice may have rows that he does not see, and be reminded of with them.
is(as('north', q{SELECT count(*) > 0 AND count(amount) = 0 FROM visible_reminders WHERE source = 'real none'}), 't', 'who sees some rows reads no amounts of reminders');
is(as('auditor', q{SELECT count(*) = count(amount) FROM visible_reminders WHERE source = 'real none'}), 't', 'who sees all reads them');

# --- the views ----------------------------------------------------------------------------------------------------
my $sources = q{SELECT string_agg(DISTINCT source, ',' ORDER BY source) FROM %s};
my ($every, $only) = ('only none,only portfolio,only segment,real none,real portfolio,real segment', 'only none,only portfolio,only segment');
my %table = (visible_customer_segments => 'customer_segments', visible_segment_profiles => 'segment_profiles', visible_source_reminders => 'reminders');
for my $view (sort keys %table) {
    is(as('dba', sprintf($sources, $view)), $every, "$view: the owner sees all sources");
    is(as('auditor', "SELECT count(*) FROM $view"), as('dba', "SELECT count(*) FROM $table{$view}"), 'BYPASSRLS every row');
    is(as($_, sprintf($sources, $view)), $only, "$_ those that are seen whole") for qw(north reporter);
    is(as('clerk', sprintf($sources, $view)), '', 'who may read none sees none');
}
cmp_ok(as('auditor', 'SELECT count(*) FROM visible_segment_changes'), '>', 0, 'changes are shown');
is(as('north', 'SELECT count(*) FROM visible_segment_changes'), 0, 'but not to who sees some rows');
is(as('north', sprintf($sources, 'visible_reminders')), $every, 'reminders of visible invoices are shown');
is(as('north', q{SELECT count(*) FROM visible_reminders WHERE source LIKE 'real %'}),
    as('dba', q{SELECT count(*) FROM reminders AS r JOIN invoice AS i ON i.invoice_id::text = r.invoice_id
        WHERE r.source LIKE 'real %' AND i.branch = 'north'}), 'all of them, and no others');

# A cheap function in a condition could print what it is given. The same view without its barrier shows that it would.
as('dba', q{CREATE SCHEMA own; GRANT CREATE, USAGE ON SCHEMA own TO north;
    CREATE VIEW open_segments AS SELECT * FROM receivables.customer_segments WHERE source IN (SELECT name FROM receivables.source_visibility WHERE is_whole);
    GRANT SELECT ON open_segments, visible_invoice_reminders TO north});
is(as('north', q{CREATE FUNCTION own.leak(source text, what text) RETURNS boolean LANGUAGE plpgsql COST 0.0000001
    AS $$ BEGIN IF source LIKE 'real %' THEN RAISE NOTICE '% %', source, what; END IF; RETURN true; END $$}), '', 'a cheap function that tells what it is given');
cmp_ok(notices('north', 'SELECT count(*) FROM open_segments WHERE own.leak(source, customer_id)'), '>', 90, 'without a barrier it leaks');
is(notices('north', "SELECT count(*) FROM $_ WHERE own.leak(source, customer_id)"), 0, "$_ does not")
    for qw(visible_customer_segments visible_segment_changes visible_source_reminders);
is(notices('north', 'SELECT count(*) FROM visible_segment_profiles WHERE own.leak(source, segment)'), 0, 'visible_segment_profiles does not');
is(notices('north', qq{SELECT count(*) FROM $_ WHERE own.leak(source, customer_id) AND source = 'real none'}),
    as('north', q{SELECT count(*) FROM visible_reminders WHERE source = 'real none'}), "$_ only what it shows")
    for qw(visible_reminders visible_invoice_reminders);
is(notices('north', q{SELECT count(*) FROM invoice AS i JOIN visible_customer_segments AS c ON own.leak(c.source, c.customer_id)
        WHERE c.source = 'real none' AND c.customer_id = 'C3'}), 0, 'nor in a join');

# --- what is invisible may become anything ------------------------------------------------------------------------
my @changes = (
    [ 'amounts',  q{UPDATE invoice SET amount = amount * 17, open_amount = open_amount * 17 WHERE branch = 'south'} ],
    [ 'disputes', q{UPDATE invoice SET disputed = NOT disputed WHERE branch = 'south'} ],
    [ 'payments', q{UPDATE invoice SET paid_date = CASE WHEN paid_date IS NULL THEN due_date + 90 END, open_amount = CASE WHEN paid_date IS NULL THEN 0 ELSE amount END WHERE branch = 'south'} ],
    [ 'attributes and reminders', q{UPDATE invoice SET attributes = '{"credit_limit": 1, "insured_amount": 1}', last_level = 2, last_reminder_date = '2025-11-14',
        promised_date = '2026-01-01' WHERE branch = 'south';
        UPDATE reminders AS r SET level = 5, reminder_date = '2025-11-14', notice = false FROM invoice AS i WHERE i.branch = 'south' AND i.invoice_id::text = r.invoice_id} ],
    [ 'existence', q{DELETE FROM invoice WHERE branch = 'south' AND invoice_id % 2 = 0} ],
    [ 'everything', q{DELETE FROM invoice WHERE branch = 'south'} ]);
sub changed {
    return join ', ', grep { my ($prior, $report) = split / /, $_, 2; report('north', $report, "real $prior") ne $before{$_} } sort keys %before;
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
as('dba', q{UPDATE invoice SET amount = amount + 1 WHERE invoice_id = 5 OR branch = 'north' AND paid_date IS NULL});
cmp_ok(scalar(split /, /, changed()), '>', 10, 'and what is visible is seen');

# --- whoever runs a refresh without seeing all rows is told ---------------------------------------------------------
is(as('dba', q{GRANT SELECT, INSERT, UPDATE, DELETE ON customer_segments, segment_changes, segment_profiles, refresh_runs TO north;
    GRANT SELECT, INSERT (source, customer_id, invoice_id, level, reminder_date, notice, channel, amount) ON reminders TO north;
    SELECT register_source('north', 'receivable')}), '', 'one role a company');
like(refresh('north', 'north', $day), qr/NOTICE:  source "north": role "north" may not see all rows\nDETAIL: .*\nNOTICE:  source "north" as of $day: 97 customers/,
    'it may, and is told');
my $planned = as('north', "SELECT count(*) FROM plan_letters('north', '$day')");
is(as('north', "SELECT count(*) FROM record_letters('north', '$day')"), $planned, 'it records what it planned');
is(as('north', "SELECT count(*) > 0, (SELECT count(*) FROM plan_letters('north', '$day')) FROM visible_reminders WHERE source = 'north'"), 't|0', 'and knows it');
like(refresh('north', 'only none', $day), qr/^NOTICE:  source "only none" as of/, 'who sees all is not');
as('dba', 'ALTER TABLE invoice FORCE ROW LEVEL SECURITY');
like(refresh('dba', 'real none', $day), qr/role "dba" may not see all rows/, 'nor does the owner when row-level security is forced');
is(as('dba', "SELECT count(*) FROM plan_reminders('real none', '$day')"), 0, 'who then plans what he sees');
as('dba', 'ALTER TABLE invoice NO FORCE ROW LEVEL SECURITY');

# --- a view that asks who reads it ----------------------------------------------------------------------------------
is(as('dba', q{CREATE VIEW asking AS SELECT * FROM invoice WHERE branch = current_user OR current_user = 'dba';
    GRANT SELECT ON asking TO north, auditor; SELECT register_source('asking', 'asking', 'ours', 'ours')}), '', 'a source that asks');
refresh('dba', 'asking', $day);
as('dba', q{INSERT INTO reminders (source, customer_id, invoice_id, level, reminder_date) SELECT 'asking', customer_id, invoice_id, level, reminder_date FROM reminders WHERE source = 'real none'});
is(report('north', $_, 'asking'), report('north', $_, 'real none'), "filters as row-level security would: $_") for @reports[0 .. 5];
is(as('auditor', q{SELECT count(*) FROM visible_customer_segments WHERE source = 'asking'}), 0, 'and shows nobody the segments of all');

# --- a view that reads as its owner, one a company --------------------------------------------------------------------
as('dba', q{CREATE VIEW company AS SELECT * FROM invoice WHERE branch = 'north'; CREATE VIEW company_of_view AS SELECT * FROM receivable WHERE branch = 'north';
    GRANT SELECT ON company, company_of_view TO north; SELECT register_source('company', 'company', 'ours', 'ours'), register_source('of view', 'company_of_view', 'ours', 'ours')});
refresh('dba', $_, $day) for 'company', 'of view';
is(as('north', q{SELECT count(*) FROM visible_customer_segments WHERE source = 'company'}), 97, 'who may read it sees it whole');
is(as('reporter', q{SELECT count(*) FROM visible_customer_segments WHERE source = 'company'}), 0, 'who may not sees nothing');
is(as('north', q{SELECT count(*) FROM visible_customer_segments WHERE source = 'of view'}), 0, 'below security_invoker it is the caller again');
cmp_ok(as('north', qq{SELECT count(*) FROM plan_reminders('of view', '$day')}), '>', 10, 'who gets a plan of his rows');

# --- bad values are named as they are in a plan ----------------------------------------------------------------------
as('dba', q{UPDATE invoice SET due_date = 'infinity' WHERE invoice_id = 6});
like(report('north', $_, 'real none'), qr/22008: .*\n?DETAIL:  Invoice "6" of customer "C6"/, "an infinite date is blamed: $_") for @reports[0, 2 .. 5];
as('dba', q{UPDATE invoice SET due_date = '2025-01-01', attributes = '[]' WHERE invoice_id = 6});
unlike(report('north', $_, 'real none'), qr/ERROR/, "attributes that are no object are none: $_") for @reports[0 .. 5];

$node->stop;
done_testing();
