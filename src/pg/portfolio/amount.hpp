// Amounts as arguments.
#pragma once

#include "pg/base/numeric_reader.hpp"
#include "pg/base/postgres.hpp"

namespace receivables {

// Exact; 22003 for what is not finite or has more than 38 digits.
inline decimal decimal_argument(Datum amount) {
    short_amount ordinary;
    if (read_short_numeric(amount, &ordinary)) {
        const auto units = static_cast<int128>(ordinary.units);
        return {ordinary.negative ? -units : units, ordinary.scale};
    }
    const numeric_parts parts = read_numeric(amount);
    const auto units = static_cast<int128>(parts.units);
    return {parts.negative ? -units : units, parts.scale};
}

}  // namespace receivables
