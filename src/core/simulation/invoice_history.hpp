// The invoices of many customers with their dates, kept one by one: what a simulation walks
// through. A customer has no name here, only items of its own.
//
//   offset 0   format version 1, and whether the value is canonical
//          1   1 when the records are wide
//          2   0, 16 bits
//          4   number of items, 32 bits
//          8   0, 32 bits
//         12   records, 16 or 32 bytes each, as little-endian words of 64 bits
//              in a working value, room for more
//
// A record is a packed item (core/simulation/packed_item.hpp) with one bit more, that says where a customer
// begins. When an item does not fit into 16 bytes all records are wide:
//
//   word 0   class, whether it has an amount, scale (16 bits), due date
//   word 1   days late, terms
//   word 2   bit 63: begins a customer; upper half of the amount
//   word 3   lower half of the amount
//
// Canonical: as narrow as it can be, the records of a customer ascending, the customers by number
// of items, then record by record.
#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>

#include "core/base/status.hpp"
#include "core/simulation/packed_item.hpp"

namespace receivables {

inline constexpr std::size_t history_header_size = 12;

struct packed_record {
    std::uint64_t word[2];
};
struct wide_record {
    std::uint64_t word[4];
};

inline std::size_t record_size(bool wide) noexcept {
    return wide ? sizeof(wide_record) : sizeof(packed_record);
}
inline std::size_t history_size(bool wide, std::size_t capacity) noexcept {
    return history_header_size + record_size(wide) * capacity;
}

// Whether the item fits into 16 bytes.
inline bool fits_packed(const item& x) noexcept {
    packed_item p;
    return pack(x, &p);
}

class history_view {
  public:
    // Takes the bytes of either form; false (and a status) when they are none. They may be
    // unaligned and must outlive the view.
    bool open(const unsigned char* bytes, std::size_t size, status* s) noexcept;

    bool is_working() const noexcept { return working_; }
    bool is_wide() const noexcept { return wide_; }
    std::uint32_t count() const noexcept { return count_; }
    const unsigned char* record(std::uint32_t i) const noexcept {
        return records_ + std::size_t{i} * record_size(wide_);
    }
    // Whether another customer begins with record i < count().
    bool begins_customer(std::uint32_t i) const noexcept;
    // The index after the last record of the customer that begins with record i.
    std::uint32_t end_of_customer(std::uint32_t i) const noexcept {
        do ++i;
        while (i < count_ && !begins_customer(i));
        return i;
    }
    std::uint32_t customer_count() const noexcept;
    // False (and a status) for a damaged record.
    bool read(std::uint32_t i, item* out, status* s) const noexcept;

  private:
    bool working_ = false;
    bool wide_ = false;
    std::uint32_t count_ = 0;
    const unsigned char* records_ = nullptr;
};

// Collects records in a working value.
class history_writer {
  public:
    // An empty one in bytes that have room for `capacity` records.
    void create(unsigned char* bytes, bool wide, std::uint32_t capacity) noexcept;
    // A working value that the caller owns; false when the bytes are none.
    bool open(unsigned char* bytes, std::size_t size) noexcept;

    bool is_wide() const noexcept { return wide_; }
    std::uint32_t count() const noexcept { return count_; }
    std::uint32_t room() const noexcept { return capacity_ - count_; }

    // There must be room, and a packed history takes only items that fit.
    void append(const item& x, bool begins_customer) noexcept;
    // Records of the same width: those of a history, their customers remaining apart.
    void append_all(const history_view& other) noexcept;

  private:
    void set_count(std::uint32_t count) noexcept;

    unsigned char* bytes_ = nullptr;
    bool wide_ = false;
    std::uint32_t count_ = 0;
    std::uint32_t capacity_ = 0;
};

// For canonical form: the records of a customer in this order, with its mark at the first. Below,
// equal to or above 0.
struct record_order {
    template <class Record>
    int operator()(const Record& a, const Record& b) const noexcept {
        for (std::size_t i = 0; i < std::size(a.word); ++i)
            if (a.word[i] != b.word[i]) return a.word[i] < b.word[i] ? -1 : 1;
        return 0;
    }
};
// The record of an item, as numbers of the machine; not marked.
bool make_record(const item& x, packed_record* out) noexcept;
bool make_record(const item& x, wide_record* out) noexcept;
void mark_customer(packed_record* first) noexcept;
void mark_customer(wide_record* first) noexcept;
// The header of a canonical value; its records follow it.
void write_history_header(unsigned char* bytes, bool wide, std::uint32_t count) noexcept;
void store_record(const packed_record& record, unsigned char* out) noexcept;
void store_record(const wide_record& record, unsigned char* out) noexcept;

}  // namespace receivables
