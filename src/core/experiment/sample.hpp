// The items of an experiment, kept one by one: in which arm and whose each one is, after how many
// days it was paid or last seen unpaid, and what it weighs.
//
//   offset 0   format version 1, and whether the value is canonical; 24 bits of 0
//          4   number of items, 32 bits
//          8   bytes of the items, 32 bits
//         12   the items one behind the other; in a working value, room for more
//
//   an item
//          0   days, 31 bits, and bit 31: it was paid
//          4   bytes of the arm, 8 bits; 8 bits of 0; bytes of the customer, 16 bits
//          8   weight, 64 bits
//         16   the names of the arm and of the customer
//
// Canonical: items ordered by arm, customer (both by their bytes), days, unpaid before paid, weight;
// no room behind them. 16 bytes an item and its two names.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/base/status.hpp"

namespace receivables {

inline constexpr std::size_t sample_header_size = 12;
inline constexpr std::size_t sample_item_size = 16;
inline constexpr std::size_t most_arm_bytes = 63;
inline constexpr std::size_t most_customer_bytes = 500;
inline constexpr std::int32_t most_sample_days = 100000;
inline constexpr double most_sample_weight = 1e30;

struct sample_item {
    std::string_view arm, customer;
    std::int32_t days;
    bool is_paid;
    double weight;

    std::size_t stored_size() const noexcept {
        return sample_item_size + arm.size() + customer.size();
    }
};

// Whether there can be such an item; else the status says what is wrong with it.
bool check_sample_item(const sample_item& x, status* s) noexcept;

// Below, equal to or above 0: canonical order.
struct sample_order {
    int operator()(const sample_item& a, const sample_item& b) const noexcept;
};

// Reads a value in either form, which may be unaligned and must outlive the reader and the items.
class sample_reader {
  public:
    // Looks at the header only; false (and a status) when the bytes are no sample.
    bool open(const unsigned char* bytes, std::size_t size, status* s) noexcept;
    // The next of the count() items; false (and a status) for a damaged one, and for bytes that are
    // left behind the last.
    bool read(sample_item* out, status* s) noexcept;

    bool is_working() const noexcept { return working_; }
    std::uint32_t count() const noexcept { return count_; }
    // All items as they are stored.
    const unsigned char* items() const noexcept { return items_; }
    std::size_t items_size() const noexcept { return items_size_; }

  private:
    bool working_ = false;
    std::uint32_t count_ = 0, read_ = 0;
    const unsigned char* items_ = nullptr;
    std::size_t items_size_ = 0, at_ = 0;
};

// Collects items in bytes of the caller.
class sample_writer {
  public:
    void create(unsigned char* bytes, std::size_t size) noexcept;
    // A working value; false when the bytes are none.
    bool open(unsigned char* bytes, std::size_t size) noexcept;

    std::uint32_t count() const noexcept { return count_; }
    std::size_t items_size() const noexcept { return used_; }
    std::size_t room() const noexcept { return size_ - sample_header_size - used_; }

    // There must be room.
    void append(const sample_item& x) noexcept;
    void append_all(const sample_reader& other) noexcept;
    // The items are in canonical order and leave no room.
    void mark_canonical() noexcept;

  private:
    void write_counts() noexcept;

    unsigned char* bytes_ = nullptr;
    std::size_t size_ = 0, used_ = 0;
    std::uint32_t count_ = 0;
};

}  // namespace receivables
