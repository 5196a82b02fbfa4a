// The aggregates natural_breaks and natural_grouping over (value, groups). Their state is a bytea,
// so that any parallel or distributed plan can pass it on: version, number of groups, number of
// values (32 bits each, in the machine's order of bytes), the values, unsorted, and room for more.
//
// The executor owns the state. A block that is outgrown is left alone: the executor frees it.
#include "pg/base/postgres.hpp"

extern "C" {
#include "catalog/pg_type.h"
}

#include <cmath>

#include "core/checkup/natural_breaks.hpp"
#include "core/checkup/value_sorter.hpp"
#include "pg/base/memory.hpp"
#include "pg/base/value_type.hpp"

namespace receivables {

namespace {

constexpr std::uint32_t state_version = 1;
constexpr std::size_t first_capacity = 62;
constexpr std::size_t checked_in_a_step = 65536;

struct state_header {
    std::uint32_t version;
    std::int32_t groups;
    std::uint32_t count;
};

constexpr std::size_t max_values =
    (MaxAllocSize - VARHDRSZ - sizeof(state_header)) / sizeof(double);

struct value_state {
    struct varlena* block;
    state_header* header;
    unsigned char* values;  // doubles, not always aligned as such
    std::size_t capacity;
};

[[noreturn]] void fail_state() {
    ereport(ERROR, (errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
                    errmsg("invalid state of the aggregate natural_breaks")));
    pg_unreachable();
}

value_state view_state(struct varlena* block) {
    value_state state;
    state.block = block;
    state.header = reinterpret_cast<state_header*>(VARDATA(block));
    state.values = reinterpret_cast<unsigned char*>(state.header + 1);
    state.capacity = (VARSIZE(block) - VARHDRSZ - sizeof(state_header)) / sizeof(double);
    return state;
}

value_state open_state(struct varlena* block) {
    const std::size_t size = VARSIZE(block) - VARHDRSZ;
    if (size < sizeof(state_header)) fail_state();
    const value_state state = view_state(block);
    if (state.header->version != state_version || state.header->groups < 1 ||
        state.header->groups > max_natural_groups || state.header->count > state.capacity)
        fail_state();
    return state;
}

value_state new_state(std::int32_t groups, std::size_t capacity) {
    const std::size_t size = sizeof(state_header) + capacity * sizeof(double);
    struct varlena* block = make_varlena(size);
    memset(VARDATA(block), 0, size);
    *reinterpret_cast<state_header*>(VARDATA(block)) = {state_version, groups, 0};
    return view_state(block);
}

void append(value_state* state, const void* values, std::size_t count) {
    memcpy(state->values + state->header->count * sizeof(double), values, count * sizeof(double));
    state->header->count += static_cast<std::uint32_t>(count);
}

// The state of argument 0, writable and with room for `more` values. Only within an aggregate is it
// ours to write to, and only a block with a full header.
value_state writable_state(FunctionCallInfo fcinfo, std::size_t more) {
    struct varlena* value = reinterpret_cast<struct varlena*>(PG_GETARG_POINTER(0));
    const bool own = AggCheckCallContext(fcinfo, nullptr) != 0 && !VARATT_IS_EXTENDED(value);
    const value_state state = open_state(
        own ? value : reinterpret_cast<struct varlena*>(PG_DETOAST_DATUM(PG_GETARG_DATUM(0))));
    const std::size_t count = state.header->count;
    if (own && state.capacity - count >= more) return state;
    if (count + more > max_values)
        ereport(ERROR, (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
                        errmsg("natural_breaks takes at most %zu values", max_values)));
    value_state grown =
        new_state(state.header->groups, Min(max_values, Max(2 * (count + more), first_capacity)));
    append(&grown, state.values, count);
    return grown;
}

void require_same_groups(std::int32_t a, std::int32_t b) {
    if (a != b)
        ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
                        errmsg("groups must be the same in all rows"),
                        errdetail("One row says %d, another %d.", a, b)));
}

