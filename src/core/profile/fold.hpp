// Brings items and profiles together into one stored profile. Order and grouping of what comes in
// do not matter: the result follows from the set of items alone.
//
//   fold_plan plan;  plan.add(...) for every source;            measures
//   plan.is_listed() -> list_items(plan, out items)             up to most_listed_items
//   else             -> table_fold: start, step, sort, finish   more
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/base/status.hpp"
#include "core/profile/state.hpp"
#include "core/profile/view.hpp"
#include "core/profile/write.hpp"

namespace receivables {

// A stored profile, places of a state, or an array of items.
class profile_source {
  public:
    profile_source() noexcept = default;
    static profile_source of(const profile_view& view) noexcept {
        profile_source s;
        s.view_ = view;
        return s;
    }
    static profile_source of(const item_places& places) noexcept {
        profile_source s;
        s.places_ = places;
        return s;
    }
    static profile_source of(const item* items, std::uint32_t count) noexcept {
        profile_source s;
        s.items_ = items;
        s.count_ = count;
        return s;
    }

    const profile_view& view() const noexcept { return view_; }
    const item_places& places() const noexcept { return places_; }
    bool has_tables() const noexcept { return view_.kind() == profile_kind::tables; }
    // Where there are no tables: on_item(const item&) and on_profile(const profile_view&) for every
    // item and every profile in it.
    template <class OnItem, class OnProfile>
    void each_part(OnItem&& on_item, OnProfile&& on_profile) const noexcept {
        places_.each(on_item, [&](const unsigned char* bytes, std::size_t size) {
            on_profile(open_kept(bytes, size));
        });
        for (std::uint32_t i = 0; i < count_; ++i) on_item(items_[i]);
        if (!view_.is_empty()) on_profile(view_);
    }
    // f(const item&) for every item.
    template <class F>
    void each(F&& f) const noexcept {
        each_part(f, [&](const profile_view& view) { view.for_each_item(f); });
    }
    // A profile among the places, which was a sound one when it was put there.
    static profile_view open_kept(const unsigned char* bytes, std::size_t size) noexcept {
        profile_view view;
        status s;
        (void)view.open(bytes, size, &s);
        return view;
    }

  private:
    profile_view view_;
    item_places places_;
    const item* items_ = nullptr;
    std::uint32_t count_ = 0;
};

// A state and a value of two parts each.
inline constexpr int max_fold_sources = 4;

// Keys that a table will hold, for choosing between an array with a place for every key in the
// range and a list that is sorted at the end.
struct key_range {
    std::int64_t least = INT64_MAX, most = INT64_MIN;
    std::uint64_t additions = 0;

    void add(std::int64_t key) noexcept {
        least = key < least ? key : least;
        most = key > most ? key : most;
        ++additions;
    }
    // Keys that lie between two.
    void add(std::int64_t from, std::int64_t to, std::uint64_t count) noexcept {
        if (count == 0) return;
        least = from < least ? from : least;
        most = to > most ? to : most;
        additions += count;
    }
    bool is_array() const noexcept { return additions == 0 || width() <= 2 * additions + 4096; }
    std::uint64_t rows() const noexcept {
        if (additions == 0) return 0;
        return is_array() ? width() + 1 : additions;
    }

  private:
    std::uint64_t width() const noexcept {
        return static_cast<std::uint64_t>(most) - static_cast<std::uint64_t>(least);
    }
};

class fold_plan {
  public:
    void add(const profile_source& source) noexcept;

    bool is_listed() const noexcept { return !has_tables_ && count_ <= most_listed_items; }
    // Items, and parts of items, that are not in tables.
    std::uint64_t listed_count() const noexcept { return count_; }
    bool is_empty() const noexcept { return count_ == 0 && !has_tables_; }
    int scale() const noexcept { return scale_; }
    const key_range& range(int table) const noexcept { return ranges_[table]; }
    int source_count() const noexcept { return source_count_; }
    const profile_source& source(int i) const noexcept { return sources_[i]; }
    // Rows that table_fold needs.
    std::uint64_t workspace_rows() const noexcept;

