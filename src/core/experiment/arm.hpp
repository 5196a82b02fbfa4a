// The arms of an experiment: each takes a stretch between 0 and 1 as long as its share, one behind the
// other; a customer is a point between 0 and 1. What no arm takes is the remainder. An arm that is added
// at the end takes from the remainder alone, so nobody else moves.
//
//   [{"arm": "as now", "share": 0.5}, {"arm": "earlier", "share": 0.3}]
//
// All in whole numbers: shares in units of 10^-15, points in units of 2^-52.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/base/json_reader.hpp"

namespace receivables {

inline constexpr std::size_t most_arms = 26;
inline constexpr int share_decimals = 15;
inline constexpr int point_bits = 52;

class arm_shares {
  public:
    // False (and a status) when the shares are none. Names lie in the document.
    bool read(const json_document& document, status* s) noexcept;
    // The arm whose stretch a point of point_bits bits lies in; false for the remainder.
    bool find(std::uint64_t point, std::string_view* arm) const noexcept;

  private:
    bool read_arm(const json_document& document, json_value v, status* s) noexcept;

    struct stretch {
        std::string_view arm;
        std::int64_t end;
    };
    stretch stretches_[most_arms];
    std::size_t count_ = 0;
};

}  // namespace receivables
