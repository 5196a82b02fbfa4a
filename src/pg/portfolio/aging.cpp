// The type aging: text and binary form, and what is read from a value.
#include "pg/base/postgres.hpp"

extern "C" {
#include "catalog/pg_type.h"
}

#include "pg/base/error.hpp"
#include "pg/base/numeric_reader.hpp"
#include "pg/base/value_type.hpp"
#include "pg/portfolio/aging.hpp"
#include "pg/portfolio/json_value.hpp"

namespace receivables {

aging_value new_aging(day_number as_of, const aging_bounds& bounds) {
    aging_value out;
    out.block = make_varlena(aging::size_of(bounds.count));
    out.value.create(reinterpret_cast<unsigned char*>(VARDATA(out.block)), as_of, bounds);
    return out;
}

aging_value open_aging(Datum value, const char* type_name) {
    aging_value out;
    out.block = PG_DETOAST_DATUM_PACKED(value);
    if (!out.value.open(reinterpret_cast<unsigned char*>(VARDATA_ANY(out.block)),
                        VARSIZE_ANY_EXHDR(out.block)) ||
        !out.value.is_sound())
        ereport(ERROR, (errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
                        errmsg("malformed %s", type_name)));
    return out;
}

void fail_aging_amount(const char* type_name) {
    ereport(ERROR, (errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
                    errmsg("sum of amounts is out of range for %s", type_name),
                    errdetail("A sum may have up to 38 digits, those after the decimal point "
                              "included.")));
    pg_unreachable();
}

aging_bounds bounds_argument(FunctionCallInfo fcinfo, int index) {
    aging_bounds out;
    status s;
    if (PG_ARGISNULL(index)) {
        for (const int day : {30, 60, 90}) out.add(day, &s);
        return out;
    }
    ArrayType* array = PG_GETARG_ARRAYTYPE_P(index);
    Datum* elements;
    bool* nulls;
    int count;
    if (ARR_NDIM(array) > 1)
        ereport(ERROR, (errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
                        errmsg("bounds must be a plain list of days, not an array of %d dimensions",
                               ARR_NDIM(array))));
    deconstruct_array(array, INT4OID, sizeof(int32), true, TYPALIGN_INT, &elements, &nulls, &count);
    for (int i = 0; i < count; ++i) {
        if (nulls[i])
            ereport(ERROR, (errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
                            errmsg("bounds must not contain NULL")));
        if (!out.add(DatumGetInt32(elements[i]), &s)) raise(s);
    }
    return out;
}

namespace {

struct aging_kind {
    static constexpr const char* type_name = "aging";
    static Datum from_document(const json_document& document) {
        day_number as_of;
        aging_bounds bounds;
        status s;
        if (!read_aging_head(document, &as_of, &bounds, &s)) raise(s);
        aging_value out = new_aging(as_of, bounds);
        if (!read_aging_cells(document, bounds, &out.value, &s)) raise(s);
        return out.datum();
    }
    static void write(Datum value, text_writer* out) {
        write_aging_json(open_aging(value).value, out);
    }
};

constexpr std::size_t label_room = 64;

text* label_text(const aging_bounds& bounds, int bucket) {
    char label[label_room];
    text_writer writer(label, sizeof label);
    bounds.write_label(bucket, &writer);
    return cstring_to_text_with_len(label, static_cast<int>(writer.size()));
}

// The bucket with this name; an error that lists them when there is none.
int find_bucket(const aging_bounds& bounds, const text* name) {
    const std::string_view wanted(VARDATA_ANY(name), VARSIZE_ANY_EXHDR(name));
    char list[max_aging_bounds * label_room];
    text_writer names(list, sizeof list);
    for (int i = 0; i < bounds.bucket_count(); ++i) {
        char label[label_room];
        text_writer writer(label, sizeof label);
        bounds.write_label(i, &writer);
        if (wanted == std::string_view(label, writer.size())) return i;
        if (i > 0) names.put(", ");
        names.put({label, writer.size()});
    }
    ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
                    errmsg("no bucket \"%s\" in this aging", text_to_cstring(name)),
                    errhint("Its buckets are: %.*s.",
                            static_cast<int>(Min(names.size(), sizeof list)), list)));
    pg_unreachable();
}

