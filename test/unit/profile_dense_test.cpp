// Large profiles as windows of days.
#include "core/profile/dense.hpp"

#include <gtest/gtest.h>

#include "profile_samples.hpp"

namespace receivables {
namespace {

using namespace profile_samples;

bytes tables_of(const dense_profile& dense) {
    std::vector<table_row> rows(dense.most_rows());
    table_set tables;
    dense.write_tables(rows.data(), &tables);
    bytes out(tabled_size(tables));
    write_tabled(tables, out.data());
    return out;
}

// A dense profile in memory of its own.
struct dense_memory {
    dense_memory(const day_window_range& late, const day_window_range& due, int scale)
        : memory(dense_profile::size_of(late, due)) {
        dense.create(memory.data(), late, due, scale);
    }
    bytes content() { return bytes(memory.data(), memory.data() + memory.size()); }

    aligned memory;
    dense_profile dense;
};

// A dense profile that takes stored profiles, and one that takes their items.
class both_ways {
  public:
    both_ways(const day_window_range& late, const day_window_range& due)
        : late_(late), due_(due), profiles_(late, due, 2), items_(late, due, 2) {}
    // False where the items lie outside the windows; then nothing may change.
    bool add(const std::vector<item>& part) {
        const bool fits = std::all_of(part.begin(), part.end(), [&](const item& x) {
            return due_.holds(x.due) && (x.cls != item_class::timed || late_.holds(x.days_late));
        });
        const bytes before = fits ? bytes() : profiles_.content();
        EXPECT_EQ(profiles_.dense.add(open(stored(part))), fits);
        if (!fits) {
            EXPECT_EQ(profiles_.content(), before);
            return false;
        }
        for (const item& x : part) EXPECT_TRUE(items_.dense.add(x));
        return true;
    }
    void expect_alike() const {
        const dense_profile &profiles = profiles_.dense, &items = items_.dense;
        EXPECT_EQ(tables_of(profiles), tables_of(items));
        EXPECT_EQ(profiles.header().items, items.header().items);
        EXPECT_EQ(profiles.header().invoice_count, items.header().invoice_count);
    }

  private:
    day_window_range late_, due_;
    dense_memory profiles_, items_;
};

constexpr day_window_range usual_late = {-100, 700}, usual_due = {6900, 2300};

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
        dense_memory large(late, due, scale);
        dense_profile& dense = large.dense;
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
            const bytes before = large.content();
            if (random.one_in(3)) {
                for (const item& x : part)
                    if (dense.add(x)) taken.push_back(x);
                continue;
            }
            const bytes profile = stored(part);
            if (dense.add(open(profile)))
                taken.insert(taken.end(), part.begin(), part.end());
            else
                ASSERT_EQ(large.content(), before);
        }
        if (taken.size() <= max_listed_items) continue;
        ++kept;
        dense_profile again;
        ASSERT_TRUE(again.open(large.memory.data(), large.memory.size()));
        const bytes out = tables_of(again);
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
        both_ways dense(usual_late, usual_due);
        std::uint64_t on_one_day = 0;
        uint128 amount = 0;
        for (int round = 0; round < (bits == 10 ? 5000 : 1000); ++round) {
            const auto kind = random.one_in(3) ? sample::ordinary : sample::equal;
            std::vector<item> part =
                sample_items(kind, static_cast<std::size_t>(random.between(1, 255)), random);
            const bool same_terms = random.one_in(2);
            for (item& x : part) {
                x.has_amount = true;
                x.scale = 2;
                x.amount = static_cast<uint128>(random.between(0, (std::int64_t{1} << bits) - 1));
                if (same_terms) x.terms = 30;
            }
            if (!dense.add(part)) continue;
            if (kind == sample::equal) on_one_day += part.size();
            for (const item& x : part) amount += x.amount;
        }
        if (bits == 10) {
            EXPECT_GT(on_one_day, most_quick_items);
        }
        if (bits > 24) {
            EXPECT_GT(amount, most_quick_amount);
        }
        dense.expect_alike();
        ASSERT_FALSE(HasFailure()) << bits;
    }
}

