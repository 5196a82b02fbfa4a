// payment_profile arguments for the functions of ring 3.
#pragma once

#include "core/profile/fold.hpp"
#include "core/profile/state.hpp"
#include "core/profile/view.hpp"
#include "pg/base/postgres.hpp"
#include "pg/base/value_type.hpp"

namespace receivables {

// The canonical bytes of a profile in either form; a working one is brought into canonical form
// first.
byte_span canonical_profile(Datum value);

// A view of a profile argument. Raises 22P03 when the stored bytes are damaged.
profile_view open_profile_argument(Datum value);

// Argument `index` of a function that takes NULL for "no items".
inline profile_view open_optional_profile(FunctionCallInfo fcinfo, int index) {
    return PG_NARGS() <= index || PG_ARGISNULL(index)
               ? profile_view()
               : open_profile_argument(PG_GETARG_DATUM(index));
}

// Folds the plan's sources into a new canonical profile.
struct varlena* fold_to_profile(const fold_plan& plan);

// The canonical profile of a state of up to max_listed_items items, with nothing folded.
struct varlena* list_state(const profile_state& state);

// 22P03: a value in working form that none of our functions has written.
[[noreturn]] void fail_malformed_profile();

}  // namespace receivables
