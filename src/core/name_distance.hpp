// "Perhaps you meant": the metric whose name is nearest to a mistyped one.
#pragma once

#include <string_view>

namespace receivables {

// Levenshtein distance: insertions, deletions and substitutions. Names over 63 bytes are cut off.
int edit_distance(std::string_view a, std::string_view b) noexcept;

// The nearest metric or "as_of"; empty when none is within a third of the name's length (at least
// 2).
std::string_view nearest_metric(std::string_view name) noexcept;

}  // namespace receivables
