// Which step of a policy an invoice is at: one half of next_reminder.hpp. The other half is the
// date.
#include "core/base/decimal_arithmetic.hpp"
#include "core/reminders/next_reminder.hpp"

namespace receivables {

namespace {

bool check_finite(const maybe<day_number>& day, const char* name, status* s) noexcept {
    if (!day.known || is_finite_day(day.value)) return true;
    return s->fail(error_code::datetime_out_of_range, "%s must be a finite date, not %s", name,
                   day.value < min_day ? "-infinity" : "infinity");
}

// No policy has other levels, and a negative count would let a level repeat for two billion rows.
bool check_progress(const reminder_request& request, status* s) noexcept {
    if (request.last_level < least_level || request.last_level > most_level)
        return s->fail(error_code::invalid_parameter, "last_level must be from %d to %d, not %d",
                       static_cast<int>(least_level), static_cast<int>(most_level),
                       static_cast<int>(request.last_level));
    if (request.reminder_count.known && request.reminder_count.value < 0)
        return s->fail(error_code::invalid_parameter, "reminder_count must not be negative: %d",
                       static_cast<int>(request.reminder_count.value));
    return true;
}

void refuse(reminder_plan* plan, reminder_status status, refusal why) noexcept {
    plan->status = status;
    plan->trace.why = why;
}

}  // namespace

void reminder_progress::add_contact(std::int64_t day) noexcept {
    std::int32_t at = contact_count;
    for (; at > 0 && contacts[at - 1] < day; --at)
        if (at < max_contact_limit) contacts[at] = contacts[at - 1];
    if (at < max_contact_limit) contacts[at] = day;
    if (contact_count < max_contact_limit) ++contact_count;
}

bool reminder_course::begin(const policy_view& policy, const reminder_request& request,
                            status* s) noexcept {
    policy_ = policy;
    request_ = request;
    return check_finite(maybe<day_number>::of(request.due_date), "due_date", s) &&
           check_finite(request.as_of, "as_of", s) &&
           check_finite(request.last_reminder_date, "last_reminder_date", s) &&
           check_finite(request.last_contact_date, "last_contact_date", s) &&
           check_finite(request.not_before, "not_before", s) &&
           check_finite(request.promised_date, "promised_date", s) && check_progress(request, s) &&
           policy_.find_settings(request.segment, &settings_, s) && start_progress(s);
}

// The reminder of last_level is taken as sent on the date that its step had by rule 1, where nobody
// knows when it went out. A level that has no step is taken for the one below it.
bool reminder_course::assume_last_reminder(status* s) noexcept {
    for (std::size_t i = 0; i < settings_.step_count; ++i) {
        reminder_step step;
        if (!policy_.read_step(settings_, i, &step, s)) return false;
        if (step.level > progress_.last_level) break;
        if (step.is_notice()) continue;
        const bool from_previous =
            step.from == step_base::previous_reminder && progress_.last_reminder.known;
        const std::int64_t base = from_previous ? progress_.last_reminder.value : request_.due_date;
        std::int64_t day;
        if (!step_date(base, step, &day, s)) return false;
        progress_.last_reminder = maybe<std::int64_t>::of(day);
        progress_.last_reminder_as = base_kind::assumed;
    }
    return true;
}

bool reminder_course::start_progress(status* s) noexcept {
    const auto& sent = request_.last_reminder_date;
    progress_ = {};
    skipped_ = false;
    progress_.last_level = request_.last_level;
    progress_.anything_sent = request_.last_level != 0 || sent.known;
    bool was_notice = request_.last_level <= 0 && sent.known && sent.value < request_.due_date;
    for (std::size_t i = 0; i < settings_.step_count; ++i) {
        const step_outline step = policy_.outline(settings_, i);
        if (step.level > request_.last_level) break;
        // A level after the due date is 1 or more, so that last_level says whether it went out.
        if (!step.is_notice())
            ++progress_.count;
        else
            was_notice |= step.level == request_.last_level && request_.last_level != 0;
    }
    first_level_done_ = progress_.count > 0;
    if (sent.known)
        progress_.last_reminder = maybe<std::int64_t>::of(sent.value);
    else if (request_.last_level > 0 && !assume_last_reminder(s))
        return false;
    if (request_.last_contact_date.known)
        progress_.last_contact = maybe<std::int64_t>::of(request_.last_contact_date.value);
    else if (!was_notice)
        progress_.last_contact = progress_.last_reminder;
    if (settings_.max_contacts.on)
        for (std::size_t i = 0; i < request_.contact_count; ++i) {
            if (!check_finite(maybe<day_number>::of(request_.contacts[i]), "a contact", s))
                return false;
            progress_.add_contact(request_.contacts[i]);
        }
    if (request_.reminder_count.known) progress_.count = request_.reminder_count.value;
    return true;
}

bool reminder_course::wants_profile() const noexcept {
    return !first_level_done_ &&
           (settings_.wait.on || settings_.payment_day.on || settings_.structural.on);
}

bool reminder_course::is_pending(const reminder_progress& progress,
                                 std::int32_t level) const noexcept {
    return !progress.anything_sent || level > progress.last_level;
}

bool reminder_course::is_below(const maybe<decimal>& minimum) const noexcept {
    return minimum.known && request_.open_amount.known &&
           compare_decimals(request_.open_amount.value, minimum.value) < 0;
}

// The first notice that is pending, not too small, and still ahead of the due date.
bool reminder_course::plan_notices(const reminder_progress& progress, reminder_plan* out,
                                   bool* found, status* s) const noexcept {
    *found = false;
    if (request_.as_of.known && request_.as_of.value >= request_.due_date) return true;
    for (std::size_t i = 0; i < settings_.step_count; ++i) {
        const step_outline step = policy_.outline(settings_, i);
        if (!step.is_notice()) return true;
        if (!is_pending(progress, step.level)) continue;
        *out = {};
        if (!policy_.read_step(settings_, i, &out->step, s)) return false;
        if (is_below(out->step.min_amount)) continue;
        bool lapsed;
        if (!date_of_notice(progress, out, &lapsed, s)) return false;
        *found = out->has_step = !lapsed;
        if (*found) return true;
    }
    return true;
}

// The level after the due date that comes next; has_step stays false when all are done.
bool reminder_course::find_level(const reminder_progress& progress, reminder_plan* out,
                                 bool* is_first, status* s) const noexcept {
    *is_first = true;
    bool any = false;
    std::size_t at = 0;
    for (std::size_t i = 0; i < settings_.step_count && !out->has_step; ++i) {
        const step_outline step = policy_.outline(settings_, i);
        if (step.is_notice()) continue;
        *is_first = !any;
        any = true;
        at = i;
        out->has_step = is_pending(progress, step.level);
    }
    if (!any) {
        refuse(out, reminder_status::no_reminder, refusal::only_notices);
        return true;
    }
    if (!policy_.read_step(settings_, at, &out->step, s)) return false;
    if (out->has_step) return true;
    *is_first = false;
    // A maximum is demanded when the policy is entered; damage must not make it endless.
    out->is_repeat = out->has_step = out->step.repeat_every_days > 0 && settings_.max_reminders > 0;
    if (!out->has_step) refuse(out, reminder_status::final_level, refusal::all_levels);
    return true;
}

bool reminder_course::plan_level(const reminder_progress& progress, reminder_plan* out,
                                 status* s) const noexcept {
    *out = {};
    bool is_first;
    if (!find_level(progress, out, &is_first, s)) return false;
    if (!out->has_step) return true;
    if (settings_.max_reminders > 0 && progress.count >= settings_.max_reminders) {
        out->has_step = false;
        refuse(out, reminder_status::final_level, refusal::max_reminders);
        return true;
    }
    const std::int64_t too_old =
        std::int64_t{request_.due_date} + settings_.start.older_than_days + 1;
    if (settings_.start.on && !request_.reviewed && is_first && request_.as_of.known &&
        request_.as_of.value >= too_old) {
        refuse(out, settings_.start.status, refusal::too_old);
        return true;
    }
    if (is_below(out->step.min_amount)) {
        refuse(out, reminder_status::below_minimum, refusal::below_step_minimum);
        return true;
    }
    return date_of_level(progress, is_first, out, s);
}

bool reminder_course::plan(const reminder_progress& progress, reminder_plan* out,
                           status* s) const noexcept {
    *out = {};
    if (request_.open_amount.known && request_.open_amount.value.units <= 0) return true;
    if (settings_.step_count == 0) {
        refuse(out, reminder_status::no_reminder, refusal::no_steps);
        return true;
    }
    bool found;
    if (!plan_notices(progress, out, &found, s)) return false;
    if (!found && !plan_level(progress, out, s)) return false;
    // The step stays, so that a list of what is on hold can say what it is that waits.
    if (request_.disputed || settings_.hold)
        refuse(out, reminder_status::on_hold,
               request_.disputed ? refusal::disputed : refusal::segment_hold);
    else if (is_below(settings_.min_amount))
        refuse(out, reminder_status::below_minimum, refusal::below_policy_minimum);
    return true;
}

reminder_progress reminder_course::after(const reminder_progress& progress,
                                         const reminder_plan& plan) const noexcept {
    reminder_progress next = progress;
    next.last_level = plan.step.level;
    next.anything_sent = true;
    next.last_reminder = maybe<std::int64_t>::of(plan.date);
    next.last_reminder_as = base_kind::previous;
    next.add_contact(plan.date);
    if (plan.step.is_notice()) return next;
    next.last_contact = next.last_reminder;
    ++next.count;
    return next;
}

// Climbs on, as though every level had gone out on its date, to the last one whose date has come.
bool reminder_course::skip_levels(reminder_progress* progress, reminder_plan* plan,
                                  status* s) const noexcept {
    const std::int32_t first = plan->step.level;
    while (plan->status == reminder_status::scheduled && plan->date <= request_.as_of.value) {
        reminder_progress climbed = after(*progress, *plan);
        climbed.last_reminder_as = base_kind::skipped;
        reminder_plan higher;
        if (!this->plan(climbed, &higher, s)) return false;
        if (!is_due(higher, request_.as_of.value) || higher.is_repeat) break;
        *progress = climbed;
        *plan = higher;
        plan->trace.skipped_level = first;
    }
    return true;
}

bool reminder_course::next(reminder_plan* out, status* s) noexcept {
    if (!plan(progress_, out, s)) return false;
    if (settings_.skip_levels && request_.as_of.known && !skipped_ &&
        !skip_levels(&progress_, out, s))
        return false;
    skipped_ = true;
    if (out->status == reminder_status::scheduled) progress_ = after(progress_, *out);
    return true;
}

}  // namespace receivables
