// Agings as SQL passes them.
#pragma once

#include "core/portfolio/aging.hpp"
#include "pg/base/postgres.hpp"

namespace receivables {

// An aging and the varlena that it is stored in.
struct aging_value {
    struct varlena* block;
    aging value;

    Datum datum() const { return PointerGetDatum(block); }
};

aging_value new_aging(day_number as_of, const aging_bounds& bounds);
// To be read; all of its bytes are checked.
aging_value open_aging(Datum value);
// The bounds of an array argument; NULL stands for 30, 60 and 90.
aging_bounds bounds_argument(FunctionCallInfo fcinfo, int index);
[[noreturn]] void fail_aging_amount();

}  // namespace receivables
