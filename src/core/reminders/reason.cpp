#include "core/reminders/reason.hpp"

#include <algorithm>
#include <cstdlib>

namespace receivables {

namespace {

std::string_view weekday_of(std::int64_t day) noexcept {
    return weekday_name(iso_weekday(static_cast<day_number>(day)));
}

// What is said of a reminder: its parts, separated by semicolons.
class sentence {
  public:
    sentence(const reminder_course& course, const reminder_plan& plan, text_writer* out) noexcept
        : settings_(course.settings()),
          request_(course.request()),
          plan_(plan),
          trace_(plan.trace),
          out_(out) {}

    void scheduled() noexcept {
        step();
        skipped();
        habit();
        cap();
        bound();
        roll();
    }
    void refused() noexcept;

  private:
    void step() noexcept;
    void skipped() noexcept;
    void habit() noexcept;
    void wait_evidence_found() noexcept;
    void payment_day() noexcept;
    void structural() noexcept;
    void cap() noexcept;
    void limit() noexcept;
    void bound() noexcept;
    bool is_held_back() const noexcept;
    void roll() noexcept;
    void too_small(const maybe<decimal>& minimum, std::string_view of) noexcept;
    void of_segment() noexcept;

    sentence& text(std::string_view t) noexcept {
        out_->put(t);
        return *this;
    }
    sentence& number(std::int64_t n) noexcept {
        out_->put_integer(n);
        return *this;
    }
    sentence& date(std::int64_t day) noexcept {
        out_->put_date(static_cast<day_number>(day));
        return *this;
    }
    sentence& days(std::int64_t n, std::string_view unit = "") noexcept {
        return number(n).text(" ").text(unit).text(n == 1 ? "day" : "days");
    }

