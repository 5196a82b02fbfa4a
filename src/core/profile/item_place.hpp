// The 8 bytes in which an ordinary item is kept while items are collected. What the items of a state
// have in common stands once, in the state's header: the base.
//
//   63..60  class
//   59..47  due date, counted from that of the base; all bits set is no item but a mark (state.hpp)
//   46..37  days late + 256; 0: the day is not known
//   36..30  terms + 1; 0: not known
//   29..0   amount + 1, at the scale of the base; 0: not known
//
// So an ordinary item is due within eleven years of the first one, at most 255 days early or 767
// days late, with terms of up to 126 days, and its amount is below 10.7 million with two decimals.
#pragma once

#include <algorithm>
#include <cstdint>

#include "core/profile/item.hpp"

namespace receivables {

using item_place = std::uint64_t;

struct place_base {
    static constexpr int most_scale = 15;
    // Amounts are kept with two decimals at least: whole ones among them are ordinary too.
    static constexpr int usual_scale = 2;
    static constexpr std::int32_t due_range = (1 << 13) - 1;

    day_number due = 0;
    std::uint8_t amount_scale = 0;   // of the amounts in the places; 0: there is no base yet
    std::uint8_t display_scale = 0;  // the largest of the items themselves

    bool is_set() const noexcept { return amount_scale != 0; }
    static place_base of(const item& first) noexcept {
        const int scale = std::clamp<int>(first.scale, usual_scale, most_scale);
        // Unsigned: a base may lie before the first day.
        const auto due = static_cast<std::uint32_t>(first.due) - due_range / 2;
        return {static_cast<day_number>(due), static_cast<std::uint8_t>(scale), 0};
    }
    std::uint64_t amount_factor(int scale) const noexcept {
        std::uint64_t factor = 1;
        for (; scale < amount_scale; ++scale) factor *= 10;
        return factor;
    }
};

inline constexpr int place_class_at = 60, place_due_at = 47, place_days_at = 37,
                     place_terms_at = 30;
inline constexpr std::int32_t place_days_bias = 256;
inline constexpr std::uint64_t place_amounts = (std::uint64_t{1} << 30) - 1;
inline constexpr std::uint64_t place_mark = std::uint64_t{0x1FFF} << place_due_at;

// False when the item does not fit in with the others.
inline bool put_into_place(const item& x, place_base* base, item_place* out) noexcept {
    const std::uint32_t due =
        static_cast<std::uint32_t>(x.due) - static_cast<std::uint32_t>(base->due);
    const std::uint32_t days =
        x.days_late == no_day ? 0 : static_cast<std::uint32_t>(x.days_late) + place_days_bias;
    const std::uint32_t terms = x.terms == no_terms ? 0 : static_cast<std::uint32_t>(x.terms) + 1;
    if (due >= place_base::due_range || days >> 10 || terms >> 7 ||
        (days == 0 && x.days_late != no_day) || (terms == 0 && x.terms != no_terms))
        return false;
    std::uint64_t amount = 0;
    if (x.has_amount) {
        if (x.scale > base->amount_scale || x.amount >= place_amounts) return false;
        amount = static_cast<std::uint64_t>(x.amount);
        if (x.scale != base->amount_scale) {
            // Up to 10^15 times 2^30: within 64 bits only where it is looked at before.
            const std::uint64_t factor = base->amount_factor(x.scale);
            if (amount != 0 && factor > place_amounts) return false;
            amount *= factor;
        }
        if (++amount > place_amounts) return false;
        base->display_scale = std::max(base->display_scale, static_cast<std::uint8_t>(x.scale));
    }
    *out = static_cast<std::uint64_t>(x.cls) << place_class_at |
           static_cast<std::uint64_t>(due) << place_due_at |
           static_cast<std::uint64_t>(days) << place_days_at |
           static_cast<std::uint64_t>(terms) << place_terms_at | amount;
    return true;
}

// The amount comes at the display scale of the base. `divisor` is the base's amount_factor of that.
inline item item_in_place(item_place p, const place_base& base, std::uint64_t divisor) noexcept {
    item x;
    x.cls = static_cast<item_class>(p >> place_class_at);
    x.due = static_cast<day_number>(static_cast<std::uint32_t>(base.due) +
                                    static_cast<std::uint32_t>(p >> place_due_at & 0x1FFF));
    const auto days = static_cast<std::int32_t>(p >> place_days_at & 0x3FF);
    x.days_late = days == 0 ? no_day : days - place_days_bias;
    const auto terms = static_cast<std::int32_t>(p >> place_terms_at & 0x7F);
    x.terms = terms == 0 ? no_terms : terms - 1;
    std::uint64_t amount = p & place_amounts;
    x.has_amount = amount != 0;
    x.scale = x.has_amount ? base.display_scale : std::int16_t{0};
    amount -= x.has_amount;
    x.amount = divisor == 1 ? amount : amount / divisor;
    return x;
}

}  // namespace receivables
