// A table from labels to records of one size, in one flat block: a header, the records ordered by
// label, the bytes of the labels, and room for more of both. A block without room, its labels in
// the order of the records, is the canonical form of its contents.
//
// A label is bytes: put_label() writes a text, or that there is none, so that memcmp orders them by
// their bytes, NULL last, and so that two of them can stand in one label.
#pragma once

#include <algorithm>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <type_traits>

namespace receivables {

// A segment's name, or that there is none.
struct segment_label {
    std::string_view text;
    bool is_null;
};

inline constexpr char label_is_text = '\1', label_is_null = '\2', label_end = '\0';

// A mark, the text and an end; PostgreSQL's text has no byte 0.
inline std::size_t label_size(segment_label label) noexcept {
    return label.text.size() + 2;
}

// Returns the end of what it wrote.
inline char* put_label(segment_label label, char* out) noexcept {
    *out++ = label.is_null ? label_is_null : label_is_text;
    if (!label.text.empty()) std::memcpy(out, label.text.data(), label.text.size());
    out += label.text.size();
    *out++ = label_end;
    return out;
}

// Takes the next label off the bytes; false when there is none.
inline bool take_label(std::string_view* bytes, segment_label* out) noexcept {
    const std::size_t end = bytes->find(label_end);
    if (end == std::string_view::npos || end == 0) return false;
    out->is_null = bytes->front() == label_is_null;
    if ((!out->is_null && bytes->front() != label_is_text) || (out->is_null && end != 1))
        return false;
    out->text = {bytes->data() + 1, end - 1};
    bytes->remove_prefix(end + 1);
    return true;
}

struct label_table_header {
    std::uint32_t format;  // which table, and the version of its layout
    std::uint32_t count;
    std::uint32_t capacity;
    std::uint32_t label_bytes;  // in use
    std::uint32_t zero;         // keeps the records aligned behind the length word of a value
};

// Labels is how many labels make up the label of a record. The block starts 4 bytes past a multiple
// of 8.
template <class Record, std::uint32_t Format, int Labels>
class label_table {
    static_assert(std::is_trivially_copyable_v<Record> && sizeof(Record) % 8 == 0);

  public:
    static std::size_t size_of(std::size_t capacity, std::size_t label_capacity) noexcept {
        return sizeof(label_table_header) + capacity * sizeof(entry) + label_capacity;
    }

    void create(unsigned char* bytes, std::size_t size, std::uint32_t capacity) noexcept {
        std::memset(bytes, 0, size);
        bytes_ = bytes;
        size_ = size;
        *header() = {Format, 0, capacity, 0, 0};
    }
    // Looks at the header only.
    bool open(unsigned char* bytes, std::size_t size) noexcept {
        bytes_ = bytes;
        size_ = size;
        if (size < sizeof(label_table_header)) return false;
        const label_table_header& h = *header();
        return h.format == Format && h.count <= h.capacity && h.zero == 0 &&
               h.capacity <= (size - sizeof(label_table_header)) / sizeof(entry) &&
               h.label_bytes <= label_capacity();
    }
    // Whether the labels of all records are where they should be, are labels, and ascend.
    bool is_sound() const noexcept {
        for (std::uint32_t i = 0; i < count(); ++i) {
            const entry& e = entries()[i];
            if (e.label_at > header()->label_bytes ||
                e.label_size > header()->label_bytes - e.label_at)
                return false;
            std::string_view rest = label(i);
            segment_label part;
            for (int n = 0; n < Labels; ++n)
                if (!take_label(&rest, &part)) return false;
            if (!rest.empty() || (i > 0 && label(i - 1) >= label(i))) return false;
        }
        return true;
    }

    std::uint32_t count() const noexcept { return header()->count; }
    std::uint32_t capacity() const noexcept { return header()->capacity; }
    std::size_t label_bytes() const noexcept { return header()->label_bytes; }
    std::size_t label_capacity() const noexcept { return size_ - size_of(header()->capacity, 0); }
    bool has_room(std::size_t label_size) const noexcept {
        return count() < capacity() && label_size <= label_capacity() - label_bytes();
    }

    std::string_view label(std::uint32_t index) const noexcept {
        const entry& e = entries()[index];
        return {reinterpret_cast<const char*>(labels()) + e.label_at, e.label_size};
    }
    segment_label label_part(std::uint32_t index, int part) const noexcept {
        std::string_view rest = label(index);
        segment_label out = {{}, true};
        for (int n = 0; n <= part; ++n) (void)take_label(&rest, &out);
        return out;
    }
    const Record& record(std::uint32_t index) const noexcept { return entries()[index].record; }
    Record& record(std::uint32_t index) noexcept { return entries()[index].record; }

    // The record of a label, or where it would have to stand.
    bool find(std::string_view wanted, std::uint32_t* index) const noexcept {
        std::uint32_t low = 0, high = count();
        while (low < high) {
            const std::uint32_t middle = low + (high - low) / 2;
            const auto order = label(middle) <=> wanted;
            if (order == 0) return *index = middle, true;
            if (order < 0)
                low = middle + 1;
            else
                high = middle;
        }
        return *index = low, false;
    }
    // Puts a record of zeros at the place that find() gave; there must be room.
    Record& insert(std::uint32_t index, std::string_view text) noexcept {
        entry* at = entries() + index;
        std::memmove(static_cast<void*>(at + 1), at, (count() - index) * sizeof(entry));
        std::memset(static_cast<void*>(at), 0, sizeof(entry));
        at->label_at = header()->label_bytes;
        at->label_size = static_cast<std::uint32_t>(text.size());
        std::memcpy(labels() + at->label_at, text.data(), text.size());
        header()->label_bytes += at->label_size;
        ++header()->count;
        return at->record;
    }
    // Takes over all records of another table; this one must be empty and have the room.
    void copy_from(const label_table& other) noexcept {
        for (std::uint32_t i = 0; i < other.count(); ++i)
            insert(i, other.label(i)) = other.record(i);
    }

  private:
    struct entry {
        std::uint32_t label_at, label_size;
        Record record;
    };

    label_table_header* header() const noexcept {
        return reinterpret_cast<label_table_header*>(bytes_);
    }
    entry* entries() const noexcept {
        return reinterpret_cast<entry*>(bytes_ + sizeof(label_table_header));
    }
    unsigned char* labels() const noexcept { return bytes_ + size_of(header()->capacity, 0); }

    unsigned char* bytes_ = nullptr;
    std::size_t size_ = 0;
};

}  // namespace receivables
