#include "core/payment_day.hpp"

#include <algorithm>
#include <bit>
#include <cstdio>

namespace receivables {

namespace {

// f(day_number) for every distinct one of a few dates, ascending where they lie close together:
// then each is a bit.
template <class F>
void for_each_distinct(day_number* dates, std::size_t count, F&& f) noexcept {
    if (count == 0) return;
    const auto [least, most] = std::minmax_element(dates, dates + count);
    const std::int64_t first = *least, range = std::int64_t{*most} - *least;
    constexpr std::size_t most_words = 64;
    if (range >= static_cast<std::int64_t>(64 * most_words)) {
        std::sort(dates, dates + count);
        const day_number* end = std::unique(dates, dates + count);
        for (const day_number* date = dates; date != end; ++date) f(*date);
        return;
    }
    std::uint64_t set[most_words];
    const std::size_t words = static_cast<std::size_t>(range) / 64 + 1;
    std::fill_n(set, words, 0);
    for (std::size_t i = 0; i < count; ++i) {
        const auto place = static_cast<std::size_t>(dates[i] - first);
        set[place / 64] |= std::uint64_t{1} << place % 64;
    }
    for (std::size_t word = 0; word < words; ++word)
        for (std::uint64_t rest = set[word]; rest != 0; rest &= rest - 1)
            f(static_cast<day_number>(first + static_cast<std::int64_t>(64 * word) +
                                      std::countr_zero(rest)));
}

// f(day_number) for every distinct payment date.
template <class F>
void for_each_payment_date(const profile_view& view, F&& f) noexcept {
    if (view.kind() == profile_kind::tables)
        view.for_each_payment([&](const payment_row& r) { f(r.paid); });
    if (view.kind() != profile_kind::items) return;
    day_number dates[max_listed_items];
    for_each_distinct(dates, view.listed_payment_dates(dates), f);
}

constexpr int longest_month = 31;

// Payment dates by day of the month, in the order in time: from_start[0] is the first day,
// from_end[30] the last; behind that the first two days again, for windows that cross the month's
// end.
struct month_counts {
    std::int32_t from_start[longest_month] = {};
    std::int32_t from_end[longest_month + 2] = {};
    std::int64_t payments = 0;
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
        ++counts.from_start[date - month.first];
        ++counts.from_end[longest_month - (month.next - date)];
        ++counts.payments;
    });
    counts.from_end[longest_month] = counts.from_start[0];
    counts.from_end[longest_month + 1] = counts.from_start[1];
    return counts;
}

// The best window so far: it holds the most payment dates, and among equal ones the most on one
// day. Who pays on the last day of the month pays on 28 to 31, and both readings hold all of it.
struct window_search {
    std::int32_t held = 0, peak = 0;
    std::int32_t day = 0;

    // Windows of three days in a row; the first stands for the day of the month `first`.
    void search(const std::int32_t* counts, std::int32_t windows, std::int32_t first) noexcept {
        for (std::int32_t i = 0; i < windows; ++i) {
            const std::int32_t sum = counts[i] + counts[i + 1] + counts[i + 2];
            if (sum < held) continue;
            std::int32_t best = i;
            if (counts[i + 1] > counts[best]) best = i + 1;
            if (counts[i + 2] > counts[best]) best = i + 2;
            if (sum == held && counts[best] <= peak) continue;
            held = sum;
            peak = counts[best];
            day = first + best;
            if (first < 0 && day >= 0) ++day;  // behind the last day, -1, comes the first
        }
    }
};

}  // namespace

std::int64_t count_payment_dates(const profile_view& view) noexcept {
    std::int64_t count = 0;
    for_each_payment_date(view, [&](day_number) { ++count; });
    return count;
}

day_window best_payment_day(const profile_view& view) noexcept {
    const month_counts counts = count_by_month_day(view);
    window_search search;
    search.search(counts.from_start, longest_month - 2, 1);
    search.search(counts.from_end, longest_month, -longest_month);
    return {search.day, search.held, counts.payments};
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
