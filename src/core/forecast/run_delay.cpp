#include "core/forecast/run_delay.hpp"

#include "core/profile/metrics.hpp"

namespace receivables {

namespace {

constexpr payment_day_rule forecast_rule = {0.6, 8};

// Dates so near to the limits have no runs around them.
bool is_ordinary(std::int64_t day) noexcept {
    return day > min_day + 10000 && day < max_day - 10000;
}

}  // namespace

void run_delay::build(const profile_view& profile, day_number due,
                      const calendar_view& calendar) noexcept {
    run_ = payment_run();
    if (profile.kind() != profile_kind::items || !is_ordinary(due) ||
        profile.timed_count() < forecast_rule.min_payments)
        return;
    profile_metrics metrics(profile);
    run_ = metrics.payment_habit(forecast_rule);
    if (!run_.found()) return;
    due_ = due;
    calendar_ = &calendar;
    dates_[0] = next_run_date(run_, due);
    for (std::int32_t k = 1; k <= most_runs; ++k)
        dates_[k] = next_run_date(run_, static_cast<day_number>(dates_[k - 1] + 1));
    std::int64_t before = 0;
    profile.for_each_item([&](const item& x) noexcept {
        std::int32_t k;
        std::int64_t date;
        if (x.cls != item_class::timed || !place(x.due, x.days_late, &k, &date)) return;
        if (calendar.is_business_day(date)) return;
        before += x.paid() < date ? 1 : x.paid() > date ? -1 : 0;
    });
    pays_before_ = before > 0;
}

bool run_delay::place(day_number due, std::int32_t days_late, std::int32_t* k,
                      std::int64_t* run_date) const noexcept {
    const std::int64_t paid = std::int64_t{due} + days_late;
    if (!is_ordinary(due) || !is_ordinary(paid)) return false;
    std::int64_t date = next_run_date(run_, due);
    for (*k = 0; *k <= most_runs; ++*k) {
        if (date + nearness >= paid) {
            *run_date = date;
            return date - nearness <= paid;
        }
        date = next_run_date(run_, static_cast<day_number>(date + 1));
    }
    return false;
}

std::int64_t run_delay::moved(std::int64_t run_date) const noexcept {
    const std::int64_t before = calendar_->count_before(run_date);
    if (calendar_->is_business_day(run_date)) return run_date;
    return calendar_->nth(pays_before_ ? before - 1 : before);
}

std::int64_t run_delay::operator()(day_number due, std::int32_t days_late) const noexcept {
    std::int32_t k;
    std::int64_t date;
    if (!run_.found() || !place(due, days_late, &k, &date)) return days_late;
    const std::int64_t off = calendar_->is_business_day(date) ? due + days_late - date : 0;
    return moved(dates_[k]) + off - due_;
}

}  // namespace receivables
