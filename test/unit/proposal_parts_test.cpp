// The small parts of a proposal: readable thresholds, draws, fixed outcomes, what is lateness, the
// comparison with what there is, names of segments.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <vector>

#include "core/proposal/column.hpp"
#include "core/proposal/draw.hpp"
#include "core/proposal/outcome.hpp"
#include "core/proposal/rivals.hpp"
#include "core/proposal/rules.hpp"
#include "core/proposal/threshold.hpp"
#include "profile_samples.hpp"

namespace receivables {
namespace {

using namespace profile_samples;

// Whether a whole multiple of step / 100 lies in (above, upto], all in hundredths.
bool has_multiple(std::int64_t above, std::int64_t upto, std::int64_t step) {
    const auto down = [&](std::int64_t n) { return n >= 0 ? n / step : -((-n + step - 1) / step); };
    return down(upto) > down(above);
}

TEST(ReadableNumber, IsTheRoundestInTheInterval) {
    dice random(1);
    for (int i = 0; i < 20000; ++i) {
        const std::int64_t above = random.between(-200000, 200000);
        const std::int64_t upto = above + random.between(1, random.one_in(2) ? 30 : 30000);
        const double low = static_cast<double>(above) / 100, high = static_cast<double>(upto) / 100;
        decimal found;
        ASSERT_TRUE(readable_number(low, high, (low + high) / 2, false, &found));
        ASSERT_LE(found.scale, 2);
        const auto number = static_cast<std::int64_t>(found.units * power_of_ten(2 - found.scale));
        EXPECT_GT(number, above);
        EXPECT_LE(number, upto);
        // The step that it is a multiple of is the largest that has one.
        std::int64_t largest = 0;
        for (std::int64_t power = 1; power <= 10000000; power *= 10)
            for (std::int64_t unit : {1, 2, 5})
                if (has_multiple(above, upto, unit * power))
                    largest = std::max(largest, unit * power);
        EXPECT_EQ(number % largest, 0) << low << " " << high << " " << number;
    }
}

std::string written(decimal number) {
    char text[64];
    text_writer out(text, sizeof text);
    out.put_decimal(number);
    return {text, out.size()};
}

TEST(ReadableNumber, KnowsItsLimits) {
    decimal found;
    ASSERT_TRUE(readable_number(2, 5, 3.5, false, &found));
    EXPECT_EQ(written(found), "5");
    ASSERT_TRUE(readable_number(2, 5, 3.5, true, &found));
    EXPECT_EQ(written(found), "4");
    ASSERT_TRUE(readable_number(-7, 0.5, -3, false, &found));
    EXPECT_EQ(written(found), "0");
    ASSERT_TRUE(readable_number(11.3, 11.7, 11.5, false, &found));
    EXPECT_EQ(written(found), "11.5");
    ASSERT_TRUE(readable_number(1e17, 3e17, 2e17, false, &found));
    EXPECT_EQ(written(found), "200000000000000000");
    EXPECT_FALSE(readable_number(1, std::nextafter(1, 2), 1, false, &found));
    EXPECT_FALSE(readable_number(1e-30, 2e-30, 1.5e-30, false, &found));
}

// The numbers that the authors of SplitMix64 print for this seed.
TEST(Draws, AreTheSameEverywhere) {
    draws from(1234567);
    for (const std::uint64_t expected :
         {6457827717110365317u, 3203168211198807973u, 9817491932198370423u, 4593380528125082431u,
          16408922859458223821u})
        EXPECT_EQ(from.next(), expected);
}

TEST(Draws, AreEven) {
    draws from(1);
    std::vector<std::uint32_t> folds(1003), weights(1003), counts(10), of_weight(20);
    draw_folds(&from, 1003, 10, folds.data());
    for (std::uint32_t f : folds) ++counts.at(f);
    for (std::uint32_t c : counts) EXPECT_TRUE(c == 100 || c == 101);
    EXPECT_FALSE(std::is_sorted(folds.begin(), folds.begin() + 20));
    std::uint64_t drawn = 0;
    for (int i = 0; i < 200; ++i) {
        draw_weights(&from, 1003, weights.data());
        std::uint64_t sum = 0;
        for (std::uint32_t w : weights) {
            sum += w;
            ++of_weight.at(w);
        }
        EXPECT_EQ(sum, 1003u);
        drawn += sum;
    }
    // Poisson with mean 1, nearly: e^-1 are not drawn, as many once.
    EXPECT_NEAR(of_weight[0] / static_cast<double>(drawn), std::exp(-1), 0.005);
    EXPECT_NEAR(of_weight[1] / static_cast<double>(drawn), std::exp(-1), 0.005);
}

TEST(FixedOutcomes, LoseNothingThatMatters) {
    dice random(2);
    for (int i = 0; i < 300; ++i) {
        const double size = std::pow(10.0, static_cast<double>(random.between(-6, 15)));
        std::vector<double> outcomes;
        for (std::int64_t n = random.between(1, 50); n > 0; --n)
            outcomes.push_back(static_cast<double>(random.between(-1000, 1000)) / 1000 * size);
        std::vector<std::int64_t> fixed(outcomes.size());
        const outcome_scale scale = fix_outcomes(
            outcomes.data(), static_cast<std::uint32_t>(outcomes.size()), fixed.data());
        for (std::size_t n = 0; n < outcomes.size(); ++n) {
            EXPECT_NEAR(scale.value(static_cast<double>(fixed[n])), outcomes[n], 1e-11 * size);
            EXPECT_LE(std::abs(fixed[n]), std::int64_t{1} << 40);
        }
    }
    double equal[] = {7, 7};
    std::int64_t fixed[2];
    fix_outcomes(equal, 2, fixed);
    EXPECT_EQ(fixed[0], 0);
}

// Who pays every item later has no less of what grows with lateness, and no more of what falls. And
// nothing else that speaks of days late is left out, but for the spread, the shape and the trend.
TEST(Lateness, FollowsPaymentsThatAreDelayed) {
    dice random(3);
    std::size_t count;
    const metric* metrics = all_metrics(&count);
    std::map<std::string, std::pair<int, int>> moved;  // up, down
    for (int i = 0; i < 2000; ++i) {
        std::vector<item> items = sample_items(sample::ordinary, 1 + i % 40, random), later = items;
        const auto delay = static_cast<std::int32_t>(random.between(1, 30));
        for (item& one : later)
            if (one.cls == item_class::timed) one.days_late += delay;
        const bytes before = stored(items), after = stored(later);
        profile_metrics a(open(before)), b(open(after));
        for (std::size_t m = 0; m < count; ++m) {
            if (!metrics[m].in_summary) continue;
            const double x = figure_of(metrics[m], a, true, 9500),
                         y = figure_of(metrics[m], b, true, 9500);
            const double tolerance = 1e-9 * (std::fabs(x) + 1);
            moved[std::string(metrics[m].name)].first += y > x + tolerance;
            moved[std::string(metrics[m].name)].second += y < x - tolerance;
        }
    }
    for (const auto& [name, times] : moved) {
        const int lateness = lateness_of(name);
        const bool rises = times.first > 100 && times.second == 0;
        const bool falls = times.second > 100 && times.first == 0;
        // Being unpunctual in a regular way is no number of days for all.
        const bool is_left_out = name == "structural_days_late" || name == "last_paid_date";
        EXPECT_TRUE(is_left_out || lateness == rises - falls) << name << rises << falls;
    }
}

TEST(Rivals, AreJudgedByWhoHasNotSeenThem) {
    dice random(4);
    for (int i = 0; i < 500; ++i) {
        const std::uint32_t rows = static_cast<std::uint32_t>(random.between(1, 40)), folds = 3;
        std::vector<std::int64_t> outcome;
        std::vector<std::uint32_t> group, fold;
        std::vector<double> own;
        for (std::uint32_t r = 0; r < rows; ++r) {
            outcome.push_back(random.between(-50, 50));
            group.push_back(static_cast<std::uint32_t>(random.between(0, 4)));
            fold.push_back(static_cast<std::uint32_t>(random.between(0, 2)));
            own.push_back(random.one_in(4) ? std::nan("")
                                           : static_cast<double>(random.between(-9, 9)));
        }
        const training_set set = {rows, outcome.data(), nullptr, 0};
        // The mean of those of another fold for whom `like` holds, or of all of another fold, or 0.
        const auto expected = [&](std::uint32_t row, auto like) {
            for (const bool all : {false, true}) {
                double sum = 0;
                int n = 0;
                for (std::uint32_t r = 0; r < rows; ++r)
                    if (fold[r] != fold[row] && (all || like(r))) {
                        sum += static_cast<double>(outcome[r]);
                        ++n;
                    }
                if (n > 0) return sum / n;
            }
            return 0.0;
        };
        double groups = 0, owns = 0;
        const outcome_scale scale = {5, 0.25};
        for (std::uint32_t r = 0; r < rows; ++r) {
            const double of_group =
                expected(r, [&](std::uint32_t q) { return group[q] == group[r]; });
            const double of_own =
                std::isnan(own[r])
                    ? expected(r, [&](std::uint32_t q) { return std::isnan(own[q]); })
                    : (own[r] - scale.mean) / scale.unit;
            groups += std::pow(static_cast<double>(outcome[r]) - of_group, 2);
            owns += std::pow(static_cast<double>(outcome[r]) - of_own, 2);
        }
        const fold_list list = {fold.data(), folds};
        EXPECT_NEAR(squares_of_groups(set, group.data(), list), groups, 1e-9 * (1 + groups));
        EXPECT_NEAR(squares_of_own(set, own.data(), scale, list), owns, 1e-9 * (1 + owns));
    }
}

std::string name_of(const segment_kind& kind) {
    char text[64];
    text_writer out(text, sizeof text);
    write_segment_name(kind, &out);
    return {text, out.size()};
}

TEST(SegmentName, SaysWhatTheSegmentHolds) {
    EXPECT_EQ(name_of({true, true, false, 12}), "all");
    EXPECT_EQ(name_of({false, true, false, 12.4}), "late about 12 days");
    EXPECT_EQ(name_of({false, true, false, 1.49}), "on time");
    EXPECT_EQ(name_of({false, true, false, 1.5}), "late about 2 days");
    EXPECT_EQ(name_of({false, true, false, -1.2}), "on time");
    EXPECT_EQ(name_of({false, true, false, -7.7}), "early about 8 days");
    EXPECT_EQ(name_of({false, false, false, 5}), "no history");
    EXPECT_EQ(name_of({false, false, true, 5}), "no history, late about 5 days");
}

}  // namespace
}  // namespace receivables