  private:
    key_range& range_of(profile_table t) noexcept { return ranges_[static_cast<int>(t)]; }
    void measure(const item& x) noexcept;
    void measure(const profile_view& view) noexcept;

    profile_source sources_[max_fold_sources];
    int source_count_ = 0;
    bool has_tables_ = false;
    std::uint64_t count_ = 0;
    int scale_ = 0;
    key_range ranges_[keyed_tables];
};

// Writes the items in canonical order, at the plan's scale; `out` has room for most_listed_items.
bool list_items(const fold_plan& plan, item* out, status* s) noexcept;

// Watches the sums of amounts. Those of invoices and of credits only grow, so that an overflow
// cannot depend on the order of items.
class amount_guard {
  public:
    // False when the sum needs more than 127 bits.
    bool add(uint128 magnitude, bool credit) noexcept {
        uint128& sum = sums_[credit];
        return !__builtin_add_overflow(sum, magnitude, &sum) &&
               sum <= static_cast<uint128>(int128_max);
    }

  private:
    uint128 sums_[2] = {};
};

// One table while it is being filled: an array with a place for every key, or a list.
class table_filling {
  public:
    void start(const key_range& range, table_row* rows) noexcept;
    // The row of a key, to which something is to be added.
    table_row& at(std::int64_t key) noexcept {
        if (is_array_) return rows_[key - least_];
        table_row& row = rows_[used_++];
        row = {key, 0, 0, 0};
        return row;
    }
    // What has to be sorted by key before the end.
    table_row* list(std::size_t* count) noexcept {
        *count = is_array_ ? 0 : used_;
        return rows_;
    }
    // Leaves one row a key, ascending, and returns their number.
    std::uint32_t finish() noexcept;

  private:
    table_row* rows_;
    std::int64_t least_;
    bool is_array_;
    std::uint64_t used_;
};

// The latest timed items, latest first.
class recent_list {
  public:
    void add(day_number due, std::int32_t days_late) noexcept {
        const recent_row r{due, days_late};
        if (count_ < max_recent_items || is_later(r, rows_[count_ - 1])) insert(r);
    }
    std::uint32_t write(table_row* out) const noexcept;

  private:
    static bool is_later(const recent_row& a, const recent_row& b) noexcept {
        return a.due != b.due ? a.due > b.due : a.days_late > b.days_late;
    }
    void insert(const recent_row& r) noexcept;

    recent_row rows_[max_recent_items];
    std::size_t count_ = 0;
};

class table_fold {
  public:
    // `rows` has room for the plan's workspace_rows(). Both must outlive the fold.
    void start(const fold_plan& plan, table_row* rows) noexcept;
    // Adds the next source, or the next rows of one that has tables; false when it fails or, with an
    // unchanged status, when nothing is left.
    bool step(status* s) noexcept;
    // The rows that the caller has to sort by key (sort_rows) before the end; most often none.
    table_row* list(int table, std::size_t* count) noexcept { return tables_[table].list(count); }
    void finish(table_set* out) noexcept;

  private:
    bool add(item x) noexcept;
    bool add_totals(const profile_view& view) noexcept;
    void add_rows(const profile_view& view) noexcept;
    void add_tabled_classes(const table_set& set) noexcept;
    table_filling& table(profile_table t) noexcept { return tables_[static_cast<int>(t)]; }

    const fold_plan* plan_;
    table_row* workspace_;
    int scale_;
    amount_guard guard_;
    profile_totals totals_;
    table_filling tables_[keyed_tables];
    recent_list recent_;
    // Where the next step goes on.
    int source_ = 0;
    int table_ = -1;  // of the source's tables; the totals stand before them
    std::uint32_t row_ = 0;
};

bool is_before(const table_row& a, const table_row& b) noexcept;
void sort_rows(table_row* rows, std::size_t count) noexcept;

// 22003, with the reason: the sum of amounts is too large for its scale.
bool fail_amount_range(int scale, status* s) noexcept;

}  // namespace receivables
