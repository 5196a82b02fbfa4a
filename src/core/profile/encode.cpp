#include "core/profile/encode.hpp"

#include "core/profile/listed_figures.hpp"

namespace receivables {

namespace {

struct listed_ranges {
    column_range days_late, terms;
    std::int32_t first_due;
    std::uint8_t due_bits, due_amount_width;
    bool any_unknown_amount = false;
    std::uint32_t paid = 0;
};

// 32-bit ranges first: this runs for every customer of a grouped profile.
listed_ranges ranges_of(const item* items, std::uint32_t count) noexcept {
    listed_ranges r;
    std::int32_t due_least = items[0].due, due_most = items[0].due;
    std::int32_t late_least = INT32_MAX, late_most = INT32_MIN;
    std::int32_t terms_least = INT32_MAX, terms_most = INT32_MIN;
    uint128 amount_most = 0;
    for (std::uint32_t i = 0; i < count; ++i) {
        const item& x = items[i];
        due_least = std::min(due_least, x.due);
        due_most = std::max(due_most, x.due);
        if (has_paid_date(x.cls)) {
            late_least = std::min(late_least, x.days_late);
            late_most = std::max(late_most, x.days_late);
            ++r.paid;
        }
        if (x.terms == no_terms) {
            r.terms.any_null = true;
        } else {
            terms_least = std::min(terms_least, x.terms);
            terms_most = std::max(terms_most, x.terms);
        }
        if (!x.has_amount) r.any_unknown_amount = true;
        amount_most = std::max(amount_most, x.amount);
    }
    if (r.paid > 0) {
        r.days_late.add(late_least);
        r.days_late.add(late_most);
    }
    if (terms_least <= terms_most) {
        r.terms.add(terms_least);
        r.terms.add(terms_most);
    }
    r.first_due = due_least;
    r.due_bits = static_cast<std::uint8_t>(
        bits_for(static_cast<std::uint64_t>(std::int64_t{due_most} - due_least)));
    r.due_amount_width = due_amount_width(r.due_bits, bits_for(amount_most + r.any_unknown_amount));
    return r;
}

std::size_t listed_size(const listed_ranges& r, std::uint32_t count) noexcept {
    return listed_header_size + std::size_t{count} * (r.terms.width() + r.due_amount_width) +
           (figure_rows + std::size_t{r.paid}) * r.days_late.width();
}

// Calls f with the width as a constant, so that the stores become plain moves.
template <class F>
void with_width(std::uint8_t width, F&& f) noexcept {
    switch (width) {
        case 0:
            return;
        case 1:
            return f(std::integral_constant<std::size_t, 1>{});
        case 2:
            return f(std::integral_constant<std::size_t, 2>{});
        case 3:
            return f(std::integral_constant<std::size_t, 3>{});
        case 4:
            return f(std::integral_constant<std::size_t, 4>{});
        case 5:
            return f(std::integral_constant<std::size_t, 5>{});
        case 6:
            return f(std::integral_constant<std::size_t, 6>{});
        case 7:
            return f(std::integral_constant<std::size_t, 7>{});
        default:
            return f(std::integral_constant<std::size_t, 8>{});
    }
}

// Writes value(items[i]) for i < count; up to 8 bytes wide.
template <class V>
unsigned char* write_column(const item* items, std::uint32_t count, std::uint8_t width, V&& value,
                            unsigned char* out) noexcept {
    with_width(width, [&](auto w) {
        for (std::uint32_t i = 0; i < count; ++i, out += w())
            store_le<std::uint64_t>(out, static_cast<std::uint64_t>(value(items[i])), w());
    });
    return out;
}

// What due_amount_column reads.
unsigned char* write_due_amounts(const item* items, std::uint32_t count, const listed_ranges& r,
                                 unsigned char* out) noexcept {
    const auto due = [&](const item& x) {
        return static_cast<std::uint64_t>(std::int64_t{x.due} - r.first_due);
    };
    const auto amount = [&](const item& x) {
        return x.has_amount ? x.amount + r.any_unknown_amount : uint128{0};
    };
    const std::uint8_t width = r.due_amount_width;
    if (width <= due_amount_column::widest_narrow)
        return write_column(
            items, count, width,
            [&](const item& x) {
                return due(x) | static_cast<std::uint64_t>(amount(x)) << r.due_bits;
            },
            out);
    for (std::uint32_t i = 0; i < count; ++i, out += width) {
        const std::size_t low_bytes = std::min<std::size_t>(width, sizeof(uint128));
        store_le<uint128>(out, due(items[i]) | amount(items[i]) << r.due_bits, low_bytes);
        if (width > low_bytes)
            store_le(out + low_bytes,
                     static_cast<std::uint32_t>(amount(items[i]) >> (128 - r.due_bits)),
                     width - low_bytes);
    }
    return out;
}

void write_listed_header(const item* items, std::uint32_t count, int scale, const listed_ranges& r,
                         unsigned char* out) noexcept {
    out[0] = profile_tag(profile_kind::items);
    const listed_layout layout = {r.terms.any_null,
                                  r.any_unknown_amount,
                                  r.days_late.width(),
                                  r.terms.width(),
                                  r.due_bits,
                                  r.due_amount_width,
                                  scale};
    store_le(out + listed_layout_at, layout.pack());
    std::uint8_t classes[item_classes] = {};
    for (std::uint32_t i = 0; i < count; ++i) ++classes[static_cast<int>(items[i].cls)];
    std::copy(classes, classes + item_classes, out + listed_counts_at);
    std::fill_n(out + listed_payment_day_at, 3, 0);
    store_le(out + listed_due_base_at, static_cast<std::uint32_t>(r.first_due));
    store_le(out + listed_late_base_at, static_cast<std::uint32_t>(r.days_late.least));
    store_le(out + listed_terms_base_at, static_cast<std::uint32_t>(r.terms.least));
}

class byte_writer {
  public:
    explicit byte_writer(unsigned char* out) noexcept : out_(out) {}
    void byte(std::uint8_t b) noexcept {
        if (out_ != nullptr) out_[size_] = b;
        ++size_;
    }
    void number(int128 value) noexcept {
        uint128 rest = static_cast<uint128>(value) << 1 ^ static_cast<uint128>(value >> 127);
        for (; rest > 127; rest >>= 7) byte(static_cast<std::uint8_t>(rest & 127) | 128);
        byte(static_cast<std::uint8_t>(rest));
    }
    void distance(uint128 value, std::uint8_t width) noexcept {
        if (out_ != nullptr) store_le<uint128>(out_ + size_, value, width);
        size_ += width;
    }
    std::size_t size() const noexcept { return size_; }
    bool measuring() const noexcept { return out_ == nullptr; }
    void skip(std::size_t size) noexcept { size_ += size; }

