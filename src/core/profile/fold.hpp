// Brings items and profiles together into one canonical profile. Order and grouping of what comes
// in do not matter: the result follows from the set of items alone.
//
//   fold_plan plan;  plan.add(...) for every source;       measures
//   plan.is_listed()  -> fold_listed(plan, out items)       up to max_listed_items
//   else              -> fold_tabled(plan, workspace, ...)  more
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "core/base/status.hpp"
#include "core/profile/encode.hpp"
#include "core/profile/view.hpp"

namespace receivables {

// A canonical profile, or items as the aggregate collects them.
struct profile_source {
    profile_view view;
    const compact_item* compacted = nullptr;
    compact_base base = {};
    const packed_item* packed = nullptr;
    const unsigned char* wide = nullptr;  // bytes of items, possibly unaligned
    std::uint32_t count = 0;              // of packed or wide

    static profile_source of(const profile_view& v) noexcept {
        profile_source s;
        s.view = v;
        return s;
    }
    static profile_source of(const compact_item* items, const compact_base& base,
                             std::uint32_t n) noexcept {
        profile_source s;
        s.compacted = items;
        s.base = base;
        s.count = n;
        return s;
    }
    static profile_source of(const packed_item* items, std::uint32_t n) noexcept {
        profile_source s;
        s.packed = items;
        s.count = n;
        return s;
    }
    static profile_source of_wide(const unsigned char* items, std::uint32_t n) noexcept {
        profile_source s;
        s.wide = items;
        s.count = n;
        return s;
    }
};

// f(const item&) for every item of a source that consists of items.
template <class F>
void for_each_item(const profile_source& source, F&& f) noexcept {
    if (source.compacted != nullptr) {
        for (std::uint32_t i = 0; i < source.count; ++i)
            f(expand(source.compacted[i], source.base));
    } else if (source.packed != nullptr) {
        for (std::uint32_t i = 0; i < source.count; ++i) f(unpack(source.packed[i]));
    } else if (source.wide != nullptr) {
        for (std::uint32_t i = 0; i < source.count; ++i) {
            item x;
            std::memcpy(static_cast<void*>(&x), source.wide + i * sizeof x, sizeof x);
            f(static_cast<const item&>(x));
        }
    } else {
        source.view.for_each_item(f);
    }
}

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
    std::uint64_t span() const noexcept {
        return additions == 0
                   ? 0
                   : static_cast<std::uint64_t>(most) - static_cast<std::uint64_t>(least) + 1;
    }
    // 0 stands for 2^64 when the keys of a damaged value span everything.
    bool is_dense() const noexcept { return span() != 0 && span() <= 2 * additions + 4096; }
    std::uint64_t rows() const noexcept { return is_dense() ? span() : additions; }
};

class fold_plan {
  public:
    void add(const profile_source& source) noexcept;

    // Tables hold too many items to be listed, whatever the counts of a damaged value say.
    bool is_listed() const noexcept { return !has_tables_ && item_count_ <= max_listed_items; }
    std::int64_t item_count() const noexcept { return item_count_; }
    int scale() const noexcept { return scale_; }
    const key_range& range(profile_table t) const noexcept { return ranges_[static_cast<int>(t)]; }
    int source_count() const noexcept { return source_count_; }
    const profile_source& source(int i) const noexcept { return sources_[i]; }
    // Bytes that fold_tabled needs, aligned to 16.
    std::size_t workspace_size() const noexcept;

  private:
    void measure(const item& x) noexcept;

    profile_source sources_[max_fold_sources];
    int source_count_ = 0;
    bool has_tables_ = false;
    std::int64_t item_count_ = 0;
    int scale_ = 0;
    key_range ranges_[profile_tables];
};

// Writes the items in canonical order, at the plan's scale; `out` has room for max_listed_items.
bool fold_listed(const fold_plan& plan, item* out, status* s) noexcept;
// Fills the tables; their rows stand in the workspace.
bool fold_tabled(const fold_plan& plan, void* workspace, table_set* out, status* s) noexcept;

// 22003, with the reason: the sum of amounts is too large for its scale.
bool fail_amount_range(int scale, status* s) noexcept;

}  // namespace receivables
