// Business calendars against an oracle that walks from day to day over a set of holidays.
#include "core/calendar/business_calendar.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <map>
#include <random>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "core/calendar/value.hpp"

namespace receivables {
namespace {

using bytes = std::vector<unsigned char>;

constexpr roll_convention conventions[] = {
    roll_convention::following, roll_convention::modified_following,
    roll_convention::preceding, roll_convention::modified_preceding,
    roll_convention::nearest,   roll_convention::unadjusted};

day_number date(const std::string& text) {
    day_number day = 0;
    EXPECT_TRUE(read_iso_date(text.data(), text.size(), &day)) << text;
    return day;
}

bytes make(weekday_set weekend, std::vector<day_number> days) {
    std::sort(days.begin(), days.end());
    const std::size_t count = drop_repeated_holidays(days.data(), days.size());
    bytes stored(stored_calendar_size(days.data(), count));
    write_stored_calendar(weekend, days.data(), count, stored.data());
    return stored;
}

calendar_view open(const bytes& stored) {
    calendar_view calendar;
    status s;
    EXPECT_TRUE(calendar.open(stored.data(), stored.size(), &s)) << s.message;
    return calendar;
}

std::string text_of(const calendar_view& calendar) {
    text_writer measure;
    write_calendar_json(calendar, &measure);
    std::string text(measure.size(), '?');
    text_writer writer(text.data(), text.size());
    write_calendar_json(calendar, &writer);
    return text;
}

// Slow and obvious. Days are wide, so that it can walk past the limits of type date.
struct walker {
    weekday_set weekend = 0;
    std::set<std::int64_t> holidays;

