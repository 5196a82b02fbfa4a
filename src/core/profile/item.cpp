#include "core/profile/item.hpp"

namespace receivables {

item_class classify(bool paid, bool credit, bool disputed) noexcept {
    if (credit) return paid ? item_class::credit_paid : item_class::credit_open;
    if (disputed) return paid ? item_class::disputed_paid : item_class::disputed_open;
    return paid ? item_class::timed : item_class::open;
}

bool in_canonical_order(const item& a, const item& b) noexcept {
    if (a.cls != b.cls) return a.cls < b.cls;
    if (a.due != b.due) return a.due < b.due;
    if (a.days_late != b.days_late) return a.days_late < b.days_late;
    if (a.terms != b.terms) return a.terms < b.terms;
    if (a.has_amount != b.has_amount) return b.has_amount;
    return a.amount < b.amount;
}

}  // namespace receivables
