#include "core/checkup/stability_index.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace receivables {

namespace {

// The largest weight, by which the others are divided so that their sum stays in range.
bool largest_weight(const double* weights, std::size_t count, const char* side, double* largest,
                    status* s) noexcept {
    *largest = 0;
    for (std::size_t i = 0; i < count; ++i) {
        if (!std::isfinite(weights[i]))
            return s->fail(error_code::numeric_out_of_range, "%s share %zu is not a finite number",
                           side, i + 1);
        if (weights[i] < 0)
            return s->fail(error_code::invalid_parameter, "%s share %zu is negative: %g", side,
                           i + 1, weights[i]);
        *largest = std::max(*largest, weights[i]);
    }
    return true;
}

double total_of(const double* weights, std::size_t count, double largest) noexcept {
    double total = 0;
    for (std::size_t i = 0; i < count; ++i) total += weights[i] / largest;
    return total;
}

}  // namespace

void stability_index::add(double expected_share, double actual_share) noexcept {
    if (expected_share == actual_share) return;
    const double expected = std::max(expected_share, least_share_);
    const double actual = std::max(actual_share, least_share_);
    if (expected == actual) return;
    if (expected == 0 || actual == 0)
        sum_ = std::numeric_limits<double>::infinity();
    else
        sum_ += (expected - actual) * std::log(expected / actual);
}

bool check_least_share(double share, status* s) noexcept {
    if (share >= 0 && share < 1) return true;
    if (std::isnan(share))
        return s->fail(error_code::invalid_parameter, "min_share NaN is not between 0 and 1");
    return s->fail(error_code::invalid_parameter, "min_share %g is not between 0 and 1", share);
}

bool stability_of_weights(const double* expected, const double* actual, std::size_t count,
                          double least_share, bool* has_value, double* value, status* s) noexcept {
    double expected_largest, actual_largest;
    if (!largest_weight(expected, count, "expected", &expected_largest, s) ||
        !largest_weight(actual, count, "actual", &actual_largest, s))
        return false;
    *has_value = expected_largest > 0 && actual_largest > 0;
    if (!*has_value) return true;
    const double expected_total = total_of(expected, count, expected_largest);
    const double actual_total = total_of(actual, count, actual_largest);
    stability_index index(least_share);
    for (std::size_t i = 0; i < count; ++i)
        index.add(expected[i] / expected_largest / expected_total,
                  actual[i] / actual_largest / actual_total);
    *value = index.value();
    return true;
}

}  // namespace receivables
