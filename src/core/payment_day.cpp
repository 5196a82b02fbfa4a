#include "core/payment_day.hpp"

#include <algorithm>
#include <cstdio>

namespace receivables {

namespace {

// f(day_number) for every distinct payment date.
template <class F>
void for_each_payment_date(const profile_view& view, F&& f) noexcept {
    if (view.kind() != profile_kind::items) {
        view.for_each_payment([&](const payment_row& r) { f(r.paid); });
        return;
    }
    day_number dates[max_listed_items];
    std::size_t count = 0;
    view.for_each_payment([&](const payment_row& r) { dates[count++] = r.paid; });
    std::sort(dates, dates + count);
    const day_number* end = std::unique(dates, dates + count);
    for (const day_number* date = dates; date != end; ++date) f(*date);
}

constexpr int longest_month = 31;

// Payment dates by day of the month, counted from either end; index 1 is the first or the last day.
struct month_counts {
    std::int32_t from_start[longest_month + 1] = {};
    std::int32_t from_end[longest_month + 1] = {};
    std::int32_t payments = 0;

    std::int32_t at(std::int32_t day) const noexcept {
        return day > 0 ? from_start[day] : from_end[-day];
    }
};

// The month of one date after the other. They come in ascending order and mostly a month or two
// apart, so that stepping from month to month is cheaper than looking each up.
struct month_walk {
    std::int32_t year = 0;
    std::uint8_t month = 0;
    std::int64_t first = 0, next = 0;  // its first day and that of the next month

    void seek(day_number date) noexcept {
        constexpr std::int64_t worth_stepping = 100;
        if (month == 0 || date < first || date - next > worth_stepping) {
            const civil_date civil = to_civil(date);
            year = civil.year;
            month = civil.month;
            first = std::int64_t{date} - civil.day + 1;
            next = first + days_in_month(year, month);
        }
        while (date >= next) {
            month = static_cast<std::uint8_t>(month == 12 ? 1 : month + 1);
            if (month == 1) ++year;
            first = next;
            next += days_in_month(year, month);
        }
    }
};

month_counts count_by_month_day(const profile_view& view) noexcept {
    month_counts counts;
    month_walk month;
    for_each_payment_date(view, [&](day_number date) {
        month.seek(date);
        ++counts.from_start[date - month.first + 1];
        ++counts.from_end[month.next - date];
        ++counts.payments;
    });
    return counts;
}

// Takes the window of these three days, given in their order in time, if it holds more than the
// best, or as much and more of it on one day: who pays on the last day of the month pays on 28 to
// 31, and both readings hold all of it.
void consider(const month_counts& counts, std::int32_t a, std::int32_t b, std::int32_t c,
              day_window* best) noexcept {
    const std::int32_t held = counts.at(a) + counts.at(b) + counts.at(c);
    if (held < best->held) return;
    std::int32_t day = a;
    if (counts.at(b) > counts.at(day)) day = b;
    if (counts.at(c) > counts.at(day)) day = c;
    const bool sharper = counts.at(day) > counts.at(best->day);
    if (held == best->held && !sharper) return;
    best->held = held;
    best->day = day;
}

// What the windows of three days in a row hold; index 0 is the window of the days 1, 2 and 3.
constexpr int month_windows = longest_month - 2;
struct window_sums {
    std::int32_t held[month_windows];

    explicit window_sums(const std::int32_t (&counts)[longest_month + 1]) noexcept {
        for (int i = 0; i < month_windows; ++i)
            held[i] = counts[i + 1] + counts[i + 2] + counts[i + 3];
    }
    std::int32_t most() const noexcept { return *std::max_element(held, held + month_windows); }
};

}  // namespace

std::int64_t count_payment_dates(const profile_view& view) noexcept {
    std::int64_t count = 0;
    for_each_payment_date(view, [&](day_number) { ++count; });
    return count;
}

day_window best_payment_day(const profile_view& view) noexcept {
    const month_counts counts = count_by_month_day(view);
    day_window best;
    best.payments = counts.payments;
    // Most windows hold too little to be looked at closely.
    const window_sums from_start(counts.from_start), from_end(counts.from_end);
    const std::int32_t most = std::max(from_start.most(), from_end.most());
    for (std::int32_t day = 1; day <= month_windows; ++day)
        if (from_start.held[day - 1] == most) consider(counts, day, day + 1, day + 2, &best);
    for (std::int32_t day = -longest_month; day + 2 <= -1; ++day)
        if (from_end.held[-day - 3] == most) consider(counts, day, day + 1, day + 2, &best);
    consider(counts, -2, -1, 1, &best);
    consider(counts, -1, 1, 2, &best);
    return best;
}

day_window best_payment_weekday(const profile_view& view) noexcept {
    std::int64_t counts[8] = {};
    day_window best;
    for_each_payment_date(view, [&](day_number date) {
        ++counts[iso_weekday(date)];
        ++best.payments;
    });
    for (std::int32_t day = 1; day <= 7; ++day)
        if (counts[day] > best.held) {
            best.held = counts[day];
            best.day = day;
        }
    return best;
}

void write_payment_day(std::int32_t day, char* out) noexcept {
    if (day == -1) {
        std::snprintf(out, payment_day_text_size, "last day of the month");
        return;
    }
    const int n = day < 0 ? -day : day;
    const char* suffix = "th";
    if (n / 10 != 1) {
        if (n % 10 == 1) suffix = "st";
        if (n % 10 == 2) suffix = "nd";
        if (n % 10 == 3) suffix = "rd";
    }
    std::snprintf(out, payment_day_text_size, "%d%s%s", n, suffix,
                  day < 0 ? " to last day of the month" : "");
}

}  // namespace receivables
