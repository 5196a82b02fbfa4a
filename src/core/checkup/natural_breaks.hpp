// Natural breaks: sorted values cut into groups so that the sum of squared distances from the means
// of the groups is the least there is. Not a heuristic: dynamic programming over the distinct
// values.
//
// Let best(g, j) be the least sum with the first j distinct values in g groups. Then
//     best(g, j) = min over i < j of best(g - 1, i) + cost(i, j),
// cost(i, j) being the sum of squares of the values i up to j around their mean. The best i grows
// with j, so the middle j is solved first and halves the search for the others: g n log n steps.
//
// cost comes from running sums. Those are pairs of doubles, of exact distances from a value in the
// middle, and run outward from there: neither a far zero nor a far outlier costs the other values
// their digits.
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/checkup/double_double.hpp"

namespace receivables {

inline constexpr int max_natural_groups = 100;

// Leaves one of each of the ascending values and writes how many values there are before it; one
// more number at the end is the total. Returns the number of distinct values. `before` must have
// room for count_distinct() + 1 numbers.
std::size_t count_distinct(const double* values, std::size_t count) noexcept;
void keep_distinct(double* values, std::size_t count, double* before) noexcept;

struct natural_group {
    double lowest, highest;
    double count, mean;
    double squares;  // around the mean, in a unit of the search's own
};

class break_search {
  public:
    // What start() needs: numbers, and places of cuts.
    static std::size_t numbers_needed(std::size_t distinct) noexcept { return 7 * (distinct + 1); }
    static std::size_t cuts_needed(std::size_t distinct, int groups) noexcept {
        return groups < 3 ? 0 : static_cast<std::size_t>(groups - 2) * (distinct + 1);
    }

    // Ascending distinct values; numbers has what keep_distinct() wrote in front. groups at most as
    // many as there are distinct values, which are fewer than 2^32.
    void start(const double* values, std::size_t distinct, int groups, double* numbers,
               std::uint32_t* cuts) noexcept;
    // Does the next piece of the work; false when there is none left.
    bool step() noexcept;

    // After the last step: the group from 0, and all values as one.
    natural_group group(int index) const noexcept;
    natural_group all() const noexcept { return group_of(0, distinct_); }
    int group_count() const noexcept { return groups_; }
    // Sample standard deviation of a group of two values or more.
    double stddev(const natural_group& g) const noexcept;

  private:
    // The places first..last still to be solved, whose best cuts lie in low..high.
    struct range {
        std::uint32_t first, last, low, high;
    };

    bool sum_some() noexcept;
    void add_term(std::size_t from, std::size_t to, bool add) noexcept;
    void start_layer() noexcept;
    std::uint32_t best_cut(std::uint32_t j, std::uint32_t low, std::uint32_t high, double* sum,
                           std::size_t* compared) const noexcept;
    void solve(range r, std::size_t* compared) noexcept;
    void find_bounds() noexcept;
    double cost(std::size_t i, std::size_t j) const noexcept;
    double rough_cost(std::size_t i, std::size_t j, double* error) const noexcept;
    natural_group group_of(std::size_t first, std::size_t end) const noexcept;
    bool is_narrow(const natural_group& g) const noexcept;
    std::uint32_t* cuts_of(int layer) const noexcept {
        return cuts_ + static_cast<std::size_t>(layer - 2) * (distinct_ + 1);
    }

    const double* values_;
    std::size_t distinct_;
    int groups_;
    double scale_;    // a power of two: values times it are at most 1 in magnitude
    double unscale_;  // its inverse
    std::size_t middle_, forward_, backward_;
    double* before_;  // values before each place
    double *sum_high_, *sum_low_, *square_high_, *square_low_;
    double *best_, *next_;
    std::uint32_t* cuts_;
    int layer_;
    range pending_[80];
    int pending_count_;
    std::uint32_t bounds_[max_natural_groups + 1];
};

}  // namespace receivables
