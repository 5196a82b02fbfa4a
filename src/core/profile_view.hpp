// Reads a payment profile in its canonical form, without copying it.
//
// A canonical profile has one of two layouts, chosen by its number of items alone:
//   items   up to max_listed_items items, each with its due date, days late, terms and amount
//   tables  more: sums by days late, by due date, by payment date, of what is open, the latest items
// Both answer the same questions with the same numbers; the functions here hide the difference.
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/civil_date.hpp"
#include "core/decimal.hpp"
#include "core/profile_format.hpp"
#include "core/status.hpp"

namespace receivables {

// What a profile counts and adds up over all its items. Amounts are units of 10^-scale.
struct profile_totals {
    std::int64_t timed_count = 0;          // paid, no credit, not disputed
    std::int64_t disputed_paid_count = 0;  // paid, disputed
    std::int64_t open_count = 0;           // open, not disputed
    std::int64_t disputed_open_count = 0;  // open, disputed
    std::int64_t credit_paid_count = 0;    // amount < 0, with a paid date
    std::int64_t credit_open_count = 0;    // amount < 0, without
    std::int64_t amount_count = 0;         // items whose amount is known
    int128 timed_amount = 0;
    int128 disputed_paid_amount = 0;
    int128 open_amount = 0;
    int128 disputed_open_amount = 0;
    int128 credit_paid_amount = 0;  // <= 0
    int128 credit_open_amount = 0;  // <= 0
    // Sums over timed items; due dates count from 2000-01-01.
    int128 days_late_sum = 0;
    int128 due_sum = 0;
    int128 due_square_sum = 0;
    int128 due_days_late_sum = 0;
    std::int64_t days_to_pay_count = 0;  // timed items with an invoice date
    int128 days_to_pay_sum = 0;
    // Over all items but credits.
    std::int64_t terms_count = 0;  // with an invoice date
    int128 terms_sum = 0;
    // Dates are meaningful when their count above says that there are any.
    day_number first_due = 0, last_due = 0;
    day_number first_invoice = 0, last_invoice = 0;
    day_number last_paid = 0;

    std::int64_t paid_count() const noexcept { return timed_count + disputed_paid_count; }
    std::int64_t unpaid_count() const noexcept { return open_count + disputed_open_count; }
    std::int64_t disputed_count() const noexcept { return disputed_paid_count + disputed_open_count; }
    std::int64_t credit_count() const noexcept { return credit_paid_count + credit_open_count; }
    // Everything but credits.
    std::int64_t invoice_count() const noexcept { return paid_count() + unpaid_count(); }
    std::int64_t item_count() const noexcept { return invoice_count() + credit_count(); }
};

// Rows of timed items that share their days late. In the items layout there is a row an item, in the
// order of due dates; in the tables layout a row a number of days, ascending.
struct timed_row {
    std::int32_t days_late;
    std::int64_t items;
    int128 amount;   // of those whose amount is known
    int128 due_sum;  // sum of due dates as days since 2000-01-01
};

struct open_row {
    day_number due;
    bool disputed;
    std::int64_t items;
    int128 amount;
};

struct due_row {
    day_number due;
    int128 amount;  // signed: credits are taken off
};

struct payment_row {
    day_number paid;
    std::int64_t items;
};

struct recent_row {
    day_number due;
    std::int32_t days_late;
};

// How many of the latest timed items a profile remembers one by one.
inline constexpr std::size_t max_recent_items = 12;

class profile_view {
  public:
    // A profile without items: what NULL stands for in rules and reminders.
    profile_view() noexcept = default;

    // Takes canonical bytes; false (and a status) when they are none. Every offset is checked here, in
    // constant time, so that a damaged value is an error and never a read past its end. The bytes may
    // be unaligned and must outlive the view.
    bool open(const unsigned char* bytes, std::size_t size, status* s) noexcept;

    bool is_empty() const noexcept { return kind_ == profile_kind::none; }
    profile_kind kind() const noexcept { return kind_; }
    int scale() const noexcept { return scale_; }

    profile_totals totals() const noexcept;
    std::int64_t timed_count() const noexcept;

    // f(std::int32_t days_late, std::int64_t items) for each timed row.
    template <class F>
    void for_each_days_late(F&& f) const noexcept;
    // f(const timed_row&), with amounts and due dates: slower.
    template <class F>
    void for_each_timed(F&& f) const noexcept;
    // f(const open_row&) for what is unpaid and no credit.
    template <class F>
    void for_each_open(F&& f) const noexcept;
    // f(const due_row&) for all items with a known amount; several rows may share a date.
    template <class F>
    void for_each_due(F&& f) const noexcept;
    // f(const payment_row&) for the payment dates of timed items; unordered, several rows may share a
    // date in the items layout.
    template <class F>
    void for_each_payment(F&& f) const noexcept;

    // The latest timed items, latest due date first, among equal ones the later payer first.
    std::size_t recent(recent_row out[max_recent_items]) const noexcept;

  private:
    profile_kind kind_ = profile_kind::none;
    int scale_ = 0;
    listed_profile listed_;
    tabled_profile tabled_;
};

}  // namespace receivables
