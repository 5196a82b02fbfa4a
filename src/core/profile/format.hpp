// The bytes of a stored payment profile. The first byte is format version * 16 + kind; the layouts:
//
//   items   uint32  from the lowest bit on: terms nullable, amounts nullable; in 5 bits the byte
//   width (header         of days late * 5 + that of terms; in 6 the bits of a due date; in 5 the
//   byte 26              width of a due date with its amount; in 14 the display scale of the
//   amounts bytes)  6 bytes number of items of each class
//           3 bytes the payment day, the payments in its window, payments in all (payment_day.hpp)
//           int32   base of due dates, of days late, of terms
//           columns: days late of figure_rows figures (listed_figures.hpp); days late of the items
//           with a paid date; terms of all items; due date and amount (magnitude) of all items.
//           Items stand in canonical order.
//
//   tables  byte 0, uint16 display scale, then variable-length numbers: the totals of tabled_totals
//           in their order, then five tables (by days late, by due date, by payment date, open,
//           recent): number of rows, base and width of four columns (key, items, amount, sum), the
//           columns.
//
// Both are canonical: the bytes follow from the set of items alone. The working kinds, in which the
// aggregate collects items, are described in profile_state.hpp.
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/base/status.hpp"
#include "core/profile/column.hpp"
#include "core/profile/day_window.hpp"
#include "core/profile/due_amount_column.hpp"
#include "core/profile/item.hpp"
#include "core/profile/totals.hpp"

namespace receivables {

enum class profile_kind : std::uint8_t {
    none,
    items,          // canonical, up to max_listed_items
    tables,         // canonical, more items
    compact_state,  // working: items of 8 bytes
    packed_state,   // working: items of 16 bytes
    wide_state,     // working: items that do not fit in packed ones
    dense_state     // working: many items, added up (profile_dense.hpp)
};

inline constexpr std::uint8_t profile_format_version = 2;

inline constexpr std::uint8_t profile_tag(profile_kind kind) noexcept {
    return static_cast<std::uint8_t>(profile_format_version << 4 | static_cast<std::uint8_t>(kind));
}

// none when the bytes are empty or of another format version.
inline profile_kind kind_of(const unsigned char* bytes, std::size_t size) noexcept {
    if (size == 0 || bytes[0] >> 4 != profile_format_version) return profile_kind::none;
    const int kind = bytes[0] & 15;
    return kind <= static_cast<int>(profile_kind::dense_state) ? static_cast<profile_kind>(kind)
                                                               : profile_kind::none;
}

inline bool is_working(profile_kind kind) noexcept {
    return kind >= profile_kind::compact_state;
}

inline constexpr std::uint32_t max_listed_items = 255;  // a byte counts them
inline constexpr int max_display_scale = 16383;         // numeric's
// How many of the latest timed items a profile remembers one by one.
inline constexpr std::size_t max_recent_items = 12;

struct listed_profile {
    std::uint8_t count[item_classes];
    day_window payment_day;
    column figures;  // of days late, in the order of listed_figure
    column days_late, terms;
    due_amount_column due_amounts;

