// Bootstraps: which leaves come back when the customers are drawn anew.
#include "pg/base/postgres.hpp"

#include "core/proposal/draw.hpp"
#include "pg/base/memory.hpp"
#include "pg/proposal/search.hpp"

namespace receivables {

namespace {

constexpr std::uint64_t bootstrap_seed = 26;

// n_ab > half of those that are in either of both.
bool is_same_group(std::uint32_t both, std::uint32_t a, std::uint32_t b) {
    return 2 * std::uint64_t{both} > std::uint64_t{a} + b - both;
}

// The leaves of the proposal and who is in them.
struct leaf_places {
    std::uint32_t* of_row;
    std::uint32_t* sizes;
    std::uint32_t count;
};

// How many customers of each leaf pass each node of another tree, its leaves included: a group that
// the other tree divides further is found there all the same.
void compare_leaves(const training_set& set, const leaf_places& leaves, const tree_node* nodes,
                    std::uint32_t node_count, double price, std::uint32_t* both, int* found) {
    memset(both, 0, sizeof *both * leaves.count * node_count);
    for (std::uint32_t row = 0; row < set.rows; ++row) {
        std::uint32_t* of_leaf = both + std::size_t{leaves.of_row[row]} * node_count;
        for (std::uint32_t node = 0;;) {
            ++of_leaf[node];
            if (nodes[node].is_leaf() || nodes[node].collapse <= price) break;
            const tree_test& test = nodes[node].test;
            node =
                test.holds(set.columns[test.column].code[row]) ? nodes[node].yes : nodes[node].no;
        }
    }
    for (std::uint32_t leaf = 0; leaf < leaves.count; ++leaf) {
        bool is_there = leaves.count == 1;
        // The root, which holds everybody, has found nothing.
        for (std::uint32_t node = 1; node < node_count; ++node) {
            std::uint32_t size = 0;
            for (std::uint32_t i = 0; i < leaves.count; ++i) size += both[i * node_count + node];
            is_there =
                is_there || is_same_group(both[leaf * node_count + node], leaves.sizes[leaf], size);
        }
        found[leaf] += is_there;
    }
}

leaf_places place_rows(const training_set& set, const proposal_tree& proposal,
                       std::uint32_t node_count) {
    std::uint32_t* number = allocate<std::uint32_t>(node_count);
    leaf_places out = {allocate<std::uint32_t>(set.rows),
                       allocate<std::uint32_t>(proposal.leaf_count), proposal.leaf_count};
    for (std::uint32_t i = 0; i < proposal.leaf_count; ++i) {
        number[proposal.leaves[i]] = i;
        out.sizes[i] = 0;
    }
    for (std::uint32_t row = 0; row < set.rows; ++row) {
        out.of_row[row] = number[leaf_of(proposal.nodes, set, row, 0)];
        ++out.sizes[out.of_row[row]];
    }
    return out;
}

}  // namespace

bootstrap_trees grow_bootstraps(nursery* n, int bootstraps) {
    bootstrap_trees out = {allocate<bootstrap_trees::tree>(bootstraps), bootstraps};
    draws seeded(bootstrap_seed);
    for (int i = 0; i < bootstraps; ++i) {
        bootstrap_trees::tree& tree = out.trees[i];
        draw_weights(&seeded, n->from->set.rows, n->weights);
        tree.nodes = allocate_nodes(*n);
        tree.count = grow_tree(n, n->limits, tree.nodes);
        pruning_sequence(tree.nodes, tree.count, n->sequence);
        tree.least_price = n->sequence[first_allowed(*n)].price;
    }
    return out;
}

void count_found_again(const nursery& n, const bootstrap_trees& trees, double price,
                       proposal_tree* proposal) {
    const training_set& set = n.from->set;
    const std::uint32_t most = most_nodes(set.rows, n.limits);
    const leaf_places leaves = place_rows(set, *proposal, most);
    std::uint32_t* both = allocate<std::uint32_t>(std::size_t{leaves.count} * most);
    proposal->found = allocate<int>(leaves.count);
    for (std::uint32_t i = 0; i < leaves.count; ++i) proposal->found[i] = 0;
    for (int i = 0; i < trees.count; ++i) {
        CHECK_FOR_INTERRUPTS();
        const bootstrap_trees::tree& tree = trees.trees[i];
        compare_leaves(set, leaves, tree.nodes, tree.count, Max(price, tree.least_price), both,
                       proposal->found);
    }
}

}  // namespace receivables
