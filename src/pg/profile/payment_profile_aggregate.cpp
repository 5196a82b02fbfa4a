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
// otherwise a copy that is checked.
void open_state(FunctionCallInfo fcinfo, profile_collector* collector) {
    struct varlena* own = own_state(fcinfo);
    if (own != nullptr && collector->open(own)) return;
    struct varlena* value = PG_DETOAST_DATUM_COPY(PG_GETARG_DATUM(0));
    if (collector->open(value)) return collector->check();
    const unsigned char* bytes = reinterpret_cast<const unsigned char*>(VARDATA(value));
    const std::size_t size = VARSIZE(value) - VARHDRSZ;
    (void)view_of(bytes, size);
    collector->start(bytes, size);
}

// What a support function returns: the state, or the stored form where it was not called by an
// aggregate, so that no working value comes to lie in a table.
Datum state_or_profile(FunctionCallInfo fcinfo, const profile_collector& collector) {
    if (AggCheckCallContext(fcinfo, nullptr) != 0) PG_RETURN_POINTER(collector.value());
    PG_RETURN_POINTER(collector.fold());
}

Datum unchanged_state(FunctionCallInfo fcinfo) {
    if (PG_ARGISNULL(0)) PG_RETURN_NULL();
    return PG_GETARG_DATUM(0);
}

Datum transition(FunctionCallInfo fcinfo, const input_row& row) {
    item items[2];
    if (row.due_date.isnull) return unchanged_state(fcinfo);
    const int count = read_items(row, items);
    if (count == 0) return unchanged_state(fcinfo);
    profile_collector collector;
    if (PG_ARGISNULL(0))
        collector.start();
    else
        open_state(fcinfo, &collector);
    for (int i = 0; i < count; ++i) collector.add(items[i]);
    return state_or_profile(fcinfo, collector);
}

}  // namespace

}  // namespace receivables

using namespace receivables;

// (state, invoice_date, due_date, paid_date, amount [, disputed [, as_of [, open_amount,
// settled_by]]])
RECEIVABLES_FUNCTION(payment_profile_transition) {
    constexpr NullableDatum none = {0, true};
    const int arguments = PG_NARGS();
    const auto argument = [&](int i) { return i < arguments ? fcinfo->args[i] : none; };
    return transition(fcinfo, {argument(1), argument(2), argument(3), argument(4), argument(5),
                               argument(6), argument(7), argument(8)});
}

// (state, due_date, paid_date)
RECEIVABLES_FUNCTION(payment_profile_transition_dates) {
    constexpr NullableDatum none = {0, true};
    return transition(
        fcinfo, {none, fcinfo->args[1], fcinfo->args[2], none, none, none, none, none});
}

// (state, profile): also the transition of rollup. The state may be NULL, and so may the profile.
RECEIVABLES_FUNCTION(payment_profile_combine) {
    if (PG_ARGISNULL(1)) return unchanged_state(fcinfo);
    profile_collector collector;
    if (PG_ARGISNULL(0))
        collector.start();
    else
        open_state(fcinfo, &collector);
    collector.add_value(PG_GETARG_DATUM(1));
    return state_or_profile(fcinfo, collector);
}

// Leaves the state as it is: in a window the next row goes on from it.
RECEIVABLES_FUNCTION(payment_profile_final) {
    if (PG_ARGISNULL(0)) PG_RETURN_NULL();
    struct varlena* own = own_state(fcinfo);
    profile_collector collector;
    if (own != nullptr && collector.open(own)) PG_RETURN_POINTER(collector.fold());
    const byte_span bytes = stored_profile(PG_GETARG_DATUM(0));
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