std::int32_t groups_argument(FunctionCallInfo fcinfo) {
    if (PG_ARGISNULL(2))
        ereport(ERROR,
                (errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED), errmsg("groups must not be NULL")));
    const std::int32_t groups = PG_GETARG_INT32(2);
    if (groups < 1 || groups > max_natural_groups)
        ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
                        errmsg("groups %d is not between 1 and %d", groups, max_natural_groups)));
    return groups;
}

// The values of a state in a buffer of their own, checked: from SQL the state may be any bytea.
double* copy_values(const value_state& state) {
    const std::size_t count = state.header->count;
    double* out = allocate<double>(count + 1);
    for (std::size_t done = 0; done < count; done += checked_in_a_step) {
        CHECK_FOR_INTERRUPTS();
        const std::size_t end = Min(count, done + checked_in_a_step);
        memcpy(out + done, state.values + done * sizeof(double), (end - done) * sizeof(double));
        for (std::size_t i = done; i < end; ++i)
            if (!std::isfinite(out[i])) fail_state();
    }
    return out;
}

// Cuts the values of the state into groups; false when there are none.
bool find_breaks(FunctionCallInfo fcinfo, break_search* search) {
    const value_state state =
        open_state(reinterpret_cast<struct varlena*>(PG_DETOAST_DATUM(PG_GETARG_DATUM(0))));
    const std::size_t count = state.header->count;
    if (count == 0) return false;
    value_sorter sorter(copy_values(state), allocate<double>(count), count);
    while (sorter.step()) CHECK_FOR_INTERRUPTS();
    double* values = sorter.sorted();
    const std::size_t distinct = count_distinct(values, count);
    const int groups =
        static_cast<int>(Min(static_cast<std::size_t>(state.header->groups), distinct));
    CHECK_FOR_INTERRUPTS();
    double* numbers = allocate<double>(break_search::numbers_needed(distinct));
    keep_distinct(values, count, numbers);
    search->start(values, distinct, groups, numbers,
                  allocate<std::uint32_t>(break_search::cuts_needed(distinct, groups)));
    while (search->step()) CHECK_FOR_INTERRUPTS();
    return true;
}

Datum numbers_array(const double* numbers, int count) {
    Datum values[max_natural_groups];
    for (int i = 0; i < count; ++i) values[i] = Float8GetDatum(numbers[i]);
    return PointerGetDatum(construct_array(values, count, FLOAT8OID, sizeof(float8),
                                           FLOAT8PASSBYVAL, TYPALIGN_DOUBLE));
}

// The lowest value of every group but the first.
Datum breaks_array(const break_search& search) {
    double breaks[max_natural_groups];
    for (int g = 1; g < search.group_count(); ++g) breaks[g - 1] = search.group(g).lowest;
    return numbers_array(breaks, search.group_count() - 1);
}

// A group of one value has no standard deviation.
Datum stddev_array(const break_search& search) {
    Datum values[max_natural_groups];
    bool nulls[max_natural_groups];
    int size[1] = {search.group_count()}, lower[1] = {1};
    for (int g = 0; g < size[0]; ++g) {
        const natural_group group = search.group(g);
        nulls[g] = group.count < 2;
        values[g] = Float8GetDatum(nulls[g] ? 0 : search.stddev(group));
    }
    return PointerGetDatum(construct_md_array(values, nulls, 1, size, lower, FLOAT8OID,
                                              sizeof(float8), FLOAT8PASSBYVAL, TYPALIGN_DOUBLE));
}

Datum counts_array(const break_search& search) {
    Datum values[max_natural_groups];
    for (int g = 0; g < search.group_count(); ++g)
        values[g] = Int64GetDatum(static_cast<int64>(search.group(g).count));
    return PointerGetDatum(construct_array(values, search.group_count(), INT8OID, sizeof(int64),
                                           FLOAT8PASSBYVAL, TYPALIGN_DOUBLE));
}

