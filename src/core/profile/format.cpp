#include "core/profile/format.hpp"

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
    due_amounts.each_due(first, last, [&](std::size_t i, std::int64_t v) {
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
    due_amounts.each_amount(first, last, [&](std::size_t i, int128 v) {
        out[i - first].has_amount = v >= 0;
        out[i - first].amount = v >= 0 ? static_cast<uint128>(v) : 0;
    });
}

namespace {

// Bytes above `limit`, 16 at a time. The last block ends with the last byte, so that the first may
// begin before the column: the header stands there, and what is read of it is not counted.
std::int64_t count_bytes_above(const unsigned char* data, std::size_t rows, int limit) noexcept {
    typedef std::uint8_t block __attribute__((vector_size(16)));
    constexpr std::size_t lanes = sizeof(block);
    static_assert(lanes <= listed_header_size);
    constexpr block lane_numbers = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
    const std::size_t blocks = (rows + lanes - 1) / lanes;
    const auto outside = static_cast<std::uint8_t>(blocks * lanes - rows);
    const unsigned char* at = data + rows - blocks * lanes;
    block counts = {}, wanted = lane_numbers >= outside;
    for (std::size_t i = 0; i < blocks; ++i, at += lanes) {
        block next;
        std::memcpy(&next, at, lanes);
        // Bits all set are one less than 0.
        counts -= (next > static_cast<std::uint8_t>(limit)) & wanted;
        wanted = ~block{};
    }
    // At most 16 in a lane, 255 in all: adding up all bytes of a number in its highest cannot
    // overflow.
    std::uint64_t halves[2];
    std::memcpy(halves, &counts, sizeof halves);
    return static_cast<std::int64_t>((halves[0] + halves[1]) * 0x0101010101010101 >> 56);
}

}  // namespace

std::int64_t listed_profile::count_later_than(std::int64_t limit) const noexcept {
    const std::size_t rows = timed();
    const std::int64_t distance = limit - static_cast<std::int64_t>(days_late.base);
    if (days_late.width <= 1) {
        if (distance < 0) return static_cast<std::int64_t>(rows);
        if (days_late.width == 0 || distance >= UINT8_MAX) return 0;
        return count_bytes_above(days_late.data, rows, static_cast<int>(distance));
    }
    std::int64_t later = 0;
    days_late.each<std::int64_t>(0, rows,
                                 [&](std::size_t, std::int64_t days) { later += days > limit; });
    return later;
}

std::size_t listed_profile::payment_dates(day_number out[max_listed_items]) const noexcept {
    const std::uint32_t count = timed();
    due_amounts.each_due(0, count, [&](std::size_t i, std::int64_t due) noexcept {
        out[i] = static_cast<day_number>(due);
    });
    // Wraps around instead of overflowing: a damaged value must not be undefined behaviour.
    days_late.each<std::int64_t>(0, count, [&](std::size_t i, std::int64_t days) noexcept {
        out[i] = static_cast<day_number>(std::int64_t{out[i]} + static_cast<std::int32_t>(days));
    });
    return count;
}

table_row table_columns::at(std::uint32_t row) const noexcept {
    return {static_cast<std::int64_t>(key.at(row)), static_cast<std::int64_t>(items.at(row)),
            amount.at(row), sum.at(row)};
}

namespace {

// The counts and the payment day; false when they cannot be.
bool read_counts(const unsigned char* bytes, listed_profile* out) noexcept {
    std::uint32_t items = 0, paid = 0;
    for (int c = 0; c < item_classes; ++c) {
        const std::uint8_t count = bytes[listed_counts_at + c];
        out->count[c] = count;
        items += count;
        if (has_paid_date(static_cast<item_class>(c))) paid = items;
    }
    out->days_late.rows = paid;
    out->due_amounts.rows = out->terms.rows = items;
    const unsigned char* const at = bytes + listed_payment_day_at;
    const std::int32_t day = static_cast<std::int8_t>(at[0]), held = at[1], payments = at[2];
    out->payment_day.day = day;
    out->payment_day.held = held;
    out->payment_day.payments = payments;
    return (items > 0) & (items <= max_listed_items) & (day >= -31) & (day <= 31) &
           (held <= payments) & (payments <= static_cast<int>(out->timed()));
}

}  // namespace

bool listed_layout::unpack(std::uint32_t packed) noexcept {
    unknown_terms = packed & 1;
    unknown_amounts = packed >> 1 & 1;
    const std::uint32_t widths = packed >> 2 & 31;
    late_width = static_cast<std::uint8_t>(widths / 5);
    terms_width = static_cast<std::uint8_t>(widths % 5);
    due_bits = packed >> 7 & 63;
    due_amount_width = packed >> 13 & 31;
    scale = static_cast<int>(packed >> 18);
    return (widths < 25) & (due_bits <= due_amount_column::most_due_bits) &
           (due_amount_width <= due_amount_column::widest);
}

// Field by field, none read back from where it was just written: a number put together from bytes
// that are still on their way to memory has to wait for them.
[[gnu::flatten]] bool open_listed(const unsigned char* bytes, std::size_t size, int* scale,
                                  listed_profile* out) noexcept {
    if (size < listed_header_size) return false;
    const auto base_at = [&](std::size_t at) {
        return static_cast<std::int32_t>(load_le<std::uint32_t>(bytes + at));
    };
    listed_layout layout;
    if (!layout.unpack(load_le<std::uint32_t>(bytes + listed_layout_at)) ||
        !read_counts(bytes, out))
        return false;
    *scale = layout.scale;
    const std::size_t late_width = layout.late_width;
    const std::int32_t late_base = base_at(listed_late_base_at);
    const unsigned char* at = bytes + listed_header_size;
    const auto place = [&](column* c, std::size_t width, std::size_t rows, std::int32_t base) {
        c->data = at;
        c->width = static_cast<std::uint8_t>(width);
        c->base = base;
        c->nullable = false;
        at += width * rows;
    };
    place(&out->figures, late_width, figure_rows, late_base);
    out->figures.rows = figure_rows;
    place(&out->days_late, late_width, out->days_late.rows, late_base);
    place(&out->terms, layout.terms_width, out->terms.rows, base_at(listed_terms_base_at));
    out->terms.nullable = layout.unknown_terms;
    due_amount_column& due_amounts = out->due_amounts;
    due_amounts.data = at;
    due_amounts.width = layout.due_amount_width;
    due_amounts.due_bits = layout.due_bits;
    due_amounts.nullable = layout.unknown_amounts;
    due_amounts.due_base = base_at(listed_due_base_at);
    return at + std::size_t{layout.due_amount_width} * due_amounts.rows == bytes + size;
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
