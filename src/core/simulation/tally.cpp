#include "core/simulation/tally.hpp"

#include <algorithm>

namespace receivables {

void simulation_tally::begin(void* memory, std::int32_t paid_within_days) noexcept {
    paid_ = static_cast<std::int64_t*>(memory);
    open_ = paid_ + slots;
    std::fill_n(paid_, 2 * slots, 0);
    paid_within_days_ = paid_within_days;
    report_ = {};
}

bool simulation_tally::add_scheduled(bool is_open, std::int32_t days, std::int64_t after_days,
                                     status* s) noexcept {
    if (after_days < 0 || after_days > max_simulated_days)
        return s->fail(error_code::limit_exceeded,
                       "reminder %lld days after the due date; a simulation takes at most %d",
                       static_cast<long long>(after_days), static_cast<int>(max_simulated_days));
    ++report_.overdue_items;
    // What lies beyond the last place is as late as can be told apart.
    const auto place = std::min(static_cast<std::size_t>(days), slots - 1);
    ++(is_open ? open_ : paid_)[place];
    const bool sent = is_open ? after_days <= days : after_days < days;
    schedule_figures& f = report_.policy;
    if (sent) {
        f.reminders += 1;
        f.paid_soon += !is_open && days <= after_days + paid_within_days_;
    }
    for (int k = 0; k < late_limit_count; ++k) {
        if (days <= late_limits[k]) continue;
        ++report_.late_items[k];
        if (!sent) continue;
        f.late_reminders[k] += 1;
        f.late_days[k] += static_cast<double>(after_days);
    }
    return true;
}

// What the schedule "due date + after_days" would have sent.
schedule_figures simulation_tally::figures_of(std::int32_t after_days) const noexcept {
    schedule_figures f;
    for (auto days = static_cast<std::size_t>(after_days); days < slots; ++days) {
        const auto late = static_cast<std::int64_t>(days);
        const std::int64_t paid = late > after_days ? paid_[days] : 0;
        const auto sent = static_cast<double>(paid + open_[days]);
        f.reminders += sent;
        if (late <= after_days + paid_within_days_) f.paid_soon += static_cast<double>(paid);
        for (int k = 0; k < late_limit_count; ++k)
            if (late > late_limits[k]) f.late_reminders[k] += sent;
    }
    for (int k = 0; k < late_limit_count; ++k) f.late_days[k] = f.late_reminders[k] * after_days;
    return f;
}

// Between two days x and x + 1 of which one sends too many and the other too few: of the reminders
// a share goes out on x, the rest a day later, drawn by lot; these are the figures to be expected.
void simulation_tally::add_fixed(simulation_report* out) const noexcept {
    if (out->policy.reminders == 0) return;
    const auto wanted = static_cast<std::int64_t>(out->policy.reminders);
    std::int64_t sent = out->overdue_items - out->unscheduled_items, before = sent;
    std::int32_t days = 0;
    for (; sent > wanted && days < max_simulated_days; ++days) {
        before = sent;
        sent -= paid_[days + 1] + open_[days];
    }
    out->fixed = figures_of(days);
    out->fixed_days = maybe<double>::of(days);
    if (sent == wanted) return;
    const schedule_figures earlier = figures_of(days - 1);
    const double share = static_cast<double>(before - wanted) / static_cast<double>(before - sent);
    const auto mix = [share](double a, double b) noexcept { return a + share * (b - a); };
    schedule_figures& f = out->fixed;
    out->fixed_days.value = mix(days - 1, days);
    f.reminders = static_cast<double>(wanted);
    f.paid_soon = mix(earlier.paid_soon, f.paid_soon);
    for (int k = 0; k < late_limit_count; ++k) {
        f.late_reminders[k] = mix(earlier.late_reminders[k], f.late_reminders[k]);
        f.late_days[k] = mix(earlier.late_days[k], f.late_days[k]);
    }
}

simulation_report simulation_tally::report() const noexcept {
    simulation_report out = report_;
    add_fixed(&out);
    return out;
}

}  // namespace receivables
