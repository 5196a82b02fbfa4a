// A working payment profile in PostgreSQL's memory: takes in items and profiles, and moves to
// another working form when it has to.
//
//   compact  8 bytes an item, doubling its memory; where every profile starts
//   packed   16 bytes an item, for items that are not alike
//   wide     32 bytes an item, for those that do not even fit into 16
//   dense    an array over windows of days, once there are many items
//
// In the first three forms, what has been collected beyond a limit is folded into a canonical
// profile that the state carries along.
#pragma once

#include "core/profile/dense.hpp"
#include "core/profile/state.hpp"
#include "pg/base/postgres.hpp"
#include "pg/profile/payment_profile.hpp"

namespace receivables {

class profile_collector {
  public:
    // An empty one in compact form.
    void start();
    // Goes on from a plain value (four-byte header, not compressed); false when it is canonical or
    // malformed. Changes are made in place while there is room, so the value must be the caller's.
    bool open(struct varlena* value);
    // Starts from a canonical profile.
    void start_from(const unsigned char* bytes, std::size_t size);

    void add(const item& x);
    void add(const profile_view& view);
    // Any form of a profile, as it arrives as an argument.
    void add_value(Datum value);

    // The value as it is now: another pointer once it had to grow.
    struct varlena* value() const {
        return value_;
    }
    // Everything collected as one canonical profile.
    struct varlena* fold() const;
    // Whether all items of a value that was opened are well formed.
    bool is_valid() const { return is_dense_ || state_.items_are_valid(); }

  private:
    void create_state(profile_kind kind, std::uint32_t capacity, const unsigned char* folded,
                      std::size_t folded_size);
    void make_room(std::uint32_t needed);
    bool take_over(const profile_state& old, profile_kind kind);
    void widen();
    void add_to_dense(const item& x);
    void add_to_dense(const profile_view& view);
    void add_sources_to(fold_plan* plan, profile_view* folded) const;
    void fold_with(const profile_view& view);
    void leave_dense();
    bool become_dense(const item* x, const profile_view* view, std::size_t most_size);
    void add_collected(const profile_state& other);
    void append_or_widen(const item& x);

    struct varlena* value_;
    bool is_dense_;
    profile_state state_;
    dense_profile dense_;
};

}  // namespace receivables
