// Exact decimals against arithmetic on strings of digits.
#include "core/base/decimal.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <random>
#include <string>
#include <vector>

#include "core/base/text_writer.hpp"

namespace receivables {
namespace {

// Slow and obvious: a whole number as text.
std::string digits_of(int128 value) {
    std::string digits;
    // Digit by digit without negating, which the smallest number does not survive.
    int128 rest = value;
    do {
        const int digit = static_cast<int>(rest % 10);
        digits.insert(digits.begin(), static_cast<char>('0' + (digit < 0 ? -digit : digit)));
        rest /= 10;
    } while (rest != 0);
    return digits;
}

std::string expected_text(int128 units, int scale) {
    std::string text = digits_of(units);
    if (static_cast<int>(text.size()) <= scale)
        text.insert(0, static_cast<std::size_t>(scale) + 1 - text.size(), '0');
    if (scale > 0) text.insert(text.size() - static_cast<std::size_t>(scale), ".");
    return units < 0 ? '-' + text : text;
}

std::string written(decimal value) {
    std::vector<char> text(decimal_text_size(value.scale));
    const std::size_t size = write_decimal(value, text.data());
    EXPECT_LT(size, text.size());
    return {text.data(), size};
}

std::string put(decimal value) {
    text_writer measure;
    measure.put_decimal(value);
    std::string text(measure.size(), '?');
    text_writer writer(text.data(), text.size());
    writer.put_decimal(value);
    return text;
}

bool reads(const std::string& text, decimal* out) {
    const std::vector<char> copy(text.begin(), text.end());
    return read_decimal(copy.data(), copy.size(), out);
}

int128 random_units(std::mt19937_64& random) {
    const auto bits = random() % 127;
    const uint128 any = static_cast<uint128>(random()) << 64 | random();
    const auto units = static_cast<int128>(any >> (127 - bits) >> 1);
    return random() % 2 == 0 ? units : -units;
}

TEST(Decimal, TextRoundTrips) {
    std::mt19937_64 random(1);
    for (int i = 0; i < 100000; ++i) {
        const int scale = static_cast<int>(random() % (i % 100 == 0 ? 16384 : 60));
        const decimal value = {random() % 20 == 0 ? 0 : random_units(random), scale};
        const std::string text = expected_text(value.units, scale);
        ASSERT_EQ(written(value), text);
        ASSERT_EQ(put(value), text);
        decimal read;
        ASSERT_TRUE(reads(text, &read)) << text;
        ASSERT_TRUE(read.units == value.units && read.scale == scale) << text;
    }
    for (int128 units : {int128_max, -int128_max})
        EXPECT_EQ(put({units, 0}), expected_text(units, 0));
}

TEST(Decimal, RescalingOverflowsWhenTheDigitsDo) {
    std::mt19937_64 random(2);
    const std::string most = digits_of(int128_max);
    for (int i = 0; i < 100000; ++i) {
        const int128 units = random_units(random);
        const int from = static_cast<int>(random() % 30),
                  to = from + static_cast<int>(random() % 45);
        std::string text = digits_of(units);
        if (units != 0) text.append(static_cast<std::size_t>(to - from), '0');
        const bool fits = text.size() < most.size() || (text.size() == most.size() && text <= most);
        int128 out;
        ASSERT_EQ(rescale(units, from, to, &out), fits) << text;
        if (fits) {
            ASSERT_EQ(digits_of(out), text);
        }
    }
    int128 out;
    EXPECT_TRUE(rescale(0, 5, 2, &out));
    EXPECT_TRUE(rescale(0, 0, 16383, &out));
    EXPECT_FALSE(rescale(10, 1, 0, &out));
}

TEST(Decimal, NearestDouble) {
    std::mt19937_64 random(3);
    for (int i = 0; i < 200000; ++i) {
        int128 units = random_units(random);
        if (i % 2 == 0) units = static_cast<std::int64_t>(random());
        const int scale = static_cast<int>(random() % 40);
        const double expected = std::strtod(expected_text(units, scale).c_str(), nullptr);
        const double got = to_double(units, scale);
        ASSERT_LE(std::abs(got - expected), std::abs(expected) * 2.3e-16)
            << expected_text(units, scale);
        if (units >= -(int128{1} << 53) && units <= int128{1} << 53 && scale <= 22) {
            ASSERT_EQ(got, expected) << expected_text(units, scale);
        }
    }
}

TEST(Decimal, NothingElseIsRead) {
    decimal value;
    for (const char* text : {"",
                             "-",
                             "+1",
                             ".",
                             "1.",
                             ".5",
                             "-.5",
                             "1e3",
                             "1E3",
                             " 1",
                             "1 ",
                             "1..2",
                             "1.2.3",
                             "--1",
                             "0x10",
                             "NaN",
                             "Infinity",
                             "1,5",
                             "170141183460469231731687303715884105728",
                             "-170141183460469231731687303715884105728",
                             "999999999999999999999999999999999999999999",
                             "0.999999999999999999999999999999999999999999"})
        EXPECT_FALSE(reads(text, &value)) << text;
    EXPECT_FALSE(reads("0." + std::string(16384, '0'), &value));
    EXPECT_TRUE(reads("0." + std::string(16383, '0'), &value));
    EXPECT_TRUE(reads("-0.00", &value) && value.units == 0 && value.scale == 2);
    EXPECT_TRUE(reads("000170141183460469231731687303715884105727", &value) &&
                value.units == int128_max);
}

// Shares and weighted means must not depend on the scale that the amounts happen to have.
TEST(Decimal, QuotientsDoNotDependOnTheScale) {
    std::mt19937_64 random(11);
    for (int i = 0; i < 20000; ++i) {
        const auto a = static_cast<std::int64_t>(random() % 2000001) - 1000000;
        const auto b = static_cast<std::int64_t>(random() % 1000000) + 1;
        const int128 scale = power_of_ten(static_cast<int>(random() % 27));
        const double plain = static_cast<double>(a) / static_cast<double>(b);
        // Rounding twice, to 64 and then to 53 bits, can miss the nearest double by one.
        const double scaled = quotient(a * scale, b * scale);
        EXPECT_TRUE(scaled == plain || scaled == std::nextafter(plain, scaled)) << plain;
        // Whole quotients are exact, whatever the size.
        EXPECT_EQ(quotient(b * scale * 7, b * scale), 7.0);
        EXPECT_EQ(quotient(-b * scale * 40000, b * scale), -40000.0);
    }
    for (int k = 1; k <= 200; ++k) {
        const int128 part = power_of_ten(20) * k / 3;
        EXPECT_EQ(quotient(part, 5 * part), 0.2);
    }
}

}  // namespace
}  // namespace receivables
