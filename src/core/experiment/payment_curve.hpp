// How much of what an arm was owed is unpaid as the days go by, and the restricted mean time to
// payment that follows from it.
//
// With e(d) the weight that is paid on day d and r(d) the weight that was neither paid nor lost from
// sight before day d, the share still unpaid after day d is that of Kaplan and Meier
//
//     S(d)  =  product over t <= d of (1 - e(t) / r(t)),
//
// and the mean number of days that an item takes, counted up to the horizon H, is
//
//     m  =  sum over d < H of S(d).
//
// Its uncertainty comes from leaving out one customer at a time, with all its items (Andersen's
// pseudo-values by customer): with N customers and m(-c) the mean without customer c,
//
//     p(c)  =  N m - (N - 1) m(-c),      variance of m  =  sum of (p(c) - mean of p)^2 / (N (N - 1)).
//
// Items of one customer are paid together or late together; only this counts them as one witness.
#pragma once

#include <cstddef>
#include <cstdint>

namespace receivables {

inline constexpr std::int32_t most_horizon_days = 3660;

// What one customer paid, or was last seen owing, on a day.
struct payment_event {
    std::int32_t day;
    double paid, left;
};

// Its events ascend by day, one a day; weight is their sum.
struct paying_customer {
    const payment_event* events;
    std::uint32_t event_count;
    double weight;
};

struct curve_estimate {
    double mean_days;  // restricted to the horizon
    double unpaid;     // share unpaid when the horizon is reached
    double variance;   // of mean_days, between customers; 0 below two customers
    double effective;  // as many customers of equal weight say as much
};

class payment_curve {
  public:
    // Numbers that start() needs room for.
    static std::size_t numbers_needed(std::int32_t horizon) noexcept {
        return 3 * (static_cast<std::size_t>(horizon) + 1);
    }
    // 1 <= horizon <= most_horizon_days.
    void start(std::int32_t horizon, double* numbers) noexcept;
    void add(const paying_customer& customer) noexcept;
    // After the last add().
    void finish() noexcept;

    double mean_days() const noexcept { return mean_days_; }
    double unpaid() const noexcept { return unpaid_; }
    // mean_days() of all customers but one of those that were added.
    double mean_days_without(const paying_customer& customer) const noexcept;

  private:
    std::int32_t horizon_ = 0;
    double* paid_ = nullptr;     // by day
    double* gone_ = nullptr;     // by day: paid, or last seen
    double* at_risk_ = nullptr;  // by day
    double weight_ = 0, beyond_ = 0;
    double mean_days_ = 0, unpaid_ = 1;
};

// Goes through the customers of an arm one by one, so that the caller can look for interrupts.
class curve_estimation {
  public:
    void start(const payment_curve& curve, std::size_t customers) noexcept;
    void leave_out(const paying_customer& customer) noexcept;
    curve_estimate result() const noexcept;

  private:
    const payment_curve* curve_ = nullptr;
    double count_ = 0, seen_ = 0;
    double mean_ = 0, squares_ = 0;  // of the pseudo-values so far
    double weights_ = 0, weight_squares_ = 0;
};

}  // namespace receivables
