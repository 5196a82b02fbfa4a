// Natural breaks against every way there is to cut the values.
#include "core/checkup/natural_breaks.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <boost/multiprecision/cpp_int.hpp>
#include <cmath>
#include <limits>
#include <random>
#include <vector>

namespace receivables {
namespace {

using rational = boost::multiprecision::cpp_rational;

struct grouping {
    std::vector<natural_group> groups;
    natural_group all;
};

grouping search(std::vector<double> values, int groups) {
    std::sort(values.begin(), values.end());
    double* sorted = values.data();
    const std::size_t distinct = count_distinct(sorted, values.size());
    groups = std::min(groups, static_cast<int>(distinct));
    std::vector<double> numbers(break_search::numbers_needed(distinct));
    std::vector<std::uint32_t> cuts(break_search::cuts_needed(distinct, groups));
    keep_distinct(sorted, values.size(), numbers.data());
    break_search found;
    found.start(sorted, distinct, groups, numbers.data(), cuts.data());
    while (found.step()) continue;
    grouping out;
    for (int g = 0; g < groups; ++g) out.groups.push_back(found.group(g));
    out.all = found.all();
    return out;
}

// Exactly: the sum of squares around their mean of the values first..end-1.
rational squares_of(const std::vector<double>& values, std::size_t first, std::size_t end) {
    rational sum = 0, squares = 0;
    for (std::size_t i = first; i < end; ++i) {
        sum += rational(values[i]);
        squares += rational(values[i]) * rational(values[i]);
    }
    return squares - sum * sum / static_cast<int>(end - first);
}

// The least sum over all ways to cut the sorted values from `first` on into so many groups, equal
// values staying together, and one way to get it, with the lowest cuts.
rational least_of(const std::vector<double>& values, std::size_t first, int groups,
                  std::vector<double>* breaks, bool* only) {
    breaks->clear();
    if (groups == 1) return squares_of(values, first, values.size());
    rational least = -1;
    for (std::size_t end = first + 1; end < values.size(); ++end) {
        if (values[end] == values[end - 1]) continue;
        std::vector<double> rest(values.begin() + static_cast<std::ptrdiff_t>(end), values.end());
        rest.erase(std::unique(rest.begin(), rest.end()), rest.end());
        if (static_cast<int>(rest.size()) < groups - 1) break;
        std::vector<double> others;
        bool others_only = true;
        const rational sum = squares_of(values, first, end) +
                             least_of(values, end, groups - 1, &others, &others_only);
        if (least >= 0 && sum == least) *only = false;
        if (least >= 0 && sum >= least) continue;
        least = sum;
        *only = others_only;
        *breaks = others;
        breaks->insert(breaks->begin(), values[end]);
    }
    return least;
}

// What the groups found really cost, exactly.
rational cost_of(const std::vector<double>& sorted, const grouping& found) {
    rational cost = 0;
    std::size_t first = 0;
    for (const natural_group& g : found.groups) {
        const auto end = first + static_cast<std::size_t>(g.count);
        EXPECT_EQ(sorted[first], g.lowest);
        EXPECT_EQ(sorted[end - 1], g.highest);
        if (end < sorted.size()) {
            EXPECT_LT(sorted[end - 1], sorted[end]);
        }
        cost += squares_of(sorted, first, end);
        first = end;
    }
    EXPECT_EQ(first, sorted.size());
    return cost;
}

double shift_of(int round) {
    constexpr double shifts[] = {0, 1e9, -1e9, 1e15, 0.1, -123456.789};
    return shifts[round % std::size(shifts)];
}

void compare_with_brute_force(std::vector<double> values, int groups, int* ties) {
    const grouping found = search(values, groups);
    std::sort(values.begin(), values.end());
    std::vector<double> distinct = values;
    distinct.erase(std::unique(distinct.begin(), distinct.end()), distinct.end());
    ASSERT_EQ(found.groups.size(), std::min<std::size_t>(groups, distinct.size()));
    std::vector<double> breaks;
    bool only = true;
    const rational least =
        least_of(values, 0, static_cast<int>(found.groups.size()), &breaks, &only);
    const rational cost = cost_of(values, found);
    ASSERT_LE(cost, least + least / 1000000000000);
    *ties += !only;
    // Where two ways are equally good but for the last digits, either is right.
    if (only && cost == least) {
        for (std::size_t g = 1; g < found.groups.size(); ++g)
            ASSERT_EQ(found.groups[g].lowest, breaks[g - 1]);
    }
    double before = 0;
    for (const natural_group& g : found.groups) {
        const auto first = static_cast<std::size_t>(before);
        const auto end = static_cast<std::size_t>(before + g.count);
        rational sum = 0;
        for (std::size_t i = first; i < end; ++i) sum += rational(values[i]);
        const double mean = static_cast<double>(rational(sum / static_cast<int>(end - first)));
        ASSERT_NEAR(g.mean, mean, 1e-15 * std::fabs(mean) + 1e-30);
        before += g.count;
    }
}

TEST(NaturalBreaks, AreTheBestOfAllWays) {
    std::mt19937_64 random(21);
    int ties = 0;
    for (int round = 0; round < 6000; ++round) {
        std::vector<double> values(1 + round % 10);
        const int kind = round / 6 % 4;
        for (double& x : values) {
            const double u = std::uniform_real_distribution<double>(-1, 1)(random);
            x = kind == 0   ? std::round(u * 4)
                : kind == 1 ? u
                : kind == 2 ? std::exp(12 * u)
                            : std::round(u * 100) / 100;
            x += shift_of(round);
        }
        ASSERT_NO_FATAL_FAILURE(
            compare_with_brute_force(values, 1 + static_cast<int>(random() % 6), &ties))
            << "round " << round;
    }
    EXPECT_GT(ties, 100);
}

TEST(NaturalBreaks, OfWeightedValuesFarFromEachOther) {
    std::mt19937_64 random(22);
    int ties = 0;
    for (int round = 0; round < 1500; ++round) {
        std::vector<double> values;
        for (int i = 0; i < 5; ++i) {
            const double x = std::uniform_real_distribution<double>(-1, 1)(random);
            values.insert(values.end(), 1 + random() % 4, x + shift_of(round));
        }
        // Values that leave the others a billionth of the range.
        values.push_back(-1e9);
        if (round % 2) values.push_back(1e12);
        ASSERT_NO_FATAL_FAILURE(
            compare_with_brute_force(values, 2 + static_cast<int>(random() % 5), &ties))
            << "round " << round;
    }
}

// Cuts of larger sets: against the same recursion without its shortcut, in 128-bit numbers.
TEST(NaturalBreaks, OfManyValues) {
    using wide = __float128;
    std::mt19937_64 random(23);
    for (int round = 0; round < 24; ++round) {
        std::vector<double> values(100 + random() % 150);
        for (double& x : values) {
            const double u = std::uniform_real_distribution<double>(0, 1)(random);
            x = round % 4 == 0   ? std::floor(u * 60)
                : round % 4 == 1 ? -std::log(u)
                : round % 4 == 2 ? u * u * u
                                 : u;
            // Two crowds, far from each other: the middle is far from one of them.
            if (round % 4 == 3 && random() % 2) x += 1e9;
            x += shift_of(round);
        }
        const int groups = 2 + round % 9;
        const grouping found = search(values, groups);
        std::sort(values.begin(), values.end());
        const std::size_t n = values.size();
        std::vector<wide> sum(n + 1), squares(n + 1), best(n + 1), next(n + 1);
        for (std::size_t i = 0; i < n; ++i) {
            const wide x = wide(values[i]) - wide(values[n / 2]);
            sum[i + 1] = sum[i] + x;
            squares[i + 1] = squares[i] + x * x;
        }
        const auto cost = [&](std::size_t i, std::size_t j) {
            const wide s = sum[j] - sum[i];
            return squares[j] - squares[i] - s * s / wide(j - i);
        };
        for (std::size_t j = 1; j <= n; ++j) best[j] = cost(0, j);
        for (int g = 2; g <= groups; ++g) {
            for (std::size_t j = 1; j <= n; ++j) {
                next[j] = best[j];
                for (std::size_t i = 1; i < j; ++i)
                    next[j] = std::min(next[j], best[i] + cost(i, j));
            }
            std::swap(best, next);
        }
        wide reached = 0;
        std::size_t first = 0;
        for (const natural_group& g : found.groups) {
            const auto end = first + static_cast<std::size_t>(g.count);
            reached += cost(first, end);
            first = end;
        }
        ASSERT_LE(static_cast<double>((reached - best[n]) / best[n]), 1e-13) << "round " << round;
    }
}

TEST(NaturalBreaks, LowestOfEquallyGoodCuts) {
    EXPECT_EQ(search({1, 2, 3}, 2).groups[1].lowest, 2);
    const grouping four = search({1, 2, 3, 4, 5}, 3);
    EXPECT_EQ(four.groups[1].lowest, 2);
    EXPECT_EQ(four.groups[2].lowest, 4);
}

TEST(NaturalBreaks, FewerValuesThanGroups) {
    const grouping found = search({7, 5, 7, 5, 5}, 4);
    ASSERT_EQ(found.groups.size(), 2u);
    EXPECT_EQ(found.groups[0].count, 3);
    EXPECT_EQ(found.groups[1].lowest, 7);
    EXPECT_EQ(found.groups[0].squares, 0);
    EXPECT_EQ(search({3, 3, 3}, 2).all.squares, 0);
}

TEST(NaturalBreaks, OfTheLargestAndTheSmallestDoubles) {
    const double largest = std::numeric_limits<double>::max();
    const grouping wide = search({-largest, largest, 0.9 * largest, 2, 1}, 3);
    EXPECT_EQ(wide.groups[1].lowest, 1);
    EXPECT_EQ(wide.groups[2].lowest, 0.9 * largest);
    const double least = std::numeric_limits<double>::denorm_min();
    EXPECT_EQ(search({0, least, 100 * least}, 2).groups[1].lowest, 100 * least);
}

}  // namespace
}  // namespace receivables
