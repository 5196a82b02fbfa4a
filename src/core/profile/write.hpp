// Writes the stored form.
#pragma once

#include "core/profile/stored.hpp"

namespace receivables {

// The rows of all tables of a profile, before they are stored: each table sorted by key, one row a
// key (but a row an item in `recent`, latest first).
struct table_set {
    int scale = 0;
    profile_totals totals;
    const table_row* rows[profile_tables] = {};
    std::uint32_t row_count[profile_tables] = {};
};

// The size of a profile of these items, which stand in canonical order and have one scale.
std::size_t listed_size(const item* items, std::uint32_t count) noexcept;
// Writes it; `out` has room for listed_size bytes. Returns the size.
std::size_t write_listed(const item* items, std::uint32_t count, int scale,
                         unsigned char* out) noexcept;

std::size_t tabled_size(const table_set& set) noexcept;
std::size_t write_tabled(const table_set& set, unsigned char* out) noexcept;

}  // namespace receivables
