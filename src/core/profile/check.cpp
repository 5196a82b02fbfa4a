#include "core/profile/check.hpp"

#include "core/profile/fold.hpp"

namespace receivables {

namespace {

// Far more items than fit on any disk, few enough that no sum of them can overflow.
constexpr int128 most_items = int128{1} << 50;
constexpr int128 most_days = int128{max_day} - min_day;

bool malformed(status* s, const char* what) noexcept {
    return s->fail(error_code::invalid_binary, "malformed payment_profile: %s", what);
}

// Sums over one table, refused while they still fit.
struct table_sums {
    int128 items = 0;
    int128 amount = 0;
};

bool check_rows(const table_set& set, profile_table table, int128 least_key, int128 most_key,
                bool signed_amounts, table_sums* sums, status* s) noexcept {
    const int t = static_cast<int>(table);
    for (std::uint32_t i = 0; i < set.row_count[t]; ++i) {
        const table_row& r = set.rows[t][i];
        if (r.key < least_key || r.key > most_key) return malformed(s, "a key is out of range");
        if (i > 0 && set.rows[t][i - 1].key >= r.key) return malformed(s, "keys do not ascend");
        if (r.items < 1 || r.items > most_items)
            return malformed(s, "a number of items is out of range");
        if (r.amount < 0 && !signed_amounts) return malformed(s, "a sum of amounts is negative");
        if (__builtin_add_overflow(sums->amount, r.amount, &sums->amount))
            return fail_amount_range(set.scale, s);
        sums->items += r.items;
    }
    if (sums->items > most_items) return malformed(s, "a number of items is out of range");
    return true;
}

bool check_sums_of_due_dates(const table_set& set, status* s) noexcept {
    const int t = static_cast<int>(profile_table::by_days_late);
    for (std::uint32_t i = 0; i < set.row_count[t]; ++i) {
        const table_row& r = set.rows[t][i];
        if (r.sum < int128{r.items} * set.totals.first_due ||
            r.sum > int128{r.items} * set.totals.last_due)
            return malformed(s, "a sum of due dates is out of range");
    }
    return true;
}

bool check_recent(const table_set& set, int128 timed, status* s) noexcept {
    const int t = static_cast<int>(profile_table::recent);
    const int128 wanted = timed < int128{max_recent_items} ? timed : int128{max_recent_items};
    if (set.row_count[t] != wanted) return malformed(s, "the number of recent items is wrong");
    for (std::uint32_t i = 0; i < set.row_count[t]; ++i) {
        const table_row& r = set.rows[t][i];
        if (r.items != 1 || r.amount != 0 || r.key < set.totals.first_due ||
            r.key > set.totals.last_due || r.sum < -most_days || r.sum > most_days)
            return malformed(s, "a recent item is out of range");
        if (i == 0) continue;
        const table_row& before = set.rows[t][i - 1];
        if (before.key < r.key || (before.key == r.key && before.sum < r.sum))
            return malformed(s, "recent items are not in order");
    }
    return true;
}

bool is_count(std::int64_t count, int128 most) noexcept {
    return count >= 0 && count <= most;
}

// A range of dates that is there exactly when there is something to have it.
bool check_range(day_number first, day_number last, bool any, const char* what,
                 status* s) noexcept {
    if (any ? first > last : first != 0 || last != 0) return malformed(s, what);
    if (!is_finite_day(first) || !is_finite_day(last)) return malformed(s, what);
    return true;
}

bool check_totals(const tabled_totals& t, int128 timed, int128 unpaid, status* s) noexcept {
    if (!is_count(t.disputed_paid_count, most_items) ||
        !is_count(t.credit_paid_count, most_items) || !is_count(t.credit_open_count, most_items))
        return malformed(s, "a number of items is out of range");
    const int128 paid = timed + t.disputed_paid_count;
    const int128 invoices = paid + unpaid;
    const int128 items = invoices + t.credit_paid_count + t.credit_open_count;
    if (items <= max_listed_items) return malformed(s, "too few items for tables");
    if (!is_count(t.amount_count, items) || !is_count(t.terms_count, invoices) ||
        !is_count(t.days_to_pay_count, timed < t.terms_count ? timed : int128{t.terms_count}))
        return malformed(s, "a number of items is out of range");
    if (t.disputed_paid_amount < 0 || t.credit_paid_amount > 0 || t.credit_open_amount > 0)
        return malformed(s, "a sum of amounts has the wrong sign");
    const int128 widest = 2 * most_days;
    if (t.terms_sum > widest * t.terms_count || t.terms_sum < -widest * t.terms_count ||
        t.days_to_pay_sum > widest * t.days_to_pay_count ||
        t.days_to_pay_sum < -widest * t.days_to_pay_count)
        return malformed(s, "a sum of days is out of range");
    if (t.due_square_sum < 0 || t.due_square_sum > timed * max_day * max_day)
        return malformed(s, "the sum of squared due dates is out of range");
    return check_range(t.first_due, t.last_due, invoices > 0, "the range of due dates is wrong",
                       s) &&
           check_range(t.first_invoice, t.last_invoice, t.terms_count > 0,
                       "the range of invoice dates is wrong", s) &&
           check_range(t.last_paid, t.last_paid, paid > 0, "the last paid date is wrong", s);
}

// The amounts by due date are those of everything: timed, open, disputed, credits.
bool check_amounts(const table_set& set, int128 timed, int128 unpaid, int128 all,
                   status* s) noexcept {
    const tabled_totals& t = set.totals;
    int128 invoices, credits, total;
    if (__builtin_add_overflow(timed, unpaid, &invoices) ||
        __builtin_add_overflow(invoices, t.disputed_paid_amount, &invoices) ||
        __builtin_add_overflow(t.credit_paid_amount, t.credit_open_amount, &credits) ||
        __builtin_add_overflow(invoices, credits, &total))
        return fail_amount_range(set.scale, s);
    if (total != all) return malformed(s, "the sums of amounts do not agree");
    return true;
}

}  // namespace

bool check_item(const item& x, status* s) noexcept {
    if (!is_finite_day(x.due) || !is_finite_day(std::int64_t{x.due} + x.days_late) ||
        (x.terms != no_terms && !is_finite_day(std::int64_t{x.due} - x.terms)))
        return malformed(s, "a date is out of range");
    if (x.amount > static_cast<uint128>(int128_max))
        return malformed(s, "an amount is out of range");
    if (is_credit(x.cls) && (!x.has_amount || x.amount == 0))
        return malformed(s, "a credit has no amount");
    return true;
}

bool check_tables(const table_set& set, status* s) noexcept {
    table_sums timed, due, paid, unpaid;
    if (!check_rows(set, profile_table::by_days_late, -most_days, most_days, false, &timed, s) ||
        !check_rows(set, profile_table::by_due_date, min_day, max_day, true, &due, s) ||
        !check_rows(set, profile_table::by_payment_date, min_day, max_day, false, &paid, s) ||
        !check_rows(set, profile_table::open, 2 * int128{min_day}, 2 * int128{max_day} + 1, false,
                    &unpaid, s))
        return false;
    if (timed.items != paid.items) return malformed(s, "the numbers of timed items do not agree");
    if (due.items != set.totals.amount_count)
        return malformed(s, "the numbers of amounts do not agree");
    return check_totals(set.totals, timed.items, unpaid.items, s) &&
           check_amounts(set, timed.amount, unpaid.amount, due.amount, s) &&
           check_sums_of_due_dates(set, s) && check_recent(set, timed.items, s);
}

std::size_t row_total(const profile_view& view) noexcept {
    std::size_t rows = 0;
    for (const table_columns& table : view.tabled().tables) rows += table.rows();
    return rows;
}

table_set read_tables(const profile_view& view, table_row* rows) noexcept {
    table_set set;
    set.scale = view.scale();
    set.totals = view.tabled().totals;
    for (int t = 0; t < profile_tables; ++t) {
        set.rows[t] = rows;
        view.tabled().tables[t].each([&](const table_row& r) { *rows++ = r; });
        set.row_count[t] = static_cast<std::uint32_t>(rows - set.rows[t]);
    }
    return set;
}

}  // namespace receivables
