#include "core/portfolio/day_count.hpp"

namespace receivables {

namespace {

constexpr std::int64_t parts_360 = year_parts / 360, parts_365 = year_parts / 365,
                       parts_366 = year_parts / 366;
static_assert(parts_360 * 360 == year_parts && parts_365 * 365 == year_parts &&
              parts_366 * 366 == year_parts);

struct day_in_year {
    std::int64_t year;
    int month, day;
    std::int64_t days_before;  // of the same year
    bool leap;
};

bool is_leap(std::int64_t year) noexcept {
    return days_in_month(static_cast<std::int32_t>(year), 2) == 29;
}

// Also for the day after the last that there is.
day_in_year place_in_year(std::int64_t day) noexcept {
    const bool beyond = day > max_day;
    const auto known = static_cast<day_number>(beyond ? max_day : day);
    const civil_date date = to_civil(known);
    if (beyond) return {date.year + std::int64_t{1}, 1, 1, 0, is_leap(date.year + 1)};
    const day_number january = from_civil({date.year, 1, 1});
    return {date.year, date.month, date.day, known - january, is_leap(date.year)};
}

std::int64_t floor_quotient(std::int64_t a, std::int64_t b) noexcept {
    return a / b - (a % b < 0);
}

// Up to a constant, the number of days before this one that lie in leap years.
std::int64_t leap_year_days(const day_in_year& at) noexcept {
    const std::int64_t before = at.year - 1;
    const std::int64_t leap_years =
        floor_quotient(before, 4) - floor_quotient(before, 100) + floor_quotient(before, 400);
    return 366 * leap_years + (at.leap ? at.days_before : 0);
}

std::int64_t thirty_360_number(const day_in_year& at) noexcept {
    return 360 * at.year + 30 * at.month + (at.day < 30 ? at.day : 30);
}

}  // namespace

bool read_day_count(std::string_view name, day_count* out) noexcept {
    constexpr struct {
        std::string_view name;
        day_count value;
    } names[] = {{"actual/365", day_count::actual_365},
                 {"actual/360", day_count::actual_360},
                 {"actual/actual", day_count::actual_actual},
                 {"30/360", day_count::thirty_360}};
    for (const auto& known : names)
        if (known.name == name) {
            *out = known.value;
            return true;
        }
    return false;
}

std::int64_t count_days(day_count convention, day_number first, std::int64_t past) noexcept {
    if (convention != day_count::thirty_360) return past - first;
    return thirty_360_number(place_in_year(past)) - thirty_360_number(place_in_year(first));
}

std::int64_t count_year_parts(day_count convention, day_number first, std::int64_t past) noexcept {
    const std::int64_t days = count_days(convention, first, past);
    if (convention == day_count::actual_365) return days * parts_365;
    if (convention != day_count::actual_actual) return days * parts_360;
    const std::int64_t leap =
        leap_year_days(place_in_year(past)) - leap_year_days(place_in_year(first));
    return leap * parts_366 + (days - leap) * parts_365;
}

}  // namespace receivables
