#include "core/profile/sorted_days.hpp"

#include <algorithm>

namespace receivables {

namespace {

constexpr std::uint32_t most_ranked = 32;

// Each key's place is the number of keys below it. That is more steps than sorting takes, but equal
// ones without a branch, many in one instruction. The keys are distinct: the distance from the
// column's base and, among equal ones, the row.
void sort_by_rank(const column& days, std::uint32_t count, std::int32_t* out) noexcept {
    std::int16_t keys[most_ranked], ranks[most_ranked] = {};
    for (std::uint32_t i = 0; i < most_ranked; ++i) keys[i] = INT16_MAX;
    const auto least = static_cast<std::int64_t>(days.base);
    const bool constant = days.width == 0;
    for (std::uint32_t i = 0; i < count; ++i) {
        const int distance = constant ? 0 : days.data[i];
        keys[i] = static_cast<std::int16_t>((distance - 128) * 256 + static_cast<int>(i));
    }
    for (std::uint32_t i = 0; i < count; ++i) {
        const std::int16_t key = keys[i];
        for (std::uint32_t j = 0; j < most_ranked; ++j)
            ranks[j] = static_cast<std::int16_t>(ranks[j] + (key < keys[j]));
    }
    for (std::uint32_t i = 0; i < count; ++i)
        out[ranks[i]] = static_cast<std::int32_t>(least + (keys[i] >> 8) + 128);
}

// Of a column of one byte: every distance has a place where its numbers are counted.
void sort_by_counting(const column& days, std::uint32_t count, std::int32_t* out) noexcept {
    std::uint8_t counts[256] = {};
    int most = 0;
    for (std::uint32_t i = 0; i < count; ++i) {
        ++counts[days.data[i]];
        most = std::max<int>(most, days.data[i]);
    }
    const auto least = static_cast<std::int64_t>(days.base);
    for (int distance = 0; distance <= most; ++distance)
        for (int n = counts[distance]; n > 0; --n)
            *out++ = static_cast<std::int32_t>(least + distance);
}

}  // namespace

std::uint32_t sort_days_late(const listed_profile& listed,
                             std::int32_t out[max_listed_items]) noexcept {
    const column& days = listed.days_late;
    const std::uint32_t count = listed.timed();
    if (count <= most_ranked && days.width <= 1) {
        sort_by_rank(days, count, out);
    } else if (days.width == 1) {
        static_assert(max_listed_items <= UINT8_MAX);
        sort_by_counting(days, count, out);
    } else {
        days.each<std::int64_t>(0, count, [&](std::size_t i, std::int64_t v) {
            out[i] = static_cast<std::int32_t>(v);
        });
        std::sort(out, out + count);
    }
    return count;
}

// Every number is carried up past the smaller ones.
void sort_few_days(std::int32_t* days, std::size_t count) noexcept {
    for (std::size_t i = 1; i < count; ++i) {
        std::int32_t carried = days[i];
        for (std::size_t at = 0; at < i; ++at) {
            const std::int32_t other = days[at];
            days[at] = other < carried ? other : carried;
            carried = other < carried ? carried : other;
        }
        days[i] = carried;
    }
}

}  // namespace receivables
