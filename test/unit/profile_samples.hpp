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
enum class sample {
    ordinary,
    equal,
    open,
    early,
    unknown,
    credits,
    disputes,
    wide,
    extreme,
    settlements,
    zeros
};
inline constexpr int sample_kinds = 11;

inline void sample_dates(sample kind, invoice_row* r, dice& random) {
    const bool wide = kind == sample::wide, extreme = kind == sample::extreme;
    r->due = static_cast<day_number>(random.between(7000, 9000));
    if (wide) r->due = static_cast<day_number>(random.between(-2000000, 100000000));
    if (extreme)
        r->due = random.one_in(2) ? min_day + static_cast<day_number>(random.between(0, 3))
                                  : max_day - static_cast<day_number>(random.between(0, 3));
    std::int64_t paid = r->due + random.between(-10, 45);
    if (kind == sample::early) paid = r->due - random.between(0, 70);
    if (wide) paid = r->due + random.between(-400000, 400000);
    if (extreme) paid = random.one_in(2) ? min_day : max_day;
    std::int64_t invoiced = r->due - 10 * random.between(0, 6);
    if (wide) invoiced = r->due - random.between(-40000, 400000);
    if (extreme) invoiced = random.one_in(2) ? min_day : max_day;
    r->paid = static_cast<day_number>(paid);
    r->invoice_date = static_cast<day_number>(invoiced);
    r->is_paid = kind != sample::open && !random.one_in(8);
    r->has_invoice_date = !random.one_in(kind == sample::unknown ? 2 : 50);
}

inline void sample_amounts(sample kind, invoice_row* r, dice& random) {
    r->has_amount = !random.one_in(kind == sample::unknown ? 2 : 50);
    r->amount = r->open_amount = 0;
    r->scale = r->open_scale = 0;
    if (r->has_amount) {
        r->scale = static_cast<int>(random.one_in(5) ? random.between(0, 6) : 2);
        r->amount = static_cast<uint128>(random.between(1, 1000000));
        if (kind == sample::wide || kind == sample::extreme)
            r->amount = static_cast<uint128>(random.between(1, INT64_MAX)) * 1000;
        if (random.one_in(kind == sample::zeros ? 2 : 60)) r->amount = 0;
    }
    r->negative = r->amount > 0 && random.one_in(kind == sample::credits ? 2 : 30);
    r->has_open_amount = kind == sample::settlements && random.one_in(2);
    if (r->has_open_amount) {
        r->open_scale = r->scale;
        r->open_negative = r->negative;
        if (r->has_amount && random.one_in(2))
            r->open_amount = r->amount * static_cast<uint128>(random.between(0, 8)) / 8;
    }
}

inline invoice_row sample_row(sample kind, dice& random) {
    invoice_row r{};
    sample_dates(kind, &r, random);
    sample_amounts(kind, &r, random);
    r.disputed = random.one_in(kind == sample::disputes ? 2 : 20);
    if (kind == sample::settlements || kind == sample::credits)
        r.settled_by = static_cast<settlement>(random.between(0, 2));
    return r;
}

inline item sample_item(sample kind, dice& random) {
    if (kind == sample::equal) return {8000, 7, 30, item_class::timed, true, 2, 12345};
    item items[2];
    status s;
    EXPECT_GT(make_items(sample_row(kind, random), items, &s), 0) << s.message;
    return items[0];
}

inline std::vector<item> sample_items(sample kind, std::size_t count, dice& random) {
    std::vector<item> items;
    while (items.size() < count) {
        if (kind == sample::equal) {
            items.push_back(sample_item(kind, random));
            continue;
        }
        item read[2];
        status s;
        const int n = make_items(sample_row(kind, random), read, &s);
        EXPECT_GT(n, 0) << s.message;
        items.push_back(read[0]);
        if (n == 2 && items.size() < count) items.push_back(read[1]);
    }
    return items;
}

inline profile_source source_of(const std::vector<item>& items) {
    return profile_source::of(items.data(), static_cast<std::uint32_t>(items.size()));
}

// Folds as ring 3 does, every buffer exactly as large as the core asks for.
inline bool write_fold(const fold_plan& plan, bytes* out, status* s) {
    std::vector<table_row> rows(plan.workspace_rows());
    table_fold fold;
    fold.start(plan, rows.data());
    while (fold.step(s)) {
    }
    if (!s->ok()) return false;
    for (int t = 0; t < keyed_tables; ++t) {
        std::size_t count;
        table_row* list = fold.list(t, &count);
        sort_rows(list, count);
    }
    table_set tables;
    fold.finish(&tables);
    out->resize(tabled_size(tables));
    EXPECT_EQ(write_tabled(tables, out->data()), out->size());
    return true;
}

inline bool try_fold(const fold_plan& plan, bytes* out, status* s) {
    if (plan.is_empty()) return s->fail(error_code::invalid_binary, "no items");
    if (!plan.is_listed()) {
        constexpr std::size_t most_memory = std::size_t{1} << 30;
        if (plan.workspace_rows() > most_memory / sizeof(table_row))
            return s->fail(error_code::out_of_memory, "out of memory");
        return write_fold(plan, out, s);
    }
    std::vector<item> items(most_listed_items);
    if (!list_items(plan, items.data(), s)) return false;
    const auto count = static_cast<std::uint32_t>(plan.listed_count());
    out->resize(listed_size(items.data(), count));
    EXPECT_EQ(write_listed(items.data(), count, plan.scale(), out->data()), out->size());
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
    profile_text_writer measuring(view), writing(view);
    while (measuring.step(&measure)) {
    }
    std::string text(measure.size(), '?');
    text_writer writer(text.data(), text.size());
    while (writing.step(&writer)) {
    }
    return text;
}

}  // namespace receivables::profile_samples
