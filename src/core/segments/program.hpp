// A segment policy as it is stored: its canonical text, and the program made from it.
//
//   offset 0   format version, 1
//          1   0, 24 bits
//          4   size of the text, 32 bits as all that follow
//          8   mark
//         12   number of rules
//         16   number of slots
//         20   number of attributes
//         24   number of constants
//         28   number of instructions
//         32   size of the pool
//         36   the sections, in this order
//
//   text           the canonical JSON text; it alone decides equality, and a program is remade
//                  from it
//   rules          24 bytes each: start and size of the name; first and number of the instructions
//                  of "when", and of "stay" (0 instructions: no such condition)
//   slots          24 bytes each: a metric and its arguments; computed once an evaluation
//   attributes      8 bytes each: start and size of a path, its keys separated by zero bytes
//   constants      24 bytes each: a decimal (units, scale), a double, or start and size of a text
//   instructions    8 bytes each: operation, two small operands, one large
//   pool           names, paths and texts
//
// Numbers are little-endian. The mark tells which operations and metrics the program was made for. With another mark only the
// text is read. Instructions are checked when they run: jumps go forward only and every index is
// compared with its section, so a damaged program is an error and neither hangs nor reads past the
// value.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "core/base/byte_order.hpp"
#include "core/base/decimal.hpp"
#include "core/base/status.hpp"

namespace receivables {

inline constexpr std::uint8_t segment_format_version = 1;

enum class operation : std::uint8_t {
    push_metric,     // large: slot
    push_attribute,  // a: wanted value_kind, large: attribute
    push_as_of,
    push_exact,     // large: constant
    push_real,      // large: constant
    push_text,      // large: constant
    push_date,      // large: day number
    push_boolean,   // a: 0 or 1
    compare,        // a: comparison, b: compare_class; takes two values
    between,        // a: class of the lower bound, b: of the upper one; takes three values
    in_test,        // b: class; takes an element, ors "value = element" into the flag below it
    in_end,         // takes flag and value, leaves the flag
    calculate,      // a: calculation, b: 1 for double; takes two numbers
    shift_date,     // a: calculation (add, subtract), b: 1 when the date comes second; takes a date
                    // and a number of days
    date_distance,  // takes two dates
    negate,         // b: 1 for double
    logical_not,
    logical_and,
    logical_or,
    is_null,        // a: 1 for IS NOT NULL
    skip_if_false,  // large: instruction to go on with, the value stays
    skip_if_true
};
inline constexpr std::uint8_t operation_count =
    static_cast<std::uint8_t>(operation::skip_if_true) + 1;

enum class comparison : std::uint8_t { eq, ne, lt, le, gt, ge };
enum class calculation : std::uint8_t { add, subtract, multiply, divide };

enum class value_kind : std::uint8_t { unknown, boolean, exact, real, date, text, other, unset };

enum class compare_class : std::uint8_t { boolean, exact, real, date, text, same_kind };

struct instruction {
    operation op;
    std::uint8_t a;
    std::uint16_t b;
    std::uint32_t large;
};

inline constexpr std::size_t stored_instruction_size = 8;

struct instruction_range {
    std::uint32_t first = 0;
    std::uint32_t count = 0;
};

struct program_rule {
    std::string_view segment;
    instruction_range when, stay;
};

struct program_slot {
    std::uint16_t metric = 0;            // its place in the registry
    std::uint8_t written_arguments = 0;  // as the rule wrote them; the others have their defaults
    double arguments[2] = {0, 0};
};

struct program_constant {
    decimal exact;
    double real = 0;
    std::string_view text;
    value_kind kind = value_kind::exact;
};

// What a compiler has put together, in buffers of its caller.
struct program_parts {
    program_rule* rules = nullptr;
    program_slot* slots = nullptr;
    std::string_view* attributes = nullptr;
    program_constant* constants = nullptr;
    instruction* instructions = nullptr;
    std::uint32_t rule_count = 0, slot_count = 0, attribute_count = 0, constant_count = 0,
                  instruction_count = 0;
};

// Changes whenever a stored program would mean something else: with the operations above and with
// the metrics of the registry (names, kinds, parameters).
std::uint32_t current_program_mark() noexcept;

// How many bytes the value takes, and writing it there.
std::size_t segment_value_size(const program_parts& parts, std::size_t text_size) noexcept;
void write_segment_value(const program_parts& parts, std::string_view text, std::uint32_t mark,
                         unsigned char* out) noexcept;

class segment_program {
  public:
    // False (and a status) when the bytes are no segment policy. Constant time.
    bool open(const unsigned char* bytes, std::size_t size, std::uint32_t mark, status* s) noexcept;

    // Whether there is a program of the wanted mark; without it only text() may be asked.
    bool is_current() const noexcept { return current_; }
    std::string_view text() const noexcept { return text_; }

    std::uint32_t rule_count() const noexcept { return rule_count_; }
    std::uint32_t slot_count() const noexcept { return slot_count_; }
    std::uint32_t attribute_count() const noexcept { return attribute_count_; }
    std::uint32_t instruction_count() const noexcept { return instruction_count_; }

    // Each takes an index below its count and is false when what is there is damaged.
    bool rule(std::uint32_t index, program_rule* out) const noexcept;
    bool slot(std::uint32_t index, program_slot* out) const noexcept;
    bool attribute(std::uint32_t index, std::string_view* out) const noexcept;
    // The index comes from an instruction and is checked too.
    bool exact_constant(std::uint32_t index, decimal* out) const noexcept;
    bool real_constant(std::uint32_t index, double* out) const noexcept;
    bool text_constant(std::uint32_t index, std::string_view* out) const noexcept;
    instruction at(std::uint32_t index) const noexcept {
        const unsigned char* where = instructions_ + std::size_t{index} * stored_instruction_size;
        return {static_cast<operation>(where[0]), where[1], load_le<std::uint16_t>(where + 2),
                load_le<std::uint32_t>(where + 4)};
    }

  private:
    bool pooled(const unsigned char* where, std::string_view* out) const noexcept;

    bool current_ = false;
    std::uint32_t rule_count_ = 0, slot_count_ = 0, attribute_count_ = 0, constant_count_ = 0,
                  instruction_count_ = 0, pool_size_ = 0;
    const unsigned char* rules_ = nullptr;
    const unsigned char* slots_ = nullptr;
    const unsigned char* attributes_ = nullptr;
    const unsigned char* constants_ = nullptr;
    const unsigned char* instructions_ = nullptr;
    const unsigned char* pool_ = nullptr;
    std::string_view text_;
};

}  // namespace receivables
