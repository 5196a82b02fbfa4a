// How long this customer's own habits say to wait with the first reminder: rule 2 of
// next_reminder.hpp.
#pragma once

#include <cstdint>

#include "core/dunning_policy.hpp"
#include "core/profile_metrics.hpp"

namespace receivables {

enum class habit_kind : std::uint8_t { none, wait, payment_day, structural };

// Timed items that were paid `at_least` that late, and of these those that were paid in time.
struct wait_evidence {
    std::int64_t paid_in_time = 0;
    std::int64_t at_least = 0;
};

struct habit_effect {
    habit_kind kind = habit_kind::none;
    std::int64_t day = 0;  // the date that the habit asks for; the step's when there is none
    // On the day of the step.
    wait_evidence own;
    wait_evidence prior;
    std::int32_t payment_day = 0;   // 1..31, -1 for the last day of the month, ...
    std::int64_t payment_date = 0;  // the first one on or after the due date
    std::int32_t late_days = 0;     // structurally
    std::int32_t shift_days = 0;    // of these granted
};

// The latest of the step and of what the habits ask for; where two ask for the same day the one
// named first in habit_kind is given as the reason. Either profile may be nullptr. The day may lie
// beyond the limits of type date.
habit_effect apply_habits(const dunning_settings& settings, day_number due, std::int64_t step_day,
                          profile_metrics* profile, profile_metrics* prior) noexcept;

// The first date on or after `from` with that day of the month: 31 is the last day of a shorter
// month, -1 the last day of any, -2 the one before it.
std::int64_t next_payment_date(std::int32_t payment_day, day_number from) noexcept;

}  // namespace receivables
