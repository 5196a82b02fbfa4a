// The working forms in which the aggregate collects items.
#include "core/profile/state.hpp"

#include <gtest/gtest.h>

#include "profile_samples.hpp"

namespace receivables {
namespace {

using namespace profile_samples;

aligned make_state(profile_kind kind, const std::vector<item>& items, std::uint32_t spare,
                   const bytes& folded) {
    const auto capacity = static_cast<std::uint32_t>(items.size()) + spare;
    aligned memory(profile_state::size_of(kind, capacity, folded.size()));
    profile_state state;
    state.create(memory.data(), kind, capacity, folded.data(), folded.size());
    for (const item& x : items) EXPECT_TRUE(state.append(x));
    return memory;
}

constexpr profile_kind kinds[] = {profile_kind::compact_state, profile_kind::packed_state,
                                  profile_kind::wide_state};

// Items that fit into a state of that kind.
std::vector<item> fitting_items(profile_kind kind, std::size_t count, dice& random) {
    aligned memory(profile_state::size_of(kind, static_cast<std::uint32_t>(count), 0));
    profile_state state;
    state.create(memory.data(), kind, static_cast<std::uint32_t>(count), nullptr, 0);
    std::vector<item> items;
    const bool terms_known = !random.one_in(4);
    while (items.size() < count) {
        const bool compact = kind == profile_kind::compact_state;
        item x = sample_item(static_cast<sample>(random.between(0, compact ? 6 : 8)), random);
        if (compact) {
            x.terms = terms_known ? 30 : no_terms;
            if (x.has_amount) x.scale = 2;
        }
        if (state.append(x)) items.push_back(x);
    }
    return items;
}

bytes fold_state(const profile_state& state, status* s) {
    fold_plan plan;
    profile_view folded;
    bytes out;
    if (state.folded_size() > 0) {
        if (!folded.open(state.folded(), state.folded_size(), s)) return out;
        plan.add(profile_source::of(folded));
    }
    plan.add(state.items());
    (void)try_fold(plan, &out, s);
    return out;
}

TEST(ProfileState, ItemsAndFoldedPartMakeOneProfile) {
    dice random(1);
    for (int round = 0; round < 600; ++round) {
        const profile_kind kind = kinds[round % 3];
        std::vector<item> items =
            fitting_items(kind, static_cast<std::size_t>(random.between(1, 300)), random);
        const std::vector<item> before = sample_items(
            sample::ordinary, static_cast<std::size_t>(random.between(1, 400)), random);
        const bytes folded = random.one_in(2) ? stored(before) : bytes();
        aligned memory =
            make_state(kind, items, static_cast<std::uint32_t>(random.between(0, 9)), folded);
        profile_state state;
        ASSERT_TRUE(state.open(memory.data(), memory.size()));
        EXPECT_TRUE(state.items_are_valid());
        EXPECT_EQ(state.count(), items.size());
        if (!folded.empty()) items.insert(items.end(), before.begin(), before.end());
        status s;
        EXPECT_EQ(fold_state(state, &s), stored(items)) << s.message;
    }
}

TEST(ProfileState, ItemsComeOutAsTheyWentIn) {
    dice random(2);
    for (int round = 0; round < 300; ++round) {
        const std::vector<item> items = fitting_items(kinds[round % 3], 50, random);
        aligned memory = make_state(kinds[round % 3], items, 0, {});
        profile_state state;
        ASSERT_TRUE(state.open(memory.data(), memory.size()));
        for (std::uint32_t i = 0; i < 50; ++i) {
            const item x = items[i], y = state.item_at(i);
            EXPECT_TRUE(x.due == y.due && x.days_late == y.days_late && x.terms == y.terms &&
                        x.cls == y.cls && x.has_amount == y.has_amount && x.amount == y.amount &&
                        (x.scale == y.scale || !x.has_amount));
        }
    }
}

TEST(ProfileState, TheFastWayIsTheLongOne) {
    dice random(3);
    for (int round = 0; round < 2000; ++round) {
        const profile_kind kind = kinds[round % 3];
        std::vector<item> items = fitting_items(
            kind, static_cast<std::size_t>(random.between(1, max_listed_items)), random);
        if (kind == profile_kind::packed_state && random.one_in(2))
            for (item& x : items) x.scale = x.has_amount ? 2 : 0;
        aligned memory = make_state(kind, items, 0, {});
        profile_state state;
        ASSERT_TRUE(state.open(memory.data(), memory.size()));
        std::vector<item> listed(max_listed_items);
        int scale = -1;
        status s;
        ASSERT_TRUE(list_items(state, listed.data(), &scale, &s)) << s.message;
        bytes profile(listed_size(listed.data(), state.count()));
        write_listed(listed.data(), state.count(), scale, profile.data());
        ASSERT_EQ(profile, stored(items));
    }
}

TEST(ProfileState, StatesOfOneKindJoin) {
    dice random(4);
    for (int round = 0; round < 300; ++round) {
        const profile_kind kind = kinds[round % 3];
        std::vector<item> items = fitting_items(kind, 60, random);
        const std::vector<item> others = fitting_items(kind, 40, random);
        aligned memory = make_state(kind, items, 40, {}),
                other_memory = make_state(kind, others, 3, {});
        profile_state state, other;
        ASSERT_TRUE(state.open(memory.data(), memory.size()));
        ASSERT_TRUE(other.open(other_memory.data(), other_memory.size()));
        if (state.append_all(other))
            items.insert(items.end(), others.begin(), others.end());
        else
            EXPECT_EQ(kind, profile_kind::compact_state);
        status s;
        EXPECT_EQ(fold_state(state, &s), stored(items));
    }
}

TEST(ProfileState, DamageIsNeverFollowed) {
    dice random(5);
    const bytes folded = stored(sample_items(sample::ordinary, 20, random));
    for (int round = 0; round < 20000; ++round) {
        const profile_kind kind = kinds[round % 3];
        aligned sound = make_state(kind, fitting_items(kind, 12, random), 3,
                                   random.one_in(2) ? folded : bytes());
        const auto size = static_cast<std::int64_t>(sound.size());
        aligned damaged(sound.data(), static_cast<std::size_t>(
                                          random.one_in(3) ? random.between(1, size) : size));
        const auto last = static_cast<std::int64_t>(damaged.size()) - 1;
        for (auto i = random.between(0, 4); i > 0; --i)
            damaged.data()[random.between(
                0, random.one_in(2) ? std::min<std::int64_t>(last, 24) : last)] =
                static_cast<unsigned char>(random.between(0, 255));
        profile_state state;
        if (!state.open(damaged.data(), damaged.size()) || !state.items_are_valid()) continue;
        status s;
        (void)fold_state(state, &s);
        if (state.count() > max_listed_items || state.count() == 0) continue;
        std::vector<item> listed(max_listed_items);
        int scale;
        (void)list_items(state, listed.data(), &scale, &s);
    }
}

}  // namespace
}  // namespace receivables
