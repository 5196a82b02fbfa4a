#include "core/profile/check.hpp"

#include <cstddef>

#include "core/profile/fold.hpp"

namespace receivables {

namespace {

constexpr int128 most_days = int128{max_day} - min_day;

bool malformed(status* s, const char* what) noexcept {
    return s->fail(error_code::invalid_binary, "malformed payment_profile: %s", what);
}

int128 total(const int128* amounts, bool (*wanted)(item_class)) noexcept {
    int128 sum = 0;
    for (int c = 0; c < item_classes; ++c)
        if (wanted(static_cast<item_class>(c))) sum += amounts[c];
    return sum;
}

// Sums over one table, which are refused while they still fit.
struct table_sums {
    int128 items = 0, amount = 0, sum = 0;
    int128 key_items = 0;  // of key * items
};

bool check_rows(const table_set& set, profile_table table, int128 least_key, int128 most_key,
                table_sums* sums, status* s) noexcept {
    const int t = static_cast<int>(table);
    const bool due_dates = table == profile_table::due_dates;
    const bool days =
        table == profile_table::days_late || table == profile_table::disputed_days_late;
    for (std::uint32_t i = 0; i < set.row_count[t]; ++i) {
        const table_row& r = set.rows[t][i];
        if (r.key < least_key || r.key > most_key) return malformed(s, "a key is out of range");
        if (i > 0 && set.rows[t][i - 1].key >= r.key) return malformed(s, "keys do not ascend");
        const bool empty = due_dates && r.items == 0 && r.amount == 0;
        if (r.items < (due_dates ? 0 : 1) || r.items > most_items || empty)
            return malformed(s, "a number of items is out of range");
        if (r.amount < 0 && !due_dates) return malformed(s, "a sum of amounts is negative");
        if (table == profile_table::payment_dates && r.amount != 0)
            return malformed(s, "a payment date has an amount");
        const int128 first = set.totals.first_due, last = set.totals.last_due;
        if (days ? r.sum < r.items * first || r.sum > r.items * last : r.sum != 0)
            return malformed(s, "a sum of due dates is out of range");
        if (__builtin_add_overflow(sums->amount, r.amount, &sums->amount))
            return fail_amount_range(set.scale, s);
        sums->items += r.items;
        sums->sum += r.sum;
        sums->key_items += int128{r.key} * r.items;
    }
    if (sums->items > most_items) return malformed(s, "a number of items is out of range");
    return true;
}

bool check_recent(const table_set& set, status* s) noexcept {
    const int t = static_cast<int>(profile_table::recent);
    const std::int64_t timed = set.totals.count(item_class::timed);
    if (set.row_count[t] != std::min<std::int64_t>(timed, max_recent_items))
        return malformed(s, "the number of recent items is wrong");
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

// A range of dates that is there exactly when there is something to have it.
bool check_range(day_number first, day_number last, bool any, const char* what,
                 status* s) noexcept {
    if (!any)
        return (first == profile_totals::no_first && last == profile_totals::no_last) ||
               malformed(s, what);
    return (first <= last && is_finite_day(first) && is_finite_day(last)) || malformed(s, what);
}

bool check_counts(const profile_totals& t, status* s) noexcept {
    int128 items = 0;
    for (std::int64_t count : t.counts) {
        if (count < 0 || count > most_items)
            return malformed(s, "a number of items is out of range");
        items += count;
    }
    if (items <= most_listed_items) return malformed(s, "too few items for tables");
    const std::int64_t timed = t.count(item_class::timed);
    if (items > most_items || t.amount_count < 0 || t.amount_count > items || t.terms_count < 0 ||
        t.terms_count > t.count(invoices) || t.days_to_pay_count < 0 ||
        t.days_to_pay_count > std::min(timed, t.terms_count))
        return malformed(s, "a number of items is out of range");
    return check_parts(t, s);
}

bool check_totals(const profile_totals& t, status* s) noexcept {
    if (!check_counts(t, s)) return false;
    for (int c = 0; c < item_classes; ++c) {
        const bool credit = is_credit(static_cast<item_class>(c));
        if (credit ? t.amounts[c] > 0 : t.amounts[c] < 0)
            return malformed(s, "a sum of amounts has the wrong sign");
        if (t.amounts[c] != 0 && t.counts[c] == 0)
            return malformed(s, "a sum of amounts is of no items");
        // A credit has an amount.
        if (credit && t.amounts[c] > -t.counts[c])
            return malformed(s, "a sum of credits is out of range");
    }
    if (t.amounts[static_cast<int>(item_class::zero)] != 0)
        return malformed(s, "items of amount 0 have an amount");
    if (t.amount_count < t.count(credits | parts | class_set{item_class::zero}))
        return malformed(s, "the number of amounts is out of range");
    const int128 widest = 2 * most_days;
    if (t.terms_sum > widest * t.terms_count || t.terms_sum < -widest * t.terms_count ||
        t.days_to_pay_sum > widest * t.days_to_pay_count ||
        t.days_to_pay_sum < -widest * t.days_to_pay_count)
        return malformed(s, "a sum of days is out of range");
    const bool paid = t.paid_on_day_count() > 0;
    if (paid ? !is_finite_day(t.last_paid) : t.last_paid != profile_totals::no_last)
        return malformed(s, "the last paid date is wrong");
    return check_range(t.first_due, t.last_due, t.count(invoices) > 0,
                       "the range of due dates is wrong", s) &&
           check_range(t.first_invoice, t.last_invoice, t.terms_count > 0,
                       "the range of invoice dates is wrong", s);
}

// The sums of invoices, and of credits, have 127 bits.
bool check_amount_range(const table_set& set, status* s) noexcept {
    amount_guard guard;
    for (int c = 0; c < item_classes; ++c) {
        const bool credit = is_credit(static_cast<item_class>(c));
        const auto units = static_cast<uint128>(set.totals.amounts[c]);
        if (!guard.add(credit ? -units : units, credit)) return fail_amount_range(set.scale, s);
    }
    if (set.totals.amount_count == 0) {
        for (int128 amount : set.totals.amounts)
            if (amount != 0) return malformed(s, "the number of amounts is out of range");
        if (set.scale != 0) return malformed(s, "a scale without amounts");
    }
    return true;
}

bool check_unpaid(const table_set& set, status* s) noexcept {
    const int t = static_cast<int>(profile_table::unpaid);
    profile_totals sums;
    for (std::uint32_t i = 0; i < set.row_count[t]; ++i) {
        const table_row& r = set.rows[t][i];
        const int c = static_cast<int>(unpaid_order[r.key & 3]);
        sums.counts[c] += r.items;
        sums.amounts[c] += r.amount;
    }
    for (item_class c : unpaid_order)
        if (sums.count(c) != set.totals.count(c) || sums.amount(c) != set.totals.amount(c))
            return malformed(s, "the sums of unpaid items do not agree");
    return true;
}

}  // namespace

bool check_item(const item& x, status* s) noexcept {
    if (!is_finite_day(x.due)) return malformed(s, "a date is out of range");
    if (can_have_paid_date(x.cls)) {
        const bool known = x.days_late != no_day;
        if (known && !is_finite_day(std::int64_t{x.due} + x.days_late))
            return malformed(s, "a date is out of range");
        if (!known && x.cls <= item_class::disputed_paid)
            return malformed(s, "a paid item has no paid date");
    } else if (x.days_late != 0) {
        return malformed(s, "an open item has a paid date");
    }
    if (x.terms != no_terms && !is_finite_day(std::int64_t{x.due} - x.terms))
        return malformed(s, "a date is out of range");
    if (x.scale < 0 || x.scale > max_display_scale || x.amount > static_cast<uint128>(int128_max) ||
        (!x.has_amount && (x.scale != 0 || x.amount != 0)))
        return malformed(s, "an amount is out of range");
    if (x.has_amount && (x.amount == 0) != (x.cls == item_class::zero))
        return malformed(s, "an amount is 0, or is not where it has to be");
    if (is_credit(x.cls) || parts.holds(x.cls) || x.cls == item_class::zero) {
        if (!x.has_amount) return malformed(s, "a credit has no amount");
        if (parts.holds(x.cls) && x.terms != no_terms)
            return malformed(s, "a part of an item has an invoice date");
    }
    return true;
}

bool check_parts(const profile_totals& t, status* s) noexcept {
    if (t.count(item_class::part) > t.count(open_invoices) ||
        t.count(item_class::credit_note_part) > t.count(item_class::credit_note_open) ||
        t.count(item_class::on_account_part) > t.count(item_class::on_account_open))
        return malformed(s, "more settled parts than open items");
    return true;
}

bool check_items(const profile_view& view, status* s) noexcept {
    if (view.scale() != 0 && !view.has_amounts()) return malformed(s, "a scale without amounts");
    bool sound = true;
    view.for_each_item([&](const item& x) { sound = sound && check_item(x, s); });
    return sound && check_parts(view.totals(), s);
}

namespace {

// The item behind a mark. Its bytes are looked at before anything reads them as a truth value,
// which other bytes are not.
bool check_full_item(const unsigned char* at, status* s) noexcept {
    if (at[offsetof(item, has_amount)] > 1 || at[offsetof(item, cls)] >= item_classes)
        return malformed(s, "an item is none");
    item x;
    std::memcpy(static_cast<void*>(&x), at, sizeof x);
    return check_item(x, s);
}

bool check_kept_profile(const unsigned char* at, std::size_t size, status* s) noexcept {
    profile_view view;
    if (!view.open(at, size, s)) return false;
    if (view.kind() != profile_kind::items) return malformed(s, "a part of it is no list of items");
    return check_items(view, s);
}

bool check_base(const place_base& base, status* s) noexcept {
    const bool sound = base.is_set() ? base.amount_scale >= place_base::usual_scale &&
                                           base.amount_scale <= place_base::most_scale &&
                                           base.display_scale <= base.amount_scale
                                     : base.display_scale == 0 && base.due == 0;
    return sound || malformed(s, "the base of its items is none");
}

// Amounts are multiples of what their display scale can show.
bool check_place(item_place p, const item_places& places, std::uint64_t divisor,
                 status* s) noexcept {
    const std::uint64_t amount = p & place_amounts;
    if (!places.base.is_set() || (amount != 0 && (amount - 1) % divisor != 0))
        return malformed(s, "an item is none");
    return check_item(item_in_place(p, places.base, divisor), s);
}

}  // namespace

bool check_places(const item_places& places, status* s) noexcept {
    if (!check_base(places.base, s)) return false;
    const std::uint64_t divisor = places.base.amount_factor(places.base.display_scale);
    for (std::uint32_t i = 0; i < places.used;) {
        const item_place p = places.at(i++);
        if (!is_mark(p)) {
            if (!check_place(p, places, divisor, s)) return false;
            continue;
        }
        const std::size_t left = std::size_t{places.used - i} * sizeof p, marked = marked_size(p);
        const std::size_t size = marked == 0 ? sizeof(item) : marked;
        if (size > left) return malformed(s, "an item is cut off");
        if (marked == 0 ? !check_full_item(places.from(i), s)
                        : !check_kept_profile(places.from(i), size, s))
            return false;
        i += places_for(size);
    }
    return true;
}

bool check_tables(const table_set& set, status* s) noexcept {
    const profile_totals& t = set.totals;
    if (!check_totals(t, s) || !check_amount_range(set, s)) return false;
    table_sums late, disputed, due, paid, unpaid;
    if (!check_rows(set, profile_table::days_late, -most_days, most_days, &late, s) ||
        !check_rows(set, profile_table::disputed_days_late, -most_days, most_days, &disputed, s) ||
        !check_rows(set, profile_table::due_dates, min_day, max_day, &due, s) ||
        !check_rows(set, profile_table::payment_dates, min_day, max_day, &paid, s) ||
        !check_rows(set, profile_table::unpaid, 4 * int128{min_day}, 4 * int128{max_day} + 3,
                    &unpaid, s))
        return false;
    const int128 timed = t.count(item_class::timed);
    if (late.items != timed || due.items != timed || paid.items != timed ||
        disputed.items != t.count(item_class::disputed_paid))
        return malformed(s, "the numbers of timed items do not agree");
    if (late.sum != due.key_items || paid.key_items != late.sum + late.key_items)
        return malformed(s, "the sums of dates do not agree");
    const int128 invoiced = total(t.amounts, [](item_class c) { return !on_account.holds(c); });
    if (late.amount != t.amount(item_class::timed) ||
        disputed.amount != t.amount(item_class::disputed_paid) || due.amount != invoiced)
        return malformed(s, "the sums of amounts do not agree");
    return check_unpaid(set, s) && check_recent(set, s);
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
