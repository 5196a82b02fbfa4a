#include "core/proposal/split.hpp"

#include <algorithm>
#include <bit>

#include "core/proposal/threshold.hpp"

namespace receivables {

namespace {

double upper_value(const training_column& column, std::uint32_t code) noexcept {
    return column.values[code];
}

// By mean, exactly; equal ones by code.
template <class Category>
bool is_before(const Category& a, const Category& b) noexcept {
    const int128 left = int128{a.sums.sum} * b.sums.weight;
    const int128 right = int128{b.sums.sum} * a.sums.weight;
    return left != right ? left < right : a.code < b.code;
}

}  // namespace

tree_test split_search::test_of(test_kind kind) const noexcept {
    tree_test test;
    test.column = rows_.index;
    test.kind = kind;
    return test;
}

// D^2 / (n n_yes n_no)
double split_search::gain_of(const outcome_sums& yes) const noexcept {
    const int128 distance =
        int128{yes.sum} * node_.sums.weight - int128{node_.sums.sum} * yes.weight;
    const auto d = static_cast<double>(distance);
    return d * d / static_cast<double>(node_.sums.weight) / static_cast<double>(yes.weight) /
           static_cast<double>(node_.sums.weight - yes.weight);
}

bool split_search::is_admissible(const outcome_sums& yes, test_kind kind) const noexcept {
    const outcome_sums no = node_.sums - yes;
    if (yes.weight < limits_.least_weight || no.weight < limits_.least_weight) return false;
    if (!limits_.monotone) return true;
    for (const double mean : {yes.mean(), no.mean()})
        if (mean < node_.lower || mean > node_.upper) return false;
    const int lateness = rows_.column->lateness;
    if (lateness == 0 || kind == test_kind::known || kind == test_kind::member) return true;
    const bool yes_is_later = (lateness > 0) == (kind == test_kind::at_least);
    return yes_is_later ? yes.mean() >= no.mean() : yes.mean() <= no.mean();
}

inline void split_search::consider(const outcome_sums& yes, const tree_test& test) noexcept {
    if (yes.weight < limits_.least_weight || node_.sums.weight - yes.weight < limits_.least_weight)
        return;
    const double gain = gain_of(yes);
    if (!(gain > gain_) || !is_admissible(yes, test.kind)) return;
    gain_ = gain;
    best_ = test;
}

// Who has a value: all but the rows at the end.
void split_search::read_known() noexcept {
    outcome_sums nulls;
    known_count_ = rows_.count;
    while (known_count_ > 0 && code_at(known_count_ - 1) == no_code) add(--known_count_, &nulls);
    known_ = node_.sums - nulls;
}

void split_search::improve(double* gain, tree_test* best) noexcept {
    gain_ = *gain;
    best_ = *best;
    read_known();
    if (known_count_ < rows_.count && rows_.column->may_be_asked_for)
        consider(known_, test_of(test_kind::known));
    if (rows_.column->kind == column_kind::number) improve_by_number();
    if (rows_.column->kind == column_kind::category) improve_by_category();
    *gain = gain_;
    *best = best_;
}

void split_search::improve_by_number() noexcept {
    tree_test at_least = test_of(test_kind::at_least), below = test_of(test_kind::below);
    outcome_sums low;
    std::uint32_t before = known_count_ > 0 ? code_at(0) : 0;
    for (std::uint32_t i = 0; i < known_count_; ++i) {
        const std::uint32_t code = code_at(i);
        if (code != before) {
            at_least.code = below.code = code;
            const outcome_sums high = known_ - low;
            // Without NULLs both divide alike: those to come go with the larger side, whose mean is
            // nearer to that of all.
            const bool either = known_count_ < rows_.count, fewer = high.weight <= low.weight;
            if (either || fewer) consider(high, at_least);
            if (either || !fewer) consider(low, below);
            before = code;
        }
        add(i, &low);
    }
}

// Of all ways to divide the categories in two, the best is among those that divide them in the order
// of their means (Fisher 1958).
void split_search::improve_by_category() noexcept {
    category found[most_categories];
    std::uint32_t count = 0;
    for (std::uint32_t i = 0; i < known_count_; ++i) {
        if (count == 0 || found[count - 1].code != code_at(i)) found[count++] = {code_at(i), {}};
        add(i, &found[count - 1].sums);
    }
    std::sort(found, found + count, is_before<category>);
    tree_test low = test_of(test_kind::member), high = low;
    for (std::uint32_t i = 0; i < count; ++i) high.members |= std::uint64_t{1} << found[i].code;
    outcome_sums below;
    for (std::uint32_t i = 0; i < count; ++i) {
        const std::uint64_t bit = std::uint64_t{1} << found[i].code;
        low.members |= bit;
        high.members &= ~bit;
        below.weight += found[i].sums.weight;
        below.sum += found[i].sums.sum;
        // Without NULLs both divide alike: the one with fewer names.
        const bool either = known_count_ < rows_.count;
        const bool fewer = std::popcount(high.members) <= std::popcount(low.members);
        if (high.members != 0 && (either || fewer)) consider(known_ - below, high);
        if (either || !fewer) consider(below, low);
    }
}

bool split_search::settle(double gain, tree_test* best) const noexcept {
    if (best->kind != test_kind::at_least && best->kind != test_kind::below) return true;
    const training_column& column = *rows_.column;
    split_search self = *this;
    self.read_known();
    // The thresholds next to the best one that gain nearly as much: above..upto.
    double above = 0, upto = 0, wanted = 0;
    bool inside = false, found = false;
    outcome_sums low;
    std::uint32_t before = no_code;
    for (std::uint32_t i = 0; i < self.known_count_; add(i++, &low)) {
        const std::uint32_t code = code_at(i);
        if (before != no_code && code != before) {
            const outcome_sums yes = best->kind == test_kind::below ? low : self.known_ - low;
            const bool enough =
                is_admissible(yes, best->kind) && gain_of(yes) >= enough_of_the_gain * gain;
            if (!enough && found) break;
            if (enough && !inside) above = upper_value(column, before);
            if (enough) upto = upper_value(column, code);
            if (code == best->code) {
                found = true;
                wanted = upper_value(column, before) / 2 + upper_value(column, code) / 2;
            }
            inside = enough;
        }
        before = code;
    }
    if (!found || !readable_number(above, upto, wanted, column.exact, &best->threshold))
        return false;
    const double threshold = to_double(best->threshold.units, best->threshold.scale);
    const double* end = column.values + column.distinct;
    best->code =
        static_cast<std::uint32_t>(std::lower_bound(column.values, end, threshold) - column.values);
    return true;
}

}  // namespace receivables
