#include "core/reminders/next_reminder.hpp"

#include <algorithm>

namespace receivables {

namespace {

bool within_limits(std::int64_t day, status* s) noexcept {
    if (is_finite_day(day)) return true;
    return s->fail(error_code::datetime_out_of_range, "reminder date out of range");
}

}  // namespace

bool reminder_course::count_days(std::int64_t base, std::int32_t days, day_unit unit,
                                 std::int64_t* out, status* s) const noexcept {
    *out = base + days;
    if (unit == day_unit::days) return within_limits(*out, s);
    if (!within_limits(base, s)) return false;
    day_number day;
    if (!add_business_days(request_.calendar, static_cast<day_number>(base), days, &day, s))
        return false;
    *out = day;
    return true;
}

// Rule 1.
bool reminder_course::step_date(std::int64_t base, const reminder_step& step, std::int64_t* out,
                                status* s) const noexcept {
    if (!count_days(base, step.after_days, step.unit, out, s)) return false;
    if (!step.end_of_month) return true;
    // Every month of which type date has a day ends within its limits.
    *out = last_of_month(static_cast<day_number>(*out));
    return true;
}

// Rule 4: the day, or the latest of the bounds if that is later; among equal bounds the first
// counts as the reason.
std::int64_t reminder_course::not_before(const reminder_progress& progress,
                                         const reminder_step& step, std::int64_t day,
                                         reminder_trace* trace) const noexcept {
    trace->bound_day = day;
    const auto raise_to = [trace](bound_kind kind, std::int64_t bound) noexcept {
        if (bound <= trace->bound_day) return;
        trace->bound = kind;
        trace->bound_day = bound;
    };
    if (progress.last_contact.known)
        raise_to(bound_kind::interval, progress.last_contact.value + trace->interval_days);
    const contact_limit& limit = settings_.max_contacts;
    if (limit.on && !step.statutory && progress.contact_count >= limit.count)
        raise_to(bound_kind::contacts, progress.contacts[limit.count - 1] + limit.within_days);
    if (request_.not_before.known) raise_to(bound_kind::not_before, request_.not_before.value);
    if (!request_.promised_date.known) return trace->bound_day;
    const maybe<std::int64_t> promise =
        promise_end(settings_, request_.due_date, request_.promised_date.value);
    trace->promise_refused = !promise.known;
    if (promise.known) raise_to(bound_kind::promise, promise.value);
    return trace->bound_day;
}

// Rule 5: the convention's day, else the next business day, else the one before, whichever first
// is neither beyond `cap` nor, going back, before `back_to`; else the day stays. A day that is
// beyond the cap already, because rule 4 put it there, is not held by the cap.
bool reminder_course::roll_within(std::int64_t day, roll_convention wanted, std::int64_t back_to,
                                  std::int64_t cap, day_number* out, status* s) const noexcept {
    if (!within_limits(day, s)) return false;
    *out = static_cast<day_number>(day);
    if (!request_.has_calendar || wanted == roll_convention::unadjusted ||
        is_business_day(request_.calendar, *out))
        return true;
    for (const roll_convention convention :
         {wanted, roll_convention::following, roll_convention::preceding}) {
        day_number rolled;
        if (!roll(request_.calendar, static_cast<day_number>(day), convention, &rolled, s))
            return false;
        if ((rolled < day && rolled < back_to) || (rolled > cap && day <= cap)) continue;
        *out = rolled;
        return true;
    }
    return true;
}

// Rule 1, with all that the reason says of it.
bool reminder_course::trace_step(const reminder_progress& progress, bool from_previous,
                                 reminder_plan* out, status* s) const noexcept {
    const reminder_step& step = out->step;
    const day_number due = request_.due_date;
    reminder_trace& trace = out->trace;
    trace.base = from_previous ? progress.last_reminder_as : base_kind::due_date;
    trace.base_day = from_previous ? progress.last_reminder.value : due;
    trace.after_days = out->is_repeat ? step.repeat_every_days : step.after_days;
    trace.unit = out->is_repeat ? day_unit::days : step.unit;
    trace.end_of_month = step.end_of_month && !out->is_repeat;
    if (!(out->is_repeat
              ? count_days(trace.base_day, trace.after_days, trace.unit, &trace.step_day, s)
              : step_date(trace.base_day, step, &trace.step_day, s)))
        return false;
    // A due date that was moved behind the reminder before is followed.
    trace.held_for_due_date = !step.is_notice() && trace.step_day < due;
    if (trace.held_for_due_date) trace.step_day = due;
    trace.habit.day = trace.capped_day = trace.step_day;
    trace.interval_days =
        step.min_interval_days >= 0 ? step.min_interval_days : settings_.min_interval_days;
    return true;
}

bool reminder_course::date_of_level(const reminder_progress& progress, bool is_first,
                                    reminder_plan* out, status* s) const noexcept {
    const reminder_step& step = out->step;
    const day_number due = request_.due_date;
    reminder_trace& trace = out->trace;
    const bool from_previous = (out->is_repeat || step.from == step_base::previous_reminder) &&
                               progress.last_reminder.known;
    if (!trace_step(progress, from_previous, out, s)) return false;
    if (is_first)
        trace.habit = apply_habits(settings_, due, trace.step_day, request_.profile, request_.prior,
                                   request_.calendar);

    const std::int32_t latest = step.latest_after_due_days >= 0 ? step.latest_after_due_days
                                                                : settings_.latest_after_due_days;
    const std::int64_t cap =
        latest < 0 ? std::int64_t{max_day} + max_policy_days
                   : std::max<std::int64_t>(std::int64_t{due} + latest, trace.step_day);
    trace.capped_day = std::min(trace.habit.day, cap);

    const std::int64_t day = not_before(progress, step, trace.capped_day, &trace);
    // Back no further than rule 4 allows, nor before the due date, nor, from the second level on,
    // onto the reminder before or the day after it.
    reminder_trace bounds;
    bounds.interval_days = trace.interval_days;
    std::int64_t back_to = std::max<std::int64_t>(not_before(progress, step, due, &bounds), due);
    if (!is_first && progress.last_reminder.known)
        back_to = std::max(back_to, progress.last_reminder.value + 2);
    out->status = reminder_status::scheduled;
    return roll_within(day, settings_.roll, back_to, cap, &out->date, s);
}

// A notice has neither habits nor a cap of its own: it goes out before the due date or not at all.
bool reminder_course::date_of_notice(const reminder_progress& progress, reminder_plan* out,
                                     bool* lapsed, status* s) const noexcept {
    const day_number due = request_.due_date;
    reminder_trace& trace = out->trace;
    if (!trace_step(progress, false, out, s)) return false;
    const std::int64_t day = not_before(progress, out->step, trace.step_day, &trace);
    *lapsed = day >= due;
    if (*lapsed) return true;
    reminder_trace bounds;
    bounds.interval_days = trace.interval_days;
    const std::int64_t back_to = not_before(progress, out->step, min_day, &bounds);
    const roll_convention convention = settings_.roll == roll_convention::unadjusted
                                           ? roll_convention::unadjusted
                                           : roll_convention::preceding;
    out->status = reminder_status::scheduled;
    return roll_within(day, convention, back_to, std::int64_t{due} - 1, &out->date, s);
}

bool plan_reminder(const policy_view& policy, const reminder_request& request, reminder_plan* out,
                   status* s) noexcept {
    reminder_course course;
    return course.begin(policy, request, s) && course.next(out, s);
}

maybe<std::int64_t> promise_end(const dunning_settings& settings, day_number due,
                                day_number promised) noexcept {
    if (settings.promise_max_days >= 0 && promised > std::int64_t{due} + settings.promise_max_days)
        return maybe<std::int64_t>::none();
    return maybe<std::int64_t>::of(std::int64_t{promised} + settings.promise_grace_days);
}

std::string_view held_by(const reminder_plan& plan) noexcept {
    const reminder_trace& trace = plan.trace;
    if (plan.status == reminder_status::scheduled) switch (trace.bound) {
            case bound_kind::none:
                return plan.date > trace.bound_day ? "calendar" : "";
            case bound_kind::interval:
                return "interval";
            case bound_kind::contacts:
                return "contacts";
            case bound_kind::not_before:
                return "not_before";
            case bound_kind::promise:
                return "promise";
        }
    switch (trace.why) {
        case refusal::none:
            return "settled";
        case refusal::disputed:
            return "dispute";
        case refusal::segment_hold:
            return "hold";
        case refusal::no_steps:
        case refusal::only_notices:
            return "no_reminder";
        case refusal::too_old:
            return "start";
        case refusal::below_policy_minimum:
        case refusal::below_step_minimum:
            return "minimum";
        case refusal::all_levels:
        case refusal::max_reminders:
            return "final";
    }
    return "";
}

std::string_view reminder_channel(const reminder_plan& plan,
                                  const reminder_request& request) noexcept {
    if (!plan.has_step) return {};
    return plan.step.channel_fixed || request.channel.empty() ? plan.step.channel : request.channel;
}

bool reminder_fee(const reminder_plan& plan, const reminder_request& request, maybe<decimal>* out,
                  status* s) noexcept {
    *out = maybe<decimal>::none();
    if (!plan.has_step || plan.step.fee_as == fee_kind::none) return true;
    const decimal fee = plan.step.fee;
    if (plan.step.fee_as == fee_kind::amount) {
        *out = maybe<decimal>::of(fee);
        return true;
    }
    if (!request.open_amount.known) return true;
    const decimal amount = request.open_amount.value;
    decimal product{0, amount.scale + fee.scale + 2};
    if (__builtin_mul_overflow(amount.units, fee.units, &product.units))
        return s->fail(error_code::numeric_out_of_range, "fee of level %d out of range",
                       static_cast<int>(plan.step.level));
    *out = maybe<decimal>::of(product);
    return true;
}

}  // namespace receivables
