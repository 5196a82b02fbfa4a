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

// Calls f with the width as a constant, so that loads and stores of up to 8 bytes become plain
// moves. A wider one comes as 16.
template <class F>
inline void with_width(std::uint8_t width, F&& f) noexcept {
    switch (width) {
        case 0:
            return f(std::integral_constant<std::size_t, 0>{});
        case 1:
            return f(std::integral_constant<std::size_t, 1>{});
        case 2:
            return f(std::integral_constant<std::size_t, 2>{});
        case 3:
            return f(std::integral_constant<std::size_t, 3>{});
        case 4:
            return f(std::integral_constant<std::size_t, 4>{});
        case 5:
            return f(std::integral_constant<std::size_t, 5>{});
        case 6:
            return f(std::integral_constant<std::size_t, 6>{});
        case 7:
            return f(std::integral_constant<std::size_t, 7>{});
        case 8:
            return f(std::integral_constant<std::size_t, 8>{});
        default:
            return f(std::integral_constant<std::size_t, 16>{});
    }
}

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
        // Unsigned: the numbers of a value that is still to be checked may be anything.
        using unsigned_number = std::conditional_t<sizeof(Number) == 16, uint128, std::uint64_t>;
        const auto from = static_cast<unsigned_number>(base) - nullable;
        const auto plus = [from](auto distance) {
            return static_cast<Number>(from + static_cast<unsigned_number>(distance));
        };
        with_width(width, [&](auto w) {
            if constexpr (w() > 8) {
                for (std::size_t i = first; i < last; ++i) f(i, plus(distance(i)));
            } else if constexpr (w() == 0) {
                for (std::size_t i = first; i < last; ++i) f(i, plus(0u));
            } else {
                const unsigned char* at = data + first * w();
                for (std::size_t i = first; i < last; ++i, at += w())
                    f(i, plus(load_le<std::uint64_t, w()>(at)));
            }
        });
    }

    uint128 distance(std::size_t row) const noexcept {
        unsigned char bytes[max_column_width] = {};
        std::memcpy(bytes, data + row * width, width);
        return load_le<uint128>(bytes);
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
    bool any = false;

    void add(int128 number) noexcept {
        least = any ? std::min(least, number) : number;
        most = any ? std::max(most, number) : number;
        any = true;
    }
    std::uint8_t width() const noexcept {
        return bytes_for(static_cast<uint128>(most) - static_cast<uint128>(least));
    }
};

}  // namespace receivables
