// Walks through the past of one customer from due date to due date, and says for each what had
// become known since the one before.
//
// What is known on the evening of day D: the invoices written by then, and the payments of D and
// the days before. An item whose invoice date is unknown is known from its due date on, or from its
// payment if that is earlier. This is the profile that payment_profile(..., as_of => D) makes of
// the items known.
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/profile/item.hpp"

namespace receivables {

// What the replay needs of a profile.
enum class replay_detail : std::uint8_t {
    nothing,     // no rule looks at one
    timed_days,  // days late and payment dates of timed items: what reminder habits look at
    everything   // amounts, open items, disputes, credits: what segment rules look at
};

struct day_event {
    day_number day;
    std::uint32_t item;
};

// By day, then by item: below, equal to or above 0.
struct event_order {
    int operator()(const day_event& a, const day_event& b) const noexcept {
        if (a.day != b.day) return a.day < b.day ? -1 : 1;
        return a.item < b.item ? -1 : a.item > b.item;
    }
};

// Applies as_of: a payment after it becomes open. False when the invoice was written later.
bool apply_as_of(day_number as_of, item* x) noexcept;

// Whether reminders could concern the item: it was due by as_of, is no credit, was never disputed,
// and is not known to be about nothing.
bool can_be_reminded(const item& x, day_number as_of) noexcept;
// Whether it was still open on the evening of its due date.
inline bool is_overdue(const item& x) noexcept {
    return x.cls == item_class::open || x.days_late > 0;
}
// The first day on which the item is settled in all that is known; of an open item the first on
// which it is known.
day_number settled_day(const item& x) noexcept;

// For profiles of which only the days are asked.
void forget_amount(item* x) noexcept;

class customer_replay {
  public:
    // Memory for as many items each.
    struct memory {
        item* items;
        day_event* due;
        day_event* settled;
        day_event* opened;
        std::uint32_t* waiting;
        item* changes;
    };

    // Takes the first `count` of memory.items, as known on as_of. The lists due(), settled() and
    // opened() have to be sorted by event_order before the first next_due_date().
    void begin(const memory& m, std::uint32_t count, day_number as_of,
               replay_detail detail) noexcept;

    struct events {
        day_event* list;
        std::uint32_t count;
    };
    events due() const noexcept { return {memory_.due, due_count_}; }
    events settled() const noexcept { return {memory_.settled, settled_count_}; }
    events opened() const noexcept { return {memory_.opened, opened_count_}; }

    // Goes on to the next date on which items fell due and were open in the evening; false when
    // there is none.
    bool next_due_date() noexcept;
    day_number day() const noexcept { return day_; }
    // The items of that date.
    std::uint32_t overdue_count() const noexcept { return due_end_ - due_at_; }
    const item& overdue(std::uint32_t i) const noexcept {
        return memory_.items[memory_.due[due_at_ + i].item];
    }

    // What has been settled since the last call, for good: written to memory.changes.
    std::uint32_t take_settled() noexcept;
    // What is known and will be paid later: written to memory.changes as open.
    std::uint32_t list_open() noexcept;

  private:
    memory memory_ = {};
    replay_detail detail_ = replay_detail::nothing;
    day_number day_ = 0;
    std::uint32_t due_count_ = 0, settled_count_ = 0, opened_count_ = 0, waiting_count_ = 0;
    std::uint32_t due_at_ = 0, due_end_ = 0, settled_at_ = 0, opened_at_ = 0;
};

}  // namespace receivables
