// payment_profile arguments for the functions of ring 3.
#pragma once

#include "core/profile/fold.hpp"
#include "core/profile/view.hpp"
#include "pg/base/postgres.hpp"
#include "pg/base/value_type.hpp"

namespace receivables {

// The stored form of a profile in either form; a working one is folded first.
byte_span stored_profile(Datum value);

// A view of stored bytes. Raises 22P03 when they are damaged.
profile_view view_of(const unsigned char* bytes, std::size_t size);

// A view of a profile argument.
profile_view open_profile_argument(Datum value);

// Argument `index` of a function that takes NULL for "no items".
inline profile_view open_optional_profile(FunctionCallInfo fcinfo, int index) {
    return PG_NARGS() <= index || PG_ARGISNULL(index)
               ? profile_view()
               : open_profile_argument(PG_GETARG_DATUM(index));
}

// Folds the plan's sources into a new stored profile. Asks for interrupts.
struct varlena* fold_to_profile(const fold_plan& plan);

// The door for stored bytes from outside: raises 22P03 unless they are what the writer makes of
// what they say. Returns the profile, written anew.
struct varlena* check_stored(const unsigned char* bytes, std::size_t size);

// 22P03: a value in working form that none of our functions has written.
[[noreturn]] void fail_malformed_profile();

}  // namespace receivables
