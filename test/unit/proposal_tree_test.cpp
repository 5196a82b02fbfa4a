// Trees for proposals, against every division there is, every pruned tree there is, and the promise
// of monotony asked of pairs of customers.
#include "core/proposal/tree.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <set>
#include <vector>

#include "core/proposal/column.hpp"
#include "core/proposal/pruning.hpp"
#include "core/proposal/split.hpp"
#include "profile_samples.hpp"

namespace receivables {
namespace {

using profile_samples::dice;

constexpr double missing = std::numeric_limits<double>::quiet_NaN();

// A training set with its memory.
struct grown_set {
    struct column_memory {
        std::vector<std::uint32_t> code, order;
        std::vector<double> values;
    };
    std::vector<std::int64_t> outcome;
    std::vector<std::uint32_t> weights;
    std::vector<std::vector<double>> cells;  // by column, then row; of a category its number
    std::vector<training_column> columns;
    std::vector<column_memory> memory;
    training_set set;

    void add_column(training_column column, std::vector<double> values) {
        column_memory m;
        std::vector<keyed_row> known;
        for (std::uint32_t row = 0; row < values.size(); ++row)
            if (!std::isnan(values[row])) known.push_back({values[row], row});
        column.distinct = sort_rows(known.data(), static_cast<std::uint32_t>(known.size()));
        m.code.resize(values.size());
        m.order.resize(values.size());
        m.values.resize(column.distinct + 1);
        fill_column(known.data(), static_cast<std::uint32_t>(known.size()),
                    static_cast<std::uint32_t>(values.size()), m.code.data(), m.order.data(),
                    m.values.data());
        columns.push_back(column);
        cells.push_back(std::move(values));
        memory.push_back(std::move(m));
    }
    void finish() {
        for (std::size_t i = 0; i < columns.size(); ++i) {
            columns[i].code = memory[i].code.data();
            columns[i].order = memory[i].order.data();
            columns[i].values = memory[i].values.data();
        }
        set = {static_cast<std::uint32_t>(outcome.size()), outcome.data(), columns.data(),
               static_cast<std::uint32_t>(columns.size())};
    }
};

// Few distinct values and some NULLs, so that everything ties with everything.
grown_set draw_set(dice& random, std::uint32_t rows) {
    grown_set out;
    for (std::uint32_t row = 0; row < rows; ++row) {
        out.outcome.push_back(random.between(-20, 20) * (random.one_in(5) ? 50 : 1));
        out.weights.push_back(
            static_cast<std::uint32_t>(random.one_in(3) ? random.between(0, 3) : 1));
    }
    const std::int64_t columns = random.between(1, 4);
    for (std::int64_t c = 0; c < columns; ++c) {
        training_column column;
        const std::int64_t kind = random.between(0, 3);
        column.kind = kind == 0   ? column_kind::category
                      : kind == 1 ? column_kind::presence
                                  : column_kind::number;
        column.lateness = column.kind == column_kind::number
                              ? static_cast<std::int8_t>(random.between(-1, 1))
                              : std::int8_t{0};
        column.may_be_asked_for = !random.one_in(3);
        const std::int64_t distinct = random.between(2, 6);
        std::vector<double> values;
        for (std::uint32_t row = 0; row < rows; ++row)
            values.push_back(random.one_in(4)
                                 ? missing
                                 : static_cast<double>(random.between(0, distinct)) *
                                       (column.kind == column_kind::category ? 1 : 1.25));
        out.add_column(column, values);
    }
    out.finish();
    return out;
}

struct grown_tree {
    std::vector<tree_node> nodes;
    std::uint32_t count = 0;
};

grown_tree grow(const grown_set& s, const tree_limits& limits) {
    grown_tree out;
    std::int64_t weight = 0;
    for (std::uint32_t w : s.weights) weight += w;
    out.nodes.resize(most_nodes(weight, limits));
    std::vector<std::uint32_t> orders(s.set.rows * s.set.column_count), spare(s.set.rows);
    std::vector<unsigned char> side(s.set.rows);
    tree_grower grower;
    grower.start(s.set, s.weights.data(), limits,
                 {out.nodes.data(), orders.data(), spare.data(), side.data()});
    while (grower.step()) continue;
    out.count = grower.node_count();
    EXPECT_LE(out.count, out.nodes.size());
    return out;
}

// The rows of each node, by passing every row from the root down.
std::vector<std::vector<std::uint32_t>> rows_of(const grown_set& s, const grown_tree& tree) {
    std::vector<std::vector<std::uint32_t>> out(tree.count);
    for (std::uint32_t row = 0; row < s.set.rows; ++row)
        for (std::uint32_t at = 0;;) {
            out[at].push_back(row);
            const tree_node& node = tree.nodes[at];
            if (node.is_leaf()) break;
            at = node.test.holds(s.columns[node.test.column].code[row]) ? node.yes : node.no;
        }
    return out;
}

outcome_sums sums_of(const grown_set& s, const std::vector<std::uint32_t>& rows) {
    outcome_sums out;
    for (std::uint32_t row : rows) out.add(s.weights[row], s.outcome[row]);
    return out;
}

double risk_of(const grown_set& s, const std::vector<std::uint32_t>& rows) {
    const outcome_sums sums = sums_of(s, rows);
    if (sums.weight == 0) return 0;
    double risk = 0;
    for (std::uint32_t row : rows)
        risk += s.weights[row] * std::pow(static_cast<double>(s.outcome[row]) - sums.mean(), 2);
    return risk;
}

// A way to divide rows: the values that pass.
struct division {
    std::uint32_t column;
    test_kind kind;
    std::set<double> passing;
};

// Every division by a test of the language, written down from the values.
std::vector<division> all_divisions(const grown_set& s, const std::vector<std::uint32_t>& rows) {
    std::vector<division> out;
    for (std::uint32_t c = 0; c < s.set.column_count; ++c) {
        std::set<double> values;
        bool nulls = false;
        for (std::uint32_t row : rows) {
            if (s.weights[row] == 0) continue;
            if (std::isnan(s.cells[c][row]))
                nulls = true;
            else
                values.insert(s.cells[c][row]);
        }
        if (nulls && s.columns[c].may_be_asked_for) out.push_back({c, test_kind::known, values});
        if (s.columns[c].kind == column_kind::number)
            for (double t : values) {
                if (t == *values.begin()) continue;
                out.push_back({c, test_kind::at_least, {values.lower_bound(t), values.end()}});
                out.push_back({c, test_kind::below, {values.begin(), values.lower_bound(t)}});
            }
        if (s.columns[c].kind == column_kind::category) {
            const std::vector<double> list(values.begin(), values.end());
            for (std::uint32_t mask = 1; mask < 1u << list.size(); ++mask) {
                division d = {c, test_kind::member, {}};
                for (std::size_t i = 0; i < list.size(); ++i)
                    if (mask >> i & 1) d.passing.insert(list[i]);
                out.push_back(d);
            }
        }
    }
    return out;
}

// What a division gains; nothing where it is not allowed.
std::optional<double> gain_of(const grown_set& s, const std::vector<std::uint32_t>& rows,
                              const tree_node& node, const tree_limits& limits, const division& d) {
    std::vector<std::uint32_t> yes, no;
    for (std::uint32_t row : rows) {
        const double value = s.cells[d.column][row];
        // (of a set of numbers NaN is equal to each)
        const bool passes = !std::isnan(value) && d.passing.count(value) != 0;
        (passes ? yes : no).push_back(row);
    }
    const outcome_sums a = sums_of(s, yes), b = sums_of(s, no);
    if (a.weight < limits.least_weight || b.weight < limits.least_weight) return {};
    if (limits.monotone) {
        for (double mean : {a.mean(), b.mean()})
            if (mean < node.lower || mean > node.upper) return {};
        const int later = s.columns[d.column].lateness * (d.kind == test_kind::at_least ? 1 : -1);
        const bool by_number = d.kind == test_kind::at_least || d.kind == test_kind::below;
        if (by_number && later > 0 && a.mean() < b.mean()) return {};
        if (by_number && later < 0 && a.mean() > b.mean()) return {};
    }
    return risk_of(s, rows) - risk_of(s, yes) - risk_of(s, no);
}

double best_gain(const grown_set& s, const std::vector<std::uint32_t>& rows, const tree_node& node,
                 const tree_limits& limits) {
    double best = 0;
    for (const division& d : all_divisions(s, rows))
        best = std::max(best, gain_of(s, rows, node, limits, d).value_or(0));
    return best;
}

bool has_weight(const grown_set& s) {
    return std::any_of(s.weights.begin(), s.weights.end(), [](std::uint32_t w) { return w > 0; });
}

tree_limits draw_limits(dice& random, bool any_leaf) {
    tree_limits limits;
    limits.least_weight = any_leaf ? 1 : random.between(1, 4);
    limits.most_depth = static_cast<std::uint32_t>(random.between(1, 4));
    limits.monotone = random.one_in(2);
    return limits;
}

// Each node is divided by the best test, or by one as good as 99 % where its threshold was rounded;
// and what is not divided could not be. With a least weight, or bounds of means, the best set of
// categories need not be one in the order of their means: those cases have leaves of any weight and
// are not monotone.
TEST(ProposalTree, DividesAsWellAsEveryDivisionThereIs) {
    dice random(1);
    int divided = 0, rounded = 0;
    for (int i = 0; i < 4000; ++i) {
        const grown_set s = draw_set(random, static_cast<std::uint32_t>(random.between(2, 14)));
        if (!has_weight(s)) continue;
        const bool any_category =
            std::any_of(s.columns.begin(), s.columns.end(),
                        [](const training_column& c) { return c.kind == column_kind::category; });
        tree_limits limits = draw_limits(random, any_category);
        limits.monotone = limits.monotone && !any_category;
        const grown_tree tree = grow(s, limits);
        const auto rows = rows_of(s, tree);
        const double all = risk_of(s, rows[0]);
        for (std::uint32_t at = 0; at < tree.count; ++at) {
            const tree_node& node = tree.nodes[at];
            EXPECT_EQ(node.sums.weight, sums_of(s, rows[at]).weight);
            EXPECT_EQ(node.sums.sum, sums_of(s, rows[at]).sum);
            EXPECT_NEAR(node.risk, risk_of(s, rows[at]), 1e-9 * (1 + all));
            const double best = best_gain(s, rows[at], node, limits);
            if (node.is_leaf()) {
                EXPECT_TRUE(node.depth == limits.most_depth || best <= 1e-6 * all + 1e-9) << i;
                continue;
            }
            const double gain = node.risk - tree.nodes[node.yes].risk - tree.nodes[node.no].risk;
            EXPECT_GE(gain, enough_of_the_gain * best - 1e-9 * all) << i;
            EXPECT_LE(gain, best + 1e-9 * all) << i;
            EXPECT_GE(tree.nodes[node.yes].sums.weight, limits.least_weight);
            EXPECT_GE(tree.nodes[node.no].sums.weight, limits.least_weight);
            ++divided;
            rounded += gain < best - 1e-9 * all;
        }
    }
    EXPECT_GT(divided, 4000);
    EXPECT_GT(rounded, 0);
}

// Before its threshold is rounded the test is the best one, to the last bit of the gain.
TEST(ProposalTree, FindsTheBestDivision) {
    dice random(2);
    for (int i = 0; i < 4000; ++i) {
        grown_set s = draw_set(random, static_cast<std::uint32_t>(random.between(2, 12)));
        if (!has_weight(s)) continue;
        tree_limits limits;
        limits.monotone = false;
        std::vector<std::uint32_t> all(s.set.rows);
        for (std::uint32_t row = 0; row < s.set.rows; ++row) all[row] = row;
        tree_node root;
        root.sums = sums_of(s, all);
        double gain = 0;
        tree_test test;
        for (std::uint32_t c = 0; c < s.set.column_count; ++c) {
            std::vector<std::uint32_t> rows;
            for (std::uint32_t row : s.memory[c].order)
                if (s.weights[row] > 0) rows.push_back(row);
            const ordered_rows ordered = {&s.columns[c],    c,
                                          rows.data(),      static_cast<std::uint32_t>(rows.size()),
                                          s.weights.data(), s.outcome.data()};
            split_search(root, limits, ordered).improve(&gain, &test);
        }
        const double best = best_gain(s, all, root, limits);
        EXPECT_NEAR(gain, best, 1e-9 * (1 + best)) << i;
    }
}

// Whether customer `b` is as customer `a`, and later in whatever says so.
bool is_later_twin(const grown_set& s, const std::vector<std::uint32_t>& a,
                   const std::vector<std::uint32_t>& b) {
    for (std::uint32_t c = 0; c < s.set.column_count; ++c) {
        if (a[c] == b[c]) continue;
        if (s.columns[c].lateness == 0 || a[c] == no_code || b[c] == no_code) return false;
        if ((a[c] < b[c]) != (s.columns[c].lateness > 0)) return false;
    }
    return true;
}

std::uint32_t leaf_for(const grown_tree& tree, const std::vector<std::uint32_t>& codes) {
    std::uint32_t at = 0;
    while (!tree.nodes[at].is_leaf()) {
        const tree_test& test = tree.nodes[at].test;
        at = test.holds(codes[test.column]) ? tree.nodes[at].yes : tree.nodes[at].no;
    }
    return at;
}

TEST(ProposalTree, PutsNoLaterPayerInAMilderLeaf) {
    dice random(3);
    int pairs = 0, differ = 0, broken_without = 0;
    for (int i = 0; i < 1500; ++i) {
        const grown_set s = draw_set(random, static_cast<std::uint32_t>(random.between(6, 30)));
        if (!has_weight(s)) continue;
        tree_limits limits;
        limits.most_depth = 4;
        for (const bool monotone : {true, false}) {
            limits.monotone = monotone;
            const grown_tree tree = grow(s, limits);
            for (int n = 0; n < 60; ++n) {
                std::vector<std::uint32_t> a, b;
                for (const training_column& c : s.columns) {
                    const auto any = [&] {
                        return random.one_in(5) || c.distinct == 0
                                   ? no_code
                                   : static_cast<std::uint32_t>(random.between(0, c.distinct - 1));
                    };
                    a.push_back(any());
                    b.push_back(c.lateness != 0 && random.one_in(2) ? any() : a.back());
                }
                if (!is_later_twin(s, a, b)) continue;
                const tree_node &early = tree.nodes[leaf_for(tree, a)],
                                &late = tree.nodes[leaf_for(tree, b)];
                const bool keeps = early.sums.mean() <= late.sums.mean();
                EXPECT_TRUE(keeps || !monotone) << i;
                broken_without += !monotone && !keeps;
                pairs += monotone;
                differ += monotone && early.sums.mean() != late.sums.mean();
            }
        }
    }
    EXPECT_GT(pairs, 10000);
    EXPECT_GT(differ, 500);
    EXPECT_GT(broken_without, 100);
}

// All trees that are left when some nodes are made leaves: (squares, leaves).
std::vector<std::pair<double, int>> all_pruned(const grown_tree& tree, std::uint32_t at) {
    const tree_node& node = tree.nodes[at];
    std::vector<std::pair<double, int>> out = {{node.risk, 1}};
    if (node.is_leaf()) return out;
    for (const auto& yes : all_pruned(tree, node.yes))
        for (const auto& no : all_pruned(tree, node.no))
            out.push_back({yes.first + no.first, yes.second + no.second});
    return out;
}

std::pair<double, int> pruned_at(const grown_tree& tree, std::uint32_t at, double price) {
    const tree_node& node = tree.nodes[at];
    if (node.is_leaf() || node.collapse <= price) return {node.risk, 1};
    const auto yes = pruned_at(tree, node.yes, price), no = pruned_at(tree, node.no, price);
    return {yes.first + no.first, yes.second + no.second};
}

TEST(ProposalPruning, IsTheSmallestOfTheBestTreesAtEveryPrice) {
    dice random(4);
    int prices = 0;
    for (int i = 0; i < 1500; ++i) {
        const grown_set s = draw_set(random, static_cast<std::uint32_t>(random.between(4, 24)));
        if (!has_weight(s)) continue;
        grown_tree tree = grow(s, {1, 3, false});
        std::vector<pruned_tree> sequence(tree.count + 1);
        const std::uint32_t count =
            pruning_sequence(tree.nodes.data(), tree.count, sequence.data());
        const auto all = all_pruned(tree, 0);
        const auto customers = static_cast<double>(tree.nodes[0].sums.weight);
        EXPECT_EQ(sequence[count - 1].leaves, 1u);
        for (std::uint32_t k = 0; k + 1 < count; ++k) {
            EXPECT_LE(sequence[k].price, sequence[k + 1].price);
            EXPECT_GT(sequence[k].leaves, sequence[k + 1].leaves);
            if (!(sequence[k + 1].price > sequence[k].price * (1 + 1e-6) + 1e-9)) continue;
            const double price = (sequence[k].price + sequence[k + 1].price) / 2;
            const auto left = pruned_at(tree, 0, price);
            EXPECT_EQ(left.second, static_cast<int>(sequence[k].leaves));
            double least = std::numeric_limits<double>::infinity();
            for (const auto& t : all)
                least = std::min(least, t.first + price * customers * t.second);
            EXPECT_NEAR(left.first + price * customers * left.second, least, 1e-9 * (1 + least));
            ++prices;
        }
        grown_tree cut = tree;
        EXPECT_EQ(prune(cut.nodes.data(), std::numeric_limits<double>::infinity()), 1u);
    }
    EXPECT_GT(prices, 1000);
}

// The squared errors of held out rows at several prices, beside those of each price alone.
TEST(ProposalPruning, AddsUpTheErrorsOfAFold) {
    dice random(5);
    for (int i = 0; i < 500; ++i) {
        const grown_set s = draw_set(random, 30);
        grown_tree tree = grow(s, {1, 3, false});
        std::vector<pruned_tree> sequence(tree.count + 1);
        const std::uint32_t count =
            pruning_sequence(tree.nodes.data(), tree.count, sequence.data());
        std::vector<double> prices, errors(count, 0);
        for (std::uint32_t k = 0; k < count; ++k) prices.push_back(sequence[k].price);
        std::vector<std::uint32_t> fold_of;
        for (std::uint32_t row = 0; row < 30; ++row) fold_of.push_back(row % 3);
        const held_out rows = {&s.set, fold_of.data(), 1, tree.nodes.data()};
        std::vector<error_difference> differences(count);
        add_errors(rows, prices.data(), count, errors.data());
        add_differences(rows, prices.data(), count, count - 1, differences.data());
        for (std::uint32_t k = 0; k < count; ++k) {
            double error = 0, difference = 0, squares = 0;
            for (std::uint32_t row = 1; row < 30; row += 3) {
                const auto of = [&](double price) {
                    const tree_node& leaf =
                        tree.nodes[leaf_of(tree.nodes.data(), s.set, row, price)];
                    return std::pow(static_cast<double>(s.outcome[row]) - leaf.sums.mean(), 2);
                };
                const double d = of(prices[k]) - of(prices[count - 1]);
                error += of(prices[k]);
                difference += d;
                squares += d * d;
            }
            EXPECT_NEAR(errors[k], error, 1e-9 * (1 + error));
            EXPECT_NEAR(differences[k].sum, difference, 1e-9 * (1 + error));
            EXPECT_NEAR(differences[k].squares, squares, 1e-9 * (1 + squares));
        }
    }
}

}  // namespace
}  // namespace receivables
