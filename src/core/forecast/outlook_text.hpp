// What an outlook says, in words, and what it rests on: a sentence each.
#pragma once

#include "core/base/text_writer.hpp"
#include "core/forecast/outlook.hpp"

namespace receivables {

// `median`: the day by which half of the customer's own invoices came (median_delay of survival.hpp).
void write_payment_day(const payment_outlook& outlook, double fraction,
                       const maybe<std::int64_t>& median, text_writer* out) noexcept;
void write_payment_probability(const payment_outlook& outlook, day_number by_date,
                               const maybe<std::int64_t>& median, text_writer* out) noexcept;
void write_mean_days_late(const payment_outlook& outlook, const maybe<std::int64_t>& median,
                          text_writer* out) noexcept;

}  // namespace receivables
