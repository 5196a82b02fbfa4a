// Makes the library of QuantLib's calendars one that PostgreSQL loads, and lets it find its
// function.
#include "pg/base/postgres.hpp"

#include "quantlib/holiday_calendars.hpp"

extern "C" {
#if PG_VERSION_NUM >= 180000
// pg_get_loaded_modules() shows the name; the version stands in the control file alone.
PG_MODULE_MAGIC_EXT(.name = "receivables_quantlib", .version = nullptr);
#else
PG_MODULE_MAGIC;
#endif

PGDLLEXPORT const receivables::holiday_source* receivables_holiday_source();
const receivables::holiday_source* receivables_holiday_source() {
    return receivables::quantlib_holiday_source();
}
}
