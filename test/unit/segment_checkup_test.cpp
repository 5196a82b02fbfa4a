// Segment quality, migration and stability against the definitions in rational numbers.
#include <gtest/gtest.h>

#include <algorithm>
#include <boost/multiprecision/cpp_int.hpp>
#include <cmath>
#include <cstring>
#include <limits>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "core/checkup/segment_migration.hpp"
#include "core/checkup/segment_quality.hpp"
#include "core/checkup/stability_index.hpp"
#include "json_text.hpp"

namespace receivables {
namespace {

using rational = boost::multiprecision::cpp_rational;

std::string key_of(const std::vector<segment_label>& labels) {
    std::string key;
    for (const segment_label& label : labels) {
        std::string part(label_size(label), 'x');
        const char* end = put_label(label, part.data());
        key.append(part.data(), static_cast<std::size_t>(end - part.data()));
    }
    return key;
}

// A table in memory of its own, aligned as a value of PostgreSQL is.
template <class Table>
struct owned_table {
    explicit owned_table(std::uint32_t capacity = 64, std::size_t label_bytes = 4096)
        : memory((Table::size_of(capacity, label_bytes) + 12) / 8) {
        size = Table::size_of(capacity, label_bytes);
        table.create(bytes(), size, capacity);
    }
    unsigned char* bytes() { return reinterpret_cast<unsigned char*>(memory.data()) + 4; }
    auto& at(const std::string& key) {
        std::uint32_t index;
        if (table.find(key, &index)) return table.record(index);
        EXPECT_TRUE(table.has_room(key.size()));
        return table.insert(index, key);
    }
    std::vector<std::uint64_t> memory;
    std::size_t size;
    Table table;
};

using owned_quality = owned_table<quality_table>;
using owned_migration = owned_table<migration_table>;

template <class Write, class Table>
std::string text_of(Write write, const Table& table) {
    text_writer measure;
    write(table, &measure);
    std::string text(measure.size(), ' ');
    text_writer writer(text.data(), text.size());
    write(table, &writer);
    return text;
}

double as_double(const rational& r) {
    return static_cast<double>(r);
}

void expect_near(double found, const rational& exact, const char* what) {
    ASSERT_NEAR(found, as_double(exact), 4e-16 * std::fabs(as_double(exact))) << what;
}

TEST(SegmentQuality, IsExactFarFromZero) {
    std::mt19937_64 random(31);
    for (int round = 0; round < 1500; ++round) {
        constexpr double shifts[] = {0, 1e9, -1e12, 1e15, 1e100, 1e-100, 0.1};
        const double shift = shifts[round % std::size(shifts)];
        const double scale = round % 3 == 0 ? 1 : round % 3 == 1 ? 1e-6 : std::fabs(shift) + 1;
        owned_quality owned;
        std::map<std::string, std::vector<double>> values;
        const int count = 1 + round % 40;
        for (int i = 0; i < count; ++i) {
            const std::string name = std::to_string(random() % (1 + round % 6));
            const double value =
                shift + scale * std::uniform_real_distribution<double>(-1, 1)(random);
            owned.at(key_of({{name, false}})).add(value);
            values[name].push_back(value);
        }
        rational all_sum = 0, within = 0, between = 0;
        for (const auto& [name, list] : values)
            for (double x : list) all_sum += rational(x);
        const rational mean = all_sum / count;
        for (const auto& [name, list] : values) {
            rational sum = 0, squares = 0;
            for (double x : list) sum += rational(x);
            const rational own = sum / static_cast<int>(list.size());
            for (double x : list) squares += (rational(x) - own) * (rational(x) - own);
            within += squares;
            between += (own - mean) * (own - mean) * static_cast<int>(list.size());
            const value_spread spread = spread_of(owned.at(key_of({{name, false}})));
            ASSERT_NO_FATAL_FAILURE(expect_near(spread.mean + spread.mean_rest, own, "mean"));
            ASSERT_NO_FATAL_FAILURE(expect_near(spread.squares, squares, "squares"));
        }
        const quality_figures q = figures_of(owned.table);
        ASSERT_EQ(q.value_count, count);
        ASSERT_EQ(q.segment_count, static_cast<std::int64_t>(values.size()));
        ASSERT_NEAR(q.within, as_double(within), 1e-14 * as_double(within));
        ASSERT_NEAR(q.between, as_double(between), 1e-14 * as_double(between));

        // The text gives the same table back, to the byte.
        const std::string text = text_of(write_quality_json, owned.table);
        const json_text parsed(text);
        std::uint32_t segments;
        std::size_t label_bytes;
        status s;
        ASSERT_TRUE(measure_quality_json(parsed.document(), &segments, &label_bytes, &s));
        owned_quality again(segments, label_bytes);
        std::vector<char> room(label_bytes + 1);
        ASSERT_TRUE(read_quality_json(parsed.document(), &again.table, room.data(), &s))
            << s.message << text;
        ASSERT_EQ(text_of(write_quality_json, again.table), text);
        for (std::uint32_t i = 0; i < segments; ++i)
            ASSERT_EQ(
                std::memcmp(&again.table.record(i), &owned.table.record(i), sizeof(value_sums)), 0);
    }
}

TEST(SegmentQuality, LargestValues) {
    owned_quality owned;
    value_sums& sums = owned.at(key_of({{"a", false}}));
    for (int i = 0; i < 1000; ++i) sums.add(i % 2 ? max_quality_value : -max_quality_value);
    sums.add(1 / max_quality_value);
    EXPECT_TRUE(sums.are_possible());
    EXPECT_DOUBLE_EQ(spread_of(sums).squares, 1e283);
    EXPECT_NEAR(spread_of(sums).mean + spread_of(sums).mean_rest, 0, 1e-142);
}

TEST(LabelTable, DamagedBlocksAreNotSound) {
    owned_migration owned(4, 64);
    owned.at(key_of({{"a", false}, {"", true}})) = 1;
    owned.at(key_of({{"b", false}, {"c", false}})) = 2;
    ASSERT_TRUE(owned.table.is_sound());
    const std::vector<std::uint64_t> good = owned.memory;
    int refused = 0;
    std::mt19937_64 random(32);
    for (int round = 0; round < 20000; ++round) {
        owned.memory = good;
        const std::size_t at = random() % owned.size;
        owned.bytes()[at] = static_cast<unsigned char>(random());
        migration_table table;
        if (!table.open(owned.bytes(), owned.size) || !table.is_sound()) {
            ++refused;
            continue;
        }
        // What is let through can be read.
        EXPECT_LE(table.count(), 4u);
        for (std::uint32_t i = 0; i < table.count(); ++i) (void)table.label_part(i, 1);
    }
    EXPECT_GT(refused, 2000);
    for (std::size_t size = 0; size < sizeof(label_table_header); ++size) {
        migration_table table;
        EXPECT_FALSE(table.open(owned.bytes(), size));
    }
}

TEST(SegmentMigration, AgainstMaps) {
    std::mt19937_64 random(33);
    for (int round = 0; round < 2000; ++round) {
        owned_migration owned(100, 4096);
        std::map<std::pair<std::string, std::string>, int> cells;
        std::map<std::string, int> then, now;
        const int count = 1 + round % 80;
        const auto label = [&] {
            const auto number = random() % (1 + round % 9);
            return number == 8
                       ? segment_label{{}, true}
                       : segment_label{std::string_view("aabbccdd").substr(number + 1), false};
        };
        int moved = 0;
        for (int i = 0; i < count; ++i) {
            const segment_label from = label(), to = label();
            const std::string a = key_of({from}), b = key_of({to});
            ++owned.at(a + b);
            ++cells[{a, b}];
            ++then[a];
            ++now[b];
            then[b] += 0;
            now[a] += 0;
            moved += a != b;
        }
        ASSERT_TRUE(owned.table.is_sound());
        ASSERT_EQ(owned.table.count(), cells.size());
        std::uint32_t i = 0;
        for (const auto& [key, customers] : cells) {
            ASSERT_EQ(owned.table.label(i), key.first + key.second);
            ASSERT_EQ(owned.table.record(i), customers);
            ++i;
        }
        const migration_totals totals = totals_of(owned.table);
        ASSERT_EQ(totals.customers, count);
        ASSERT_EQ(totals.moved, moved);
        double index = 0, smoothed = 0;
        for (const auto& [name, number] : then) {
            const double p = double(number) / count, q = double(now[name]) / count;
            const double p1 = std::max(p, 0.1), q1 = std::max(q, 0.1);
            if (p != q)
                index += p == 0 || q == 0 ? std::numeric_limits<double>::infinity()
                                          : (p - q) * std::log(p / q);
            smoothed += (p1 - q1) * std::log(p1 / q1);
        }
        std::vector<std::uint32_t> order(owned.table.count());
        std::vector<std::int64_t> to_customers(owned.table.count());
        ASSERT_DOUBLE_EQ(stability_of(owned.table, 0, order.data(), to_customers.data()), index);
        ASSERT_DOUBLE_EQ(stability_of(owned.table, 0.1, order.data(), to_customers.data()),
                         smoothed);
    }
}

TEST(StabilityIndex, PublishedExample) {
    const double before[] = {20, 50, 30}, after[] = {10, 60, 30};
    bool has_value;
    double value;
    status s;
    ASSERT_TRUE(stability_of_weights(before, after, 3, 0, &has_value, &value, &s));
    EXPECT_TRUE(has_value);
    EXPECT_NEAR(value, 0.0875, 5e-5);
    EXPECT_NEAR(value, 0.1 * std::log(2.0) + 0.1 * std::log(1.2), 1e-15);
}

}  // namespace
}  // namespace receivables
