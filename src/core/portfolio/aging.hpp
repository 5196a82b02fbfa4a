// An aging: what is open on a day, by how long it has been due. Every open item is in exactly one
// cell, so that the cells add up to the open amount.
//
//   bounds b1 < b2 < ... < bn, to which 0 always belongs, cut the days overdue into n + 1 buckets:
//
//       (-infinity, b1]   (b1, b2]   ...   (bn, infinity)       and one more: no due date
//
//   so a bound is the last day of its bucket. Each bucket has three cells:
//
//       receivable   amount > 0, not disputed
//       disputed     amount > 0, disputed
//       credit       amount < 0: credit notes and payments on account
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/base/civil_date.hpp"
#include "core/base/decimal.hpp"
#include "core/base/json_reader.hpp"
#include "core/base/status.hpp"
#include "core/base/text_writer.hpp"

namespace receivables {

inline constexpr int max_aging_bounds = 60;
inline constexpr std::int32_t max_aging_bound = 1000000;
inline constexpr std::string_view no_due_date_name = "no due date";

// The bounds as they are kept: ascending, without the 0 that always belongs to them.
struct aging_bounds {
    std::int32_t days[max_aging_bounds];
    int count = 0;

    // The next one; 0 is left out. False, with a status, for one out of range or order.
    bool add(std::int64_t bound, status* s) noexcept;

    // Including "no due date", which is the last.
    int bucket_count() const noexcept { return count + 3; }
    int no_due_date() const noexcept { return count + 2; }
    int bucket_of(std::int64_t days_overdue) const noexcept;
    // First and last day of a bucket; unknown where it has none.
    struct range {
        bool has_first, has_last;
        std::int32_t first, last;
    };
    range range_of(int bucket) const noexcept;
    // Whether all of the bucket's items are not yet due.
    bool is_not_due(int bucket) const noexcept;
    // "not due", "1-30", "over 90", "no due date"; with bounds below 0 "due in 0-30", "due in over 30".
    void write_label(int bucket, text_writer* out) const noexcept;

  private:
    bool zero_given_ = false;
};

enum class aging_column : std::uint8_t { receivable, disputed, credit };
inline constexpr int aging_columns = 3;

struct aging_cell {
    std::int64_t items;
    int128 amount;
};

// Sums of cells: the parts, which add up to the open amount.
struct aging_sums {
    std::int64_t items = 0;
    int128 not_due = 0, overdue = 0, no_due_date = 0, disputed = 0, credits = 0, open = 0;
};

// The stored form, in the machine's byte order and anywhere in memory:
//
//   version (1), number of bounds (1), scale (2), as_of (4), bounds (4 each), then for each bucket
//   and column the number of items (8) and the amount (16) in units of 10^-scale
class aging {
  public:
    static std::size_t size_of(int bound_count) noexcept;

    void create(unsigned char* bytes, day_number as_of, const aging_bounds& bounds) noexcept;
    // Whether these bytes can be one; is_sound looks at all of them.
    bool open(unsigned char* bytes, std::size_t size) noexcept;
    bool is_sound() const noexcept;

    day_number as_of() const noexcept;
    int scale() const noexcept;
    int bound_count() const noexcept { return bytes_[1]; }
    int bucket_count() const noexcept { return bound_count() + 3; }
    std::int32_t bound(int index) const noexcept;
    aging_bounds bounds() const noexcept;
    bool has_same_bounds(const aging& other) const noexcept;

    int bucket_of(std::int64_t days_overdue) const noexcept;
    aging_cell cell(int bucket, aging_column column) const noexcept;

    // Adds an item that is not 0. False when a sum would have more than 38 digits.
    bool add(int bucket, bool disputed, decimal amount) noexcept;
    // Of the same day and with the same bounds.
    bool add(const aging& other) noexcept;
    // An amount of 0 counts for its decimals only.
    bool widen_scale(int scale) noexcept;
    void set_cell(int bucket, aging_column column, aging_cell value) noexcept;

    bool sums(aging_sums* out) const noexcept;

  private:
    unsigned char* cell_at(int bucket, aging_column column) const noexcept;
    bool add_cell(int bucket, aging_column column, aging_cell value) noexcept;

    unsigned char* bytes_ = nullptr;
};

void write_aging_json(const aging& value, text_writer* out) noexcept;
// The day and the bounds, from which the room for the rest follows; then the rest.
bool read_aging_head(const json_document& document, day_number* as_of, aging_bounds* bounds,
                     status* s) noexcept;
bool read_aging_cells(const json_document& document, const aging_bounds& bounds, aging* out,
                      status* s) noexcept;

}  // namespace receivables
