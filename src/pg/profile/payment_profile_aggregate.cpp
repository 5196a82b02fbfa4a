// The aggregate payment_profile and its kin: collect items in a working profile, fold them at the
// end.
//
// The executor owns the state. When a function returns another pointer than it was given, the
// executor copies it into the aggregate's memory and frees the old one; so a grown state is a new
// block and the old one is left alone. In place is allowed only where AggCheckCallContext says so
// on this very call: from SQL the same functions can be called with stored values.
#include "pg/base/postgres.hpp"

#include <cstring>

#include "pg/base/error.hpp"
#include "pg/profile/collector.hpp"
#include "pg/profile/item_reader.hpp"
#include "pg/profile/payment_profile.hpp"

namespace receivables {

namespace {

// The state argument of a support function where it may be changed in place, otherwise nullptr.
inline struct varlena* own_state(FunctionCallInfo fcinfo) {
    struct varlena* value = reinterpret_cast<struct varlena*>(PG_GETARG_POINTER(0));
    const bool own = AggCheckCallContext(fcinfo, nullptr) != 0 && !VARATT_IS_EXTENDED(value);
    return own ? value : nullptr;
}

// The state argument, ready to be changed: the executor's own when this call is the aggregate's,
// otherwise a copy.
[[gnu::always_inline]] inline void open_state(FunctionCallInfo fcinfo,
                                              profile_collector* collector) {
    struct varlena* value = own_state(fcinfo);
    const bool own = value != nullptr;
    if (!own) value = PG_DETOAST_DATUM_COPY(PG_GETARG_DATUM(0));
    if (collector->open(value)) {
        if (!own && !collector->is_valid()) fail_malformed_profile();
        return;
    }
    profile_view view;
    status s;
    const unsigned char* bytes = reinterpret_cast<const unsigned char*>(VARDATA(value));
    const std::size_t size = VARSIZE(value) - VARHDRSZ;
    if (!view.open(bytes, size, &s)) raise(s);
    collector->start_from(bytes, size);
}

// The short way of a large group: what add(dense) adds goes into a dense state in place. False,
// with nothing changed, where it is to go the long way.
template <class F>
[[gnu::always_inline]] inline bool add_in_place(FunctionCallInfo fcinfo, F&& add) {
    struct varlena* state = own_state(fcinfo);
    dense_profile dense;
    return state != nullptr &&
           dense.open(reinterpret_cast<unsigned char*>(VARDATA(state)),
                      VARSIZE(state) - VARHDRSZ) &&
           add(&dense);
}

// Asks memory for what a scan brings in a few rows. Heap pages are filled from their end, so it
// lies a little lower; or else at the end of the next page, which mostly stands behind this one in
// shared buffers, with its line pointers at its start. Where something else lies nothing is lost.
inline void fetch_ahead(const byte_span& row) {
    constexpr std::uintptr_t distance = 1024, cache_line = 64, lines = 5;
    static std::uintptr_t page = 0;  // where the page of the row before began
    const auto fetch = [](std::uintptr_t address) {
        __builtin_prefetch(reinterpret_cast<const void*>(address));
    };
    const auto at = reinterpret_cast<std::uintptr_t>(row.data);
    // The first row of a page ends with it, give or take padding and columns behind the profile.
    if (at - page >= BLCKSZ) page = at + row.size - BLCKSZ;
    std::uintptr_t ahead = at - distance;
    if (ahead - page >= BLCKSZ) {
        ahead += 2 * BLCKSZ;
        fetch(page + BLCKSZ);
        fetch(page + BLCKSZ + cache_line);
    }
    for (std::uintptr_t line = 0; line < lines; ++line) fetch(ahead + line * cache_line);
}

// Of a rollup over many customers.
bool add_listed(dense_profile* dense, Datum value) {
    const byte_span bytes = payload(value);
    fetch_ahead(bytes);
    listed_profile listed;
    int scale;
    return kind_of(bytes.data, bytes.size) == profile_kind::items &&
           open_listed(bytes.data, bytes.size, &scale, &listed) && dense->add(listed, scale);
}

[[gnu::always_inline]] inline Datum transition(FunctionCallInfo fcinfo, const input_row& row) {
    item x;
    if (!read_item(row, &x)) {
        if (PG_ARGISNULL(0)) PG_RETURN_NULL();
        return PG_GETARG_DATUM(0);
    }
    profile_collector collector;
    if (PG_ARGISNULL(0)) {
        collector.start();
    } else {
        if (add_in_place(fcinfo, [&](dense_profile* dense) { return dense->add(x); }))
            return PG_GETARG_DATUM(0);
        open_state(fcinfo, &collector);
    }
    collector.add(x);
    PG_RETURN_POINTER(collector.value());
}

// A copy with a full header, whose items can be appended to in place. Checked once and for all: it
// may be a value from a table, and from now on it is the executor's own.
struct varlena* first_state(Datum value) {
    struct varlena* copy = PG_DETOAST_DATUM_COPY(value);
    profile_collector collector;
    if (collector.open(copy) && !collector.is_valid()) fail_malformed_profile();
    return copy;
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
    if (PG_ARGISNULL(0)) PG_RETURN_POINTER(first_state(PG_GETARG_DATUM(1)));
    if (add_in_place(fcinfo,
                     [&](dense_profile* dense) { return add_listed(dense, PG_GETARG_DATUM(1)); }))
        return PG_GETARG_DATUM(0);
    profile_collector collector;
    open_state(fcinfo, &collector);
    collector.add_value(PG_GETARG_DATUM(1));
    PG_RETURN_POINTER(collector.value());
}

// Leaves the state as it is: in a window the next row goes on from it.
RECEIVABLES_FUNCTION(payment_profile_final) {
    if (PG_ARGISNULL(0)) PG_RETURN_NULL();
    struct varlena* value = reinterpret_cast<struct varlena*>(PG_GETARG_POINTER(0));
    profile_collector collector;
    if (AggCheckCallContext(fcinfo, nullptr) != 0 && !VARATT_IS_EXTENDED(value) &&
        collector.open(value))
        PG_RETURN_POINTER(collector.fold());
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
