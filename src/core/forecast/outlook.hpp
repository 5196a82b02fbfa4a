// When an open invoice is paid, as a distribution over days.
//
// The chance that it is paid d days after its due date, when it was not paid before, is a mixture of
// what the customer has shown, what others have shown, and a tail:
//
//            paid(d) + w * p(d)
//   h(d) = -----------------------      w = prior_weight, p(d) = P(d - 1) - P(d)
//           at risk(d) + w * P(d - 1)
//
// where P is the share unpaid after day d in the prior, and paid and at risk are the customer's own
// counts (survival.hpp), in which the past fades and payments are spread a little
// (delay_counts.hpp). This is the mean of the posterior of a Dirichlet process around the prior with
// the weight of w invoices (Susarla and Van Ryzin, 1976): who has shown nothing pays as the prior
// does, who has shown much as he did, and what is open longer than anything he paid falls back on
// the prior. The prior is made in the same way from its own counts as they are, around the tail with
// weight tail_weight. The tail is geometric: from the due date on 1 in tail_days of what is unpaid
// is paid a day. Where there is no prior the customer's own counts stand on the tail directly.
//
// Of an invoice that is unpaid on as_of:
//
//   S(d) = product over the days from as_of + 1 to d of (1 - h)
//
// up to a horizon of horizon_days after as_of or the due date, whichever is later. What is unpaid
// then is said to come never. A payment on a day that is no business day comes on the next one.
#pragma once

#include <cstdint>

#include "core/base/maybe.hpp"
#include "core/calendar/business_calendar.hpp"
#include "core/forecast/delay_counts.hpp"
#include "core/forecast/run_delay.hpp"

namespace receivables {

inline constexpr double prior_weight = 1, tail_weight = 0.5, tail_days = 90;
inline constexpr std::int32_t horizon_days = 730;

struct outlook_question {
    day_number due;
    day_number as_of;
    bool disputed;           // count what is or was in dispute
    calendar_view calendar;  // with every day a business day where none is given
};

class payment_outlook {
  public:
    // False when nobody has paid anything: then there is nothing to say. Either view may be empty.
    bool build(const profile_view& own, const profile_view& prior,
               const outlook_question& question) noexcept;

    // The first day by which at least the fraction is paid; unknown when it comes never.
    maybe<std::int64_t> payment_day(double fraction) const noexcept;
    // Of what is unpaid on as_of, the share that is paid by the end of the day.
    double share_paid_by(std::int64_t day) const noexcept;
    // The mean of days late; what comes never counts as paid at the horizon.
    double mean_days_late() const noexcept;
    double share_never() const noexcept;

    const outlook_question& question() const noexcept { return question_; }
    const payment_run& run() const noexcept { return run_.run(); }
    std::int64_t own_paid() const noexcept { return own_.paid_items(); }
    std::int64_t own_unpaid() const noexcept { return own_.unpaid_items(); }
    std::int64_t prior_paid() const noexcept { return prior_.paid_items(); }
    std::int64_t business_day(std::int64_t day) const noexcept {
        return question_.calendar.nth(question_.calendar.count_before(day));
    }

  private:
    std::int64_t horizon() const noexcept {
        return std::int64_t{std::max(question_.due, question_.as_of)} + horizon_days;
    }
    // f(delay, share unpaid), for the days after as_of with a chance of payment, until it says false.
    template <class F>
    void walk(F&& f) const noexcept;

    outlook_question question_;
    run_delay run_;
    delay_counts own_;
    delay_counts prior_;
};

}  // namespace receivables
