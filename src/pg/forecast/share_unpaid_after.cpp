#include "pg/base/postgres.hpp"

#include "pg/base/finite_day.hpp"
#include "pg/forecast/survival_rows.hpp"
#include "pg/profile/payment_profile.hpp"

using namespace receivables;

// (profile, days, as_of, disputed)
RECEIVABLES_FUNCTION(share_unpaid_after) {
    if (PG_ARGISNULL(0) || PG_ARGISNULL(1) || PG_ARGISNULL(2)) PG_RETURN_NULL();
    const day_number as_of = finite_day(PG_GETARG_DATEADT(2), "as_of");
    const bool disputed = PG_ARGISNULL(3) || PG_GETARG_BOOL(3);
    const survival_rows seen =
        collect_survival(open_profile_argument(PG_GETARG_DATUM(0)), as_of, disputed);
    const maybe<double> share =
        receivables::share_unpaid_after(seen.rows, seen.count, PG_GETARG_INT32(1));
    if (!share.known) PG_RETURN_NULL();
    PG_RETURN_FLOAT8(share.value);
}
