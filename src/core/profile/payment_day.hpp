// On which day of the month, or of the week, a customer pays. What counts are distinct payment
// dates of timed items: one payment run that settles ten invoices is one observation.
#pragma once

#include <cstdint>

#include "core/profile/day_window.hpp"
#include "core/profile/view.hpp"

namespace receivables {

std::int64_t count_payment_dates(const profile_view& view) noexcept;

// Windows of three days in a row. Days are read from the start of the month (1..31), and from its
// end (-1 is the last day); two windows cross the month's end: {-2, -1, 1} and {-1, 1, 2}. The
// window with the most payment dates wins; among equal ones that with the most on one day, then
// that of the start of the month, then the earlier.
day_window best_payment_day(const profile_view& view) noexcept;

// The ISO weekday with the most payment dates, the earlier among equal ones.
day_window best_payment_weekday(const profile_view& view) noexcept;

inline constexpr std::size_t payment_day_text_size = 48;
// A payment day in words: "25th", "last day of the month", "2nd to last day of the month".
void write_payment_day(std::int32_t day, char* out) noexcept;

}  // namespace receivables