// (value_count, breaks, variance_explained, lowest, highest, counts, means, stddevs)
Datum grouping_row(const break_search& search, TupleDesc row_type) {
    double lowest[max_natural_groups], highest[max_natural_groups], means[max_natural_groups];
    const int groups = search.group_count();
    double within = 0;
    for (int g = 0; g < groups; ++g) {
        const natural_group group = search.group(g);
        lowest[g] = group.lowest;
        highest[g] = group.highest;
        means[g] = group.mean;
        within += group.squares;
    }
    const natural_group all = search.all();
    Datum values[8] = {};
    bool nulls[8] = {};
    values[0] = Int64GetDatum(static_cast<int64>(all.count));
    values[1] = breaks_array(search);
    nulls[2] = !(all.squares > 0);
    values[2] = Float8GetDatum(nulls[2] ? 0 : Max(0.0, 1 - within / all.squares));
    values[3] = numbers_array(lowest, groups);
    values[4] = numbers_array(highest, groups);
    values[5] = counts_array(search);
    values[6] = numbers_array(means, groups);
    values[7] = stddev_array(search);
    return HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(row_type), values, nulls));
}

}  // namespace

}  // namespace receivables

using namespace receivables;

// (state, value, groups)
RECEIVABLES_FUNCTION(natural_breaks_transition) {
    const std::int32_t groups = groups_argument(fcinfo);
    if (PG_ARGISNULL(1)) {
        if (PG_ARGISNULL(0)) PG_RETURN_NULL();
        return PG_GETARG_DATUM(0);
    }
    // Adding zero turns -0, which equals 0, into 0.
    const double value = PG_GETARG_FLOAT8(1) + 0.0;
    if (!std::isfinite(value))
        ereport(ERROR, (errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
                        errmsg("value %s is not a finite number", std::isnan(value) ? "NaN"
                                                                  : value > 0       ? "Infinity"
                                                                              : "-Infinity")));
    value_state state =
        PG_ARGISNULL(0) ? new_state(groups, first_capacity) : writable_state(fcinfo, 1);
    require_same_groups(state.header->groups, groups);
    append(&state, &value, 1);
    PG_RETURN_POINTER(state.block);
}

RECEIVABLES_FUNCTION(natural_breaks_combine) {
    if (PG_ARGISNULL(0) || PG_ARGISNULL(1)) {
        const int given = PG_ARGISNULL(0) ? 1 : 0;
        if (PG_ARGISNULL(given)) PG_RETURN_NULL();
        struct varlena* copy = PG_DETOAST_DATUM_COPY(PG_GETARG_DATUM(given));
        (void)open_state(copy);
        PG_RETURN_POINTER(copy);
    }
    const value_state more =
        open_state(reinterpret_cast<struct varlena*>(PG_DETOAST_DATUM(PG_GETARG_DATUM(1))));
    value_state state = writable_state(fcinfo, more.header->count);
    require_same_groups(state.header->groups, more.header->groups);
    append(&state, more.values, more.header->count);
    PG_RETURN_POINTER(state.block);
}

RECEIVABLES_FUNCTION(natural_breaks_final) {
    break_search search;
    if (PG_ARGISNULL(0) || !find_breaks(fcinfo, &search)) PG_RETURN_NULL();
    return breaks_array(search);
}

RECEIVABLES_FUNCTION(natural_grouping_final) {
    TupleDesc row_type;
    if (get_call_result_type(fcinfo, nullptr, &row_type) != TYPEFUNC_COMPOSITE ||
        row_type->natts != 8)
        ereport(ERROR, (errcode(ERRCODE_DATATYPE_MISMATCH),
                        errmsg("natural_grouping must return the type natural_grouping")));
    break_search search;
    if (PG_ARGISNULL(0) || !find_breaks(fcinfo, &search)) PG_RETURN_NULL();
    return grouping_row(search, row_type);
}
