// Counts what a dunning policy would have sent, and what the fixed schedule "due date + x" would
// have sent that sends as many first reminders.
//
// The run is at the end of the day: a reminder of day d goes out when the item was not paid on d or
// before. So a schedule of x days reminds what was paid more than x days late, and what is open
// when due date + x is not after as_of. For the fixed schedule it is therefore enough to know how
// many items were paid how late, and how old the open ones are.
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/base/status.hpp"
#include "core/profile/metrics.hpp"

namespace receivables {

// The figures look at items that ended more than this many days late.
inline constexpr std::int32_t late_limits[] = {14, 30};
inline constexpr int late_limit_count = 2;

// Beyond this a reminder is an error: far more than a policy and a sensible calendar can give.
inline constexpr std::int32_t max_simulated_days = 65535;
inline constexpr std::int32_t max_paid_within_days = 3650;

// First reminders of one schedule. Whole numbers for the policy; the fixed schedule that lies
// between two days has fractions.
struct schedule_figures {
    double reminders = 0;
    double paid_soon = 0;  // of them, paid within N days after the reminder
    double late_reminders[late_limit_count] = {};
    double late_days[late_limit_count] = {};  // days after the due date of late_reminders, in all

    maybe<double> mean_late_days(int limit) const noexcept {
        return late_reminders[limit] > 0
                   ? maybe<double>::of(late_days[limit] / late_reminders[limit])
                   : maybe<double>::none();
    }
};

struct simulation_report {
    std::int64_t items = 0;
    std::int64_t overdue_items = 0;
    std::int64_t unscheduled_items = 0;
    std::int64_t late_items[late_limit_count] = {};
    schedule_figures policy;
    maybe<double> fixed_days;  // x; none when nothing was sent
    schedule_figures fixed;
};

class simulation_tally {
  public:
    static constexpr std::size_t slots = max_simulated_days + max_paid_within_days + 2;
    static constexpr std::size_t memory_size = 2 * slots * sizeof(std::int64_t);

    // `memory` has memory_size bytes at a multiple of 8.
    void begin(void* memory, std::int32_t paid_within_days) noexcept;

    void add_item() noexcept { ++report_.items; }
    // An overdue item for which the policy has no date.
    void add_unscheduled() noexcept {
        ++report_.overdue_items;
        ++report_.unscheduled_items;
    }
    // An overdue item that the policy reminds `after_days` after the due date, if it is open then.
    // `days` is its days late when it was paid, else its age on as_of.
    bool add_scheduled(bool is_open, std::int32_t days, std::int64_t after_days,
                       status* s) noexcept;

    // Can be asked once all is counted.
    simulation_report report() const noexcept;

  private:
    schedule_figures figures_of(std::int32_t after_days) const noexcept;
    void add_fixed(simulation_report* out) const noexcept;

    std::int32_t paid_within_days_ = 0;
    std::int64_t* paid_ = nullptr;  // items by days late
    std::int64_t* open_ = nullptr;  // items by age
    simulation_report report_;
};

}  // namespace receivables
