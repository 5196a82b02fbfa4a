#include "pg/base/postgres.hpp"

#include <algorithm>
#include <new>

#include "core/simulation/customer_replay.hpp"
#include "pg/base/error.hpp"
#include "pg/base/memory.hpp"
#include "pg/base/sort.hpp"
#include "pg/simulation/growing_profile.hpp"
#include "pg/simulation/portfolio_prior.hpp"

namespace receivables {

namespace {

// Items that are added to the profile at once.
constexpr std::uint32_t batch_size = 4096;

bool read_as_known(const history_view& history, std::uint32_t i, day_number as_of, item* out) {
    status s;
    if (!history.read(i, out, &s)) raise(s);
    return apply_as_of(as_of, out);
}

// The two lists of dates: when each timed item became known, and on which dates items fell due.
struct portfolio_events {
    day_event* settled;
    day_event* due;
    std::uint32_t settled_count;
    std::uint32_t due_count;
};

portfolio_events collect_events(const history_view& history, day_number as_of) {
    portfolio_events events = {allocate<day_event>(history.count()),
                               allocate<day_event>(history.count()), 0, 0};
    for (std::uint32_t i = 0; i < history.count(); ++i) {
        item x;
        if (i % 65536 == 0) CHECK_FOR_INTERRUPTS();
        if (!read_as_known(history, i, as_of, &x)) continue;
        if (x.cls == item_class::timed)
            events.settled[events.settled_count++] = {settled_day(x), i};
        if (can_be_reminded(x, as_of) && is_overdue(x)) events.due[events.due_count++] = {x.due, 0};
    }
    sort_values(events.settled, events.settled_count, event_order());
    sort_values(events.due, events.due_count, event_order());
    return events;
}

}  // namespace

void portfolio_prior::build(const history_view& history, day_number as_of) {
    const portfolio_events events = collect_events(history, as_of);
    count_ = 0;
    days_ = allocate<day_number>(events.due_count);
    for (std::uint32_t i = 0; i < events.due_count; ++i)
        if (count_ == 0 || days_[count_ - 1] != events.due[i].day)
            days_[count_++] = events.due[i].day;
    require_work_memory(
        static_cast<double>(count_) * sizeof(delay_tail),
        psprintf("the portfolio as prior of a simulation over %u different due dates", count_));
    tails_ = allocate<delay_tail>(count_);
    growing_profile profile;
    profile.create();
    item* batch = allocate<item>(batch_size);
    std::uint32_t settled = 0;
    for (std::uint32_t d = 0; d < count_; ++d) {
        CHECK_FOR_INTERRUPTS();
        while (settled < events.settled_count && events.settled[settled].day <= days_[d]) {
            CHECK_FOR_INTERRUPTS();
            std::uint32_t filled = 0;
            for (; filled < batch_size && settled < events.settled_count &&
                   events.settled[settled].day <= days_[d];
                 ++settled) {
                item* x = &batch[filled++];
                read_as_known(history, events.settled[settled].item, as_of, x);
                forget_amount(x);
            }
            profile.add(batch, filled);
        }
        (new (&tails_[d]) delay_tail)->build(profile.view());
    }
}

const delay_tail* portfolio_prior::on_day(day_number day) const {
    const day_number* end = days_ + count_;
    const day_number* found = std::lower_bound<const day_number*>(days_, end, day);
    return found != end && *found == day ? &tails_[found - days_] : nullptr;
}

}  // namespace receivables
