// The product-limit estimator of Kaplan and Meier (1958) over the delays of a profile.
//
//   S(t) = product over the days d <= t of (1 - paid(d) / at risk(d))
//
//   paid(d)      invoices that were paid d days after they were due
//   at risk(d)   invoices that were paid d or more days after, or are unpaid and were seen for so long
//
// What is open was seen until as_of. What was written off stays unpaid for ever: it was seen until
// as_of too, not until the write-off. What a credit settled, or a payment on an unknown day, says
// nothing about the delay of a payment and is left out from the start; so are credits.
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/base/maybe.hpp"
#include "core/profile/view.hpp"

namespace receivables {

struct survival_row {
    std::int64_t days;  // after the due date
    std::int64_t paid;
    std::int64_t unpaid;  // seen until then
};

std::size_t most_survival_rows(const profile_view& view) noexcept;

// f(days, paid, unpaid) for what the estimator rests on, in any order.
template <class F>
void for_each_survival(const profile_view& view, day_number as_of, bool disputed, F&& f) noexcept {
    const auto on_paid = [&](std::int32_t days, std::int64_t items) noexcept {
        f(std::int64_t{days}, items, std::int64_t{0});
    };
    view.for_each_days_late(on_paid);
    if (disputed) view.for_each_disputed_days_late(on_paid);
    view.for_each_unpaid([&](const unpaid_row& r) noexcept {
        if (disputed || !disputed_invoices.holds(r.cls))
            f(std::int64_t{as_of} - r.due, std::int64_t{0}, r.items);
    });
}

// S(days); unknown without a row. Sorts the rows.
maybe<double> share_unpaid_after(survival_row* rows, std::size_t count, std::int64_t days) noexcept;

// The first day t with S(t) <= 1/2; unknown when there is none. Sorts the rows.
maybe<std::int64_t> median_delay(survival_row* rows, std::size_t count) noexcept;

}  // namespace receivables
