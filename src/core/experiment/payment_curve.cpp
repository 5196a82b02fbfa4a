#include "core/experiment/payment_curve.hpp"

#include <algorithm>

namespace receivables {

namespace {

// Less than this share of all weight is what rounding leaves of none.
constexpr double nothing = 1e-12;

}  // namespace

void payment_curve::start(std::int32_t horizon, double* numbers) noexcept {
    const std::size_t days = static_cast<std::size_t>(horizon) + 1;
    *this = payment_curve();
    horizon_ = horizon;
    paid_ = numbers;
    gone_ = paid_ + days;
    at_risk_ = gone_ + days;
    std::fill(numbers, numbers + 3 * days, 0.0);
}

void payment_curve::add(const paying_customer& customer) noexcept {
    weight_ += customer.weight;
    for (std::uint32_t i = 0; i < customer.event_count; ++i) {
        const payment_event& e = customer.events[i];
        if (e.day >= horizon_) {
            beyond_ += e.paid + e.left;
        } else {
            paid_[e.day] += e.paid;
            gone_[e.day] += e.paid + e.left;
        }
    }
}

// The weight at risk is summed from the last day on: taken off from the first, it would keep a rest
// of rounding where nothing is left.
void payment_curve::finish() noexcept {
    double at_risk = beyond_;
    for (std::int32_t d = horizon_ - 1; d >= 0; --d) at_risk_[d] = at_risk += gone_[d];
    mean_days_ = 0;
    unpaid_ = 1;
    for (std::int32_t d = 0; d < horizon_; ++d) {
        if (at_risk_[d] > 0) unpaid_ *= std::max(0.0, 1 - paid_[d] / at_risk_[d]);
        mean_days_ += unpaid_;
    }
}

double payment_curve::mean_days_without(const paying_customer& customer) const noexcept {
    double unpaid = 1, mean = 0, own_at_risk = customer.weight;
    std::uint32_t next = 0;
    for (std::int32_t d = 0; d < horizon_; ++d) {
        double own_paid = 0, own_gone = 0;
        if (next < customer.event_count && customer.events[next].day == d) {
            own_paid = customer.events[next].paid;
            own_gone = own_paid + customer.events[next].left;
            ++next;
        }
        const double at_risk = at_risk_[d] - own_at_risk;
        if (at_risk > nothing * weight_)
            unpaid *= std::max(0.0, 1 - std::max(0.0, paid_[d] - own_paid) / at_risk);
        own_at_risk -= own_gone;
        mean += unpaid;
    }
    return mean;
}

void curve_estimation::start(const payment_curve& curve, std::size_t customers) noexcept {
    *this = curve_estimation();
    curve_ = &curve;
    count_ = static_cast<double>(customers);
}

// The running mean and sum of squares of Welford.
void curve_estimation::leave_out(const paying_customer& customer) noexcept {
    weights_ += customer.weight;
    weight_squares_ += customer.weight * customer.weight;
    if (count_ < 2) return;
    const double pseudo =
        count_ * curve_->mean_days() - (count_ - 1) * curve_->mean_days_without(customer);
    const double distance = pseudo - mean_;
    mean_ += distance / ++seen_;
    squares_ += distance * (pseudo - mean_);
}

curve_estimate curve_estimation::result() const noexcept {
    return {curve_->mean_days(), curve_->unpaid(),
            count_ < 2 ? 0 : squares_ / (count_ * (count_ - 1)),
            weights_ * weights_ / weight_squares_};
}

}  // namespace receivables
