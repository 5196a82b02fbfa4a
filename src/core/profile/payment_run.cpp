#include "core/profile/payment_run.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "core/profile/month_place.hpp"

namespace receivables {

namespace {

constexpr double days_a_month = 30.436875, business_days_a_month = days_a_month * 5 / 7;
constexpr std::int32_t least_gap = 7;  // days of a set lie so far apart at least
// How many sets of so many days there are on a circle of 31 with that gap.
constexpr double sets_of[most_run_days + 1] = {1, 31, 279, 682};
constexpr double run_shapes = 3;  // of a customer; "as it is" and the moved ones exclude each other
constexpr double most_chance = 0.1;  // after the correction
constexpr double most_weekday_chance = 0.005;
constexpr double least_ratio = 1.5, least_ratio_a_payment = 0.125;

enum class roll_to : std::int8_t { none, following, preceding };

int weekday_of(std::int64_t day) noexcept {
    return iso_weekday(static_cast<day_number>(day));
}

bool is_weekend(std::int64_t day) noexcept {
    return weekday_of(day) > 5;
}

std::int64_t rolled(std::int64_t day, roll_to to) noexcept {
    while (to != roll_to::none && is_weekend(day)) day += to == roll_to::following ? 1 : -1;
    return day;
}

// ln P(X >= held), X binomial (n, p); 0 where held is no more than expected.
double log_tail(double n, double held, double p) noexcept {
    if (held <= n * p || p >= 1) return 0;
    if (p <= 0) return -HUGE_VAL;
    const double first = std::lgamma(n + 1) - std::lgamma(held + 1) - std::lgamma(n - held + 1) +
                         held * std::log(p) + (n - held) * std::log1p(-p);
    double sum = 1, term = 1;
    for (double k = held; k < n; ++k) {
        term *= (n - k) / (k + 1) * p / (1 - p);
        sum += term;
    }
    return std::min(0.0, first + std::log(sum));
}

// n times the divergence of held / n from p.
double log_ratio(double n, double held, double p) noexcept {
    const double share = held / n;
    if (share <= p) return 0;
    return held * std::log(share / p) +
           (held < n ? (n - held) * std::log((1 - share) / (1 - p)) : 0);
}

// Is it that day of its month?
bool falls_on(std::int64_t date, std::int32_t day) noexcept {
    const month_place place = place_in_month(date);
    return place.from_start + 1 == nominal_day(day, place.from_start + place.to_end);
}

// Is it that day of its month after the move off the weekend?
bool settles(std::int64_t date, std::int32_t day, roll_to to) noexcept {
    if (to == roll_to::none) return falls_on(date, day);
    const int weekday = weekday_of(date);
    if (weekday > 5) return false;
    if (falls_on(date, day)) return true;
    if (to == roll_to::following)
        return weekday == 1 && (falls_on(date - 1, day) || falls_on(date - 2, day));
    return weekday == 5 && (falls_on(date + 1, day) || falls_on(date + 2, day));
}

// Three days in a row, by the first of their places in month_place.hpp.
bool is_within(const month_place& place, std::int32_t window) noexcept {
    const auto holds = [window](std::int32_t at) noexcept {
        return at >= window && at < window + 3;
    };
    return holds(place.from_start) || holds(month_end + longest_month - place.to_end) ||
           (place.from_start < 2 && holds(month_windows + place.from_start));
}

bool is_apart(std::int32_t a, std::int32_t b) noexcept {
    const auto on_circle = [](std::int32_t day) noexcept { return day > 0 ? day : 32 + day; };
    const std::int32_t distance = std::abs(on_circle(a) - on_circle(b));
    return std::min(distance, 31 - distance) >= least_gap;
}

// In the order of the month: the 1st before the 31st before the last day.
void put_in_order(std::int32_t* days, std::int32_t count) noexcept {
    const auto is_before = [](std::int32_t a, std::int32_t b) noexcept {
        return (a > 0) != (b > 0) ? a > 0 : a < b;
    };
    for (std::int32_t i = 1; i < count; ++i)
        for (std::int32_t k = i; k > 0 && is_before(days[k], days[k - 1]); --k)
            std::swap(days[k], days[k - 1]);
}

// One look at a customer's payments.
class run_search {
  public:
    run_search(const payment_history& history, const payment_day_rule& rule) noexcept
        : history_(history), rule_(rule) {
        for (std::int32_t i = 0; i < history_.count; ++i) {
            rest_[i] = history_.paid[i];
            pays_at_weekends_ |= is_weekend(history_.paid[i]);
        }
        rest_count_ = history_.count;
    }

    payment_run days(std::int32_t most_days) noexcept;
    payment_run weekday() noexcept;

  private:
    struct window {
        std::int32_t first = 0;
        std::int32_t held = 0;
        std::int32_t peak = 0;
        std::int32_t day = 0;
    };

