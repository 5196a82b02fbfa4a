#include "core/proposal/rivals.hpp"

#include <cmath>

#include "core/proposal/tree.hpp"

namespace receivables {

namespace {

struct fold_sums {
    outcome_sums all, in_fold[most_folds];

    void add(std::uint32_t fold, std::int64_t outcome) noexcept {
        all.add(1, outcome);
        in_fold[fold].add(1, outcome);
    }
    outcome_sums without(std::uint32_t fold) const noexcept { return all - in_fold[fold]; }
};

double square(double number) noexcept {
    return number * number;
}

// The mean outside of the fold; of nobody, that of all outside of it, and of nobody at all 0, which
// is the mean of all customers.
double mean_apart(const fold_sums& group, const fold_sums& all, std::uint32_t fold) noexcept {
    if (const outcome_sums others = group.without(fold); others.weight > 0) return others.mean();
    const outcome_sums others = all.without(fold);
    return others.weight > 0 ? others.mean() : 0;
}

}  // namespace

double squares_of_groups(const training_set& set, const std::uint32_t* group,
                         const fold_list& folds) noexcept {
    fold_sums all = {}, sums[most_groups] = {};
    for (std::uint32_t row = 0; row < set.rows; ++row) {
        all.add(folds.fold_of[row], set.outcome[row]);
        sums[group[row]].add(folds.fold_of[row], set.outcome[row]);
    }
    double squares = 0;
    for (std::uint32_t row = 0; row < set.rows; ++row)
        squares += square(static_cast<double>(set.outcome[row]) -
                          mean_apart(sums[group[row]], all, folds.fold_of[row]));
    return squares;
}

double squares_of_own(const training_set& set, const double* own, const outcome_scale& scale,
                      const fold_list& folds) noexcept {
    fold_sums all = {}, unknown = {};
    for (std::uint32_t row = 0; row < set.rows; ++row) {
        all.add(folds.fold_of[row], set.outcome[row]);
        if (std::isnan(own[row])) unknown.add(folds.fold_of[row], set.outcome[row]);
    }
    double squares = 0;
    for (std::uint32_t row = 0; row < set.rows; ++row) {
        const double expected = std::isnan(own[row]) ? mean_apart(unknown, all, folds.fold_of[row])
                                                     : (own[row] - scale.mean) / scale.unit;
        squares += square(static_cast<double>(set.outcome[row]) - expected);
    }
    return squares;
}

}  // namespace receivables
