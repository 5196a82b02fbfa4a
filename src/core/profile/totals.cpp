#include "core/profile/totals.hpp"

namespace receivables {

void profile_totals::add(const profile_totals& o) noexcept {
    for (int c = 0; c < item_classes; ++c) {
        counts[c] += o.counts[c];
        amounts[c] += o.amounts[c];
    }
    amount_count += o.amount_count;
    days_to_pay_count += o.days_to_pay_count;
    days_to_pay_sum += o.days_to_pay_sum;
    terms_count += o.terms_count;
    terms_sum += o.terms_sum;
    first_due = std::min(first_due, o.first_due);
    last_due = std::max(last_due, o.last_due);
    first_invoice = std::min(first_invoice, o.first_invoice);
    last_invoice = std::max(last_invoice, o.last_invoice);
    last_paid = std::max(last_paid, o.last_paid);
}

}  // namespace receivables
