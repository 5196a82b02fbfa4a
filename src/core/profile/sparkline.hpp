// The histogram of days late as one line of text: "-4 ▁▃█▅▂▁ 7".
#pragma once

#include "core/profile/metrics.hpp"

namespace receivables {

inline constexpr std::size_t sparkline_size = 128;

// The fewest days late, up to 24 bars of equally many days each, the most days late; a bar's height
// is its share of the tallest one, a blank holds no item. False without timed items. `blocks` draws
// with Unicode's block elements in UTF-8, else with " .:-=+*#".
bool write_sparkline(profile_metrics& profile, bool blocks, char* out) noexcept;

}  // namespace receivables
