// The sum of doubles without rounding, as one long fixed-point number. What comes out depends only
// on which numbers were added, neither on their order nor on how the work was divided.
#pragma once

#include <cstddef>
#include <cstdint>

namespace receivables {

// The last bit of the smallest double stands for 2^-1074 and the first bit of the largest for
// 2^1023; the rest is room for 2^63 numbers and the sign.
inline constexpr int exact_sum_limbs = 34;

// The most pieces that split() gives.
inline constexpr std::size_t max_sum_pieces = exact_sum_limbs * 64 / 53 + 2;

class exact_sum {
  public:
    // The number must be finite.
    void add(double number) noexcept;
    void add(const exact_sum& other) noexcept;
    // Adds a * b (or takes it off) without rounding it, unless it lies below 1e-290.
    void add_product(double a, double b) noexcept;

    bool is_negative() const noexcept { return limbs_[exact_sum_limbs - 1] >> 63; }
    // The sum as doubles that add up to it exactly, the largest first: each holds the next 53 bits.
    // Equal sums give equal pieces; zero gives none. Returns their number.
    std::size_t split(double pieces[max_sum_pieces]) const noexcept;
    double rounded() const noexcept;

  private:
    void add_shifted(std::uint64_t mantissa, int shift, bool negative) noexcept;

    // Two's complement, the lowest first.
    std::uint64_t limbs_[exact_sum_limbs] = {};
};

}  // namespace receivables
