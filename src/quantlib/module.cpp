// Makes the library of QuantLib's calendars one that PostgreSQL loads, and lets it find its
// function.
#include "pg/base/postgres.hpp"

#include "quantlib/holiday_calendars.hpp"

extern "C" {
PG_MODULE_MAGIC;

PGDLLEXPORT const receivables::holiday_source* receivables_holiday_source();
const receivables::holiday_source* receivables_holiday_source() {
    return receivables::quantlib_holiday_source();
}
}
