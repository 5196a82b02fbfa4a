// From a training set to the tree that a proposal is made of.
#pragma once

#include "core/proposal/pruning.hpp"
#include "pg/base/postgres.hpp"
#include "pg/proposal/options.hpp"
#include "pg/proposal/training.hpp"

namespace receivables {

inline constexpr std::uint32_t fold_count = 10;

// What trees are grown with, again and again.
struct nursery {
    const training* from;
    tree_limits limits;
    std::uint32_t max_segments;
    tree_grower grower;
    tree_grower::room room;
    std::uint32_t* weights;
    pruned_tree* sequence;
};

nursery make_nursery(const training& t, const proposal_options& options);

std::uint32_t grow_tree(nursery* n, const tree_limits& limits, tree_node* nodes);
tree_node* allocate_nodes(const nursery& n);
// The first of the nested trees that has no more leaves than segments are wanted.
std::uint32_t first_allowed(const nursery& n);

struct proposal_tree {
    tree_node* nodes;
    std::uint32_t leaf_count;
    std::uint32_t* leaves;  // nodes, in the order of the rules
    // How many bootstraps have found each leaf again.
    int* found;
    const std::uint32_t* fold_of;
    double squares_apart;  // squared distances of outcomes from the tree grown without their fold
};

// The tree of all customers, pruned as the folds and the bootstraps say.
proposal_tree grow_proposal(nursery* n, const proposal_options& options);

// Trees of customers drawn with replacement.
struct bootstrap_trees {
    struct tree {
        tree_node* nodes;
        std::uint32_t count;
        double least_price;  // at which it has no more leaves than segments are wanted
    };
    tree* trees;
    int count;
};
bootstrap_trees grow_bootstraps(nursery* n, int bootstraps);

// Sets proposal->found: how many of the trees, pruned at the same price, have a node for each leaf
// that has more than half of the customers of either. Which figure divides them off does not matter:
// twins find the same customers.
void count_found_again(const nursery& n, const bootstrap_trees& trees, double price,
                       proposal_tree* proposal);

}  // namespace receivables
