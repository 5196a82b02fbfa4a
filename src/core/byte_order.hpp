// Whole numbers as little-endian bytes, whatever the machine: stored values travel between
// machines.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "core/decimal.hpp"

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

// Reads Width bytes, the missing upper ones as 0.
template <class T, std::size_t Width = sizeof(T)>
inline T load_le(const unsigned char* in) noexcept {
    T value = 0;
    if constexpr (std::endian::native == std::endian::little) {
        std::memcpy(&value, in, Width);
    } else {
        for (std::size_t i = 0; i < Width; ++i)
            value = static_cast<T>(value | static_cast<T>(in[i]) << (8 * i));
    }
    return value;
}

}  // namespace receivables
