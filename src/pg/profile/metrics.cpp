// The accessors of payment_profile: one SQL function a metric of the registry, and those that
// return several values.
#include "pg/base/postgres.hpp"

extern "C" {
#include "catalog/pg_type.h"
}

#include <cmath>

#include "pg/base/error.hpp"
#include "pg/base/finite_day.hpp"
#include "pg/base/memory.hpp"
#include "pg/profile/metric_datum.hpp"
#include "pg/profile/payment_profile.hpp"

namespace receivables {

namespace {

// The value of SQL argument `index` for a parameter of a metric; NULL and absent mean its default.
double parameter_argument(FunctionCallInfo fcinfo, int index, const metric& m,
                          const metric_parameter& parameter) {
    if (PG_NARGS() <= index || PG_ARGISNULL(index)) return parameter.fallback;
    const double value =
        parameter.whole ? static_cast<double>(PG_GETARG_INT32(index)) : PG_GETARG_FLOAT8(index);
    // Written so that NaN is refused.
    if (!(value >= parameter.least && value <= parameter.most))
        ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
                        errmsg("%.*s of %.*s must be between %.15g and %.15g, not %.15g",
                               static_cast<int>(parameter.name.size()), parameter.name.data(),
                               static_cast<int>(m.name.size()), m.name.data(), parameter.least,
                               parameter.most, value)));
    return value;
}

// name(profile [, as_of] [, parameters]): NULL without a profile or a needed as_of.
Datum metric_function(FunctionCallInfo fcinfo, const char* name) {
    const metric* m = static_cast<const metric*>(fcinfo->flinfo->fn_extra);
    if (m == nullptr) fcinfo->flinfo->fn_extra = const_cast<metric*>(m = find_metric(name));
    int index = 1;
    day_number as_of = 0;
    if (PG_ARGISNULL(0)) PG_RETURN_NULL();
    if (m->needs_as_of) {
        if (PG_ARGISNULL(index)) PG_RETURN_NULL();
        as_of = finite_day(PG_GETARG_DATEADT(index++), "as_of");
    }
    double arguments[max_metric_parameters];
    for (int i = 0; i < m->parameter_count; ++i)
        arguments[i] = parameter_argument(fcinfo, index + i, *m, m->parameters[i]);
    if (m->argument_required && PG_ARGISNULL(index)) PG_RETURN_NULL();
    profile_metrics profile =
        profile_metrics::of([&] { return open_profile_argument(PG_GETARG_DATUM(0)); });
    const metric_value value = m->evaluate(profile, as_of, arguments);
    if (value.is_null) PG_RETURN_NULL();
    return metric_datum(value);
}

}  // namespace

Datum metric_datum(const metric_value& value) {
    switch (value.kind) {
        case metric_kind::count:
            return Int64GetDatum(value.whole);
        case metric_kind::days:
            return Int32GetDatum(static_cast<int32>(value.whole));
        case metric_kind::date:
            return DateADTGetDatum(static_cast<DateADT>(value.whole));
        case metric_kind::amount:
            return make_numeric(value.amount);
        case metric_kind::figure:
            return Float8GetDatum(value.figure);
    }
    pg_unreachable();
}

}  // namespace receivables

using namespace receivables;

// payment_profile_NAME for every metric that is a function.
#define FUNCTION_everywhere(NAME)                  \
    RECEIVABLES_FUNCTION(payment_profile_##NAME) { \
        return metric_function(fcinfo, #NAME);     \
    }
#define FUNCTION_rules(NAME) FUNCTION_everywhere(NAME)
#define FUNCTION_column(NAME)
#define PARAMETER(...)
#define METRIC(NAME, KIND, NEEDS, WHERE, ...) FUNCTION_##WHERE(NAME)
#include "core/profile/metric_list.inc"

// Several percentiles at once: an array of the same shape, NULL where a fraction is NULL. As of
// percentile_cont it is NULL, not an array of NULLs, where there is nothing to say.
RECEIVABLES_FUNCTION(payment_profile_percentiles_days_late) {
    profile_metrics profile =
        profile_metrics::of([&] { return open_profile_argument(PG_GETARG_DATUM(0)); });
    ArrayType* fractions = PG_GETARG_ARRAYTYPE_P(1);
    Datum* values;
    bool* nulls;
    int count;
    deconstruct_array(fractions, FLOAT8OID, sizeof(float8), FLOAT8PASSBYVAL, TYPALIGN_DOUBLE,
                      &values, &nulls, &count);
    delay_ranks ranks;
    ranks.build(profile, allocate<delay_ranks::row>(profile.most_histogram_rows()));
    for (int i = 0; i < count; ++i) {
        CHECK_FOR_INTERRUPTS();
        if (nulls[i]) continue;
        const double fraction = DatumGetFloat8(values[i]);
        if (!(fraction >= 0 && fraction <= 1))
            ereport(ERROR,
                    (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
                     errmsg("fraction of percentile_days_late must be between 0 and 1, not %g",
                            fraction)));
        if (!ranks.is_empty()) values[i] = Float8GetDatum(ranks.percentile(fraction));
    }
    if (ranks.is_empty()) PG_RETURN_NULL();
    PG_RETURN_ARRAYTYPE_P(construct_md_array(values, nulls, ARR_NDIM(fractions),
                                             ARR_DIMS(fractions), ARR_LBOUND(fractions), FLOAT8OID,
                                             sizeof(float8), FLOAT8PASSBYVAL, TYPALIGN_DOUBLE));
}

// "25th", "last day of the month": payment_day in words.
RECEIVABLES_FUNCTION(payment_profile_payment_day_text) {
    if (PG_ARGISNULL(0)) PG_RETURN_NULL();
    const metric* m = find_metric("payment_day");
    double arguments[max_metric_parameters];
    for (int i = 0; i < m->parameter_count; ++i)
        arguments[i] = parameter_argument(fcinfo, 1 + i, *m, m->parameters[i]);
    profile_metrics profile =
        profile_metrics::of([&] { return open_profile_argument(PG_GETARG_DATUM(0)); });
    const metric_value value = m->evaluate(profile, 0, arguments);
    if (value.is_null) PG_RETURN_NULL();
    char text[payment_day_text_size];
    write_payment_day(static_cast<std::int32_t>(value.whole), text);
    PG_RETURN_TEXT_P(cstring_to_text(text));
}
