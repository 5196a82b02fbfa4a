// Reads a stored payment profile without copying it. Both layouts answer the same questions with
// the same numbers; the functions here hide the difference.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "core/base/status.hpp"
#include "core/profile/stored.hpp"

namespace receivables {

// Timed items that share their days late. In the items layout there is a row an item, in the order
// of due dates; in the tables layout a row a number of days, ascending.
struct timed_row {
    std::int32_t days_late;
    std::int64_t items;
    int128 amount;   // of those whose amount is known
    int128 due_sum;  // sum of due dates as days since 2000-01-01
};

// Open, or written off.
struct unpaid_row {
    day_number due;
    item_class cls;
    std::int64_t items;
    int128 amount;

    bool is_open() const noexcept { return open_invoices.holds(cls); }
};

struct due_row {
    day_number due;
    std::int64_t timed;  // timed items
    int128 invoiced;     // what was billed less credit notes
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

    // Takes stored bytes; false (and a status) when they are none. Every offset is checked here, so
    // that a damaged value is an error and never a read past its end. The bytes may be unaligned
    // and must outlive the view.
    bool open(const unsigned char* bytes, std::size_t size, status* s) noexcept;

    bool is_empty() const noexcept { return kind_ == profile_kind::none; }
    profile_kind kind() const noexcept { return kind_; }
    int scale() const noexcept { return scale_; }

    profile_totals totals() const noexcept;
    // How many items there are of these classes, without reading one.
    std::int64_t count(class_set classes) const noexcept;
    std::int64_t timed_count() const noexcept { return count(class_set{item_class::timed}); }
    std::int64_t item_count() const noexcept { return count(all_items); }
    // Whether any amount is known: money is unknown when none is.
    bool has_amounts() const noexcept;

    // f(std::int32_t days_late, std::int64_t items) for each row of timed items, or of disputed
    // ones that were paid.
    template <class F>
    void for_each_days_late(F&& f) const noexcept {
        for_each_delay(item_class::timed, f);
    }
    template <class F>
    void for_each_disputed_days_late(F&& f) const noexcept {
        for_each_delay(item_class::disputed_paid, f);
    }
    // f(const timed_row&), with amounts and due dates: slower.
    template <class F>
    void for_each_timed(F&& f) const noexcept;
    // f(const unpaid_row&) for what is open or written off, and no credit.
    template <class F>
    void for_each_unpaid(F&& f) const noexcept;
    // f(const due_row&); several rows may share a date.
    template <class F>
    void for_each_due(F&& f) const noexcept;

    // Where the payment days are found (payment_day.hpp): f(day_number) for the payment dates of
    // timed items, and for their due dates. In the items layout unordered and a call an item; in
    // the tables layout ascending and a call a date.
    template <class F>
    void for_each_payment_date(F&& f) const noexcept;
    template <class F>
    void for_each_timed_due_date(F&& f) const noexcept;

    // The latest timed items, `most` of them (max_recent_items at most), latest due date first,
    // among equal ones the later payer first.
    std::size_t recent(recent_row* out, std::size_t most = max_recent_items) const noexcept;

    // f(const item&) for every item; in the items layout only.
    template <class F>
    void for_each_item(F&& f) const noexcept;

    // In the items layout: the first and the last due date, and the least and the most days late of
    // the classes that can have a paid date; 0 when there are none.
    void limits(std::int64_t* least_due, std::int64_t* most_due, std::int64_t* least_late,
                std::int64_t* most_late) const noexcept;

    // The tables themselves, for what rewrites a profile.
    const tabled_profile& tabled() const noexcept { return tabled_; }

  private:
    static constexpr class_set all_items =
        invoices | paid_credits | open_credits | class_set{item_class::zero};

    template <class F>
    void for_each_delay(item_class c, F& f) const noexcept;
    template <class F>
    void for_each_of(item_class c, F&& f) const noexcept;

