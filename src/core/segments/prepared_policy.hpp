// A segment policy made ready to decide customer after customer: rules are found without decoding,
// and of each condition the parts that "and" connects stand apart, so that most of a policy comes
// down to comparing one number of the customer with one of the policy. It decides as
// segment_evaluator does, for whether a rule is true is all that assigning asks, and "and" is true
// when all its parts are. What is of another shape runs there as it stands.
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/segments/evaluate.hpp"
#include "core/segments/program.hpp"

namespace receivables {

enum class test_kind : std::uint8_t {
    real,    // compares a metric with a number in double precision
    reals,   // compares two calculations
    exact,   // compares a metric with an exact number
    known,   // whether a metric is (not) NULL
    program  // anything else
};

// A part of a condition that must be true.
struct prepared_test {
    test_kind kind;
    comparison how;           // of real, reals, exact
    bool wanted;              // of known: whether the metric must have a value
    std::uint32_t slot;       // of real, exact, known
    double least, most;       // of real
    decimal exact;            // of exact
    instruction_range range;  // of program its instructions, of reals its steps
};

enum class step_kind : std::uint8_t { metric, number, calculation };

// Calculations in postfix order: operands first.
struct prepared_step {
    step_kind kind;
    calculation how;
    std::uint32_t slot;
    double number;
};

// Of a calculation; what is deeper runs as a program.
inline constexpr std::uint32_t most_waiting_numbers = 8;

struct prepared_slot {
    const metric* source;
    double arguments[max_metric_parameters];
};

struct prepared_rule {
    program_rule source;
    std::uint32_t first_test = 0, tests = 0;
};

class prepared_policy {
  public:
    // How many bytes prepare() needs, aligned for a decimal.
    static std::size_t size(const segment_program& program) noexcept;
    // Reads a current program, whose bytes must stay where they are. False when it is damaged: then
    // running it tells where.
    bool prepare(const segment_program& program, void* memory) noexcept;

    const segment_program& program() const noexcept { return program_; }
    std::uint32_t rule_count() const noexcept { return program_.rule_count(); }
    std::string_view segment(std::uint32_t rule) const noexcept {
        return rules_[rule].source.segment;
    }

    // The first rule that holds; rule_count() when there is none. `slots` as for segment_evaluator.
    // False (and a status) when the program is damaged.
    bool assign(const segment_facts& facts, rule_value* slots, std::uint32_t* rule,
                status* s) const noexcept;

  private:
    friend class condition_splitter;
    friend class prepared_run;

    segment_program program_;
    prepared_slot* slots_;
    prepared_rule* rules_;
    prepared_test* tests_;
    prepared_step* steps_;
    std::uint32_t test_count_, step_count_;
};

}  // namespace receivables
