// What a profile counts and adds up over all its items.
#pragma once

#include <cstdint>

#include "core/profile/item.hpp"

namespace receivables {

// Amounts are units of 10^-scale of the profile; due dates count from 2000-01-01.

// How many items there are of each class.
struct item_counts {
    std::int64_t timed_count = 0, disputed_paid_count = 0, credit_paid_count = 0;
    std::int64_t open_count = 0, disputed_open_count = 0, credit_open_count = 0;

    std::int64_t paid_count() const noexcept { return sum(timed_count, disputed_paid_count); }
    std::int64_t unpaid_count() const noexcept { return sum(open_count, disputed_open_count); }
    std::int64_t disputed_count() const noexcept {
        return sum(disputed_paid_count, disputed_open_count);
    }
    std::int64_t credit_count() const noexcept { return sum(credit_paid_count, credit_open_count); }
    // Everything but credits.
    std::int64_t invoice_count() const noexcept { return sum(paid_count(), unpaid_count()); }
    std::int64_t item_count() const noexcept { return sum(invoice_count(), credit_count()); }

  protected:
    template <class Number>
    static Number sum(Number a, Number b) noexcept {
        wrapping_add(&a, b);
        return a;
    }
};

// The totals that a profile of tables stores, because its tables do not say them: of the
// counts those of disputed paid items and of credits, the others being 0.
struct tabled_totals : item_counts {
    std::int64_t amount_count = 0;  // items whose amount is known
    int128 disputed_paid_amount = 0;
    int128 credit_paid_amount = 0, credit_open_amount = 0;  // <= 0
    int128 due_square_sum = 0;                              // of timed items
    std::int64_t days_to_pay_count = 0;                     // timed items with an invoice date
    int128 days_to_pay_sum = 0;
    std::int64_t terms_count = 0;  // items with an invoice date, credits left out
    int128 terms_sum = 0;
    // Credits left out. Meaningful when their count says that there are any: invoice_count,
    // terms_count, paid_count; else 0.
    day_number first_due = 0, last_due = 0, first_invoice = 0, last_invoice = 0, last_paid = 0;
};

struct profile_totals : tabled_totals {
    int128 timed_amount = 0;
    int128 open_amount = 0;
    int128 disputed_open_amount = 0;
    // Sums over timed items.
    int128 days_late_sum = 0;
    int128 due_sum = 0;
    int128 due_days_late_sum = 0;

    int128 positive_amount() const noexcept {
        return sum(sum(timed_amount, disputed_paid_amount), sum(open_amount, disputed_open_amount));
    }
    int128 credit_amount() const noexcept { return sum(credit_paid_amount, credit_open_amount); }
};

class totals_builder {
  public:
    void add(const item& x) noexcept;
    // Another profile's totals, its amounts already at this one's scale.
    void add(const profile_totals& other) noexcept;
    const profile_totals& totals() const noexcept { return t_; }

  private:
    profile_totals t_;
};

}  // namespace receivables
