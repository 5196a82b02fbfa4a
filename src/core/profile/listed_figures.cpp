#include "core/profile/listed_figures.hpp"

#include <algorithm>

#include "core/profile/payment_day.hpp"
#include "core/profile/sorted_days.hpp"

namespace receivables {

namespace {

void keep_payment_day(const day_window& window, unsigned char* bytes) noexcept {
    unsigned char* const at = bytes + listed_payment_day_at;
    at[0] = static_cast<unsigned char>(window.day);
    at[1] = static_cast<unsigned char>(window.held);
    at[2] = static_cast<unsigned char>(window.payments);
}

// In the order of listed_figure.
void find_days_late(const listed_profile& listed, std::int32_t figures[figure_rows]) noexcept {
    std::int32_t sorted[max_listed_items];
    const std::uint32_t count = sort_days_late(listed, sorted);
    std::int32_t* out = figures;
    for (double fraction : {0.25, 0.5, 0.75}) {
        const percentile_rows rows = rows_of_percentile(fraction, count);
        *out++ = sorted[rows.low];
        *out++ = sorted[rows.high];
    }
    *out = static_cast<std::int32_t>(listed.days_late.base);
    if (count < usual_recent_items) return;
    // Canonical order is by due date, then days late: the latest stand last.
    std::int32_t recent[usual_recent_items];
    const std::size_t first = count - usual_recent_items;
    listed.days_late.each<std::int64_t>(first, count, [&](std::size_t i, std::int64_t days) {
        recent[i - first] = static_cast<std::int32_t>(days);
    });
    sort_few_days(recent, usual_recent_items);
    *out = recent[usual_recent_items / 2];
}

}  // namespace

percentile_rows rows_of_percentile(double fraction, std::int64_t rows) noexcept {
    const double position = fraction * static_cast<double>(rows - 1);
    const auto low = static_cast<std::int64_t>(position);
    return {position, low, low + (position > static_cast<double>(low))};
}

void keep_figures(const listed_profile& listed, unsigned char* bytes) noexcept {
    const bool any = listed.timed() > 0;
    keep_payment_day(any ? find_payment_day(listed) : day_window{}, bytes);
    const std::uint8_t width = listed.days_late.width;
    unsigned char* out = bytes + listed_header_size;
    if (!any) {
        std::fill_n(out, figure_rows * width, 0);
        return;
    }
    if (width == 0) return;
    std::int32_t figures[figure_rows];
    find_days_late(listed, figures);
    for (std::int32_t figure : figures) {
        store_le(out, static_cast<std::uint64_t>(figure - listed.days_late.base), width);
        out += width;
    }
}

}  // namespace receivables
