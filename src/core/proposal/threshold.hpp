// Numbers that a person would write: where a rule may cut anywhere between two values, it cuts at the
// roundest number there.
#pragma once

#include "core/base/decimal.hpp"

namespace receivables {

// A number t with above < t <= upto (below upto where `strict`): a multiple of the largest of
//
//     ... 100, 50, 20, 10, 5, 2, 1, 0.5, 0.2, 0.1 ...
//
// of which one lies there, and of several multiples the one nearest to `wanted`. It has at most 15
// digits, so that it is the same number as a decimal and as a double. False when there is none: the
// two are closer than 15 digits tell apart.
bool readable_number(double above, double upto, double wanted, bool strict, decimal* out) noexcept;

}  // namespace receivables
