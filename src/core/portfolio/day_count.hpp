// Day counts: which part of a year a period [first, past) is, as an exact fraction.
//
//   actual/365      days / 365
//   actual/360      days / 360
//   actual/actual   days in leap years / 366 + other days / 365    (ISDA)
//   30/360          (n(past) - n(first)) / 360,  n = 360 y + 30 m + min(d, 30)    (30E/360)
//
// Each is a difference N(past) - N(first): parts of a period add up to the whole.
#pragma once

#include <cstdint>
#include <string_view>

#include "core/base/civil_date.hpp"

namespace receivables {

enum class day_count : std::uint8_t { actual_365, actual_360, actual_actual, thirty_360 };

bool read_day_count(std::string_view name, day_count* out) noexcept;

// A year has so many parts: the least common multiple of 360, 365 and 366.
inline constexpr std::int64_t year_parts = 1603080;
// The period in these parts.
std::int64_t count_year_parts(day_count convention, day_number first, std::int64_t past) noexcept;
// The period in the convention's own days.
std::int64_t count_days(day_count convention, day_number first, std::int64_t past) noexcept;

}  // namespace receivables