    profile_kind kind_;
    int scale_;
    union {
        char nothing_ = 0;
        listed_profile listed_;  // when kind_ is items
        tabled_profile tabled_;  // when kind_ is tables
    };
};

template <class F>
void profile_view::for_each_delay(item_class c, F& f) const noexcept {
    if (kind_ == profile_kind::items) {
        const std::uint32_t from = listed_.from(c);
        listed_.days_late.each<std::int64_t>(
            from, from + listed_.of(c), [&](std::size_t, std::int64_t days) {
                f(static_cast<std::int32_t>(days), std::int64_t{1});
            });
    } else if (kind_ == profile_kind::tables) {
        tabled_
            .table(c == item_class::timed ? profile_table::days_late
                                          : profile_table::disputed_days_late)
            .each_count([&](std::int64_t key, std::int64_t items) {
                f(static_cast<std::int32_t>(key), items);
            });
    }
}

// f(const item&) for the items of a class in the items layout.
template <class F>
void profile_view::for_each_of(item_class c, F&& f) const noexcept {
    constexpr std::uint32_t chunk = 64;
    item items[chunk];
    const std::uint32_t end = listed_.from(c) + listed_.of(c);
    for (std::uint32_t first = listed_.from(c); first < end; first += chunk) {
        const std::uint32_t last = std::min(first + chunk, end);
        listed_.read(first, last, c, scale_, items);
        for (std::uint32_t i = 0; i < last - first; ++i) f(static_cast<const item&>(items[i]));
    }
}

template <class F>
void profile_view::for_each_item(F&& f) const noexcept {
    if (kind_ != profile_kind::items) return;
    for (int c = 0; c < item_classes; ++c)
        if (listed_.count[c] > 0) for_each_of(static_cast<item_class>(c), f);
}

template <class F>
void profile_view::for_each_timed(F&& f) const noexcept {
    if (kind_ == profile_kind::items) {
        for_each_of(item_class::timed, [&](const item& x) {
            f(timed_row{x.days_late, 1, static_cast<int128>(x.amount), x.due});
        });
    } else if (kind_ == profile_kind::tables) {
        tabled_.table(profile_table::days_late).each([&](const table_row& r) {
            f(timed_row{static_cast<std::int32_t>(r.key), r.items, r.amount, r.sum});
        });
    }
}

template <class F>
void profile_view::for_each_unpaid(F&& f) const noexcept {
    if (kind_ == profile_kind::items) {
        for (item_class c : unpaid_order)
            for_each_of(c, [&](const item& x) {
                f(unpaid_row{x.due, c, 1, static_cast<int128>(x.amount)});
            });
    } else if (kind_ == profile_kind::tables) {
        tabled_.table(profile_table::unpaid).each([&](const table_row& r) {
            f(unpaid_row{static_cast<day_number>(r.key >> 2), unpaid_order[r.key & 3], r.items,
                         r.amount});
        });
    }
}

template <class F>
void profile_view::for_each_due(F&& f) const noexcept {
    if (kind_ == profile_kind::items) {
        for_each_item([&](const item& x) {
            f(due_row{x.due, x.cls == item_class::timed,
                      on_account.holds(x.cls) ? 0 : x.signed_amount()});
        });
    } else if (kind_ == profile_kind::tables) {
        tabled_.table(profile_table::due_dates).each([&](const table_row& r) {
            f(due_row{static_cast<day_number>(r.key), r.items, r.amount});
        });
    }
}

template <class F>
void profile_view::for_each_payment_date(F&& f) const noexcept {
    if (kind_ == profile_kind::items) {
        day_number due[most_listed_items];
        const std::uint32_t end = listed_.of(item_class::timed);
        listed_.due.each<std::int64_t>(
            0, end, [&](std::size_t i, std::int64_t v) { due[i] = static_cast<day_number>(v); });
        listed_.days_late.each<std::int64_t>(
            0, end, [&](std::size_t i, std::int64_t v) { f(static_cast<day_number>(due[i] + v)); });
    } else if (kind_ == profile_kind::tables) {
        const column& dates = tabled_.table(profile_table::payment_dates).key;
        dates.each<std::int64_t>(
            0, dates.rows, [&](std::size_t, std::int64_t v) { f(static_cast<day_number>(v)); });
    }
}

template <class F>
void profile_view::for_each_timed_due_date(F&& f) const noexcept {
    if (kind_ == profile_kind::items) {
        listed_.due.each<std::int64_t>(
            0, listed_.of(item_class::timed),
            [&](std::size_t, std::int64_t v) { f(static_cast<day_number>(v)); });
    } else if (kind_ == profile_kind::tables) {
        for_each_due([&](const due_row& r) {
            if (r.timed > 0) f(r.due);
        });
    }
}

}  // namespace receivables
