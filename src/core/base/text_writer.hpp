// Appends text to a buffer of the caller. Past the end it only counts, so that a first run with no
// buffer measures and a second run writes.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "core/base/civil_date.hpp"
#include "core/base/decimal.hpp"

namespace receivables {

class text_writer {
  public:
    text_writer() noexcept = default;
    text_writer(char* out, std::size_t capacity) noexcept : out_(out), capacity_(capacity) {}

    void put(char c) noexcept {
        if (size_ < capacity_) out_[size_] = c;
        ++size_;
    }
    void put(std::string_view text) noexcept {
        if (size_ < capacity_)
            std::memcpy(out_ + size_, text.data(), std::min(text.size(), capacity_ - size_));
        size_ += text.size();
    }
    void put_integer(int128 value) noexcept;
    void put_decimal(decimal value) noexcept;
    void put_date(day_number day) noexcept;
    // The shortest text that reads back as the same number, which must be finite.
    void put_double(double value) noexcept;
    // A JSON string with its quotes; control characters, quotes and backslashes escaped.
    void put_json_string(std::string_view text) noexcept;

    std::size_t size() const noexcept { return size_; }

  private:
    char* out_ = nullptr;
    std::size_t capacity_ = 0;
    std::size_t size_ = 0;
};

}  // namespace receivables
