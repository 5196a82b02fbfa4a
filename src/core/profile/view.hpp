// Reads a payment profile in its canonical form, without copying it.
//
// A canonical profile has one of two layouts, chosen by its number of items alone:
//   items   up to max_listed_items items, each with its due date, days late, terms and amount
//   tables  more: sums by days late, by due date, by payment date, of what is open, the latest
//   items
// Both answer the same questions with the same numbers; the functions here hide the difference.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "core/base/civil_date.hpp"
#include "core/base/decimal.hpp"
#include "core/base/status.hpp"
#include "core/profile/format.hpp"
#include "core/profile/totals.hpp"

namespace receivables {

// Rows of timed items that share their days late. In the items layout there is a row an item, in
// the order of due dates; in the tables layout a row a number of days, ascending.
struct timed_row {
    std::int32_t days_late;
    std::int64_t items;
    int128 amount;   // of those whose amount is known
    int128 due_sum;  // sum of due dates as days since 2000-01-01
};

struct open_row {
    day_number due;
    bool disputed;
    std::int64_t items;
    int128 amount;
};

struct due_row {
    day_number due;
    int128 amount;  // signed: credits are taken off
};

struct payment_row {
    day_number paid;
    std::int64_t items;
};

struct recent_row {
    day_number due;
    std::int32_t days_late;
};

class profile_view {
  public:
    // A profile without items: what NULL stands for in rules and reminders.
    profile_view() noexcept : kind_(profile_kind::none), scale_(0) {}
    // Copies the layout in use, which is mostly the smaller one by far.
    profile_view(const profile_view& other) noexcept : profile_view() { *this = other; }
    profile_view& operator=(const profile_view& other) noexcept {
        kind_ = other.kind_;
        scale_ = other.scale_;
        if (kind_ == profile_kind::items) listed_ = other.listed_;
        if (kind_ == profile_kind::tables) tabled_ = other.tabled_;
        return *this;
    }

    // Takes canonical bytes; false (and a status) when they are none. Every offset is checked here,
    // in constant time, so that a damaged value is an error and never a read past its end. The
    // bytes may be unaligned and must outlive the view.
    bool open(const unsigned char* bytes, std::size_t size, status* s) noexcept;

    bool is_empty() const noexcept { return kind_ == profile_kind::none; }
    profile_kind kind() const noexcept { return kind_; }
    int scale() const noexcept { return scale_; }

    profile_totals totals() const noexcept;
    // In the items layout without reading an item.
    item_counts counts() const noexcept {
        if (kind_ != profile_kind::items) return totals();
        const std::uint8_t* count = listed_.count;  // by item_class
        return {count[0], count[1], count[2], count[3], count[4], count[5]};
    }
    std::int64_t timed_count() const noexcept {
        return kind_ == profile_kind::items ? listed_.timed() : tabled_timed_count();
    }

    // f(std::int32_t days_late, std::int64_t items) for each timed row.
    template <class F>
    void for_each_days_late(F&& f) const noexcept;
    // f(const timed_row&), with amounts and due dates: slower.
    template <class F>
    void for_each_timed(F&& f) const noexcept;
    // f(const open_row&) for what is unpaid and no credit.
    template <class F>
    void for_each_open(F&& f) const noexcept;
    // f(const due_row&) for all items with a known amount; several rows may share a date.
    template <class F>
    void for_each_due(F&& f) const noexcept;
    // f(const payment_row&) for the payment dates of timed items; unordered, several rows may share
    // a date in the items layout.
    template <class F>
    void for_each_payment(F&& f) const noexcept;

    // The latest timed items, `most` of them (max_recent_items at most), latest due date first,
    // among equal ones the later payer first.
    std::size_t recent(recent_row* out, std::size_t most = max_recent_items) const noexcept;

    // The same, their days late alone.
    std::size_t recent_days_late(std::int32_t* out,
                                 std::size_t most = max_recent_items) const noexcept;

    // f(const item&) for every item; in the items layout only.
    template <class F>
    void for_each_item(F&& f) const noexcept {
        if (kind_ == profile_kind::items)
            for_each_listed(item_class::timed, item_class::credit_open, f);
    }

    // The layouts themselves, for what rewrites a profile.
    const listed_profile& listed() const noexcept { return listed_; }
    const tabled_profile& tabled() const noexcept { return tabled_; }

    // f(const item&) for the items of these classes; in the items layout only.
    template <class F>
    void for_each_listed(item_class from, item_class to, F&& f) const noexcept;

  private:
    profile_totals all_listed_totals() const noexcept;
    profile_totals all_tabled_totals() const noexcept;
    std::int64_t tabled_timed_count() const noexcept;

