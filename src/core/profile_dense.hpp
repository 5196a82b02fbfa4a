// The working form of a large payment profile: an array with a place for every day in a window of
// days late and of due dates. An item costs a few additions, whatever their number, and nothing has
// to be sorted or rewritten while items come in.
//
//   byte tag, 11 bytes 0, dense_header, then the tables of the header's windows:
//   by days late; by due date; by payment date, whose window follows from the two; open, disputed
//   open
//
// Like the other working forms it is in the machine's own byte order.
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/profile_fold.hpp"

namespace receivables {

// A 128-bit sum that needs no more than the 8 bytes of alignment that PostgreSQL gives.
struct long_sum {
    std::uint64_t low;
    std::int64_t high;

    void add(std::uint64_t value) noexcept {
        if (__builtin_add_overflow(low, value, &low)) ++high;
    }
    void add_signed(int128 value) noexcept { set(get() + value); }
    int128 get() const noexcept { return static_cast<int128>(high) << 64 | low; }
    void set(int128 value) noexcept {
        low = static_cast<std::uint64_t>(value);
        high = static_cast<std::int64_t>(value >> 64);
    }
};

struct dense_days {
    std::int64_t items;
    long_sum amount;
    std::int64_t due_sum;  // of due date - the first due date of the window
};

struct dense_amount {
    std::int64_t items;
    long_sum amount;
};

struct day_window_range {
    std::int64_t first;
    std::uint32_t days;
    bool holds(std::int64_t day) const noexcept {
        return static_cast<std::uint64_t>(day - first) < days;
    }
};

struct dense_header {
    day_window_range late, due;
    std::int32_t scale;
    std::uint32_t recent_count;
    std::int64_t items;
    std::int64_t disputed_paid_count, credit_paid_count, credit_open_count, amount_count;
    long_sum disputed_paid_amount, credit_paid_amount, credit_open_amount;
    long_sum due_square_sum;  // of timed items, counted from the first due date of the window
    std::int64_t days_to_pay_count, terms_count, invoice_count, paid_count;
    long_sum days_to_pay_sum, terms_sum;
    day_number first_due, last_due, first_invoice, last_invoice, last_paid;
    recent_row recent[max_recent_items];  // latest first
};

class dense_profile {
  public:
    // What windows may cover; wider data is kept in sorted tables instead.
    static constexpr std::uint32_t most_window_days = 1 << 16;

    // Takes the payload, aligned so that `bytes + 12` is at 8 bytes. False when the bytes are none.
    bool open(unsigned char* bytes, std::size_t size) noexcept;
    static std::size_t size_of(const day_window_range& late, const day_window_range& due) noexcept;
    void create(unsigned char* bytes, const day_window_range& late, const day_window_range& due,
                int scale) noexcept;

    const dense_header& header() const noexcept { return *header_; }

    // These leave the profile as it is and return false when something does not fit: a day outside
    // its window, a larger scale, an amount of 2^63 units or more.
    bool add(const item& x) noexcept;
    bool add(const profile_view& view) noexcept;

    // The rows of its tables; `rows` has room for most_rows().
    std::size_t most_rows() const noexcept;
    void write_tables(table_row* rows, table_set* out) const noexcept;

  private:
    // The timed items of a listed profile, as places in the windows.
    struct timed_columns {
        std::uint32_t count;
        std::uint32_t due[max_listed_items], late[max_listed_items];
        std::uint64_t amount[max_listed_items];
    };

    void point_into(unsigned char* bytes) noexcept;
    std::size_t payment_days() const noexcept { return header_->late.days + header_->due.days; }
    bool add_listed(const profile_view& view) noexcept;
    bool add_tabled(const profile_view& view) noexcept;
    void add_rows(const tabled_profile& from, int128 factor) noexcept;
    bool read_timed(const listed_profile& listed, std::uint64_t factor,
                    timed_columns* out) const noexcept;
    void add_timed(const listed_profile& listed, const timed_columns& timed) noexcept;
    void add_timed_terms(const column& terms, const timed_columns& timed,
                         std::int64_t days_late_sum, day_number first_due,
                         day_number last_due) noexcept;
    void add_totals(const tabled_totals& t, int128 timed, int128 unpaid, int128 factor) noexcept;
    void add_fitting(const item& x, std::uint64_t amount) noexcept;
    bool is_recent(day_number due, std::int32_t days_late) const noexcept;
    void add_recent(day_number due, std::int32_t days_late) noexcept;
    void add_terms(std::int64_t count, int128 sum, day_number first, day_number last) noexcept;
    void widen_due(day_number first, day_number last, std::int64_t invoices) noexcept;
    bool holds(const item& x, std::uint64_t* amount) const noexcept;

    dense_header* header_ = nullptr;
    dense_days* late_ = nullptr;
    dense_amount* due_ = nullptr;
    std::int64_t* paid_ = nullptr;
    dense_amount* open_ = nullptr;  // the undisputed, then the disputed
};

// Windows around the days of items or profiles, with room on both sides; false when they would be
// wider than most_window_days.
class dense_windows {
  public:
    void add(const item& x) noexcept;
    void add(const profile_view& view) noexcept;
    void add(const dense_profile& dense) noexcept;
    bool fit(day_window_range* late, day_window_range* due) const noexcept;

  private:
    static bool fit(const key_range& span, std::int64_t margin, day_window_range* out) noexcept;
    key_range late_, due_;
};

}  // namespace receivables
