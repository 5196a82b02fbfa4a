// Weighted moments by Boost.Accumulators, behind an exception guard (ring 2).
#pragma once

#include "core/profile/metrics.hpp"

namespace receivables {

// Moments of the days late of timed items. Boost's lazy variance, skewness and kurtosis go through
// raw moments, which lose all digits far from zero; so the values are days minus `center`, a whole
// number near the median, which changes none of the three.
delay_moments moments_about(profile_metrics& profile, std::int32_t center) noexcept;

}  // namespace receivables
