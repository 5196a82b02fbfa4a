// The working form of a large payment profile: an array with a place for every day in a window of
// days late and of due dates. An item costs a few additions, whatever their number, and nothing has
// to be sorted or rewritten while items come in.
//
//   byte tag, 11 bytes 0, dense_header, then the tables of the header's windows:
//   by days late; by due date; by payment date, whose window follows from the two; open, disputed
//   open; then quick sums: by days late the number of items with the sum of due dates, and the
//   amounts; by due date, open and disputed open the number with the amounts
//
// Quick sums take the items of whole profiles: two sums share a number, so that an item costs
// fewer additions. They are carried over to the tables before one could run into the other.
//
// What tables say already is not added up again: the sums of due dates' squares and of days to pay
// hold only what has to be added to what follows from the tables.
//
// Like the other working forms it is in the machine's own byte order.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "core/profile/fold.hpp"

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

// Of quick sums: how many bits the sum of due dates, or of amounts, has below the number of items.
inline constexpr int quick_due_bits = 40, quick_amount_bits = 46;
inline constexpr std::uint64_t most_quick_items = (std::uint64_t{1} << 18) - 1;
inline constexpr std::uint64_t most_quick_amount = (std::uint64_t{1} << quick_amount_bits) - 1;

// The number of items with the sum of due dates, as in dense_days; and the amounts.
struct quick_days {
    std::uint64_t items_due;
    std::uint64_t amount;
};

struct day_window_range {
    std::int64_t first;
    std::uint32_t days;
    bool holds(std::int64_t day) const noexcept {
        return static_cast<std::uint64_t>(day - first) < days;
    }
    // Whether an item can have every day of it: then one that is inside stays so as a day_number.
    bool is_of_days() const noexcept {
        constexpr std::uint64_t all_days = std::uint64_t{1} << 32;
        return static_cast<std::uint64_t>(first) - static_cast<std::uint64_t>(INT32_MIN) <=
               all_days - days;
    }
};

struct dense_header {
    day_window_range late, due;
    std::int32_t scale;
    std::uint32_t recent_count;
    std::int64_t items;
    std::int64_t disputed_paid_count, credit_paid_count, credit_open_count, amount_count;
    long_sum disputed_paid_amount, credit_paid_amount, credit_open_amount;
    // Squares of due dates, counted from the first of the window: of timed items and of open ones,
    // less those of the items by due date.
    long_sum due_square_sum;
    // Of timed items with an invoice date the terms, less the days late of those without.
    long_sum days_to_pay_sum;
    std::int64_t days_to_pay_count, terms_count, invoice_count, paid_count;
    long_sum terms_sum;
    day_number first_due, last_due, first_invoice, last_invoice;
    day_number last_paid;  // of disputed items, or min_day: that of timed ones is in the table
    recent_row recent[max_recent_items];  // latest first
    // What is in the quick sums at most.
    std::uint64_t quick_items, quick_amount;
};

class dense_profile {
  public:
    // What windows may cover; wider data is kept in sorted tables instead.
    static constexpr std::uint32_t most_window_days = 1 << 16;
    static constexpr std::size_t header_offset = 12;

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
    bool add(const listed_profile& listed, int scale) noexcept;

    // The rows of its tables; `rows` has room for most_rows().
    std::size_t most_rows() const noexcept;
    void write_tables(table_row* rows, table_set* out) const noexcept;

  private:
    struct row_sums;
    struct invoice_rows;

    void point_into(unsigned char* bytes) noexcept;
    std::size_t payment_days() const noexcept { return header_->late.days + header_->due.days; }
    bool add_tabled(const profile_view& view) noexcept;
    void add_rows(const tabled_profile& from, int128 factor) noexcept;
    bool add_items(const listed_profile& listed, int scale) noexcept;
    bool add_narrow(const listed_profile& listed) noexcept;
    template <int Width, int LateWidth>
    void add_timed(const listed_profile& listed) noexcept;
    void add_all_invoices(const listed_profile& listed) noexcept;
    void add_each_class(const listed_profile& listed) noexcept;
    dense_days days_late(std::uint32_t place) const noexcept;
    dense_amount due_date(std::uint32_t place) const noexcept;
    dense_amount open_items(std::uint32_t place) const noexcept;
    void carry_quick_sums() noexcept;
    table_row* write_days_late(table_row* rows, row_sums* sums) const noexcept;
    table_row* write_due_dates(table_row* rows, row_sums* sums) const noexcept;
    table_row* write_payment_dates(table_row* rows, row_sums* sums) const noexcept;
    table_row* write_open(table_row* rows, row_sums* sums) const noexcept;
    tabled_totals totals(const row_sums& sums) const noexcept;
    void add_recent(const listed_profile& listed) noexcept;
    void add_invoices(const invoice_rows& rows) noexcept;
    void add_days_to_pay(const listed_profile& listed) noexcept;
    void make_room_for(std::uint32_t items, std::uint64_t most_amount) noexcept;
    void add_open(const listed_profile& listed, item_class c, std::uint32_t first,
                  std::uint32_t end) noexcept;
    void add_one_by_one(const listed_profile& listed, item_class c, std::uint32_t first,
                        std::uint32_t end) noexcept;
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
    quick_days* quick_late_ = nullptr;
    std::uint64_t* quick_due_ = nullptr;
    std::uint64_t* quick_open_ = nullptr;  // as open_
};

inline void dense_profile::point_into(unsigned char* bytes) noexcept {
    header_ = reinterpret_cast<dense_header*>(bytes + header_offset);
    late_ = reinterpret_cast<dense_days*>(header_ + 1);
    due_ = reinterpret_cast<dense_amount*>(late_ + header_->late.days);
    paid_ = reinterpret_cast<std::int64_t*>(due_ + header_->due.days);
    open_ = reinterpret_cast<dense_amount*>(paid_ + payment_days());
    quick_late_ = reinterpret_cast<quick_days*>(open_ + 2 * std::size_t{header_->due.days});
    quick_due_ = reinterpret_cast<std::uint64_t*>(quick_late_ + header_->late.days);
    quick_open_ = quick_due_ + header_->due.days;
}

inline bool is_later(const recent_row& a, const recent_row& b) noexcept {
    return a.due != b.due ? a.due > b.due : a.days_late > b.days_late;
}

inline bool dense_profile::is_recent(day_number due, std::int32_t days_late) const noexcept {
    return header_->recent_count < max_recent_items ||
           is_later({due, days_late}, header_->recent[max_recent_items - 1]);
}

inline void dense_profile::widen_due(day_number first, day_number last,
                                     std::int64_t invoices) noexcept {
    dense_header& h = *header_;
    h.first_due = h.invoice_count > 0 ? std::min(h.first_due, first) : first;
    h.last_due = h.invoice_count > 0 ? std::max(h.last_due, last) : last;
    h.invoice_count += invoices;
}

inline void dense_profile::add_terms(std::int64_t count, int128 sum, day_number first,
                                     day_number last) noexcept {
    dense_header& h = *header_;
    h.first_invoice = h.terms_count > 0 ? std::min(h.first_invoice, first) : first;
    h.last_invoice = h.terms_count > 0 ? std::max(h.last_invoice, last) : last;
    h.terms_count += count;
    h.terms_sum.add_signed(sum);
}

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
