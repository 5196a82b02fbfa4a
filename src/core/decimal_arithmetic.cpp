#include "core/decimal_arithmetic.hpp"

#include <algorithm>
#include <charconv>

namespace receivables {

namespace {

// Limits of PostgreSQL's numeric.
constexpr int max_display_scale = 16383;
constexpr int max_quotient_scale = 1000;
constexpr int min_significant_digits = 16;
constexpr int group_digits = 4;  // numeric counts in groups of four decimal digits

uint128 magnitude(int128 units) noexcept {
    return units < 0 ? -static_cast<uint128>(units) : static_cast<uint128>(units);
}

// Takes away the zeros at the end of the fraction: the same value in fewer units.
decimal trimmed(decimal value) noexcept {
    while (value.scale > 0 && value.units % 10 == 0) {
        value.units /= 10;
        --value.scale;
    }
    return value;
}

int count_digits(uint128 units) noexcept {
    int digits = 1;
    while (digits <= max_power_of_ten && units >= static_cast<uint128>(power_of_ten(digits)))
        ++digits;
    return digits;
}

// The first nonzero group of a number and its place, counted in groups from the decimal point.
struct leading_group {
    int weight;
    int digit;
};

leading_group find_leading_group(decimal value) noexcept {
    const uint128 units = magnitude(value.units);
    if (units == 0) return {0, 0};
    const int digits = count_digits(units);
    const int exponent = digits - 1 - value.scale;
    const int weight =
        exponent >= 0 ? exponent / group_digits : -((-exponent + group_digits - 1) / group_digits);
    const int wanted = exponent - group_digits * weight + 1;
    const uint128 group = digits >= wanted
                              ? units / static_cast<uint128>(power_of_ten(digits - wanted))
                              : units * static_cast<uint128>(power_of_ten(wanted - digits));
    return {weight, static_cast<int>(group)};
}

int quotient_scale(decimal a, decimal b) noexcept {
    const leading_group first = find_leading_group(a), second = find_leading_group(b);
    int weight = first.weight - second.weight;
    if (first.digit <= second.digit) --weight;
    const int scale =
        std::max({min_significant_digits - weight * group_digits, a.scale, b.scale, 0});
    return std::min(scale, max_quotient_scale);
}

// a * 10^places / b rounded half up, by long division: one decimal digit at a time.
bool divide_scaled(uint128 a, uint128 b, int places, uint128* out) noexcept {
    // Ten times a remainder must fit.
    if (b > static_cast<uint128>(power_of_ten(37))) return false;
    uint128 shifted;
    uint128 quotient, rest;
    if (places <= max_power_of_ten &&
        !__builtin_mul_overflow(a, static_cast<uint128>(power_of_ten(places)), &shifted)) {
        quotient = shifted / b;
        rest = shifted % b;
    } else {
        quotient = a / b;
        rest = a % b;
        for (int place = 0; place < places; ++place) {
            rest *= 10;
            if (__builtin_mul_overflow(quotient, uint128{10}, &quotient)) return false;
            quotient += rest / b;
            rest %= b;
        }
    }
    if (rest * 2 >= b) ++quotient;
    *out = quotient;
    return quotient <= static_cast<uint128>(int128_max);
}

bool add_at_common_scale(decimal a, decimal b, decimal* out) noexcept {
    const int scale = std::max(a.scale, b.scale);
    int128 left, right;
    if (!rescale(a.units, a.scale, scale, &left) || !rescale(b.units, b.scale, scale, &right))
        return false;
    out->scale = scale;
    return !__builtin_add_overflow(left, right, &out->units);
}

}  // namespace

int compare_decimals(decimal a, decimal b) noexcept {
    if (a.scale > b.scale) return -compare_decimals(b, a);
    int128 scaled;
    // What does not fit at the finer scale is larger than anything that does.
    if (!rescale(a.units, a.scale, b.scale, &scaled)) return a.units < 0 ? -1 : 1;
    return scaled < b.units ? -1 : scaled > b.units;
}

bool add_decimals(decimal a, decimal b, decimal* out) noexcept {
    return add_at_common_scale(a, b, out) || add_at_common_scale(trimmed(a), trimmed(b), out);
}

bool subtract_decimals(decimal a, decimal b, decimal* out) noexcept {
    int128 negated;
    if (__builtin_sub_overflow(int128{0}, b.units, &negated)) return false;
    return add_decimals(a, {negated, b.scale}, out);
}

bool multiply_decimals(decimal a, decimal b, decimal* out) noexcept {
    if (a.units == 0 || b.units == 0) {
        *out = {0, std::min(a.scale + b.scale, max_display_scale)};
        return true;
    }
    if (__builtin_mul_overflow(a.units, b.units, &out->units)) {
        a = trimmed(a);
        b = trimmed(b);
        if (__builtin_mul_overflow(a.units, b.units, &out->units)) return false;
    }
    out->scale = a.scale + b.scale;
    return out->scale <= max_display_scale;
}

bool divide_decimals(decimal a, decimal b, decimal* out) noexcept {
    if (b.units == 0) return false;
    const int scale = quotient_scale(a, b);
    if (magnitude(b.units) > static_cast<uint128>(power_of_ten(37))) b = trimmed(b);
    const int places = scale + b.scale - a.scale;
    if (places < 0) return false;
    uint128 quotient;
    if (!divide_scaled(magnitude(a.units), magnitude(b.units), places, &quotient)) return false;
    out->units = static_cast<int128>(quotient);
    if ((a.units < 0) != (b.units < 0)) out->units = -out->units;
    out->scale = scale;
    return true;
}

double nearest_double(decimal value) noexcept {
    constexpr int128 exact = int128{1} << 53;
    if (value.scale <= 22 && value.units <= exact && value.units >= -exact)
        return to_double(value.units, value.scale);
    char text[decimal_text_size(0) + 8];
    const std::size_t digits = write_decimal({value.units, 0}, text);
    text[digits] = 'e';
    const std::to_chars_result end =
        std::to_chars(text + digits + 1, text + sizeof text, -value.scale);
    double result = 0;
    std::from_chars(text, end.ptr, result);
    return result;
}

}  // namespace receivables
