// Calendar dates against walking from day to day by the Gregorian rule.
#include "core/base/civil_date.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

namespace receivables {
namespace {

bool is_leap(std::int64_t year) {
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

int month_length(std::int64_t year, int month) {
    constexpr int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return lengths[month - 1] + (month == 2 && is_leap(year));
}

std::string iso(day_number day) {
    char text[iso_date_size];
    const std::size_t size = write_iso_date(day, text);
    EXPECT_LT(size, iso_date_size);
    EXPECT_EQ(text[size], '\0');
    return {text, size};
}

bool reads(const std::string& text, day_number* day) {
    // Exactly this much memory, so that the sanitizer sees a read too far.
    const std::vector<char> copy(text.begin(), text.end());
    return read_iso_date(copy.data(), copy.size(), day);
}

void expect_same(day_number day, std::int64_t year, int month, int of_month, int weekday) {
    const civil_date date = to_civil(day);
    ASSERT_EQ(date.year, year) << day;
    ASSERT_EQ(date.month, month) << day;
    ASSERT_EQ(date.day, of_month) << day;
    ASSERT_EQ(from_civil(date), day);
    ASSERT_EQ(iso_weekday(day), weekday) << day;
    ASSERT_EQ(days_in_month(date.year, date.month), month_length(year, month)) << day;
}

TEST(CivilDate, WalkingForward) {
    std::int64_t year = 2000;
    int month = 1, of_month = 1, weekday = 6;
    for (day_number day = 0; day < 2 * 146097 + 400; ++day) {
        ASSERT_NO_FATAL_FAILURE(expect_same(day, year, month, of_month, weekday));
        weekday = weekday % 7 + 1;
        if (++of_month <= month_length(year, month)) continue;
        of_month = 1;
        if (++month == 13) month = 1, ++year;
    }
}

TEST(CivilDate, WalkingBackToTheFirstDay) {
    std::int64_t year = 2000;
    int month = 1, of_month = 1, weekday = 6;
    for (day_number day = 0;; --day) {
        ASSERT_NO_FATAL_FAILURE(expect_same(day, year, month, of_month, weekday));
        if (day == min_day) break;
        weekday = weekday == 1 ? 7 : weekday - 1;
        if (--of_month > 0) continue;
        if (--month == 0) month = 12, --year;
        of_month = month_length(year, month);
    }
    EXPECT_EQ(year, -4713);
    EXPECT_EQ(month, 11);
    EXPECT_EQ(of_month, 24);
}

TEST(CivilDate, TheLimits) {
    EXPECT_EQ(iso(min_day), "-4713-11-24");
    EXPECT_EQ(iso(max_day), "5874897-12-31");
    EXPECT_EQ(iso(0), "2000-01-01");
    EXPECT_EQ(iso(-730119), "0001-01-01");
    EXPECT_EQ(iso(-730120), "0000-12-31");
    EXPECT_TRUE(is_finite_day(min_day) && is_finite_day(max_day));
    EXPECT_FALSE(is_finite_day(min_day - 1) || is_finite_day(std::int64_t{max_day} + 1));
}

TEST(CivilDate, TextRoundTrips) {
    std::mt19937_64 random(1);
    for (int i = 0; i < 200000; ++i) {
        const std::uint64_t span = i % 2 == 0 ? 8000000 : std::uint64_t{max_day} - min_day + 1;
        const auto day =
            static_cast<day_number>(min_day + static_cast<std::int64_t>(random() % span));
        day_number read;
        ASSERT_TRUE(reads(iso(day), &read)) << iso(day);
        ASSERT_EQ(read, day);
        ASSERT_EQ(from_civil(to_civil(day)), day);
    }
}

// A text is read only if it is the one that is written.
TEST(CivilDate, NothingElseIsRead) {
    std::mt19937_64 random(2);
    const std::string letters = "0123456789-+ T:/.Z";
    for (int i = 0; i < 300000; ++i) {
        std::string text = iso(static_cast<day_number>(random() % 4000000) - 2000000);
        for (auto changes = random() % 3; changes < 3; ++changes) {
            const std::size_t at = random() % (text.size() + 1);
            const char letter = letters[random() % letters.size()];
            if (random() % 3 == 0)
                text.insert(text.begin() + static_cast<std::ptrdiff_t>(at), letter);
            else if (at < text.size() && random() % 2 == 0)
                text.erase(at, 1);
            else if (at < text.size())
                text[at] = letter;
        }
        day_number day;
        if (reads(text, &day)) {
            ASSERT_EQ(iso(day), text);
        }
    }
    day_number day;
    for (const char* text : {"",
                             "-",
                             "2026",
                             "2026-01",
                             "2026-01-",
                             "2026-1-01",
                             "2026-01-1",
                             "26-01-01",
                             "2026-00-01",
                             "2026-13-01",
                             "2026-01-00",
                             "2026-01-32",
                             "2026-02-29",
                             "1900-02-29",
                             "2024-02-30",
                             "2026-04-31",
                             "02026-01-01",
                             "-0000-01-01",
                             "+2026-01-01",
                             " 2026-01-01",
                             "2026-01-01 ",
                             "2026-01-01T00:00:00",
                             "20260101",
                             "2026/01/01",
                             "01.01.2026",
                             "today",
                             "infinity",
                             "-4713-11-23",
                             "-4714-11-24",
                             "5874898-01-01",
                             "99999999-01-01",
                             "2026-01-01\n"})
        EXPECT_FALSE(reads(text, &day)) << text;
    EXPECT_FALSE(reads(std::string("2026-01-01\0", 11), &day));
}

}  // namespace
}  // namespace receivables
