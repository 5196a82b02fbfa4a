#include "core/profile/fold.hpp"

#include <algorithm>
#include <cstring>

namespace receivables {

namespace {

bool bring_to_scale(item* x, int scale) noexcept {
    if (x->scale == scale || !x->has_amount) return true;
    int128 units;
    if (!rescale(static_cast<int128>(x->amount), x->scale, scale, &units)) return false;
    x->amount = static_cast<uint128>(units);
    x->scale = static_cast<std::int16_t>(scale);
    return true;
}

constexpr int at(profile_table t) noexcept {
    return static_cast<int>(t);
}

constexpr bool is_invoiced(item_class c) noexcept {
    return !on_account.holds(c);
}

constexpr bool has_table(item_class c) noexcept {
    return c <= item_class::disputed_paid || unpaid_invoices.holds(c);
}

}  // namespace

bool fail_amount_range(int scale, status* s) noexcept {
    s->fail(error_code::numeric_out_of_range, "amount out of range for a payment_profile");
    s->with_detail(
        "Amounts are kept exactly with %d digits after the decimal point; their sum may have 38 "
        "digits in all.",
        scale);
    return s->with_hint("Round the amounts to the decimals that count.");
}

bool is_before(const table_row& a, const table_row& b) noexcept {
    return a.key < b.key;
}

void sort_rows(table_row* rows, std::size_t count) noexcept {
    std::sort(rows, rows + count, is_before);
}

void table_filling::start(const key_range& range, table_row* rows) noexcept {
    rows_ = rows;
    least_ = range.least;
    is_array_ = range.is_array();
    used_ = is_array_ ? range.rows() : 0;
    if (is_array_) std::memset(static_cast<void*>(rows), 0, used_ * sizeof *rows);
}

std::uint32_t table_filling::finish() noexcept {
    std::uint64_t kept = 0;
    for (std::uint64_t i = 0; i < used_; ++i) {
        const std::int64_t key = is_array_ ? least_ + static_cast<std::int64_t>(i) : rows_[i].key;
        if (!is_array_ && kept > 0 && rows_[kept - 1].key == key) {
            rows_[kept - 1].items += rows_[i].items;
            rows_[kept - 1].amount += rows_[i].amount;
            rows_[kept - 1].sum += rows_[i].sum;
        } else if (!is_array_ || rows_[i].items != 0 || rows_[i].amount != 0) {
            rows_[kept] = rows_[i];
            rows_[kept++].key = key;
        }
    }
    if (is_array_) return static_cast<std::uint32_t>(kept);
    // What adds up to nothing has no row.
    const table_row* end = std::remove_if(
        rows_, rows_ + kept, [](const table_row& r) { return r.items == 0 && r.amount == 0; });
    return static_cast<std::uint32_t>(end - rows_);
}

void recent_list::insert(const recent_row& r) noexcept {
    std::size_t place = count_ < max_recent_items ? count_++ : count_ - 1;
    for (; place > 0 && is_later(r, rows_[place - 1]); --place) rows_[place] = rows_[place - 1];
    rows_[place] = r;
}

std::uint32_t recent_list::write(table_row* out) const noexcept {
    for (std::size_t i = 0; i < count_; ++i) out[i] = {rows_[i].due, 1, 0, rows_[i].days_late};
    return static_cast<std::uint32_t>(count_);
}

inline void fold_plan::measure(const item& x) noexcept {
    ++count_;
    if (x.scale > scale_) scale_ = x.scale;
    if (is_invoiced(x.cls)) range_of(profile_table::due_dates).add(x.due);
    if (x.cls == item_class::timed) {
        range_of(profile_table::days_late).add(x.days_late);
        range_of(profile_table::payment_dates).add(x.paid());
    } else if (x.cls == item_class::disputed_paid) {
        range_of(profile_table::disputed_days_late).add(x.days_late);
    } else if (unpaid_invoices.holds(x.cls)) {
        range_of(profile_table::unpaid).add(unpaid_key(x.due, x.cls));
    }
}

// A profile of items by the limits of its dates, which may be wider than those of each class.
void fold_plan::measure(const profile_view& view) noexcept {
    std::int64_t least_due, most_due, least_late, most_late;
    view.limits(&least_due, &most_due, &least_late, &most_late);
    const auto count = [&](class_set classes) {
        return static_cast<std::uint64_t>(view.count(classes));
    };
    const std::uint64_t timed = count(class_set{item_class::timed});
    const std::uint64_t all = count(invoices | credits | parts | class_set{item_class::zero});
    count_ += all;
    scale_ = std::max(scale_, view.scale());
    range_of(profile_table::due_dates).add(least_due, most_due, all - count(on_account));
    range_of(profile_table::days_late).add(least_late, most_late, timed);
    range_of(profile_table::disputed_days_late)
        .add(least_late, most_late, count(class_set{item_class::disputed_paid}));
    range_of(profile_table::payment_dates).add(least_due + least_late, most_due + most_late, timed);
    range_of(profile_table::unpaid).add(4 * least_due, 4 * most_due + 3, count(unpaid_invoices));
}

void fold_plan::add(const profile_source& source) noexcept {
    sources_[source_count_++] = source;
    if (source.has_tables()) {
        has_tables_ = true;
        scale_ = std::max(scale_, source.view().scale());
        for (int t = 0; t < keyed_tables; ++t) {
            const column& key = source.view().tabled().tables[t].key;
            key.each<std::int64_t>(0, key.rows,
                                   [&](std::size_t, std::int64_t k) { ranges_[t].add(k); });
        }
        return;
    }
    source.each_part([&](const item& x) { measure(x); },
                     [&](const profile_view& view) { measure(view); });
}

std::uint64_t fold_plan::workspace_rows() const noexcept {
    std::uint64_t rows = max_recent_items;
    for (const key_range& range : ranges_) rows += range.rows();
    return rows;
}

bool list_items(const fold_plan& plan, item* out, status* s) noexcept {
    std::uint32_t count = 0;
    amount_guard guard;
    bool in_range = true;
    for (int i = 0; i < plan.source_count(); ++i)
        plan.source(i).each([&](const item& x) {
            item& place = out[count++];
            place = x;
            in_range = in_range && bring_to_scale(&place, plan.scale()) &&
                       guard.add(place.amount, is_credit(place.cls));
        });
    if (!in_range) return fail_amount_range(plan.scale(), s);
    std::sort(out, out + count, in_canonical_order);
    return true;
}

void table_fold::start(const fold_plan& plan, table_row* rows) noexcept {
    plan_ = &plan;
    workspace_ = rows;
    scale_ = plan.scale();
    for (int t = 0; t < keyed_tables; ++t) {
        tables_[t].start(plan.range(t), rows);
        rows += plan.range(t).rows();
    }
}

// Once an item, so that it is laid out for that: an ordinary one is rescaled nowhere, and touches
// three rows.
[[gnu::always_inline]] inline bool table_fold::add(item x) noexcept {
    if (!bring_to_scale(&x, scale_)) return false;
    if (!guard_.add(x.amount, is_credit(x.cls))) return false;
    const int128 amount = x.signed_amount();
    totals_.add_dates(x);
    if (is_invoiced(x.cls)) {
        table_row& row = table(profile_table::due_dates).at(x.due);
        row.items += x.cls == item_class::timed;
        row.amount += amount;
    }
    if (x.cls <= item_class::disputed_paid) {
        const bool timed = x.cls == item_class::timed;
        table_row& row = table(timed ? profile_table::days_late : profile_table::disputed_days_late)
                             .at(x.days_late);
        ++row.items;
        row.amount += amount;
        row.sum += x.due;
        if (!timed) return true;
        ++table(profile_table::payment_dates).at(x.paid()).items;
        recent_.add(x.due, x.days_late);
    } else if (unpaid_invoices.holds(x.cls)) {
        table_row& row = table(profile_table::unpaid).at(unpaid_key(x.due, x.cls));
        ++row.items;
        row.amount += amount;
    } else {
        ++totals_.counts[static_cast<int>(x.cls)];
        totals_.amounts[static_cast<int>(x.cls)] += amount;
    }
    return true;
}

// Of the classes that have a table number and amount are those of its rows.
void table_fold::add_tabled_classes(const table_set& set) noexcept {
    const auto add_rows = [&](profile_table t, auto class_of) {
        for (std::uint32_t i = 0; i < set.row_count[at(t)]; ++i) {
            const table_row& r = set.rows[at(t)][i];
            totals_.counts[static_cast<int>(class_of(r))] += r.items;
            totals_.amounts[static_cast<int>(class_of(r))] += r.amount;
        }
    };
    add_rows(profile_table::days_late, [](const table_row&) { return item_class::timed; });
    add_rows(profile_table::disputed_days_late,
             [](const table_row&) { return item_class::disputed_paid; });
    add_rows(profile_table::unpaid, [](const table_row& r) { return unpaid_order[r.key & 3]; });
}

bool table_fold::add_totals(const profile_view& view) noexcept {
    profile_totals t = view.totals();
    for (int c = 0; c < item_classes; ++c) {
        if (!rescale(t.amounts[c], view.scale(), scale_, &t.amounts[c])) return false;
        const bool credit = is_credit(static_cast<item_class>(c));
        const auto units = static_cast<uint128>(t.amounts[c]);
        if (!guard_.add(credit ? -units : units, credit)) return false;
        if (!has_table(static_cast<item_class>(c))) continue;
        t.counts[c] = 0;
        t.amounts[c] = 0;
    }
    totals_.add(t);
    view.tabled().table(profile_table::recent).each([&](const table_row& r) {
        recent_.add(static_cast<day_number>(r.key), static_cast<std::int32_t>(r.sum));
    });
    return true;
}

void table_fold::add_rows(const profile_view& view) noexcept {
    // No row is larger than its profile's total, which has been found to fit; but for invoices
    // before the credit notes are taken off, which are smaller than that of all invoices.
    int128 factor = 1;
    (void)rescale(1, view.scale(), scale_, &factor);
    const table_columns& columns = view.tabled().tables[table_];
    const std::uint32_t end = std::min(row_ + rows_a_step, columns.rows());
    columns.each(row_, end, [&](const table_row& r) {
        table_row& row = tables_[table_].at(r.key);
        row.items += r.items;
        row.amount += r.amount == 0 ? 0 : r.amount * factor;
        row.sum += r.sum;
    });
    row_ = end;
    if (row_ < columns.rows()) return;
    row_ = 0;
    if (++table_ < keyed_tables) return;
    table_ = -1;
    ++source_;
}

bool table_fold::step(status* s) noexcept {
    if (source_ == plan_->source_count()) return false;
    const profile_source& source = plan_->source(source_);
    bool in_range = true;
    if (!source.has_tables()) {
        source.each([&](const item& x) { in_range = in_range && add(x); });
        ++source_;
    } else if (table_ < 0) {
        in_range = add_totals(source.view());
        table_ = 0;
    } else {
        add_rows(source.view());
    }
    return in_range || fail_amount_range(scale_, s);
}

void table_fold::finish(table_set* out) noexcept {
    table_row* rows = workspace_;
    for (int t = 0; t < keyed_tables; ++t) {
        out->rows[t] = rows;
        out->row_count[t] = tables_[t].finish();
        rows += plan_->range(t).rows();
    }
    out->rows[keyed_tables] = rows;
    out->row_count[keyed_tables] = recent_.write(rows);
    add_tabled_classes(*out);
    out->scale = scale_;
    out->totals = totals_;
}

}  // namespace receivables
