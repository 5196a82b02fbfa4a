// Numbers in stored bytes: little-endian on every machine, at any alignment.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>

namespace receivables {

inline std::uint16_t load_le16(const unsigned char* at) noexcept {
    std::uint16_t value;
    std::memcpy(&value, at, sizeof value);
    return std::endian::native == std::endian::little ? value : __builtin_bswap16(value);
}

inline std::uint32_t load_le32(const unsigned char* at) noexcept {
    std::uint32_t value;
    std::memcpy(&value, at, sizeof value);
    return std::endian::native == std::endian::little ? value : __builtin_bswap32(value);
}

inline void store_le16(unsigned char* at, std::uint16_t value) noexcept {
    if (std::endian::native != std::endian::little) value = __builtin_bswap16(value);
    std::memcpy(at, &value, sizeof value);
}

inline void store_le32(unsigned char* at, std::uint32_t value) noexcept {
    if (std::endian::native != std::endian::little) value = __builtin_bswap32(value);
    std::memcpy(at, &value, sizeof value);
}

}  // namespace receivables
