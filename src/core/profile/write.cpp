#include "core/profile/write.hpp"

namespace receivables {

namespace {

struct range32 {
    std::int32_t least = INT32_MAX, most = INT32_MIN;
    bool unknown = false;

    // `none` stands for an unknown number.
    void add(std::int32_t number, std::int32_t none) noexcept {
        if (number == none) {
            unknown = true;
        } else {
            least = std::min(least, number);
            most = std::max(most, number);
        }
    }
    bool any() const noexcept { return least <= most; }
    std::int32_t base() const noexcept { return any() ? least : 0; }
    std::uint8_t width() const noexcept {
        return any() ? bytes_for(static_cast<std::uint64_t>(std::int64_t{most} - least) + unknown)
                     : std::uint8_t{0};
    }
    // What is stored for a number.
    std::uint64_t distance(std::int32_t number, std::int32_t none) const noexcept {
        if (unknown && number == none) return 0;
        return static_cast<std::uint64_t>(std::int64_t{number} - base()) + unknown;
    }
};

struct listed_ranges {
    range32 due, late, terms;
    std::uint8_t amount_width = 0;
    bool unknown_amount = false;
    std::uint32_t dated = 0;
};

listed_ranges ranges_of(const item* items, std::uint32_t count) noexcept {
    listed_ranges r;
    uint128 most = 0;
    bool any_amount = false;
    for (std::uint32_t i = 0; i < count; ++i) {
        const item& x = items[i];
        r.due.least = std::min(r.due.least, x.due);
        r.due.most = std::max(r.due.most, x.due);
        if (can_have_paid_date(x.cls)) {
            r.late.add(x.days_late, no_day);
            ++r.dated;
        }
        r.terms.add(x.terms, no_terms);
        r.unknown_amount |= !x.has_amount;
        any_amount |= x.has_amount;
        most = std::max(most, x.amount);
    }
    if (any_amount) r.amount_width = bytes_for(most + r.unknown_amount);
    return r;
}

std::size_t listed_size(const listed_ranges& r, std::uint32_t count) noexcept {
    return listed_header_size +
           std::size_t{count} * (r.due.width() + r.terms.width() + r.amount_width) +
           std::size_t{r.dated} * r.late.width();
}

// Writes value(items[i]) for i < count.
template <class V>
unsigned char* write_column(const item* items, std::uint32_t count, std::uint8_t width, V&& value,
                            unsigned char* out) noexcept {
    with_width(width, [&](auto w) {
        if constexpr (w() > 8) {
            for (std::uint32_t i = 0; i < count; ++i, out += width)
                store_le<uint128>(out, value(items[i]), width);
        } else if constexpr (w() > 0) {
            for (std::uint32_t i = 0; i < count; ++i, out += w())
                store_le<std::uint64_t>(out, static_cast<std::uint64_t>(value(items[i])), w());
        }
    });
    return out;
}

void write_listed_header(const item* items, std::uint32_t count, int scale, const listed_ranges& r,
                         unsigned char* out) noexcept {
    out[0] = profile_tag(profile_kind::items);
    out[listed_flags_at] = static_cast<unsigned char>(
        (r.late.unknown ? unknown_paid_dates : 0) | (r.terms.unknown ? unknown_terms : 0) |
        (r.unknown_amount ? unknown_amounts : 0));
    store_le(out + listed_scale_at, static_cast<std::uint16_t>(scale));
    std::uint8_t counts[item_classes] = {};
    for (std::uint32_t i = 0; i < count; ++i) ++counts[static_cast<int>(items[i].cls)];
    std::copy(counts, counts + item_classes, out + listed_counts_at);
    const std::uint8_t widths[] = {r.due.width(), r.late.width(), r.terms.width(), r.amount_width};
    std::copy(widths, widths + 4, out + listed_widths_at);
    const std::int32_t bases[] = {r.due.base(), r.late.base(), r.terms.base()};
    for (std::size_t i = 0; i < 3; ++i)
        store_le(out + listed_bases_at + 4 * i, static_cast<std::uint32_t>(bases[i]));
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

void put_totals(const profile_totals& t, byte_writer* out) noexcept {
    for (int c = 0; c < item_classes; ++c) {
        out->number(t.counts[c]);
        out->number(t.amounts[c]);
    }
    const int128 sums[] = {t.amount_count, t.days_to_pay_count, t.days_to_pay_sum, t.terms_count,
                           t.terms_sum};
    for (int128 sum : sums) out->number(sum);
    if (t.count(invoices) > 0) {
        out->number(t.first_due);
        out->number(t.last_due);
    }
    if (t.terms_count > 0) {
        out->number(t.first_invoice);
        out->number(t.last_invoice);
    }
    if (t.paid_on_day_count() > 0) out->number(t.last_paid);
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
    unsigned char* at = out + listed_header_size;
    at = write_column(
        items, count, r.due.width(),
        [&](const item& x) { return r.due.distance(x.due, INT32_MIN); }, at);
    at = write_column(
        items, r.dated, r.late.width(),
        [&](const item& x) { return r.late.distance(x.days_late, no_day); }, at);
    at = write_column(
        items, count, r.terms.width(),
        [&](const item& x) { return r.terms.distance(x.terms, no_terms); }, at);
    at = write_column(
        items, count, r.amount_width,
        [&](const item& x) { return x.has_amount ? x.amount + r.unknown_amount : uint128{0}; }, at);
    return static_cast<std::size_t>(at - out);
}

std::size_t tabled_size(const table_set& set) noexcept {
    return put_tabled(set, nullptr);
}

std::size_t write_tabled(const table_set& set, unsigned char* out) noexcept {
    return put_tabled(set, out);
}

}  // namespace receivables
