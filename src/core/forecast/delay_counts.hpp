// The delays of a profile's invoices by day, as far as they are of use for a forecast.
#pragma once

#include <algorithm>
#include <cstdint>

#include "core/profile/view.hpp"

namespace receivables {

// Delays outside of these days count at the nearest one.
inline constexpr std::int32_t first_delay = -366, last_delay = 731;
inline constexpr std::int32_t delay_cells = last_delay - first_delay + 1;

// How fast the past fades: an invoice due so many days before as_of weighs half of one due now.
inline constexpr double fading_half_life = 240;
double fading_weight(double age_days) noexcept;

class delay_counts {
  public:
    void add_paid(std::int64_t days, double weight, std::int64_t items) noexcept {
        paid_[touch(days)] += weight * static_cast<double>(items);
        at_risk_ += weight * static_cast<double>(items);
        paid_items_ += items;
    }
    void add_unpaid(std::int64_t days, double weight, std::int64_t items) noexcept {
        unpaid_[touch(days)] += weight * static_cast<double>(items);
        at_risk_ += weight * static_cast<double>(items);
        unpaid_items_ += items;
    }

    // Spreads each payment over the days around it, so that the quantiles of a few payments become
    // less a matter of chance: over a triangle with weight b + 1 - |j| on the days j = -b..b, where b
    // is a quarter of the days between the quartiles, rounded. Who always takes as long has b = 0.
    void smooth() noexcept;

    bool is_empty() const noexcept { return paid_items_ == 0; }
    std::int64_t paid_items() const noexcept { return paid_items_; }
    std::int64_t unpaid_items() const noexcept { return unpaid_items_; }
    // No count before this day; beyond the last cell where there is none at all.
    std::int64_t first_day() const noexcept { return std::int64_t{first_delay} + first_; }
    // The weights of all.
    double at_risk() const noexcept { return at_risk_; }
    // `day` within the limits above. An unpaid one was seen until the end of its day.
    double paid(std::int64_t day) const noexcept { return paid_[day - first_delay]; }
    double leaving(std::int64_t day) const noexcept {
        return paid_[day - first_delay] + unpaid_[day - first_delay];
    }

  private:
    std::int32_t spread() const noexcept;
    // The cell of a day, which is then in use.
    std::size_t touch(std::int64_t days) noexcept {
        const auto at = static_cast<std::int32_t>(
            std::clamp<std::int64_t>(days, first_delay, last_delay) - first_delay);
        first_ = std::min(first_, at);
        end_ = std::max(end_, at + 1);
        return static_cast<std::size_t>(at);
    }

    double paid_[delay_cells] = {};
    double unpaid_[delay_cells] = {};
    // The cells in use.
    std::int32_t first_ = delay_cells, end_ = 0;
    double at_risk_ = 0;
    std::int64_t paid_items_ = 0, unpaid_items_ = 0;
};

// In the tables layout an invoice fades with the mean due date of those that took as many days.
struct fading {
    bool on;
    day_number as_of;
    double of(double due) const noexcept {
        return on ? fading_weight(static_cast<double>(as_of) - due) : 1;
    }
};

// delay(due, days_late) is the delay under which an invoice paid so late counts; it is asked in the
// items layout only.
template <class Delay>
void count_delays(const profile_view& view, day_number as_of, bool disputed, bool fades,
                  Delay&& delay, delay_counts* out) noexcept {
    const fading weight{fades, as_of};
    if (view.kind() == profile_kind::items)
        view.for_each_item([&](const item& x) noexcept {
            if (x.cls == item_class::timed || (disputed && x.cls == item_class::disputed_paid))
                out->add_paid(delay(x.due, x.days_late), weight.of(x.due), 1);
        });
    if (view.kind() == profile_kind::tables) {
        const auto add = [&](const table_row& r) noexcept {
            const double due = static_cast<double>(r.sum) / static_cast<double>(r.items);
            out->add_paid(r.key, weight.of(due), r.items);
        };
        const auto add_alike = [&](std::int32_t days, std::int64_t items) noexcept {
            out->add_paid(days, 1, items);
        };
        if (fades) {
            view.tabled().table(profile_table::days_late).each(add);
            if (disputed) view.tabled().table(profile_table::disputed_days_late).each(add);
        } else {
            view.for_each_days_late(add_alike);
            if (disputed) view.for_each_disputed_days_late(add_alike);
        }
    }
    view.for_each_unpaid([&](const unpaid_row& r) noexcept {
        if (disputed || !disputed_invoices.holds(r.cls))
            out->add_unpaid(std::int64_t{as_of} - r.due, weight.of(r.due), r.items);
    });
}

}  // namespace receivables
