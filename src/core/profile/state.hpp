// The working form of a payment profile: what the aggregate collects items in.
//
//   byte tag, 3 bytes 0, uint32 count, uint32 capacity, int32 due base, int32 terms
//   (display scale + 1 of a compact state in the first of the three bytes 0)
//   capacity places for items: compact_item, packed_item or item
//   then, when many items came, the canonical profile of those folded so far
//
// In the memory of one server only, hence in the machine's own byte order. It is a storable value
// all the same: functions that read profiles take it too.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "core/profile/fold.hpp"
#include "core/profile/format.hpp"

namespace receivables {

// After the four bytes of a varlena's header the items stand at a multiple of 8.
inline constexpr std::size_t state_header_size = 20;

inline std::size_t place_size(profile_kind kind) noexcept {
    if (kind == profile_kind::compact_state) return sizeof(compact_item);
    return kind == profile_kind::packed_state ? sizeof(packed_item) : sizeof(item);
}

// Items that are collected before they are folded: enough that folding costs little a row, few
// enough that a group stays within a quarter of a megabyte. A large folded part raises it, so that
// it is not rewritten too often.
inline constexpr std::uint32_t max_buffered_items = 16384;

class profile_state {
  public:
    // Takes the payload of a working profile, aligned so that the items stand at a multiple of 8.
    // False when the bytes are none.
    bool open(unsigned char* bytes, std::size_t size) noexcept {
        kind_ = kind_of(bytes, size);
        if (kind_ < profile_kind::compact_state || kind_ > profile_kind::wide_state ||
            size < state_header_size)
            return false;
        bytes_ = bytes;
        size_ = size;
        return count() <= capacity() &&
               (size - state_header_size) / place_size(kind_) >= capacity();
    }
    // Lays out an empty state in `bytes`, which has room for size_of(kind, capacity, folded_size).
    void create(unsigned char* bytes, profile_kind kind, std::uint32_t capacity,
                const unsigned char* folded, std::size_t folded_size) noexcept;

    static std::size_t size_of(profile_kind kind, std::uint32_t capacity,
                               std::size_t folded_size) noexcept {
        return state_header_size + place_size(kind) * capacity + folded_size;
    }

    profile_kind kind() const noexcept { return kind_; }
    std::uint32_t count() const noexcept { return field(4); }
    std::uint32_t capacity() const noexcept { return field(8); }
    std::uint32_t room() const noexcept { return capacity() - count(); }
    const unsigned char* folded() const noexcept {
        return bytes_ + state_header_size + place_size(kind_) * capacity();
    }
    std::size_t folded_size() const noexcept {
        return static_cast<std::size_t>(bytes_ + size_ - folded());
    }
    std::uint32_t most_buffered() const noexcept {
        const std::size_t by_folded = folded_size() / 16;
        return by_folded > max_buffered_items ? static_cast<std::uint32_t>(by_folded)
                                              : max_buffered_items;
    }

    // Appends an item where there is room; false when it does not fit into a place of this kind.
    bool append(const item& x) noexcept {
        if (kind_ == profile_kind::compact_state) return append_compact(x);
        packed_item p;
        if (kind_ == profile_kind::wide_state) {
            put(&x, sizeof x);
        } else {
            if (!pack(x, &p)) return false;
            put(&p, sizeof p);
        }
        return true;
    }
    // The items of another state of the same kind, which are fewer than the room here; false when
    // compact items have another base.
    bool append_all(const profile_state& other) noexcept;
    // An empty compact state takes over what the items of another have in common.
    void set_base(const compact_base& base) noexcept {
        set_field(12, static_cast<std::uint32_t>(base.due));
        set_field(16, static_cast<std::uint32_t>(base.terms));
        bytes_[1] = static_cast<unsigned char>(base.scale + 1);
    }
    compact_base base() const noexcept {
        return {static_cast<day_number>(field(12)), static_cast<std::int32_t>(field(16)),
                bytes_[1] - 1};
    }

    item item_at(std::uint32_t i) const noexcept;
    // Checks that every item is one; needed for a value that did not come from the aggregate.
    bool items_are_valid() const noexcept;
    // The collected items as a source of a fold; the folded part is one of its own.
    profile_source items() const noexcept;

  private:
    bool append_compact(const item& x) noexcept {
        // Scales beyond what a byte holds are not compact.
        if (x.scale > 200) return false;
        compact_base b = count() == 0 ? compact_base_for(x) : base();
        compact_item c;
        if (!compact(x, &b, &c)) return false;
        if (count() == 0 || b.scale + 1 != bytes_[1]) set_base(b);
        put(&c, sizeof c);
        return true;
    }
    std::uint32_t field(std::size_t at) const noexcept {
        std::uint32_t value;
        std::memcpy(&value, bytes_ + at, sizeof value);
        return value;
    }
    void set_field(std::size_t at, std::uint32_t value) noexcept {
        std::memcpy(bytes_ + at, &value, sizeof value);
    }
    void put(const void* value, std::size_t size) noexcept {
        std::memcpy(place(count()), value, size);
        set_field(4, count() + 1);
    }
    unsigned char* place(std::uint32_t i) const noexcept {
        return bytes_ + state_header_size + place_size(kind_) * i;
    }

    profile_kind kind_ = profile_kind::none;
    unsigned char* bytes_ = nullptr;
    std::size_t size_ = 0;
};

// The fast way to canonical form, for a state of at most max_listed_items items and nothing folded:
// writes them in canonical order and at one scale into `out`.
bool list_items(const profile_state& state, item* out, int* scale, status* s) noexcept;

}  // namespace receivables
