// The stored bytes of payment profiles: what goes in comes out, and damage is never followed.
#include "core/profile/stored.hpp"

#include <gtest/gtest.h>

#include "profile_doors.hpp"
#include "profile_samples.hpp"

namespace receivables {
namespace {

using namespace profile_doors;
using namespace profile_samples;

constexpr std::size_t sizes[] = {1, 2, 7, 50, 254, 255, 256, 257, 400, 2000};

std::vector<item> rescaled(std::vector<item> items) {
    std::int16_t scale = 0;
    for (const item& x : items) scale = std::max(scale, x.scale);
    for (item& x : items) {
        int128 units;
        EXPECT_TRUE(rescale(static_cast<int128>(x.amount), x.scale, scale, &units));
        x.amount = static_cast<uint128>(units);
        x.scale = x.has_amount ? scale : std::int16_t{0};
    }
    std::sort(items.begin(), items.end(), in_canonical_order);
    return items;
}

bool same(const item& a, const item& b) {
    return !in_canonical_order(a, b) && !in_canonical_order(b, a) && a.scale == b.scale;
}

TEST(ProfileStored, ItemsComeOutAsTheyWentIn) {
    dice random(1);
    for (int kind = 0; kind < sample_kinds; ++kind)
        for (std::size_t size : sizes) {
            if (size > most_listed_items) continue;
            const auto items = rescaled(sample_items(static_cast<sample>(kind), size, random));
            const bytes profile = stored(items);
            const profile_view kept = open(profile);
            std::vector<item> read;
            kept.for_each_item([&](const item& x) { read.push_back(x); });
            ASSERT_EQ(read.size(), items.size());
            for (std::size_t i = 0; i < items.size(); ++i)
                EXPECT_TRUE(same(read[i], items[i])) << kind << ' ' << i;
        }
}

TEST(ProfileStored, CanonicalProfilesPassEveryCheckUnchanged) {
    dice random(2);
    for (int kind = 0; kind < sample_kinds; ++kind)
        for (std::size_t size : sizes) {
            const bytes profile = stored(sample_items(static_cast<sample>(kind), size, random));
            const profile_view view = open(profile);
            EXPECT_EQ(view.kind(),
                      size <= most_listed_items ? profile_kind::items : profile_kind::tables);
            read_all(view);
            bytes again;
            status s;
            ASSERT_TRUE(rebuild(view, &again, &s)) << s.message;
            EXPECT_EQ(again, profile);
        }
}

TEST(ProfileStored, FiftyInvoicesTakeUpTo500Bytes) {
    dice random(3);
    for (int i = 0; i < 1000; ++i)
        EXPECT_LE(stored(sample_items(sample::ordinary, 50, random)).size(), 500u);
}

TEST(ProfileStored, NothingButAProfileOpens) {
    profile_view view;
    status s;
    EXPECT_FALSE(view.open(nullptr, 0, &s));
    for (int first = 0; first < 256; ++first) {
        bytes profile(100, 0);
        profile[0] = static_cast<unsigned char>(first);
        EXPECT_FALSE(view.open(profile.data(), profile.size(), &s)) << first;
    }
    bytes profile = stored(sample_items(sample::ordinary, 3, *std::make_unique<dice>(4)));
    profile[0] = static_cast<unsigned char>(profile[0] + 16);
    EXPECT_FALSE(view.open(profile.data(), profile.size(), &s));
    EXPECT_STREQ(s.message, "unknown format version 4 of a payment_profile");
}

// A few bytes must not stand for billions of rows: reading them would never end.
TEST(ProfileStored, RowsCostBytes) {
    bytes forged = {profile_tag(profile_kind::tables), 0, 0, 0};
    for (int total = 0; total < 2 * item_classes + 5; ++total) forged.push_back(0);
    for (int table = 0; table < profile_tables; ++table) {
        const unsigned char rows[] = {0xFE, 0xFF, 0xFF, 0xFF, 0x1F};  // 2^32 - 1
        forged.insert(forged.end(), rows, rows + sizeof rows);
        for (int column = 0; column < 4; ++column) {
            forged.push_back(0);  // width
            forged.push_back(2);  // base
        }
    }
    profile_view view;
    status s;
    EXPECT_FALSE(view.open(forged.data(), forged.size(), &s));
}

}  // namespace
}  // namespace receivables
