// Values from outside: whatever bytes, text or working value comes, it is refused, or it is a
// profile like any other.
#include "core/profile/check.hpp"

#include <gtest/gtest.h>

#include <cstdlib>

#include "json_text.hpp"
#include "profile_doors.hpp"

namespace receivables {
namespace {

using namespace profile_doors;

// RECEIVABLES_TEST_ROUNDS multiplies the number of damaged values.
int rounds() {
    const char* factor = std::getenv("RECEIVABLES_TEST_ROUNDS");
    return factor == nullptr ? 1 : std::atoi(factor);
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

// A profile that has been let in: it is canonical, reads, and goes together with another.
void expect_usable(const bytes& profile) {
    status s;
    const profile_view view = open(profile);
    read_all(view);
    bytes again;
    ASSERT_TRUE(rebuild(view, &again, &s)) << s.message;
    ASSERT_EQ(again, profile);
    dice random(9);
    const std::vector<item> others = sample_items(sample::ordinary, 3, random);
    fold_plan plan;
    plan.add(profile_source::of(view));
    plan.add(source_of(others));
    if (try_fold(plan, &again, &s)) read_all(open(again));
}

void expect_refused(const status& s) {
    EXPECT_TRUE(s.code == error_code::invalid_binary || s.code == error_code::invalid_text ||
                s.code == error_code::numeric_out_of_range || s.code == error_code::out_of_memory)
        << static_cast<int>(s.code) << s.message;
    EXPECT_NE(s.message[0], '\0');
}

// The bytes of a message, in an allocation of exactly their size. True when they were let in.
bool try_binary(const unsigned char* data, std::size_t size) {
    const std::unique_ptr<unsigned char[]> copy(new unsigned char[size]);
    std::copy(data, data + size, copy.get());
    profile_view view;
    status s;
    bytes rebuilt;
    if (!view.open(copy.get(), size, &s) || !rebuild(view, &rebuilt, &s)) {
        expect_refused(s);
        return false;
    }
    if (rebuilt.size() != size || !std::equal(rebuilt.begin(), rebuilt.end(), data)) return false;
    expect_usable(rebuilt);
    return true;
}

TEST(ProfileDoors, BinaryIsRefusedOrCanonical) {
    dice random(5);
    int taken = 0;
    for (int kind = 0; kind < sample_kinds; ++kind)
        for (std::size_t size : {1, 9, 60, 255, 256, 300, 700}) {
            const bytes profile = stored(sample_items(static_cast<sample>(kind), size, random));
            ASSERT_TRUE(try_binary(profile.data(), profile.size()));
            for (int i = 0; i < 400 * rounds(); ++i) {
                bytes damaged = damage(profile, random);
                while (random.one_in(3))
                    damaged = damaged.empty() ? damaged : damage(damaged, random);
                taken += try_binary(damaged.data(), damaged.size());
                if (HasFailure()) return;
            }
        }
    EXPECT_GT(taken, 100);
}

TEST(ProfileDoors, AScaleWithoutAmountsIsRefused) {
    item x = {8000, 3, 30, item_class::timed, false, 0, 0};
    for (std::size_t size : {1, 9, 255, 256}) {
        bytes profile = stored(std::vector<item>(size, x));
        ASSERT_TRUE(try_binary(profile.data(), profile.size()));
        profile[listed_scale_at] = 2;
        EXPECT_FALSE(try_binary(profile.data(), profile.size())) << size;
    }
}

TEST(ProfileDoors, NoiseIsRefused) {
    dice random(6);
    for (int i = 0; i < 20000 * rounds(); ++i) {
        bytes noise(static_cast<std::size_t>(random.between(1, 300)));
        for (unsigned char& b : noise)
            b = static_cast<unsigned char>(random.one_in(3) ? random.between(0, 255)
                                                            : random.between(0, 4));
        noise[0] = profile_tag(random.one_in(2) ? profile_kind::items : profile_kind::tables);
        (void)try_binary(noise.data(), noise.size());
        if (HasFailure()) return;
    }
}

// Tables whose parts fit together but whose numbers cannot be.
TEST(ProfileDoors, ImpossibleNumbersAreRefused) {
    dice random(7);
    const int128 extremes[] = {0,         1,         -1,         INT32_MAX,   INT32_MIN,
                               INT64_MAX, INT64_MIN, int128_max, -int128_max, int128{1} << 62};
    const auto forge = [&](auto* number) {
        const int128 value = extremes[random.between(0, std::ssize(extremes) - 1)];
        if (random.one_in(4)) *number = static_cast<std::remove_pointer_t<decltype(number)>>(value);
    };
    for (int i = 0; i < 1500 * rounds(); ++i) {
        const bytes profile = stored(sample_items(sample::wide, 256, random));
        const profile_view view = open(profile);
        std::vector<table_row> rows(row_total(view));
        table_set tables = read_tables(view, rows.data());
        profile_totals& t = tables.totals;
        if (random.one_in(3))
            for (int128* n : {&t.amounts[0], &t.amounts[3], &t.days_to_pay_sum, &t.terms_sum})
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
        (void)try_binary(forged.data(), forged.size());
        if (HasFailure()) return;
    }
}

// As the input function reads it. True when it was let in.
bool read_text(const json_document& doc, bytes* out, status* s) {
    profile_text form;
    if (!read_profile_form(doc, &form, s)) return false;
    if (form.tabled) {
        std::vector<table_row> rows(form.rows);
        profile_text_tables reader;
        if (!reader.start(doc, rows.data(), s)) return false;
        while (reader.step(doc, s)) {
        }
        if (!s->ok() || !check_tables(reader.tables(), s)) return false;
        out->resize(tabled_size(reader.tables()));
        write_tabled(reader.tables(), out->data());
        return true;
    }
    std::vector<item> items;
    profile_totals totals;
    for (json_value e = doc.first(form.items); e != doc.past(form.items); e = doc.next(e)) {
        item read[2];
        const int count = read_item_text(doc, e, read, s);
        if (count == 0) return false;
        for (int i = 0; i < count; ++i) {
            if (!check_item(read[i], s)) return false;
            items.push_back(read[i]);
            ++totals.counts[static_cast<int>(read[i].cls)];
        }
    }
    fold_plan plan;
    plan.add(source_of(items));
    return check_parts(totals, s) && try_fold(plan, out, s);
}

// Another value or key in the place of one, or another digit: the text stays JSON.
std::string damaged_text(std::string text, dice& random) {
    constexpr std::string_view values[] = {
        "0",    "-1",   "9e9",  "170141183460469231731687303715884105727",
        "null", "true", "1.50", "\"2026-02-28\"",
        "[]",   "{}",   "0.0",  "\"credit\""};
    constexpr std::string_view keys[] = {"\"part\"",       "\"open_amount\"", "\"settled_by\"",
                                         "\"disputed\"",   "\"paid\"",        "\"unpaid\"",
                                         "\"written_off\""};
    for (auto i = random.between(1, 3); i > 0; --i) {
        const auto from =
            static_cast<std::size_t>(random.between(0, static_cast<std::int64_t>(text.size()) - 1));
        const std::size_t at = text.find_first_of("-0123456789\"", from);
        if (at == std::string::npos) continue;
        if (random.one_in(2) || text[at] != '"') {
            const std::size_t digit = text.find_first_of("123456789", at);
            if (digit != std::string::npos)
                text[digit] = static_cast<char>('1' + random.between(0, 8));
            continue;
        }
        // A quotation mark that begins a string follows a blank, a bracket or a brace.
        if (at == 0 || std::string_view(" [{").find(text[at - 1]) == std::string_view::npos)
            continue;
        const std::size_t end = text.find('"', at + 1);
        if (end == std::string::npos) continue;
        const bool is_key = end + 1 < text.size() && text[end + 1] == ':';
        const std::string_view other = is_key ? keys[random.between(0, std::ssize(keys) - 1)]
                                              : values[random.between(0, std::ssize(values) - 1)];
        text.replace(at, end + 1 - at, other);
    }
    return text;
}

TEST(ProfileDoors, TextIsRefusedOrCanonical) {
    dice random(8);
    int taken = 0;
    for (int round = 0; round < 12000 * rounds(); ++round) {
        const auto kind = static_cast<sample>(round % sample_kinds);
        const auto size = static_cast<std::size_t>(random.one_in(30) ? 256 : random.between(1, 6));
        const bytes profile = stored(sample_items(kind, size, random));
        const std::string text = damaged_text(text_of(open(profile)), random);
        const json_text document(text);
        bytes read;
        status s;
        if (!read_text(document.document(), &read, &s)) {
            expect_refused(s);
            continue;
        }
        ++taken;
        expect_usable(read);
        if (HasFailure()) return;
    }
    EXPECT_GT(taken, 1000);
}

TEST(ProfileDoors, TextComesBackAsItWent) {
    dice random(10);
    for (int kind = 0; kind < sample_kinds; ++kind)
        for (std::size_t size : {1, 5, 60, 255, 256, 400}) {
            const bytes profile = stored(sample_items(static_cast<sample>(kind), size, random));
            const json_text document(text_of(open(profile)));
            bytes read;
            status s;
            ASSERT_TRUE(read_text(document.document(), &read, &s)) << s.message;
            ASSERT_EQ(read, profile);
        }
}

// Between the steps ring 3 looks for interrupts.
TEST(ProfileDoors, ManyRowsGoInSteps) {
    dice random(12);
    const std::vector<item> items = sample_items(sample::wide, 3 * rows_a_step, random);
    const bytes profile = stored(items);
    const profile_view view = open(profile);
    const auto least_steps = static_cast<std::int64_t>(row_total(view) / rows_a_step);
    ASSERT_GT(least_steps, 4);

    text_writer measure;
    profile_text_writer writer(view);
    std::int64_t steps = 1;
    while (writer.step(&measure)) ++steps;
    EXPECT_GE(steps, least_steps);
    const json_text document(text_of(view));
    bytes read;
    status s;
    ASSERT_TRUE(read_text(document.document(), &read, &s)) << s.message;
    EXPECT_EQ(read, profile);

    fold_plan plan;
    plan.add(profile_source::of(view));
    plan.add(profile_source::of(view));
    std::vector<table_row> rows(plan.workspace_rows());
    table_fold fold;
    fold.start(plan, rows.data());
    for (steps = 0; fold.step(&s);) ++steps;
    EXPECT_TRUE(s.ok());
    EXPECT_GE(steps, 2 * least_steps);
    bytes twice;
    ASSERT_TRUE(try_fold(plan, &twice, &s));
    std::vector<item> all = items;
    all.insert(all.end(), items.begin(), items.end());
    EXPECT_EQ(twice, stored(all));
}

TEST(ProfileDoors, WorkingValuesAreRefusedOrUsable) {
    dice random(11);
    int taken = 0;
    for (int round = 0; round < 20000 * rounds(); ++round) {
        const auto kind = static_cast<sample>(round % sample_kinds);
        const std::vector<item> items = sample_items(kind, 12, random);
        const bytes folded =
            random.one_in(2) ? stored(sample_items(sample::ordinary, 20, random)) : bytes();
        aligned sound(profile_state::size_of(90, folded.size()));
        profile_state state;
        state.create(sound.data(), 90, folded.data(), folded.size());
        for (const item& x : items) {
            const bytes one = stored({x});
            const bool is_kept = random.one_in(4) && state.append_profile(one.data(), one.size());
            ASSERT_TRUE(is_kept || state.append(x));
        }
        const auto size = static_cast<std::int64_t>(sound.size());
        aligned damaged(sound.data(), static_cast<std::size_t>(
                                          random.one_in(3) ? random.between(1, size) : size));
        const auto last = static_cast<std::int64_t>(damaged.size()) - 1;
        for (auto i = random.between(0, 4); i > 0; --i)
            damaged.data()[random.between(
                0, random.one_in(2) ? std::min<std::int64_t>(last, 300) : last)] =
                static_cast<unsigned char>(random.between(0, 255));
        status s;
        if (!state.open(damaged.data(), damaged.size())) continue;
        if (!check_places(state.places(), &s)) {
            expect_refused(s);
            continue;
        }
        fold_plan plan;
        profile_view view;
        if (state.folded_size() > 0) {
            if (!try_binary(state.folded(), state.folded_size())) continue;
            ASSERT_TRUE(view.open(state.folded(), state.folded_size(), &s));
            plan.add(profile_source::of(view));
        }
        plan.add(profile_source::of(state.places()));
        bytes profile;
        if (plan.is_empty() || !try_fold(plan, &profile, &s)) continue;
        ++taken;
        read_all(open(profile));
        if (HasFailure()) return;
    }
    EXPECT_GT(taken, 2000);
}

}  // namespace
}  // namespace receivables
