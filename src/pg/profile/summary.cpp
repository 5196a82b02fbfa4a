// A payment profile as a whole: one row with all metrics, jsonb, the histogram, a line of text.
#include "pg/base/postgres.hpp"

extern "C" {
#include "common/shortest_dec.h"
#include "mb/pg_wchar.h"
}

#include "core/base/text_writer.hpp"
#include "core/profile/sparkline.hpp"
#include "pg/base/error.hpp"
#include "pg/base/finite_day.hpp"
#include "pg/base/memory.hpp"
#include "pg/profile/metric_datum.hpp"
#include "pg/profile/payment_profile.hpp"

namespace receivables {

namespace {

void default_arguments(const metric& m, double* out) {
    for (int i = 0; i < m.parameter_count; ++i) out[i] = m.parameters[i].fallback;
}

// The shortest form that reads back the same. float8out would follow extra_float_digits, which an
// immutable function must not.
void put_figure(double value, text_writer* out) {
    char text[DOUBLE_SHORTEST_DECIMAL_LEN];
    out->put({text, static_cast<std::size_t>(double_to_shortest_decimal_bufn(value, text))});
}

void put_value(const metric_value& value, text_writer* out) {
    if (value.is_null) return out->put("null");
    switch (value.kind) {
        case metric_kind::count:
        case metric_kind::days:
            return out->put_integer(value.whole);
        case metric_kind::date:
            out->put('"');
            out->put_date(static_cast<day_number>(value.whole));
            return out->put('"');
        case metric_kind::amount:
            return out->put_decimal(value.amount);
        case metric_kind::figure:
            return put_figure(value.figure, out);
    }
}

// {"item_count": 50, ...}: the metrics that need no as_of.
void put_metrics(profile_metrics* profile, text_writer* out) {
    std::size_t count;
    const metric* metrics = all_metrics(&count);
    char separator = '{';
    for (std::size_t i = 0; i < count; ++i) {
        const metric& m = metrics[i];
        if (!m.in_summary || m.needs_as_of) continue;
        CHECK_FOR_INTERRUPTS();
        double arguments[max_metric_parameters];
        default_arguments(m, arguments);
        out->put(separator);
        separator = ',';
        out->put('"');
        out->put(m.name);
        out->put("\":");
        put_value(m.evaluate(*profile, 0, arguments), out);
    }
    out->put('}');
}

sized_text metrics_as_json(Datum value) {
    profile_metrics profile(open_profile_argument(value));
    return write_text("payment_profile", [&](text_writer* out) { put_metrics(&profile, out); });
}

}  // namespace

}  // namespace receivables

using namespace receivables;

// (profile, as_of): the metrics of the registry as one row; those of as_of NULL when it is NULL.
RECEIVABLES_FUNCTION(payment_profile_summary) {
    if (PG_ARGISNULL(0)) PG_RETURN_NULL();
    TupleDesc row_type;
    if (get_call_result_type(fcinfo, nullptr, &row_type) != TYPEFUNC_COMPOSITE)
        ereport(ERROR, (errcode(ERRCODE_DATATYPE_MISMATCH),
                        errmsg("profile_summary must return the type profile_metrics")));
    BlessTupleDesc(row_type);
    const bool has_as_of = !PG_ARGISNULL(1);
    const day_number as_of = has_as_of ? finite_day(PG_GETARG_DATEADT(1), "as_of") : 0;
    profile_metrics profile =
        profile_metrics::of([&] { return open_profile_argument(PG_GETARG_DATUM(0)); });
    std::size_t count;
    const metric* metrics = all_metrics(&count);
    Datum* values = static_cast<Datum*>(palloc0(sizeof(Datum) * count));
    bool* nulls = static_cast<bool*>(palloc0(sizeof(bool) * count));
    int column = 0;
    for (std::size_t i = 0; i < count; ++i) {
        const metric& m = metrics[i];
        if (!m.in_summary) continue;
        CHECK_FOR_INTERRUPTS();
        double arguments[max_metric_parameters];
        default_arguments(m, arguments);
        const metric_value value = m.needs_as_of && !has_as_of
                                       ? metric_value::null(m.kind)
                                       : m.evaluate(profile, as_of, arguments);
        nulls[column] = value.is_null;
        if (!value.is_null) values[column] = metric_datum(value);
        ++column;
    }
    if (column != row_type->natts)
        ereport(ERROR, (errcode(ERRCODE_DATATYPE_MISMATCH),
                        errmsg("type profile_metrics has %d columns, but there are %d metrics",
                               row_type->natts, column),
                        errhint("Run ALTER EXTENSION receivables UPDATE.")));
    PG_RETURN_DATUM(HeapTupleGetDatum(heap_form_tuple(row_type, values, nulls)));
}

RECEIVABLES_VALUE_AS_JSON(payment_profile, metrics_as_json)

// Set of (days_late, items, amount), ascending. What a call needs is freed at its end: in FROM and
// LATERAL all calls of a query share one context.
RECEIVABLES_FUNCTION(payment_profile_delay_histogram) {
    InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
    ReturnSetInfo* result = reinterpret_cast<ReturnSetInfo*>(fcinfo->resultinfo);
    const MemoryContext scratch = AllocSetContextCreate(
        CurrentMemoryContext, "receivables delay_histogram", ALLOCSET_SMALL_SIZES);
    const MemoryContext caller = MemoryContextSwitchTo(scratch);
    profile_metrics profile =
        profile_metrics::of([&] { return open_profile_argument(PG_GETARG_DATUM(0)); });
    const bool no_amounts = !profile.view().has_amounts();
    histogram_row* rows = allocate<histogram_row>(profile.most_histogram_rows());
    std::size_t count = 0;
    profile.for_each_histogram_row([&](const histogram_row& row) { rows[count++] = row; });
    for (std::size_t i = 0; i < count; ++i) {
        CHECK_FOR_INTERRUPTS();
        Datum values[3] = {Int32GetDatum(rows[i].days_late), Int64GetDatum(rows[i].items), 0};
        bool nulls[3] = {false, false, no_amounts};
        if (!no_amounts) values[2] = make_numeric({rows[i].amount, profile.view().scale()});
        tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
        if (!no_amounts) pfree(DatumGetPointer(values[2]));
    }
    MemoryContextSwitchTo(caller);
    MemoryContextDelete(scratch);
    return static_cast<Datum>(0);
}

RECEIVABLES_FUNCTION(payment_profile_sparkline) {
    profile_metrics profile =
        profile_metrics::of([&] { return open_profile_argument(PG_GETARG_DATUM(0)); });
    char text[sparkline_size];
    if (!write_sparkline(profile, GetDatabaseEncoding() == PG_UTF8, text)) PG_RETURN_NULL();
    PG_RETURN_TEXT_P(cstring_to_text(text));
}
