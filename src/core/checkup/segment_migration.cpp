#include "core/checkup/segment_migration.hpp"

#include <algorithm>
#include <limits>

#include "core/checkup/stability_index.hpp"

namespace receivables {

namespace {

constexpr std::string_view migration_keys[] = {"cells"};
constexpr std::string_view cell_keys[] = {"from", "to", "customers"};

// A label with its mark and end, as bytes that order and compare.
std::string_view label_bytes(const migration_table& table, std::uint32_t index, int part) noexcept {
    std::string_view bytes = table.label(index);
    const std::size_t first = bytes.find(label_end) + 1;
    if (part == 0) return {bytes.data(), first};
    bytes.remove_prefix(first);
    return bytes;
}

bool read_cell(const json_document& document, json_value v, migration_table* table,
               char* label_room, std::int64_t* customers, status* s) noexcept {
    json_value from, to, count;
    segment_label then, now;
    std::int64_t number;
    if (!document.expect_object(v, cell_keys, std::size(cell_keys), s) ||
        !document.require(v, "from", &from, s) || !document.require(v, "to", &to, s) ||
        !document.require(v, "customers", &count, s) ||
        !read_label_json(document, from, &then, s) || !read_label_json(document, to, &now, s) ||
        !document.read_integer(count, 1, std::numeric_limits<std::int64_t>::max(), &number, s))
        return false;
    if (!add_customers(number, customers))
        return document.fail(v, error_code::numeric_out_of_range, s,
                             "number of customers is out of range");
    const char* const end = put_label(now, put_label(then, label_room));
    const std::string_view key(label_room, static_cast<std::size_t>(end - label_room));
    std::uint32_t index;
    if (table->find(key, &index))
        return document.fail(v, error_code::invalid_text, s, "cell is there twice");
    table->insert(index, key) = number;
    return true;
}

}  // namespace

bool add_customers(std::int64_t more, std::int64_t* customers) noexcept {
    return !__builtin_add_overflow(*customers, more, customers);
}

migration_totals totals_of(const migration_table& table) noexcept {
    migration_totals out = {};
    for (std::uint32_t i = 0; i < table.count(); ++i) {
        out.customers += table.record(i);
        if (label_bytes(table, i, 0) != label_bytes(table, i, 1)) out.moved += table.record(i);
    }
    return out;
}

std::int64_t from_total(const migration_table& table, std::uint32_t first,
                        std::uint32_t* end) noexcept {
    std::int64_t customers = 0;
    std::uint32_t i = first;
    for (; i < table.count() && label_bytes(table, i, 0) == label_bytes(table, first, 0); ++i)
        customers += table.record(i);
    *end = i;
    return customers;
}

// Both sides in the order of their labels, merged.
double stability_of(const migration_table& table, double least_share, std::uint32_t* order,
                    std::int64_t* to_customers) noexcept {
    const std::uint32_t cells = table.count();
    for (std::uint32_t i = 0; i < cells; ++i) order[i] = i;
    std::sort(order, order + cells, [&](std::uint32_t a, std::uint32_t b) {
        const auto names = label_bytes(table, a, 1) <=> label_bytes(table, b, 1);
        return names != 0 ? names < 0 : a < b;
    });
    // One entry for each segment now: its first cell, and all its customers.
    std::uint32_t now_count = 0;
    for (std::uint32_t i = 0; i < cells; ++i) {
        const std::uint32_t cell = order[i];
        if (now_count > 0 &&
            label_bytes(table, order[now_count - 1], 1) == label_bytes(table, cell, 1)) {
            to_customers[now_count - 1] += table.record(cell);
        } else {
            order[now_count] = cell;
            to_customers[now_count++] = table.record(cell);
        }
    }
    const auto total = static_cast<double>(totals_of(table).customers);
    stability_index index(least_share);
    for (std::uint32_t then = 0, now = 0; then < cells || now < now_count;) {
        const auto side = then == cells ? std::strong_ordering::greater
                          : now == now_count
                              ? std::strong_ordering::less
                              : label_bytes(table, then, 0) <=> label_bytes(table, order[now], 1);
        std::int64_t expected = 0, actual = 0;
        if (side <= 0) expected = from_total(table, then, &then);
        if (side >= 0) actual = to_customers[now++];
        index.add(static_cast<double>(expected) / total, static_cast<double>(actual) / total);
    }
    return index.value();
}

void write_migration_json(const migration_table& table, text_writer* out) noexcept {
    out->put("{\"cells\": [");
    for (std::uint32_t i = 0; i < table.count(); ++i) {
        out->put(i > 0 ? ", {\"from\": " : "{\"from\": ");
        put_label_json(table.label_part(i, 0), out);
        out->put(", \"to\": ");
        put_label_json(table.label_part(i, 1), out);
        out->put(", \"customers\": ");
        out->put_integer(table.record(i));
        out->put('}');
    }
    out->put("]}");
}

bool measure_migration_json(const json_document& document, std::uint32_t* cells,
                            std::size_t* label_bytes, status* s) noexcept {
    constexpr std::string_view names[] = {"from", "to"};
    return document.expect_object(document.root(), migration_keys, std::size(migration_keys), s) &&
           measure_labels_json(document, "cells", names, std::size(names), max_migration_cells,
                               cells, label_bytes, s);
}

bool read_migration_json(const json_document& document, migration_table* table, char* label_room,
                         status* s) noexcept {
    json_value list;
    if (!document.require(document.root(), "cells", &list, s)) return false;
    std::int64_t customers = 0;
    for (json_value e = document.first(list); e != document.past(list); e = document.next(e))
        if (!read_cell(document, e, table, label_room, &customers, s)) return false;
    return true;
}

}  // namespace receivables