    const dunning_settings& settings_;
    const reminder_request& request_;
    const reminder_plan& plan_;
    const reminder_trace& trace_;
    text_writer* out_;
};

void sentence::step() noexcept {
    const bool business = trace_.unit == day_unit::business_days;
    const std::int32_t after = trace_.after_days;
    if (after != 0) {
        days(std::abs(after), business ? "business " : "");
        if (business && !request_.has_calendar) text(" (without a calendar every day is one)");
        text(after < 0 ? " before " : " after ");
    } else {
        text(trace_.base == base_kind::due_date ? "on " : "on the day of ");
    }
    switch (trace_.base) {
        case base_kind::due_date:
            text("the due date ");
            break;
        case base_kind::previous:
            text("the previous reminder of ");
            break;
        case base_kind::assumed:
            text("the previous reminder, taken as sent on ");
            break;
        case base_kind::skipped:
            text("the level before it, which was due on ");
            break;
    }
    date(trace_.base_day);
    if (trace_.end_of_month) text(", at the end of that month");
    if (after == 0 && business && trace_.step_day != trace_.base_day)
        text(" or the first business day after it");
    if (plan_.is_repeat) text(", repeating the last level");
    if (trace_.held_for_due_date) text("; not before the due date ").date(request_.due_date);
}

void sentence::skipped() noexcept {
    if (trace_.skipped_level == 0) return;
    text("; level ").number(trace_.skipped_level);
    text(" skipped because level ").number(plan_.step.level).text(" is deserved already");
}

void sentence::habit() noexcept {
    if (trace_.habit.kind == habit_kind::none) return;
    text("; ").days(trace_.habit.day - trace_.step_day).text(" later because ");
    switch (trace_.habit.kind) {
        case habit_kind::none:
            break;
        case habit_kind::wait:
            wait_evidence_found();
            break;
        case habit_kind::payment_day:
            payment_day();
            break;
        case habit_kind::structural:
            structural();
            break;
    }
}

void sentence::wait_evidence_found() noexcept {
    const wait_evidence& own = trace_.habit.own;
    const wait_evidence& prior = trace_.habit.prior;
    constexpr std::string_view open_then = " still open on that day";
    bool plural = true;
    if (own.at_least == 1 && own.paid_in_time == 1) {
        text("the one earlier invoice").text(open_then);
        plural = false;
    } else if (own.at_least > 0) {
        number(own.paid_in_time).text(" of ").number(own.at_least);
        text(own.at_least == 1 ? " earlier invoice" : " earlier invoices").text(open_then);
        plural = own.paid_in_time != 1;
    }
    if (prior.at_least > 0) {
        const int128 percent =
            (int128{200} * prior.paid_in_time + prior.at_least) / (int128{2} * prior.at_least);
        const auto whole = static_cast<std::int64_t>(percent);
        if (own.at_least > 0)
            text(", and ").number(whole).text("% of those of comparable customers,");
        else
            number(whole).text("% of the earlier invoices of comparable customers").text(open_then);
        plural = true;
    }
    text(plural ? " were" : " was");
    text(" paid within ").days(settings_.wait.within_days);
}

void sentence::payment_day() noexcept {
    text("the customer pays on ");
    write_payment_run(trace_.habit.run, out_);
    text(", next on ").text(weekday_of(trace_.habit.payment_date)).text(" ");
    date(trace_.habit.payment_date);
    if (settings_.payment_day.grace_days > 0)
        text(", plus ").days(settings_.payment_day.grace_days);
}

void sentence::structural() noexcept {
    text("the customer regularly pays ").days(trace_.habit.late_days).text(" late");
    if (trace_.habit.shift_days < trace_.habit.late_days)
        text(", of which ")
            .days(trace_.habit.shift_days)
            .text(trace_.habit.shift_days == 1 ? " is granted" : " are granted");
}

void sentence::cap() noexcept {
    if (trace_.capped_day >= trace_.habit.day) return;
    if (trace_.capped_day == trace_.step_day)
        text("; but not moved, the limit being ");
    else
        text("; but no later than ").date(trace_.capped_day).text(", the limit of ");
    limit();
}

void sentence::limit() noexcept {
    days(plan_.step.latest_after_due_days >= 0 ? plan_.step.latest_after_due_days
                                               : settings_.latest_after_due_days)
        .text(" after the due date");
}

void sentence::bound() noexcept {
    if (trace_.promise_refused)
        text("; the promise to pay on ")
            .date(request_.promised_date.value)
            .text(" is not taken, being more than ")
            .days(settings_.promise_max_days)
            .text(" after the due date");
    if (trace_.bound == bound_kind::none) return;
    text("; not before ").date(trace_.bound_day);
    switch (trace_.bound) {
        case bound_kind::none:
            break;
        case bound_kind::interval:
            if (trace_.interval_days == 0)
                text(", the day of the last contact");
            else
                text(", ").days(trace_.interval_days).text(" after the last contact");
            break;
        case bound_kind::contacts:
            text(", at most ").number(settings_.max_contacts.count);
            text(settings_.max_contacts.count == 1 ? " contact" : " contacts");
            text(" being allowed within ").days(settings_.max_contacts.within_days);
            break;
        case bound_kind::not_before:
            text(", as set for this invoice");
            break;
        case bound_kind::promise:
            if (settings_.promise_grace_days == 0)
                text(", the promised day of payment");
            else
                text(", ")
                    .days(settings_.promise_grace_days)
                    .text(" after the promised day of payment");
            break;
    }
}

// Forward, as the convention says, it would have passed the limit, which nothing has named yet.
bool sentence::is_held_back() const noexcept {
    if (trace_.capped_day < trace_.habit.day) return false;
    day_number as_told;
    status s;
    return plan_.date < trace_.bound_day && !plan_.step.is_notice() &&
           receivables::roll(request_.calendar, static_cast<day_number>(trace_.bound_day),
                             settings_.roll, &as_told, &s) &&
           as_told > plan_.date;
}

void sentence::roll() noexcept {
    const std::int64_t from = trace_.bound_day;
    if (plan_.date != from) {
        text("; moved from ");
        if (!request_.calendar.is_weekend(from)) text("the holiday ");
        text(weekday_of(from)).text(plan_.date < from ? " back to " : " to ");
        text(weekday_of(plan_.date));
        if (std::abs(plan_.date - from) >= 7) text(" ").date(plan_.date);
        if (is_held_back()) text(", the limit being ").limit();
        return;
    }
    if (!request_.has_calendar || settings_.roll == roll_convention::unadjusted ||
        request_.calendar.is_business_day(from))
        return;
    text("; stays on ").text(weekday_of(from)).text(": the next business day is ");
    if (plan_.step.is_notice())
        text("not before the due date");
    else if (trace_.capped_day < trace_.habit.day)
        text("past that limit");
    else
        text("past the limit of ").limit();
    text(", and the one before is too early");
}

void sentence::too_small(const maybe<decimal>& minimum, std::string_view of) noexcept {
    text("the open amount ");
    out_->put_decimal(request_.open_amount.value);
    text(" is below the minimum of ");
    out_->put_decimal(minimum.value);
    text(of);
    if (trace_.why == refusal::below_step_minimum) number(plan_.step.level);
}

// Where it is the segment's entry that refuses.
void sentence::of_segment() noexcept {
    const bool by_settings = trace_.why == refusal::segment_hold ||
                             trace_.why == refusal::no_steps || trace_.why == refusal::only_notices;
    if (!by_settings || settings_.segment.empty()) return;
    text(" in segment ");
    out_->put_json_string(settings_.segment);
}

void sentence::refused() noexcept {
    const std::int64_t overdue = std::int64_t{request_.as_of.value} - request_.due_date;
    switch (trace_.why) {
        case refusal::none:
            text("nothing is open");
            break;
        case refusal::disputed:
            text("the invoice is disputed");
            break;
        case refusal::segment_hold:
            text("reminders are on hold");
            break;
        case refusal::no_steps:
            text("there are no reminder levels");
            break;
        case refusal::only_notices:
            text("there are no reminder levels after the due date");
            break;
        case refusal::too_old:
            days(overdue).text(" overdue without a reminder, more than ");
            number(settings_.start.older_than_days);
            break;
        case refusal::below_policy_minimum:
            too_small(settings_.min_amount, "");
            break;
        case refusal::below_step_minimum:
            too_small(plan_.step.min_amount, " for level ");
            break;
        case refusal::all_levels:
            text("all levels are done");
            break;
        case refusal::max_reminders:
            text("the maximum of ").number(settings_.max_reminders);
            text(settings_.max_reminders == 1 ? " reminder is reached" : " reminders is reached");
            break;
    }
    of_segment();
}

}  // namespace

void write_reminder_reason(const reminder_course& course, const reminder_plan& plan,
                           text_writer* out) noexcept {
    sentence reason(course, plan, out);
    if (plan.status == reminder_status::scheduled)
        reason.scheduled();
    else
        reason.refused();
}

}  // namespace receivables
