// The type rate_schedule and what interest is made of.
#include "pg/base/postgres.hpp"

#include "core/portfolio/rate_schedule.hpp"
#include "pg/base/error.hpp"
#include "pg/base/finite_day.hpp"
#include "pg/base/numeric_reader.hpp"
#include "pg/base/value_type.hpp"
#include "pg/portfolio/json_value.hpp"

namespace receivables {

namespace {

rate_schedule open_rates(Datum value) {
    struct varlena* block = PG_DETOAST_DATUM_PACKED(value);
    rate_schedule out;
    if (!out.open(reinterpret_cast<unsigned char*>(VARDATA_ANY(block)), VARSIZE_ANY_EXHDR(block)) ||
        !out.is_sound())
        ereport(ERROR, (errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
                        errmsg("malformed rate_schedule")));
    return out;
}

struct rates_kind {
    static constexpr const char* type_name = "rate_schedule";
    static Datum from_document(const json_document& document) {
        rate_kind kind;
        int scale;
        std::uint32_t count;
        status s;
        if (!measure_rates_json(document, &kind, &scale, &count, &s)) raise(s);
        struct varlena* block = make_varlena(rate_schedule::size_of(count));
        rate_schedule out;
        out.create(reinterpret_cast<unsigned char*>(VARDATA(block)), kind, scale, count);
        if (!read_rates_json(document, &out, &s)) raise(s);
        return PointerGetDatum(block);
    }
    static void write(Datum value, text_writer* out) { write_rates_json(open_rates(value), out); }
};

day_count day_count_argument(const text* name) {
    day_count out;
    if (!read_day_count({VARDATA_ANY(name), static_cast<std::size_t>(VARSIZE_ANY_EXHDR(name))},
                        &out))
        ereport(ERROR,
                (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
                 errmsg("unknown day count \"%s\"", text_to_cstring(name)),
                 errhint("Day counts are actual/365, actual/360, actual/actual and 30/360.")));
    return out;
}

}  // namespace

}  // namespace receivables

using namespace receivables;

RECEIVABLES_JSON_VALUE(rate_schedule, rates_kind)
RECEIVABLES_VALUE_FROM_JSONB(rate_schedule)
RECEIVABLES_VALUE_OPERATORS(rate_schedule, receivables::payload)

// (due_date, until_date, rates, day_count): see interest_factor of the core
RECEIVABLES_FUNCTION(interest_factor) {
    const day_number due = finite_day(PG_GETARG_DATEADT(0), "due_date");
    const day_number until = finite_day(PG_GETARG_DATEADT(1), "until_date");
    const rate_schedule rates = open_rates(PG_GETARG_DATUM(2));
    const day_count convention = day_count_argument(PG_GETARG_TEXT_PP(3));
    receivables::int128 factor;
    status s;
    if (!receivables::interest_factor(rates, due, until, convention, &factor, &s)) raise(s);
    return make_numeric({factor, rates.scale()});
}

// Set of (from_date, to_date, days, percent, year_fraction) of (due_date, until_date, rates,
// day_count).
RECEIVABLES_FUNCTION(interest_periods) {
    InitMaterializedSRF(fcinfo, 0);
    ReturnSetInfo* result = reinterpret_cast<ReturnSetInfo*>(fcinfo->resultinfo);
    const day_number due = finite_day(PG_GETARG_DATEADT(0), "due_date");
    const day_number until = finite_day(PG_GETARG_DATEADT(1), "until_date");
    const rate_schedule rates = open_rates(PG_GETARG_DATUM(2));
    const day_count convention = day_count_argument(PG_GETARG_TEXT_PP(3));
    interest_period period;
    status s;
    for (receivables::interest_periods periods(rates, due, until); periods.next(&period, &s);) {
        CHECK_FOR_INTERRUPTS();
        const std::int64_t parts = count_year_parts(convention, period.first, period.past);
        Datum values[] = {
            DateADTGetDatum(period.first), DateADTGetDatum(static_cast<DateADT>(period.past - 1)),
            Int32GetDatum(static_cast<int32>(count_days(convention, period.first, period.past))),
            make_numeric({period.rate_units, rates.scale()}),
            Float8GetDatum(static_cast<double>(parts) / static_cast<double>(year_parts))};
        bool nulls[5] = {};
        tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
    }
    raise_unless_ok(s);
    return static_cast<Datum>(0);
}
