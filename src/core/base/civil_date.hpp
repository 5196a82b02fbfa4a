// Calendar dates as PostgreSQL counts them: days since 2000-01-01, proleptic Gregorian calendar.
#pragma once

#include <cstddef>
#include <cstdint>

namespace receivables {

using day_number = std::int32_t;

// The limits of PostgreSQL's type date: 4714-11-24 BC to 5874897-12-31.
inline constexpr day_number min_day = -2451545;
inline constexpr day_number max_day = 2145031948;

inline bool is_finite_day(std::int64_t day) noexcept {
    return day >= min_day && day <= max_day;
}

struct civil_date {
    std::int32_t year;  // astronomical: 0 is 1 BC
    std::uint8_t month;
    std::uint8_t day;
};

civil_date to_civil(day_number day) noexcept;
// The day number of a valid civil date within the limits above.
day_number from_civil(civil_date date) noexcept;
std::uint8_t days_in_month(std::int32_t year, std::uint8_t month) noexcept;
day_number last_of_month(day_number day) noexcept;

// ISO weekday, 1 = Monday ... 7 = Sunday.
inline int iso_weekday(day_number day) noexcept {
    // 2000-01-01 was a Saturday (6).
    int shifted = static_cast<int>((static_cast<std::int64_t>(day) + 5) % 7);
    return (shifted < 0 ? shifted + 7 : shifted) + 1;
}

// The longest ISO text of a date: "-4713-01-01" ... "5874897-12-31", with room for the final zero.
inline constexpr std::size_t iso_date_size = 20;

// Writes YYYY-MM-DD (years beyond 9999 with more digits, before 1 with a minus sign: ISO 8601
// expanded years, 0000 is 1 BC) and returns the length.
std::size_t write_iso_date(day_number day, char* out) noexcept;

// Reads exactly that form and nothing else; false when it is malformed or no date of the calendar.
bool read_iso_date(const char* text, std::size_t size, day_number* out) noexcept;

}  // namespace receivables
