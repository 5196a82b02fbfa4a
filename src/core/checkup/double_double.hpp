// Pairs of doubles: the rounded result of an operation and, exactly, what the rounding lost. Nearly
// 106 bits, for the places where a difference of two large numbers is asked for.
#pragma once

#include <cmath>

namespace receivables {

// The number high + low, where low is at most half a unit in the last place of high.
struct double_double {
    double high = 0, low = 0;
};

// a + b exactly, for any two numbers whose sum does not overflow.
inline double_double two_sum(double a, double b) noexcept {
    const double sum = a + b;
    const double b_part = sum - a;
    return {sum, (a - (sum - b_part)) + (b - b_part)};
}

// a + b exactly, where a is 0 or not smaller than b in magnitude.
inline double_double quick_two_sum(double a, double b) noexcept {
    const double sum = a + b;
    return {sum, b - (sum - a)};
}

// a * b exactly, unless the product lies below 1e-290 or near the largest double.
inline double_double two_product(double a, double b) noexcept {
    const double product = a * b;
#ifdef __FP_FAST_FMA
    return {product, std::fma(a, b, -product)};
#else
    // Dekker: each factor in two halves of 26 bits, whose products are exact.
    constexpr double splitter = 134217729;  // 2^27 + 1
    const double a_shift = splitter * a, b_shift = splitter * b;
    const double a_high = a_shift - (a_shift - a), b_high = b_shift - (b_shift - b);
    const double a_low = a - a_high, b_low = b - b_high;
    const double lost =
        ((a_high * b_high - product) + a_high * b_low + a_low * b_high) + a_low * b_low;
    return {product, lost};
#endif
}

inline double_double operator+(double_double a, double_double b) noexcept {
    const double_double high = two_sum(a.high, b.high);
    const double_double low = two_sum(a.low, b.low);
    const double_double middle = quick_two_sum(high.high, high.low + low.high);
    return quick_two_sum(middle.high, middle.low + low.low);
}

inline double_double operator-(double_double a) noexcept {
    return {-a.high, -a.low};
}

inline double_double operator-(double_double a, double_double b) noexcept {
    return a + -b;
}

inline double_double operator*(double_double a, double b) noexcept {
    const double_double product = two_product(a.high, b);
    return quick_two_sum(product.high, product.low + a.low * b);
}

inline double_double operator*(double_double a, double_double b) noexcept {
    const double_double product = two_product(a.high, b.high);
    return quick_two_sum(product.high, product.low + (a.high * b.low + a.low * b.high));
}

}  // namespace receivables
