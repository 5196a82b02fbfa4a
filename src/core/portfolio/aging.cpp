#include "core/portfolio/aging.hpp"

#include <cstring>

namespace receivables {

namespace {

constexpr std::uint8_t aging_version = 1;
constexpr std::size_t head_size = 8, bound_size = 4, cell_size = 24;
constexpr int max_aging_scale = 16383;

template <class T>
T load(const unsigned char* at) noexcept {
    T value;
    std::memcpy(&value, at, sizeof value);
    return value;
}

template <class T>
void store(unsigned char* at, T value) noexcept {
    std::memcpy(at, &value, sizeof value);
}

}  // namespace

bool aging_bounds::add(std::int64_t bound, status* s) noexcept {
    if (bound < -max_aging_bound || bound > max_aging_bound)
        return s->fail(error_code::invalid_parameter, "aging bound %lld is out of range",
                       static_cast<long long>(bound)) ||
               s->with_detail("Bounds lie between %d and %d days overdue.", -max_aging_bound,
                              max_aging_bound);
    const std::int64_t last = zero_given_ && (count == 0 || days[count - 1] < 0) ? 0
                              : count > 0                                        ? days[count - 1]
                                                                                 : INT64_MIN;
    if (bound <= last)
        return s->fail(error_code::invalid_parameter,
                       "aging bounds must ascend: %lld comes after %lld",
                       static_cast<long long>(bound), static_cast<long long>(last));
    if (bound == 0) {
        zero_given_ = true;
        return true;
    }
    if (count == max_aging_bounds)
        return s->fail(error_code::limit_exceeded, "aging has more than the limit of %d bounds",
                       max_aging_bounds);
    days[count++] = static_cast<std::int32_t>(bound);
    return true;
}

int aging_bounds::bucket_of(std::int64_t days_overdue) const noexcept {
    int bucket = days_overdue > 0;
    for (int i = 0; i < count; ++i) bucket += days_overdue > days[i];
    return bucket;
}

// The i-th of the bounds with 0 in its place.
static std::int32_t bound_with_zero(const aging_bounds& bounds, int i) noexcept {
    int below = 0;
    while (below < bounds.count && bounds.days[below] < 0) ++below;
    return i == below ? 0 : bounds.days[i < below ? i : i - 1];
}

aging_bounds::range aging_bounds::range_of(int bucket) const noexcept {
    range out = {};
    if (bucket == no_due_date()) return out;
    out.has_first = bucket > 0;
    out.has_last = bucket < count + 1;
    if (out.has_first) out.first = bound_with_zero(*this, bucket - 1) + 1;
    if (out.has_last) out.last = bound_with_zero(*this, bucket);
    return out;
}

bool aging_bounds::is_not_due(int bucket) const noexcept {
    const range days_of = range_of(bucket);
    return days_of.has_last && days_of.last <= 0;
}

void aging_bounds::write_label(int bucket, text_writer* out) const noexcept {
    if (bucket == no_due_date()) return out->put(no_due_date_name);
    range r = range_of(bucket);
    if (!r.has_first && r.last == 0) return out->put("not due");
    if (is_not_due(bucket)) {
        // Days until due, counted the other way round.
        out->put("due in ");
        r = {r.has_last, r.has_first, -r.last, -r.first};
    }
    if (!r.has_last) {
        out->put("over ");
        return out->put_integer(r.first - 1);
    }
    out->put_integer(r.first);
    if (r.last == r.first) return;
    out->put('-');
    out->put_integer(r.last);
}

std::size_t aging::size_of(int bound_count) noexcept {
    const auto bounds = static_cast<std::size_t>(bound_count);
    return head_size + bound_size * bounds + cell_size * aging_columns * (bounds + 3);
}

void aging::create(unsigned char* bytes, day_number as_of, const aging_bounds& bounds) noexcept {
    bytes_ = bytes;
    std::memset(bytes, 0, size_of(bounds.count));
    bytes[0] = aging_version;
    bytes[1] = static_cast<unsigned char>(bounds.count);
    store(bytes + 4, as_of);
    for (int i = 0; i < bounds.count; ++i)
        store(bytes + head_size + bound_size * static_cast<std::size_t>(i), bounds.days[i]);
}

bool aging::open(unsigned char* bytes, std::size_t size) noexcept {
    bytes_ = bytes;
    return size >= head_size && bytes[0] == aging_version && bytes[1] <= max_aging_bounds &&
           size == size_of(bytes[1]);
}

bool aging::is_sound() const noexcept {
    aging_bounds checked;
    status s;
    for (int i = 0; i < bound_count(); ++i)
        if (bound(i) == 0 || !checked.add(bound(i), &s)) return false;
    if (!is_finite_day(as_of()) || scale() > max_aging_scale) return false;
    for (int i = 0; i < bucket_count(); ++i)
        for (int c = 0; c < aging_columns; ++c) {
            const auto column = static_cast<aging_column>(c);
            const aging_cell value = cell(i, column);
            const int128 amount = column == aging_column::credit ? -value.amount : value.amount;
            if (value.items < 0 || (value.items > 0) != (amount > 0) || amount < 0) return false;
        }
    return true;
}

day_number aging::as_of() const noexcept {
    return load<day_number>(bytes_ + 4);
}

int aging::scale() const noexcept {
    return load<std::uint16_t>(bytes_ + 2);
}

std::int32_t aging::bound(int index) const noexcept {
    return load<std::int32_t>(bytes_ + head_size + bound_size * static_cast<std::size_t>(index));
}

aging_bounds aging::bounds() const noexcept {
    aging_bounds out;
    out.count = bound_count();
    for (int i = 0; i < out.count; ++i) out.days[i] = bound(i);
    return out;
}

bool aging::has_same_bounds(const aging& other) const noexcept {
    return bound_count() == other.bound_count() &&
           std::memcmp(bytes_ + head_size, other.bytes_ + head_size, bound_size * bytes_[1]) == 0;
}

int aging::bucket_of(std::int64_t days_overdue) const noexcept {
    int bucket = days_overdue > 0;
    for (int i = 0; i < bound_count(); ++i) bucket += days_overdue > bound(i);
    return bucket;
}

unsigned char* aging::cell_at(int bucket, aging_column column) const noexcept {
    const int index = aging_columns * bucket + static_cast<int>(column);
    return bytes_ + head_size + bound_size * bytes_[1] +
           cell_size * static_cast<std::size_t>(index);
}

aging_cell aging::cell(int bucket, aging_column column) const noexcept {
    const unsigned char* at = cell_at(bucket, column);
    return {load<std::int64_t>(at), load<int128>(at + 8)};
}

void aging::set_cell(int bucket, aging_column column, aging_cell value) noexcept {
    unsigned char* at = cell_at(bucket, column);
    store(at, value.items);
    store(at + 8, value.amount);
}

bool aging::add_cell(int bucket, aging_column column, aging_cell value) noexcept {
    aging_cell sum = cell(bucket, column);
    if (__builtin_add_overflow(sum.items, value.items, &sum.items) ||
        __builtin_add_overflow(sum.amount, value.amount, &sum.amount))
        return false;
    set_cell(bucket, column, sum);
    return true;
}

bool aging::widen_scale(int to) noexcept {
    const int from = scale();
    if (to <= from) return true;
    for (int i = 0; i < bucket_count(); ++i)
        for (int c = 0; c < aging_columns; ++c) {
            const auto column = static_cast<aging_column>(c);
            aging_cell value = cell(i, column);
            if (!rescale(value.amount, from, to, &value.amount)) return false;
            set_cell(i, column, value);
        }
    store(bytes_ + 2, static_cast<std::uint16_t>(to));
    return true;
}

bool aging::add(int bucket, bool disputed, decimal amount) noexcept {
    if (!widen_scale(amount.scale)) return false;
    if (amount.scale != scale() && !rescale(amount.units, amount.scale, scale(), &amount.units))
        return false;
    const aging_column column = amount.units < 0 ? aging_column::credit
                                : disputed       ? aging_column::disputed
                                                 : aging_column::receivable;
    return add_cell(bucket, column, {1, amount.units});
}

bool aging::add(const aging& other) noexcept {
    if (!widen_scale(other.scale())) return false;
    for (int i = 0; i < bucket_count(); ++i)
        for (int c = 0; c < aging_columns; ++c) {
            const auto column = static_cast<aging_column>(c);
            aging_cell value = other.cell(i, column);
            if (!rescale(value.amount, other.scale(), scale(), &value.amount) ||
                !add_cell(i, column, value))
                return false;
        }
    return true;
}

bool aging::sums(aging_sums* out) const noexcept {
    const aging_bounds all = bounds();
    *out = {};
    bool fits = true;
    const auto put = [&](int128* to, aging_cell value) noexcept {
        fits = fits && !__builtin_add_overflow(*to, value.amount, to) &&
               !__builtin_add_overflow(out->open, value.amount, &out->open) &&
               !__builtin_add_overflow(out->items, value.items, &out->items);
    };
    for (int i = 0; i < bucket_count(); ++i) {
        int128* receivable = i == all.no_due_date() ? &out->no_due_date
                             : all.is_not_due(i)    ? &out->not_due
                                                    : &out->overdue;
        put(receivable, cell(i, aging_column::receivable));
        put(&out->disputed, cell(i, aging_column::disputed));
        put(&out->credits, cell(i, aging_column::credit));
    }
    return fits;
}

}  // namespace receivables
