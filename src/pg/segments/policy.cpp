// segment_policy as text, as binary, compared and cast.
#include "pg/base/postgres.hpp"

#include "pg/base/error.hpp"
#include "pg/base/json_events.hpp"
#include "pg/segments/condition.hpp"
#include "pg/segments/policy.hpp"

namespace receivables {

namespace {

struct parsed_rule {
    condition_origin when, stay;
    std::uint32_t when_root, stay_root;
};

condition_origin origin_of(const policy_rule& rule, std::size_t index, const char* key,
                           std::string_view condition) {
    const char* place = rule.has_position ? psprintf("position %d, ", rule.position) : "";
    return {static_cast<int>(index + 1), place, key, rule.segment,
            pnstrdup(condition.data(), condition.size())};
}

parsed_rule parse_rule(const policy_rule& rule, std::size_t index, condition_tree* tree) {
    parsed_rule parsed = {};
    if (rule.has_when) {
        parsed.when = origin_of(rule, index, "when", rule.when);
        parsed.when_root = parse_condition(parsed.when, tree);
    }
    if (rule.has_stay) {
        parsed.stay = origin_of(rule, index, "stay", rule.stay);
        parsed.stay_root = parse_condition(parsed.stay, tree);
    }
    return parsed;
}

program_parts make_parts(std::size_t rules, std::size_t nodes) {
    program_parts parts;
    parts.rules = allocate<program_rule>(rules);
    parts.slots = allocate<program_slot>(Min(nodes, max_segment_slots));
    parts.attributes = allocate<std::string_view>(Min(nodes, max_segment_attributes));
    parts.constants = allocate<program_constant>(nodes);
    parts.instructions = allocate<instruction>(max_instructions(nodes));
    return parts;
}

void compile_condition(const condition_origin& origin, std::uint32_t root, condition_node* nodes,
                       program_parts* parts, instruction_range* out) {
    condition_error error;
    condition_compiler compiler(nodes, parts, &error);
    if (!compiler.compile(root, out)) raise_condition_error(origin, error);
}

struct varlena* make_value(const program_parts& parts, const policy_rule* rules,
                           std::size_t count) {
    const sized_text text = write_text(
        "segment_policy", [&](text_writer* out) { write_policy_rules(rules, count, out); });
    struct varlena* value = make_varlena(segment_value_size(parts, text.size));
    write_segment_value(parts, {text.data, text.size}, program_mark(),
                        reinterpret_cast<unsigned char*>(VARDATA(value)));
    return value;
}

}  // namespace

struct varlena* compile_policy(const policy_rule* rules, std::size_t count) {
    status s;
    if (!check_policy_rules(rules, count, &s)) raise(s);
    condition_tree tree = make_condition_tree();
    parsed_rule* parsed = allocate<parsed_rule>(count);
    for (std::size_t i = 0; i < count; ++i) {
        CHECK_FOR_INTERRUPTS();
        parsed[i] = parse_rule(rules[i], i, &tree);
    }
    program_parts parts = make_parts(count, tree.count);
    for (std::size_t i = 0; i < count; ++i) {
        CHECK_FOR_INTERRUPTS();
        program_rule* rule = &parts.rules[parts.rule_count++];
        rule->segment = rules[i].segment;
        rule->when = rule->stay = instruction_range{};
        if (rules[i].has_when)
            compile_condition(parsed[i].when, parsed[i].when_root, tree.nodes, &parts, &rule->when);
        if (rules[i].has_stay)
            compile_condition(parsed[i].stay, parsed[i].stay_root, tree.nodes, &parts, &rule->stay);
    }
    return make_value(parts, rules, count);
}

policy_rule* read_stored_rules(std::string_view text, std::size_t* count) {
    const json_document json = parse_json(text.data(), text.size(), "segment_policy");
    status s;
    if (!count_policy_rules(json, count, &s)) raise(s);
    policy_rule* rules = allocate<policy_rule>(*count);
    if (!read_policy_rules(json, rules, &s)) raise(s);
    return rules;
}

struct varlena* compile_policy_text(const char* text, std::size_t size) {
    std::size_t count;
    const policy_rule* rules = read_stored_rules({text, size}, &count);
    return compile_policy(rules, count);
}

std::string_view policy_text(Datum value) {
    return open_program(payload(value)).text();
}

namespace {

sized_text copied_policy_text(Datum value) {
    const std::string_view text = policy_text(value);
    return {pnstrdup(text.data(), text.size()), text.size()};
}

// A program from outside is never trusted: what is sent is the text.
Datum read_policy_text(const char* text, std::size_t size) {
    return PointerGetDatum(compile_policy_text(text, size));
}

// The text decides equality: a program made by another version means the same.
byte_span canonical_policy(Datum value) {
    const std::string_view text = policy_text(value);
    return {reinterpret_cast<const unsigned char*>(text.data()), text.size()};
}

}  // namespace

}  // namespace receivables

using namespace receivables;

RECEIVABLES_FUNCTION(segment_policy_in) {
    const char* text = PG_GETARG_CSTRING(0);
    PG_RETURN_POINTER(compile_policy_text(text, strlen(text)));
}

RECEIVABLES_VALUE_AS_TEXT(segment_policy, copied_policy_text)
RECEIVABLES_VALUE_SENT_AS_TEXT(segment_policy, read_policy_text, copied_policy_text)
RECEIVABLES_VALUE_FROM_JSONB(segment_policy)
RECEIVABLES_VALUE_OPERATORS(segment_policy, canonical_policy)
