#include "core/reminders/dunning_policy_text.hpp"

#include <algorithm>

#include "core/reminders/dunning_policy_binary.hpp"
#include "core/reminders/dunning_policy_fields.hpp"
#include "core/segments/policy.hpp"

namespace receivables {

const std::string_view standard_dunning_policy_text =
    R"({"steps": [{"level": 1, "after_days": 5, "channel": "email", "template": "friendly"},)"
    R"( {"level": 2, "after_days": 14, "from": "previous_reminder", "channel": "letter",)"
    R"( "channel_fixed": true, "template": "firm"},)"
    R"( {"level": 3, "after_days": 10, "from": "previous_reminder", "channel": "phone",)"
    R"( "template": "last call", "min_amount": 250, "repeat_every_days": 14}],)"
    R"( "wait": {"within_days": 10, "min_share": 0.4, "until_days": 21},)"
    R"( "min_interval_days": 7, "min_amount": 25, "max_reminders": 5,)"
    R"( "latest_after_due_days": 45,)"
    R"( "promise_grace_days": 2, "promise_max_days": 60,)"
    R"( "start": {"older_than_days": 90, "status": "review"},)"
    R"( "segments": {"at risk": {"steps": [)"
    R"({"level": 1, "after_days": 1, "channel": "phone", "template": "firm"},)"
    R"( {"level": 2, "after_days": 7, "from": "previous_reminder", "channel": "letter",)"
    R"( "channel_fixed": true, "template": "last call"}], "wait": null},)"
    R"( "direct debit": {"steps": []},)"
    R"( "payment day": {"payment_day": {"min_share": 0.6, "min_payments": 5,)"
    R"( "grace_days": 1, "within_days": 31}}}})";

namespace {

// One run over the document: checks everything and hands the fields to a writer, which writes or
// only counts.
struct policy_compiler {
    const json_document& document;
    status* s;
    field_writer fields;
    std::size_t steps_at;
    std::uint16_t steps_written = 0;
    std::uint16_t settings_written = 0;

