#include "core/experiment/sample.hpp"

#include <bit>
#include <cmath>
#include <cstring>

#include "core/base/byte_order.hpp"

namespace receivables {

namespace {

constexpr unsigned char version = 1, working_mark = 0x80;
constexpr std::uint32_t paid_bit = std::uint32_t{1} << 31;

int order_of(std::string_view a, std::string_view b) noexcept {
    const int order = a.compare(b);
    return order < 0 ? -1 : order > 0;
}

template <class T>
int order_of(T a, T b) noexcept {
    return a < b ? -1 : a > b;
}

int shown(std::string_view name) noexcept {
    return static_cast<int>(name.size() < 60 ? name.size() : 60);
}

}  // namespace

bool check_sample_item(const sample_item& x, status* s) noexcept {
    if (x.arm.empty() || x.arm.size() > most_arm_bytes)
        return s->fail(error_code::invalid_parameter,
                       "the name of an arm has 1 to %zu bytes, not %zu", most_arm_bytes,
                       x.arm.size());
    if (x.customer.empty() || x.customer.size() > most_customer_bytes)
        return s->fail(error_code::invalid_parameter, "a customer has 1 to %zu bytes, not %zu",
                       most_customer_bytes, x.customer.size());
    if (x.days < 0 || x.days > most_sample_days)
        return s->fail(error_code::invalid_parameter,
                       "days_to_payment %d of customer \"%.*s\" is not between 0 and %d", x.days,
                       shown(x.customer), x.customer.data(), most_sample_days);
    if (!(x.weight > 0 && x.weight <= most_sample_weight))
        return s->fail(error_code::invalid_parameter,
                       "weight %g of customer \"%.*s\" is not above 0 and at most %g", x.weight,
                       shown(x.customer), x.customer.data(), most_sample_weight);
    return true;
}

int sample_order::operator()(const sample_item& a, const sample_item& b) const noexcept {
    if (const int order = order_of(a.arm, b.arm); order != 0) return order;
    if (const int order = order_of(a.customer, b.customer); order != 0) return order;
    if (const int order = order_of(a.days, b.days); order != 0) return order;
    if (const int order = order_of(a.is_paid, b.is_paid); order != 0) return order;
    return order_of(a.weight, b.weight);
}

bool sample_reader::open(const unsigned char* bytes, std::size_t size, status* s) noexcept {
    *this = sample_reader();
    if (size < sample_header_size || (bytes[0] & ~working_mark) != version || bytes[1] != 0 ||
        bytes[2] != 0 || bytes[3] != 0)
        return s->fail(error_code::invalid_binary, "malformed experiment_sample: no such header");
    working_ = (bytes[0] & working_mark) != 0;
    count_ = load_le<std::uint32_t>(bytes + 4);
    items_size_ = load_le<std::uint32_t>(bytes + 8);
    items_ = bytes + sample_header_size;
    const std::size_t room = size - sample_header_size;
    if (count_ == 0 || items_size_ > room || (!working_ && items_size_ != room) ||
        count_ > items_size_ / sample_item_size)
        return s->fail(error_code::invalid_binary,
                       "malformed experiment_sample: %u items in %zu bytes", count_, size);
    return true;
}

bool sample_reader::read(sample_item* out, status* s) noexcept {
    const std::size_t left = items_size_ - at_;
    const unsigned char* item = items_ + at_;
    const std::size_t arm = left < sample_item_size ? 0 : item[4];
    const std::size_t customer = left < sample_item_size ? 0 : load_le<std::uint16_t>(item + 6);
    const std::size_t taken = sample_item_size + arm + customer;
    if (taken > left || item[5] != 0 || (++read_ == count_ && taken != left))
        return s->fail(error_code::invalid_binary, "malformed experiment_sample at byte %zu",
                       sample_header_size + at_);
    const std::uint32_t days = load_le<std::uint32_t>(item);
    const char* names = reinterpret_cast<const char*>(item + sample_item_size);
    *out = {{names, arm},
            {names + arm, customer},
            static_cast<std::int32_t>(days & ~paid_bit),
            (days & paid_bit) != 0,
            std::bit_cast<double>(load_le<std::uint64_t>(item + 8))};
    at_ += taken;
    if (!check_sample_item(*out, s)) {
        s->code = error_code::invalid_binary;
        return false;
    }
    return true;
}

void sample_writer::create(unsigned char* bytes, std::size_t size) noexcept {
    std::memset(bytes, 0, size);
    *this = sample_writer();
    bytes_ = bytes;
    size_ = size;
    bytes_[0] = version | working_mark;
}

bool sample_writer::open(unsigned char* bytes, std::size_t size) noexcept {
    status ignored;
    sample_reader reader;
    if (!reader.open(bytes, size, &ignored) || !reader.is_working()) return false;
    bytes_ = bytes;
    size_ = size;
    used_ = reader.items_size();
    count_ = reader.count();
    return true;
}

void sample_writer::append(const sample_item& x) noexcept {
    unsigned char* item = bytes_ + sample_header_size + used_;
    store_le(item, static_cast<std::uint32_t>(x.days) | (x.is_paid ? paid_bit : 0));
    item[4] = static_cast<unsigned char>(x.arm.size());
    item[5] = 0;
    store_le(item + 6, static_cast<std::uint16_t>(x.customer.size()));
    store_le(item + 8, std::bit_cast<std::uint64_t>(x.weight));
    std::memcpy(item + sample_item_size, x.arm.data(), x.arm.size());
    std::memcpy(item + sample_item_size + x.arm.size(), x.customer.data(), x.customer.size());
    used_ += x.stored_size();
    ++count_;
    write_counts();
}

void sample_writer::append_all(const sample_reader& other) noexcept {
    std::memcpy(bytes_ + sample_header_size + used_, other.items(), other.items_size());
    used_ += other.items_size();
    count_ += other.count();
    write_counts();
}

void sample_writer::mark_canonical() noexcept {
    bytes_[0] = version;
}

void sample_writer::write_counts() noexcept {
    store_le(bytes_ + 4, count_);
    store_le(bytes_ + 8, static_cast<std::uint32_t>(used_));
}

}  // namespace receivables
