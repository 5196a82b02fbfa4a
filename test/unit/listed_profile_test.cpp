// What a profile of listed items keeps and how its columns are read, against the items themselves.
#include "core/profile/listed_figures.hpp"
#include "core/profile/payment_day.hpp"
#include "core/profile/sorted_days.hpp"

#include <gtest/gtest.h>

#include "profile_samples.hpp"

namespace receivables {
namespace {

using namespace profile_samples;

int128 amount_of_bits(int bits, dice& random) {
    const auto half = [&] { return static_cast<uint128>(random.engine()()); };
    const uint128 amount = half() << 64 | half();
    return static_cast<int128>(bits == 0 ? 0 : amount >> (128 - bits));
}

// Items whose due dates and amounts take at most so many bits, with a paid date in every other.
std::vector<item> items_of_bits(std::size_t count, int due_bits, int amount_bits, bool unknown,
                                dice& random) {
    std::vector<item> items;
    const std::int64_t due_span = (std::int64_t{1} << due_bits) - 1;
    for (std::size_t i = 0; i < count; ++i) {
        item x{};
        const std::int64_t first = due_bits > 24 ? -1000 : 9000;
        x.due = static_cast<day_number>(first + random.between(0, due_span));
        x.terms = 30;
        x.cls = random.one_in(2) ? item_class::timed : item_class::open;
        if (x.cls == item_class::timed)
            x.days_late = static_cast<std::int32_t>(random.between(-9, 200));
        x.has_amount = !(unknown && random.one_in(3));
        x.scale = 2;
        if (x.has_amount) x.amount = static_cast<uint128>(amount_of_bits(amount_bits, random));
        items.push_back(x);
    }
    std::sort(items.begin(), items.end(), in_canonical_order);
    return items;
}

TEST(DueAmountColumn, IsReadAsItWasWritten) {
    dice random(1);
    for (int due_bits : {0, 1, 7, 8, 9, 10, 11, 16, 20, 30})
        for (int amount_bits : {0, 1, 8, 14, 20, 24, 32, 43, 53, 54, 55, 63, 64, 65, 100, 118})
            for (bool unknown : {false, true}) {
                const auto items = items_of_bits(static_cast<std::size_t>(random.between(1, 90)),
                                                 due_bits, amount_bits, unknown, random);
                const bytes profile = stored(items);
                const profile_view view = open(profile);
                const due_amount_column& column = view.listed().due_amounts;
                ASSERT_EQ(column.rows, items.size());
                const auto amount_of = [&](std::size_t i) {
                    return items[i].has_amount ? static_cast<int128>(items[i].amount) : int128{-1};
                };
                for (std::size_t i = 0; i < items.size(); ++i) {
                    ASSERT_EQ(column.due_at(i), items[i].due) << due_bits << ' ' << amount_bits;
                    ASSERT_TRUE(column.amount_at(i) == amount_of(i))
                        << due_bits << ' ' << amount_bits;
                }
                std::size_t dues = 0, amounts = 0;
                const std::size_t first = items.size() / 3, last = items.size();
                column.each_due(first, last, [&](std::size_t i, std::int64_t due) {
                    ASSERT_EQ(i, first + dues++);
                    ASSERT_EQ(due, items[i].due);
                });
                column.each_amount(first, last, [&](std::size_t i, int128 amount) {
                    ASSERT_EQ(i, first + amounts++);
                    ASSERT_TRUE(amount == amount_of(i));
                });
                ASSERT_EQ(dues, last - first);
                ASSERT_EQ(amounts, last - first);
            }
}

TEST(DueAmountColumn, TakesTheFewestBytes) {
    dice random(2);
    for (int due_bits = 0; due_bits <= 12; ++due_bits)
        for (int amount_bits = 0; amount_bits <= 70; ++amount_bits) {
            std::vector<item> items(2, item{9000, 0, 30, item_class::open, true, 2, 0});
            items[1].due += (1 << due_bits) - 1;
            items[1].amount = static_cast<uint128>(amount_of_bits(amount_bits, random));
            if (amount_bits > 0) items[1].amount |= uint128{1} << (amount_bits - 1);
            const bytes profile = stored(items);
            EXPECT_EQ(open(profile).listed().due_amounts.width, (due_bits + amount_bits + 7) / 8);
        }
}

// All numbers of timed items, days late of 0 to 4 bytes.
TEST(ListedProfile, CountsAndSortsDaysLate) {
    dice random(3);
    for (int round = 0; round < 3000; ++round) {
        const std::int64_t widest[] = {0, 3, 60, 255, 256, 60000, 70000, 20000000};
        const std::int64_t span = widest[random.between(0, std::ssize(widest) - 1)];
        std::vector<item> items;
        std::vector<std::int32_t> days;
        const auto count = random.between(1, max_listed_items);
        for (std::int64_t i = 0; i < count; ++i) {
            items.push_back({static_cast<day_number>(random.between(7000, 9000)), 0, 30,
                             item_class::timed, true, 2, 100});
            items.back().days_late = static_cast<std::int32_t>(random.between(-20, span - 20));
            if (random.one_in(5)) items.back().cls = item_class::disputed_paid;
            if (items.back().cls == item_class::timed) days.push_back(items.back().days_late);
        }
        std::sort(days.begin(), days.end());
        const bytes profile = stored(items);
        const profile_view view = open(profile);
        std::int32_t sorted[max_listed_items];
        ASSERT_EQ(sort_days_late(view.listed(), sorted), days.size());
        ASSERT_TRUE(std::equal(days.begin(), days.end(), sorted));
        for (std::int64_t limit : {-22L, -21L, -20L, -19L, 0L, 3L, 100L, 234L, 235L, 236L, 300L,
                                   random.between(-30, span), INT64_C(5000000000)}) {
            const auto later =
                std::count_if(days.begin(), days.end(), [&](std::int32_t d) { return d > limit; });
            ASSERT_EQ(view.listed().count_later_than(limit), later) << limit << ' ' << span;
        }
    }
}

TEST(ListedProfile, SortsFewDays) {
    dice random(4);
    for (int round = 0; round < 2000; ++round) {
        std::vector<std::int32_t> days(static_cast<std::size_t>(random.between(0, 12)));
        for (std::int32_t& d : days) d = static_cast<std::int32_t>(random.between(-5, 5));
        std::vector<std::int32_t> wanted = days;
        std::sort(wanted.begin(), wanted.end());
        sort_few_days(days.data(), days.size());
        ASSERT_EQ(days, wanted);
    }
}

// The figures that stand in the bytes, from the items by their definition.
TEST(ListedProfile, KeepsItsFigures) {
    dice random(5);
    for (int round = 0; round < 4000; ++round) {
        const auto kind = static_cast<sample>(random.between(0, sample_kinds - 1));
        auto items = sample_items(
            kind, static_cast<std::size_t>(random.between(1, round % 9 == 0 ? 255 : 24)), random);
        std::sort(items.begin(), items.end(), in_canonical_order);
        std::vector<std::int32_t> days;
        for (const item& x : items)
            if (x.cls == item_class::timed) days.push_back(x.days_late);
        const bytes profile = stored(items);
        const profile_view view = open(profile);
        const listed_profile& listed = view.listed();
        ASSERT_EQ(listed.figures.rows, figure_rows);
        const auto kept = [&](listed_figure f) {
            return static_cast<std::int64_t>(listed.figures.at(static_cast<std::size_t>(f)));
        };
        const auto base = static_cast<std::int64_t>(listed.days_late.base);
        if (days.empty()) {
            for (std::size_t i = 0; i < figure_rows; ++i)
                ASSERT_EQ(static_cast<std::int64_t>(listed.figures.at(i)), base);
            ASSERT_EQ(listed.payment_day.payments, 0);
            continue;
        }
        std::int64_t recent = base;
        if (days.size() >= usual_recent_items) {
            std::vector<std::int32_t> latest(days.end() - usual_recent_items, days.end());
            std::sort(latest.begin(), latest.end());
            recent = latest[usual_recent_items / 2];
        }
        ASSERT_EQ(kept(listed_figure::recent_median), recent);
        std::sort(days.begin(), days.end());
        const auto quarter = [&](std::size_t quarters, bool high) {
            return days[(quarters * (days.size() - 1) + (high ? 3 : 0)) / 4];
        };
        ASSERT_EQ(kept(listed_figure::lower_quartile_low), quarter(1, false));
        ASSERT_EQ(kept(listed_figure::lower_quartile_high), quarter(1, true));
        ASSERT_EQ(kept(listed_figure::median_low), quarter(2, false));
        ASSERT_EQ(kept(listed_figure::median_high), quarter(2, true));
        ASSERT_EQ(kept(listed_figure::upper_quartile_low), quarter(3, false));
        ASSERT_EQ(kept(listed_figure::upper_quartile_high), quarter(3, true));
        const day_window found = find_payment_day(listed);
        ASSERT_EQ(listed.payment_day.day, found.day);
        ASSERT_EQ(listed.payment_day.held, found.held);
        ASSERT_EQ(listed.payment_day.payments, found.payments);
    }
}

// Every byte counts: another value for any of the kept figures is no canonical profile.
TEST(ListedProfile, ForgedFiguresAreFound) {
    dice random(6);
    for (int round = 0; round < 500; ++round) {
        const auto items =
            sample_items(sample::ordinary, static_cast<std::size_t>(random.between(5, 60)), random);
        const bytes profile = stored(items);
        const std::size_t width = open(profile).listed().days_late.width;
        bytes forged = profile;
        const bool day = width == 0 || random.one_in(2);
        const std::size_t at =
            day ? listed_payment_day_at + static_cast<std::size_t>(random.between(0, 2))
                : listed_header_size + static_cast<std::size_t>(random.between(
                                           0, static_cast<std::int64_t>(figure_rows * width) - 1));
        forged[at] = static_cast<unsigned char>(forged[at] + random.between(1, 255));
        profile_view view;
        status s;
        if (!view.open(forged.data(), forged.size(), &s)) continue;
        std::vector<item> read;
        view.for_each_item([&](const item& x) { read.push_back(x); });
        ASSERT_EQ(stored(read), profile);
        ASSERT_NE(stored(read), forged);
    }
}

}  // namespace
}  // namespace receivables
