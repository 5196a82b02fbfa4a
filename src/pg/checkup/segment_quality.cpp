#include "pg/base/postgres.hpp"

#include <cmath>

#include "core/checkup/segment_quality.hpp"
#include "pg/checkup/label_state.hpp"

namespace receivables {

namespace {

struct quality_kind {
    using table = quality_table;
    static constexpr const char* type_name = "segment_quality";
    static constexpr const char* entries_name = "segments";
    static constexpr std::uint32_t most_entries = max_quality_segments;
    static constexpr std::uint32_t first_capacity = 8;
    static constexpr std::size_t first_label_bytes = 192;
    static constexpr auto measure = measure_quality_json;
    static constexpr auto read = read_quality_json;
    static void write(const table& t, text_writer* out) { write_quality_json(t, out); }
};

using quality_state = label_state<quality_kind>;

quality_state open_quality(Datum value) {
    quality_state state;
    state.open(value);
    return state;
}

void check_value(double value) {
    if (!(std::fabs(value) <= max_quality_value))
        ereport(ERROR, (errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
                        errmsg("value %g is out of range for segment_quality", value),
                        errdetail("Values lie between -%g and %g.", max_quality_value,
                                  max_quality_value)));
}

// NULL where it is not defined, which each of these figures says for itself.
struct figure {
    bool is_null;
    double value;
};

// No spread at all: nothing to explain.
figure eta_squared_of(const quality_figures& q) {
    const double total = q.between + q.within;
    return {!(total > 0), total > 0 ? q.between / total : 0};
}

// No segment has two values.
figure within_stddev_of(const quality_figures& q) {
    const std::int64_t freedom = q.value_count - q.segment_count;
    return {freedom <= 0, freedom > 0 ? std::sqrt(q.within / static_cast<double>(freedom)) : 0};
}

figure total_stddev_of(const quality_figures& q) {
    const std::int64_t freedom = q.value_count - 1;
    return {freedom <= 0,
            freedom > 0 ? std::sqrt((q.between + q.within) / static_cast<double>(freedom)) : 0};
}

Datum return_figure(FunctionCallInfo fcinfo, figure f) {
    if (f.is_null) PG_RETURN_NULL();
    PG_RETURN_FLOAT8(f.value);
}

void put_figure(figure f, Datum* value, bool* is_null) {
    *is_null = f.is_null;
    *value = Float8GetDatum(f.value);
}

}  // namespace

}  // namespace receivables

using namespace receivables;

RECEIVABLES_LABEL_TYPE(segment_quality, quality_kind)

// (state, segment, value)
RECEIVABLES_FUNCTION(segment_quality_transition) {
    if (PG_ARGISNULL(2)) return unchanged_state(fcinfo);
    const double value = PG_GETARG_FLOAT8(2);
    check_value(value);
    const segment_label segment = label_argument(fcinfo, 1);
    char* label = static_cast<char*>(palloc(label_size(segment)));
    const char* end = put_label(segment, label);
    quality_state state = state_argument<quality_kind>(fcinfo);
    state.record_of({label, static_cast<std::size_t>(end - label)}).add(value);
    return state.datum();
}

RECEIVABLES_FUNCTION(segment_quality_combine) {
    return combine_states<quality_kind>(fcinfo, [](value_sums* to, const value_sums& from) {
        if (to->count > most_quality_values - from.count)
            ereport(ERROR, (errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
                            errmsg("number of values is out of range for segment_quality")));
        to->add(from);
    });
}

RECEIVABLES_FUNCTION(segment_quality_eta_squared) {
    return return_figure(fcinfo,
                         eta_squared_of(figures_of(open_quality(PG_GETARG_DATUM(0)).table())));
}

RECEIVABLES_FUNCTION(segment_quality_within_stddev) {
    return return_figure(fcinfo,
                         within_stddev_of(figures_of(open_quality(PG_GETARG_DATUM(0)).table())));
}

// All figures as the composite type quality_metrics.
RECEIVABLES_FUNCTION(segment_quality_summary) {
    TupleDesc row_type;
    if (get_call_result_type(fcinfo, nullptr, &row_type) != TYPEFUNC_COMPOSITE ||
        row_type->natts != 8)
        ereport(ERROR, (errcode(ERRCODE_DATATYPE_MISMATCH),
                        errmsg("quality_summary must return the type quality_metrics")));
    BlessTupleDesc(row_type);
    const quality_state state = open_quality(PG_GETARG_DATUM(0));
    const quality_table& table = state.table();
    const quality_figures q = figures_of(table);
    Datum values[8] = {};
    bool nulls[8] = {};
    put_figure(eta_squared_of(q), &values[0], &nulls[0]);
    put_figure(within_stddev_of(q), &values[1], &nulls[1]);
    put_figure(total_stddev_of(q), &values[2], &nulls[2]);
    values[3] = Int64GetDatum(q.segment_count);
    values[4] = Int64GetDatum(q.value_count);
    nulls[5] = nulls[6] = nulls[7] = true;
    if (table.count() > 0) {
        const std::int64_t least = table.record(q.smallest).count;
        values[5] = label_datum(table.label_part(q.smallest, 0), &nulls[5]);
        values[6] = Int64GetDatum(least);
        values[7] = Float8GetDatum(static_cast<double>(least) / static_cast<double>(q.value_count));
        nulls[6] = nulls[7] = false;
    }
    PG_RETURN_DATUM(HeapTupleGetDatum(heap_form_tuple(row_type, values, nulls)));
}

// Set of (segment, count, share, mean, stddev), ordered by segment.
RECEIVABLES_FUNCTION(segment_quality_statistics) {
    InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
    ReturnSetInfo* result = reinterpret_cast<ReturnSetInfo*>(fcinfo->resultinfo);
    const quality_state state = open_quality(PG_GETARG_DATUM(0));
    const quality_table& table = state.table();
    const auto total = static_cast<double>(figures_of(table).value_count);
    for (std::uint32_t i = 0; i < table.count(); ++i) {
        const std::int64_t count = table.record(i).count;
        const value_spread spread = spread_of(table.record(i));
        Datum values[5] = {};
        bool nulls[5] = {};
        values[0] = label_datum(table.label_part(i, 0), &nulls[0]);
        values[1] = Int64GetDatum(count);
        values[2] = Float8GetDatum(static_cast<double>(count) / total);
        values[3] = Float8GetDatum(spread.mean + spread.mean_rest);
        put_figure({count < 2, std::sqrt(spread.squares / static_cast<double>(Max(count - 1, 1)))},
                   &values[4], &nulls[4]);
        tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
    }
    return static_cast<Datum>(0);
}
