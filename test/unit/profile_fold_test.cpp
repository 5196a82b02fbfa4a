// Bringing items and profiles together: one set of items has one profile, byte for byte.
#include "core/profile/fold.hpp"

#include <gtest/gtest.h>

#include "profile_samples.hpp"

namespace receivables {
namespace {

using namespace profile_samples;

constexpr std::size_t sizes[] = {1, 2, 13, 100, 255, 256, 257, 400, 1500};

// The places of a state, which lie in `memory`.
item_places places_of(const std::vector<item>& items, bytes* memory) {
    const auto capacity = static_cast<std::uint32_t>(items.size()) * full_item_places;
    memory->resize(profile_state::size_of(capacity, 0));
    profile_state state;
    state.create(memory->data(), capacity, nullptr, 0);
    for (const item& x : items) EXPECT_TRUE(state.append(x));
    return state.places();
}

TEST(ProfileFold, OrderDoesNotMatter) {
    dice random(1);
    for (int kind = 0; kind < sample_kinds; ++kind)
        for (std::size_t size : sizes) {
            std::vector<item> items = sample_items(static_cast<sample>(kind), size, random);
            const bytes profile = stored(items);
            for (int i = 0; i < 5; ++i) {
                std::shuffle(items.begin(), items.end(), random.engine());
                ASSERT_EQ(stored(items), profile) << kind << ' ' << size;
            }
        }
}

// Two to four parts, each as items, as places of a state or as a profile of its own.
TEST(ProfileFold, PartsDoNotMatter) {
    dice random(2);
    for (int round = 0; round < 1500; ++round) {
        const auto kind = static_cast<sample>(random.between(0, sample_kinds - 1));
        const std::size_t size = sizes[random.between(0, std::ssize(sizes) - 1)];
        const std::vector<item> items = sample_items(kind, size, random);
        std::vector<item> parts[max_fold_sources];
        const std::int64_t part_count = random.between(2, max_fold_sources);
        for (const item& x : items) parts[random.between(0, part_count - 1)].push_back(x);
        std::vector<profile_source> sources;
        bytes profiles[max_fold_sources], states[max_fold_sources];
        for (int i = 0; i < part_count; ++i) {
            if (parts[i].empty()) continue;
            if (random.one_in(3)) {
                sources.push_back(source_of(parts[i]));
            } else if (random.one_in(2)) {
                sources.push_back(profile_source::of(places_of(parts[i], &states[i])));
            } else {
                profiles[i] = stored(parts[i]);
                sources.push_back(profile_source::of(open(profiles[i])));
            }
        }
        ASSERT_EQ(fold(sources), stored(items)) << static_cast<int>(kind) << ' ' << size;
    }
}

TEST(ProfileFold, APlaceKeepsAllOrRefuses) {
    dice random(3);
    int taken = 0, refused = 0;
    for (int i = 0; i < 100000; ++i) {
        const auto kind = static_cast<sample>(i % sample_kinds);
        const item first = sample_item(kind, random), x = sample_item(kind, random);
        place_base base = place_base::of(first);
        item_place p;
        if (!put_into_place(x, &base, &p)) {
            ++refused;
            continue;
        }
        ++taken;
        ASSERT_FALSE(is_mark(p));
        const item y = item_in_place(p, base, base.amount_factor(base.display_scale));
        ASSERT_TRUE(x.due == y.due && x.days_late == y.days_late && x.terms == y.terms &&
                    x.cls == y.cls && x.has_amount == y.has_amount && x.scale == y.scale &&
                    x.amount == y.amount);
    }
    EXPECT_GT(taken, 10000);
    EXPECT_GT(refused, 10000);
}

// Whole amounts beside cents: the display scale is the largest, the amounts are the same.
TEST(ProfileFold, PlacesOfSeveralScales) {
    const item whole = {100, 3, 30, item_class::timed, true, 0, 12};
    const item cents = {110, 4, 30, item_class::timed, true, 2, 1250};
    const item mills = {120, 5, 30, item_class::timed, true, 3, 12505};
    bytes memory;
    const item_places places = places_of({whole, cents, mills}, &memory);
    EXPECT_EQ(places.used, 2 + full_item_places);
    EXPECT_EQ(places.base.display_scale, 2);
    EXPECT_EQ(fold({profile_source::of(places)}), stored({whole, cents, mills}));
    const item_places only = places_of({whole, whole}, &memory);
    EXPECT_EQ(only.base.display_scale, 0);
    EXPECT_EQ(fold({profile_source::of(only)}), stored({whole, whole}));
}

item amount_item(item_class cls, const char* amount, day_number due) {
    decimal value;
    EXPECT_TRUE(read_decimal(amount, std::char_traits<char>::length(amount), &value));
    return {due,
            0,
            no_terms,
            cls,
            true,
            static_cast<std::int16_t>(value.scale),
            static_cast<uint128>(value.units)};
}

error_code folded(const std::vector<profile_source>& sources) {
    fold_plan plan;
    for (const profile_source& source : sources) plan.add(source);
    bytes out;
    status s;
    (void)try_fold(plan, &out, &s);
    return s.code;
}

// Invoices and credits are summed apart, so that no order and no grouping hides an overflow.
TEST(ProfileFold, SumsBeyondTheRangeAreRefusedInAnyOrder) {
    for (int filler : {0, 300}) {
        for (bool credit : {false, true}) {
            const item_class one = credit ? item_class::credit_note_paid : item_class::timed;
            const item_class two = credit ? item_class::on_account_open : item_class::disputed_open;
            std::vector<item> items = {
                amount_item(one, "100000000000000000000000000000000000000", 8000),
                amount_item(two, "70141183460469231731687303715884105727", 8001),
                amount_item(one, "0.0", 8002)};
            const item other = amount_item(credit ? item_class::timed : item_class::on_account_paid,
                                           "160000000000000000000000000000000000000", 8003);
            for (int i = 0; i < filler; ++i)
                items.push_back(amount_item(item_class::zero, "0", 8000 + i));
            std::vector<item> fitting = items;
            fitting.erase(fitting.begin() + 2);  // the sum is the largest number at scale 0
            fitting.push_back(other);
            EXPECT_EQ(folded({source_of(fitting)}), error_code::none);
            fitting.push_back(amount_item(one, "1", 8000));
            std::vector<std::vector<item>> bad = {items, fitting};
            dice random(5);
            for (std::vector<item>& set : bad)
                for (int i = 0; i < 20; ++i) {
                    std::shuffle(set.begin(), set.end(), random.engine());
                    EXPECT_EQ(folded({source_of(set)}), error_code::numeric_out_of_range);
                }
        }
    }
}

// Four sums that fit each, at a scale at which all together are 2^128 and more: a wrapped sum would
// look small.
TEST(ProfileFold, RescaledSumsDoNotWrapAround) {
    for (bool credit : {false, true}) {
        std::vector<item> items;
        const item_class invoices[] = {item_class::timed, item_class::disputed_paid,
                                       item_class::open, item_class::disputed_open};
        const item_class credits[] = {item_class::credit_note_paid, item_class::credit_note_open,
                                      item_class::on_account_paid, item_class::on_account_open};
        for (int i = 0; i < 4; ++i)
            items.push_back(amount_item(credit ? credits[i] : invoices[i],
                                        "8507059173023461586584365185794205287", 8000 + i));
        for (int i = 0; i < 300; ++i) items.push_back(amount_item(item_class::zero, "0", 8000 + i));
        const bytes profile = stored(items);
        const std::vector<item> finer = {amount_item(item_class::timed, "0.1", 8000)};
        EXPECT_EQ(folded({profile_source::of(open(profile)), source_of(finer)}),
                  error_code::numeric_out_of_range);
        EXPECT_EQ(folded({source_of(finer), profile_source::of(open(profile))}),
                  error_code::numeric_out_of_range);
    }
}

TEST(ProfileFold, TotalsAreThoseOfTheItems) {
    dice random(6);
    for (int kind = 0; kind < sample_kinds; ++kind)
        for (std::size_t size : sizes) {
            const std::vector<item> items = sample_items(static_cast<sample>(kind), size, random);
            const bytes profile = stored(items);
            const profile_view view = open(profile);
            std::int64_t counts[item_classes] = {}, amounts = 0, with_terms = 0;
            int128 total = 0, terms = 0;
            for (const item& x : items) {
                int128 units;
                ASSERT_TRUE(rescale(static_cast<int128>(x.amount), x.scale, view.scale(), &units));
                ++counts[static_cast<int>(x.cls)];
                amounts += x.has_amount;
                total += is_credit(x.cls) ? -units : units;
                if (invoices.holds(x.cls) && x.terms != no_terms) ++with_terms, terms += x.terms;
            }
            const profile_totals t = view.totals();
            int128 all = 0;
            for (int c = 0; c < item_classes; ++c) {
                EXPECT_EQ(t.counts[c], counts[c]);
                EXPECT_EQ(view.count(class_set{static_cast<item_class>(c)}), counts[c]);
                all += t.amounts[c];
            }
            EXPECT_EQ(t.amount_count, amounts);
            EXPECT_EQ(view.has_amounts(), amounts > 0);
            EXPECT_EQ(t.terms_count, with_terms);
            EXPECT_TRUE(all == total && t.terms_sum == terms);
        }
}

}  // namespace
}  // namespace receivables
