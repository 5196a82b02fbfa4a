// The doors: checks of profiles that come from outside, as text, as binary, from another server, or
// as a working value that was not made by the call that reads it. What has passed is trusted.
#pragma once

#include "core/base/status.hpp"
#include "core/profile/state.hpp"
#include "core/profile/view.hpp"
#include "core/profile/write.hpp"

namespace receivables {

// All dates of an item lie within the limits of type date, its amount within 38 digits, and its
// class allows what it says.
bool check_item(const item& x, status* s) noexcept;

// No more settled parts than items that they can be parts of.
bool check_parts(const profile_totals& totals, status* s) noexcept;

// The items of a profile that lists them, one by one and together.
bool check_items(const profile_view& view, status* s) noexcept;

// The tables are in order, within their limits and agree with one another and with the totals.
bool check_tables(const table_set& set, status* s) noexcept;

// Every item of a working profile; its folded part is a profile of its own.
bool check_places(const item_places& places, status* s) noexcept;

// Rows of all tables of a profile of tables, copied out so that they can be checked; `rows` has
// room for row_total(view) of them.
std::size_t row_total(const profile_view& view) noexcept;
table_set read_tables(const profile_view& view, table_row* rows) noexcept;

}  // namespace receivables
