// The working form in which the aggregate collects items.
#include "core/profile/state.hpp"

#include <gtest/gtest.h>

#include "profile_samples.hpp"

namespace receivables {
namespace {

using namespace profile_samples;

aligned make_state(const std::vector<item>& items, std::uint32_t spare, const bytes& folded) {
    std::uint32_t capacity = spare;
    place_base base;
    for (const item& x : items) {
        item_place p;
        place_base tried = base.is_set() ? base : place_base::of(x);
        const bool fits = put_into_place(x, &tried, &p);
        if (fits) base = tried;
        capacity += fits ? 1 : full_item_places;
    }
    aligned memory(profile_state::size_of(capacity, folded.size()));
    profile_state state;
    state.create(memory.data(), capacity, folded.data(), folded.size());
    for (const item& x : items) EXPECT_TRUE(state.append(x));
    EXPECT_EQ(state.room(), spare);
    return memory;
}

// An ordinary amount comes out at the display scale of all of them.
bool is_same_amount(const item& in, const item& out) {
    int128 units;
    return out.scale >= in.scale &&
           rescale(static_cast<int128>(in.amount), in.scale, out.scale, &units) &&
           static_cast<uint128>(units) == out.amount;
}

std::vector<item> any_items(std::size_t count, dice& random) {
    return sample_items(static_cast<sample>(random.between(0, sample_kinds - 1)), count, random);
}

bytes fold_state(const profile_state& state, status* s) {
    fold_plan plan;
    profile_view folded;
    bytes out;
    if (state.folded_size() > 0) {
        if (!folded.open(state.folded(), state.folded_size(), s)) return out;
        plan.add(profile_source::of(folded));
    }
    plan.add(profile_source::of(state.places()));
    (void)try_fold(plan, &out, s);
    return out;
}

TEST(ProfileState, ItemsAndFoldedPartMakeOneProfile) {
    dice random(1);
    for (int round = 0; round < 600; ++round) {
        std::vector<item> items =
            any_items(static_cast<std::size_t>(random.between(1, 300)), random);
        const std::vector<item> before = sample_items(
            sample::ordinary, static_cast<std::size_t>(random.between(1, 400)), random);
        const bytes folded = random.one_in(2) ? stored(before) : bytes();
        aligned memory =
            make_state(items, static_cast<std::uint32_t>(random.between(0, 9)), folded);
        profile_state state;
        status s;
        ASSERT_TRUE(state.open(memory.data(), memory.size()));
        EXPECT_TRUE(check_places(state.places(), &s)) << s.message;
        if (!folded.empty()) items.insert(items.end(), before.begin(), before.end());
        EXPECT_EQ(fold_state(state, &s), stored(items)) << s.message;
    }
}

TEST(ProfileState, ItemsComeOutAsTheyWentIn) {
    dice random(2);
    for (int round = 0; round < 300; ++round) {
        const std::vector<item> items = any_items(50, random);
        aligned memory = make_state(items, 0, {});
        profile_state state;
        ASSERT_TRUE(state.open(memory.data(), memory.size()));
        std::size_t i = 0;
        state.places().each(
            [&](const item& y) {
                const item& x = items[i++];
                EXPECT_TRUE(x.due == y.due && x.days_late == y.days_late && x.terms == y.terms &&
                            x.cls == y.cls && x.has_amount == y.has_amount && is_same_amount(x, y));
            },
            [](const unsigned char*, std::size_t) { ADD_FAILURE(); });
        EXPECT_EQ(i, items.size());
    }
}

TEST(ProfileState, StatesJoin) {
    dice random(4);
    for (int round = 0; round < 300; ++round) {
        std::vector<item> items = any_items(60, random);
        const std::vector<item> others = any_items(40, random);
        aligned memory = make_state(items, 400, {}), other_memory = make_state(others, 3, {});
        profile_state state, other;
        ASSERT_TRUE(state.open(memory.data(), memory.size()));
        ASSERT_TRUE(other.open(other_memory.data(), other_memory.size()));
        other.places().each([&](const item& x) { EXPECT_TRUE(state.append(x)); },
                            [](const unsigned char*, std::size_t) { ADD_FAILURE(); });
        items.insert(items.end(), others.begin(), others.end());
        status s;
        EXPECT_EQ(fold_state(state, &s), stored(items));
    }
}

// Items by themselves and stored profiles, in any order.
TEST(ProfileState, ProfilesAmongItemsAreTheirItems) {
    dice random(6);
    for (int round = 0; round < 600; ++round) {
        std::vector<item> items;
        aligned memory(profile_state::size_of(4000, 0));
        profile_state state;
        state.create(memory.data(), 4000, nullptr, 0);
        for (auto parts = random.between(1, 12); parts > 0; --parts) {
            const std::vector<item> part =
                any_items(static_cast<std::size_t>(random.between(1, 40)), random);
            const bytes profile = stored(part);
            const bool appended = random.one_in(2)
                                      ? state.append_profile(profile.data(), profile.size())
                                      : std::all_of(part.begin(), part.end(),
                                                    [&](const item& x) { return state.append(x); });
            ASSERT_TRUE(appended);
            items.insert(items.end(), part.begin(), part.end());
        }
        status s;
        ASSERT_TRUE(check_places(state.places(), &s)) << s.message;
        ASSERT_EQ(fold_state(state, &s), stored(items)) << s.message;
    }
}

TEST(ProfileState, AFullStateTakesNoMore) {
    dice random(5);
    const item ordinary = sample_item(sample::equal, random);
    item large = ordinary;
    large.terms = 40000;
    aligned memory = make_state({ordinary}, 2, {});
    profile_state state;
    ASSERT_TRUE(state.open(memory.data(), memory.size()));
    EXPECT_FALSE(state.append(large));
    const bytes profile = stored({ordinary});
    EXPECT_FALSE(state.append_profile(profile.data(), profile.size()));
    EXPECT_TRUE(state.append(ordinary) && state.append(ordinary));
    EXPECT_FALSE(state.append(ordinary));
}

}  // namespace
}  // namespace receivables
