// A working payment profile (core/profile/state.hpp) in PostgreSQL's memory: takes in items and
// profiles, grows, and folds what it holds when it is full.
#pragma once

#include "core/profile/fold.hpp"
#include "core/profile/state.hpp"
#include "pg/base/postgres.hpp"
#include "pg/profile/payment_profile.hpp"

namespace receivables {

class profile_collector {
  public:
    // Begins with what was folded already, or with nothing.
    void start(const unsigned char* folded = nullptr, std::size_t folded_size = 0);
    // Goes on from a plain value (four-byte header, not compressed); false when it is no working
    // one. Changes are made in place while there is room, so the value must be the caller's.
    bool open(struct varlena* value) {
        value_ = value;
        is_own_ = false;
        return state_.open(profile_bytes(value), VARSIZE(value) - VARHDRSZ);
    }
    // Raises 22P03 when the value that was opened holds anything that is no item.
    void check() const;

    [[gnu::always_inline]] void add(const item& x) {
        while (!state_.append(x)) make_room(full_item_places);
    }
    // A stored profile.
    void add(const unsigned char* bytes, std::size_t size);
    // Any form of a profile, as it arrives as an argument.
    void add_value(Datum value);

    // The value as it is now: another pointer once it had to grow.
    struct varlena* value() const {
        return value_;
    }
    // Everything collected as one stored profile.
    struct varlena* fold() const;

  private:
    // In the place of the present one.
    void create(std::uint32_t capacity, const unsigned char* folded, std::size_t folded_size);
    void replace(struct varlena* value, const profile_state& state);
    void make_room(std::uint32_t needed);
    void add_sources_to(fold_plan* plan) const;
    void fold_with(const profile_view& view);

    struct varlena* value_ = nullptr;
    bool is_own_ = false;  // made here, and so to be freed here
    profile_state state_;
};

}  // namespace receivables
