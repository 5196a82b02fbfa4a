// The working form of a payment profile: what the aggregate collects items in.
//
//   byte 0   as in the stored form (stored.hpp): version and `working`
//        1   0 (24 bits)
//        4   used places, 8 places in all (32 bits each)
//       12   the places, 16 bytes each
//            then, once many items came, the stored form of those folded so far
//
//   +--------+------+------+------------------+---------------------+-------------+-----------------+
//   | header | item | item | mark, 0    item  | mark, size  profile | free places | folded: tables  |
//   +--------+------+------+------------------+---------------------+-------------+-----------------+
//     12       16     16     16         32      16          size         16 each    a stored profile
//
// An ordinary item takes one place (packed_item.hpp). One that does not fit takes three: a mark,
// then the item as it is. A stored profile of items, of a rollup, is kept as its bytes behind a
// mark with their number, and is read only when the state is folded: that takes half of the time
// that its items one by one would take. A full state is folded: what it holds becomes the folded
// part, and its places are free again. Four bytes before it stands the header of a varlena, so the
// places are at multiples of 8.
//
// It is in the memory of one server only, hence in the machine's own byte order. It is a storable
// value all the same: functions that read profiles take it too.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "core/profile/packed_item.hpp"
#include "core/profile/stored.hpp"

namespace receivables {

inline constexpr std::size_t state_header_size = 12;
// The key of no item. The amount beside it is the size of the stored profile that follows, or 0
// before an item.
inline constexpr std::uint64_t mark_key = ~std::uint64_t{0};
inline constexpr std::uint32_t places_for(std::size_t size) noexcept {
    return static_cast<std::uint32_t>((size + sizeof(packed_item) - 1) / sizeof(packed_item));
}
inline constexpr std::uint32_t full_item_places = 1 + places_for(sizeof(item));

// A run of places.
struct item_places {
    const unsigned char* data = nullptr;
    std::uint32_t used = 0;

    const unsigned char* from(std::uint32_t i) const noexcept {
        return data + std::size_t{i} * sizeof(packed_item);
    }
    packed_item at(std::uint32_t i) const noexcept {
        packed_item p;
        std::memcpy(&p, from(i), sizeof p);
        return p;
    }
    // on_item(const item&) for every item that stands by itself, on_profile(bytes, size) for every
    // stored profile. Not noexcept: what is called may raise an error of PostgreSQL.
    template <class OnItem, class OnProfile>
    void each(OnItem&& on_item, OnProfile&& on_profile) const {
        for (std::uint32_t i = 0; i < used;) {
            const packed_item p = at(i++);
            if (p.key != mark_key) {
                const item x = unpack(p);
                on_item(x);
            } else if (p.amount == 0) {
                item x;
                std::memcpy(static_cast<void*>(&x), from(i), sizeof x);
                i += places_for(sizeof x);
                on_item(static_cast<const item&>(x));
            } else {
                on_profile(from(i), static_cast<std::size_t>(p.amount));
                i += places_for(p.amount);
            }
        }
    }
};

class profile_state {
  public:
    // Takes the payload of a working profile. False when the bytes are none; whether its items and
    // its folded part are sound is for check_state (check.hpp), where it can come from outside.
    bool open(unsigned char* bytes, std::size_t size) noexcept {
        if (size < state_header_size || bytes[0] != profile_tag(profile_kind::working) ||
            bytes[1] != 0 || bytes[2] != 0 || bytes[3] != 0)
            return false;
        bytes_ = bytes;
        size_ = size;
        return used() <= capacity() &&
               (size - state_header_size) / sizeof(packed_item) >= capacity();
    }
    // Lays out an empty state in `bytes`, which has room for size_of(capacity, folded_size).
    void create(unsigned char* bytes, std::uint32_t capacity, const unsigned char* folded,
                std::size_t folded_size) noexcept;

    static std::size_t size_of(std::uint32_t capacity, std::size_t folded_size) noexcept {
        return state_header_size + sizeof(packed_item) * capacity + folded_size;
    }

    std::uint32_t used() const noexcept { return field(4); }
    std::uint32_t capacity() const noexcept { return field(8); }
    std::uint32_t room() const noexcept { return capacity() - used(); }
    item_places places() const noexcept { return {bytes_ + state_header_size, used()}; }
    const unsigned char* folded() const noexcept { return place(capacity()); }
    std::size_t folded_size() const noexcept {
        return static_cast<std::size_t>(bytes_ + size_ - folded());
    }

    // Appends an item; false when there is no room.
    bool append(const item& x) noexcept {
        packed_item p;
        if (!pack(x, &p)) return append_full(x);
        const std::uint32_t at = used();
        if (at == capacity()) return false;
        std::memcpy(place(at), &p, sizeof p);
        set_field(4, at + 1);
        return true;
    }
    // Appends a stored profile of items; false when there is no room.
    bool append_profile(const unsigned char* bytes, std::size_t size) noexcept;
    // Appends other places, which are no more than the room.
    void append(const item_places& other) noexcept;

  private:
    bool append_full(const item& x) noexcept;
    void append_marked(std::uint64_t mark, const void* bytes, std::size_t size) noexcept;
    std::uint32_t field(std::size_t at) const noexcept {
        std::uint32_t value;
        std::memcpy(&value, bytes_ + at, sizeof value);
        return value;
    }
    void set_field(std::size_t at, std::uint32_t value) noexcept {
        std::memcpy(bytes_ + at, &value, sizeof value);
    }
    unsigned char* place(std::uint32_t i) const noexcept {
        return bytes_ + state_header_size + sizeof(packed_item) * i;
    }

    unsigned char* bytes_ = nullptr;
    std::size_t size_ = 0;
};

}  // namespace receivables
