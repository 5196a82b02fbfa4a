// Two arms of an experiment compared: how many days earlier the second is paid, how sure that is,
// and how small a difference the customers could have shown.
#pragma once

#include <cstddef>
#include <cstdint>
#include <random>

#include "core/base/maybe.hpp"
#include "core/experiment/payment_curve.hpp"

namespace receivables {

struct arm_difference {
    double days_earlier;  // mean days of the first less those of the second
    maybe<double> error;  // standard error; not known below two customers an arm
    double freedom;       // degrees of freedom after Welch and Satterthwaite
};
arm_difference compare_arms(const curve_estimate& base, std::size_t base_customers,
                            const curve_estimate& other, std::size_t other_customers) noexcept;

// What a permutation test takes its customers from: those of both arms, the first ones those of the
// base. Shuffled, and the studentised difference of the shuffled arms found, one round a step.
//
// That a difference of means divided by its own standard error is compared, and not the difference,
// keeps the test right when the arms differ in spread (Janssen 1997).
class permutation_test {
  public:
    // numbers has room for payment_curve::numbers_needed(horizon). customers are reordered.
    void start(paying_customer* customers, std::size_t base, std::size_t other,
               std::int32_t horizon, double* numbers, std::uint64_t seed) noexcept;
    // The studentised difference of another assignment; 0 where there is no spread. Takes as long as
    // customers times horizon.
    double next() noexcept;

  private:
    curve_estimate estimate(const paying_customer* customers, std::size_t count) noexcept;

    paying_customer* customers_ = nullptr;
    std::size_t base_ = 0, other_ = 0;
    std::int32_t horizon_ = 0;
    double* numbers_ = nullptr;
    std::mt19937_64 random_;
};

}  // namespace receivables