// Few profiles, so that each of them can be the one with the first or the last date; of some
// classes alone, for most profiles have no credits and no disputes.
TEST(ProfileDense, EachProfileCounts) {
    dice random(10);
    constexpr auto timed = item_class::timed, open_ = item_class::open,
                   disputed = item_class::disputed_open;
    const std::vector<item_class> classes[] = {
        {timed},
        {timed, open_},
        {timed, open_, disputed},
        {open_, disputed},
        {timed, item_class::disputed_paid, open_},
        {item_class::credit_paid, open_, disputed, item_class::credit_open},
        {item_class::disputed_paid, item_class::credit_open}};
    for (int round = 0; round < 3000; ++round) {
        both_ways dense(usual_late, usual_due);
        for (auto parts = random.between(1, 3); parts > 0; --parts) {
            const auto& of = classes[random.between(0, std::ssize(classes) - 1)];
            std::vector<item> part = sample_items(
                sample::early, static_cast<std::size_t>(random.between(1, 20)), random);
            const bool same_terms = random.one_in(2), unknown = random.one_in(4),
                       one_day = random.one_in(6), nothing = random.one_in(3);
            for (item& x : part) {
                x.cls = of[static_cast<std::size_t>(random.between(0, std::ssize(of) - 1))];
                if (!has_paid_date(x.cls)) x.days_late = 0;
                x.has_amount = !unknown || random.one_in(2);
                x.scale = x.has_amount ? 2 : 0;
                x.amount = x.has_amount ? static_cast<uint128>(random.between(0, 100000)) : 0;
                if (one_day) x.due = part[0].due;
                if (one_day && x.has_amount) x.amount = nothing ? 0 : part[0].amount;
                if (same_terms) x.terms = 30;
            }
            ASSERT_TRUE(dense.add(part));
        }
        dense.expect_alike();
        ASSERT_FALSE(HasFailure()) << round;
    }
}

// However large the amounts: those beyond what quick sums take go the long way.
TEST(ProfileDense, LargeAmountsAreAddedUp) {
    dice random(11);
    for (int bits = 24; bits <= 60; ++bits) {
        both_ways dense(usual_late, usual_due);
        for (int round = 0; round < 100; ++round) {
            std::vector<item> part = sample_items(sample::equal, max_listed_items, random);
            for (item& x : part)
                x.amount = (uint128{1} << bits) - static_cast<uint128>(random.between(1, 1000));
            part.back().due += static_cast<day_number>(random.between(0, 20));
            ASSERT_TRUE(dense.add(part));
        }
        dense.expect_alike();
        ASSERT_FALSE(HasFailure()) << bits;
    }
}

// Day by day across both ends of both windows: whatever lies inside is taken, and nothing else.
TEST(ProfileDense, WindowsHaveEdges) {
    dice random(12);
    const day_window_range late = {-20, 400}, due = {8000, 600};
    int outside = 0, inside = 0;
    for (const int due_span : {1, 2, 8, 16, 256})
        for (const int late_span : {1, 2, 256, 300})
            for (int shift = -260; shift < 620; shift += random.one_in(4) ? 3 : 1) {
                both_ways dense(late, due);
                std::vector<item> part = sample_items(sample::equal, 4, random);
                const bool by_due = random.one_in(2);
                for (item& x : part) {
                    x.due = by_due ? 8000 + shift : 8200;
                    x.days_late = by_due ? 10 : -20 + shift;
                }
                part.back().due += due_span - 1;
                part.back().days_late += late_span - 1;
                ++(dense.add(part) ? inside : outside);
                dense.expect_alike();
                ASSERT_FALSE(HasFailure()) << due_span << " " << late_span << " " << shift;
            }
    EXPECT_GT(inside, 1000);
    EXPECT_GT(outside, 1000);
}

// Damaged columns may hold any number, in any order.
TEST(ProfileDense, DamagedProfilesStayWithinTheWindows) {
    dice random(9);
    dense_memory large(usual_late, usual_due, 2);
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
        if (view.open(exact.data(), exact.size(), &s)) added += large.dense.add(view);
    }
    EXPECT_GT(added, 100);
}

TEST(ProfileDense, LargeSumsAreLeftToTables) {
    dice random(6);
    dense_memory large(usual_late, usual_due, 8);
    for (bool credit : {false, true}) {
        std::vector<item> items = sample_items(sample::equal, 300, random);
        for (item& x : items) {
            x.amount = static_cast<uint128>(power_of_ten(27));
            x.scale = 0;
            x.cls = credit ? item_class::credit_open : item_class::timed;
            if (credit) x.days_late = 0;
        }
        const bytes profile = stored(items);
        EXPECT_FALSE(large.dense.add(open(profile)));
        items[0].amount = uint128{1} << 63;
        EXPECT_FALSE(large.dense.add(items[0]));
    }
}

TEST(ProfileDense, DamageIsNeverFollowed) {
    dice random(7);
    dense_memory large({-20, 80}, {6990, 2100}, 6);
    const std::vector<item> items = sample_items(sample::ordinary, 500, random);
    for (const item& x : items) (void)large.dense.add(x);
    const bytes other = stored(items);
    for (int round = 0; round < 3000; ++round) {
        aligned damaged(
            large.memory.data(),
            static_cast<std::size_t>(
                random.one_in(4) ? random.between(1, static_cast<std::int64_t>(large.memory.size()))
                                 : static_cast<std::int64_t>(large.memory.size())));
        for (auto i = random.between(0, 6); i > 0; --i)
            damaged.data()[random.between(
                0, std::min<std::int64_t>(static_cast<std::int64_t>(damaged.size()) - 1, 500))] =
                static_cast<unsigned char>(random.between(0, 255));
        dense_profile opened;
        if (!opened.open(damaged.data(), damaged.size())) continue;
        (void)tables_of(opened);
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