  private:
    unsigned char* out_;
    std::size_t size_ = 0;
};

void put_totals(const tabled_totals& t, byte_writer* out) noexcept {
    const int128 numbers[] = {t.disputed_paid_count,
                              t.credit_paid_count,
                              t.credit_open_count,
                              t.amount_count,
                              t.disputed_paid_amount,
                              t.credit_paid_amount,
                              t.credit_open_amount,
                              t.due_square_sum,
                              t.days_to_pay_count,
                              t.days_to_pay_sum,
                              t.terms_count,
                              t.terms_sum,
                              t.first_due,
                              t.last_due,
                              t.first_invoice,
                              t.last_invoice,
                              t.last_paid};
    for (int128 number : numbers) out->number(number);
}

void put_table(const table_row* rows, std::uint32_t count, byte_writer* out) noexcept {
    column_range key, items, amount, sum;
    for (std::uint32_t i = 0; i < count; ++i) {
        key.add(rows[i].key);
        items.add(rows[i].items);
        amount.add(rows[i].amount);
        sum.add(rows[i].sum);
    }
    out->number(count);
    const column_range* const ranges[] = {&key, &items, &amount, &sum};
    for (const column_range* r : ranges) {
        out->byte(r->width());
        out->number(r->least);
    }
    if (out->measuring()) {
        for (const column_range* r : ranges) out->skip(std::size_t{count} * r->width());
        return;
    }
    const auto put = [&](const column_range& r, auto value) {
        const std::uint8_t width = r.width();
        if (width == 0) return;
        for (std::uint32_t i = 0; i < count; ++i)
            out->distance(static_cast<uint128>(value(rows[i])) - static_cast<uint128>(r.least),
                          width);
    };
    put(key, [](const table_row& r) { return int128{r.key}; });
    put(items, [](const table_row& r) { return int128{r.items}; });
    put(amount, [](const table_row& r) { return r.amount; });
    put(sum, [](const table_row& r) { return r.sum; });
}

std::size_t put_tabled(const table_set& set, unsigned char* bytes) noexcept {
    byte_writer out(bytes);
    out.byte(profile_tag(profile_kind::tables));
    out.byte(0);
    out.distance(static_cast<uint128>(set.scale), 2);
    put_totals(set.totals, &out);
    for (int t = 0; t < profile_tables; ++t) put_table(set.rows[t], set.row_count[t], &out);
    return out.size();
}

}  // namespace

std::size_t listed_size(const item* items, std::uint32_t count) noexcept {
    return listed_size(ranges_of(items, count), count);
}

std::size_t write_listed(const item* items, std::uint32_t count, int scale,
                         unsigned char* out) noexcept {
    const listed_ranges r = ranges_of(items, count);
    write_listed_header(items, count, scale, r, out);
    const auto late_base = static_cast<std::int64_t>(r.days_late.least);
    const auto terms_base = static_cast<std::int64_t>(r.terms.least) - r.terms.any_null;
    unsigned char* at = out + listed_header_size + figure_rows * r.days_late.width();
    at = write_column(
        items, r.paid, r.days_late.width(), [&](const item& x) { return x.days_late - late_base; },
        at);
    at = write_column(
        items, count, r.terms.width(),
        [&](const item& x) { return x.terms == no_terms ? 0 : x.terms - terms_base; }, at);
    at = write_due_amounts(items, count, r, at);
    const auto size = static_cast<std::size_t>(at - out);
    // What was just written opens.
    listed_profile listed;
    if (open_listed(out, size, &scale, &listed)) keep_figures(listed, out);
    return size;
}

std::size_t tabled_size(const table_set& set) noexcept {
    return put_tabled(set, nullptr);
}

std::size_t write_tabled(const table_set& set, unsigned char* out) noexcept {
    return put_tabled(set, out);
}

}  // namespace receivables