    profile_kind kind_;
    int scale_;
    union {
        char nothing_ = 0;
        listed_profile listed_;  // when kind_ is items
        tabled_profile tabled_;  // when kind_ is tables
    };
};

template <class F>
void profile_view::for_each_days_late(F&& f) const noexcept {
    if (kind_ == profile_kind::items) {
        listed_.days_late.each<std::int64_t>(
            0, listed_.timed(), [&](std::size_t, std::int64_t days) {
                f(static_cast<std::int32_t>(days), std::int64_t{1});
            });
    } else if (kind_ == profile_kind::tables) {
        const table_columns& table = tabled_.table(profile_table::by_days_late);
        const column& items = table.items;
        table.key.each<std::int64_t>(0, table.rows(), [&](std::size_t i, std::int64_t days) {
            f(static_cast<std::int32_t>(days), static_cast<std::int64_t>(items.at(i)));
        });
    }
}

template <class F>
void profile_view::for_each_listed(item_class from, item_class to, F&& f) const noexcept {
    constexpr std::uint32_t chunk = 64;
    item items[chunk];
    for (int c = static_cast<int>(from); c <= static_cast<int>(to); ++c) {
        const auto cls = static_cast<item_class>(c);
        const std::uint32_t end = listed_.to(cls);
        for (std::uint32_t first = listed_.from(cls); first < end; first += chunk) {
            const std::uint32_t last = std::min(first + chunk, end);
            listed_.read(first, last, cls, scale_, items);
            for (std::uint32_t i = 0; i < last - first; ++i) f(static_cast<const item&>(items[i]));
        }
    }
}

template <class F>
void profile_view::for_each_timed(F&& f) const noexcept {
    if (kind_ == profile_kind::items) {
        for_each_listed(item_class::timed, item_class::timed, [&](const item& x) {
            f(timed_row{x.days_late, 1, static_cast<int128>(x.amount), x.due});
        });
    } else if (kind_ == profile_kind::tables) {
        tabled_.table(profile_table::by_days_late).each([&](const table_row& r) {
            f(timed_row{static_cast<std::int32_t>(r.key), r.items, r.amount, r.sum});
        });
    }
}

template <class F>
void profile_view::for_each_open(F&& f) const noexcept {
    if (kind_ == profile_kind::items) {
        // Mostly few: each is read by itself.
        const std::uint32_t first = listed_.from(item_class::open),
                            disputed = first + listed_.count[static_cast<int>(item_class::open)],
                            end = listed_.to(item_class::disputed_open);
        for (std::uint32_t i = first; i < end; ++i)
            f(open_row{static_cast<day_number>(listed_.due_amounts.due_at(i)), i >= disputed, 1,
                       std::max<int128>(listed_.due_amounts.amount_at(i), 0)});
    } else if (kind_ == profile_kind::tables) {
        tabled_.table(profile_table::open).each([&](const table_row& r) {
            f(open_row{static_cast<day_number>(r.key >> 1), (r.key & 1) != 0, r.items, r.amount});
        });
    }
}

template <class F>
void profile_view::for_each_due(F&& f) const noexcept {
    if (kind_ == profile_kind::items) {
        day_number due[max_listed_items];
        listed_.due_amounts.each_due(0, listed_.items(), [&](std::size_t i, std::int64_t v) {
            due[i] = static_cast<day_number>(v);
        });
        const std::uint32_t first_credit = listed_.from(item_class::credit_paid),
                            first_open = listed_.to(item_class::credit_paid),
                            first_open_credit = listed_.from(item_class::credit_open);
        listed_.due_amounts.each_amount(0, listed_.items(), [&](std::size_t i, int128 v) {
            const bool credit = (i >= first_credit && i < first_open) || i >= first_open_credit;
            if (v >= 0) f(due_row{due[i], credit ? -v : v});
        });
    } else if (kind_ == profile_kind::tables) {
        tabled_.table(profile_table::by_due_date).each([&](const table_row& r) {
            f(due_row{static_cast<day_number>(r.key), r.amount});
        });
    }
}

template <class F>
void profile_view::for_each_payment(F&& f) const noexcept {
    if (kind_ == profile_kind::items) {
        day_number due[max_listed_items];
        const std::uint32_t end = listed_.timed();
        listed_.due_amounts.each_due(
            0, end, [&](std::size_t i, std::int64_t v) { due[i] = static_cast<day_number>(v); });
        listed_.days_late.each<std::int64_t>(0, end, [&](std::size_t i, std::int64_t v) {
            f(payment_row{static_cast<day_number>(due[i] + v), 1});
        });
    } else if (kind_ == profile_kind::tables) {
        tabled_.table(profile_table::by_payment_date).each([&](const table_row& r) {
            f(payment_row{static_cast<day_number>(r.key), r.items});
        });
    }
}

}  // namespace receivables
