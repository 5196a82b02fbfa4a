#include "core/proposal/tree.hpp"

#include <algorithm>
#include <cstring>
#include <limits>

#include "core/proposal/split.hpp"

namespace receivables {

namespace {

// A division that explains less of all the squares is none.
constexpr double least_share_of_risk = 1e-6;

}  // namespace

std::uint32_t most_nodes(std::int64_t weight, const tree_limits& limits) noexcept {
    const std::int64_t by_weight = std::max<std::int64_t>(1, weight / limits.least_weight);
    const std::int64_t by_depth = std::int64_t{1} << limits.most_depth;
    return static_cast<std::uint32_t>(2 * std::min(by_weight, by_depth) - 1);
}

void tree_grower::start(const training_set& set, const std::uint32_t* weights,
                        const tree_limits& limits, const room& where) noexcept {
    set_ = set;
    weights_ = weights;
    limits_ = limits;
    room_ = where;
    column_ = current_ = count_ = used_ = 0;
    phase_ = phase::copy;
    if (set.column_count == 0) make_root();
}

bool tree_grower::step() noexcept {
    switch (phase_) {
        case phase::copy:
            copy_order();
            break;
        case phase::search:
            search_column();
            break;
        case phase::divide:
            divide_column();
            break;
        case phase::done:
            break;
    }
    return phase_ != phase::done;
}

// Only the rows that count.
void tree_grower::copy_order() noexcept {
    const std::uint32_t* from = set_.columns[column_].order;
    std::uint32_t* to = room_.orders + std::size_t{column_} * set_.rows;
    used_ = 0;
    for (std::uint32_t i = 0; i < set_.rows; ++i)
        if (weights_[from[i]] > 0) to[used_++] = from[i];
    if (++column_ == set_.column_count) make_root();
}

void tree_grower::make_root() noexcept {
    phase_ = phase::done;
    count_ = 1;
    tree_node& root = room_.nodes[0];
    root = {};
    root.lower = -std::numeric_limits<double>::infinity();
    root.upper = std::numeric_limits<double>::infinity();
    if (set_.column_count == 0) {
        // Without columns there is no order, and nothing to divide.
        for (std::uint32_t row = 0; row < set_.rows; ++row)
            root.sums.add(weights_[row], set_.outcome[row]);
        return;
    }
    fill(&root, 0, used_);
    least_gain_ = least_share_of_risk * root.risk;
    current_ = 0;
    phase_ = phase::search;
    column_ = 0;
    best_gain_ = least_gain_;
    best_ = {};
    if (!may_divide(root)) next_node();
}

void tree_grower::fill(tree_node* node, std::uint32_t first, std::uint32_t count) noexcept {
    node->first = first;
    node->count = count;
    node->sums = {};
    int128 squares = 0;
    const std::uint32_t* rows = rows_of(0, *node);
    for (std::uint32_t i = 0; i < count; ++i) {
        const std::int64_t weight = weights_[rows[i]], outcome = set_.outcome[rows[i]];
        node->sums.add(weight, outcome);
        squares += int128{outcome} * outcome * weight;
    }
    const int128 scaled = squares * node->sums.weight - int128{node->sums.sum} * node->sums.sum;
    node->risk = static_cast<double>(scaled) / static_cast<double>(node->sums.weight);
}

bool tree_grower::may_divide(const tree_node& node) const noexcept {
    return node.depth < limits_.most_depth && node.sums.weight >= 2 * limits_.least_weight &&
           node.risk > least_gain_;
}

void tree_grower::search_column() noexcept {
    const tree_node& node = room_.nodes[current_];
    const ordered_rows rows = {&set_.columns[column_],
                               column_,
                               rows_of(column_, node),
                               node.count,
                               weights_,
                               set_.outcome};
    split_search(node, limits_, rows).improve(&best_gain_, &best_);
    if (++column_ == set_.column_count) settle();
}

void tree_grower::settle() noexcept {
    const tree_node& node = room_.nodes[current_];
    if (best_.column == no_column) return next_node();
    const ordered_rows rows = {&set_.columns[best_.column],
                               best_.column,
                               rows_of(best_.column, node),
                               node.count,
                               weights_,
                               set_.outcome};
    if (!split_search(node, limits_, rows).settle(best_gain_, &best_)) return next_node();
    make_children();
    phase_ = phase::divide;
    column_ = 0;
}

void tree_grower::make_children() noexcept {
    tree_node& node = room_.nodes[current_];
    const training_column& column = set_.columns[best_.column];
    const std::uint32_t* rows = rows_of(best_.column, node);
    std::uint32_t yes = 0;
    for (std::uint32_t i = 0; i < node.count; ++i) {
        const bool holds = best_.holds(column.code[rows[i]]);
        room_.side[rows[i]] = holds;
        yes += holds;
    }
    node.test = best_;
    node.yes = count_++;
    node.no = count_++;
    for (const std::uint32_t child : {node.yes, node.no}) {
        room_.nodes[child] = {};
        room_.nodes[child].depth = node.depth + 1;
        room_.nodes[child].lower = node.lower;
        room_.nodes[child].upper = node.upper;
    }
    room_.nodes[node.yes].first = node.first;
    room_.nodes[node.yes].count = yes;
    room_.nodes[node.no].first = node.first + yes;
    room_.nodes[node.no].count = node.count - yes;
}

// The rows of the "yes" side go to the front, both sides in the order they had.
void tree_grower::divide_column() noexcept {
    tree_node& node = room_.nodes[current_];
    std::uint32_t* rows = rows_of(column_, node);
    std::uint32_t yes = 0, no = 0;
    for (std::uint32_t i = 0; i < node.count; ++i) {
        const std::uint32_t row = rows[i];
        rows[yes] = room_.spare[no] = row;
        const std::uint32_t holds = room_.side[row];
        yes += holds;
        no += 1 - holds;
    }
    std::memcpy(rows + yes, room_.spare, no * sizeof *rows);
    if (++column_ < set_.column_count) return;
    tree_node &a = room_.nodes[node.yes], &b = room_.nodes[node.no];
    fill(&a, a.first, a.count);
    fill(&b, b.first, b.count);
    const training_column& divided_by = set_.columns[node.test.column];
    const bool by_number =
        node.test.kind == test_kind::at_least || node.test.kind == test_kind::below;
    if (by_number && divided_by.lateness != 0) {
        const double middle = a.sums.mean() / 2 + b.sums.mean() / 2;
        tree_node& late = a.sums.mean() >= b.sums.mean() ? a : b;
        tree_node& early = &late == &a ? b : a;
        late.lower = std::max(late.lower, middle);
        early.upper = std::min(early.upper, middle);
    }
    next_node();
}

void tree_grower::next_node() noexcept {
    phase_ = phase::search;
    column_ = 0;
    best_gain_ = least_gain_;
    best_ = {};
    do ++current_;
    while (current_ < count_ && !may_divide(room_.nodes[current_]));
    if (current_ >= count_) phase_ = phase::done;
}

}  // namespace receivables
