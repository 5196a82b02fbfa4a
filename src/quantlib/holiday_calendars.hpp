// QuantLib's calendars as a holiday_source.
#pragma once

#include "core/calendar/holiday_source.hpp"

namespace receivables {

const holiday_source* quantlib_holiday_source() noexcept;

}  // namespace receivables
