// Whole profiles taken into a dense one.
#include "core/profile/dense.hpp"

#include <algorithm>

namespace receivables {

namespace {

// Sums below this can be added up as often as there can be profiles.
constexpr int128 most_sum = int128{1} << 100;

// Adds to a 128-bit sum at another scale.
void add_scaled(int128 value, int128 factor, long_sum* to) noexcept {
    to->add_signed(value * factor);
}

}  // namespace

bool dense_profile::add(const profile_view& view) noexcept {
    if (view.kind() == profile_kind::items) return add(view.listed(), view.scale());
    return view.scale() <= header_->scale && add_tabled(view);
}

bool dense_profile::add_tabled(const profile_view& view) noexcept {
    const tabled_profile& from = view.tabled();
    const dense_header& h = *header_;
    const auto within = [&](profile_table table, auto&& day_of, const day_window_range& window) {
        bool inside = true;
        from.table(table).key.each<std::int64_t>(
            0, from.table(table).rows(),
            [&](std::size_t, std::int64_t key) { inside = inside && window.holds(day_of(key)); });
        return inside;
    };
    const auto same = [](std::int64_t key) { return key; };
    const day_window_range paid = {h.late.first + h.due.first,
                                   static_cast<std::uint32_t>(payment_days())};
    const profile_totals t = view.totals();
    const int shift = h.scale - view.scale();
    if (!within(profile_table::by_days_late, same, h.late) ||
        !within(profile_table::by_due_date, same, h.due) ||
        !within(profile_table::by_payment_date, same, paid) ||
        !within(
            profile_table::open, [](std::int64_t key) { return key >> 1; }, h.due) ||
        (t.invoice_count() > 0 && (!h.due.holds(t.first_due) || !h.due.holds(t.last_due))) ||
        shift > 8)
        return false;
    const int128 factor = power_of_ten(shift);
    if (t.positive_amount() >= most_sum / factor || -t.credit_amount() >= most_sum / factor)
        return false;
    // The squares are kept from the window's first day on: sum (d - f)^2 = sum d^2 - 2 f sum d + n
    // f^2. add_rows takes off again what the rows say of them, and adds what is open; so here the
    // days late, of the days to pay.
    const int128 f = h.due.first;
    header_->due_square_sum.add_signed(t.due_square_sum - 2 * f * t.due_sum +
                                       t.timed_count * f * f);
    header_->days_to_pay_sum.add_signed(t.days_to_pay_sum - t.days_late_sum);
    add_rows(from, factor);
    add_totals(from.totals, t.timed_count, t.unpaid_count(), factor);
    return true;
}

void dense_profile::add_rows(const tabled_profile& from, int128 factor) noexcept {
    const dense_header& h = *header_;
    from.table(profile_table::by_days_late).each([&](const table_row& r) {
        dense_days& row = late_[r.key - h.late.first];
        row.items += r.items;
        add_scaled(r.amount, factor, &row.amount);
        row.due_sum += static_cast<std::int64_t>(r.sum - int128{r.items} * h.due.first);
    });
    from.table(profile_table::by_due_date).each([&](const table_row& r) {
        const std::int64_t place = r.key - h.due.first;
        due_[place].items += r.items;
        add_scaled(r.amount, factor, &due_[place].amount);
        header_->due_square_sum.add_signed(-int128{r.items} * (place * place));
    });
    from.table(profile_table::by_payment_date).each([&](const table_row& r) {
        paid_[r.key - h.due.first - h.late.first] += r.items;
    });
    from.table(profile_table::open).each([&](const table_row& r) {
        const std::int64_t place = (r.key >> 1) - h.due.first;
        dense_amount& row = open_[place + (r.key & 1) * h.due.days];
        header_->due_square_sum.add_signed(int128{r.items} * (place * place));
        row.items += r.items;
        add_scaled(r.amount, factor, &row.amount);
    });
    from.table(profile_table::recent).each([&](const table_row& r) {
        const auto due = static_cast<day_number>(r.key);
        const auto days_late = static_cast<std::int32_t>(r.sum);
        if (is_recent(due, days_late)) add_recent(due, days_late);
    });
}

void dense_profile::add_totals(const tabled_totals& t, int128 timed, int128 unpaid,
                               int128 factor) noexcept {
    dense_header& h = *header_;
    const auto paid = static_cast<std::int64_t>(timed) + t.disputed_paid_count;
    const auto invoices = paid + static_cast<std::int64_t>(unpaid);
    if (invoices > 0) widen_due(t.first_due, t.last_due, invoices);
    if (t.terms_count > 0) add_terms(t.terms_count, t.terms_sum, t.first_invoice, t.last_invoice);
    if (paid > 0) h.last_paid = std::max(h.last_paid, t.last_paid);
    h.paid_count += paid;
    h.items += invoices + t.credit_paid_count + t.credit_open_count;
    h.disputed_paid_count += t.disputed_paid_count;
    h.credit_paid_count += t.credit_paid_count;
    h.credit_open_count += t.credit_open_count;
    add_scaled(t.disputed_paid_amount, factor, &h.disputed_paid_amount);
    add_scaled(t.credit_paid_amount, factor, &h.credit_paid_amount);
    add_scaled(t.credit_open_amount, factor, &h.credit_open_amount);
    h.days_to_pay_count += t.days_to_pay_count;
}

}  // namespace receivables
