// Holidays of countries and markets, from a library that is loaded when they are first asked for.
#include "pg/base/postgres.hpp"

extern "C" {
#include "catalog/pg_type.h"
#include "mb/pg_wchar.h"
}

#include "core/base/name_distance.hpp"
#include "core/calendar/holiday_source.hpp"
#include "pg/base/error.hpp"
#include "pg/base/finite_day.hpp"

namespace receivables {

namespace {

constexpr char install_hint[] =
    "Install QuantLib (on Debian and Ubuntu libquantlib0-dev for building, libquantlib0v5 for "
    "running), then build and install receivables again.";

void fail_without_library(const char* detail) {
    ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
                    errmsg("public holidays are not available: the library of QuantLib's calendars "
                           "cannot be loaded"),
                    errdetail_internal("%s", detail), errhint("%s", install_hint)));
}

// PostgreSQL's error names a file, which helps nobody who has never heard of it.
holiday_source_function load_library() {
    const MemoryContext context = CurrentMemoryContext;
    void* volatile function = nullptr;
    PG_TRY();
    { function = load_external_function(holiday_library, holiday_source_symbol, true, nullptr); }
    PG_CATCH();
    {
        MemoryContextSwitchTo(context);
        const ErrorData* error = CopyErrorData();
        if (error->sqlerrcode == ERRCODE_OUT_OF_MEMORY) PG_RE_THROW();
        FlushErrorState();
        fail_without_library(error->message);
    }
    PG_END_TRY();
    return reinterpret_cast<holiday_source_function>(function);
}

// A library that was not there is looked for again the next time.
const holiday_source& open_source() {
    static const holiday_source* opened = nullptr;
    if (opened == nullptr) {
        const holiday_source* source = load_library()();
        if (source->version != holiday_source_version)
            fail_without_library("It belongs to another version of receivables.");
        opened = source;
    }
    return *opened;
}

std::size_t find_calendar(const holiday_source& source, const text* name) {
    const std::string_view given(VARDATA_ANY(name), VARSIZE_ANY_EXHDR(name));
    nearest_name nearest(given);
    for (std::size_t i = 0; i < source.calendar_count; ++i) {
        if (given == source.names[i]) return i;
        nearest.consider(source.names[i]);
    }
    const char* const list = "SELECT name FROM holiday_calendars() lists those there are.";
    const std::string_view best = nearest.best();
    const int shown = pg_mbcliplen(given.data(), static_cast<int>(given.size()), 64);
    ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
                    errmsg("%s has no calendar \"%.*s\"", source.origin, shown, given.data()),
                    best.empty() ? errhint("%s", list)
                                 : errhint("Perhaps you meant \"%.*s\". %s",
                                           static_cast<int>(best.size()), best.data(), list)));
    pg_unreachable();
}

day_number known_day(const holiday_source& source, DateADT day, const char* argument) {
    finite_day(day, argument);
    if (day < source.first_day || day > source.last_day) {
        char given[iso_date_size], first[iso_date_size], last[iso_date_size];
        write_iso_date(day, given);
        write_iso_date(source.first_day, first);
        write_iso_date(source.last_day, last);
        ereport(ERROR,
                (errcode(ERRCODE_DATETIME_VALUE_OUT_OF_RANGE),
                 errmsg("%s %s is outside the calendars of %s", argument, given, source.origin),
                 errdetail("They reach from %s to %s.", first, last)));
    }
    return day;
}

ArrayType* weekday_array(weekday_set weekdays) {
    Datum elements[7];
    int count = 0;
    for (int weekday = 1; weekday <= 7; ++weekday)
        if (weekdays >> (weekday - 1) & 1) elements[count++] = Int32GetDatum(weekday);
    return construct_array(elements, count, INT4OID, sizeof(int32), true, TYPALIGN_INT);
}

}  // namespace

}  // namespace receivables

using namespace receivables;

// (name, from_date, to_date): set of date, ascending, in steps of a year.
RECEIVABLES_FUNCTION(public_holidays) {
    InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
    ReturnSetInfo* result = reinterpret_cast<ReturnSetInfo*>(fcinfo->resultinfo);
    const holiday_source& source = open_source();
    const std::size_t calendar = find_calendar(source, PG_GETARG_TEXT_PP(0));
    const day_number from = known_day(source, PG_GETARG_DATEADT(1), "from_date");
    const day_number to = known_day(source, PG_GETARG_DATEADT(2), "to_date");
    constexpr day_number step = 366;
    for (day_number start = from; start <= to; start += step) {
        CHECK_FOR_INTERRUPTS();
        day_number days[step];
        std::size_t count;
        status s;
        if (!source.list(calendar, start, Min(to, start + step - 1), days, &count, &s)) raise(s);
        for (std::size_t i = 0; i < count; ++i) {
            Datum values[1] = {DateADTGetDatum(days[i])};
            bool nulls[1] = {false};
            tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
        }
    }
    return static_cast<Datum>(0);
}

// Set of (name, description, weekend).
RECEIVABLES_FUNCTION(holiday_calendars) {
    InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
    ReturnSetInfo* result = reinterpret_cast<ReturnSetInfo*>(fcinfo->resultinfo);
    const holiday_source& source = open_source();
    for (std::size_t i = 0; i < source.calendar_count; ++i) {
        CHECK_FOR_INTERRUPTS();
        char description[holiday_description_size];
        weekday_set weekend;
        status s;
        if (!source.describe(i, description, &weekend, &s)) raise(s);
        Datum values[3] = {CStringGetTextDatum(source.names[i]), CStringGetTextDatum(description),
                           PointerGetDatum(weekday_array(weekend))};
        bool nulls[3] = {false, false, false};
        tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
    }
    return static_cast<Datum>(0);
}
