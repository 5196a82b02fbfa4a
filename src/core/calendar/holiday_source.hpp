// A library of national holiday calendars, as the main library sees it. The one there is lies in
// src/quantlib: a shared library of its own, so that everything else works without QuantLib and no
// session loads it that does not ask for holidays.
//
// Names: COUNTRY or COUNTRY/MARKET. COUNTRY alone is its general calendar: that of settlement or of
// public holidays where there is one, else that of its exchange.
//
// The weekend of a calendar are the weekdays on which it never has a business day. Every other day
// without business is a holiday. So a weekend and its holidays always are the whole calendar, even
// of one that works on some Saturdays, or whose weekend has changed: then these days of the week
// are not in its weekend, and those without business are among its holidays.
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/base/civil_date.hpp"
#include "core/base/status.hpp"
#include "core/calendar/business_calendar.hpp"

namespace receivables {

// Raised whenever the structure below or the meaning of its functions changes.
inline constexpr std::uint32_t holiday_source_version = 1;

inline constexpr std::size_t holiday_description_size = 128;

// The functions throw nothing; they return false, and fill the status, when they cannot answer.
struct holiday_source {
    std::uint32_t version;
    const char* origin;  // name and version of the library with the calendars
    day_number first_day;
    day_number last_day;
    const char* const* names;
    std::size_t calendar_count;

    // What the calendar is, in words, and its weekend.
    bool (*describe)(std::size_t index, char (&description)[holiday_description_size],
                     weekday_set* weekend, status* s) noexcept;
    // The holidays from `from` to `to`, both included, both within first_day and last_day;
    // `out` has room for each of these days.
    bool (*list)(std::size_t index, day_number from, day_number to, day_number* out,
                 std::size_t* count, status* s) noexcept;
};

// The library, in the folder of the main one, and its only function.
inline constexpr char holiday_library[] = "$libdir/receivables_quantlib";
inline constexpr char holiday_source_symbol[] = "receivables_holiday_source";
using holiday_source_function = const holiday_source* (*)();

}  // namespace receivables
