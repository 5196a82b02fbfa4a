// Exact sums against rational numbers of unlimited length.
#include "core/checkup/exact_sum.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <boost/multiprecision/cpp_int.hpp>
#include <cmath>
#include <cstring>
#include <limits>
#include <random>
#include <vector>

#include "core/checkup/double_double.hpp"

namespace receivables {
namespace {

using boost::multiprecision::cpp_int;

// A double in units of 2^-2148, which every product of two doubles is a multiple of.
cpp_int exactly(double x) {
    int exponent;
    const double mantissa = std::frexp(x, &exponent);
    const auto whole = static_cast<long long>(std::ldexp(mantissa, 53));
    return cpp_int(whole) * (cpp_int(1) << (exponent - 53 + 2148));
}

cpp_int split_total(const exact_sum& sum) {
    double pieces[max_sum_pieces];
    const std::size_t count = sum.split(pieces);
    cpp_int total = 0;
    for (std::size_t i = 0; i < count; ++i) {
        EXPECT_NE(pieces[i], 0);
        if (i > 0) {
            EXPECT_LT(std::fabs(pieces[i]), std::fabs(pieces[i - 1]));
        }
        total += exactly(pieces[i]);
    }
    return total;
}

double any_double(std::mt19937_64* random, int least, int most) {
    const int exponent = std::uniform_int_distribution<int>(least, most)(*random);
    return std::ldexp(std::uniform_real_distribution<double>(-1, 1)(*random), exponent);
}

TEST(ExactSum, IsTheExactSumInAnyOrder) {
    std::mt19937_64 random(11);
    for (int round = 0; round < 2000; ++round) {
        const int spread = round % 4 == 0 ? 1020 : round % 4 == 1 ? 3 : round % 4 == 2 ? 60 : 300;
        std::vector<double> numbers(round % 50);
        for (double& x : numbers) x = any_double(&random, -spread, spread);
        if (round % 5 == 0 && numbers.size() > 2) {
            numbers[1] = -numbers[0];
            numbers[2] = std::numeric_limits<double>::denorm_min();
        }
        exact_sum sum, shuffled, first_half, second_half;
        cpp_int expected = 0;
        for (std::size_t i = 0; i < numbers.size(); ++i) {
            sum.add(numbers[i]);
            (i % 2 ? first_half : second_half).add(numbers[i]);
            expected += exactly(numbers[i]);
        }
        std::shuffle(numbers.begin(), numbers.end(), random);
        for (double x : numbers) shuffled.add(x);
        first_half.add(second_half);
        ASSERT_EQ(split_total(sum), expected);
        ASSERT_EQ(sum.is_negative(), expected < 0);
        ASSERT_EQ(std::memcmp(&sum, &shuffled, sizeof sum), 0);
        ASSERT_EQ(std::memcmp(&sum, &first_half, sizeof sum), 0);
        const double rounded = sum.rounded();
        const cpp_int off = abs(exactly(rounded) - expected);
        ASSERT_LE(off, abs(expected) >> 52);
    }
}

TEST(ExactSum, OfProducts) {
    std::mt19937_64 random(12);
    for (int round = 0; round < 2000; ++round) {
        exact_sum sum;
        cpp_int expected = 0;
        for (int i = 0; i < 20; ++i) {
            const double a = any_double(&random, -200, 200), b = any_double(&random, -200, 200);
            sum.add_product(a, b);
            expected += exactly(a) * exactly(b);
        }
        ASSERT_EQ(split_total(sum) << 2148, expected);
    }
}

TEST(ExactSum, OfTheLargestDoubles) {
    exact_sum sum;
    const double largest = std::numeric_limits<double>::max();
    for (int i = 0; i < 1000; ++i) sum.add(-largest);
    for (int i = 0; i < 999; ++i) sum.add(largest);
    EXPECT_EQ(sum.rounded(), -largest);
    sum.add(largest);
    EXPECT_EQ(sum.rounded(), 0);
    double pieces[max_sum_pieces];
    EXPECT_EQ(sum.split(pieces), 0u);
}

TEST(DoubleDouble, LosesNothing) {
    std::mt19937_64 random(13);
    for (int round = 0; round < 20000; ++round) {
        const double a = any_double(&random, -60, 60), b = any_double(&random, -60, 60);
        const double_double sum = two_sum(a, b), product = two_product(a, b);
        ASSERT_EQ(exactly(sum.high) + exactly(sum.low), exactly(a) + exactly(b));
        ASSERT_EQ((exactly(product.high) + exactly(product.low)) << 2148, exactly(a) * exactly(b));
        const double_double both = sum + product;
        const cpp_int wanted =
            exactly(sum.high) + exactly(sum.low) + exactly(product.high) + exactly(product.low);
        const cpp_int off = abs(exactly(both.high) + exactly(both.low) - wanted);
        ASSERT_LE(off, (abs(exactly(sum.high)) + abs(exactly(product.high))) >> 100);
    }
}

}  // namespace
}  // namespace receivables
