#include "core/profile/stored.hpp"

namespace receivables {

namespace {

// Walks over the variable-length part of a value; every read checks that it stays inside.
class byte_reader {
  public:
    byte_reader(const unsigned char* at, const unsigned char* end) noexcept : at_(at), end_(end) {}

    bool byte(std::uint8_t* out) noexcept {
        if (at_ == end_) return false;
        *out = *at_++;
        return true;
    }
    // Zigzag numbers in groups of seven bits, lowest first, in their shortest form.
    bool number(int128* out) noexcept {
        uint128 value = 0;
        for (int shift = 0; shift < 133; shift += 7) {
            std::uint8_t b;
            if (!byte(&b)) return false;
            if (shift == 126 && b > 3) return false;
            value |= static_cast<uint128>(b & 127) << shift;
            if (b < 128) {
                if (b == 0 && shift > 0) return false;
                *out = static_cast<int128>(value >> 1) ^ -static_cast<int128>(value & 1);
                return true;
            }
        }
        return false;
    }
    template <class T>
    bool number_within(int128 least, int128 most, T* out) noexcept {
        int128 value;
        if (!number(&value) || value < least || value > most) return false;
        *out = static_cast<T>(value);
        return true;
    }
    bool skip(std::size_t size) noexcept {
        if (static_cast<std::size_t>(end_ - at_) < size) return false;
        at_ += size;
        return true;
    }
    const unsigned char* at() const noexcept { return at_; }
    bool at_end() const noexcept { return at_ == end_; }

