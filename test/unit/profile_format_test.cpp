// The stored bytes of payment profiles: what goes in comes out, and damage is never followed.
#include "core/profile/format.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>

#include "profile_samples.hpp"

namespace receivables {
namespace {

using namespace profile_samples;

// RECEIVABLES_TEST_ROUNDS multiplies the number of damaged values.
int rounds() {
    const char* factor = std::getenv("RECEIVABLES_TEST_ROUNDS");
    return factor == nullptr ? 1 : std::atoi(factor);
}

constexpr std::size_t sizes[] = {1, 2, 7, 50, 254, 255, 256, 257, 400, 2000};

std::vector<item> rescaled(std::vector<item> items) {
    std::int16_t scale = 0;
    for (const item& x : items) scale = std::max(scale, x.scale);
    for (item& x : items) {
        int128 units;
        EXPECT_TRUE(rescale(static_cast<int128>(x.amount), x.scale, scale, &units));
        x.amount = static_cast<uint128>(units);
        x.scale = scale;
    }
    std::sort(items.begin(), items.end(), in_canonical_order);
    return items;
}

bool same(const item& a, const item& b) {
    return !in_canonical_order(a, b) && !in_canonical_order(b, a) && a.scale == b.scale;
}

// The canonical profile that these bytes stand for, as ring 3's receive function finds it.
bool rebuild(const profile_view& view, bytes* out, status* s) {
    if (view.kind() == profile_kind::items) {
        std::vector<item> items;
        view.for_each_item([&](const item& x) { items.push_back(x); });
        for (const item& x : items)
            if (!check_item(x, s)) return false;
        fold_plan plan;
        plan.add(source_of(items));
        return try_fold(plan, out, s);
    }
    std::vector<table_row> rows(row_total(view));
    const table_set tables = read_tables(view, rows.data());
    if (!check_tables(tables, s)) return false;
    out->resize(tabled_size(tables));
    write_tabled(tables, out->data());
    return true;
}

void expect_finite(const metric& m, const metric_value& value) {
    EXPECT_TRUE(value.is_null || m.kind != metric_kind::figure || std::isfinite(value.figure))
        << m.name;
}

// Everything that reads a profile. Only that it comes back counts here.
void read_all(const profile_view& view, bool damaged) {
    std::size_t count;
    const metric* metrics = all_metrics(&count);
    profile_metrics profile(view);
    for (std::size_t i = 0; i < count; ++i) {
        const metric& m = metrics[i];
        double fallback[max_metric_parameters], least[max_metric_parameters],
            most[max_metric_parameters];
        for (int p = 0; p < m.parameter_count; ++p) {
            fallback[p] = m.parameters[p].fallback;
            least[p] = m.parameters[p].least;
            most[p] = m.parameters[p].most;
        }
        for (const double* arguments : {fallback, least, most})
            for (day_number as_of : {min_day, 8000, max_day}) {
                const metric_value value = m.evaluate(profile, as_of, arguments);
                if (!damaged) expect_finite(m, value);
            }
    }
    std::size_t rows = 0;
    profile.for_each_histogram_row([&](const histogram_row&) { ++rows; });
    EXPECT_LE(rows, profile.most_histogram_rows());
    for (bool blocks : {false, true}) {
        std::unique_ptr<char[]> line(new char[sparkline_size]);
        if (!write_sparkline(profile, blocks, line.get())) continue;
        EXPECT_LT(std::char_traits<char>::length(line.get()), sparkline_size);
    }
    text_of(view);
}

void read_damaged(const bytes& damaged, const bytes& sound) {
    // An allocation of exactly this size, so that the sanitizer sees any byte too far.
    std::unique_ptr<unsigned char[]> copy(new unsigned char[damaged.size()]);
    std::copy(damaged.begin(), damaged.end(), copy.get());
    profile_view view;
    status s;
    if (!view.open(copy.get(), damaged.size(), &s)) {
        EXPECT_EQ(s.code, error_code::invalid_binary);
        EXPECT_TRUE(view.is_empty());
        EXPECT_NE(s.message[0], '\0');
        return;
    }
    read_all(view, true);
    bytes rebuilt;
    if (!rebuild(view, &rebuilt, &s)) {
        EXPECT_TRUE(s.code == error_code::invalid_binary ||
                    s.code == error_code::numeric_out_of_range)
            << s.message;
        EXPECT_NE(s.message[0], '\0');
    }
    fold_plan plan;
    plan.add(profile_source::of(view));
    const profile_view other = open(sound);
    plan.add(profile_source::of(other));
    bytes folded;
    (void)try_fold(plan, &folded, &s);
}

bytes damage(bytes profile, dice& random) {
    const auto somewhere = [&] {
        // The header decides most, so it is hit more often.
        const auto last = static_cast<std::int64_t>(profile.size()) - 1;
        return static_cast<std::size_t>(
            random.between(0, random.one_in(2) ? std::min<std::int64_t>(last, 120) : last));
    };
    switch (random.between(0, 5)) {
        case 0:
            profile.resize(static_cast<std::size_t>(
                random.between(0, static_cast<std::int64_t>(profile.size()) - 1)));
            return profile;
        case 1:
            for (auto i = random.between(1, 40); i > 0; --i)
                profile.push_back(static_cast<unsigned char>(random.between(0, 255)));
            return profile;
        case 2: {
            const std::size_t from = somewhere();
            profile.erase(profile.begin() + static_cast<std::ptrdiff_t>(from));
            return profile;
        }
        case 3:
            for (auto i = random.between(1, 8); i > 0; --i)
                profile[somewhere()] = random.one_in(2) ? 0xFF : 0;
            return profile;
        case 4:
            for (auto i = random.between(1, 8); i > 0; --i)
                profile[somewhere()] = static_cast<unsigned char>(random.between(0, 255));
            return profile;
        default:
            for (auto i = random.between(1, 3); i > 0; --i)
                profile[somewhere()] ^= static_cast<unsigned char>(1 << random.between(0, 7));
            return profile;
    }
}

TEST(ProfileFormat, ItemsComeOutAsTheyWentIn) {
    dice random(1);
    for (int kind = 0; kind < sample_kinds; ++kind)
        for (std::size_t size : sizes) {
            if (size > max_listed_items) continue;
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

TEST(ProfileFormat, CanonicalProfilesPassEveryCheckUnchanged) {
    dice random(2);
    for (int kind = 0; kind < sample_kinds; ++kind)
        for (std::size_t size : sizes) {
            const bytes profile = stored(sample_items(static_cast<sample>(kind), size, random));
            const profile_view view = open(profile);
            EXPECT_EQ(view.kind(),
                      size <= max_listed_items ? profile_kind::items : profile_kind::tables);
            read_all(view, false);
            bytes again;
            status s;
            ASSERT_TRUE(rebuild(view, &again, &s)) << s.message;
            EXPECT_EQ(again, profile);
        }
}

TEST(ProfileFormat, FiftyInvoicesTakeUpTo600Bytes) {
    dice random(3);
    for (int i = 0; i < 1000; ++i)
        EXPECT_LE(stored(sample_items(sample::ordinary, 50, random)).size(), 600u);
}

TEST(ProfileFormat, NothingButAProfileOpens) {
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
    EXPECT_STREQ(s.message, "unknown format version 3 of a payment_profile");
}

// A few bytes must not stand for billions of rows: reading them would never end.
TEST(ProfileFormat, RowsCostBytes) {
    bytes forged = {profile_tag(profile_kind::tables), 0, 0, 0};
    for (int total = 0; total < 17; ++total) forged.push_back(0);
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

TEST(ProfileFormat, DamageIsNeverFollowed) {
    dice random(5);
    for (int kind = 0; kind < sample_kinds; ++kind)
        for (std::size_t size : {1, 9, 60, 255, 256, 300, 700}) {
            const bytes profile = stored(sample_items(static_cast<sample>(kind), size, random));
            for (int i = 0; i < 400 * rounds(); ++i) {
                bytes damaged = damage(profile, random);
                while (random.one_in(3))
                    damaged = damaged.empty() ? damaged : damage(damaged, random);
                if (damaged != profile) read_damaged(damaged, profile);
                if (HasFailure()) return;
            }
        }
}

// Bytes whose parts fit together but whose numbers cannot be. Sums of them overflow, which
// PostgreSQL's own compiler flag -fwrapv, needed here too, defines to wrap around.
TEST(ProfileFormat, ImpossibleNumbersAreNoUndefinedBehaviour) {
    dice random(7);
    const int128 extremes[] = {0,         1,         -1,         INT32_MAX,   INT32_MIN,
                               INT64_MAX, INT64_MIN, int128_max, -int128_max, int128{1} << 62};
    const auto forge = [&](auto* number) {
        const int128 value = extremes[random.between(0, std::ssize(extremes) - 1)];
        if (random.one_in(4)) *number = static_cast<std::remove_pointer_t<decltype(number)>>(value);
    };
    const bytes sound = stored(sample_items(sample::ordinary, 300, random));
    for (int i = 0; i < 1500 * rounds(); ++i) {
        const bytes profile = stored(sample_items(sample::wide, 256, random));
        const profile_view view = open(profile);
        std::vector<table_row> rows(row_total(view));
        table_set tables = read_tables(view, rows.data());
        tabled_totals& t = tables.totals;
        // Totals that cannot be read back are refused at once, so mostly only rows are forged.
        if (random.one_in(3))
            for (std::int64_t* n : {&t.disputed_paid_count, &t.credit_paid_count, &t.amount_count,
                                    &t.days_to_pay_count, &t.terms_count})
                forge(n);
        if (random.one_in(3))
            for (int128* n : {&t.disputed_paid_amount, &t.credit_paid_amount, &t.credit_open_amount,
                              &t.due_square_sum, &t.days_to_pay_sum, &t.terms_sum})
                forge(n);
        for (int table = 0; table < profile_tables; ++table) {
            if (random.one_in(2)) continue;
            tables.row_count[table] = std::min(tables.row_count[table],
                                               static_cast<std::uint32_t>(random.between(1, 20)));
            for (std::uint32_t r = 0; r < tables.row_count[table]; ++r) {
                auto* row = const_cast<table_row*>(&tables.rows[table][r]);
                forge(&row->key);
                forge(&row->items);
                forge(&row->amount);
                forge(&row->sum);
            }
        }
        bytes forged(tabled_size(tables));
        write_tabled(tables, forged.data());
        read_damaged(forged, sound);
        if (HasFailure()) return;
    }
}

TEST(ProfileFormat, NoiseIsNeverFollowed) {
    dice random(6);
    const bytes sound = stored(sample_items(sample::ordinary, 5, random));
    for (int i = 0; i < 20000 * rounds(); ++i) {
        bytes noise(static_cast<std::size_t>(random.between(1, 300)));
        for (unsigned char& b : noise)
            b = static_cast<unsigned char>(random.one_in(3) ? random.between(0, 255)
                                                            : random.between(0, 4));
        noise[0] = profile_tag(random.one_in(2) ? profile_kind::items : profile_kind::tables);
        read_damaged(noise, sound);
    }
}

}  // namespace
}  // namespace receivables