    bool is_business_day(std::int64_t day) const {
        const std::int64_t weekday = ((day + 5) % 7 + 7) % 7;
        return !(weekend >> weekday & 1) && holidays.count(day) == 0;
    }
    std::int64_t walk(std::int64_t day, int step) const {
        while (!is_business_day(day)) day += step;
        return day;
    }
    static bool same_month(std::int64_t a, std::int64_t b) {
        const civil_date x = to_civil(static_cast<day_number>(a));
        const civil_date y = to_civil(static_cast<day_number>(b));
        return x.year == y.year && x.month == y.month;
    }
    std::int64_t roll(std::int64_t day, roll_convention convention) const {
        const std::int64_t after = walk(day, 1), before = walk(day, -1);
        switch (convention) {
            case roll_convention::following:
                return after;
            case roll_convention::modified_following:
                return same_month(day, after) ? after : before;
            case roll_convention::preceding:
                return before;
            case roll_convention::modified_preceding:
                return same_month(day, before) ? before : after;
            case roll_convention::nearest:
                return after - day > day - before ? before : after;
            case roll_convention::unadjusted:
                return day;
        }
        return 0;
    }
    std::int64_t add(std::int64_t day, int n) const {
        if (n == 0) return walk(day, 1);
        const int step = n > 0 ? 1 : -1;
        for (; n != 0; n -= step) day = walk(day + step, step);
        return day;
    }
    std::int64_t between(std::int64_t from, std::int64_t to) const {
        if (from > to) return -between(to, from);
        std::int64_t count = 0;
        for (; from < to; ++from) count += is_business_day(from);
        return count;
    }
};

void expect_day(bool ok, const status& s, day_number given, std::int64_t expected,
                const std::string& what) {
    if (is_finite_day(expected)) {
        ASSERT_TRUE(ok) << what << ": " << s.message;
        ASSERT_EQ(given, expected) << what;
    } else {
        ASSERT_FALSE(ok) << what << " gave " << given;
        ASSERT_EQ(s.code, error_code::datetime_out_of_range) << what;
    }
}

void compare(const calendar_view& calendar, const walker& oracle, day_number day, day_number other,
             int n) {
    const std::string what =
        (calendar.holiday_count() < 100 ? text_of(calendar) : "many holidays,") + " day " +
        std::to_string(day);
    ASSERT_EQ(is_business_day(calendar, day), oracle.is_business_day(day)) << what;
    for (const roll_convention convention : conventions) {
        day_number rolled = 0;
        status s;
        const bool ok = roll(calendar, day, convention, &rolled, &s);
        expect_day(ok, s, rolled, oracle.roll(day, convention),
                   what + " " + std::string(convention_name(convention)));
    }
    for (const int count : {0, 1, -1, n}) {
        day_number sum = 0;
        status s;
        const bool ok = add_business_days(calendar, day, count, &sum, &s);
        expect_day(ok, s, sum, oracle.add(day, count), what + " add " + std::to_string(count));
    }
    ASSERT_EQ(business_days_between(calendar, day, other), oracle.between(day, other))
        << what << " to " << other;
    ASSERT_EQ(business_days_between(calendar, other, day), oracle.between(other, day))
        << what << " from " << other;
}

struct test_case {
    walker oracle;
    bytes stored;
};

// `density`: the share of holidays among the days from `start`.
test_case generate(std::mt19937& random, std::int64_t start, int span, double density) {
    test_case made;
    made.oracle.weekend = static_cast<weekday_set>(random() % all_weekdays);
    if (random() % 3 == 0) made.oracle.weekend = saturday_and_sunday;
    std::vector<day_number> days;
    std::bernoulli_distribution holiday(density);
    for (std::int64_t day = start; day < start + span; ++day)
        if (is_finite_day(day) && holiday(random)) {
            made.oracle.holidays.insert(day);
            days.push_back(static_cast<day_number>(day));
            if (random() % 8 == 0) days.push_back(static_cast<day_number>(day));
        }
    std::shuffle(days.begin(), days.end(), random);
    made.stored = make(made.oracle.weekend, days);
    return made;
}

TEST(BusinessCalendar, EqualsWalkingOnGeneratedCalendars) {
    std::mt19937 random(20260101);
    for (int round = 0; round < 3000; ++round) {
        const int start = static_cast<int>(random() % 20000) - 10000;
        const int span = static_cast<int>(random() % 120);
        const double density = static_cast<double>(random() % 100) / 100;
        const test_case made = generate(random, start, span, density);
        const calendar_view calendar = open(made.stored);
        status s;
        ASSERT_TRUE(check_stored_calendar(made.stored.data(), made.stored.size(), &s)) << s.message;
        for (int i = 0; i < 12; ++i) {
            const auto day =
                static_cast<day_number>(start - 20 + static_cast<int>(random() % (span + 40)));
            const auto other =
                static_cast<day_number>(start - 60 + static_cast<int>(random() % (span + 120)));
            compare(calendar, made.oracle, day, other, static_cast<int>(random() % 121) - 60);
            if (HasFatalFailure()) return;
        }
    }
}

TEST(BusinessCalendar, EqualsWalkingAtBothLimitsOfTypeDate) {
    std::mt19937 random(7);
    for (int round = 0; round < 2000; ++round) {
        const bool low = round % 2 == 0;
        const std::int64_t start = low ? min_day : std::int64_t{max_day} - 59;
        const test_case made =
            generate(random, start, 60, static_cast<double>(random() % 100) / 100);
        const calendar_view calendar = open(made.stored);
        for (int i = 0; i < 8; ++i) {
            const auto day = static_cast<day_number>(start + static_cast<int>(random() % 60));
            const auto other = static_cast<day_number>(start + static_cast<int>(random() % 60));
            compare(calendar, made.oracle, day, other, static_cast<int>(random() % 161) - 80);
            if (HasFatalFailure()) return;
        }
    }
}

TEST(BusinessCalendar, EqualsWalkingOverCenturies) {
    std::mt19937 random(11);
    // A span that needs wide offsets, and one that just does not.
    for (const int span : {300 * 365, 65536, 65537}) {
        for (int round = 0; round < 4; ++round) {
            test_case made = generate(random, -40000, span, 0.03);
            made.oracle.holidays.insert({-40000, -40000 + span - 1});
            made.stored = make(made.oracle.weekend,
                               {made.oracle.holidays.begin(), made.oracle.holidays.end()});
            ASSERT_EQ(made.stored[2], span > 65536 ? 4 : 2);
            const calendar_view calendar = open(made.stored);
            for (int i = 0; i < 300; ++i) {
                const auto day =
                    static_cast<day_number>(-41000 + static_cast<int>(random() % (span + 2000)));
                const auto other =
                    static_cast<day_number>(day + static_cast<int>(random() % 4000) - 2000);
                compare(calendar, made.oracle, day, other,
                        static_cast<int>(random() % 2001) - 1000);
                if (HasFatalFailure()) return;
            }
        }
    }
}

TEST(BusinessCalendar, CountsAddUp) {
    std::mt19937 random(13);
    for (int round = 0; round < 2000; ++round) {
        const test_case made = generate(random, 0, 400, 0.3);
        const calendar_view calendar = open(made.stored);
        std::uniform_int_distribution<day_number> any(min_day, max_day);
        const day_number a = any(random), b = any(random), c = any(random);
        ASSERT_EQ(business_days_between(calendar, a, b) + business_days_between(calendar, b, c),
                  business_days_between(calendar, a, c));
        // From a business day, adding and counting are inverse.
        day_number start, sum;
        status s;
        const auto n = static_cast<std::int64_t>(random() % 1000000000);
        if (!roll(calendar, a, roll_convention::following, &start, &s)) continue;
        for (const std::int64_t steps : {n, -n})
            if (add_business_days(calendar, start, steps, &sum, &s)) {
                ASSERT_EQ(business_days_between(calendar, start, sum), steps);
                ASSERT_TRUE(is_business_day(calendar, sum));
            }
    }
}

TEST(BusinessCalendar, WithoutBytesEveryDayIsABusinessDay) {
    const calendar_view every;
    day_number out = 0;
    status s;
    EXPECT_TRUE(is_business_day(every, 0));
    EXPECT_TRUE(roll(every, 1, roll_convention::modified_following, &out, &s));
    EXPECT_EQ(out, 1);
    EXPECT_TRUE(add_business_days(every, min_day, std::int64_t{max_day} - min_day, &out, &s));
    EXPECT_EQ(out, max_day);
    EXPECT_EQ(business_days_between(every, min_day, max_day), std::int64_t{max_day} - min_day);
}

TEST(BusinessCalendar, NeverAWrongDate) {
    const bytes stored = make(saturday_and_sunday, {});
    const calendar_view calendar = open(stored);
    for (const std::int64_t n : {std::int64_t{INT64_MAX}, std::int64_t{INT64_MIN},
                                 std::int64_t{INT32_MAX}, std::int64_t{INT32_MIN}}) {
        day_number out = 12345;
        status s;
        EXPECT_FALSE(add_business_days(calendar, 0, n, &out, &s));
        EXPECT_EQ(s.code, error_code::datetime_out_of_range);
        EXPECT_EQ(out, 12345);
    }
    for (const day_number infinite : {INT32_MIN, INT32_MAX})
        for (const roll_convention convention : conventions) {
            day_number out = 12345;
            status s;
            EXPECT_FALSE(roll(calendar, infinite, convention, &out, &s));
            EXPECT_EQ(s.code, error_code::datetime_out_of_range);
            EXPECT_FALSE(add_business_days(calendar, infinite, 1, &out, &s));
        }
}

TEST(BusinessCalendar, TheSameMonthOfAnotherYearIsAnotherMonth) {
    std::vector<day_number> closed;
    for (day_number day = date("2025-06-10"); day <= date("2026-06-20"); ++day)
        closed.push_back(day);
    const bytes stored = make(0, closed);
    day_number out = 0;
    status s;
    ASSERT_TRUE(
        roll(open(stored), date("2025-06-15"), roll_convention::modified_following, &out, &s));
    EXPECT_EQ(out, date("2025-06-09"));
    ASSERT_TRUE(
        roll(open(stored), date("2026-06-15"), roll_convention::modified_preceding, &out, &s));
    EXPECT_EQ(out, date("2026-06-21"));
}

TEST(BusinessCalendar, ReadsConventions) {
    roll_convention convention;
    for (const roll_convention each : conventions) {
        ASSERT_TRUE(read_convention(convention_name(each), &convention));
        EXPECT_EQ(convention, each);
    }
    for (const char* wrong : {"", "Following", "following ", "follow", "modified", "nearest\n"})
        EXPECT_FALSE(read_convention(wrong, &convention)) << wrong;
}

TEST(BusinessCalendarValue, HasOneStoredForm) {
    const std::vector<day_number> days = {date("2026-12-26"), date("2026-12-25"),
                                          date("2026-12-25"), date("2027-01-01")};
    const bytes stored = make(saturday_and_sunday, days);
    EXPECT_EQ(stored, make(saturday_and_sunday, {days[1], days[3], days[0]}));
    EXPECT_EQ(
        text_of(open(stored)),
        "{\"weekend\": [6, 7], \"holidays\": [\"2026-12-25\", \"2026-12-26\", \"2027-01-01\"]}");
    // 2026-12-26 is a Saturday: kept, and without effect.
    EXPECT_EQ(open(stored).holiday_count(), 2u);
    EXPECT_EQ(open(stored).weekend_holiday_count(), 1u);
    EXPECT_EQ(text_of(calendar_view()), "{\"weekend\": [], \"holidays\": []}");
    EXPECT_EQ(text_of(open(make(0, {min_day, max_day}))),
              "{\"weekend\": [], \"holidays\": [\"-4713-11-24\", \"5874897-12-31\"]}");
}

TEST(BusinessCalendarValue, RefusesASevenDayWeekend) {
    status s;
    EXPECT_FALSE(check_weekend(all_weekdays, &s));
    EXPECT_EQ(s.code, error_code::invalid_parameter);
    status fine;
    EXPECT_TRUE(check_weekend(0x3F, &fine));
}

// Any change of a byte gives a calendar that is none, or another one in its only stored form; the
// arithmetic on it reads no byte past the end, whatever comes out.
TEST(BusinessCalendarValue, SurvivesDamage) {
    std::mt19937 random(17);
    int refused = 0, taken = 0;
    for (int round = 0; round < 20000; ++round) {
        const test_case made = generate(random, static_cast<int>(random() % 4000), 100, 0.2);
        bytes damaged = made.stored;
        switch (random() % 4) {
            case 0:
                damaged.resize(random() % (damaged.size() + 1));
                break;
            case 1:
                damaged.push_back(static_cast<unsigned char>(random()));
                break;
            default:
                for (unsigned i = 0; i <= random() % 3; ++i)
                    damaged[random() % std::min<std::size_t>(damaged.size(), 40)] =
                        static_cast<unsigned char>(random());
        }
        // A copy of exactly this size, so that AddressSanitizer sees a read past its end.
        const bytes exact(damaged.begin(), damaged.end());
        status s;
        calendar_view calendar;
        if (!calendar.open(exact.data(), exact.size(), &s)) {
            EXPECT_EQ(s.code, error_code::invalid_binary);
            EXPECT_FALSE(check_stored_calendar(exact.data(), exact.size(), &s));
            ++refused;
            continue;
        }
        day_number out;
        for (const roll_convention convention : conventions)
            (void)roll(calendar, static_cast<day_number>(random() % 5000), convention, &out, &s);
        (void)add_business_days(calendar, 100, static_cast<int>(random() % 4000) - 2000, &out, &s);
        (void)business_days_between(calendar, min_day, max_day);
        (void)text_of(calendar);
        if (!check_stored_calendar(exact.data(), exact.size(), &s)) {
            ++refused;
            continue;
        }
        ++taken;
        std::vector<day_number> days;
        for (std::size_t i = 0; i < calendar.holiday_count() + calendar.weekend_holiday_count();
             ++i)
            days.push_back(calendar.holiday(i));
        ASSERT_EQ(make(calendar.weekend(), days), exact);
    }
    EXPECT_GT(refused, 10000);
    EXPECT_GT(taken, 100);
}

std::vector<std::vector<std::string>> read_csv(const std::string& path) {
    std::vector<std::vector<std::string>> rows;
    std::ifstream file(path);
    for (std::string line; std::getline(file, line);) {
        if (!line.empty() && line.back() == '\r') line.pop_back();
        std::istringstream cells(line);
        rows.emplace_back();
        for (std::string cell; std::getline(cells, cell, ',');) rows.back().push_back(cell);
    }
    return rows;
}

// Two files printed by QuantLib: holidays_2023_2025.csv (calendar, holiday) and
// business_days_2024.csv (calendar, date, following, modified_following, preceding,
// modified_preceding, five business days later, five earlier, last business day of the month).
TEST(BusinessCalendarVectors, EqualQuantLib) {
    const char* folder = std::getenv("RECEIVABLES_VECTORS");
    if (folder == nullptr)
        GTEST_SKIP() << "RECEIVABLES_VECTORS names no folder: QuantLib's dates are NOT checked";
    std::map<std::string, std::vector<day_number>> holidays;
    for (const auto& row : read_csv(std::string(folder) + "/holidays_2023_2025.csv"))
        if (row.at(0) != "calendar") holidays[row.at(0)].push_back(date(row.at(1)));
    std::map<std::string, bytes> calendars;
    for (const auto& [name, days] : holidays) calendars[name] = make(saturday_and_sunday, days);
    int compared = 0;
    for (const auto& row : read_csv(std::string(folder) + "/business_days_2024.csv")) {
        if (row.at(0) == "calendar") continue;
        const calendar_view calendar = open(calendars.at(row[0]));
        const day_number day = date(row.at(1));
        day_number out;
        status s;
        for (int i = 0; i < 4; ++i) {
            ASSERT_TRUE(roll(calendar, day, conventions[i], &out, &s));
            EXPECT_EQ(out, date(row.at(static_cast<std::size_t>(2 + i)))) << row[0] << row[1];
        }
        ASSERT_TRUE(add_business_days(calendar, day, 5, &out, &s));
        EXPECT_EQ(out, date(row.at(6))) << row[0] << row[1];
        ASSERT_TRUE(add_business_days(calendar, day, -5, &out, &s));
        EXPECT_EQ(out, date(row.at(7))) << row[0] << row[1];
        const civil_date civil = to_civil(day);
        const day_number last =
            from_civil({civil.year, civil.month, days_in_month(civil.year, civil.month)});
        ASSERT_TRUE(roll(calendar, last, roll_convention::preceding, &out, &s));
        EXPECT_EQ(out, date(row.at(8))) << row[0] << row[1];
        ++compared;
    }
    EXPECT_EQ(compared, 2 * 366);
}

}  // namespace
}  // namespace receivables
