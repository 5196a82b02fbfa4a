// The payment day: found where there is one, hardly ever where there is none.
#include "core/profile/payment_day.hpp"

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "profile_samples.hpp"

namespace receivables {
namespace {

using namespace profile_samples;

item paid_on(day_number day, dice& random) {
    const auto late = static_cast<std::int32_t>(random.between(-5, 30));
    return {day - late, late, 30, item_class::timed, true, 2, 1000};
}

// By the words of the documentation, without the profile.
day_window slow_payment_day(const std::set<day_number>& dates) {
    std::map<int, std::int64_t> on;
    for (day_number date : dates) {
        const civil_date civil = to_civil(date);
        ++on[civil.day];
        ++on[civil.day - days_in_month(civil.year, civil.month) - 1];
    }
    day_window best;
    best.payments = static_cast<std::int64_t>(dates.size());
    std::int64_t most_on_one = 0;
    std::vector<std::vector<int>> windows;
    for (int day = 1; day <= 29; ++day) windows.push_back({day, day + 1, day + 2});
    for (int day = -31; day <= -3; ++day) windows.push_back({day, day + 1, day + 2});
    windows.push_back({-2, -1, 1});
    windows.push_back({-1, 1, 2});
    for (const std::vector<int>& window : windows) {
        std::int64_t held = 0, most = 0;
        int day = window[0];
        for (int d : window) {
            held += on[d];
            if (on[d] > most) most = on[d], day = d;
        }
        if (held < best.held || (held == best.held && most <= most_on_one)) continue;
        best.held = held;
        best.day = day;
        most_on_one = most;
    }
    return best;
}

TEST(PaymentDay, IsTheBestWindow) {
    dice random(1);
    for (int round = 0; round < 20000; ++round) {
        std::vector<item> items;
        std::set<day_number> dates;
        const bool clustered = random.one_in(2);
        for (auto n = random.between(1, round % 50 == 0 ? 400 : 25); n > 0; --n) {
            auto day = static_cast<day_number>(random.between(7000, 9000));
            if (clustered) {
                const civil_date civil = to_civil(day);
                day = from_civil({civil.year, civil.month, 28}) +
                      static_cast<day_number>(random.between(0, 6));
            }
            items.push_back(paid_on(day, random));
            dates.insert(day);
        }
        const bytes profile = stored(items);
        const day_window found = best_payment_day(open(profile)), wanted = slow_payment_day(dates);
        ASSERT_EQ(found.day, wanted.day);
        ASSERT_EQ(found.held, wanted.held);
        ASSERT_EQ(found.payments, wanted.payments);
        ASSERT_EQ(count_payment_dates(open(profile)), wanted.payments);
    }
}

bool is_weekend(day_number day) {
    return iso_weekday(day) > 5;
}

// 0: as it is, 1: following, -1: preceding business day
day_number rolled(day_number day, int direction) {
    while (direction != 0 && is_weekend(day)) day += direction;
    return day;
}

// A payment run a month on a day, every fifth on any other; each settles one to five invoices.
TEST(PaymentDay, IsFoundWhereThereIsOne) {
    dice random(2);
    for (int target : {1, 15, 25, -1})
        for (int direction : {-1, 0, 1}) {
            int found = 0, near = 0;
            constexpr int customers = 1000;
            for (int customer = 0; customer < customers; ++customer) {
                std::vector<item> items;
                const auto months = random.between(10, 40), start = random.between(0, 60);
                for (std::int64_t m = 0; m < months; ++m) {
                    const auto year = static_cast<std::int32_t>(2018 + (start + m) / 12);
                    const auto month = static_cast<std::uint8_t>(1 + (start + m) % 12);
                    const int last = days_in_month(year, month);
                    const int of_month = target > 0 ? target : last + 1 + target;
                    day_number day = rolled(
                        from_civil({year, month, static_cast<std::uint8_t>(of_month)}), direction);
                    if (m % 5 == 4)
                        day = from_civil(
                            {year, month, static_cast<std::uint8_t>(random.between(1, last))});
                    for (auto n = random.between(1, 5); n > 0; --n)
                        items.push_back(paid_on(day, random));
                }
                const bytes profile = stored(items);
                profile_metrics metrics(open(profile));
                const maybe<std::int32_t> day = metrics.payment_day({});
                found += day.known && day.value == target;
                near += day.known;
            }
            EXPECT_GE(near, customers * 98 / 100) << target << ' ' << direction;
            // Rolled dates spread over three days, of which another one may happen to be more
            // frequent.
            EXPECT_GE(found, direction == 0 ? customers * 99 / 100 : customers * 95 / 100)
                << target << ' ' << direction;
        }
}

// Random dates within three years, on all days or on business days; each payment settles one
// invoice or several. Of each number of payments at most one customer in fifty seems to have a day.
TEST(PaymentDay, IsHardlyEverFoundByChance) {
    constexpr int customers = 3000;
    for (bool business_days : {false, true})
        for (int most_invoices : {1, 6}) {
            dice random(business_days ? 3 : 4);
            int days = 0, weekdays = 0, worst = 0, worst_weekday = 0, worst_size = 0, all = 0;
            for (int size = 5; size <= 60; size = size < 16 ? size + 1 : size + 4) {
                int found = 0, found_weekday = 0;
                for (int customer = 0; customer < customers; ++customer) {
                    std::vector<item> items;
                    for (int n = 0; n < size; ++n) {
                        auto day = static_cast<day_number>(random.between(8000, 8000 + 1095));
                        while (business_days && is_weekend(day))
                            day = static_cast<day_number>(random.between(8000, 8000 + 1095));
                        for (auto i = random.between(1, most_invoices); i > 0; --i)
                            items.push_back(paid_on(day, random));
                    }
                    const bytes profile = stored(items);
                    profile_metrics metrics(open(profile));
                    found += metrics.payment_day({}).known;
                    found_weekday += metrics.payment_weekday({0.6, 8}).known;
                }
                EXPECT_LE(found, customers / 50) << size << " payments";
                EXPECT_LE(found_weekday, customers / 50) << size << " payments";
                if (found > worst) worst = found, worst_size = size;
                worst_weekday = std::max(worst_weekday, found_weekday);
                days += found;
                weekdays += found_weekday;
                all += customers;
            }
            std::printf(
                "%s, up to %d invoices a payment: day %.2f %%, at worst %.2f %% (%d payments); "
                "weekday %.2f %%, at worst %.2f %%\n",
                business_days ? "business days" : "all days", most_invoices, 100.0 * days / all,
                100.0 * worst / customers, worst_size, 100.0 * weekdays / all,
                100.0 * worst_weekday / customers);
        }
}

TEST(PaymentDay, InWords) {
    const std::pair<int, const char*> words[] = {{1, "1st"},
                                                 {2, "2nd"},
                                                 {3, "3rd"},
                                                 {4, "4th"},
                                                 {11, "11th"},
                                                 {12, "12th"},
                                                 {13, "13th"},
                                                 {21, "21st"},
                                                 {22, "22nd"},
                                                 {23, "23rd"},
                                                 {30, "30th"},
                                                 {31, "31st"},
                                                 {-1, "last day of the month"},
                                                 {-2, "2nd to last day of the month"},
                                                 {-3, "3rd to last day of the month"},
                                                 {-11, "11th to last day of the month"},
                                                 {-31, "31st to last day of the month"}};
    for (const auto& [day, wanted] : words) {
        char text[payment_day_text_size];
        write_payment_day(day, text);
        EXPECT_STREQ(text, wanted);
    }
}

}  // namespace
}  // namespace receivables
