// Arithmetic on exact decimals with the results of PostgreSQL's numeric, as far as 128 bits reach.
// What needs more than 38 digits is rounded at its end, half away from zero.
#pragma once

#include "core/base/decimal.hpp"

namespace receivables {

// Less than, equal to or greater than 0. Always exact, whatever the scales.
int compare_decimals(decimal a, decimal b) noexcept;

// Each is false when the result needs more digits than 128 bits hold. The scale of a sum is the
// larger one, that of a product the sum of both.
bool add_decimals(decimal a, decimal b, decimal* out) noexcept;
bool subtract_decimals(decimal a, decimal b, decimal* out) noexcept;
bool multiply_decimals(decimal a, decimal b, decimal* out) noexcept;
// Rounded half away from zero at the scale that numeric would choose: at least 16 significant
// digits and no less than either scale. False also when b is 0.
bool divide_decimals(decimal a, decimal b, decimal* out) noexcept;

// The double nearest to the value, ties to even, at any scale.
double nearest_double(decimal value) noexcept;

}  // namespace receivables
