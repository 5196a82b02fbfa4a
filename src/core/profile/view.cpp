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

std::int64_t profile_view::count(class_set classes) const noexcept {
    if (kind_ == profile_kind::tables) return tabled_.totals.count(classes);
    std::int64_t sum = 0;
    if (kind_ == profile_kind::items)
        for (int c = 0; c < item_classes; ++c)
            if (classes.holds(static_cast<item_class>(c))) sum += listed_.count[c];
    return sum;
}

profile_totals profile_view::totals() const noexcept {
    if (kind_ == profile_kind::tables) return tabled_.totals;
    profile_totals t;
    for_each_item([&](const item& x) { t.add(x); });
    return t;
}

bool profile_view::has_amounts() const noexcept {
    if (kind_ == profile_kind::tables) return tabled_.totals.amount_count > 0;
    // A column of unknown amounts alone has no width.
    return kind_ == profile_kind::items && (!listed_.amount.nullable || listed_.amount.width > 0);
}

namespace {

// The largest number of a column; its base is the least.
std::int64_t most_of(const column& c) noexcept {
    auto most = static_cast<std::int64_t>(c.base);
    c.each<std::int64_t>(0, c.rows,
                         [&](std::size_t, std::int64_t v) { most = v > most ? v : most; });
    return most;
}

}  // namespace

void profile_view::limits(std::int64_t* least_due, std::int64_t* most_due, std::int64_t* least_late,
                          std::int64_t* most_late) const noexcept {
    *least_due = static_cast<std::int64_t>(listed_.due.base);
    *most_due = most_of(listed_.due);
    *least_late = static_cast<std::int64_t>(listed_.days_late.base);
    *most_late = most_of(listed_.days_late);
}

std::size_t profile_view::recent(recent_row* out, std::size_t most) const noexcept {
    most = std::min(most, max_recent_items);
    std::size_t count = 0;
    if (kind_ == profile_kind::items) {
        // Canonical order is by due date, then days late: the latest stand last.
        const std::size_t end = listed_.of(item_class::timed);
        count = std::min(end, most);
        listed_.due.each<std::int64_t>(end - count, end, [&](std::size_t i, std::int64_t v) {
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

}  // namespace receivables
