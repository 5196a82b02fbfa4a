#include "core/base/decimal.hpp"

#include <array>
#include <cmath>
#include <cstring>

namespace receivables {

namespace {

constexpr auto powers = [] {
    std::array<int128, max_power_of_ten + 1> table{};
    table[0] = 1;
    for (std::size_t i = 1; i < table.size(); ++i) table[i] = table[i - 1] * 10;
    return table;
}();

// The largest scale that a text may have: that of numeric's display scale.
constexpr std::size_t max_scale = 16383;

}  // namespace

int128 power_of_ten(int exponent) noexcept {
    return powers[static_cast<std::size_t>(exponent)];
}

bool rescale(int128 units, int from, int to, int128* out) noexcept {
    *out = 0;
    if (units == 0) return true;
    if (to < from || to - from > max_power_of_ten) return false;
    return !__builtin_mul_overflow(units, power_of_ten(to - from), out);
}

double to_double(int128 units, int scale) noexcept {
    // Quotient of two exactly representable doubles: one correctly rounded division.
    if (scale <= 22 && units <= (int128{1} << 53) && units >= -(int128{1} << 53))
        return static_cast<double>(static_cast<std::int64_t>(units)) /
               static_cast<double>(power_of_ten(scale));
    // x87 extended precision carries 64 bits, PowerPC and ARM more; one rounding to double remains.
    long double value = static_cast<long double>(units);
    for (; scale > 27; scale -= 27) value /= 1e27L;
    return static_cast<double>(value / std::pow(10.0L, static_cast<long double>(scale)));
}

double quotient(int128 numerator, int128 denominator) noexcept {
    constexpr int128 exact = int128{1} << 53;
    if (numerator <= exact && numerator >= -exact && denominator <= exact && denominator >= -exact)
        return static_cast<double>(static_cast<std::int64_t>(numerator)) /
               static_cast<double>(static_cast<std::int64_t>(denominator));
    const int128 whole = numerator / denominator, rest = numerator % denominator;
    return static_cast<double>(static_cast<long double>(whole) +
                               static_cast<long double>(rest) /
                                   static_cast<long double>(denominator));
}

std::size_t write_decimal(decimal value, char* out) noexcept {
    char reversed[48];
    std::size_t digits = 0;
    uint128 rest =
        value.units < 0 ? -static_cast<uint128>(value.units) : static_cast<uint128>(value.units);
    for (; rest > UINT64_MAX; rest /= 10)
        reversed[digits++] = static_cast<char>('0' + static_cast<int>(rest % 10));
    // Division of 64 bits is many times faster.
    for (auto low = static_cast<std::uint64_t>(rest); low != 0; low /= 10)
        reversed[digits++] = static_cast<char>('0' + static_cast<int>(low % 10));
    const auto scale = static_cast<std::size_t>(value.scale);
    char* at = out;
    if (value.units < 0) *at++ = '-';
    if (digits <= scale) *at++ = '0';
    while (digits > scale) *at++ = reversed[--digits];
    if (scale > 0) {
        *at++ = '.';
        for (std::size_t place = scale; place > digits; --place) *at++ = '0';
        while (digits > 0) *at++ = reversed[--digits];
    }
    *at = '\0';
    return static_cast<std::size_t>(at - out);
}

bool read_decimal(const char* text, std::size_t size, decimal* out) noexcept {
    std::size_t at = 0;
    const bool negative = size > 0 && text[0] == '-';
    if (negative) ++at;
    uint128 units = 0;
    std::size_t scale = 0;
    bool any = false, point = false;
    for (; at < size; ++at) {
        if (text[at] == '.' && !point && any) {
            point = true;
            continue;
        }
        if (text[at] < '0' || text[at] > '9') return false;
        any = true;
        if (point) ++scale;
        if (__builtin_mul_overflow(units, uint128{10}, &units) ||
            __builtin_add_overflow(units, static_cast<uint128>(text[at] - '0'), &units) ||
            units > static_cast<uint128>(int128_max))
            return false;
    }
    if (!any || (point && scale == 0) || scale > max_scale) return false;
    out->units = negative ? -static_cast<int128>(units) : static_cast<int128>(units);
    out->scale = static_cast<int>(scale);
    return true;
}

}  // namespace receivables
