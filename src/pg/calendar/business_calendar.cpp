#include "pg/base/postgres.hpp"

extern "C" {
#include "catalog/pg_type.h"
#include "libpq/pqformat.h"
}

#include "core/calendar/value.hpp"
#include "pg/base/error.hpp"
#include "pg/base/finite_day.hpp"
#include "pg/base/json_events.hpp"
#include "pg/base/memory.hpp"
#include "pg/base/sort.hpp"
#include "pg/base/value_type.hpp"
#include "pg/calendar/business_calendar.hpp"

namespace receivables {

calendar_view open_calendar(Datum value) {
    const byte_span bytes = payload(value);
    calendar_view calendar;
    status s;
    if (!calendar.open(bytes.data, bytes.size, &s)) raise(s);
    return calendar;
}

namespace {

// Output is as long as the calendar, so here every byte of it is checked.
sized_text calendar_text(Datum value) {
    const byte_span bytes = payload(value);
    status s;
    calendar_view calendar;
    if (!check_stored_calendar(bytes.data, bytes.size, &s) ||
        !calendar.open(bytes.data, bytes.size, &s))
        raise(s);
    return write_text("business_calendar",
                      [&](text_writer* out) { write_calendar_json(calendar, out); });
}

roll_convention convention_argument(text* name) {
    roll_convention convention;
    const std::string_view given(VARDATA_ANY(name), VARSIZE_ANY_EXHDR(name));
    if (!read_convention(given, &convention))
        ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
                        errmsg("unknown convention \"%s\"", text_to_cstring(name)),
                        errhint("Conventions are following, modified_following, preceding, "
                                "modified_preceding, nearest and unadjusted.")));
    return convention;
}

}  // namespace

Datum make_calendar(weekday_set weekend, day_number* days, std::size_t count) {
    status s;
    if (!check_weekend(weekend, &s)) raise(s);
    sort_values(days, count, ascending());
    count = drop_repeated_holidays(days, count);
    if (!check_holiday_count(count, &s)) raise(s);
    const std::size_t size = stored_calendar_size(days, count);
    struct varlena* out = make_varlena(size);
    write_stored_calendar(weekend, days, count, reinterpret_cast<unsigned char*>(VARDATA(out)));
    return PointerGetDatum(out);
}

weekday_set weekend_from_array(ArrayType* weekdays) {
    Datum* elements;
    bool* nulls;
    int count;
    weekday_set weekend = 0;
    if (ARR_NDIM(weekdays) > 1)
        ereport(ERROR, (errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
                        errmsg("weekend must be a plain list of weekdays, not an array of %d "
                               "dimensions",
                               ARR_NDIM(weekdays)),
                        errhint("Write '{6,7}' for Saturday and Sunday.")));
    deconstruct_array(weekdays, INT4OID, sizeof(int32), true, TYPALIGN_INT, &elements, &nulls,
                      &count);
    for (int i = 0; i < count; ++i) {
        if (nulls[i])
            ereport(ERROR, (errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
                            errmsg("weekend must not contain NULL")));
        const int32 weekday = DatumGetInt32(elements[i]);
        if (weekday < 1 || weekday > 7)
            ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
                            errmsg("weekend day %d is not a weekday", weekday),
                            errhint("Weekdays are 1 (Monday) to 7 (Sunday).")));
        weekend |= static_cast<weekday_set>(1 << (weekday - 1));
    }
    pfree(elements);
    pfree(nulls);
    status s;
    if (!check_weekend(weekend, &s)) raise(s);
    return weekend;
}

}  // namespace receivables

using namespace receivables;

RECEIVABLES_FUNCTION(business_calendar_in) {
    const char* text = PG_GETARG_CSTRING(0);
    const json_document document = parse_json(text, strlen(text), "business_calendar");
    std::size_t count = json_holiday_count(document);
    day_number* days = allocate<day_number>(count);
    weekday_set weekend;
    status s;
    if (!read_calendar_json(document, &weekend, days, &count, &s)) raise(s);
    return make_calendar(weekend, days, count);
}

