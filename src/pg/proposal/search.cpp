#include "pg/base/postgres.hpp"

#include <algorithm>
#include <cmath>

#include "core/proposal/draw.hpp"
#include "core/proposal/rules.hpp"
#include "pg/base/memory.hpp"
#include "pg/proposal/search.hpp"

namespace receivables {

namespace {

constexpr std::uint64_t fold_seed = 20;

// The trees of one search, at the same prices.
struct fold_trees {
    tree_node* nodes[fold_count];
    const std::uint32_t* fold_of;
    double prices[most_segments];
    std::uint32_t count;
};

std::int64_t least_customers(std::uint32_t rows, const proposal_options& options) {
    if (options.min_customers > 0) return options.min_customers;
    return Max(std::int64_t{30}, (std::int64_t{rows} + 19) / 20);
}

void weigh_all_alike(nursery* n) {
    for (std::uint32_t row = 0; row < n->from->set.rows; ++row) n->weights[row] = 1;
}

// Between two prices any tree of the sequence stays the same: the geometric middle stands for it.
void choose_prices(const nursery& n, std::uint32_t count, fold_trees* out) {
    out->count = 0;
    for (std::uint32_t i = first_allowed(n); i < count; ++i)
        out->prices[out->count++] =
            i + 1 < count ? std::sqrt(n.sequence[i].price * n.sequence[i + 1].price) : INFINITY;
}

void prune_to(double price, const tree_node* whole, std::uint32_t count, proposal_tree* out) {
    out->nodes = allocate<tree_node>(count);
    for (std::uint32_t i = 0; i < count; ++i) out->nodes[i] = whole[i];
    out->leaf_count = prune(out->nodes, price);
    out->leaves = allocate<std::uint32_t>(out->leaf_count);
    list_leaves(out->nodes, out->leaves);
}

// On the mean of the leaves.
bool are_found_again(const proposal_tree& tree, const proposal_options& options) {
    std::int64_t found = 0;
    for (std::uint32_t i = 0; i < tree.leaf_count; ++i) found += tree.found[i];
    const double wanted = options.min_found_again * options.bootstraps * tree.leaf_count;
    return static_cast<double>(found) >= wanted;
}

// A leaf of a tree that is grown without a fold may be smaller by as much.
void grow_folds(nursery* n, fold_trees* out) {
    tree_limits limits = n->limits;
    limits.least_weight = Max(std::int64_t{1}, limits.least_weight * (fold_count - 1) / fold_count);
    const std::uint32_t rows = n->from->set.rows;
    std::uint32_t* fold_of = allocate<std::uint32_t>(rows);
    draws seeded(fold_seed);
    draw_folds(&seeded, rows, fold_count, fold_of);
    out->fold_of = fold_of;
    for (std::uint32_t fold = 0; fold < fold_count; ++fold) {
        for (std::uint32_t row = 0; row < rows; ++row) n->weights[row] = fold_of[row] != fold;
        out->nodes[fold] = allocate<tree_node>(most_nodes(rows, limits));
        const std::uint32_t count = grow_tree(n, limits, out->nodes[fold]);
        pruning_sequence(out->nodes[fold], count, n->sequence);
    }
}

held_out rows_of(const nursery& n, const fold_trees& trees, std::uint32_t fold) {
    return {&n.from->set, trees.fold_of, fold, trees.nodes[fold]};
}

// The smallest tree whose squares are above the least by no more than one standard error of the
// difference, customer by customer: both trees are judged by the same customers, and most of what
// makes their squares uncertain they have in common.
std::uint32_t choose(const nursery& n, const fold_trees& trees, double* errors) {
    std::fill(errors, errors + trees.count, 0.0);
    error_difference differences[most_segments] = {};
    for (std::uint32_t fold = 0; fold < fold_count; ++fold)
        add_errors(rows_of(n, trees, fold), trees.prices, trees.count, errors);
    std::uint32_t best = trees.count - 1;
    for (std::uint32_t i = trees.count; i-- > 0;)
        if (errors[i] < errors[best]) best = i;
    for (std::uint32_t fold = 0; fold < fold_count; ++fold)
        add_differences(rows_of(n, trees, fold), trees.prices, trees.count, best, differences);
    const double rows = n.from->set.rows;
    for (std::uint32_t i = trees.count; i-- > best;) {
        const error_difference& d = differences[i];
        const double deviation = std::sqrt(Max(0.0, d.squares - d.sum * d.sum / rows));
        if (i == best || d.sum <= deviation) return i;
    }
    pg_unreachable();
}

}  // namespace

nursery make_nursery(const training& t, const proposal_options& options) {
    nursery n = {};
    n.from = &t;
    n.max_segments = options.max_segments;
    n.limits.least_weight = least_customers(t.set.rows, options);
    n.limits.most_depth = options.max_depth;
    n.limits.monotone = options.monotone;
    const std::uint32_t nodes = most_nodes(t.set.rows, n.limits);
    require_work_memory(static_cast<double>(sizeof(tree_node)) * nodes * options.bootstraps,
                        psprintf("%d trees with up to %u nodes", options.bootstraps, nodes));
    n.room.orders = allocate<std::uint32_t>(std::size_t{t.set.rows} * t.set.column_count);
    n.room.spare = allocate<std::uint32_t>(t.set.rows);
    n.room.side = allocate<unsigned char>(t.set.rows);
    n.weights = allocate<std::uint32_t>(t.set.rows);
    // Of a leaf less, as folds have it.
    n.sequence = allocate<pruned_tree>((std::size_t{1} << options.max_depth) + 1);
    return n;
}

std::uint32_t grow_tree(nursery* n, const tree_limits& limits, tree_node* nodes) {
    tree_grower::room room = n->room;
    room.nodes = nodes;
    n->grower.start(n->from->set, n->weights, limits, room);
    while (n->grower.step()) CHECK_FOR_INTERRUPTS();
    return n->grower.node_count();
}

tree_node* allocate_nodes(const nursery& n) {
    return allocate<tree_node>(most_nodes(n.from->set.rows, n.limits));
}

std::uint32_t first_allowed(const nursery& n) {
    std::uint32_t i = 0;
    while (n.sequence[i].leaves > n.max_segments) ++i;
    return i;
}

proposal_tree grow_proposal(nursery* n, const proposal_options& options) {
    proposal_tree out = {};
    tree_node* whole = allocate_nodes(*n);
    weigh_all_alike(n);
    const std::uint32_t nodes = grow_tree(n, n->limits, whole);
    const std::uint32_t count = pruning_sequence(whole, nodes, n->sequence);
    fold_trees trees;
    choose_prices(*n, count, &trees);
    grow_folds(n, &trees);
    out.fold_of = trees.fold_of;
    double errors[most_segments];
    std::uint32_t chosen = choose(*n, trees, errors);
    const bootstrap_trees bootstraps = grow_bootstraps(n, options.bootstraps);
    // A single leaf always is.
    for (;; ++chosen) {
        prune_to(trees.prices[chosen], whole, nodes, &out);
        count_found_again(*n, bootstraps, trees.prices[chosen], &out);
        if (are_found_again(out, options)) break;
    }
    out.squares_apart = errors[chosen];
    return out;
}

}  // namespace receivables
