// The working form of a payment profile: what the aggregate collects items in.
//
//   byte 0   as in the stored form (stored.hpp): version and `working`
//        1   scale of the amounts in the places, 0 before the first ordinary item
//        2   the largest display scale among the ordinary items
//        3   0
//        4   used places, 8 places in all, 12 base of the due dates, 16 0 (32 bits each)
//       20   the places, 8 bytes each
//            then, once many items came, the stored form of those folded so far
//
//   +--------+------+------+------------------+---------------------+-------------+-----------------+
//   | header | item | item | mark       item  | mark, size  profile | free places | folded: tables  |
//   +--------+------+------+------------------+---------------------+-------------+-----------------+
//     20        8      8      8          32      8           size         8 each    a stored profile
//
// An ordinary item takes one place (item_place.hpp). One that does not fit in with the others takes
// five: a mark, then the item as it is. A stored profile of items, of a rollup, is kept as its bytes
// behind a mark with their number, and is read only when the state is folded: that takes half of the
// time that its items one by one would take. A full state is folded: what it holds becomes the
// folded part, and its places are free again. Four bytes before it stands the header of a varlena,
// so the places are at multiples of 8.
//
// It is in the memory of one server only, hence in the machine's own byte order. It is a storable
// value all the same: functions that read profiles take it too.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "core/profile/item_place.hpp"
#include "core/profile/stored.hpp"

namespace receivables {

inline constexpr std::size_t state_header_size = 20;
// A mark holds the size of the stored profile that follows, or 0 before an item.
inline constexpr bool is_mark(item_place p) noexcept {
    return (p & place_mark) == place_mark;
}
inline constexpr std::size_t marked_size(item_place mark) noexcept {
    return static_cast<std::size_t>(mark & ((item_place{1} << place_due_at) - 1));
}
inline constexpr std::uint32_t places_for(std::size_t size) noexcept {
    return static_cast<std::uint32_t>((size + sizeof(item_place) - 1) / sizeof(item_place));
}
inline constexpr std::uint32_t full_item_places = 1 + places_for(sizeof(item));

// A run of places, with what their items have in common.
struct item_places {
    const unsigned char* data = nullptr;
    std::uint32_t used = 0;
    place_base base;

    const unsigned char* from(std::uint32_t i) const noexcept {
        return data + std::size_t{i} * sizeof(item_place);
    }
    item_place at(std::uint32_t i) const noexcept {
        item_place p;
        std::memcpy(&p, from(i), sizeof p);
        return p;
    }
    // on_item(const item&) for every item that stands by itself, on_profile(bytes, size) for every
    // stored profile. Not noexcept: what is called may raise an error of PostgreSQL.
    template <class OnItem, class OnProfile>
    void each(OnItem&& on_item, OnProfile&& on_profile) const {
        const std::uint64_t divisor = base.amount_factor(base.display_scale);
        for (std::uint32_t i = 0; i < used;) {
            const item_place p = at(i++);
            if (!is_mark(p)) {
                const item x = item_in_place(p, base, divisor);
                on_item(x);
            } else if (const std::size_t size = marked_size(p); size == 0) {
                item x;
                std::memcpy(static_cast<void*>(&x), from(i), sizeof x);
                i += places_for(sizeof x);
                on_item(static_cast<const item&>(x));
            } else {
                on_profile(from(i), size);
                i += places_for(size);
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
            bytes[3] != 0)
            return false;
        bytes_ = bytes;
        size_ = size;
        return field(16) == 0 && used() <= capacity() &&
               (size - state_header_size) / sizeof(item_place) >= capacity();
    }
    // Lays out an empty state in `bytes`, which has room for size_of(capacity, folded_size).
    void create(unsigned char* bytes, std::uint32_t capacity, const unsigned char* folded,
                std::size_t folded_size) noexcept;

    static std::size_t size_of(std::uint32_t capacity, std::size_t folded_size) noexcept {
        return state_header_size + sizeof(item_place) * capacity + folded_size;
    }

    std::uint32_t used() const noexcept { return field(4); }
    std::uint32_t capacity() const noexcept { return field(8); }
    std::uint32_t room() const noexcept { return capacity() - used(); }
    place_base base() const noexcept {
        return {static_cast<day_number>(field(12)), bytes_[1], bytes_[2]};
    }
    item_places places() const noexcept { return {bytes_ + state_header_size, used(), base()}; }
    const unsigned char* folded() const noexcept { return place(capacity()); }
    std::size_t folded_size() const noexcept {
        return static_cast<std::size_t>(bytes_ + size_ - folded());
    }

    // Appends an item; false when there is no room.
    bool append(const item& x) noexcept {
        const std::uint32_t at = used();
        if (at == capacity()) return false;
        const place_base before = base();
        place_base now = before.is_set() ? before : place_base::of(x);
        item_place p;
        if (!put_into_place(x, &now, &p)) return append_full(x);
        if (now.amount_scale != before.amount_scale || now.display_scale != before.display_scale)
            set_base(now);
        std::memcpy(place(at), &p, sizeof p);
        set_field(4, at + 1);
        return true;
    }
    // Appends a stored profile of items; false when there is no room.
    bool append_profile(const unsigned char* bytes, std::size_t size) noexcept;
    // Takes over the places of a state in an empty one that has the room.
    void take(const item_places& other) noexcept;

  private:
    bool append_full(const item& x) noexcept;
    void append_marked(std::size_t marked, const void* bytes, std::size_t size) noexcept;
    void set_base(const place_base& base) noexcept {
        bytes_[1] = base.amount_scale;
        bytes_[2] = base.display_scale;
        set_field(12, static_cast<std::uint32_t>(base.due));
    }
    std::uint32_t field(std::size_t at) const noexcept {
        std::uint32_t value;
        std::memcpy(&value, bytes_ + at, sizeof value);
        return value;
    }
    void set_field(std::size_t at, std::uint32_t value) noexcept {
        std::memcpy(bytes_ + at, &value, sizeof value);
    }
    unsigned char* place(std::uint32_t i) const noexcept {
        return bytes_ + state_header_size + sizeof(item_place) * i;
    }

    unsigned char* bytes_ = nullptr;
    std::size_t size_ = 0;
};

}  // namespace receivables
