// The error boundary: Boost may throw in principle. Whatever it throws ends here, and the answer is
// "not known"; nothing of it may reach PostgreSQL, whose stack knows no C++ exceptions.
#include "core/profile/moments_guarded.hpp"

#include <boost/accumulators/framework/accumulator_set.hpp>
#include <boost/accumulators/framework/parameters/weight.hpp>
#include <boost/accumulators/statistics/stats.hpp>
#include <boost/accumulators/statistics/weighted_kurtosis.hpp>
#include <boost/accumulators/statistics/weighted_mean.hpp>
#include <boost/accumulators/statistics/weighted_moment.hpp>
#include <boost/accumulators/statistics/weighted_skewness.hpp>
#include <boost/accumulators/statistics/weighted_variance.hpp>
#include <cmath>

namespace receivables {

namespace {

namespace acc = boost::accumulators;

using accumulator =
    acc::accumulator_set<double,
                         acc::stats<acc::tag::lazy_weighted_variance, acc::tag::weighted_skewness,
                                    acc::tag::weighted_kurtosis>,
                         double>;

delay_moments moments_of(const accumulator& values) {
    delay_moments m;
    const double n = acc::sum_of_weights(values);
    const double variance = std::max(0.0, static_cast<double>(acc::lazy_weighted_variance(values)));
    if (n > 1) m.stddev = maybe<double>::of(std::sqrt(variance * (n / (n - 1))));
    if (variance > 0) {
        m.skewness = maybe<double>::of(acc::weighted_skewness(values));
        m.kurtosis = maybe<double>::of(acc::weighted_kurtosis(values));
    }
    return m;
}

}  // namespace

delay_moments moments_about(profile_metrics& profile, std::int32_t center) noexcept {
    try {
        accumulator values;
        // Ascending days, so that the sums do not depend on the layout.
        profile.for_each_histogram_row([&](const histogram_row& row) {
            values(static_cast<double>(row.days_late) - center,
                   acc::weight = static_cast<double>(row.items));
        });
        return moments_of(values);
    } catch (...) {
        return {};
    }
}

}  // namespace receivables
