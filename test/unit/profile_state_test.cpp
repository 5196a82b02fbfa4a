// The working forms in which the aggregate collects items.
#include "core/profile_state.hpp"

#include <gtest/gtest.h>

#include "core/profile_dense.hpp"
#include "profile_samples.hpp"

namespace receivables {
namespace {

using namespace profile_samples;

// Memory as PostgreSQL hands it out: a payload begins 4 bytes after a multiple of 8, and the
// sanitizer watches its end.
class aligned {
  public:
    explicit aligned(std::size_t size) : size_(size), memory_(new unsigned char[size + 4]) {}
    aligned(const unsigned char* from, std::size_t size) : aligned(size) {
        std::copy(from, from + size, data());
    }
    unsigned char* data() { return memory_.get() + 4; }
    std::size_t size() const { return size_; }

  private:
    std::size_t size_;
    std::unique_ptr<unsigned char[]> memory_;
};

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

// Windows of days say the same as sorted tables, and refuse what they cannot say.
TEST(ProfileDense, WindowsAreTables) {
    dice random(5);
    int kept = 0;
    for (int round = 0; round < 300; ++round) {
        const auto kind = static_cast<sample>(random.between(0, 6));
        std::vector<item> items =
            sample_items(kind, static_cast<std::size_t>(random.between(300, 1200)), random);
        dense_windows windows;
        int scale = 0;
        for (const item& x : items) {
            windows.add(x);
            scale = std::max<int>(scale, x.scale);
        }
        day_window_range late, due;
        ASSERT_TRUE(windows.fit(&late, &due));
        aligned memory(dense_profile::size_of(late, due));
        dense_profile dense;
        dense.create(memory.data(), late, due, scale);
        // Some as items, some as a listed profile, some as tables; some do not fit.
        std::vector<item> taken;
        for (std::size_t first = 0; first < items.size();) {
            const auto many = static_cast<std::size_t>(random.one_in(2) ? random.between(1, 255)
                                                                        : random.between(257, 500));
            std::vector<item> part(
                items.begin() + static_cast<std::ptrdiff_t>(first),
                items.begin() + static_cast<std::ptrdiff_t>(std::min(first + many, items.size())));
            if (random.one_in(6)) part[0].due += 1000000;
            if (random.one_in(6))
                part[0].days_late += part[0].cls == item_class::timed ? 1000000 : 0;
            if (random.one_in(9) && part[0].has_amount)
                part[0].scale = static_cast<std::int16_t>(scale + 1);
            first += many;
            const bytes before(memory.data(), memory.data() + memory.size());
            if (random.one_in(3)) {
                for (const item& x : part)
                    if (dense.add(x)) taken.push_back(x);
                continue;
            }
            const bytes profile = stored(part);
            if (dense.add(open(profile)))
                taken.insert(taken.end(), part.begin(), part.end());
            else
                ASSERT_EQ(bytes(memory.data(), memory.data() + memory.size()), before);
        }
        if (taken.size() <= max_listed_items) continue;
        ++kept;
        dense_profile again;
        ASSERT_TRUE(again.open(memory.data(), memory.size()));
        std::vector<table_row> rows(again.most_rows());
        table_set tables;
        again.write_tables(rows.data(), &tables);
        bytes out(tabled_size(tables));
        write_tabled(tables, out.data());
        int taken_scale = 0;
        for (const item& x : taken) taken_scale = std::max<int>(taken_scale, x.scale);
        if (taken_scale == scale) {
            ASSERT_EQ(out, stored(taken));
        }
    }
    EXPECT_GT(kept, 200);
}

// The same as item by item, also beyond what quick sums hold: by their number, and by their amount.
TEST(ProfileDense, ProfilesAreTheirItems) {
    dice random(8);
    for (const int bits : {10, 24, 32, 38}) {
        const day_window_range late = {-100, 700}, due = {6900, 2300};
        aligned by_profile(dense_profile::size_of(late, due));
        aligned by_item(dense_profile::size_of(late, due));
        dense_profile profiles, items;
        profiles.create(by_profile.data(), late, due, 2);
        items.create(by_item.data(), late, due, 2);
        int taken = 0;
        for (int round = 0; round < 2500; ++round) {
            const auto kind = random.one_in(3) ? sample::ordinary : sample::equal;
            std::vector<item> part =
                sample_items(kind, static_cast<std::size_t>(random.between(1, 255)), random);
            const bool alike = random.one_in(2);
            for (item& x : part) {
                x.has_amount = true;
                x.scale = 2;
                x.amount = static_cast<uint128>(random.between(0, (std::int64_t{1} << bits) - 1));
                if (alike) x.terms = 30;
            }
            const bytes profile = stored(part);
            bool fits = true;
            for (const item& x : part)
                fits = fits && due.holds(x.due) &&
                       (x.cls != item_class::timed || late.holds(x.days_late));
            ASSERT_EQ(profiles.add(open(profile)), fits);
            if (!fits) continue;
            for (const item& x : part) ASSERT_TRUE(items.add(x));
            taken += static_cast<int>(part.size());
        }
        EXPECT_GT(taken, static_cast<int>(most_quick_items) / 2);
        const auto tables_of = [](const dense_profile& dense) {
            std::vector<table_row> rows(dense.most_rows());
            table_set tables;
            dense.write_tables(rows.data(), &tables);
            bytes out(tabled_size(tables));
            write_tabled(tables, out.data());
            return out;
        };
        ASSERT_EQ(tables_of(profiles), tables_of(items)) << bits;
    }
}

// Damaged columns may hold any number, in any order.
TEST(ProfileDense, DamagedProfilesStayWithinTheWindows) {
    dice random(9);
    const day_window_range late = {-100, 700}, due = {6900, 2300};
    aligned memory(dense_profile::size_of(late, due));
    dense_profile dense;
    dense.create(memory.data(), late, due, 2);
    int added = 0;
    for (int round = 0; round < 20000; ++round) {
        const auto kind = static_cast<sample>(random.between(0, sample_kinds - 1));
        bytes profile =
            stored(sample_items(kind, static_cast<std::size_t>(random.between(1, 255)), random));
        for (auto i = random.between(1, 8); i > 0; --i)
            profile[static_cast<std::size_t>(
                random.between(1, static_cast<std::int64_t>(profile.size()) - 1))] =
                static_cast<unsigned char>(random.between(0, 255));
        profile_view view;
        status s;
        const bytes exact(profile);
        if (view.open(exact.data(), exact.size(), &s)) added += dense.add(view);
    }
    EXPECT_GT(added, 100);
}

TEST(ProfileDense, LargeSumsAreLeftToTables) {
    dice random(6);
    const day_window_range late = {-100, 300}, due = {6900, 2300};
    aligned memory(dense_profile::size_of(late, due));
    dense_profile dense;
    dense.create(memory.data(), late, due, 8);
    for (bool credit : {false, true}) {
        std::vector<item> items = sample_items(sample::equal, 300, random);
        for (item& x : items) {
            x.amount = static_cast<uint128>(power_of_ten(27));
            x.scale = 0;
            x.cls = credit ? item_class::credit_open : item_class::timed;
            if (credit) x.days_late = 0;
        }
        const bytes profile = stored(items);
        EXPECT_FALSE(dense.add(open(profile)));
        items[0].amount = uint128{1} << 63;
        EXPECT_FALSE(dense.add(items[0]));
    }
}

TEST(ProfileDense, DamageIsNeverFollowed) {
    dice random(7);
    const day_window_range late = {-20, 80}, due = {6990, 2100};
    aligned memory(dense_profile::size_of(late, due));
    dense_profile dense;
    dense.create(memory.data(), late, due, 6);
    const std::vector<item> items = sample_items(sample::ordinary, 500, random);
    for (const item& x : items) (void)dense.add(x);
    const bytes other = stored(items);
    for (int round = 0; round < 3000; ++round) {
        aligned damaged(
            memory.data(),
            static_cast<std::size_t>(
                random.one_in(4) ? random.between(1, static_cast<std::int64_t>(memory.size()))
                                 : static_cast<std::int64_t>(memory.size())));
        for (auto i = random.between(0, 6); i > 0; --i)
            damaged.data()[random.between(
                0, std::min<std::int64_t>(static_cast<std::int64_t>(damaged.size()) - 1, 500))] =
                static_cast<unsigned char>(random.between(0, 255));
        dense_profile opened;
        if (!opened.open(damaged.data(), damaged.size())) continue;
        std::vector<table_row> rows(opened.most_rows());
        table_set tables;
        opened.write_tables(rows.data(), &tables);
        bytes out(tabled_size(tables));
        write_tabled(tables, out.data());
        (void)opened.add(open(other));
        (void)opened.add(items[0]);
        dense_windows windows;
        windows.add(opened);
        day_window_range l, d;
        (void)windows.fit(&l, &d);
    }
}

}  // namespace
}  // namespace receivables
