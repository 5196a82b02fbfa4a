// Payment curves against curves made anew, samples from damaged bytes, arms against plain shares.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "core/experiment/arm.hpp"
#include "core/experiment/arm_comparison.hpp"
#include "core/experiment/distributions_guarded.hpp"
#include "core/experiment/sample.hpp"
#include "core/experiment/sample_arms.hpp"
#include "core/experiment/sample_text.hpp"
#include "json_text.hpp"

namespace receivables {

namespace {

struct customer_items {
    std::vector<payment_event> events;
    double weight = 0;
};

std::vector<customer_items> random_customers(std::mt19937* random, int count, int days) {
    std::vector<customer_items> out(static_cast<std::size_t>(count));
    for (customer_items& c : out) {
        std::map<int, payment_event> by_day;
        for (unsigned n = 1 + (*random)() % 5; n > 0; --n) {
            const int day = static_cast<int>((*random)() % static_cast<unsigned>(days));
            const double weight = 1 + (*random)() % 7;
            payment_event& e = by_day[day];
            e.day = day;
            ((*random)() % 4 == 0 ? e.left : e.paid) += weight;
            c.weight += weight;
        }
        for (const auto& [day, e] : by_day) c.events.push_back(e);
    }
    return out;
}

paying_customer view_of(const customer_items& c) {
    return {c.events.data(), static_cast<std::uint32_t>(c.events.size()), c.weight};
}

// Kaplan and Meier as the textbooks have it, day by day over all items.
double slow_mean(const std::vector<customer_items>& customers, std::size_t without, int horizon) {
    double mean = 0, unpaid = 1;
    for (int d = 0; d < horizon; ++d) {
        double paid = 0, at_risk = 0;
        for (std::size_t c = 0; c < customers.size(); ++c)
            for (const payment_event& e : customers[c].events) {
                if (c == without) continue;
                if (e.day == d) paid += e.paid;
                if (e.day >= d) at_risk += e.paid + e.left;
            }
        if (at_risk > 0) unpaid *= 1 - paid / at_risk;
        mean += unpaid;
    }
    return mean;
}

}  // namespace

TEST(Experiment, CurvesAndCurvesWithoutACustomerAreThoseMadeAnew) {
    std::mt19937 random(7);
    for (int round = 0; round < 300; ++round) {
        const int horizon = 1 + static_cast<int>(random() % 40);
        const auto customers = random_customers(&random, 1 + static_cast<int>(random() % 12), 45);
        std::vector<double> numbers(payment_curve::numbers_needed(horizon));
        payment_curve curve;
        curve.start(horizon, numbers.data());
        for (const auto& c : customers) curve.add(view_of(c));
        curve.finish();
        ASSERT_NEAR(curve.mean_days(), slow_mean(customers, customers.size(), horizon), 1e-9);
        curve_estimation estimation;
        estimation.start(curve, customers.size());
        std::vector<double> pseudo;
        const auto n = static_cast<double>(customers.size());
        for (std::size_t c = 0; c < customers.size(); ++c) {
            const double rest = slow_mean(customers, c, horizon);
            ASSERT_NEAR(curve.mean_days_without(view_of(customers[c])), rest, 1e-9);
            estimation.leave_out(view_of(customers[c]));
            pseudo.push_back(n * curve.mean_days() - (n - 1) * rest);
        }
        double mean = 0, squares = 0;
        for (double p : pseudo) mean += p / n;
        for (double p : pseudo) squares += (p - mean) * (p - mean);
        ASSERT_NEAR(estimation.result().variance, n > 1 ? squares / (n * (n - 1)) : 0,
                    1e-9 * (1 + squares));
    }
}

TEST(Experiment, ShufflingKeepsTheCustomersAndTheSeedTheOrder) {
    std::mt19937 random(3);
    const auto customers = random_customers(&random, 9, 30);
    std::vector<paying_customer> one, other;
    for (const auto& c : customers) one.push_back(view_of(c));
    other = one;
    std::vector<double> numbers(payment_curve::numbers_needed(25));
    permutation_test first, second;
    first.start(one.data(), 4, 5, 25, numbers.data(), 11);
    std::vector<double> seen;
    for (int i = 0; i < 50; ++i) seen.push_back(first.next());
    second.start(other.data(), 4, 5, 25, numbers.data(), 11);
    for (double s : seen) EXPECT_EQ(second.next(), s);
    EXPECT_GT(*std::max_element(seen.begin(), seen.end()),
              *std::min_element(seen.begin(), seen.end()));
    auto weight = [](double sum, const paying_customer& c) { return sum + c.weight; };
    double kept = 0, had = 0;
    for (const auto& c : one) kept = weight(kept, c);
    for (const auto& c : customers) had += c.weight;
    EXPECT_EQ(kept, had);
}

TEST(Experiment, ASampleSurvivesDamage) {
    std::vector<unsigned char> bytes(4096);
    sample_writer writer;
    writer.create(bytes.data(), bytes.size());
    for (int i = 0; i < 40; ++i) {
        const std::string customer = "customer " + std::to_string(i);
        writer.append({i % 2 == 0 ? "as now" : "earlier", customer, i, i % 3 == 0, 1.0 + i});
    }
    std::mt19937 random(5);
    int refused = 0;
    for (int round = 0; round < 100000; ++round) {
        std::vector<unsigned char> damaged = bytes;
        for (unsigned n = 1 + random() % 3; n > 0; --n)
            damaged[random() % (random() % 2 == 0 ? 60 : damaged.size())] =
                static_cast<unsigned char>(random());
        damaged.resize(random() % 4 == 0 ? random() % damaged.size() : damaged.size());
        sample_reader reader;
        status s;
        bool sound = reader.open(damaged.data(), damaged.size(), &s);
        sample_item x;
        for (std::uint32_t i = 0; sound && i < reader.count(); ++i) sound = reader.read(&x, &s);
        if (sound) continue;
        ++refused;
        ASSERT_EQ(s.code, error_code::invalid_binary);
    }
    EXPECT_GT(refused, 1000);
}

TEST(Experiment, ASampleIsItsText) {
    sample_item x = {"as \"now\"", "Müller & Söhne", 17, true, 12.25};
    char text[200];
    text_writer out(text, sizeof text);
    out.put('[');
    write_sample_item(x, &out);
    out.put(']');
    const json_text json(std::string(text, out.size()));
    sample_item back;
    status s;
    std::uint32_t count;
    ASSERT_TRUE(count_sample_items(json.document(), &count, &s));
    EXPECT_EQ(count, 1u);
    ASSERT_TRUE(read_sample_item(json.document(), json.document().first(0), &back, &s))
        << s.message;
    EXPECT_EQ(sample_order()(x, back), 0);
}

TEST(Experiment, ArmsTakeTheirStretches) {
    const json_text json(
        R"([{"arm": "a", "share": 0.25}, {"share": 0.5, "arm": "b"}, {"arm": "c", "share": 0.000000000000001}])");
    arm_shares shares;
    status s;
    ASSERT_TRUE(shares.read(json.document(), &s)) << s.message;
    constexpr std::uint64_t whole = std::uint64_t{1} << point_bits;
    auto arm_at = [&](std::uint64_t point) {
        std::string_view arm;
        return shares.find(point, &arm) ? std::string(arm) : "none";
    };
    EXPECT_EQ(arm_at(0), "a");
    EXPECT_EQ(arm_at(whole / 4 - 1), "a");
    EXPECT_EQ(arm_at(whole / 4), "b");
    EXPECT_EQ(arm_at(whole / 4 * 3 - 1), "b");
    EXPECT_EQ(arm_at(whole / 4 * 3), "c");
    EXPECT_EQ(arm_at(whole / 4 * 3 + 4), "c");
    EXPECT_EQ(arm_at(whole / 4 * 3 + 5), "none");
    EXPECT_EQ(arm_at(whole - 1), "none");
}

TEST(Experiment, DistributionsAreThosePublished) {
    EXPECT_NEAR(student_t_quantile(0.975, 10).value, 2.228138852, 1e-9);
    EXPECT_NEAR(student_t_p_value(-2.228138852, 10).value, 0.05, 1e-9);
    EXPECT_NEAR(chi_squared_p_value(3.841458821, 1).value, 0.05, 1e-9);
    EXPECT_FALSE(student_t_quantile(0.975, -1).known);
    EXPECT_FALSE(student_t_quantile(0.975, std::nan("")).known);
    EXPECT_FALSE(chi_squared_p_value(-1, 1).known);
}

}  // namespace receivables
