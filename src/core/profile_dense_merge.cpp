// Whole profiles taken into a dense one.
#include "core/profile_dense.hpp"

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
    if (view.scale() > header_->scale) return false;
    return view.kind() == profile_kind::items ? add_listed(view) : add_tabled(view);
}

bool dense_profile::add_listed(const profile_view& view) noexcept {
    const listed_profile& listed = view.listed();
    const int shift = header_->scale - view.scale();
    const bool plain = !listed.amount.nullable && listed.amount.width <= 6 && shift <= 4;
    // What does not go column by column: everything, or all that is not timed.
    item rest[max_listed_items];
    std::uint32_t count = 0;
    view.for_each_listed(plain ? item_class::disputed_paid : item_class::timed,
                         item_class::credit_open, [&](const item& x) { rest[count++] = x; });
    std::uint64_t amounts[max_listed_items];
    for (std::uint32_t i = 0; i < count; ++i)
        if (!holds(rest[i], &amounts[i])) return false;
    timed_columns timed;
    if (plain) {
        if (!read_timed(listed, static_cast<std::uint64_t>(power_of_ten(shift)), &timed))
            return false;
        add_timed(listed, timed);
    }
    for (std::uint32_t i = 0; i < count; ++i) add_fitting(rest[i], amounts[i]);
    return true;
}

// Places in the windows and amounts at this profile's scale: below 2^48 times a factor of at most
// 10^4. False when an item lies outside the windows.
bool dense_profile::read_timed(const listed_profile& listed, std::uint64_t factor,
                               timed_columns* out) const noexcept {
    const std::uint32_t n = out->count = listed.to(item_class::timed);
    std::uint32_t due_most = 0;
    // Days late span nearly 2^32, and the window may begin before the least of them.
    std::uint64_t late_most = 0;
    const std::int64_t first_due = header_->due.first, first_late = header_->late.first;
    listed.due.each<std::int64_t>(0, n, [&](std::size_t i, std::int64_t v) {
        out->due[i] = static_cast<std::uint32_t>(v - first_due);
        due_most = std::max(due_most, out->due[i]);
    });
    listed.days_late.each<std::int64_t>(0, n, [&](std::size_t i, std::int64_t v) {
        const auto place = static_cast<std::uint64_t>(v - first_late);
        out->late[i] = static_cast<std::uint32_t>(place);
        late_most = std::max(late_most, place);
    });
    listed.amount.each<std::int64_t>(0, n, [&](std::size_t i, std::int64_t v) {
        out->amount[i] = static_cast<std::uint64_t>(v) * factor;
    });
    return n == 0 || (due_most < header_->due.days && late_most < header_->late.days);
}

// The timed items of a listed profile, column by column: the way of a rollup over many customers.
void dense_profile::add_timed(const listed_profile& listed, const timed_columns& timed) noexcept {
    const std::uint32_t n = timed.count;
    if (n == 0) return;
    // Copies, which the stores below cannot change for all that the compiler knows.
    dense_days* const late_rows = late_;
    dense_amount* const due_rows = due_;
    std::int64_t* const paid_rows = paid_;
    std::uint64_t square_sum = 0, late_sum = 0;
    std::uint32_t paid_most = 0, due_least = UINT32_MAX, due_most = 0;
    for (std::uint32_t i = 0; i < n; ++i) {
        const std::uint32_t due = timed.due[i], late = timed.late[i];
        dense_days& by_late = late_rows[late];
        ++by_late.items;
        by_late.amount.add(timed.amount[i]);
        by_late.due_sum += due;
        dense_amount& by_due = due_rows[due];
        ++by_due.items;
        by_due.amount.add(timed.amount[i]);
        ++paid_rows[due + late];
        square_sum += std::uint64_t{due} * due;
        late_sum += late;
        paid_most = std::max(paid_most, due + late);
        due_least = std::min(due_least, due);
        due_most = std::max(due_most, due);
    }
    dense_header& h = *header_;
    const auto day = [&](std::int64_t place) {
        return static_cast<day_number>(h.due.first + place);
    };
    h.items += n;
    h.due_square_sum.add(square_sum);
    widen_due(day(due_least), day(due_most), n);
    const day_number last_paid = day(h.late.first + paid_most);
    h.last_paid = h.paid_count > 0 ? std::max(h.last_paid, last_paid) : last_paid;
    h.paid_count += n;
    add_timed_terms(listed.terms, timed, static_cast<std::int64_t>(late_sum) + n * h.late.first,
                    day(due_least), day(due_most));
    // The latest stand last; once one is too old for the list, so are those before it.
    for (std::uint32_t i = n; i > 0; --i) {
        const auto days_late = static_cast<std::int32_t>(h.late.first + timed.late[i - 1]);
        if (!is_recent(day(timed.due[i - 1]), days_late)) break;
        add_recent(day(timed.due[i - 1]), days_late);
    }
}

// Invoice dates and days to pay; in one step when all items have the same terms.
void dense_profile::add_timed_terms(const column& terms, const timed_columns& timed,
                                    std::int64_t days_late_sum, day_number first_due,
                                    day_number last_due) noexcept {
    dense_header& h = *header_;
    if (terms.width == 0) {
        if (terms.nullable) return;
        const auto days = static_cast<std::int64_t>(terms.base);
        const int128 sum = int128{days} * timed.count;
        add_terms(timed.count, sum, static_cast<day_number>(first_due - days),
                  static_cast<day_number>(last_due - days));
        h.days_to_pay_count += timed.count;
        h.days_to_pay_sum.add_signed(days_late_sum + sum);
        return;
    }
    const std::int64_t unknown = static_cast<std::int64_t>(terms.base) - 1;
    terms.each<std::int64_t>(0, timed.count, [&](std::size_t i, std::int64_t days) {
        if (terms.nullable && days == unknown) return;
        const auto invoiced = static_cast<day_number>(h.due.first + timed.due[i] - days);
        add_terms(1, days, invoiced, invoiced);
        ++h.days_to_pay_count;
        h.days_to_pay_sum.add_signed(h.late.first + timed.late[i] + days);
    });
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
    // f^2.
    const int128 f = h.due.first;
    header_->due_square_sum.add_signed(t.due_square_sum - 2 * f * t.due_sum +
                                       t.timed_count * f * f);
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
        due_[r.key - h.due.first].items += r.items;
        add_scaled(r.amount, factor, &due_[r.key - h.due.first].amount);
    });
    from.table(profile_table::by_payment_date).each([&](const table_row& r) {
        paid_[r.key - h.due.first - h.late.first] += r.items;
    });
    from.table(profile_table::open).each([&](const table_row& r) {
        dense_amount& row = open_[(r.key >> 1) - h.due.first + (r.key & 1) * h.due.days];
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
    if (paid > 0) h.last_paid = h.paid_count > 0 ? std::max(h.last_paid, t.last_paid) : t.last_paid;
    h.paid_count += paid;
    h.items += invoices + t.credit_paid_count + t.credit_open_count;
    h.disputed_paid_count += t.disputed_paid_count;
    h.credit_paid_count += t.credit_paid_count;
    h.credit_open_count += t.credit_open_count;
    add_scaled(t.disputed_paid_amount, factor, &h.disputed_paid_amount);
    add_scaled(t.credit_paid_amount, factor, &h.credit_paid_amount);
    add_scaled(t.credit_open_amount, factor, &h.credit_open_amount);
    h.days_to_pay_count += t.days_to_pay_count;
    h.days_to_pay_sum.add_signed(t.days_to_pay_sum);
}

}  // namespace receivables
