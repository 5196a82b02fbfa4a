#include "core/profile/view.hpp"

namespace receivables {

bool profile_view::open(const unsigned char* bytes, std::size_t size, status* s) noexcept {
    kind_ = kind_of(bytes, size);
    bool fits = false;
    if (kind_ == profile_kind::items) fits = open_listed(bytes, size, &scale_, &listed_);
    if (kind_ == profile_kind::tables) fits = open_tabled(bytes, size, &scale_, &tabled_);
    if (fits) return true;
    kind_ = profile_kind::none;
    if (size > 0 && bytes[0] >> 4 != profile_format_version)
        return s->fail(error_code::invalid_binary, "unknown format version %d of a payment_profile",
                       bytes[0] >> 4);
    return s->fail(error_code::invalid_binary, "malformed payment_profile of %zu bytes", size);
}

std::int64_t profile_view::tabled_timed_count() const noexcept {
    std::int64_t count = 0;
    for_each_days_late([&](std::int32_t, std::int64_t items) { wrapping_add(&count, items); });
    return count;
}

profile_totals profile_view::all_listed_totals() const noexcept {
    totals_builder builder;
    for_each_listed(item_class::timed, item_class::credit_open,
                    [&](const item& x) { builder.add(x); });
    return builder.totals();
}

profile_totals profile_view::all_tabled_totals() const noexcept {
    profile_totals t;
    static_cast<tabled_totals&>(t) = tabled_.totals;
    for_each_timed([&](const timed_row& r) {
        wrapping_add(&t.timed_count, r.items);
        wrapping_add(&t.timed_amount, r.amount);
        wrapping_add(&t.days_late_sum, int128{r.days_late} * r.items);
        wrapping_add(&t.due_sum, r.due_sum);
        wrapping_add(&t.due_days_late_sum, wrapping_product(r.due_sum, r.days_late));
    });
    for_each_open([&](const open_row& r) {
        wrapping_add(r.disputed ? &t.disputed_open_count : &t.open_count, r.items);
        wrapping_add(r.disputed ? &t.disputed_open_amount : &t.open_amount, r.amount);
    });
    return t;
}

profile_totals profile_view::totals() const noexcept {
    if (kind_ == profile_kind::items) return all_listed_totals();
    if (kind_ == profile_kind::tables) return all_tabled_totals();
    return {};
}

std::size_t profile_view::recent(recent_row* out, std::size_t most) const noexcept {
    most = std::min(most, max_recent_items);
    std::size_t count = 0;
    if (kind_ == profile_kind::items) {
        // Canonical order is by due date, then days late: the latest stand last.
        const std::size_t end = listed_.timed();
        count = std::min(end, most);
        listed_.due_amounts.each_due(end - count, end, [&](std::size_t i, std::int64_t v) {
            out[end - 1 - i].due = static_cast<day_number>(v);
        });
        listed_.days_late.each<std::int64_t>(end - count, end, [&](std::size_t i, std::int64_t v) {
            out[end - 1 - i].days_late = static_cast<std::int32_t>(v);
        });
    } else if (kind_ == profile_kind::tables) {
        tabled_.table(profile_table::recent).each([&](const table_row& r) {
            if (count < most)
                out[count++] = {static_cast<day_number>(r.key), static_cast<std::int32_t>(r.sum)};
        });
    }
    return count;
}

std::size_t profile_view::recent_days_late(std::int32_t* out, std::size_t most) const noexcept {
    most = std::min(most, max_recent_items);
    if (kind_ == profile_kind::items) {
        const std::size_t end = listed_.timed(), count = std::min(end, most);
        listed_.days_late.each<std::int64_t>(end - count, end, [&](std::size_t i, std::int64_t v) {
            out[end - 1 - i] = static_cast<std::int32_t>(v);
        });
        return count;
    }
    recent_row rows[max_recent_items];
    const std::size_t count = recent(rows, most);
    for (std::size_t i = 0; i < count; ++i) out[i] = rows[i].days_late;
    return count;
}

}  // namespace receivables
