// The text form of a payment profile: JSON that says the same as the stored bytes, and round-trips.
//
//   {"format": 1, "items": [{"due": "2026-01-31", "paid": "2026-02-03", "invoice": "2026-01-01",
//    "amount": 12.50, "disputed": true}, ...]}                         up to max_listed_items items
//   {"format": 1, "scale": 2, "days_late": [[days, items, amount, sum of due dates], ...], ...}
//   more
//
// Input takes items in any number and order, and absent keys as unknown: no "paid" is an open item.
#pragma once

#include "core/base/json_reader.hpp"
#include "core/base/text_writer.hpp"
#include "core/profile/encode.hpp"
#include "core/profile/view.hpp"

namespace receivables {

// One item as an object; its amount at `scale`.
void write_item_text(const item& x, int scale, text_writer* out) noexcept;
bool read_item_text(const json_document& doc, json_value v, item* out, status* s) noexcept;

void write_profile_text(const profile_view& view, text_writer* out) noexcept;

// Checks the outside of the text and says which form it has, and how many items or table rows.
bool read_profile_form(const json_document& doc, bool* tabled, std::uint32_t* count,
                       status* s) noexcept;
bool read_profile_items(const json_document& doc, item* out, status* s) noexcept;
bool read_profile_tables(const json_document& doc, table_row* rows, table_set* out,
                         status* s) noexcept;

}  // namespace receivables
