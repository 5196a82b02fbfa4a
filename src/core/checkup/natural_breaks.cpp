#include "core/checkup/natural_breaks.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <type_traits>
#include <utility>

namespace receivables {

static_assert(std::is_trivially_copyable_v<break_search>);

namespace {

constexpr std::size_t summed_in_a_step = 65536;
constexpr std::size_t compared_in_a_step = 262144;

}  // namespace

std::size_t count_distinct(const double* values, std::size_t count) noexcept {
    std::size_t distinct = count > 0;
    for (std::size_t i = 1; i < count; ++i) distinct += values[i] != values[i - 1];
    return distinct;
}

void keep_distinct(double* values, std::size_t count, double* before) noexcept {
    std::size_t distinct = 0;
    for (std::size_t i = 0; i < count; ++i) {
        if (i > 0 && values[i] == values[distinct - 1]) continue;
        before[distinct] = static_cast<double>(i);
        values[distinct++] = values[i];
    }
    before[distinct] = static_cast<double>(count);
}

void break_search::start(const double* values, std::size_t distinct, int groups, double* numbers,
                         std::uint32_t* cuts) noexcept {
    values_ = values;
    distinct_ = distinct;
    groups_ = groups;
    int exponent = 0;
    const double largest = std::max(std::fabs(values[0]), std::fabs(values[distinct - 1]));
    if (largest > 0) (void)std::frexp(largest, &exponent);
    exponent = std::clamp(exponent, -1000, 1000);
    scale_ = std::ldexp(1.0, -exponent);
    unscale_ = std::ldexp(1.0, exponent);
    double** const arrays[] = {&before_,     &sum_high_, &sum_low_, &square_high_,
                               &square_low_, &best_,     &next_};
    for (double** array : arrays) {
        *array = numbers;
        numbers += distinct + 1;
    }
    cuts_ = cuts;
    middle_ = forward_ = backward_ = distinct / 2;
    sum_high_[middle_] = sum_low_[middle_] = square_high_[middle_] = square_low_[middle_] = 0;
    layer_ = 0;
    pending_count_ = 0;
}

// The running sums at one place from those at its neighbour.
void break_search::add_term(std::size_t from, std::size_t to, bool add) noexcept {
    const std::size_t value = std::min(from, to);
    const double weight = before_[value + 1] - before_[value];
    const double_double distance = two_sum(values_[value] * scale_, -values_[middle_] * scale_);
    double_double term = distance * weight;
    double_double square = term * distance;
    if (!add) {
        term = -term;
        square = -square;
    }
    const double_double sum = double_double{sum_high_[from], sum_low_[from]} + term;
    const double_double squares = double_double{square_high_[from], square_low_[from]} + square;
    sum_high_[to] = sum.high;
    sum_low_[to] = sum.low;
    square_high_[to] = squares.high;
    square_low_[to] = squares.low;
}

bool break_search::sum_some() noexcept {
    std::size_t left = summed_in_a_step;
    for (; forward_ < distinct_ && left > 0; --left, ++forward_)
        add_term(forward_, forward_ + 1, true);
    for (; backward_ > 0 && left > 0; --left, --backward_)
        add_term(backward_, backward_ - 1, false);
    return forward_ < distinct_ || backward_ > 0;
}

// With S and Q the sums of the distances and of their squares, n the number of values, and m the
// mean S / n as a double:
//
//     Q - S^2 / n  =  Q - m (S + R) - R^2 / n,    R = S - n m
//
// R is what the rounding of m lost. It is exact, and so the right side keeps digits that the
// difference on the left would cancel.
double break_search::cost(std::size_t i, std::size_t j) const noexcept {
    if (j - i == 1) return 0;
    const double n = before_[j] - before_[i];
    const double_double sum =
        double_double{sum_high_[j], sum_low_[j]} - double_double{sum_high_[i], sum_low_[i]};
    const double_double squares = double_double{square_high_[j], square_low_[j]} -
                                  double_double{square_high_[i], square_low_[i]};
    const double mean = sum.high / n;
    const double_double rest = sum - two_product(mean, n);
    const double_double around = squares - (sum + rest) * mean;
    return std::max(0.0, around.high + (around.low - rest.high * rest.high / n));
}

// The same from the upper halves of the sums, and how far it may be off.
[[gnu::always_inline]] inline double break_search::rough_cost(std::size_t i, std::size_t j,
                                                              double* error) const noexcept {
    const double sum = sum_high_[j] - sum_high_[i];
    const double mean = sum / (before_[j] - before_[i]);
    const double sums = std::fabs(sum_high_[j]) + std::fabs(sum_high_[i]);
    const double squares = std::fabs(square_high_[j]) + std::fabs(square_high_[i]);
    *error = 16 * std::numeric_limits<double>::epsilon() * (squares + std::fabs(mean) * sums);
    return square_high_[j] - square_high_[i] - sum * mean;
}

// The best last cut for the first j values, from low to high; among equal ones the first.
std::uint32_t break_search::best_cut(std::uint32_t j, std::uint32_t low, std::uint32_t high,
                                     double* sum, std::size_t* compared) const noexcept {
    double least = std::numeric_limits<double>::infinity();
    std::uint32_t cut = low, i = low;
    for (; i <= high && best_[i] <= least; ++i) {
        double error;
        const double rough = rough_cost(i, j, &error);
        if (best_[i] + (rough - error) > least) continue;
        const double exact = best_[i] + cost(i, j);
        if (exact < least) {
            least = exact;
            cut = i;
        }
    }
    *sum = least;
    *compared += i - low + 1;
    return cut;
}

// Solves the middle of a range and puts its halves on the stack.
void break_search::solve(range r, std::size_t* compared) noexcept {
    const std::uint32_t j = r.first + (r.last - r.first) / 2;
    const std::uint32_t cut = best_cut(j, r.low, std::min(r.high, j - 1), &next_[j], compared);
    cuts_of(layer_)[j] = cut;
    if (j < r.last) pending_[pending_count_++] = {j + 1, r.last, cut, r.high};
    if (j > r.first) pending_[pending_count_++] = {r.first, j - 1, r.low, cut};
}

// Layer g is best(g, j) for every j that leaves a value for each of the other groups.
void break_search::start_layer() noexcept {
    const auto last =
        static_cast<std::uint32_t>(distinct_) - static_cast<std::uint32_t>(groups_ - layer_);
    const auto first = static_cast<std::uint32_t>(layer_);
    pending_[0] = {first, last, first - 1, last - 1};
    pending_count_ = 1;
}

bool break_search::step() noexcept {
    if (layer_ == 0) {
        if (sum_some()) return true;
        for (std::size_t j = 1; groups_ > 1 && j <= distinct_; ++j) best_[j] = cost(0, j);
        layer_ = 1;
        return true;
    }
    if (pending_count_ == 0) {
        if (layer_ > 1) std::swap(best_, next_);
        if (layer_ >= groups_ - 1) {
            find_bounds();
            return false;
        }
        ++layer_;
        start_layer();
        return true;
    }
    for (std::size_t compared = 0; pending_count_ > 0 && compared < compared_in_a_step;)
        solve(pending_[--pending_count_], &compared);
    return true;
}

// From the last group to the first: each cut says where the groups before it end.
void break_search::find_bounds() noexcept {
    auto end = static_cast<std::uint32_t>(distinct_);
    bounds_[0] = 0;
    bounds_[groups_] = end;
    for (int g = groups_; g > 1; --g) {
        double sum;
        std::size_t compared = 0;
        end = g < groups_
                  ? cuts_of(g)[end]
                  : best_cut(end, static_cast<std::uint32_t>(g - 1), end - 1, &sum, &compared);
        bounds_[g - 1] = end;
    }
}

natural_group break_search::group_of(std::size_t first, std::size_t end) const noexcept {
    const double count = before_[end] - before_[first];
    const double_double sum = double_double{sum_high_[end], sum_low_[end]} -
                              double_double{sum_high_[first], sum_low_[first]};
    const double distance = sum.high / count;
    const double_double rest = sum - two_product(distance, count);
    const double_double mean = two_sum(values_[middle_] * scale_, distance);
    const double rounded = mean.high + (mean.low + rest.high / count);
    return {values_[first], values_[end - 1], count,
            std::clamp(rounded * unscale_, values_[first], values_[end - 1]), cost(first, end)};
}

natural_group break_search::group(int index) const noexcept {
    return group_of(bounds_[index], bounds_[index + 1]);
}

// Whether the sums over all values have too few digits for the group's own.
bool break_search::is_narrow(const natural_group& g) const noexcept {
    const double range = values_[distinct_ - 1] * scale_ - values_[0] * scale_;
    return g.highest * scale_ - g.lowest * scale_ < std::ldexp(range, -40);
}

double break_search::stddev(const natural_group& g) const noexcept {
    const double width = g.highest - g.lowest;
    if (is_narrow(g) && width > 0) {
        const auto first = static_cast<std::size_t>(
            std::lower_bound(values_, values_ + distinct_, g.lowest) - values_);
        double sum = 0, squares = 0;
        for (std::size_t i = first; i < distinct_ && values_[i] <= g.highest; ++i)
            sum += (before_[i + 1] - before_[i]) * ((values_[i] - g.lowest) / width);
        for (std::size_t i = first; i < distinct_ && values_[i] <= g.highest; ++i) {
            const double distance = (values_[i] - g.lowest) / width - sum / g.count;
            squares += (before_[i + 1] - before_[i]) * distance * distance;
        }
        return std::sqrt(squares / (g.count - 1)) * width;
    }
    return std::sqrt(g.squares / (g.count - 1)) * unscale_;
}

}  // namespace receivables
