// The forecast of a payment against its definition, written out in long double from the items; and what must hold for
// any profile: never before as_of, growing with the fraction and the day, one answer agreeing with the other.
#include "core/forecast/outlook.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <map>

#include "core/calendar/value.hpp"
#include "core/forecast/outlook_text.hpp"
#include "core/forecast/survival.hpp"
#include "profile_samples.hpp"

namespace receivables {
namespace {

using namespace profile_samples;

const calendar_view& working_days() {
    static const bytes stored_form = [] {
        bytes out(stored_calendar_size(nullptr, 0));
        write_stored_calendar(saturday_and_sunday, nullptr, 0, out.data());
        return out;
    }();
    static const calendar_view calendar = [] {
        calendar_view view;
        status s;
        EXPECT_TRUE(view.open(stored_form.data(), stored_form.size(), &s)) << s.message;
        return view;
    }();
    return calendar;
}

struct plain_counts {
    std::map<std::int64_t, long double> paid, unpaid;

    void add(const std::vector<item>& items, const outlook_question& q, bool fades) {
        for (const item& x : items) {
            const bool is_paid = x.cls == item_class::timed || x.cls == item_class::disputed_paid;
            if (!is_paid && !unpaid_invoices.holds(x.cls)) continue;
            if (!q.disputed && disputed_invoices.holds(x.cls)) continue;
            const long double age = std::max(0, q.as_of - x.due);
            const long double weight = fades ? std::pow(2.0L, -age / 240) : 1;
            const std::int64_t days = is_paid ? x.days_late : q.as_of - x.due;
            (is_paid ? paid : unpaid)[std::clamp<std::int64_t>(days, -366, 731)] += weight;
        }
    }
    void smooth() {
        long double all = 0, sum = 0;
        for (const auto& [day, weight] : paid) all += weight;
        std::int64_t low = INT64_MAX, high = 0;
        for (const auto& [day, weight] : paid) {
            sum += weight;
            if (low == INT64_MAX && sum >= all / 4 - all * 1e-9L) low = day;
            if (sum - weight < all * 3 / 4 - all * 1e-9L) high = day;
        }
        if (paid.empty()) return;
        const std::int64_t b = std::llround(std::floor((high - low) * 0.25 + 0.5));
        std::map<std::int64_t, long double> spread;
        for (const auto& [day, weight] : paid)
            for (std::int64_t j = -b; j <= b; ++j)
                spread[std::clamp<std::int64_t>(day + j, -366, 731)] +=
                    weight * (b + 1 - std::abs(j)) / ((b + 1) * (b + 1));
        paid = spread;
    }
    long double paid_on(std::int64_t day) const { return paid.count(day) ? paid.at(day) : 0; }
    long double at_risk(std::int64_t day) const {
        long double sum = 0;
        for (const auto* all : {&paid, &unpaid})
            for (auto at = all->lower_bound(day); at != all->end(); ++at) sum += at->second;
        return sum;
    }
};

// The share unpaid after each day from as_of + 1 on, by the definition in outlook.hpp.
std::map<std::int64_t, long double> plain_outlook(const plain_counts& own,
                                                  const plain_counts& prior,
                                                  const outlook_question& q) {
    std::map<std::int64_t, long double> out;
    const std::int64_t seen = q.as_of - q.due, end = std::max<std::int64_t>(seen, 0) + 730;
    const long double weight = prior.paid.empty() ? 0.5L : 1;
    long double tail = 1, others = 1, share = 1;
    for (std::int64_t day = -366; day <= end; ++day) {
        const long double tail_chance = day > 0 ? 1 / 90.0L : 0;
        const auto chance_of = [day](const plain_counts& counts, long double w, long double base,
                                     long double base_chance) {
            if (day > 731) return base_chance;
            const long double all = counts.at_risk(day) + w * base;
            return all > 0 ? (counts.paid_on(day) + w * base * base_chance) / all : base_chance;
        };
        const long double prior_chance = chance_of(prior, 0.5L, tail, tail_chance);
        const long double chance = chance_of(own, weight, others, prior_chance);
        tail *= 1 - tail_chance;
        others *= 1 - prior_chance;
        if (day <= seen) continue;
        share *= 1 - chance;
        out[day] = share;
    }
    return out;
}

struct generated {
    std::vector<item> own_items, prior_items;
    bytes own, prior;
    outlook_question question;
};

generated generate(dice& random, std::size_t most_own) {
    constexpr sample kinds[] = {sample::ordinary,   sample::equal,   sample::open,
                                sample::early,      sample::unknown, sample::disputes,
                                sample::settlements};
    generated g;
    const auto fill = [&](std::size_t most) {
        return sample_items(
            kinds[random.between(0, 6)],
            static_cast<std::size_t>(random.between(0, static_cast<std::int64_t>(most))), random);
    };
    g.own_items = fill(most_own);
    g.prior_items = random.one_in(3) ? std::vector<item>() : fill(400);
    if (!g.own_items.empty()) g.own = stored(g.own_items);
    if (!g.prior_items.empty()) g.prior = stored(g.prior_items);
    g.question.due = static_cast<day_number>(random.between(8000, 9300));
    g.question.as_of =
        static_cast<day_number>(g.question.due + random.between(-60, random.one_in(5) ? 900 : 60));
    g.question.disputed = !random.one_in(3);
    if (random.one_in(2)) g.question.calendar = working_days();
    return g;
}

profile_view view_of(const bytes& profile) {
    return profile.empty() ? profile_view() : open(profile);
}

// In the items layout, where each invoice fades by itself; without a run, which moves the delays.
TEST(Outlook, FollowsItsDefinition) {
    dice random(1);
    int compared = 0;
    for (int i = 0; i < 1000; ++i) {
        const generated g = generate(random, 120);
        payment_outlook outlook;
        if (!outlook.build(view_of(g.own), view_of(g.prior), g.question) || outlook.run().found())
            continue;
        plain_counts own, prior;
        own.add(g.own_items, g.question, true);
        own.smooth();
        prior.add(g.prior_items, g.question, false);
        ASSERT_EQ(outlook.own_paid() > 0, !own.paid.empty());
        for (const auto& [delay, share] : plain_outlook(own, prior, g.question)) {
            if (delay % 7 != 0) continue;
            const std::int64_t day = g.question.due + delay;
            if (!g.question.calendar.is_business_day(day)) continue;
            ASSERT_NEAR(outlook.share_paid_by(day), static_cast<double>(1 - share), 1e-8)
                << i << ", delay " << delay;
            ++compared;
        }
    }
    EXPECT_GT(compared, 40000);
}

// A fold of many invoices keeps the sum of their due dates: the fading is that of the mean.
TEST(Outlook, IsNearlyTheSameInBothLayouts) {
    dice random(2);
    for (int i = 0; i < 60; ++i) {
        std::vector<item> items = sample_items(sample::ordinary, 255, random);
        const outlook_question question = {9000, 8990, true, calendar_view()};
        const bytes listed = stored(items);
        payment_outlook one, other;
        ASSERT_TRUE(one.build(view_of(listed), profile_view(), question));
        items.push_back({8900, 0, 30, item_class::zero, true, 2, 0});
        const bytes tabled = stored(items);
        ASSERT_EQ(open(tabled).kind(), profile_kind::tables);
        ASSERT_TRUE(other.build(view_of(tabled), profile_view(), question));
        if (one.run().found()) continue;
        for (const std::int64_t day : {8995, 9000, 9005, 9010, 9020, 9040})
            ASSERT_NEAR(one.share_paid_by(day), other.share_paid_by(day), 0.15);
    }
}

TEST(Outlook, ItsAnswersAgree) {
    dice random(3);
    int answered = 0, never = 0;
    for (int i = 0; i < 2500; ++i) {
        const generated g = generate(random, random.one_in(4) ? 400 : 40);
        payment_outlook outlook;
        if (!outlook.build(view_of(g.own), view_of(g.prior), g.question)) continue;
        std::int64_t before = INT64_MIN;
        for (const double fraction : {0.01, 0.1, 0.25, 0.5, 0.8, 0.9, 0.99, 0.99999}) {
            const maybe<std::int64_t> day = outlook.payment_day(fraction);
            if (!day.known) {
                before = INT64_MAX;
                ++never;
                continue;
            }
            ++answered;
            ASSERT_GT(day.value, g.question.as_of);
            ASSERT_GE(day.value, before);
            ASSERT_TRUE(g.question.calendar.is_business_day(day.value));
            ASSERT_GE(outlook.share_paid_by(day.value), fraction - 1e-9);
            ASSERT_LT(outlook.share_paid_by(day.value - 1), fraction);
            before = day.value;
        }
        double paid = 0;
        for (std::int64_t ahead = -3; ahead < 800; ahead += random.between(1, 60)) {
            const double share = outlook.share_paid_by(g.question.as_of + ahead);
            ASSERT_GE(share, paid);
            ASSERT_LE(share, 1);
            ASSERT_TRUE(ahead > 0 || share == 0);
            paid = share;
        }
    }
    EXPECT_GT(answered, 10000);
    EXPECT_GT(never, 100);
}

TEST(Outlook, TheMeanIsThatOfTheDistribution) {
    dice random(4);
    for (int i = 0; i < 60; ++i) {
        const generated g = generate(random, 60);
        payment_outlook outlook;
        if (!outlook.build(view_of(g.own), view_of(g.prior), g.question)) continue;
        const std::int64_t due = g.question.due, as_of = g.question.as_of;
        const std::int64_t horizon = std::max(due, as_of) + 730;
        double sum = 0, before = 0;
        // A payment near the horizon may be moved by a weekend beyond it.
        for (std::int64_t day = g.question.as_of + 1; day <= horizon + 3; ++day) {
            const double paid = outlook.share_paid_by(day);
            sum += (paid - before) * static_cast<double>(day - due);
            before = paid;
        }
        sum += (1 - before) * static_cast<double>(horizon - due);
        ASSERT_NEAR(outlook.mean_days_late(), sum, 1e-6) << i;
        ASSERT_NEAR(outlook.share_never(), 1 - before, 1e-9);
    }
}

TEST(Outlook, WhoHasShownNothingPaysAsThePrior) {
    dice random(5);
    const bytes prior = stored(sample_items(sample::ordinary, 3000, random));
    const outlook_question question = {9000, 8970, true, calendar_view()};
    payment_outlook stranger, nobody;
    ASSERT_TRUE(stranger.build(profile_view(), view_of(prior), question));
    EXPECT_FALSE(nobody.build(profile_view(), profile_view(), question));
    std::vector<survival_row> rows(most_survival_rows(view_of(prior)));
    std::size_t count = 0;
    for_each_survival(view_of(prior), question.as_of, true,
                      [&](std::int64_t days, std::int64_t paid, std::int64_t unpaid) {
                          rows[count++] = {days, paid, unpaid};
                      });
    for (const std::int64_t day : {-5, 0, 5, 10, 20, 30, 40})
        EXPECT_NEAR(1 - stranger.share_paid_by(9000 + day),
                    share_unpaid_after(rows.data(), count, day).value, 0.005);
}

// Who pays at the first run after the due date, whatever the due date is.
TEST(Outlook, LandsOnThePaymentRun) {
    dice random(6);
    int found = 0, hit = 0;
    for (int i = 0; i < 300; ++i) {
        payment_run run;
        if (random.one_in(2)) {
            run.day_count = 1;
            run.day[0] = static_cast<std::int32_t>(random.between(1, 28));
        } else {
            run.weekday = static_cast<std::int32_t>(random.between(1, 5));
        }
        const auto pays_on = [&](day_number due) {
            const std::int64_t date = next_run_date(run, due);
            return working_days().nth(working_days().count_before(date));
        };
        std::vector<item> items;
        for (int k = 0; k < 24; ++k) {
            const auto due = static_cast<day_number>(8000 + random.between(0, 900));
            items.push_back({due, static_cast<std::int32_t>(pays_on(due) - due), 30,
                             item_class::timed, true, 2, 100});
        }
        const bytes own = stored(items);
        const auto due = static_cast<day_number>(9000 + random.between(0, 60));
        payment_outlook outlook;
        ASSERT_TRUE(
            outlook.build(view_of(own), profile_view(), {due, due - 30, true, working_days()}));
        if (!outlook.run().found()) continue;
        ++found;
        hit += outlook.payment_day(0.5).value == pays_on(due);
    }
    EXPECT_GT(found, 250);
    EXPECT_GT(hit, found * 95 / 100);
}

// Dates at their limits, and delays that are out of all reason.
TEST(Outlook, BearsTheExtremes) {
    dice random(7);
    for (int i = 0; i < 400; ++i) {
        const sample kind = random.one_in(2) ? sample::wide : sample::extreme;
        const bytes own =
            stored(sample_items(kind, static_cast<std::size_t>(random.between(1, 80)), random));
        const auto any_day = [&] {
            constexpr day_number days[] = {min_day, min_day + 1, 0, 9000, max_day - 1, max_day};
            return days[random.between(0, 5)];
        };
        const outlook_question question = {any_day(), any_day(), true, working_days()};
        payment_outlook outlook;
        if (!outlook.build(view_of(own), profile_view(), question)) continue;
        const maybe<std::int64_t> day = outlook.payment_day(0.5);
        ASSERT_TRUE(!day.known || day.value > question.as_of);
        ASSERT_TRUE(std::isfinite(outlook.mean_days_late()));
        ASSERT_GE(outlook.share_paid_by(max_day), 0);
    }
}

TEST(Outlook, SaysWhatItRestsOn) {
    std::vector<item> items;
    for (int k = 0; k < 9; ++k)
        items.push_back({8000 + 30 * k, 5 + k % 3, 30, item_class::timed, true, 2, 100});
    items.push_back({8400, 0, 30, item_class::open, true, 2, 100});
    const bytes own = stored(items);
    payment_outlook outlook;
    ASSERT_TRUE(outlook.build(view_of(own), profile_view(), {8430, 8395, true, calendar_view()}));
    char text[1024];
    text_writer out(text, sizeof text);
    write_payment_day(outlook, 0.5, maybe<std::int64_t>::of(6), &out);
    EXPECT_EQ(
        std::string(text, out.size()),
        "2023-02-05, 6 days after the due date: 58 % of what is still unpaid after 2022-12-26 "
        "is paid by then; half of 10 own invoices came by day 6 (1 unpaid)");
}

}  // namespace
}  // namespace receivables
