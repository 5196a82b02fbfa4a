// How long this customer's own habits say to wait with the first reminder: rule 2 of
// next_reminder.hpp.
#pragma once

#include <cstdint>

#include "core/calendar/business_calendar.hpp"
#include "core/profile/metrics.hpp"
#include "core/reminders/dunning_policy.hpp"

namespace receivables {

enum class habit_kind : std::uint8_t { none, wait, payment_day, structural };

// Timed items that were paid `at_least` that late, and of these those that were paid in time.
struct wait_evidence {
    std::int64_t paid_in_time = 0;
    std::int64_t at_least = 0;
};

// How many timed items were paid d or more days late, for every d from `first` on: built in one
// pass over a profile, it answers for every day that may be waited.
class delay_tail {
  public:
    static constexpr std::int32_t last_day = 2 * max_habit_days + 1;

    // For d from `first` to `last`, 0 <= first <= last <= last_day.
    void build(const profile_view& view, std::int32_t first, std::int32_t last) noexcept;
    void build(const profile_view& view) noexcept { build(view, 0, last_day); }

    wait_evidence on_day(std::int32_t d, std::int32_t within) const noexcept {
        const std::int64_t at_least = at_least_[d - first_];
        return {at_least - at_least_[d - first_ + within + 1], at_least};
    }

  private:
    std::int32_t first_ = 0;
    std::int64_t at_least_[last_day + 1];
};

struct habit_effect {
    habit_kind kind = habit_kind::none;
    std::int64_t day = 0;  // the date that the habit asks for; the step's when there is none
    // On the day of the step.
    wait_evidence own;
    wait_evidence prior;
    payment_run run;                // the days of the month or the weekday of the payments
    std::int64_t payment_date = 0;  // the business day on which that falls, next from the due date
    std::int32_t late_days = 0;     // structurally
    std::int32_t shift_days = 0;    // of these granted
};

// The latest of the step and of what the habits ask for; where two ask for the same day the one
// named first in habit_kind is given as the reason. Profile and prior may be nullptr. The day may
// lie beyond the limits of type date.
habit_effect apply_habits(const dunning_settings& settings, day_number due, std::int64_t step_day,
                          profile_metrics* profile, const delay_tail* prior,
                          const calendar_view& calendar) noexcept;

}  // namespace receivables
