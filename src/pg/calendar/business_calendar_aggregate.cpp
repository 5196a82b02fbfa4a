// The aggregate over dates. Its state is a bytea, so that any parallel or distributed plan can pass
// it on: format version, weekend, two zero bytes, number of days (32 bits), days (32 bits each,
// little-endian, unsorted), and room for more.
#include "pg/base/postgres.hpp"

#include "core/base/byte_order.hpp"
#include "core/calendar/value.hpp"
#include "pg/base/error.hpp"
#include "pg/base/finite_day.hpp"
#include "pg/base/value_type.hpp"
#include "pg/calendar/business_calendar.hpp"

namespace receivables {

namespace {

constexpr std::uint8_t state_version = 1;
constexpr std::size_t state_header_size = 8;
constexpr std::size_t first_capacity = 30;

struct holiday_state {
    struct varlena* block;
    unsigned char* bytes;
    weekday_set weekend;
    std::size_t count;
    std::size_t capacity;
};

unsigned char* day_at(const holiday_state& state, std::size_t index) {
    return state.bytes + state_header_size + 4 * index;
}

holiday_state open_state(Datum value) {
    struct varlena* block = PG_DETOAST_DATUM_PACKED(value);
    const std::size_t size = VARSIZE_ANY_EXHDR(block);
    holiday_state state;
    state.block = block;
    state.bytes = reinterpret_cast<unsigned char*>(VARDATA_ANY(block));
    if (size < state_header_size || state.bytes[0] != state_version ||
        state.bytes[1] >= all_weekdays || (size - state_header_size) % 4 != 0 ||
        load_le<std::uint32_t>(state.bytes + 4) > (size - state_header_size) / 4)
        ereport(ERROR, (errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
                        errmsg("invalid state of the aggregate make_business_calendar")));
    state.weekend = state.bytes[1];
    state.count = load_le<std::uint32_t>(state.bytes + 4);
    state.capacity = (size - state_header_size) / 4;
    return state;
}

holiday_state new_state(weekday_set weekend, std::size_t capacity) {
    const std::size_t size = state_header_size + 4 * capacity;
    holiday_state state;
    state.block = make_varlena(size);
    state.bytes = reinterpret_cast<unsigned char*>(VARDATA(state.block));
    memset(state.bytes, 0, size);
    state.bytes[0] = state_version;
    state.bytes[1] = weekend;
    state.weekend = weekend;
    state.count = 0;
    state.capacity = capacity;
    return state;
}

void set_count(holiday_state* state, std::size_t count) {
    state->count = count;
    store_le(state->bytes + 4, static_cast<std::uint32_t>(count));
}

// Room for `more` days besides those of `from`, in a block of its own. Doubles are dropped on the
// way.
holiday_state copy_state(const holiday_state& from, std::size_t more) {
    day_number* days = static_cast<day_number*>(palloc((from.count + 1) * sizeof(day_number)));
    for (std::size_t i = 0; i < from.count; ++i)
        days[i] = static_cast<day_number>(load_le<std::uint32_t>(day_at(from, i)));
    const std::size_t count = sort_holidays(days, from.count);
    status s;
    if (!check_holiday_count(count, &s)) raise(s);
    holiday_state to = new_state(from.weekend, 2 * count + more + first_capacity);
    for (std::size_t i = 0; i < count; ++i)
        store_le(day_at(to, i), static_cast<std::uint32_t>(days[i]));
    set_count(&to, count);
    pfree(days);
    return to;
}

// The state of argument 0, writable and with room for `more` days. Only within an aggregate is it
// ours to write to, and only a block with a full header. A block that is outgrown stays: the
// executor frees it.
holiday_state writable_state(FunctionCallInfo fcinfo, std::size_t more) {
    holiday_state state = open_state(PG_GETARG_DATUM(0));
    const bool ours = AggCheckCallContext(fcinfo, nullptr) != 0 && !VARATT_IS_SHORT(state.block) &&
                      PointerGetDatum(state.block) == PG_GETARG_DATUM(0);
    if (ours && state.capacity - state.count >= more) return state;
    return copy_state(state, more);
}

void require_same_weekend(weekday_set a, weekday_set b) {
    if (a != b)
        ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
                        errmsg("weekend must be the same in all rows"),
                        errdetail("A calendar has one weekend.")));
}

Datum add_holiday(FunctionCallInfo fcinfo, weekday_set weekend) {
    const day_number day = finite_day(PG_GETARG_DATEADT(1), "holiday");
    holiday_state state =
        PG_ARGISNULL(0) ? new_state(weekend, first_capacity) : writable_state(fcinfo, 1);
    require_same_weekend(state.weekend, weekend);
    store_le(day_at(state, state.count), static_cast<std::uint32_t>(day));
    set_count(&state, state.count + 1);
    PG_RETURN_POINTER(state.block);
}

}  // namespace

}  // namespace receivables

using namespace receivables;

RECEIVABLES_FUNCTION(business_calendar_step) {
    if (PG_ARGISNULL(1)) {
        if (PG_ARGISNULL(0)) PG_RETURN_NULL();
        PG_RETURN_DATUM(PG_GETARG_DATUM(0));
    }
    const bool has_weekend = PG_NARGS() > 2 && !PG_ARGISNULL(2);
    return add_holiday(
        fcinfo, has_weekend ? weekend_from_array(PG_GETARG_ARRAYTYPE_P(2)) : saturday_and_sunday);
}

RECEIVABLES_FUNCTION(business_calendar_combine) {
    if (PG_ARGISNULL(0)) {
        if (PG_ARGISNULL(1)) PG_RETURN_NULL();
        PG_RETURN_POINTER(copy_state(open_state(PG_GETARG_DATUM(1)), 0).block);
    }
    if (PG_ARGISNULL(1)) PG_RETURN_DATUM(PG_GETARG_DATUM(0));
    const holiday_state more = open_state(PG_GETARG_DATUM(1));
    holiday_state state = writable_state(fcinfo, more.count);
    require_same_weekend(state.weekend, more.weekend);
    memcpy(day_at(state, state.count), day_at(more, 0), 4 * more.count);
    set_count(&state, state.count + more.count);
    PG_RETURN_POINTER(state.block);
}

RECEIVABLES_FUNCTION(business_calendar_final) {
    if (PG_ARGISNULL(0)) PG_RETURN_NULL();
    const holiday_state state = open_state(PG_GETARG_DATUM(0));
    day_number* days = static_cast<day_number*>(palloc((state.count + 1) * sizeof(day_number)));
    for (std::size_t i = 0; i < state.count; ++i)
        days[i] =
            finite_day(static_cast<DateADT>(load_le<std::uint32_t>(day_at(state, i))), "holiday");
    return make_calendar(state.weekend, days, state.count);
}
