# Public holidays from QuantLib, and what is said where it is not there.
use strict;
use warnings;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = PostgreSQL::Test::Cluster->new('main');
$node->init;
$node->start;
$node->safe_psql('postgres', q{
    CREATE SCHEMA receivables;
    CREATE EXTENSION receivables SCHEMA receivables;
    ALTER DATABASE postgres SET search_path = receivables, public;
});
my $library = `pg_config --pkglibdir`;
chomp $library;
$library .= '/receivables_quantlib.so';
my $installed = -e $library;

# The result of a query, or its SQLSTATE and what was said.
sub answer {
    my ($query) = @_;
    my ($status, $out, $err) =
        $node->psql('postgres', $query, extra_params => [ '-v', 'VERBOSITY=verbose' ]);
    return $status ? $err : $out;
}

sub is_missing {
    my ($why) = @_;
    for my $call ('public_holidays(\'TARGET\', \'2026-01-01\', \'2026-12-31\')', 'holiday_calendars()') {
        my $said = answer("SELECT * FROM $call");
        like($said, qr/^.*ERROR:  0A000: public holidays are not available/, "$why: $call is an error");
        like($said, qr/HINT:  Install QuantLib \(on Debian and Ubuntu libquantlib0-dev/, 'which says what to install');
    }
    is(
        answer(q{SELECT roll_date('{"holidays": ["2026-12-25"]}', '2026-12-25')}),
        '2026-12-28', 'everything else works');
}

# Without QuantLib: its library is one that cannot be loaded.
if ($installed) {
    my $broken = PostgreSQL::Test::Utils::tempdir();
    append_to_file("$broken/libQuantLib.so.0", 'no library');
    $node->stop;
    {
        local $ENV{LD_LIBRARY_PATH} = $broken;
        $node->start;
        is_missing('a broken QuantLib');
        $node->stop;
    }
    $node->start;
} else {
    is_missing('no QuantLib');
}

SKIP: {
    skip 'receivables is built without QuantLib: public holidays are NOT tested', 1 unless $installed;

    is(
        answer(q{
            SELECT string_agg(to_char(holiday, 'MM-DD'), ' ')
            FROM public_holidays('TARGET', '2024-01-01', '2024-12-31')}),
        '01-01 03-29 04-01 05-01 12-25 12-26',
        'the closing days of the European payment system in 2024');
    is(
        answer(q{
            SELECT string_agg(to_char(holiday, 'MM-DD'), ' ')
            FROM public_holidays('UnitedStates', '2026-01-01', '2026-12-31')}),
        '01-01 01-19 02-16 05-25 06-19 07-03 09-07 10-12 11-11 11-26 12-25',
        'the federal holidays of 2026');
    is(
        answer(q{
            SELECT bool_and(is_business_day(c, a) AND roll_date(c, d) = a)
            FROM (
                SELECT make_business_calendar(holiday) AS c
                FROM public_holidays('UnitedKingdom', '2024-01-01', '2025-12-31')
            ) t,
                (VALUES
                    (date '2024-12-21', date '2024-12-23'), ('2024-12-25', '2024-12-27'),
                    ('2024-12-28', '2024-12-30'), ('2025-01-01', '2025-01-02'),
                    ('2025-04-18', '2025-04-22')) v(d, a)}),
        't',
        'next business days around Christmas and Easter');

    # both ends count
    is(
        answer(q{
            SELECT string_agg(holiday::text, ' ')
            FROM public_holidays('TARGET', '2026-12-25', '2026-12-25')}),
        '2026-12-25', 'one day');
    is(answer(q{SELECT string_agg(holiday::text, ' ') FROM public_holidays('TARGET', '2026-04-03', '2026-12-25')}),
        '2026-04-03 2026-04-06 2026-05-01 2026-12-25', 'both ends count');
    is(answer(q{SELECT count(*) FROM public_holidays('TARGET', '2026-12-26', '2026-12-25')}), '0', 'reversed');
    is(answer(q{SELECT count(*) FROM public_holidays(NULL, '2026-12-25', '2026-12-25')}), '0', 'no name');
    is(answer(q{SELECT count(*) FROM public_holidays('TARGET', NULL, '2026-12-25')}), '0', 'no from_date');
    is(answer(q{SELECT count(*) FROM public_holidays('TARGET', '2026-12-25', NULL)}), '0', 'no to_date');
    is(
        answer(q{
            SELECT min(holiday), max(holiday), count(*) = count(DISTINCT holiday)
            FROM public_holidays('France', '1901-01-01', '2199-12-31')}),
        '1901-01-01|2199-12-25|t', 'as far as QuantLib goes');
    is(
        answer(q{
            SELECT array_agg(h) = array_agg(h ORDER BY h)
            FROM public_holidays('Japan', '1901-01-01', '2199-12-31') h}),
        't', 'ascending');
    is(
        answer(q{
            SELECT count(*)
            FROM generate_series(1901, 2198) y,
                public_holidays('Japan', make_date(y, 3, 2), make_date(y + 1, 3, 1))}),
        answer(q{SELECT count(*) FROM public_holidays('Japan', '1901-03-02', '2199-03-01')}),
        'ranges add up');
    is(
        answer(q{SELECT public_holidays('TARGET', '2026-12-25', '2026-12-31') LIMIT 1}),
        '2026-12-25', 'in the select list');

    # weekends
    is(answer(q{SELECT string_agg(name || ' ' || weekend::text, ', ' ORDER BY name COLLATE "C")
                FROM holiday_calendars() WHERE weekend <> '{6,7}' AND name NOT LIKE '%/%'}),
        'Israel {5,6}, NullCalendar {}, SaudiArabia {5}', 'the countries with another weekend');
    is(
        answer(q{
            SELECT count(*) > 60,
                count(*) = count(DISTINCT name),
                bool_and(description <> ''),
                bool_and(weekend IS NOT NULL)
            FROM holiday_calendars()}),
        't|t|t|t', 'the list');
    is(
        answer(q{
            SELECT bool_and((SELECT count(*) FROM public_holidays(name, '2019-01-01', '2020-12-31'))
                >= 0)
            FROM holiday_calendars()}),
        't', 'every name is known');
    is(
        answer(q{
            SELECT string_agg(DISTINCT extract(isodow FROM holiday)::text, '')
            FROM public_holidays('Israel', '2013-01-01', '2044-12-31')}),
        '12347',
        'no holiday on Friday and Saturday in Israel');
    is(
        answer(q{
            SELECT is_business_day(c, '2013-06-27'),
                is_business_day(c, '2013-06-29'),
                is_business_day(c, '2013-07-04'),
                is_business_day(c, '2013-07-06'),
                is_business_day(c, '2013-07-05')
            FROM (
                SELECT make_business_calendar(holiday, weekend) AS c
                FROM holiday_calendars(), public_holidays(name, '2013-01-01', '2013-12-31')
                WHERE name = 'SaudiArabia'
                GROUP BY weekend
            ) t}),
        'f|f|t|f|f',
        'in 2013 Saudi Arabia moved its weekend from Thursday and Friday to Friday and Saturday');

    # errors
    like(
        answer(q{SELECT public_holidays('germany', '2026-01-01', '2026-12-31')}),
        qr{
            ERROR: \s+ 22023: \s QuantLib \s \S+ \s has \s no \s calendar \s "germany"\n
            HINT: \s+ Perhaps \s you \s meant \s "Germany"\. \s SELECT \s name \s FROM \s holiday_calendars\(\)
        }x,
        'an unknown name');
    like(
        answer(q{SELECT public_holidays('Unitedstates/nyse', '2026-01-01', '2026-12-31')}),
        qr/22023.*\nHINT:  Perhaps you meant "UnitedStates\/NYSE"/,
        'another');
    like(
        answer(q{SELECT public_holidays('Netherlands', '2026-01-01', '2026-12-31')}),
        qr/22023.*\nHINT:  SELECT name FROM/, 'one with nothing near');
    like(substr(answer(q{SELECT public_holidays(repeat('Ä', 100000), '2026-01-01', '2026-12-31')}), 0, 200),
        qr/22023: QuantLib \S+ has no calendar "(Ä){32}"\n/, 'a long one is shown in part');
    like(answer(q{SELECT public_holidays('', '2026-01-01', '2026-12-31')}), qr/22023/, 'an empty one');
    like(
        answer(q{SELECT public_holidays('TARGET', '1900-12-31', '2026-12-31')}),
        qr{
            22008: \s from_date \s 1900-12-31 \s is \s outside \s the \s calendars \s of \s QuantLib \s \S+\n
            DETAIL: \s+ They \s reach \s from \s 1901-01-01 \s to \s 2199-12-31
        }x,
        'before 1901');
    like(
        answer(q{SELECT public_holidays('TARGET', '2026-01-01', '2200-01-01')}),
        qr/22008: to_date 2200-01-01/, 'after 2199');
    like(
        answer(q{SELECT public_holidays('TARGET', '2200-01-01', '2026-01-01')}),
        qr/22008: from_date 2200-01-01/, 'reversed and after 2199');
    like(
        answer(q{SELECT public_holidays('TARGET', '-infinity', '2026-01-01')}),
        qr/22008: from_date must be a finite date, not -infinity/,
        'infinite');
    like(
        answer(q{SELECT public_holidays('TARGET', '2026-01-01', 'infinity')}),
        qr/22008: to_date must be a finite date, not infinity/,
        'infinite');
    like(
        answer(q{SELECT public_holidays('TARGET', '5874897-12-31', '5874897-12-31')}),
        qr/22008: from_date 5874897-12-31/, 'the end of type date');
    like(
        answer(q{SELECT public_holidays('Russia/MOEX', '2011-06-01', '2012-06-01')}),
        qr/22008: calendar "Russia\/MOEX" does not know the year of 2011-06-01\nDETAIL:  QuantLib/,
        'a year that the calendar leaves out');
    is(
        answer(q{
            SELECT count(*) > 0 FROM public_holidays('Russia/MOEX', '2012-01-01', '2012-12-31')}),
        't', 'the next year');

    # in a parallel worker
    my $counted = q{SELECT count(*) FROM public_holidays('TARGET', '1901-01-01', '2199-12-31')};
    my $in_worker = q{DO $$ BEGIN
        PERFORM set_config(name, 'on', false)
        FROM pg_settings
        WHERE name IN ('force_parallel_mode', 'debug_parallel_query');
    END $$;};
    like(answer("$in_worker EXPLAIN $counted"), qr/Gather.*Single Copy: true/s, 'a plan for a parallel worker');
    is(answer("$in_worker $counted"), answer($counted), 'gives the same');
}

$node->stop;
done_testing();
