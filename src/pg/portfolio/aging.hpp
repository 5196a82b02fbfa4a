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

// For messages.
inline constexpr char aging_type[] = "aging";

aging_value new_aging(day_number as_of, const aging_bounds& bounds);
// To be read; all of its bytes are checked.
aging_value open_aging(Datum value, const char* type_name = aging_type);
// The state of argument 0, to be changed: the executor's own when this call is the aggregate's,
// otherwise a copy.
aging_value aging_for_change(FunctionCallInfo fcinfo, const char* type_name = aging_type);
// An error when the array argument has other bounds than the value. Cheap for every row.
void require_same_bounds(const aging& value, FunctionCallInfo fcinfo, int index,
                         const char* type_name = aging_type);
// Combine function, and transition function of rollup.
Datum combine_agings(FunctionCallInfo fcinfo, const char* type_name);
// The bounds of an array argument; NULL stands for 30, 60 and 90.
aging_bounds bounds_argument(FunctionCallInfo fcinfo, int index);
[[noreturn]] void fail_aging_amount(const char* type_name = aging_type);

}  // namespace receivables
