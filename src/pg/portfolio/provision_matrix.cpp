// The type provision_matrix and its aggregate, whose state is a value itself.
#include "pg/base/postgres.hpp"

#include "core/portfolio/provision_matrix.hpp"
#include "pg/base/error.hpp"
#include "pg/base/numeric_reader.hpp"
#include "pg/base/value_type.hpp"
#include "pg/portfolio/aging.hpp"
#include "pg/portfolio/amount.hpp"
#include "pg/portfolio/json_value.hpp"

namespace receivables {

namespace {

constexpr char matrix_type[] = "provision_matrix";

aging open_matrix(Datum value) {
    const aging matrix = open_aging(value, matrix_type).value;
    if (!is_provision_matrix(matrix))
        ereport(ERROR, (errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
                        errmsg("malformed %s", matrix_type)));
    return matrix;
}

struct matrix_kind {
    static constexpr const char* type_name = matrix_type;
    static Datum from_document(const json_document& document) {
        aging_bounds bounds;
        status s;
        if (!read_provision_bounds(document, &bounds, &s)) raise(s);
        aging_value out = new_aging(provision_day, bounds);
        if (!read_provision_cells(document, bounds, &out.value, &s)) raise(s);
        return out.datum();
    }
    static void write(Datum value, text_writer* out) {
        write_provision_json(open_matrix(value), out);
    }
};

}  // namespace

}  // namespace receivables

using namespace receivables;

RECEIVABLES_JSON_VALUE(provision_matrix, matrix_kind)
RECEIVABLES_VALUE_OPERATORS(provision_matrix, receivables::payload)

// (state, days_late, amount, bounds [, credited])
RECEIVABLES_FUNCTION(provision_matrix_transition) {
    const decimal amount = PG_ARGISNULL(2) ? decimal{} : decimal_argument(PG_GETARG_DATUM(2));
    // Credit notes and zeros are no exposure.
    if (amount.units <= 0) {
        if (PG_ARGISNULL(0)) PG_RETURN_NULL();
        PG_RETURN_DATUM(PG_GETARG_DATUM(0));
    }
    aging_value state;
    if (PG_ARGISNULL(0)) {
        state = new_aging(provision_day, bounds_argument(fcinfo, 3));
    } else {
        state = aging_for_change(fcinfo, matrix_type);
        require_same_bounds(state.value, fcinfo, 3, matrix_type);
    }
    const bool credited = PG_NARGS() > 4 && !PG_ARGISNULL(4) && PG_GETARG_BOOL(4);
    const int bucket = PG_ARGISNULL(1) ? state.value.bucket_count() - 1
                                       : state.value.bucket_of(PG_GETARG_INT32(1));
    if (!state.value.add(bucket, credited, amount)) fail_aging_amount(matrix_type);
    return state.datum();
}

RECEIVABLES_FUNCTION(provision_matrix_combine) {
    return combine_agings(fcinfo, matrix_type);
}

// Set of (position, bucket, from_days, to_days, paid_count, paid_amount, credited_amount).
RECEIVABLES_FUNCTION(provision_matrix_buckets) {
    InitMaterializedSRF(fcinfo, 0);
    ReturnSetInfo* result = reinterpret_cast<ReturnSetInfo*>(fcinfo->resultinfo);
    const aging matrix = open_matrix(PG_GETARG_DATUM(0));
    const aging_bounds bounds = matrix.bounds();
    for (int i = 0; i < bounds.bucket_count(); ++i) {
        char label[64];
        text_writer writer(label, sizeof label);
        write_provision_label(bounds, i, &writer);
        const aging_bounds::range days = bounds.range_of(i);
        const aging_cell paid = paid_cell(matrix, i), credited = credited_cell(matrix, i);
        Datum values[] = {
            Int32GetDatum(i + 1),
            PointerGetDatum(cstring_to_text_with_len(label, static_cast<int>(writer.size()))),
            Int32GetDatum(days.first),
            Int32GetDatum(days.last),
            Int64GetDatum(paid.items),
            make_numeric({paid.amount, matrix.scale()}),
            make_numeric({credited.amount, matrix.scale()})};
        bool nulls[] = {false, false, !days.has_first, !days.has_last, false, false, false};
        tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
    }
    return static_cast<Datum>(0);
}
