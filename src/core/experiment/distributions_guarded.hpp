// The distributions that a test compares with, from Boost.Math.
#pragma once

#include "core/base/maybe.hpp"

namespace receivables {

// The value that Student's t with these degrees of freedom stays below with this probability. Not
// known where there is none.
maybe<double> student_t_quantile(double probability, double freedom) noexcept;
// The probability that Student's t is further from 0 than t, on either side.
maybe<double> student_t_p_value(double t, double freedom) noexcept;
// The probability that chi squared is above x.
maybe<double> chi_squared_p_value(double x, double freedom) noexcept;

}  // namespace receivables
