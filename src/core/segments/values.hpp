// Numbers of segment rules as double precision, as PostgreSQL compares and calculates them.
#pragma once

#include <cmath>

#include "core/base/decimal_arithmetic.hpp"
#include "core/segments/evaluate.hpp"

namespace receivables {

inline bool is_number(const rule_value& v) noexcept {
    return v.kind == value_kind::exact || v.kind == value_kind::real;
}

// Whole numbers, which most are, need no division by a power of ten.
inline double as_real(const rule_value& v) noexcept {
    if (v.kind == value_kind::real) return v.real;
    const auto whole = static_cast<std::int64_t>(v.units);
    return v.small == 0 && whole == v.units ? static_cast<double>(whole)
                                            : nearest_double(v.exact());
}

// NaN is equal to itself and above everything else, as in PostgreSQL.
inline int order_reals(double a, double b) noexcept {
    if (std::isnan(a) || std::isnan(b))
        return static_cast<int>(std::isnan(a)) - static_cast<int>(std::isnan(b));
    return a < b ? -1 : a > b;
}

// False where the result is NULL: out of range, above or below, or division by zero.
inline bool calculate_reals(calculation how, double a, double b, double* out) noexcept {
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
inline constexpr std::uint8_t orders_of(comparison how) noexcept {
    constexpr std::uint8_t below = 1, equal = 2, above = 4;
    constexpr std::uint8_t orders[] = {equal,         below | above, below,
                                       below | equal, above,         above | equal};
    return how <= comparison::ge ? orders[static_cast<int>(how)] : std::uint8_t{0};
}

// `order` is -1, 0 or 1.
inline bool holds(comparison how, int order) noexcept {
    return (orders_of(how) >> (order + 1) & 1) != 0;
}

}  // namespace receivables
