#include "pg/base/postgres.hpp"

#include "pg/base/finite_day.hpp"

namespace receivables {

void fail_infinite_date(DateADT day, const char* argument) {
    ereport(ERROR, (errcode(ERRCODE_DATETIME_VALUE_OUT_OF_RANGE),
                    errmsg("%s must be a finite date, not %s", argument,
                           DATE_IS_NOBEGIN(day) ? "-infinity" : "infinity")));
    pg_unreachable();
}

}  // namespace receivables
