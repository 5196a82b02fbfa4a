// Draws that are the same on every machine: SplitMix64 (Steele, Lea, Flood 2014).
#pragma once

#include <cstdint>

#include "core/base/decimal.hpp"

namespace receivables {

class draws {
  public:
    explicit draws(std::uint64_t seed) noexcept : state_(seed) {}

    std::uint64_t next() noexcept {
        std::uint64_t z = state_ += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
    // 0 up to, not including, `end`. (By the high half of a product; uneven by end / 2^64.)
    std::uint32_t below(std::uint32_t end) noexcept {
        return static_cast<std::uint32_t>(static_cast<uint128>(next()) * end >> 64);
    }

  private:
    std::uint64_t state_;
};

// Divides the rows into `folds` groups of equal size, to one or so.
void draw_folds(draws* from, std::uint32_t rows, std::uint32_t folds, std::uint32_t* out) noexcept;
// How often each row is drawn when as many are drawn as there are, with replacement.
void draw_weights(draws* from, std::uint32_t rows, std::uint32_t* out) noexcept;

}  // namespace receivables