    double payments() const noexcept { return history_.count; }
    bool qualifies(std::int32_t held) const noexcept {
        return held >= rule_.min_payments && held >= rule_.min_share * payments() - 1e-9;
    }
    template <class F>
    std::int32_t count_rest(F&& in) const noexcept {
        return static_cast<std::int32_t>(std::count_if(rest_, rest_ + rest_count_, in));
    }
    // p: the share of the dates that due dates and delays of others make, drawn towards u.
    template <class F>
    double chance_share(F&& in, double u) const noexcept;

    bool may_hold(std::int32_t first) const noexcept;
    window next_window() const noexcept;
    std::int32_t most_settling(std::int32_t day) const noexcept;
    bool earns_its_place(const window& found) const noexcept;
    bool add_day() noexcept;
    bool is_wide_run(double* log_chance) const noexcept;
    bool is_sharp_run(roll_to to, double* log_chance) const noexcept;
    double log_limit() const noexcept {
        return std::log(most_chance / (sets_of[day_count_] * run_shapes));
    }
    double sharp_chance() const noexcept {
        return 1 / (pays_at_weekends_ ? days_a_month : business_days_a_month);
    }
    // The ways in which this customer may move a payment.
    template <class F>
    void for_each_roll(F&& f) const noexcept {
        f(roll_to::none);
        if (pays_at_weekends_) return;
        f(roll_to::following);
        f(roll_to::preceding);
    }

