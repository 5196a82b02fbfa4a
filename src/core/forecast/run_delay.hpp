// What the payment run of a customer makes of a delay. Who pays on the 25th pays an invoice due on
// the 3rd 22 days late and one due on the 24th a day late: counted from run to run both are the same.
// So an invoice that was paid at the k-th run after its due date counts as paid at the k-th run
// after the due date of the one that is asked for, and as many days off it, unless the run fell on a
// day that is no business day. Then it moves as this customer's payments mostly did: back or on.
#pragma once

#include <cstdint>

#include "core/calendar/business_calendar.hpp"
#include "core/profile/payment_run.hpp"
#include "core/profile/view.hpp"

namespace receivables {

class run_delay {
  public:
    static constexpr std::int32_t most_runs = 24;
    static constexpr std::int32_t nearness = 3;  // days off a run, weekends and holidays

    // Looks for a run where the profile has single items; `calendar` may have every day for business.
    void build(const profile_view& profile, day_number due, const calendar_view& calendar) noexcept;
    const payment_run& run() const noexcept { return run_; }
    // Of an invoice that was paid so many days after its due date.
    std::int64_t operator()(day_number due, std::int32_t days_late) const noexcept;

  private:
    // At which run after its due date it was paid; false when at none.
    bool place(day_number due, std::int32_t days_late, std::int32_t* k,
               std::int64_t* run_date) const noexcept;
    std::int64_t moved(std::int64_t run_date) const noexcept;

    payment_run run_;
    const calendar_view* calendar_ = nullptr;
    day_number due_ = 0;
    bool pays_before_ = false;
    std::int64_t dates_[most_runs + 1];
};

}  // namespace receivables
