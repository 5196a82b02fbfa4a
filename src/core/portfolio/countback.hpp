// Days sales outstanding by counting back (exhaustion): the balance is taken off the sales of the
// months, the latest first, and the days of the months that it takes are counted.
//
//   B0 = receivables on as_of, S0, S1, S2, ... = sales of as_of's month and of those before it,
//   D0 = the days of as_of's month up to as_of, which counts, D1, D2, ... = days of the months before
//
//   while Bi > Si:  count Di days,   B(i+1) = Bi - Si          at last:  count Bi / Si * Di days
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/base/civil_date.hpp"
#include "core/base/decimal.hpp"
#include "core/base/maybe.hpp"

namespace receivables {

// 200 years.
inline constexpr int max_countback_months = 2400;

// How many months before as_of's own the day lies; below 0 for a later one.
int months_before(day_number as_of, day_number day) noexcept;

// The sales by month, as they are stored: in the machine's byte order and anywhere in memory.
//
//   version (1), zeros (1), scale (2), as_of (4), number of months (4), zeros (4), receivables (16),
//   then the sales (16 each) in units of 10^-scale, the month of as_of first; and room for more
class monthly_sales {
  public:
    static std::size_t size_of(int months) noexcept;

    void create(unsigned char* bytes, std::size_t size, day_number as_of) noexcept;
    // Whether these bytes can be one.
    bool open(unsigned char* bytes, std::size_t size) noexcept;
    // Into a block at least as large.
    void copy_to(unsigned char* bytes, std::size_t size) const noexcept;

    day_number as_of() const noexcept;
    int scale() const noexcept;
    int month_count() const noexcept;
    int capacity() const noexcept { return capacity_; }
    int128 receivables() const noexcept;
    int128 sales(int month) const noexcept;

    // The balance and a month's sales, brought to one scale. Each is false when a number would have
    // more than 38 digits. A month must be within the capacity.
    bool set_receivables(decimal balance) noexcept;
    bool has_receivables(decimal balance) const noexcept;
    bool add(int month, decimal sales) noexcept;
    bool add(const monthly_sales& other) noexcept;

  private:
    bool widen_scale(int to) noexcept;
    void set_sales(int month, int128 units) noexcept;
    bool add_units(int month, int128 units) noexcept;

    unsigned char* bytes_ = nullptr;
    int capacity_ = 0;
};

// Unknown for a balance below 0, and when the balance is more than all the sales that are known.
maybe<double> countback_days(const monthly_sales& months) noexcept;

}  // namespace receivables
