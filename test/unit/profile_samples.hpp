// Generated payment profiles for the tests of the core.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "core/profile/check.hpp"
#include "core/profile/fold.hpp"
#include "core/profile/metric_registry.hpp"
#include "core/profile/sparkline.hpp"
#include "core/profile/text.hpp"
#include "core/profile/view.hpp"

namespace receivables::profile_samples {

using bytes = std::vector<unsigned char>;

class dice {
  public:
    explicit dice(std::uint64_t seed) : engine_(seed) {}
    std::int64_t between(std::int64_t least, std::int64_t most) {
        // Not a std distribution: those differ between libraries.
        const auto span = static_cast<std::uint64_t>(most - least) + 1;
        return least + static_cast<std::int64_t>(engine_() % span);
    }
    bool one_in(int n) { return between(1, n) == 1; }
    std::mt19937_64& engine() { return engine_; }

  private:
    std::mt19937_64 engine_;
};

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

// What a sample looks like.
enum class sample { ordinary, equal, open, early, unknown, credits, disputes, wide, extreme };
inline constexpr int sample_kinds = 9;

inline item sample_item(sample kind, dice& random) {
    item x{};
    const bool wide = kind == sample::wide, extreme = kind == sample::extreme;
    x.due = static_cast<day_number>(random.between(7000, 9000));
    if (wide) x.due = static_cast<day_number>(random.between(-2000000, 100000000));
    if (extreme)
        x.due = random.one_in(2) ? min_day + static_cast<day_number>(random.between(0, 3))
                                 : max_day - static_cast<day_number>(random.between(0, 3));
    std::int64_t paid = x.due + random.between(-10, 45);
    if (kind == sample::early) paid = x.due - random.between(0, 70);
    if (wide) paid = x.due + random.between(-400000, 400000);
    if (extreme) paid = random.one_in(2) ? min_day : max_day;
    std::int64_t invoiced = x.due - 10 * random.between(0, 6);
    if (wide) invoiced = x.due - random.between(-40000, 400000);
    if (extreme) invoiced = random.one_in(2) ? min_day : max_day;
    x.terms = static_cast<std::int32_t>(x.due - invoiced);
    if (random.one_in(kind == sample::unknown ? 2 : 50)) x.terms = no_terms;
    x.has_amount = !random.one_in(kind == sample::unknown ? 2 : 50);
    if (x.has_amount) {
        x.scale = static_cast<std::int16_t>(random.one_in(5) ? random.between(0, 6) : 2);
        x.amount = static_cast<uint128>(random.between(0, 1000000));
        if (wide || extreme) x.amount = static_cast<uint128>(random.between(0, INT64_MAX)) * 1000;
    }
    if (kind == sample::equal) x = {8000, 7, 30, item_class::timed, true, 2, 12345};
    const bool is_paid = kind != sample::open && (kind == sample::equal || !random.one_in(8));
    const bool credit = x.amount > 0 && random.one_in(kind == sample::credits ? 2 : 30);
    const bool disputed = random.one_in(kind == sample::disputes ? 2 : 20);
    x.days_late = is_paid ? static_cast<std::int32_t>(paid - x.due) : 0;
    x.cls = classify(is_paid, credit, disputed);
    if (kind == sample::equal) x.days_late = 7, x.cls = item_class::timed;
    return x;
}

inline std::vector<item> sample_items(sample kind, std::size_t count, dice& random) {
    std::vector<item> items;
    while (items.size() < count) items.push_back(sample_item(kind, random));
    return items;
}

inline profile_source source_of(const std::vector<item>& items) {
    return profile_source::of_wide(reinterpret_cast<const unsigned char*>(items.data()),
                                   static_cast<std::uint32_t>(items.size()));
}

// Folds as ring 3 does, every buffer exactly as large as the core asks for.
inline bool try_fold(const fold_plan& plan, bytes* out, status* s) {
    if (plan.item_count() == 0) return s->fail(error_code::invalid_binary, "no items");
    if (plan.is_listed()) {
        std::vector<item> items(max_listed_items);
        if (!fold_listed(plan, items.data(), s)) return false;
        const auto count = static_cast<std::uint32_t>(plan.item_count());
        out->resize(listed_size(items.data(), count));
        EXPECT_EQ(write_listed(items.data(), count, plan.scale(), out->data()), out->size());
        return true;
    }
    constexpr std::size_t most_memory = std::size_t{1} << 30;
    if (plan.workspace_size() > most_memory)
        return s->fail(error_code::out_of_memory, "out of memory");
    const std::unique_ptr<table_row[]> workspace(
        new table_row[(plan.workspace_size() + sizeof(table_row) - 1) / sizeof(table_row)]);
    table_set tables;
    if (!fold_tabled(plan, workspace.get(), &tables, s)) return false;
    out->resize(tabled_size(tables));
    EXPECT_EQ(write_tabled(tables, out->data()), out->size());
    return true;
}

inline bytes fold(const std::vector<profile_source>& sources) {
    fold_plan plan;
    for (const profile_source& source : sources) plan.add(source);
    bytes out;
    status s;
    EXPECT_TRUE(try_fold(plan, &out, &s)) << s.message;
    return out;
}

inline bytes stored(const std::vector<item>& items) {
    return fold({source_of(items)});
}

inline profile_view open(const bytes& profile) {
    profile_view view;
    status s;
    EXPECT_TRUE(view.open(profile.data(), profile.size(), &s)) << s.message;
    return view;
}

inline std::string text_of(const profile_view& view) {
    text_writer measure;
    write_profile_text(view, &measure);
    std::string text(measure.size(), '?');
    text_writer writer(text.data(), text.size());
    write_profile_text(view, &writer);
    return text;
}

}  // namespace receivables::profile_samples
