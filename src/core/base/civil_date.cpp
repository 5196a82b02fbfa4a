#include "core/base/civil_date.hpp"

#include <chrono>

namespace receivables {

namespace {

// std::chrono::year reaches only to 32767. The Gregorian calendar repeats every 400 years, which
// are 146,097 days, so any day is moved by whole cycles into the years 2000 to 2399 and back.
constexpr std::int64_t cycle_days = 146097;
constexpr std::int64_t cycle_years = 400;
constexpr std::chrono::sys_days epoch =
    std::chrono::year{2000} / std::chrono::January / std::chrono::day{1};

constexpr std::int64_t floor_divide(std::int64_t a, std::int64_t b) noexcept {
    return a / b - (a % b < 0 ? 1 : 0);
}

bool read_digits(const char*& at, const char* end, int least, int most,
                 std::int64_t* out) noexcept {
    const char* start = at;
    std::int64_t value = 0;
    while (at < end && *at >= '0' && *at <= '9' && at - start < most)
        value = value * 10 + (*at++ - '0');
    *out = value;
    return at - start >= least;
}

}  // namespace

civil_date to_civil(day_number day) noexcept {
    const std::int64_t cycle = floor_divide(day, cycle_days);
    const std::chrono::year_month_day date{epoch + std::chrono::days{day - cycle * cycle_days}};
    return {static_cast<std::int32_t>(static_cast<int>(date.year()) + cycle * cycle_years),
            static_cast<std::uint8_t>(static_cast<unsigned>(date.month())),
            static_cast<std::uint8_t>(static_cast<unsigned>(date.day()))};
}

day_number from_civil(civil_date date) noexcept {
    const std::int64_t cycle = floor_divide(std::int64_t{date.year} - 2000, cycle_years);
    const std::chrono::year year{static_cast<int>(date.year - cycle * cycle_years)};
    const std::chrono::sys_days day =
        year / std::chrono::month{date.month} / std::chrono::day{date.day};
    return static_cast<day_number>((day - epoch).count() + cycle * cycle_days);
}

std::uint8_t days_in_month(std::int32_t year, std::uint8_t month) noexcept {
    const std::int64_t cycle = floor_divide(std::int64_t{year} - 2000, cycle_years);
    const std::chrono::year_month_day_last last =
        std::chrono::year{static_cast<int>(year - cycle * cycle_years)} /
        std::chrono::month{month} / std::chrono::last;
    return static_cast<std::uint8_t>(static_cast<unsigned>(last.day()));
}

day_number last_of_month(day_number day) noexcept {
    const civil_date date = to_civil(day);
    return day + days_in_month(date.year, date.month) - date.day;
}

std::size_t write_iso_date(day_number day, char* out) noexcept {
    const civil_date date = to_civil(day);
    char* at = out;
    if (date.year < 0) *at++ = '-';
    const auto year = static_cast<unsigned>(date.year < 0 ? -date.year : date.year);
    unsigned place = 1000;
    while (year / place >= 10) place *= 10;
    for (; place > 0; place /= 10) *at++ = static_cast<char>('0' + year / place % 10);
    for (const unsigned part : {date.month, date.day}) {
        *at++ = '-';
        *at++ = static_cast<char>('0' + part / 10);
        *at++ = static_cast<char>('0' + part % 10);
    }
    *at = '\0';
    return static_cast<std::size_t>(at - out);
}

bool read_iso_date(const char* text, std::size_t size, day_number* out) noexcept {
    const char* at = text;
    const char* end = text + size;
    const bool negative = at < end && *at == '-';
    if (negative) ++at;
    std::int64_t year, month, day;
    const char* year_start = at;
    if (!read_digits(at, end, 4, 7, &year)) return false;
    if (at - year_start > 4 && *year_start == '0') return false;
    if (negative && year == 0) return false;
    if (at == end || *at++ != '-') return false;
    if (!read_digits(at, end, 2, 2, &month)) return false;
    if (at == end || *at++ != '-') return false;
    if (!read_digits(at, end, 2, 2, &day) || at != end) return false;
    if (negative) year = -year;
    if (month < 1 || month > 12 || year < -4713 || year > 5874897) return false;
    const auto month8 = static_cast<std::uint8_t>(month);
    const auto year32 = static_cast<std::int32_t>(year);
    if (day < 1 || day > days_in_month(year32, month8)) return false;
    if (year == -4713 && (month < 11 || (month == 11 && day < 24))) return false;
    *out = from_civil({year32, month8, static_cast<std::uint8_t>(day)});
    return true;
}

}  // namespace receivables