  private:
    const unsigned char* at_;
    const unsigned char* end_;
};

// Far more items than fit on any disk, few enough that no sum of them can overflow.
constexpr int128 most_items = int128{1} << 50;

bool read_day(byte_reader* in, day_number* out) noexcept {
    return in->number_within(min_day, max_day, out);
}

bool read_count(byte_reader* in, std::int64_t* out) noexcept {
    return in->number_within(0, most_items, out);
}

bool read_totals(byte_reader* in, profile_totals* t) noexcept {
    *t = profile_totals();
    for (int c = 0; c < item_classes; ++c)
        if (!read_count(in, &t->counts[c]) || !in->number(&t->amounts[c])) return false;
    if (!read_count(in, &t->amount_count) || !read_count(in, &t->days_to_pay_count) ||
        !in->number(&t->days_to_pay_sum) || !read_count(in, &t->terms_count) ||
        !in->number(&t->terms_sum))
        return false;
    const bool due = t->count(invoices) > 0, paid = t->paid_on_day_count() > 0;
    return (!due || (read_day(in, &t->first_due) && read_day(in, &t->last_due))) &&
           (t->terms_count == 0 ||
            (read_day(in, &t->first_invoice) && read_day(in, &t->last_invoice))) &&
           (!paid || read_day(in, &t->last_paid));
}

// A column that is at most `widest` bytes wide and whose base lies where no number can overflow.
bool read_column(byte_reader* in, std::uint32_t rows, int widest, column* out) noexcept {
    out->rows = rows;
    out->nullable = false;
    if (!in->byte(&out->width) || out->width > widest || !in->number(&out->base)) return false;
    const int128 limit = widest <= 8 ? int128{INT64_MAX} : int128_max;
    return out->base <= limit && out->base >= -limit;
}

bool read_table(byte_reader* in, table_columns* t) noexcept {
    std::uint32_t rows;
    if (!in->number_within(0, UINT32_MAX, &rows)) return false;
    column* const columns[] = {&t->key, &t->items, &t->amount, &t->sum};
    constexpr int widest[] = {8, 8, 16, 16};
    for (int i = 0; i < 4; ++i)
        if (!read_column(in, rows, widest[i], columns[i])) return false;
    // Keys differ, but for those of the few recent items: no row without a byte of its own, or a
    // short value could stand for billions of them.
    if (rows > max_recent_items && t->key.width == 0) return false;
    for (column* c : columns) {
        c->data = in->at();
        if (!in->skip(c->bytes())) return false;
    }
    return true;
}

}  // namespace

void listed_profile::read(std::uint32_t first, std::uint32_t last, item_class c, int scale,
                          item* out) const noexcept {
    const auto place = [&](std::size_t i) -> item& { return out[i - first]; };
    due.each<std::int64_t>(first, last, [&](std::size_t i, std::int64_t v) {
        place(i).due = static_cast<day_number>(v);
        place(i).days_late = 0;
        place(i).cls = c;
    });
    if (can_have_paid_date(c)) {
        const std::int64_t unknown = static_cast<std::int64_t>(days_late.base) - 1;
        days_late.each<std::int64_t>(first, last, [&](std::size_t i, std::int64_t v) {
            const bool none = days_late.nullable && v == unknown;
            place(i).days_late = none ? no_day : static_cast<std::int32_t>(v);
        });
    }
    const std::int64_t unknown = static_cast<std::int64_t>(terms.base) - 1;
    terms.each<std::int64_t>(first, last, [&](std::size_t i, std::int64_t v) {
        const bool none = terms.nullable && v == unknown;
        place(i).terms = none ? no_terms : static_cast<std::int32_t>(v);
    });
    amount.each<int128>(first, last, [&](std::size_t i, int128 v) {
        place(i).has_amount = v >= 0;
        place(i).amount = v >= 0 ? static_cast<uint128>(v) : 0;
        place(i).scale = static_cast<std::int16_t>(v >= 0 ? scale : 0);
    });
}

bool open_listed(const unsigned char* bytes, std::size_t size, int* scale,
                 listed_profile* out) noexcept {
    if (size < listed_header_size) return false;
    const std::uint8_t flags = bytes[listed_flags_at];
    const unsigned char* const widths = bytes + listed_widths_at;
    *scale = load_le<std::uint16_t>(bytes + listed_scale_at);
    std::uint32_t items = 0, dated = 0;
    for (int c = 0; c < item_classes; ++c) {
        items += out->count[c] = bytes[listed_counts_at + c];
        if (c + 1 == dated_classes) dated = items;
    }
    out->items = items;
    const unsigned char* at = bytes + listed_header_size;
    const auto place = [&](column* c, int i, std::uint32_t rows, bool nullable) {
        *c = {at, rows, widths[i], nullable, 0};
        if (i < 3) {
            const auto base = load_le<std::uint32_t>(bytes + listed_bases_at + 4 * i);
            c->base = static_cast<std::int32_t>(base);
        }
        at += c->bytes();
    };
    // In the order of widths: due dates, days late, terms, amounts.
    constexpr int due_at = 0, late_at = 1, terms_at = 2, amount_at = 3;
    if (flags > 7 || *scale > max_display_scale || items == 0 || items > most_listed_items ||
        widths[due_at] > 4 || widths[late_at] > 5 || widths[terms_at] > 5 || widths[amount_at] > 16)
        return false;
    place(&out->due, due_at, items, false);
    place(&out->days_late, late_at, dated, (flags & unknown_paid_dates) != 0);
    place(&out->terms, terms_at, items, (flags & unknown_terms) != 0);
    place(&out->amount, amount_at, items, (flags & unknown_amounts) != 0);
    return at == bytes + size;
}

bool open_tabled(const unsigned char* bytes, std::size_t size, int* scale,
                 tabled_profile* out) noexcept {
    if (size < 4 || bytes[1] != 0) return false;
    *scale = load_le<std::uint16_t>(bytes + 2);
    if (*scale > max_display_scale) return false;
    byte_reader in(bytes + 4, bytes + size);
    if (!read_totals(&in, &out->totals)) return false;
    for (table_columns& table : out->tables)
        if (!read_table(&in, &table)) return false;
    return in.at_end();
}

}  // namespace receivables
