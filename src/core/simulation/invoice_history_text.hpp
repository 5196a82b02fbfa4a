// The text form of an invoice history: a JSON array of customers, each an array of items as a
// payment profile writes them.
//
//   [[{"due": "2026-01-31", "paid": "2026-02-03", "invoice": "2026-01-01", "amount": 12.50}, ...],
//    ...]
//
// A text may be a gigabyte long: it is read and written in steps.
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

// How many items the text has; what is not an array of arrays is an error.
bool count_history_items(const json_document& doc, std::uint32_t* count, status* s) noexcept;

class history_text_reader {
  public:
    // Of a text whose items have been counted; `out` has room for them.
    history_text_reader(const json_document& doc, history_items* out) noexcept;
    // Reads some items more; false when there are none left, or one is wrong.
    bool step() noexcept;
    const status& result() const noexcept { return result_; }

  private:
    const json_document& doc_;
    history_items* out_;
    json_value customer_, item_;
    status result_;
};

class history_text_writer {
  public:
    history_text_writer(const history_view& history, text_writer* out) noexcept
        : history_(history), out_(out) {}
    // Writes some items more; false when there are none left, or one is damaged.
    bool step() noexcept;
    const status& result() const noexcept { return result_; }

  private:
    const history_view& history_;
    text_writer* out_;
    std::uint32_t next_ = 0;
    status result_;
};

}  // namespace receivables
