// The population stability index: how far one distribution over groups has moved from another.
#pragma once

#include <cstddef>

#include "core/base/status.hpp"

namespace receivables {

// Adds up (p - q) ln(p / q) over the groups, p and q being a group's shares then and now.
class stability_index {
  public:
    // A share below least_share counts as least_share; 0 takes the shares as they are.
    explicit stability_index(double least_share) noexcept : least_share_(least_share) {}

    // A group that is empty on both sides adds nothing; one that is empty on one side, infinity.
    void add(double expected_share, double actual_share) noexcept;
    double value() const noexcept { return sum_; }

  private:
    double least_share_;
    double sum_ = 0;
};

bool check_least_share(double share, status* s) noexcept;

// Of counts or shares that need not add up to one. Fills the status when a weight is negative or
// not finite; has_value is false when one side has no weight at all.
bool stability_of_weights(const double* expected, const double* actual, std::size_t count,
                          double least_share, bool* has_value, double* value, status* s) noexcept;

}  // namespace receivables
