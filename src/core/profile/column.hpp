// A column of whole numbers: a base, and for each row the distance from it in a fixed number of
// bytes, the fewest that hold the largest distance. Rows are found by multiplication, a column of
// equal numbers takes no bytes, and the size is known without reading the rows.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <type_traits>

#include "core/base/byte_order.hpp"
#include "core/base/decimal.hpp"

namespace receivables {

inline constexpr int max_column_width = 16;

// Members are not initialised: a view of a profile holds two dozen of these and uses a few.
struct column {
    const unsigned char* data;
    std::uint32_t rows;
    std::uint8_t width;
    bool nullable;  // distance 0 means unknown; known numbers start at distance 1
    int128 base;

    std::size_t bytes() const noexcept { return std::size_t{rows} * width; }

    // f(row, number) for rows first..last-1; number is the base plus the distance as Number, which
    // must be wide enough for it. A nullable column gives base - 1 for an unknown number.
    template <class Number, class F>
    void each(std::size_t first, std::size_t last, F&& f) const noexcept {
        const Number from = static_cast<Number>(nullable ? base - 1 : base);
        switch (width) {
            case 0:
                return loop<Number, 0>(first, last, from, f);
            case 1:
                return loop<Number, 1>(first, last, from, f);
            case 2:
                return loop<Number, 2>(first, last, from, f);
            case 3:
                return loop<Number, 3>(first, last, from, f);
            case 4:
                return loop<Number, 4>(first, last, from, f);
            case 5:
                return loop<Number, 5>(first, last, from, f);
            case 6:
                return loop<Number, 6>(first, last, from, f);
            case 7:
                return loop<Number, 7>(first, last, from, f);
            case 8:
                return loop<Number, 8>(first, last, from, f);
            default:
                break;
        }
        for (std::size_t i = first; i < last; ++i) f(i, plus<Number>(from, distance(i)));
    }

    uint128 distance(std::size_t row) const noexcept {
        unsigned char bytes[max_column_width] = {};
        std::memcpy(bytes, data + row * width, width);
        return load_le<uint128>(bytes);
    }
    int128 at(std::size_t row) const noexcept {
        return plus<int128>(nullable ? base - 1 : base, distance(row));
    }
    // What each() gives, of a column of up to two bytes.
    std::int64_t narrow_at(std::size_t row) const noexcept {
        const auto from = static_cast<std::int64_t>(base) - nullable;
        if (width == 0) return from;
        return from + (width == 1 ? data[row] : load_le<std::uint16_t>(data + 2 * row));
    }
    bool is_null(std::size_t row) const noexcept { return nullable && distance(row) == 0; }

  private:
    // Wraps around instead of overflowing: a damaged value must not be undefined behaviour.
    template <class Number>
    static Number plus(Number from, uint128 distance) noexcept {
        using unsigned_number = std::conditional_t<sizeof(Number) == 16, uint128, std::uint64_t>;
        return static_cast<Number>(static_cast<unsigned_number>(from) +
                                   static_cast<unsigned_number>(distance));
    }
    template <class Number, std::size_t Width, class F>
    void loop(std::size_t first, std::size_t last, Number from, F& f) const noexcept {
        if constexpr (Width == 0) {
            for (std::size_t i = first; i < last; ++i) f(i, from);
        } else {
            const unsigned char* at = data + first * Width;
            for (std::size_t i = first; i < last; ++i, at += Width)
                f(i, plus<Number>(from, load_le<std::uint64_t, Width>(at)));
        }
    }
};

inline std::uint8_t bytes_for(uint128 distance) noexcept {
    std::uint8_t width = 0;
    for (; distance != 0; distance >>= 8) ++width;
    return width;
}

// Collects the range of a column's numbers, from which base and width follow.
struct column_range {
    int128 least = 0, most = 0;
    bool any = false, any_null = false;

    void add(int128 number) noexcept {
        least = any ? std::min(least, number) : number;
        most = any ? std::max(most, number) : number;
        any = true;
    }
    std::uint8_t width() const noexcept {
        return bytes_for(static_cast<uint128>(most) - static_cast<uint128>(least) +
                         (any_null && any));
    }
};

}  // namespace receivables
