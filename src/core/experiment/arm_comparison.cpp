#include "core/experiment/arm_comparison.hpp"

#include <cmath>
#include <utility>

namespace receivables {

arm_difference compare_arms(const curve_estimate& base, std::size_t base_customers,
                            const curve_estimate& other, std::size_t other_customers) noexcept {
    arm_difference out = {base.mean_days - other.mean_days, {}, 0};
    if (base_customers < 2 || other_customers < 2) return out;
    const double variance = base.variance + other.variance;
    out.error = maybe<double>::of(std::sqrt(variance));
    const double squares =
        base.variance * base.variance / static_cast<double>(base_customers - 1) +
        other.variance * other.variance / static_cast<double>(other_customers - 1);
    out.freedom = squares > 0 ? variance * variance / squares
                              : static_cast<double>(base_customers + other_customers - 2);
    return out;
}

void permutation_test::start(paying_customer* customers, std::size_t base, std::size_t other,
                             std::int32_t horizon, double* numbers, std::uint64_t seed) noexcept {
    customers_ = customers;
    base_ = base;
    other_ = other;
    horizon_ = horizon;
    numbers_ = numbers;
    random_.seed(seed);
}

// Fisher and Yates; the standard's shuffle and distributions differ between libraries. A remainder
// of 64 bits favours no place by more than one part in 2^44.
double permutation_test::next() noexcept {
    for (std::size_t left = base_ + other_; left > 1; --left)
        std::swap(customers_[left - 1], customers_[random_() % left]);
    const curve_estimate base = estimate(customers_, base_);
    const curve_estimate other = estimate(customers_ + base_, other_);
    const arm_difference difference = compare_arms(base, base_, other, other_);
    return difference.error.value > 0 ? difference.days_earlier / difference.error.value : 0;
}

curve_estimate permutation_test::estimate(const paying_customer* customers,
                                          std::size_t count) noexcept {
    payment_curve curve;
    curve.start(horizon_, numbers_);
    for (std::size_t i = 0; i < count; ++i) curve.add(customers[i]);
    curve.finish();
    curve_estimation estimation;
    estimation.start(curve, count);
    for (std::size_t i = 0; i < count; ++i) estimation.leave_out(customers[i]);
    return estimation.result();
}

}  // namespace receivables
