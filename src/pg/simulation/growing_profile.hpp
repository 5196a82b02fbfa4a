// A profile that items are added to again and again, canonical after each addition.
#pragma once

#include "core/profile/fold.hpp"
#include "pg/base/postgres.hpp"

namespace receivables {

class growing_profile {
  public:
    // Its memory is that of the current context.
    void create();
    // Without items again.
    void clear() { view_ = profile_view(); }
    void add(const item* items, std::uint32_t count);
    // The profile and these items besides, which are not kept; valid until the next call.
    profile_view with(const item* items, std::uint32_t count);

    const profile_view& view() const { return view_; }

  private:
    static profile_view fold_into(MemoryContext context, const profile_view& base,
                                  const item* items, std::uint32_t count);

    // The profile lies in one while the next one is made in the other.
    MemoryContext contexts_[2];
    MemoryContext scratch_;
    int current_;
    profile_view view_;
};

}  // namespace receivables
