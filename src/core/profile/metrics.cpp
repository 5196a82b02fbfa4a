// What was invoiced. Beside it: metrics_days_late, metrics_overdue, metrics_payment_day.
#include "core/profile/metrics.hpp"

namespace receivables {

const profile_totals& profile_metrics::totals() noexcept {
    if (!has_totals_) totals_ = view_.totals();
    has_totals_ = true;
    return totals_;
}

maybe<double> profile_metrics::invoice_interval_days() noexcept {
    const profile_totals& t = totals();
    if (t.terms_count < 2) return maybe<double>::none();
    return maybe<double>::of(
        quotient(int128{t.last_invoice} - t.first_invoice, int128{t.terms_count} - 1));
}

int128 profile_metrics::amount_last_year(day_number as_of) noexcept {
    int128 amount = 0;
    view_.for_each_due([&](const due_row& r) {
        const std::int64_t age = std::int64_t{as_of} - r.due;
        if (age >= 0 && age < 365) amount += r.invoiced;
    });
    return amount;
}

}  // namespace receivables
