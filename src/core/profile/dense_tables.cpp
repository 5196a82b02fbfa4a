// A dense profile as the rows of a canonical one, and the windows of a new one.
#include "core/profile/dense.hpp"

#include <algorithm>

namespace receivables {

std::size_t dense_profile::most_rows() const noexcept {
    return header_->late.days + header_->due.days + payment_days() +
           2 * std::size_t{header_->due.days} + max_recent_items;
}

// With the quick sums.
dense_days dense_profile::days_late(std::uint32_t place) const noexcept {
    constexpr std::uint64_t most_due_sum = (std::uint64_t{1} << quick_due_bits) - 1;
    dense_days row = late_[place];
    row.items += static_cast<std::int64_t>(quick_late_[place].items_due >> quick_due_bits);
    row.due_sum += static_cast<std::int64_t>(quick_late_[place].items_due & most_due_sum);
    row.amount.add(quick_late_[place].amount);
    return row;
}

namespace {

dense_amount with_quick_sum(dense_amount row, std::uint64_t quick) noexcept {
    row.items += static_cast<std::int64_t>(quick >> quick_amount_bits);
    row.amount.add(quick & most_quick_amount);
    return row;
}

}  // namespace

dense_amount dense_profile::due_date(std::uint32_t place) const noexcept {
    return with_quick_sum(due_[place], quick_due_[place]);
}

dense_amount dense_profile::open_items(std::uint32_t place) const noexcept {
    return with_quick_sum(open_[place], quick_open_[place]);
}

void dense_profile::carry_quick_sums() noexcept {
    dense_header& h = *header_;
    for (std::uint32_t i = 0; i < h.late.days; ++i) {
        late_[i] = days_late(i);
        quick_late_[i] = {0, 0};
    }
    for (std::uint32_t i = 0; i < h.due.days; ++i) {
        due_[i] = due_date(i);
        quick_due_[i] = 0;
    }
    for (std::uint32_t i = 0; i < 2 * h.due.days; ++i) {
        open_[i] = open_items(i);
        quick_open_[i] = 0;
    }
    h.quick_items = h.quick_amount = 0;
}

// What the rows add up to.
struct dense_profile::row_sums {
    std::int64_t timed = 0, amounts = 0;
    int128 days_late = 0, due = 0;  // due dates counted from the window's first
    int128 due_square = 0;          // by due date, less the open ones
    day_number last_paid = min_day;
};

table_row* dense_profile::write_days_late(table_row* rows, row_sums* sums) const noexcept {
    const dense_header& h = *header_;
    for (std::uint32_t i = 0; i < h.late.days; ++i) {
        const dense_days r = days_late(i);
        if (r.items == 0) continue;
        wrapping_add(&sums->timed, r.items);
        sums->due += r.due_sum;
        sums->days_late += int128{h.late.first + i} * r.items;
        *rows++ = {h.late.first + i, r.items, r.amount.get(),
                   r.due_sum + int128{r.items} * h.due.first};
    }
    return rows;
}

table_row* dense_profile::write_due_dates(table_row* rows, row_sums* sums) const noexcept {
    for (std::uint32_t i = 0; i < header_->due.days; ++i) {
        const dense_amount r = due_date(i);
        if (r.items == 0) continue;
        wrapping_add(&sums->amounts, r.items);
        sums->due_square += int128{r.items} * (std::int64_t{i} * i);
        *rows++ = {header_->due.first + i, r.items, r.amount.get(), 0};
    }
    return rows;
}

table_row* dense_profile::write_payment_dates(table_row* rows, row_sums* sums) const noexcept {
    const std::int64_t first = header_->due.first + header_->late.first;
    for (std::size_t i = 0; i < payment_days(); ++i) {
        if (paid_[i] == 0) continue;
        const std::int64_t date = first + static_cast<std::int64_t>(i);
        sums->last_paid = static_cast<day_number>(date);
        *rows++ = {date, paid_[i], 0, 0};
    }
    return rows;
}

table_row* dense_profile::write_open(table_row* rows, row_sums* sums) const noexcept {
    const dense_header& h = *header_;
    for (std::uint32_t i = 0; i < 2 * h.due.days; ++i) {
        const std::uint32_t due = i / 2;
        const dense_amount r = open_items(due + (i % 2) * h.due.days);
        if (r.items == 0) continue;
        sums->due_square -= int128{r.items} * (std::int64_t{due} * due);
        *rows++ = {2 * h.due.first + i, r.items, r.amount.get(), 0};
    }
    return rows;
}

tabled_totals dense_profile::totals(const row_sums& sums) const noexcept {
    const dense_header& h = *header_;
    tabled_totals t;
    t.disputed_paid_count = h.disputed_paid_count;
    t.credit_paid_count = h.credit_paid_count;
    t.credit_open_count = h.credit_open_count;
    t.amount_count = sums.amounts;
    t.disputed_paid_amount = h.disputed_paid_amount.get();
    t.credit_paid_amount = h.credit_paid_amount.get();
    t.credit_open_amount = h.credit_open_amount.get();
    // sum d^2 = sum (d - f)^2 + 2 f sum (d - f) + n f^2
    const int128 f = h.due.first;
    t.due_square_sum = h.due_square_sum.get();
    wrapping_add(&t.due_square_sum, sums.due_square);
    wrapping_add(&t.due_square_sum, 2 * f * sums.due);
    wrapping_add(&t.due_square_sum, wrapping_product(sums.timed, f * f));
    t.days_to_pay_count = h.days_to_pay_count;
    t.days_to_pay_sum = h.days_to_pay_sum.get();
    wrapping_add(&t.days_to_pay_sum, sums.days_late);
    t.terms_count = h.terms_count;
    t.terms_sum = h.terms_sum.get();
    t.first_due = h.first_due;
    t.last_due = h.last_due;
    t.first_invoice = h.first_invoice;
    t.last_invoice = h.last_invoice;
    t.last_paid = h.paid_count > 0 ? std::max(h.last_paid, sums.last_paid) : 0;
    return t;
}

void dense_profile::write_tables(table_row* rows, table_set* out) const noexcept {
    row_sums sums;
    const auto take = [&](profile_table table, table_row* end) {
        const int i = static_cast<int>(table);
        out->rows[i] = rows;
        out->row_count[i] = static_cast<std::uint32_t>(end - rows);
        rows = end;
    };
    take(profile_table::by_days_late, write_days_late(rows, &sums));
    take(profile_table::by_due_date, write_due_dates(rows, &sums));
    take(profile_table::by_payment_date, write_payment_dates(rows, &sums));
    take(profile_table::open, write_open(rows, &sums));
    table_row* at = rows;
    for (std::uint32_t i = 0; i < header_->recent_count; ++i)
        *at++ = {header_->recent[i].due, 1, 0, header_->recent[i].days_late};
    take(profile_table::recent, at);
    out->scale = header_->scale;
    out->totals = totals(sums);
}

void dense_windows::add(const item& x) noexcept {
    due_.add(x.due);
    if (x.cls == item_class::timed) late_.add(x.days_late);
}

void dense_windows::add(const profile_view& view) noexcept {
    if (view.kind() == profile_kind::items) {
        view.for_each_item([&](const item& x) { add(x); });
        return;
    }
    const tabled_profile& from = view.tabled();
    const auto add_keys = [](const column& key, key_range* range) {
        if (key.rows == 0) return;
        range->add(static_cast<std::int64_t>(key.at(0)));
        range->add(static_cast<std::int64_t>(key.at(key.rows - 1)));
    };
    add_keys(from.table(profile_table::by_days_late).key, &late_);
    add_keys(from.table(profile_table::by_due_date).key, &due_);
    if (view.totals().invoice_count() > 0) {
        due_.add(from.totals.first_due);
        due_.add(from.totals.last_due);
    }
}

void dense_windows::add(const dense_profile& dense) noexcept {
    const auto add_window = [](const day_window_range& window, key_range* range) {
        range->add(window.first);
        range->add(window.first + window.days - 1);
    };
    add_window(dense.header().late, &late_);
    add_window(dense.header().due, &due_);
}

bool dense_windows::fit(const key_range& span, std::int64_t margin,
                        day_window_range* out) noexcept {
    *out = {0, 1};
    if (span.additions == 0) return true;
    const std::uint64_t days = span.span();
    if (days == 0 || days > dense_profile::most_window_days / 2) return false;
    const auto room = std::max<std::int64_t>(margin, static_cast<std::int64_t>(days / 4));
    // Behind the last day as much room as one profile's distances could tell: then it fits without
    // a look at its days.
    const auto before = static_cast<std::uint64_t>(room);
    const std::uint64_t behind =
        std::min(std::max(before, days), dense_profile::most_window_days - days - before);
    if (span.least < INT32_MIN || span.least > INT32_MAX) return false;
    *out = {span.least - room, static_cast<std::uint32_t>(before + days + behind)};
    return out->is_of_days();
}

bool dense_windows::fit(day_window_range* late, day_window_range* due) const noexcept {
    return fit(late_, 256, late) && fit(due_, 128, due);
}

}  // namespace receivables
