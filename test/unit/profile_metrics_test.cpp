// The metrics of payment profiles. That each is right is tested in SQL against PostgreSQL's own
// aggregates; here: the registry, and that a profile says the same in both layouts.
#include "core/profile/metrics.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "profile_samples.hpp"

namespace receivables {
namespace {

using namespace profile_samples;

// The list that sql/payment_profile.sql prints from the catalogs; percentile_days_late, which needs
// its argument, is for segment rules alone.
struct expected_metric {
    const char* name;
    metric_kind kind;
    bool needs_as_of;
    const char* parameters;
};
constexpr expected_metric expected[] = {
    {"item_count", metric_kind::count, false, ""},
    {"paid_count", metric_kind::count, false, ""},
    {"open_count", metric_kind::count, false, ""},
    {"credit_count", metric_kind::count, false, ""},
    {"disputed_count", metric_kind::count, false, ""},
    {"timed_count", metric_kind::count, false, ""},
    {"payment_count", metric_kind::count, false, ""},
    {"total_amount", metric_kind::amount, false, ""},
    {"paid_amount", metric_kind::amount, false, ""},
    {"open_amount", metric_kind::amount, false, ""},
    {"credit_open_amount", metric_kind::amount, false, ""},
    {"disputed_open_amount", metric_kind::amount, false, ""},
    {"mean_days_late", metric_kind::figure, false, ""},
    {"stddev_days_late", metric_kind::figure, false, ""},
    {"skewness_days_late", metric_kind::figure, false, ""},
    {"kurtosis_days_late", metric_kind::figure, false, ""},
    {"min_days_late", metric_kind::days, false, ""},
    {"p10_days_late", metric_kind::figure, false, ""},
    {"p25_days_late", metric_kind::figure, false, ""},
    {"median_days_late", metric_kind::figure, false, ""},
    {"p75_days_late", metric_kind::figure, false, ""},
    {"p90_days_late", metric_kind::figure, false, ""},
    {"max_days_late", metric_kind::days, false, ""},
    {"spread_days_late", metric_kind::figure, false, ""},
    {"percentile_days_late", metric_kind::figure, false, "fraction"},
    {"weighted_days_late", metric_kind::figure, false, ""},
    {"late_share", metric_kind::figure, false, "tolerance_days=0"},
    {"late_amount_share", metric_kind::figure, false, "tolerance_days=0"},
    {"dispute_share", metric_kind::figure, false, ""},
    {"mean_days_to_pay", metric_kind::figure, false, ""},
    {"mean_terms_days", metric_kind::figure, false, ""},
    {"recent_median_days_late", metric_kind::figure, false, "items=5"},
    {"late_streak", metric_kind::count, false, ""},
    {"trend_days_late_per_year", metric_kind::figure, false, ""},
    {"payment_day", metric_kind::days, false, "min_share=0.6 min_payments=5"},
    {"payment_day_share", metric_kind::figure, false, ""},
    {"payment_weekday", metric_kind::days, false, "min_share=0.6 min_payments=8"},
    {"payment_weekday_share", metric_kind::figure, false, ""},
    {"structural_days_late", metric_kind::days, false, "min_items=8 max_spread_days=5"},
    {"overdue_amount", metric_kind::amount, true, "older_than_days=0"},
    {"net_overdue_amount", metric_kind::amount, true, "older_than_days=0"},
    {"overdue_count", metric_kind::count, true, "older_than_days=0"},
    {"oldest_overdue_days", metric_kind::days, true, ""},
    {"days_late_so_far", metric_kind::figure, true, ""},
    {"amount_last_year", metric_kind::amount, true, ""},
    {"first_due_date", metric_kind::date, false, ""},
    {"last_due_date", metric_kind::date, false, ""},
    {"first_invoice_date", metric_kind::date, false, ""},
    {"last_invoice_date", metric_kind::date, false, ""},
    {"last_paid_date", metric_kind::date, false, ""},
    {"invoice_interval_days", metric_kind::figure, false, ""},
    {"prompt_payment_score", metric_kind::figure, false, ""},
};

std::string parameters_of(const metric& m) {
    std::string text;
    for (int i = 0; i < m.parameter_count; ++i) {
        if (i > 0) text += ' ';
        text += m.parameters[i].name;
        if (m.argument_required) continue;
        char value[32];
        std::snprintf(value, sizeof value, "=%g", m.parameters[i].fallback);
        text += value;
    }
    return text;
}

TEST(MetricRegistry, IsTheAgreedList) {
    std::size_t count;
    const metric* metrics = all_metrics(&count);
    ASSERT_EQ(count, std::size(expected));
    for (std::size_t i = 0; i < count; ++i) {
        const metric& m = metrics[i];
        EXPECT_EQ(m.name, expected[i].name);
        EXPECT_EQ(m.kind, expected[i].kind) << m.name;
        EXPECT_EQ(m.needs_as_of, expected[i].needs_as_of) << m.name;
        EXPECT_EQ(parameters_of(m), expected[i].parameters) << m.name;
        EXPECT_EQ(m.in_summary, !m.argument_required) << m.name;
        EXPECT_EQ(find_metric(m.name), &m);
        for (int p = 0; p < m.parameter_count; ++p) {
            EXPECT_LE(m.parameters[p].least, m.parameters[p].fallback) << m.name;
            EXPECT_GE(m.parameters[p].most, m.parameters[p].fallback) << m.name;
        }
    }
    for (const char* name : {"", "item", "item_count ", "Item_count", "p50_days_late"})
        EXPECT_EQ(find_metric(name), nullptr) << name;
}

TEST(MetricRegistry, WithoutItemsCountsAreZeroAndAllElseUnknown) {
    std::size_t count;
    const metric* metrics = all_metrics(&count);
    for (std::size_t i = 0; i < count; ++i) {
        double arguments[max_metric_parameters];
        for (int p = 0; p < metrics[i].parameter_count; ++p)
            arguments[p] = metrics[i].parameters[p].fallback;
        profile_metrics nothing{profile_view()};
        const metric_value value = metrics[i].evaluate(nothing, 8000, arguments);
        EXPECT_EQ(value.kind, metrics[i].kind);
        EXPECT_EQ(value.is_null, value.kind != metric_kind::count) << metrics[i].name;
        if (!value.is_null) {
            EXPECT_EQ(value.whole, 0) << metrics[i].name;
        }
    }
}

// The same items in tables, however few they are.
bytes as_tables(const std::vector<item>& items) {
    fold_plan plan;
    plan.add(source_of(items));
    bytes out;
    status s;
    EXPECT_TRUE(write_fold(plan, &out, &s)) << s.message;
    return out;
}

bool near(double a, double b) {
    return std::abs(a - b) <= 1e-12 * std::max({std::abs(a), std::abs(b), 1.0});
}

void expect_same(const metric& m, const metric_value& a, const metric_value& b) {
    ASSERT_EQ(a.is_null, b.is_null) << m.name;
    if (a.is_null) return;
    if (m.kind == metric_kind::amount) {
        EXPECT_TRUE(a.amount.units == b.amount.units && a.amount.scale == b.amount.scale) << m.name;
    } else if (m.kind == metric_kind::figure) {
        EXPECT_TRUE(near(a.figure, b.figure)) << m.name << ' ' << a.figure << ' ' << b.figure;
    } else {
        EXPECT_EQ(a.whole, b.whole) << m.name;
    }
}

TEST(ProfileMetrics, BothLayoutsSayTheSame) {
    dice random(1);
    std::size_t count;
    const metric* metrics = all_metrics(&count);
    for (int round = 0; round < 2000; ++round) {
        const auto kind = static_cast<sample>(round % sample_kinds);
        const std::vector<item> items = sample_items(
            kind, static_cast<std::size_t>(random.between(1, most_listed_items)), random);
        const bytes listed_bytes = stored(items), tabled_bytes = as_tables(items);
        profile_metrics listed(open(listed_bytes)), tabled(open(tabled_bytes));
        ASSERT_EQ(listed.view().kind(), profile_kind::items);
        ASSERT_EQ(tabled.view().kind(), profile_kind::tables);
        for (std::size_t i = 0; i < count; ++i) {
            const metric& m = metrics[i];
            double arguments[max_metric_parameters];
            for (int p = 0; p < m.parameter_count; ++p) {
                const metric_parameter& parameter = m.parameters[p];
                arguments[p] = parameter.fallback;
                const double most = std::min(parameter.most, 60.0);
                const double least = std::max(parameter.least, -30.0);
                if (random.one_in(2))
                    arguments[p] =
                        least + (most - least) * static_cast<double>(random.between(0, 100)) / 100;
                if (parameter.whole) arguments[p] = std::floor(arguments[p]);
            }
            const auto as_of = static_cast<day_number>(random.between(6990, 9500));
            expect_same(m, m.evaluate(listed, as_of, arguments),
                        m.evaluate(tabled, as_of, arguments));
        }
        for (std::int64_t from : {-1000000, -5, 0, 7})
            EXPECT_EQ(listed.count_days_late(from, from + 10),
                      tabled.count_days_late(from, from + 10));
        std::vector<histogram_row> rows[2];
        listed.for_each_histogram_row([&](const histogram_row& r) { rows[0].push_back(r); });
        tabled.for_each_histogram_row([&](const histogram_row& r) { rows[1].push_back(r); });
        ASSERT_EQ(rows[0].size(), rows[1].size());
        for (std::size_t i = 0; i < rows[0].size(); ++i)
            EXPECT_TRUE(rows[0][i].days_late == rows[1][i].days_late &&
                        rows[0][i].items == rows[1][i].items &&
                        rows[0][i].amount == rows[1][i].amount);
        char lines[2][sparkline_size];
        EXPECT_EQ(write_sparkline(listed, false, lines[0]),
                  write_sparkline(tabled, false, lines[1]));
        if (!listed.min_days_late().known) lines[0][0] = lines[1][0] = '\0';
        EXPECT_STREQ(lines[0], lines[1]);
        if (HasFailure()) return;
    }
}

// (points, score) of the scale for prompt payment, and half way between them.
TEST(ProfileMetrics, PromptPaymentScale) {
    const double points[][2] = {{-1000, 100}, {-30, 100}, {-25, 95}, {-20, 90}, {-10, 85},
                                {0, 80},      {15, 70},   {22, 60},  {26, 55},  {30, 50},
                                {45, 45},     {60, 40},   {75, 35},  {90, 30},  {105, 25},
                                {120, 20},    {150, 10},  {180, 0},  {5000, 0}};
    for (const auto& point : points) {
        const std::vector<item> items = {
            {8000, static_cast<std::int32_t>(point[0]), no_terms, item_class::timed, true, 2, 777}};
        const bytes profile = stored(items);
        profile_metrics metrics(open(profile));
        EXPECT_TRUE(near(metrics.prompt_payment_score().value, point[1])) << point[0];
    }
}

// days late weighted by amounts that leave 128 bits when multiplied
TEST(ProfileMetrics, WeightsBeyond128Bits) {
    const auto amount = static_cast<uint128>(power_of_ten(37));
    const std::vector<item> items = {
        {8000, 1000000, no_terms, item_class::timed, true, 0, amount * 3},
        {8000, -1000, no_terms, item_class::timed, true, 0, amount},
        {8000, 0, no_terms, item_class::timed, true, 0, amount * 4}};
    for (const bytes& profile : {stored(items), as_tables(items)}) {
        profile_metrics metrics(open(profile));
        EXPECT_TRUE(near(metrics.weighted_days_late().value, (3e6 - 1000) / 8));
        EXPECT_TRUE(near(metrics.late_amount_share(0).value, 3.0 / 8));
    }
}

TEST(Sparkline, BarsAreSharesOfTheTallest) {
    std::vector<item> items;
    const int counts[] = {8, 0, 1, 4};
    for (int day = 0; day < 4; ++day)
        for (int i = 0; i < counts[day]; ++i)
            items.push_back({8000, day - 1, no_terms, item_class::timed, true, 0, 1});
    const bytes profile = stored(items);
    profile_metrics metrics(open(profile));
    char line[sparkline_size];
    ASSERT_TRUE(write_sparkline(metrics, false, line));
    EXPECT_STREQ(line, "-1 @ .= 2");
    ASSERT_TRUE(write_sparkline(metrics, true, line));
    EXPECT_STREQ(line, "-1 \xE2\x96\x88 \xE2\x96\x81\xE2\x96\x84 2");
    profile_metrics nothing{profile_view()};
    EXPECT_FALSE(write_sparkline(nothing, true, line));
}

}  // namespace
}  // namespace receivables
