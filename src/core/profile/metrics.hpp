// What a payment profile says: every figure of the documentation, computed from a profile_view.
// A profile_metrics remembers what several figures share (the totals, the sorted days late), so
// that asking for many of them of one profile is cheap. It lives on the stack and allocates
// nothing.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>

#include "core/base/civil_date.hpp"
#include "core/base/decimal.hpp"
#include "core/base/maybe.hpp"
#include "core/profile/day_window.hpp"
#include "core/profile/view.hpp"

namespace receivables {

struct payment_day_rule {
    double min_share = 0.6;
    std::int64_t min_payments = 5;
};

// Sample standard deviation, population skewness (g1) and excess kurtosis (g2) of days late.
struct delay_moments {
    maybe<double> stddev, skewness, kurtosis;
};

// Timed items of one number of days late.
struct histogram_row {
    std::int32_t days_late;
    std::int64_t items;
    int128 amount;
};

class profile_metrics {
  public:
    explicit profile_metrics(const profile_view& view) noexcept : view_(view) {}
    // Of the view that open() returns, which is made in its place: copying one that was just
    // written stalls.
    template <class F>
    static profile_metrics of(F&& open) {
        return profile_metrics(in_place{}, open);
    }

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
    maybe<std::int32_t> min_days_late() noexcept;
    maybe<std::int32_t> max_days_late() noexcept;
    maybe<std::int32_t> structural_days_late(std::int64_t min_items,
                                             double max_spread_days) noexcept;
    maybe<double> recent_median_days_late(std::int64_t items) noexcept;
    std::int64_t late_streak() noexcept;
    maybe<double> trend_days_late_per_year() noexcept;
    maybe<double> prompt_payment_score() noexcept;
    delay_moments moments() noexcept;

    // Timed items paid at least `from` and at most `to` days after the due date.
    std::int64_t count_days_late(std::int64_t from, std::int64_t to) noexcept;

    // Open, undisputed items with due date + older_than_days < as_of.
    int128 overdue_amount(day_number as_of, std::int64_t older_than_days) noexcept;
    std::int64_t overdue_count(day_number as_of, std::int64_t older_than_days) noexcept;
    // Overdue less open credits, not below 0.
    int128 net_overdue_amount(day_number as_of, std::int64_t older_than_days) noexcept;
    maybe<std::int32_t> oldest_overdue_days(day_number as_of) noexcept;
    // The mean of the days late of timed items and of overdue ones, as late as they are on as_of.
    maybe<double> days_late_so_far(day_number as_of) noexcept;
    maybe<double> invoice_interval_days() noexcept;
    // What was invoiced with due dates in the 365 days up to as_of, less credit notes.
    int128 amount_last_year(day_number as_of) noexcept;

    std::int64_t payment_count() noexcept;
    // 1..31 from the start of the month, -1 for its last day, -2 for the one before, ...
    maybe<std::int32_t> payment_day(const payment_day_rule& rule) noexcept;
    maybe<double> payment_day_share() noexcept;
    maybe<std::int32_t> payment_weekday(const payment_day_rule& rule) noexcept;
    maybe<double> payment_weekday_share() noexcept;

    // No fewer rows than for_each_histogram_row gives.
    std::size_t most_histogram_rows() const noexcept {
        return view_.kind() == profile_kind::tables
                   ? view_.tabled().table(profile_table::days_late).rows()
                   : most_listed_items;
    }
    // f(const histogram_row&) by ascending days late.
    template <class F>
    void for_each_histogram_row(F&& f) noexcept;

  private:
    struct in_place {};
    template <class F>
    profile_metrics(in_place, F& open) : view_(open()) {}

    void sort_days() noexcept;
    day_window best_day() noexcept;
    // The days late of the item at `rank` (from 0) in ascending order.
    std::int32_t days_at(std::int64_t rank) noexcept;

    profile_view view_;
    bool has_totals_ = false;
    bool has_sorted_ = false;
    bool has_best_day_ = false;
    day_window best_day_;
    // Set only when has_totals_: most figures need none, and clearing them takes longer than many.
    union {
        char no_totals_ = 0;
        profile_totals totals_;
    };
    // In the items layout: the days late in ascending order. The tables are sorted already.
    std::int32_t sorted_[most_listed_items];
};

// A percentile of n > 0 numbers in ascending order, days_at(rank) from rank 0 on, as
// percentile_cont computes it and in the same operations.
template <class F>
double percentile_of(double fraction, std::int64_t n, F&& days_at) noexcept {
    const double position = fraction * static_cast<double>(n - 1);
    const auto low_rank = static_cast<std::int64_t>(std::floor(position));
    const auto high_rank = static_cast<std::int64_t>(std::ceil(position));
    const double low = days_at(low_rank);
    const double high = low_rank == high_rank ? low : days_at(high_rank);
    return low + (position - static_cast<double>(low_rank)) * (high - low);
}

// The days late of timed items by rank, for many percentiles of one profile.
class delay_ranks {
  public:
    struct row {
        std::int64_t end;  // the rank after the last of these items
        std::int32_t days_late;
    };
    // `rows` has room for most_histogram_rows().
    void build(profile_metrics& profile, row* rows) noexcept;
    bool is_empty() const noexcept { return count_ == 0; }
    // Not of none.
    double percentile(double fraction) const noexcept;

  private:
    const row* rows_ = nullptr;
    std::size_t count_ = 0;
};

template <class F>
void profile_metrics::for_each_histogram_row(F&& f) noexcept {
    if (view_.kind() != profile_kind::items) {
        view_.for_each_timed([&](const timed_row& r) {
            f(histogram_row{r.days_late, r.items, r.amount});
        });
        return;
    }
    histogram_row rows[most_listed_items];
    std::size_t count = 0;
    view_.for_each_timed([&](const timed_row& r) { rows[count++] = {r.days_late, 1, r.amount}; });
    std::sort(rows, rows + count, [](const histogram_row& a, const histogram_row& b) {
        return a.days_late < b.days_late;
    });
    for (std::size_t i = 0; i < count;) {
        histogram_row sum = rows[i++];
        for (; i < count && rows[i].days_late == sum.days_late; ++i) {
            ++sum.items;
            sum.amount += rows[i].amount;
        }
        f(static_cast<const histogram_row&>(sum));
    }
}

}  // namespace receivables
