// Payment runs: the same as an oracle written from the header's words; found where they were
// planted, and hardly ever where chance alone pays.
#include "core/profile/payment_run.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <random>
#include <vector>

namespace receivables {
namespace {

using dice = std::mt19937;
int pick(dice& random, int from, int to) {
    return std::uniform_int_distribution<int>(from, to)(random);
}

struct paid_invoice {
    int due, late;
    int paid() const { return due + late; }
};
using customer = std::vector<paid_invoice>;

payment_history history_of(const customer& invoices) {
    std::vector<day_number> due;
    std::vector<std::int32_t> late;
    for (const paid_invoice& x : invoices) {
        due.push_back(x.due);
        late.push_back(x.late);
    }
    payment_history history;
    history.take(due.data(), late.data(), static_cast<std::int32_t>(due.size()));
    return history;
}

// --- the oracle --------------------------------------------------------------------------------

using membership = std::function<bool(int)>;

int month_length(int day) {
    const civil_date d = to_civil(day);
    return days_in_month(d.year, d.month);
}
int from_start(int day) {
    return to_civil(day).day;
}
int from_end(int day) {
    return from_start(day) - month_length(day) - 1;
}
bool is_weekend(int day) {
    return iso_weekday(day) > 5;
}
int moved(int day, int direction) {
    while (direction != 0 && is_weekend(day)) day += direction;
    return day;
}
// Every date on which `day` of the month is due, two days around; moved, is it this one?
bool settles(int date, int day, int direction) {
    for (int x = date - 2; x <= date + 2; ++x) {
        const int length = month_length(x);
        const int nominal = std::min(std::max(day > 0 ? day : length + 1 + day, 1), length);
        if (from_start(x) == nominal && moved(x, direction) == date) return true;
    }
    return false;
}
double tail(int n, int held, double p) {
    if (held <= n * p || p >= 1) return 1;
    double sum = 0;
    for (int k = held; k <= n; ++k) {
        double term = 1;
        for (int i = 0; i < k; ++i) term *= p * (n - i) / (k - i);
        for (int i = 0; i < n - k; ++i) term *= 1 - p;
        sum += term;
    }
    return std::min(1.0, sum);
}

class oracle {
  public:
    explicit oracle(const customer& invoices, payment_day_rule rule) : rule_(rule) {
        std::vector<int> lates;
        for (const auto& x : invoices) lates.push_back(x.late);
        std::sort(lates.begin(), lates.end());
        const int median = lates[lates.size() / 2];
        for (const auto& x : invoices) {
            const auto off = [=](int late) { return std::pair(std::abs(late - median), late); };
            const auto at = late_.find(x.paid());
            if (at == late_.end() || off(x.late) < off(at->second)) late_[x.paid()] = x.late;
        }
        for (const auto& [paid, late] : late_) weekends_ |= is_weekend(paid);
        directions_ = weekends_ ? std::vector<int>{0} : std::vector<int>{0, 1, -1};
        for (int d = 1; d <= 29; ++d) windows_.push_back({d, d + 1, d + 2});
        for (int d = -31; d <= -3; ++d) windows_.push_back({d, d + 1, d + 2});
        windows_.push_back({-2, -1, 1});
        windows_.push_back({-1, 1, 2});
    }

    std::vector<int> days(int most) {
        while (static_cast<int>(days_.size()) < most && add_day())
            if (is_run()) {
                std::vector<int> found = days_;
                std::sort(found.begin(), found.end(),
                          [](int a, int b) { return std::pair(a < 0, a) < std::pair(b < 0, b); });
                return found;
            }
        return {};
    }

    int weekday() const {
        int best = 1;
        const auto on = [&](int day) {
            return count([=](int date) { return iso_weekday(date) == day; });
        };
        for (int day = 2; day <= 7; ++day)
            if (on(day) > on(best)) best = day;
        if (!qualifies(on(best))) return 0;
        double p = 0;
        for (int direction : {0, 1})
            if (direction == 0 || !weekends_)
                p = std::max(
                    p, chance([=](int date) { return iso_weekday(moved(date, direction)) == best; },
                              weekends_ ? 1 / 7.0 : 1 / 5.0));
        return tail(n(), on(best), p) <= 0.005 ? best : 0;
    }

