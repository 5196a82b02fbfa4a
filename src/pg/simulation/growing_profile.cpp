#include "pg/base/postgres.hpp"

#include "pg/profile/payment_profile.hpp"
#include "pg/simulation/growing_profile.hpp"

namespace receivables {

void growing_profile::create() {
    for (MemoryContext* context : {&contexts_[0], &contexts_[1], &scratch_})
        *context = AllocSetContextCreate(CurrentMemoryContext, "receivables growing profile",
                                         ALLOCSET_DEFAULT_SIZES);
    current_ = 0;
    clear();
}

profile_view growing_profile::fold_into(MemoryContext context, const profile_view& base,
                                        const item* items, std::uint32_t count) {
    MemoryContextReset(context);
    const MemoryContext caller = MemoryContextSwitchTo(context);
    fold_plan plan;
    if (!base.is_empty()) plan.add(profile_source::of(base));
    plan.add(profile_source::of(items, count));
    struct varlena* folded = fold_to_profile(plan);
    MemoryContextSwitchTo(caller);
    return view_of(profile_bytes(folded), VARSIZE(folded) - VARHDRSZ);
}

void growing_profile::add(const item* items, std::uint32_t count) {
    if (count == 0) return;
    current_ = 1 - current_;
    view_ = fold_into(contexts_[current_], view_, items, count);
}

profile_view growing_profile::with(const item* items, std::uint32_t count) {
    return count == 0 ? view_ : fold_into(scratch_, view_, items, count);
}

}  // namespace receivables
