#include "core/profile_format.hpp"

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

bool read_day(byte_reader* in, day_number* out) noexcept {
    return in->number_within(min_day, max_day, out);
}

bool read_count(byte_reader* in, std::int64_t* out) noexcept {
    return in->number_within(0, INT64_MAX, out);
}

bool read_totals(byte_reader* in, tabled_totals* t) noexcept {
    t->timed_count = t->open_count = t->disputed_open_count = 0;
    return read_count(in, &t->disputed_paid_count) && read_count(in, &t->credit_paid_count) &&
           read_count(in, &t->credit_open_count) && read_count(in, &t->amount_count) &&
           in->number(&t->disputed_paid_amount) && in->number(&t->credit_paid_amount) &&
           in->number(&t->credit_open_amount) && in->number(&t->due_square_sum) &&
           read_count(in, &t->days_to_pay_count) && in->number(&t->days_to_pay_sum) &&
           read_count(in, &t->terms_count) && in->number(&t->terms_sum) &&
           read_day(in, &t->first_due) && read_day(in, &t->last_due) &&
           read_day(in, &t->first_invoice) && read_day(in, &t->last_invoice) &&
           read_day(in, &t->last_paid);
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
    due.each<std::int64_t>(first, last, [&](std::size_t i, std::int64_t v) {
        item& x = out[i - first];
        x.due = static_cast<day_number>(v);
        x.days_late = 0;
        x.cls = c;
        x.scale = static_cast<std::int16_t>(scale);
    });
    if (has_paid_date(c))
        days_late.each<std::int64_t>(first, last, [&](std::size_t i, std::int64_t v) {
            out[i - first].days_late = static_cast<std::int32_t>(v);
        });
    const std::int64_t unknown_terms = static_cast<std::int64_t>(terms.base) - 1;
    terms.each<std::int64_t>(first, last, [&](std::size_t i, std::int64_t v) {
        const bool unknown = terms.nullable && v == unknown_terms;
        out[i - first].terms = unknown ? no_terms : static_cast<std::int32_t>(v);
    });
    each_amount(first, last, [&](std::size_t i, int128 v) {
        out[i - first].has_amount = v >= 0;
        out[i - first].amount = v >= 0 ? static_cast<uint128>(v) : 0;
    });
}

table_row table_columns::at(std::uint32_t row) const noexcept {
    return {static_cast<std::int64_t>(key.at(row)), static_cast<std::int64_t>(items.at(row)),
            amount.at(row), sum.at(row)};
}

bool open_listed(const unsigned char* bytes, std::size_t size, int* scale,
                 listed_profile* out) noexcept {
    if (size < listed_header_size || bytes[1] & ~3) return false;
    *scale = load_le<std::uint16_t>(bytes + 2);
    std::uint32_t items = 0, paid = 0;
    for (int c = 0; c < item_classes; ++c) {
        out->count[c] = load_le<std::uint16_t>(bytes + 4 + 2 * c);
        items += out->count[c];
        if (has_paid_date(static_cast<item_class>(c))) paid = items;
    }
    if (items == 0 || items > max_listed_items || *scale > max_display_scale) return false;
    column* const columns[] = {&out->due, &out->days_late, &out->terms};
    for (int i = 0; i < 3; ++i) {
        columns[i]->base = static_cast<std::int32_t>(load_le<std::uint32_t>(bytes + 16 + 5 * i));
        columns[i]->width = bytes[20 + 5 * i];
        if (columns[i]->width > 4) return false;
    }
    out->amount.width = bytes[31];
    if (out->amount.width > max_column_width) return false;
    out->amount.base = 0;
    out->due.nullable = out->days_late.nullable = false;
    out->due.rows = out->terms.rows = out->amount.rows = items;
    out->days_late.rows = paid;
    out->terms.nullable = bytes[1] & 1;
    out->amount.nullable = bytes[1] >> 1 & 1;
    out->due.data = bytes + listed_header_size;
    out->days_late.data = out->due.data + out->due.bytes();
    out->terms.data = out->days_late.data + out->days_late.bytes();
    out->amount.data = out->terms.data + out->terms.bytes();
    return out->amount.data + out->amount.bytes() == bytes + size;
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
