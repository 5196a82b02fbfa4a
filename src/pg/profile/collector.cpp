#include "pg/base/postgres.hpp"

#include "pg/base/error.hpp"
#include "pg/base/memory.hpp"
#include "pg/profile/collector.hpp"

namespace receivables {

namespace {

// The first state holds 61 compact items in 512 bytes, so that most customers' items stay where
// they were allocated, beside the executor's entry for the group; every next one fills twice the
// memory.
constexpr std::size_t first_state_size = 512;
constexpr std::size_t state_overhead = VARHDRSZ + state_header_size;
// Below this many items no windows are tried.
constexpr std::uint32_t fewest_for_dense = 2048;
// And they are taken when they need no more than this an item.
constexpr std::size_t most_dense_bytes = 64;

unsigned char* bytes_of(struct varlena* v) {
    return reinterpret_cast<unsigned char*>(VARDATA(v));
}

std::size_t size_of(const struct varlena* v) {
    return VARSIZE(v) - VARHDRSZ;
}

std::uint32_t capacity_within(profile_kind kind, std::size_t size) {
    return static_cast<std::uint32_t>((size - state_overhead) / place_size(kind));
}

// The capacity of the smallest state of a size 512, 1024, 2048, ... bytes that holds `needed`
// items.
std::uint32_t grown_capacity(profile_kind kind, std::uint32_t needed) {
    std::size_t size = first_state_size;
    while (capacity_within(kind, size) < needed) size *= 2;
    return capacity_within(kind, size);
}

// A canonical profile of the tables of a dense one.
struct varlena* fold_dense(const dense_profile& dense) {
    table_row* rows = allocate<table_row>(dense.most_rows());
    table_set tables;
    dense.write_tables(rows, &tables);
    struct varlena* out = make_varlena(tabled_size(tables));
    write_tabled(tables, bytes_of(out));
    return out;
}

profile_view view_of(struct varlena* canonical) {
    profile_view view;
    status s;
    if (!view.open(bytes_of(canonical), size_of(canonical), &s)) raise(s);
    return view;
}

}  // namespace

void profile_collector::start() {
    create_state(profile_kind::compact_state,
                 capacity_within(profile_kind::compact_state, first_state_size), nullptr, 0);
}

bool profile_collector::open(struct varlena* value) {
    value_ = value;
    is_dense_ = dense_.open(bytes_of(value), size_of(value));
    return is_dense_ || state_.open(bytes_of(value), size_of(value));
}

void profile_collector::start_from(const unsigned char* bytes, std::size_t size) {
    create_state(profile_kind::compact_state,
                 capacity_within(profile_kind::compact_state, first_state_size), bytes, size);
}

void profile_collector::create_state(profile_kind kind, std::uint32_t capacity,
                                     const unsigned char* folded, std::size_t folded_size) {
    value_ = make_varlena(profile_state::size_of(kind, capacity, folded_size));
    state_.create(bytes_of(value_), kind, capacity, folded, folded_size);
    is_dense_ = false;
}

void profile_collector::add_sources_to(fold_plan* plan, profile_view* folded) const {
    status s;
    if (state_.folded_size() > 0) {
        if (!folded->open(state_.folded(), state_.folded_size(), &s)) raise(s);
        plan->add(profile_source::of(*folded));
    }
    plan->add(state_.items());
}

struct varlena* profile_collector::fold() const {
    if (is_dense_) return fold_dense(dense_);
    status s;
    if (state_.folded_size() == 0 && state_.count() > 0 && state_.count() <= max_listed_items)
        return list_state(state_);
    fold_plan plan;
    profile_view folded;
    add_sources_to(&plan, &folded);
    return fold_to_profile(plan);
}

// Tries to go on in dense form: what is collected, and optionally one more item or profile, in at
// most `most_size` bytes.
bool profile_collector::become_dense(const item* x, const profile_view* view,
                                     std::size_t most_size) {
    dense_windows windows;
    int scale = 0;
    profile_view collected;
    status s;
    const bool folded = is_dense_ || state_.folded_size() > 0;
    struct varlena* canonical = is_dense_ ? fold_dense(dense_) : nullptr;
    const auto add_item = [&](const item& i) {
        windows.add(i);
        scale = Max(scale, i.scale);
    };
    const auto add_view = [&](const profile_view& v) {
        windows.add(v);
        scale = Max(scale, v.scale());
    };
    if (is_dense_)
        collected = view_of(canonical);
    else if (folded && !collected.open(state_.folded(), state_.folded_size(), &s))
        raise(s);
    if (folded) add_view(collected);
    if (is_dense_) windows.add(dense_);
    if (!is_dense_) for_each_item(state_.items(), add_item);
    if (x != nullptr) add_item(*x);
    if (view != nullptr) add_view(*view);

    day_window_range late, due;
    if (!windows.fit(&late, &due) || dense_profile::size_of(late, due) > most_size) return false;
    struct varlena* value = make_varlena(dense_profile::size_of(late, due));
    dense_profile dense;
    dense.create(bytes_of(value), late, due, scale);
    bool fits = !folded || dense.add(collected);
    if (!is_dense_)
        for_each_item(state_.items(), [&](const item& i) { fits = fits && dense.add(i); });
    fits = fits && (x == nullptr || dense.add(*x)) && (view == nullptr || dense.add(*view));
    if (!fits) {
        pfree(value);
        return false;
    }
    value_ = value;
    dense_ = dense;
    is_dense_ = true;
    return true;
}

// Goes on in compact form, with what was collected as its folded part.
void profile_collector::leave_dense() {
    struct varlena* folded = fold_dense(dense_);
    start_from(bytes_of(folded), size_of(folded));
    pfree(folded);
}

// A new state with room for `needed` more items.
void profile_collector::make_room(std::uint32_t needed) {
    const profile_state old = state_;
    const std::uint32_t capacity = grown_capacity(old.kind(), old.count() + needed);
    if (old.count() + needed <= old.most_buffered()) {
        create_state(old.kind(), capacity, old.folded(), old.folded_size());
        (void)state_.append_all(old);
        return;
    }
    struct varlena* folded = fold();
    create_state(old.kind(), Max(old.capacity(), needed), bytes_of(folded), size_of(folded));
    pfree(folded);
}

// A new state of this kind with all items of the old one and room for one more; false when an item
// does not fit into a place of the kind.
bool profile_collector::take_over(const profile_state& old, profile_kind kind) {
    create_state(kind, grown_capacity(kind, old.count() + 1), old.folded(), old.folded_size());
    for (std::uint32_t i = 0; i < old.count(); ++i)
        if (!state_.append(old.item_at(i))) return false;
    return true;
}

// Goes on in the next kind that takes all items collected; the wide one takes any.
void profile_collector::widen() {
    const profile_state old = state_;
    if (old.kind() == profile_kind::compact_state) {
        if (take_over(old, profile_kind::packed_state)) return;
        pfree(value_);
    }
    (void)take_over(old, profile_kind::wide_state);
}

void profile_collector::append_or_widen(const item& x) {
    while (!state_.append(x)) widen();
}

void profile_collector::add(const item& x) {
    if (is_dense_) return add_to_dense(x);
    if (state_.room() == 0) {
        if (state_.count() >= fewest_for_dense &&
            become_dense(&x, nullptr, most_dense_bytes * state_.count()))
            return;
        make_room(1);
    }
    append_or_widen(x);
}

void profile_collector::add_to_dense(const item& x) {
    if (dense_.add(x) || become_dense(&x, nullptr, MaxAllocSize / 2)) return;
    leave_dense();
    add(x);
}

void profile_collector::add_to_dense(const profile_view& view) {
    if (dense_.add(view) || become_dense(nullptr, &view, MaxAllocSize / 2)) return;
    leave_dense();
    add(view);
}

// Folds a profile of tables into the state's folded part.
void profile_collector::fold_with(const profile_view& view) {
    fold_plan plan;
    profile_view folded;
    add_sources_to(&plan, &folded);
    plan.add(profile_source::of(view));
    struct varlena* merged = fold_to_profile(plan);
    create_state(state_.kind(), state_.capacity(), bytes_of(merged), size_of(merged));
    pfree(merged);
}

void profile_collector::add(const profile_view& view) {
    if (is_dense_) return add_to_dense(view);
    if (view.kind() == profile_kind::tables) {
        const std::size_t items =
            state_.count() + static_cast<std::size_t>(view.totals().item_count());
        if (items < fewest_for_dense || !become_dense(nullptr, &view, most_dense_bytes * items))
            fold_with(view);
        return;
    }
    item* items = allocate<item>(max_listed_items);
    std::uint32_t count = 0;
    view.for_each_item([&](const item& x) { items[count++] = x; });
    for (std::uint32_t i = 0; i < count; ++i) add(items[i]);
}

// Adds what another collector holds item by item.
void profile_collector::add_collected(const profile_state& other) {
    if (!is_dense_ && state_.kind() == other.kind()) {
        if (state_.room() < other.count()) make_room(other.count());
        if (state_.append_all(other)) return;
    }
    for (std::uint32_t i = 0; i < other.count(); ++i) add(other.item_at(i));
}

void profile_collector::add_value(Datum value) {
    const byte_span bytes = payload(value);
    if (!is_working(kind_of(bytes.data, bytes.size))) {
        profile_view view;
        status s;
        if (!view.open(bytes.data, bytes.size, &s)) raise(s);
        add(view);
        return;
    }
    struct varlena* copy = PG_DETOAST_DATUM_COPY(value);
    profile_collector other;
    if (!other.open(copy) || !other.is_valid()) fail_malformed_profile();
    if (other.is_dense_) {
        struct varlena* canonical = other.fold();
        add(view_of(canonical));
        pfree(canonical);
    } else {
        if (other.state_.folded_size() > 0) {
            profile_view folded;
            status s;
            if (!folded.open(other.state_.folded(), other.state_.folded_size(), &s)) raise(s);
            add(folded);
        }
        add_collected(other.state_);
    }
    pfree(copy);
}

}  // namespace receivables
