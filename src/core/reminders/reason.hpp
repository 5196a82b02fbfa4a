// Says why a reminder goes out on its date, or why there is none: a sentence that a credit manager
// can read to a customer.
#pragma once

#include "core/base/text_writer.hpp"
#include "core/reminders/next_reminder.hpp"

namespace receivables {

// `plan` must be the last that `course` gave.
void write_reminder_reason(const reminder_course& course, const reminder_plan& plan,
                           text_writer* out) noexcept;

}  // namespace receivables
