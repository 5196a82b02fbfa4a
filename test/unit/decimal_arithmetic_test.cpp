// Exact arithmetic against known results of numeric and against plain whole-number arithmetic.
#include <gtest/gtest.h>

#include <cstdlib>
#include <random>
#include <string>

#include "core/base/decimal_arithmetic.hpp"

namespace receivables {
namespace {

decimal read(const std::string& text) {
    decimal value;
    EXPECT_TRUE(read_decimal(text.data(), text.size(), &value)) << text;
    return value;
}

std::string write(decimal value) {
    char text[20000];
    return {text, write_decimal(value, text)};
}

TEST(DecimalArithmetic, DividesAsNumericDoes) {
    // SELECT a::numeric / b in PostgreSQL.
    const char* const cases[][3] = {
        {"1", "3", "0.33333333333333333333"},
        {"2", "3", "0.66666666666666666667"},
        {"1", "2", "0.50000000000000000000"},
        {"10", "4", "2.5000000000000000"},
        {"-7", "2", "-3.5000000000000000"},
        {"100000", "3", "33333.333333333333"},
        {"0.5", "4", "0.12500000000000000000"},
        {"12345678.90", "0.07", "176366841.42857143"},
        {"1", "10000000000", "0.0000000001000000000000000000"},
        {"0", "3", "0.00000000000000000000"},
        {"1.00000000000000000000000001", "1", "1.00000000000000000000000001"}};
    for (const auto& c : cases) {
        decimal result;
        ASSERT_TRUE(divide_decimals(read(c[0]), read(c[1]), &result));
        EXPECT_EQ(write(result), c[2]) << c[0] << " / " << c[1];
    }
    decimal result;
    EXPECT_FALSE(divide_decimals(read("1"), read("0.00"), &result));
}

TEST(DecimalArithmetic, SmallNumbersAgreeWithWholeNumbers) {
    std::mt19937_64 random(3);
    for (int round = 0; round < 20000; ++round) {
        const auto units = [&] { return static_cast<std::int64_t>(random() % 2000001) - 1000000; };
        const int scale_a = static_cast<int>(random() % 5),
                  scale_b = static_cast<int>(random() % 5);
        const decimal a{units(), scale_a}, b{units(), scale_b};
        // Both as whole numbers of 10^-4.
        const int128 x = a.units * power_of_ten(4 - scale_a),
                     y = b.units * power_of_ten(4 - scale_b);
        decimal sum, difference, product;
        ASSERT_TRUE(add_decimals(a, b, &sum) && subtract_decimals(a, b, &difference) &&
                    multiply_decimals(a, b, &product));
        EXPECT_EQ(compare_decimals(sum, {x + y, 4}), 0);
        EXPECT_EQ(compare_decimals(difference, {x - y, 4}), 0);
        EXPECT_EQ(compare_decimals(product, {x * y, 8}), 0);
        EXPECT_EQ(compare_decimals(a, b), x < y ? -1 : x > y);
        EXPECT_EQ(sum.scale, std::max(scale_a, scale_b));
    }
}

TEST(DecimalArithmetic, RoundsWhatNeedsMoreThan128Bits) {
    decimal result;
    // 20 and 20 digits after the point.
    ASSERT_TRUE(
        multiply_decimals(read("0.33333333333333333333"), read("0.33333333333333333333"), &result));
    EXPECT_EQ(write(result), "0.111111111111111111108888888888888888889");
    ASSERT_TRUE(multiply_decimals(read("-66666666666666666666.6"), read("0.66666666666666666667"),
                                  &result));
    EXPECT_EQ(write(result).substr(0, 30), "-44444444444444444444.62222222");
    ASSERT_TRUE(
        add_decimals(read("99999999999999999999999999999999999999"), read("0.25"), &result));
    EXPECT_EQ(write(result), "99999999999999999999999999999999999999");
    ASSERT_TRUE(add_decimals({1, 200}, read("7"), &result));
    EXPECT_EQ(compare_decimals(result, read("7")), 0);
    EXPECT_FALSE(
        multiply_decimals(read("99999999999999999999"), read("99999999999999999999"), &result));
    EXPECT_FALSE(add_decimals(read("99999999999999999999999999999999999999"),
                              read("99999999999999999999999999999999999999"), &result));
    EXPECT_FALSE(subtract_decimals({0, 0}, {-int128_max - 1, 0}, &result));
}

TEST(DecimalArithmetic, ComparesAcrossAllScales) {
    EXPECT_EQ(compare_decimals({1, 0}, {1, 16383}), 1);
    EXPECT_EQ(compare_decimals({-1, 0}, {1, 16383}), -1);
    EXPECT_EQ(compare_decimals({0, 0}, {0, 16383}), 0);
    EXPECT_EQ(compare_decimals({int128_max, 0}, {int128_max, 1}), 1);
    EXPECT_EQ(compare_decimals({-int128_max - 1, 0}, {-int128_max, 0}), -1);
}

TEST(DecimalArithmetic, NearestDouble) {
    std::mt19937_64 random(5);
    for (int round = 0; round < 50000; ++round) {
        int128 units =
            static_cast<int128>(random()) << (random() % 63) ^ static_cast<int128>(random());
        if (random() % 2) units = -units;
        const decimal value{units, static_cast<int>(random() % 45)};
        EXPECT_EQ(nearest_double(value), std::strtod(write(value).c_str(), nullptr))
            << write(value);
    }
    EXPECT_EQ(nearest_double({1, 400}), 0.0);
    EXPECT_EQ(nearest_double({-5, 16383}), 0.0);
}

}  // namespace
}  // namespace receivables