RECEIVABLES_FUNCTION(business_calendar_recv) {
    StringInfo message = reinterpret_cast<StringInfo>(PG_GETARG_POINTER(0));
    const int size = message->len - message->cursor;
    const auto* bytes = reinterpret_cast<const unsigned char*>(pq_getmsgbytes(message, size));
    status s;
    if (!check_stored_calendar(bytes, static_cast<std::size_t>(size), &s)) raise(s);
    struct varlena* out = make_varlena(static_cast<std::size_t>(size));
    memcpy(VARDATA(out), bytes, static_cast<std::size_t>(size));
    PG_RETURN_POINTER(out);
}

RECEIVABLES_FUNCTION(business_calendar_send) {
    const byte_span bytes = payload(PG_GETARG_DATUM(0));
    status s;
    if (!check_stored_calendar(bytes.data, bytes.size, &s)) raise(s);
    struct varlena* out = make_varlena(bytes.size);
    memcpy(VARDATA(out), bytes.data, bytes.size);
    PG_RETURN_BYTEA_P(out);
}

RECEIVABLES_VALUE_AS_TEXT(business_calendar, calendar_text)
RECEIVABLES_VALUE_FROM_JSONB(business_calendar)
RECEIVABLES_VALUE_OPERATORS(business_calendar, receivables::payload)

RECEIVABLES_FUNCTION(make_business_calendar) {
    if (PG_ARGISNULL(0)) PG_RETURN_NULL();
    const weekday_set weekend =
        PG_ARGISNULL(1) ? saturday_and_sunday : weekend_from_array(PG_GETARG_ARRAYTYPE_P(1));
    Datum* elements;
    bool* nulls;
    int length;
    deconstruct_array(PG_GETARG_ARRAYTYPE_P(0), DATEOID, sizeof(DateADT), true, TYPALIGN_INT,
                      &elements, &nulls, &length);
    std::size_t count = 0;
    day_number* days = allocate<day_number>(static_cast<std::size_t>(length));
    for (int i = 0; i < length; ++i)
        if (!nulls[i]) days[count++] = finite_day(DatumGetDateADT(elements[i]), "holiday");
    return make_calendar(weekend, days, count);
}

RECEIVABLES_FUNCTION(is_business_day) {
    const calendar_view calendar = open_calendar(PG_GETARG_DATUM(0));
    PG_RETURN_BOOL(calendar.is_business_day(finite_day(PG_GETARG_DATEADT(1), "day")));
}

RECEIVABLES_FUNCTION(roll_date) {
    if (PG_ARGISNULL(0) || PG_ARGISNULL(1)) PG_RETURN_NULL();
    const roll_convention convention =
        PG_ARGISNULL(2) ? roll_convention::following : convention_argument(PG_GETARG_TEXT_PP(2));
    const calendar_view calendar = open_calendar(PG_GETARG_DATUM(0));
    day_number rolled;
    status s;
    if (!roll(calendar, PG_GETARG_DATEADT(1), convention, &rolled, &s)) raise(s);
    PG_RETURN_DATEADT(rolled);
}

RECEIVABLES_FUNCTION(add_business_days) {
    const calendar_view calendar = open_calendar(PG_GETARG_DATUM(0));
    day_number sum;
    status s;
    if (!receivables::add_business_days(calendar, PG_GETARG_DATEADT(1), PG_GETARG_INT32(2), &sum,
                                        &s))
        raise(s);
    PG_RETURN_DATEADT(sum);
}

// All dates there are span fewer days than a 32-bit integer holds.
RECEIVABLES_FUNCTION(business_days_between) {
    const calendar_view calendar = open_calendar(PG_GETARG_DATUM(0));
    const day_number from = finite_day(PG_GETARG_DATEADT(1), "from_date");
    const day_number to = finite_day(PG_GETARG_DATEADT(2), "to_date");
    PG_RETURN_INT32(static_cast<int32>(receivables::business_days_between(calendar, from, to)));
}
