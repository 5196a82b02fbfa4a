#include "core/profile_state.hpp"

#include <algorithm>

namespace receivables {

void profile_state::create(unsigned char* bytes, profile_kind kind, std::uint32_t capacity,
                           const unsigned char* folded, std::size_t folded_size) noexcept {
    kind_ = kind;
    bytes_ = bytes;
    size_ = size_of(kind, capacity, folded_size);
    bytes[0] = profile_tag(kind);
    bytes[1] = bytes[2] = bytes[3] = 0;
    set_field(4, 0);
    set_field(8, capacity);
    if (folded_size > 0) std::memcpy(place(capacity), folded, folded_size);
}

void profile_state::append_widened(const profile_state& packed) noexcept {
    for (std::uint32_t i = 0; i < packed.count(); ++i) {
        packed_item p;
        std::memcpy(&p, packed.place(i), sizeof p);
        append(unpack(p));
    }
}

bool profile_state::items_are_valid() const noexcept {
    for (std::uint32_t i = 0; i < count(); ++i) {
        if (kind_ == profile_kind::packed_state) {
            packed_item p;
            std::memcpy(&p, place(i), sizeof p);
            if (p.key >> 61 >= item_classes) return false;
        } else {
            item x;
            std::memcpy(static_cast<void*>(&x), place(i), sizeof x);
            if (static_cast<int>(x.cls) >= item_classes || x.scale < 0) return false;
        }
    }
    return true;
}

profile_source profile_state::items() const noexcept {
    return kind_ == profile_kind::packed_state
               ? profile_source::of(reinterpret_cast<const packed_item*>(place(0)), count())
               : profile_source::of_wide(place(0), count());
}

bool list_packed(const profile_state& state, item* out, int* scale, status* s) noexcept {
    packed_item packed[max_listed_items];
    const std::uint32_t count = state.count();
    const profile_source source = state.items();
    std::uint64_t scale_most = 0, scale_least = packed_scale_mask;
    for (std::uint32_t i = 0; i < count; ++i) {
        packed[i] = source.packed[i];
        if (packed[i].amount == 0)
            continue;  // an unknown amount has no scale, and sorts first anyway
        const std::uint64_t item_scale = packed[i].key & packed_scale_mask;
        scale_most = std::max(scale_most, item_scale);
        scale_least = std::min(scale_least, item_scale);
    }
    *scale = static_cast<int>(scale_most);
    if (scale_most > scale_least) {
        fold_plan plan;
        plan.add(source);
        return fold_listed(plan, out, s);
    }
    // 256 amounts below 2^62 cannot exceed 127 bits.
    std::sort(packed, packed + count);
    for (std::uint32_t i = 0; i < count; ++i) out[i] = unpack(packed[i]);
    return true;
}

}  // namespace receivables