  private:
    int n() const { return static_cast<int>(late_.size()); }
    bool qualifies(int held) const {
        return held >= rule_.min_payments && held >= rule_.min_share * n() - 1e-9;
    }
    int count(const membership& in) const {
        int held = 0;
        for (const auto& [paid, late] : late_) held += in(paid);
        return held;
    }
    double chance(const membership& in, double u) const {
        double held = 0, pairs = 0;
        for (const auto& [paid, late] : late_)
            for (const auto& [other, other_late] : late_)
                if (paid != other) ++pairs, held += in(paid - late + other_late);
        return pairs == 0 ? 1 : (held / pairs * n() + u) / (n() + 1);
    }
    static bool holds(const std::vector<int>& window, int date) {
        return std::count(window.begin(), window.end(), from_start(date)) > 0 ||
               std::count(window.begin(), window.end(), from_end(date)) > 0;
    }
    bool is_held(int date) const {
        return std::any_of(chosen_.begin(), chosen_.end(),
                           [&](const auto& window) { return holds(window, date); });
    }
    int rest(const membership& in) const {
        return count([&](int date) { return !is_held(date) && in(date); });
    }
    bool is_near(int a) const {
        return std::any_of(days_.begin(), days_.end(), [&](int b) {
            int distance = std::abs((a > 0 ? a : 32 + a) - (b > 0 ? b : 32 + b));
            return std::min(distance, 31 - distance) < 7;
        });
    }
    double sharp_u() const { return (weekends_ ? 1.0 : 1.4) / 30.436875; }
    int most_settling(int day) const {
        int most = 0;
        for (int direction : directions_)
            most = std::max(most, rest([=](int date) { return settles(date, day, direction); }));
        return most;
    }

    bool add_day() {
        std::vector<int> best;
        int most = 0, peak = 0, day = 0;
        for (const auto& window : windows_) {
            if (std::any_of(window.begin(), window.end(), [&](int d) { return is_near(d); }))
                continue;
            const int held = rest([&](int date) { return holds(window, date); });
            int top = 0, at = 0;
            for (int d : window) {
                const int on =
                    rest([=](int date) { return from_start(date) == d || from_end(date) == d; });
                if (on > top) top = on, at = d;
            }
            if (held < most || (held == most && top <= peak)) continue;
            best = window, most = held, peak = top, day = at;
        }
        if (most == 0 || (!days_.empty() && most < 2)) return false;
        for (int d : best)
            if (most_settling(d) > most_settling(day)) day = d;
        if (!days_.empty()) {
            const double u = 3 / 30.436875;
            const int left = rest([](int) { return true; });
            const double wide = tail(left, most, u / (1 - u * static_cast<double>(days_.size())));
            if (31 * std::min(wide, 2 * tail(left, most_settling(day), sharp_u())) > 1)
                return false;
        }
        chosen_.push_back(best);
        days_.push_back(day);
        return true;
    }

    bool is_run() const {
        const int held = count([&](int date) { return is_held(date); });
        const double limit = 0.1 / 3 / std::array{31, 279, 682}[days_.size() - 1];
        const auto size = static_cast<double>(days_.size());
        if (!qualifies(held)) return false;
        double p = 0;
        const double u = 3 / 30.436875 * size;
        for (int direction : directions_)
            p = std::max(p, chance([&](int date) { return is_held(moved(date, direction)); }, u));
        if (tail(n(), held, u) <= limit && tail(n(), held, p) <= limit) return true;
        for (int direction : directions_) {
            const membership in = [&, direction](int date) {
                return std::any_of(days_.begin(), days_.end(),
                                   [&](int day) { return settles(date, day, direction); });
            };
            const double h = count(in), q = chance(in, sharp_u() * size), share = h / n();
            if (!qualifies(count(in)) || tail(n(), count(in), sharp_u() * size) > limit) continue;
            const double divergence =
                share <= q ? 0
                           : share * std::log(share / q) +
                                 (share < 1 ? (1 - share) * std::log((1 - share) / (1 - q)) : 0);
            if (n() * divergence >= std::max(0.5 + size, n() / 8.0)) return true;
        }
        return false;
    }

