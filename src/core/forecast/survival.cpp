#include "core/forecast/survival.hpp"

#include <algorithm>

namespace receivables {

std::size_t most_survival_rows(const profile_view& view) noexcept {
    if (view.kind() != profile_kind::tables) return most_listed_items;
    const tabled_profile& t = view.tabled();
    return std::size_t{t.table(profile_table::days_late).rows()} +
           t.table(profile_table::disputed_days_late).rows() +
           t.table(profile_table::unpaid).rows();
}

maybe<double> share_unpaid_after(survival_row* rows, std::size_t count,
                                 std::int64_t days) noexcept {
    if (count == 0) return maybe<double>::none();
    std::sort(rows, rows + count, [](const survival_row& a, const survival_row& b) noexcept {
        return a.days < b.days;
    });
    std::int64_t at_risk = 0;
    for (std::size_t i = 0; i < count; ++i) at_risk += rows[i].paid + rows[i].unpaid;
    double share = 1;
    for (std::size_t i = 0; i < count && rows[i].days <= days;) {
        std::int64_t paid = 0, left = 0;
        for (const std::int64_t day = rows[i].days; i < count && rows[i].days == day; ++i) {
            paid += rows[i].paid;
            left += rows[i].paid + rows[i].unpaid;
        }
        share *= 1 - static_cast<double>(paid) / static_cast<double>(at_risk);
        at_risk -= left;
    }
    return maybe<double>::of(share);
}

}  // namespace receivables
