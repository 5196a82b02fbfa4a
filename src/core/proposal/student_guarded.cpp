#include "core/proposal/student_guarded.hpp"

#include <boost/math/distributions/students_t.hpp>
#include <limits>

namespace receivables {

double student_975(double freedom) noexcept {
    try {
        return boost::math::quantile(boost::math::students_t(freedom), 0.975);
    } catch (...) {
        return std::numeric_limits<double>::infinity();
    }
}

}  // namespace receivables
