// The error boundary: Boost throws outside of a distribution's domain. Whatever it throws ends here,
// and the answer is "not known"; nothing of it may reach PostgreSQL, whose stack knows no C++
// exceptions.
#include "core/experiment/distributions_guarded.hpp"

#include <boost/math/distributions/chi_squared.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>

namespace receivables {

maybe<double> student_t_quantile(double probability, double freedom) noexcept {
    try {
        return maybe<double>::of(
            boost::math::quantile(boost::math::students_t(freedom), probability));
    } catch (...) {
        return {};
    }
}

maybe<double> student_t_p_value(double t, double freedom) noexcept {
    try {
        const boost::math::students_t distribution(freedom);
        return maybe<double>::of(
            2 * boost::math::cdf(boost::math::complement(distribution, std::fabs(t))));
    } catch (...) {
        return {};
    }
}

maybe<double> chi_squared_p_value(double x, double freedom) noexcept {
    try {
        const boost::math::chi_squared distribution(freedom);
        return maybe<double>::of(boost::math::cdf(boost::math::complement(distribution, x)));
    } catch (...) {
        return {};
    }
}

}  // namespace receivables
