// Dated events in order, however many there are.
#pragma once

#include "core/simulation/customer_replay.hpp"
#include "pg/base/postgres.hpp"

namespace receivables {

// Many of them are sorted so that a cancel is noticed.
void sort_interruptibly(day_event* events, std::uint32_t count);

}  // namespace receivables
