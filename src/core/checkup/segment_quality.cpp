#include "core/checkup/segment_quality.hpp"

#include <algorithm>
#include <cmath>

#include "core/checkup/double_double.hpp"

namespace receivables {

void value_sums::add(double value) noexcept {
    ++count;
    if (std::fabs(value) < 1 / max_quality_value) return;
    values.add(value);
    squares.add_product(value, value);
}

void value_sums::add(const value_sums& other) noexcept {
    count += other.count;
    values.add(other.values);
    squares.add(other.squares);
}

namespace {

// With S and Q the sums of the n values x and of their squares, for any m:
//
//     sum (x - m)^2  =  Q - 2 m S + n m^2
//
// computed without rounding.
exact_sum squares_around(double m, const value_sums& sums) noexcept {
    double pieces[max_sum_pieces];
    const std::size_t count = sums.values.split(pieces);
    exact_sum squares = sums.squares;
    for (std::size_t i = 0; i < count; ++i) squares.add_product(-2 * m, pieces[i]);
    const auto n = static_cast<double>(sums.count);
    const double_double square = two_product(m, m);
    squares.add_product(square.high, n);
    squares.add_product(square.low, n);
    return squares;
}

}  // namespace

bool value_sums::are_possible() const noexcept {
    const double mean = values.rounded() / static_cast<double>(count);
    return count > 0 && std::fabs(mean) <= max_quality_value &&
           !squares_around(mean, *this).is_negative();
}

// With m the mean as a double, the sum around the true mean is less than around m:
//
//     sum (x - S / n)^2  =  sum (x - m)^2 - R^2 / n,    R = S - n m, exact
value_spread spread_of(const value_sums& sums) noexcept {
    const auto n = static_cast<double>(sums.count);
    const double mean = sums.values.rounded() / n;
    exact_sum rest = sums.values;
    rest.add_product(-mean, n);
    const double mean_rest = rest.rounded() / n;
    const double squares = squares_around(mean, sums).rounded() - rest.rounded() * mean_rest;
    return {mean, mean_rest, std::max(0.0, squares)};
}

quality_figures figures_of(const quality_table& table) noexcept {
    quality_figures out = {};
    out.segment_count = table.count();
    if (table.count() == 0) return out;
    value_sums all = table.record(0);
    for (std::uint32_t i = 1; i < table.count(); ++i) {
        all.add(table.record(i));
        if (table.record(i).count < table.record(out.smallest).count) out.smallest = i;
    }
    out.value_count = all.count;
    const value_spread total = spread_of(all);
    for (std::uint32_t i = 0; i < table.count(); ++i) {
        const value_spread one = spread_of(table.record(i));
        const double distance = (one.mean - total.mean) + (one.mean_rest - total.mean_rest);
        out.within += one.squares;
        out.between += static_cast<double>(table.record(i).count) * distance * distance;
    }
    if (table.count() == 1) out.between = 0;
    return out;
}

}  // namespace receivables
