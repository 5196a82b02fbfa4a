#include "core/reminders/dunning_policy_fields.hpp"

#include <algorithm>
#include <iterator>

namespace receivables {

namespace {

int shown(std::string_view text) noexcept {
    return static_cast<int>(std::min<std::size_t>(text.size(), 60));
}

// The value of a key; null counts as left out.
bool given(const json_document& d, json_value object, std::string_view key,
           json_value* out) noexcept {
    return d.find(object, key, out) && d.kind(*out) != json_kind::null;
}

bool read_number(const json_document& d, json_value v, std::int32_t least, std::int32_t most,
                 std::int32_t* out, status* s) noexcept {
    std::int64_t number;
    if (d.read_integer(v, least, most, &number, s)) {
        *out = static_cast<std::int32_t>(number);
        return true;
    }
    if (d.kind(v) != json_kind::number) return false;
    if (s->code != error_code::numeric_out_of_range)
        return s->with_hint("Days, levels and counts are whole numbers.");
    if (d.text(v).front() == '-' && least >= 0)
        return s->with_hint("Only after_days may be negative, for a notice before the due date.");
    return s->with_hint("Leave the key out, or write null, for its default.");
}

// A number that a step must have.
bool read_required(const json_document& d, json_value step, const char* key, std::int32_t least,
                   std::int32_t most, std::int32_t* out, const char* limits, status* s) noexcept {
    json_value value;
    if (!d.require(step, key, &value, s))
        return s->with_hint("A step is at least {\"level\": 1, \"after_days\": 5}.");
    return read_number(d, value, least, most, out, s) ||
           (s->code == error_code::numeric_out_of_range && s->with_hint("%s", limits));
}

// Each of these leaves *out alone when the key is left out, and checks the value when it is there.
bool read_days(const json_document& d, json_value object, std::string_view key, std::int32_t least,
               std::int32_t most, std::int32_t* out, status* s) noexcept {
    json_value value;
    return !given(d, object, key, &value) || read_number(d, value, least, most, out, s);
}

bool read_flag(const json_document& d, json_value object, std::string_view key, bool* out,
               status* s) noexcept {
    json_value value;
    return !given(d, object, key, &value) || d.read_boolean(value, out, s);
}

bool read_name(const json_document& d, json_value object, std::string_view key,
               std::string_view* out, status* s) noexcept {
    json_value value;
    return !given(d, object, key, &value) || read_policy_name(d, value, out, s);
}

// A share of more than 0 and at most 1.
bool read_share(const json_document& d, json_value object, std::int32_t* out, status* s) noexcept {
    constexpr std::string_view key = "min_share";
    json_value value;
    if (!given(d, object, key, &value)) return true;
    decimal number;
    if (!d.read_decimal(value, &number, s)) return false;
    while (number.scale > 0 && number.units % 10 == 0) {
        number.units /= 10;
        --number.scale;
    }
    const std::string_view written = d.text(value);
    if (number.scale > 6)
        return d.fail(value, error_code::numeric_out_of_range, s,
                      "share %.*s has more than six decimals", shown(written), written.data());
    int128 units;
    if (!rescale(number.units, number.scale, 6, &units) || units <= 0 || units > share_units) {
        d.fail(value, error_code::numeric_out_of_range, s,
               "share %.*s is not more than 0 and at most 1", shown(written), written.data());
        return s->with_hint("A share of 40 percent is 0.4.");
    }
    *out = static_cast<std::int32_t>(units);
    return true;
}

bool read_money(const json_document& d, json_value value, decimal* out, status* s) noexcept {
    if (!d.read_decimal(value, out, s)) return false;
    const std::string_view written = d.text(value);
    if (out->units < 0) {
        d.fail(value, error_code::numeric_out_of_range, s, "%.*s is negative", shown(written),
               written.data());
        return s->with_hint("Amounts, fees and percentages are zero or more.");
    }
    // A quotient that SQL worked out comes with more zeros than anyone wrote.
    const auto is_too_long = [out]() noexcept {
        return out->units >= power_of_ten(max_money_digits) || out->scale > max_money_scale;
    };
    if (is_too_long())
        for (; out->scale > 2 && out->units % 10 == 0; --out->scale) out->units /= 10;
    if (is_too_long())
        return d.fail(value, error_code::numeric_out_of_range, s,
                      "number %.*s has more than %d digits", shown(written), written.data(),
                      max_money_digits);
    return true;
}

bool read_optional_money(const json_document& d, json_value object, std::string_view key,
                         maybe<decimal>* out, status* s) noexcept {
    json_value value;
    if (!given(d, object, key, &value)) return true;
    out->known = true;
    return read_money(d, value, &out->value, s);
}

// One of a few words.
template <class E>
bool read_word(const json_document& d, json_value object, std::string_view key,
               const std::string_view* words, std::size_t count, E* out, const char* hint,
               status* s) noexcept {
    json_value value;
    std::string_view word;
    if (!given(d, object, key, &value)) return true;
    if (!d.read_string(value, &word, s)) return false;
    const std::string_view* found = std::find(words, words + count, word);
    if (found == words + count) {
        d.fail(value, error_code::invalid_text, s, "unknown %.*s \"%.*s\"",
               static_cast<int>(key.size()), key.data(), shown(word), word.data());
        return s->with_hint("%s", hint);
    }
    *out = static_cast<E>(found - words);
    return true;
}

template <std::size_t N>
bool only_keys(const json_document& d, json_value v, const std::string_view (&keys)[N],
               status* s) noexcept {
    return d.expect_object(v, keys, N, s);
}

bool read_wait(const json_document& d, json_value v, wait_rule* out, status* s) noexcept {
    constexpr std::string_view keys[] = {"within_days", "min_share", "until_days"};
    out->on = true;
    return only_keys(d, v, keys, s) &&
           read_days(d, v, keys[0], 1, max_habit_days, &out->within_days, s) &&
           read_share(d, v, &out->min_share, s) &&
           read_days(d, v, keys[2], 0, max_habit_days, &out->until_days, s);
}

bool read_payment_day(const json_document& d, json_value v, payment_day_habit* out,
                      status* s) noexcept {
    constexpr std::string_view keys[] = {"min_share", "min_payments", "grace_days", "within_days"};
    out->on = true;
    return only_keys(d, v, keys, s) && read_share(d, v, &out->min_share, s) &&
           read_days(d, v, keys[1], 1, max_evidence, &out->min_payments, s) &&
           read_days(d, v, keys[2], 0, max_habit_days, &out->grace_days, s) &&
           read_days(d, v, keys[3], 0, max_habit_days, &out->within_days, s);
}

bool read_structural(const json_document& d, json_value v, structural_shift* out,
                     status* s) noexcept {
    constexpr std::string_view keys[] = {"max_days", "min_items", "max_spread_days"};
    out->on = true;
    return only_keys(d, v, keys, s) &&
           read_days(d, v, keys[0], 1, max_habit_days, &out->max_days, s) &&
           read_days(d, v, keys[1], 1, max_evidence, &out->min_items, s) &&
           read_days(d, v, keys[2], 0, max_habit_days, &out->max_spread_days, s);
}

bool read_contact_limit(const json_document& d, json_value v, contact_limit* out,
                        status* s) noexcept {
    constexpr std::string_view keys[] = {"count", "within_days"};
    out->on = true;
    return only_keys(d, v, keys, s) &&
           read_days(d, v, keys[0], 1, max_contact_limit, &out->count, s) &&
           read_days(d, v, keys[1], 1, max_habit_days, &out->within_days, s);
}

bool read_start(const json_document& d, json_value v, start_rule* out, status* s) noexcept {
    constexpr std::string_view keys[] = {"older_than_days", "status"};
    constexpr std::string_view words[] = {"review", "on_hold", "no_reminder"};
    constexpr reminder_status meanings[] = {reminder_status::review, reminder_status::on_hold,
                                            reminder_status::no_reminder};
    unsigned char word = 0;
    out->on = true;
    if (!only_keys(d, v, keys, s) ||
        !read_days(d, v, keys[0], 0, max_start_days, &out->older_than_days, s) ||
        !read_word(d, v, keys[1], words, std::size(words), &word,
                   "A status here is review, on_hold or no_reminder.", s))
        return false;
    out->status = meanings[word];
    return true;
}

bool read_roll(const json_document& d, json_value v, roll_convention* out, status* s) noexcept {
    std::string_view name;
    if (!d.read_string(v, &name, s)) return false;
    if (read_convention(name, out)) return true;
    d.fail(v, error_code::invalid_text, s, "unknown roll convention \"%.*s\"", shown(name),
           name.data());
    return s->with_hint(
        "A convention is following, modified_following, preceding, modified_preceding, nearest or "
        "unadjusted.");
}

bool read_fee(const json_document& d, json_value v, reminder_step* out, status* s) noexcept {
    json_value amount, percent;
    const bool has_amount = given(d, v, "fee", &amount);
    const bool has_percent = given(d, v, "fee_percent", &percent);
    if (has_amount && has_percent) {
        d.fail(v, error_code::invalid_text, s, "both fee and fee_percent");
        return s->with_hint("A fee is either an amount or a percentage of the open amount.");
    }
    if (has_amount) out->fee_as = fee_kind::amount;
    if (has_percent) out->fee_as = fee_kind::percent;
    return !(has_amount || has_percent) ||
           read_money(d, has_amount ? amount : percent, &out->fee, s);
}

// A segment's entry starts from what the policy says; null and what a rule leaves out do not.
void reset(policy_key key, dunning_settings* out) noexcept {
    const dunning_settings fallback;
    const auto take = [&](auto setting) noexcept { out->*setting = fallback.*setting; };
    using settings = dunning_settings;
    switch (key) {
        case policy_key::steps:
            return;
        case policy_key::wait:
            return take(&settings::wait);
        case policy_key::payment_day:
            return take(&settings::payment_day);
        case policy_key::structural_shift:
            return take(&settings::structural);
        case policy_key::min_interval_days:
            return take(&settings::min_interval_days);
        case policy_key::max_contacts:
            return take(&settings::max_contacts);
        case policy_key::min_amount:
            return take(&settings::min_amount);
        case policy_key::max_reminders:
            return take(&settings::max_reminders);
        case policy_key::latest_after_due_days:
            return take(&settings::latest_after_due_days);
        case policy_key::roll:
            return take(&settings::roll);
        case policy_key::promise_grace_days:
            return take(&settings::promise_grace_days);
        case policy_key::promise_max_days:
            return take(&settings::promise_max_days);
        case policy_key::skip_levels:
            return take(&settings::skip_levels);
        case policy_key::start:
            return take(&settings::start);
        case policy_key::hold:
            return take(&settings::hold);
    }
}

}  // namespace

bool check_policy_name(const json_document& d, json_value value, std::string_view name,
                       status* s) noexcept {
    if (name.empty()) return d.fail(value, error_code::invalid_text, s, "empty name");
    if (name.size() > max_policy_text)
        return d.fail(value, error_code::limit_exceeded, s, "a name of %zu bytes, more than %zu",
                      name.size(), max_policy_text);
    return true;
}

bool read_policy_name(const json_document& d, json_value value, std::string_view* out,
                      status* s) noexcept {
    if (!d.read_string(value, out, s)) return false;
    return check_policy_name(d, value, *out, s) ||
           (out->empty() && s->with_hint("Leave the key out, or write null, for none."));
}

bool read_policy_member(const json_document& d, policy_key key, json_value v, dunning_settings* out,
                        status* s) noexcept {
    reset(key, out);
    if (d.kind(v) == json_kind::null) return true;
    switch (key) {
        case policy_key::steps:
            return true;
        case policy_key::wait:
            return read_wait(d, v, &out->wait, s);
        case policy_key::payment_day:
            return read_payment_day(d, v, &out->payment_day, s);
        case policy_key::structural_shift:
            return read_structural(d, v, &out->structural, s);
        case policy_key::min_interval_days:
            return read_number(d, v, 0, max_policy_days, &out->min_interval_days, s);
        case policy_key::max_contacts:
            return read_contact_limit(d, v, &out->max_contacts, s);
        case policy_key::min_amount:
            out->min_amount.known = true;
            return read_money(d, v, &out->min_amount.value, s);
        case policy_key::max_reminders:
            return read_number(d, v, 1, max_reminder_limit, &out->max_reminders, s);
        case policy_key::latest_after_due_days:
            return read_number(d, v, 0, max_policy_days, &out->latest_after_due_days, s);
        case policy_key::roll:
            return read_roll(d, v, &out->roll, s);
        case policy_key::promise_grace_days:
            return read_number(d, v, 0, max_habit_days, &out->promise_grace_days, s);
        case policy_key::promise_max_days:
            return read_number(d, v, 0, max_policy_days, &out->promise_max_days, s);
        case policy_key::skip_levels:
            return d.read_boolean(v, &out->skip_levels, s);
        case policy_key::start:
            return read_start(d, v, &out->start, s);
        case policy_key::hold:
            return d.read_boolean(v, &out->hold, s);
    }
    return true;
}

bool read_reminder_step(const json_document& d, json_value v, reminder_step* out,
                        status* s) noexcept {
    constexpr std::string_view keys[] = {"level",
                                         "after_days",
                                         "from",
                                         "unit",
                                         "end_of_month",
                                         "channel",
                                         "channel_fixed",
                                         "statutory",
                                         "template",
                                         "fee",
                                         "fee_percent",
                                         "min_amount",
                                         "repeat_every_days",
                                         "latest_after_due_days",
                                         "min_interval_days"};
    constexpr std::string_view bases[] = {"due_date", "previous_reminder"};
    constexpr std::string_view units[] = {"days", "business_days"};
    *out = {};
    return only_keys(d, v, keys, s) &&
           read_required(d, v, "level", least_level, most_level, &out->level,
                         "Levels go from 1 to 999, those of notices from -99.", s) &&
           read_required(d, v, "after_days", -max_habit_days, max_policy_days, &out->after_days,
                         "A step is at most ten years after the due date, a notice at most one "
                         "year before it.",
                         s) &&
           read_word(d, v, "from", bases, std::size(bases), &out->from,
                     "A step counts from due_date or from previous_reminder.", s) &&
           read_word(d, v, "unit", units, std::size(units), &out->unit,
                     "A unit is days or business_days.", s) &&
           read_flag(d, v, "end_of_month", &out->end_of_month, s) &&
           read_name(d, v, "channel", &out->channel, s) &&
           read_flag(d, v, "channel_fixed", &out->channel_fixed, s) &&
           read_flag(d, v, "statutory", &out->statutory, s) &&
           read_name(d, v, "template", &out->template_name, s) && read_fee(d, v, out, s) &&
           read_optional_money(d, v, "min_amount", &out->min_amount, s) &&
           read_days(d, v, "repeat_every_days", 1, max_policy_days, &out->repeat_every_days, s) &&
           read_days(d, v, "latest_after_due_days", 0, max_policy_days, &out->latest_after_due_days,
                     s) &&
           read_days(d, v, "min_interval_days", 0, max_policy_days, &out->min_interval_days, s) &&
           check_step(d, v, *out, s);
}

}  // namespace receivables
