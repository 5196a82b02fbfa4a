#include "core/profile/payment_day.hpp"

#include <algorithm>
#include <bit>
#include <cstdio>

#include "core/profile/month_place.hpp"

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

// Count is wide enough for all payment dates; the narrower, the more windows fit in one
// instruction: the loops below are of equal steps, without a branch, for that.
template <class Count>
struct month_counts {
    Count dates[month_windows + 2] = {};
    std::int64_t payments = 0;
};

template <class Count>
month_counts<Count> count_by_month_day(const profile_view& view) noexcept {
    month_counts<Count> counts;
    counts.payments = for_each_distinct_date(view, [&](day_number date) {
        const month_place place = place_in_month(date);
        ++counts.dates[place.from_start];
        ++counts.dates[month_end + longest_month - place.to_end];
    });
    counts.dates[month_windows] = counts.dates[0];
    counts.dates[month_windows + 1] = counts.dates[1];
    return counts;
}

template <class Count>
Count most_of(const Count (&numbers)[month_windows]) noexcept {
    Count most = numbers[0];
    for (Count number : numbers) most = number > most ? number : most;
    return most;
}

// The first of the windows that hold the most dates and among them the most on one day. Who pays on
// the last day of the month pays on 28 to 31, and both readings hold all of it.
template <class Count>
day_window best_window(const month_counts<Count>& counts) noexcept {
    const Count* dates = counts.dates;
    Count held[month_windows], peak[month_windows];
    for (std::int32_t i = 0; i < month_windows; ++i)
        held[i] = static_cast<Count>(dates[i] + dates[i + 1] + dates[i + 2]);
    const Count most = most_of(held);
    for (std::int32_t i = 0; i < month_windows; ++i) {
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
    return {day_of_place(best), most, counts.payments};
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

namespace {

// The values of rows that stand for several items each, one of an item here and there so that they
// are spread evenly: those in the middle of as many equal parts of all items as there is room for.
class spread_sample {
  public:
    spread_sample(std::int64_t items, std::int32_t* out) noexcept
        : items_(items), most_(std::min<std::int64_t>(items, most_run_payments)), out_(out) {}
    void add(std::int32_t value, std::int64_t items) noexcept {
        for (seen_ += items; count_ < most_ && middle() < seen_; ++count_) out_[count_] = value;
    }
    std::int32_t count() const noexcept { return static_cast<std::int32_t>(count_); }

  private:
    std::int64_t middle() const noexcept {
        return static_cast<std::int64_t>(int128{2 * count_ + 1} * items_ / (2 * most_));
    }

    std::int64_t items_, most_, seen_ = 0, count_ = 0;
    std::int32_t* out_;
};

void read_tables(const profile_view& view, payment_history* out) noexcept {
    const std::int64_t dates = count_payment_dates(view), items = view.timed_count();
    std::int64_t place = 0;
    view.for_each_payment_date([&](day_number date) {
        if (dates - place++ <= most_run_payments) out->paid[out->count++] = date;
    });
    spread_sample due(items, out->due), late(items, out->late);
    view.for_each_due([&](const due_row& r) { due.add(r.due, r.timed); });
    view.for_each_days_late([&](std::int32_t days, std::int64_t n) { late.add(days, n); });
    out->paired = false;
    out->due_count = due.count();
    out->late_count = late.count();
}

}  // namespace

void read_payments(const profile_view& view, payment_history* out) noexcept {
    if (view.kind() == profile_kind::tables) return read_tables(view, out);
    day_number due[most_listed_items];
    std::int32_t late[most_listed_items], items = 0;
    view.for_each_timed_due_date([&](day_number date) { due[items++] = date; });
    items = 0;
    view.for_each_days_late([&](std::int32_t days, std::int64_t) { late[items++] = days; });
    out->take(due, late, items);
}

}  // namespace receivables