    bool policy() noexcept;
    bool segments(json_value map, const dunning_settings& policy, bool policy_repeats) noexcept;
    bool segment(json_value key, dunning_settings settings, bool repeats) noexcept;
    bool members(json_value object, dunning_settings* settings, bool* repeats) noexcept;
    bool steps(json_value list, dunning_settings* owner, bool* repeats) noexcept;
    bool finish(json_value object, const dunning_settings& settings, bool repeats) noexcept;
};

// The members of a policy or of a segment's entry, whose keys have been checked.
bool policy_compiler::members(json_value object, dunning_settings* settings,
                              bool* repeats) noexcept {
    for (json_value k = document.first(object); k != document.past(object);
         k = document.next_member(k)) {
        const std::string_view* found =
            std::find(policy_key_names, policy_key_names + policy_key_count, document.text(k));
        if (found == policy_key_names + policy_key_count) continue;
        const auto key = static_cast<policy_key>(found - policy_key_names);
        const json_value value = document.member_value(k);
        settings->named |= bit_of(key);
        const bool read = key == policy_key::steps
                              ? steps(value, settings, repeats)
                              : read_policy_member(document, key, value, settings, s);
        if (!read) return false;
    }
    return true;
}

bool policy_compiler::steps(json_value list, dunning_settings* owner, bool* repeats) noexcept {
    owner->first_step = steps_written;
    owner->step_count = 0;
    *repeats = false;
    if (document.kind(list) == json_kind::null) return true;
    if (!document.expect(list, json_kind::array, s)) return false;
    reminder_step step, earlier;
    for (json_value e = document.first(list); e != document.past(list); e = document.next(e)) {
        if (owner->step_count == max_policy_steps)
            return document.fail(list, error_code::limit_exceeded, s, "more than %zu steps",
                                 max_policy_steps);
        const bool last = document.next(e) == document.past(list);
        const reminder_step* before = owner->step_count > 0 ? &earlier : nullptr;
        if (!read_reminder_step(document, e, &step, s) ||
            !check_step_order(document, e, step, before, last, s))
            return false;
        fields.move_to(steps_at + steps_written * stored_step_size);
        step_fields(fields, step);
        ++steps_written;
        ++owner->step_count;
        *repeats = step.repeat_every_days > 0;
        earlier = step;
    }
    return true;
}

bool policy_compiler::finish(json_value object, const dunning_settings& settings,
                             bool repeats) noexcept {
    if (repeats && settings.max_reminders == 0) {
        document.fail(object, error_code::invalid_text, s,
                      "a step with repeat_every_days needs max_reminders");
        return s->with_hint("Without a maximum it would repeat for ever.");
    }
    fields.move_to(dunning_header_size + settings_written * stored_settings_size);
    settings_fields(fields, settings);
    ++settings_written;
    return true;
}

bool policy_compiler::segment(json_value key, dunning_settings settings, bool repeats) noexcept {
    const json_value entry = document.member_value(key);
    settings.segment = document.text(key);
    if (settings.segment.size() > max_segment_name_bytes) {
        document.fail(key, error_code::limit_exceeded, s, "a segment name of %zu bytes",
                      settings.segment.size());
        return s->with_hint("No segment has a name of more than %zu bytes.",
                            max_segment_name_bytes);
    }
    if (!check_policy_name(document, key, settings.segment, s))
        return settings.segment.empty() &&
               s->with_hint("An entry has the name of its segment; others follow the policy.");
    return document.expect_object(entry, policy_key_names, policy_key_count, s) &&
           members(entry, &settings, &repeats) && finish(entry, settings, repeats);
}

bool policy_compiler::segments(json_value map, const dunning_settings& policy,
                               bool policy_repeats) noexcept {
    if (!document.expect_map(map, max_policy_segments, s)) return false;
    json_value keys[max_policy_segments];
    std::size_t count = 0;
    for (json_value k = document.first(map); k != document.past(map); k = document.next_member(k))
        keys[count++] = k;
    std::sort(keys, keys + count, [this](json_value a, json_value b) noexcept {
        return document.text(a) < document.text(b);
    });
    for (std::size_t i = 0; i < count; ++i)
        if (!segment(keys[i], policy, policy_repeats)) return false;
    return true;
}

bool policy_compiler::policy() noexcept {
    std::string_view keys[policy_key_count + 1];
    std::copy(policy_key_names, policy_key_names + policy_key_count, keys);
    keys[policy_key_count] = "segments";
    const json_value root = document.root();
    json_value list, map;
    if (!document.expect_object(root, keys, policy_key_count + 1, s)) return false;
    if (!document.require(root, "steps", &list, s))
        return s->with_hint(
            "A policy is at least {\"steps\": [{\"level\": 1, \"after_days\": 5}]}; without "
            "reminders its steps are [].");
    if (!document.expect(list, json_kind::array, s)) return false;
    dunning_settings settings;
    bool repeats = false;
    if (!members(root, &settings, &repeats)) return false;
    settings.named = 0;
    return finish(root, settings, repeats) &&
           (!document.find(root, "segments", &map) || document.kind(map) == json_kind::null ||
            segments(map, settings, repeats));
}

struct part_counts {
    std::size_t settings = 1;
    std::size_t steps = 0;
};

// How many steps and settings there will be, so that their places are known before they are read.
// Nothing is checked yet: what is not a list of steps counts as none and is refused later.
part_counts count_parts(const json_document& d) noexcept {
    part_counts counts;
    json_value map;
    const auto add_steps = [&](json_value object) noexcept {
        json_value list;
        if (d.kind(object) != json_kind::object || !d.find(object, "steps", &list) ||
            d.kind(list) != json_kind::array)
            return;
        for (json_value e = d.first(list); e != d.past(list); e = d.next(e)) ++counts.steps;
    };
    add_steps(d.root());
    if (d.kind(d.root()) != json_kind::object || !d.find(d.root(), "segments", &map) ||
        d.kind(map) != json_kind::object)
        return counts;
    for (json_value k = d.first(map); k != d.past(map); k = d.next_member(k)) {
        ++counts.settings;
        add_steps(d.member_value(k));
    }
    return counts;
}

}  // namespace

bool compile_dunning_policy(const json_document& document, unsigned char* out, std::size_t* size,
                            status* s) noexcept {
    const part_counts counts = count_parts(document);
    const std::size_t steps_at = dunning_header_size + counts.settings * stored_settings_size;
    const std::size_t texts_at = steps_at + counts.steps * stored_step_size;
    policy_compiler compiler{document, s, field_writer(out, 0), steps_at};
    compiler.fields.place_texts(texts_at);
    if (!compiler.policy()) return false;
    const std::size_t texts_size = compiler.fields.texts_used();
    field_writer header(out, 0);
    header.whole(dunning_format_version, 1);
    header.whole(0, 1);
    header.whole(counts.settings, 2);
    header.whole(counts.steps, 2);
    header.whole(0, 2);
    header.whole(texts_size, 4);
    *size = texts_at + texts_size;
    return true;
}

}  // namespace receivables
