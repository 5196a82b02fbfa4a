#include "core/reminders/dunning_policy_text.hpp"

namespace receivables {

namespace {

// Members of an object, separated by commas.
class object_writer {
  public:
    explicit object_writer(text_writer* out) noexcept : out_(out) { out_->put('{'); }
    text_writer* key(std::string_view name) noexcept {
        if (!first_) out_->put(", ");
        first_ = false;
        out_->put_json_string(name);
        out_->put(": ");
        return out_;
    }
    void number(std::string_view name, std::int64_t value) noexcept {
        key(name)->put_integer(value);
    }
    void money(std::string_view name, decimal value) noexcept { key(name)->put_decimal(value); }
    void text(std::string_view name, std::string_view value) noexcept {
        key(name)->put_json_string(value);
    }
    void flag(std::string_view name, bool value) noexcept {
        key(name)->put(value ? "true" : "false");
    }
    void share(std::string_view name, std::int32_t value) noexcept {
        decimal shown{value, 6};
        while (shown.scale > 0 && shown.units % 10 == 0) {
            shown.units /= 10;
            --shown.scale;
        }
        money(name, shown);
    }
    void none(std::string_view name) noexcept { key(name)->put("null"); }
    void end() noexcept { out_->put('}'); }

  private:
    text_writer* out_;
    bool first_ = true;
};

void write_step(const reminder_step& step, text_writer* out) noexcept {
    object_writer o(out);
    o.number("level", step.level);
    o.number("after_days", step.after_days);
    if (step.from == step_base::previous_reminder) o.text("from", "previous_reminder");
    if (step.unit == day_unit::business_days) o.text("unit", "business_days");
    if (step.end_of_month) o.flag("end_of_month", true);
    if (!step.channel.empty()) o.text("channel", step.channel);
    if (step.channel_fixed) o.flag("channel_fixed", true);
    if (step.statutory) o.flag("statutory", true);
    if (!step.template_name.empty()) o.text("template", step.template_name);
    if (step.fee_as != fee_kind::none)
        o.money(step.fee_as == fee_kind::amount ? "fee" : "fee_percent", step.fee);
    if (step.min_amount.known) o.money("min_amount", step.min_amount.value);
    if (step.repeat_every_days > 0) o.number("repeat_every_days", step.repeat_every_days);
    if (step.latest_after_due_days >= 0)
        o.number("latest_after_due_days", step.latest_after_due_days);
    if (step.min_interval_days >= 0) o.number("min_interval_days", step.min_interval_days);
    o.end();
}

bool write_steps(const policy_view& policy, const dunning_settings& settings, text_writer* out,
                 status* s) noexcept {
    out->put('[');
    for (std::size_t i = 0; i < settings.step_count; ++i) {
        reminder_step step;
        if (!policy.read_step(settings, i, &step, s)) return false;
        if (i > 0) out->put(", ");
        write_step(step, out);
    }
    out->put(']');
    return true;
}

void write_wait(const wait_rule& rule, text_writer* out) noexcept {
    object_writer o(out);
    o.number("within_days", rule.within_days);
    o.share("min_share", rule.min_share);
    o.number("until_days", rule.until_days);
    o.end();
}

void write_payment_day(const payment_day_habit& rule, text_writer* out) noexcept {
    object_writer o(out);
    o.share("min_share", rule.min_share);
    o.number("min_payments", rule.min_payments);
    o.number("grace_days", rule.grace_days);
    o.number("within_days", rule.within_days);
    o.end();
}

void write_structural(const structural_shift& rule, text_writer* out) noexcept {
    object_writer o(out);
    o.number("max_days", rule.max_days);
    o.number("min_items", rule.min_items);
    o.number("max_spread_days", rule.max_spread_days);
    o.end();
}

void write_contact_limit(const contact_limit& rule, text_writer* out) noexcept {
    object_writer o(out);
    o.number("count", rule.count);
    o.number("within_days", rule.within_days);
    o.end();
}

void write_start(const start_rule& rule, text_writer* out) noexcept {
    object_writer o(out);
    o.number("older_than_days", rule.older_than_days);
    o.text("status", reminder_status_names[static_cast<std::size_t>(rule.status)]);
    o.end();
}

// A number that has a value standing for "none".
void write_limit(object_writer* o, std::string_view name, std::int32_t value,
                 std::int32_t none) noexcept {
    if (value == none)
        o->none(name);
    else
        o->number(name, value);
}

// Everything but the steps; null where a rule is off or there is no limit.
void write_member(const dunning_settings& v, policy_key key, object_writer* o) noexcept {
    const std::string_view name = policy_key_names[static_cast<std::size_t>(key)];
    const auto rule = [&](const auto& setting, auto write) noexcept {
        setting.on ? write(setting, o->key(name)) : o->none(name);
    };
    switch (key) {
        case policy_key::steps:
            return;
        case policy_key::wait:
            return rule(v.wait, write_wait);
        case policy_key::payment_day:
            return rule(v.payment_day, write_payment_day);
        case policy_key::structural_shift:
            return rule(v.structural, write_structural);
        case policy_key::min_interval_days:
            return o->number(name, v.min_interval_days);
        case policy_key::max_contacts:
            return rule(v.max_contacts, write_contact_limit);
        case policy_key::min_amount:
            return v.min_amount.known ? o->money(name, v.min_amount.value) : o->none(name);
        case policy_key::max_reminders:
            return write_limit(o, name, v.max_reminders, 0);
        case policy_key::latest_after_due_days:
            return write_limit(o, name, v.latest_after_due_days, -1);
        case policy_key::roll:
            return o->text(name, convention_name(v.roll));
        case policy_key::promise_grace_days:
            return o->number(name, v.promise_grace_days);
        case policy_key::promise_max_days:
            return write_limit(o, name, v.promise_max_days, -1);
        case policy_key::skip_levels:
            return o->flag(name, v.skip_levels);
        case policy_key::start:
            return rule(v.start, write_start);
        case policy_key::hold:
            return o->flag(name, v.hold);
    }
}

// The keys whose value is not the default; the steps are always written.
std::uint16_t keys_worth_writing(const dunning_settings& v) noexcept {
    const dunning_settings fallback;
    std::uint16_t keys = bit_of(policy_key::steps);
    const auto add = [&](policy_key key, bool worth) noexcept {
        if (worth) keys |= bit_of(key);
    };
    add(policy_key::wait, v.wait.on);
    add(policy_key::payment_day, v.payment_day.on);
    add(policy_key::structural_shift, v.structural.on);
    add(policy_key::min_interval_days, v.min_interval_days != fallback.min_interval_days);
    add(policy_key::max_contacts, v.max_contacts.on);
    add(policy_key::min_amount, v.min_amount.known);
    add(policy_key::max_reminders, v.max_reminders != fallback.max_reminders);
    add(policy_key::latest_after_due_days,
        v.latest_after_due_days != fallback.latest_after_due_days);
    add(policy_key::roll, v.roll != fallback.roll);
    add(policy_key::promise_grace_days, v.promise_grace_days != fallback.promise_grace_days);
    add(policy_key::promise_max_days, v.promise_max_days != fallback.promise_max_days);
    add(policy_key::skip_levels, v.skip_levels);
    add(policy_key::start, v.start.on);
    add(policy_key::hold, v.hold);
    return keys;
}

bool write_settings(const policy_view& policy, const dunning_settings& settings, std::uint16_t keys,
                    object_writer* o, status* s) noexcept {
    for (std::size_t i = 0; i < policy_key_count; ++i) {
        const auto key = static_cast<policy_key>(i);
        if (!(keys & bit_of(key))) continue;
        if (key != policy_key::steps)
            write_member(settings, key, o);
        else if (!write_steps(policy, settings, o->key("steps"), s))
            return false;
    }
    return true;
}

}  // namespace

bool write_dunning_policy(const policy_view& policy, text_writer* out, status* s) noexcept {
    dunning_settings settings;
    if (!policy.read_settings(0, &settings, s)) return false;
    object_writer o(out);
    if (!write_settings(policy, settings, keys_worth_writing(settings), &o, s)) return false;
    if (policy.settings_count() > 1) {
        object_writer segments(o.key("segments"));
        for (std::size_t i = 1; i < policy.settings_count(); ++i) {
            if (!policy.read_settings(i, &settings, s)) return false;
            object_writer entry(segments.key(settings.segment));
            if (!write_settings(policy, settings, settings.named, &entry, s)) return false;
            entry.end();
        }
        segments.end();
    }
    o.end();
    return true;
}

}  // namespace receivables
