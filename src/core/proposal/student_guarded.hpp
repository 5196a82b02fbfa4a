#pragma once

namespace receivables {

// The quantile of Student's t at 0.975, for an interval of 95 %; freedom above 0.
double student_975(double freedom) noexcept;

}  // namespace receivables
