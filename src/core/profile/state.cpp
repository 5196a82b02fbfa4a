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

bool profile_state::append_full(const item& x) noexcept {
    if (room() < full_item_places) return false;
    unsigned char* const at = place(used());
    std::memcpy(at, &full_item_mark, sizeof full_item_mark);
    std::memcpy(at + sizeof full_item_mark, &x, sizeof x);
    set_field(4, used() + full_item_places);
    return true;
}

void profile_state::append(const item_places& other) noexcept {
    std::memcpy(place(used()), other.data, other.used * sizeof(packed_item));
    set_field(4, used() + other.used);
}

}  // namespace receivables
