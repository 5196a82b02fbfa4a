// How well a segmentation separates a figure: per segment the number of values and the exact sums
// of the values and of their squares, from which everything else follows.
#pragma once

#include <cstdint>

#include "core/base/json_reader.hpp"
#include "core/base/status.hpp"
#include "core/base/text_writer.hpp"
#include "core/checkup/exact_sum.hpp"
#include "core/checkup/label_json.hpp"
#include "core/checkup/label_table.hpp"

namespace receivables {

// Beyond it the square of a value, times the number of values, would leave the range of doubles.
inline constexpr double max_quality_value = 1e140;
inline constexpr std::uint32_t max_quality_segments = 1000;
// Values in one segment: counts up to here are exact as doubles.
inline constexpr std::int64_t most_quality_values = std::int64_t{1} << 53;

struct value_sums {
    std::int64_t count;
    exact_sum values, squares;

    // Of magnitude up to max_quality_value; closer to zero than its inverse counts as 0, so that
    // squares are exact.
    void add(double value) noexcept;
    void add(const value_sums& other) noexcept;
    // Whether there can be values with these sums.
    bool are_possible() const noexcept;
};

using quality_table = label_table<value_sums, 0x01005153, 1>;

// Mean and sum of squared distances from it, without the cancellation that sums far from zero are
// known for: both are computed from exact differences. count > 0.
struct value_spread {
    double mean, mean_rest;  // mean_rest is what the rounding of the mean lost
    double squares;
};
value_spread spread_of(const value_sums& sums) noexcept;

struct quality_figures {
    std::int64_t segment_count, value_count;
    double within, between;  // sums of squares
    std::uint32_t smallest;  // the segment with the fewest values, the first among equals
};
// All 0 for an empty table.
quality_figures figures_of(const quality_table& table) noexcept;

// {"segments": [{"segment": "prompt", "count": 2, "sum": [5], "squares": [13]}, ...]}. A sum is a
// list of numbers that add up to it exactly.
void write_quality_json(const quality_table& table, text_writer* out) noexcept;
// How many segments the text has, and how many bytes their labels take at most.
bool measure_quality_json(const json_document& document, std::uint32_t* segments,
                          std::size_t* label_bytes, status* s) noexcept;
// The table must have the room that was measured, and label_room that many bytes. Segments may come
// in any order.
bool read_quality_json(const json_document& document, quality_table* table, char* label_room,
                       status* s) noexcept;

}  // namespace receivables