void put_bucket(const aging& value, const aging_bounds& bounds, int bucket, double receivable,
                ReturnSetInfo* result) {
    const int scale = value.scale();
    const aging_cell cells[] = {value.cell(bucket, aging_column::receivable),
                                value.cell(bucket, aging_column::disputed),
                                value.cell(bucket, aging_column::credit)};
    const aging_bounds::range days = bounds.range_of(bucket);
    int128 open = 0;
    for (const aging_cell& cell : cells)
        if (__builtin_add_overflow(open, cell.amount, &open)) fail_aging_amount();
    const Datum values[] = {
        PointerGetDatum(label_text(bounds, bucket)),
        Int32GetDatum(days.first),
        Int32GetDatum(days.last),
        Int64GetDatum(cells[0].items + cells[1].items + cells[2].items),
        make_numeric({cells[0].amount, scale}),
        make_numeric({cells[1].amount, scale}),
        make_numeric({cells[2].amount, scale}),
        make_numeric({open, scale}),
        Float8GetDatum(receivable > 0 ? to_double(cells[0].amount, scale) / receivable : 0)};
    const bool nulls[] = {false, !days.has_first, !days.has_last,   false, false, false,
                          false, false,           !(receivable > 0)};
    tuplestore_putvalues(result->setResult, result->setDesc, const_cast<Datum*>(values),
                         const_cast<bool*>(nulls));
}

aging_sums sums_of(const aging& value) {
    aging_sums sums;
    if (!value.sums(&sums)) fail_aging_amount();
    return sums;
}

}  // namespace

}  // namespace receivables

using namespace receivables;

RECEIVABLES_JSON_VALUE(aging, aging_kind)
RECEIVABLES_VALUE_OPERATORS(aging, receivables::payload)

// (days_overdue, bounds)
RECEIVABLES_FUNCTION(aging_bucket) {
    const aging_bounds bounds = bounds_argument(fcinfo, 1);
    const int bucket =
        PG_ARGISNULL(0) ? bounds.no_due_date() : bounds.bucket_of(PG_GETARG_INT32(0));
    PG_RETURN_TEXT_P(label_text(bounds, bucket));
}

// Set of (bucket, from_days, to_days, item_count, amount, disputed_amount, credit_amount,
// open_amount, share), in the order of days overdue.
RECEIVABLES_FUNCTION(aging_buckets) {
    InitMaterializedSRF(fcinfo, 0);
    ReturnSetInfo* result = reinterpret_cast<ReturnSetInfo*>(fcinfo->resultinfo);
    const aging value = open_aging(PG_GETARG_DATUM(0)).value;
    const aging_bounds bounds = value.bounds();
    const aging_sums sums = sums_of(value);
    const double receivable = to_double(sums.not_due, value.scale()) +
                              to_double(sums.overdue, value.scale()) +
                              to_double(sums.no_due_date, value.scale());
    for (int i = 0; i < bounds.bucket_count(); ++i)
        put_bucket(value, bounds, i, receivable, result);
    return static_cast<Datum>(0);
}

// (aging, bucket)
RECEIVABLES_FUNCTION(aging_amount) {
    const aging value = open_aging(PG_GETARG_DATUM(0)).value;
    const int bucket = find_bucket(value.bounds(), PG_GETARG_TEXT_PP(1));
    return make_numeric({value.cell(bucket, aging_column::receivable).amount, value.scale()});
}

// The parts and their sum as the composite type aging_totals.
RECEIVABLES_FUNCTION(aging_summary) {
    TupleDesc row_type;
    if (get_call_result_type(fcinfo, nullptr, &row_type) != TYPEFUNC_COMPOSITE ||
        row_type->natts != 8)
        ereport(ERROR, (errcode(ERRCODE_DATATYPE_MISMATCH),
                        errmsg("aging_summary must return the type aging_totals")));
    BlessTupleDesc(row_type);
    const aging value = open_aging(PG_GETARG_DATUM(0)).value;
    const aging_sums sums = sums_of(value);
    const int scale = value.scale();
    Datum values[] = {DateADTGetDatum(value.as_of()),          Int64GetDatum(sums.items),
                      make_numeric({sums.not_due, scale}),     make_numeric({sums.overdue, scale}),
                      make_numeric({sums.no_due_date, scale}), make_numeric({sums.disputed, scale}),
                      make_numeric({sums.credits, scale}),     make_numeric({sums.open, scale})};
    bool nulls[8] = {};
    PG_RETURN_DATUM(HeapTupleGetDatum(heap_form_tuple(row_type, values, nulls)));
}
