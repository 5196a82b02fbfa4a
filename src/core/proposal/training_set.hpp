// What a tree is grown on: customers as rows, what is known of them as columns, and the outcome.
//
// The outcome is a whole number: the distance from the mean of all, in units so small that nothing
// is lost that matters (fixed_outcome.hpp). So sums are exact, whatever their order, and two columns
// that divide the customers in the same way gain the same to the last bit.
#pragma once

#include <cstddef>
#include <cstdint>

namespace receivables {

inline constexpr std::uint32_t no_code = ~std::uint32_t{0};
// A category is a bit of a set.
inline constexpr std::uint32_t most_categories = 50;

enum class column_kind : std::uint8_t {
    number,
    presence,  // all that matters is whether there is a value
    category
};

struct training_column {
    column_kind kind = column_kind::number;
    // 1: a later payer has more of it, -1: less; 0: it says nothing about lateness.
    std::int8_t lateness = 0;
    bool exact = false;            // rules compare it exactly, not as a double
    bool may_be_asked_for = true;  // a rule may ask whether there is a value
    std::uint32_t distinct = 0;
    const double* values = nullptr;        // of a number: the distinct ones, ascending
    const std::uint32_t* code = nullptr;   // of each row: the place of its value; no_code is NULL
    const std::uint32_t* order = nullptr;  // the rows by code, NULL last
};

struct training_set {
    std::uint32_t rows = 0;
    const std::int64_t* outcome = nullptr;
    const training_column* columns = nullptr;
    std::uint32_t column_count = 0;
};

}  // namespace receivables
