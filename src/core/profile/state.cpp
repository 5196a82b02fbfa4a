#include "core/profile/state.hpp"

namespace receivables {

void profile_state::create(unsigned char* bytes, std::uint32_t capacity,
                           const unsigned char* folded, std::size_t folded_size) noexcept {
    bytes_ = bytes;
    size_ = size_of(capacity, folded_size);
    std::memset(bytes, 0, state_header_size);
    bytes[0] = profile_tag(profile_kind::working);
    set_field(8, capacity);
    if (folded_size > 0) std::memcpy(place(capacity), folded, folded_size);
}

void profile_state::append_marked(std::size_t marked, const void* bytes,
                                  std::size_t size) noexcept {
    const item_place mark = place_mark | marked;
    unsigned char* const at = place(used());
    std::memcpy(at, &mark, sizeof mark);
    std::memcpy(at + sizeof mark, bytes, size);
    set_field(4, used() + 1 + places_for(size));
}

bool profile_state::append_full(const item& x) noexcept {
    if (room() < full_item_places) return false;
    append_marked(0, &x, sizeof x);
    return true;
}

bool profile_state::append_profile(const unsigned char* bytes, std::size_t size) noexcept {
    if (room() < 1 + places_for(size)) return false;
    append_marked(size, bytes, size);
    return true;
}

void profile_state::take(const item_places& other) noexcept {
    set_base(other.base);
    std::memcpy(place(0), other.data, other.used * sizeof(item_place));
    set_field(4, other.used);
}

}  // namespace receivables
