#include "core/profile/dense.hpp"

#include <algorithm>
#include <cstring>

namespace receivables {

namespace {

// Amounts below this can be added up more often than memory could ever hold items.
constexpr uint128 most_amount = uint128{1} << 63;

}  // namespace

std::size_t dense_profile::size_of(const day_window_range& late,
                                   const day_window_range& due) noexcept {
    return header_offset + sizeof(dense_header) + sizeof(dense_days) * late.days +
           sizeof(dense_amount) * due.days + sizeof(std::int64_t) * (late.days + due.days) +
           2 * sizeof(dense_amount) * due.days + sizeof(std::uint64_t) * 2 * late.days +
           3 * sizeof(std::uint64_t) * due.days;
}

bool dense_profile::open(unsigned char* bytes, std::size_t size) noexcept {
    if (size < header_offset + sizeof(dense_header) ||
        bytes[0] != profile_tag(profile_kind::dense_state))
        return false;
    const auto& h = *reinterpret_cast<const dense_header*>(bytes + header_offset);
    if (h.late.days > most_window_days || h.due.days > most_window_days || !h.late.is_of_days() ||
        !h.due.is_of_days() || size != size_of(h.late, h.due) ||
        h.recent_count > max_recent_items || h.scale < 0 || h.scale > max_display_scale)
        return false;
    point_into(bytes);
    return true;
}

void dense_profile::create(unsigned char* bytes, const day_window_range& late,
                           const day_window_range& due, int scale) noexcept {
    std::memset(bytes, 0, size_of(late, due));
    bytes[0] = profile_tag(profile_kind::dense_state);
    auto* header = reinterpret_cast<dense_header*>(bytes + header_offset);
    header->late = late;
    header->due = due;
    header->scale = scale;
    header->last_paid = min_day;
    point_into(bytes);
}

bool dense_profile::holds(const item& x, std::uint64_t* amount) const noexcept {
    if (!header_->due.holds(x.due)) return false;
    if (x.cls == item_class::timed && !header_->late.holds(x.days_late)) return false;
    uint128 units = x.amount;
    if (x.scale != header_->scale && units != 0) {
        int128 scaled;
        if (units >= most_amount ||
            !rescale(static_cast<int128>(units), x.scale, header_->scale, &scaled))
            return false;
        units = static_cast<uint128>(scaled);
    }
    // A scale is kept even when only zeros have it.
    if (x.scale > header_->scale || units >= most_amount) return false;
    *amount = static_cast<std::uint64_t>(units);
    return true;
}

void dense_profile::add_recent(day_number due, std::int32_t days_late) noexcept {
    const recent_row row{due, days_late};
    std::size_t at =
        header_->recent_count < max_recent_items ? header_->recent_count++ : max_recent_items - 1;
    for (; at > 0 && is_later(row, header_->recent[at - 1]); --at)
        header_->recent[at] = header_->recent[at - 1];
    header_->recent[at] = row;
}

[[gnu::flatten]] bool dense_profile::add(const item& x) noexcept {
    std::uint64_t amount;
    if (!holds(x, &amount)) return false;
    add_fitting(x, amount);
    return true;
}

void dense_profile::add_fitting(const item& x, std::uint64_t amount) noexcept {
    dense_header& h = *header_;
    const auto due = static_cast<std::uint64_t>(x.due - h.due.first);
    ++h.items;
    if (x.has_amount) {
        ++due_[due].items;
        if (is_credit(x.cls))
            due_[due].amount.add_signed(-static_cast<int128>(amount));
        else
            due_[due].amount.add(amount);
    }
    if (is_credit(x.cls)) {
        if (x.has_amount) h.due_square_sum.add_signed(-static_cast<int128>(due * due));
        const bool paid = x.cls == item_class::credit_paid;
        ++(paid ? h.credit_paid_count : h.credit_open_count);
        (paid ? h.credit_paid_amount : h.credit_open_amount)
            .add_signed(-static_cast<int128>(amount));
        return;
    }
    widen_due(x.due, x.due, 1);
    if (x.terms != no_terms) add_terms(1, x.terms, x.invoiced(), x.invoiced());
    if (x.cls == item_class::timed) {
        const auto late = static_cast<std::uint64_t>(x.days_late - h.late.first);
        ++h.paid_count;
        ++late_[late].items;
        late_[late].amount.add(amount);
        late_[late].due_sum += static_cast<std::int64_t>(due);
        ++paid_[due + late];
        if (!x.has_amount) h.due_square_sum.add(due * due);
        if (x.terms != no_terms) {
            ++h.days_to_pay_count;
            h.days_to_pay_sum.add_signed(x.terms);
        } else {
            h.days_to_pay_sum.add_signed(-std::int64_t{x.days_late});
        }
        if (is_recent(x.due, x.days_late)) add_recent(x.due, x.days_late);
        return;
    }
    if (x.cls == item_class::disputed_paid) {
        if (x.has_amount) h.due_square_sum.add_signed(-static_cast<int128>(due * due));
        ++h.paid_count;
        h.last_paid = std::max(h.last_paid, x.paid());
        ++h.disputed_paid_count;
        h.disputed_paid_amount.add(amount);
    } else {
        dense_amount& row = open_[due + (x.cls == item_class::disputed_open ? h.due.days : 0)];
        ++row.items;
        row.amount.add(amount);
        if (!x.has_amount) h.due_square_sum.add(due * due);
    }
}

}  // namespace receivables
