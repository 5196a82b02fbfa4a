// The working form of a payment profile: what the aggregate collects items in.
//
//   byte tag, 3 bytes 0, uint32 count, uint32 capacity
//   capacity places for items: packed_item, or item once one came that does not fit into a
//   packed_item then, when many items came, the canonical profile of those folded so far
//
// In the memory of one server only, hence in the machine's own byte order. It is a storable value
// all the same: functions that read profiles take it too.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "core/profile_fold.hpp"
#include "core/profile_format.hpp"

namespace receivables {

inline constexpr std::size_t state_header_size = 12;

inline std::size_t place_size(profile_kind kind) noexcept {
    return kind == profile_kind::packed_state ? sizeof(packed_item) : sizeof(item);
}

// Items that are collected before they are folded: enough that folding costs little a row, few
// enough that a group stays within a quarter of a megabyte. A large folded part raises it, so that
// it is not rewritten too often.
inline constexpr std::uint32_t max_buffered_items = 16384;

class profile_state {
  public:
    // Takes the payload of a working profile, aligned to 4 bytes, packed items to 8. False when the
    // bytes are none.
    bool open(unsigned char* bytes, std::size_t size) noexcept {
        kind_ = kind_of(bytes, size);
        if (kind_ != profile_kind::packed_state && kind_ != profile_kind::wide_state) return false;
        if (size < state_header_size) return false;
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

    // These need room.
    void append(packed_item p) noexcept {
        std::memcpy(place(count()), &p, sizeof p);
        set_field(4, count() + 1);
    }
    void append(const item& x) noexcept {
        std::memcpy(place(count()), &x, sizeof x);
        set_field(4, count() + 1);
    }
    // All items of another state of the same kind.
    void append_all(const profile_state& other) noexcept {
        std::memcpy(place(count()), other.place(0), other.count() * place_size(kind_));
        set_field(4, count() + other.count());
    }
    // All items of a packed state into a wide one.
    void append_widened(const profile_state& packed) noexcept;

    // Checks that every packed item is one; needed for a value that did not come from the
    // aggregate.
    bool items_are_valid() const noexcept;
    // The collected items as a source of a fold; the folded part is one of its own.
    profile_source items() const noexcept;

  private:
    std::uint32_t field(std::size_t at) const noexcept {
        std::uint32_t value;
        std::memcpy(&value, bytes_ + at, sizeof value);
        return value;
    }
    void set_field(std::size_t at, std::uint32_t value) noexcept {
        std::memcpy(bytes_ + at, &value, sizeof value);
    }
    unsigned char* place(std::uint32_t i) const noexcept {
        return bytes_ + state_header_size + place_size(kind_) * i;
    }

    profile_kind kind_ = profile_kind::none;
    unsigned char* bytes_ = nullptr;
    std::size_t size_ = 0;
};

// The fast way to canonical form, for a state of at most max_listed_items packed items and nothing
// folded: sorts the items in place of a copy and widens them into `out`.
bool list_packed(const profile_state& state, item* out, int* scale, status* s) noexcept;

}  // namespace receivables
