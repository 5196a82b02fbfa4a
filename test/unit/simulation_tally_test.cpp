// Counting reminders, against counting item by item.
#include "core/simulation/tally.hpp"

#include <gtest/gtest.h>

#include <functional>

#include "profile_samples.hpp"

namespace receivables {
namespace {

using namespace profile_samples;

struct asked {
    bool open;
    std::int32_t days;
    std::int32_t after;
};

schedule_figures count(const std::vector<asked>& items, std::int32_t within,
                       const std::function<std::int32_t(const asked&)>& after_of) {
    schedule_figures f;
    for (const asked& x : items) {
        const std::int32_t after = after_of(x);
        if (x.open ? after > x.days : after >= x.days) continue;
        f.reminders += 1;
        f.paid_soon += !x.open && x.days - after <= within;
        for (int k = 0; k < late_limit_count; ++k)
            if (x.days > late_limits[k]) {
                f.late_reminders[k] += 1;
                f.late_days[k] += after;
            }
    }
    return f;
}

void expect_between(const schedule_figures& got, const schedule_figures& a,
                    const schedule_figures& b, double share) {
    const auto mix = [share](double x, double y) { return (1 - share) * x + share * y; };
    EXPECT_NEAR(got.reminders, mix(a.reminders, b.reminders), 1e-9);
    EXPECT_NEAR(got.paid_soon, mix(a.paid_soon, b.paid_soon), 1e-9);
    for (int k = 0; k < late_limit_count; ++k) {
        EXPECT_NEAR(got.late_reminders[k], mix(a.late_reminders[k], b.late_reminders[k]), 1e-9);
        EXPECT_NEAR(got.late_days[k], mix(a.late_days[k], b.late_days[k]), 1e-7);
    }
}

TEST(simulation_tally, counts_like_item_by_item) {
    dice random(20261001);
    const std::unique_ptr<std::int64_t[]> memory(
        new std::int64_t[simulation_tally::memory_size / sizeof(std::int64_t)]);
    int between_days = 0, none = 0;
    for (int round = 0; round < 400; ++round) {
        const auto within = static_cast<std::int32_t>(random.between(0, 12));
        const auto most = random.one_in(5) ? 200000 : random.between(3, 90);
        std::vector<asked> items;
        simulation_tally tally;
        tally.begin(memory.get(), within);
        for (std::int64_t n = random.between(0, 60); n > 0; --n) {
            const bool open = random.one_in(5);
            items.push_back(
                {open, static_cast<std::int32_t>(random.between(open ? 0 : 1, most)),
                 static_cast<std::int32_t>(random.between(0, random.one_in(9) ? 5000 : 40))});
            status s;
            ASSERT_TRUE(
                tally.add_scheduled(items.back().open, items.back().days, items.back().after, &s));
        }
        const simulation_report report = tally.report();
        EXPECT_EQ(report.overdue_items, static_cast<std::int64_t>(items.size()));
        const schedule_figures own = count(items, within, [](const asked& x) { return x.after; });
        expect_between(report.policy, own, own, 0);
        EXPECT_EQ(report.fixed_days.known, own.reminders > 0);
        none += !report.fixed_days.known;
        if (!report.fixed_days.known) continue;
        // The first day with no more reminders, and the day before it.
        std::int32_t day = 0;
        const auto fixed = [&](std::int32_t d) {
            return count(items, within, [d](const asked&) { return d; });
        };
        while (fixed(day).reminders > own.reminders) ++day;
        const schedule_figures later = fixed(day), earlier = fixed(std::max(day - 1, 0));
        double share = 1;
        if (later.reminders < own.reminders)
            share = (earlier.reminders - own.reminders) / (earlier.reminders - later.reminders);
        between_days += share < 1;
        EXPECT_NEAR(report.fixed_days.value, day - 1 + share, 1e-9);
        EXPECT_EQ(report.fixed.reminders, own.reminders);
        expect_between(report.fixed, earlier, later, share);
    }
    EXPECT_GT(between_days, 50);
    EXPECT_GT(none, 3);
}

TEST(simulation_tally, refuses_dates_out_of_all_measure) {
    const std::unique_ptr<std::int64_t[]> memory(
        new std::int64_t[simulation_tally::memory_size / sizeof(std::int64_t)]);
    simulation_tally tally;
    tally.begin(memory.get(), max_paid_within_days);
    status s;
    EXPECT_TRUE(tally.add_scheduled(true, max_day, max_simulated_days, &s));
    EXPECT_TRUE(tally.add_scheduled(false, max_day, max_simulated_days, &s));
    EXPECT_EQ(tally.report().fixed_days.value, 0);
    EXPECT_EQ(tally.report().policy.reminders, 2);
    EXPECT_FALSE(tally.add_scheduled(true, 1, max_simulated_days + 1, &s));
    EXPECT_EQ(s.code, error_code::limit_exceeded);
}

}  // namespace
}  // namespace receivables
