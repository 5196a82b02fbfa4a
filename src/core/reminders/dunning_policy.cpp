#include "core/reminders/dunning_policy.hpp"

#include "core/reminders/dunning_policy_binary.hpp"

namespace receivables {

namespace {

bool damaged(status* s, const char* what) noexcept {
    return s->fail(error_code::invalid_binary, "damaged dunning policy: %s", what);
}

bool within(std::int32_t value, std::int32_t least, std::int32_t most) noexcept {
    return value >= least && value <= most;
}

bool is_share(std::int32_t value) noexcept {
    return within(value, 1, share_units);
}

// The limits that the text is held to when it is entered.
bool is_sound(const dunning_settings& s) noexcept {
    return within(s.wait.within_days, 1, max_habit_days) && is_share(s.wait.min_share) &&
           within(s.wait.until_days, 0, max_habit_days) && is_share(s.payment_day.min_share) &&
           within(s.payment_day.min_payments, 1, max_evidence) &&
           within(s.payment_day.grace_days, 0, max_habit_days) &&
           within(s.payment_day.within_days, 0, max_habit_days) &&
           within(s.structural.max_days, 1, max_habit_days) &&
           within(s.structural.min_items, 1, max_evidence) &&
           within(s.structural.max_spread_days, 0, max_habit_days) &&
           within(s.min_interval_days, 0, max_policy_days) &&
           within(s.max_contacts.count, 1, max_contact_limit) &&
           within(s.max_contacts.within_days, 1, max_habit_days) &&
           within(s.max_reminders, 0, max_reminder_limit) &&
           within(s.latest_after_due_days, -1, max_policy_days) &&
           within(s.promise_grace_days, 0, max_habit_days) &&
           within(s.promise_max_days, -1, max_policy_days) &&
           within(s.start.older_than_days, 0, max_start_days) && s.step_count <= max_policy_steps;
}

bool is_sound(const reminder_step& s) noexcept {
    return within(s.level, s.is_notice() ? least_level : 1, most_level) &&
           within(s.after_days, -max_habit_days, max_policy_days) &&
           within(s.repeat_every_days, 0, max_policy_days) &&
           within(s.latest_after_due_days, -1, max_policy_days) &&
           within(s.min_interval_days, -1, max_policy_days);
}

}  // namespace

bool policy_view::open(const unsigned char* bytes, std::size_t size, status* s) noexcept {
    if (size < dunning_header_size) return damaged(s, "too short");
    field_reader header(bytes, nullptr, 0);
    const std::uint64_t version = header.whole<1>();
    if (version != dunning_format_version) {
        s->fail(error_code::invalid_binary, "unknown format version %d of a dunning policy",
                static_cast<int>(version));
        return s->with_hint("It was written by a newer version of the extension, or is damaged.");
    }
    if (header.whole<1>() != 0) return damaged(s, "reserved byte is not zero");
    settings_count_ = static_cast<std::uint16_t>(header.whole<2>());
    step_count_ = static_cast<std::uint16_t>(header.whole<2>());
    if (header.whole<2>() != 0) return damaged(s, "reserved bytes are not zero");
    texts_size_ = static_cast<std::uint32_t>(header.whole<4>());
    const std::size_t steps_at =
        dunning_header_size + std::size_t{settings_count_} * stored_settings_size;
    const std::size_t texts_at = steps_at + std::size_t{step_count_} * stored_step_size;
    if (settings_count_ == 0) return damaged(s, "no settings");
    if (size < texts_at || size - texts_at != texts_size_)
        return damaged(s, "its size is not that of its parts");
    bytes_ = bytes;
    steps_ = bytes + steps_at;
    texts_ = reinterpret_cast<const char*>(bytes + texts_at);
    return true;
}

const unsigned char* policy_view::settings_at(std::size_t index) const noexcept {
    return bytes_ + dunning_header_size + index * stored_settings_size;
}

bool policy_view::read_settings(std::size_t index, dunning_settings* out,
                                status* s) const noexcept {
    field_reader fields(settings_at(index), texts_, texts_size_);
    settings_fields(fields, *out);
    if (!fields.sound || !is_sound(*out)) return damaged(s, "a setting is out of its range");
    if (out->first_step > step_count_ || out->step_count > step_count_ - out->first_step)
        return damaged(s, "steps that are not there");
    return true;
}

bool policy_view::read_name(std::size_t index, std::string_view* out, status* s) const noexcept {
    field_reader fields(settings_at(index), texts_, texts_size_);
    fields.name(*out);
    return fields.sound || damaged(s, "a name lies outside");
}

bool policy_view::find_settings(std::string_view segment, dunning_settings* out,
                                status* s) const noexcept {
    std::size_t low = 1, high = settings_count_;
    while (low < high) {
        const std::size_t middle = low + (high - low) / 2;
        std::string_view name;
        if (!read_name(middle, &name, s)) return false;
        if (name == segment) return read_settings(middle, out, s);
        if (name < segment)
            low = middle + 1;
        else
            high = middle;
    }
    return read_settings(0, out, s);
}

step_outline policy_view::outline(const dunning_settings& settings,
                                  std::size_t index) const noexcept {
    field_reader fields(steps_ + (settings.first_step + index) * stored_step_size, texts_,
                        texts_size_);
    step_outline out;
    fields.small(out.level);
    fields.small(out.after_days);
    return out;
}

bool policy_view::read_step(const dunning_settings& settings, std::size_t index, reminder_step* out,
                            status* s) const noexcept {
    field_reader fields(steps_ + (settings.first_step + index) * stored_step_size, texts_,
                        texts_size_);
    step_fields(fields, *out);
    return (fields.sound && is_sound(*out)) || damaged(s, "a step is out of its range");
}

}  // namespace receivables
