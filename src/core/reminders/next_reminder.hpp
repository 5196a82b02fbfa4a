// When an unpaid invoice is reminded next, and how that date came about.
//
// Five rules make the date, in this order:
//   1 step        due date (or previous reminder) + after_days, inclusive, or the end of that
//                 month; no level before the due date
//   2 habit       for the first level after the due date: the latest of the step and of wait,
//                 payment_day and structural_shift
//   3 latest      latest_after_due_days caps what 2 and 5 add, never the step itself
//   4 not before  last contact + interval, the count-th last contact + within_days (max_contacts),
//                 not_before, promise + grace; nothing overrides these
//   5 roll        to a business day; back instead where forward would pass 3 and back keeps 4
//
// Nothing here reads a clock. as_of decides four things only: whether a notice before the due date
// has lapsed, how far skip_levels goes, whether start applies, and is_reminder_due.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/base/status.hpp"
#include "core/calendar/business_calendar.hpp"
#include "core/profile/metrics.hpp"
#include "core/reminders/dunning_policy.hpp"
#include "core/reminders/habit.hpp"

namespace receivables {

// What is known of the invoice and its customer. What is not known stays as it is here.
struct reminder_request {
    day_number due_date = 0;
    maybe<decimal> open_amount;
    maybe<day_number> as_of;
    std::string_view segment;
    profile_metrics* profile = nullptr;
    const delay_tail* prior = nullptr;
    calendar_view calendar;  // every day is a business day
    bool has_calendar = false;
    std::int32_t last_level = 0;
    maybe<day_number> last_reminder_date;
    maybe<std::int32_t> reminder_count;
    maybe<day_number> last_contact_date;
    const day_number* contacts = nullptr;  // days of contacts with the customer, in any order
    std::size_t contact_count = 0;
    bool reviewed = false;  // a person has decided that it is dunned: start does not apply
    bool disputed = false;
    maybe<day_number> not_before;
    maybe<day_number> promised_date;
    std::string_view channel;
};

// What a step counted from.
enum class base_kind : std::uint8_t {
    due_date,
    previous,  // the reminder before it, on its known date
    assumed,   // the reminder before it, on the date that its step had
    skipped    // the level before it, which skip_levels passes over
};

enum class bound_kind : std::uint8_t { none, interval, contacts, not_before, promise };

// Why there is no reminder, where the status alone does not say it.
enum class refusal : std::uint8_t {
    none,
    disputed,
    segment_hold,
    no_steps,
    only_notices,  // all of them are past
    too_old,       // start
    below_policy_minimum,
    below_step_minimum,
    all_levels,
    max_reminders
};

// How the date came about. Days that no rule moved repeat the day before them.
struct reminder_trace {
    base_kind base = base_kind::due_date;
    std::int64_t base_day = 0;
    std::int32_t after_days = 0;  // of the step, or of its repetition
    day_unit unit = day_unit::days;
    bool end_of_month = false;
    std::int64_t step_day = 0;
    bool held_for_due_date = false;  // it would have been before it
    habit_effect habit;
    std::int64_t capped_day = 0;  // after rules 2 and 3
    bound_kind bound = bound_kind::none;
    std::int32_t interval_days = 0;  // the one that holds for the step
    std::int64_t bound_day = 0;      // after rule 4
    bool promise_refused = false;    // it lies beyond promise_max_days
    std::int32_t skipped_level = 0;  // the first level passed over; 0: none
    refusal why = refusal::none;
};

struct reminder_plan {
    reminder_status status = reminder_status::settled;
    // The step that goes out next, or waits; there is none when all is done.
    bool has_step = false;
    reminder_step step;
    bool is_repeat = false;
    day_number date = 0;  // only when scheduled
    reminder_trace trace;
};

// How far the invoice has come.
struct reminder_progress {
    std::int32_t last_level = 0;
    bool anything_sent = false;
    maybe<std::int64_t> last_reminder;
    base_kind last_reminder_as = base_kind::previous;
    maybe<std::int64_t> last_contact;
    std::int64_t count = 0;
    // As many as a limit can ask for, the latest first.
    std::int64_t contacts[max_contact_limit] = {};
    std::int32_t contact_count = 0;

