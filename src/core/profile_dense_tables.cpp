// A dense profile as the rows of a canonical one, and the windows of a new one.
#include "core/profile_dense.hpp"

#include <algorithm>

namespace receivables {

std::size_t dense_profile::most_rows() const noexcept {
    return header_->late.days + header_->due.days + payment_days() +
           2 * std::size_t{header_->due.days} + max_recent_items;
}

void dense_profile::write_tables(table_row* rows, table_set* out) const noexcept {
    const dense_header& h = *header_;
    const auto begin = [&](profile_table t) { out->rows[static_cast<int>(t)] = rows; };
    const auto end = [&](profile_table t) {
        const int i = static_cast<int>(t);
        out->row_count[i] = static_cast<std::uint32_t>(rows - out->rows[i]);
    };
    int128 due_sum = 0;
    std::int64_t timed = 0, amounts = 0;
    begin(profile_table::by_days_late);
    for (std::uint32_t i = 0; i < h.late.days; ++i) {
        const dense_days& r = late_[i];
        if (r.items == 0) continue;
        due_sum += r.due_sum;
        wrapping_add(&timed, r.items);
        *rows++ = {h.late.first + i, r.items, r.amount.get(),
                   r.due_sum + int128{r.items} * h.due.first};
    }
    end(profile_table::by_days_late);
    begin(profile_table::by_due_date);
    for (std::uint32_t i = 0; i < h.due.days; ++i) {
        if (due_[i].items == 0) continue;
        wrapping_add(&amounts, due_[i].items);
        *rows++ = {h.due.first + i, due_[i].items, due_[i].amount.get(), 0};
    }
    end(profile_table::by_due_date);
    begin(profile_table::by_payment_date);
    for (std::size_t i = 0; i < payment_days(); ++i)
        if (paid_[i] != 0)
            *rows++ = {h.due.first + h.late.first + static_cast<std::int64_t>(i), paid_[i], 0, 0};
    end(profile_table::by_payment_date);
    begin(profile_table::open);
    for (std::uint32_t i = 0; i < 2 * h.due.days; ++i) {
        const dense_amount& r = open_[i / 2 + (i % 2) * h.due.days];
        if (r.items != 0) *rows++ = {2 * h.due.first + i, r.items, r.amount.get(), 0};
    }
    end(profile_table::open);
    begin(profile_table::recent);
    for (std::uint32_t i = 0; i < h.recent_count; ++i)
        *rows++ = {h.recent[i].due, 1, 0, h.recent[i].days_late};
    end(profile_table::recent);
    // sum d^2 = sum (d - f)^2 + 2 f sum (d - f) + n f^2
    const int128 f = h.due.first;
    int128 due_square_sum = h.due_square_sum.get();
    wrapping_add(&due_square_sum, 2 * f * due_sum);
    wrapping_add(&due_square_sum, wrapping_product(timed, f * f));
    out->scale = h.scale;
    const item_counts counts = {0, h.disputed_paid_count, h.credit_paid_count, 0,
                                0, h.credit_open_count};
    out->totals = {counts,
                   amounts,
                   h.disputed_paid_amount.get(),
                   h.credit_paid_amount.get(),
                   h.credit_open_amount.get(),
                   due_square_sum,
                   h.days_to_pay_count,
                   h.days_to_pay_sum.get(),
                   h.terms_count,
                   h.terms_sum.get(),
                   h.first_due,
                   h.last_due,
                   h.first_invoice,
                   h.last_invoice,
                   h.last_paid};
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
    *out = {span.least - room,
            static_cast<std::uint32_t>(days + 2 * static_cast<std::uint64_t>(room))};
    return true;
}

bool dense_windows::fit(day_window_range* late, day_window_range* due) const noexcept {
    return fit(late_, 64, late) && fit(due_, 128, due);
}

}  // namespace receivables
