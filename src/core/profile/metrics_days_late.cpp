// How late, how evenly, how often: the figures of days late.
#include <algorithm>
#include <cmath>
#include <iterator>

#include "core/profile/metrics.hpp"
#include "core/profile/moments_guarded.hpp"

namespace receivables {

namespace {

// Days late lie close together: each has a place where its items are counted, which takes a fifth
// of the time of a comparing sort.
void sort_days_late(std::int32_t* days, std::size_t count) noexcept {
    constexpr std::int64_t most_places = 1024;
    const auto [least, most] = std::minmax_element(days, days + count);
    const std::int32_t first = *least;
    const std::int64_t places = std::int64_t{*most} - first + 1;
    if (places > most_places) return std::sort(days, days + count);
    std::uint8_t counts[most_places];
    static_assert(most_listed_items <= UINT8_MAX);
    std::fill_n(counts, places, std::uint8_t{0});
    for (std::size_t i = 0; i < count; ++i) ++counts[days[i] - first];
    for (std::int64_t place = 0; place < places; ++place)
        for (int n = counts[place]; n > 0; --n) *days++ = first + static_cast<std::int32_t>(place);
}

}  // namespace

void profile_metrics::sort_days() noexcept {
    if (has_sorted_) return;
    std::size_t count = 0;
    view_.for_each_days_late([&](std::int32_t days, std::int64_t) { sorted_[count++] = days; });
    if (count > 0) sort_days_late(sorted_, count);
    has_sorted_ = true;
}

std::int32_t profile_metrics::days_at(std::int64_t rank) noexcept {
    if (view_.kind() == profile_kind::items) {
        sort_days();
        return sorted_[rank];
    }
    std::int64_t passed = 0;
    std::int32_t found = 0;
    bool done = false;
    view_.for_each_days_late([&](std::int32_t days, std::int64_t items) {
        if (done) return;
        passed += items;
        found = days;
        done = passed > rank;
    });
    return found;
}

maybe<double> profile_metrics::percentile_days_late(double fraction) noexcept {
    const std::int64_t n = view_.timed_count();
    if (n <= 0) return maybe<double>::none();
    return maybe<double>::of(
        percentile_of(fraction, n, [this](std::int64_t rank) { return days_at(rank); }));
}

void delay_ranks::build(profile_metrics& profile, row* rows) noexcept {
    std::int64_t end = 0;
    rows_ = rows;
    count_ = 0;
    profile.for_each_histogram_row([&](const histogram_row& r) {
        rows[count_++] = {end += r.items, r.days_late};
    });
}

double delay_ranks::percentile(double fraction) const noexcept {
    return percentile_of(fraction, rows_[count_ - 1].end, [this](std::int64_t rank) {
        const row* const at =
            std::upper_bound(rows_, rows_ + count_ - 1, rank,
                             [](std::int64_t r, const row& x) { return r < x.end; });
        return at->days_late;
    });
}

maybe<double> profile_metrics::spread_days_late() noexcept {
    const maybe<double> low = percentile_days_late(0.25), high = percentile_days_late(0.75);
    return low.known ? maybe<double>::of(high.value - low.value) : low;
}

maybe<double> profile_metrics::mean_days_late() noexcept {
    int128 sum = 0;
    std::int64_t n = 0;
    view_.for_each_days_late([&](std::int32_t days, std::int64_t items) {
        sum += int128{days} * items;
        n += items;
    });
    return n <= 0 ? maybe<double>::none() : maybe<double>::of(quotient(sum, int128{n}));
}

maybe<double> profile_metrics::days_late_so_far(day_number as_of) noexcept {
    int128 sum = 0;
    std::int64_t n = 0;
    view_.for_each_days_late([&](std::int32_t days, std::int64_t items) {
        sum += int128{days} * items;
        n += items;
    });
    view_.for_each_unpaid([&](const unpaid_row& r) {
        const std::int64_t days = std::int64_t{as_of} - r.due;
        if (r.cls != item_class::open || days <= 0) return;
        sum += int128{days} * r.items;
        n += r.items;
    });
    return n <= 0 ? maybe<double>::none() : maybe<double>::of(quotient(sum, int128{n}));
}

maybe<double> profile_metrics::weighted_days_late() noexcept {
    // The products of amounts and days can exceed 128 bits where the amounts come near to them;
    // then extended precision carries what a double can show.
    int128 weight = 0, sum = 0;
    long double rough = 0;
    bool exact = true;
    view_.for_each_timed([&](const timed_row& r) {
        int128 product;
        exact = exact && !__builtin_mul_overflow(r.amount, int128{r.days_late}, &product) &&
                !__builtin_add_overflow(sum, product, &sum);
        rough += static_cast<long double>(r.amount) * r.days_late;
        weight += r.amount;
    });
    if (weight == 0) return maybe<double>::none();
    if (exact) return maybe<double>::of(quotient(sum, weight));
    return maybe<double>::of(static_cast<double>(rough / static_cast<long double>(weight)));
}

maybe<double> profile_metrics::late_share(std::int64_t tolerance_days) noexcept {
    const std::int64_t late = count_days_late(tolerance_days + 1, INT32_MAX);
    const std::int64_t n = view_.timed_count();
    return n <= 0 ? maybe<double>::none() : maybe<double>::of(quotient(late, n));
}

maybe<double> profile_metrics::late_amount_share(std::int64_t tolerance_days) noexcept {
    int128 late = 0, all = 0;
    view_.for_each_timed([&](const timed_row& r) {
        if (r.days_late > tolerance_days) late += r.amount;
        all += r.amount;
    });
    return all == 0 ? maybe<double>::none() : maybe<double>::of(quotient(late, all));
}

maybe<std::int32_t> profile_metrics::min_days_late() noexcept {
    maybe<std::int32_t> least;
    view_.for_each_days_late([&](std::int32_t days, std::int64_t) {
        if (!least.known || days < least.value) least = maybe<std::int32_t>::of(days);
    });
    return least;
}

maybe<std::int32_t> profile_metrics::max_days_late() noexcept {
    maybe<std::int32_t> most;
    view_.for_each_days_late([&](std::int32_t days, std::int64_t) {
        if (!most.known || days > most.value) most = maybe<std::int32_t>::of(days);
    });
    return most;
}

maybe<std::int32_t> profile_metrics::structural_days_late(std::int64_t min_items,
                                                          double max_spread_days) noexcept {
    const std::int64_t n = view_.timed_count();
    if (n <= 0 || n < min_items || spread_days_late().value > max_spread_days)
        return maybe<std::int32_t>::none();
    const double median = median_days_late().value;
    if (median <= 0) return maybe<std::int32_t>::none();
    return maybe<std::int32_t>::of(static_cast<std::int32_t>(std::floor(median + 0.5)));
}

maybe<double> profile_metrics::recent_median_days_late(std::int64_t items) noexcept {
    recent_row rows[max_recent_items];
    const std::size_t n = items < 1 ? 0 : view_.recent(rows, static_cast<std::size_t>(items));
    if (n == 0) return maybe<double>::none();
    std::int32_t days[max_recent_items];
    for (std::size_t i = 0; i < n; ++i) days[i] = rows[i].days_late;
    std::sort(days, days + n);
    const double low = days[(n - 1) / 2], high = days[n / 2];
    return maybe<double>::of(low + 0.5 * (high - low));
}

std::int64_t profile_metrics::late_streak() noexcept {
    recent_row rows[max_recent_items];
    const std::size_t n = view_.recent(rows);
    std::size_t late = 0;
    while (late < n && rows[late].days_late > 0) ++late;
    return static_cast<std::int64_t>(late);
}

// The least-squares slope (n Sxy - Sx Sy) / (n Sxx - Sx Sx), x the due date counted from the first
// one and y the days late, in whole numbers where they fit into 128 bits. Moving x changes no
// slope.
maybe<double> profile_metrics::trend_days_late_per_year() noexcept {
    // n days^2 of 128 bits would take more items than there are.
    int128 n = 0, sx = 0, sxx = 0, sy = 0, sxy = 0;
    bool any = false;
    day_number base = 0;
    view_.for_each_due([&](const due_row& r) {
        if (r.timed == 0) return;
        if (!any) base = r.due;
        any = true;
        const int128 x = std::int64_t{r.due} - base;
        n += r.timed;
        sx += x * r.timed;
        sxx += x * x * r.timed;
    });
    if (!any) return maybe<double>::none();
    view_.for_each_timed([&](const timed_row& r) {
        sy += int128{r.days_late} * r.items;
        sxy += (r.due_sum - int128{base} * r.items) * r.days_late;
    });
    int128 a, b, c, d;
    constexpr double days_per_year = 365.25;
    if (!__builtin_mul_overflow(n, sxy, &a) && !__builtin_mul_overflow(sx, sy, &b) &&
        !__builtin_mul_overflow(n, sxx, &c) && !__builtin_mul_overflow(sx, sx, &d)) {
        a -= b;
        c -= d;
        if (c == 0) return maybe<double>::none();
        return maybe<double>::of(quotient(a, c) * days_per_year);
    }
    const auto count = static_cast<long double>(n);
    const long double mean_x = static_cast<long double>(sx) / count;
    const long double across =
        static_cast<long double>(sxy) - mean_x * static_cast<long double>(sy);
    const long double along = static_cast<long double>(sxx) - mean_x * static_cast<long double>(sx);
    if (along <= 0) return maybe<double>::none();
    return maybe<double>::of(static_cast<double>(across / along * days_per_year));
}

maybe<double> profile_metrics::prompt_payment_score() noexcept {
    struct point {
        double days, score;
    };
    constexpr point scale[] = {{-30, 100}, {-20, 90}, {0, 80},  {15, 70},  {22, 60},
                               {30, 50},   {60, 40},  {90, 30}, {120, 20}, {180, 0}};
    const maybe<double> days = weighted_days_late();
    if (!days.known) return days;
    if (days.value <= scale[0].days) return maybe<double>::of(scale[0].score);
    for (std::size_t i = 1; i < std::size(scale); ++i) {
        const point a = scale[i - 1], b = scale[i];
        if (days.value <= b.days)
            return maybe<double>::of(a.score + (b.score - a.score) * (days.value - a.days) /
                                                   (b.days - a.days));
    }
    return maybe<double>::of(0);
}

delay_moments profile_metrics::moments() noexcept {
    const maybe<double> median = median_days_late();
    if (!median.known) return {};
    const auto center = static_cast<std::int32_t>(std::floor(median.value));
    return moments_about(*this, center);
}

std::int64_t profile_metrics::count_days_late(std::int64_t from, std::int64_t to) noexcept {
    std::int64_t count = 0;
    view_.for_each_days_late([&](std::int32_t days, std::int64_t items) {
        count += days >= from && days <= to ? items : 0;
    });
    return count;
}

}  // namespace receivables
