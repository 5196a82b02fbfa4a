// The aggregate payment_profile and its kin: collect items in a working profile, fold them at the
// end.
//
// The executor owns the state. When a function returns another pointer than it was given, the
// executor copies it into the aggregate's memory and frees the old one; so a grown state is a new
// block and the old one is left alone. In place is allowed only where AggCheckCallContext says so
// on this very call: from SQL the same functions can be called with stored values.
#include "pg/postgres.hpp"

#include <cstring>

#include "core/profile_state.hpp"
#include "pg/error.hpp"
#include "pg/numeric_reader.hpp"
#include "pg/payment_profile.hpp"

namespace receivables {

namespace {

// The first state holds 15 packed items in 256 bytes; every next one fills twice the memory.
constexpr std::size_t first_state_size = 256;

unsigned char* bytes_of(struct varlena* v) {
    return reinterpret_cast<unsigned char*>(VARDATA(v));
}

// A working profile and where it lives.
struct working {
    struct varlena* value;
    profile_state state;
};

working create_state(profile_kind kind, std::uint32_t capacity, const unsigned char* folded,
                     std::size_t folded_size) {
    const std::size_t size = profile_state::size_of(kind, capacity, folded_size);
    working w;
    w.value = make_varlena(size);
    w.state.create(bytes_of(w.value), kind, capacity, folded, folded_size);
    return w;
}

std::uint32_t first_capacity(profile_kind kind) {
    return static_cast<std::uint32_t>((first_state_size - VARHDRSZ - state_header_size) /
                                      place_size(kind));
}

// The capacity that makes the state without its folded part twice as large, until `needed` fits.
std::uint32_t grown_capacity(const profile_state& state, std::uint32_t needed) {
    std::size_t size = first_state_size;
    const std::size_t overhead = VARHDRSZ + state_header_size;
    const std::size_t wanted = overhead + place_size(state.kind()) * needed;
    while (size < wanted) size *= 2;
    return static_cast<std::uint32_t>((size - overhead) / place_size(state.kind()));
}

// The state's items and what it has folded, as one canonical profile.
struct varlena* fold_state(const profile_state& state) {
    fold_plan plan;
    profile_view folded;
    status s;
    if (state.folded_size() > 0) {
        if (!folded.open(state.folded(), state.folded_size(), &s)) raise(s);
        plan.add(profile_source::of(folded));
    }
    plan.add(state.items());
    return fold_to_profile(plan);
}

// A new state with room for `needed` more items: a larger one, or, when many have been collected,
// one of the same capacity in which they are folded.
void make_room(working* w, std::uint32_t needed) {
    const profile_state old = w->state;
    if (old.count() + needed <= old.most_buffered()) {
        *w = create_state(old.kind(), grown_capacity(old, old.count() + needed), old.folded(),
                          old.folded_size());
        w->state.append_all(old);
        return;
    }
    struct varlena* folded = fold_state(old);
    *w = create_state(old.kind(), Max(old.capacity(), needed), bytes_of(folded),
                      VARSIZE(folded) - VARHDRSZ);
    pfree(folded);
}

// A new state that takes items of any size.
void widen(working* w) {
    if (w->state.kind() == profile_kind::wide_state) return;
    const profile_state old = w->state;
    *w = create_state(profile_kind::wide_state,
                      old.count() + first_capacity(profile_kind::wide_state), old.folded(),
                      old.folded_size());
    w->state.append_widened(old);
}

void append_item(working* w, const item& x) {
    packed_item p;
    if (w->state.kind() == profile_kind::packed_state && pack(x, &p)) {
        if (w->state.room() == 0) make_room(w, 1);
        w->state.append(p);
        return;
    }
    widen(w);
    if (w->state.room() == 0) make_room(w, 1);
    w->state.append(x);
}

// The state argument of a support function, ready to be changed: the executor's own when this call
// is the aggregate's, otherwise a copy.
working open_state(FunctionCallInfo fcinfo, bool in_aggregate) {
    working w;
    w.value = reinterpret_cast<struct varlena*>(PG_GETARG_POINTER(0));
    const bool plain = in_aggregate && !VARATT_IS_EXTENDED(w.value);
    if (!plain) w.value = PG_DETOAST_DATUM_COPY(PG_GETARG_DATUM(0));
    const std::size_t size = VARSIZE(w.value) - VARHDRSZ;
    if (w.state.open(bytes_of(w.value), size)) {
        if (plain) return w;
        if (w.state.items_are_valid()) return w;
        ereport(ERROR, (errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
                        errmsg("malformed payment_profile in working form")));
    }
    // A canonical profile becomes the folded part of a new state.
    profile_view view;
    status s;
    if (!view.open(bytes_of(w.value), size, &s)) raise(s);
    return create_state(profile_kind::packed_state, first_capacity(profile_kind::packed_state),
                        bytes_of(w.value), size);
}

// Adds a canonical profile to a state.
void absorb_view(working* w, const profile_view& view) {
    if (view.kind() == profile_kind::items) {
        item items[max_listed_items];
        std::uint32_t count = 0;
        view.for_each_item([&](const item& x) { items[count++] = x; });
        if (w->state.room() < count) make_room(w, count);
        for (std::uint32_t i = 0; i < count; ++i) append_item(w, items[i]);
        return;
    }
    fold_plan plan;
    profile_view folded;
    status s;
    if (w->state.folded_size() > 0) {
        if (!folded.open(w->state.folded(), w->state.folded_size(), &s)) raise(s);
        plan.add(profile_source::of(folded));
    }
    plan.add(w->state.items());
    plan.add(profile_source::of(view));
    struct varlena* merged = fold_to_profile(plan);
    *w = create_state(w->state.kind(), w->state.capacity(), bytes_of(merged),
                      VARSIZE(merged) - VARHDRSZ);
    pfree(merged);
}

// Adds the items of another working profile, then what it has folded.
void absorb_state(working* w, const profile_state& other) {
    if (other.kind() == profile_kind::wide_state) widen(w);
    if (w->state.room() < other.count()) make_room(w, other.count());
    if (w->state.kind() == other.kind())
        w->state.append_all(other);
    else
        w->state.append_widened(other);
    if (other.folded_size() == 0) return;
    profile_view folded;
    status s;
    if (!folded.open(other.folded(), other.folded_size(), &s)) raise(s);
    absorb_view(w, folded);
}

void absorb(working* w, Datum value) {
    const byte_span bytes = payload(value);
    const profile_kind kind = kind_of(bytes.data, bytes.size);
    profile_view view;
    profile_state other;
    status s;
    if (kind != profile_kind::packed_state && kind != profile_kind::wide_state) {
        if (!view.open(bytes.data, bytes.size, &s)) raise(s);
        absorb_view(w, view);
        return;
    }
    struct varlena* copy = PG_DETOAST_DATUM_COPY(value);
    if (!other.open(bytes_of(copy), VARSIZE(copy) - VARHDRSZ) || !other.items_are_valid())
        ereport(ERROR, (errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
                        errmsg("malformed payment_profile in working form")));
    absorb_state(w, other);
    pfree(copy);
}

// One row of input; NULLs as the aggregate's arguments have them.
struct input_row {
    bool has_invoice, has_paid, has_amount, disputed, has_as_of;
    Datum invoice_date, due_date, paid_date, amount, as_of;
};

// False when the row does not count: its invoice was written after as_of.
bool read_item(const input_row& row, item* out) {
    const day_number due = finite_date(row.due_date, "due date");
    day_number paid = 0;
    bool is_paid = row.has_paid;
    if (is_paid) paid = finite_date(row.paid_date, "paid date");
    out->terms = no_terms;
    if (row.has_invoice) out->terms = due - finite_date(row.invoice_date, "invoice date");
    if (row.has_as_of) {
        const day_number as_of = finite_date(row.as_of, "as_of");
        if (row.has_invoice && due - out->terms > as_of) return false;
        is_paid = is_paid && paid <= as_of;
    }
    bool negative = false;
    out->has_amount = row.has_amount;
    out->scale = 0;
    out->amount = 0;
    if (row.has_amount) {
        const numeric_parts amount = read_numeric(row.amount);
        negative = amount.negative;
        out->amount = amount.units;
        out->scale = static_cast<std::int16_t>(amount.scale);
    }
    out->due = due;
    out->days_late = is_paid ? paid - due : 0;
    out->cls = classify(is_paid, negative, row.disputed);
    return true;
}

Datum transition(FunctionCallInfo fcinfo, const input_row& row) {
    item x;
    if (!read_item(row, &x)) {
        if (PG_ARGISNULL(0)) PG_RETURN_NULL();
        return PG_GETARG_DATUM(0);
    }
    working w;
    if (PG_ARGISNULL(0))
        w = create_state(profile_kind::packed_state, first_capacity(profile_kind::packed_state),
                         nullptr, 0);
    else
        w = open_state(fcinfo, AggCheckCallContext(fcinfo, nullptr) != 0);
    append_item(&w, x);
    PG_RETURN_POINTER(w.value);
}

Datum unchanged_state(FunctionCallInfo fcinfo) {
    if (PG_ARGISNULL(0)) PG_RETURN_NULL();
    return PG_GETARG_DATUM(0);
}

}  // namespace

}  // namespace receivables

