// The aggregates natural_breaks and natural_grouping over (value, groups).
#include "pg/base/postgres.hpp"

extern "C" {
#include "catalog/pg_type.h"
}

#include <cmath>

#include "core/checkup/natural_breaks.hpp"
#include "pg/base/list_state.hpp"
#include "pg/base/memory.hpp"
#include "pg/base/sort.hpp"

namespace receivables {

namespace {

constexpr std::size_t checked_in_a_step = 65536;

// Its setting is the number of groups.
struct value_list {
    using value = double;
    static constexpr const char* aggregate_name = "natural_breaks";
    static constexpr std::uint32_t version = 1;
    static constexpr std::size_t first_capacity = 62;

    static bool is_setting(std::uint32_t groups) {
        return groups >= 1 && groups <= max_natural_groups;
    }
    [[noreturn]] static void fail_other_setting(std::uint32_t one, std::uint32_t other) {
        ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
                        errmsg("groups must be the same in all rows"),
                        errdetail("One row says %u, another %u.", one, other)));
        pg_unreachable();
    }
    static std::size_t compact(double*, std::size_t count) { return count; }
};

using value_state = list_state<value_list>;

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

// Checked: from SQL the state may be any bytea.
double* sorted_values(const value_state& state) {
    double* values = state.values();
    for (std::size_t i = 0; i < state.count(); ++i) {
        if (i % checked_in_a_step == 0) CHECK_FOR_INTERRUPTS();
        if (!std::isfinite(values[i])) value_state::fail_malformed();
    }
    sort_values(values, state.count(), ascending());
    return values;
}

// Cuts the values of the state into groups; false when there are none.
bool find_breaks(FunctionCallInfo fcinfo, break_search* search) {
    if (PG_ARGISNULL(0)) return false;
    const value_state state = value_state::open(PG_GETARG_DATUM(0));
    const std::size_t count = state.count();
    if (count == 0) return false;
    double* values = sorted_values(state);
    const std::size_t distinct = count_distinct(values, count);
    const int groups = static_cast<int>(Min(static_cast<std::size_t>(state.setting()), distinct));
    const std::size_t numbers = break_search::numbers_needed(distinct);
    const std::size_t cuts = break_search::cuts_needed(distinct, groups);
    require_work_memory(
        static_cast<double>(numbers * sizeof(double) + cuts * sizeof(std::uint32_t)),
        psprintf("natural_breaks of %zu different values in %d groups", distinct, groups));
    CHECK_FOR_INTERRUPTS();
    double* before = allocate<double>(numbers);
    keep_distinct(values, count, before);
    search->start(values, distinct, groups, before, allocate<std::uint32_t>(cuts));
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
    const auto groups = static_cast<std::uint32_t>(groups_argument(fcinfo));
    if (PG_ARGISNULL(1)) return unchanged_state(fcinfo);
    // Adding zero turns -0, which equals 0, into 0.
    const double value = PG_GETARG_FLOAT8(1) + 0.0;
    if (!std::isfinite(value))
        ereport(ERROR, (errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
                        errmsg("value %s is not a finite number", std::isnan(value) ? "NaN"
                                                                  : value > 0       ? "Infinity"
                                                                              : "-Infinity")));
    value_state state =
        PG_ARGISNULL(0) ? value_state::start(groups) : value_state::open_for_change(fcinfo, 1);
    state.require_setting(groups);
    state.add(value);
    return state.datum();
}

RECEIVABLES_FUNCTION(natural_breaks_combine) {
    return combine_list_states<value_list>(fcinfo);
}

RECEIVABLES_FUNCTION(natural_breaks_final) {
    break_search search;
    if (!find_breaks(fcinfo, &search)) PG_RETURN_NULL();
    return breaks_array(search);
}

RECEIVABLES_FUNCTION(natural_grouping_final) {
    TupleDesc row_type;
    if (get_call_result_type(fcinfo, nullptr, &row_type) != TYPEFUNC_COMPOSITE ||
        row_type->natts != 8)
        ereport(ERROR, (errcode(ERRCODE_DATATYPE_MISMATCH),
                        errmsg("natural_grouping must return the type natural_grouping")));
    break_search search;
    if (!find_breaks(fcinfo, &search)) PG_RETURN_NULL();
    return grouping_row(search, row_type);
}
