// The aggregate payment_profile and its kin: collect items in a working profile, fold them at the
// end.
#include "pg/base/postgres.hpp"

#include <cstring>

#include "pg/base/aggregate_state.hpp"
#include "pg/base/error.hpp"
#include "pg/profile/collector.hpp"
#include "pg/profile/item_reader.hpp"
#include "pg/profile/payment_profile.hpp"

namespace receivables {

namespace {

// The state argument, ready to be changed: the executor's own when this call is the aggregate's,
// otherwise a copy that is checked.
void open_state(FunctionCallInfo fcinfo, bool in_aggregate, profile_collector* collector) {
    struct varlena* own = own_state(fcinfo, in_aggregate);
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
Datum state_or_profile(bool in_aggregate, const profile_collector& collector) {
    PG_RETURN_POINTER(in_aggregate ? collector.value() : collector.fold());
}

[[gnu::always_inline]] inline Datum transition(FunctionCallInfo fcinfo, const input_row& row) {
    item items[2];
    if (row.due_date.isnull) return unchanged_state(fcinfo);
    const int count = read_items(row, items);
    if (count == 0) return unchanged_state(fcinfo);
    const bool in_aggregate = is_aggregates(fcinfo);
    profile_collector collector;
    if (PG_ARGISNULL(0))
        collector.start();
    else
        open_state(fcinfo, in_aggregate, &collector);
    for (int i = 0; i < count; ++i) collector.add(items[i]);
    return state_or_profile(in_aggregate, collector);
}

// With the number of arguments known, so that nothing is spent on those that are not there.
template <int Arguments>
Datum transition_of(FunctionCallInfo fcinfo) {
    const auto argument = [&](int i) {
        return i < Arguments ? fcinfo->args[i] : NullableDatum{0, true};
    };
    return transition(fcinfo, {argument(1), argument(2), argument(3), argument(4), argument(5),
                               argument(6), argument(7), argument(8)});
}

}  // namespace

}  // namespace receivables

using namespace receivables;

// (state, invoice_date, due_date, paid_date, amount [, disputed [, as_of [, open_amount,
// settled_by]]])
RECEIVABLES_FUNCTION(payment_profile_transition) {
    switch (PG_NARGS()) {
        case 5:
            return transition_of<5>(fcinfo);
        case 6:
            return transition_of<6>(fcinfo);
        case 7:
            return transition_of<7>(fcinfo);
        default:
            return transition_of<9>(fcinfo);
    }
}

// (state, due_date, paid_date)
RECEIVABLES_FUNCTION(payment_profile_transition_dates) {
    constexpr NullableDatum none = {0, true};
    return transition(fcinfo,
                      {none, fcinfo->args[1], fcinfo->args[2], none, none, none, none, none});
}

// (state, profile): also the transition of rollup. The state may be NULL, and so may the profile.
RECEIVABLES_FUNCTION(payment_profile_combine) {
    if (PG_ARGISNULL(1)) return unchanged_state(fcinfo);
    const bool in_aggregate = is_aggregates(fcinfo);
    profile_collector collector;
    if (PG_ARGISNULL(0))
        collector.start();
    else
        open_state(fcinfo, in_aggregate, &collector);
    collector.add_value(PG_GETARG_DATUM(1));
    return state_or_profile(in_aggregate, collector);
}

// Leaves the state as it is: in a window the next row goes on from it.
RECEIVABLES_FUNCTION(payment_profile_final) {
    if (PG_ARGISNULL(0)) PG_RETURN_NULL();
    struct varlena* own = own_state(fcinfo, is_aggregates(fcinfo));
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
