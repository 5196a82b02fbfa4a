// What a profile counts and adds up over all its items.
#pragma once

#include <algorithm>
#include <cstdint>

#include "core/profile/item.hpp"

namespace receivables {

// Amounts are units of 10^-scale of the profile, those of credits negative. Days count from
// 2000-01-01. `invoices` are the classes of that name.
struct profile_totals {
    static constexpr day_number no_first = INT32_MAX, no_last = INT32_MIN;

    std::int64_t counts[item_classes] = {};
    int128 amounts[item_classes] = {};
    std::int64_t amount_count = 0;       // items, and parts of items, whose amount is known
    std::int64_t days_to_pay_count = 0;  // timed items with an invoice date
    int128 days_to_pay_sum = 0;
    std::int64_t terms_count = 0;  // invoices with an invoice date
    int128 terms_sum = 0;
    // Of invoices; where no invoice has such a date the first one is after the last.
    day_number first_due = no_first, last_due = no_last;
    day_number first_invoice = no_first, last_invoice = no_last;
    day_number last_paid = no_last;  // payments on a known day

    std::int64_t count(class_set classes) const noexcept {
        std::int64_t sum = 0;
        for (int c = 0; c < item_classes; ++c)
            if (classes.holds(static_cast<item_class>(c))) sum += counts[c];
        return sum;
    }
    int128 amount(class_set classes) const noexcept {
        int128 sum = 0;
        for (int c = 0; c < item_classes; ++c)
            if (classes.holds(static_cast<item_class>(c))) sum += amounts[c];
        return sum;
    }
    std::int64_t count(item_class c) const noexcept { return counts[static_cast<int>(c)]; }
    int128 amount(item_class c) const noexcept { return amounts[static_cast<int>(c)]; }
    // Items with a payment on a known day.
    std::int64_t paid_on_day_count() const noexcept {
        return count(item_class::timed) + count(item_class::disputed_paid);
    }

    // An item whose amount is at the scale of the totals. Inline: once an item of every fold.
    void add(const item& x) noexcept {
        const int c = static_cast<int>(x.cls);
        ++counts[c];
        amounts[c] += x.signed_amount();
        amount_count += x.has_amount;
        if (!invoices.holds(x.cls)) return;
        first_due = std::min(first_due, x.due);
        last_due = std::max(last_due, x.due);
        if (x.terms != no_terms) {
            first_invoice = std::min(first_invoice, x.invoiced());
            last_invoice = std::max(last_invoice, x.invoiced());
            ++terms_count;
            terms_sum += x.terms;
        }
        if (x.cls > item_class::disputed_paid) return;
        last_paid = std::max(last_paid, x.paid());
        if (x.cls == item_class::timed && x.terms != no_terms) {
            ++days_to_pay_count;
            days_to_pay_sum += std::int64_t{x.days_late} + x.terms;
        }
    }
    // Totals at the same scale.
    void add(const profile_totals& other) noexcept;
};

}  // namespace receivables
