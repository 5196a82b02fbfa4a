// How many customers moved from which segment to which between two dates.
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/base/json_reader.hpp"
#include "core/base/status.hpp"
#include "core/base/text_writer.hpp"
#include "core/checkup/label_json.hpp"
#include "core/checkup/label_table.hpp"

namespace receivables {

// Ordered by the segment then and the segment now.
using migration_table = label_table<std::int64_t, 0x01004D53, 2>;

// A hundred segments on each side.
inline constexpr std::uint32_t max_migration_cells = 10000;

// Adds up counts; false when the number of customers no longer fits 64 bits.
bool add_customers(std::int64_t more, std::int64_t* customers) noexcept;

struct migration_totals {
    std::int64_t customers, moved;
};
migration_totals totals_of(const migration_table& table) noexcept;

// Customers in the segment that the record at first came from; end is the first record past it.
std::int64_t from_total(const migration_table& table, std::uint32_t first,
                        std::uint32_t* end) noexcept;

// The population stability index of the segments then and now. Room for count() numbers each.
double stability_of(const migration_table& table, double least_share, std::uint32_t* order,
                    std::int64_t* to_customers) noexcept;

// {"cells": [{"from": "prompt", "to": null, "customers": 3}, ...]}
void write_migration_json(const migration_table& table, text_writer* out) noexcept;
bool measure_migration_json(const json_document& document, std::uint32_t* cells,
                            std::size_t* label_bytes, status* s) noexcept;
// The table must have the room that was measured, and label_room that many bytes.
bool read_migration_json(const json_document& document, migration_table* table, char* label_room,
                         status* s) noexcept;

}  // namespace receivables
