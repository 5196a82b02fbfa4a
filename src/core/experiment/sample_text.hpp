// A sample as JSON text: [["as now", "C-17", 12, true, 1], ...], each item with its arm, customer,
// days, whether it was paid, and weight.
#pragma once

#include "core/base/json_reader.hpp"
#include "core/base/text_writer.hpp"
#include "core/experiment/sample.hpp"

namespace receivables {

// How many items the text has; false (and a status) when it is no list, or an empty one.
bool count_sample_items(const json_document& document, std::uint32_t* count, status* s) noexcept;
// One of them, whose names lie in the document.
bool read_sample_item(const json_document& document, json_value v, sample_item* out,
                      status* s) noexcept;
void write_sample_item(const sample_item& x, text_writer* out) noexcept;

}  // namespace receivables
