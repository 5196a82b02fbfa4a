// A look at the words of a condition before PostgreSQL's parser sees it, for two things that the
// parse tree no longer shows: a name that was cut off at 63 bytes, and a number in a notation that
// not every version of PostgreSQL reads.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace receivables {

enum class scan_finding : std::uint8_t { nothing, long_name, odd_number, leading_all };

struct scan_result {
    scan_finding finding = scan_finding::nothing;
    std::size_t start = 0;  // byte offset of the culprit, without quotes
    std::size_t size = 0;
};

inline constexpr std::size_t max_name_bytes = 63;

// The first culprit. Text that PostgreSQL will refuse anyway (an open quote) ends the search.
scan_result scan_condition(std::string_view text) noexcept;

}  // namespace receivables
