#include "core/segments/values.hpp"

#include <cmath>

#include "core/base/decimal_arithmetic.hpp"

namespace receivables {

namespace {

bool is_number(const rule_value& v) noexcept {
    return v.kind == value_kind::exact || v.kind == value_kind::real;
}

// Whole numbers, which most are, need no division by a power of ten.
double as_real(const rule_value& v) noexcept {
    if (v.kind == value_kind::real) return v.real;
    const auto whole = static_cast<std::int64_t>(v.units);
    return v.small == 0 && whole == v.units ? static_cast<double>(whole)
                                            : nearest_double(v.exact());
}

// NaN is equal to itself and above everything else, as in PostgreSQL.
int order_reals(double a, double b) noexcept {
    if (std::isnan(a) || std::isnan(b))
        return static_cast<int>(std::isnan(a)) - static_cast<int>(std::isnan(b));
    return a < b ? -1 : a > b;
}

// False where the result is NULL: out of range, above or below, or division by zero.
bool calculate_reals(calculation how, double a, double b, double* out) noexcept {
    switch (how) {
        case calculation::add:
            *out = a + b;
            break;
        case calculation::subtract:
            *out = a - b;
            break;
        case calculation::multiply:
            *out = a * b;
            break;
        case calculation::divide:
            if (b == 0) return false;
            *out = a / b;
            break;
    }
    const bool scales = how == calculation::multiply || how == calculation::divide;
    const bool vanished = scales && *out == 0 && a != 0 && (how == calculation::divide || b != 0);
    return std::isfinite(*out) && !vanished;
}

// A bit for each order that the comparison holds for: below, equal, above. No branch, for which of
// them it is cannot be foretold.
constexpr std::uint8_t orders_of(comparison how) noexcept {
    constexpr std::uint8_t below = 1, equal = 2, above = 4;
    constexpr std::uint8_t orders[] = {equal,         below | above, below,
                                       below | equal, above,         above | equal};
    return how <= comparison::ge ? orders[static_cast<int>(how)] : std::uint8_t{0};
}

// `order` is -1, 0 or 1.
bool holds(comparison how, int order) noexcept {
    return (orders_of(how) >> (order + 1) & 1) != 0;
}

int sign_of(int number) noexcept {
    return (number > 0) - (number < 0);
}

// False when a value is not of the class.
bool order_values(compare_class by, const rule_value& a, const rule_value& b, int* order) noexcept {
    const auto both = [&](value_kind kind) { return a.kind == kind && b.kind == kind; };
    switch (by) {
        case compare_class::boolean:
            if (!both(value_kind::boolean)) return false;
            *order = static_cast<int>(a.truth) - static_cast<int>(b.truth);
            return true;
        case compare_class::exact:
            if (!both(value_kind::exact)) return false;
            *order = compare_decimals(a.exact(), b.exact());
            return true;
        case compare_class::real:
            if (!is_number(a) || !is_number(b)) return false;
            *order = order_reals(as_real(a), as_real(b));
            return true;
        case compare_class::date:
            if (!both(value_kind::date)) return false;
            *order = a.small < b.small ? -1 : a.small > b.small;
            return true;
        case compare_class::text:
            if (!both(value_kind::text)) return false;
            *order = sign_of(a.string().compare(b.string()));  // bytewise
            return true;
        case compare_class::same_kind:
            break;
    }
    return false;
}

compare_class class_of(value_kind kind) noexcept {
    switch (kind) {
        case value_kind::boolean:
            return compare_class::boolean;
        case value_kind::exact:
            return compare_class::exact;
        case value_kind::text:
            return compare_class::text;
        default:
            return compare_class::same_kind;
    }
}

bool whole_number(decimal value, int128* out) noexcept {
    if (value.scale > max_power_of_ten) return false;
    *out = value.units / power_of_ten(value.scale);
    return value.units % power_of_ten(value.scale) == 0;
}

void calculate_exacts(calculation how, decimal a, decimal b, rule_value* out) noexcept {
    decimal result;
    bool fits = false;
    switch (how) {
        case calculation::add:
            fits = add_decimals(a, b, &result);
            break;
        case calculation::subtract:
            fits = subtract_decimals(a, b, &result);
            break;
        case calculation::multiply:
            fits = multiply_decimals(a, b, &result);
            break;
        case calculation::divide:
            fits = divide_decimals(a, b, &result);
            break;
    }
    if (fits)
        out->set_exact(result);
    else
        out->set(value_kind::unknown);
}

}  // namespace

bool compare_values(comparison how, compare_class by, const rule_value& a, const rule_value& b,
                    rule_value* out) noexcept {
    bool comparable = !a.is_null() && !b.is_null();
    if (comparable && by == compare_class::same_kind) {
        // Two attributes: comparable only when JSON gives them the same type.
        by = class_of(a.kind);
        comparable = a.kind == b.kind && by != compare_class::same_kind;
    }
    if (!comparable) {
        out->set(value_kind::unknown);
        return true;
    }
    int order;
    if (!order_values(by, a, b, &order)) return false;
    out->set_truth(holds(how, order));
    return true;
}

bool calculate_values(calculation how, bool real, const rule_value& a, const rule_value& b,
                      rule_value* out) noexcept {
    if (a.is_null() || b.is_null())
        out->set(value_kind::unknown);
    else if (!is_number(a) || !is_number(b))
        return false;
    else if (real) {
        double result = 0;
        if (calculate_reals(how, as_real(a), as_real(b), &result))
            out->set_real(result);
        else
            out->set(value_kind::unknown);
    } else if (a.kind == value_kind::exact && b.kind == value_kind::exact)
        calculate_exacts(how, a.exact(), b.exact(), out);
    else
        return false;
    return true;
}

bool shift_date_value(calculation how, const rule_value& date, const rule_value& days,
                      rule_value* out) noexcept {
    rule_value result = rule_value::of(value_kind::unknown);
    if (!date.is_null() && !days.is_null()) {
        if (date.kind != value_kind::date || days.kind != value_kind::exact) return false;
        int128 count;
        // An attribute may turn out to be no whole number: unknown. So is a date beyond the
        // calendar.
        if (whole_number(days.exact(), &count) && count <= max_day && count >= -int128{max_day}) {
            const int128 day =
                how == calculation::subtract ? date.small - count : date.small + count;
            if (is_finite_day(static_cast<std::int64_t>(day)))
                result = rule_value::of_date(static_cast<day_number>(day));
        }
    }
    *out = result;
    return true;
}

bool date_distance_value(const rule_value& a, const rule_value& b, rule_value* out) noexcept {
    rule_value result = rule_value::of(value_kind::unknown);
    if (a.kind == value_kind::date && b.kind == value_kind::date)
        result = rule_value::of_exact({int128{a.small} - b.small, 0});
    else if (!a.is_null() && !b.is_null())
        return false;
    *out = result;
    return true;
}

void and_values(const rule_value& a, const rule_value& b, rule_value* out) noexcept {
    const bool no = a.is_false() || b.is_false();
    if (no || (a.is_true() && b.is_true()))
        out->set_truth(!no);
    else
        out->set(value_kind::unknown);
}

void or_values(const rule_value& a, const rule_value& b, rule_value* out) noexcept {
    const bool yes = a.is_true() || b.is_true();
    if (yes || (a.is_false() && b.is_false()))
        out->set_truth(yes);
    else
        out->set(value_kind::unknown);
}

rule_value read_attribute_as(const rule_value& found, value_kind wanted) noexcept {
    if (wanted == value_kind::unknown || found.kind == wanted) return found;
    if (wanted == value_kind::date && found.kind == value_kind::text) {
        day_number day;
        if (read_iso_date(found.text.data, found.text.size, &day)) return rule_value::of_date(day);
    }
    return rule_value::of(value_kind::unknown);
}

}  // namespace receivables
