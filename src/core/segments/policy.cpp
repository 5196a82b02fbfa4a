#include "core/segments/policy.hpp"

#include <algorithm>

namespace receivables {

namespace {

constexpr const char* join_rules_hint =
    "Join conditions of the same segment with OR, and compare with many values by IN.";

constexpr const char* name_hint = "Name the group, as in {\"segment\": \"prompt\"}.";

bool is_blank(std::string_view text) noexcept {
    return text.find_first_not_of(" \t\n\r\f\v") == std::string_view::npos;
}

bool read_condition(const json_document& json, json_value rule, const char* key, bool* has,
                    std::string_view* out, status* s) noexcept {
    json_value at;
    *has = json.find(rule, key, &at);
    if (!*has || json.read_string(at, out, s)) return true;
    if (json.kind(at) == json_kind::null)
        return s->with_hint("Leave \"%s\" out where there is no condition.", key);
    return s->with_hint("A condition is a text, as in \"%s\": \"timed_count < 3\".", key);
}

bool read_rule(const json_document& json, json_value v, policy_rule* rule, status* s) noexcept {
    static constexpr std::string_view keys[] = {"segment", "when", "stay"};
    json_value at;
    if (!json.expect_object(v, keys, std::size(keys), s)) return false;
    *rule = {};
    if (!json.require(v, "segment", &at, s) || !json.read_string(at, &rule->segment, s))
        return s->with_hint("%s", name_hint);
    return read_condition(json, v, "when", &rule->has_when, &rule->when, s) &&
           read_condition(json, v, "stay", &rule->has_stay, &rule->stay, s);
}

bool check_condition(std::string_view condition, const char* key, int number, status* s) noexcept {
    if (is_blank(condition)) {
        s->fail(error_code::invalid_text, "rule %d has an empty \"%s\"", number, key);
        return s->with_hint("Leave \"%s\" out where there is no condition.", key);
    }
    if (condition.size() <= max_condition_bytes) return true;
    s->fail(error_code::limit_exceeded,
            "condition \"%s\" of rule %d has %zu bytes, more than the limit of %zu", key, number,
            condition.size(), max_condition_bytes);
    return s->with_hint(
        "Use IN for many values, and several rules of the same segment for many cases.");
}

bool check_rule(const policy_rule& rule, int number, bool last, status* s) noexcept {
    if (is_blank(rule.segment)) {
        s->fail(error_code::invalid_text, "rule %d has an empty segment name", number);
        return s->with_hint("%s", name_hint);
    }
    if (rule.segment.size() > max_segment_name_bytes) {
        s->fail(error_code::limit_exceeded,
                "segment name of rule %d has %zu bytes, more than the limit of %zu", number,
                rule.segment.size(), max_segment_name_bytes);
        return s->with_hint("Choose a short name: it stands in every report.");
    }
    if (!rule.has_when && !last) {
        s->fail(error_code::invalid_text, "rule %d has no \"when\" and is not the last", number);
        return s->with_hint(
            "A rule without \"when\" takes every customer that is left, so it comes last.");
    }
    if (!rule.has_when && rule.has_stay) {
        s->fail(error_code::invalid_text, "rule %d has a \"stay\" but no \"when\"", number);
        return s->with_hint("A rule without \"when\" is always true; leave \"stay\" out.");
    }
    return (!rule.has_when || check_condition(rule.when, "when", number, s)) &&
           (!rule.has_stay || check_condition(rule.stay, "stay", number, s));
}

}  // namespace

bool count_policy_rules(const json_document& json, std::size_t* count, status* s) noexcept {
    const json_value root = json.root();
    *count = 0;
    if (json.kind(root) != json_kind::array) {
        json.expect(root, json_kind::array, s);
        return s->with_hint(
            "A segment policy is a list of rules, as in "
            "[{\"segment\": \"late\", \"when\": \"late_share(3) > 0.2\"}, {\"segment\": "
            "\"other\"}].");
    }
    for (json_value v = json.first(root); v != json.past(root); v = json.next(v)) ++*count;
    if (*count <= max_segment_rules) return true;
    s->fail(error_code::limit_exceeded, "segment policy has %zu rules, more than the limit of %zu",
            *count, max_segment_rules);
    return s->with_hint("%s", join_rules_hint);
}

bool read_policy_rules(const json_document& json, policy_rule* rules, status* s) noexcept {
    const json_value root = json.root();
    int number = 1;
    for (json_value v = json.first(root); v != json.past(root); v = json.next(v), ++number)
        if (!read_rule(json, v, &rules[number - 1], s))
            return s->with_detail("In rule %d.", number);
    return true;
}

bool check_policy_rules(const policy_rule* rules, std::size_t count, status* s) noexcept {
    if (count == 0) {
        s->fail(error_code::invalid_text, "segment policy has no rules");
        return s->with_hint("One rule without \"when\" takes everybody: [{\"segment\": \"all\"}].");
    }
    if (count > max_segment_rules) {
        s->fail(error_code::limit_exceeded, "segment policy has more than the limit of %zu rules",
                max_segment_rules);
        return s->with_hint("%s", join_rules_hint);
    }
    std::size_t bytes = 0;
    for (std::size_t i = 0; i < count; ++i) {
        if (!check_rule(rules[i], static_cast<int>(i + 1), i + 1 == count, s))
            return rules[i].has_position
                       ? s->with_detail("It is the rule at position %d.", rules[i].position)
                       : false;
        bytes += rules[i].segment.size() + rules[i].when.size() + rules[i].stay.size();
    }
    if (bytes <= max_policy_bytes) return true;
    return s->fail(error_code::limit_exceeded,
                   "segment policy has %zu bytes of text, more than the limit of %zu", bytes,
                   max_policy_bytes);
}

void write_policy_rules(const policy_rule* rules, std::size_t count, text_writer* out) noexcept {
    out->put('[');
    for (std::size_t i = 0; i < count; ++i) {
        out->put(i == 0 ? "{\"segment\": " : ", {\"segment\": ");
        out->put_json_string(rules[i].segment);
        if (rules[i].has_when) {
            out->put(", \"when\": ");
            out->put_json_string(rules[i].when);
        }
        if (rules[i].has_stay) {
            out->put(", \"stay\": ");
            out->put_json_string(rules[i].stay);
        }
        out->put('}');
    }
    out->put(']');
}

void write_rule_condition(const policy_rule& rule, bool with_stay, text_writer* out) noexcept {
    if (!with_stay) return out->put(rule.when);
    const char* separator = "(";
    for (std::string_view condition : {rule.when, rule.stay}) {
        out->put(separator);
        out->put(condition);
        // A comment must not swallow the parenthesis.
        if (condition.find("--") != std::string_view::npos) out->put('\n');
        separator = ") or (";
    }
    out->put(')');
}

}  // namespace receivables
