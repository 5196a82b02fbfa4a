// The text form of an invoice history: a JSON array of customers, each an array of items as a
// payment profile writes them.
//
//   [[{"due": "2026-01-31", "paid": "2026-02-03", "invoice": "2026-01-01", "amount": 12.50}, ...],
//    ...]
#pragma once

#include "core/base/json_reader.hpp"
#include "core/base/text_writer.hpp"
#include "core/simulation/invoice_history.hpp"

namespace receivables {

// Items of a text that is being read; `begins_customer` belongs to the item of the same index.
struct history_items {
    item* items;
    bool* begins_customer;
    std::uint32_t count;
};

bool write_history_text(const history_view& history, text_writer* out, status* s) noexcept;

// How many items the text has; what is not an array of arrays is an error.
bool count_history_items(const json_document& doc, std::uint32_t* count, status* s) noexcept;
bool read_history_items(const json_document& doc, history_items* out, status* s) noexcept;

}  // namespace receivables
