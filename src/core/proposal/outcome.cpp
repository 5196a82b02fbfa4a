#include "core/proposal/outcome.hpp"

#include <algorithm>
#include <cmath>

namespace receivables {

namespace {

constexpr int outcome_bits = 40;

}  // namespace

outcome_scale fix_outcomes(const double* outcomes, std::uint32_t rows, std::int64_t* out) noexcept {
    outcome_scale scale;
    double sum = 0, furthest = 0;
    for (std::uint32_t i = 0; i < rows; ++i) sum += outcomes[i];
    scale.mean = rows == 0 ? 0 : sum / rows;
    for (std::uint32_t i = 0; i < rows; ++i)
        furthest = std::max(furthest, std::fabs(outcomes[i] - scale.mean));
    // furthest < 2^exponent
    int exponent = 0;
    if (furthest > 0) std::frexp(furthest, &exponent);
    scale.unit = std::ldexp(1.0, exponent - outcome_bits);
    for (std::uint32_t i = 0; i < rows; ++i)
        out[i] = std::llround((outcomes[i] - scale.mean) / scale.unit);
    return scale;
}

}  // namespace receivables
