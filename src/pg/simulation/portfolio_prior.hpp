// How the whole portfolio of a history paid, as known on the evening of each due date: the prior of
// a simulation.
#pragma once

#include "core/reminders/habit.hpp"
#include "core/simulation/invoice_history.hpp"
#include "pg/base/postgres.hpp"

namespace receivables {

class portfolio_prior {
  public:
    // For every due date of an item that reminders could concern. Allocates in the current context.
    void build(const history_view& history, day_number as_of);

    // nullptr for another day.
    const delay_tail* on_day(day_number day) const;

  private:
    std::uint32_t count_;
    day_number* days_;  // ascending
    delay_tail* tails_;
};

}  // namespace receivables
