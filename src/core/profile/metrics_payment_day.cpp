// On which days the customer pays.
#include "core/profile/metrics.hpp"
#include "core/profile/payment_day.hpp"

namespace receivables {

std::int64_t profile_metrics::payment_count() noexcept {
    return count_payment_dates(view_);
}

day_window profile_metrics::best_day() noexcept {
    if (!has_best_day_) best_day_ = best_payment_day(view_);
    has_best_day_ = true;
    return best_day_;
}

namespace {

// Whether a window of all payment dates rules a run out before one looks closely: most customers
// have none. Of more dates than a run is looked for in it cannot tell.
bool is_ruled_out(const day_window& best, const payment_day_rule& rule) noexcept {
    return best.payments <= most_run_payments && !best.qualifies(rule.min_share, rule.min_payments);
}

maybe<double> share_of(const day_window& best) noexcept {
    return best.payments == 0 ? maybe<double>::none() : maybe<double>::of(best.share());
}

}  // namespace

maybe<std::int32_t> profile_metrics::payment_day(const payment_day_rule& rule) noexcept {
    if (is_ruled_out(best_day(), rule)) return maybe<std::int32_t>::none();
    payment_history history;
    read_payments(view_, &history);
    const payment_run run = find_run_days(history, rule, 1);
    return run.found() ? maybe<std::int32_t>::of(run.day[0]) : maybe<std::int32_t>::none();
}

payment_run profile_metrics::payment_days(const payment_day_rule& rule) noexcept {
    payment_history history;
    read_payments(view_, &history);
    return find_run_days(history, rule);
}

payment_run profile_metrics::payment_habit(const payment_day_rule& rule) noexcept {
    payment_history history;
    read_payments(view_, &history);
    return find_payment_run(history, rule);
}

maybe<double> profile_metrics::payment_day_share() noexcept {
    return share_of(best_day());
}

maybe<std::int32_t> profile_metrics::payment_weekday(const payment_day_rule& rule) noexcept {
    if (is_ruled_out(best_payment_weekday(view_), rule)) return maybe<std::int32_t>::none();
    payment_history history;
    read_payments(view_, &history);
    const payment_run run = find_run_weekday(history, rule);
    return run.found() ? maybe<std::int32_t>::of(run.weekday) : maybe<std::int32_t>::none();
}

maybe<double> profile_metrics::payment_weekday_share() noexcept {
    return share_of(best_payment_weekday(view_));
}

}  // namespace receivables
