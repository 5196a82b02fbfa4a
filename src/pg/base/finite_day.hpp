// Date arguments, which have to be finite.
#pragma once

#include "core/base/civil_date.hpp"
#include "pg/base/postgres.hpp"

namespace receivables {

[[noreturn]] void fail_infinite_date(DateADT day, const char* argument);

// Raises 22008, naming the argument, for an infinite date.
inline day_number finite_day(DateADT day, const char* argument) {
    if (!is_finite_day(day)) fail_infinite_date(day, argument);
    return day;
}

}  // namespace receivables
