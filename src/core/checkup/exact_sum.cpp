#include "core/checkup/exact_sum.hpp"

#include <bit>
#include <cmath>
#include <type_traits>

#include "core/checkup/double_double.hpp"

namespace receivables {

static_assert(std::is_trivially_copyable_v<exact_sum>);

void exact_sum::add_shifted(std::uint64_t mantissa, int shift, bool negative) noexcept {
    const int first = shift / 64, bits = shift % 64;
    const std::uint64_t parts[2] = {mantissa << bits, bits == 0 ? 0 : mantissa >> (64 - bits)};
    std::uint64_t carry = 0;
    for (int i = first; i < exact_sum_limbs; ++i) {
        const std::uint64_t part = i < first + 2 ? parts[i - first] : 0;
        if (i >= first + 2 && carry == 0) break;
        std::uint64_t* limb = &limbs_[i];
        if (negative) {
            const bool borrow = __builtin_sub_overflow(*limb, part, limb);
            carry = __builtin_sub_overflow(*limb, carry, limb) | borrow;
        } else {
            const bool over = __builtin_add_overflow(*limb, part, limb);
            carry = __builtin_add_overflow(*limb, carry, limb) | over;
        }
    }
}

void exact_sum::add(double number) noexcept {
    const auto bits = std::bit_cast<std::uint64_t>(number);
    const int exponent = static_cast<int>(bits >> 52 & 0x7FF);
    std::uint64_t mantissa = bits & ((std::uint64_t{1} << 52) - 1);
    // A number without the leading bit has the exponent of the smallest one with it.
    if (exponent > 0) mantissa |= std::uint64_t{1} << 52;
    if (mantissa != 0) add_shifted(mantissa, exponent > 0 ? exponent - 1 : 0, bits >> 63);
}

void exact_sum::add(const exact_sum& other) noexcept {
    std::uint64_t carry = 0;
    for (int i = 0; i < exact_sum_limbs; ++i) {
        const bool over = __builtin_add_overflow(limbs_[i], other.limbs_[i], &limbs_[i]);
        carry = __builtin_add_overflow(limbs_[i], carry, &limbs_[i]) | over;
    }
}

void exact_sum::add_product(double a, double b) noexcept {
    const double_double product = two_product(a, b);
    add(product.high);
    add(product.low);
}

std::size_t exact_sum::split(double pieces[max_sum_pieces]) const noexcept {
    exact_sum rest = *this;
    const bool negative = is_negative();
    if (negative) {
        std::uint64_t carry = 1;
        for (std::uint64_t& limb : rest.limbs_) carry = __builtin_add_overflow(~limb, carry, &limb);
    }
    std::size_t count = 0;
    for (int top = exact_sum_limbs - 1; top >= 0;) {
        const std::uint64_t limb = rest.limbs_[top];
        if (limb == 0) {
            --top;
            continue;
        }
        const int highest = top * 64 + 63 - std::countl_zero(limb);
        const int lowest = highest > 52 ? highest - 52 : 0;
        const int from = lowest / 64, bits = lowest % 64;
        std::uint64_t mantissa = rest.limbs_[from] >> bits;
        if (from < top && bits > 0) mantissa |= rest.limbs_[top] << (64 - bits);
        rest.add_shifted(mantissa, lowest, true);
        const double piece = std::ldexp(static_cast<double>(mantissa), lowest - 1074);
        pieces[count++] = negative ? -piece : piece;
    }
    return count;
}

double exact_sum::rounded() const noexcept {
    double pieces[max_sum_pieces];
    const std::size_t count = split(pieces);
    if (count == 0) return 0;
    const double tail = count > 2 ? pieces[1] + pieces[2] : count > 1 ? pieces[1] : 0;
    return pieces[0] + tail;
}

}  // namespace receivables
