// Days late in ascending order.
#pragma once

#include <cstdint>

#include "core/profile/format.hpp"

namespace receivables {

// Of the timed items; returns how many there are.
std::uint32_t sort_days_late(const listed_profile& listed,
                             std::int32_t out[max_listed_items]) noexcept;

// The same for numbers that are few: without a branch.
void sort_few_days(std::int32_t* days, std::size_t count) noexcept;

}  // namespace receivables