    std::uint32_t items() const noexcept { return due_amounts.rows; }
    std::uint32_t timed() const noexcept { return count[static_cast<int>(item_class::timed)]; }
    // The rows of a class are from..to-1.
    std::uint32_t from(item_class c) const noexcept {
        std::uint32_t at = 0;
        for (int i = 0; i < static_cast<int>(c); ++i) at += count[i];
        return at;
    }
    std::uint32_t to(item_class c) const noexcept { return from(c) + count[static_cast<int>(c)]; }
    // How many timed items have more days late than `limit`.
    std::int64_t count_later_than(std::int64_t limit) const noexcept;
    // The payment date of each timed item; returns their number.
    std::size_t payment_dates(day_number out[max_listed_items]) const noexcept;
    // Writes the items of rows first..last-1, all of one class.
    void read(std::uint32_t first, std::uint32_t last, item_class c, int scale,
              item* out) const noexcept;
};

// What is asked of nearly every customer is kept beside the items: the days late between which
// percentile_cont finds the quartiles, and the median of the recent items when there are enough.
// 0 days from the base where there is none.
enum class listed_figure : std::uint8_t {
    lower_quartile_low,
    lower_quartile_high,
    median_low,
    median_high,
    upper_quartile_low,
    upper_quartile_high,
    recent_median
};
inline constexpr std::uint32_t figure_rows = 7;
// How many items the kept recent median is of: what recent_median_days_late takes by default. An
// odd number: the median is the days late of one of them.
inline constexpr std::size_t usual_recent_items = 5;

// Where the parts of the header stand.
inline constexpr std::size_t listed_layout_at = 1, listed_counts_at = 5, listed_payment_day_at = 11,
                             listed_due_base_at = 14, listed_late_base_at = 18,
                             listed_terms_base_at = 22, listed_header_size = 26;

// The first bytes behind the tag, packed: what profile_format describes.
struct listed_layout {
    bool unknown_terms, unknown_amounts;
    std::uint8_t late_width, terms_width, due_bits, due_amount_width;
    int scale;

    std::uint32_t pack() const noexcept {
        return static_cast<std::uint32_t>(unknown_terms | unknown_amounts << 1 |
                                          (late_width * 5 + terms_width) << 2 | due_bits << 7 |
                                          due_amount_width << 13) |
               static_cast<std::uint32_t>(scale) << 18;
    }
    // False when a width is none.
    bool unpack(std::uint32_t packed) noexcept;
};

enum class profile_table : std::uint8_t {
    by_days_late,     // timed: key days late; sum of due dates
    by_due_date,      // known amounts of all items: key due date; amount signed
    by_payment_date,  // timed: key paid date
    open,             // unpaid: key 2 * due date + (1 if disputed)
    recent            // latest timed items: key due date; sum is the days late; a row an item
};
inline constexpr int profile_tables = 5;

struct table_row {
    std::int64_t key;
    std::int64_t items;
    int128 amount;
    int128 sum;
};

struct table_columns {
    column key, items, amount, sum;
    std::uint32_t rows() const noexcept { return key.rows; }
    table_row at(std::uint32_t row) const noexcept;
    // f(const table_row&) for every row.
    template <class F>
    void each(F&& f) const noexcept;
};

struct tabled_profile {
    tabled_totals totals;
    table_columns tables[profile_tables];
    const table_columns& table(profile_table t) const noexcept {
        return tables[static_cast<int>(t)];
    }
};

// Each takes the whole payload and checks that its parts fit into it exactly; false when they do
// not.
bool open_listed(const unsigned char* bytes, std::size_t size, int* scale,
                 listed_profile* out) noexcept;
bool open_tabled(const unsigned char* bytes, std::size_t size, int* scale,
                 tabled_profile* out) noexcept;

template <class F>
void table_columns::each(F&& f) const noexcept {
    constexpr std::uint32_t chunk = 64;
    table_row buffer[chunk];
    const bool narrow = amount.width <= 8 && sum.width <= 8;
    for (std::uint32_t first = 0; first < rows(); first += chunk) {
        const std::uint32_t last = std::min(first + chunk, rows());
        if (narrow) {
            key.each<std::int64_t>(
                first, last, [&](std::size_t i, std::int64_t v) { buffer[i - first].key = v; });
            items.each<std::int64_t>(
                first, last, [&](std::size_t i, std::int64_t v) { buffer[i - first].items = v; });
            amount.each<int128>(first, last,
                                [&](std::size_t i, int128 v) { buffer[i - first].amount = v; });
            sum.each<int128>(first, last,
                             [&](std::size_t i, int128 v) { buffer[i - first].sum = v; });
        } else {
            for (std::uint32_t i = first; i < last; ++i) buffer[i - first] = at(i);
        }
        for (std::uint32_t i = first; i < last; ++i)
            f(static_cast<const table_row&>(buffer[i - first]));
    }
}

}  // namespace receivables
