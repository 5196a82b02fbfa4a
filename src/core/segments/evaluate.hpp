// Decides the rules of a segment policy for one customer, with the three-valued logic of SQL, in
// steps: see stack_machine.hpp.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/segments/program.hpp"
#include "core/segments/stack_machine.hpp"

namespace receivables {

class segment_evaluator {
  public:
    // `slots` has room for the program's slots, which are all unset here.
    segment_evaluator(const segment_program& program, const segment_facts& facts,
                      rule_value* slots) noexcept;

    // One rule: after begin(), decide() until it no longer goes on. Then holds() says whether the
    // rule does: a boolean or unknown.
    void begin(const program_rule& rule) noexcept;
    evaluation decide() noexcept;
    const rule_value& holds() const noexcept { return holds_; }

    // All rules: assign() until it no longer goes on. Then is_assigned() says whether one of them
    // holds, and segment() is that of the first.
    evaluation assign() noexcept;
    bool is_assigned() const noexcept { return holds_.is_true(); }
    std::string_view segment() const noexcept { return rule_.segment; }

    // Computes one metric of the conditions that take part in the rule; done when all of them are.
    evaluation compute_next(const program_rule& rule) noexcept;
    // A metric that has been computed; nullptr when there is none.
    const rule_value* metric_of(std::uint32_t slot) const noexcept;
    // Whether "stay" takes part: the customer is in the rule's segment already.
    bool may_stay(const program_rule& rule) const noexcept;

  private:
    enum class part : std::uint8_t { none, when, stay };

    void begin_rule() noexcept;
    void end_part() noexcept;

    const segment_program& program_;
    const segment_facts& facts_;
    rule_value* slots_;
    stack_machine machine_;
    program_rule rule_;
    part part_ = part::none;  // what the machine is running
    std::uint32_t next_rule_ = 0;
    rule_value holds_;
};

}  // namespace receivables
