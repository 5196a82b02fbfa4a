#include "core/forecast/delay_counts.hpp"

#include <cmath>
#include <cstdlib>

namespace receivables {

double fading_weight(double age_days) noexcept {
    return std::exp2(-std::max(age_days, 0.0) / fading_half_life);
}

// The days between the quartiles.
std::int32_t delay_counts::spread() const noexcept {
    double all = 0, sum = 0;
    for (std::int32_t i = first_; i < end_; ++i) all += paid_[i];
    // A quotient that is 1/4 on paper may lie a little off.
    const double quarter = all / 4, tolerance = all * 1e-9;
    std::int32_t low = -1;
    for (std::int32_t i = first_; i < end_; ++i) {
        sum += paid_[i];
        if (low < 0 && sum >= quarter - tolerance) low = i;
        if (sum >= 3 * quarter - tolerance) return i - low;
    }
    return 0;
}

void delay_counts::smooth() noexcept {
    if (is_empty()) return;
    const std::int32_t b = (spread() + 2) / 4;
    if (b == 0) return;
    double payments[delay_cells];
    std::copy_n(paid_, delay_cells, payments);
    const std::int32_t first = first_, end = end_;
    std::fill(paid_ + first, paid_ + end, 0.0);
    const double each = 1.0 / ((b + 1.0) * (b + 1.0));
    for (std::int32_t i = first; i < end; ++i) {
        if (payments[i] == 0) continue;
        for (std::int32_t j = -b; j <= b; ++j)
            paid_[touch(i + j + first_delay)] += payments[i] * each * (b + 1 - std::abs(j));
    }
}

}  // namespace receivables
