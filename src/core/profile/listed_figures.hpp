// The figures that a profile of listed items keeps beside the items (profile_format.hpp), so that
// the rules of most policies are answered without reading an item.
#pragma once

#include "core/profile/format.hpp"

namespace receivables {

// Works out the kept figures from the items of a profile that is complete but for them, and writes
// them into its bytes.
void keep_figures(const listed_profile& listed, unsigned char* bytes) noexcept;

// The rows of sorted numbers between which percentile_cont finds a percentile: fraction * (n - 1),
// rounded down and up.
struct percentile_rows {
    double position;
    std::int64_t low, high;
};
percentile_rows rows_of_percentile(double fraction, std::int64_t rows) noexcept;

}  // namespace receivables
