// Checks profiles that come from outside: as text, as binary, from another server.
#pragma once

#include "core/base/status.hpp"
#include "core/profile/encode.hpp"
#include "core/profile/view.hpp"

namespace receivables {

// All dates of an item lie within the limits of type date, and its amount within 38 digits.
bool check_item(const item& x, status* s) noexcept;

// The tables are in order, within their limits and agree with one another and with the totals.
bool check_tables(const table_set& set, status* s) noexcept;

// Rows of all tables of a canonical profile of tables, copied out so that they can be checked;
// `rows` has room for row_total(view) of them.
std::size_t row_total(const profile_view& view) noexcept;
table_set read_tables(const profile_view& view, table_row* rows) noexcept;

}  // namespace receivables
