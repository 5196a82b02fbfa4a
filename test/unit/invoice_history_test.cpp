// The stored form of invoice histories.
#include "core/simulation/invoice_history.hpp"

#include <gtest/gtest.h>

#include "core/simulation/invoice_history_text.hpp"
#include "profile_samples.hpp"

namespace receivables {
namespace {

using namespace profile_samples;

bool same(const item& a, const item& b) {
    return a.due == b.due && a.days_late == b.days_late && a.terms == b.terms && a.cls == b.cls &&
           a.has_amount == b.has_amount && a.amount == b.amount &&
           (!a.has_amount || a.scale == b.scale);
}

bytes make_history(const std::vector<item>& items, const std::vector<bool>& begins, bool wide,
                   std::uint32_t spare) {
    const auto capacity = static_cast<std::uint32_t>(items.size()) + spare;
    bytes memory(history_size(wide, capacity));
    history_writer writer;
    writer.create(memory.data(), wide, capacity);
    for (std::size_t i = 0; i < items.size(); ++i) writer.append(items[i], begins[i]);
    EXPECT_EQ(writer.room(), spare);
    return memory;
}

TEST(invoice_history, packing_keeps_all_or_refuses) {
    dice random(3);
    int taken = 0, refused = 0;
    for (int i = 0; i < 100000; ++i) {
        const item x = sample_item(static_cast<sample>(i % sample_kinds), random);
        packed_item p;
        if (!pack(x, &p)) {
            ++refused;
            continue;
        }
        ++taken;
        const item y = unpack(p);
        ASSERT_TRUE(x.due == y.due && x.days_late == y.days_late && x.terms == y.terms &&
                    x.cls == y.cls && x.has_amount == y.has_amount && x.scale == y.scale &&
                    x.amount == y.amount);
    }
    EXPECT_GT(taken, 10000);
    EXPECT_GT(refused, 10000);
}

// Packed items of one scale stand in the canonical order of items.
TEST(invoice_history, packed_order_is_canonical_order) {
    dice random(4);
    for (int i = 0; i < 100000; ++i) {
        item x = sample_item(sample::unknown, random), y = sample_item(sample::unknown, random);
        if (random.one_in(2)) y.due = x.due;
        if (random.one_in(2)) y.cls = x.cls;
        if (random.one_in(2)) y.days_late = x.days_late;
        if (random.one_in(2)) y.terms = x.terms;
        y.scale = x.scale;
        packed_item p, q;
        ASSERT_TRUE(pack(x, &p) && pack(y, &q));
        ASSERT_EQ(p < q, in_canonical_order(x, y));
    }
}

TEST(invoice_history, gives_back_every_item) {
    dice random(20260801);
    int packed = 0;
    for (int round = 0; round < 3000; ++round) {
        const auto kind = static_cast<sample>(random.between(0, sample_kinds - 1));
        const std::vector<item> items =
            sample_items(kind, static_cast<std::size_t>(random.between(1, 40)), random);
        const bool fit = std::all_of(items.begin(), items.end(), fits_packed);
        packed += fit;
        const bool wide = !fit || random.one_in(2);
        std::vector<bool> begins;
        std::uint32_t customers = 0;
        while (begins.size() < items.size()) {
            begins.push_back(begins.empty() || random.one_in(3));
            customers += begins.back();
        }
        const bytes memory =
            make_history(items, begins, wide, static_cast<std::uint32_t>(random.between(0, 5)));
        history_view history;
        status s;
        ASSERT_TRUE(history.open(memory.data(), memory.size(), &s)) << s.message;
        ASSERT_EQ(history.count(), items.size());
        EXPECT_EQ(history.customer_count(), customers);
        for (std::uint32_t i = 0; i < history.count(); ++i) {
            item x;
            ASSERT_TRUE(history.read(i, &x, &s)) << s.message;
            EXPECT_TRUE(same(x, items[i]));
            EXPECT_EQ(history.begins_customer(i), begins[i]);
        }
    }
    EXPECT_GT(packed, 1000);
    EXPECT_LT(packed, 2900);
}

TEST(invoice_history, keeps_customers_apart_when_appended) {
    dice random(7);
    for (int round = 0; round < 300; ++round) {
        const std::vector<item> a = sample_items(sample::ordinary, 3, random),
                                b = sample_items(sample::ordinary, 2, random);
        const bytes more = make_history(b, {true, false}, false, 1);
        history_view other;
        status s;
        ASSERT_TRUE(other.open(more.data(), more.size(), &s));
        bytes memory(history_size(false, 5));
        history_writer writer;
        writer.create(memory.data(), false, 5);
        for (const item& x : a) writer.append(x, false);
        writer.append_all(other);
        history_view history;
        ASSERT_TRUE(history.open(memory.data(), memory.size(), &s));
        EXPECT_EQ(history.customer_count(), 2u);
        EXPECT_EQ(history.end_of_customer(0), 3u);
        EXPECT_EQ(history.end_of_customer(3), 5u);
    }
}

TEST(invoice_history, survives_damage) {
    dice random(99);
    int refused = 0, read = 0;
    for (int round = 0; round < 20000; ++round) {
        const auto kind = static_cast<sample>(random.between(0, sample_kinds - 1));
        const std::vector<item> items = sample_items(kind, 3, random);
        const bool wide = !std::all_of(items.begin(), items.end(), fits_packed) || random.one_in(2);
        bytes memory = make_history(items, {true, false, true}, wide, 0);
        for (int flips = static_cast<int>(random.between(1, 4)); flips > 0; --flips)
            memory[static_cast<std::size_t>(
                random.between(0, static_cast<std::int64_t>(memory.size()) - 1))] ^=
                static_cast<unsigned char>(random.between(1, 255));
        if (random.one_in(4))
            memory.resize(static_cast<std::size_t>(
                random.between(0, static_cast<std::int64_t>(memory.size()))));
        history_view history;
        status s;
        if (!history.open(memory.data(), memory.size(), &s)) {
            EXPECT_EQ(s.code, error_code::invalid_binary);
            ++refused;
            continue;
        }
        for (std::uint32_t i = 0; i < history.count(); ++i) {
            item x;
            if (!history.read(i, &x, &s)) {
                EXPECT_EQ(s.code, error_code::invalid_binary);
                continue;
            }
            ++read;
            EXPECT_TRUE(check_item(x, &s));
        }
        text_writer text;
        history_text_writer writer(history, &text);
        while (writer.step()) continue;
    }
    EXPECT_GT(refused, 1000);
    EXPECT_GT(read, 10000);
}

}  // namespace
}  // namespace receivables
