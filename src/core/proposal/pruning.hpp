// Which leaves of a tree are worth having. Let a leaf have a price, a part of the squares of all: for
// each price there is one smallest tree of the least sum of squares and prices, and the trees of
// growing prices lie in one another (Breiman et al. 1984, chapter 3).
//
// Which price is right, folds of customers say: a tree is grown without a fold, pruned at each of the
// prices, and the squared distances of the fold's outcomes from it are added up.
#pragma once

#include <cstdint>

#include "core/proposal/tree.hpp"

namespace receivables {

// A pruned tree: from this price a customer on.
struct pruned_tree {
    double price = 0;
    std::uint32_t leaves = 0;
};

// The nested trees, the whole one first, the root alone last; sets tree_node::collapse. Room for as
// many as the tree has leaves. Returns how many.
std::uint32_t pruning_sequence(tree_node* nodes, std::uint32_t count, pruned_tree* out) noexcept;

// Takes off what is pruned at the price; returns the number of leaves.
std::uint32_t prune(tree_node* nodes, double price) noexcept;

// The rows of a fold, judged by a tree that was grown without them.
struct held_out {
    const training_set* set;
    const std::uint32_t* fold_of;  // one a row
    std::uint32_t fold;
    const tree_node* nodes;
};

// Adds to errors[i] the squared distances from the tree pruned at prices[i]; prices ascend.
void add_errors(const held_out& rows, const double* prices, std::uint32_t count,
                double* errors) noexcept;

// Sums over rows of what a tree's squared distance is above another's, and of the squares of that.
struct error_difference {
    double sum = 0, squares = 0;
};
void add_differences(const held_out& rows, const double* prices, std::uint32_t count,
                     std::uint32_t other, error_difference* out) noexcept;

}  // namespace receivables
