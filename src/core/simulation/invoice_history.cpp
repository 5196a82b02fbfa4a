#include "core/simulation/invoice_history.hpp"

#include <iterator>

#include "core/base/byte_order.hpp"
#include "core/profile/check.hpp"

namespace receivables {

namespace {

constexpr std::uint8_t canonical_tag = 0x10;
constexpr std::uint8_t working_tag = 0x11;
constexpr std::uint64_t customer_bit = std::uint64_t{1} << 63;

// The word that carries the customer's mark.
constexpr std::size_t marked_word(bool wide) noexcept {
    return wide ? 2 : 1;
}

// Signed days in ascending order as unsigned numbers.
std::uint32_t biased(std::int32_t days) noexcept {
    return static_cast<std::uint32_t>(days) ^ 0x80000000u;
}
std::int32_t unbiased(std::uint64_t days) noexcept {
    return static_cast<std::int32_t>(static_cast<std::uint32_t>(days) ^ 0x80000000u);
}

template <class Record>
void store_words(const Record& record, unsigned char* out) noexcept {
    for (std::size_t i = 0; i < std::size(record.word); ++i) store_le(out + 8 * i, record.word[i]);
}

bool check_header(const unsigned char* bytes, std::size_t size) noexcept {
    return size >= history_header_size && (bytes[0] == canonical_tag || bytes[0] == working_tag) &&
           bytes[1] <= 1 && load_le<std::uint32_t>(bytes + 4) > 0 &&
           (size - history_header_size) / record_size(bytes[1] == 1) >=
               load_le<std::uint32_t>(bytes + 4);
}

void read_wide(const unsigned char* record, item* out) noexcept {
    const auto head = load_le<std::uint64_t>(record);
    const auto days = load_le<std::uint64_t>(record + 8);
    const auto high = load_le<std::uint64_t>(record + 16) & ~customer_bit;
    out->cls = static_cast<item_class>(head >> 56);
    out->has_amount = (head >> 48 & 1) != 0;
    out->scale = static_cast<std::int16_t>(head >> 32 & 0x7FFF);
    out->due = unbiased(head);
    out->days_late = unbiased(days >> 32);
    out->terms = unbiased(days);
    out->amount = uint128{high} << 64 | load_le<std::uint64_t>(record + 24);
}

}  // namespace

bool history_view::open(const unsigned char* bytes, std::size_t size, status* s) noexcept {
    if (!check_header(bytes, size)) {
        if (size > 0 && bytes[0] >> 4 != 1)
            return s->fail(error_code::invalid_binary,
                           "unknown format version %d of an invoice_history", bytes[0] >> 4);
        return s->fail(error_code::invalid_binary, "malformed invoice_history of %zu bytes", size);
    }
    working_ = bytes[0] == working_tag;
    wide_ = bytes[1] == 1;
    count_ = load_le<std::uint32_t>(bytes + 4);
    records_ = bytes + history_header_size;
    return true;
}

bool history_view::begins_customer(std::uint32_t i) const noexcept {
    return i == 0 || load_le<std::uint64_t>(record(i) + 8 * marked_word(wide_)) >> 63 != 0;
}

std::uint32_t history_view::customer_count() const noexcept {
    std::uint32_t customers = 0;
    for (std::uint32_t i = 0; i < count_; ++i) customers += begins_customer(i);
    return customers;
}

bool history_view::read(std::uint32_t i, item* out, status* s) const noexcept {
    const unsigned char* at = record(i);
    if (wide_)
        read_wide(at, out);
    else
        *out = unpack({load_le<std::uint64_t>(at), load_le<std::uint64_t>(at + 8) & ~customer_bit});
    if (static_cast<int>(out->cls) < item_classes && out->scale <= max_display_scale &&
        check_item(*out, s))
        return true;
    return s->fail(error_code::invalid_binary, "malformed invoice_history: item %u", i + 1);
}

void write_history_header(unsigned char* bytes, bool wide, std::uint32_t count) noexcept {
    std::memset(bytes, 0, history_header_size);
    bytes[0] = canonical_tag;
    bytes[1] = wide;
    store_le(bytes + 4, count);
}

void history_writer::create(unsigned char* bytes, bool wide, std::uint32_t capacity) noexcept {
    bytes_ = bytes;
    wide_ = wide;
    count_ = 0;
    capacity_ = capacity;
    write_history_header(bytes, wide, 0);
    bytes[0] = working_tag;
}

bool history_writer::open(unsigned char* bytes, std::size_t size) noexcept {
    if (!check_header(bytes, size) || bytes[0] != working_tag) return false;
    bytes_ = bytes;
    wide_ = bytes[1] == 1;
    count_ = load_le<std::uint32_t>(bytes + 4);
    capacity_ = static_cast<std::uint32_t>((size - history_header_size) / record_size(wide_));
    return true;
}

void history_writer::set_count(std::uint32_t count) noexcept {
    count_ = count;
    store_le(bytes_ + 4, count);
}

void history_writer::append(const item& x, bool begins_customer) noexcept {
    unsigned char* at = bytes_ + history_size(wide_, count_);
    if (wide_) {
        wide_record record;
        make_record(x, &record);
        if (begins_customer) mark_customer(&record);
        store_record(record, at);
    } else {
        packed_record record;
        make_record(x, &record);
        if (begins_customer) mark_customer(&record);
        store_record(record, at);
    }
    set_count(count_ + 1);
}

void history_writer::append_all(const history_view& other) noexcept {
    unsigned char* at = bytes_ + history_size(wide_, count_);
    std::memcpy(at, other.record(0), record_size(wide_) * other.count());
    // The first record begins a customer whether it says so or not.
    unsigned char* word = at + 8 * marked_word(wide_);
    store_le(word, load_le<std::uint64_t>(word) | customer_bit);
    set_count(count_ + other.count());
}

bool make_record(const item& x, packed_record* out) noexcept {
    packed_item p = {};
    const bool fits = pack(x, &p);
    *out = {{p.key, p.amount}};
    return fits;
}

bool make_record(const item& x, wide_record* out) noexcept {
    out->word[0] =
        static_cast<std::uint64_t>(x.cls) << 56 | static_cast<std::uint64_t>(x.has_amount) << 48 |
        static_cast<std::uint64_t>(static_cast<std::uint16_t>(x.scale)) << 32 | biased(x.due);
    out->word[1] = static_cast<std::uint64_t>(biased(x.days_late)) << 32 | biased(x.terms);
    out->word[2] = static_cast<std::uint64_t>(x.amount >> 64);
    out->word[3] = static_cast<std::uint64_t>(x.amount);
    return true;
}

void mark_customer(packed_record* first) noexcept {
    first->word[marked_word(false)] |= customer_bit;
}
void mark_customer(wide_record* first) noexcept {
    first->word[marked_word(true)] |= customer_bit;
}

void store_record(const packed_record& record, unsigned char* out) noexcept {
    store_words(record, out);
}
void store_record(const wide_record& record, unsigned char* out) noexcept {
    store_words(record, out);
}

}  // namespace receivables
