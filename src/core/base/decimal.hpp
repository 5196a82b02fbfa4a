// Exact decimals: a 128-bit whole number of units of 10^-scale. Money never touches floating point.
#pragma once

#include <cstddef>
#include <cstdint>

namespace receivables {

__extension__ typedef __int128 int128;
__extension__ typedef unsigned __int128 uint128;

inline constexpr int128 int128_max = static_cast<int128>(~uint128{0} >> 1);
inline constexpr int max_power_of_ten = 38;  // 10^38 is the largest that 128 bits with a sign hold

struct decimal {
    int128 units = 0;
    int scale = 0;  // digits after the decimal point
};

// 10^exponent for 0 <= exponent <= 38.
int128 power_of_ten(int exponent) noexcept;

// units * 10^(to - from); false on overflow. Zero can be brought to any scale.
bool rescale(int128 units, int from, int to, int128* out) noexcept;

// The nearest double (units / 10^scale), correctly rounded up to 2^63 units and scale 22, and
// within one unit in the last place beyond.
double to_double(int128 units, int scale) noexcept;

// numerator / denominator, which is not 0, as a double: exact wherever the quotient is a whole
// number, correctly rounded while both are below 2^53, and otherwise rounded from extended
// precision, so that shares of large or finely divided amounts come out as those of small ones do.
double quotient(int128 numerator, int128 denominator) noexcept;
inline double quotient(std::int64_t numerator, std::int64_t denominator) noexcept {
    constexpr std::int64_t exact = std::int64_t{1} << 53;
    if (numerator <= exact && numerator >= -exact && denominator <= exact && denominator >= -exact)
        return static_cast<double>(numerator) / static_cast<double>(denominator);
    return quotient(int128{numerator}, int128{denominator});
}

// The longest text: sign, 39 digits, point, final zero, and the zeros of the scale.
inline constexpr std::size_t decimal_text_size(int scale) noexcept {
    return 48 + static_cast<std::size_t>(scale);
}
// Writes plain decimal notation with exactly `scale` digits after the point; returns the length.
std::size_t write_decimal(decimal value, char* out) noexcept;

// Reads [-]digits[.digits]; no exponent, no blanks. False when it is something else or does not fit
// into 128 bits. The scale is the number of digits written after the point.
bool read_decimal(const char* text, std::size_t size, decimal* out) noexcept;

}  // namespace receivables
