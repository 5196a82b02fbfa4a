// Values of segment rules, and what single operations do to them: the three-valued logic of SQL.
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
    // Of a boolean or unknown.
    void set_logical(const rule_value& from) noexcept {
        kind = from.kind;
        truth = from.kind == value_kind::boolean && from.truth;
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

// The type that an attribute must have, as JSON holds it, and how it is read: a date is an ISO
// text.
rule_value read_attribute_as(const rule_value& found, value_kind wanted) noexcept;

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
