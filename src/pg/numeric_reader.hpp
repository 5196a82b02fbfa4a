// Amounts from PostgreSQL's numeric to whole numbers of their smallest unit, and back.
#pragma once

#include "core/decimal.hpp"
#include "pg/postgres.hpp"

namespace receivables {

// What a numeric says, exactly: (negative ? -1 : 1) * units * 10^-scale.
struct numeric_parts {
    uint128 units;
    int scale;  // the display scale
    bool negative;
};

// Raises 22003 for NaN, infinity, and more than 38 digits. Takes any varlena form.
numeric_parts read_numeric(Datum value);

// A numeric with the display scale of the decimal.
Datum make_numeric(decimal value);

}  // namespace receivables
