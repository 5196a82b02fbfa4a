#include "core/proposal/draw.hpp"

#include <algorithm>
#include <utility>

namespace receivables {

void draw_folds(draws* from, std::uint32_t rows, std::uint32_t folds, std::uint32_t* out) noexcept {
    for (std::uint32_t i = 0; i < rows; ++i) out[i] = i % folds;
    for (std::uint32_t i = rows; i > 1; --i) std::swap(out[i - 1], out[from->below(i)]);
}

void draw_weights(draws* from, std::uint32_t rows, std::uint32_t* out) noexcept {
    std::fill(out, out + rows, 0);
    for (std::uint32_t i = 0; i < rows; ++i) ++out[from->below(rows)];
}

}  // namespace receivables
