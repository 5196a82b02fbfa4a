// States of aggregates: varlena values that grow.
//
// The executor owns the state. When a function returns another pointer than it was given, the
// executor copies it into the aggregate's memory and frees the old one; so a grown state is a new
// block, and the old one is left alone. A state is changed in place only where AggCheckCallContext
// says so on this very call: from SQL the same functions can be called with stored values.
#pragma once

#include "pg/base/postgres.hpp"

namespace receivables {

// Whether it is an aggregate that calls, now: then the state is ours to change.
inline bool is_aggregates(FunctionCallInfo fcinfo) {
    return AggCheckCallContext(fcinfo, nullptr) != 0;
}

// The state in argument 0 where it may be changed in place, otherwise nullptr. Not NULL.
inline struct varlena* own_state(FunctionCallInfo fcinfo, bool in_aggregate) {
    struct varlena* value = reinterpret_cast<struct varlena*>(PG_GETARG_POINTER(0));
    return in_aggregate && !VARATT_IS_EXTENDED(value) ? value : nullptr;
}
inline struct varlena* own_state(FunctionCallInfo fcinfo) {
    return own_state(fcinfo, is_aggregates(fcinfo));
}

// What a transition or combine function returns when there is nothing to add.
inline Datum unchanged_state(FunctionCallInfo fcinfo) {
    if (PG_ARGISNULL(0)) PG_RETURN_NULL();
    return PG_GETARG_DATUM(0);
}

// How much room a state is given that needs `needed`: twice as much, so that it is copied seldom,
// but no less than `least`, and more than `most` only when it needs more.
inline std::size_t roomy(std::size_t needed, std::size_t least, std::size_t most) {
    return Max(needed, Max(least, Min(2 * needed, most)));
}

}  // namespace receivables
