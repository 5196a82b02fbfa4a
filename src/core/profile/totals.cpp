#include "core/profile/totals.hpp"

#include <algorithm>

namespace receivables {

namespace {

// Widens first..last by a range; `any` says whether there was one before.
void widen(day_number from, day_number to, bool any, day_number* first, day_number* last) noexcept {
    *first = any ? std::min(*first, from) : from;
    *last = any ? std::max(*last, to) : to;
}

}  // namespace

void totals_builder::add(const item& x) noexcept {
    if (x.has_amount) ++t_.amount_count;
    const int128 amount = x.signed_amount();
    switch (x.cls) {
        case item_class::credit_paid:
            ++t_.credit_paid_count;
            wrapping_add(&t_.credit_paid_amount, amount);
            return;
        case item_class::credit_open:
            ++t_.credit_open_count;
            wrapping_add(&t_.credit_open_amount, amount);
            return;
        default:
            break;
    }
    widen(x.due, x.due, t_.invoice_count() > 0, &t_.first_due, &t_.last_due);
    if (x.terms != no_terms) {
        widen(x.invoiced(), x.invoiced(), t_.terms_count > 0, &t_.first_invoice, &t_.last_invoice);
        ++t_.terms_count;
        t_.terms_sum += x.terms;
    }
    if (has_paid_date(x.cls))
        t_.last_paid = t_.paid_count() > 0 ? std::max(t_.last_paid, x.paid()) : x.paid();
    if (x.cls == item_class::timed) {
        ++t_.timed_count;
        wrapping_add(&t_.timed_amount, amount);
        t_.days_late_sum += x.days_late;
        t_.due_sum += x.due;
        t_.due_square_sum += std::int64_t{x.due} * x.due;
        t_.due_days_late_sum += std::int64_t{x.due} * x.days_late;
        if (x.terms != no_terms) {
            ++t_.days_to_pay_count;
            t_.days_to_pay_sum += std::int64_t{x.days_late} + x.terms;
        }
    } else if (x.cls == item_class::disputed_paid) {
        ++t_.disputed_paid_count;
        wrapping_add(&t_.disputed_paid_amount, amount);
    } else if (x.cls == item_class::open) {
        ++t_.open_count;
        wrapping_add(&t_.open_amount, amount);
    } else {
        ++t_.disputed_open_count;
        wrapping_add(&t_.disputed_open_amount, amount);
    }
}

void totals_builder::add(const profile_totals& o) noexcept {
    if (o.invoice_count() > 0)
        widen(o.first_due, o.last_due, t_.invoice_count() > 0, &t_.first_due, &t_.last_due);
    if (o.terms_count > 0)
        widen(o.first_invoice, o.last_invoice, t_.terms_count > 0, &t_.first_invoice,
              &t_.last_invoice);
    if (o.paid_count() > 0)
        t_.last_paid = t_.paid_count() > 0 ? std::max(t_.last_paid, o.last_paid) : o.last_paid;
    wrapping_add(&t_.timed_count, o.timed_count);
    wrapping_add(&t_.disputed_paid_count, o.disputed_paid_count);
    wrapping_add(&t_.credit_paid_count, o.credit_paid_count);
    wrapping_add(&t_.open_count, o.open_count);
    wrapping_add(&t_.disputed_open_count, o.disputed_open_count);
    wrapping_add(&t_.credit_open_count, o.credit_open_count);
    wrapping_add(&t_.amount_count, o.amount_count);
    wrapping_add(&t_.timed_amount, o.timed_amount);
    wrapping_add(&t_.disputed_paid_amount, o.disputed_paid_amount);
    wrapping_add(&t_.credit_paid_amount, o.credit_paid_amount);
    wrapping_add(&t_.open_amount, o.open_amount);
    wrapping_add(&t_.disputed_open_amount, o.disputed_open_amount);
    wrapping_add(&t_.credit_open_amount, o.credit_open_amount);
    wrapping_add(&t_.days_late_sum, o.days_late_sum);
    wrapping_add(&t_.due_sum, o.due_sum);
    wrapping_add(&t_.due_square_sum, o.due_square_sum);
    wrapping_add(&t_.due_days_late_sum, o.due_days_late_sum);
    wrapping_add(&t_.days_to_pay_count, o.days_to_pay_count);
    wrapping_add(&t_.days_to_pay_sum, o.days_to_pay_sum);
    wrapping_add(&t_.terms_count, o.terms_count);
    wrapping_add(&t_.terms_sum, o.terms_sum);
}

}  // namespace receivables
