// The stored form of a payment profile. It is canonical: its bytes follow from the set of items
// alone. All numbers are little-endian. There are two layouts, chosen by the number of items and
// parts of items; `state.hpp` describes the working form, which shares the first byte.
//
//   byte 0   format version in the upper four bits, layout in the lower ones
//
//   items    up to most_listed_items of them, in canonical order
//        1   flags: bit 0 some paid dates are not known, 1 some terms, 2 some amounts; others 0
//        2   display scale of all amounts (16 bits)
//        4   number of items of each class (16 times 8 bits)
//       20   bytes a row of the columns: due dates, days late, terms, amounts (4 times 8 bits)
//       24   least due date, 28 least days late, 32 least terms (32 bits each)
//       36   the columns (column.hpp), each beside the next: due dates of all items; days late of
//            the classes that can have a paid date; terms of all; magnitudes of the amounts of all
//
//   tables   more
//        1   flags: 0
//        2   display scale (16 bits)
//        4   variable-length numbers: for each class how many items and, of known amounts, their
//            sum; the number of known amounts; of days to pay and of terms the number and the sum;
//            the dates of profile_totals as far as there are items that have them
//            then six tables: number of rows; width (8 bits) and base of four columns: key, items,
//            amount, sum; the columns
//
//   table              of                      key                items   amount      sum
//   days_late          timed                   days late          yes     yes         of due dates
//   disputed_days_late disputed_paid           days late          yes     yes         of due dates
//   due_dates          all but on account      due date           timed   invoiced    0
//   payment_dates      timed                   paid date          yes     0           0
//   unpaid             unpaid_invoices         4 * due date + i   yes     yes         0
//   recent             the latest timed ones   due date           1       0           days late
//
// Invoiced is what was billed less credit notes; a due date at which it is 0 and no timed item fell
// due has no row. In unpaid, i is the place among open, disputed_open, written_off and
// disputed_written_off. All tables have a row a key, ascending, but for recent: a row an item, the
// latest due date first, among equal ones the later payer first.
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/base/status.hpp"
#include "core/profile/column.hpp"
#include "core/profile/item.hpp"
#include "core/profile/totals.hpp"

namespace receivables {

// Far more items than fit on any disk, few enough that no sum of them can overflow.
inline constexpr int128 most_items = int128{1} << 50;

enum class profile_kind : std::uint8_t { none, items, tables, working };

inline constexpr std::uint8_t profile_format_version = 3;

inline constexpr std::uint8_t profile_tag(profile_kind kind) noexcept {
    return static_cast<std::uint8_t>(profile_format_version << 4 | static_cast<std::uint8_t>(kind));
}

// none when the bytes are empty or of another format version.
inline profile_kind kind_of(const unsigned char* bytes, std::size_t size) noexcept {
    if (size == 0 || bytes[0] >> 4 != profile_format_version) return profile_kind::none;
    const int kind = bytes[0] & 15;
    return kind <= static_cast<int>(profile_kind::working) ? static_cast<profile_kind>(kind)
                                                           : profile_kind::none;
}

inline constexpr std::uint32_t most_listed_items = 255;  // a byte counts them
// How many of the latest timed items a profile of tables remembers one by one.
inline constexpr std::size_t max_recent_items = 12;

struct listed_profile {
    std::uint8_t count[item_classes];
    std::uint32_t items;
    column due, days_late, terms, amount;

