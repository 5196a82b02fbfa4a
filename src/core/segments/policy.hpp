// The rules of a segment policy as their author wrote them: read from JSON, checked as a list, and
// written back. What the conditions say is segment_condition's business.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/base/json_reader.hpp"
#include "core/base/status.hpp"
#include "core/base/text_writer.hpp"
#include "core/segments/evaluate.hpp"
#include "core/segments/program.hpp"

namespace receivables {

inline constexpr std::size_t max_segment_rules = 1000;
inline constexpr std::size_t max_segment_name_bytes = 255;
inline constexpr std::size_t max_condition_bytes = 10000;
inline constexpr std::size_t max_policy_bytes = 1000000;

struct policy_rule {
    std::string_view segment;
    std::string_view when, stay;
    bool has_when = false, has_stay = false;
    // Where rules are kept as rows, which errors then name.
    bool has_position = false;
    std::int32_t position = 0;
};

// The number of rules in a JSON text; checks that it is a list of them and not too long.
bool count_policy_rules(const json_document& json, std::size_t* count, status* s) noexcept;
// Reads that many.
bool read_policy_rules(const json_document& json, policy_rule* rules, status* s) noexcept;

// What must hold of the list, whatever it was made from. Errors name the rule's number, from 1.
bool check_policy_rules(const policy_rule* rules, std::size_t count, status* s) noexcept;

// Canonical JSON: one line, keys in the order segment, when, stay, conditions as they were written.
void write_policy_rules(const policy_rule* rules, std::size_t count, text_writer* out) noexcept;

// What explain_segment shows of a rule's condition: "when", and "stay" where it takes part.
void write_rule_condition(const policy_rule& rule, bool with_stay, text_writer* out) noexcept;

// The facts that a rule looks at, as a JSON object: metrics and attributes by their names, and
// under "notes" why an attribute is unknown. `seen` has room for one byte a slot and an attribute
// and remembers what is written already; it need not be cleared. False when the program is damaged.
bool write_rule_facts(const segment_program& program, const segment_facts& facts,
                      const program_rule& rule, segment_evaluator* evaluator, unsigned char* seen,
                      text_writer* out) noexcept;

}  // namespace receivables