    payment_day_rule rule_;
    std::map<int, int> late_;  // by payment date: of the invoice that stands for it
    bool weekends_ = false;
    std::vector<int> directions_;
    std::vector<std::vector<int>> windows_, chosen_;
    std::vector<int> days_;
};

// --- customers ---------------------------------------------------------------------------------

enum class dues { any, month_end, middle_and_end, fridays };

int as_due(int day, dues kind) {
    const int end = day - from_start(day) + month_length(day);
    switch (kind) {
        case dues::any:
            return day;
        case dues::month_end:
            return end;
        case dues::middle_and_end:
            return from_start(day) <= 15 ? day - from_start(day) + 15 : end;
        case dues::fridays:
            return day - iso_weekday(day) + 5;
    }
    return day;
}

// Days late that have nothing to do with the day of the month.
int drawn_delay(dice& random, int kind) {
    switch (kind) {
        case 0:
            return std::geometric_distribution<int>(0.1)(random);
        case 1:
            return std::geometric_distribution<int>(0.3)(random);
        case 2:
            return pick(random, 0, 45);
        case 3:
            return pick(random, -5, 10);
        case 4:
            return static_cast<int>(std::lround(std::normal_distribution<double>(10, 5)(random)));
        case 5:
            return static_cast<int>(std::lround(std::normal_distribution<double>(3, 1)(random)));
        default:
            return 12;
    }
}
constexpr int delay_kinds = 7;

customer paid_by_chance(dice& random, dues kind, int delay, int payments, bool several) {
    customer invoices;
    for (int i = 0; i < payments; ++i) {
        const int due = as_due(pick(random, 7000, 7000 + 30 * payments), kind);
        const int paid = due + drawn_delay(random, delay);
        invoices.push_back({due, paid - due});
        for (int more = several ? pick(random, 0, 4) : 0; more > 0; --more) {
            const int other = as_due(due + pick(random, -31, 31), kind);
            invoices.push_back({other, paid - other});
        }
    }
    return invoices;
}

int nth_of_month(int month, int day) {
    const int first = from_civil({2018 + month / 12, static_cast<std::uint8_t>(1 + month % 12), 1});
    const int length = month_length(first);
    return first - 1 + (day > 0 ? std::min(day, length) : length + 1 + day);
}

// A payment in five on any day; weekends move to Monday. Days of the month, else a weekday.
customer paid_in_runs(dice& random, const std::vector<int>& days, int weekday, int payments,
                      dues kind, bool several) {
    customer invoices;
    const int start = pick(random, 0, 60);
    for (int i = 0; i < payments; ++i) {
        int paid = 7000 + 28 * i + 7 * pick(random, 0, 3);
        paid += weekday - iso_weekday(paid);
        if (weekday == 0) {
            const auto size = static_cast<int>(days.size());
            paid = nth_of_month(start + i / size, days[static_cast<std::size_t>(i % size)]);
        }
        if (pick(random, 1, 100) > 80) paid += pick(random, -15, 15);
        paid = moved(paid, 1);
        for (int n = several ? pick(random, 1, 5) : 1; n > 0; --n) {
            int due = paid - pick(random, -5, 30);
            if (kind == dues::month_end)  // of one of the months before the payment
                for (int back = pick(random, 1, 2), due_of = paid; back > 0; --back)
                    due = due_of = due_of - from_start(due_of);
            invoices.push_back({due, paid - due});
        }
    }
    return invoices;
}

bool has_run(const customer& invoices) {
    const payment_history history = history_of(invoices);
    return find_run_days(history, {}).found() || find_run_weekday(history, {0.6, 8}).found();
}

customer with_permuted_delays(customer invoices, dice& random) {
    for (std::size_t i = invoices.size(); i > 1; --i)
        std::swap(
            invoices[i - 1].late,
            invoices[static_cast<std::size_t>(pick(random, 0, static_cast<int>(i) - 1))].late);
    return invoices;
}

const std::vector<std::vector<int>> planted_days = {
    {1}, {10}, {15}, {25}, {-1}, {10, 25}, {15, -1}, {5, 20}, {1, 15}, {-1, 10}, {5, 15, 25}};

// --- tests -------------------------------------------------------------------------------------

TEST(PaymentRun, IsWhatTheOracleFinds) {
    dice random(1);
    int found = 0, sets = 0, weekdays = 0;
    for (int round = 0; round < 3000; ++round) {
        const auto kind = static_cast<dues>(pick(random, 0, 3));
        const bool several = pick(random, 0, 1) == 1;
        const payment_day_rule rule{pick(random, 3, 10) / 10.0, pick(random, 1, 9)};
        const int payments = pick(random, 1, several ? 25 : 45);
        customer invoices;
        if (round % 3 == 0)
            invoices =
                paid_by_chance(random, kind, pick(random, 0, delay_kinds - 1), payments, several);
        else
            invoices =
                paid_in_runs(random, planted_days[static_cast<std::size_t>(pick(random, 0, 10))],
                             round % 3 == 1 ? 0 : pick(random, 1, 7), payments,
                             pick(random, 0, 1) == 1 ? dues::any : dues::month_end, several);
        const payment_history history = history_of(invoices);
        const int most = pick(random, 1, 3);
        const payment_run run = find_run_days(history, rule, most);
        const std::vector<int> days(run.day, run.day + run.day_count);
        ASSERT_EQ(days, oracle(invoices, rule).days(most)) << "round " << round;
        const int weekday = find_run_weekday(history, rule).weekday;
        ASSERT_EQ(weekday, oracle(invoices, rule).weekday()) << "round " << round;
        found += run.found();
        sets += run.day_count > 1;
        weekdays += weekday > 0;
    }
    EXPECT_GT(found, 500);
    EXPECT_GT(sets, 150);
    EXPECT_GT(weekdays, 300);
}

TEST(PaymentRun, IsHardlyEverFoundByChance) {
    dice random(2);
    constexpr int customers = 60;
    for (int kind = 0; kind < 4; ++kind) {
        int found = 0, all = 0, worst = 0;
        for (int delay = 0; delay < delay_kinds; ++delay)
            for (const bool several : {false, true}) {
                int of_these = 0;
                for (const int payments : {6, 9, 12, 25, 50})
                    for (int i = 0; i < customers; ++i)
                        of_these += has_run(paid_by_chance(random, static_cast<dues>(kind), delay,
                                                           payments, several));
                worst = std::max(worst, of_these);
                found += of_these;
                all += 5 * customers;
            }
        EXPECT_LE(found, all / 50) << "due dates " << kind;
        // Tight delays after due dates on two days of the month come closest to a run.
        EXPECT_LE(worst, 5 * customers * 8 / 100) << "due dates " << kind;
        std::printf("due dates %d: %.2f %%, at worst %.2f %%\n", kind, 100.0 * found / all,
                    100.0 * worst / (5 * customers));
    }
}

// Also not when the delays are those of customers who do have one.
TEST(PaymentRun, IsFoundWherePlantedAndNotWhenPermuted) {
    dice random(3);
    constexpr int customers = 100;
    for (const dues kind : {dues::any, dues::month_end})
        for (const bool several : {false, true}) {
            int found = 0, found_weekday = 0, permuted = 0, all = 0;
            const auto look = [&](const customer& invoices, bool weekday) {
                const payment_run run = find_payment_run(history_of(invoices), {});
                (weekday ? found_weekday : found) += weekday ? run.weekday > 0 : run.day_count > 0;
                permuted += has_run(with_permuted_delays(invoices, random));
                ++all;
            };
            for (int i = 0; i < customers; ++i) {
                for (const auto& days : planted_days)
                    look(paid_in_runs(random, days, 0, 12, kind, several), false);
                for (int weekday = 1; weekday <= 5; ++weekday)
                    look(paid_in_runs(random, {}, weekday, 12, kind, several), true);
            }
            const auto runs = customers * static_cast<int>(planted_days.size());
            EXPECT_GE(found, runs * 9 / 10);
            EXPECT_GE(found_weekday, customers * 5 * 9 / 10);
            EXPECT_LE(permuted, all / 50);
            std::printf(
                "due dates %d, several %d: days %.1f %%, weekdays %.1f %%, permuted %.2f %%\n",
                static_cast<int>(kind), several, 100.0 * found / runs,
                100.0 * found_weekday / (5 * customers), 100.0 * permuted / all);
        }
}

TEST(PaymentRun, IsNotADueDateWithAConstantDelay) {
    for (int delay = 0; delay < 40; ++delay) {
        customer invoices;
        for (int month = 0; month < 24; ++month)
            invoices.push_back({nth_of_month(month, -1), delay});
        EXPECT_FALSE(has_run(invoices)) << delay;
    }
}

TEST(PaymentRun, NextDates) {
    payment_run run;
    run.day_count = 3;
    run.day[0] = 10;
    run.day[1] = 25;
    run.day[2] = -1;
    dice random(4);
    for (int i = 0; i < 2000; ++i) {
        const int from = pick(random, -5000, 15000);
        int wanted = from;
        while (from_start(wanted) != 10 && from_start(wanted) != 25 && from_end(wanted) != -1)
            ++wanted;
        ASSERT_EQ(next_run_date(run, from), wanted);
        payment_run weekly;
        weekly.weekday = pick(random, 1, 7);
        wanted = from;
        while (iso_weekday(wanted) != weekly.weekday) ++wanted;
        ASSERT_EQ(next_run_date(weekly, from), wanted);
    }
    EXPECT_GE(next_run_date(run, max_day), max_day);
}

std::string in_words(const payment_run& run) {
    char text[payment_run_text_size];
    text_writer out(text, sizeof text);
    write_payment_run(run, &out);
    return {text, out.size()};
}

TEST(PaymentRun, InWords) {
    payment_run run;
    run.weekday = 4;
    EXPECT_EQ(in_words(run), "Thursdays");
    run.weekday = 0;
    run.day_count = 1;
    run.day[0] = 25;
    EXPECT_EQ(in_words(run), "the 25th");
    run.day[1] = -1;
    run.day_count = 2;
    EXPECT_EQ(in_words(run), "the 25th and last day of the month");
    run.day[0] = 1;
    run.day[1] = 11;
    run.day[2] = 21;
    run.day_count = 3;
    EXPECT_EQ(in_words(run), "the 1st, 11th and 21st");
}

}  // namespace
}  // namespace receivables
