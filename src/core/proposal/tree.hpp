// A regression tree over customers (Breiman, Friedman, Olshen, Stone 1984): a node is divided by the
// test that leaves the least sum of squared distances from the means of its two sides.
//
//     gain = n_yes (mean_yes - mean)^2 + n_no (mean_no - mean)^2 = D^2 / (n n_yes n_no),
//     D    = sum_yes n - sum n_yes, a whole number
//
// Who has no value is on the "no" side of every test, as a condition of SQL that is unknown is not
// true; so a test may ask for either side, whichever fits those without a value better.
//
// "Monotone": of two customers that differ in figures of lateness alone, the later one is never in a
// leaf of a smaller mean. A division by such a figure must go that way, and everything grown below it
// stays on its side of the middle between the two means.
#pragma once

#include <cstdint>

#include "core/base/decimal.hpp"
#include "core/proposal/training_set.hpp"

namespace receivables {

enum class test_kind : std::uint8_t { at_least, below, known, member };

inline constexpr std::uint32_t no_column = ~std::uint32_t{0};

struct tree_test {
    std::uint32_t column = no_column;
    test_kind kind = test_kind::known;
    std::uint32_t code = 0;  // at_least, below: the first code at or above the threshold
    decimal threshold;
    std::uint64_t members = 0;  // member: a bit a category

    bool holds(std::uint32_t of_row) const noexcept {
        if (of_row == no_code) return false;
        switch (kind) {
            case test_kind::at_least:
                return of_row >= code;
            case test_kind::below:
                return of_row < code;
            case test_kind::known:
                return true;
            case test_kind::member:
                return (members >> of_row & 1) != 0;
        }
        return false;
    }
};

struct outcome_sums {
    std::int64_t weight = 0, sum = 0;

    void add(std::int64_t count, std::int64_t outcome) noexcept {
        weight += count;
        sum += count * outcome;
    }
    double mean() const noexcept { return static_cast<double>(sum) / static_cast<double>(weight); }
};
inline outcome_sums operator-(outcome_sums a, outcome_sums b) noexcept {
    return {a.weight - b.weight, a.sum - b.sum};
}

struct tree_node {
    tree_test test;
    std::uint32_t yes = 0, no = 0;  // 0: a leaf
    std::uint32_t depth = 0;
    std::uint32_t first = 0, count = 0;  // its rows, in the orders of the grower
    outcome_sums sums;
    double risk = 0;              // the sum of squared distances from its mean
    double lower = 0, upper = 0;  // what the means below it must keep to
    double collapse = 0;          // pruned at this price of a leaf and above (pruning.hpp)

    bool is_leaf() const noexcept { return yes == 0; }
};

struct tree_limits {
    std::int64_t least_weight = 1;  // of a leaf
    std::uint32_t most_depth = 0;
    bool monotone = true;
};

// How many nodes there are at most.
std::uint32_t most_nodes(std::int64_t weight, const tree_limits& limits) noexcept;

// Where the rows of a node end: its leaf, of the tree as it stands or as it is at a price of a leaf.
inline std::uint32_t leaf_of(const tree_node* nodes, const training_set& set, std::uint32_t row,
                             double price, std::uint32_t from = 0) noexcept {
    while (!nodes[from].is_leaf() && nodes[from].collapse > price) {
        const tree_test& test = nodes[from].test;
        from = test.holds(set.columns[test.column].code[row]) ? nodes[from].yes : nodes[from].no;
    }
    return from;
}

class split_search;

class tree_grower {
  public:
    struct room {
        tree_node* nodes;       // most_nodes()
        std::uint32_t* orders;  // columns * rows
        std::uint32_t* spare;   // rows
        unsigned char* side;    // rows
    };

    // `weights`, one a row: how often it counts.
    void start(const training_set& set, const std::uint32_t* weights, const tree_limits& limits,
               const room& where) noexcept;
    // Does the next piece of the work, one column of one node; false when there is none left.
    bool step() noexcept;

    std::uint32_t node_count() const noexcept { return count_; }

  private:
    enum class phase : std::uint8_t { copy, search, divide, done };

    void copy_order() noexcept;
    void make_root() noexcept;
    void search_column() noexcept;
    void settle() noexcept;
    void make_children() noexcept;
    void divide_column() noexcept;
    void next_node() noexcept;
    bool may_divide(const tree_node& node) const noexcept;
    void fill(tree_node* node, std::uint32_t first, std::uint32_t count) noexcept;
    std::uint32_t* rows_of(std::uint32_t column, const tree_node& node) const noexcept {
        return room_.orders + std::size_t{column} * set_.rows + node.first;
    }

    training_set set_;
    const std::uint32_t* weights_ = nullptr;
    tree_limits limits_;
    room room_{};
    phase phase_ = phase::done;
    std::uint32_t column_ = 0, current_ = 0, count_ = 0, used_ = 0;
    double best_gain_ = 0, least_gain_ = 0;
    tree_test best_;
};

}  // namespace receivables
