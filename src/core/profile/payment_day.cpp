#include "core/profile/payment_day.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <chrono>
#include <cstdio>

namespace receivables {

namespace {

// Brings dates into ascending order, each once, and returns how many there are. Where they lie
// close together each is a bit.
std::size_t sort_distinct(day_number* dates, std::size_t count) noexcept {
    const auto [least, most] = std::minmax_element(dates, dates + count);
    const std::int64_t first = *least, range = std::int64_t{*most} - *least;
    constexpr std::size_t most_words = 64;
    if (range >= static_cast<std::int64_t>(64 * most_words)) {
        std::sort(dates, dates + count);
        return static_cast<std::size_t>(std::unique(dates, dates + count) - dates);
    }
    std::uint64_t set[most_words];
    const std::size_t words = static_cast<std::size_t>(range) / 64 + 1;
    std::fill_n(set, words, 0);
    for (std::size_t i = 0; i < count; ++i) {
        const auto place = static_cast<std::size_t>(dates[i] - first);
        set[place / 64] |= std::uint64_t{1} << place % 64;
    }
    std::size_t distinct = 0;
    for (std::size_t word = 0; word < words; ++word)
        for (std::uint64_t rest = set[word]; rest != 0; rest &= rest - 1)
            dates[distinct++] = static_cast<day_number>(
                first + static_cast<std::int64_t>(64 * word) + std::countr_zero(rest));
    return distinct;
}

// f(day_number) for every distinct payment date; returns how many there are.
template <class F>
std::int64_t for_each_distinct_date(const profile_view& view, F&& f) noexcept {
    if (view.kind() == profile_kind::items) {
        day_number dates[most_listed_items];
        std::size_t count = 0;
        view.for_each_payment_date([&](day_number date) { dates[count++] = date; });
        if (count > 0) count = sort_distinct(dates, count);
        for (std::size_t i = 0; i < count; ++i) f(dates[i]);
        return static_cast<std::int64_t>(count);
    }
    std::int64_t count = 0;
    view.for_each_payment_date([&](day_number date) {
        f(date);
        ++count;
    });
    return count;
}

constexpr std::int32_t longest_month = 31;

// The first day of each month of a cycle of 400 years, after which the Gregorian calendar repeats,
// as days since its start; and of the month after it. A date is at most one month away from where
// the mean length of a month puts it.
constexpr std::int32_t cycle_days = 146097, cycle_months = 4800;

constexpr std::array<std::int32_t, cycle_months + 1> make_month_starts() noexcept {
    using namespace std::chrono;
    std::array<std::int32_t, cycle_months + 1> starts{};
    constexpr sys_days epoch = year{2000} / January / 1;
    for (int month = 0; month <= cycle_months; ++month) {
        const year_month_day first = year{2000} / January / 1 + months{month};
        starts[static_cast<std::size_t>(month)] =
            static_cast<std::int32_t>((sys_days{first} - epoch).count());
    }
    return starts;
}

constexpr std::array<std::int32_t, cycle_months + 1> month_starts = make_month_starts();

struct month_place {
    std::int32_t from_start;  // 0 on the first day of the month
    std::int32_t to_end;      // 1 on its last day
};

inline month_place place_in_month(day_number date) noexcept {
    std::int32_t day = date % cycle_days;
    if (day < 0) day += cycle_days;
    std::size_t month = static_cast<std::size_t>(std::int64_t{day} * cycle_months / cycle_days);
    if (day < month_starts[month])
        --month;
    else if (day >= month_starts[month + 1])
        ++month;
    return {day - month_starts[month], month_starts[month + 1] - day};
}

// Payment dates by day of the month, in the order in time, first as counted from the start of the
// month, then from its end: from_end + 30 is the last day, and behind it stand the first two days
// again, for windows that cross the month's end. The gap between the two readings is so wide that
// no window holds days of both; windows that reach into it hold no more than their neighbours.
constexpr std::int32_t from_end = longest_month + 2;
constexpr std::int32_t windows = from_end + longest_month;

// Count is wide enough for all payment dates; the narrower, the more windows fit in one
// instruction: the loops below are of equal steps, without a branch, for that.
template <class Count>
struct month_counts {
    Count dates[windows + 2] = {};
    std::int64_t payments = 0;
};

template <class Count>
month_counts<Count> count_by_month_day(const profile_view& view) noexcept {
    month_counts<Count> counts;
    counts.payments = for_each_distinct_date(view, [&](day_number date) {
        const month_place place = place_in_month(date);
        ++counts.dates[place.from_start];
        ++counts.dates[from_end + longest_month - place.to_end];
    });
    counts.dates[windows] = counts.dates[0];
    counts.dates[windows + 1] = counts.dates[1];
    return counts;
}

template <class Count>
Count most_of(const Count (&numbers)[windows]) noexcept {
    Count most = numbers[0];
    for (Count number : numbers) most = number > most ? number : most;
    return most;
}

// The first of the windows that hold the most dates and among them the most on one day. Who pays on
// the last day of the month pays on 28 to 31, and both readings hold all of it.
template <class Count>
day_window best_window(const month_counts<Count>& counts) noexcept {
    const Count* dates = counts.dates;
    Count held[windows], peak[windows];
    for (std::int32_t i = 0; i < windows; ++i)
        held[i] = static_cast<Count>(dates[i] + dates[i + 1] + dates[i + 2]);
    const Count most = most_of(held);
    for (std::int32_t i = 0; i < windows; ++i) {
        const Count a = dates[i], b = dates[i + 1], c = dates[i + 2];
        const Count two = a > b ? a : b;
        const Count top = two > c ? two : c;
        const Count all_or_none = held[i] == most ? Count{-1} : Count{0};
        peak[i] = static_cast<Count>(top & all_or_none);
    }
    const Count top = most_of(peak);
    std::int32_t best = 0;
    while (peak[best] != top) ++best;
    while (dates[best] != top) ++best;
    if (best < from_end) return {best + 1, most, counts.payments};
    const std::int32_t day = best - from_end - longest_month;
    return {day < 0 ? day : day + 1, most, counts.payments};  // behind the last day comes the first
}

}  // namespace

std::int64_t count_payment_dates(const profile_view& view) noexcept {
    return for_each_distinct_date(view, [](day_number) {});
}

day_window best_payment_day(const profile_view& view) noexcept {
    // No payments at all: day 0, and no day of a month.
    if (view.timed_count() == 0) return {};
    if (view.kind() == profile_kind::items)
        return best_window(count_by_month_day<std::int16_t>(view));
    return best_window(count_by_month_day<std::int32_t>(view));
}

day_window best_payment_weekday(const profile_view& view) noexcept {
    std::int64_t counts[8] = {};
    day_window best;
    best.payments =
        for_each_distinct_date(view, [&](day_number date) { ++counts[iso_weekday(date)]; });
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
