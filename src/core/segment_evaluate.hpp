// Runs the program of a segment policy on one customer, with the three-valued logic of SQL.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/metric_registry.hpp"
#include "core/segment_program.hpp"

namespace receivables {

// A value during evaluation. `unknown` is NULL, `other` something that is there but takes part in
// no comparison (an object, an array, a number of more than 38 digits), `unset` a metric not yet
// computed.
struct rule_value {
    value_kind kind;
    bool truth;
    std::int32_t small;  // the scale of an exact number, or a date
    union {
        int128 units;
        double real;
        struct {
            const char* data;
            std::size_t size;
        } text;
    };

    static rule_value of(value_kind kind) noexcept {
        rule_value v;
        v.kind = kind;
        return v;
    }
    static rule_value of_truth(bool truth) noexcept {
        rule_value v = of(value_kind::boolean);
        v.truth = truth;
        return v;
    }
    static rule_value of_date(day_number day) noexcept {
        rule_value v = of(value_kind::date);
        v.small = day;
        return v;
    }
    static rule_value of_exact(decimal number) noexcept {
        rule_value v = of(value_kind::exact);
        v.small = number.scale;
        v.units = number.units;
        return v;
    }
    static rule_value of_real(double number) noexcept {
        rule_value v = of(value_kind::real);
        v.real = number;
        return v;
    }
    static rule_value of_text(std::string_view text) noexcept {
        rule_value v = of(value_kind::text);
        v.text.data = text.data();
        v.text.size = text.size();
        return v;
    }
    bool is_null() const noexcept { return kind == value_kind::unknown; }
    bool is_true() const noexcept { return kind == value_kind::boolean && truth; }
    bool is_false() const noexcept { return kind == value_kind::boolean && !truth; }
    decimal exact() const noexcept { return {units, small}; }
    std::string_view string() const noexcept { return {text.data, text.size}; }
};

// What is known of a customer.
struct segment_facts {
    profile_metrics* profile = nullptr;
    bool has_as_of = false;
    day_number as_of = 0;
    // One a path of the program, in JSON's types: unknown (missing or null), boolean, exact, text,
    // other.
    const rule_value* attributes = nullptr;
    bool has_current_segment = false;
    std::string_view current_segment;
};

// The type that an attribute must have, as JSON holds it, and how it is read: a date is an ISO
// text.
rule_value read_attribute_as(const rule_value& found, value_kind wanted) noexcept;

class segment_evaluator {
  public:
    // `slots` has room for the program's slots, which are all unset here.
    segment_evaluator(const segment_program& program, const segment_facts& facts,
                      rule_value* slots) noexcept;

    // Whether a rule holds: a boolean or unknown. False (and a status) when the program is damaged.
    bool decide(const program_rule& rule, rule_value* out, status* s) noexcept;
    // The first rule that holds; `found` is false when there is none.
    bool assign(bool* found, std::string_view* segment, status* s) noexcept;
    // A metric of the program, computed at most once.
    bool metric_of(std::uint32_t slot, rule_value* out) noexcept;
    // Whether "stay" takes part: the customer is in the rule's segment already.
    bool may_stay(const program_rule& rule) const noexcept;

  private:
    bool run(instruction_range range, rule_value* out) noexcept;

    const segment_program& program_;
    const segment_facts& facts_;
    rule_value* slots_;
};

// Single operations. NULL when a or b is; false when the types are not those of a sound program.
// The result may be written over an operand.
bool compare_values(comparison how, compare_class by, const rule_value& a, const rule_value& b,
                    rule_value* out) noexcept;
bool calculate_values(calculation how, bool real, const rule_value& a, const rule_value& b,
                      rule_value* out) noexcept;
bool shift_date_value(calculation how, const rule_value& date, const rule_value& days,
                      rule_value* out) noexcept;
bool date_distance_value(const rule_value& a, const rule_value& b, rule_value* out) noexcept;
rule_value and_values(const rule_value& a, const rule_value& b) noexcept;
rule_value or_values(const rule_value& a, const rule_value& b) noexcept;

}  // namespace receivables
