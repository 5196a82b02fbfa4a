#include "pg/base/postgres.hpp"

#include "core/profile/check.hpp"
#include "pg/base/error.hpp"
#include "pg/base/memory.hpp"
#include "pg/profile/collector.hpp"

namespace receivables {

namespace {

// The first state holds 61 ordinary items; each next one fills twice the memory, so that rounding
// up loses nothing.
constexpr std::size_t first_state_size = 512;
constexpr std::size_t state_overhead = VARHDRSZ + state_header_size;

// Items that are collected before they are folded: enough that folding costs little an item, few
// enough that a group stays within some hundred kilobytes. A large folded part raises it, so that
// it is not rewritten too often.
constexpr std::uint32_t most_places = 32768;

std::size_t size_of(const struct varlena* v) {
    return VARSIZE(v) - VARHDRSZ;
}

std::uint32_t capacity_within(std::size_t size) {
    return static_cast<std::uint32_t>((size - state_overhead) / sizeof(item_place));
}

// The capacity of the smallest state of 512, 1024, 2048, ... bytes that has so many places.
std::uint32_t grown_capacity(std::uint32_t places) {
    std::size_t size = first_state_size;
    while (capacity_within(size) < places) size *= 2;
    return capacity_within(size);
}

}  // namespace

void profile_collector::create(std::uint32_t capacity, const unsigned char* folded,
                               std::size_t folded_size) {
    struct varlena* value = make_varlena(profile_state::size_of(capacity, folded_size));
    profile_state state;
    state.create(profile_bytes(value), capacity, folded, folded_size);
    replace(value, state);
}

void profile_collector::replace(struct varlena* value, const profile_state& state) {
    if (is_own_) pfree(value_);
    value_ = value;
    state_ = state;
    is_own_ = true;
}

void profile_collector::start(const unsigned char* folded, std::size_t folded_size) {
    create(capacity_within(first_state_size), folded, folded_size);
}

void profile_collector::check() const {
    status s;
    if (!check_places(state_.places(), &s)) raise(s);
    if (state_.folded_size() > 0) check_stored(state_.folded(), state_.folded_size());
}

void profile_collector::add_sources_to(fold_plan* plan) const {
    if (state_.folded_size() > 0)
        plan->add(profile_source::of(view_of(state_.folded(), state_.folded_size())));
    plan->add(profile_source::of(state_.places()));
}

struct varlena* profile_collector::fold() const {
    fold_plan plan;
    add_sources_to(&plan);
    return fold_to_profile(plan);
}

// A new state with room for `needed` more places: a larger one, or one in which the items of the
// old one are folded.
void profile_collector::make_room(std::uint32_t needed) {
    const std::size_t by_folded = state_.folded_size() / sizeof(item_place);
    if (state_.used() + needed <= Max(most_places, by_folded)) {
        const std::uint32_t capacity = grown_capacity(state_.used() + needed);
        struct varlena* value =
            make_varlena(profile_state::size_of(capacity, state_.folded_size()));
        profile_state grown;
        grown.create(profile_bytes(value), capacity, state_.folded(), state_.folded_size());
        grown.take(state_.places());
        return replace(value, grown);
    }
    struct varlena* folded = fold();
    create(Max(state_.capacity(), grown_capacity(needed)), profile_bytes(folded), size_of(folded));
    pfree(folded);
}

// Folds a profile of tables into the state's folded part.
void profile_collector::fold_with(const profile_view& view) {
    fold_plan plan;
    add_sources_to(&plan);
    plan.add(profile_source::of(view));
    struct varlena* merged = fold_to_profile(plan);
    create(state_.capacity(), profile_bytes(merged), size_of(merged));
    pfree(merged);
}

void profile_collector::add(const unsigned char* bytes, std::size_t size) {
    const profile_view view = view_of(bytes, size);
    if (view.kind() == profile_kind::tables) return fold_with(view);
    while (!state_.append_profile(bytes, size)) make_room(1 + places_for(size));
}

void profile_collector::add_value(Datum value) {
    const byte_span bytes = payload(value);
    if (kind_of(bytes.data, bytes.size) != profile_kind::working)
        return add(bytes.data, bytes.size);
    struct varlena* copy = PG_DETOAST_DATUM_COPY(value);
    profile_collector other;
    if (!other.open(copy)) fail_malformed_profile();
    other.check();
    if (other.state_.folded_size() > 0) add(other.state_.folded(), other.state_.folded_size());
    other.state_.places().each([this](const item& x) { add(x); },
                               [this](const unsigned char* b, std::size_t n) { add(b, n); });
    pfree(copy);
}

}  // namespace receivables
