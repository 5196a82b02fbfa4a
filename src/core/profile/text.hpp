// The text form of a payment profile: JSON that says the same as the stored bytes, and round-trips.
//
//   {"format": 1, "items": [{"due": "2026-01-31", "paid": "2026-02-03", "invoice": "2026-01-01",
//    "amount": 12.50, "disputed": true}, ...]}                         up to most_listed_items
//   {"format": 1, "scale": 2, "totals": {...},
//    "days_late": [[days, items, amount, sum of due dates], ...], ...}                    more
//
// Input takes items in any number and order. An item is what the aggregate takes: the other keys
// are "open_amount" and "settled_by", and absent ones are unknown; no "paid" is an open item.
// "part": true marks the settled part of an item that is partly open.
#pragma once

#include "core/base/json_reader.hpp"
#include "core/base/text_writer.hpp"
#include "core/profile/view.hpp"
#include "core/profile/write.hpp"

namespace receivables {

void put_quoted_date(day_number day, text_writer* out) noexcept;

// One item as an object; its amount at `scale`.
void write_item_text(const item& x, int scale, text_writer* out) noexcept;
// The items of one object: 1 or 2 as make_items has them, 0 and a status when it is none.
int read_item_text(const json_document& doc, json_value v, item out[2], status* s) noexcept;

// Writes a profile, a number of table rows a step: false when nothing is left.
class profile_text_writer {
  public:
    // The view must outlive the writer.
    explicit profile_text_writer(const profile_view& view) noexcept : view_(view) {}
    bool step(text_writer* out) noexcept;

  private:
    bool step_of_tables(text_writer* out) noexcept;

    const profile_view& view_;
    int table_ = -1;  // before the tables stands what comes before them
    std::uint32_t row_ = 0;
};

// Checks the outside of the text and says which form it has, how many table rows there are, and
// where the list of items is.
struct profile_text {
    bool tabled;
    std::uint32_t rows;
    json_value items;
};
bool read_profile_form(const json_document& doc, profile_text* out, status* s) noexcept;

// Reads the tables of a text that has them, a number of rows a step.
class profile_text_tables {
  public:
    // `rows` has room for profile_text::rows.
    bool start(const json_document& doc, table_row* rows, status* s) noexcept;
    // Reads on; false when it fails or, with an unchanged status, when nothing is left.
    bool step(const json_document& doc, status* s) noexcept;
    const table_set& tables() const noexcept { return tables_; }

  private:
    bool start_list(const json_document& doc, status* s) noexcept;

    table_set tables_;
    table_row* rows_;
    int shape_;
    json_value list_, at_;
};

}  // namespace receivables
