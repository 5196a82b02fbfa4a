#include "core/profile/sparkline.hpp"

#include "core/base/text_writer.hpp"

namespace receivables {

namespace {

constexpr std::int64_t most_bars = 24;
constexpr int heights = 8;

void put_bar(int height, bool blocks, text_writer* out) noexcept {
    constexpr char plain[] = " .:-=+*#@";
    if (height == 0 || !blocks) return out->put(plain[height]);
    // U+2581 LOWER ONE EIGHTH BLOCK ... U+2588 FULL BLOCK
    out->put("\xE2\x96");
    out->put(static_cast<char>(0x80 + height));
}

}  // namespace

bool write_sparkline(profile_metrics& profile, bool blocks, char* out) noexcept {
    const maybe<std::int32_t> least = profile.min_days_late(), most = profile.max_days_late();
    if (!least.known) return false;
    const std::int64_t range = std::int64_t{most.value} - least.value + 1;
    const std::int64_t width = (range + most_bars - 1) / most_bars;
    const std::int64_t bars = (range + width - 1) / width;
    std::int64_t items[most_bars] = {};
    profile.view().for_each_days_late([&](std::int32_t days, std::int64_t count) {
        items[(std::int64_t{days} - least.value) / width] += count;
    });
    const std::int64_t tallest = *std::max_element(items, items + bars);
    if (tallest <= 0) return false;  // of a damaged value
    text_writer text(out, sparkline_size - 1);
    text.put_integer(least.value);
    text.put(' ');
    for (std::int64_t i = 0; i < bars; ++i) {
        const int128 height = (int128{items[i]} * heights + tallest - 1) / tallest;
        put_bar(static_cast<int>(std::clamp<int128>(height, 0, heights)), blocks, &text);
    }
    text.put(' ');
    text.put_integer(most.value);
    out[text.size()] = '\0';
    return true;
}

}  // namespace receivables