using namespace receivables;

// (state, invoice_date, due_date, paid_date, amount [, disputed [, as_of]])
RECEIVABLES_FUNCTION(payment_profile_transition) {
    if (PG_ARGISNULL(2)) return unchanged_state(fcinfo);
    const int arguments = PG_NARGS();
    input_row row;
    row.has_invoice = !PG_ARGISNULL(1);
    row.has_paid = !PG_ARGISNULL(3);
    row.has_amount = !PG_ARGISNULL(4);
    row.invoice_date = PG_GETARG_DATUM(1);
    row.due_date = PG_GETARG_DATUM(2);
    row.paid_date = PG_GETARG_DATUM(3);
    row.amount = PG_GETARG_DATUM(4);
    row.disputed = arguments > 5 && !PG_ARGISNULL(5) && PG_GETARG_BOOL(5);
    row.has_as_of = arguments > 6 && !PG_ARGISNULL(6);
    row.as_of = row.has_as_of ? PG_GETARG_DATUM(6) : 0;
    return transition(fcinfo, row);
}

// (state, due_date, paid_date)
RECEIVABLES_FUNCTION(payment_profile_transition_dates) {
    if (PG_ARGISNULL(1)) return unchanged_state(fcinfo);
    input_row row = {};
    row.has_paid = !PG_ARGISNULL(2);
    row.due_date = PG_GETARG_DATUM(1);
    row.paid_date = PG_GETARG_DATUM(2);
    return transition(fcinfo, row);
}

