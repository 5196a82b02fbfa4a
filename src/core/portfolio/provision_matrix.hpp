// A provision matrix: what became of past items, by how many days late they were paid.
//
//   paid(b)    paid while in bucket b (days late, the buckets of an aging)
//   credited(b)  taken back by a credit note while in bucket b: dilution, neither paid nor lost
//   lost       never paid
//
//   open(b) = lost + sum of paid(j) over the buckets j from b on     what was still open as b began
//   loss rate of b = lost / open(b)          roll rate from b to the next = open(b + 1) / open(b)
//
// It has the cells of an aging of day 0: paid stands in its column of receivables, credited in that of
// disputed amounts, and what was never paid in its bucket without due date.
#pragma once

#include "core/portfolio/aging.hpp"

namespace receivables {

inline constexpr day_number provision_day = 0;

inline aging_cell paid_cell(const aging& matrix, int bucket) noexcept {
    return matrix.cell(bucket, aging_column::receivable);
}
inline aging_cell credited_cell(const aging& matrix, int bucket) noexcept {
    return matrix.cell(bucket, aging_column::disputed);
}
// Whether an aging can be one.
bool is_provision_matrix(const aging& value) noexcept;
void write_provision_label(const aging_bounds& bounds, int bucket, text_writer* out) noexcept;

// {"bounds": [30], "buckets": [{"bucket": "not due", "paid_items": 1, "paid_amount": 5.00,
//   "credited_items": 0, "credited_amount": 0.00}, ..., {"bucket": "never paid", ...}]}
// In the last bucket the paid are those that never were.
void write_provision_json(const aging& matrix, text_writer* out) noexcept;
bool read_provision_bounds(const json_document& document, aging_bounds* bounds, status* s) noexcept;
bool read_provision_cells(const json_document& document, const aging_bounds& bounds, aging* out,
                          status* s) noexcept;

}  // namespace receivables
