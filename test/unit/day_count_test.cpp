// QuantLib is the oracle: its day counters from the first day of a period to the day after its last.
// Built where QuantLib is found.
#include "core/portfolio/day_count.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <ql/time/date.hpp>
#include <ql/time/daycounters/actual360.hpp>
#include <ql/time/daycounters/actual365fixed.hpp>
#include <ql/time/daycounters/actualactual.hpp>
#include <ql/time/daycounters/thirty360.hpp>
#include <random>

namespace receivables {
namespace {

namespace ql = QuantLib;

ql::Date quantlib_date(day_number day) {
    const civil_date date = to_civil(day);
    return ql::Date(date.day, static_cast<ql::Month>(date.month), date.year);
}

void expect_as_quantlib(day_count convention, const ql::DayCounter& counter, std::uint64_t seed) {
    std::mt19937_64 random(seed);
    const day_number first_day = from_civil({1901, 1, 1}), last_day = from_civil({2198, 12, 31});
    for (int i = 0; i < 50000; ++i) {
        const auto first = static_cast<day_number>(
            first_day +
            static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(last_day - first_day)));
        const std::int64_t longest = i % 3 == 0 ? 40 : i % 3 == 1 ? 800 : 100000;
        const std::int64_t past = std::min<std::int64_t>(
            last_day,
            first + static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(longest)));
        const ql::Date from = quantlib_date(first),
                       to = quantlib_date(static_cast<day_number>(past));
        ASSERT_EQ(count_days(convention, first, past), counter.dayCount(from, to))
            << from << " to " << to;
        ASSERT_NEAR(static_cast<double>(count_year_parts(convention, first, past)) /
                        static_cast<double>(year_parts),
                    counter.yearFraction(from, to), 1e-11)
            << from << " to " << to;
    }
}

TEST(DayCount, Actual365) {
    expect_as_quantlib(day_count::actual_365, ql::Actual365Fixed(), 1);
}
TEST(DayCount, Actual360) {
    expect_as_quantlib(day_count::actual_360, ql::Actual360(), 2);
}
TEST(DayCount, ActualActual) {
    expect_as_quantlib(day_count::actual_actual, ql::ActualActual(ql::ActualActual::ISDA), 3);
}
TEST(DayCount, Thirty360) {
    expect_as_quantlib(day_count::thirty_360, ql::Thirty360(ql::Thirty360::European), 4);
}

// Far outside QuantLib's dates, and to the day after the last: parts add up to the whole, and a year
// is a year.
TEST(DayCount, AddsUpEverywhere) {
    std::mt19937_64 random(5);
    for (int i = 0; i < 100000; ++i) {
        std::int64_t days[3];
        for (std::int64_t& day : days)
            day = min_day +
                  static_cast<std::int64_t>(
                      random() % static_cast<std::uint64_t>(std::int64_t{max_day} - min_day + 1));
        std::sort(days, days + 3);
        if (i % 100 == 0) days[2] = std::int64_t{max_day} + 1;
        const auto a = static_cast<day_number>(days[0]), b = static_cast<day_number>(days[1]);
        for (const day_count c : {day_count::actual_365, day_count::actual_360,
                                  day_count::actual_actual, day_count::thirty_360})
            ASSERT_EQ(count_year_parts(c, a, b) + count_year_parts(c, b, days[2]),
                      count_year_parts(c, a, days[2]));
        const std::int32_t year = to_civil(a).year + 1;
        if (year < 5874897) {
            const day_number start = from_civil({year, 1, 1}), next = from_civil({year + 1, 1, 1});
            ASSERT_EQ(count_year_parts(day_count::actual_actual, start, next), year_parts) << year;
            ASSERT_EQ(count_year_parts(day_count::thirty_360, start, next), year_parts) << year;
        }
    }
}

TEST(DayCount, Names) {
    day_count read;
    EXPECT_TRUE(read_day_count("30/360", &read));
    EXPECT_EQ(read, day_count::thirty_360);
    EXPECT_FALSE(read_day_count("30/365", &read));
}

}  // namespace
}  // namespace receivables
