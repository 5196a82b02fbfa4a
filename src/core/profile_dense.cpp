#include "core/profile_dense.hpp"

#include <algorithm>
#include <cstring>

namespace receivables {

namespace {

constexpr std::size_t header_offset = 12;
// Amounts below this can be added up more often than memory could ever hold items.
constexpr uint128 most_amount = uint128{1} << 63;
// And sums below this, as often as there can be profiles.
constexpr int128 most_sum = int128{1} << 100;

// Adds a number of rows to a 128-bit sum at another scale.
void add_scaled(int128 value, int128 factor, long_sum* to) noexcept {
    to->add_signed(value * factor);
}

bool is_later(const recent_row& a, const recent_row& b) noexcept {
    return a.due != b.due ? a.due > b.due : a.days_late > b.days_late;
}

}  // namespace

std::size_t dense_profile::size_of(const day_window_range& late,
                                   const day_window_range& due) noexcept {
    return header_offset + sizeof(dense_header) + sizeof(dense_days) * late.days +
           sizeof(dense_amount) * due.days + sizeof(std::int64_t) * (late.days + due.days) +
           2 * sizeof(dense_amount) * due.days;
}

void dense_profile::point_into(unsigned char* bytes) noexcept {
    header_ = reinterpret_cast<dense_header*>(bytes + header_offset);
    late_ = reinterpret_cast<dense_days*>(header_ + 1);
    due_ = reinterpret_cast<dense_amount*>(late_ + header_->late.days);
    paid_ = reinterpret_cast<std::int64_t*>(due_ + header_->due.days);
    open_ = reinterpret_cast<dense_amount*>(paid_ + payment_days());
}

bool dense_profile::open(unsigned char* bytes, std::size_t size) noexcept {
    if (kind_of(bytes, size) != profile_kind::dense_state ||
        size < header_offset + sizeof(dense_header))
        return false;
    const auto* header = reinterpret_cast<const dense_header*>(bytes + header_offset);
    if (header->late.days > most_window_days || header->due.days > most_window_days ||
        size != size_of(header->late, header->due) || header->recent_count > max_recent_items ||
        header->scale < 0 || header->scale > max_display_scale)
        return false;
    point_into(bytes);
    return true;
}

void dense_profile::create(unsigned char* bytes, const day_window_range& late,
                           const day_window_range& due, int scale) noexcept {
    std::memset(bytes, 0, size_of(late, due));
    bytes[0] = profile_tag(profile_kind::dense_state);
    auto* header = reinterpret_cast<dense_header*>(bytes + header_offset);
    header->late = late;
    header->due = due;
    header->scale = scale;
    point_into(bytes);
}

bool dense_profile::holds(const item& x, std::uint64_t* amount) const noexcept {
    if (!header_->due.holds(x.due)) return false;
    if (x.cls == item_class::timed && !header_->late.holds(x.days_late)) return false;
    uint128 units = x.amount;
    if (x.scale != header_->scale && units != 0) {
        int128 scaled;
        if (units >= most_amount ||
            !rescale(static_cast<int128>(units), x.scale, header_->scale, &scaled))
            return false;
        units = static_cast<uint128>(scaled);
    }
    // A scale is kept even when only zeros have it.
    if (x.scale > header_->scale || units >= most_amount) return false;
    *amount = static_cast<std::uint64_t>(units);
    return true;
}

bool dense_profile::is_recent(day_number due, std::int32_t days_late) const noexcept {
    return header_->recent_count < max_recent_items ||
           is_later({due, days_late}, header_->recent[max_recent_items - 1]);
}

void dense_profile::add_recent(day_number due, std::int32_t days_late) noexcept {
    const recent_row row{due, days_late};
    std::size_t at =
        header_->recent_count < max_recent_items ? header_->recent_count++ : max_recent_items - 1;
    for (; at > 0 && is_later(row, header_->recent[at - 1]); --at)
        header_->recent[at] = header_->recent[at - 1];
    header_->recent[at] = row;
}

void dense_profile::widen_due(day_number first, day_number last, std::int64_t invoices) noexcept {
    dense_header& h = *header_;
    h.first_due = h.invoice_count > 0 ? std::min(h.first_due, first) : first;
    h.last_due = h.invoice_count > 0 ? std::max(h.last_due, last) : last;
    h.invoice_count += invoices;
}

void dense_profile::add_terms(std::int64_t count, int128 sum, day_number first,
                              day_number last) noexcept {
    dense_header& h = *header_;
    h.first_invoice = h.terms_count > 0 ? std::min(h.first_invoice, first) : first;
    h.last_invoice = h.terms_count > 0 ? std::max(h.last_invoice, last) : last;
    h.terms_count += count;
    h.terms_sum.add_signed(sum);
}

[[gnu::flatten]] bool dense_profile::add(const item& x) noexcept {
    std::uint64_t amount;
    if (!holds(x, &amount)) return false;
    add_fitting(x, amount);
    return true;
}

void dense_profile::add_fitting(const item& x, std::uint64_t amount) noexcept {
    dense_header& h = *header_;
    const auto due = static_cast<std::uint64_t>(x.due - h.due.first);
    ++h.items;
    if (x.has_amount) {
        ++due_[due].items;
        if (is_credit(x.cls))
            due_[due].amount.add_signed(-static_cast<int128>(amount));
        else
            due_[due].amount.add(amount);
    }
    if (is_credit(x.cls)) {
        const bool paid = x.cls == item_class::credit_paid;
        ++(paid ? h.credit_paid_count : h.credit_open_count);
        (paid ? h.credit_paid_amount : h.credit_open_amount)
            .add_signed(-static_cast<int128>(amount));
        return;
    }
    widen_due(x.due, x.due, 1);
    if (x.terms != no_terms) add_terms(1, x.terms, x.invoiced(), x.invoiced());
    if (has_paid_date(x.cls)) {
        h.last_paid = h.paid_count > 0 ? std::max(h.last_paid, x.paid()) : x.paid();
        ++h.paid_count;
    }
    if (x.cls == item_class::timed) {
        const auto late = static_cast<std::uint64_t>(x.days_late - h.late.first);
        ++late_[late].items;
        late_[late].amount.add(amount);
        late_[late].due_sum += static_cast<std::int64_t>(due);
        ++paid_[due + late];
        h.due_square_sum.add(due * due);
        if (x.terms != no_terms) {
            ++h.days_to_pay_count;
            h.days_to_pay_sum.add_signed(std::int64_t{x.days_late} + x.terms);
        }
        if (is_recent(x.due, x.days_late)) add_recent(x.due, x.days_late);
    } else if (x.cls == item_class::disputed_paid) {
        ++h.disputed_paid_count;
        h.disputed_paid_amount.add(amount);
    } else {
        dense_amount& row = open_[due + (x.cls == item_class::disputed_open ? h.due.days : 0)];
        ++row.items;
        row.amount.add(amount);
    }
}

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
    std::uint32_t due_most = 0, late_most = 0;
    const std::int64_t first_due = header_->due.first, first_late = header_->late.first;
    listed.due.each<std::int64_t>(0, n, [&](std::size_t i, std::int64_t v) {
        out->due[i] = static_cast<std::uint32_t>(v - first_due);
        due_most = std::max(due_most, out->due[i]);
    });
    listed.days_late.each<std::int64_t>(0, n, [&](std::size_t i, std::int64_t v) {
        out->late[i] = static_cast<std::uint32_t>(v - first_late);
        late_most = std::max(late_most, out->late[i]);
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
        timed += r.items;
        *rows++ = {h.late.first + i, r.items, r.amount.get(),
                   r.due_sum + int128{r.items} * h.due.first};
    }
    end(profile_table::by_days_late);
    begin(profile_table::by_due_date);
    for (std::uint32_t i = 0; i < h.due.days; ++i) {
        if (due_[i].items == 0) continue;
        amounts += due_[i].items;
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
    const int128 f = h.due.first;
    out->scale = h.scale;
    out->totals = {h.disputed_paid_count, h.credit_paid_count, h.credit_open_count, amounts,
                   h.disputed_paid_amount.get(), h.credit_paid_amount.get(),
                   h.credit_open_amount.get(),
                   // sum d^2 = sum (d - f)^2 + 2 f sum (d - f) + n f^2
                   h.due_square_sum.get() + 2 * f * due_sum + timed * f * f, h.days_to_pay_count,
                   h.days_to_pay_sum.get(), h.terms_count, h.terms_sum.get(), h.first_due,
                   h.last_due, h.first_invoice, h.last_invoice, h.last_paid};
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
