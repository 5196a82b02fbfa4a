// Runs the program of a segment policy on one customer, with the three-valued logic of SQL.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/profile/metric_registry.hpp"
#include "core/segments/program.hpp"

namespace receivables {

// A value during evaluation. `unknown` is NULL, `other` something that is there but takes part in
// no comparison (an object, an array, a number of more than 38 digits; as JSON in `text` where it
// is to be explained), `unset` a metric not yet computed.
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

    // Evaluation sets values where they stay: to copy one that was just written stalls, because
    // its halves are written apart and read together.
    void set(value_kind k) noexcept { kind = k; }
    void set_truth(bool value) noexcept {
        kind = value_kind::boolean;
        truth = value;
    }
    void set_date(day_number day) noexcept {
        kind = value_kind::date;
        small = day;
    }
    void set_exact(decimal number) noexcept {
        kind = value_kind::exact;
        small = number.scale;
        units = number.units;
    }
    void set_real(double number) noexcept {
        kind = value_kind::real;
        real = number;
    }
    void set_text(std::string_view value) noexcept {
        kind = value_kind::text;
        text.data = value.data();
        text.size = value.size();
    }

    void set_metric(const metric_value& m) noexcept {
        if (m.is_null) return set(value_kind::unknown);
        switch (m.kind) {
            case metric_kind::count:
            case metric_kind::days:
                return set_exact({m.whole, 0});
            case metric_kind::date:
                return set_date(static_cast<day_number>(m.whole));
            case metric_kind::amount:
                return set_exact(m.amount);
            case metric_kind::figure:
                break;
        }
        set_real(m.figure);
    }

    static rule_value of(value_kind kind) noexcept {
        rule_value v;
        v.set(kind);
        return v;
    }
    static rule_value of_truth(bool truth) noexcept {
        rule_value v;
        v.set_truth(truth);
        return v;
    }
    static rule_value of_date(day_number day) noexcept {
        rule_value v;
        v.set_date(day);
        return v;
    }
    static rule_value of_exact(decimal number) noexcept {
        rule_value v;
        v.set_exact(number);
        return v;
    }
    static rule_value of_real(double number) noexcept {
        rule_value v;
        v.set_real(number);
        return v;
    }
    static rule_value of_text(std::string_view text) noexcept {
        rule_value v;
        v.set_text(text);
        return v;
    }
    static rule_value of_other(std::string_view json) noexcept {
        rule_value v = of_text(json);
        v.set(value_kind::other);
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
    // other (of_other, for write_rule_facts).
    const rule_value* attributes = nullptr;
    bool has_current_segment = false;
    std::string_view current_segment;
};

// The type that an attribute must have, as JSON holds it, and how it is read: a date is an ISO
// text.
rule_value read_attribute_as(const rule_value& found, value_kind wanted) noexcept;

inline void compute_metric(const metric& m, const double* arguments, const segment_facts& facts,
                           rule_value* out) noexcept {
    if (m.needs_as_of && !facts.has_as_of)
        out->set(value_kind::unknown);
    else
        out->set_metric(m.evaluate(*facts.profile, facts.as_of, arguments));
}

class segment_evaluator {
  public:
    // `slots` has room for the program's slots, which are all unset here.
    segment_evaluator(const segment_program& program, const segment_facts& facts,
                      rule_value* slots) noexcept;

    // Whether a rule holds: a boolean or unknown. False (and a status) when the program is damaged.
    bool decide(const program_rule& rule, rule_value* out, status* s) noexcept;
    // The first rule that holds; `found` is false when there is none.
    bool assign(bool* found, std::string_view* segment, status* s) noexcept;
    // A metric of the program, computed at most once; nullptr when the slot is damaged.
    const rule_value* metric_of(std::uint32_t slot) noexcept;
    // Whether "stay" takes part: the customer is in the rule's segment already.
    bool may_stay(const program_rule& rule) const noexcept;
    // A part of a condition; false when it is damaged.
    bool run(instruction_range range, rule_value* out) noexcept;
    static bool fail_damaged(status* s) noexcept;

  private:
    bool compute_slot(std::uint32_t slot) noexcept;

    const segment_program& program_;
    const segment_facts& facts_;
    rule_value* slots_;
};

// Single operations. NULL when a or b is; false when the types are not those of a sound program.
// The result may be written over an operand. Of a result only what its kind needs is written.
bool compare_values(comparison how, compare_class by, const rule_value& a, const rule_value& b,
                    rule_value* out) noexcept;
bool calculate_values(calculation how, bool real, const rule_value& a, const rule_value& b,
                      rule_value* out) noexcept;
bool shift_date_value(calculation how, const rule_value& date, const rule_value& days,
                      rule_value* out) noexcept;
bool date_distance_value(const rule_value& a, const rule_value& b, rule_value* out) noexcept;
void and_values(const rule_value& a, const rule_value& b, rule_value* out) noexcept;
void or_values(const rule_value& a, const rule_value& b, rule_value* out) noexcept;

}  // namespace receivables
