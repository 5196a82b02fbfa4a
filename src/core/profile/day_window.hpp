// The days on which a customer pays most often (payment_day.hpp), and how much of the payments they
// hold.
#pragma once

#include <cstdint>

namespace receivables {

struct day_window {
    std::int32_t day = 0;       // the most frequent day in it
    std::int64_t held = 0;      // distinct payment dates in the window
    std::int64_t payments = 0;  // distinct payment dates in all

    bool qualifies(double min_share, std::int64_t min_payments) const noexcept {
        return payments > 0 && held >= min_payments && share() >= min_share;
    }
    // Of payments, of which there are some.
    double share() const noexcept {
        return static_cast<double>(held) / static_cast<double>(payments);
    }
};

}  // namespace receivables