    void add_contact(std::int64_t day) noexcept;
};

// One invoice on its way through the steps of a policy: next() again and again gives the reminders
// that go out if each is sent on its date and nothing is paid.
class reminder_course {
  public:
    // The policy and what the request points to must outlive the course. False with a status for
    // dates that are infinite, levels and counts that cannot be, and damaged policies.
    bool begin(const policy_view& policy, const reminder_request& request, status* s) noexcept;
    bool next(reminder_plan* out, status* s) noexcept;

    // Whether a profile and a prior can make a difference, so that they need not be opened
    // otherwise; they may be given between begin() and next().
    bool wants_profile() const noexcept;
    bool wants_prior() const noexcept { return settings_.wait.on && wants_profile(); }
    void set_profile(profile_metrics* profile) noexcept { request_.profile = profile; }
    void set_prior(const delay_tail* prior) noexcept { request_.prior = prior; }

    const dunning_settings& settings() const noexcept { return settings_; }
    const reminder_request& request() const noexcept { return request_; }

  private:
    // next_reminder_steps.cpp: which step it is.
    bool plan(const reminder_progress& progress, reminder_plan* out, status* s) const noexcept;
    bool plan_notices(const reminder_progress& progress, reminder_plan* out, bool* found,
                      status* s) const noexcept;
    bool plan_level(const reminder_progress& progress, reminder_plan* out,
                    status* s) const noexcept;
    bool find_level(const reminder_progress& progress, reminder_plan* out, bool* is_first,
                    status* s) const noexcept;
    bool start_progress(status* s) noexcept;
    bool assume_last_reminder(status* s) noexcept;
    bool skip_levels(reminder_progress* progress, reminder_plan* plan, status* s) const noexcept;
    reminder_progress after(const reminder_progress& progress,
                            const reminder_plan& plan) const noexcept;
    bool is_pending(const reminder_progress& progress, std::int32_t level) const noexcept;
    bool is_below(const maybe<decimal>& minimum) const noexcept;

    // next_reminder.cpp: when it goes out.
    bool count_days(std::int64_t base, std::int32_t days, day_unit unit, std::int64_t* out,
                    status* s) const noexcept;
    bool step_date(std::int64_t base, const reminder_step& step, std::int64_t* out,
                   status* s) const noexcept;
    bool trace_step(const reminder_progress& progress, bool from_previous, reminder_plan* out,
                    status* s) const noexcept;
    bool date_of_level(const reminder_progress& progress, bool is_first, reminder_plan* out,
                       status* s) const noexcept;
    bool date_of_notice(const reminder_progress& progress, reminder_plan* out, bool* lapsed,
                        status* s) const noexcept;
    std::int64_t not_before(const reminder_progress& progress, const reminder_step& step,
                            std::int64_t day, reminder_trace* trace) const noexcept;
    bool roll_within(std::int64_t day, roll_convention wanted, std::int64_t back_to,
                     std::int64_t cap, day_number* out, status* s) const noexcept;

    policy_view policy_;
    reminder_request request_;
    dunning_settings settings_;
    reminder_progress progress_;
    bool skipped_ = false;
    bool first_level_done_ = false;
};

// The first day on which a promise holds nothing back any more; none where the policy does not take it.
maybe<std::int64_t> promise_end(const dunning_settings& settings, day_number due,
                                day_number promised) noexcept;

// What holds a reminder, in one word: for a date the bound that moved it, or "calendar" for the roll
// (empty: nothing did); where there is no date, why.
std::string_view held_by(const reminder_plan& plan) noexcept;

// The answer for one invoice.
bool plan_reminder(const policy_view& policy, const reminder_request& request, reminder_plan* out,
                   status* s) noexcept;

inline bool is_due(const reminder_plan& plan, day_number as_of) noexcept {
    return plan.status == reminder_status::scheduled && plan.date <= as_of;
}

// The customer's own preference, else the step's, unless that is fixed; empty when there is none.
std::string_view reminder_channel(const reminder_plan& plan,
                                  const reminder_request& request) noexcept;

// The fee of the plan's step; unknown when it has none, or is a percentage of an unknown amount.
bool reminder_fee(const reminder_plan& plan, const reminder_request& request, maybe<decimal>* out,
                  status* s) noexcept;

}  // namespace receivables
