// Business calendars as SQL passes them.
#pragma once

#include "core/calendar/business_calendar.hpp"
#include "pg/base/postgres.hpp"

namespace receivables {

// Opens the calendar of an argument, without copying it when it is stored as it is.
calendar_view open_calendar(Datum value);

// A new value; sorts the days in place.
Datum make_calendar(weekday_set weekend, day_number* days, std::size_t count);

// ISO weekdays; an error when one of them is none, or when all seven are there.
weekday_set weekend_from_array(ArrayType* weekdays);

}  // namespace receivables
