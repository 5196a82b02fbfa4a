#include "core/profile/fold.hpp"

#include <algorithm>
#include <cstring>

namespace receivables {

namespace {

std::int64_t open_key(day_number due, bool disputed) noexcept {
    return 2 * std::int64_t{due} + disputed;
}

// One table while it is being filled.
class table_accumulator {
  public:
    table_accumulator(const key_range& range, table_row* rows) noexcept
        : rows_(rows),
          least_(range.least),
          dense_(range.is_dense()),
          used_(dense_ ? range.rows() : 0) {
        if (dense_) std::memset(static_cast<void*>(rows), 0, used_ * sizeof *rows);
    }

    void add(const table_row& r) noexcept {
        if (!dense_) {
            rows_[used_++] = r;
            return;
        }
        table_row& place = rows_[r.key - least_];
        wrapping_add(&place.items, r.items);
        wrapping_add(&place.amount, r.amount);
        wrapping_add(&place.sum, r.sum);
    }

    // Leaves one row a key, ascending, and returns their number.
    std::uint32_t finish() noexcept {
        std::uint64_t kept = 0;
        if (dense_) {
            for (std::uint64_t i = 0; i < used_; ++i) {
                if (rows_[i].items == 0) continue;
                rows_[kept] = rows_[i];
                rows_[kept++].key = least_ + static_cast<std::int64_t>(i);
            }
            return static_cast<std::uint32_t>(kept);
        }
        std::sort(rows_, rows_ + used_,
                  [](const table_row& a, const table_row& b) { return a.key < b.key; });
        for (std::uint64_t i = 0; i < used_; ++i) {
            if (kept > 0 && rows_[kept - 1].key == rows_[i].key) {
                wrapping_add(&rows_[kept - 1].items, rows_[i].items);
                wrapping_add(&rows_[kept - 1].amount, rows_[i].amount);
                wrapping_add(&rows_[kept - 1].sum, rows_[i].sum);
            } else {
                rows_[kept++] = rows_[i];
            }
        }
        return static_cast<std::uint32_t>(kept);
    }

  private:
    table_row* rows_;
    std::int64_t least_;
    bool dense_;
    std::uint64_t used_;
};

// The latest timed items, best first.
class recent_list {
  public:
    void add(day_number due, std::int32_t days_late) noexcept {
        const recent_row r{due, days_late};
        if (count_ == max_recent_items && !later(r, rows_[count_ - 1])) return;
        std::size_t at = count_ < max_recent_items ? count_++ : count_ - 1;
        for (; at > 0 && later(r, rows_[at - 1]); --at) rows_[at] = rows_[at - 1];
        rows_[at] = r;
    }
    std::uint32_t write(table_row* out) const noexcept {
        for (std::size_t i = 0; i < count_; ++i) out[i] = {rows_[i].due, 1, 0, rows_[i].days_late};
        return static_cast<std::uint32_t>(count_);
    }

  private:
    static bool later(const recent_row& a, const recent_row& b) noexcept {
        return a.due != b.due ? a.due > b.due : a.days_late > b.days_late;
    }
    recent_row rows_[max_recent_items];
    std::size_t count_ = 0;
};

// Checks that the sums of amounts stay in range while they grow. Invoices and credits are watched
// apart: these sums only grow, so that an overflow cannot depend on the order of rows.
class amount_guard {
  public:
    explicit amount_guard(int scale) noexcept : scale_(scale) {}

    bool rescale_item(item* x) noexcept {
        if (x->scale != scale_) {
            int128 units;
            if (!rescale(static_cast<int128>(x->amount), x->scale, scale_, &units)) return false;
            x->amount = static_cast<uint128>(units);
            x->scale = static_cast<std::int16_t>(scale_);
        }
        return add(x->amount, is_credit(x->cls));
    }
    bool add(uint128 magnitude, bool credit) noexcept {
        uint128& sum = sums_[credit];
        return !__builtin_add_overflow(sum, magnitude, &sum) &&
               sum <= static_cast<uint128>(int128_max);
    }

  private:
    int scale_;
    uint128 sums_[2] = {};
};

class tables_builder {
  public:
    tables_builder(const fold_plan& plan, table_row* rows) noexcept
        : scale_(plan.scale()),
          guard_(plan.scale()),
          by_days_late_(plan.range(profile_table::by_days_late), rows),
          by_due_date_(plan.range(profile_table::by_due_date),
                       rows += plan.range(profile_table::by_days_late).rows()),
          by_payment_date_(plan.range(profile_table::by_payment_date),
                           rows += plan.range(profile_table::by_due_date).rows()),
          open_(plan.range(profile_table::open),
                rows += plan.range(profile_table::by_payment_date).rows()) {}

    bool add(item x) noexcept {
        if (!guard_.rescale_item(&x)) return false;
        totals_.add(x);
        const auto amount = static_cast<int128>(x.amount);
        if (x.has_amount) by_due_date_.add({x.due, 1, x.signed_amount(), 0});
        if (x.cls == item_class::timed) {
            by_days_late_.add({x.days_late, 1, amount, x.due});
            by_payment_date_.add({x.paid(), 1, 0, 0});
            recent_.add(x.due, x.days_late);
        } else if (!has_paid_date(x.cls) && !is_credit(x.cls)) {
            open_.add({open_key(x.due, x.cls == item_class::disputed_open), 1, amount, 0});
        }
        return true;
    }