// (state, profile): also the transition of rollup. The state may be NULL, and so may the profile.
RECEIVABLES_FUNCTION(payment_profile_combine) {
    if (PG_ARGISNULL(1)) return unchanged_state(fcinfo);
    if (PG_ARGISNULL(0)) {
        // A copy with a full header, whose items can be appended to in place.
        struct varlena* copy = PG_DETOAST_DATUM_COPY(PG_GETARG_DATUM(1));
        PG_RETURN_POINTER(copy);
    }
    working w = open_state(fcinfo, AggCheckCallContext(fcinfo, nullptr) != 0);
    absorb(&w, PG_GETARG_DATUM(1));
    PG_RETURN_POINTER(w.value);
}

// Leaves the state as it is: in a window the next row goes on from it.
RECEIVABLES_FUNCTION(payment_profile_final) {
    if (PG_ARGISNULL(0)) PG_RETURN_NULL();
    const byte_span bytes = canonical_profile(PG_GETARG_DATUM(0));
    struct varlena* out = make_varlena(bytes.size);
    std::memcpy(VARDATA(out), bytes.data, bytes.size);
    PG_RETURN_POINTER(out);
}

RECEIVABLES_FUNCTION(payment_profile_add) {
    const profile_view a = open_profile_argument(PG_GETARG_DATUM(0));
    const profile_view b = open_profile_argument(PG_GETARG_DATUM(1));
    fold_plan plan;
    plan.add(profile_source::of(a));
    plan.add(profile_source::of(b));
    PG_RETURN_POINTER(fold_to_profile(plan));
}
