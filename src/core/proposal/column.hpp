// The columns that a sample offers to a tree, and what each is called in the condition of a rule.
#pragma once

#include <cstdint>
#include <string_view>

#include "core/base/text_writer.hpp"
#include "core/proposal/sample.hpp"
#include "core/proposal/tree.hpp"

namespace receivables {

inline constexpr std::uint32_t most_attribute_columns = 200;

// A metric, or the values of one kind that an attribute has: a rule that compares an attribute with a
// number knows nothing of those who have a text there.
struct proposal_column {
    const metric* figure = nullptr;  // or an attribute:
    attribute_kind kind = attribute_kind::number;
    std::string_view path;
    std::uint32_t place = 0;                       // of a figure, in the sample
    const std::string_view* categories = nullptr;  // of texts; of booleans 0 is false, 1 true

    bool is_category() const noexcept {
        return figure == nullptr && kind != attribute_kind::number;
    }
};

// Of two columns, which comes first: metrics in the order of their list, then attributes by name.
int order_columns(const proposal_column& a, const proposal_column& b) noexcept;

// 1 when who pays all items later has more of the metric, -1 when less, 0 when it says nothing about
// lateness.
std::int8_t lateness_of(std::string_view metric_name) noexcept;

// What the tree needs to know of a column before it has seen a row.
training_column empty_column(const proposal_column& column) noexcept;

// The value of a column for a customer. False where it is NULL.
bool number_in(const policy_sample_view& sample, const sampled_customer& r,
               const proposal_column& column, double* out) noexcept;
bool text_in(const policy_sample_view& sample, const sampled_customer& r,
             const proposal_column& column, std::string_view* out) noexcept;

struct keyed_row {
    double key;
    std::uint32_t row;
};
// Sorts the rows that have a value by it, then by row, and counts the distinct ones.
std::uint32_t sort_rows(keyed_row* rows, std::uint32_t count) noexcept;
// Fills the code and the order of all rows, and the distinct values, from sorted rows.
void fill_column(const keyed_row* sorted, std::uint32_t known, std::uint32_t rows,
                 std::uint32_t* code, std::uint32_t* order, double* values) noexcept;

// The texts of a column, found one by one.
struct category_list {
    std::string_view texts[most_categories];
    std::uint32_t count = 0;
    bool is_full = false;  // there are more

    void add(std::string_view text) noexcept;
    void sort() noexcept;
    // The place of a text that is in the list.
    std::uint32_t find(std::string_view text) const noexcept;
};

// The condition of a rule that asks for the test: "median_days_late >= 12".
void write_test(const proposal_column& column, const tree_test& test, text_writer* out) noexcept;

}  // namespace receivables
