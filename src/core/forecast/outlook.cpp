#include "core/forecast/outlook.hpp"

#include <algorithm>

namespace receivables {

bool payment_outlook::build(const profile_view& own, const profile_view& prior,
                            const outlook_question& question) noexcept {
    question_ = question;
    run_.build(own, question.due, question_.calendar);
    count_delays(own, question.as_of, question.disputed, true, run_, &own_);
    own_.smooth();
    const auto as_it_is = [](day_number, std::int32_t days) noexcept { return std::int64_t{days}; };
    count_delays(prior, question.as_of, question.disputed, false, as_it_is, &prior_);
    return !own_.is_empty() || !prior_.is_empty();
}

namespace {

// Counts around something else: its share unpaid, and its chance of payment, day by day.
class posterior {
  public:
    posterior(const delay_counts& counts, double weight) noexcept
        : counts_(counts), weight_(weight), at_risk_(counts.at_risk()) {}

    // The chance on the next day, where what it stands on has this share unpaid before, and this
    // chance.
    double chance(std::int64_t day, double share, double chance) noexcept {
        if (day > last_delay) return chance;
        const double others = weight_ * share, all = at_risk_ + others;
        const double paid = counts_.paid(day) + others * chance;
        at_risk_ = std::max(0.0, at_risk_ - counts_.leaving(day));
        return all > 0 ? std::min(1.0, paid / all) : chance;
    }

  private:
    const delay_counts& counts_;
    double weight_;
    double at_risk_;
};

}  // namespace

template <class F>
void payment_outlook::walk(F&& f) const noexcept {
    const std::int64_t seen = std::int64_t{question_.as_of} - question_.due;
    const std::int64_t end = horizon() - question_.due;
    posterior prior(prior_, tail_weight), own(own_, prior_.is_empty() ? tail_weight : prior_weight);
    double tail_share = 1, prior_share = 1, share = 1;
    // Before the first count and the due date nothing is paid; beyond the last cell every day has the
    // same chance, whatever came before.
    const std::int64_t first =
        seen > last_delay ? seen + 1
                          : std::min({own_.first_day(), prior_.first_day(), std::int64_t{1}});
    for (std::int64_t day = first; day <= end; ++day) {
        const double tail_chance = day > 0 ? 1 / tail_days : 0;
        const double prior_chance = prior.chance(day, tail_share, tail_chance);
        const double chance = own.chance(day, prior_share, prior_chance);
        tail_share *= 1 - tail_chance;
        prior_share *= 1 - prior_chance;
        if (day <= seen) continue;
        share *= 1 - chance;
        if (!f(day, share)) return;
    }
}

maybe<std::int64_t> payment_outlook::payment_day(double fraction) const noexcept {
    // A quotient that is 1/2 on paper may lie a little off.
    constexpr double tolerance = 1e-9;
    maybe<std::int64_t> found = maybe<std::int64_t>::none();
    walk([&](std::int64_t delay, double share) noexcept {
        if (1 - share < fraction - tolerance) return true;
        found = maybe<std::int64_t>::of(business_day(question_.due + delay));
        return false;
    });
    return found;
}

double payment_outlook::share_paid_by(std::int64_t day) const noexcept {
    // What falls on a day that is no business day comes later.
    const calendar_view& calendar = question_.calendar;
    const std::int64_t last = calendar.nth(calendar.count_before(day + 1) - 1) - question_.due;
    double paid = 0;
    walk([&](std::int64_t delay, double share) noexcept {
        if (delay > last) return false;
        paid = 1 - share;
        return true;
    });
    return paid;
}

double payment_outlook::share_never() const noexcept {
    double unpaid = 1;
    walk([&](std::int64_t, double share) noexcept {
        unpaid = share;
        return true;
    });
    return unpaid;
}

double payment_outlook::mean_days_late() const noexcept {
    double sum = 0, before = 1;
    std::int64_t date = INT64_MIN;
    walk([&](std::int64_t delay, double share) noexcept {
        if (question_.due + delay > date) date = business_day(question_.due + delay);
        sum += (before - share) * static_cast<double>(date - question_.due);
        before = share;
        return true;
    });
    return sum + before * static_cast<double>(horizon() - question_.due);
}

}  // namespace receivables
