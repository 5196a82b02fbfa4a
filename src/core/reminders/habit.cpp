#include "core/reminders/habit.hpp"

#include <algorithm>

namespace receivables {

namespace {

// (k + w q) / (n + w) >= min_share in whole numbers. With a prior that has items of that delay q is
// their ratio and w = 4; else q = 0 and w = 1. Counts beyond 2^50 no table holds; they are scaled
// down so that the products fit into 128 bits.
bool is_payment_near(wait_evidence own, wait_evidence prior, std::int32_t min_share) noexcept {
    const auto shrink = [](wait_evidence& e) noexcept {
        for (; e.at_least > (std::int64_t{1} << 50); e.at_least /= 2) e.paid_in_time /= 2;
    };
    shrink(own);
    shrink(prior);
    const int128 k = own.paid_in_time, n = own.at_least;
    if (prior.at_least == 0) return k * share_units >= (n + 1) * min_share;
    const int128 prior_k = prior.paid_in_time, prior_n = prior.at_least;
    return (k * prior_n + 4 * prior_k) * share_units >= (n + 4) * prior_n * min_share;
}

void apply_wait(const wait_rule& rule, day_number due, std::int64_t step_day,
                const profile_metrics* profile, const delay_tail* prior,
                habit_effect* effect) noexcept {
    const std::int64_t from = step_day - due;
    if (from < 0 || from >= rule.until_days || (profile == nullptr && prior == nullptr)) return;
    const auto first = static_cast<std::int32_t>(from);
    delay_tail tail;
    if (profile != nullptr) tail.build(profile->view(), first, rule.until_days + rule.within_days);
    const auto own = [&](std::int32_t d) noexcept {
        return profile != nullptr ? tail.on_day(d, rule.within_days) : wait_evidence();
    };
    const auto others = [&](std::int32_t d) noexcept {
        return prior != nullptr ? prior->on_day(d, rule.within_days) : wait_evidence();
    };
    std::int32_t day = first;
    while (day < rule.until_days && is_payment_near(own(day), others(day), rule.min_share)) ++day;
    if (day == first) return;
    effect->kind = habit_kind::wait;
    effect->day = std::int64_t{due} + day;
    effect->own = own(first);
    effect->prior = others(first);
}

// Who pays on the 25th pays on the next business day when that is none. The first such day on or
// after the due date belongs to the first day of the run after the last business day before it.
void apply_payment_day(const payment_day_habit& rule, day_number due, profile_metrics* profile,
                       const calendar_view& calendar, habit_effect* effect) noexcept {
    const payment_run run = profile->payment_habit(
        {static_cast<double>(rule.min_share) / share_units, rule.min_payments});
    if (!run.found()) return;
    const std::int64_t first = calendar.nth(calendar.count_before(due) - 1) + 1;
    const std::int64_t wanted =
        next_run_date(run, static_cast<day_number>(std::max<std::int64_t>(first, min_day)));
    const std::int64_t date = calendar.nth(calendar.count_before(wanted));
    if (date - due > rule.within_days || date + rule.grace_days <= effect->day) return;
    effect->kind = habit_kind::payment_day;
    effect->day = date + rule.grace_days;
    effect->run = run;
    effect->payment_date = date;
}

void apply_structural(const structural_shift& rule, std::int64_t step_day, profile_metrics* profile,
                      habit_effect* effect) noexcept {
    const maybe<std::int32_t> late =
        profile->structural_days_late(rule.min_items, rule.max_spread_days);
    if (!late.known) return;
    const std::int32_t shift = std::min(late.value, rule.max_days);
    if (step_day + shift <= effect->day) return;
    effect->kind = habit_kind::structural;
    effect->day = step_day + shift;
    effect->late_days = late.value;
    effect->shift_days = shift;
}

}  // namespace

void delay_tail::build(const profile_view& view, std::int32_t first, std::int32_t last) noexcept {
    first_ = first;
    const auto days = static_cast<std::size_t>(last - first + 1);
    std::fill_n(at_least_, days, 0);
    view.for_each_days_late([this, first, days](std::int32_t late, std::int64_t items) noexcept {
        if (late < first) return;
        const auto place = static_cast<std::size_t>(std::int64_t{late} - first);
        at_least_[std::min(place, days - 1)] += items;
    });
    for (std::size_t i = days - 1; i > 0; --i) at_least_[i - 1] += at_least_[i];
}

habit_effect apply_habits(const dunning_settings& settings, day_number due, std::int64_t step_day,
                          profile_metrics* profile, const delay_tail* prior,
                          const calendar_view& calendar) noexcept {
    habit_effect effect;
    effect.day = step_day;
    if (settings.wait.on) apply_wait(settings.wait, due, step_day, profile, prior, &effect);
    if (profile == nullptr || profile->view().is_empty()) return effect;
    if (settings.payment_day.on)
        apply_payment_day(settings.payment_day, due, profile, calendar, &effect);
    if (settings.structural.on) apply_structural(settings.structural, step_day, profile, &effect);
    return effect;
}

}  // namespace receivables
