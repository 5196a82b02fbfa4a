// The aggregate countback_dso. Its state is a bytea, so that any parallel or distributed plan can
// pass it on: a monthly_sales.
#include "pg/base/postgres.hpp"

#include "core/portfolio/countback.hpp"
#include "pg/base/finite_day.hpp"
#include "pg/base/value_type.hpp"
#include "pg/portfolio/amount.hpp"

namespace receivables {

namespace {

constexpr int first_months = 24;

struct countback_state {
    struct varlena* block;
    monthly_sales months;
};

[[noreturn]] void fail_malformed_countback() {
    ereport(ERROR, (errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
                    errmsg("invalid state of the aggregate countback_dso")));
    pg_unreachable();
}

[[noreturn]] void fail_countback_amount() {
    ereport(ERROR, (errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
                    errmsg("sum of sales is out of range for countback_dso"),
                    errdetail("A sum may have up to 38 digits, those after the decimal point "
                              "included.")));
    pg_unreachable();
}

unsigned char* bytes_of(struct varlena* block) {
    return reinterpret_cast<unsigned char*>(VARDATA_ANY(block));
}

countback_state open_countback(Datum value) {
    countback_state state;
    state.block = PG_DETOAST_DATUM_PACKED(value);
    if (!state.months.open(bytes_of(state.block), VARSIZE_ANY_EXHDR(state.block)))
        fail_malformed_countback();
    return state;
}

countback_state new_countback(day_number as_of, int months) {
    const std::size_t size = monthly_sales::size_of(Max(months, first_months));
    countback_state state;
    state.block = make_varlena(size);
    state.months.create(bytes_of(state.block), size, as_of);
    return state;
}

// The state of argument 0, writable and with room for so many months: the executor's own when this
// call is the aggregate's, otherwise a copy. A block that is outgrown stays: the executor frees it.
countback_state countback_for_change(FunctionCallInfo fcinfo, int months) {
    countback_state state = open_countback(PG_GETARG_DATUM(0));
    const bool ours = AggCheckCallContext(fcinfo, nullptr) != 0 && !VARATT_IS_SHORT(state.block) &&
                      PointerGetDatum(state.block) == PG_GETARG_DATUM(0);
    if (ours && state.months.capacity() >= months) return state;
    const std::size_t size =
        monthly_sales::size_of(Max(months + first_months, state.months.capacity()));
    countback_state copy;
    copy.block = make_varlena(size);
    state.months.copy_to(bytes_of(copy.block), size);
    if (!copy.months.open(bytes_of(copy.block), size)) fail_malformed_countback();
    return copy;
}

[[noreturn]] void fail_other_constant(const char* argument) {
    ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
                    errmsg("%s must be the same in all rows of countback_dso", argument)));
    pg_unreachable();
}

int month_argument(day_number as_of, day_number day) {
    const int month = months_before(as_of, day);
    if (month >= max_countback_months) {
        char given[iso_date_size];
        write_iso_date(day, given);
        ereport(ERROR, (errcode(ERRCODE_DATETIME_VALUE_OUT_OF_RANGE),
                        errmsg("month %s lies more than 200 years before as_of", given)));
    }
    return month;
}

}  // namespace

}  // namespace receivables

using namespace receivables;

// (state, month, sales, receivables, as_of)
RECEIVABLES_FUNCTION(countback_transition) {
    if (PG_ARGISNULL(1) || PG_ARGISNULL(2) || PG_ARGISNULL(3) || PG_ARGISNULL(4)) {
        if (PG_ARGISNULL(0)) PG_RETURN_NULL();
        PG_RETURN_DATUM(PG_GETARG_DATUM(0));
    }
    const day_number day = finite_day(PG_GETARG_DATEADT(1), "month");
    const day_number as_of = finite_day(PG_GETARG_DATEADT(4), "as_of");
    const decimal sales = decimal_argument(PG_GETARG_DATUM(2));
    const decimal balance = decimal_argument(PG_GETARG_DATUM(3));
    const int month = day > as_of ? 0 : month_argument(as_of, day);
    countback_state state =
        PG_ARGISNULL(0) ? new_countback(as_of, month + 1) : countback_for_change(fcinfo, month + 1);
    if (PG_ARGISNULL(0) && !state.months.set_receivables(balance)) fail_countback_amount();
    if (state.months.as_of() != as_of) fail_other_constant("as_of");
    if (!state.months.has_receivables(balance)) fail_other_constant("receivables");
    // Sales after as_of are not known yet.
    if (day <= as_of && !state.months.add(month, sales)) fail_countback_amount();
    PG_RETURN_POINTER(state.block);
}

RECEIVABLES_FUNCTION(countback_combine) {
    if (PG_ARGISNULL(1)) {
        if (PG_ARGISNULL(0)) PG_RETURN_NULL();
        PG_RETURN_DATUM(PG_GETARG_DATUM(0));
    }
    const countback_state other = open_countback(PG_GETARG_DATUM(1));
    if (PG_ARGISNULL(0))
        PG_RETURN_DATUM(PointerGetDatum(PG_DETOAST_DATUM_COPY(PG_GETARG_DATUM(1))));
    countback_state state = countback_for_change(fcinfo, other.months.month_count());
    if (state.months.as_of() != other.months.as_of()) fail_other_constant("as_of");
    if (!state.months.has_receivables({other.months.receivables(), other.months.scale()}))
        fail_other_constant("receivables");
    if (!state.months.add(other.months)) fail_countback_amount();
    PG_RETURN_POINTER(state.block);
}

RECEIVABLES_FUNCTION(countback_final) {
    if (PG_ARGISNULL(0)) PG_RETURN_NULL();
    const maybe<double> days = countback_days(open_countback(PG_GETARG_DATUM(0)).months);
    if (!days.known) PG_RETURN_NULL();
    PG_RETURN_FLOAT8(days.value);
}
