// Where in its month a date lies.
#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>

#include "core/base/civil_date.hpp"

namespace receivables {

inline constexpr std::int32_t longest_month = 31;

// The first day of each month of a cycle of 400 years, after which the Gregorian calendar repeats,
// as days since its start; and of the month after it. A date is at most one month away from where
// the mean length of a month puts it.
inline constexpr std::int32_t cycle_days = 146097, cycle_months = 4800;

constexpr std::array<std::int32_t, cycle_months + 1> make_month_starts() noexcept {
    using namespace std::chrono;
    std::array<std::int32_t, cycle_months + 1> starts{};
    constexpr sys_days epoch = year{2000} / January / 1;
    for (int month = 0; month <= cycle_months; ++month) {
        const year_month_day first = year{2000} / January / 1 + months{month};
        starts[static_cast<std::size_t>(month)] =
            static_cast<std::int32_t>((sys_days{first} - epoch).count());
    }
    return starts;
}

inline constexpr std::array<std::int32_t, cycle_months + 1> month_starts = make_month_starts();

struct month_place {
    std::int32_t from_start;  // 0 on the first day of the month
    std::int32_t to_end;      // 1 on its last day
};

inline month_place place_in_month(std::int64_t date) noexcept {
    auto day = static_cast<std::int32_t>(date % cycle_days);
    if (day < 0) day += cycle_days;
    std::size_t month = static_cast<std::size_t>(std::int64_t{day} * cycle_months / cycle_days);
    if (day < month_starts[month])
        --month;
    else if (day >= month_starts[month + 1])
        ++month;
    return {day - month_starts[month], month_starts[month + 1] - day};
}

// Days of the month in the order in time, first as counted from its start, then from its end:
// month_end + 30 is the last day, and behind it stand the first two days again, for windows of
// three days that cross the month's end. The gap between the two readings is so wide that no
// window holds days of both; windows that reach into it hold no more than their neighbours.
inline constexpr std::int32_t month_end = longest_month + 2;
inline constexpr std::int32_t month_windows = month_end + longest_month;

// The day number of a place in that order: 1..31 from the start of the month, -1 its last day.
constexpr std::int32_t day_of_place(std::int32_t place) noexcept {
    if (place < month_end) return place + 1;
    const std::int32_t day = place - month_end - longest_month;
    return day < 0 ? day : day + 1;  // behind the last day comes the first
}

// The day of a month of that length, from 1, which a day number means: 31 is the last of a shorter
// month, -31 the first.
constexpr std::int32_t nominal_day(std::int32_t day, std::int32_t length) noexcept {
    return std::clamp(day > 0 ? day : length + 1 + day, 1, length);
}

}  // namespace receivables
