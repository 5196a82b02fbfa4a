// Runs the instructions of one condition on one customer.
//
// In steps, each of them as long as one metric takes: a metric of a large profile may take
// milliseconds, and a policy can ask for a thousand. Between the steps the caller may look for
// interrupts.
#pragma once

#include <cstdint>
#include <string_view>

#include "core/segments/program.hpp"
#include "core/segments/values.hpp"

namespace receivables {

// What is known of a customer.
struct segment_facts {
    profile_metrics* profile = nullptr;
    bool has_as_of = false;
    day_number as_of = 0;
    // One a path of the program, in JSON's types: unknown (missing or null), boolean, exact, text,
    // other (of_other, for write_rule_facts).
    const rule_value* attributes = nullptr;
    bool has_current_segment = false;
    std::string_view current_segment;
};

// How far an evaluation has come.
enum class evaluation : std::uint8_t { goes_on, done, damaged };

class stack_machine {
  public:
    // `slots` has room for the program's slots.
    stack_machine(const segment_program& program, const segment_facts& facts,
                  rule_value* slots) noexcept
        : program_(program), facts_(facts), slots_(slots) {}

    void start(instruction_range range) noexcept {
        at_ = range.first;
        end_ = range.first + range.count;
        depth_ = 0;
    }
    evaluation step() noexcept;
    // Once it is done: a boolean or unknown.
    const rule_value& result() const noexcept { return *values_[0]; }

    // Computes a metric into its slot; false when the slot is damaged.
    bool compute(std::uint32_t slot) noexcept;

  private:
    // A hundred levels of nesting, each with at most two values waiting, and some to spare.
    static constexpr std::uint32_t stack_size = 256;

    bool has_room_for(operation op) const noexcept;
    bool run(const instruction& i) noexcept;
    rule_value* push(value_kind kind) noexcept;
    bool push_attribute(const instruction& i) noexcept;
    bool push_as_of() noexcept;
    bool push_exact(const instruction& i) noexcept;
    bool push_text(const instruction& i) noexcept;
    bool between(compare_class low_class, compare_class high_class) noexcept;
    bool test_element(compare_class by) noexcept;
    bool end_membership() noexcept;
    bool calculate(const instruction& i) noexcept;
    bool negate() noexcept;
    bool logical_not() noexcept;
    template <class Combine>
    bool combine(Combine combine_values) noexcept;
    bool skip(const instruction& i, bool skips) noexcept;
    // The value `place` below the first free place.
    const rule_value& top(std::uint32_t place) const noexcept { return *values_[depth_ - place]; }
    rule_value* result_at(std::uint32_t place) noexcept;

    const segment_program& program_;
    const segment_facts& facts_;
    rule_value* slots_;
    std::uint32_t at_ = 0, end_ = 0, depth_ = 0;
    // The stack: metrics and attributes where they are, all else in `made_`, at its own place.
    const rule_value* values_[stack_size];
    rule_value made_[stack_size];
};

}  // namespace receivables
