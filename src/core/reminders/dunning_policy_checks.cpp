// What the steps of a dunning policy cannot be, each alone and one behind the other.
#include "core/reminders/dunning_policy_fields.hpp"

namespace receivables {

bool check_step(const json_document& d, json_value v, const reminder_step& step,
                status* s) noexcept {
    if (step.channel_fixed && step.channel.empty()) {
        d.fail(v, error_code::invalid_text, s, "channel_fixed without a channel");
        return s->with_hint("It keeps the channel of the step against the customer's preference.");
    }
    if (!step.is_notice()) {
        if (step.level >= 1) return true;
        d.fail(v, error_code::numeric_out_of_range, s, "level %d is not at least 1",
               static_cast<int>(step.level));
        return s->with_hint("Only a notice before the due date may have level 0 or less.");
    }
    const char* culprit = step.from == step_base::previous_reminder ? "from previous_reminder"
                          : step.repeat_every_days > 0              ? "repeat_every_days"
                          : step.end_of_month                       ? "end_of_month"
                          : step.latest_after_due_days >= 0         ? "latest_after_due_days"
                                                                    : nullptr;
    if (culprit == nullptr) return true;
    d.fail(v, error_code::invalid_text, s, "a notice before the due date cannot have %s", culprit);
    return s->with_hint("Negative after_days is a notice that many days before the due date.");
}

bool check_step_order(const json_document& d, json_value v, const reminder_step& step,
                      const reminder_step* earlier, bool last, status* s) noexcept {
    if (step.repeat_every_days > 0 && !last) {
        d.fail(v, error_code::invalid_text, s, "repeat_every_days on a step that is not the last");
        return s->with_hint("Only the last step may repeat.");
    }
    const bool first = earlier == nullptr || earlier->is_notice();
    if (step.from == step_base::previous_reminder && first) {
        d.fail(v, error_code::invalid_text, s,
               "the first step after the due date cannot count from previous_reminder");
        return s->with_hint("There is no reminder before it; count from due_date.");
    }
    if (earlier == nullptr) return true;
    if (step.level <= earlier->level) {
        d.fail(v, error_code::invalid_text, s, "level %d after level %d",
               static_cast<int>(step.level), static_cast<int>(earlier->level));
        return s->with_hint("Steps are listed by ascending level.");
    }
    const bool comparable = step.from == step_base::due_date &&
                            earlier->from == step_base::due_date && step.unit == earlier->unit;
    const bool notice_late = step.is_notice() && !earlier->is_notice();
    if (notice_late || (comparable && step.after_days <= earlier->after_days)) {
        d.fail(v, error_code::invalid_text, s,
               "level %d after %d days does not come after level %d after %d days",
               static_cast<int>(step.level), static_cast<int>(step.after_days),
               static_cast<int>(earlier->level), static_cast<int>(earlier->after_days));
        return s->with_hint(notice_late
                                ? "Notices before the due date come first."
                                : "Levels that count from the due date need ascending after_days.");
    }
    return true;
}

}  // namespace receivables