    std::uint32_t of(item_class c) const noexcept { return count[static_cast<int>(c)]; }
    // The rows of a class are from..from + of - 1.
    std::uint32_t from(item_class c) const noexcept {
        std::uint32_t at = 0;
        for (int i = 0; i < static_cast<int>(c); ++i) at += count[i];
        return at;
    }
    // Writes the items of rows first..last-1, all of one class.
    void read(std::uint32_t first, std::uint32_t last, item_class c, int scale,
              item* out) const noexcept;
};

inline constexpr std::size_t listed_flags_at = 1, listed_scale_at = 2, listed_counts_at = 4,
                             listed_widths_at = 20, listed_bases_at = 24, listed_header_size = 36;
inline constexpr std::uint8_t unknown_paid_dates = 1, unknown_terms = 2, unknown_amounts = 4;

enum class profile_table : std::uint8_t {
    days_late,
    disputed_days_late,
    due_dates,
    payment_dates,
    unpaid,
    recent
};
inline constexpr int profile_tables = 6;
inline constexpr int keyed_tables = 5;  // all but recent

struct table_row {
    std::int64_t key;
    std::int64_t items;
    int128 amount;
    int128 sum;
};

// Many rows are gone through in steps of so many, between which ring 3 looks for interrupts.
inline constexpr std::uint32_t rows_a_step = 4096;

inline constexpr item_class unpaid_order[] = {item_class::open, item_class::disputed_open,
                                              item_class::written_off,
                                              item_class::disputed_written_off};
inline std::int64_t unpaid_key(day_number due, item_class c) noexcept {
    int i = 0;
    while (unpaid_order[i] != c) ++i;
    return 4 * std::int64_t{due} + i;
}

struct table_columns {
    column key, items, amount, sum;
    std::uint32_t rows() const noexcept { return key.rows; }
    // f(const table_row&) for every row, or for rows from..to-1.
    template <class F>
    void each(F&& f) const noexcept {
        each(0, rows(), f);
    }
    template <class F>
    void each(std::uint32_t from, std::uint32_t to, F&& f) const noexcept;
    // f(key, items) for every row: what most figures take.
    template <class F>
    void each_count(F&& f) const noexcept;
};

struct tabled_profile {
    profile_totals totals;
    table_columns tables[profile_tables];
    const table_columns& table(profile_table t) const noexcept {
        return tables[static_cast<int>(t)];
    }
};

// Each takes the whole payload and checks that its parts fit into it exactly; false when they do
// not. What the numbers say is checked where a value comes from outside (check.hpp).
bool open_listed(const unsigned char* bytes, std::size_t size, int* scale,
                 listed_profile* out) noexcept;
bool open_tabled(const unsigned char* bytes, std::size_t size, int* scale,
                 tabled_profile* out) noexcept;

template <class F>
void table_columns::each_count(F&& f) const noexcept {
    constexpr std::uint32_t chunk = 64;
    std::int64_t keys[chunk];
    for (std::uint32_t first = 0; first < rows(); first += chunk) {
        const std::uint32_t last = std::min(first + chunk, rows());
        key.each<std::int64_t>(first, last,
                               [&](std::size_t i, std::int64_t v) { keys[i - first] = v; });
        items.each<std::int64_t>(first, last,
                                 [&](std::size_t i, std::int64_t v) { f(keys[i - first], v); });
    }
}

template <class F>
void table_columns::each(std::uint32_t from, std::uint32_t to, F&& f) const noexcept {
    constexpr std::uint32_t chunk = 64;
    table_row buffer[chunk];
    for (std::uint32_t first = from; first < to; first += chunk) {
        const std::uint32_t last = std::min(first + chunk, to);
        const auto place = [&](std::size_t i) -> table_row& { return buffer[i - first]; };
        key.each<std::int64_t>(first, last,
                               [&](std::size_t i, std::int64_t v) { place(i).key = v; });
        items.each<std::int64_t>(first, last,
                                 [&](std::size_t i, std::int64_t v) { place(i).items = v; });
        amount.each<int128>(first, last, [&](std::size_t i, int128 v) { place(i).amount = v; });
        sum.each<int128>(first, last, [&](std::size_t i, int128 v) { place(i).sum = v; });
        for (std::uint32_t i = 0; i < last - first; ++i)
            f(static_cast<const table_row&>(buffer[i]));
    }
}

}  // namespace receivables
