#include "core/profile/state.hpp"

#include <algorithm>
#include <cstddef>

namespace receivables {

void profile_state::create(unsigned char* bytes, profile_kind kind, std::uint32_t capacity,
                           const unsigned char* folded, std::size_t folded_size) noexcept {
    kind_ = kind;
    bytes_ = bytes;
    size_ = size_of(kind, capacity, folded_size);
    std::memset(bytes, 0, state_header_size);
    bytes[0] = profile_tag(kind);
    set_field(8, capacity);
    if (folded_size > 0) std::memcpy(place(capacity), folded, folded_size);
}

bool profile_state::append_all(const profile_state& other) noexcept {
    if (kind_ == profile_kind::compact_state) {
        const compact_base mine = base(), theirs = other.base();
        if (count() == 0)
            set_base(theirs);
        else if (mine.due != theirs.due || mine.terms != theirs.terms || mine.scale != theirs.scale)
            return false;
    }
    std::memcpy(place(count()), other.place(0), other.count() * place_size(kind_));
    set_field(4, count() + other.count());
    return true;
}

item profile_state::item_at(std::uint32_t i) const noexcept {
    if (kind_ == profile_kind::wide_state) {
        item x;
        std::memcpy(static_cast<void*>(&x), place(i), sizeof x);
        return x;
    }
    const profile_source source = items();
    return source.compacted != nullptr ? expand(source.compacted[i], source.base)
                                       : unpack(source.packed[i]);
}

bool profile_state::items_are_valid() const noexcept {
    bool valid = true;
    const auto check = [&](const item& x) {
        valid = valid && static_cast<int>(x.cls) < item_classes && x.scale >= 0;
    };
    // Before anything reads it as a truth value, which other bytes are not.
    if (kind_ == profile_kind::wide_state)
        for (std::uint32_t i = 0; i < count(); ++i)
            if (place(i)[offsetof(item, has_amount)] > 1) return false;
    for_each_item(items(), check);
    return valid;
}

profile_source profile_state::items() const noexcept {
    if (kind_ == profile_kind::compact_state)
        return profile_source::of(reinterpret_cast<const compact_item*>(place(0)), base(), count());
    if (kind_ == profile_kind::packed_state)
        return profile_source::of(reinterpret_cast<const packed_item*>(place(0)), count());
    return profile_source::of_wide(place(0), count());
}

namespace {

// 255 amounts below 2^36 are nowhere near 127 bits: nothing to watch.
void list_compact(const profile_source& source, item* out, int* scale) noexcept {
    compact_item sorted[max_listed_items];
    std::copy(source.compacted, source.compacted + source.count, sorted);
    std::sort(sorted, sorted + source.count);
    for (std::uint32_t i = 0; i < source.count; ++i) out[i] = expand(sorted[i], source.base);
    *scale = std::max(source.base.scale, 0);
}

bool have_one_scale(const profile_source& source, int* scale) noexcept {
    *scale = 0;
    bool any = false;
    for (std::uint32_t i = 0; i < source.count; ++i) {
        if (source.packed[i].amount == 0)
            continue;  // an unknown amount has no scale, and sorts first
        const int item_scale = static_cast<int>(source.packed[i].key & packed_scale_mask);
        if (any && item_scale != *scale) return false;
        *scale = item_scale;
        any = true;
    }
    return true;
}

}  // namespace

bool list_items(const profile_state& state, item* out, int* scale, status* s) noexcept {
    const profile_source source = state.items();
    if (source.compacted != nullptr) {
        list_compact(source, out, scale);
        return true;
    }
    if (source.packed != nullptr && have_one_scale(source, scale)) {
        // 255 amounts below 2^62 cannot exceed 127 bits.
        packed_item sorted[max_listed_items];
        std::copy(source.packed, source.packed + source.count, sorted);
        std::sort(sorted, sorted + source.count);
        for (std::uint32_t i = 0; i < source.count; ++i) out[i] = unpack(sorted[i]);
        return true;
    }
    fold_plan plan;
    plan.add(source);
    *scale = plan.scale();
    return fold_listed(plan, out, s);
}

}  // namespace receivables
