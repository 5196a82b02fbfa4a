// Whole numbers as little-endian bytes, whatever the machine: stored values travel between
// machines.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>

#include "core/base/decimal.hpp"

namespace receivables {

template <class T>
inline void store_le(unsigned char* out, T value, std::size_t width = sizeof(T)) noexcept {
    if constexpr (std::endian::native == std::endian::little) {
        std::memcpy(out, &value, width);
    } else {
        for (std::size_t i = 0; i < width; ++i)
            out[i] = static_cast<unsigned char>(value >> (8 * i));
    }
}

// Reads Width bytes, the missing upper ones as 0. Odd widths are put together from loads of 4, 2
// and 1 bytes: copying them into a zeroed number would be a store and a wider load, which stalls.
template <class T, std::size_t Width = sizeof(T)>
inline T load_le(const unsigned char* in) noexcept {
    if constexpr (std::endian::native != std::endian::little) {
        T value = 0;
        for (std::size_t i = 0; i < Width; ++i)
            value = static_cast<T>(value | static_cast<T>(in[i]) << (8 * i));
        return value;
    } else if constexpr (Width == sizeof(T)) {
        T value;
        std::memcpy(&value, in, Width);
        return value;
    } else {
        constexpr std::size_t head = Width >= 8 ? 8 : Width >= 4 ? 4 : Width >= 2 ? 2 : 1;
        using part = std::conditional_t<
            head == 8, std::uint64_t,
            std::conditional_t<head == 4, std::uint32_t,
                               std::conditional_t<head == 2, std::uint16_t, std::uint8_t>>>;
        part value;
        std::memcpy(&value, in, head);
        if constexpr (Width == head)
            return value;
        else
            return static_cast<T>(value | load_le<T, Width - head>(in + head) << (8 * head));
    }
}

}  // namespace receivables
