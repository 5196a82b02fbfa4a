// Two whole numbers a row in one word of whole bytes: in its lowest bits the distance of the due
// date from a base, above them the amount. Together they mostly take a byte less than apart, and
// one load reads both.
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/base/byte_order.hpp"
#include "core/base/decimal.hpp"

namespace receivables {

struct due_amount_column {
    static constexpr int most_due_bits = 32;
    static constexpr int widest = 20;        // bytes: a due date and 128 bits
    static constexpr int widest_narrow = 8;  // rows up to here are read as one number

    const unsigned char* data;  // at least 8 bytes of the same value stand before it
    std::uint32_t rows;
    std::uint8_t width;     // of a row in bytes
    std::uint8_t due_bits;  // of the due date
    bool nullable;          // amount 0 means unknown; known ones stand one higher
    std::int64_t due_base;

    std::size_t bytes() const noexcept { return std::size_t{rows} * width; }
    bool is_narrow() const noexcept { return width <= widest_narrow; }
    std::uint64_t due_mask() const noexcept { return (std::uint64_t{1} << due_bits) - 1; }

    std::int64_t due_at(std::size_t row) const noexcept {
        return plus(due_base, (is_narrow() ? word(row) : wide_word(row).low) & due_mask());
    }
    // Below 0 where it is unknown.
    int128 amount_at(std::size_t row) const noexcept {
        const uint128 amount = is_narrow() ? word(row) >> due_bits : wide_word(row).amount;
        return static_cast<int128>(amount - nullable);
    }
    // f(row, due date) for rows first..last-1.
    template <class F>
    void each_due(std::size_t first, std::size_t last, F&& f) const noexcept {
        const std::uint64_t mask = due_mask();
        if (is_narrow())
            return each_word(first, last, [&](std::size_t i, std::uint64_t word) {
                f(i, plus(due_base, word & mask));
            });
        for (std::size_t i = first; i < last; ++i) f(i, due_at(i));
    }
    // f(row, amount) for rows first..last-1; below 0 where the amount is unknown. The amount is an
    // int128 where 64 bits may be too few.
    template <class F>
    void each_amount(std::size_t first, std::size_t last, F&& f) const noexcept {
        if (is_narrow() && 8 * width - due_bits < 64)
            return each_word(first, last, [&](std::size_t i, std::uint64_t word) {
                f(i, static_cast<std::int64_t>(word >> due_bits) - nullable);
            });
        for (std::size_t i = first; i < last; ++i) f(i, amount_at(i));
    }
    // f(row, word) for rows first..last-1 of a narrow column.
    template <class F>
    void each_word(std::size_t first, std::size_t last, F&& f) const noexcept {
        switch (width) {
            case 2:
                return loop<2>(first, last, f);
            case 3:
                return loop<3>(first, last, f);
            case 4:
                return loop<4>(first, last, f);
            case 5:
                return loop<5>(first, last, f);
            case 6:
                return loop<6>(first, last, f);
            default:
                for (std::size_t i = first; i < last; ++i) f(i, word(i));
        }
    }

  private:
    struct wide {
        std::uint64_t low;
        uint128 amount;
    };

    // Wraps around instead of overflowing: a damaged value must not be undefined behaviour.
    static std::int64_t plus(std::int64_t base, std::uint64_t distance) noexcept {
        return static_cast<std::int64_t>(static_cast<std::uint64_t>(base) + distance);
    }
    // The eight bytes that end with the row, less those before it.
    std::uint64_t word(std::size_t row) const noexcept {
        if (width == 0) return 0;
        return load_le<std::uint64_t>(data + (row + 1) * width - 8) >> (64 - 8 * width);
    }
    wide wide_word(std::size_t row) const noexcept {
        unsigned char bytes[24] = {};
        std::memcpy(bytes, data + row * width, width);
        const auto low = load_le<uint128>(bytes);
        const uint128 high = load_le<std::uint64_t>(bytes + 16);
        const uint128 amount = due_bits == 0 ? low : low >> due_bits | high << (128 - due_bits);
        return {static_cast<std::uint64_t>(low), amount};
    }
    template <std::size_t Width, class F>
    void loop(std::size_t first, std::size_t last, F& f) const noexcept {
        const unsigned char* at = data + first * Width;
        for (std::size_t i = first; i < last; ++i, at += Width)
            f(i, load_le<std::uint64_t, Width>(at));
    }
};

// How many bits a distance, or an amount, takes.
inline int bits_for(uint128 number) noexcept {
    int bits = 0;
    for (; number > UINT64_MAX; number >>= 8) bits += 8;
    return bits + static_cast<int>(std::bit_width(static_cast<std::uint64_t>(number)));
}

// The bytes of a row for numbers of so many bits.
inline std::uint8_t due_amount_width(int due_bits, int amount_bits) noexcept {
    return static_cast<std::uint8_t>((due_bits + amount_bits + 7) / 8);
}

}  // namespace receivables
