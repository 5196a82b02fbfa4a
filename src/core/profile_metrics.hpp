// What a payment profile says: every figure of the documentation, computed from a profile_view.
// A profile_metrics remembers what several figures share (the totals, the sorted days late), so that
// asking for many of them of one profile is cheap. It lives on the stack and allocates nothing.
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/civil_date.hpp"
#include "core/decimal.hpp"
#include "core/profile_view.hpp"

namespace receivables {

// A figure that may be missing.
template <class T>
struct maybe {
    bool known = false;
    T value{};
    static maybe none() noexcept { return {}; }
    static maybe of(T v) noexcept { return {true, v}; }
};

struct payment_day_rule {
    double min_share = 0.6;
    std::int64_t min_payments = 5;
};

class profile_metrics {
  public:
    explicit profile_metrics(const profile_view& view) noexcept : view_(view) {}

    const profile_view& view() const noexcept { return view_; }
    const profile_totals& totals() noexcept;

    // Percentiles as percentile_cont computes them, 0 <= fraction <= 1.
    maybe<double> percentile_days_late(double fraction) noexcept;
    maybe<double> median_days_late() noexcept { return percentile_days_late(0.5); }
    maybe<double> spread_days_late() noexcept;
    maybe<double> mean_days_late() noexcept;
    maybe<double> weighted_days_late() noexcept;
    maybe<double> late_share(std::int64_t tolerance_days) noexcept;
    maybe<double> late_amount_share(std::int64_t tolerance_days) noexcept;
    maybe<std::int32_t> structural_days_late(std::int64_t min_items, double max_spread_days) noexcept;
    maybe<double> recent_median_days_late(std::int64_t items) noexcept;
    maybe<double> trend_days_late_per_year() noexcept;

    // Timed items paid at least `from` and at most `to` days after the due date.
    std::int64_t count_days_late(std::int64_t from, std::int64_t to) noexcept;

    // 1..31 from the start of the month, -1 for its last day, -2 for the one before, ...
    maybe<std::int32_t> payment_day(const payment_day_rule& rule) noexcept;
    maybe<double> payment_day_share() noexcept;
    maybe<std::int32_t> payment_weekday(const payment_day_rule& rule) noexcept;
    maybe<double> payment_weekday_share() noexcept;

  private:
    profile_view view_;
};

}  // namespace receivables
