#include "core/simulation/customer_replay.hpp"

#include <algorithm>

namespace receivables {

namespace {

// The first day on which anything of the item is known.
day_number known_day(const item& x) noexcept {
    if (x.terms != no_terms) return x.invoiced();
    return x.has_paid_date() ? std::min(x.due, x.paid()) : x.due;
}

}  // namespace

bool apply_as_of(day_number as_of, item* x) noexcept {
    if (x->terms != no_terms && x->invoiced() > as_of) return false;
    if (x->has_paid_date() && x->paid() > as_of) make_open(x);
    return true;
}

bool can_be_reminded(const item& x, day_number as_of) noexcept {
    return (x.cls == item_class::timed || x.cls == item_class::open) && x.due <= as_of &&
           !(x.has_amount && x.amount == 0);
}

void forget_amount(item* x) noexcept {
    x->has_amount = false;
    x->scale = 0;
    x->amount = 0;
}

day_number settled_day(const item& x) noexcept {
    return x.has_paid_date() ? std::max(x.paid(), known_day(x)) : known_day(x);
}

void customer_replay::begin(const memory& m, std::uint32_t count, day_number as_of,
                            replay_detail detail) noexcept {
    memory_ = m;
    detail_ = detail;
    due_count_ = settled_count_ = opened_count_ = waiting_count_ = 0;
    due_at_ = due_end_ = settled_at_ = opened_at_ = 0;
    for (std::uint32_t i = 0; i < count; ++i) {
        const item& x = m.items[i];
        if (can_be_reminded(x, as_of) && is_overdue(x)) m.due[due_count_++] = {x.due, i};
        if (detail == replay_detail::everything) {
            const day_number settled = settled_day(x), known = known_day(x);
            m.settled[settled_count_++] = {settled, i};
            if (known < settled) m.opened[opened_count_++] = {known, i};
        } else if (detail == replay_detail::timed_days && x.cls == item_class::timed) {
            m.settled[settled_count_++] = {settled_day(x), i};
        }
    }
}

bool customer_replay::next_due_date() noexcept {
    due_at_ = due_end_;
    if (due_at_ == due_count_) return false;
    day_ = memory_.due[due_at_].day;
    while (due_end_ < due_count_ && memory_.due[due_end_].day == day_) ++due_end_;
    return true;
}

std::uint32_t customer_replay::take_settled() noexcept {
    std::uint32_t count = 0;
    for (; settled_at_ < settled_count_ && memory_.settled[settled_at_].day <= day_;
         ++settled_at_) {
        item* x = &memory_.changes[count++];
        *x = memory_.items[memory_.settled[settled_at_].item];
        if (detail_ == replay_detail::timed_days) forget_amount(x);
    }
    return count;
}

std::uint32_t customer_replay::list_open() noexcept {
    for (; opened_at_ < opened_count_ && memory_.opened[opened_at_].day <= day_; ++opened_at_)
        memory_.waiting[waiting_count_++] = memory_.opened[opened_at_].item;
    std::uint32_t count = 0;
    for (std::uint32_t i = 0; i < waiting_count_; ++i) {
        const item& x = memory_.items[memory_.waiting[i]];
        if (settled_day(x) <= day_) continue;
        memory_.waiting[count] = memory_.waiting[i];
        memory_.changes[count] = x;
        make_open(&memory_.changes[count++]);
    }
    waiting_count_ = count;
    return count;
}

}  // namespace receivables
