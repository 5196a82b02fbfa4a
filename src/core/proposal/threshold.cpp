#include "core/proposal/threshold.hpp"

#include <cmath>
#include <initializer_list>

namespace receivables {

namespace {

constexpr int largest_exponent = 20, smallest_exponent = -15;
constexpr double most_units = 1e15;

// count * unit * 10^exponent: at most 15 digits and 20 zeros.
decimal multiple_of(double count, int unit, int exponent) noexcept {
    const auto units = static_cast<std::int64_t>(count) * unit;
    if (exponent < 0) return {units, -exponent};
    return {units * power_of_ten(exponent), 0};
}

// Without the zeros at the end of a fraction.
decimal shortened(decimal number) noexcept {
    while (number.scale > 0 && number.units % 10 == 0) {
        number.units /= 10;
        --number.scale;
    }
    return number;
}

struct interval {
    double above, upto;
    bool strict;

    bool holds(double t) const noexcept { return above < t && (strict ? t < upto : t <= upto); }
};

// One of the multiples next to `wanted`, or the highest in the interval, or the lowest.
bool multiple_in(const interval& range, double wanted, int unit, int exponent,
                 decimal* out) noexcept {
    const double step = unit * std::pow(10.0, exponent);
    const double candidates[] = {std::round(wanted / step), std::floor(range.upto / step),
                                 std::floor(range.upto / step) - 1, std::ceil(range.above / step),
                                 std::ceil(range.above / step) + 1};
    for (const double count : candidates) {
        if (!(std::fabs(count) * unit < most_units)) continue;
        *out = multiple_of(count, unit, exponent);
        if (range.holds(to_double(out->units, out->scale))) return true;
    }
    return false;
}

}  // namespace

bool readable_number(double above, double upto, double wanted, bool strict, decimal* out) noexcept {
    const interval range = {above, upto, strict};
    for (int exponent = largest_exponent; exponent >= smallest_exponent; --exponent)
        for (const int unit : {5, 2, 1})
            if (multiple_in(range, wanted, unit, exponent, out)) {
                *out = shortened(*out);
                return true;
            }
    return false;
}

}  // namespace receivables
