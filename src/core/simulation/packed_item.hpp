// The 16 bytes in which an ordinary item of an invoice history is kept. Compared as (key, amount),
// packed items of one scale stand in canonical order: class, due date, days late, terms, amount.
//
//   key     63..60  class
//           59..36  due date, counted from 22,967 years before 2000; all bits set is none
//           35..20  days late + 32,768; 0: the day is not known
//           19..4   terms + 32,768; 0: not known
//            3..0   display scale
//   amount  0: not known, else magnitude + 1; bits 63 and 62 are 0
#pragma once

#include <cstdint>

#include "core/profile/item.hpp"

namespace receivables {

struct packed_item {
    std::uint64_t key;
    std::uint64_t amount;
};

inline constexpr std::int32_t packed_due_bias = 1 << 23;
inline constexpr std::uint32_t packed_no_due = (1u << 24) - 1;
inline constexpr std::int32_t packed_days_bias = 1 << 15;
inline constexpr std::uint64_t packed_scale_mask = 15;

// False when the item does not fit: a due date beyond the year 24967, 32,768 days late, ...
inline bool pack(const item& x, packed_item* out) noexcept {
    // Unsigned: the sums may pass the largest day.
    const auto biased = [](std::int32_t days) {
        return days == INT32_MIN ? 0 : static_cast<std::uint32_t>(days) + packed_days_bias;
    };
    const std::uint32_t due = static_cast<std::uint32_t>(x.due) + packed_due_bias;
    const std::uint32_t days = biased(x.days_late), terms = biased(x.terms);
    if (due >= packed_no_due || days >> 16 || terms >> 16 || (days == 0 && x.days_late != no_day) ||
        (terms == 0 && x.terms != no_terms) ||
        static_cast<std::uint16_t>(x.scale) > packed_scale_mask || x.amount >> 62)
        return false;
    out->key = static_cast<std::uint64_t>(x.cls) << 60 | static_cast<std::uint64_t>(due) << 36 |
               static_cast<std::uint64_t>(days) << 20 | static_cast<std::uint64_t>(terms) << 4 |
               static_cast<std::uint64_t>(x.scale);
    out->amount = x.has_amount ? static_cast<std::uint64_t>(x.amount) + 1 : 0;
    return true;
}

inline item unpack(packed_item p) noexcept {
    item x;
    x.cls = static_cast<item_class>(p.key >> 60);
    x.due = static_cast<std::int32_t>(p.key >> 36 & packed_no_due) - packed_due_bias;
    const auto days = static_cast<std::int32_t>(p.key >> 20 & 0xFFFF);
    x.days_late = days == 0 ? no_day : days - packed_days_bias;
    const auto terms = static_cast<std::int32_t>(p.key >> 4 & 0xFFFF);
    x.terms = terms == 0 ? no_terms : terms - packed_days_bias;
    x.scale = static_cast<std::int16_t>(p.key & packed_scale_mask);
    x.has_amount = p.amount != 0;
    x.amount = x.has_amount ? p.amount - 1 : 0;
    return x;
}

inline bool operator<(packed_item a, packed_item b) noexcept {
    return a.key != b.key ? a.key < b.key : a.amount < b.amount;
}

}  // namespace receivables