    const payment_history& history_;
    const payment_day_rule& rule_;
    bool pays_at_weekends_ = false;
    std::int32_t day_count_ = 0;
    std::int32_t windows_[most_run_days];
    std::int32_t days_[most_run_days];
    // Payment dates that no window of the set holds yet.
    std::int32_t rest_count_ = 0;
    day_number rest_[most_run_payments];
};

template <class F>
double run_search::chance_share(F&& in, double u) const noexcept {
    std::int64_t held = 0, pairs = 0;
    for (std::int32_t i = 0; i < history_.due_count; ++i)
        for (std::int32_t k = 0; k < history_.late_count; ++k) {
            if (history_.paired && i == k) continue;
            ++pairs;
            held += in(std::int64_t{history_.due[i]} + history_.late[k]);
        }
    if (pairs == 0) return 1;
    const double share = static_cast<double>(held) / static_cast<double>(pairs);
    return (share * payments() + u) / (payments() + 1);
}

// Not into the gap between the two readings, and far enough from the days of the set.
bool run_search::may_hold(std::int32_t first) const noexcept {
    if (first < month_end && first + 3 > longest_month) return false;
    for (std::int32_t i = 0; i < day_count_; ++i)
        for (std::int32_t place = first; place < first + 3; ++place)
            if (!is_apart(day_of_place(place), days_[i])) return false;
    return true;
}

// The first of those that hold the most and among them the most on one day.
run_search::window run_search::next_window() const noexcept {
    std::int32_t counts[month_windows + 2] = {};
    for (std::int32_t i = 0; i < rest_count_; ++i) {
        const month_place place = place_in_month(rest_[i]);
        ++counts[place.from_start];
        ++counts[month_end + longest_month - place.to_end];
    }
    counts[month_windows] = counts[0];
    counts[month_windows + 1] = counts[1];
    window best;
    for (std::int32_t first = 0; first < month_windows; ++first) {
        const std::int32_t* const peak = std::max_element(counts + first, counts + first + 3);
        const std::int32_t held = counts[first] + counts[first + 1] + counts[first + 2];
        if (held < best.held || (held == best.held && *peak <= best.peak) || !may_hold(first))
            continue;
        best = {first, held, *peak, day_of_place(static_cast<std::int32_t>(peak - counts))};
    }
    return best;
}

std::int32_t run_search::most_settling(std::int32_t day) const noexcept {
    std::int32_t most = 0;
    for_each_roll([&](roll_to to) noexcept {
        most = std::max(most, count_rest([=](day_number date) { return settles(date, day, to); }));
    });
    return most;
}

// Another day of the set holds at least two of the payments left, and so many that one expects to
// see the like on fewer than one day of the month by chance.
bool run_search::earns_its_place(const window& found) const noexcept {
    if (day_count_ == 0) return found.held > 0;
    if (found.held < 2) return false;
    const double left = rest_count_, u = 3 / days_a_month;
    const double wide = log_tail(left, found.held, u / (1 - u * day_count_));
    const double sharp = log_tail(left, most_settling(found.day), sharp_chance()) + std::log(2.0);
    return std::min(wide, sharp) + std::log(sets_of[1]) <= 0;
}

bool run_search::add_day() noexcept {
    window found = next_window();
    std::int32_t most = most_settling(found.day);
    for (std::int32_t place = found.first; found.held > 0 && place < found.first + 3; ++place) {
        const std::int32_t day = day_of_place(place), settling = most_settling(day);
        if (settling <= most) continue;
        most = settling;
        found.day = day;
    }
    if (!earns_its_place(found)) return false;
    windows_[day_count_] = found.first;
    days_[day_count_++] = found.day;
    rest_count_ = static_cast<std::int32_t>(
        std::remove_if(rest_, rest_ + rest_count_,
                       [&](day_number date) noexcept {
                           return is_within(place_in_month(date), found.first);
                       }) -
        rest_);
    return true;
}

bool run_search::is_wide_run(double* log_chance) const noexcept {
    const double u = 3 / days_a_month * day_count_;
    const std::int32_t held = history_.count - rest_count_;
    if (log_tail(payments(), held, u) > log_limit()) return false;
    double p = 0;
    for_each_roll([&](roll_to to) noexcept {
        p = std::max(p, chance_share(
                            [&](std::int64_t date) noexcept {
                                const month_place place = place_in_month(rolled(date, to));
                                return std::any_of(
                                    windows_, windows_ + day_count_,
                                    [&](std::int32_t w) noexcept { return is_within(place, w); });
                            },
                            u));
    });
    *log_chance = log_tail(payments(), held, p);
    return *log_chance <= log_limit();
}

bool run_search::is_sharp_run(roll_to to, double* log_chance) const noexcept {
    const auto in = [&](std::int64_t date) noexcept {
        return std::any_of(days_, days_ + day_count_,
                           [&](std::int32_t day) noexcept { return settles(date, day, to); });
    };
    const auto held =
        static_cast<std::int32_t>(std::count_if(history_.paid, history_.paid + history_.count, in));
    const double u = sharp_chance() * day_count_;
    if (!qualifies(held) || log_tail(payments(), held, u) > log_limit()) return false;
    const double p = chance_share(in, u);
    *log_chance = log_tail(payments(), held, p);
    return log_ratio(payments(), held, p) >=
           std::max<double>(least_ratio + day_count_ - 1, least_ratio_a_payment * payments());
}

payment_run run_search::days(std::int32_t most_days) noexcept {
    payment_run run;
    while (day_count_ < most_days && add_day()) {
        if (!qualifies(history_.count - rest_count_)) continue;
        bool found = false;
        double least = 0, log_chance = 0;
        const auto take = [&](bool is_run) noexcept {
            if (is_run) least = std::min(least, log_chance);
            found |= is_run;
        };
        take(is_wide_run(&log_chance));
        for_each_roll([&](roll_to to) noexcept { take(is_sharp_run(to, &log_chance)); });
        if (!found) continue;
        run.day_count = day_count_;
        std::copy_n(days_, day_count_, run.day);
        put_in_order(run.day, day_count_);
        run.surprise = -(least + std::log(sets_of[day_count_] * run_shapes));
        return run;
    }
    return run;
}

payment_run run_search::weekday() noexcept {
    std::int32_t counts[8] = {};
    for (std::int32_t i = 0; i < history_.count; ++i) ++counts[iso_weekday(history_.paid[i])];
    const auto best = static_cast<int>(std::max_element(counts + 1, counts + 8) - counts);
    payment_run run;
    if (history_.count == 0 || !qualifies(counts[best])) return run;
    const double u = pays_at_weekends_ ? 1 / 7.0 : 1 / 5.0;
    double p = 0;
    for (const roll_to to : {roll_to::none, roll_to::following}) {
        if (to != roll_to::none && pays_at_weekends_) break;
        p = std::max(
            p, chance_share(
                   [&](std::int64_t date) noexcept { return weekday_of(rolled(date, to)) == best; },
                   u));
    }
    const double log_chance = log_tail(payments(), counts[best], p);
    if (log_chance > std::log(most_weekday_chance)) return run;
    run.weekday = best;
    run.surprise = -(log_chance + std::log(7.0));
    return run;
}

}  // namespace

payment_run find_run_days(const payment_history& history, const payment_day_rule& rule,
                          std::int32_t most_days) noexcept {
    return run_search(history, rule).days(most_days);
}

payment_run find_run_weekday(const payment_history& history,
                             const payment_day_rule& rule) noexcept {
    return run_search(history, rule).weekday();
}

payment_run find_payment_run(const payment_history& history,
                             const payment_day_rule& rule) noexcept {
    const payment_run days = find_run_days(history, rule);
    const payment_run weekday = find_run_weekday(history, rule);
    const bool is_weekday = weekday.found() && (!days.found() || weekday.surprise > days.surprise);
    return is_weekday ? weekday : days;
}

std::int64_t next_payment_date(std::int32_t payment_day, day_number from) noexcept {
    civil_date month = to_civil(from);
    for (;;) {
        const std::int32_t length = days_in_month(month.year, month.month);
        const std::int32_t day = nominal_day(payment_day, length);
        if (day >= month.day)
            return std::int64_t{from_civil({month.year, month.month, 1})} + day - 1;
        // Only the first month has days that are over.
        month.day = 1;
        month.year += month.month == 12;
        month.month = static_cast<std::uint8_t>(month.month % 12 + 1);
    }
}

std::int64_t next_run_date(const payment_run& run, day_number from) noexcept {
    if (run.weekday > 0) return std::int64_t{from} + (run.weekday - iso_weekday(from) + 7) % 7;
    std::int64_t next = next_payment_date(run.day[0], from);
    for (std::int32_t i = 1; i < run.day_count; ++i)
        next = std::min(next, next_payment_date(run.day[i], from));
    return next;
}

}  // namespace receivables
