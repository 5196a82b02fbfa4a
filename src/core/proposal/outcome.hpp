// Outcomes as whole numbers of a unit so small that forty bits hold the largest distance from the
// mean: sums of a million of them, and of their squares, are exact in 64 and 128 bits.
#pragma once

#include <cstdint>

namespace receivables {

struct outcome_scale {
    double mean = 0, unit = 1;

    double value(double fixed) const noexcept { return mean + fixed * unit; }
};

outcome_scale fix_outcomes(const double* outcomes, std::uint32_t rows, std::int64_t* out) noexcept;

}  // namespace receivables
