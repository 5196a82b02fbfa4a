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

namespace {

// f(day, S(day)) for the days of rows, ascending, until it says false. Sorts the rows.
template <class F>
void walk_estimator(survival_row* rows, std::size_t count, F&& f) noexcept {
    std::sort(rows, rows + count, [](const survival_row& a, const survival_row& b) noexcept {
        return a.days < b.days;
    });
    std::int64_t at_risk = 0;
    for (std::size_t i = 0; i < count; ++i) at_risk += rows[i].paid + rows[i].unpaid;
    double share = 1;
    for (std::size_t i = 0; i < count;) {
        const std::int64_t day = rows[i].days;
        std::int64_t paid = 0, leaving = 0;
        for (; i < count && rows[i].days == day; ++i) {
            paid += rows[i].paid;
            leaving += rows[i].paid + rows[i].unpaid;
        }
        share *= 1 - static_cast<double>(paid) / static_cast<double>(at_risk);
        at_risk -= leaving;
        if (!f(day, share)) return;
    }
}

}  // namespace

maybe<double> share_unpaid_after(survival_row* rows, std::size_t count,
                                 std::int64_t days) noexcept {
    if (count == 0) return maybe<double>::none();
    double last = 1;
    walk_estimator(rows, count, [&](std::int64_t day, double share) noexcept {
        if (day > days) return false;
        last = share;
        return true;
    });
    return maybe<double>::of(last);
}

maybe<std::int64_t> median_delay(survival_row* rows, std::size_t count) noexcept {
    constexpr double tolerance = 1e-9;
    maybe<std::int64_t> found = maybe<std::int64_t>::none();
    walk_estimator(rows, count, [&](std::int64_t day, double share) noexcept {
        if (share > 0.5 + tolerance) return true;
        found = maybe<std::int64_t>::of(day);
        return false;
    });
    return found;
}

}  // namespace receivables