    bool add(const profile_view& view) noexcept {
        profile_totals t = view.totals();
        int128* const amounts[] = {&t.timed_amount, &t.disputed_paid_amount, &t.credit_paid_amount,
                                   &t.open_amount,  &t.disputed_open_amount, &t.credit_open_amount};
        // One by one: at a larger scale their sum may be more than 128 bits hold.
        for (int128* amount : amounts) {
            if (!rescale(*amount, view.scale(), scale_, amount)) return false;
            const bool credit = amount == &t.credit_paid_amount || amount == &t.credit_open_amount;
            const auto units = static_cast<uint128>(*amount);
            if (!guard_.add(credit ? -units : units, credit)) return false;
        }
        totals_.add(t);
        const tabled_profile& from = view.tabled();
        add_rows(from.table(profile_table::by_days_late), view.scale(), &by_days_late_);
        add_rows(from.table(profile_table::by_due_date), view.scale(), &by_due_date_);
        add_rows(from.table(profile_table::by_payment_date), view.scale(), &by_payment_date_);
        add_rows(from.table(profile_table::open), view.scale(), &open_);
        from.table(profile_table::recent).each([&](const table_row& r) {
            recent_.add(static_cast<day_number>(r.key), static_cast<std::int32_t>(r.sum));
        });
        return true;
    }

    void finish(const fold_plan& plan, table_row* rows, table_set* out) noexcept {
        table_accumulator* const tables[] = {&by_days_late_, &by_due_date_, &by_payment_date_,
                                             &open_};
        for (int t = 0; t < 4; ++t) {
            out->rows[t] = rows;
            out->row_count[t] = tables[t]->finish();
            rows += plan.range(static_cast<profile_table>(t)).rows();
        }
        out->rows[4] = rows;
        out->row_count[4] = recent_.write(rows);
        out->scale = scale_;
        out->totals = totals_.totals();
    }

  private:
    // No row is larger than its profile's total, which has been found to fit.
    static void add_rows(const table_columns& from, int scale, int to_scale,
                         table_accumulator* to) noexcept {
        from.each([&](const table_row& r) {
            table_row scaled = r;
            if (scale != to_scale) (void)rescale(r.amount, scale, to_scale, &scaled.amount);
            to->add(scaled);
        });
    }
    void add_rows(const table_columns& from, int scale, table_accumulator* to) noexcept {
        add_rows(from, scale, scale_, to);
    }

    int scale_;
    amount_guard guard_;
    totals_builder totals_;
    table_accumulator by_days_late_, by_due_date_, by_payment_date_, open_;
    recent_list recent_;
};

}  // namespace

bool fail_amount_range(int scale, status* s) noexcept {
    s->fail(error_code::numeric_out_of_range, "amount out of range for a payment_profile");
    s->with_detail(
        "Amounts are kept exactly with %d digits after the decimal point; their sum may have 38 "
        "digits in all.",
        scale);
    return s->with_hint("Round the amounts to the decimals that count.");
}

void fold_plan::measure(const item& x) noexcept {
    const auto range = [&](profile_table t) -> key_range& { return ranges_[static_cast<int>(t)]; };
    scale_ = x.scale > scale_ ? x.scale : scale_;
    if (x.has_amount) range(profile_table::by_due_date).add(x.due);
    if (x.cls == item_class::timed) {
        range(profile_table::by_days_late).add(x.days_late);
        range(profile_table::by_payment_date).add(x.paid());
    } else if (!has_paid_date(x.cls) && !is_credit(x.cls)) {
        range(profile_table::open).add(open_key(x.due, x.cls == item_class::disputed_open));
    }
}

void fold_plan::add(const profile_source& source) noexcept {
    sources_[source_count_++] = source;
    if (source.view.kind() != profile_kind::tables) {
        for_each_item(source, [&](const item& x) {
            ++item_count_;
            measure(x);
        });
        return;
    }
    has_tables_ = true;
    wrapping_add(&item_count_, source.view.totals().item_count());
    scale_ = std::max(scale_, source.view.scale());
    for (int t = 0; t < 4; ++t) {
        const column& key = source.view.tabled().tables[t].key;
        key.each<std::int64_t>(0, key.rows,
                               [&](std::size_t, std::int64_t k) { ranges_[t].add(k); });
    }
}

std::size_t fold_plan::workspace_size() const noexcept {
    uint128 rows = max_recent_items;
    for (int t = 0; t < 4; ++t) rows += ranges_[t].rows();
    const uint128 bytes = rows * sizeof(table_row);
    return bytes > SIZE_MAX ? SIZE_MAX : static_cast<std::size_t>(bytes);
}

bool fold_listed(const fold_plan& plan, item* out, status* s) noexcept {
    std::uint32_t count = 0;
    amount_guard guard(plan.scale());
    bool in_range = true;
    for (int i = 0; i < plan.source_count(); ++i)
        for_each_item(plan.source(i), [&](const item& x) {
            out[count] = x;
            in_range = guard.rescale_item(&out[count++]) && in_range;
        });
    if (!in_range) return fail_amount_range(plan.scale(), s);
    std::sort(out, out + count, in_canonical_order);
    return true;
}

bool fold_tabled(const fold_plan& plan, void* workspace, table_set* out, status* s) noexcept {
    auto* rows = static_cast<table_row*>(workspace);
    tables_builder builder(plan, rows);
    bool in_range = true;
    for (int i = 0; i < plan.source_count(); ++i) {
        const profile_source& source = plan.source(i);
        if (source.view.kind() == profile_kind::tables)
            in_range = builder.add(source.view) && in_range;
        else
            for_each_item(source, [&](const item& x) { in_range = in_range && builder.add(x); });
    }
    if (!in_range) return fail_amount_range(plan.scale(), s);
    builder.finish(plan, rows, out);
    return true;
}

}  // namespace receivables
