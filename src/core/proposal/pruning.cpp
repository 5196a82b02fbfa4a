#include "core/proposal/pruning.hpp"

#include <algorithm>
#include <limits>

namespace receivables {

namespace {

struct subtree {
    double risk = 0;
    std::uint32_t leaves = 0;
};

constexpr double never = std::numeric_limits<double>::infinity();

// Children stand after their parents, so nothing is left to do once 0 is reached; the depth is small.
subtree subtree_of(const tree_node* nodes, std::uint32_t at) noexcept {
    const tree_node& node = nodes[at];
    if (node.is_leaf() || node.collapse < never) return {node.risk, 1};
    const subtree yes = subtree_of(nodes, node.yes), no = subtree_of(nodes, node.no);
    return {yes.risk + no.risk, yes.leaves + no.leaves};
}

// What a leaf more of the subtree is worth.
double worth_of(const tree_node* nodes, std::uint32_t at) noexcept {
    const subtree below = subtree_of(nodes, at);
    return std::max(0.0, nodes[at].risk - below.risk) / (below.leaves - 1);
}

// The weakest link: the least worth of a node that still stands.
double least_worth(const tree_node* nodes, std::uint32_t at) noexcept {
    const tree_node& node = nodes[at];
    if (node.is_leaf() || node.collapse < never) return never;
    return std::min(
        {worth_of(nodes, at), least_worth(nodes, node.yes), least_worth(nodes, node.no)});
}

void collapse_at(tree_node* nodes, std::uint32_t at, double worth, double price) noexcept {
    tree_node& node = nodes[at];
    if (node.is_leaf() || node.collapse < never) return;
    if (worth_of(nodes, at) <= worth) {
        node.collapse = price;
        return;
    }
    collapse_at(nodes, node.yes, worth, price);
    collapse_at(nodes, node.no, worth, price);
}

// f(price index, squared error) for the row, from the root's price down.
template <class F>
void for_each_error(const held_out& rows, std::uint32_t row, const double* prices,
                    std::uint32_t count, F&& f) noexcept {
    std::uint32_t node = 0;
    for (std::uint32_t i = count; i-- > 0;) {
        node = leaf_of(rows.nodes, *rows.set, row, prices[i], node);
        const double distance =
            static_cast<double>(rows.set->outcome[row]) - rows.nodes[node].sums.mean();
        f(i, distance * distance);
    }
}

}  // namespace

std::uint32_t pruning_sequence(tree_node* nodes, std::uint32_t count, pruned_tree* out) noexcept {
    for (std::uint32_t i = 0; i < count; ++i) nodes[i].collapse = never;
    const auto customers = static_cast<double>(nodes[0].sums.weight);
    std::uint32_t found = 0;
    out[found++] = {0, subtree_of(nodes, 0).leaves};
    while (out[found - 1].leaves > 1) {
        const double worth = least_worth(nodes, 0);
        const double price = std::max(worth / customers, out[found - 1].price);
        collapse_at(nodes, 0, worth * (1 + 1e-12), price);
        out[found++] = {price, subtree_of(nodes, 0).leaves};
    }
    return found;
}

std::uint32_t prune(tree_node* nodes, double price) noexcept {
    std::uint32_t leaves = 0;
    std::uint32_t waiting[64], depth = 0;
    waiting[depth++] = 0;
    while (depth > 0) {
        tree_node& node = nodes[waiting[--depth]];
        if (!node.is_leaf() && node.collapse <= price) node.yes = node.no = 0;
        if (node.is_leaf()) {
            ++leaves;
            continue;
        }
        waiting[depth++] = node.yes;
        waiting[depth++] = node.no;
    }
    return leaves;
}

void add_errors(const held_out& rows, const double* prices, std::uint32_t count,
                double* errors) noexcept {
    for (std::uint32_t row = 0; row < rows.set->rows; ++row)
        if (rows.fold_of[row] == rows.fold)
            for_each_error(rows, row, prices, count,
                           [&](std::uint32_t i, double error) { errors[i] += error; });
}

void add_differences(const held_out& rows, const double* prices, std::uint32_t count,
                     std::uint32_t other, error_difference* out) noexcept {
    for (std::uint32_t row = 0; row < rows.set->rows; ++row) {
        if (rows.fold_of[row] != rows.fold) continue;
        double others = 0;
        for_each_error(rows, row, prices, count, [&](std::uint32_t i, double error) {
            if (i == other) others = error;
        });
        for_each_error(rows, row, prices, count, [&](std::uint32_t i, double error) {
            out[i].sum += error - others;
            out[i].squares += (error - others) * (error - others);
        });
    }
}

}  // namespace receivables
