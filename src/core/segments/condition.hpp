// From the parsed condition of a rule to instructions: what every name means, whether the types
// fit, and the code. The tree comes from PostgreSQL's parser by way of ring 3; nothing here knows
// of that.
//
// Types follow SQL with one difference: whole numbers and numerics are one exact type, so that
// 1 / 2 is 0.5 and not 0. A calculation or comparison is done in double precision when one side is
// a double, and exactly otherwise. An attribute takes the type that its surroundings need.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/base/civil_date.hpp"
#include "core/base/decimal.hpp"
#include "core/profile/metric_registry.hpp"
#include "core/segments/program.hpp"

namespace receivables {

enum class condition_kind : std::uint8_t {
    number,   // text: as written
    text,     // text
    boolean,  // flag
    date,     // text: as written
    name,     // text: a metric or as_of
    // text: a metric; children: its arguments, which are numbers, perhaps with a name (label)
    call,
    attribute,    // text: the path, its keys separated by zero bytes
    logical_and,  // two children or more
    logical_or,   // two children or more
    logical_not,
    compare,    // how: comparison; two children
    calculate,  // how: calculation; two children
    negate,
    plus,
    between,  // flag: negated; three children: the value, the bounds
    in,       // flag: negated; children: the value, the elements
    is_null   // flag: IS NOT NULL
};

enum class condition_type : std::uint8_t { boolean, whole, exact, real, date, text, attribute };

inline constexpr std::uint32_t no_node = ~std::uint32_t{0};

struct condition_node {
    condition_kind kind;
    std::uint8_t how;
    bool flag;
    std::int32_t position;  // byte offset in the condition, below 0 when unknown
    std::uint32_t first_child, next;
    std::string_view text, label;
    // Filled in by the compiler.
    condition_type type;
    compare_class classes[2];    // of a comparison; of both bounds of BETWEEN
    compare_class member_class;  // of an element of IN
    bool as_real;
    bool days_last;  // of a calculation: a date and a number of days, the date first
    decimal number;
    day_number day;
    std::uint32_t index;
};

enum class condition_problem : std::uint8_t {
    none,
    unknown_name,      // 42703
    unknown_function,  // 42883
    type_mismatch,     // 42804
    wrong_argument,    // 22023
    wrong_number,      // 22003
    wrong_date,        // 22007
    too_many           // 54000
};

struct condition_error {
    condition_problem problem = condition_problem::none;
    std::int32_t position = 0;
    char message[256] = "";
    char hint[256] = "";
};

inline constexpr std::uint32_t max_segment_slots = 1000;
inline constexpr std::uint32_t max_segment_attributes = 1000;
inline constexpr std::size_t max_attribute_path_bytes = 500;

// How many instructions that many nodes make at most; constants, slots, attributes: at most one a
// node.
inline constexpr std::size_t max_instructions(std::size_t nodes) noexcept {
    return 6 * nodes;
}

class condition_compiler {
  public:
    // The parts need room for all conditions that will be compiled into them.
    condition_compiler(condition_node* nodes, program_parts* parts, condition_error* error) noexcept
        : nodes_(nodes), parts_(parts), error_(error) {}

    // Appends the instructions of a condition. The depth of the tree is the caller's to limit.
    bool compile(std::uint32_t root, instruction_range* out) noexcept;

  private:
    condition_node& child(const condition_node& n, int index) noexcept;
    bool resolve(condition_node& n) noexcept;
    bool resolve_children(condition_node& n) noexcept;
    bool resolve_number(condition_node& n) noexcept;
    bool resolve_date(condition_node& n) noexcept;
    bool resolve_name(condition_node& n) noexcept;
    bool resolve_call(condition_node& n) noexcept;
    bool resolve_arguments(condition_node& n, const metric& m, program_slot* slot) noexcept;
    bool check_argument(const condition_node& argument, const metric& m,
                        const metric_parameter& p) noexcept;
    bool too_many_arguments(const condition_node& argument, const metric& m) noexcept;
    bool hint_arguments(const metric& m) noexcept;
    bool settle_date_literal(condition_node& n) noexcept;
    bool resolve_attribute(condition_node& n) noexcept;
    bool resolve_membership(condition_node& n) noexcept;
    bool resolve_calculation(condition_node& n) noexcept;
    bool resolve_date_calculation(condition_node& n, condition_node& a, condition_node& b) noexcept;
    bool resolve_sign(condition_node& n) noexcept;
    bool use_slot(condition_node& n, const program_slot& slot) noexcept;
    bool need_boolean(condition_node& n) noexcept;
    bool need_number(condition_node& n) noexcept;
    bool unify(condition_node& a, condition_node& b, compare_class* out) noexcept;
    bool mismatch(const condition_node& a, const condition_node& b) noexcept;
    bool unknown(const condition_node& n, bool function) noexcept;

    void emit(const condition_node& n) noexcept;
    void emit_leaf(const condition_node& n) noexcept;
    void emit_logic(const condition_node& n, operation skip, operation combine) noexcept;
    void emit_membership(const condition_node& n) noexcept;
    void emit_calculation(const condition_node& n) noexcept;
    void append(operation op, std::uint8_t a = 0, std::uint16_t b = 0,
                std::uint32_t large = 0) noexcept;
    std::uint32_t add_constant(const program_constant& constant) noexcept;

    RECEIVABLES_PRINTF(4, 5)
    bool fail(condition_problem problem, const condition_node& n, const char* format, ...) noexcept;
    RECEIVABLES_PRINTF(2, 3) bool hint(const char* format, ...) noexcept;

    condition_node* nodes_;
    program_parts* parts_;
    condition_error* error_;
};

}  // namespace receivables
