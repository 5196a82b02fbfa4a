// The aggregate aging. Its state is an aging itself.
#include "pg/base/postgres.hpp"

#include "pg/base/error.hpp"
#include "pg/base/finite_day.hpp"
#include "pg/base/value_type.hpp"
#include "pg/portfolio/aging.hpp"
#include "pg/portfolio/amount.hpp"

namespace receivables {

namespace {

void require_same_day(day_number a, day_number b) {
    if (a == b) return;
    char first[iso_date_size], second[iso_date_size];
    write_iso_date(a, first);
    write_iso_date(b, second);
    ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
                    errmsg("agings of %s and of %s cannot be added up", first, second),
                    errdetail("as_of must be the same in all rows.")));
}

[[noreturn]] void fail_other_bounds(const char* type_name) {
    ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
                    errmsg("values of %s with other bounds cannot be added up", type_name),
                    errdetail("bounds must be the same in all rows.")));
    pg_unreachable();
}

// An array of the usual form against the state's bounds, without taking it apart: this is done for
// every row. False also for every other form.
bool plainly_same_bounds(const aging& state, FunctionCallInfo fcinfo, int index) {
    if (PG_ARGISNULL(index)) return false;
    ArrayType* array = PG_GETARG_ARRAYTYPE_P(index);
    if (ARR_NDIM(array) != 1 || ARR_HASNULL(array) || ARR_DIMS(array)[0] != state.bound_count())
        return false;
    const char* days = ARR_DATA_PTR(array);
    for (int i = 0; i < state.bound_count(); ++i) {
        int32 day;
        memcpy(&day, days + sizeof day * static_cast<std::size_t>(i), sizeof day);
        if (day != state.bound(i)) return false;
    }
    return true;
}

}  // namespace

aging_value aging_for_change(FunctionCallInfo fcinfo, const char* type_name) {
    aging_value state;
    state.block = reinterpret_cast<struct varlena*>(PG_GETARG_POINTER(0));
    const bool own = AggCheckCallContext(fcinfo, nullptr) != 0 && !VARATT_IS_EXTENDED(state.block);
    if (!own) {
        state.block = PG_DETOAST_DATUM_COPY(PG_GETARG_DATUM(0));
        open_aging(state.datum(), type_name);
    }
    if (!state.value.open(reinterpret_cast<unsigned char*>(VARDATA(state.block)),
                          VARSIZE(state.block) - VARHDRSZ))
        ereport(ERROR, (errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
                        errmsg("malformed %s", type_name)));
    return state;
}

void require_same_bounds(const aging& state, FunctionCallInfo fcinfo, int index,
                         const char* type_name) {
    if (plainly_same_bounds(state, fcinfo, index)) return;
    const aging_bounds given = bounds_argument(fcinfo, index);
    bool same = given.count == state.bound_count();
    for (int i = 0; same && i < given.count; ++i) same = given.days[i] == state.bound(i);
    if (!same) fail_other_bounds(type_name);
}

Datum combine_agings(FunctionCallInfo fcinfo, const char* type_name) {
    if (PG_ARGISNULL(1)) {
        if (PG_ARGISNULL(0)) PG_RETURN_NULL();
        return PG_GETARG_DATUM(0);
    }
    const aging_value other = open_aging(PG_GETARG_DATUM(1), type_name);
    if (PG_ARGISNULL(0)) PG_RETURN_DATUM(PointerGetDatum(PG_DETOAST_DATUM_COPY(other.datum())));
    aging_value state = aging_for_change(fcinfo, type_name);
    require_same_day(state.value.as_of(), other.value.as_of());
    if (!state.value.has_same_bounds(other.value)) fail_other_bounds(type_name);
    if (!state.value.add(other.value)) fail_aging_amount(type_name);
    return state.datum();
}

namespace {

enum argument : int { state_at, due_date_at, amount_at, as_of_at, bounds_at, disputed_at };

aging_value state_for(FunctionCallInfo fcinfo, day_number as_of) {
    if (PG_ARGISNULL(state_at)) return new_aging(as_of, bounds_argument(fcinfo, bounds_at));
    const aging_value state = aging_for_change(fcinfo);
    require_same_day(state.value.as_of(), as_of);
    require_same_bounds(state.value, fcinfo, bounds_at);
    return state;
}

}  // namespace

}  // namespace receivables

using namespace receivables;

// (state, due_date, open_amount, as_of, bounds [, disputed])
RECEIVABLES_FUNCTION(aging_transition) {
    if (PG_ARGISNULL(amount_at)) {
        if (PG_ARGISNULL(state_at)) PG_RETURN_NULL();
        return PG_GETARG_DATUM(state_at);
    }
    if (PG_ARGISNULL(as_of_at))
        ereport(ERROR, (errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED), errmsg("as_of must not be NULL")));
    const day_number as_of = finite_day(PG_GETARG_DATEADT(as_of_at), "as_of");
    aging_value state = state_for(fcinfo, as_of);
    const decimal amount = decimal_argument(PG_GETARG_DATUM(amount_at));
    const bool disputed =
        PG_NARGS() > disputed_at && !PG_ARGISNULL(disputed_at) && PG_GETARG_BOOL(disputed_at);
    int bucket = state.value.bucket_count() - 1;
    if (!PG_ARGISNULL(due_date_at))
        bucket = state.value.bucket_of(std::int64_t{as_of} -
                                       finite_day(PG_GETARG_DATEADT(due_date_at), "due_date"));
    // What is not open is in no bucket; its decimals count, as those of a sum do.
    if (amount.units == 0 ? !state.value.widen_scale(amount.scale)
                          : !state.value.add(bucket, disputed, amount))
        fail_aging_amount();
    return state.datum();
}

RECEIVABLES_FUNCTION(aging_combine) {
    return combine_agings(fcinfo, aging_type);
}
