// What a proposal is compared with: groups that are there already, and each customer's own median.
// All are judged on customers that they have not seen: a fold is told by the means of the others.
#pragma once

#include <cstdint>

#include "core/proposal/outcome.hpp"
#include "core/proposal/training_set.hpp"

namespace receivables {

inline constexpr std::uint32_t most_folds = 10;
inline constexpr std::uint32_t most_groups = most_categories + 1;

struct fold_list {
    const std::uint32_t* fold_of;  // one a row
    std::uint32_t count;           // most_folds at most
};

// The squared distances of the outcomes from the mean of their group in the other folds, or of all
// where those hold nobody of the group. Groups from 0 to most_groups - 1.
double squares_of_groups(const training_set& set, const std::uint32_t* group,
                         const fold_list& folds) noexcept;

// The squared distances of the outcomes from what is known of each customer (NaN: nothing is, and
// the mean of all of those in the other folds stands for it).
double squares_of_own(const training_set& set, const double* own, const outcome_scale& scale,
                      const fold_list& folds) noexcept;

}  // namespace receivables
