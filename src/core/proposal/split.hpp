// The best test of a node by one column.
#pragma once

#include <cstdint>

#include "core/proposal/tree.hpp"

namespace receivables {

// A threshold may lie anywhere where it gains at least this share of the best.
inline constexpr double enough_of_the_gain = 0.99;

// A node's rows in the order of one column.
struct ordered_rows {
    const training_column* column;
    std::uint32_t index;  // of the column
    const std::uint32_t* rows;
    std::uint32_t count;
    const std::uint32_t* weights;
    const std::int64_t* outcome;
};

class split_search {
  public:
    split_search(const tree_node& node, const tree_limits& limits,
                 const ordered_rows& rows) noexcept
        : node_(node), limits_(limits), rows_(rows) {}

    // Replaces *best where a test gains more than *gain; of equal ones the first stays.
    void improve(double* gain, tree_test* best) noexcept;
    // Gives the best test by a number its threshold: the roundest number that gains nearly as much.
    // False when no number lies there.
    bool settle(double gain, tree_test* best) const noexcept;

  private:
    struct category {
        std::uint32_t code;
        outcome_sums sums;
    };

    void read_known() noexcept;
    void improve_by_number() noexcept;
    void improve_by_category() noexcept;
    void consider(const outcome_sums& yes, const tree_test& test) noexcept;
    bool is_admissible(const outcome_sums& yes, test_kind kind) const noexcept;
    double gain_of(const outcome_sums& yes) const noexcept;
    tree_test test_of(test_kind kind) const noexcept;
    std::uint32_t code_at(std::uint32_t place) const noexcept {
        return rows_.column->code[rows_.rows[place]];
    }
    void add(std::uint32_t place, outcome_sums* to) const noexcept {
        const std::uint32_t row = rows_.rows[place];
        to->add(rows_.weights[row], rows_.outcome[row]);
    }

    const tree_node& node_;
    const tree_limits& limits_;
    const ordered_rows& rows_;
    std::uint32_t known_count_ = 0;
    outcome_sums known_;
    double gain_ = 0;
    tree_test best_;
};

}  // namespace receivables
