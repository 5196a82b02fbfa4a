// The aggregate make_business_calendar over dates.
#include "pg/base/postgres.hpp"

#include "core/calendar/value.hpp"
#include "pg/base/error.hpp"
#include "pg/base/finite_day.hpp"
#include "pg/base/list_state.hpp"
#include "pg/base/sort.hpp"
#include "pg/calendar/business_calendar.hpp"

namespace receivables {

namespace {

// Its setting is the weekend.
struct holiday_list {
    using value = day_number;
    static constexpr const char* aggregate_name = "make_business_calendar";
    static constexpr std::uint32_t version = 1;
    static constexpr std::size_t first_capacity = 30;

    static bool is_setting(std::uint32_t weekend) { return weekend < all_weekdays; }
    [[noreturn]] static void fail_other_setting(std::uint32_t, std::uint32_t) {
        ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
                        errmsg("weekend must be the same in all rows"),
                        errdetail("A calendar has one weekend.")));
        pg_unreachable();
    }
    // Many rows may name few days.
    static std::size_t compact(day_number* days, std::size_t count) {
        sort_values(days, count, ascending());
        count = drop_repeated_holidays(days, count);
        status s;
        if (!check_holiday_count(count, &s)) raise(s);
        return count;
    }
};

using holiday_state = list_state<holiday_list>;

}  // namespace

}  // namespace receivables

using namespace receivables;

// (state, holiday [, weekend])
RECEIVABLES_FUNCTION(business_calendar_step) {
    if (PG_ARGISNULL(1)) return unchanged_state(fcinfo);
    const bool has_weekend = PG_NARGS() > 2 && !PG_ARGISNULL(2);
    const weekday_set weekend =
        has_weekend ? weekend_from_array(PG_GETARG_ARRAYTYPE_P(2)) : saturday_and_sunday;
    const day_number day = finite_day(PG_GETARG_DATEADT(1), "holiday");
    holiday_state state =
        PG_ARGISNULL(0) ? holiday_state::start(weekend) : holiday_state::open_for_change(fcinfo, 1);
    state.require_setting(weekend);
    state.add(day);
    return state.datum();
}

RECEIVABLES_FUNCTION(business_calendar_combine) {
    return combine_list_states<holiday_list>(fcinfo);
}

RECEIVABLES_FUNCTION(business_calendar_final) {
    if (PG_ARGISNULL(0)) PG_RETURN_NULL();
    const holiday_state state = holiday_state::open(PG_GETARG_DATUM(0));
    day_number* days = state.values();
    for (std::size_t i = 0; i < state.count(); ++i) finite_day(days[i], "holiday");
    return make_calendar(static_cast<weekday_set>(state.setting()), days, state.count());
}
