// One item of a payment profile: an invoice, an instalment, or the part of one that a payment
// settled.
#pragma once

#include <cstdint>

#include "core/base/civil_date.hpp"
#include "core/base/decimal.hpp"

namespace receivables {

// What an item counts as. The order is that of the canonical form: the classes with a paid date
// first.
enum class item_class : std::uint8_t {
    timed,          // paid, no credit, not disputed: the ones that tell how the customer pays
    disputed_paid,  // paid, is or was in dispute
    credit_paid,    // amount < 0
    open,
    disputed_open,
    credit_open
};
inline constexpr int item_classes = 6;

inline bool has_paid_date(item_class c) noexcept {
    return c <= item_class::credit_paid;
}
inline bool is_credit(item_class c) noexcept {
    return c == item_class::credit_paid || c == item_class::credit_open;
}

inline constexpr std::int32_t no_terms = INT32_MIN;  // the invoice date is not known

// Members are not initialised: arrays of items are filled for every customer.
struct item {
    day_number due;
    std::int32_t days_late;  // paid date - due date; 0 when open
    std::int32_t terms;      // due date - invoice date, or no_terms
    item_class cls;
    bool has_amount;
    std::int16_t scale;  // display scale of the amount
    uint128 amount;      // magnitude, 0 when unknown; credits are negative by their class

    int128 signed_amount() const noexcept {
        const auto magnitude = static_cast<int128>(amount);
        return is_credit(cls) ? -magnitude : magnitude;
    }
    // In 64 bits first: a damaged value must not be undefined behaviour.
    day_number paid() const noexcept {
        return static_cast<day_number>(std::int64_t{due} + days_late);
    }
    day_number invoiced() const noexcept {
        return static_cast<day_number>(std::int64_t{due} - terms);
    }
};

item_class classify(bool paid, bool credit, bool disputed) noexcept;

// The 16 bytes in which the aggregate keeps an ordinary item. Compared as (key, amount), packed
// items of one scale stand in canonical order: class, due date, days late, terms, amount.
//   key     class 3 bits, due date 24, days late 16, terms 16 (0: unknown), scale 5
//   amount  0: unknown, else magnitude + 1
struct packed_item {
    std::uint64_t key;
    std::uint64_t amount;
};

inline constexpr std::int32_t packed_due_bias = 1 << 23;  // 22,960 years around 2000
inline constexpr std::int32_t packed_days_bias = 1 << 15;
inline constexpr std::uint64_t packed_scale_mask = 31;

// False when the item does not fit: a due date beyond the year 24967, 32,768 days late, ...
inline bool pack(const item& x, packed_item* out) noexcept {
    // Unsigned: the sums may pass the largest day.
    const std::uint32_t due = static_cast<std::uint32_t>(x.due) + packed_due_bias;
    const std::uint32_t days = static_cast<std::uint32_t>(x.days_late) + packed_days_bias;
    const std::uint32_t terms =
        x.terms == no_terms ? 0 : static_cast<std::uint32_t>(x.terms) + packed_days_bias;
    if (due >> 24 || days >> 16 || terms >> 16 || (terms == 0 && x.terms != no_terms) ||
        static_cast<std::uint16_t>(x.scale) > packed_scale_mask || x.amount >> 62)
        return false;
    out->key = static_cast<std::uint64_t>(x.cls) << 61 | static_cast<std::uint64_t>(due) << 37 |
               static_cast<std::uint64_t>(days) << 21 | static_cast<std::uint64_t>(terms) << 5 |
               static_cast<std::uint64_t>(x.scale);
    out->amount = x.has_amount ? static_cast<std::uint64_t>(x.amount) + 1 : 0;
    return true;
}

inline item unpack(packed_item p) noexcept {
    item x;
    x.cls = static_cast<item_class>(p.key >> 61);
    x.due = static_cast<std::int32_t>(p.key >> 37 & 0xFFFFFF) - packed_due_bias;
    x.days_late = static_cast<std::int32_t>(p.key >> 21 & 0xFFFF) - packed_days_bias;
    const auto terms = static_cast<std::int32_t>(p.key >> 5 & 0xFFFF);
    x.terms = terms == 0 ? no_terms : terms - packed_days_bias;
    x.scale = static_cast<std::int16_t>(p.key & packed_scale_mask);
    x.has_amount = p.amount != 0;
    x.amount = x.has_amount ? p.amount - 1 : 0;
    return x;
}

inline bool operator<(packed_item a, packed_item b) noexcept {
    return a.key != b.key ? a.key < b.key : a.amount < b.amount;
}

// The 8 bytes in which the aggregate keeps the items of a customer as long as they are alike: one
// term, one display scale, due dates within some years. Twice as many fit into a cache line, and a
// group of fifty stays where it was allocated. As numbers they stand in canonical order.
//   class 3 bits, due date 14 (from a base), days late 11, amount 36 (0: unknown, else magnitude +
//   1)
using compact_item = std::uint64_t;

struct compact_base {
    day_number due;      // that of the first item less half the range
    std::int32_t terms;  // of all items; no_terms when none is known
    std::int32_t scale;  // of all amounts, or unset_scale before the first
};
inline constexpr std::int32_t unset_scale = -1;
inline constexpr std::int32_t compact_due_range = 1 << 14;
inline constexpr std::int32_t compact_days_bias = 1 << 10;
inline constexpr int compact_amount_bits = 36;

inline compact_base compact_base_for(const item& first) noexcept {
    return {first.due - compact_due_range / 2, first.terms,
            first.has_amount ? first.scale : unset_scale};
}

// False when the item does not fit in with the others. Sets the scale of the base where it is
// unset.
inline bool compact(const item& x, compact_base* base, compact_item* out) noexcept {
    const std::int64_t due = std::int64_t{x.due} - base->due;
    const std::int64_t days = std::int64_t{x.days_late} + compact_days_bias;
    if (x.terms != base->terms || static_cast<std::uint64_t>(due) >= compact_due_range ||
        static_cast<std::uint64_t>(days) >= 2 * compact_days_bias)
        return false;
    std::uint64_t amount = 0;
    if (x.has_amount) {
        if (x.amount >= (std::uint64_t{1} << compact_amount_bits) - 1) return false;
        if (base->scale == unset_scale) base->scale = x.scale;
        if (base->scale != x.scale) return false;
        amount = static_cast<std::uint64_t>(x.amount) + 1;
    }
    *out = static_cast<std::uint64_t>(x.cls) << 61 | static_cast<std::uint64_t>(due) << 47 |
           static_cast<std::uint64_t>(days) << 36 | amount;
    return true;
}

inline item expand(compact_item c, const compact_base& base) noexcept {
    item x;
    const std::uint64_t amount = c & ((std::uint64_t{1} << compact_amount_bits) - 1);
    x.cls = static_cast<item_class>(c >> 61);
    x.due = static_cast<day_number>(base.due +
                                    static_cast<std::int64_t>(c >> 47 & (compact_due_range - 1)));
    x.days_late =
        static_cast<std::int32_t>(c >> 36 & (2 * compact_days_bias - 1)) - compact_days_bias;
    x.terms = base.terms;
    x.has_amount = amount != 0;
    x.scale = static_cast<std::int16_t>(x.has_amount ? base.scale : 0);
    x.amount = x.has_amount ? amount - 1 : 0;
    return x;
}

// The canonical order of items whose amounts have one scale.
bool in_canonical_order(const item& a, const item& b) noexcept;

}  // namespace receivables
