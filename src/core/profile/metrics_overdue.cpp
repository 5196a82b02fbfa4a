// What is overdue on a day.
#include <algorithm>

#include "core/profile/metrics.hpp"

namespace receivables {

int128 profile_metrics::overdue_amount(day_number as_of, std::int64_t older_than_days) noexcept {
    int128 amount = 0;
    view_.for_each_unpaid([&](const unpaid_row& r) {
        if (r.cls == item_class::open && std::int64_t{as_of} - r.due > older_than_days)
            amount += r.amount;
    });
    return amount;
}

std::int64_t profile_metrics::overdue_count(day_number as_of,
                                            std::int64_t older_than_days) noexcept {
    std::int64_t count = 0;
    view_.for_each_unpaid([&](const unpaid_row& r) {
        if (r.cls == item_class::open && std::int64_t{as_of} - r.due > older_than_days)
            count += r.items;
    });
    return count;
}

maybe<std::int32_t> profile_metrics::oldest_overdue_days(day_number as_of) noexcept {
    std::int64_t oldest = 0;
    view_.for_each_unpaid([&](const unpaid_row& r) {
        if (r.cls == item_class::open) oldest = std::max(oldest, std::int64_t{as_of} - r.due);
    });
    return oldest > 0 ? maybe<std::int32_t>::of(static_cast<std::int32_t>(oldest))
                      : maybe<std::int32_t>::none();
}

int128 profile_metrics::net_overdue_amount(day_number as_of,
                                           std::int64_t older_than_days) noexcept {
    const int128 net = overdue_amount(as_of, older_than_days) + totals().amount(open_credits);
    return std::max<int128>(net, 0);
}

}  // namespace receivables
