#include "core/base/decimal_arithmetic.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

namespace receivables {

namespace {

// Limits of PostgreSQL's numeric.
constexpr int max_product_scale = 16383;
constexpr int max_quotient_scale = 1000;
constexpr int min_significant_digits = 16;
constexpr int group_digits = 4;  // numeric counts in groups of four decimal digits

uint128 magnitude(int128 units) noexcept {
    return units < 0 ? -static_cast<uint128>(units) : static_cast<uint128>(units);
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

int128 with_sign(uint128 magnitude, bool negative) noexcept {
    return negative ? -static_cast<int128>(magnitude) : static_cast<int128>(magnitude);
}

// The value at a smaller scale, rounded half away from zero.
int128 round_to(decimal value, int scale) noexcept {
    uint128 units = magnitude(value.units);
    int places = value.scale - scale;
    // What is far below the last place rounds to nothing.
    if (places > max_power_of_ten) return 0;
    const auto divisor = static_cast<uint128>(power_of_ten(places));
    const uint128 rest = units % divisor;
    units = units / divisor + (places > 0 && rest >= divisor - rest);
    return with_sign(units, value.units < 0);
}

// A product of 256 bits, the least significant limb first.
struct wide {
    std::uint32_t limbs[8] = {};

    bool fits() const noexcept {
        return limbs[4] == 0 && limbs[5] == 0 && limbs[6] == 0 && limbs[7] == 0 &&
               limbs[3] >> 31 == 0;
    }
    // Takes off the last decimal digit and returns it.
    std::uint32_t drop_digit() noexcept {
        std::uint64_t rest = 0;
        for (int i = 7; i >= 0; --i) {
            rest = rest << 32 | limbs[i];
            limbs[i] = static_cast<std::uint32_t>(rest / 10);
            rest %= 10;
        }
        return static_cast<std::uint32_t>(rest);
    }
    uint128 low() const noexcept {
        uint128 value = 0;
        for (int i = 3; i >= 0; --i) value = value << 32 | limbs[i];
        return value;
    }
};

wide multiply_wide(uint128 a, uint128 b) noexcept {
    wide product;
    for (int i = 0; i < 4; ++i) {
        std::uint64_t carry = 0;
        for (int j = 0; j < 4; ++j) {
            carry += std::uint64_t{static_cast<std::uint32_t>(a >> (32 * i))} *
                         static_cast<std::uint32_t>(b >> (32 * j)) +
                     product.limbs[i + j];
            product.limbs[i + j] = static_cast<std::uint32_t>(carry);
            carry >>= 32;
        }
        product.limbs[i + 4] = static_cast<std::uint32_t>(carry);
    }
    return product;
}

}  // namespace

int compare_decimals(decimal a, decimal b) noexcept {
    if (a.scale == b.scale) return a.units < b.units ? -1 : a.units > b.units;
    if (a.scale > b.scale) return -compare_decimals(b, a);
    int128 scaled;
    // What does not fit at the finer scale is larger than anything that does.
    if (!rescale(a.units, a.scale, b.scale, &scaled)) return a.units < 0 ? -1 : 1;
    return scaled < b.units ? -1 : scaled > b.units;
}

bool add_decimals(decimal a, decimal b, decimal* out) noexcept {
    if (a.scale > b.scale) std::swap(a, b);
    for (int scale = b.scale; scale >= a.scale; --scale) {
        int128 left;
        if (!rescale(a.units, a.scale, scale, &left)) continue;
        if (!__builtin_add_overflow(left, round_to(b, scale), &out->units)) {
            out->scale = scale;
            return true;
        }
    }
    return false;
}

bool subtract_decimals(decimal a, decimal b, decimal* out) noexcept {
    int128 negated;
    if (__builtin_sub_overflow(int128{0}, b.units, &negated)) return false;
    return add_decimals(a, {negated, b.scale}, out);
}

bool multiply_decimals(decimal a, decimal b, decimal* out) noexcept {
    if (a.units == 0 || b.units == 0) {
        *out = {0, std::min(a.scale + b.scale, max_product_scale)};
        return true;
    }
    out->scale = a.scale + b.scale;
    if (out->scale <= max_product_scale && !__builtin_mul_overflow(a.units, b.units, &out->units))
        return true;
    wide product = multiply_wide(magnitude(a.units), magnitude(b.units));
    std::uint32_t digit = 0;
    while (!product.fits() || out->scale > max_product_scale) {
        if (out->scale-- == 0) return false;
        digit = product.drop_digit();
    }
    const uint128 units = product.low() + (digit >= 5);
    out->units = with_sign(units, (a.units < 0) != (b.units < 0));
    return units <= static_cast<uint128>(int128_max);
}

bool divide_decimals(decimal a, decimal b, decimal* out) noexcept {
    if (b.units == 0) return false;
    int scale = quotient_scale(a, b);
    while (magnitude(b.units) > static_cast<uint128>(power_of_ten(37))) {
        if (b.scale == 0) return false;
        b = {round_to(b, b.scale - 1), b.scale - 1};
    }
    uint128 quotient;
    for (; scale >= 0; --scale) {
        const int places = scale + b.scale - a.scale;
        if (places < 0) return false;
        if (!divide_scaled(magnitude(a.units), magnitude(b.units), places, &quotient)) continue;
        *out = {with_sign(quotient, (a.units < 0) != (b.units < 0)), scale};
        return true;
    }
    return false;
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
